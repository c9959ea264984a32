"""The notebook: sketches typed as YAML, traced from songs, and the errors of the hand that drew them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from chingolo.config import Pen
from chingolo.errors import InputError
from chingolo.population import Sketch
from chingolo.recordings import Song
from chingolo.seeds import generator
from chingolo.themes import Note, Theme, Trill, all_notes, shift

LOWEST_KHZ, HIGHEST_KHZ = 1.0, 10.0
"""Frequencies a sketch may hold: what the species, and the model, can sing."""

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
    notebook = []
    for path in files:
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


def draw_by_hand(theme: Theme, pen: Pen, rng: np.random.Generator) -> Theme:
    """Draw a theme the way a person would: scale and stroke errors, and no loudness.

    Parameters
    ----------
    theme : Theme
    pen : Pen
        Standard deviations of the errors.
    rng : numpy.random.Generator

    Returns
    -------
    Theme
        Every note at level 0 with a plain swell: a pencil line tells neither.
    """
    axis = 1.0 + pen.axis_share * rng.standard_normal()
    tempo = 1.0 + pen.time_share * rng.standard_normal()
    notes = []
    for note in theme.notes:
        df = pen.note_hz * rng.standard_normal(2)
        dt = pen.note_s * rng.standard_normal(2)
        samples = np.array(note.samples_hz)
        if samples.size:
            samples = samples * axis + np.linspace(df[0], df[1], samples.size)
        notes.append(
            note._replace(
                onset_s=max(0.0, note.onset_s * tempo + dt[0]),
                duration_s=max(0.01, note.duration_s * tempo + dt[1]),
                start_hz=_sung(note.start_hz * axis + df[0]),
                end_hz=_sung(note.end_hz * axis + df[1]),
                peak_hz=_sung(note.peak_hz * axis + df.mean()) if note.peak_hz else 0.0,
                samples_hz=tuple(_sung(f) for f in samples),
                level_db=0.0,
                envelope_db=(),
            )
        )
    trill = theme.trill
    if trill:
        trill = trill._replace(
            onset_s=max(0.0, trill.onset_s * tempo + pen.note_s * rng.standard_normal()),
            step_s=trill.step_s * tempo,
            duration_s=trill.duration_s * tempo,
            start_hz=_sung(trill.start_hz * axis + pen.note_hz * rng.standard_normal()),
            end_hz=_sung(trill.end_hz * axis + pen.note_hz * rng.standard_normal()),
            level_db=0.0,
        )
    return Theme(tuple(sorted(notes, key=lambda n: n.onset_s)), trill)


def _sung(hz: float) -> float:
    return float(np.clip(hz, 1000.0 * LOWEST_KHZ, 1000.0 * HIGHEST_KHZ))


def starts_at_zero(theme: Theme) -> Theme:
    """Move a theme so that its first note begins at 0 s; an empty one stays as it is."""
    notes = all_notes(theme)
    return shift(theme, -notes[0].onset_s) if notes else theme
