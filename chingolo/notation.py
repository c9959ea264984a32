"""The typed notation: a theme as a person types it, row by row, and every theme back as such text.

Times are in seconds, frequencies in kHz, levels in dB. One file holds one sketch; what a key may hold
is said once, by the types below: they check, they make the editors' schema and the documentation.
"""

import difflib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import yaml
from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from chingolo.errors import InputError, shown, together
from chingolo.pen import HIGHEST_KHZ, LOWEST_KHZ
from chingolo.plain_yaml import Place, line_of, read_text, read_yaml, spot
from chingolo.themes import Curve, Note, Theme, Trill

TOUCH_S = 0.005
"""So long two notes may overlap: less than a pencil's width (our choice)."""

MOST_NOTES = 20
"""So many notes a sketch may hold; themes have one to seven."""

MODELINE = "# yaml-language-server: $schema=sketch.schema.json"
"""First line of a sketch: tells an editor which schema to check it against while it is typed."""

TYPICAL_LENGTH_S, TYPICAL_GAP_S, TYPICAL_CENTRE_HZ, TYPICAL_SWEEP_HZ = 0.31, 0.07, 4900.0, 1300.0
"""A typical note: the middle of the ranges of :func:`chingolo.species.random_note`."""

NOTE_WORDS = {
    "level": "L", "rising": "R", "falling": "F", "rise-fall": "A",
    "→": "L", "↗": "R", "↘": "F", "∩": "A",
}  # fmt: skip
"""Words and signs for the ornithologists' four note types, beside the letters themselves."""

_PLACES = 9
"""Decimals that are written: 1e-9 s, and 1e-9 kHz, a millionth of a hertz."""


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is no number")
    return value


def _f(unit: str, text: str, **limits: Any) -> Any:
    """Describe one key: its unit, what it is, its limits."""
    described = f"{text} ({unit})" if unit else text
    return Field(description=described, json_schema_extra={"unit": unit}, **limits)


def _within(**limits: Any) -> Any:
    return Field(allow_inf_nan=False, **limits)


_Number = BeforeValidator(_number)
KHz = Annotated[float, _within(ge=LOWEST_KHZ, le=HIGHEST_KHZ), _Number]
Seconds = Annotated[float, _within(ge=0, le=10), _Number]
Length = Annotated[float, _within(gt=0, le=5), _Number]
Level = Annotated[float, _within(ge=-60, le=0), _Number]
Swell = Annotated[float, _within(ge=-120, le=0), _Number]
Bend = Annotated[float, _within(ge=-10, le=10), _Number]
Count = Annotated[int, Field(ge=1, le=200), _Number]
Birds = Annotated[int, Field(ge=1, le=100_000), _Number]

_LEVEL = "level of its loudest moment below the loudest note"


@dataclass(frozen=True)
class TypedNote:
    """One note, a row."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    onset: Annotated[Seconds, _f("s", "start within the song")]
    duration: Annotated[Length, _f("s", "length")]
    start: Annotated[KHz | None, _f("kHz", "frequency at its start")] = None
    end: Annotated[KHz | None, _f("kHz", "frequency at its end")] = None
    peak: Annotated[KHz | None, _f("kHz", "frequency half-way through an arc")] = None
    curve: Annotated[Curve | None, _f("", "how it runs from start to end")] = None
    bend: Annotated[
        Bend | None,
        _f("", "decay constants in an exponential: positive changes early, negative late"),
    ] = None
    level: Annotated[Level, _f("dB", _LEVEL)] = 0.0
    samples: Annotated[
        tuple[KHz, ...] | None,
        _f("kHz", "frequencies at equal steps, both ends included", min_length=2, max_length=1000),
    ] = None
    envelope: Annotated[
        tuple[Swell, ...] | None,
        _f(
            "dB",
            "levels at equal steps, below its own level",
            min_length=1,
            max_length=1000,
        ),
    ] = None


@dataclass(frozen=True)
class TypedTrill:
    """One falling note repeated at a fixed step."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    onset: Annotated[Seconds, _f("s", "start of the first element")]
    count: Annotated[Count, _f("elements", "how many")]
    step: Annotated[Length, _f("s", "from one element's onset to the next")]
    duration: Annotated[Length, _f("s", "length of an element, at most the step")]
    start: Annotated[KHz, _f("kHz", "frequency at an element's start")]
    end: Annotated[KHz, _f("kHz", "frequency at an element's end")]
    level: Annotated[Level, _f("dB", _LEVEL)] = 0.0
    bend: Annotated[Bend, _f("", "as a note's; 0: a straight sweep")] = 0.0


@dataclass(frozen=True)
class TypedSketch:
    """A sketch as a user types it, one a file."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    notes: Annotated[
        tuple[TypedNote, ...], _f("", "notes, one a row", min_length=1, max_length=MOST_NOTES)
    ]
    trill: Annotated[TypedTrill | None, _f("", "the trill, if there is one")] = None
    birds: Annotated[Birds, _f("birds", "how many were noted singing it")] = 1
    comment: Annotated[str, _f("", "any text")] = ""


# Reading


def read_sketch(path: Path) -> TypedSketch:
    """Read a file of one sketch.

    Raises
    ------
    InputError
        No such file, not UTF-8, or any fault that :func:`parse` tells.
    """
    return parse(read_text(path), str(path))


def parse(text: str, place: str) -> TypedSketch:
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
        Not YAML; or all its faults at once, each with line, row, key, value, what is allowed and cure:
        unknown, missing or doubled keys, values out of range, a curve without what it needs, notes
        that overlap.
    """
    page = read_yaml(text, place)
    return _checked(page.content, place, page.lines, page.faults)


def _checked(
    content: Any, place: str, lines: Mapping[Place, int], faults: Sequence[InputError]
) -> TypedSketch:
    """Turn plain content into a sketch, or tell all its faults."""
    if not isinstance(content, dict):
        held = {list: "a list", str: "a text", type(None): "nothing"}.get(type(content), "a value")
        fault = f"holds {held} where keys are expected"
        raise InputError(place, fault, "write notes: and one row a note, see config/sketches")
    found = [(line_of(lines, way), way, fault, cure) for way, fault, cure in _faults(content)]
    found.sort(key=lambda told: told[0])
    errors = [*faults]
    for _, way, fault, cure in found:
        errors.append(InputError(spot(place, lines, way), fault, cure))
    if errors:
        raise together(errors)
    typed: TypedSketch = _adapter(TypedSketch).validate_python(content)
    return typed


Fault = tuple[Place, str, str]
"""The way to it, what is wrong, and the cure."""

_ONE_WHISTLE = (
    f"a bird has one whistle, and notes may touch by {1000 * TOUCH_S:.0f} ms at most: move an onset "
    "or shorten a duration"
)


def _faults(content: dict[str, Any]) -> Iterator[Fault]:
    """Every fault of a sketch."""
    yield from _faults_of_keys((), content, TypedSketch, ("notes",))
    notes = content.get("notes")
    sung: list[tuple[int, TypedNote]] = []
    if isinstance(notes, (list, tuple)):
        if not 1 <= len(notes) <= MOST_NOTES:
            allowed = _limits(_keys(TypedSketch)["notes"])
            fault = f"{len(notes)} rows are refused; allowed: {allowed}"
            yield ("notes",), fault, "write one row a note, and one theme a file"
        for k, row in enumerate(notes[:MOST_NOTES]):
            faults = list(_faults_of_row(("notes", k), row, TypedNote))
            note = None if faults else _adapter(TypedNote).validate_python(row)
            yield from faults
            if note is not None:
                yield from ((("notes", k), *told) for told in _faults_of_curve(note))
                sung.append((k, note))
    elif notes is not None:
        yield ("notes",), f"{shown(notes)} is no list of rows", "write one row a note"
    for (k, one), (n, other) in combinations(sung, 2):
        if (both := _overlap(_span(one), _span(other))) > 0:
            fault = f"rows {k + 1} and {n + 1} overlap by {both:.3f} s"
            yield ("notes", n), fault, _ONE_WHISTLE
    plain = content.get("trill")
    if plain is not None:
        faults = list(_faults_of_row(("trill",), plain, TypedTrill))
        yield from faults
        if not faults:
            trill = _adapter(TypedTrill).validate_python(plain)
            yield from ((("trill",), *told) for told in _faults_of_trill(trill, sung))


def _faults_of_row(way: Place, row: Any, kind: type) -> Iterator[Fault]:
    """Faults of one note or of the trill, key by key."""
    example = {
        TypedNote: "{onset: 0.0, duration: 0.3, start: 4.2, end: 5.4}",
        TypedTrill: "{onset: 1.1, count: 8, step: 0.07, duration: 0.04, start: 6.4, end: 3.6}",
    }[kind]
    if not isinstance(row, dict):
        yield way, f"{shown(row)} is no row of keys", f"write {example}"
        return
    needed = [field.name for field in fields(kind) if field.default is MISSING]
    if kind is TypedNote and row.get("samples") is None:
        needed += ["start", "end"]
    yield from _faults_of_keys(way, row, kind, needed)


def _faults_of_keys(
    way: Place, row: dict[str, Any], kind: type, needed: Sequence[str]
) -> Iterator[Fault]:
    """Keys that are unknown or missing, or hold what they may not."""
    known = _keys(kind)
    missing = [key for key in needed if row.get(key) is None]
    for key in row:
        if key not in known:
            # A misspelt key is both unknown and missing: one fault.
            meant = (difflib.get_close_matches(key, missing, 1) or missing)[:1]
            missing = [name for name in missing if name not in meant]
            yield (*way, key), "unknown key", _cure_of_key(key, list(known))
    for key in missing:
        described = known[key]["description"]
        yield (*way, key), "is missing", f"add it: {described}"
    for key, value in row.items():
        if key not in known or "$ref" in str(known[key]) or (value is None and key in needed):
            continue
        try:
            _adapter(kind, key).validate_python(value)
        except ValidationError as error:
            told = error.errors()
            # Where values of a list are refused, its length is counted without them: not told.
            for wrong in [fault for fault in told if fault["loc"]] or told:
                index = tuple(part for part in wrong["loc"] if isinstance(part, int))[:1]
                yield (*way, key, *index), *_refused(wrong["input"], known[key], bool(index))


def _refused(value: Any, described: Mapping[str, Any], one: bool) -> tuple[str, str]:
    """Say of a value what is allowed in its place, and how to mend it."""
    listed = isinstance(value, (list, tuple))
    told = f"a list of {len(value)}" if listed else shown(value)
    fault = f"{told} is refused; allowed: {_limits(described, one)}"
    unit, text = described["unit"], described["description"]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and unit == "kHz" and LOWEST_KHZ <= value / 1000.0 <= HIGHEST_KHZ:
        return fault, f"frequencies are in kHz, write {value / 1000.0:g}"
    if number and unit == "s" and 10.0 < value <= 10_000.0:
        return fault, f"times are in s: if these are ms, write {value / 1000.0:g}"
    if isinstance(value, str) and re.fullmatch(r"-?\d+,\d+", value):
        return fault, f"write {value.replace(',', '.')}, with a point"
    if described.get("type") == "string":
        return fault, "put it in quotes"
    return fault, f"say {text}" if text.startswith("how") else f"give the {text}"


def _cure_of_key(key: str, known: Sequence[str]) -> str:
    if key.isdecimal():
        return "decimals have a point, not a comma: write 4.2"
    close = difflib.get_close_matches(key, known, 1, cutoff=0.7)
    return f"write {close[0]!r}" if close else f"use one of {', '.join(known)}"


def curve_of(note: TypedNote) -> Curve:
    """Tell a note's curve: as typed, or as its other keys tell."""
    if note.curve is not None:
        return note.curve
    if note.samples is not None:
        return "sampled"
    return "arc" if note.peak is not None else "exponential" if note.bend else "line"


def _faults_of_curve(note: TypedNote) -> Iterator[tuple[str, str]]:
    """Tell what a curve lacks or does not take."""
    curve = curve_of(note)
    name = {"line": "a line", "sampled": "a sampled curve"}.get(curve, f"an {curve}")
    if curve == "arc" and note.peak is None:
        yield f"{name} has no peak", "add peak, in kHz"
    if curve != "arc" and note.peak is not None:
        yield f"{name} has a peak", "write curve: arc, or leave peak out"
    if curve == "sampled" and note.samples is None:
        yield f"{name} has no samples", "add samples: [4.2, 4.6, 4.4], in kHz"
    if curve != "sampled" and note.samples is not None:
        yield f"{name} has samples", "write curve: sampled, or leave samples out"
    if curve != "exponential" and note.bend:
        yield f"{name} has a bend", "write curve: exponential, or leave bend out"
    if curve == "sampled" and note.samples is not None:
        for key, typed, own in (
            ("start", note.start, note.samples[0]),
            ("end", note.end, note.samples[-1]),
        ):
            if typed is not None and typed != own:
                yield f"its {key} is {typed:g}, its samples' is {own:g}", f"leave {key} out"


def _faults_of_trill(
    trill: TypedTrill, sung: Sequence[tuple[int, TypedNote]]
) -> Iterator[tuple[str, str]]:
    if trill.duration > trill.step:
        yield "an element lasts longer than the step", "shorten duration"
        return
    elements = [trill.onset + k * trill.step for k in range(trill.count)]
    for k, note in sung:
        both = max(_overlap(_span(note), (t, t + trill.duration)) for t in elements)
        if both > 0:
            yield f"it and notes row {k + 1} overlap by {both:.3f} s", _ONE_WHISTLE


def _span(note: TypedNote) -> tuple[float, float]:
    return note.onset, note.onset + note.duration


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How long two spans of time overlap; 0 if they do no more than touch."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both if both > TOUCH_S + 1e-8 else 0.0


# To a theme and back


def to_theme(typed: TypedSketch) -> Theme:
    """Turn typed notation into a theme, kHz into Hz."""
    notes = []
    for note in typed.notes:
        curve = curve_of(note)
        samples = note.samples or ()
        start, end = (samples[0], samples[-1]) if samples else (note.start, note.end)
        notes.append(
            Note(
                note.onset,
                note.duration,
                1000.0 * (start or 0.0),
                1000.0 * (end or 0.0),
                curve,
                peak_hz=1000.0 * (note.peak or 0.0),
                bend=(2.0 if note.bend is None else note.bend) if curve == "exponential" else 0.0,
                samples_hz=tuple(1000.0 * f for f in samples),
                level_db=note.level,
                envelope_db=note.envelope or (),
            )
        )
    t = typed.trill
    trill = (
        None
        if t is None
        else Trill(
            t.onset, t.count, t.step, t.duration, 1000.0 * t.start, 1000.0 * t.end, t.bend, t.level
        )
    )
    return Theme(tuple(sorted(notes, key=lambda n: n.onset_s)), trill)


def from_theme(theme: Theme, birds: int = 1, comment: str = "") -> TypedSketch:
    """Turn a theme into typed notation; what is written of it sounds as the theme does.

    Parameters
    ----------
    theme : Theme
    birds : int
        How many were noted singing it.
    comment : str

    Returns
    -------
    TypedSketch
        Times to 1e-9 s, frequencies to 1e-6 Hz; of a note only what its curve takes.

    Raises
    ------
    InputError
        What no sketch may hold: no note at all, more than twenty, notes that overlap, frequencies
        outside 1 to 10 kHz, and the like; all told at once.
    """
    content: dict[str, Any] = {
        "notes": [_plain_note(note) for note in theme.notes],
        "birds": birds,
        "comment": comment,
    }
    t = theme.trill
    if t is not None:
        content["trill"] = {
            "onset": _exact(t.onset_s),
            "count": int(t.count),
            "step": _exact(t.step_s),
            "duration": _exact(t.duration_s),
            "start": _exact(t.start_hz / 1000.0),
            "end": _exact(t.end_hz / 1000.0),
            "level": _exact(t.level_db),
            "bend": _exact(t.bend),
        }
    return _checked(content, "theme", {}, [])


def _plain_note(note: Note) -> dict[str, Any]:
    plain: dict[str, Any] = {"onset": _exact(note.onset_s), "duration": _exact(note.duration_s)}
    if note.curve == "sampled":
        plain["samples"] = [_exact(f / 1000.0) for f in note.samples_hz]
    else:
        plain |= {"start": _exact(note.start_hz / 1000.0), "end": _exact(note.end_hz / 1000.0)}
    if note.curve == "arc":
        plain["peak"] = _exact(note.peak_hz / 1000.0)
    if note.curve == "exponential":
        plain["bend"] = _exact(note.bend)
    if note.curve != "line":
        plain["curve"] = note.curve
    if note.envelope_db:
        plain["envelope"] = [_exact(v) for v in note.envelope_db]
    return plain | {"level": _exact(note.level_db)}


def _exact(value: float) -> float:
    """Round to what is written, and to no less."""
    return round(float(value), _PLACES) + 0.0


def write_sketch(typed: TypedSketch) -> str:
    """Write typed notation as YAML, one note a row, as a person would type it.

    Parameters
    ----------
    typed : TypedSketch

    Returns
    -------
    str
        :func:`parse` reads it back, to nine decimals; written anew it is the same text.
    """
    lines = [MODELINE, f"birds: {typed.birds}"]
    if typed.comment:
        quoted = yaml.dump(typed.comment, default_style='"', allow_unicode=True, width=10**9)
        lines.append(f"comment: {quoted.strip()}")
    lines += ["notes:", *(_row("  - ", note) for note in typed.notes)]
    if typed.trill is not None:
        lines.append(_row("trill: ", typed.trill))
    return "\n".join(lines) + "\n"


_LEAST_PLACES = {
    "onset": 2,
    "duration": 2,
    "step": 3,
    "start": 1,
    "end": 1,
    "peak": 1,
    "samples": 1,
}
"""Decimals that are written even where they are zeros, as a person does."""

_ORDER = ("onset", "count", "step", "duration", "start", "peak", "end", "curve", "bend", "level",
          "samples", "envelope")  # fmt: skip


def _row(opening: str, row: TypedNote | TypedTrill) -> str:
    """One note or trill, in one line if it is not too long."""
    parts = []
    for key in _ORDER:
        value = getattr(row, key, None)
        default = 0.0 if isinstance(row, TypedTrill) and key == "bend" else None
        if value is None or value == default or (key == "level" and value == 0.0):
            continue
        least = _LEAST_PLACES.get(key, 0)
        if isinstance(value, tuple):
            text = f"[{', '.join(_decimal(v, least) for v in value)}]"
        else:
            text = value if isinstance(value, str) else _decimal(value, least)
        parts.append(f"{key}:\0{text}")
    wrapped = textwrap.wrap(
        f"{{{', '.join(parts)}}}",
        width=100,
        initial_indent=opening,
        subsequent_indent=" " * (len(opening) + 1),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapped).replace("\0", " ")


def _decimal(value: float, least: int) -> str:
    """Write a number in decimals, without an exponent and without idle zeros."""
    whole, _, part = f"{value + 0.0:.{_PLACES}f}".partition(".")
    part = part.rstrip("0").ljust(least, "0")
    if isinstance(value, int) or not part:
        return "0" if whole == "-0" else whole
    return f"{whole}.{part}"


# Contours


def from_contour(text: str, trill: Trill | None = None) -> Theme:
    """Make a theme of typical notes from the ornithologists' string of note types.

    Parameters
    ----------
    text : str
        ``"RFA"``; or words or arrows, with commas, spaces or hyphens between: ``"rising, rise-fall"``,
        ``"↗∩"``.
    trill : Trill or None
        Appended after the last note.

    Returns
    -------
    Theme
        Its :func:`chingolo.themes.contour_string` is the string.

    Raises
    ------
    InputError
        What is no note type; no note, or more than twenty.
    """
    place = f"contour {shown(text)}"
    allowed = f"write {', '.join(NOTE_WORDS)}, or letters L, R, F, A"
    joined = re.sub(r"rise[\s\-–]fall", "∩", text.strip().lower())
    signs = {word: kind for word, kind in NOTE_WORDS.items() if len(word) == 1}
    signs |= {kind.lower(): kind for kind in NOTE_WORDS.values()}
    kinds = ""
    for word in re.split(r"[\s,;\-–]+", joined):
        if word in NOTE_WORDS:
            kinds += NOTE_WORDS[word]
            continue
        wrong = [sign for sign in word if sign not in signs]
        if wrong:
            raise InputError(place, f"{shown(word)} is no note type", allowed)
        kinds += "".join(signs[sign] for sign in word)
    if not 1 <= len(kinds) <= MOST_NOTES:
        fault = f"holds {len(kinds)} notes; allowed: 1 to {MOST_NOTES}"
        raise InputError(place, fault, "give one letter a note, as in RFA")
    step = TYPICAL_LENGTH_S + TYPICAL_GAP_S
    notes = tuple(_typical(k * step, kind) for k, kind in enumerate(kinds))
    return Theme(notes, trill and trill._replace(onset_s=len(kinds) * step))


def _typical(onset_s: float, kind: str) -> Note:
    """Note of a type, as long and steep as the species' are in the middle."""
    low, high = (TYPICAL_CENTRE_HZ + half * TYPICAL_SWEEP_HZ for half in (-0.5, 0.5))
    if kind == "A":
        return Note(onset_s, TYPICAL_LENGTH_S, low, low, "arc", peak_hz=high)
    start, end = {
        "L": (TYPICAL_CENTRE_HZ, TYPICAL_CENTRE_HZ),
        "R": (low, high),
        "F": (high, low),
    }[kind]
    return Note(onset_s, TYPICAL_LENGTH_S, start, end)


# Schema and documentation


@cache
def schema() -> dict[str, Any]:
    """JSON schema of the notation (draft 2020-12), by which editors check and complete a sketch.

    It knows keys, types and limits; :func:`parse` also knows what concerns several rows.
    """
    plain = _adapter(TypedSketch).json_schema()
    note = plain["$defs"]["TypedNote"]
    note["allOf"] = [
        {"anyOf": [{"required": ["start", "end"]}, {"required": ["samples"]}]},
        *(
            {
                "if": {"properties": {"curve": {"const": curve}}, "required": ["curve"]},
                "then": {"required": [key]},
            }
            for curve, key in (("arc", "peak"), ("sampled", "samples"))
        ),
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **plain}


def table() -> str:
    """Markdown table of every key with its unit, what it may hold, its default and what it is."""
    lines = ["| key | unit | allowed | default | what it is |", "| --- | --- | --- | --- | --- |"]
    kinds: dict[str, type] = {"": TypedSketch, "notes: ": TypedNote, "trill: ": TypedTrill}
    for prefix, kind in kinds.items():
        for field in fields(kind):
            key = _keys(kind)[field.name]
            unit = key["unit"]
            text = key["description"].removesuffix(f" ({unit})")
            default = _DEFAULTS.get((kind, field.name), _default(field.default))
            name = f"`{prefix}{field.name}`"
            lines.append(f"| {name} | {unit} | {_limits(key)} | {default} | {text} |")
    return "\n".join(lines)


def _default(value: Any) -> str:
    if value is MISSING:
        return "needed"
    return "none" if value in (None, "") else f"{value:g}"


_DEFAULTS: dict[tuple[type, str], str] = {
    (TypedNote, "start"): "needed without samples",
    (TypedNote, "end"): "needed without samples",
    (TypedNote, "curve"): "by samples, peak or bend; else a line",
    (TypedNote, "bend"): "2 in an exponential",
    (TypedNote, "envelope"): "a smooth swell",
}
"""Defaults that depend on other keys."""


@cache
def _adapter(kind: type, key: str = "") -> TypeAdapter[Any]:
    """Pydantic's check of a whole row, or of one of its keys."""
    return TypeAdapter(get_type_hints(kind, include_extras=True)[key] if key else kind)


def _keys(kind: type) -> dict[str, Any]:
    """Look up the schema of each key of a sketch, note or trill."""
    plain = schema()
    found: dict[str, Any] = (plain if kind is TypedSketch else plain["$defs"][kind.__name__])[
        "properties"
    ]
    return found


def _limits(key: Mapping[str, Any], one: bool = False) -> str:
    """Say in words what a key, or one value of its list, may hold."""
    held = next((k for k in key.get("anyOf", ()) if k.get("type") != "null"), key)
    unit = f" {key['unit']}" if key.get("unit") in ("s", "kHz", "dB") else ""
    if "$ref" in held:
        return "a row of keys"
    if "enum" in held:
        *others, last = held["enum"]
        return f"{', '.join(others)} or {last}"
    if held["type"] == "array":
        many = f"{held['minItems']} to {held['maxItems']}"
        if "$ref" in held["items"]:
            return f"{many} rows"
        each = _limits({**held["items"], "unit": key["unit"]})
        return each if one else f"{many} values, each {each}"
    if held["type"] == "string":
        return "text"
    whole = "whole, " if held["type"] == "integer" else ""
    if "exclusiveMinimum" in held:
        return f"{whole}more than {held['exclusiveMinimum']:g} to {held['maximum']:g}{unit}"
    return f"{whole}{held['minimum']:g} to {held['maximum']:,g}{unit}".replace("e+05", "00000")
