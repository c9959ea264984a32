"""Notebooks drawn on pages, and read back from them: simulated pages, whose truth is known."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import yaml
from PIL import Image

from chingolo.config import Pen
from chingolo.digitizer import ReadPage, read_page
from chingolo.drawing import Page, draw_page
from chingolo.errors import InputError
from chingolo.figures.page import draw
from chingolo.figures.style import save
from chingolo.files import beside, write_text
from chingolo.notation import from_theme, write_sketch
from chingolo.notebook import Sketch
from chingolo.pen import draw_by_hand
from chingolo.seeds import generator
from chingolo.sketches import starts_at_zero
from chingolo.themes import Theme, note_frequency

Array = npt.NDArray[np.float64]

SONGS_A_PAGE = 2
"""Songs that are drawn on one page (our choice)."""


class PageErrors(NamedTuple):
    """How a theme that was read differs from the one that was drawn.

    Attributes
    ----------
    right : bool
        As many notes, each at its place; a trill of as many elements.
    hertz : ndarray, shape (n,)
        Absolute errors of frequency along the notes.
    seconds : ndarray, shape (m,)
        Absolute errors of onsets and ends of notes.
    """

    right: bool
    hertz: Array
    seconds: Array


def draw_notebook(noted: Sequence[Sketch], pen: Pen, seed: int) -> Iterator[tuple[str, Page]]:
    """Draw what an observer heard on pages, each theme once.

    A page has one error, whatever is made of it later.

    Parameters
    ----------
    noted : sequence of Sketch
        Themes as they were sung.
    pen : Pen
    seed : int
        The study's seed.

    Yields
    ------
    name : str
        Of the page.
    page : Page
    """
    for first in range(0, len(noted), SONGS_A_PAGE):
        name = f"page-{first // SONGS_A_PAGE + 1:02d}"
        songs = [
            s._replace(theme=draw_by_hand(s.theme, pen, generator(seed, "noted", s.name)))
            for s in noted[first : first + SONGS_A_PAGE]
        ]
        rng = generator(seed, "page", songs[0].name)
        yield name, draw_page(songs, pen, rng, image=f"{name}.png")


def write_page(folder: Path, name: str, page: Page, dpi: int) -> None:
    """Write a page's picture and what stands beside it, whole or not at all."""
    picture = folder / f"{name}.png"
    with beside(picture) as part:
        Image.fromarray(page.image).save(part, format="PNG", dpi=(dpi, dpi))
    text = yaml.safe_dump(page.notes, sort_keys=False, default_flow_style=None, width=100)
    modeline = "# yaml-language-server: $schema=page.schema.json\n"
    write_text(folder / f"{name}.yaml", modeline + text)


def read_pages(paths: Sequence[Path]) -> tuple[list[ReadPage], list[InputError]]:
    """Read pages, and collect what is wrong with those that cannot be read."""
    pages, faults = [], []
    for path in paths:
        try:
            pages.append(read_page(path))
        except InputError as error:
            faults.append(error)
    return pages, faults


def first_readable(paths: Sequence[Path]) -> ReadPage:
    """Read the first page that can be read.

    Raises
    ------
    InputError
        None can: that of the first.
    """
    for path in paths:
        pages, faults = read_pages([path])
        if pages:
            return pages[0]
    raise faults[0] if faults else InputError("pages", "there are none", "note some songs first")


def sketches_of(pages: Sequence[ReadPage]) -> list[Sketch]:
    """Sketches on pages, each beginning at 0 s."""
    return [
        Sketch(song.name, starts_at_zero(song.theme), song.birds)
        for page in pages
        for song in page.songs
    ]


def with_truth(sketches: Sequence[Sketch], noted: Sequence[Sketch]) -> list[Sketch]:
    """Sketches in the order of what was noted, with its truth; what was not read is left out."""
    read = {sketch.name: sketch for sketch in sketches}
    return [
        one._replace(theme=read[one.name].theme, birds=read[one.name].birds)
        for one in noted
        if one.name in read
    ]


def page_errors(drawn: Theme, read: Theme) -> PageErrors:
    """Compare a theme that was read from a page with the one that was drawn on it.

    Parameters
    ----------
    drawn, read : Theme
        In the time of the page's axes.

    Returns
    -------
    PageErrors
        Errors are counted where a note drawn and the note read in its place overlap.
    """
    matched = []
    trills = [theme.trill.count if theme.trill else 0 for theme in (drawn, read)]
    right = len(drawn.notes) == len(read.notes) and trills[0] == trills[1]
    hertz, seconds = [], []
    for one in drawn.notes:
        end = one.onset_s + one.duration_s
        over = [
            min(end, n.onset_s + n.duration_s) - max(one.onset_s, n.onset_s) for n in read.notes
        ]
        if not over or max(over) <= 0:
            right = False
            continue
        matched.append(int(np.argmax(over)))
        other = read.notes[matched[-1]]
        first = max(one.onset_s, other.onset_s)
        time = np.linspace(first, first + max(over), 30)
        both = [note_frequency(n, (time - n.onset_s) / n.duration_s) for n in (one, other)]
        hertz.append(np.abs(both[0] - both[1]))
        ends = [abs(one.onset_s - other.onset_s), abs(end - other.onset_s - other.duration_s)]
        seconds.append(np.array(ends))
    return PageErrors(
        right and sorted(matched) == list(range(len(read.notes))),
        np.concatenate(hertz) if hertz else np.zeros(0),
        np.concatenate(seconds) if seconds else np.zeros(0),
    )


def score_pages(pages: Sequence[ReadPage], drawn: Mapping[str, Theme]) -> dict[str, Any]:
    """Score the reading of pages whose truth is known.

    Parameters
    ----------
    pages : sequence of ReadPage
    drawn : mapping of str to Theme
        By the song's name, in the time of its axes.

    Returns
    -------
    dict
        ``n``, ``read``, ``right`` (share of the songs with the right notes), ``median_error_hz``,
        ``median_error_ms`` of onsets and ends; ``songs`` with the same for each, and how sure it was.
    """
    songs = {song.name: song for page in pages for song in page.songs}
    errors = {name: page_errors(drawn[name], song.theme) for name, song in songs.items()}
    hertz = np.concatenate([np.zeros(0), *(e.hertz for e in errors.values())])
    seconds = np.concatenate([np.zeros(0), *(e.seconds for e in errors.values())])
    return {
        "n": len(drawn),
        "read": len(songs),
        "right": sum(e.right for e in errors.values()) / max(len(drawn), 1),
        "median_error_hz": round(float(np.median(hertz)), 3) if hertz.size else None,
        "median_error_ms": round(1000 * float(np.median(seconds)), 3) if seconds.size else None,
        "songs": {
            name: {
                "right": e.right,
                "median_error_hz": round(float(np.median(e.hertz)), 3) if e.hertz.size else None,
                "median_error_ms": round(1000 * float(np.median(e.seconds)), 3)
                if e.seconds.size
                else None,
                "sure": songs[name].sure,
            }
            for name, e in errors.items()
        },
    }


def write_checks(pages: Sequence[ReadPage], folder: Path) -> None:
    """Write what a person checks and corrects: pages with what was read over them, and typed sketches.

    Parameters
    ----------
    pages : sequence of ReadPage
    folder : Path
        Gets ``<page>.png`` and, for every song, ``<song>.yaml`` in the typed notation.

    Raises
    ------
    InputError
        Something would be written over a page, or over another song's: nothing is written.
    """
    kept = {path.resolve() for page in pages for path in (page.path, page.picture)}
    names = [page.path.with_suffix(".png").name for page in pages]
    names += [f"{song.name}.yaml" for page in pages for song in page.songs]
    for k, name in enumerate(names):
        if (folder / name).resolve() in kept or name in names[:k]:
            raise InputError(
                str(folder / name),
                "would be written over a page, or over what was read of another",
                "write to another folder, or rename one",
            )
    for page in pages:
        save(draw(page), folder / f"{page.path.stem}.png")
        for song in page.songs:
            comment = f"read from {page.path.name}, sure {song.sure:.2f}"
            typed = from_theme(starts_at_zero(song.theme), song.birds, comment)
            write_text(folder / f"{song.name}.yaml", write_sketch(typed))
