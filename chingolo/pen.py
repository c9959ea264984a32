"""The hand that draws a song: its errors, as standard deviations."""

import numpy as np

from chingolo.config import Pen
from chingolo.themes import Theme

LOWEST_KHZ, HIGHEST_KHZ = 1.0, 10.0
"""Frequencies a sketch may hold: what the species, and the model, can sing."""


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
