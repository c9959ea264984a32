"""Notes, trills and themes: what a song is made of, before any sound.

A *note* is one whistle: onset, duration, a frequency curve and a level. A *trill* is one falling
note repeated at a fixed step. A *theme* is one to seven notes, and a trill that tells the dialect
rather than the theme.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Curve = Literal["line", "exponential", "arc", "sampled"]

LEVEL_NOTE_RATIO = 0.06
"""A note whose frequency stays within this share of its mean is called level (our choice)."""


class Note(NamedTuple):
    """One whistle.

    Attributes
    ----------
    onset_s, duration_s : float
        Start within the song, and length, in seconds.
    start_hz, end_hz : float
        Frequency at the two ends, in hertz.
    curve : {"line", "exponential", "arc", "sampled"}
        How the frequency runs from one end to the other, see :func:`note_frequency`.
    peak_hz : float
        For an arc: the frequency half-way through the note.
    bend : float
        For an exponential: decay constants within the note; positive changes early, negative late.
    samples_hz : tuple of float
        For a sampled curve: equally spaced frequencies, both ends included.
    level_db : float
        Level of the note's loudest moment, in dB relative to the song's loudest note.
    envelope_db : tuple of float
        Equally spaced levels within the note relative to ``level_db``; empty for a smooth swell.
    """

    onset_s: float
    duration_s: float
    start_hz: float
    end_hz: float
    curve: Curve = "line"
    peak_hz: float = 0.0
    bend: float = 0.0
    samples_hz: tuple[float, ...] = ()
    level_db: float = 0.0
    envelope_db: tuple[float, ...] = ()


class Trill(NamedTuple):
    """One falling note repeated at a fixed step.

    Attributes
    ----------
    onset_s : float
        Start of the first element within the song, in seconds.
    count : int
        Number of elements.
    step_s, duration_s : float
        Time from one element's onset to the next, and length of an element, in seconds.
    start_hz, end_hz : float
        Frequency at the two ends of an element, in hertz.
    bend : float
        As :attr:`Note.bend`; 0 is a straight sweep.
    level_db : float
        Level relative to the song's loudest note, in dB.
    """

    onset_s: float
    count: int  # type: ignore[assignment]
    step_s: float
    duration_s: float
    start_hz: float
    end_hz: float
    bend: float = 0.0
    level_db: float = 0.0


class Theme(NamedTuple):
    """A song: its notes in order, and its trill if it has one."""

    notes: tuple[Note, ...]
    trill: Trill | None = None


def note_frequency(note: Note, within: npt.ArrayLike) -> Array:
    """Frequency along a note.

    The curves are those of the lab's public forerunner (Wappner's 2018 scripts): a straight line, an
    exponential relaxation, a piece of a sine; here each passes exactly through its given ends.

    Parameters
    ----------
    note : Note
    within : array_like, shape (n,)
        Time within the note, 0 at its onset and 1 at its end.

    Returns
    -------
    ndarray, shape (n,)
        Frequency in hertz.
    """
    u: Array = np.clip(np.asarray(within, dtype=float), 0.0, 1.0)
    line = note.start_hz + (note.end_hz - note.start_hz) * u
    if note.curve == "exponential" and abs(note.bend) > 1e-6:
        return np.asarray(
            note.start_hz + (note.end_hz - note.start_hz) * exponential_share(u, note.bend)
        )
    if note.curve == "arc":
        rise = note.peak_hz - 0.5 * (note.start_hz + note.end_hz)
        return np.asarray(line + rise * np.sin(np.pi * u))
    if note.curve == "sampled":
        return np.interp(u, np.linspace(0.0, 1.0, len(note.samples_hz)), note.samples_hz)
    return np.asarray(line)


def exponential_share(u: Array, bend: npt.ArrayLike) -> Array:
    """Share of the way an exponential has gone; 0 at its onset and 1 at its end."""
    return np.asarray(np.expm1(-np.asarray(bend) * u) / np.expm1(-np.asarray(bend)))


def note_envelope(note: Note, within: npt.ArrayLike) -> Array:
    """Amplitude along a note, linear, 1 for the song's loudest moment; shape as `within`."""
    u: Array = np.asarray(within, dtype=float)
    if note.envelope_db:
        level = np.interp(u, np.linspace(0.0, 1.0, len(note.envelope_db)), note.envelope_db)
    else:
        # A swell that spends most of the note near its top, as whistles do (our choice).
        level = 10.0 * np.log10(np.maximum(np.sin(np.pi * np.clip(u, 0.0, 1.0)), 1e-3))
    return np.asarray(10.0 ** ((note.level_db + level) / 20.0))


def trill_notes(trill: Trill) -> tuple[Note, ...]:
    """Write a trill out as the notes it is made of."""
    return tuple(
        Note(
            onset_s=trill.onset_s + k * trill.step_s,
            duration_s=trill.duration_s,
            start_hz=trill.start_hz,
            end_hz=trill.end_hz,
            curve="exponential" if trill.bend else "line",
            bend=trill.bend,
            level_db=trill.level_db,
        )
        for k in range(trill.count)
    )


def all_notes(theme: Theme) -> tuple[Note, ...]:
    """Every whistle of a song in order of time, trill written out."""
    tail = trill_notes(theme.trill) if theme.trill else ()
    return tuple(sorted((*theme.notes, *tail), key=lambda note: note.onset_s))


def duration(theme: Theme) -> float:
    """Time from 0 to the end of the last note, in seconds."""
    return max((n.onset_s + n.duration_s for n in all_notes(theme)), default=0.0)


def contour(theme: Theme, rate_hz: float, tail_s: float = 0.0) -> tuple[Array, Array]:
    """Frequency and amplitude of a whole song on a regular clock.

    Parameters
    ----------
    theme : Theme
    rate_hz : float
        Samples a second.
    tail_s : float
        Silence added at the end, in seconds.

    Returns
    -------
    frequency : ndarray, shape (n,)
        Hertz; NaN where the bird is silent.
    amplitude : ndarray, shape (n,)
        Linear, 0 in silence. Where notes overlap the one begun last is sung: a bird's one whistle.
    """
    n = int(np.ceil((duration(theme) + tail_s) * rate_hz)) + 1
    frequency, amplitude = np.full(n, np.nan), np.zeros(n)
    notes = all_notes(theme)
    if not notes:
        return frequency, amplitude
    # All notes at once, as a trill has many; those that are not of the plain kind one by one, after.
    columns = [(v.onset_s, v.duration_s, v.start_hz, v.end_hz, v.bend, v.level_db) for v in notes]
    onset, length, start, end, bend, level = np.array(columns).T
    clock = np.arange(n) / rate_hz
    owner = np.full(n, -1)
    bounds = np.searchsorted(clock, np.stack([onset, onset + length]))
    for k, (first, last) in enumerate(bounds.T):
        owner[first:last] = k
    voiced = owner >= 0
    owner, time = owner[voiced], clock[voiced]
    u = (time - onset[owner]) / length[owner]
    curved = np.array([v.curve == "exponential" for v in notes]) & (np.abs(bend) > 1e-6)
    share = np.where(curved[owner], exponential_share(u, np.where(curved, bend, 1.0)[owner]), u)
    f = start[owner] + (end - start)[owner] * share
    a = 10.0 ** (level / 20.0)[owner] * np.sqrt(np.maximum(np.sin(np.pi * u), 1e-3))
    for k, note in enumerate(notes):
        if note.curve in ("arc", "sampled") or note.envelope_db:
            own = owner == k
            f[own], a[own] = note_frequency(note, u[own]), note_envelope(note, u[own])
    frequency[voiced], amplitude[voiced] = f, a
    return frequency, amplitude


def note_type(note: Note) -> Literal["L", "R", "F", "A"]:
    """Ornithologists' four note types: level, rising, falling, rising then falling (``A``, arc).

    The types are those of the species' published shares (Handford & Lougheed 1991, Condor 93:644);
    where one ends and the next begins is not printed there, so the borders are ours.
    """
    f = note_frequency(note, np.linspace(0.0, 1.0, 21))
    scale = LEVEL_NOTE_RATIO * f.mean()
    top = int(f.argmax())
    if 2 < top < 18 and min(f[top] - f[0], f[top] - f[-1]) > scale:
        return "A"
    if abs(f[-1] - f[0]) <= scale:
        return "L"
    return "R" if f[-1] > f[0] else "F"


def contour_string(theme: Theme) -> str:
    """Order of note types of a theme, without its trill, e.g. ``"RFA"``."""
    return "".join(note_type(note) for note in theme.notes)


def shift(theme: Theme, seconds: float) -> Theme:
    """Move a whole song in time."""
    notes = tuple(n._replace(onset_s=n.onset_s + seconds) for n in theme.notes)
    trill = theme.trill and theme.trill._replace(onset_s=theme.trill.onset_s + seconds)
    return Theme(notes, trill)


def to_dict(theme: Theme) -> dict[str, Any]:
    """Theme as plain lists and numbers, for JSON; the inverse of :func:`from_dict`."""
    return {
        "notes": [note._asdict() for note in theme.notes],
        "trill": theme.trill._asdict() if theme.trill else None,
    }


def from_dict(plain: Mapping[str, Any]) -> Theme:
    """Theme from the plain form of :func:`to_dict`."""
    notes: Sequence[Mapping[str, Any]] = plain["notes"]
    listed = [
        {k: tuple(v) if isinstance(v, list) else v for k, v in note.items()} for note in notes
    ]
    trill: Mapping[str, Any] | None = plain["trill"]
    return Theme(
        tuple(Note._make(note[field] for field in Note._fields) for note in listed),
        Trill._make(trill[field] for field in Trill._fields) if trill else None,
    )
