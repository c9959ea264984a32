"""The syrinx sings: many songs side by side, integrated in step.

Fourth-order Runge-Kutta on :data:`LANES` songs at once: the loop over songs is innermost and has no
branches, so the compiler makes vector instructions of it. Single precision: its rounding moves f0 by
less than 0.001 % (tests). Every song has a lane of its own, so that it sounds the same whoever sings
beside it.
"""

import numba
import numpy as np
import numpy.typing as npt

from chingolo.sources import acceleration

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
        Where ``gain * x'`` is written. A syrinx at rest below threshold is held at the
        :data:`DEPARTURE`; its sound is silenced by the gain.
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
