"""Sketch or song? A linear probe, before sketches are sung and after."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chingolo import openset
from chingolo.notebook import NONE

Array = npt.NDArray[np.floating]

FOLDS = 5
"""Parts of the panel, each probed by what was learned from the others (our choice)."""

SONGS, DRAWN, SUNG, HEARD = "songs", "drawn", "sung", "heard"
"""Kinds of pictures: synthetic songs, sketches as drawings, the same sketches sung, songs heard."""


def same_many(
    one: Sequence[str], other: Sequence[str], rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Choose as many of one as of the other of each theme.

    Parameters
    ----------
    one, other : sequence of str
        Themes of pictures; ``"none"`` is left out.
    rng : numpy.random.Generator

    Returns
    -------
    rows, other_rows : list of int
    """
    chosen: tuple[list[int], list[int]] = ([], [])
    for theme in sorted(set(one).intersection(other) - {NONE}):
        own = [np.flatnonzero(np.array(part) == theme) for part in (one, other)]
        least = min(len(rows) for rows in own)
        for out, rows in zip(chosen, own, strict=True):
            out.extend(sorted(int(k) for k in rng.permutation(rows)[:least]))
    return chosen


def probe(one: Array, other: Array, themes: Sequence[str], others: Sequence[str]) -> float:
    """How well a linear probe tells two kinds of pictures, on themes that it did not learn from.

    Parameters
    ----------
    one, other : ndarray, shape (n, features) and (m, features)
    themes, others : sequence of str, length n and m

    Returns
    -------
    float
        Balanced accuracy of a logistic regression on standardised features; one half is chance.
    """
    features = np.concatenate([one, other])
    kind = np.repeat([0, 1], [len(one), len(other)])
    groups = [*themes, *others]
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    said = cross_val_predict(model, features, kind, groups=groups, cv=folds)
    return float(balanced_accuracy_score(kind, said))


def probes(
    features: Mapping[str, Array],
    themes: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> dict[str, float]:
    """Ask one sort of features whether a picture is a song or a sketch.

    Parameters
    ----------
    features : mapping of str to ndarray, shape (n, features)
        Of the pictures of each kind.
    themes : mapping of str to sequence of str
        Themes of ``songs`` and of sketches ``drawn``, which are ``sung`` in the same order.
    rng : numpy.random.Generator

    Returns
    -------
    dict
        ``before``: synthetic songs against drawings; ``after``: against the same sketches sung; ``null``:
        one half of the songs of each theme against the other, where there is nothing to tell.
    """
    songs, sketches = same_many(themes[SONGS], themes[DRAWN], rng)
    of_songs = [themes[SONGS][k] for k in songs]
    of_sketches = [themes[DRAWN][k] for k in sketches]
    out = {
        name: probe(features[SONGS][songs], features[kind][sketches], of_songs, of_sketches)
        for name, kind in (("before", DRAWN), ("after", SUNG))
    }
    halves = rng.permutation(len(songs))
    order = halves[np.argsort(np.array(of_songs)[halves], kind="stable")]
    ours, theirs = (np.array(songs)[order[k::2]] for k in (0, 1))
    out["null"] = probe(
        features[SONGS][ours],
        features[SONGS][theirs],
        [themes[SONGS][k] for k in ours],
        [themes[SONGS][k] for k in theirs],
    )
    return out


def gather(measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Take the mean over networks of every number, with Student's 95 % interval.

    Parameters
    ----------
    measured : sequence of mapping
        ``cells`` and ``probes`` of each network.

    Returns
    -------
    dict
        ``networks``, and the same tree with ``mean`` and ``interval`` in place of each number.
    """
    return {
        "networks": len(measured),
        **{part: _gather([one[part] for one in measured]) for part in ("cells", "probes")},
    }


def _gather(alike: Sequence[Any]) -> Any:
    if isinstance(alike[0], Mapping):
        return {key: _gather([one[key] for one in alike]) for key in alike[0]}
    known = [one for one in alike if one is not None]
    mean, _, interval = openset.student(known)
    return {"mean": mean, "interval": interval}
