"""The 2018 network: what the lab's public forerunner named songs by (github mwappner/Tesis).

Layers, optimiser and batches are those of its ``byc/Gabos/tres_chingolos.py``; the images are those of
:mod:`chingolo.songs_2018`. It was trained for 15 epochs of 200 steps; the configuration's 120 keep it
within some three minutes a world. It knows no *none*: its score of being known is its largest
probability.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy import special
from torch import nn

from chingolo.classifier import Logits, as_tensor, channels_last
from chingolo.shards import Corpus

FILTERS, HIDDEN, BATCH = (4, 8, 8, 16), 512, 10


class Epoch(NamedTuple):
    """Means over the images of one epoch."""

    epoch: int
    loss: float
    accuracy: float


def network(themes: int, rows: int = 300, columns: int = 200) -> nn.Sequential:
    """Four times a 3 x 3 convolution, ReLU and 2 x 2 maxima; dropout; 512 hidden; one output a theme."""
    layers: list[nn.Module] = []
    channels = 1
    for filters in FILTERS:
        # ReLU after the maxima: the same, a quarter as often.
        layers += [nn.Conv2d(channels, filters, 3), nn.MaxPool2d(2), nn.ReLU()]
        channels, rows, columns = filters, (rows - 2) // 2, (columns - 2) // 2
    layers += [
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(channels * rows * columns, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, themes),
    ]
    model = nn.Sequential(*layers)
    for layer in layers:  # as Keras begins
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return channels_last(model)


def fit(
    train: Corpus,
    themes: list[str],
    steps: int,
    epochs: int,
    seed: int,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
) -> nn.Sequential:
    """Train the network as it was trained: RMSprop at 1e-4, cross-entropy, L2 of 1e-3 on convolutions.

    Parameters
    ----------
    train : Corpus
        Images of synthetic songs.
    themes : list of str
        Classes, in the order of the network's outputs.
    steps, epochs : int
        Steps an epoch, of ten images each; images come in random order, all before any comes again.
    seed : int
        Of initial weights, order and dropout.
    on_epoch : callable
        Told of every epoch.

    Returns
    -------
    torch.nn.Sequential
    """
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    # What dies away in RMSprop's memory of silent features slows the processor down.
    torch.set_flush_denormal(True)
    rng = torch.Generator().manual_seed(seed)
    target = torch.tensor([themes.index(item.theme) for item in train.items])
    model = network(len(themes), *train.maps[0].shape[1:])
    filters = [layer.weight for layer in model if isinstance(layer, nn.Conv2d)]
    others = [p for p in model.parameters() if not any(p is f for f in filters)]
    # Keras adds 1e-3 of the sum of squares to the loss, whose slope is 2e-3 of the weight.
    groups: list[dict[str, Any]] = [{"params": filters, "weight_decay": 2e-3}, {"params": others}]
    optimiser = torch.optim.RMSprop(groups, lr=1e-4, alpha=0.9, eps=1e-7)
    order = torch.empty(0, dtype=torch.long)
    for epoch in range(epochs):
        model.train()
        loss_sum, right, seen = 0.0, 0, 0
        for _ in range(steps):
            if len(order) == 0:
                order = torch.randperm(len(target), generator=rng)
            rows, order = order[:BATCH], order[BATCH:]
            answer = model(as_tensor(train.take(rows.numpy())))
            loss = nn.functional.cross_entropy(answer, target[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            loss_sum += loss.item() * len(rows)
            right += int((answer.argmax(1) == target[rows]).sum())
            seen += len(rows)
        on_epoch(Epoch(epoch, loss_sum / seen, right / seen))
    torch.set_flush_denormal(False)
    return model


def logits(model: nn.Sequential, corpus: Corpus, batch: int = 64) -> Logits:
    """Answers of a trained network; shape (n, themes)."""
    model.eval()
    outputs = [p.shape[0] for p in model.parameters()][-1]
    out = [np.zeros((0, outputs), np.float32)]
    with torch.inference_mode():
        for first in range(0, len(corpus.items), batch):
            rows: npt.NDArray[np.int64] = np.arange(first, min(first + batch, len(corpus.items)))
            out.append(model(as_tensor(corpus.take(rows))).numpy())
    return np.concatenate(out)


def probabilities(model: nn.Sequential, corpus: Corpus) -> npt.NDArray[np.float64]:
    """Probabilities it gives to the themes it knows; shape (n, themes)."""
    return np.asarray(special.softmax(logits(model, corpus).astype(float), axis=1))


def save(model: nn.Sequential, themes: list[str], shape: tuple[int, int], path: Path) -> None:
    """Write weights, classes and the images' shape; safe to load (no pickled code)."""
    beside = path.with_name(path.name + ".part")
    torch.save({"weights": model.state_dict(), "themes": themes, "shape": list(shape)}, beside)
    beside.rename(path)


def load(path: Path) -> tuple[nn.Sequential, list[str]]:
    """Read a network written by :func:`save`, and its classes."""
    plain = torch.load(path, weights_only=True)
    model = network(len(plain["themes"]), *plain["shape"])
    model.load_state_dict(plain["weights"])
    model.eval()
    return model, plain["themes"]
