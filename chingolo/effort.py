"""Sampling effort: how many themes were sung, when only some birds were noted or recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Richness(NamedTuple):
    """Themes there probably are, those missed included, with a 95 % interval."""

    themes: float
    missed: float
    interval: tuple[float, float]


class Rarefied(NamedTuple):
    """Themes found among fewer birds, with a 95 % interval; each of shape (m,)."""

    birds: Ints
    themes: Array
    low: Array
    high: Array


def seen(counts: Ints) -> tuple[int, int, int, int]:
    """Birds, themes, and themes of one and of two birds, from the birds that sing each theme."""
    return int(counts.sum()), int(counts.size), int((counts == 1).sum()), int((counts == 2).sum())


def _with_interval(themes: int, missed: float, variance: float) -> Richness:
    """Log-normal interval of the themes missed (Chao 1987): never below the themes found."""
    if missed == 0.0:
        return Richness(float(themes), 0.0, (float(themes), float(themes)))
    factor = float(np.exp(stats.norm.ppf(0.975) * np.sqrt(np.log1p(variance / missed**2))))
    return Richness(themes + missed, missed, (themes + missed / factor, themes + missed * factor))


def chao1(counts: Ints) -> Richness:
    r"""Lower bound of the number of themes, bias-corrected (Chao 1984, 1987; Colwell's EstimateS).

    .. math:: \hat S = S + \frac{f_1 (f_1 - 1)}{2 (f_2 + 1)}

    of f1 themes of one bird and f2 of two. Birds are taken to be drawn from endlessly many.

    Parameters
    ----------
    counts : ndarray of int, shape (themes,)
        Birds that sing each theme, 1 or more.

    Returns
    -------
    Richness
        Without themes of one bird nothing was missed, and the interval has no width.
    """
    _, themes, one, two = seen(counts)
    missed = one * (one - 1) / (2 * (two + 1))
    variance = missed + one * (2 * one - 1) ** 2 / (4 * (two + 1) ** 2)
    variance += one**2 * two * (one - 1) ** 2 / (4 * (two + 1) ** 4)
    if not two and missed:
        variance = missed + one * (2 * one - 1) ** 2 / 4 - one**4 / (4 * (themes + missed))
    return _with_interval(themes, missed, variance)


def chao1_of_park(counts: Ints, birds: int) -> Richness:
    r"""Lower bound of the number of themes in a park of known size (Chao & Lin 2012, Biometrics 68:912).

    .. math:: \hat S = S + \frac{f_1^2}{2 \frac{n}{n - 1} f_2 + \frac{q}{1 - q} f_1}

    where the n birds, a share q of the park, were drawn without replacement: a bird left out is one of
    few. The variance is of the delta method, as Chao's (1987) own.

    Parameters
    ----------
    counts : ndarray of int, shape (themes,)
        Birds that sing each theme, 1 or more.
    birds : int
        In the park.
    """
    n, themes, one, two = seen(counts)
    if n >= birds or not one:
        return _with_interval(themes, 0.0, 0.0)
    odds, twice = n / (birds - n), 2 * n / max(1, n - 1)
    below = twice * two + odds * one
    missed = one**2 / below
    # Slopes of the estimate in f1, f2 and all other counts, which vary as a multinomial's.
    slopes = np.array([1 + 2 * one / below - odds * missed / below, 1 - twice * missed / below, 1])
    f = np.array([one, two, themes - one - two])
    variance = float((f * slopes**2).sum() - (f * slopes).sum() ** 2 / (themes + missed))
    return _with_interval(themes, missed, variance)


def coverage(counts: Ints, birds: int | None) -> tuple[float, tuple[float, float]]:
    """Share of all birds whose theme was found (Good 1953), with Esty's (1983) 95 % interval.

    Both are of endlessly many birds. In a park of known size the birds found are sung for themselves,
    and only those left, a share 1 - n / N, can lack a theme: the share that lacks one, and the
    interval, shrink by it (our choice; against all samples of small parks see the tests).

    Parameters
    ----------
    counts : ndarray of int, shape (themes,)
        Birds that sing each theme, 1 or more.
    birds : int or None
        In the park; None for endlessly many.

    Returns
    -------
    share : float
    interval : tuple of float
    """
    n, _, one, two = seen(counts)
    left = 1.0 if birds is None else max(0.0, 1.0 - n / birds)
    share = 1.0 - left * one / n
    half = float(stats.norm.ppf(0.975)) * left * np.sqrt(one * (1 - one / n) + 2 * two) / n
    return share, (max(0.0, share - half), min(1.0, share + half))


def rarefaction(counts: Ints, birds: Sequence[int]) -> Rarefied:
    r"""Themes expected among fewer birds, drawn without replacement (Hurlbert 1971), in closed form.

    .. math:: S(m) = \sum_i \left[1 - \binom{n - n_i}{m} / \binom{n}{m}\right]

    The interval is that of new samples of the same birds' song (Colwell et al. 2012, J Plant Ecol 5:3):
    variance :math:`\sum_k (1 - \alpha_{km})^2 f_k - S(m)^2 / \hat S`, with Chao1's estimate of S.

    Parameters
    ----------
    counts : ndarray of int, shape (themes,)
        Birds n_i that sing each theme, 1 or more.
    birds : sequence of int, length m
        0 to n.
    """
    m = np.array(birds, dtype=np.int64)
    found = 1.0 - stats.hypergeom.pmf(0, counts.sum(), counts[:, None], m[None])
    themes = found.sum(axis=0)
    variance = (found**2).sum(axis=0) - themes**2 / chao1(counts).themes
    half = stats.norm.ppf(0.975) * np.sqrt(np.maximum(variance, 0.0))
    return Rarefied(m, themes, np.maximum(themes - half, 0.0), themes + half)


def effort(counts: Ints, park: int | None, sung: int | None) -> dict[str, Any] | None:
    """Say how much of what was sung a sample has found.

    Parameters
    ----------
    counts : ndarray of int, shape (themes,)
        Birds that sing each theme, 1 or more.
    park : int or None
        Birds of the park that the sample is of; None where unknown.
    sung : int or None
        Themes that were truly sung; None where unknown.

    Returns
    -------
    dict or None
        ``birds``, ``themes``, ``of_one_bird``, ``of_two_birds``, ``coverage``, ``coverage_interval``,
        ``chao1``, ``chao1_of_park`` (None without `park`), ``sung`` and ``abundances``, commonest
        first. None where no theme was met twice: such a sample tells nothing of what it lacks.
    """
    if not (counts > 1).any():
        return None
    n, themes, one, two = seen(counts)
    share, interval = coverage(counts, park)
    return {
        "birds": n,
        "themes": themes,
        "of_one_bird": one,
        "of_two_birds": two,
        "coverage": share,
        "coverage_interval": list(interval),
        "chao1": chao1(counts)._asdict(),
        "chao1_of_park": None if park is None else chao1_of_park(counts, park)._asdict(),
        "sung": sung,
        "abundances": sorted(counts.tolist(), reverse=True),
    }


def efforts(
    noted: Ints, park: int | None, history: Mapping[str, npt.NDArray[Any]] | None
) -> dict[str, Any]:
    """Say how much of what was sung the notebook has found, and today's recordings.

    Parameters
    ----------
    noted : ndarray of int, shape (sketches,)
        Birds noted singing each theme.
    park : int or None
        Birds of the park; None where the notebook is no sample of one.
    history : mapping of str to ndarray, or None
        ``themes`` by year and bird, and birds ``recorded`` in the last year; None where it is not
        known which birds sing which of today's themes.

    Returns
    -------
    dict
        ``then`` and ``today``, see :func:`effort`.
    """
    if history is None:
        return {"then": effort(noted, park, None), "today": None}
    first, last = history["themes"][0], history["themes"][-1]
    recorded = np.unique(last[history["recorded"]], return_counts=True)[1]
    return {
        "then": effort(noted, park, np.unique(first).size),
        "today": effort(recorded, park, np.unique(last).size),
    }
