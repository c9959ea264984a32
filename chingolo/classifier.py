"""The judge: a small convolutional network that names the theme of a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from chingolo import guards
from chingolo.checkpoints import Checkpoint
from chingolo.config import Judge
from chingolo.devices import device_of
from chingolo.notebook import NONE
from chingolo.shards import Corpus, Item

Logits = npt.NDArray[np.float32]
CPU = torch.device("cpu")
BATCH = 64
"""Songs asked about at once: as many as a core's cache holds (measured)."""


class Epoch(NamedTuple):
    """What one pass over the songs left: means over the training batches and over validation."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


def network(outputs: int, settings: Judge) -> nn.Sequential:
    """Four strided convolutions, a coarse map of pitch against time, one linear layer.

    The map keeps 4 x 8 cells rather than one mean, because where in pitch and when in time a whistle
    lies is what a theme is.
    """
    layers: list[nn.Module] = []
    channels = 1
    for filters in settings.filters:  # (n, channels, bands, frames), halved by each layer
        layers += [
            nn.Conv2d(channels, filters, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(filters),
            nn.ReLU(),
        ]
        channels = filters
    return nn.Sequential(
        *layers,
        nn.AdaptiveAvgPool2d((4, 8)),
        nn.Flatten(),
        nn.Dropout(settings.dropout),
        nn.Linear(channels * 32, outputs),
    )


def augment(pictures: torch.Tensor, settings: Judge, rng: torch.Generator) -> torch.Tensor:
    """Shift pictures in time and blacken a stripe of bands and of frames; shape (n, 1, bands, frames)."""
    n, _, bands, frames = pictures.shape
    device = pictures.device

    def draw(high: int) -> torch.Tensor:
        return torch.randint(0, max(1, high), (n, 1), generator=rng).to(device)

    earliest, latest = settings.shift_frames
    shift = draw(latest - earliest + 1) + earliest
    column = torch.arange(frames, device=device)[None] - shift
    inside = ((column >= 0) & (column < frames))[:, None, None]
    index = column.clamp(0, frames - 1)[:, None, None].expand(n, 1, bands, frames)
    moved = pictures.gather(3, index) * inside
    first, width = draw(bands), draw(settings.mask_bands + 1)
    band = torch.arange(bands, device=device)[None]
    moved = moved * ~((band >= first) & (band < first + width))[:, None, :, None]
    first, width = draw(frames), draw(settings.mask_frames + 1)
    frame = torch.arange(frames, device=device)[None]
    return moved * ~((frame >= first) & (frame < first + width))[:, None, None]


def as_tensor(pictures: npt.NDArray[np.uint8], device: torch.device = CPU) -> torch.Tensor:
    """Pictures as the network sees them: (n, bands, frames) bytes to (n, 1, bands, frames) in 0..1."""
    tensor = torch.from_numpy(pictures).to(device).float().div_(255.0)[:, None]
    return tensor.contiguous(memory_format=torch.channels_last)


def classes(items: Sequence[Item], themes: Sequence[str]) -> npt.NDArray[np.int64]:
    """Output that each song should raise: its theme's, or the last, *none of today's*; shape (n,)."""
    number = {theme: k for k, theme in enumerate(themes)} | {NONE: len(themes)}
    return np.array([number[item.theme] for item in items], dtype=np.int64)


def channels_last(model: nn.Sequential) -> nn.Sequential:
    """Lay a network's weights out the way convolutions on a CPU are fastest."""
    return cast(nn.Sequential, model.to(memory_format=torch.channels_last))  # type: ignore[call-overload]


def logits(model: nn.Sequential, corpus: Corpus, batch: int = BATCH) -> Logits:
    """Answers of a trained network; shape (n, themes + 1), *none of today's* last."""
    if not corpus.items:
        return np.zeros((0, cast(nn.Linear, model[-1]).out_features), np.float32)
    return _through(model, corpus, batch)


def features(model: nn.Sequential, corpus: Corpus) -> Logits:
    """Return what a network's last layer sees of each song, scaled to length 1; shape (n, features)."""
    seen = _through(model[:-1], corpus)
    return np.asarray(seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9))


def _through(model: nn.Module, corpus: Corpus, batch: int = BATCH) -> Logits:
    model.eval()
    device = next(model.parameters()).device
    out = []
    with torch.inference_mode():
        for first in range(0, len(corpus.items), batch):
            rows = np.arange(first, min(first + batch, len(corpus.items)))
            out.append(model(as_tensor(corpus.take(rows), device)).cpu().numpy())
    return np.concatenate(out)


def fit(
    train: Corpus,
    validation: Corpus,
    themes: list[str],
    settings: Judge,
    seed: int,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
    device_name: str = "auto",
    checkpoint: Checkpoint | None = None,
) -> nn.Sequential:
    """Train one network of the ensemble.

    Parameters
    ----------
    train, validation : Corpus
        Synthetic songs only, of the panel's themes and of none of them; validation is watched, never
        chosen by.
    themes : list of str
        The panel, in the order of the network's outputs; one more is *none of today's*.
    settings : Judge
    seed : int
        Of initial weights, order of songs and augmentation.
    on_epoch : callable
        Told of every epoch.
    device_name : str
        See :func:`chingolo.devices.device_of`.
    checkpoint : Checkpoint, optional
        Where the state is kept after every epoch, and a killed training goes on.

    Returns
    -------
    torch.nn.Sequential
        On the CPU, wherever it was trained.
    """
    device = device_of(device_name)
    torch.manual_seed(seed)
    # The pooling's backward pass has no deterministic form for CUDA, though here, where each cell of the map
    # is one of the picture's, it has nothing to add up in any order.
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    rng = torch.Generator().manual_seed(seed)
    target = torch.from_numpy(classes(train.items, themes)).to(device)
    expected = classes(validation.items, themes)
    model = channels_last(network(len(themes) + 1, settings)).to(device)
    steps = max(1, len(target) // settings.batch)
    optimiser = torch.optim.AdamW(
        model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=steps * settings.epochs
    )
    measure = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
    done = checkpoint.restore(model, optimiser, schedule, rng) if checkpoint else []
    for left in done:
        on_epoch(Epoch(int(left[0]), *left[1:]))
    for epoch in range(len(done), settings.epochs):
        model.train()
        loss_sum, right = 0.0, 0
        order = torch.randperm(len(target), generator=rng)
        for step in range(steps):
            rows = order[step * settings.batch : (step + 1) * settings.batch]
            seen = augment(as_tensor(train.take(rows.numpy()), device), settings, rng)
            answer = model(seen)
            loss = measure(answer, target[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            loss_sum += loss.item() * len(rows)
            right += int((answer.argmax(1) == target[rows]).sum())
        guards.loss(loss_sum, epoch, "judge.learning_rate")
        seen_songs = min(len(target), steps * settings.batch)
        answers = logits(model, validation)
        surprise = nn.functional.cross_entropy(
            torch.from_numpy(answers), torch.from_numpy(expected)
        ).item()
        left = Epoch(
            epoch,
            loss_sum / seen_songs,
            right / seen_songs,
            surprise,
            float((answers.argmax(1) == expected).mean()),
        )
        done.append(left)
        if checkpoint:
            checkpoint.save(model, optimiser, schedule, rng, done)
        on_epoch(left)
    return model.cpu()


def save(model: nn.Sequential, themes: list[str], settings: Judge, path: Path) -> None:
    """Write weights, classes and shape of a network; safe to load (no pickled code)."""
    beside = path.with_name(path.name + ".part")
    plain = {"weights": model.state_dict(), "themes": themes, "settings": list(settings)}
    torch.save(plain, beside)
    beside.rename(path)


def load(path: Path) -> tuple[nn.Sequential, list[str]]:
    """Read a network written by :func:`save`.

    Returns
    -------
    model : torch.nn.Sequential
    themes : list of str
    """
    plain = torch.load(path, weights_only=True)
    settings = Judge(*plain["settings"])
    model = network(len(plain["themes"]) + 1, settings)
    model.load_state_dict(plain["weights"])
    model.eval()
    return channels_last(model), plain["themes"]


def fused(model: nn.Sequential) -> nn.Sequential:
    """Fold batch normalisation into the convolutions before it: a fourth faster, for answering only."""
    layers: list[nn.Module] = []
    for layer in model.eval():
        if isinstance(layer, nn.BatchNorm2d):
            layers[-1] = fuse_conv_bn_eval(cast(nn.Conv2d, layers[-1]), layer)
        else:
            layers.append(layer)
    return channels_last(nn.Sequential(*layers))


def ensemble_logits(
    paths: Sequence[str], corpus: Corpus, device_name: str = "auto"
) -> tuple[Logits, list[str]]:
    """Answers of every network of an ensemble, computed where :func:`chingolo.devices.device_of` says.

    Returns
    -------
    logits : ndarray of float32, shape (networks, n, themes + 1)
    themes : list of str
    """
    loaded = [load(Path(path)) for path in paths]
    models = [fused(model).to(device_of(device_name)) for model, _ in loaded]
    return np.stack([logits(model, corpus) for model in models]), loaded[0][1]
