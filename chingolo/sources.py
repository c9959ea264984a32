r"""Sound sources: equations of a labium set to swing by the air that passes it, and published sets.

Two of the lab's equations, each a swing x with two controls, pressure p and tension t, and a time
constant gamma. In the time tau = gamma t neither has a gamma, so the pitch is exactly
f0 = gamma F(p, t) / (2 pi), and one table of F serves every gamma. Both are born at p = 0 (Hopf).

Normal form, convention A (Sanz Perl et al. 2011, PRE 84:051909), p = alpha, t = beta:

.. math:: x'' = -\alpha - \beta x + x^2 - x^3 - (1 + x)\, x\, x'

Labial oscillator (the lab's public forerunner for this species, github mwappner/Tesis, 2018), p = b,
t = k, whose pitch hardly depends on pressure:

.. math:: x'' = -k (x + 0.1 x^3) - (x^2 + 0.3 x^3)\, x' + b\, x'
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Source(NamedTuple):
    """A sound source: which equation, how fast, and the pressures it sings with.

    Attributes
    ----------
    labial : bool
        The older labial oscillator; the normal form if not.
    gamma : float
        Time constant, 1/s.
    quiet, loud : float
        Pressure of the faintest and of the loudest sound, dimensionless.
    silent : float
        Pressure between notes, below the threshold 0.
    """

    labial: bool
    gamma: float
    quiet: float
    loud: float
    silent: float


ZONOTRICHIA_BIRDSONGS = Source(False, 37_000.0, 0.08, 0.15, -0.05)
"""The chingolo: gamma as fitted to every one of its syllables in saguileran/birdsongs (2022). The
pressures are our choice within that package's 0.01-0.25: beside the Hopf line, where whistles are
nearly pure, yet high enough for a trill note to grow in some 3 ms."""

ZEBRA_FINCH_ARNEODO_2018 = Source(False, 23_500.0, 0.1, 0.15, -0.15)
"""The zebra finch of zekearneodo/syrinxsynth (2018), its -0.15 written in convention A."""

ZEBRA_FINCH_OSTROWSKI_2026 = Source(False, 24_000.0, 0.12, 0.3, -0.15)
"""The zebra finch of laurenostrowski/zf_vocal_organ_model (2026), pressures from the quiet end of its
range, in convention A."""

ZONOTRICHIA_WAPPNER_2018 = Source(True, 24_000.0, 0.5, 0.5, -1.0)
"""The chingolo of github mwappner/Tesis (2018): the labial oscillator."""

SOURCES = {
    "zonotrichia": ZONOTRICHIA_BIRDSONGS,
    "wappner-2018": ZONOTRICHIA_WAPPNER_2018,
    "arneodo-2018": ZEBRA_FINCH_ARNEODO_2018,
    "ostrowski-2026": ZEBRA_FINCH_OSTROWSKI_2026,
}
"""The sets by the names the configuration gives them."""


def from_convention_b(alpha: npt.ArrayLike, beta: npt.ArrayLike) -> tuple[Array, Array]:
    """Take the normal form's controls from the sign convention of syrinxsynth and zf_vocal_organ_model.

    There both have the opposite sign, typically -0.15; taken as they are, they silence the model.
    The way back is the same.
    """
    return -np.asarray(alpha, dtype=float), -np.asarray(beta, dtype=float)


def saddle_nodes(beta: npt.ArrayLike) -> tuple[Array, Array]:
    """Pressures at which two rest points of the normal form merge, for ``beta <= 1/3``.

    With the rest points x^3 - x^2 + beta x + alpha = 0, their discriminant vanishes at
    x = (1 ± sqrt(1 - 3 beta)) / 3; both lines meet in the cusp alpha = -1/27, beta = 1/3.

    Returns
    -------
    upper, lower : ndarray, shape of `beta`
        alpha at the larger and the smaller of the two x; NaN above the cusp.
    """
    b = np.asarray(beta, dtype=float)
    root = np.sqrt(np.where(b <= 1.0 / 3.0, 1.0 - 3.0 * b, np.nan))
    upper, lower = ((1.0 + sign * root) / 3.0 for sign in (1.0, -1.0))
    return -b * upper - upper**3 + upper**2, -b * lower - lower**3 + lower**2


def upper_limit(beta: npt.ArrayLike) -> Array:
    """Pressure above which the normal form falls silent again: alpha = beta + 2.

    There the rest point x = -1 has trace zero (Hopf).
    """
    return np.asarray(beta, dtype=float) + 2.0
