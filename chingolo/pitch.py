"""The pitch map: which tension gives which pitch at which pressure, and how strongly it then swings.

Pitch depends on pressure, too (the bare square root of the tension is up to a third off), so the
inverse is tabulated from limit cycles and interpolated; a flat note then stays flat while it swells.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from chingolo.sources import Source
from chingolo.syrinx import limit_cycle

Array = npt.NDArray[np.float64]

HERTZ = np.linspace(900.0, 10_500.0, 481)
"""Pitches of the map: wider than the band of any chingolo."""

PRESSURES = 15
"""Pressures of the map, from the source's faintest to its loudest."""


class PitchMap(NamedTuple):
    """Tension and swing of a source, tabulated against pressure and pitch.

    Attributes
    ----------
    pressure : ndarray, shape (p,)
        Rising, dimensionless; one alone where the source sings at one pressure only.
    pitch : ndarray, shape (f,)
        F = 2 pi f0 / gamma, rising and equally spaced, dimensionless.
    tension : ndarray, shape (p, f)
        Tension that gives that pitch at that pressure; NaN where the model does not swing so.
    swing : ndarray, shape (p, f)
        Amplitude of the fundamental of x' there.
    """

    pressure: Array
    pitch: Array
    tension: Array
    swing: Array


def map_pitch(source: Source, step: float = 0.05, blocks: int = 1_000) -> PitchMap:
    """Tabulate the inverse pitch map of a source: the tension for every pressure and pitch.

    Parameters
    ----------
    source : Source
    step, blocks
        As in :func:`limit_cycle`.

    Returns
    -------
    PitchMap
        On :data:`HERTZ`.
    """
    wanted = 2.0 * np.pi * HERTZ / source.gamma
    # Pitch is nearly the root of tension, and never below it; denser near the saddle-node, where it
    # changes fastest.
    highest = 1.06 * wanted[-1] ** 2
    tensions = np.concatenate([np.linspace(-0.05, 0.4, 226), np.geomspace(0.41, highest, 180)])
    pressures = np.unique(np.linspace(source.quiet, source.loud, PRESSURES))
    tension = np.full((pressures.size, wanted.size), np.nan)
    swing = np.full_like(tension, np.nan)
    for i, pressure in enumerate(pressures):
        cycles = [limit_cycle(source.labial, pressure, t, step, blocks) for t in tensions]
        measured = np.array(cycles)
        sings = np.isfinite(measured[:, 0])
        f, s, t = measured[sings, 0], measured[sings, 1], tensions[sings]
        # Pitch rises with tension; keep what lies above the last exception, should there be one.
        start = int(np.flatnonzero(np.diff(f) <= 0).max(initial=-1)) + 1
        f, s, t = f[start:], s[start:], t[start:]
        inside = (f[0] <= wanted) & (f[-1] >= wanted)
        tension[i, inside] = PchipInterpolator(f, t)(wanted[inside])
        swing[i, inside] = PchipInterpolator(f, s)(wanted[inside])
    return PitchMap(pressures, wanted, tension, swing)


def _sung(pitch_map: PitchMap) -> npt.NDArray[np.intp]:
    """Columns of the map that every pressure can sing."""
    return np.flatnonzero(np.isfinite(pitch_map.tension).all(axis=0))


def reach(pitch_map: PitchMap) -> tuple[float, float]:
    """Lowest and highest F = 2 pi f0 / gamma that every pressure of a source can sing."""
    low, high = pitch_map.pitch[_sung(pitch_map)[[0, -1]]]
    return float(low), float(high)


def look_up(pitch_map: PitchMap, pressure: Array, pitch: Array) -> tuple[Array, Array]:
    """Tension and swing for wanted pitches, bilinear in the pitch map.

    Parameters
    ----------
    pitch_map : PitchMap
    pressure, pitch : ndarray, shape (n,)
        Pressure and F = 2 pi f0 / gamma; clipped to the map's :func:`reach`.

    Returns
    -------
    tension, swing : ndarray, shape (n,)
    """
    sung = _sung(pitch_map)
    low, high = pitch_map.pitch[[0, -1]]
    along = np.clip((pitch - low) / (high - low) * (pitch_map.pitch.size - 1), sung[0], sung[-1])
    across = np.interp(pressure, pitch_map.pressure, np.arange(pitch_map.pressure.size))
    tension, swing = np.empty_like(along), np.empty_like(along)
    _bilinear(pitch_map.tension, across, along, tension)
    _bilinear(pitch_map.swing, across, along, swing)
    return tension, swing


@numba.njit(cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _bilinear(table: Array, across: Array, along: Array, out: Array) -> None:
    """Interpolate a table at fractional row and column."""
    rows, columns = table.shape
    for k in range(out.size):
        i, j = min(int(across[k]), max(rows - 2, 0)), min(int(along[k]), columns - 2)
        p, q, below = across[k] - i, along[k] - j, min(i + 1, rows - 1)
        first = (1.0 - q) * table[i, j] + (q * table[i, j + 1] if q > 0 else 0.0)
        second = (1.0 - q) * table[below, j] + (q * table[below, j + 1] if q > 0 else 0.0)
        out[k] = (1.0 - p) * first + p * second
