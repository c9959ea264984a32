"""What the judge does not know: calibration, thresholds and measures, by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo import openset
from chingolo.seeds import generator
from chingolo.shards import Item


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


def test_an_ensemble_is_the_mean_of_its_networks_over_the_temperature():
    logits = np.array([[[1.0, 3.0, 0.0]], [[3.0, 3.0, 2.0]]])
    expected = np.exp([1.0, 1.5, 0.5]) / np.exp([1.0, 1.5, 0.5]).sum()
    assert openset.probabilities(logits, 2.0) == pytest.approx(expected[None])


def test_each_song_of_the_panel_is_weighed_by_itself():
    p = np.array([[0.3, 0.1, 0.6], [0.2, 0.2, 0.6], [0.1, 0.4, 0.5]])
    expected = np.array([[0.75, 0.25], [0.5, 0.5], [0.2, 0.8]])
    assert openset.if_known(p) == pytest.approx(expected)


def test_softmax_of_the_panel_leaves_none_out():
    mean = np.array([0.5, 2.0, 1.0, 3.0])
    found = openset.rivals(mean[None, None])
    assert found["max_softmax"] == pytest.approx(np.exp(2.0) / np.exp(mean).sum())
    assert found["energy"] == pytest.approx(np.log(np.exp(mean[:3]).sum()))
    assert found["against_none"] == pytest.approx(-1.0)
    last = openset.rivals(np.array([[[0.5, 1.0, 2.0, 3.0]]]))
    assert last["max_softmax"] == pytest.approx(np.exp(2.0) / np.exp([0.5, 1, 2, 3]).sum())


@pytest.mark.parametrize(("n", "outputs"), [(1, 2), (4, 3), (30, 5)])
def test_songs_all_named_right_are_as_sure_as_platts_targets(n: int, outputs: int):
    # Logits of one wrong answer alike: the cross-entropy's minimum is where the right one's
    # probability is its target, (n + 1) / (n + 2), and log odds are the logit over the temperature.
    easy = 4.0 * np.eye(outputs)[None, np.arange(n) % outputs]
    odds = (n + 1) / (1 / (outputs - 1))
    expected = 4.0 / np.log(odds)
    found = openset.fit_temperature(easy, np.arange(n) % outputs)
    assert found == pytest.approx(expected, rel=1e-4)


def test_a_temperature_stays_within_its_bounds():
    hopeless = np.tile(np.array([[5.0, -5.0]]), (1, 20, 1))
    assert openset.fit_temperature(hopeless, np.ones(20, int)) == pytest.approx(20.0, rel=1e-3)
    timid = 1e-3 * np.eye(2)[None, np.arange(400) % 2]
    assert openset.fit_temperature(timid, np.arange(400) % 2) == pytest.approx(0.05, rel=1e-3)


def test_the_threshold_of_few_songs_is_the_largest():
    rng = generator(1, "few")
    assert openset.CONFIDENCE == 0.95
    # 59 is Wilks' number: 1 - 0.95^59 >= 0.95.
    for n in (1, 10, 58, 59):
        scores = rng.random(n)
        assert openset.threshold(scores, 0.05) == scores.max()
    # P(at most 1 of 92 passes) = 0.0508 by the binomial law, of 93 0.0489: the second largest from 93 on.
    for n, rank in ((92, 1), (93, 2), (123, 2), (124, 3)):
        scores = rng.random(n)
        assert openset.threshold(scores, 0.05) == np.sort(scores)[-rank]


def test_wilson_by_hand_and_at_another_confidence():
    z = 1.6448536269514722
    centre, half = (0.25 + z**2 / 40) / (1 + z**2 / 20), z * (0.25 * 0.75 / 20 + z**2 / 1600) ** 0.5
    half /= 1 + z**2 / 20
    assert openset.wilson(5, 20, 0.9) == pytest.approx((centre - half, centre + half))
    assert openset.wilson(5, 20) == openset.wilson(5, 20, 0.95)


def test_students_interval_by_hand():
    # Student's t of 2 degrees of freedom at 97.5 %: 4.302653.
    mean, sd, interval = openset.student([0.4, 0.5, 0.6])
    assert (mean, sd) == (pytest.approx(0.5), pytest.approx(0.1))
    half = 4.302653 * 0.1 / 3**0.5
    assert interval == pytest.approx([0.5 - half, 0.5 + half], abs=1e-6)
    assert openset.student([0.0, 1.0])[2] == [0.0, 1.0]
    assert openset.student([0.1, 0.9], -1.0, 3.0)[2] == [-1.0, 3.0]
    two = openset.student([0.4, 0.5])[2]
    assert two == [0.0, 1.0]  # 12.7 standard errors
    assert openset.student([0.25]) == (0.25, None, None)
    assert openset.student([]) == (None, None, None)


def test_accuracy_by_theme_and_over_all():
    found = openset.closed_set(["a", "b", "a", "c"], ["a", "b", "b", "b"], 5)
    assert found == openset.ClosedSet(
        0.5, 4, 5, openset.wilson(2, 4), {"a": 1.0, "b": pytest.approx(1 / 3)}
    )
    assert openset.closed_set([], [], 5) is None
    with pytest.raises(ValueError, match="zip"):
        openset.closed_set(["a"], ["a", "b"], 5)


def test_what_cannot_be_told_apart_without_songs():
    some, none = np.array([1.0, 2.0]), np.zeros(0)
    nothing = {"auroc": None, "fpr_at_95_tpr": None}
    assert openset.open_set(none, some) == {**nothing, "n_unknown": 2}
    assert openset.open_set(some, none) == {**nothing, "n_unknown": 0}


def test_false_matches_where_95_percent_of_the_known_pass():
    # 20 known songs, 1 to 20: at the score of 2, 19 of them pass, 95 % to the last digit.
    known = np.arange(1.0, 21.0)
    measured = openset.open_set(known, np.array([0.5, 1.5, 2.5, 30.0]))
    assert measured == {
        "auroc": pytest.approx((20 + 19 + 18) / 80), "fpr_at_95_tpr": 0.5, "n_unknown": 4
    }  # fmt: skip


def test_bins_of_confidence_by_hand():
    p = np.array([[0.55, 0.45], [0.58, 0.42], [0.3, 0.7], [0.0, 1.0], [0.05, 0.95]])
    target = np.array([0, 1, 1, 1, 0])
    first, second, last = openset.reliability(p, target)
    assert first == openset.Bin(2, pytest.approx(0.565), 0.5, openset.wilson(1, 2))
    assert second == openset.Bin(1, pytest.approx(0.7), 1.0, openset.wilson(1, 1))
    assert last == openset.Bin(2, pytest.approx(0.975), 0.5, openset.wilson(1, 2))
    below, above = openset.reliability(p, target, bins=4)  # from a half on, from three quarters on
    assert (below.n, above.n) == (3, 2)
    coarse = openset.calibration(p, target, bins=1)
    # One bin: 3 of 5 right, at a mean confidence of 3.78 / 5.
    assert coarse["ece"] == pytest.approx(3.78 / 5 - 0.6)
    assert len(coarse["reliability"]) == 1
    fine = openset.calibration(p, target)
    assert fine["ece"] == pytest.approx((2 * 0.065 + 0.3 + 2 * 0.475) / 5)


def test_draws_of_a_song_are_averaged_in_the_order_asked_for():
    values = np.arange(12.0).reshape(2, 3, 2)
    found = openset.by_song(values, ["a", "b", "a"], ["b", "a"])
    assert found.tolist() == [[[2, 3], [2, 3]], [[8, 9], [8, 9]]]
    moved = openset.by_song(values, ["a", "a", "b"], ["a", "b"])
    assert moved.tolist() == [[[1, 2], [4, 5]], [[7, 8], [10, 11]]]
    assert openset.by_song(values, ["a", "b", "a"], []).shape == (2, 0, 2)


def calibrated() -> tuple[dict[str, object], dict[str, np.ndarray], np.ndarray]:
    """Calibrate two networks on six songs, and eight foreign ones of two draws each."""
    heard = np.zeros((2, 6, 3))
    heard[:, np.arange(6), [0, 1, 0, 1, 2, 2]] = 4.0
    heard[:, 3, 0], heard[0, 4, 1] = 6.0, 2.0  # one song named wrong; one that is near to a theme
    items = [Item(f"s{k}", theme, "validation", 0) for k, theme in enumerate("ababnn")]
    items[4:] = [item._replace(theme="none") for item in items[4:]]
    strength = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 1.5, 3.5])
    foreign = np.full((2, 16, 3), -9.0)
    foreign[0, :, 0] = foreign[1, :, 0] = np.repeat(strength, 2) + np.tile([-0.5, 0.5], 8)
    drawn = [Item(f"f{k // 2}", "none", "foreign", k % 2) for k in range(16)]
    judge, null = openset.calibrate(heard, items, foreign, drawn, ["a", "b"], 0.05)
    return judge, null, heard


def test_half_of_the_foreign_themes_set_the_threshold_and_half_test_it():
    judge, null, heard = calibrated()
    assert null["setting"] == pytest.approx([0.0, 2.0, 4.0, 1.5])
    assert null["held_out"] == pytest.approx([1.0, 3.0, 5.0, 3.5])
    assert judge["threshold"] == 4.0  # of so few the largest
    assert judge["false_matches_held_out"] == 0.25
    assert judge["false_matches_interval"] == list(openset.wilson(1, 4))
    assert judge["false_match_chance"] == pytest.approx(2 / 5)
    assert (judge["n_held_out"], judge["n_foreign"]) == (4, 8)
    target = np.array([0, 1, 0, 1, 2, 2])
    assert judge["temperature"] == openset.fit_temperature(heard, target)
    assert judge["validation_accuracy"] == pytest.approx(5 / 6)
    p = openset.probabilities(heard, judge["temperature"])
    assert judge["calibration_with_none"] == openset.calibration(p, target)
    assert judge["calibration"] == openset.calibration(openset.if_known(p[:4]), target[:4])
    # Known songs score 4, 4, 4, 6; the two others 1 and 0.
    assert judge["rivals"]["max_logit"] == 1.0
    assert set(judge["rivals"]) == {"max_logit", "max_softmax", "energy", "against_none"}


def test_a_score_at_the_threshold_does_not_pass():
    heard = np.zeros((1, 2, 2))
    items = [Item("s", "a", "validation", 0), Item("t", "none", "validation", 0)]
    foreign = np.zeros((1, 4, 2))
    foreign[0, :, 0] = [2.0, 2.0, 1.0, 3.0]
    drawn = [Item(f"f{k}", "none", "foreign", 0) for k in range(4)]
    judge, _ = openset.calibrate(heard, items, foreign, drawn, ["a"], 0.05)
    assert judge["threshold"] == 2.0
    assert judge["false_matches_held_out"] == 0.5
    assert judge["false_match_chance"] == pytest.approx(2 / 3)
    assert judge["false_matches_interval"] == list(openset.wilson(1, 2))


def test_every_score_of_songs_by_hand():
    items = [
        Item("q1", "a", "query", 0), Item("q2", "b", "query", 0), Item("q3", "a", "query", 0),
        Item("u1", "none", "unknown", 0), Item("u2", "none", "unknown", 0), Item("q1", "a", "background", 0),
        Item("q2", "b", "background", 0),
    ]  # fmt: skip
    panel = [[4.0, 0.0], [0.0, 3.0], [0.25, 2.0], [1.0, 0.0], [2.5, 0.0], [1.0, 0.0], [1.0, 0.0]]
    logits = np.zeros((1, 7, 3))
    logits[0, :, :2] = panel
    judge = {"temperature": 2.0, "threshold": 2.0}
    scores, answers = openset.score(logits, items, ["a", "b"], judge)
    p = openset.probabilities(logits, 2.0)
    assert answers[1] == openset.Answer("q2", "query", "b", "b", round(float(p[1, 1]), 6), 3.0)
    third = openset.score(logits / 3, items, ["a", "b"], judge)[1]
    assert [a.score for a in third] == [round(max(row) / 3, 6) for row in panel]
    target = np.array([0, 1, 0])
    assert (
        scores
        == {
            "closed_set": {
                **openset.closed_set(["a", "b", "b"], ["a", "b", "a"], 2)._asdict(),  # type: ignore[union-attr]
                "mean_over_networks": pytest.approx(2 / 3),
                "per_network": [pytest.approx(2 / 3)],
                "passing_threshold": pytest.approx(2 / 3),  # the third is at the threshold
                "themes_asked": 2,
            },
            "chance": 0.5,
            "open_set": {
                **openset.open_set(np.array([4.0, 3.0, 2.0]), np.array([1.0, 2.5])),
                "passing_threshold": 0.5,
                "rivals": {
                    name: openset.open_set(own[:3], own[3:5])["auroc"]
                    for name, own in openset.rivals(logits).items()
                },
            },
            "background_only": {"accuracy": 0.5, "n": 2, "interval": list(openset.wilson(1, 2))},
            "calibration": openset.calibration(openset.if_known(p[:3]), target),
            "calibration_with_none": openset.calibration(p[:3], target),
        }
    )
    at = openset.score(logits, items, ["a", "b"], {**judge, "threshold": 2.5})[0]
    assert at["open_set"]["passing_threshold"] == 0.0


def test_without_songs_there_is_no_calibration():
    judge = {"temperature": 1.0, "threshold": 0.0}
    scores, _ = openset.score(np.zeros((2, 0, 4)), [], ["a", "b", "c"], judge)
    assert scores["calibration"] is None
    assert scores["calibration_with_none"] is None
    assert scores["chance"] == pytest.approx(1 / 3)
    assert scores["open_set"]["passing_threshold"] is None
    assert scores["background_only"] == {"accuracy": None, "n": 0, "interval": [0.0, 1.0]}


def test_answers_come_back_from_their_table(tmp_path: Path):
    given = [
        openset.Answer("Ñandú 1", "query", "a", "b", 0.75, -1.5),
        openset.Answer("two", "unknown", "none", "a", 0.25, 3.0),
    ]
    rows = ["\t".join(openset.Answer._fields), *("\t".join(map(str, a)) for a in given)]
    (tmp_path / "answers.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert openset.read_answers(tmp_path / "answers.tsv") == given
