"""Surrogates: a theme sung again the way a bird would, never twice the same."""

import numpy as np

from chingolo.config import Spread
from chingolo.themes import Note, Theme, Trill


def vary(theme: Theme, spread: Spread, rng: np.random.Generator) -> Theme:
    """Draw one surrogate of a theme.

    Durations, gaps, pitch, sweep and level of every note vary on their own, tempo and pitch of the
    whole song together; the trill, which tells the dialect and not the theme, varies most and may be
    missing. The first note keeps its onset, the order of notes their order.

    Parameters
    ----------
    theme : Theme
    spread : Spread
    rng : numpy.random.Generator

    Returns
    -------
    Theme
    """
    if rng.random() < spread.plain_level:
        # A pencil line tells no loudness: half of the songs must do without, lest the judge lean on it.
        plain = (n._replace(level_db=0.0, envelope_db=()) for n in theme.notes)
        trill = theme.trill and theme.trill._replace(level_db=0.0)
        theme, spread = Theme(tuple(plain), trill), spread._replace(level_db=0.0)
    tempo = np.exp(spread.tempo * rng.standard_normal())
    pitch = np.exp(spread.pitch * rng.standard_normal())
    notes: list[Note] = []
    end = end_before = theme.notes[0].onset_s if theme.notes else 0.0
    for note in theme.notes:
        gap = (note.onset_s - end_before) * np.exp(spread.gap * rng.standard_normal())
        end_before = note.onset_s + note.duration_s
        onset = end + gap * tempo
        length = note.duration_s * tempo * np.exp(spread.duration * rng.standard_normal())
        own = pitch * np.exp(spread.note_pitch * rng.standard_normal())
        notes.append(_bent(note, onset, length, own, spread, rng))
        end = onset + length
    return Theme(tuple(notes), _trill(theme, end, end_before, tempo, pitch, spread, rng))


def _bent(
    note: Note, onset: float, length: float, pitch: float, spread: Spread, rng: np.random.Generator
) -> Note:
    """Scale a note's pitch about its mean, its sweep about that, and move it in time and level."""
    anchors = np.array([note.start_hz, note.end_hz, note.peak_hz, *note.samples_hz])
    centre = 0.5 * (note.start_hz + note.end_hz)
    sweep = np.exp(spread.sweep * rng.standard_normal())
    moved = np.clip(pitch * (centre + (anchors - centre) * sweep), 1000.0, 10_000.0)
    return note._replace(
        onset_s=float(onset),
        duration_s=float(length),
        start_hz=float(moved[0]),
        end_hz=float(moved[1]),
        peak_hz=float(moved[2]),
        samples_hz=tuple(float(f) for f in moved[3:]),
        level_db=float(min(0.0, note.level_db + spread.level_db * rng.standard_normal())),
    )


def _trill(
    theme: Theme,
    end: float,
    end_before: float,
    tempo: float,
    pitch: float,
    spread: Spread,
    rng: np.random.Generator,
) -> Trill | None:
    trill = theme.trill
    missing = rng.random() < spread.trill_missing
    draws = rng.standard_normal(4)
    if trill is None or (missing and theme.notes):
        return None
    factor = float(np.exp(spread.trill_step * draws[0]))
    own = pitch * np.exp(spread.note_pitch * draws[1])
    return trill._replace(
        onset_s=float(end + (trill.onset_s - end_before) * np.exp(spread.gap * draws[2]) * tempo),
        count=max(2, round(trill.count * float(np.exp(spread.trill_count * draws[3])))),
        step_s=trill.step_s * factor,
        duration_s=trill.duration_s * factor,
        start_hz=float(np.clip(trill.start_hz * own, 1000.0, 10_000.0)),
        end_hz=float(np.clip(trill.end_hz * own, 1000.0, 10_000.0)),
    )
