"""The metric in a world: songs, and sketches, named by their distance to one enrolled song a theme."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chingolo import comparison, few_shot, openset
from chingolo.distances import all_pairs
from chingolo.placed import Placed, joined, of_role


def score(
    heard: Placed,
    altered: Placed,
    enrolled: Placed,
    panel: Sequence[str],
    metric: Mapping[str, Any],
) -> dict[str, Any]:
    """Score distances between songs of themes that no network learned from.

    Parameters
    ----------
    heard : Placed
        Songs of the panel, role ``query``, and of other themes, role ``unknown``.
    altered : Placed
        The same songs on other backgrounds and in noise, by role.
    enrolled : Placed
        One song a theme, :func:`in_order`.
    panel : sequence of str
    metric : mapping
        Of ``metric.json``: geometry, and calibration of *same theme or not*.

    Returns
    -------
    dict
        ``one_shot_accuracy``, ``interval``, ``n``, ``classes``; ``auroc`` over all pairs of songs of the
        panel, enrolled ones included; ``open_set`` by the nearest enrolled song; ``altered``: accuracy
        and AUROC by role; ``same_probability``: mean over pairs of one theme, and of two.
    """
    geometry = metric["geometry"]
    known, lost = of_role(heard, "query"), of_role(heard, "unknown")
    near, far = (all_pairs(part.places, enrolled.places, geometry) for part in (known, lost))
    shot = few_shot.one_shot(near, [item.theme for item in known.items], panel)
    apart, labels = _among(known, enrolled, geometry)
    p = few_shot.same_theme(apart, metric["same"]["slope"], metric["same"]["intercept"])
    chances, same = few_shot.pairs(p, labels)
    roles = dict.fromkeys(item.role for item in altered.items)
    return {
        "one_shot_accuracy": shot.pop("accuracy"),
        **shot,
        "auroc": few_shot.verification(apart, labels),
        "open_set": openset.open_set(
            -near.min(axis=1, initial=np.inf), -far.min(axis=1, initial=np.inf)
        ),
        "same_probability": {
            "same": float(chances[same].mean()) if same.any() else None,
            "different": float(chances[~same].mean()) if (~same).any() else None,
        },
        "altered": {
            role: _altered(of_role(altered, role), enrolled, panel, geometry) for role in roles
        },
    }


def _among(
    songs: Placed, enrolled: Placed, geometry: str
) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Distances among songs and enrolled songs together, and their themes."""
    both = joined(songs, enrolled)
    return all_pairs(both.places, both.places, geometry), [item.theme for item in both.items]


def _altered(
    altered: Placed, enrolled: Placed, panel: Sequence[str], geometry: str
) -> dict[str, float | None]:
    known = altered.only([k for k, item in enumerate(altered.items) if item.theme in panel])
    near = all_pairs(known.places, enrolled.places, geometry)
    shot = few_shot.one_shot(near, [item.theme for item in known.items], panel)
    return {
        "one_shot_accuracy": shot["accuracy"],
        "auroc": few_shot.verification(*_among(known, enrolled, geometry)),
    }


def beside(
    heard: Placed,
    sung: Placed,
    enrolled: Placed,
    songs: comparison.Asked,
    sketches: comparison.Asked,
    panel: Sequence[str],
    metric: Mapping[str, Any],
    seed: int,
) -> dict[str, Any]:
    """Measure the metric as :mod:`chingolo.comparison` measures the other methods.

    Returns
    -------
    dict
        ``baselines`` and ``baselines_notebook``, each as :func:`chingolo.comparison.measure` has it.
    """
    out = {}
    for kind, placed, asked in (
        ("baselines", heard, songs),
        ("baselines_notebook", sung, sketches),
    ):
        likeness = -all_pairs(placed.places, enrolled.places, metric["geometry"])[None]
        said = {"siamese": comparison.best(comparison.pick(likeness, placed.items, asked)[0])}
        out[kind] = comparison.measure_all(said, asked, panel, seed, kind)["siamese"]
    return out


def as_arrays(heard: Placed, enrolled: Placed, sung: Placed) -> dict[str, npt.NDArray[Any]]:
    """Places of all songs, with what they are, for maps and for clusters."""
    parts = {"heard": heard, "enrolled": enrolled, "sung": sung}
    out: dict[str, npt.NDArray[Any]] = {}
    for name, placed in parts.items():
        out[name] = placed.places
        for field in ("song", "theme", "role"):
            out[f"{name}_{field}"] = np.array([getattr(i, field) for i in placed.items], dtype=str)
    return out
