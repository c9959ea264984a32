"""The vocal tract: trachea, glottis, oro-oesophageal cavity and beak, as one linear filter.

Nothing in the tract changes while a bird sings (in this model), so the tract is its frequency
response, in closed form, applied to the whole song at once; its delays are exact, not whole samples.

Trachea: the wave that enters, p_i(t) = s(t) - r p_i(t - 2L/c), is the source plus what returned from
the open end; what leaves it is p_out(t) = (1 - r) p_i(t - L/c).
Upper tract: glottis inertance L_g in series with the cavity (R_h and compliance C_h) in parallel with
the beak (L_b and R_b), driven by the pressure that leaves the trachea (p_out), because that is the
pressure at the glottis; the sound is the beak's R_b i_3. From the two loop laws of the circuit of
Sanz Perl et al. 2011 (PRE 84:051909).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import fft

Array = npt.NDArray[np.float64]


class Tract(NamedTuple):
    """Constants of a vocal tract, SI units.

    Attributes
    ----------
    length_m : float
        Length of the trachea.
    reflection : float
        Share of the wave that returns from its end.
    sound_speed : float
        In the trachea, m/s.
    glottis_inertance : float
        L_g.
    cavity_stiffness : float
        1/C_h.
    cavity_resistance : float
        R_h.
    beak_inertance, beak_resistance : float
        L_b, R_b.
    """

    length_m: float
    reflection: float
    sound_speed: float
    glottis_inertance: float
    cavity_stiffness: float
    cavity_resistance: float
    beak_inertance: float
    beak_resistance: float


ZONOTRICHIA_WAPPNER_2018 = Tract(0.025, 0.65, 350.0, 20.0, 7.0e9, 2.4e5, 1e4, 5e6)
"""Constants of the lab's public forerunner for this species (github mwappner/Tesis, 2018): its cavity
resonates at 3 kHz, below most of the chingolo's song."""

ZONOTRICHIA = ZONOTRICHIA_WAPPNER_2018._replace(cavity_stiffness=1.96e10, cavity_resistance=6e5)
"""The same with the cavity tuned to 5 kHz, where the species sings, and damped as in the finch sets
of Arneodo and Ostrowski, so that low notes do not lose to their own harmonics (our choice)."""


TRACTS = {"zonotrichia": ZONOTRICHIA, "wappner-2018": ZONOTRICHIA_WAPPNER_2018, "none": None}
"""The sets by the names the configuration gives them."""


def response(frequency_hz: npt.ArrayLike, tract: Tract) -> npt.NDArray[np.complex128]:
    """Sound pressure at the beak over source pressure.

    Parameters
    ----------
    frequency_hz : array_like, shape (n,)
    tract : Tract

    Returns
    -------
    ndarray of complex, shape (n,)
        Relative to R_b / (R_b + ...) units of the circuit; 0 at 0 Hz, where nothing sounds.
    """
    f = np.asarray(frequency_hz, dtype=float)
    jw = 2j * np.pi * np.where(f == 0, 1.0, f)
    there = np.exp(-jw * tract.length_m / tract.sound_speed)
    trachea = (1.0 - tract.reflection) * there / (1.0 + tract.reflection * there**2)
    cavity = tract.cavity_resistance + tract.cavity_stiffness / jw
    beak = tract.beak_resistance + jw * tract.beak_inertance
    whole = jw * tract.glottis_inertance + cavity * beak / (cavity + beak)
    sound = tract.beak_resistance * cavity / (cavity + beak) / whole
    return np.where(f == 0, 0.0, trachea * sound)


def transmit(source: Array, rate_hz: float, tract: Tract | None, factor: int) -> Array:
    """Send a sound through the tract and bring it to a lower rate.

    Parameters
    ----------
    source : ndarray, shape (n,)
        At `rate_hz`.
    rate_hz : float
        Hz.
    tract : Tract or None
        None leaves the sound as it is.
    factor : int
        Every how many samples one is kept; what lies above the new Nyquist frequency is removed.

    Returns
    -------
    ndarray, shape (n // factor,)
    """
    n = source.size // factor
    padded = fft.next_fast_len(n + 512, real=True) * factor  # room for the tract's ringing
    spectrum = fft.rfft(source, padded)
    kept = padded // factor // 2 + 1
    spectrum = spectrum[:kept]
    if tract is not None:
        spectrum = spectrum * response(np.arange(kept) * rate_hz / padded, tract)
    return np.asarray(fft.irfft(spectrum, padded // factor)[:n] / factor)
