"""How close themes are: by how many octaves they differ while either whistles."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chingolo.themes import Theme, note_frequency

Array = npt.NDArray[np.float64]

STEP_S, LENGTH_S = 0.01, 3.0
MOST = 0.5
"""Octaves that count at most, and where only one of two themes whistles (our choice)."""


def contour(theme: Theme) -> Array:
    """Pitch of a theme's notes in octaves over 1 Hz, every 10 ms; NaN where silent; shape (steps,)."""
    time = np.arange(0.0, LENGTH_S, STEP_S)
    out = np.full(time.size, np.nan)
    for note in theme.notes:
        u = (time - note.onset_s) / note.duration_s
        inside = (u >= 0) & (u <= 1)
        out[inside] = np.log2(note_frequency(note, u[inside]))
    return out


def distances(one: Sequence[Theme], other: Sequence[Theme]) -> Array:
    """Mean difference of pitch over the time that either of two themes whistles, in octaves.

    Both begin at 0 s, and the trill, which neighbours share, is left out.

    Returns
    -------
    ndarray, shape (len(one), len(other))
        From 0 to :data:`MOST`.
    """
    a, b = (np.array([contour(theme) for theme in themes]) for themes in (one, other))
    out = np.empty((len(a), len(b)))
    for k, row in enumerate(a):
        either = ~(np.isnan(row) & np.isnan(b))
        apart = np.where(np.isnan(row) | np.isnan(b), MOST, np.minimum(np.abs(row - b), MOST))
        out[k] = (apart * either).sum(axis=1) / np.maximum(either.sum(axis=1), 1)
    return out
