"""Describe a whistle by the simplest curve that follows it."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from chingolo.themes import Note, exponential_share, note_frequency

Array = npt.NDArray[np.float64]

KNOT_S = 0.01
"""Distance of the knots of a sampled curve and of an envelope (our choice)."""

BENDS = (-6.0, -4.0, -2.5, -1.5, -0.8, 0.8, 1.5, 2.5, 4.0, 6.0)
"""Bends of the exponentials that are tried (our choice)."""


def fit_note(time_s: Array, frequency_hz: Array, level_db: Array, tolerance: float) -> Note:
    """Describe one whistle by the simplest curve that follows it.

    Line, exponential, arc, then a sampled curve: the first whose root-mean-square error lies within
    `tolerance` of the mean frequency.

    Parameters
    ----------
    time_s, frequency_hz, level_db : ndarray, shape (n,)
        The whistle's frames.
    tolerance : float
        Relative error allowed.

    Returns
    -------
    Note
    """
    hop = time_s[1] - time_s[0]
    onset, length = float(time_s[0] - hop / 2), float(time_s[-1] - time_s[0] + hop)
    u = (time_s - onset) / length
    weight = 10.0 ** (np.maximum(level_db - level_db.max(), -20.0) / 20.0)
    allowed = tolerance * float(frequency_hz.mean())
    top = float(level_db.max())
    knots = np.linspace(0.0, 1.0, max(3, round(length / KNOT_S)) + 1)
    envelope = tuple(float(v) for v in np.round(np.interp(knots, u, level_db - top), 2))

    def error(note: Note) -> float:
        residual = note_frequency(note, u) - frequency_hz
        return float(np.sqrt(np.average(residual**2, weights=weight)))

    slope, start = np.polyfit(u, frequency_hz, 1, w=weight)
    best = Note(
        onset, length, float(start), float(start + slope), level_db=top, envelope_db=envelope
    )
    if error(best) <= allowed:
        return best
    basis = np.stack([1.0 - u, u, np.sin(np.pi * u)], axis=1)
    scaled, target = basis * weight[:, None], frequency_hz * weight
    first, last, rise = np.linalg.lstsq(scaled, target, rcond=None)[0]
    arc = best._replace(
        curve="arc",
        start_hz=float(first),
        end_hz=float(last),
        peak_hz=float(0.5 * (first + last) + rise),
    )
    bent = [_exponential(best, bend, u, frequency_hz, weight) for bend in BENDS]
    for note in (min(bent, key=error), arc):
        if error(note) <= allowed:
            return note
    smooth = ndimage.median_filter(frequency_hz, 5, mode="nearest")
    samples = tuple(float(v) for v in np.round(np.interp(knots, u, smooth), 1))
    return best._replace(
        curve="sampled", samples_hz=samples, start_hz=samples[0], end_hz=samples[-1]
    )


def fit_simple(time_s: Array, frequency_hz: Array, level_db: Array) -> Note:
    """Describe a whistle by the better of a line and an exponential, however well they do."""
    note = fit_note(time_s, frequency_hz, level_db, np.inf)
    u = (time_s - note.onset_s) / note.duration_s
    weight = 10.0 ** (np.maximum(level_db - level_db.max(), -20.0) / 20.0)
    tried = [note, *(_exponential(note, bend, u, frequency_hz, weight) for bend in BENDS)]
    errors = [np.average((note_frequency(v, u) - frequency_hz) ** 2, weights=weight) for v in tried]
    return tried[int(np.argmin(errors))]


def _exponential(note: Note, bend: float, u: Array, frequency_hz: Array, weight: Array) -> Note:
    """Exponential of a given bend that follows a whistle best."""
    share = exponential_share(u, bend)
    pair = np.stack([1.0 - share, share], axis=1) * weight[:, None]
    start, end = np.linalg.lstsq(pair, frequency_hz * weight, rcond=None)[0]
    return note._replace(curve="exponential", bend=bend, start_hz=float(start), end_hz=float(end))
