"""The judge: it learns what can be learned, is the same twice, and knows what it does not know."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chingolo import classifier, openset, persistence
from chingolo.config import Config, Judge
from chingolo.estimate import Errors
from chingolo.notebook import Sketch
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item

SMALL = Judge(1, (4, 8, 8, 8), 0.0, 6, 8, 0.01, 0.0, 0.0, (-2, 2), 2, 2)


def bars(n: int, name: str) -> Corpus:
    """Pictures of three easy themes, a bright bar low, in the middle, or high; and of none, an upright."""
    rng = generator(1, "bars", name)
    pictures = rng.integers(0, 40, (n, 32, 48)).astype(np.uint8)
    items = []
    for k in range(n):
        if k % 4 == 3:
            pictures[k, :, 10 + k % 30] = 255
        else:
            pictures[k, 4 + 10 * (k % 4), 10:40] = 255
        items.append(Item(f"{name}{k}", "none" if k % 4 == 3 else f"theme-{k % 4}", "train", 0))
    return Corpus((pictures,), items)


THEMES = ["theme-0", "theme-1", "theme-2"]


def test_it_learns_and_tells_of_every_epoch():
    told: list[classifier.Epoch] = []
    model = classifier.fit(bars(96, "a"), bars(30, "b"), THEMES, SMALL, 1, told.append)
    assert [e.epoch for e in told] == list(range(6))
    assert told[-1].loss < told[0].loss
    assert told[-1].validation_accuracy > 0.95
    answers = classifier.logits(model, bars(30, "c"), batch=7)
    assert answers.shape == (30, 4)
    assert (answers.argmax(axis=1) == np.arange(30) % 4).mean() > 0.95


def test_a_fused_network_answers_alike(tmp_path: Path):
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    plain = classifier.logits(model, bars(12, "c"))
    assert len(classifier.fused(model)) == len(model) - len(SMALL.filters)
    assert classifier.logits(classifier.fused(model), bars(12, "c")) == pytest.approx(
        plain, abs=1e-4
    )
    assert classifier.logits(model, bars(12, "c")) == pytest.approx(plain, abs=0)


def test_features_are_what_the_last_layer_sees():
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    songs = bars(12, "c")
    seen = classifier.features(model, songs)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(1.0)
    last = model[-1]
    with torch.inference_mode():
        turned = seen @ last.weight.numpy().T
        asked = classifier.logits(model, songs) - last.bias.numpy()
    scale = (turned * asked).sum(axis=1, keepdims=True) / (turned**2).sum(axis=1, keepdims=True)
    assert asked == pytest.approx(scale * turned, abs=1e-4)


def test_the_same_seed_gives_the_same_network(tmp_path: Path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=2), seed)
        classifier.save(model, THEMES, SMALL, tmp_path / "net.pt")
        (tmp_path / "net.pt").rename(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes()


def test_a_saved_network_answers_as_before(tmp_path: Path):
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    classifier.save(model, THEMES, SMALL, tmp_path / "net.pt")
    logits, themes = classifier.ensemble_logits([str(tmp_path / "net.pt")] * 2, bars(9, "c"))
    assert themes == THEMES
    assert logits.shape == (2, 9, 4)
    assert logits[0] == pytest.approx(classifier.logits(model, bars(9, "c")), abs=1e-4)


def test_augmentation_shifts_and_blackens_within_its_limits(config: Config):
    settings = config.judge._replace(mask_bands=0, mask_frames=0, shift_frames=(-6, 20))
    pictures = torch.zeros(200, 1, 64, 128)
    pictures[:, :, 30, 64] = 1.0
    moved = classifier.augment(pictures, settings, torch.Generator().manual_seed(1))
    column = moved[:, 0, 30].argmax(dim=1) - 64
    assert moved.sum() == 200
    assert set(column.tolist()) == set(range(-6, 21))
    full = torch.ones(200, 1, 64, 128)
    masked = classifier.augment(
        full, config.judge._replace(shift_frames=(0, 0)), torch.Generator().manual_seed(1)
    )
    dark_bands = (masked[:, 0].sum(dim=2) == 0).sum(dim=1)
    assert int(dark_bands.max()) == config.judge.mask_bands


def test_what_every_score_of_being_known_is():
    logits = np.array([[[2.0, 0.0, 1.0]], [[4.0, 0.0, 1.0]]])
    found = openset.rivals(logits)
    assert openset.evidence(logits) == pytest.approx(np.array([[3.0, 0.0]]))
    assert found["max_logit"] == pytest.approx([3.0])
    assert found["against_none"] == pytest.approx([2.0])
    assert found["energy"] == pytest.approx(np.log(np.exp(3) + 1))
    assert found["max_softmax"] == pytest.approx(np.exp(3) / (np.exp(3) + 1 + np.e))


def test_temperature_recovers_the_one_that_was_used():
    rng = generator(1, "temperature")
    honest = rng.normal(0, 2, (1, 4000, 5))
    p = openset.probabilities(honest, 1.0)
    target = np.array([rng.choice(5, p=row) for row in p])
    assert openset.fit_temperature(3.0 * honest, target) == pytest.approx(3.0, rel=0.1)
    assert openset.fit_temperature(0.3 * honest, target) == pytest.approx(0.3, rel=0.1)
    measured = openset.calibration(p, target)
    assert measured["ece"] < 0.03


def test_probabilities_of_what_is_of_the_panel():
    p = np.array([[0.3, 0.1, 0.6]])
    assert openset.if_known(p) == pytest.approx(np.array([[0.75, 0.25]]))


def test_no_error_seen_is_no_certainty():
    easy = 4.0 * np.eye(5)[None, np.arange(100) % 5]
    temperature = openset.fit_temperature(easy, np.arange(100) % 5)
    assert openset.probabilities(easy, temperature).max() == pytest.approx(101 / 102, abs=1e-3)


def test_calibration_error_by_hand():
    # Two songs at 0.9, one right: off by 0.4; Brier (0.01 + 0.01 + 0.81 + 0.81) / 2.
    p = np.array([[0.9, 0.1], [0.9, 0.1]])
    measured = openset.calibration(p, np.array([0, 1]))
    assert measured["ece"] == pytest.approx(0.4)
    assert measured["brier"] == pytest.approx(0.82)
    (only,) = measured["reliability"]
    assert (only["n"], only["confidence"], only["right"]) == (2, pytest.approx(0.9), 0.5)
    assert only["interval"] == openset.wilson(1, 2)


@given(st.lists(st.floats(-10, 10), min_size=20, max_size=200, unique=True), st.floats(0.01, 0.5))
def test_no_more_foreign_songs_pass_than_allowed(scores: list[float], allowed: float):
    values = np.array(scores)
    assert (values > openset.threshold(values, allowed)).mean() <= allowed


@pytest.mark.parametrize("n", [60, 120, 240])
def test_no_more_foreign_songs_to_come_pass_in_19_of_20_studies(n: int):
    # Of scores spread evenly over 0 to 1 the share 1 - t exceeds t.
    rng = np.random.default_rng(1)
    passing = 1.0 - np.array([openset.threshold(rng.random(n), 0.05) for _ in range(4000)])
    assert 0.015 < (passing > 0.05).mean() < 0.06
    assert passing.mean() > 0.5 / n


def test_open_set_measures_by_hand():
    known, unknown = np.array([3.0, 2.0, 1.0]), np.array([2.5, 0.0])
    measured = openset.open_set(known, unknown)
    # Pairs in which the known song scores higher: 3>2.5, 3>0, 2>0, 1>0 of six.
    assert measured["auroc"] == pytest.approx(4 / 6)
    assert measured["fpr_at_95_tpr"] == 0.5
    assert openset.open_set(known, np.zeros(0))["auroc"] is None


def test_wilson_interval():
    # Wilson 1927, 95 %, 81 of 263 (Newcombe 1998, table I).
    assert openset.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert openset.wilson(0, 0) == (0.0, 1.0)


def test_score_reports_what_was_asked():
    items = [
        Item("q1", "a", "query", 0), Item("q2", "b", "query", 0),
        Item("u1", "none", "unknown", 0), Item("q1", "a", "background", 0),
    ]  # fmt: skip
    logits = np.array(
        [
            [[5, 0, 0], [4, 1, 0], [0.5, 0, 3], [0, 1, 4]],
            [[5, 0, 0], [0, 6, 0], [0.5, 0, 3], [0, 1, 4]],
        ],
        float,
    )
    scores, answers = openset.score(
        logits, items, ["a", "b"], {"temperature": 1.0, "threshold": 1.0}
    )
    assert scores["closed_set"]["per_network"] == [0.5, 1.0]
    assert scores["closed_set"]["accuracy"] == 1.0
    assert scores["open_set"]["auroc"] == 1.0
    assert set(scores["open_set"]["rivals"].values()) == {1.0}
    assert scores["background_only"] == {
        "accuracy": 0.0,
        "n": 1,
        "interval": list(openset.wilson(0, 1)),
    }
    assert [a.answer for a in answers] == ["a", "b", "a", "b"]


def test_score_without_songs_says_so():
    scores, answers = openset.score(
        np.zeros((2, 0, 4)), [], ["a", "b", "c"], {"temperature": 1.0, "threshold": 0.0}
    )
    assert scores["closed_set"] is None
    assert scores["open_set"]["n_unknown"] == 0
    assert answers == []


def test_p_and_q_by_hand():
    p = persistence.p_values(np.array([5.0, 0.0]), np.array([1.0, 2.0, 3.0]))
    assert p == pytest.approx([1 / 4, 1.0])


def test_verdicts_follow_threshold_and_ensemble():
    notebook = [Sketch("one", None, 3, "a"), Sketch("two", None, 1, "none")]  # type: ignore[arg-type]
    logits = np.array([[[5.0, 0, 0], [0.2, 0.1, 0]], [[4.0, 0, 0], [0.1, 0.4, 0]]])
    rulings = persistence.rule_on(notebook, ["a", "b"], logits, np.linspace(0, 1, 99), 1.0, 1.0)
    assert [r.verdict for r in rulings] == ["a", "none"]
    assert rulings[0].p == 0.01
    assert rulings[1].agreement == 0.5
    assert all(r.q >= r.p for r in rulings)
    assert persistence.rule_on([], ["a"], np.zeros((1, 0, 2)), np.zeros(3), 1.0, 0.0) == []


# Chance that neutral copying leaves a copy, by birds noted (rows of the study's table, two decimals).
SURVIVAL = {(27, 0.0): [0.07, 0.13, 0.29, 0.50, 0.75], (27, 0.0185): [0.05, 0.10, 0.23, 0.41, 0.65],
            (54, 0.0185): [0.02, 0.04, 0.10, 0.18, 0.33]}  # fmt: skip


@pytest.mark.parametrize(("model", "expected"), SURVIVAL.items())
def test_neutral_survival_equals_the_table(model: tuple[int, float], expected: list[float]):
    found = [persistence.neutral_survival(k, *model) for k in (1, 2, 5, 10, 20)]
    assert found == pytest.approx(expected, abs=0.011)


def test_persistence_counts_themes_and_birds():
    def ruling(verdict: str, birds: int, truth: str) -> persistence.Ruling:
        return persistence.Ruling("s", verdict, "a", 0.9, 0.01, 0.02, 1.0, birds, truth)

    rulings = [ruling("a", 8, "a"), ruling("none", 1, "none"), ruling("b", 1, "none")]
    model = persistence.Neutral(120, 50, 60, 54, 0.5, 0.0185)
    fates = ["sung", "lost", "lost"]
    errors = Errors(90, 100, 5, 100)
    counted = persistence.persistence(rulings, fates, 0.05, errors, model, 120, generator(1, "b"))
    assert counted["by_count"]["share"] == pytest.approx(2 / 3)
    assert counted["by_birds"]["share"] == pytest.approx(0.9)
    assert counted["by_count"]["corrected"] == pytest.approx((2 / 3 - 0.05) / 0.85)
    assert counted["by_birds"]["corrected"] == pytest.approx(1.0)
    assert counted["truth"]["share"] == pytest.approx(1 / 3)
    assert counted["truth"]["sensitivity"] == 1.0
    assert counted["truth"]["false_match_rate"] == 0.5
    # Two or three false matches of three, each with a chance of 5 %.
    assert counted["by_count"]["p_chance"] == pytest.approx(3 * 0.05**2 * 0.95 + 0.05**3)
    assert 0 < counted["neutral"]["by_count"] < counted["neutral"]["by_birds"] < 1
    wider = persistence.persistence(rulings, fates, 0.05, errors, model, None, generator(1, "b"))
    assert wider["by_birds"]["interval"][0] < counted["by_birds"]["interval"][0]
    empty = persistence.persistence([], [], 0.05, errors, None, None, generator(1, "b"))
    assert empty["neutral"] is None
    assert empty["by_count"]["share"] is None
    assert empty["by_birds"]["corrected_interval"] is None


def test_a_users_notebook_is_a_sample_of_as_many_birds_as_it_holds():
    park = persistence.Neutral(180, 50, 60, 54, 0.5, 0.0185)
    birds = np.array([9, 5, 4, 1])
    assert persistence.sampled("simulated", birds, park) == (park, 180)
    assert persistence.sampled("field", birds, park) == (park._replace(noted=19), None)
    assert persistence.sampled("field", 100 * birds, park) == (park._replace(noted=180), None)
    assert persistence.sampled("field", birds[:0], park) == (None, None)
    assert persistence.sampled("songs", birds, park) == (None, None)
