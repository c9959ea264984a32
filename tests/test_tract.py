"""The tract against closed forms: the comb of the trachea, the circuit solved in the time domain."""

import numpy as np
import pytest
from scipy import signal

from chingolo import tract
from chingolo.tract import ZONOTRICHIA, ZONOTRICHIA_WAPPNER_2018


def test_the_trachea_is_a_comb_of_known_contrast():
    alone = ZONOTRICHIA._replace(glottis_inertance=0.0)  # its end feeds the beak directly
    r, quarter = alone.reflection, alone.sound_speed / (4 * alone.length_m)
    f = np.array([quarter, 2 * quarter, 3 * quarter])
    jw = 2j * np.pi * f
    cavity = alone.cavity_resistance + alone.cavity_stiffness / jw
    beak = alone.beak_resistance + jw * alone.beak_inertance
    whole = cavity * beak / (cavity + beak)
    circuit = alone.beak_resistance * cavity / (cavity + beak) / whole
    comb = np.abs(tract.response(f, alone) / circuit)
    assert comb == pytest.approx([1.0, (1 - r) / (1 + r), 1.0])


@pytest.mark.parametrize("bird", [ZONOTRICHIA, ZONOTRICHIA_WAPPNER_2018])
def test_the_circuit_equals_its_state_space_form(bird: tract.Tract):
    # The three first-order equations, as derived from the two loop laws, with V' as a second input.
    lg, lb, rb, rh = (
        bird.glottis_inertance, bird.beak_inertance, bird.beak_resistance, bird.cavity_resistance,
    )  # fmt: skip
    k = bird.cavity_stiffness
    a = np.array(
        [
            [0, 1, 0],
            [-k / lg, -rh * (1 / lb + 1 / lg), k / lg - rb * rh / (lb * lg)],
            [0, -lg / lb, -rb / lb],
        ]
    )
    b = np.array([[0, 0], [rh / (lb * lg), 1 / lg], [1 / lb, 0]])
    f = np.linspace(500, 10_000, 40)
    expected = []
    for w in 2 * np.pi * f:
        state = np.linalg.solve(1j * w * np.eye(3) - a, b @ np.array([1, 1j * w]))
        expected.append(rb * state[2])
    free = bird._replace(reflection=0.0, length_m=0.0)
    assert tract.response(f, free) == pytest.approx(np.array(expected), rel=1e-6)


def test_transmit_is_the_response_and_decimates():
    rate, f = 176_400.0, 4000.0
    source = np.sin(2 * np.pi * f * np.arange(176_400) / rate)
    out = tract.transmit(source, rate, ZONOTRICHIA, 8)
    assert out.size == 22_050
    middle = out[5000:15_000]
    gain = np.sqrt(2) * middle.std()
    assert gain == pytest.approx(abs(tract.response(np.array([f]), ZONOTRICHIA)[0]), rel=2e-3)
    above = tract.transmit(np.sin(2 * np.pi * 15_000 * np.arange(176_400) / rate), rate, None, 8)
    assert np.abs(above[2000:-2000]).max() < 2e-3


def test_without_a_tract_a_sound_stays_as_it_is():
    source = np.sin(2 * np.pi * 3000 * np.arange(44_100) / 44_100)
    assert tract.transmit(source, 44_100, None, 1) == pytest.approx(source, abs=1e-9)


def test_the_cavity_resonates_where_the_species_sings():
    f = np.linspace(1000, 10_000, 2000)
    # Damping lowers the peak; with little of it, it lies at 1 / (2 pi sqrt(C_h L_g)).
    free = ZONOTRICHIA._replace(reflection=0.0, cavity_resistance=2.4e4)
    peaks, _ = signal.find_peaks(np.abs(tract.response(f, free)))
    assert f[peaks[0]] == pytest.approx(5000, rel=0.02)
