r"""The vocal tract: trachea, glottis, oro-oesophageal cavity and beak, a linear filter.

Trachea: the wave that enters, p_i(t) = s(t) - r p_i(t - 2L/c), is the source plus what returned from
the open end; what leaves it is p_out(t) = (1 - r) p_i(t - L/c).
Upper tract: glottis inertance L_g in series with the cavity (R_h and compliance C_h) in parallel with
the beak (L_b and R_b). It is driven by p_out, because that is the pressure at the glottis (the public
codes differ there: Arneodo and Ostrowski take the pressure that enters the trachea); the sound is the
beak's R_b i_3. From the two loop laws of the circuit of Sanz Perl et al. 2011 (PRE 84:051909):

.. math:: L_g i_1' = p_{out} - u, \quad u = q / C_h + R_h (i_1 - i_3), \quad
   q' = i_1 - i_3, \quad L_b i_3' = u - R_b i_3

The cavity may follow the pitch, as has been proposed for the cardinal (Fletcher, Riede, Suthers 2006,
JASA 119:1005): then 1/C_h varies in time, so the circuit is stepped, not multiplied in the spectrum.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from chingolo.syrinx import LANES

Array = npt.NDArray[np.float64]
Lanes = npt.NDArray[np.float32]


FLOOR = np.float32(1e-18)
"""Keeps what dies away from ever becoming so small that the processor slows down."""


class Tract(NamedTuple):
    """Constants of a vocal tract, SI units.

    Attributes
    ----------
    length_m : float
        Length of the trachea.
    reflection : float
        Share of the wave that returns from its end; 0 switches the trachea off.
    sound_speed : float
        In the trachea, m/s.
    glottis_inertance : float
        L_g; 0 switches the upper tract off.
    cavity_hz : float
        Resonance of cavity and glottis, 1 / (2 pi sqrt(C_h L_g)); 0: it follows the pitch.
    cavity_resistance : float
        R_h.
    beak_inertance, beak_resistance : float
        L_b, R_b.
    """

    length_m: float
    reflection: float
    sound_speed: float
    glottis_inertance: float
    cavity_hz: float
    cavity_resistance: float
    beak_inertance: float
    beak_resistance: float


ZONOTRICHIA_WAPPNER_2018 = Tract(0.025, 0.65, 350.0, 20.0, 2977.0, 2.4e5, 1e4, 5e6)
"""The chingolo of the lab's public forerunner (github mwappner/Tesis, 2018; 1/C_h = 7.0e9): its cavity
resonates at 3 kHz, below most of the species' song."""

ZEBRA_FINCH_ARNEODO_2018 = Tract(0.04, 0.1, 350.0, 82.0, 3729.0, 6e5, 1e4, 5e6)
"""The zebra finch of zekearneodo/syrinxsynth (2018; 1/C_h = 4.5e10), its three equal tubes as one."""

ZEBRA_FINCH_OSTROWSKI_2026 = ZEBRA_FINCH_ARNEODO_2018._replace(length_m=0.035)
"""The zebra finch of laurenostrowski/zf_vocal_organ_model (2026)."""

ZONOTRICHIA = ZONOTRICHIA_WAPPNER_2018._replace(cavity_hz=0.0, cavity_resistance=1.2e5)
"""The same trachea and beak with a cavity that follows the pitch, damped so that the second harmonic
is as weak as in the recordings (our choice; measured by the benchmark)."""

NO_TRACT = Tract(0.0, 0.0, 350.0, 0.0, 5000.0, 0.0, 0.0, 0.0)
"""No tract at all: the source as it is."""

TRACTS = {
    "zonotrichia": ZONOTRICHIA,
    "zonotrichia-5khz": ZONOTRICHIA._replace(cavity_hz=5000.0, cavity_resistance=6e5),
    "wappner-2018": ZONOTRICHIA_WAPPNER_2018,
    "arneodo-2018": ZEBRA_FINCH_ARNEODO_2018,
    "ostrowski-2026": ZEBRA_FINCH_OSTROWSKI_2026,
    "trachea": ZONOTRICHIA._replace(glottis_inertance=0.0),
    "cavity": ZONOTRICHIA._replace(reflection=0.0),
    "none": NO_TRACT,
}
"""The sets by the names the configuration gives them; `zonotrichia-5khz` has a fixed cavity where the
species sings most, damped as in the finch sets."""


def response(
    frequency_hz: npt.ArrayLike, tract: Tract, pitch_hz: npt.ArrayLike = 5000.0
) -> npt.NDArray[np.complex128]:
    """Sound pressure at the beak over source pressure, in closed form.

    Parameters
    ----------
    frequency_hz : array_like, shape (n,)
        Hz, above 0.
    tract : Tract
    pitch_hz : array_like, shape () or (n,)
        Pitch that the cavity follows, where it does.

    Returns
    -------
    ndarray of complex, shape (n,)
        1 / (1 + r e^{-2 jw L/c}) times the circuit; the delay L/c to the beak is left out.
    """
    jw = 2j * np.pi * np.asarray(frequency_hz, dtype=float)
    trachea = (1.0 - tract.reflection) / (
        1.0 + tract.reflection * np.exp(-2.0 * jw * tract.length_m / tract.sound_speed)
    )
    if tract.glottis_inertance == 0:
        return np.asarray(trachea)
    cavity = tract.cavity_resistance + stiffness(tract, pitch_hz) / jw
    beak = tract.beak_resistance + jw * tract.beak_inertance
    whole = jw * tract.glottis_inertance + cavity * beak / (cavity + beak)
    return np.asarray(trachea * tract.beak_resistance * cavity / (cavity + beak) / whole)


def stiffness(tract: Tract, pitch_hz: npt.ArrayLike) -> Array:
    """1/C_h of the cavity while the bird sings a pitch; shape of `pitch_hz`."""
    tuned = tract.cavity_hz or np.asarray(pitch_hz, dtype=float)
    return np.asarray(
        tract.glottis_inertance * (2.0 * np.pi * tuned) ** 2 + 0.0 * np.asarray(pitch_hz)
    )


LEAST_HZ = 170_000.0
"""From this rate on the stepped circuit keeps to :func:`response` within 0.1 dB up to 10 kHz."""


class Passage:
    """A tract that :data:`~chingolo.syrinx.LANES` sounds pass side by side, piece by piece.

    Parameters
    ----------
    tract : Tract
    rate_hz : float
        Of the sounds; see :data:`LEAST_HZ`.

    Attributes
    ----------
    memory : int
        Samples of the piece before that a piece must bring with it.
    """

    def __init__(self, tract: Tract, rate_hz: float) -> None:
        self.tract, self.rate_hz = tract, rate_hz
        delay = 2.0 * tract.length_m / tract.sound_speed * rate_hz
        self.whole = max(int(delay) - 1, 1)
        self.memory = self.whole + 3
        # Lagrange's interpolation through four samples: the delay need not be a whole number of them.
        d = delay - self.whole
        taps = [np.prod([(d - m) / (k - m) for m in range(4) if m != k]) for k in range(4)]
        self.taps = np.array(taps, np.float32)
        self.circuit = np.zeros((3, LANES), np.float32)

    def springs(self, pitch_hz: Lanes) -> Lanes:
        """Stiffness of the cavity, in the units of the stepped circuit.

        Parameters
        ----------
        pitch_hz : ndarray of float32, shape (controls, LANES)
            Pitch that the cavity follows.

        Returns
        -------
        ndarray of float32, shape (controls, LANES)
        """
        own = np.broadcast_to(2.0 * np.pi * (self.tract.cavity_hz or pitch_hz), pitch_hz.shape)
        # A leapfrog swings too fast; set right between the pitch and its second harmonic, as far as
        # that can be heard.
        w = np.clip(2.0 * np.pi * 8500.0, own, 1.3 * own) / self.rate_hz
        return np.asarray((own / self.rate_hz * 2.0 * np.sin(0.5 * w) / w) ** 2, np.float32)

    def transmit(self, line: Lanes, springs: Lanes, out: Lanes) -> None:
        """Send the next piece of the sounds through the tract.

        Parameters
        ----------
        line : ndarray of float32, shape (memory + n, LANES)
            What was left at the end of this array by the piece before (at first zeros), then what
            enters now; it is overwritten by what runs in the trachea.
        springs : ndarray of float32, shape (controls, LANES)
            Of :meth:`springs`, held over ``n / controls`` samples.
        out : ndarray of float32, shape (n, LANES)
            Where the sounds are written.
        """
        tract, h = self.tract, 1.0 / self.rate_hz
        _trachea(line, np.float32(tract.reflection), self.whole, self.taps, out)
        if tract.glottis_inertance > 0:
            # Leapfrog integrates the beak's current too large: set right at 7 kHz.
            resistance = tract.beak_resistance * h / tract.glottis_inertance * np.sinc(7000.0 * h)
            _upper_tract(
                out,
                self.circuit,
                springs,
                np.float32(0.5 * h * tract.cavity_resistance / tract.glottis_inertance),
                np.float32(tract.glottis_inertance / tract.beak_inertance),
                np.float32(0.5 * h * tract.beak_resistance / tract.beak_inertance),
                np.float32(resistance),
            )


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})  # type: ignore[untyped-decorator]
def _trachea(line: Lanes, reflection: float, whole: int, taps: Lanes, out: Lanes) -> None:
    """Feed back what returns from the open end, and let out what does not."""
    lanes = out.shape[1]
    entering, left = line.reshape(-1), out.reshape(-1)
    before = entering.size - left.size
    passed = np.float32(1.0) - reflection
    t0, t1, t2, t3 = taps[0], taps[1], taps[2], taps[3]
    # Within a delay nothing depends on anything else: so many samples of all lanes are one long row.
    for first in range(before, entering.size, whole * lanes):
        last = min(first + whole * lanes, entering.size)
        row, heard = entering[first:last], left[first - before : last - before]
        a = entering[first - whole * lanes : last - whole * lanes]
        b = entering[first - (whole + 1) * lanes : last - (whole + 1) * lanes]
        c = entering[first - (whole + 2) * lanes : last - (whole + 2) * lanes]
        d = entering[first - (whole + 3) * lanes : last - (whole + 3) * lanes]
        for k in range(row.size):
            row[k] += FLOOR - reflection * (t0 * a[k] + t1 * b[k] + t2 * c[k] + t3 * d[k])
        for k in range(row.size):
            heard[k] = passed * row[k]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})  # type: ignore[untyped-decorator]
def _upper_tract(
    sound: Lanes,
    state: Lanes,
    stiffness: Lanes,
    damping: float,
    ratio: float,
    loss: float,
    resistance: float,
) -> None:
    """Step the circuit in place, by leapfrog: charge on the samples, currents half-way between them.

    In units in which L_g = 1 and the step is 1: `stiffness` h^2 / (L_g C_h), `damping` h R_h / 2 L_g,
    `ratio` L_g / L_b, `loss` h R_b / 2 L_b, `resistance` h R_b / L_g. `state`: charge, i_1 and i_3.
    """
    n, lanes = sound.shape
    one, two = np.float32(1.0), np.float32(2.0)
    hold = n // stiffness.shape[0]
    damped, lossy = one / (one + damping), one / (one + loss)
    charge, first, third = state[0].copy(), state[1].copy(), state[2].copy()
    for k in range(n):
        c = k // hold
        for lane in range(lanes):
            pull = stiffness[c, lane] * charge[lane]
            i1, i3 = first[lane], third[lane]
            drive = sound[k, lane] + FLOOR - pull
            i1_next = (i1 * (one - damping) + drive + two * damping * i3) * damped
            across = pull + damping * (i1 + i1_next - two * i3)
            i3_next = (i3 * (one - loss) + ratio * across) * lossy
            charge[lane] += i1_next - i3_next
            first[lane], third[lane] = i1_next, i3_next
            # R_b i_3 of the circuit, in the units of its response.
            sound[k, lane] = resistance * i3_next
    state[0], state[1], state[2] = charge, first, third
