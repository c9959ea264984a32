"""The tract against closed forms: the comb of the trachea, the circuit, the stepped filter."""

import numpy as np
import pytest
from scipy import signal

from chingolo import tract
from chingolo.syrinx import LANES
from chingolo.tract import TRACTS, ZONOTRICHIA, ZONOTRICHIA_WAPPNER_2018

RATE = 176_400.0


def through(
    bird: tract.Tract, sound: np.ndarray, pitch_hz: np.ndarray, pieces: int = 1
) -> np.ndarray:
    """Send a sound, shape (n, LANES), through a tract, in pieces."""
    passage = tract.Passage(bird, RATE)
    springs = np.split(passage.springs(pitch_hz.astype(np.float32)), pieces)
    memory, heard = np.zeros((passage.memory, LANES), np.float32), []
    for part, spring in zip(np.split(sound, pieces), springs, strict=True):
        line, out = np.concatenate([memory, part]), np.empty_like(part)
        passage.transmit(line, spring, out)
        memory = line[len(part) :].copy()
        heard.append(out)
    return np.concatenate(heard)


def pipe(r: float, length_m: float) -> tract.Tract:
    return TRACTS["trachea"]._replace(reflection=r, length_m=length_m)


@pytest.mark.parametrize(("r", "length_m"), [(0.65, 0.025), (0.1, 0.04)])
def test_the_trachea_is_a_comb_with_its_peaks_where_they_belong(r: float, length_m: float):
    quarter = 350.0 / (4 * length_m)
    f = np.arange(200.0, 20_000.0, 5.0)
    gain = np.abs(tract.response(f, pipe(r, length_m))) / (1 - r)
    peaks, _ = signal.find_peaks(gain)
    dips, _ = signal.find_peaks(-gain)
    odd = quarter * np.arange(1, 2 * peaks.size, 2)
    assert f[peaks] == pytest.approx(odd, abs=5.0)
    assert f[dips] == pytest.approx(quarter * 2 * np.arange(1, dips.size + 1), abs=5.0)
    assert gain[peaks] == pytest.approx(1 / (1 - r), rel=1e-3)
    assert gain[dips] == pytest.approx(1 / (1 + r), rel=1e-3)


def state_space(bird: tract.Tract, pitch_hz: float) -> tuple[np.ndarray, ...]:
    """Write the three first-order equations of the study's notes, derived from the two loop laws."""
    lg, lb, rb, rh = (
        bird.glottis_inertance, bird.beak_inertance, bird.beak_resistance, bird.cavity_resistance,
    )  # fmt: skip
    k = float(tract.stiffness(bird, pitch_hz))
    a = np.array(
        [
            [0, 1, 0],
            [-k / lg, -rh * (1 / lb + 1 / lg), k / lg - rb * rh / (lb * lg)],
            [0, -lg / lb, -rb / lb],
        ]
    )
    b = np.array([[0, 0], [rh / (lb * lg), 1 / lg], [1 / lb, 0]])
    return a, b, np.array([[0, 0, rb]])


@pytest.mark.parametrize(
    "name", ["zonotrichia", "zonotrichia-5khz", "wappner-2018", "arneodo-2018"]
)
def test_the_circuit_equals_its_state_space_form(name: str):
    bird = TRACTS[name]._replace(reflection=0.0)
    a, b, c = state_space(bird, 4500.0)
    f = np.linspace(500, 10_000, 40)
    # Two inputs, V and V': their responses add up with V' = jw V.
    w = 2 * np.pi * f
    of_v = signal.freqresp(signal.StateSpace(a, b[:, :1], c, [[0]]), w)[1]
    of_slope = signal.freqresp(signal.StateSpace(a, b[:, 1:], c, [[0]]), w)[1]
    expected = of_v + 1j * w * of_slope
    assert tract.response(f, bird, 4500.0) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("pitch_hz", [2500.0, 5000.0, 8000.0])
@pytest.mark.parametrize("name", TRACTS)
def test_the_stepped_tract_is_the_closed_form_within_a_tenth_of_a_decibel(
    name: str, pitch_hz: float
):
    click = np.zeros((17_664, LANES), np.float32)
    click[64] = 1.0
    click = through(TRACTS[name], click, np.full((276, LANES), pitch_hz))
    f = np.fft.rfftfreq(1 << 16, 1 / RATE)
    band = (f > 500) & (f < 10_000)
    heard = np.abs(np.fft.rfft(click[:, 5].astype(float), 1 << 16))[band]
    expected = np.abs(tract.response(f[band], TRACTS[name], pitch_hz))
    # Where the closed form is 40 dB under its own peak, an error cannot be heard.
    audible = expected > 0.01 * expected.max()
    error_db = 20 * np.log10(heard / expected)[audible]
    assert np.abs(error_db).max() < 0.1


def test_the_delay_need_not_be_a_whole_number_of_samples():
    for length_m in np.linspace(0.02, 0.0203, 7):
        click = np.zeros((8832, LANES), np.float32)
        click[64] = 1.0
        click = through(pipe(0.65, length_m), click, np.ones((1, LANES)))
        f = np.fft.rfftfreq(1 << 18, 1 / RATE)
        gain = np.abs(np.fft.rfft(click[:, 0].astype(float), 1 << 18))
        near = (f > 3500) & (f < 5200)
        assert f[near][gain[near].argmax()] == pytest.approx(350 / (4 * length_m), rel=1e-3)


def test_silence_in_silence_out():
    still = np.zeros((6400, LANES), np.float32)
    still = through(ZONOTRICHIA, still, np.full((100, LANES), 5000.0))
    assert np.abs(still).max() < 1e-15


def test_what_dies_away_stays_fast_to_compute():
    # Numbers too small for their format slow a processor down a hundredfold: there must be none.
    sound = np.zeros((176_384, LANES), np.float32)
    sound[:1000] = 1.0
    sound = through(ZONOTRICHIA, sound, np.full((2756, LANES), 5000.0))
    left = np.abs(sound[-1000:])
    assert left.max() < 1e-12
    assert (left > np.finfo(np.float32).tiny).all()


def test_the_cavity_resonates_where_the_species_sings():
    f = np.linspace(1000, 10_000, 2000)
    # Damping lowers the peak; with little of it, it lies at 1 / (2 pi sqrt(C_h L_g)).
    free = TRACTS["zonotrichia-5khz"]._replace(reflection=0.0, cavity_resistance=2.4e4)
    peaks, _ = signal.find_peaks(np.abs(tract.response(f, free)))
    assert f[peaks[0]] == pytest.approx(5000, rel=0.02)
    assert tract.stiffness(ZONOTRICHIA_WAPPNER_2018, 1.0) == pytest.approx(7.0e9, rel=1e-3)
    assert tract.stiffness(tract.ZEBRA_FINCH_ARNEODO_2018, 1.0) == pytest.approx(4.5e10, rel=1e-3)


def test_the_cavity_that_follows_keeps_the_second_harmonic_down():
    for pitch_hz in (2500.0, 4000.0, 6000.0):
        free = ZONOTRICHIA._replace(reflection=0.0)
        own, second = np.abs(tract.response([pitch_hz, 2 * pitch_hz], free, pitch_hz))
        assert 20 * np.log10(own / second) > 15


def test_pieces_join_without_a_seam():
    sound = np.random.default_rng(2).standard_normal((6400, LANES)).astype(np.float32)
    pitch = np.linspace(3000, 6000, 100 * LANES, dtype=np.float32).reshape(100, LANES)
    parted = through(ZONOTRICHIA, sound, pitch, pieces=5)
    assert np.array_equal(parted, through(ZONOTRICHIA, sound, pitch))
