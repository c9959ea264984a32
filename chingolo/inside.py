"""What the study's own network makes of one song: its first filters, what they find, and the answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from chingolo import openset
from chingolo.classifier import as_tensor, fused
from chingolo.config import Judge
from chingolo.notebook import NONE
from chingolo.shards import Corpus, Pictures

Array = npt.NDArray[np.float32]


class FirstLayer(NamedTuple):
    """A network's first convolution, with its batch normalisation folded in, on one picture.

    Attributes
    ----------
    filters : ndarray, shape (filters, height, width)
    bias : ndarray, shape (filters,)
    products : ndarray, shape (filters, bands, frames)
        Scalar product of each filter with each piece of the picture, bias added.
    found : ndarray, same shape
        What the threshold lets through: products above 0, else 0.
    """

    filters: Array
    bias: Array
    products: Array
    found: Array


def first_layer(model: nn.Sequential, picture: Pictures) -> FirstLayer:
    """Slide a network's first filters over a picture of shape (bands, frames)."""
    convolution, threshold = list(fused(model))[:2]
    with torch.inference_mode():
        products = convolution(as_tensor(picture[None]))
        found = threshold(products)
    layer = cast(nn.Conv2d, convolution)
    return FirstLayer(
        layer.weight.detach()[:, 0].numpy(),
        cast(torch.Tensor, layer.bias).detach().numpy(),
        products[0].numpy(),
        found[0].numpy(),
    )


def sizes(model: nn.Sequential, picture: Pictures) -> list[dict[str, Any]]:
    """How large a picture is after each of a network's layers that change its size.

    Returns
    -------
    list of dict
        ``layer`` (torch's name) and ``shape``, without the number of pictures.
    """
    seen = as_tensor(picture[None])
    out: list[dict[str, Any]] = [{"layer": "picture", "shape": list(seen.shape[1:])}]
    with torch.inference_mode():
        for layer in model.eval():
            seen = layer(seen)
            shape = list(seen.shape[1:])
            if shape != out[-1]["shape"]:
                out.append({"layer": type(layer).__name__, "shape": shape})
    return out


def weights(model: nn.Module) -> int:
    """How many numbers a network has learned."""
    return sum(p.numel() for p in model.parameters())


def answer(
    logits: npt.NDArray[np.float32], themes: Sequence[str], temperature: float, shown: int = 5
) -> list[dict[str, Any]]:
    """Calibrated probabilities of an ensemble's likeliest answers on one song.

    Parameters
    ----------
    logits : ndarray, shape (networks, themes + 1)
    themes : sequence of str
    temperature : float
        Of ``model/judge.json``.
    shown : int

    Returns
    -------
    list of dict
        ``theme`` and ``probability``, likeliest first; *none of today's* is ``none``.
    """
    p = openset.probabilities(logits[:, None], temperature)[0]
    names = [*themes, NONE]
    order = np.argsort(-p, kind="stable")[:shown]
    return [{"theme": names[k], "probability": float(p[k])} for k in order]


def formats(train: Corpus, settings: Judge) -> dict[str, int]:
    """Count what a network is trained on, in the words of the trade.

    Returns
    -------
    dict
        ``samples``, ``width`` (frames), ``height`` (bands), ``channels``; ``batch``, ``steps_an_epoch``,
        ``epochs``.
    """
    bands, frames = train.maps[0].shape[1:]
    return {
        "samples": len(train.items),
        "width": int(frames),
        "height": int(bands),
        "channels": 1,
        "batch": settings.batch,
        "steps_an_epoch": max(1, len(train.items) // settings.batch),
        "epochs": settings.epochs,
    }
