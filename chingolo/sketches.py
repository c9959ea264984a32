"""The notebook: sketches typed as YAML, traced from songs, and the errors of the hand that drew them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from chingolo.config import Pen
from chingolo.errors import InputError
from chingolo.notebook import Sketch
from chingolo.pen import HIGHEST_KHZ, LOWEST_KHZ, draw_by_hand
from chingolo.recordings import Song
from chingolo.seeds import generator
from chingolo.themes import Note, Theme, Trill, all_notes, shift

KHz = Annotated[float, Field(ge=LOWEST_KHZ, le=HIGHEST_KHZ, description="1 to 10 kHz")]
Seconds = Annotated[float, Field(ge=0, le=10, description="0 to 10 s")]
Length = Annotated[float, Field(gt=0, le=5, description="more than 0 and at most 5 s")]
Level = Annotated[float, Field(ge=-60, le=0, description="-60 to 0 dB")]


class TypedNote(NamedTuple):
    """A note as a user types it: times in s, frequencies in kHz, level in dB."""

    onset: Seconds
    duration: Length
    start: KHz
    end: KHz
    peak: KHz | None = None
    curve: Literal["line", "exponential", "arc"] | None = None
    bend: Annotated[float, Field(ge=-10, le=10, description="-10 to 10")] | None = None
    level: Level = 0.0


class TypedTrill(NamedTuple):
    """A trill as a user types it."""

    onset: Seconds
    count: Annotated[int, Field(ge=1, le=200, description="1 to 200")]  # type: ignore[assignment]
    step: Length
    duration: Length
    start: KHz
    end: KHz
    level: Level = 0.0


class TypedSketch(NamedTuple):
    """A sketch as a user types it, one a file."""

    notes: Annotated[list[TypedNote], Field(min_length=1, max_length=20)]
    trill: TypedTrill | None = None
    birds: Annotated[int, Field(ge=1, le=100_000, description="1 or more")] = 1
    comment: str = ""


UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")

_ADAPTER: TypeAdapter[TypedSketch] = TypeAdapter(TypedSketch, config=ConfigDict(extra="forbid"))


def parse_sketch(text: str, place: str) -> TypedSketch:
    """Read the YAML of one sketch.

    Parameters
    ----------
    text : str
    place : str
        File named in errors.

    Returns
    -------
    TypedSketch

    Raises
    ------
    InputError
        Not YAML, unknown key, note outside 1-10 kHz, negative duration: with the row.
    """
    try:
        plain: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{place}{line}", "is not YAML", "compare with config/sketches") from None
    try:
        typed = _ADAPTER.validate_python(plain)
    except ValidationError as error:
        # A misspelt key is both unknown and missing: say the first.
        faults = sorted(error.errors(), key=lambda fault: fault["type"] not in UNKNOWN_KEY)
        raise _input_error(place, faults[0]) from None
    for row, note in enumerate(typed.notes, 1):
        if note.curve == "arc" and note.peak is None:
            raise InputError(f"{place}, notes row {row}", "an arc has no peak", "add peak, in kHz")
        if note.curve in ("line", "exponential") and note.peak is not None:
            raise InputError(
                f"{place}, notes row {row}", f"a {note.curve} has a peak", "write curve: arc"
            )
    trill = typed.trill
    if trill and trill.duration > trill.step:
        raise InputError(
            f"{place}, trill", "an element lasts longer than the step", "shorten duration"
        )
    return typed


def _input_error(place: str, fault: Any) -> InputError:
    where = list(fault["loc"])
    if len(where) > 1 and isinstance(where[1], int):
        where = [f"{where[0]} row {where[1] + 1}", *where[2:]]
    where = [part for part in where if not str(part).startswith(("constrained", "nullable"))]
    spot = ", ".join([place, *map(str, where)])
    if fault["type"] in UNKNOWN_KEY:
        fields = {"notes": TypedNote._fields, "trill": TypedTrill._fields}
        allowed = ", ".join(fields.get(str(fault["loc"][0]), TypedSketch._fields))
        return InputError(spot, "unknown key", f"use one of {allowed}")
    if fault["type"] in ("missing_argument", "missing"):
        return InputError(spot, "is missing", "add it; times in s, frequencies in kHz")
    cure = "times in s from 0 to 10, durations above 0 and up to 5 s, frequencies 1 to 10 kHz"
    return InputError(spot, f"{fault['input']!r} is refused ({fault['msg']})", cure)


def to_theme(typed: TypedSketch) -> Theme:
    """Turn typed notation into a theme, kHz into Hz."""
    notes = []
    for note in typed.notes:
        curve = note.curve or (
            "arc" if note.peak is not None else "exponential" if note.bend else "line"
        )
        notes.append(
            Note(
                note.onset,
                note.duration,
                1000.0 * note.start,
                1000.0 * note.end,
                curve,
                peak_hz=1000.0 * (note.peak or 0.0),
                bend=(note.bend if note.bend is not None else 2.0)
                if curve == "exponential"
                else 0.0,
                level_db=note.level,
            )
        )
    t = typed.trill
    trill = t and Trill(
        t.onset, t.count, t.step, t.duration, 1000.0 * t.start, 1000.0 * t.end, level_db=t.level
    )
    return Theme(tuple(sorted(notes, key=lambda n: n.onset_s)), trill)


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
        A sketch at fault, with its file and row.
    """
    notebook: list[Sketch] = []
    for path in files:
        if path.stem in [sketch.name for sketch in notebook]:
            raise InputError(str(path), f"sketch {path.stem!r} is there twice", "rename one file")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(str(path), "is not UTF-8 text", "save it as UTF-8") from None
        typed = parse_sketch(text, str(path))
        notebook.append(Sketch(path.stem, to_theme(typed), typed.birds))
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
