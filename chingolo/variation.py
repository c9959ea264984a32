"""How much one bird's song varies: measured from songs of one theme, for surrogates that vary as much.

The measures are the standard deviations that :func:`chingolo.surrogates.vary` draws with. They contain
the reader's own errors, so that they are upper bounds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.themes import LEVEL_NOTE_RATIO, Note, Theme, Trill

Array = npt.NDArray[np.float64]


class Variation(NamedTuple):
    """Standard deviations between songs of one theme; the keys are those of ``spread``.

    Shares are of logarithms; `songs` and `themes` tell what they rest on. NaN where nothing tells.
    """

    tempo: float
    duration: float
    gap: float
    pitch: float
    note_pitch: float
    sweep: float
    level_db: float
    trill_step: float
    trill_count: float
    songs: int
    themes: int


def measure(themes: Mapping[str, Sequence[Theme]]) -> Variation | None:
    """Measure how songs of one theme vary, pooled over themes.

    Of each theme those readings count that have its usual number of notes, if there are at least two.
    Scales are medians of absolute deviations, so that a misread song does not count as variation.

    Parameters
    ----------
    themes : mapping of str to sequence of Theme
        Readings of songs by theme.

    Returns
    -------
    Variation or None
        None where no theme has two songs with the same number of notes.
    """
    groups = [group for group in map(_usual, themes.values()) if len(group) >= 2]
    if not groups:
        return None
    lengths = [_deviations([[np.log(v.duration_s) for v in t.notes] for t in g]) for g in groups]
    tempo, duration = _common_and_own(lengths)
    gaps = [_deviations([_gaps(t.notes) for t in g]) for g in groups if len(g[0].notes) > 1]
    # The tempo of the whole song moves the gaps, too.
    gap = np.sqrt(np.maximum(_scale(gaps) ** 2 - tempo**2, 0.0))
    centres = [
        [[np.log(0.5 * (v.start_hz + v.end_hz)) for v in t.notes] for t in g] for g in groups
    ]
    pitch, note_pitch = _common_and_own([_deviations(c) for c in centres])
    sweeps = [_deviations(s) for s in map(_sweeps, groups) if s and s[0]]
    levels = [_deviations([[v.level_db for v in t.notes] for t in g]) for g in groups]
    trills = [[t.trill for t in g if t.trill is not None] for g in themes.values()]
    trills = [g for g in trills if len(g) >= 2]
    return Variation(
        tempo,
        duration,
        float(gap),
        pitch,
        note_pitch,
        _scale(sweeps),
        _scale(levels),
        _scale([_deviations([[np.log(v.step_s)] for v in _sane(g)]) for g in trills]),
        _scale([_deviations([[np.log(v.count)] for v in _sane(g)]) for g in trills]),
        sum(len(g) for g in groups),
        len(groups),
    )


def _usual(themes: Sequence[Theme]) -> list[Theme]:
    """Choose the readings with a theme's most frequent number of notes, none without a note."""
    usual = Counter(len(t.notes) for t in themes if t.notes).most_common(1)
    return [t for t in themes if usual and len(t.notes) == usual[0][0]]


def _sane(trills: Sequence[Trill]) -> list[Trill]:
    """Trills whose step is not another multiple of the theme's."""
    middle = float(np.median([v.step_s for v in trills]))
    return [v for v in trills if abs(v.step_s / middle - 1.0) < 0.3]


def _gaps(notes: Sequence[Note]) -> list[float]:
    return [
        np.log(max(after.onset_s - before.onset_s - before.duration_s, 0.004))
        for before, after in pairwise(notes)
    ]


def _sweeps(group: Sequence[Theme]) -> list[list[float]]:
    """Log sizes of the sweeps of those notes that are level in no song."""
    sizes = np.array([[abs(v.end_hz - v.start_hz) / v.start_hz for v in t.notes] for t in group])
    swept = (sizes > LEVEL_NOTE_RATIO).all(axis=0)
    return np.log(sizes[:, swept]).tolist() if swept.any() else []


def _deviations(rows: Sequence[Sequence[float]]) -> Array:
    """Differences between all pairs of songs, over the root of two; shape (pairs, notes).

    They have the standard deviation of one song, and need no estimate of the theme's centre.
    """
    values = np.array(rows, dtype=float)
    first, second = np.triu_indices(len(values), 1)
    return np.asarray((values[first] - values[second]) / np.sqrt(2.0))


def _scale(deviations: Sequence[Array]) -> float:
    """Estimate the standard deviation of what may hold outliers, by its median magnitude; NaN of none."""
    every = np.concatenate([np.zeros(0), *(d.ravel() for d in deviations)])
    return float(1.4826 * np.median(np.abs(every))) if every.size else float("nan")


def _common_and_own(deviations: Sequence[Array]) -> tuple[float, float]:
    """Part deviations into what all notes of a song share, and each note's own; standard deviations."""
    several = [d for d in deviations if d.shape[1] > 1]
    shared = [d.mean(axis=1) for d in several]
    own = _scale(
        [
            (d - d.mean(axis=1, keepdims=True)) * np.sqrt(d.shape[1] / (d.shape[1] - 1.0))
            for d in several
        ]
    )
    notes = float(np.mean([d.shape[1] for d in several] or [1.0]))
    return float(np.sqrt(np.maximum(_scale(shared) ** 2 - own**2 / notes, 0.0))), own
