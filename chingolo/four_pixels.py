r"""Two symbols on four pixels: what one unit of a neural network does, by torch's own calls.

A picture of 2 x 2 pixels is a vector of four numbers, +1 where it is inked and -1 where it is not, row by
row from the top left. The world has two symbols, ``/`` and ``\``. Neither the sum nor the product of the
numbers tells them apart; their scalar product with the right vector, the *filter*, does.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

Vector = npt.NDArray[np.float64]

RISING = (-1.0, 1.0, 1.0, -1.0)
"""The symbol ``/``, and the filter that finds it."""
FALLING = (1.0, -1.0, -1.0, 1.0)
r"""The symbol ``\``: every pixel of ``/`` turned over."""
BADLY_DRAWN = (1.0, 1.0, -1.0, 1.0)
r"""``\`` with one pixel too many."""
BLIND = (1.0, 1.0, 1.0, 1.0)
"""The filter that adds the pixels: both symbols give 0."""
BIAS = 3.0
"""Scores up to here leave the unit at 0: only a symbol without a fault, at 4, gets through."""
TARGETS = (4.0, -4.0)
r"""Scores asked for of ``/`` and ``\``: as far apart as filters of +1 and -1 can bring them."""


def tensor(values: npt.ArrayLike) -> torch.Tensor:
    """Numbers as torch computes with them here: in double precision, so that a loop gives the same."""
    return torch.as_tensor(np.asarray(values, np.float64))


def sums(pictures: npt.ArrayLike) -> Vector:
    """Add the pixels of each picture; (n, 4) to (n,)."""
    return np.asarray(tensor(pictures).sum(dim=1))


def products(pictures: npt.ArrayLike) -> Vector:
    """Multiply the pixels of each picture; (n, 4) to (n,)."""
    return np.asarray(tensor(pictures).prod(dim=1))


def scores(filters: npt.ArrayLike, pictures: npt.ArrayLike) -> Vector:
    """Scalar product of each filter with each picture; (..., 4) and (n, 4) to (..., n)."""
    return np.asarray(nn.functional.linear(tensor(filters), tensor(pictures)))


def unit(weights: npt.ArrayLike, bias: float = BIAS) -> nn.Sequential:
    """Make a unit: what a filter's score has above the bias, or 0.

    Parameters
    ----------
    weights : array_like, shape (4,)
    bias : float

    Returns
    -------
    torch.nn.Sequential
        Pictures of shape (n, 4) to outputs of shape (n, 1).
    """
    layer = nn.Linear(4, 1, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(tensor(weights)[None])
        layer.bias.fill_(-bias)
    return nn.Sequential(layer, nn.ReLU())


def outputs(weights: npt.ArrayLike, pictures: npt.ArrayLike, bias: float = BIAS) -> Vector:
    """Answers of a :func:`unit`; shape (n,)."""
    with torch.inference_mode():
        return np.asarray(unit(weights, bias)(tensor(pictures))[:, 0])


def errors(filters: npt.ArrayLike) -> Vector:
    """Mean squared distance of filters' scores from those asked for; (..., 4) to (...)."""
    found = tensor(scores(filters, [RISING, FALLING]))
    return np.asarray((found - tensor(TARGETS)).square().mean(dim=-1))


def separates(filters: npt.ArrayLike, bias: float = BIAS) -> npt.NDArray[np.bool_]:
    r"""Whether a unit with each filter lets ``/`` through and not ``\``; (..., 4) to (...)."""
    found = scores(filters, [RISING, FALLING])
    return np.asarray((found[..., 0] > bias) & (found[..., 1] <= bias))


def descend(starts: npt.ArrayLike, steps: int, rate: float) -> Vector:
    """Look for filters by gradient descent on the mean squared error, from several starts at once.

    Parameters
    ----------
    starts : array_like, shape (n, 4)
    steps : int
    rate : float
        Share of the gradient that a step takes off the weights.

    Returns
    -------
    ndarray, shape (n, steps + 1, 4)
        The filters before the first step and after each.

    Notes
    -----
    The two symbols are opposite vectors, so that the gradient points along them whatever the filter is:
    what the filter had across that direction stays. The filter found depends on the start; that it tells
    the symbols apart does not.
    """
    filters = nn.Parameter(tensor(starts).clone())
    optimiser = torch.optim.SGD([filters], rate)
    pictures, wanted = tensor([RISING, FALLING]), tensor(TARGETS)
    paths = [filters.detach().numpy().copy()]
    for _ in range(steps):
        optimiser.zero_grad()
        found = nn.functional.linear(filters, pictures)
        # A sum over starts, so that each filter has the gradient of its own error.
        apart = nn.functional.mse_loss(found, wanted.expand_as(found), reduction="none")
        torch.autograd.backward(apart.mean(dim=1).sum())
        optimiser.step()
        paths.append(filters.detach().numpy().copy())
    return np.stack(paths, axis=1)


def tied(outer: npt.ArrayLike, inner: npt.ArrayLike) -> Vector:
    """Make filters whose outer pixels (top left, bottom right) are alike, and the inner two; to (..., 4).

    Both symbols and the blind filter are of this kind, and gradient descent keeps a filter so: on this
    plane its path can be drawn over the error without leaving anything out.
    """
    a, b = np.broadcast_arrays(np.asarray(outer, float), np.asarray(inner, float))
    return np.stack([a, b, b, a], axis=-1)
