r"""The sound source: the normal form of a labium set to swing by the air that passes it.

Convention A of the lab's papers (Mindlin and co-workers; Sanz Perl et al. 2011, PRE 84:051909):

.. math:: \dot x = y, \quad
   \dot y = \gamma^2(-\alpha - \beta x + x^2 - x^3) - \gamma (1 + x)\, x\, y

x is the labium's departure from rest, alpha the air-sac pressure, beta the labial tension, gamma the
time scale. With tau = gamma t the equation has no gamma, so the pitch is exactly
f0 = gamma F(alpha, beta) / (2 pi): one table of F serves every gamma.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

Array = npt.NDArray[np.float64]


class PitchMap(NamedTuple):
    """Tension and swing of the normal form, tabulated against pressure and pitch.

    Attributes
    ----------
    alpha : ndarray, shape (a,)
        Pressures, rising, dimensionless.
    pitch : ndarray, shape (f,)
        F = 2 pi f0 / gamma, rising and equally spaced, dimensionless.
    beta : ndarray, shape (a, f)
        Tension that gives that pitch at that pressure; NaN where the model does not swing so.
    swing : ndarray, shape (a, f)
        Amplitude of y / gamma there: root mean square times the square root of 2.
    """

    alpha: Array
    pitch: Array
    beta: Array
    swing: Array


@numba.njit(cache=True)
def acceleration(x: float, y: float, alpha: float, beta: float, gamma: float) -> float:
    """Right-hand side dy/dt of the normal form, convention A."""
    return gamma * gamma * (-alpha - beta * x + x * x - x * x * x) - gamma * (1.0 + x) * x * y


@numba.njit(cache=True)
def integrate(
    alpha: Array, beta: Array, gain: Array, gamma: float, rate_hz: float, substeps: int
) -> Array:
    """Let the syrinx swing under given gestures: fourth-order Runge-Kutta.

    Parameters
    ----------
    alpha, beta : ndarray, shape (n,)
        Pressure and tension at `rate_hz`; linear in between.
    gain : ndarray, shape (n,)
        Factor on the sound, likewise.
    gamma : float
        Time constant, 1/s.
    rate_hz : float
        Rate of the gestures, Hz.
    substeps : int
        Integration steps within one sample of the gestures.

    Returns
    -------
    ndarray, shape (n * substeps,)
        ``gain * y / gamma``, at ``rate_hz * substeps``. Zero where pressure is below threshold and the
        swing has died away.
    """
    n = alpha.size
    out = np.zeros(n * substeps)
    h = 1.0 / (rate_hz * substeps)
    x, y = 1e-3, 0.0
    for k in range(n):
        after = min(k + 1, n - 1)
        if alpha[k] <= 0.0 and alpha[after] <= 0.0 and abs(x) < 0.2 and abs(y) < 1e-3 * gamma:
            # Resting below threshold: hold the small departure from which the next note grows.
            x, y = 1e-3, 0.0
            continue
        da, db = (alpha[after] - alpha[k]) / substeps, (beta[after] - beta[k]) / substeps
        dg = (gain[after] - gain[k]) / substeps
        for j in range(substeps):
            a0, b0 = alpha[k] + da * j, beta[k] + db * j
            a1, b1 = a0 + 0.5 * da, b0 + 0.5 * db
            a2, b2 = a0 + da, b0 + db
            k1x, k1y = y, acceleration(x, y, a0, b0, gamma)
            k2x = y + 0.5 * h * k1y
            k2y = acceleration(x + 0.5 * h * k1x, k2x, a1, b1, gamma)
            k3x = y + 0.5 * h * k2y
            k3y = acceleration(x + 0.5 * h * k2x, k3x, a1, b1, gamma)
            k4x = y + h * k3y
            k4y = acceleration(x + h * k3x, k4x, a2, b2, gamma)
            x += h / 6.0 * (k1x + 2.0 * k2x + 2.0 * k3x + k4x)
            y += h / 6.0 * (k1y + 2.0 * k2y + 2.0 * k3y + k4y)
            out[k * substeps + j] = (gain[k] + dg * j) * y / gamma
    return out


@numba.njit(cache=True)
def limit_cycle(alpha: float, beta: float, step: float, blocks: int) -> tuple[float, float]:
    """Pitch and swing of the steady song at one pressure and tension, with gamma = 1.

    Parameters
    ----------
    alpha, beta : float
        Pressure and tension.
    step : float
        Runge-Kutta step in units of 1/gamma.
    blocks : int
        Most blocks of 16 cycles to wait for the period to settle.

    Returns
    -------
    pitch, swing : float
        F = 2 pi / period, and the amplitude of y; both NaN where the model falls silent.
    """
    x, y = -0.3, 0.1  # off the fixed points, which lie at y = 0
    last, time, opened, power, samples = 0.0, 0.0, -1.0, 0.0, 0
    cycles, found, quiet = 0, 0, 0
    while found < blocks and quiet * step < 400.0:
        k1x, k1y = y, acceleration(x, y, alpha, beta, 1.0)
        k2x = y + 0.5 * step * k1y
        k2y = acceleration(x + 0.5 * step * k1x, k2x, alpha, beta, 1.0)
        k3x = y + 0.5 * step * k2y
        k3y = acceleration(x + 0.5 * step * k2x, k3x, alpha, beta, 1.0)
        k4x = y + step * k3y
        k4y = acceleration(x + step * k3x, k4x, alpha, beta, 1.0)
        before = y
        x += step / 6.0 * (k1x + 2.0 * k2x + 2.0 * k3x + k4x)
        y += step / 6.0 * (k1y + 2.0 * k2y + 2.0 * k3y + k4y)
        time += step
        quiet += 1
        power += y * y
        samples += 1
        if not before < 0.0 <= y:
            continue
        quiet = 0
        # Hénon's trick: one midpoint step in y, from here back to the crossing at y = 0.
        slope = acceleration(x, y, alpha, beta, 1.0)
        middle = acceleration(x - 0.5 * y * y / slope, 0.5 * y, alpha, beta, 1.0)
        now = time - y / middle
        if opened < 0.0:
            opened, power, samples = now, 0.0, 0
            continue
        cycles += 1
        if cycles == 16:
            period, swing = (now - opened) / 16.0, np.sqrt(2.0 * power / samples)
            if swing < 1e-3:
                break
            if abs(period - last) < 1e-6 * period:
                return 2.0 * np.pi / period, swing
            last, opened, power, samples, cycles = period, now, 0.0, 0, 0
            found += 1
    return np.nan, np.nan


def map_pitch(
    alpha: Array, beta: Array, pitch: Array, step: float = 0.05, blocks: int = 1_000
) -> PitchMap:
    """Tabulate the inverse pitch map: the tension for every pressure and pitch.

    Parameters
    ----------
    alpha : ndarray, shape (a,)
        Pressures, rising.
    beta : ndarray, shape (b,)
        Tensions at which the pitch is measured, rising.
    pitch : ndarray, shape (f,)
        Pitches F = 2 pi f0 / gamma at which the inverse is tabulated, rising, equally spaced.
    step, blocks
        As in :func:`limit_cycle`.

    Returns
    -------
    PitchMap
    """
    tension = np.full((alpha.size, pitch.size), np.nan)
    swing = np.full_like(tension, np.nan)
    for i, a in enumerate(alpha):
        measured = np.array([limit_cycle(a, b, step, blocks) for b in beta])
        sings = np.isfinite(measured[:, 0])
        f, s, b = measured[sings, 0], measured[sings, 1], beta[sings]
        # Pitch rises with tension; keep what lies above the last exception, should there be one.
        start = int(np.flatnonzero(np.diff(f) <= 0).max(initial=-1)) + 1
        f, s, b = f[start:], s[start:], b[start:]
        if f.size < 4:
            continue
        inside = (pitch >= f[0]) & (pitch <= f[-1])
        tension[i, inside] = PchipInterpolator(f, b)(pitch[inside])
        swing[i, inside] = PchipInterpolator(f, s)(pitch[inside])
    return PitchMap(alpha, pitch, tension, swing)
