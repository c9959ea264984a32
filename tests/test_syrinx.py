"""The stepping: equal to a slow loop, of fourth order, exact in scale, the same in every lane."""

import numpy as np
import pytest
from conftest import zero_crossing_pitch

from chingolo.syrinx import LANES, limit_cycle, rest
from chingolo.syrinx import swing as swing_into

Lanes = np.ndarray


def held(n: int, *values: float) -> tuple[Lanes, ...]:
    return tuple(np.full((n, LANES), v, np.float32) for v in values)


def swing(labial: bool, state: Lanes, *controls: Lanes, integrations: int, step: float) -> Lanes:
    out = np.empty(((len(controls[0]) - 1) * integrations, LANES), controls[0].dtype)
    swing_into(labial, state, *controls, integrations, step, out)
    return out


def slow_loop(
    alpha: float, beta: float, gamma: float, n: int, rate_hz: float, x: float = 1e-3
) -> np.ndarray:
    """Runge-Kutta from the published equation's own words, constant controls, double precision."""

    def slope(state: np.ndarray) -> np.ndarray:
        x, y = state
        force = -alpha - beta * x + x**2 - x**3
        return np.array([y, gamma**2 * force - gamma * (1 + x) * x * y])

    state, h, out = np.array([x, 0.0]), 1 / rate_hz, []
    for _ in range(n):
        out.append(state[1] / gamma)
        k1 = slope(state)
        k2 = slope(state + h / 2 * k1)
        k3 = slope(state + h / 2 * k2)
        k4 = slope(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.array(out)


def test_the_kernel_equals_the_slow_loop_to_single_precision():
    fast = swing(
        False, rest(), *held(31, 0.12, 0.8, 1.0), integrations=64, step=37_000.0 / 176_400.0
    )[:, 3]
    slow = slow_loop(0.12, 0.8, 37_000.0, fast.size, 176_400.0)
    assert np.abs(fast - slow).max() < 2e-4


@pytest.mark.parametrize("labial", [False, True])
def test_the_order_of_convergence_is_four(labial: bool):
    # In double precision, the same compiled code: halving the step divides the error by 16.
    def end(substeps: int) -> float:
        controls = [np.full((13, LANES), v) for v in (0.12, 0.8, 1.0)]
        wave = swing(
            labial, rest().astype(float), *controls, integrations=substeps, step=3.2 / substeps
        )
        return float(wave[-substeps, 0])

    exact = end(4096)
    errors = np.array([abs(end(n) - exact) for n in (64, 128, 256, 512)])
    assert np.log2(errors[:-1] / errors[1:]) == pytest.approx([4.0] * 3, abs=0.3)


def test_single_precision_moves_the_pitch_by_less_than_a_thousandth_of_a_percent():
    rate = 176_400.0
    single, double = (
        swing(
            False,
            rest().astype(kind),
            *(c.astype(kind) for c in held(800, 0.12, 0.8, 1.0)),
            integrations=64,
            step=37_000.0 / rate,
        )
        for kind in (np.float32, np.float64)
    )
    half = single.shape[0] // 2
    pitches = [zero_crossing_pitch(s[half:, 0].astype(float), rate) for s in (single, double)]
    assert pitches[0] == pytest.approx(pitches[1], rel=1e-5)


def test_pitch_scales_with_gamma():
    def frequency(gamma: float) -> float:
        wave = swing(
            False, rest(), *held(600, 0.12, 0.8, 1.0), integrations=64, step=gamma / 352_800.0
        )
        return zero_crossing_pitch(wave[wave.shape[0] // 2 :, 0].astype(float), 352_800.0)

    assert frequency(40_000.0) / frequency(20_000.0) == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize(
    ("gamma", "alpha", "expected_ms"),
    [(23_500, 0.05, 16), (23_500, 0.10, 9.1), (23_500, 0.15, 6.5), (23_500, 0.20, 5.3),
     (37_000, 0.03, 7.4), (37_000, 0.05, 5.0), (37_000, 0.10, 3.1), (37_000, 0.15, 2.4),
     (37_000, 0.20, 2.0)],
)  # fmt: skip
def test_onset_takes_as_long_as_tabulated(gamma: float, alpha: float, expected_ms: float):
    # Independent runs: a 5 kHz note whose x starts 0.001 off rest, to half of the full amplitude; how
    # their amplitude was smoothed is not known, hence the half millisecond.
    tensions = np.linspace(0.2, 2.5, 100)
    pitches = np.array([limit_cycle(False, alpha, t, 0.05, 400)[0] for t in tensions])
    beta = float(np.interp(2 * np.pi * 5000 / gamma, pitches, tensions))
    points = np.roots([1.0, -1.0, beta, alpha])
    rest = float(points[np.abs(points).argmin()].real)
    rate = 200_000.0
    wave = np.abs(slow_loop(alpha, beta, gamma, int(5e-3 * expected_ms * rate), rate, rest + 1e-3))
    reached = np.argmax(wave > 0.5 * wave.max()) / rate * 1e3
    assert reached == pytest.approx(expected_ms, abs=0.6)


def test_below_threshold_the_swing_dies_away():
    # Out of its small departure into rest, and not on.
    still = swing(False, rest(), *held(50, -0.05, 1.0, 1.0), integrations=64, step=0.2)
    assert np.abs(still[-640:]).max() < 0.06
    sung = swing(False, rest(), *held(50, 0.12, 1.0, 1.0), integrations=64, step=0.2)
    assert np.abs(sung[-640:]).max() > 0.3


def test_a_lane_does_not_know_its_neighbours():
    controls = held(60, 0.12, 0.8, 1.0)
    alone = swing(False, rest(), *controls, integrations=64, step=0.2)
    rng = np.random.default_rng(1)
    others = [c * rng.uniform(0.9, 1.1, c.shape).astype(np.float32) for c in controls]
    for lane in (0, 7, LANES - 1):
        mixed = [o.copy() for o in others]
        for m, c in zip(mixed, controls, strict=True):
            m[:, lane] = c[:, lane]
        assert np.array_equal(
            swing(False, rest(), *mixed, integrations=64, step=0.2)[:, lane], alone[:, lane]
        )


def test_pieces_join_without_a_seam():
    controls = held(65, 0.12, 0.8, 1.0)
    whole = swing(False, rest(), *controls, integrations=16, step=0.2)
    state = rest()
    pieces = [
        swing(False, state, *(c[k : k + 17] for c in controls), integrations=16, step=0.2)
        for k in (0, 16, 32, 48)
    ]
    assert np.array_equal(np.concatenate(pieces), whole)
