"""A metric between songs: siamese networks embed pictures, so that songs of one theme lie close together.

The networks are trained on themes of nobody (:mod:`chingolo.families`), never on a panel's or a real
bird's, and are asked about themes that they never heard. Losses and miners are those of
pytorch-metric-learning.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import torch
from pytorch_metric_learning import losses, miners
from pytorch_metric_learning.distances import BaseDistance, LpDistance
from torch import nn

from chingolo import guards
from chingolo.checkpoints import Checkpoint
from chingolo.classifier import BATCH, as_tensor, augment, channels_last, fused, network
from chingolo.config import Judge, Metric
from chingolo.devices import device_of
from chingolo.few_shot import one_shot, verification
from chingolo.placed import Placed
from chingolo.shards import Corpus, Item, open_corpus

Array = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

EDGE = 1.0 - 1e-3
"""Embeddings stay so far inside the Poincare ball, whose edge is infinitely far away."""


class Epoch(NamedTuple):
    """What one pass over the families left."""

    epoch: int
    loss: float


class IntoBall(nn.Module):
    """Map vectors into the Poincare ball, along the rays from its centre (exponential map at 0)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape (n, dimensions) to the same, shorter than 1."""
        length: torch.Tensor = x.norm(dim=1, keepdim=True).clamp_min(1e-9)
        return x * (torch.tanh(length) * EDGE / length)


class OntoSphere(nn.Module):
    """Scale vectors to length 1."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape (n, dimensions) to the same."""
        return nn.functional.normalize(x)


class PoincareDistance(BaseDistance):  # type: ignore[misc]
    """Hyperbolic distance in the unit ball, arcosh(1 + 2 |u - v|^2 / ((1 - |u|^2) (1 - |v|^2)))."""

    def __init__(self) -> None:
        super().__init__(normalize_embeddings=False)

    def compute_mat(self, query: torch.Tensor, ref: torch.Tensor) -> torch.Tensor:
        """Distances of all pairs; (n, d) and (m, d) to (n, m)."""
        apart = torch.cdist(query, ref).square()
        return self._bent(apart, query.square().sum(1)[:, None], ref.square().sum(1)[None])

    def pairwise_distance(self, query: torch.Tensor, ref: torch.Tensor) -> torch.Tensor:
        """Distances row by row; (n, d) and (n, d) to (n,)."""
        apart = (query - ref).square().sum(1)
        return self._bent(apart, query.square().sum(1), ref.square().sum(1))

    @staticmethod
    def _bent(apart: torch.Tensor, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        # Not arcosh of 1 exactly, where its slope is infinite.
        bent = 1.0 + 2.0 * apart / ((1.0 - one) * (1.0 - other)) + 1e-7
        return torch.acosh(bent)


def embedder(settings: Metric, judge: Judge) -> nn.Sequential:
    """Make the judge's network, with coordinates in place of classes."""
    last = IntoBall() if settings.geometry == "poincare" else OntoSphere()
    return nn.Sequential(*network(settings.dimensions, judge._replace(dropout=0.0)), last)


def loss_of(settings: Metric, themes: int) -> tuple[nn.Module, nn.Module | None]:
    """Make the configured loss, and the miner of pairs that goes with it.

    Returns
    -------
    loss, miner : torch.nn.Module and torch.nn.Module or None
    """
    curved = settings.geometry == "poincare"
    near = PoincareDistance() if curved else LpDistance()
    own = {"distance": PoincareDistance()} if curved else {}  # else each loss's own, the cosine
    scale = 2.0 if curved else 1.0
    if settings.loss == "contrastive":
        return losses.ContrastiveLoss(pos_margin=0.0, neg_margin=0.7 * scale, distance=near), None
    if settings.loss == "triplet":
        margin = 0.2 * scale
        miner = miners.TripletMarginMiner(margin, "semihard", distance=near)
        return losses.TripletMarginLoss(margin, distance=near), miner
    if settings.loss == "multi-similarity":
        loss = losses.MultiSimilarityLoss(alpha=2, beta=50, base=0.5, **own)
        return loss, miners.MultiSimilarityMiner(epsilon=0.1, **own)
    if settings.loss == "proxy-anchor":
        return losses.ProxyAnchorLoss(themes, settings.dimensions, **own), None
    return losses.SupConLoss(temperature=0.1, **own), None


def put_behind(pictures: torch.Tensor, settings: Metric, rng: torch.Generator) -> torch.Tensor:
    """Let another song be heard behind some: what is behind a song must not tell its theme.

    Parameters
    ----------
    pictures : torch.Tensor, shape (n, 1, bands, frames)
        In 0..1.
    settings : Metric
    rng : torch.Generator

    Returns
    -------
    torch.Tensor, shape (n, 1, bands, frames)
        In a share ``behind`` of them, each cell is the brighter of its own and of another picture of the
        batch, moved in time and dimmed to less than ``behind_level``.
    """
    n, frames = len(pictures), pictures.shape[3]
    other = pictures[torch.randperm(n, generator=rng).to(pictures.device)]
    moved = other.roll(int(torch.randint(frames, (1,), generator=rng)), 3)
    dim, chosen = (torch.rand((n, 1, 1, 1), generator=rng).to(pictures.device) for _ in range(2))
    level = settings.behind_level * dim * (chosen < settings.behind)
    return torch.maximum(pictures, moved * level)


def fit(
    train: Corpus,
    settings: Metric,
    judge: Judge,
    seed: int,
    on_epoch: Callable[[Epoch], None] = lambda _: None,
    device_name: str = "auto",
    checkpoint: Checkpoint | None = None,
) -> nn.Sequential:
    """Train one network of the metric.

    Parameters
    ----------
    train : Corpus
        Songs of families (:mod:`chingolo.families`); themes are named ``<family>-<member>``.
    settings : Metric
    judge : Judge
        Its network's filters and its augmentation.
    seed : int
        Of initial weights, order of families and augmentation.
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
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    rng = torch.Generator().manual_seed(seed)
    label, rows = families_of(train.items)
    target = torch.from_numpy(label).to(device)
    model = channels_last(embedder(settings, judge)).to(device)
    loss_function, miner = loss_of(settings, int(label.max()) + 1)
    loss_function.to(device)
    steps = max(1, len(rows) // settings.together)
    optimiser = torch.optim.AdamW(
        [*model.parameters(), *loss_function.parameters()],
        settings.learning_rate,
        weight_decay=settings.weight_decay,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=steps * settings.epochs
    )
    # What proxies of a loss have learned belongs to the state, too.
    both = nn.ModuleList([model, loss_function])
    done = checkpoint.restore(both, optimiser, schedule, rng) if checkpoint else []
    for left in done:
        on_epoch(Epoch(int(left[0]), left[1]))
    for epoch in range(len(done), settings.epochs):
        model.train()
        order, total = torch.randperm(len(rows), generator=rng).tolist(), 0.0
        for step in range(steps):
            met = order[step * settings.together : (step + 1) * settings.together]
            chosen = np.concatenate([rows[k] for k in met])
            seen = augment(as_tensor(train.take(chosen), device), judge, rng)
            seen = put_behind(seen, settings, rng)
            placed, themes = model(seen), target[chosen]
            loss = loss_function(placed, themes, miner(placed, themes) if miner else None)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        guards.loss(total, epoch, "metric.learning_rate")
        left = Epoch(epoch, total / steps)
        done.append(left)
        if checkpoint:
            checkpoint.save(both, optimiser, schedule, rng, done)
        on_epoch(left)
    return model.cpu()


def families_of(items: Sequence[Item]) -> tuple[Ints, list[Ints]]:
    """Give every theme of a corpus of families a number.

    Returns
    -------
    label : ndarray of int, shape (n,)
        Number of each song's theme.
    rows : list of ndarray of int
        Songs of each family.
    """
    number: dict[str, int] = {}
    label = np.array([number.setdefault(item.theme, len(number)) for item in items], np.int64)
    family: dict[str, list[int]] = {}
    for k, item in enumerate(items):
        family.setdefault(item.theme.rsplit("-", 1)[0], []).append(k)
    return label, [np.array(rows, np.int64) for rows in family.values()]


def save(model: nn.Sequential, settings: Metric, judge: Judge, path: Path) -> None:
    """Write weights and shape of a network; safe to load (no pickled code)."""
    beside = path.with_name(path.name + ".part")
    plain = {"weights": model.state_dict(), "metric": list(settings), "judge": list(judge)}
    torch.save(plain, beside)
    beside.rename(path)


def load(path: Path) -> tuple[nn.Sequential, Metric]:
    """Read a network written by :func:`save`, ready to embed."""
    plain = torch.load(path, weights_only=True)
    settings = Metric(*plain["metric"])
    model = embedder(settings, Judge(*plain["judge"]))
    model.load_state_dict(plain["weights"])
    return fused(model), settings


def embed(
    models: Sequence[nn.Sequential], corpus: Corpus, device_name: str = "auto"
) -> npt.NDArray[np.float32]:
    """Place songs in the metric.

    Parameters
    ----------
    models : sequence of torch.nn.Sequential
        Of :func:`load`.
    corpus : Corpus
    device_name : str
        See :func:`chingolo.devices.device_of`.

    Returns
    -------
    ndarray of float32, shape (networks, n, dimensions)
    """
    n = len(corpus.items)
    size = cast(nn.Linear, models[0][-2]).out_features
    device = device_of(device_name)
    models = [model.to(device) for model in models]
    out = np.zeros((len(models), n, size), np.float32)
    with torch.inference_mode():
        for first in range(0, n, BATCH):
            rows = np.arange(first, min(first + BATCH, n))
            seen = as_tensor(corpus.take(rows), device)
            for k, model in enumerate(models):
                out[k, rows] = model(seen).cpu().numpy()
    return out


def place(
    models: Sequence[nn.Sequential],
    pictures: Sequence[str],
    indices: Sequence[str],
    device_name: str = "auto",
) -> list[Placed]:
    """Place the songs of several shards in the metric, each shard for itself; see :func:`embed`."""
    corpora = [open_corpus([path], [index]) for path, index in zip(pictures, indices, strict=True)]
    return [Placed(embed(models, corpus, device_name), corpus.items) for corpus in corpora]


def unseen_themes(apart: Array, items: Sequence[Item]) -> dict[str, object]:
    """Score distances between songs of families that no network learned from.

    Parameters
    ----------
    apart : ndarray, shape (n, n)
        Distances of all pairs.
    items : sequence of Item, length n
        The first song of each theme is enrolled, the others are asked about.

    Returns
    -------
    dict
        ``one_shot`` among the first members of all families, whose themes have nothing in common;
        ``one_note_apart`` among the members of a song's own family alone; ``all_themes`` among all;
        ``auroc`` of telling pairs of one theme from others.
    """
    label = np.array([item.theme for item in items])
    themes, first = np.unique(label, return_index=True)
    asked = np.setdiff1d(np.arange(len(items)), first)
    base = np.char.endswith(themes, "-0")
    ours = np.char.endswith(label[asked], "-0")
    family = np.array([theme.split("-")[0] for theme in themes])
    near = apart[np.ix_(asked, first)]
    own = np.array([theme.split("-")[0] for theme in label[asked]])
    within = np.where(own[:, None] == family[None], near, np.inf)
    return {
        "one_shot": one_shot(near[ours][:, base], list(label[asked][ours]), list(themes[base])),
        "one_note_apart": one_shot(within, list(label[asked]), list(themes)),
        "all_themes": one_shot(near, list(label[asked]), list(themes)),
        "auroc": verification(apart, list(label)),
    }
