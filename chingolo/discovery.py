"""Themes found in songs without labels: songs that lie close together in the metric are of one theme.

Clusters are those of HDBSCAN (Campello, Moulavi and Sander 2013, PAKDD, doi 10.1007/978-3-642-37456-2_14),
whose cut is the data's own: of the tree that joins the nearest songs first, the branches are kept that last
longest. It always parts what it is given; so songs that all lie as near as one theme's do are not given to it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score, silhouette_samples

Array = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

ALONE = -1
"""Number of the theme of a song that lies close to no other."""


class Found(NamedTuple):
    """Themes found.

    Attributes
    ----------
    theme : ndarray of int, shape (n,)
        Number of each song's theme, 0 the one with the most songs; :data:`ALONE` for a song of none.
    exemplar : ndarray of int, shape (themes,)
        Song that is nearest to all of its theme.
    certainty : ndarray, shape (n,)
        Silhouette of each song (Rousseeuw 1987, doi 10.1016/0377-0427(87)90125-7): 1 far from every other
        theme, below 0 nearer to another one than to its own; 0 for a song alone, and where there is one
        theme only.
    """

    theme: Ints
    exemplar: Ints
    certainty: Array

    @property
    def doubtful(self) -> npt.NDArray[np.bool_]:
        """Songs to listen to again: alone, or as near to another theme as to their own; shape (n,)."""
        return np.asarray((self.theme == ALONE) | (self.certainty <= 0.0))


def find_themes(apart: Array, smallest: int, half: float) -> Found:
    """Find themes among songs without labels.

    Parameters
    ----------
    apart : ndarray, shape (n, n)
        Distances of all pairs.
    smallest : int
        Songs that make a theme, at least; 2 or more.
    half : float
        Distance at which two songs are as likely of one theme as of two, see
        :func:`chingolo.few_shot.half`: songs none of which lie farther apart are one theme.

    Returns
    -------
    Found
    """
    n = len(apart)
    label = np.full(n, ALONE)
    if n >= smallest and apart.max() <= half:
        label[:] = 0
    elif n >= smallest:
        cluster = HDBSCAN(min_cluster_size=smallest, min_samples=1, metric="precomputed", copy=True)
        label = cluster.fit_predict(even(apart))
    # The most sung theme first; of equals, that of the earlier song.
    names, first, count = np.unique(label[label >= 0], return_index=True, return_counts=True)
    order = list(names[np.lexsort((first, -count))])
    theme = np.array([order.index(one) if one >= 0 else ALONE for one in label], np.int64)
    return Found(theme, _exemplars(apart, theme), _certainty(apart, theme))


def _exemplars(apart: Array, theme: Ints) -> Ints:
    groups = [np.flatnonzero(theme == k) for k in range(theme.max(initial=-1) + 1)]
    return np.array([own[apart[np.ix_(own, own)].sum(axis=1).argmin()] for own in groups], np.int64)


def _certainty(apart: Array, theme: Ints) -> Array:
    out = np.zeros(len(theme))
    inside = np.flatnonzero(theme != ALONE)
    if theme.max(initial=-1) > 0:
        near = even(apart[np.ix_(inside, inside)])
        out[inside] = silhouette_samples(near, theme[inside], metric="precomputed")
    return out


def even(apart: Array) -> Array:
    """Distances as clustering asks for them: the same both ways, 0 from a song to itself."""
    out = np.asarray(0.5 * (apart + apart.T), dtype=float)
    np.fill_diagonal(out, 0.0)
    return out


def between(apart: Array, theme: Ints) -> Array:
    """Mean distance between the songs of every two themes; shape (themes, themes)."""
    groups = [np.flatnonzero(theme == k) for k in range(theme.max(initial=-1) + 1)]
    out = np.zeros((len(groups), len(groups)))
    for i, own in enumerate(groups):
        for j, other in enumerate(groups):
            out[i, j] = apart[np.ix_(own, other)].mean() if i != j else 0.0
    return out


def tree_of(between: Array) -> Array:
    """Tree of themes, joined by the mean distance between their songs, as scipy draws dendrograms of.

    Parameters
    ----------
    between : ndarray, shape (themes, themes)
        Of :func:`between`; two themes or more.

    Returns
    -------
    ndarray, shape (themes - 1, 4)
        See :func:`scipy.cluster.hierarchy.linkage`.
    """
    return np.asarray(hierarchy.linkage(squareform(even(between), checks=False), "average"))


def agreement(found: Found, truth: Sequence[str]) -> dict[str, float | int | None]:
    """Compare themes found with a listener's.

    Parameters
    ----------
    found : Found
        Of n songs.
    truth : sequence of str, length n
        The listener's theme of each song; empty where no song was marked.

    Returns
    -------
    dict
        ``adjusted_rand_index`` over songs that the listener marked, every song alone being a theme of its
        own; ``songs``, of which ``marked``, ``alone`` and ``doubtful``; ``themes`` found,
        ``themes_of_marked`` songs, those alone each counted, and ``themes_marked``.
    """
    theme = found.theme
    marked = np.flatnonzero(np.array(truth, dtype=str) != "").tolist()
    alone = theme == ALONE
    split = np.where(alone, len(theme) + np.arange(len(theme)), theme)[marked]
    named = [truth[k] for k in marked]
    return {
        "adjusted_rand_index": float(adjusted_rand_score(named, split)) if named else None,
        "songs": len(theme),
        "marked": len(marked),
        "alone": int(alone.sum()),
        "doubtful": int(found.doubtful.sum()),
        "themes": int(theme.max(initial=-1) + 1),
        "themes_of_marked": len(set(split.tolist())),
        "themes_marked": len(set(named)),
    }
