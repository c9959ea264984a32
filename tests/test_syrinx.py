"""The syrinx against its theory: thresholds, scaling, published table, a slow reference integration."""

import numpy as np
import pytest

from chingolo import syrinx


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_threshold_pitch_is_the_hopf_frequency(beta: float):
    # At alpha = 0 the rest point loses stability with frequency gamma sqrt(beta) / 2 pi.
    pitch, _ = syrinx.limit_cycle(0.004, beta, 0.02, 4000)
    assert pitch == pytest.approx(np.sqrt(beta), rel=0.01)


def test_below_threshold_it_is_silent():
    assert np.isnan(syrinx.limit_cycle(-0.05, 1.0, 0.05, 100)[0])


# Independent table of F = 2 pi f0 / gamma, three decimals, in the study's notes.
TABLE = {
    (0.05, 0.5): 0.758, (0.05, 1.0): 1.040, (0.05, 2.0): 1.437, (0.10, 0.2): 0.537,
    (0.10, 1.0): 1.078, (0.15, 0.12): 0.515, (0.15, 0.5): 0.861, (0.15, 3.0): 1.776,
    (0.20, 1.0): 1.145, (0.30, 0.12): 0.754,
}  # fmt: skip


@pytest.mark.parametrize(("point", "expected"), TABLE.items())
def test_pitch_equals_the_published_table(point: tuple[float, float], expected: float):
    assert syrinx.limit_cycle(*point, 0.05, 1000)[0] == pytest.approx(expected, rel=0.01)


def reference(
    alpha: float, beta: float, gamma: float, seconds: float, rate_hz: float
) -> np.ndarray:
    """Slow Runge-Kutta from the equation's own words, constant controls."""

    def slope(state: np.ndarray) -> np.ndarray:
        x, y = state
        force = -alpha - beta * x + x**2 - x**3
        return np.array([y, gamma**2 * force - gamma * (1 + x) * x * y])

    state, h, out = np.array([1e-3, 0.0]), 1 / rate_hz, []
    for _ in range(int(seconds * rate_hz)):
        k1 = slope(state)
        k2 = slope(state + h / 2 * k1)
        k3 = slope(state + h / 2 * k2)
        k4 = slope(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        out.append(state[1] / gamma)
    return np.array(out)


def test_the_kernel_equals_the_slow_loop():
    n = 441
    held = [np.full(n, v) for v in (0.12, 0.8, 1.0)]
    fast = syrinx.integrate(*held, 37_000.0, 22_050.0, 8)
    slow = reference(0.12, 0.8, 37_000.0, n / 22_050.0, 22_050.0 * 8)
    assert np.abs(fast - slow).max() < 1e-9


def test_pitch_scales_with_gamma():
    def frequency(gamma: float) -> float:
        n = 8820
        wave = syrinx.integrate(np.full(n, 0.12), np.full(n, 0.8), np.ones(n), gamma, 22_050.0, 16)
        tail = wave[wave.size // 2 :]
        rising = np.flatnonzero((tail[:-1] < 0) & (tail[1:] >= 0))
        exact = rising - tail[rising] / (tail[rising + 1] - tail[rising])
        return float((len(exact) - 1) / (exact[-1] - exact[0]))

    assert frequency(40_000.0) / frequency(20_000.0) == pytest.approx(2.0, rel=1e-4)


def test_silence_in_silence_out():
    n = 1000
    out = syrinx.integrate(np.full(n, -0.05), np.ones(n), np.ones(n), 37_000.0, 22_050.0, 8)
    assert np.abs(out).max() == 0


def test_the_inverse_map_gives_the_pitch_back(pitch_map: syrinx.PitchMap):
    assert np.isfinite(pitch_map.beta).all()
    for i in (0, 4, 8):
        for j in range(0, pitch_map.pitch.size, 37):
            pitch, _ = syrinx.limit_cycle(pitch_map.alpha[i], pitch_map.beta[i, j], 0.05, 1000)
            assert pitch == pytest.approx(pitch_map.pitch[j], rel=2e-3)
