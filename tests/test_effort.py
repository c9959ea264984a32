"""Sampling effort and the regression on birds noted, against published examples, closed forms and loops."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from chingolo import effort, regression
from chingolo.seeds import generator

# Birds (trees) of each of Chao & Chiu's (2016) species at the forest's edge: how many species of 1, of 2 ...
ABUNDANCE = (
    *range(1, 22),
    23,
    25,
    27,
    28,
    30,
    32,
    34,
    35,
    36,
    37,
    41,
    45,
    46,
    49,
    52,
    89,
    110,
    123,
    140,
)
EDGE = (113, 50, 39, 29, 15, 11, 13, 5, 6, 6, 3, 4, 3, 5, 2, 5, 2, 2, 2, 2, 1, 2, 1, 1, 1, 1, 1,
        0, 0, 2, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0)  # fmt: skip
# Counts of scikit-bio's tests, whose interval is that of Colwell's EstimateS.
PRINTED = np.array([1, 1, 4, 2, 5, 2, 4, 1, 2])
counted = st.lists(st.integers(1, 12), min_size=2, max_size=25).map(np.array)


def test_chao1_equals_the_printed_values():
    found = effort.chao1(PRINTED)
    assert found.themes == pytest.approx(9.75)
    assert found.interval == pytest.approx((9.07, 17.45), abs=0.01)
    edge = np.repeat(ABUNDANCE, EDGE)
    # Printed with the factor (n - 1) / n on the themes missed, which the bias-corrected form leaves out.
    n = edge.sum()
    assert edge.size + effort.chao1(edge).missed * (n - 1) / n == pytest.approx(458.016, abs=5e-4)


@given(counted)
def test_richness_lies_above_what_was_found(counts: np.ndarray):
    for found in (effort.chao1(counts), effort.chao1_of_park(counts, 2 * int(counts.sum()))):
        assert counts.size <= found.interval[0] <= found.themes <= found.interval[1]
    whole = effort.chao1_of_park(counts, int(counts.sum()))
    assert whole.missed == 0


def test_chao1_of_an_endless_park_is_chao1984s():
    n, f1, f2 = PRINTED.sum(), 3, 3
    found = effort.chao1_of_park(PRINTED, 10**9)
    assert found.missed == pytest.approx(f1**2 / (2 * f2) * (n - 1) / n, rel=1e-6)


def test_estimates_of_a_park_of_equals_meet_the_truth():
    rng = generator(1, "parks")
    park = np.repeat(np.arange(40), 4)
    found = []
    for _ in range(300):
        counts = np.unique(rng.choice(park, 60, replace=False), return_counts=True)[1]
        low, high = effort.chao1_of_park(counts, park.size).interval
        found.append((effort.chao1_of_park(counts, park.size).themes, low <= 40 <= high))
    estimate, covered = np.mean(found, axis=0)
    assert estimate == pytest.approx(40, rel=0.05)
    assert 0.88 < covered <= 1.0


def test_coverage_equals_the_share_of_birds_whose_theme_was_found():
    rng = generator(1, "coverage")
    share = rng.dirichlet(np.full(50, 0.4))
    errors = []
    for _ in range(400):
        sample = rng.multinomial(60, share)
        estimate, (low, high) = effort.coverage(sample[sample > 0], None)
        true = share[sample > 0].sum()
        errors.append((estimate - true, low <= true <= high))
    error, covered = np.mean(errors, axis=0)
    assert error == pytest.approx(0, abs=0.01)
    assert covered > 0.88


@pytest.mark.parametrize("drawn", [30, 60, 120])
def test_coverage_of_a_park_is_that_of_its_birds(drawn: int):
    rng = generator(1, "park coverage")
    park = np.repeat(np.arange(60), 1 + rng.geometric(0.5, 60) * rng.integers(0, 3, 60))
    errors = []
    for _ in range(600):
        found, counts = np.unique(rng.choice(park, drawn, replace=False), return_counts=True)
        estimate, (low, high) = effort.coverage(counts, park.size)
        true = np.isin(park, found).mean()
        errors.append((estimate - true, low <= true <= high))
    error, covered = np.mean(errors, axis=0)
    assert error == pytest.approx(0, abs=0.01)
    assert 0.85 < covered < 0.99
    assert effort.coverage(np.bincount(park), park.size) == (1.0, (1.0, 1.0))


def test_rarefaction_equals_drawing_birds():
    rng = generator(1, "rarefaction")
    counts = np.array([9, 5, 3, 1, 1, 1])
    birds = np.repeat(np.arange(6), counts)
    found = effort.rarefaction(counts, [1, 4, 10, 20])
    drawn = [np.mean([np.unique(rng.choice(birds, m, replace=False)).size for _ in range(3000)])
             for m in found.birds]  # fmt: skip
    assert found.themes == pytest.approx(drawn, abs=0.06)
    assert found.themes[[0, -1]] == pytest.approx([1, 6])
    assert (found.low <= found.themes).all()


def test_nothing_is_said_of_a_sample_in_which_nothing_recurs():
    assert effort.effort(np.ones(21, int), None, None) is None
    assert effort.effort(np.zeros(0, int), 180, None) is None
    years = np.array([[0, 0, 0, 1, 1, 2], [0, 0, 3, 3, 4, 5]])
    both = effort.efforts(np.array([2, 1]), 6, {"themes": years, "recorded": np.array([0, 1, 2])})
    assert (both["then"]["sung"], both["today"]["sung"]) == (3, 4)
    assert both["today"]["abundances"] == [2, 1]
    assert effort.efforts(np.array([2, 1]), None, None)["today"] is None


@pytest.mark.parametrize("table", [(8, 2, 3, 9), (7, 0, 4, 6), (5, 0, 0, 5)])
def test_firth_of_two_groups_adds_half_a_bird_to_each_cell(table: tuple[int, int, int, int]):
    a, b, c, d = table
    x = np.column_stack([np.ones(sum(table)), np.repeat([1.0, 1, 0, 0], table)])
    y = np.repeat([1.0, 0, 1, 0], table)
    expected = np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    assert regression.firth(x, y).beta[1] == pytest.approx(expected, abs=1e-6)


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=4, max_size=20))
@settings(max_examples=40, deadline=None)
@example([(1, False), (11, True), (12, False), (14, False)])
def test_firth_equals_brute_force(themes: list[tuple[int, bool]]):
    birds, y = np.array([b for b, _ in themes]), np.array([float(m) for _, m in themes])
    x = regression.design(birds)
    if np.unique(birds).size < 2:
        with pytest.raises(ValueError, match="depend"):
            regression.firth(x, y)
        return
    fit = regression.firth(x, y)
    best = optimize.minimize(
        lambda beta: -regression.penalised(beta, x, y), fit.beta + 0.3, method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 4000},
    )  # fmt: skip
    assert fit.likelihood >= -best.fun - 1e-7


def test_profile_interval_ends_where_the_likelihood_has_dropped():
    birds = np.array([8, 7, 7, 6, 4, 3, 2, 2, 1, 1, 1, 1])
    y = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0.0])
    x = regression.design(birds)
    top = regression.firth(x, y)
    for end in regression.profile_interval(x, y):
        # The slope is held and the intercept searched by another way.
        held = optimize.minimize_scalar(
            lambda b, end=end: -regression.penalised(np.array([b, end]), x, y), bounds=(-30, 30),
            method="bounded", options={"xatol": 1e-9},
        )  # fmt: skip
        assert 2 * (top.likelihood + held.fun) == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-4)


def test_the_band_is_the_profile_interval_at_each_number_of_birds():
    birds, y = np.array([8, 6, 4, 2, 2, 1, 1, 1]), np.array([1, 1, 0, 1, 0, 0, 0, 0.0])
    band = regression.curve(birds, y, [1, 8])
    beta = regression.firth(regression.design(birds), y).beta
    for k, b in enumerate(band["birds"]):
        expected = 1 / (1 + np.exp(-(beta[0] + beta[1] * np.log2(b))))
        assert band["chance"][k] == pytest.approx(expected, abs=1e-6)
        assert band["low"][k] < expected < band["high"][k]


def test_slopes_that_were_put_in_are_recovered():
    rng = generator(1, "slopes")
    birds = np.array([1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 12, 16] * 3)
    chance = 1 / (1 + np.exp(2.0 - 1.0 * np.log2(birds)))
    slopes = regression.drift_slopes(regression.design(birds), chance, 400, rng)
    assert slopes.mean() == pytest.approx(1.0, abs=0.1)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 4)), min_size=1, max_size=7))
def test_chances_of_counts_equal_all_outcomes_listed(themes: list[tuple[float, int]]):
    chance, weight = np.array([p for p, _ in themes]), np.array([w for _, w in themes])
    expected = np.zeros(weight.sum() + 1)
    for fate in product((0, 1), repeat=len(themes)):
        expected[np.dot(fate, weight)] += np.where(fate, chance, 1 - chance).prod()
    assert regression.count_chances(chance, weight) == pytest.approx(expected, abs=1e-12)


def test_counts_of_ones_are_poisson_binomial():
    chance = np.array([0.1, 0.4, 0.45, 0.9])
    law = stats.poisson_binom(chance)
    found = regression.against_drift(np.array([True, True, True, False]), chance, np.ones(4, int))
    assert found["p_as_many"] == pytest.approx(law.sf(2))
    assert found["p_as_few"] == pytest.approx(law.cdf(3))
    assert found["expected"] == pytest.approx(1.85)


def test_logistic_of_separated_and_of_equal_themes():
    birds = np.array([8, 7, 6, 5, 2, 1, 1, 1])
    drift = {"1": 0.1, "2": 0.2, "5": 0.45, "8": 0.6, "6": 0.5, "7": 0.55}
    found = regression.logistic(birds, birds > 2, drift, 0.05, generator(1, "separated"), 199)
    assert found["interval"][0] < found["slope"]
    assert found["interval"][0] > 0
    assert found["p"] < 0.05
    assert found["drift"]["by_count"]["p_as_many"] < 0.5
    assert 1 / 200 <= found["drift"]["p"] <= 1
    equal = np.ones(9, int)
    assert regression.logistic(equal, equal > 0, None, 0.05, generator(1, "equal")) is None
    again = regression.logistic(birds, birds > 2, None, 0.05, generator(1, "alone"))
    assert again["drift"] is None


def test_a_notebook_of_drift_itself_is_seldom_beyond_drift():
    rng = generator(1, "drift itself")
    birds = np.array([8, 7, 7, 6, 4, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1])
    x = regression.design(birds)
    chance = np.clip(0.1 * birds, 0, 1)
    null = regression.drift_slopes(x, chance, 999, rng)
    p = []
    for slope in regression.drift_slopes(x, chance, 400, rng):
        tail = min((null <= slope + 1e-6).sum(), (null >= slope - 1e-6).sum())
        p.append(min(1.0, 2 * (1 + tail) / 1000))
    assert np.mean(np.array(p) <= 0.05) < 0.08
