"""Both eras in one metric: how far songs and sketches lie apart, who lies next to whom, and a map."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from chingolo import few_shot
from chingolo.distances import all_pairs
from chingolo.notebook import NONE
from chingolo.placed import Placed

Array = npt.NDArray[np.floating]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

SAME_RECORDING = "same_recording"
SAME_THEME = "same_theme"
SAME_ERA = "same_era"
ACROSS_SAME = "across_same"
ACROSS = "across_other"
NULL = "foreign"
"""Pairs by what they have in common: theme and recording; theme, in two recordings; era alone; theme, across
eras; nothing, across eras; a sketch of nobody's theme and a song of today."""


class Sketches(NamedTuple):
    """Sketches in the metric, several drawings of each, and what is known of them.

    Attributes
    ----------
    placed : Placed
    truth : mapping of str to str or None
        By sketch.
    """

    placed: Placed
    truth: Mapping[str, str | None]

    @property
    def names(self) -> list[str]:
        """Sketches, each once."""
        return list(dict.fromkeys(item.song for item in self.placed.items))


def by_sketch(apart: Array, sketches: Sketches) -> Array:
    """Median over each sketch's drawings; (drawings, m) to (sketches, m)."""
    songs = np.array([item.song for item in sketches.placed.items])
    return np.stack([np.median(apart[songs == name], axis=0) for name in sketches.names])


def distances(
    today: Placed, sketches: Sketches, foreign: Placed, geometry: str, recorded: bool
) -> dict[str, npt.NDArray[np.float32]]:
    """Gather distances by what the two songs have in common.

    Parameters
    ----------
    today : Placed
        All songs of today whose theme is known, enrolled ones included.
    sketches : Sketches
    foreign : Placed
        Sketches of nobody's themes.
    geometry : str
        See :func:`chingolo.distances.all_pairs`.
    recorded : bool
        Whether songs are named ``<recording>/...``; simulated songs are each recorded alone.

    Returns
    -------
    dict of str to ndarray
        Those of a kind that has no pairs are left out.
    """
    themes = np.array([item.theme for item in today.items])
    names = [item.song for item in today.items]
    recordings = np.array([name.rsplit("/", 1)[0] if recorded else name for name in names])
    upper = np.triu_indices(len(themes), 1)
    apart = all_pairs(today.places, today.places, geometry)[upper]
    same = (themes[:, None] == themes[None])[upper]
    together = (recordings[:, None] == recordings[None])[upper]
    out = {
        SAME_RECORDING: apart[same & together],
        SAME_THEME: apart[same & ~together],
        SAME_ERA: apart[~same],
    }
    if sketches.placed.items:
        across = by_sketch(all_pairs(sketches.placed.places, today.places, geometry), sketches)
        truth = np.array([sketches.truth[name] or "" for name in sketches.names])
        known = truth != ""
        alike = (truth[:, None] == themes[None]) & known[:, None]
        out |= {ACROSS_SAME: across[alike], ACROSS: across[~alike]}
    out[NULL] = all_pairs(foreign.places, today.places, geometry).ravel()
    return {kind: np.asarray(d, np.float32) for kind, d in out.items() if len(d)}


def summary(distances: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Quantiles of distances by kind; see :data:`QUANTILES`."""
    return {
        kind: {"pairs": len(d), "quantiles": [float(q) for q in np.quantile(d, QUANTILES)]}
        for kind, d in distances.items()
    }


def neighbours(
    enrolled: Placed, sketches: Sketches, metric: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Find the theme of today that lies nearest to each sketch, and the sketch nearest to that theme.

    Parameters
    ----------
    enrolled : Placed
        One song a theme.
    sketches : Sketches
    metric : mapping
        Of ``metric.json``.

    Returns
    -------
    list of dict
        ``sketch``, ``theme``, ``distance``, ``same_probability``, whether each is the other's nearest
        (``mutual``), and ``truth``.
    """
    if not sketches.placed.items:
        return []
    every = all_pairs(sketches.placed.places, enrolled.places, metric["geometry"])
    apart = by_sketch(every, sketches)
    p = few_shot.same_theme(apart, metric["same"]["slope"], metric["same"]["intercept"])
    back = apart.argmin(axis=0)
    out = []
    for row, name in enumerate(sketches.names):
        k = int(apart[row].argmin())
        out.append(
            {
                "sketch": name,
                "theme": enrolled.items[k].theme,
                "distance": float(apart[row, k]),
                "same_probability": float(p[row, k]),
                "mutual": bool(back[k] == row),
                "truth": sketches.truth[name],
            }
        )
    return out


def count_neighbours(nearest: Sequence[Mapping[str, Any]]) -> dict[str, int | None]:
    """Count neighbours across eras, and of those whose truth is known how many are right.

    Returns
    -------
    dict
        ``sketches``, ``mutual``, ``known`` sketches of a theme of today's, and ``right`` of them.
    """
    known = [one for one in nearest if one["truth"] not in (None, NONE)]
    told = any(one["truth"] is not None for one in nearest)
    return {
        "sketches": len(nearest),
        "mutual": sum(one["mutual"] for one in nearest),
        "known": len(known) if told else None,
        "right": sum(one["theme"] == one["truth"] for one in known) if told else None,
    }


def map_of(enrolled: Placed, sketches: Sketches) -> dict[str, npt.NDArray[Any]]:
    """Lay both eras out in two dimensions: the first two principal components of their places.

    Returns
    -------
    dict of str to ndarray
        ``today``, shape (themes, 2), and ``old``, shape (sketches, 2), each sketch at the middle of its
        drawings; ``today_names``, ``old_names``; ``share`` of variance that each axis shows.
    """
    songs = np.array([item.song for item in sketches.placed.items])
    today = np.concatenate(list(enrolled.places), axis=1)
    old = [
        np.concatenate(list(sketches.placed.places[:, songs == name].mean(axis=1)))
        for name in sketches.names
    ]
    stacked = np.stack([*today, *old]).astype(np.float64)
    pca = PCA(2, svd_solver="full")
    points = pca.fit_transform(stacked)
    return {
        "today": points[: len(today)],
        "old": points[len(today) :],
        "today_names": np.array([item.theme for item in enrolled.items], dtype=str),
        "old_names": np.array(sketches.names, dtype=str),
        "share": pca.explained_variance_ratio_,
    }
