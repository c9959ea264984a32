"""The known-truth study: its histories, its pools, and judges whose errors are known beforehand."""

import numpy as np
import pytest
from scipy import stats

from chingolo import closeness, tally, truth
from chingolo.config import Config
from chingolo.estimate import Errors
from chingolo.history import simulate_history, sung
from chingolo.notebook import Sketch
from chingolo.pools import fill_pool, noted_by_hand
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.species import random_theme
from chingolo.themes import Note, Theme
from chingolo.trials import Trial, run_trial, sizes

THEMES, VERSIONS, STRANGERS = 16, 100, 4000


def test_a_trial_is_the_history_without_its_songs(config: Config):
    settings = config.simulated._replace(burn_in=100)
    trial, whole = run_trial(settings, 7), simulate_history(settings, 7)
    assert trial.birds.tolist() == [s.birds for s in whole.notebook]
    names = list(whole.panel)
    assert [names[k] if k >= 0 else "none" for k in trial.today] == [
        s.truth for s in whole.notebook
    ]
    assert trial.recorded == len(names)
    today = whole.themes[-1][whole.recorded]
    assert trial.sung == np.isin(whole.themes[0], today).mean()
    # Today's theme, moved back by the drift, is what was noted.
    hz, seconds = settings.drift_hz, settings.drift_s
    pairs = [(s, d) for s, d in zip(whole.notebook, trial.drift, strict=True) if s.truth != "none"]
    assert pairs
    for sketch, drift in pairs:
        back = sung(whole.panel[sketch.truth], drift, hz, seconds).notes[0]
        assert back.start_hz == pytest.approx(sketch.theme.notes[0].start_hz, abs=1.0)
        assert back.duration_s == pytest.approx(sketch.theme.notes[0].duration_s, abs=1e-6)


def test_a_pool_drifts_further_with_every_version(config: Config):
    panel = {f"t{k}": random_theme(generator(k, "theme")) for k in range(12)}
    settings = config.simulated._replace(burn_in=100)
    pool = fill_pool(panel, settings, None, 6, 20, 1)
    assert len(pool) == 12 * 6 + 20
    assert [s.truth for s in pool[:7]] == ["t0"] * 6 + ["t1"]
    assert {s.truth for s in pool[72:]} == {"none"}

    def moved(sketch: Sketch, theme: Theme) -> float:
        return abs(sketch.theme.notes[0].end_hz - theme.notes[0].end_hz)

    varied = fill_pool(panel, settings, config.spread, 6, 20, 1)
    assert [s.name for s in varied] == [s.name for s in pool]
    assert varied[0].theme.notes[0].duration_s != pool[0].theme.notes[0].duration_s
    assert all(
        (a.theme.trill is None) == (b.theme.trill is None)
        for a, b in zip(varied, pool, strict=True)
    )

    far = [np.mean([moved(pool[6 * k + v], panel[f"t{k}"]) for k in range(12)]) for v in range(6)]
    assert far[5] > far[0] > 0
    assert np.corrcoef(range(6), far)[0, 1] > 0.3


def test_a_hand_errs_on_a_sketch_once(config: Config):
    pool = [
        Sketch("a", random_theme(generator(1, "theme"))),
        Sketch("b", random_theme(generator(2, "t"))),
    ]
    low = noted_by_hand(pool, config.pens.low, 1)
    assert low == noted_by_hand(pool, config.pens.low, 1)
    assert low[0].theme != noted_by_hand(pool, config.pens.high, 1)[0].theme


def pool_of(hit: float, tells: bool, name: str) -> truth.Pool:
    """Make the pool of a judge with that chance to match what is sung, who tells the rest or does not."""
    rng = generator(1, "pool", name)
    versions = np.full((THEMES, VERSIONS, THEMES), -2.0)
    for k in range(THEMES):
        versions[k, :, k] = np.where(rng.random(VERSIONS) < hit, 2.0, -1.0)
    strength = np.full(STRANGERS, -0.5) if tells else rng.random(STRANGERS)
    apart = rng.random((STRANGERS, THEMES))
    return truth.Pool(versions, np.repeat(strength[:, None], THEMES, axis=1), apart)


def trials_of(many: int) -> list[Trial]:
    """Histories in which every second theme is lost and common themes are not commoner."""
    out = []
    for k in range(many):
        rng = generator(k, "trial")
        known = rng.random(14) < 0.4
        today = np.full(14, -1)
        today[known] = rng.permutation(16)[: known.sum()]
        birds = rng.integers(1, 8, 14)
        drift = np.where(known[:, None], rng.standard_normal((14, 28)), 0)
        out.append(Trial(birds, today, drift, 16, float((birds * known).sum() / birds.sum())))
    return out


def test_a_judge_who_never_errs_is_found_to_and_his_estimates_are_the_truth():
    trials = trials_of(30)
    verdicts = truth.judge_trials(trials, pool_of(1.0, True, "never"), 0.05, 1)
    assert all((v.right == v.known).all() and (v.matched == v.known).all() for v in verdicts)
    assert {v.errors for v in verdicts} == {Errors(800, 800, 0, STRANGERS // 4)}
    tables = tally.estimates(trials, verdicts, 180)
    assert tables["by_birds"][:, 1] == pytest.approx(tables["by_birds"][:, 0])
    assert tally.coverage(tables["by_birds"])["coverage"] == 1.0
    assert tally.coverage(tables["by_theme"])["bias"] == pytest.approx(0.0, abs=1e-12)


def test_a_judges_rates_are_found_and_corrected():
    trials = trials_of(300)
    verdicts = truth.judge_trials(trials, pool_of(0.8, False, "errs"), 0.15, 1)
    found = tally.summarise(verdicts, generator(1, "rates"))
    # Less than the 15 % allowed pass, so that 95 of 100 judges stay below them.
    passed = float(stats.binom.ppf(0.05, STRANGERS // 4, 0.15)) / (STRANGERS // 4)
    assert 0.12 < passed < 0.15
    for name, rate in (("sensitivity", 0.8), ("false_match_rate", passed)):
        low, high = found[name]["interval"]
        assert low < rate < high
        assert high - low < 0.25
    tables = tally.estimates(trials, verdicts, 10**9)
    bias = {name: tally.coverage(table)["bias"] for name, table in tables.items()}
    # What is sung lacks 0.4 x 0.2 of its matches, what is lost has 0.6 x 0.15 too many.
    assert bias["by_theme_raw"] == pytest.approx(0.6 * 0.15 - 0.4 * 0.2, abs=0.02)
    assert bias["by_theme"] == pytest.approx(0.0, abs=0.02)
    assert bias["by_birds"] == pytest.approx(0.0, abs=0.02)
    assert 0.92 <= tally.coverage(tables["by_theme"])["coverage"] <= 0.98


def test_an_interval_over_items_is_wider_than_over_sketches_alone():
    rng = generator(1, "items")
    many = [np.arange(20) for _ in range(100)]  # the same 20 sketches in every history
    good = rng.random(20) < 0.5
    found = tally.rate([good] * 100, many, generator(1, "rate"))
    low, high = found["interval"]
    # As if 20 sketches were seen once, not 2,000.
    sd = np.sqrt(good.mean() * (1 - good.mean()) / 20)
    assert high - low == pytest.approx(2 * 1.96 * sd, rel=0.15)
    assert found["n"] == 2000


def test_evidence_is_sorted_by_truth_and_averaged_over_draws():
    names = ["b/version-00", "b/version-01", "a/version-00", "a/version-01"] + [
        f"stranger-{k}" for k in range(8)
    ]
    items = [Item(n, n[0] if "/" in n else "none", "pool", d) for n in names for d in (0, 1)]
    logits = np.zeros((3, 24, 3)) + np.arange(24)[None, :, None] // 2
    logits[:, ::2] -= 0.25
    logits[:, 1::2] += 0.25
    pool = truth.as_pool(logits, items, ["a", "b"], np.zeros((8, 2)))
    assert pool.versions[..., 0].tolist() == [[2.0, 3.0], [0.0, 1.0]]
    assert pool.foreign[:, 0].tolist() == [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]
    evidence, truths = truth.sort_evidence(logits, items)
    assert truth.measure_errors(evidence, truths, 2.5) == Errors(1, 4, 8, 8)


def test_themes_of_nobody_are_sorted_by_distance():
    apart = np.array([0.3, 0.1, 0.2, 0.4, 0.6, 0.5])
    passed = np.array([False, True, True, False, False, False])
    found = truth.by_distance(passed, apart)
    assert [row["octaves"] for row in found] == pytest.approx([0.15, 0.35, 0.55])
    assert [row["share"] for row in found] == [1.0, 0.0, 0.0]
    assert truth.by_distance(passed[:0], apart[:0]) == []


def test_histories_beyond_the_judges_panel_are_drawn_again(config: Config):
    settings = config.simulated._replace(burn_in=60)
    trials, redrawn = truth.run_trials(settings, 6, 3, 1)
    assert len(trials) == 6
    assert redrawn > 0
    assert all((trial.today >= 0).sum() <= 3 for trial in trials)
    assert sizes(np.full((2, 28), 2.0)).tolist() == [2.0, 2.0]


def test_false_matches_are_told_apart_by_closeness():
    trials = trials_of(100)
    pool = pool_of(1.0, False, "close")
    # The judge passes what is close: the score is how far the theme next to it is, turned round.
    pool = pool._replace(foreign=np.repeat(1 - pool.apart.min(axis=1)[:, None], THEMES, axis=1))
    verdicts = truth.judge_trials(trials, pool, 0.2, 1)
    close, middle, far = tally.by_closeness(verdicts, generator(1, "closeness"))
    assert close["octaves"] < middle["octaves"] < far["octaves"]
    passed = float(stats.binom.ppf(0.05, STRANGERS // 4, 0.2)) / (STRANGERS // 4)
    assert close["share"] == pytest.approx(3 * passed, abs=0.08)
    assert middle["share"] == far["share"] == 0.0
    assert close["n"] + middle["n"] + far["n"] == sum((~v.known).sum() for v in verdicts)


def note(onset: float, length: float, hz: float) -> Note:
    return Note(onset, length, hz, hz)


def test_themes_are_as_far_apart_as_their_notes():
    low, high = (Theme((note(0.0, 0.2, hz),), None) for hz in (4000.0, 4000.0 * 2**0.25))
    late = Theme((note(1.0, 0.2, 4000.0),), None)
    longer = Theme((note(0.0, 0.41, 4000.0),), None)
    found = closeness.distances([low], [low, high, late, longer])[0]
    assert found == pytest.approx([0.0, 0.25, closeness.MOST, closeness.MOST / 2], abs=0.02)
