"""More symbols on a larger screen: a convolution layer, thresholds, pooling, and a fully connected layer.

The filters of :mod:`chingolo.four_pixels` are slid over the screen; where a score passes the threshold a piece
of a symbol is found (+1), elsewhere not (-1). The maps are pooled and unrolled to one vector; a matrix and
a softmax make class probabilities of it. First the filters and the matrix are set by hand, then they are
learned from random numbers.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from chingolo.config import Symbol
from chingolo.four_pixels import BIAS, FALLING, RISING, tensor

Pictures = npt.NDArray[np.float64]

FILTERS = (FALLING, RISING)
"""Filters set by hand, in the order of their maps."""

POINTS = 60
"""How often the loss is looked at in a training, about."""


class Stages(NamedTuple):
    """What every layer makes of one picture.

    Attributes
    ----------
    products : ndarray, shape (filters, height - 1, width - 1)
        The filters' scalar products with each piece of the picture; a learned filter's bias added.
    found : ndarray, same shape
        After the threshold.
    pooled : ndarray, shape (filters, (height - 1) // 2, (width - 1) // 2)
        The largest of each 2 x 2.
    vector : ndarray, shape (features,)
        The pooled maps unrolled.
    scores, probabilities : ndarray, shape (symbols,)
    """

    products: Pictures
    found: Pictures
    pooled: Pictures
    vector: Pictures
    scores: Pictures
    probabilities: Pictures


class Found(nn.Module):
    """A hard threshold: +1 above it, -1 up to it. It has no slope, so nothing learns through it."""

    def __init__(self, threshold: float) -> None:
        super().__init__()
        self.threshold = threshold

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape to the same."""
        return torch.where(x > self.threshold, 1.0, -1.0).to(x.dtype)


def screens(symbols: Sequence[Symbol]) -> Pictures:
    """Pictures of the symbols; shape (symbols, 1, height, width), of +1 and -1."""
    return np.array([symbol.pixels for symbol in symbols], np.float64)[:, None]


class Network(nn.Module):
    """Convolution, threshold, pooling, unrolling, matrix.

    Parameters
    ----------
    screen : tuple of int
        Height and width of a picture.
    symbols : int
        Rows of the matrix.
    filters : int
        Of 2 x 2 pixels.
    threshold : torch.nn.Module
    bias : bool
        Whether filters and rows of the matrix have one.
    """

    def __init__(
        self, screen: tuple[int, int], symbols: int, filters: int, threshold: nn.Module, bias: bool
    ) -> None:
        super().__init__()
        features = filters * ((screen[0] - 1) // 2) * ((screen[1] - 1) // 2)
        self.convolution = nn.Conv2d(1, filters, 2, bias=bias, dtype=torch.float64)
        self.threshold = threshold
        self.pooling = nn.MaxPool2d(2)
        self.unrolling = nn.Flatten()
        self.matrix = nn.Linear(features, symbols, bias=bias, dtype=torch.float64)

    def layers(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """Follow pictures of shape (n, 1, height, width) through every layer, to the scores."""
        out = [pictures]
        for layer in (
            self.convolution, self.threshold, self.pooling, self.unrolling, self.matrix,
        ):  # fmt: skip
            out.append(layer(out[-1]))
        return out[1:]

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Pictures of shape (n, 1, height, width) to scores of shape (n, symbols)."""
        return self.layers(pictures)[-1]


def set_by_hand(symbols: Sequence[Symbol]) -> Network:
    """Make the network whose filters are the two diagonals, and whose matrix is what they find.

    Each row of the matrix is the vector that a symbol without a fault gives: the symbol whose vector
    resembles a picture's most scores highest.
    """
    pictures = screens(symbols)
    model = Network(_size(pictures), len(symbols), len(FILTERS), Found(BIAS), bias=False)
    with torch.no_grad():
        model.convolution.weight.copy_(tensor(FILTERS).reshape(-1, 1, 2, 2))
        model.matrix.weight.copy_(model.layers(tensor(pictures))[3])
    return model


def _size(pictures: Pictures) -> tuple[int, int]:
    return pictures.shape[2], pictures.shape[3]


def stages(model: Network, picture: npt.ArrayLike) -> Stages:
    """Follow one picture, of shape (height, width), through a network."""
    with torch.inference_mode():
        out = model.layers(tensor(picture)[None, None])
        out.append(nn.functional.softmax(out[-1], dim=1))
    return Stages(*(np.asarray(x[0]) for x in out))


def flipped(pictures: Pictures, share: float, rng: np.random.Generator) -> Pictures:
    """Turn over each pixel with a chance of `share`; any shape."""
    return np.where(rng.random(pictures.shape) < share, -pictures, pictures)


def examples(
    symbols: Sequence[Symbol], many: int, share: float, rng: np.random.Generator
) -> tuple[Pictures, npt.NDArray[np.int64]]:
    """Draw every symbol `many` times, badly.

    Returns
    -------
    pictures : ndarray, shape (symbols * many, 1, height, width)
    numbers : ndarray of int, shape (symbols * many,)
        Which symbol each shows.
    """
    numbers = np.repeat(np.arange(len(symbols)), many)
    return flipped(screens(symbols)[numbers], share, rng), numbers


def one_hot(numbers: npt.NDArray[np.int64], classes: int) -> torch.Tensor:
    """Targets of which one is 1 and the others 0; shape (n, classes)."""
    return nn.functional.one_hot(torch.from_numpy(numbers), classes).double()


def untrained(symbols: Sequence[Symbol], filters: int, seed: int) -> Network:
    """Make the same network with random weights, and a threshold softened so that it has a slope."""
    torch.manual_seed(seed)
    return Network(_size(screens(symbols)), len(symbols), filters, nn.Tanh(), bias=True)


def learn(
    model: Network,
    pictures: Pictures,
    targets: torch.Tensor,
    batch: int,
    rate: float,
    epochs: int,
    seed: int,
) -> list[tuple[int, float]]:
    """Train a network, in place, by gradient descent on batches.

    Parameters
    ----------
    model : Network
    pictures : ndarray, shape (n, 1, height, width)
    targets : torch.Tensor, shape (n, classes)
        One-hot.
    batch : int
        Pictures a step: 1 is stochastic, n full-batch gradient descent.
    rate : float
        Share of the gradient that a step takes off the weights.
    epochs : int
        Passes over all pictures.
    seed : int
        Of their order.

    Returns
    -------
    list of tuple of int and float
        Steps taken and the mean loss over all pictures: before the first step, after the last, and at
        some :data:`POINTS` in between.
    """
    seen, measure = tensor(pictures), nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(model.parameters(), rate)
    order = torch.Generator().manual_seed(seed)
    last = epochs * -(-len(seen) // batch)
    walk: list[tuple[int, float]] = []

    def look(step: int) -> None:
        if step % max(1, last // POINTS) == 0 or step == last:
            with torch.inference_mode():
                walk.append((step, measure(model(seen), targets).item()))

    look(0)
    orders = (torch.randperm(len(seen), generator=order) for _ in range(epochs))
    rows = chain.from_iterable(torch.split(one, batch) for one in orders)
    for step, chosen in enumerate(rows, 1):
        optimiser.zero_grad()
        measure(model(seen[chosen]), targets[chosen]).backward()
        optimiser.step()
        look(step)
    return walk


def accuracy(model: Network, pictures: Pictures, numbers: npt.NDArray[np.int64]) -> float:
    """Share of pictures that a network names right."""
    with torch.inference_mode():
        named = np.asarray(model(tensor(pictures)).argmax(dim=1))
    return float((named == numbers).mean())


def best_accuracy(
    symbols: Sequence[Symbol], pictures: Pictures, numbers: npt.NDArray[np.int64]
) -> float:
    """Share named right by the symbol with the fewest pixels to turn over; ties count their share.

    Where pixels are flipped by chance, less than every second one, and all symbols are as frequent, no
    method does better in the long run (maximum likelihood).
    """
    apart = (pictures[:, None] != screens(symbols)[None]).sum(axis=(2, 3, 4))
    nearest = apart == apart.min(axis=1, keepdims=True)
    return float((nearest[np.arange(len(numbers)), numbers] / nearest.sum(axis=1)).mean())
