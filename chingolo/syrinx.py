"""The syrinx sings: many songs side by side, integrated in step.

Fourth-order Runge-Kutta on :data:`LANES` songs at once: the loop over songs is innermost and has no
branches, so the compiler makes vector instructions of it. Single precision: its rounding moves f0 by
less than 0.001 % (tests). Every song has a lane of its own, so that it sounds the same whoever sings
beside it.

The equations stand in this file, beside the loops they are compiled into, because numba's cache knows
of changes in the loops' own file only.
"""

import numba
import numpy as np
import numpy.typing as npt

Lanes = npt.NDArray[np.float32]

LANES = 16
"""Songs integrated side by side: one or two vector registers of single-precision numbers."""


DEPARTURE = 1e-3
"""Small departure from rest at which a silent syrinx is held, so that the next note can grow from it."""


def rest() -> Lanes:
    """Give the state of syrinxes that have not sung; shape (2, LANES)."""
    state = np.zeros((2, LANES), np.float32)
    state[0] = DEPARTURE
    return state


@numba.njit(inline="always")
def acceleration(labial: bool, x: float, v: float, pressure: float, tension: float) -> float:
    """X'' of a source in the time gamma t; v is x'. Works in the precision of its arguments."""
    square = x * x
    if labial:
        tenth, third = type(x)(0.1), type(x)(0.3)
        return -tension * (x + tenth * square * x) - (square + third * square * x - pressure) * v
    return -pressure - x * (tension - x + square) - (x + square) * v


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def swing(
    labial: bool,
    state: Lanes,
    pressure: Lanes,
    tension: Lanes,
    gain: Lanes,
    integrations: int,
    step: float,
    out: Lanes,
) -> None:
    """Let syrinxes swing under given gestures.

    Parameters
    ----------
    labial : bool
        See :class:`chingolo.sources.Source`.
    state : ndarray of float32, shape (2, LANES)
        x and x', taken up where the piece before left them, and left for the next; see :func:`rest`.
    pressure, tension, gain : ndarray of float32, shape (n, LANES)
        Controls, and a factor on the sound; linear in between. Double precision in, double out.
    integrations : int
        Runge-Kutta steps from one control to the next.
    step : float
        Length of a step in units of 1/gamma.
    out : ndarray of float32, shape ((n - 1) * integrations, LANES)
        Where ``gain * x'`` is written. A syrinx at rest near x = 0 below
        threshold is held at the :data:`DEPARTURE`; at tensions below 1/3 its rest may lie elsewhere,
        and it waits there. Its sound is silenced by the gain.
    """
    n = pressure.shape[0]
    kind = pressure.dtype.type  # as precise as the controls
    one, two, start = kind(1.0), kind(2.0), kind(DEPARTURE)
    h = kind(step)
    half, sixth = h / two, h / kind(6.0)
    share = one / kind(integrations)
    x, v = state[0].copy(), state[1].copy()
    for k in range(n - 1):
        for lane in range(LANES):
            silent = pressure[k, lane] <= 0.0 and pressure[k + 1, lane] <= 0.0
            if silent and abs(x[lane]) < 0.2 and abs(v[lane]) < 1e-2:
                x[lane], v[lane] = start, kind(0.0)
        for j in range(integrations):
            begin = kind(j) * share
            middle, end = begin + share / two, begin + share
            for lane in range(LANES):
                p, dp = pressure[k, lane], pressure[k + 1, lane] - pressure[k, lane]
                t, dt = tension[k, lane], tension[k + 1, lane] - tension[k, lane]
                g, dg = gain[k, lane], gain[k + 1, lane] - gain[k, lane]
                x1, v1 = x[lane], v[lane]
                a1 = acceleration(labial, x1, v1, p + begin * dp, t + begin * dt)
                v2 = v1 + half * a1
                a2 = acceleration(labial, x1 + half * v1, v2, p + middle * dp, t + middle * dt)
                v3 = v1 + half * a2
                a3 = acceleration(labial, x1 + half * v2, v3, p + middle * dp, t + middle * dt)
                v4 = v1 + h * a3
                a4 = acceleration(labial, x1 + h * v3, v4, p + end * dp, t + end * dt)
                x[lane] = x1 + sixth * (v1 + v4 + two * (v2 + v3))
                v[lane] = v1 + sixth * (a1 + a4 + two * (a2 + a3))
                out[k * integrations + j, lane] = (g + begin * dg) * v1
    state[0], state[1] = x, v


@numba.njit(cache=True)
def limit_cycle(
    labial: bool, pressure: float, tension: float, step: float, blocks: int
) -> tuple[float, float]:
    """Pitch and swing of the steady song at one pressure and tension.

    Parameters
    ----------
    labial : bool
        See :class:`chingolo.sources.Source`.
    pressure, tension : float
    step : float
        Runge-Kutta step in units of 1/gamma.
    blocks : int
        Most blocks of 16 cycles to wait for the period to settle.

    Returns
    -------
    pitch, swing : float
        F = 2 pi / period, and the amplitude of the fundamental of x'; both NaN where the model falls silent.
    """
    p, t = pressure, tension
    x, v = -0.1, 0.05  # off the rest points, which lie at v = 0, but not as far as other basins
    last, strength, time, opened, power, samples = 0.0, 0.0, 0.0, -1.0, 0.0, 0
    cycles, found, quiet = 0, 0, 0
    # Turns once in the period found last: what v keeps of it is the fundamental's amplitude.
    turn, turning, first = 1.0 + 0.0j, 1.0 + 0.0j, 0.0 + 0.0j
    while found < blocks and quiet * step < 400.0:
        a1 = acceleration(labial, x, v, p, t)
        v2 = v + 0.5 * step * a1
        a2 = acceleration(labial, x + 0.5 * step * v, v2, p, t)
        v3 = v + 0.5 * step * a2
        a3 = acceleration(labial, x + 0.5 * step * v2, v3, p, t)
        v4 = v + step * a3
        a4 = acceleration(labial, x + step * v3, v4, p, t)
        before = v
        x += step / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        v += step / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        time += step
        quiet += 1
        turn *= turning
        first += turn * v
        power += v * v
        samples += 1
        if not before < 0.0 <= v:
            continue
        quiet = 0
        # Hénon's trick: one midpoint step in v, from here back to the crossing at v = 0.
        slope = acceleration(labial, x, v, p, t)
        middle = acceleration(labial, x - 0.5 * v * v / slope, 0.5 * v, p, t)
        now = time - v / middle
        if opened < 0.0:
            opened, power, samples = now, 0.0, 0
            continue
        cycles += 1
        if cycles == 16:
            period, swing = (now - opened) / 16.0, 2.0 * abs(first) / samples
            if np.sqrt(power / samples) < 1e-3:
                break
            # Also a song that dies away has a pitch: its strength must have settled, too.
            if abs(period - last) < 1e-5 * period and abs(swing - strength) < 2e-3 * swing:
                return 2.0 * np.pi / period, swing
            last, strength = period, swing
            angle = 2.0 * np.pi * step / period
            turn, turning, first = 1.0 + 0.0j, np.cos(angle) + 1j * np.sin(angle), 0.0 + 0.0j
            opened, power, samples, cycles = now, 0.0, 0, 0
            found += 1
    return np.nan, np.nan
