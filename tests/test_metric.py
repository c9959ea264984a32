"""The metric: distances and losses against slow loops, families, few-shot scores, and what training gives."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from chingolo import comparison, few_shot, metric, siamese
from chingolo.config import Config, Metric
from chingolo.corpora import Voice
from chingolo.distances import BLOCK, all_pairs
from chingolo.families import family, family_items, family_pictures
from chingolo.likeness import alike
from chingolo.pitch import PitchMap
from chingolo.placed import Placed, in_order
from chingolo.shards import Corpus, Item

PLACES = arrays.arrays(
    np.float32, (2, 5, 3), elements=st.floats(-0.5, 0.5, width=32, allow_subnormal=False)
)


def euclidean(u, v) -> float:
    return math.sqrt(sum((float(a) - float(b)) ** 2 for a, b in zip(u, v, strict=True)))


def poincare(u, v) -> float:
    inside = [1 - sum(float(a) ** 2 for a in x) for x in (u, v)]
    return math.acosh(1 + 2 * euclidean(u, v) ** 2 / (inside[0] * inside[1]))


@pytest.mark.parametrize(("geometry", "slow"), [("euclidean", euclidean), ("poincare", poincare)])
@given(a=PLACES, b=PLACES)
@settings(max_examples=30, deadline=None)
def test_distances_are_those_of_a_slow_loop(geometry, slow, a, b):
    got = all_pairs(a, b, geometry)
    for i in range(5):
        for j in range(5):
            each = [slow(a[k, i], b[k, j]) ** 2 for k in range(2)]
            assert got[i, j] == pytest.approx(math.sqrt(sum(each) / 2), abs=2e-3)


@given(PLACES)
@settings(max_examples=20, deadline=None)
def test_the_loss_measures_the_same_hyperbolic_distance(a):
    one, other = torch.from_numpy(a[0]).double(), torch.from_numpy(a[1]).double()
    table = metric.PoincareDistance()(one, other)
    rows = metric.PoincareDistance().pairwise_distance(one, other)
    for i in range(5):
        assert rows[i].item() == pytest.approx(poincare(a[0, i], a[1, i]), abs=1e-3)
        for j in range(5):
            assert table[i, j].item() == pytest.approx(poincare(a[0, i], a[1, j]), abs=1e-3)


def test_distances_do_not_depend_on_the_block():
    rng = np.random.default_rng(1)
    many = rng.standard_normal((1, BLOCK + 50, 8)).astype(np.float32)
    got = all_pairs(many, many[:, :70])
    alone = all_pairs(many[:, BLOCK - 5 : BLOCK + 5], many[:, :70])
    np.testing.assert_allclose(got[BLOCK - 5 : BLOCK + 5], alone, atol=1e-5)


def test_points_in_the_ball_stay_inside():
    far = torch.tensor([[1e4, 0.0], [0.0, 0.0], [-3.0, 4.0]])
    placed = metric.IntoBall()(far)
    assert torch.all(placed.norm(dim=1) < 1)
    assert torch.isfinite(metric.PoincareDistance()(placed, placed)).all()


def embeddings(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(seed)
    near_each_other = torch.ones(4) + 0.5 * torch.randn(9, 4, dtype=torch.float64)
    placed = torch.nn.functional.normalize(near_each_other)
    return placed, torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2])


def test_contrastive_loss_is_its_definition(config: Config):
    placed, label = embeddings()
    loss, miner = metric.loss_of(config.metric._replace(loss="contrastive"), 3)
    assert miner is None
    near, far = [], []
    for i in range(9):
        for j in range(9):
            apart = euclidean(placed[i], placed[j])
            if i != j and label[i] == label[j]:
                near.append(apart)
            elif label[i] != label[j]:
                far.append(max(0.0, 0.7 - apart))
    assert max(far) > 0
    means = [np.mean([x for x in part if x > 0]) for part in (near, far)]
    assert loss(placed, label).item() == pytest.approx(sum(means))


def test_triplet_loss_is_its_definition(config: Config):
    placed, label = embeddings()
    loss, miner = metric.loss_of(config.metric._replace(loss="triplet"), 3)
    assert miner is not None
    lost = []
    for a in range(9):
        for p in range(9):
            for n in range(9):
                if a != p and label[a] == label[p] and label[a] != label[n]:
                    near, far = euclidean(placed[a], placed[p]), euclidean(placed[a], placed[n])
                    if near < far <= near + 0.2:  # semihard
                        lost.append(near - far + 0.2)
    got = loss(placed, label, miner(placed, label)).item()
    assert got == pytest.approx(np.mean([x for x in lost if x > 0]))


def test_supervised_contrastive_loss_is_its_definition(config: Config):
    placed, label = embeddings()
    loss, _ = metric.loss_of(config.metric._replace(loss="supervised-contrastive"), 3)
    total = 0.0
    for i in range(9):
        others = [j for j in range(9) if j != i]
        like = {j: float(placed[i] @ placed[j]) / 0.1 for j in others}
        everything = math.log(sum(math.exp(x) for x in like.values()))
        same = [j for j in others if label[j] == label[i]]
        total -= sum(like[j] - everything for j in same) / len(same) / 9
    assert loss(placed, label).item() == pytest.approx(total)


@pytest.mark.parametrize("geometry", ["euclidean", "poincare"])
@pytest.mark.parametrize("name", ["multi-similarity", "proxy-anchor", "triplet", "contrastive"])
def test_every_loss_has_a_slope_in_either_space(config: Config, name: str, geometry: str):
    if (name, geometry) == ("proxy-anchor", "poincare"):
        pytest.skip("refused by the configuration: proxies do not stay in the ball")
    chosen = config.metric._replace(loss=name, geometry=geometry, dimensions=4)
    loss, miner = metric.loss_of(chosen, 3)
    placed, label = embeddings()
    inner = (0.5 * placed.float()).requires_grad_()
    value = loss(inner, label, miner(inner, label) if miner else None)
    value.backward()
    assert torch.isfinite(value)
    assert inner.grad is not None
    assert torch.isfinite(inner.grad).all()
    assert inner.grad.abs().sum() > 0


def test_a_family_is_themes_that_differ():
    for number in range(20):
        themes = family(number, 3, 1966, "learned")
        assert len(themes) == 3
        assert not any(alike(a, b) for a in themes for b in themes if a is not b)
        assert themes == family(number, 3, 1966, "learned")
        assert themes[:2] == family(number, 2, 1966, "learned")
    assert family(0, 1, 1966, "learned") != family(0, 1, 1966, "asked")


def test_songs_of_a_family_do_not_depend_on_the_shard(config: Config, pitch_map: PitchMap):
    voice = Voice(pitch_map, config.singer, config.spread, config.place, config.picture, (), 1966)
    together = family_items(range(4), 2, 2, "learned")
    assert len({item.song for item in together}) == len(together) == 16
    all_at_once = list(family_pictures(together, 2, voice))
    later = family_items(range(2, 4), 2, 2, "learned")
    assert later == together[8:]
    assert np.array_equal(list(family_pictures(later, 2, voice)), all_at_once[8:])
    # No two songs are the same picture, not even of one theme.
    assert len({picture.tobytes() for picture in all_at_once}) == 16


def test_one_shot_is_the_nearest():
    apart = np.array([[0.1, 0.9], [0.8, 0.3], [0.2, 0.1]])
    told = few_shot.one_shot(apart, ["a", "b", "a"], ["a", "b"])
    assert told["accuracy"] == pytest.approx(2 / 3)
    assert (told["n"], told["classes"]) == (3, 2)
    assert few_shot.one_shot(apart[:0], [], ["a", "b"])["accuracy"] is None


def test_verification_is_the_share_of_pairs_in_order():
    rng = np.random.default_rng(2)
    places = rng.standard_normal((1, 12, 3)).astype(np.float32)
    labels = ["a"] * 4 + ["b"] * 5 + ["c"] * 3
    apart = all_pairs(places, places)
    same, different = [], []
    for i in range(12):
        for j in range(i):
            (same if labels[i] == labels[j] else different).append(apart[i, j])
    won = np.mean([[(s < d) + 0.5 * (s == d) for d in different] for s in same])
    assert few_shot.verification(apart, labels) == pytest.approx(won)
    assert few_shot.verification(apart[:1, :1], ["a"]) is None


def test_the_probability_of_one_theme_is_recovered():
    """Distances drawn so that the log odds are known: 6 - 4 x distance."""
    rng = np.random.default_rng(3)
    n = 400
    places = np.zeros((n, n))
    labels = [str(k // 2) for k in range(n)]
    upper = np.triu_indices(n, 1)
    same = np.array([labels[i] == labels[j] for i, j in zip(*upper, strict=True)])
    drawn = np.where(same, rng.normal(1.0, 0.5, same.size), rng.normal(2.0, 0.5, same.size))
    places[upper] = drawn
    slope, intercept = few_shot.fit_same(places, labels)
    assert (slope, intercept) == pytest.approx((-4.0, 6.0), rel=0.2)
    p = few_shot.same_theme(np.array([0.5, 1.5, 2.5]), -4.0, 6.0)
    assert p == pytest.approx([1 / (1 + math.exp(-4)), 0.5, 1 / (1 + math.exp(4))])


def stripes(families: range, songs: int, seed: int) -> Corpus:
    """Themes as lines of their own height and slope, badly drawn, at various times."""
    rng = np.random.default_rng(seed)
    items = family_items(families, 2, songs, "stripes")
    pictures = np.zeros((len(items), 64, 128), np.uint8)
    for picture, item in zip(pictures, items, strict=True):
        own = np.random.default_rng([int(x) for x in item.theme.split("-")])
        first, slope, length = own.uniform(5, 58), own.uniform(-0.8, 0.8), own.integers(30, 70)
        start = int(rng.integers(0, 20))
        x = np.arange(length)
        y = np.clip(first + slope * x + rng.normal(0, 0.5), 0, 63).astype(int)
        picture[y, start + x] = 255
        picture[:] = np.maximum(picture, rng.integers(0, 60, picture.shape))
    return Corpus((pictures,), items)


@pytest.fixture(scope="module")
def short(config: Config) -> Metric:
    return config.metric._replace(epochs=4, together=8, dimensions=16)


@pytest.fixture(scope="module")
def trained(config: Config, short: Metric):
    told: list[metric.Epoch] = []
    model = metric.fit(stripes(range(80), 4, 0), short, config.judge, 7, told.append)
    return model, told


def test_another_song_is_put_behind_some(config: Config):
    rng = torch.Generator().manual_seed(4)
    plain = torch.rand((40, 1, 6, 9), generator=rng)
    always = config.metric._replace(behind=1.0, behind_level=0.5)
    got = metric.put_behind(plain, always, rng)
    assert (got >= plain).all()
    changed = got > plain
    assert 0.9 < changed.any(dim=(1, 2, 3)).float().mean() <= 1
    assert (got[changed] <= 0.5).all()
    # Every cell is its own, or dimmed from the same band of one other picture.
    k = int(changed.any(dim=(1, 2, 3)).nonzero()[0])
    fits = []
    for other in range(40):
        for shift in range(9):
            moved = plain[other, 0].roll(shift, 1)
            ratio = (got[k, 0] / moved)[changed[k, 0]]
            fits.append((ratio.max() - ratio.min()).item())
    assert min(fits) < 1e-5
    never = metric.put_behind(plain, always._replace(behind=0.0), rng)
    assert torch.equal(never, plain)
    half = metric.put_behind(plain, always._replace(behind=0.5), rng) > plain
    assert 0.2 < half.any(dim=(1, 2, 3)).float().mean() < 0.8


def test_training_teaches_to_tell_themes_never_met(
    config: Config, short: Metric, trained, tmp_path
):
    model, told = trained
    assert len(told) == short.epochs
    assert told[-1].loss < told[0].loss
    asked = stripes(range(200, 220), 3, 1)
    metric.save(model, short, config.judge, tmp_path / "m.pt")
    loaded, kept = metric.load(tmp_path / "m.pt")
    assert kept == short
    placed = metric.embed([loaded], asked)
    assert placed.shape == (1, 120, 16)
    np.testing.assert_allclose(np.linalg.norm(placed, axis=2), 1, atol=1e-5)
    scores = metric.unseen_themes(all_pairs(placed, placed), asked.items)
    assert scores["auroc"] > 0.9
    assert scores["one_shot"]["classes"] == 20
    assert scores["one_shot"]["n"] == 40
    assert scores["one_shot"]["accuracy"] > 5 * (1 / 20)
    assert scores["all_themes"]["classes"] == 40
    assert scores["one_note_apart"]["accuracy"] >= scores["all_themes"]["accuracy"]


def test_training_is_the_same_whoever_asks(config: Config, short: Metric, trained):
    again = metric.fit(stripes(range(80), 4, 0), short, config.judge, 7)
    for a, b in zip(trained[0].state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_answers_are_those_of_the_network_unfused(config: Config, short: Metric, trained, tmp_path):
    asked = stripes(range(300, 304), 2, 2)
    metric.save(trained[0], short, config.judge, tmp_path / "m.pt")
    placed = metric.embed([metric.load(tmp_path / "m.pt")[0]], asked)[0]
    model = trained[0].eval()
    with torch.inference_mode():
        plain = model(torch.from_numpy(asked.maps[0]).float().div(255)[:, None]).numpy()
    np.testing.assert_allclose(placed, plain, atol=1e-5)


def placed(themes: list[str], role: str, at: dict[str, float], jitter: float) -> Placed:
    rng = np.random.default_rng(4)
    items = [Item(f"{theme}/{k}", theme, role, 0) for k, theme in enumerate(themes)]
    where = [[at.get(theme, 9.0) + jitter * rng.standard_normal(), 0.0] for theme in themes]
    return Placed(np.array([where], np.float32), items)


def test_a_world_is_scored_by_distance():
    at, panel = {"a": 0.0, "b": 1.0, "c": 2.0}, ["c", "a", "b"]
    known = placed(["a", "a", "b", "c"], "query", at, 0.05)
    lost = placed(["none", "none"], "unknown", at, 0.05)
    heard = Placed(np.concatenate([known.places, lost.places], axis=1), [*known.items, *lost.items])
    swapped = placed(["a", "b", "c", "none"], "background_swapped", at, 0.05)
    enrolled = in_order(placed(["a", "b", "c"], "enrol", at, 0.0), panel)
    assert [item.theme for item in enrolled.items] == panel
    same = {"geometry": "euclidean", "same": {"slope": -10.0, "intercept": 5.0}}
    told = siamese.score(heard, swapped, enrolled, panel, same)
    assert told["one_shot_accuracy"] == told["auroc"] == told["open_set"]["auroc"] == 1
    assert (told["n"], told["classes"]) == (4, 3)
    assert told["altered"]["background_swapped"]["one_shot_accuracy"] == 1
    assert told["same_probability"]["same"] > 0.9
    assert told["same_probability"]["different"] < 0.1
    asked = comparison.Asked(
        [i.song for i in heard.items],
        [i.theme for i in heard.items],
        [i.song for i in heard.items],
        [],
    )
    table = siamese.beside(heard, heard, enrolled, asked, asked, panel, same, 1)
    assert table["baselines"]["accuracy"] == table["baselines_notebook"]["auroc"] == 1
