"""Persistence and its intervals, against closed forms, a published example and simulated truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chingolo import openset
from chingolo.estimate import Errors, by_birds, by_theme, estimate, rogan_gladen, unexplained
from chingolo.seeds import generator

MANY = 10**9


def first(k: int, n: int) -> np.ndarray:
    return np.arange(n) < k


def test_a_judge_who_never_errs_leaves_newcombes_example():
    # Newcombe 1998, Stat. Med. 17:857: 81 of 263.
    found = by_theme(first(81, 263), np.ones(263, np.int64), None)
    assert found.share == 81 / 263
    assert found.interval == pytest.approx((0.2553, 0.3662), abs=5e-5)


@given(st.integers(1, 60), st.data())
def test_themes_noted_from_one_bird_each_have_wilsons_interval(n: int, data: st.DataObject):
    k = data.draw(st.integers(0, n))
    found = by_theme(first(k, n), np.ones(n, np.int64), None)
    assert found.interval == pytest.approx(openset.wilson(k, n), abs=1e-9)


@given(st.floats(0, 1), st.floats(0.51, 1), st.floats(0, 0.5))
def test_the_correction_undoes_the_judges_errors(share: float, s: float, f: float):
    assert rogan_gladen(f + (s - f) * share, s, f) == pytest.approx(share, abs=1e-9)


@given(st.integers(3, 40), st.data())
def test_with_known_errors_the_ends_of_wilsons_interval_are_corrected(n: int, data: st.DataObject):
    k = data.draw(st.integers(0, n))
    errors = Errors(MANY * 9 // 10, MANY, MANY // 20, MANY)
    low, high = by_theme(first(k, n), np.ones(n, np.int64), errors).interval
    ends = [rogan_gladen(end, 0.9, 0.05) for end in openset.wilson(k, n)]
    assert (low, high) == pytest.approx(tuple(np.clip(ends, 0, 1)), abs=1e-6)


def test_all_birds_noted_leave_no_doubt_and_half_of_them_less():
    matched, birds = np.array([True, False, True]), np.array([20, 30, 10])
    assert by_birds(matched, birds, None, 60).interval == pytest.approx((0.5, 0.5), abs=1e-9)
    widths = [np.ptp(by_birds(matched, birds, None, many).interval) for many in (90, 120, np.inf)]
    assert widths == sorted(widths)
    # Wilson's interval, with the finite population's variance put in by hand.
    z2 = stats.norm.ppf(0.975) ** 2 * (120 - 60) / 119
    share, n = 0.5, 60
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * share * (1 - share) / n + z2**2 / (4 * n**2)) / (1 + z2 / n)
    expected = (centre - half, centre + half)
    assert by_birds(matched, birds, None, 120).interval == pytest.approx(expected)


def test_few_synthetic_sketches_widen_the_interval():
    matched, birds = first(5, 17), np.ones(17, np.int64)
    widths = [
        np.ptp(by_theme(matched, birds, Errors(9 * many, 10 * many, many, 20 * many)).interval)
        for many in (1000, 10, 1)
    ]
    assert widths == sorted(widths)


def test_a_judge_who_cannot_tell_leaves_everything_open():
    found = estimate(first(3, 9), np.ones(9), 9, Errors(1, 20, 1, 20))
    assert found.interval == (0.0, 1.0)


def test_unexplained_is_one_less_adjusted_r2():
    rng = generator(1, "regression")
    birds = rng.integers(1, 20, 30)
    matched = rng.random(30) < birds / 20
    r2 = stats.linregress(np.log(birds), matched.astype(float)).rvalue ** 2
    assert unexplained(matched, birds) == pytest.approx((1 - r2) * 29 / 28)
    assert unexplained(matched, np.ones(30, np.int64)) == 1.0
    assert unexplained(first(30, 30), birds) == 1.0


def errs(sung: np.ndarray, s: float, f: float, rng: np.random.Generator) -> np.ndarray:
    return np.where(sung, rng.random(sung.size) < s, rng.random(sung.size) < f)


def test_intervals_by_birds_hold_a_parks_share():
    # 180 birds, a theme's singers log-series-like, 50 noted; the judge errs on themes.
    rng = generator(1, "coverage by birds")
    held = []
    for _ in range(1000):
        singers = np.maximum(1, rng.geometric(0.12, 40))
        theme = np.repeat(np.arange(40), singers)
        sung = rng.random(40) < singers / (singers + 8)
        noted = rng.choice(theme, 50, replace=False)
        labels, birds = np.unique(noted, return_counts=True)
        errors = Errors(rng.binomial(120, 0.9), 120, rng.binomial(120, 0.05), 120)
        found = by_birds(errs(sung[labels], 0.9, 0.05, rng), birds, errors, theme.size)
        low, high = found.interval
        held.append(low <= sung[theme].mean() <= high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_intervals_by_theme_hold_the_expectation_of_a_mixed_notebook():
    rng = generator(1, "coverage by theme")
    birds = np.array([10, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1])
    chance = birds / (birds + 8)
    held, plain = [], []
    for _ in range(2000):
        sung = rng.random(birds.size) < chance
        errors = Errors(rng.binomial(120, 0.9), 120, rng.binomial(120, 0.05), 120)
        low, high = by_theme(errs(sung, 0.9, 0.05, rng), birds, errors).interval
        held.append(low <= chance.mean() <= high)
        low, high = openset.wilson(int(sung.sum()), sung.size)
        plain.append(low <= chance.mean() <= high)
    assert 0.92 <= np.mean(held) <= 0.98
    # Wilson's interval takes the difference of common and rare themes for chance.
    assert np.mean(plain) > 0.97
