"""Naming songs by distance alone, from one enrolled song a theme; and whether two songs are of one theme."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chingolo.openset import wilson

Array = npt.NDArray[np.floating]
Labels = npt.NDArray[np.str_]


def nearest(apart: Array, themes: Sequence[str]) -> Labels:
    """Theme of the nearest enrolled song; distances of shape (n, enrolled) to (n,)."""
    return np.asarray(np.array(themes)[apart.argmin(axis=1)])


def one_shot(apart: Array, truth: Sequence[str], themes: Sequence[str]) -> dict[str, Any]:
    """Share of songs named right by the nearest of one enrolled song a theme.

    Parameters
    ----------
    apart : ndarray, shape (n, len(themes))
        Distance of each song to the enrolled song of each theme.
    truth : sequence of str, length n
    themes : sequence of str

    Returns
    -------
    dict
        ``accuracy`` with ``interval`` (Wilson, 95 %), ``n`` and ``classes``; None where nothing is asked.
    """
    n = len(truth)
    right = int((nearest(apart, themes) == np.array(truth)).sum()) if n else 0
    return {
        "accuracy": right / n if n else None,
        "interval": list(wilson(right, n)) if n else None,
        "n": n,
        "classes": len(themes),
    }


def pairs(apart: Array, labels: Sequence[str]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Take every pair of songs once.

    Parameters
    ----------
    apart : ndarray, shape (n, n)
    labels : sequence of str, length n

    Returns
    -------
    distances : ndarray, shape (n (n - 1) / 2,)
    same : ndarray of bool, same shape
        Whether the two are of one theme.
    """
    upper = np.triu_indices(len(labels), 1)
    names = np.array(labels, dtype=str)
    return apart[upper], (names[:, None] == names[None])[upper]


def verification(apart: Array, labels: Sequence[str]) -> float | None:
    """Area under the ROC curve of telling pairs of one theme from others by their distance."""
    distances, same = pairs(apart, labels)
    return float(roc_auc_score(same, -distances)) if same.any() and not same.all() else None


def fit_same(apart: Array, labels: Sequence[str]) -> tuple[float, float]:
    """Fit the probability that two songs are of one theme, from songs of known themes (Platt's scaling).

    Both answers count as much, however many pairs there are of each.

    Returns
    -------
    slope, intercept : float
        Of the log odds against distance.
    """
    distances, same = pairs(apart, labels)
    model = LogisticRegression(C=1e6, class_weight="balanced").fit(distances[:, None], same)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def half(slope: float, intercept: float) -> float:
    """Distance at which two songs are as likely of one theme as of two; see :func:`fit_same`."""
    return -intercept / slope


def same_theme(apart: Array, slope: float, intercept: float) -> Array:
    """Probability that two songs are of one theme, both answers being as likely beforehand."""
    return np.asarray(special.expit(slope * apart + intercept))
