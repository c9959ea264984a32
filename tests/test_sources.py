"""The sources against their theory: thresholds, bifurcation lines, scaling, a published table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo import sources
from chingolo.sources import SOURCES
from chingolo.syrinx import acceleration, limit_cycle


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0, 4.0])
def test_threshold_pitch_is_the_hopf_frequency(beta: float):
    # At alpha = 0 the rest point loses stability with frequency gamma sqrt(beta) / 2 pi.
    pitch, _ = limit_cycle(False, 0.004, beta, 0.02, 4000)
    assert pitch == pytest.approx(np.sqrt(beta), rel=0.007)
    assert np.isnan(limit_cycle(False, -0.004, beta, 0.02, 100)[0])


def test_the_labial_oscillator_is_born_at_zero_pressure_too():
    pitch, swing = limit_cycle(True, 0.005, 1.0, 0.02, 4000)
    assert pitch == pytest.approx(1.0, rel=0.005)
    assert swing < 0.2
    assert np.isnan(limit_cycle(True, -0.01, 1.0, 0.02, 100)[0])


def test_pitch_of_the_labial_oscillator_hardly_depends_on_pressure():
    soft, loud = (limit_cycle(True, b, 1.7, 0.05, 1000)[0] for b in (0.1, 0.5))
    assert loud == pytest.approx(soft, rel=0.07)
    quiet, strong = (limit_cycle(False, alpha, 0.3, 0.05, 1000)[0] for alpha in (0.03, 0.15))
    assert strong / quiet > 1.2


def rest_points(alpha: float, beta: float) -> np.ndarray:
    roots = np.roots([1.0, -1.0, beta, alpha])
    return roots[np.abs(roots.imag) < 1e-7].real


@pytest.mark.parametrize("beta", [-0.2, 0.1, 0.25, 0.33])
def test_rest_points_merge_on_the_saddle_node_lines(beta: float):
    for line in sources.saddle_nodes(beta):
        inside, outside = (
            {rest_points(float(line) + sign * 1e-5, beta).size for sign in (1, -1)} for _ in "ab"
        )
        assert inside | outside == {1, 3}


def test_the_lines_meet_in_the_cusp():
    upper, lower = sources.saddle_nodes(1.0 / 3.0)
    assert upper == pytest.approx(-1.0 / 27.0)
    assert lower == pytest.approx(-1.0 / 27.0)
    # There all three rest points are one: x^3 - x^2 + beta x + alpha = (x - 1/3)^3.
    assert np.poly([1.0 / 3.0] * 3) == pytest.approx([1.0, -1.0, 1.0 / 3.0, -1.0 / 27.0])
    assert np.isnan(sources.saddle_nodes(0.34)[0])


def test_below_the_saddle_node_it_is_silent():
    # At beta = 0.1 the song is born where the saddle and the node meet (SNIC), and slowly.
    line = float(sources.saddle_nodes(0.1)[0])
    assert np.isnan(limit_cycle(False, line - 1e-3, 0.1, 0.02, 200)[0])
    slow, fast = (limit_cycle(False, line + d, 0.1, 0.02, 2000)[0] for d in (1e-3, 3e-2))
    assert 0 < slow < 0.5 * fast


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_the_upper_limit_has_trace_zero(beta: float):
    limit = float(sources.upper_limit(beta))
    assert np.abs(rest_points(limit, beta) + 1.0).min() < 1e-9
    x, h = -1.0, 1e-6
    slope = (acceleration(False, x, h, limit, beta) - acceleration(False, x, -h, limit, beta)) / h
    assert slope == pytest.approx(0.0, abs=1e-9)
    sung, silent = (limit_cycle(False, limit + d, beta, 0.01, 4000)[0] for d in (-0.02, 0.02))
    assert np.isfinite(sung)
    assert np.isnan(silent)


# Independent table of F = 2 pi f0 / gamma, three decimals, by Runge-Kutta: alpha, then beta as below.
BETAS = (0.12, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
TABLE = {
    0.01: (None, 0.431, 0.551, 0.717, 0.876, 1.008, 1.231, 1.419, 1.585, 1.735, 2.002),
    0.03: (None, 0.420, 0.565, 0.737, 0.894, 1.024, 1.243, 1.428, 1.592, 1.741, 2.006),
    0.05: (None, 0.442, 0.588, 0.758, 0.913, 1.040, 1.255, 1.437, 1.599, 1.747, 2.011),
    0.10: (0.370, 0.537, 0.654, 0.811, 0.957, 1.078, 1.283, 1.459, 1.617, 1.762, 2.021),
    0.15: (0.515, 0.623, 0.719, 0.861, 0.997, 1.113, 1.310, 1.480, 1.634, 1.776, 2.032),
    0.20: (0.612, 0.696, 0.779, 0.908, 1.036, 1.145, 1.335, 1.501, 1.651, 1.790, 2.042),
    0.30: (0.754, 0.815, 0.881, 0.991, 1.105, 1.206, 1.382, 1.539, 1.683, 1.817, 2.062),
}  # fmt: skip


@pytest.mark.parametrize("alpha", TABLE)
def test_pitch_equals_the_published_table(alpha: float):
    for beta, expected in zip(BETAS, TABLE[alpha], strict=True):
        pitch, _ = limit_cycle(False, alpha, beta, 0.05, 4000)
        if expected is None:
            assert np.isnan(pitch), (alpha, beta)
        else:
            assert pitch == pytest.approx(expected, rel=0.01), (alpha, beta)


def test_the_other_convention_is_converted_and_silent_if_not():
    alpha, beta = sources.from_convention_b(-0.15, -0.15)
    assert (alpha, beta) == (0.15, 0.15)
    assert np.isfinite(limit_cycle(False, float(alpha), float(beta), 0.05, 1000)[0])
    assert np.isnan(limit_cycle(False, -0.15, -0.15, 0.05, 1000)[0])


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-0.5, 0.5), st.floats(-1, 3))
def test_the_compiled_equations_are_the_written_ones(x: float, v: float, p: float, t: float):
    normal = -p - t * x + x**2 - x**3 - (1 + x) * x * v
    labial = -t * (x + 0.1 * x**3) - (x**2 + 0.3 * x**3) * v + p * v
    assert acceleration(False, x, v, p, t) == pytest.approx(normal, abs=1e-12)
    assert acceleration(True, x, v, p, t) == pytest.approx(labial, abs=1e-12)


def test_all_sets_sing_within_their_pressures():
    for source in SOURCES.values():
        assert source.silent < 0 < source.quiet <= source.loud
        tension = (2 * np.pi * 5000 / source.gamma) ** 2
        pitch, _ = limit_cycle(source.labial, source.quiet, tension, 0.05, 2000)
        assert pitch * source.gamma / (2 * np.pi) == pytest.approx(5000, rel=0.1)
