"""Verdicts, and what they say about persistence, by hand and against closed forms."""

from pathlib import Path

import numpy as np
import pytest

from chingolo import estimate, openset, persistence
from chingolo.estimate import Errors
from chingolo.notebook import Sketch
from chingolo.seeds import generator
from chingolo.themes import Theme


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


def test_spread_over_networks_and_draws_by_hand():
    logits = np.zeros((2, 3, 3))
    logits[:, :, 0] = [[4.0, 4.0, 1.0], [4.0, -4.0, 1.0]]
    names = ["a", "a", "b"]
    found = persistence.spread(logits, names, ["b", "a"], 1.0, 2.0)
    assert found.named == pytest.approx(np.array([[0, 0, 1], [0.75, 0, 0.25]]))
    high = openset.probabilities(np.array([[[4.0, 0, 0]]]), 1.0)[0, 0]
    assert found.high[1, 0] == pytest.approx(high)
    assert found.low[1, 0] < 0.2
    assert found.low[0] == pytest.approx(found.high[0])
    assert persistence.spread(logits[:, :0], [], [], 1.0, 2.0).named.shape == (0, 3)


def test_rulings_tell_how_steady_they_are(tmp_path):
    np.savez(tmp_path / "null.npz", held_out=np.linspace(0, 1, 99))
    rng = generator(1, "steady")
    logits = rng.normal(0, 0.2, (4, 6, 4))
    logits[:, :3, 1] += 6.0
    logits[0, 2, 1] -= 6.0
    notebook = [Sketch("a", None, 3), Sketch("b", None, 1)]  # type: ignore[arg-type]
    judge = {"temperature": 1.0, "threshold": 2.0}
    rulings, posteriors = persistence.judge_notebook(
        notebook, ["x", "y", "z"], logits, ["a"] * 3 + ["b"] * 3, judge, str(tmp_path / "null.npz")
    )
    assert [r.verdict for r in rulings] == ["y", "none"]
    assert rulings[0].stability == pytest.approx(11 / 12, abs=1e-6)
    assert rulings[1].stability == 1.0
    assert all(r.low <= r.probability <= r.high for r in rulings[:1])
    assert posteriors["named"].sum(axis=1) == pytest.approx([1, 1])
    empty, arrays = persistence.judge_notebook(
        [], ["x", "y", "z"], logits[:, :0], [], judge, str(tmp_path / "null.npz")
    )
    assert empty == []
    assert arrays["posterior"].shape == (0, 3)


def sketch(name: str, birds: int = 1, truth: str | None = None) -> Sketch:
    return Sketch(name, Theme(()), birds, truth)


def test_a_score_as_high_as_a_null_one_counts_against_the_sketch():
    p = persistence.p_values(np.array([2.0, 3.5]), np.array([1.0, 2.0, 3.0]))
    assert p == pytest.approx([3 / 4, 1 / 4])


def test_a_ruling_by_hand():
    # Three sketches, three networks; the second one's score is the threshold, which does not pass.
    logits = np.zeros((3, 3, 3))
    logits[:, 0, 0] = [5.0, 4.0, 3.0]
    logits[:, 1, 1] = [2.0, 2.0, 2.0]
    logits[:, 2, :2] = [[0.0, 1.0], [1.0, 0.0], [0.0, 0.5]]
    notebook = [sketch("s1", 7, "x"), sketch("s2", 2, None), sketch("s3", 1, "none")]
    null = np.array([0.5, 1.0, 1.5, 2.5, 3.0, 4.5])
    one, two, three = persistence.rule_on(notebook, ["x", "y"], logits, null, 2.0, 2.0)
    posterior = openset.probabilities(logits, 2.0)
    # p = 2/7, 4/7, 7/7; q by Benjamini-Hochberg: 6/7, 6/7, 1.
    assert one == persistence.Ruling(
        "s1", "x", "x", round(float(posterior[0, 0]), 6), 0.285714, 0.857143, 1.0, 7, "x"
    )
    assert two == persistence.Ruling(
        "s2", "none", "y", round(float(posterior[1, 1]), 6), 0.571429, 0.857143, 1.0, 2, ""
    )
    assert three == persistence.Ruling(
        "s3", "none", "y", round(float(posterior[2, 1]), 6), 1.0, 1.0, 0.666667, 1, "none"
    )
    assert (one.low, one.high, one.stability) == (0.0, 1.0, 0.0)


def test_spread_counts_verdicts_of_every_theme_and_of_none():
    logits = np.zeros((2, 2, 4))
    logits[:, :, 1] = [[3.0, 2.0], [2.5, 2.5]]  # one of the four at the threshold
    found = persistence.spread(logits, ["a", "a"], ["a"], 1.0, 2.0)
    assert found.named.tolist() == [[0.0, 0.75, 0.0, 0.25]]
    sure = persistence.spread(logits + 1.0, ["a", "a"], ["a"], 1.0, 2.0)
    assert sure.named.tolist() == [[0.0, 1.0, 0.0, 0.0]]
    p = np.sort([np.exp(x) / (np.exp(x) + 3) for x in (3.0, 2.0, 2.5, 2.5)])
    # Quantiles of four by linear interpolation.
    assert found.low[0, 1] == pytest.approx(p[0] + 0.15 * (p[1] - p[0]))
    assert found.high[0, 1] == pytest.approx(p[3] - 0.15 * (p[3] - p[2]))
    empty = persistence.spread(np.zeros((2, 0, 4)), [], [], 1.0, 2.0)
    assert [part.shape for part in empty] == [(0, 4), (0, 4), (0, 4)]


def test_neutral_survival_of_a_year_by_hand():
    line = np.exp(-0.4 * 0.9)  # of no copy in a year
    assert persistence.neutral_survival(1, 1, 0.1, 0.6) == pytest.approx(1 - 0.4 * line)
    assert persistence.neutral_survival(3, 1, 0.1, 0.6) == pytest.approx(1 - (0.4 * line) ** 3)
    assert persistence.neutral_survival(1, 1, 0.1) == pytest.approx(1 - np.exp(-0.9))
    assert persistence.neutral_survival(2, 0, 0.1) == 1.0
    first = 1 - 0.4 * line
    second = 1 - (1 - 0.6 * first) * np.exp(-0.4 * 0.9 * first)
    assert persistence.neutral_survival(1, 2, 0.1, 0.6) == pytest.approx(second)


def test_the_table_of_survival_by_hand():
    number, alive = np.array([0, 8, 0, 5]), np.array([0, 2, 0, 4])
    table = persistence.survival_table(number, alive, 10, 0.02, 0.5)

    def row(k: int, n: int, left: int) -> dict[str, object]:
        return {
            "birds": k,
            "themes": n,
            "alive": left,
            "share": left / n,
            "interval": list(openset.wilson(left, n)),
            "closed_form": persistence.neutral_survival(k, 10, 0.02, 0.5),
            "discrete": persistence.neutral_survival(k, 5, 0.02),
        }

    assert table == {"years": 10, "generations": 5, "by_count": [row(1, 8, 2), row(3, 5, 4)]}
    assert persistence.survival_table(number, alive, 9, 0.0, 0.6)["generations"] == 4
    with pytest.raises(ValueError, match="zip"):
        persistence.survival_table(number, alive[:3], 10, 0.02, 0.5)


def park(**changed: float) -> persistence.Neutral:
    return persistence.Neutral(100, 50, 60, 0, 0.5, 0.0)._replace(**changed)


def test_catching_singers_of_a_park_that_did_not_change():
    rng = generator(1, "still")
    found = persistence.neutral_matches(np.array([1, 2, 50]), park(), rng, 40_000)
    # One noted of 50 stands for two of 100; 60 are recorded: hypergeometric, none caught of 2 or 4.
    missed = [40 * 39 / (100 * 99), 40 * 39 * 38 * 37 / (100 * 99 * 98 * 97), 0.0]
    assert found == pytest.approx(1 - np.array(missed), abs=0.01)
    all_heard = persistence.neutral_matches(np.array([1]), park(recorded=500), rng, 100)
    assert all_heard.tolist() == [1.0]


def test_a_theme_has_at_least_one_singer_and_at_most_all():
    rng = generator(1, "ends")
    few = park(birds=10, noted=50, recorded=5)
    found = persistence.neutral_matches(np.array([1, 400]), few, rng, 20_000)
    assert found == pytest.approx([0.5, 1.0], abs=0.02)  # 1 of 10 singers, not 0.2; 10, not 80


def test_four_thousand_histories_are_simulated():
    chance = persistence.neutral_matches(np.array([1]), park(years=3), generator(1, "n"))
    assert chance[0] * 4000 == pytest.approx(round(chance[0] * 4000), abs=1e-9)
    assert chance[0] * 4001 != pytest.approx(round(chance[0] * 4001), abs=1e-9)


def test_a_year_of_copying_by_hand():
    # Nobody lives on: 60 vacancies, each a copy of the singer with 0.9 / 60; all are recorded.
    model = persistence.Neutral(60, 60, 60, 1, 0.0, 0.1)
    found = persistence.neutral_matches(np.array([1]), model, generator(1, "year"), 40_000)
    assert found[0] == pytest.approx(1 - (1 - 0.9 / 60) ** 60, abs=0.01)
    # All live on: nothing changes.
    stays = model._replace(survival=1.0, years=5)
    assert persistence.neutral_matches(np.array([1]), stays, generator(1, "y"), 50).tolist() == [1]


def ruling(verdict: str, birds: int, truth: str) -> persistence.Ruling:
    return persistence.Ruling("s", verdict, "a", 0.9, 0.01, 0.02, 1.0, birds, truth)


def test_birds_and_matches_of_rulings():
    birds, matched = persistence.noted_and_matched([ruling("a", 3, ""), ruling("none", 1, "")])
    assert (birds.tolist(), matched.tolist()) == ([3, 1], [True, False])
    none, nothing = persistence.noted_and_matched([])
    assert (none.dtype, nothing.dtype) == (np.int64, np.bool_)


ERRORS = Errors(90, 100, 5, 100)


def test_every_count_of_persistence_by_hand():
    rulings = [ruling("a", 8, "a"), ruling("none", 1, "b"), ruling("b", 2, "none"),
               ruling("none", 1, "none"), ruling("b", 4, "a")]  # fmt: skip
    model = persistence.Neutral(120, 30, 60, 54, 0.5, 0.0185)
    fates = ["sung", "sung, not recorded", "lost", "lost", "sung, changed"]
    rng = generator(1, "by hand")
    counted = persistence.persistence(rulings, fates, 0.05, ERRORS, model, 120, rng)
    birds, matched = persistence.noted_and_matched(rulings)
    themes = [estimate.by_theme(matched, birds, errors) for errors in (None, ERRORS)]
    weighed = [estimate.by_birds(matched, birds, errors, 120) for errors in (None, ERRORS)]
    assert counted["by_count"] == {
        "matched": 3, "n": 5,
        "p_chance": pytest.approx(10 * 0.05**3 * 0.95**2 + 5 * 0.05**4 * 0.95 + 0.05**5),
        "share": 0.6, "interval": list(themes[0].interval),
        "corrected": themes[1].share, "corrected_interval": list(themes[1].interval),
    }  # fmt: skip
    assert counted["by_birds"] == {
        "birds": 16, "share": 14 / 16, "interval": list(weighed[0].interval),
        "corrected": weighed[1].share, "corrected_interval": list(weighed[1].interval),
    }  # fmt: skip
    assert counted["errors"] == ERRORS._asdict()
    # What the model says of 1, 2, 4, 5, 8, 10 and 20 birds noted, drawn in that order.
    grid = np.array([1, 2, 4, 5, 8, 10, 20])
    chance = dict(
        zip(
            grid.tolist(),
            persistence.neutral_matches(grid, model, generator(1, "by hand")).tolist(),
            strict=True,
        )
    )
    expected = np.array([chance[b] for b in (8, 1, 2, 1, 4)])
    assert counted["neutral"] == {
        **model._asdict(),
        "by_count": pytest.approx(expected.mean()),
        "by_birds": pytest.approx((expected * birds).sum() / 16),
        "by_birds_noted": {str(b): c for b, c in chance.items()},
    }
    assert counted["truth"] == {
        "share": 0.6, "share_by_birds": 13 / 16, "n_known": 3, "n_lost": 2,
        "sensitivity": pytest.approx(1 / 3),  # the last one is matched, to another theme
        "sensitivity_interval": list(openset.wilson(1, 3)),
        "false_match_rate": 0.5, "false_match_interval": list(openset.wilson(1, 2)),
        "alive_in_2020": 0.6,
    }  # fmt: skip


def test_a_notebook_of_one_kind_leaves_the_other_rate_unknown():
    model = persistence.Neutral(120, 4, 60, 2, 0.5, 0.0185)
    found, unknown = [ruling("a", 4, "a")], [ruling("none", 1, "none")]
    right = persistence.persistence(found, [""], 0.05, ERRORS, model, None, generator(1))
    assert right["truth"]["sensitivity"] == 1.0
    assert right["truth"]["false_match_rate"] is None
    assert right["truth"]["false_match_interval"] == [0.0, 1.0]
    assert right["truth"]["alive_in_2020"] is None
    # The grid ends with the birds noted in all.
    assert set(right["neutral"]["by_birds_noted"]) == {"1", "2", "4"}
    lost = persistence.persistence(unknown, ["lost"], 0.05, ERRORS, None, None, generator(1))
    assert lost["truth"]["sensitivity"] is None
    assert lost["truth"]["false_match_rate"] == 0.0
    assert lost["truth"]["alive_in_2020"] == 0.0
    assert lost["neutral"] is None
    partly = [ruling("a", 1, "a"), ruling("a", 1, "")]
    assert "truth" not in persistence.persistence(
        partly, ["", ""], 0.05, ERRORS, None, None, generator(1)
    )


def test_more_birds_than_the_model_has_noted_are_taken_for_all_of_them():
    model = persistence.Neutral(120, 5, 60, 20, 0.5, 0.0185)
    counted = persistence.persistence(
        [ruling("a", 9, "")], [""], 0.05, ERRORS, model, None, generator(1)
    )
    noted = counted["neutral"]["by_birds_noted"]
    assert set(noted) == {"1", "2", "5"}
    assert counted["neutral"]["by_count"] == noted["5"]


def test_an_empty_notebook_persists_neither_way():
    model = persistence.Neutral(120, 5, 60, 20, 0.5, 0.0185)
    empty = persistence.persistence([], [], 0.05, ERRORS, model, 120, generator(1))
    nothing = dict.fromkeys(("share", "interval", "corrected", "corrected_interval"))
    assert empty == {
        "by_count": {"matched": 0, "n": 0, "p_chance": None, **nothing},
        "by_birds": {"birds": 0, **nothing},
        "errors": ERRORS._asdict(),
        "neutral": None,
    }


def test_what_is_kept_of_a_judged_notebook(tmp_path: Path):
    held_out = np.linspace(0, 1, 99)
    np.savez(tmp_path / "null.npz", held_out=held_out)
    rng = generator(1, "kept")
    logits = rng.normal(0, 2, (3, 8, 4))
    logits[:, :4, 2] += 7.0
    names = ["a"] * 4 + ["b"] * 4
    notebook = [sketch("b", 2), sketch("a", 3, "z")]
    judge = {"temperature": 1.5, "threshold": 2.5}
    rulings, kept = persistence.judge_notebook(
        notebook, ["x", "y", "z"], logits, names, judge, str(tmp_path / "null.npz")
    )
    mean = openset.by_song(logits, names, ["b", "a"])
    scatter = persistence.spread(logits, names, ["b", "a"], 1.5, 2.5)
    plain = persistence.rule_on(notebook, ["x", "y", "z"], mean, held_out, 1.5, 2.5)
    for k, (found, bare) in enumerate(zip(rulings, plain, strict=True)):
        near = ["x", "y", "z"].index(bare.nearest)
        said = 3 if bare.verdict == "none" else near
        assert found == bare._replace(
            low=round(float(scatter.low[k, near]), 6),
            high=round(float(scatter.high[k, near]), 6),
            stability=round(float(scatter.named[k, said]), 6),
        )
    assert [r.verdict for r in rulings] == ["none", "z"]
    assert 0 < rulings[0].stability < 1
    assert set(kept) == {
        "sketches", "themes", "posterior", "low", "high", "named", "score", "threshold"
    }  # fmt: skip
    assert kept["sketches"].tolist() == ["b", "a"]
    assert kept["themes"].tolist() == ["x", "y", "z"]
    assert kept["posterior"] == pytest.approx(openset.probabilities(mean, 1.5)[:, :3])
    assert np.array_equal(kept["low"], scatter.low[:, :3])
    assert np.array_equal(kept["high"], scatter.high[:, :3])
    assert np.array_equal(kept["named"], scatter.named)
    assert kept["score"] == pytest.approx(mean.mean(axis=0)[:, :3].max(axis=1))
    assert kept["threshold"] == 2.5
    none, arrays = persistence.judge_notebook(
        [], ["x", "y", "z"], logits[:, :0], [], judge, str(tmp_path / "null.npz")
    )
    assert none == []
    assert arrays["sketches"].dtype.kind == arrays["themes"].dtype.kind == "U"


def test_null_scores_that_hold_objects_are_not_unpickled(tmp_path: Path):
    np.savez(tmp_path / "null.npz", held_out=np.array([{"a": 1}], dtype=object))
    judge = {"temperature": 1.0, "threshold": 1.0}
    with pytest.raises(ValueError, match="allow_pickle"):
        persistence.judge_notebook(
            [], ["x"], np.zeros((1, 0, 2)), [], judge, str(tmp_path / "null.npz")
        )


def test_rulings_come_back_from_their_table(tmp_path: Path):
    given = [
        persistence.Ruling("Ñ 1", "x", "x", 0.5, 0.25, 0.5, 1.0, 7, "x", 0.125, 0.75, 0.875),
        persistence.Ruling("two", "none", "y", 0.25, 1.0, 1.0, 0.5, 1, "", 0.0625, 0.5, 0.375),
    ]
    rows = ["\t".join(persistence.Ruling._fields), *("\t".join(map(str, r)) for r in given)]
    (tmp_path / "verdicts.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert persistence.read_rulings(tmp_path / "verdicts.tsv") == given
