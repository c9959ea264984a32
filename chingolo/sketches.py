"""The notebook: sketches of a folder, typed or scanned, or chosen from songs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chingolo.errors import InputError, collected, together
from chingolo.notation import read_sketch, to_theme
from chingolo.notebook import Sketch
from chingolo.pages import is_page, read_notes
from chingolo.sheets import Song
from chingolo.themes import Theme, all_notes, shift


def sketch_files(folder: Path) -> list[Path]:
    """List the sketches of a folder, in order of name: typed ones, and those beside scanned pages.

    Raises
    ------
    InputError
        Folder missing or without any ``.yaml``.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is not a folder", "give the folder of your sketches")
    files = sorted(
        p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in (".yaml", ".yml")
    )
    if not files:
        raise InputError(
            str(folder), "holds no sketch (*.yaml)", "add one, or leave sketches empty"
        )
    return files


def sort_sketches(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Tell typed sketches from YAML files that stand beside scanned pages.

    Returns
    -------
    typed, pages : list of Path
    """
    typed: list[Path] = []
    pages: list[Path] = []
    for path in files:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        (pages if is_page(text) else typed).append(path)
    return typed, pages


def check_sketches(files: Sequence[Path]) -> list[Path]:
    """Check all that can be checked before any job, and find the pictures of scanned pages.

    Parameters
    ----------
    files : sequence of Path
        YAML files, of typed sketches and of pages.

    Returns
    -------
    list of Path
        Pictures.

    Raises
    ------
    InputError
        Every file at fault; sketches of one name.
    """
    typed, pages = sort_sketches(files)
    faults: list[InputError] = []
    names: dict[str, Path] = {}
    named: list[tuple[str, Path]] = []
    with collected(faults):
        named += [
            (sketch.name, path) for sketch, path in zip(read_notebook(typed), typed, strict=True)
        ]
    pictures = []
    for path in pages:
        with collected(faults):
            notes = read_notes(path)
            pictures.append(path.parent / notes.image)
            named += [(song.name, path) for song in notes.songs or ()] or [(path.stem, path)]
    for name, path in named:
        if name in names:
            fault = f"sketch {name!r} is also in {names[name].name}"
            faults.append(InputError(str(path), fault, "rename one"))
        names.setdefault(name, path)
    if faults:
        raise together(faults)
    return list(dict.fromkeys(pictures))


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
        with collected(faults):
            typed = read_sketch(path)
            notebook.append(Sketch(path.stem, to_theme(typed), typed.birds))
    if faults:
        raise together(faults)
    return notebook


def trace_notebook(songs: Sequence[Song], readings: Mapping[str, Theme]) -> list[Sketch]:
    """Choose the songs that a stand-in notebook is traced from.

    One sketch a theme, of the panel or not, from the last of its songs that is not the enrolled one:
    so nothing of a sketch was seen by the copy it may be matched with.

    Parameters
    ----------
    songs : sequence of Song
    readings : mapping of str to Theme
        By the song's name.

    Returns
    -------
    list of Sketch
        As sung, with known truth; one bird each.
    """
    sources = {
        s.theme: s for s in songs if s.role in ("query", "unknown") and readings[s.name].notes
    }
    return [
        Sketch(
            f"sketch-{theme}",
            starts_at_zero(readings[song.name]),
            truth=theme if song.role == "query" else "none",
        )
        for theme, song in sources.items()
    ]


def starts_at_zero(theme: Theme) -> Theme:
    """Move a theme so that its first note begins at 0 s; an empty one stays as it is."""
    notes = all_notes(theme)
    return shift(theme, -notes[0].onset_s) if notes else theme
