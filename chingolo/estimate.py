r"""Persistence estimated from verdicts: by themes and by birds, corrected for the judge's errors.

Both estimates are shares of sketches that found a match, weighted by 1 or by the birds noted. The share
that would have been judged sung, given the true share P, is

.. math:: a(P) = f + (s - f) P

with s the judge's chance to match what is sung and f his chance to match what is not. Solved for P this
is Rogan and Gladen's estimate (1978, Am. J. Epidemiol. 107:71). Its interval holds every P for which the
observed share lies within 1.96 standard deviations of a(P), where the variance is that *at P*,

.. math:: V(P) = (s - f)^2 \, \varphi \, \frac{P (1 - P)}{n} \frac{N - n}{N - 1}
          + \sum_k w_k^2 \, [P s (1 - s) + (1 - P) f (1 - f)] + P^2 v_s + (1 - P)^2 v_f:

what was sampled, which sketches the judge erred on, and how well s and f are known (their variances as
Lang and Reiczigel 2014, Prev. Vet. Med. 113:13, have them). With a judge who never errs it is Wilson's
interval, and with N its finite-population form.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]

Z = float(stats.norm.ppf(0.975))

FEWEST = 8
"""Themes below which a regression on the birds noted is not trusted (our choice)."""


class Errors(NamedTuple):
    """What the judge did with synthetic sketches whose truth is known.

    Attributes
    ----------
    matched, known : int
        Sketches of panel themes that found a match, of how many.
    passed, foreign : int
        Sketches of no panel theme that found one, of how many.
    """

    matched: int
    known: int
    passed: int
    foreign: int


class Estimate(NamedTuple):
    """A share with its 95 % interval."""

    share: float
    interval: tuple[float, float]


def rogan_gladen(share: float, sensitivity: float, false_matches: float) -> float:
    """Correct an apparent share for the judge's errors, unclipped; NaN of a judge who cannot tell.

    Parameters
    ----------
    share : float
        Of sketches that found a match.
    sensitivity, false_matches : float
        Chances of a match, of what is sung and of what is not.
    """
    tells = sensitivity - false_matches
    return (share - false_matches) / tells if tells > 0 else float("nan")


def unexplained(matched: Bools, birds: Ints) -> float:
    """Share of the variance among themes that the birds noted do not explain.

    Common themes persist more surely than rare ones. A notebook always holds some of either, so what
    lies between them is no chance of the sample: only the residual variance about the regression on the
    logarithm of the birds is (as for the regression estimator, Cochran 1977, Sampling Techniques,
    ch. 7). Wilson's plain interval takes all of it and covers too often.

    Parameters
    ----------
    matched : ndarray of bool, shape (n,)
    birds : ndarray of int, shape (n,)

    Returns
    -------
    float
        Within 0 to 1; 1 where themes or birds are all alike, or too few for a regression.
    """
    y, x = matched.astype(float), np.log(np.maximum(birds, 1))
    if y.size < FEWEST or np.ptp(y) == 0 or np.ptp(x) == 0:
        return 1.0
    y, x = y - y.mean(), x - x.mean()
    left = y - x * (x @ y) / (x @ x)
    return float(min(1.0, (left @ left) / (y.size - 2) / ((y @ y) / (y.size - 1))))


def estimate(
    matched: Bools,
    weight: Array,
    n: float,
    errors: Errors | None,
    spread: float = 1.0,
    population: float = np.inf,
) -> Estimate:
    """Estimate a true share from verdicts, see the module's head.

    Parameters
    ----------
    matched : ndarray of bool, shape (sketches,)
    weight : ndarray, shape (sketches,)
        Positive; need not sum to 1.
    n : float
        Units sampled: themes, or birds.
    errors : Errors or None
        None takes the verdicts for the truth.
    spread : float
        Share of the binomial variance that is chance, see :func:`unexplained`.
    population : float
        Units they were drawn from without replacement.

    Returns
    -------
    Estimate
        Clipped to 0..1; 0..1 as a whole where the judge cannot tell sung from lost.
    """
    w = weight / weight.sum()
    share = float(weight[matched].sum() / weight.sum())
    s, f, v_s, v_f = 1.0, 0.0, 0.0, 0.0
    if errors is not None:
        s, f = errors.matched / max(errors.known, 1), errors.passed / max(errors.foreign, 1)
        v_s, v_f = variance(errors.matched, errors.known), variance(errors.passed, errors.foreign)
    tells = s - f
    left = max(0.0, population - n) / (population - 1) if np.isfinite(population) else 1.0
    sampled = tells**2 * spread * left / n
    erred = float(w @ w)
    # V(P) = v[0] + v[1] P + v[2] P**2, so that (share - a(P))**2 <= Z**2 V(P) is quadratic in P.
    v = (
        erred * f * (1 - f) + v_f,
        sampled + erred * (s * (1 - s) - f * (1 - f)) - 2 * v_f,
        -sampled + v_s + v_f,
    )
    a = tells**2 - Z**2 * v[2]
    b = tells * (share - f) + 0.5 * Z**2 * v[1]
    c = (share - f) ** 2 - Z**2 * v[0]
    root = max(0.0, b * b - a * c)
    if tells <= 0 or a <= 0:
        return Estimate(float(np.clip(share, 0, 1)), (0.0, 1.0))
    low, high = ((b + sign * root**0.5) / a for sign in (-1, 1))
    best = float(np.clip(rogan_gladen(share, s, f), 0, 1))
    return Estimate(best, (max(0.0, min(low, best)), min(1.0, max(high, best))))


def variance(successes: int, n: int) -> float:
    """Variance of a measured rate, never 0: as if one success and one failure more had been seen."""
    rate = (successes + 1) / (n + 2)
    return rate * (1 - rate) / (n + 2)


def by_theme(matched: Bools, birds: Ints, errors: Errors | None) -> Estimate:
    """Estimate persistence by themes.

    The estimand is the expectation, over histories of such a park, of the share of the noted themes
    that are among those recorded today: what drift predicts, too. The notebook's own share would need
    no interval but for the judge's errors, and says nothing of the next notebook.

    Parameters
    ----------
    matched : ndarray of bool, shape (sketches,)
    birds : ndarray of int, shape (sketches,)
        Noted singing each.
    errors : Errors or None
        None takes the verdicts for the truth.
    """
    ones = np.ones(matched.size)
    return estimate(matched, ones, matched.size, errors, unexplained(matched, birds))


def by_birds(
    matched: Bools, birds: Ints, errors: Errors | None, population: float = np.inf
) -> Estimate:
    """Estimate persistence by birds.

    The estimand is the share of the park's birds of the first year whose theme is among those recorded
    today. The noted birds are a simple random sample of them without replacement; given the history,
    each bird's theme is or is not recorded, so that birds, not themes, are the sampled units. The judge
    errs on themes, with all birds of a theme at once.

    Parameters
    ----------
    matched : ndarray of bool, shape (sketches,)
    birds : ndarray of int, shape (sketches,)
        Noted singing each.
    errors : Errors or None
        None takes the verdicts for the truth.
    population : float
        The park's birds; infinite where it is not known.
    """
    total = float(birds.sum())
    return estimate(matched, birds.astype(float), total, errors, population=population)
