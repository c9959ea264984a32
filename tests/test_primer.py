"""The primer: numbers by hand, maps against slow loops, descent, learning, and the study's first layer."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import nn

from chingolo import four_pixels, inside, openset, primer, screen
from chingolo.classifier import network
from chingolo.config import Config, Descents, Primer
from chingolo.four_pixels import BADLY_DRAWN, BLIND, FALLING, RISING
from chingolo.notebook import NONE
from chingolo.shards import Corpus, Item

BOTH = [RISING, FALLING]


def by_hand(a, b) -> float:
    total = 0.0
    for x, y in zip(a, b, strict=True):
        total += x * y
    return total


@pytest.fixture(scope="module")
def quick(config: Config) -> Primer:
    """Cut the two slower walks of the study's primer short."""
    ways = config.primer.descents
    short = Descents(ways.full._replace(epochs=3), ways.mini, ways.stochastic._replace(epochs=1))
    return config.primer._replace(seeds=2, descents=short)


@pytest.fixture(scope="module")
def learned(quick: Primer, config: Config):
    return primer.larger_screen(quick, config.study.seed)


def test_neither_sum_nor_product_tells_the_symbols_apart():
    assert four_pixels.sums(BOTH).tolist() == [sum(RISING), sum(FALLING)] == [0, 0]
    assert four_pixels.products(BOTH).tolist() == [1, 1]


def test_the_scalar_product_does():
    assert four_pixels.scores(RISING, BOTH).tolist() == [4, -4]
    assert [by_hand(RISING, symbol) for symbol in BOTH] == [4, -4]
    assert four_pixels.scores(BLIND, BOTH).tolist() == [0, 0]


def test_a_badly_drawn_diagonal_scores_2_and_stays_at_0_under_a_bias_of_3():
    assert BADLY_DRAWN == (1, 1, -1, 1)
    assert FALLING == (1, -1, -1, 1)
    assert four_pixels.scores(FALLING, [BADLY_DRAWN]).tolist() == [by_hand(FALLING, BADLY_DRAWN)]
    assert by_hand(FALLING, BADLY_DRAWN) == 2
    assert four_pixels.BIAS == 3
    assert four_pixels.outputs(FALLING, [BADLY_DRAWN]).tolist() == [0]
    assert four_pixels.outputs(FALLING, [FALLING]).tolist() == [1]


@pytest.mark.parametrize(("bias", "accepted"), [(1.9, True), (2.0, False), (3.0, False)])
def test_a_threshold_accepts_or_refuses_it(bias: float, accepted: bool):
    assert (four_pixels.outputs(FALLING, [BADLY_DRAWN], bias)[0] > 0) == accepted


def test_a_unit_is_a_convolution_of_the_whole_screen():
    layer = nn.Conv2d(1, 1, 2, bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(FALLING).reshape(1, 1, 2, 2))
        seen = layer(torch.tensor([*BOTH, BADLY_DRAWN], dtype=torch.float64).reshape(-1, 1, 2, 2))
    assert seen.flatten().tolist() == four_pixels.scores(FALLING, [*BOTH, BADLY_DRAWN]).tolist()


def test_the_error_is_the_mean_of_squares():
    rng = np.random.default_rng(1)
    filters = rng.standard_normal((7, 4))
    wanted = [((by_hand(w, RISING) - 4) ** 2 + (by_hand(w, FALLING) + 4) ** 2) / 2 for w in filters]
    np.testing.assert_allclose(four_pixels.errors(filters), wanted, rtol=1e-12)


def test_descent_takes_the_steps_of_the_derivative():
    start = np.array([0.3, -1.2, 2.0, 0.7])
    path = four_pixels.descend([start, BLIND], 6, 0.04)
    w = start.copy()
    for step in range(7):
        np.testing.assert_allclose(path[0, step], w, atol=1e-12)
        slope = np.zeros(4)
        for symbol, target in zip(BOTH, (4, -4), strict=True):
            slope += 2 * (by_hand(w, symbol) - target) * np.array(symbol) / 2
        w = w - 0.04 * slope


def test_descent_goes_downhill_and_keeps_to_its_plane(config: Config):
    settings = config.primer
    path = four_pixels.descend([BLIND], settings.steps, settings.learning_rate)[0]
    assert np.all(np.diff(four_pixels.errors(path)) < 0)
    np.testing.assert_allclose(path[:, [0, 1]], path[:, [3, 2]], atol=1e-12)
    np.testing.assert_allclose(path[-1], [0, 2, 2, 0], atol=1e-3)


def test_descent_finds_a_filter_from_nearly_everywhere(config: Config):
    numbers, walks = primer.two_symbols(config.primer, config.study.seed)
    assert numbers["starts"] == len(walks["paths"]) == 100
    assert numbers["separating"] >= 99
    assert numbers["separating_before"] < 50
    told = numbers["pictures"]
    assert (told["rising"]["with_rising"], told["falling"]["with_rising"]) == (4, -4)
    assert (told["badly_drawn"]["with_falling"], told["badly_drawn"]["output"]) == (2, 0)
    ends = walks["paths"][:, -1]
    slow = [by_hand(w, RISING) > 3 >= by_hand(w, FALLING) for w in ends]
    assert sum(slow) == numbers["separating"]


def test_the_surface_is_the_error_of_filters_whatever_their_halves(config: Config):
    """Scores depend on the means of the outer and of the inner weights alone."""
    rng = np.random.default_rng(2)
    filters = rng.standard_normal((20, 4))
    outer, inner = filters[:, [0, 3]].mean(axis=1), filters[:, [1, 2]].mean(axis=1)
    tied = four_pixels.tied(outer, inner)
    np.testing.assert_allclose(four_pixels.errors(filters), four_pixels.errors(tied), rtol=1e-12)


def slow_convolution(picture: np.ndarray, filter_: np.ndarray, stride: int = 1) -> np.ndarray:
    height, width = filter_.shape
    rows = (picture.shape[0] - height) // stride + 1
    columns = (picture.shape[1] - width) // stride + 1
    out = np.zeros((rows, columns))
    for row, column in itertools.product(range(rows), range(columns)):
        for i, j in itertools.product(range(height), range(width)):
            out[row, column] += filter_[i, j] * picture[row * stride + i, column * stride + j]
    return out


def slow_pooling(map_: np.ndarray) -> np.ndarray:
    rows, columns = map_.shape[0] // 2, map_.shape[1] // 2
    out = np.full((rows, columns), -np.inf)
    for row, column, i, j in itertools.product(range(rows), range(columns), (0, 1), (0, 1)):
        out[row, column] = max(out[row, column], map_[2 * row + i, 2 * column + j])
    return out


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(5, 9), st.integers(5, 9)),
        elements=st.sampled_from([-1.0, 1.0]),
    )
)
@settings(max_examples=50, deadline=None)
def test_every_layer_equals_its_definition(picture: np.ndarray):
    symbols = [
        screen.Symbol(str(k), tuple(map(tuple, p))) for k, p in enumerate((picture, -picture))
    ]
    model = screen.set_by_hand(symbols)
    seen = screen.stages(model, picture)
    for k, filter_ in enumerate(screen.FILTERS):
        products = slow_convolution(picture, np.array(filter_).reshape(2, 2))
        assert np.array_equal(seen.products[k], products)
        assert np.abs(products).max() <= 4
        found = np.where(products > 3, 1.0, -1.0)
        assert np.array_equal(seen.found[k], found)
        assert np.array_equal(seen.pooled[k], slow_pooling(found))
    assert np.array_equal(seen.vector, np.concatenate([m.ravel() for m in seen.pooled]))
    rows = [screen.stages(model, s.pixels).vector for s in symbols]
    assert seen.scores.tolist() == [by_hand(row, seen.vector) for row in rows]
    powers = np.exp(seen.scores - seen.scores.max())
    np.testing.assert_allclose(seen.probabilities, powers / powers.sum(), rtol=1e-12)


def test_diagonals_are_found_where_they_are(config: Config):
    model = screen.set_by_hand(config.primer.symbols)
    names = [s.name for s in config.primer.symbols]
    seen = screen.stages(model, config.primer.symbols[names.index("\\")].pixels)
    assert np.array_equal(seen.found[0], 2 * np.eye(4) - 1)
    assert np.all(seen.found[1] == -1)
    cross = screen.stages(model, config.primer.symbols[names.index("X")].pixels)
    assert np.array_equal(cross.found, [2 * np.eye(4) - 1, 2 * np.eye(4)[::-1] - 1])


def test_learned_networks_read_clean_symbols_and_badly_drawn_ones_no_worse(learned):
    numbers, _ = learned
    assert numbers["clean"]["by_hand"] == 1
    assert numbers["clean"]["learned"]["low"] == 1
    at_tenth = next(row for row in numbers["accuracy"] if row["flips"] == 0.1)
    assert at_tenth["learned"]["low"] >= at_tenth["by_hand"]
    for row in numbers["accuracy"]:
        # The best there can be, but for chance in which pixels were flipped.
        slack = 2 * np.sqrt(0.25 / row["n"])
        assert max(row["learned"]["high"], row["by_hand"]) <= row["best"] + slack


def test_learning_starts_at_random_and_goes_downhill(learned, quick: Primer):
    _, walks = learned
    assert not np.allclose(walks["filters_before"][0], walks["filters_before"][1])
    for way in Descents._fields:
        loss = walks[f"{way}_loss"]
        assert loss.shape == (quick.seeds, len(walks[f"{way}_epochs"]))
        assert np.all(loss[:, -1] < loss[:, 0])
        assert walks[f"{way}_epochs"][-1] == getattr(quick.descents, way).epochs
    assert np.array_equal(walks["mini_loss"][:, 0], walks["full_loss"][:, 0])


def test_learning_is_the_same_whoever_asks(quick: Primer, config: Config):
    ways = quick.descents
    few = quick._replace(
        seeds=1, asked=20, descents=ways._replace(mini=ways.mini._replace(epochs=2))
    )
    one, again = (primer.larger_screen(few, config.study.seed)[1] for _ in range(2))
    assert np.array_equal(one["learned_filters"], again["learned_filters"])


def test_one_step_over_all_pictures_is_the_mean_gradient(quick: Primer):
    """A full-batch step moves the matrix by the mean of probability minus target, times the vector."""
    rng = np.random.default_rng(3)
    pictures, numbers = screen.examples(quick.symbols, 3, 0.1, rng)
    targets = screen.one_hot(numbers, len(quick.symbols))
    model = screen.untrained(quick.symbols, 2, 7)
    before = model.matrix.weight.detach().numpy().copy()
    moved = np.zeros_like(before)
    for picture, target in zip(pictures, targets.numpy(), strict=True):
        seen = screen.stages(model, picture[0])
        moved += np.outer(seen.probabilities - target, seen.vector) / len(pictures)
    screen.learn(model, pictures, targets, len(pictures), 0.5, 1, 0)
    np.testing.assert_allclose(
        model.matrix.weight.detach().numpy(), before - 0.5 * moved, atol=1e-12
    )


def test_the_best_answer_is_the_likeliest(quick: Primer):
    """By Bayes' rule over all ways to flip, on the shares of ties that fall to each symbol."""
    drawings = screen.screens(quick.symbols)
    assert screen.best_accuracy(quick.symbols, drawings, np.arange(len(drawings))) == 1
    rng = np.random.default_rng(4)
    pictures, numbers = screen.examples(quick.symbols, 100, 0.3, rng)
    share = 0.0
    for picture, number in zip(pictures, numbers, strict=True):
        chances = [np.prod(np.where(picture == drawing, 0.7, 0.3)) for drawing in drawings]
        likeliest = np.isclose(chances, max(chances), rtol=1e-9, atol=0)
        share += likeliest[number] / likeliest.sum() / len(pictures)
    assert screen.best_accuracy(quick.symbols, pictures, numbers) == pytest.approx(share)


def test_pixels_are_flipped_as_often_as_said():
    rng = np.random.default_rng(5)
    blank = np.ones((100_000,))
    assert (screen.flipped(blank, 0.1, rng) < 0).mean() == pytest.approx(0.1, abs=0.005)
    assert np.all(screen.flipped(blank, 0.0, rng) == 1)


def test_the_studys_first_layer_is_the_same_operation(config: Config):
    torch.manual_seed(1)
    model = network(3, config.judge)
    norm = model[1]
    assert isinstance(norm, nn.BatchNorm2d)
    with torch.no_grad():  # as if trained: nothing at its start value
        for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
            values.uniform_(0.2, 1.5)
    model.eval()
    rng = np.random.default_rng(6)
    picture = rng.integers(0, 256, (12, 16), dtype=np.uint8)
    seen = inside.first_layer(model, picture)
    padded = np.pad(picture / 255.0, 1)
    for k in range(config.judge.filters[0]):
        raw = slow_convolution(padded, model[0].weight[k, 0].detach().numpy(), stride=2)
        scale = norm.weight[k].item() / np.sqrt(norm.running_var[k].item() + norm.eps)
        wanted = (raw - norm.running_mean[k].item()) * scale + norm.bias[k].item()
        np.testing.assert_allclose(seen.products[k], wanted, atol=1e-5)
        np.testing.assert_allclose(seen.found[k], np.maximum(wanted, 0), atol=1e-5)


def test_the_answer_is_the_studys_own(config: Config):
    logits = np.array([[4.0, 1.0, 0.0], [2.0, 1.0, 3.0]], np.float32)
    told = inside.answer(logits, ["a", "b"], 0.5, shown=3)
    p = openset.probabilities(logits[:, None], 0.5)[0]
    assert [one["theme"] for one in told] == ["a", NONE, "b"]
    assert [one["probability"] for one in told] == pytest.approx([p[0], p[2], p[1]])


def test_formats_and_sizes_are_told(config: Config):
    shape = (config.picture.bands, config.picture.frames)
    pictures = np.zeros((130, *shape), np.uint8)
    corpus = Corpus((pictures,), [Item(str(k), "a", "train", 0) for k in range(130)])
    told = inside.formats(corpus, config.judge)
    assert (told["samples"], told["width"], told["height"], told["channels"]) == (130, 128, 64, 1)
    assert told["steps_an_epoch"] == 130 // config.judge.batch
    model = network(4, config.judge)
    sizes = inside.sizes(model, pictures[0])
    assert sizes[0] == {"layer": "picture", "shape": [1, 64, 128]}
    assert sizes[1] == {"layer": "Conv2d", "shape": [config.judge.filters[0], 32, 64]}
    assert sizes[-1]["shape"] == [4]
    assert inside.weights(model) == sum(
        w.numel() for w in model.state_dict().values() if w.ndim
    ) - 2 * sum(config.judge.filters)
