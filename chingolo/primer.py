"""The primer's numbers: from two symbols on four pixels to a network that learned to read a screen.

Everything is computed by the calls that the study's own network is made of, in double precision.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from chingolo import four_pixels, screen
from chingolo.config import Primer
from chingolo.seeds import generator

Arrays = dict[str, npt.NDArray[Any]]
Heard = Callable[[int, Mapping[str, float]], None]

PICTURES = {
    "rising": four_pixels.RISING,
    "falling": four_pixels.FALLING,
    "badly_drawn": four_pixels.BADLY_DRAWN,
}

PLANE = 4.0
"""Largest weight of a random start, and edge of the plane of filters that the error is drawn over."""


def two_symbols(settings: Primer, seed: int) -> tuple[dict[str, Any], Arrays]:
    r"""Tell two symbols on four pixels apart.

    Parameters
    ----------
    settings : Primer
    seed : int
        The study's.

    Returns
    -------
    numbers : dict
        ``pictures``: what each operation makes of ``/``, ``\`` and a badly drawn ``\``, the ``output`` being
        that of a unit that looks for ``\``; and how many random starts of gradient descent end at a filter
        that tells the two apart.
    arrays : dict
        ``vectors`` (3, 4); ``paths`` (starts, steps + 1, 4) and ``blind_path`` (steps + 1, 4), and the
        symbols' scores along them (..., 2); and the error over filters whose outer and inner pixels are
        alike: ``axis`` (n,), ``surface`` (n, n), inner by outer.
    """
    both = [four_pixels.RISING, four_pixels.FALLING]
    rng = generator(seed, "primer", "starts")
    walk = settings.steps, settings.learning_rate
    starts = rng.uniform(-PLANE, PLANE, (settings.starts, 4))
    paths = four_pixels.descend(starts, *walk)
    blind = four_pixels.descend([four_pixels.BLIND], *walk)[0]
    axis = np.linspace(-PLANE, PLANE, 161)
    numbers = {
        "bias": four_pixels.BIAS,
        "pictures": {name: _told(vector) for name, vector in PICTURES.items()},
        "starts": settings.starts,
        "separating": int(four_pixels.separates(paths[:, -1]).sum()),
        "separating_before": int(four_pixels.separates(starts).sum()),
        "found_from_blind": [float(x) for x in blind[-1].round(3)],
    }
    return numbers, {
        "vectors": np.array(list(PICTURES.values())),
        "paths": paths,
        "blind_path": blind,
        "path_scores": four_pixels.scores(paths, both),
        "blind_path_scores": four_pixels.scores(blind, both),
        "axis": axis,
        "surface": four_pixels.errors(four_pixels.tied(axis[None], axis[:, None])),
    }


def _told(vector: tuple[float, ...]) -> dict[str, float]:
    """Tell what each operation makes of a picture."""
    made = {
        "sum": four_pixels.sums([vector]),
        "product": four_pixels.products([vector]),
        "with_rising": four_pixels.scores(four_pixels.RISING, [vector]),
        "with_falling": four_pixels.scores(four_pixels.FALLING, [vector]),
        "with_blind": four_pixels.scores(four_pixels.BLIND, [vector]),
        "output": four_pixels.outputs(four_pixels.FALLING, [vector]),
    }
    return {key: float(value[0]) for key, value in made.items()}


def larger_screen(
    settings: Primer, seed: int, tell: Heard = lambda _step, _values: None
) -> tuple[dict[str, Any], Arrays]:
    """Read symbols on a larger screen, with filters set by hand and with learned ones.

    Parameters
    ----------
    settings : Primer
    seed : int
        The study's.
    tell : callable
        Told the loss of every training now and then, as the number of the step and the loss by name.

    Returns
    -------
    numbers : dict
        ``accuracy``: by share of flipped pixels, of either network and of the best there can be;
        ``as_learned`` and ``clean``: the same at the share learned from and at none; ``descents``: what
        each way of walking down the gradient ends at, and how long it takes to the ``common_loss``, the
        lowest that all of them reach.
    arrays : dict
        Of each way ``<way>_loss`` (seeds, points), and ``<way>_epochs`` and ``<way>_seconds`` (points,)
        to there; stages of every symbol by either network, as ``by_hand_<stage>`` and
        ``learned_<stage>``; filters, biases and matrices of either; ``filters_before`` (seeds, filters,
        2, 2) and ``filters_after``.
    """
    symbols, drawings = settings.symbols, screen.screens(settings.symbols)
    rng = generator(seed, "primer", "examples")
    pictures, numbers = screen.examples(symbols, settings.examples, settings.example_flips, rng)
    targets = screen.one_hot(numbers, len(symbols))
    arrays: Arrays = {}
    ends: dict[str, Any] = {}
    learned: list[screen.Network] = []
    before: list[npt.NDArray[np.float64]] = []
    for way, descent in settings.descents._asdict().items():
        batch = descent.batch or len(pictures)
        curves = []
        for k in range(settings.seeds):
            own = int(generator(seed, "primer", "network", k).integers(2**31))
            model = screen.untrained(symbols, settings.filters, own)
            if way == "mini":
                before.append(_filters(model).copy())
                learned.append(model)
            walk = screen.learn(
                model, pictures, targets, batch, descent.learning_rate, descent.epochs, own
            )
            for step, loss in walk:
                tell(step, {f"loss_{way}_{k}": loss})
            curves.append([loss for _, loss in walk])
            steps = np.array([step for step, _ in walk])
        arrays[f"{way}_loss"] = np.array(curves)
        arrays[f"{way}_epochs"] = steps * batch / len(pictures)
        arrays[f"{way}_seconds"] = steps * descent.step_us * 1e-6
        ends[way] = {
            "batch": batch,
            "epochs": descent.epochs,
            "steps": int(steps[-1]),
            "seconds": float(arrays[f"{way}_seconds"][-1]),
            "loss": _spread([curve[-1] for curve in curves]),
        }
    common = _common_loss(arrays, ends)
    by_hand = screen.set_by_hand(symbols)
    shares = sorted({0.0, *settings.flips, settings.example_flips})
    table = [_asked(settings, by_hand, learned, share, seed) for share in shares]
    found: dict[str, Any] = {
        "height": drawings.shape[2],
        "width": drawings.shape[3],
        "symbols": len(symbols),
        "filters": settings.filters,
        "examples": len(pictures),
        "accuracy": table,
        "as_learned": table[shares.index(settings.example_flips)],
        "clean": table[0],
        "descents": ends,
        "common_loss": common,
    }
    return found, arrays | {
        "drawings": drawings[:, 0],
        "filters_before": np.array(before),
        "filters_after": np.array([_filters(model) for model in learned]),
        **_opened("by_hand", by_hand, drawings[:, 0]),
        **_opened("learned", learned[0], drawings[:, 0]),
    }


def _common_loss(arrays: Arrays, ends: dict[str, Any]) -> float:
    """Find the lowest loss that all ways reach, and note how long each takes to get there."""
    means = {way: arrays[f"{way}_loss"].mean(axis=0) for way in ends}
    common = max(float(mean.min()) for mean in means.values())
    for way, mean in means.items():
        first = int(np.argmax(mean <= common))
        ends[way] |= {
            "epochs_to_common": float(arrays[f"{way}_epochs"][first]),
            "seconds_to_common": float(arrays[f"{way}_seconds"][first]),
        }
    return common


def _spread(values: list[float]) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "low": min(values), "high": max(values)}


def _asked(
    settings: Primer,
    by_hand: screen.Network,
    learned: list[screen.Network],
    share: float,
    seed: int,
) -> dict[str, Any]:
    """Ask about pictures with a share of their pixels flipped that nobody learned from."""
    rng = generator(seed, "primer", "asked", str(share))
    asked = screen.examples(settings.symbols, settings.asked, share, rng)
    return {
        "flips": share,
        "n": len(asked[1]),
        "by_hand": screen.accuracy(by_hand, *asked),
        "learned": _spread([screen.accuracy(model, *asked) for model in learned]),
        "best": screen.best_accuracy(settings.symbols, *asked),
    }


def _opened(
    name: str, model: screen.Network, drawings: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[Any]]:
    """Weights of a network, and what its layers make of each symbol."""
    seen = [screen.stages(model, drawing)._asdict() for drawing in drawings]
    weights = {"filters": _filters(model), "matrix": model.matrix.weight.detach().numpy()}
    for key, layer in (("bias", model.convolution), ("matrix_bias", model.matrix)):
        if "bias" in layer.state_dict():
            weights[key] = layer.state_dict()["bias"].numpy()
    made = {stage: np.stack([one[stage] for one in seen]) for stage in screen.Stages._fields}
    return {f"{name}_{key}": value for key, value in (weights | made).items()}


def _filters(model: screen.Network) -> npt.NDArray[np.float64]:
    """Take the filters of a network; shape (filters, 2, 2)."""
    return np.asarray(model.convolution.weight.detach()[:, 0])
