"""The notebook: sketches of a folder, traced from songs, and drawn with the errors of a hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chingolo.config import Pen
from chingolo.errors import InputError, together
from chingolo.notation import read_sketch, to_theme
from chingolo.notebook import Sketch
from chingolo.pen import draw_by_hand
from chingolo.recordings import Song
from chingolo.seeds import generator
from chingolo.themes import Theme, all_notes, shift


def sketch_files(folder: Path) -> list[Path]:
    """Typed sketches of a folder, in order of name.

    Raises
    ------
    InputError
        Folder missing or without any ``.yaml``.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is not a folder", "give the folder of your sketches")
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".yaml", ".yml"))
    if not files:
        raise InputError(
            str(folder), "holds no sketch (*.yaml)", "add one, or leave sketches empty"
        )
    return files


def read_notebook(files: Sequence[Path]) -> list[Sketch]:
    """Read typed sketches, one a file, named by their files.

    Raises
    ------
    InputError
        Every sketch at fault, with its file and row.
    """
    notebook: list[Sketch] = []
    faults: list[InputError] = []
    names: set[str] = set()
    for path in files:
        if path.stem in names:
            fault = f"sketch {path.stem!r} is there twice"
            faults.append(InputError(str(path), fault, "rename one file"))
            continue
        names.add(path.stem)
        try:
            typed = read_sketch(path)
        except InputError as error:
            faults.append(error)
            continue
        notebook.append(Sketch(path.stem, to_theme(typed), typed.birds))
    if faults:
        raise together(faults)
    return notebook


def trace_notebook(
    songs: Sequence[Song], readings: Mapping[str, Theme], pen: Pen, seed: int
) -> list[Sketch]:
    """Trace a stand-in notebook from real songs, with a pen's errors.

    One sketch a theme, of the panel or not, from the last of its songs that is not the enrolled one:
    so nothing of a sketch was seen by the copy it may be matched with.

    Parameters
    ----------
    songs : sequence of Song
    readings : mapping of str to Theme
        By the song's name.
    pen : Pen
    seed : int
        The study's seed.

    Returns
    -------
    list of Sketch
        With known truth; one bird each.
    """
    sources = {
        s.theme: s for s in songs if s.role in ("query", "unknown") and readings[s.name].notes
    }
    return [
        Sketch(
            f"sketch-{theme}",
            draw_by_hand(starts_at_zero(readings[song.name]), pen, generator(seed, "trace", theme)),
            truth=theme if song.role == "query" else "none",
        )
        for theme, song in sources.items()
    ]


def draw_notebook(noted: Sequence[Sketch], pen: Pen, seed: int) -> list[Sketch]:
    """Draw what an observer heard, each theme once: a page has one error, whatever is made of it later.

    Parameters
    ----------
    noted : sequence of Sketch
        Themes as they were sung.
    pen : Pen
    seed : int
        The study's seed.

    Returns
    -------
    list of Sketch
    """
    return [
        s._replace(theme=draw_by_hand(s.theme, pen, generator(seed, "noted", s.name)))
        for s in noted
    ]


def starts_at_zero(theme: Theme) -> Theme:
    """Move a theme so that its first note begins at 0 s; an empty one stays as it is."""
    notes = all_notes(theme)
    return shift(theme, -notes[0].onset_s) if notes else theme
