"""Notebooks that should find no match: what is changed, what is kept, and how often they deceive."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chingolo import chance, nulls
from chingolo.config import Config
from chingolo.figures import null_counts
from chingolo.likeness import alike
from chingolo.notebook import Sketch
from chingolo.pen import HIGHEST_KHZ, LOWEST_KHZ
from chingolo.seeds import generator
from chingolo.species import LOCAL_TRILL, random_theme
from chingolo.themes import Note, Theme, contour

themes = st.integers(0, 10_000).map(lambda k: random_theme(generator(1, "null tests", k)))


def whistles(theme: Theme) -> np.ndarray:
    """Pitch of the notes alone, on a clock from the first note's onset to the last one's end."""
    f = contour(theme._replace(trill=None), 4000.0)[0]
    sung = np.flatnonzero(~np.isnan(f))
    return f[sung[0] : sung[-1] + 1]


@given(themes, st.randoms(use_true_random=False))
def test_another_order_keeps_notes_gaps_and_trill(theme: Theme, random):
    order = random.sample(range(len(theme.notes)), len(theme.notes))
    other = nulls.reordered(theme, order)
    assert other.trill == theme.trill
    assert [n._replace(onset_s=0) for n in other.notes] == [
        theme.notes[k]._replace(onset_s=0) for k in order
    ]

    def gaps(t: Theme) -> list[float]:
        ends = [n.onset_s + n.duration_s for n in t.notes]
        return [n.onset_s - end for n, end in zip(t.notes[1:], ends, strict=False)]

    assert gaps(other) == pytest.approx(gaps(theme))
    back = nulls.reordered(other, np.argsort(order).tolist())
    assert [n.onset_s for n in back.notes] == pytest.approx([n.onset_s for n in theme.notes])


@given(themes)
def test_backwards_is_the_contour_reversed(theme: Theme):
    found, expected = whistles(nulls.backwards(theme)), whistles(theme)[::-1]
    n = min(found.size, expected.size)
    assert abs(found.size - expected.size) <= 1
    both = ~np.isnan(found[:n]) & ~np.isnan(expected[:n])
    # The clock's grid may lie a sample aside, a quarter of a millisecond.
    assert np.median(np.abs(found[:n] - expected[:n])[both]) < 5.0
    again = nulls.backwards(nulls.backwards(theme))
    assert [n.onset_s for n in again.notes] == pytest.approx([n.onset_s for n in theme.notes])
    assert [n.start_hz for n in again.notes] == [n.start_hz for n in theme.notes]


@given(themes)
def test_upside_down_keeps_time_and_range(theme: Theme):
    turned, original = whistles(nulls.upside_down(theme)), whistles(theme)
    total = turned + original
    assert np.nanmax(total) - np.nanmin(total) < 1e-6
    # Steep ends may fall between two samples.
    assert np.nanmin(turned) == pytest.approx(np.nanmin(original), abs=30.0)
    assert np.nanmax(turned) == pytest.approx(np.nanmax(original), abs=30.0)


@given(themes, st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_variants_can_be_told_apart(theme: Theme, many: int):
    for kept in (
        nulls.permuted(theme, many, generator(1, "variants")), nulls.mirrored(theme, many)
    ):  # fmt: skip
        assert len(kept) <= many
        for k, one in enumerate(kept):
            assert not any(alike(one, other) for other in (theme, *kept[:k]))
    if len(theme.notes) == 1:
        assert nulls.permuted(theme, many, generator(1, "one note")) == []


def test_equal_notes_have_no_other_order_and_a_level_note_no_mirror():
    level = Note(0.0, 0.3, 4000.0, 4000.0)
    assert (
        nulls.permuted(Theme((level, level._replace(onset_s=0.4))), 3, generator(1, "same")) == []
    )
    assert nulls.mirrored(Theme((level,)), 3) == []
    three = Theme((level, Note(0.4, 0.3, 5000.0, 6000.0), Note(0.8, 0.2, 7000.0, 3000.0)))
    assert len(nulls.permuted(three, 9, generator(1, "three"))) == 5


def test_a_pool_holds_all_kinds_and_is_drawn_the_same_twice(config: Config):
    small = config.simulated._replace(birds=36, burn_in=30, noted=12, recorded=12)
    panel = {
        "a": random_theme(generator(1, "a")),
        "b": random_theme(generator(1, "b"))._replace(trill=None),
    }
    notebook = [Sketch(f"s/{k}", random_theme(generator(2, k))) for k in range(5)]
    drawn = nulls.draw_nulls(notebook, panel, 10, small, 1)
    assert drawn == nulls.draw_nulls(notebook, panel, 10, small, 1)
    names = [s.name for s in drawn]
    assert len(set(names)) == len(names)
    for kind in ("species", "foreign"):
        own = [s for s in drawn if s.name.startswith(f"{kind}/")]
        assert len(own) == 10
        assert {s.theme.trill and s.theme.trill.count for s in own} == {None, LOCAL_TRILL.count}
    assert {chance._origin(n) for n in names if n.startswith("mirrored/")} == {
        f"s/{k}" for k in range(5)
    }
    low, high = 1000 * LOWEST_KHZ, 1000 * HIGHEST_KHZ
    for sketch in drawn:
        assert low <= np.nanmin(whistles(sketch.theme)) <= np.nanmax(whistles(sketch.theme)) <= high
    assert nulls.draw_nulls([], panel, 4, small, 1)[0].name == "species/0000"


def test_counts_of_null_notebooks_follow_their_laws():
    rng = generator(1, "counts")
    small = chance.pool_counts(10, 40, 17, 20_000, rng)
    law = stats.hypergeom(40, 10, 17)
    assert small.mean() == pytest.approx(law.mean(), abs=0.05)
    assert small.var() == pytest.approx(law.var(), rel=0.05)
    large = chance.pool_counts(3, 12, 17, 20_000, rng)
    assert large.var() == pytest.approx(stats.binom(17, 0.25).var(), rel=0.05)
    variants = chance.variant_counts(np.array([1.0, 0.0, 0.5, 0.2]), 20_000, rng)
    assert variants.mean() == pytest.approx(1.7, abs=0.03)
    assert (variants.min(), variants.max()) == (1, 3)


def test_p_by_hand():
    assert chance.chance_of(2, np.array([0, 1, 2, 3])) == 3 / 5
    assert chance.chance_of(9, np.zeros(99, int)) == 0.01


@pytest.mark.parametrize("kind", ["species", "permuted"])
def test_a_notebook_of_null_themes_is_seldom_significant(kind: str):
    # The small pool's own share would be wrong often; the shuffled test must not be.
    rng = generator(1, "null p", kind)
    p, p_pool = [], []
    for _ in range(300):
        notebook = {f"s{k}": bool(rng.random() < 0.15) for k in range(16)}
        names = [f"permuted/s{k % 16}/{k // 16}" if kind == "permuted" else f"species/{k}"
                 for k in range(32 if kind == "permuted" else 20)]  # fmt: skip
        found, _ = chance.compare(names, rng.random(len(names)) < 0.15, notebook, 199, rng)
        p.append(found.p)
        p_pool.append(found.p_pool)
    assert np.mean(np.array(p) <= 0.05) < 0.08
    assert np.mean(np.array(p_pool) <= 0.05) > np.mean(np.array(p) <= 0.05)


def test_sketches_without_a_variant_are_left_out():
    notebook = {"one": True, "two": True, "three": False}
    names = ["permuted/two/0", "permuted/three/0", "permuted/three/1"]
    found, counts = chance.compare(
        names, np.array([False, True, True]), notebook, 99, generator(1, "left out")
    )
    assert (found.sketches, found.observed, found.matched) == (2, 1, 2)
    assert set(counts.tolist()) == {1}
    assert found.p_pool == 1.0
    nothing, counts = chance.compare([], np.zeros(0, bool), notebook, 99, generator(1, "none"))
    assert nothing.p is None
    assert counts.size == 0


def test_nulls_are_judged_as_the_notebook_is():
    names = ["species/0000", "species/0001", "mirrored/a/0", "foreign/0000"]
    draws = [name for name in names for _ in range(2)]
    logits = np.zeros((3, 8, 3))
    logits[:, 2:4, 1] = 5.0  # the second random theme
    logits[:, 4, 0] = 8.0  # one of the mirrored sketch's two draws: 4 in the mean
    kinds, arrays = chance.judge_nulls(names, logits, draws, {"a": True, "b": False}, 4.5, 99, 1)
    assert arrays["scores"] == pytest.approx([0, 5, 4, 0])
    assert [kinds[kind]["matched"] for kind in chance.KINDS] == [1, 0, 0, 0]
    assert kinds["mirrored"]["sketches"] == 1
    assert kinds["permuted"]["p"] is None
    assert kinds["foreign"]["sketches"] == 2
    assert kinds["of_foreign_birds"]["sketches"] == 1
    assert kinds["of_foreign_birds"]["observed"] == 0
    assert kinds["of_foreign_birds"]["p"] == 1.0
    assert all(arrays[kind].size in (0, 99) for kind in chance.KINDS)
    bare, _ = chance.judge_nulls(names[:2], logits[:, :4], draws[:4], {"a": True}, 4.5, 99, 1)
    assert (bare["permuted"]["sketches"], bare["species"]["sketches"]) == (0, 1)
    empty, _ = chance.judge_nulls(names, logits, draws, {}, 4.5, 99, 1)
    assert empty["species"]["p"] is None
    assert empty["species"]["share"] == 0.5


def test_the_figure_shows_the_count_and_its_p():
    rng = generator(1, "figure")
    notebook = {f"s{k}": k < 6 for k in range(12)}
    kinds, counts = {}, {}
    for kind in chance.KINDS:
        names = [f"{kind}/{k}" for k in range(30 if kind != "permuted" else 0)]
        found, counts[kind] = chance.compare(names, rng.random(len(names)) < 0.1, notebook, 99, rng)
        kinds[kind] = found._asdict()
    drawn = null_counts.draw(kinds, counts, "simulated")
    shown = ["".join(text.get_text() for text in axis.texts) for axis in drawn.axes]
    assert [("6 of 12" in text, "p = " in text) for text in shown] == [
        (True, True), (False, False), (True, True), (True, True)
    ]  # fmt: skip
