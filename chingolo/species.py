"""The species' statistics, and themes drawn from them."""

import numpy as np

from chingolo.themes import Note, Theme, Trill

NOTES_PER_THEME = {1: 0.005, 2: 0.276, 3: 0.580, 4: 0.130, 5: 0.008, 7: 0.001}
"""Share of themes by number of notes, 1,764 birds (Handford & Lougheed 1991, Condor 93:644)."""

NOTE_TYPES = {"L": 0.159, "R": 0.320, "F": 0.398, "A": 0.114}
"""Share of level, rising, falling and rising-falling notes; same source."""

LOWEST_HZ, HIGHEST_HZ = 2270.0, 8800.0
"""Frequency range of themes; same source."""

LOCAL_TRILL = Trill(0.0, count=9, step_s=0.062, duration_s=0.038, start_hz=6500.0, end_hz=3600.0)
"""The simulated park's trill: rate and range as in the species' public recordings (our choice)."""


def random_note(onset_s: float, kind: str, rng: np.random.Generator) -> Note:
    """Draw a note of a given type from the species' ranges."""
    length = rng.uniform(0.20, 0.42)
    centre = rng.normal(4900.0, 650.0)
    sweep = float(np.clip(rng.lognormal(np.log(1300.0), 0.45), 500.0, 3500.0))
    low, high = (
        float(np.clip(centre + half * sweep, LOWEST_HZ, HIGHEST_HZ)) for half in (-0.5, 0.5)
    )
    if kind == "L":
        f = float(np.clip(centre, LOWEST_HZ, HIGHEST_HZ))
        return Note(onset_s, length, f, f * rng.uniform(0.98, 1.02))
    if kind == "A":
        end = low * rng.uniform(0.9, 1.1)
        return Note(onset_s, length, low, end, "arc", peak_hz=high)
    start, end = (low, high) if kind == "R" else (high, low)
    if rng.random() < 0.5:
        return Note(onset_s, length, start, end)
    return Note(onset_s, length, start, end, "exponential", bend=float(rng.uniform(0.5, 3.0)))


def random_theme(rng: np.random.Generator, trill: Trill | None = LOCAL_TRILL) -> Theme:
    """Draw a theme from the species' statistics.

    Parameters
    ----------
    rng : numpy.random.Generator
    trill : Trill or None
        Appended after the last note.

    Returns
    -------
    Theme
    """
    counts = np.array(list(NOTES_PER_THEME.values()))
    shares = np.array(list(NOTE_TYPES.values()))
    n = int(rng.choice(list(NOTES_PER_THEME), p=counts / counts.sum()))
    notes: list[Note] = []
    clock = 0.0
    for kind in rng.choice(list(NOTE_TYPES), size=n, p=shares / shares.sum()):
        note = random_note(clock, str(kind), rng)
        level = float(min(0.0, rng.normal(-2.0, 2.0)))
        notes.append(note._replace(level_db=level))
        gap = float(np.clip(rng.lognormal(np.log(0.07), 0.5), 0.02, 0.16))
        clock = note.onset_s + note.duration_s + gap
    return Theme(tuple(notes), trill and trill._replace(onset_s=clock))
