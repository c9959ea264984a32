"""Whether common themes persist more often: logistic regression, and drift's own expectation."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WIDEST = 60.0
"""Log odds, or slopes of them, beyond which no limit is looked for: a chance of 1 to 10^26."""


class Fit(NamedTuple):
    """A penalised fit.

    Attributes
    ----------
    beta : ndarray, shape (p,)
    likelihood : float
        Penalised log-likelihood.
    """

    beta: Array
    likelihood: float


def penalised(beta: Array, x: Array, y: Array) -> float:
    """Log-likelihood with Firth's penalty, half the log determinant of Fisher's information."""
    eta = x @ beta
    chance = special.expit(eta)
    information = (x * (chance * (1 - chance))[:, None]).T @ x
    sign, logdet = np.linalg.slogdet(information)
    likelihood = float((y * eta - np.logaddexp(0.0, eta)).sum())
    return likelihood + 0.5 * logdet if sign > 0 else -np.inf


def firth(x: Array, y: Array, fixed: float | None = None) -> Fit:
    """Fit a logistic regression with Firth's (1993) penalty: finite where groups are separated.

    Newton steps on the modified score, :math:`X^T (y - p + h (1/2 - p))` with the leverages h, halved
    until the penalised likelihood grows by enough (Heinze & Schemper 2002, Stat Med 21:2409; Armijo 1966).

    Parameters
    ----------
    x : ndarray, shape (n, p)
        With a column of ones for an intercept.
    y : ndarray, shape (n,)
        0 or 1.
    fixed : float, optional
        Hold the last coefficient at this value, for a profile.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        The columns of `x` depend on each other.
    """
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("the columns depend on each other")
    free = x.shape[1] - (fixed is not None)
    beta = np.zeros(x.shape[1])
    if fixed is not None:
        beta[-1] = fixed
    best = penalised(beta, x, y)
    for _ in range(200):
        chance = special.expit(x @ beta)
        weight = chance * (1 - chance)
        information = (x * weight[:, None]).T @ x
        leverage = weight * np.einsum("ij,jk,ik->i", x, np.linalg.inv(information), x)
        score = x.T @ (y - chance + leverage * (0.5 - chance))
        step = np.zeros_like(beta)
        step[:free] = np.linalg.solve(information[:free, :free], score[:free])
        step *= min(1.0, 5.0 / max(1e-12, float(np.abs(step).max(initial=0.0))))
        # A quarter of what the slope promises, at least: else steps across the top could take turns for ever.
        while (now := penalised(beta + step, x, y)) < best + 0.25 * step @ score:
            step /= 2
            if np.abs(step).max(initial=0.0) <= 1e-10:
                break
        if np.abs(step).max(initial=0.0) <= 1e-10:
            break
        beta, best = beta + step, now
    return Fit(beta, best)


def profile_interval(x: Array, y: Array, confidence: float = 0.95) -> tuple[float, float]:
    """Profile interval of the last coefficient, of the penalised likelihood.

    Where a side has no limit within :data:`WIDEST`, it is infinite.
    """
    fit = firth(x, y)
    drop = 0.5 * float(stats.chi2.ppf(confidence, 1))

    def above(value: float) -> float:
        return firth(x, y, value).likelihood - (fit.likelihood - drop)

    ends = []
    for side in (-1.0, 1.0):
        reach = 1.0
        while above(fit.beta[-1] + side * reach) > 0 and reach < WIDEST:
            reach *= 2
        far = fit.beta[-1] + side * reach
        ends.append(
            float(optimize.brentq(above, fit.beta[-1], far, xtol=1e-6))
            if above(far) < 0
            else side * np.inf
        )
    return ends[0], ends[1]


def design(birds: Ints, centre: float = 0.0) -> Array:
    """Columns of the regression: ones and log2 of birds, less a centre; shape (n, 2)."""
    return np.column_stack([np.ones(birds.size), np.log2(birds) - centre])


def count_chances(chance: Array, weight: Ints) -> Array:
    """Distribution of a weighted sum of independent yes-or-no: Poisson-binomial where weights are 1.

    Parameters
    ----------
    chance : ndarray, shape (n,)
    weight : ndarray of int, shape (n,)

    Returns
    -------
    ndarray, shape (weight.sum() + 1,)
        Chance of every sum.
    """
    out = np.ones(1)
    for p, w in zip(chance, weight, strict=True):
        step = np.zeros(int(w) + 1)
        step[0] += 1 - p
        step[-1] += p
        out = np.convolve(out, step)
    return out


def against_drift(matched: npt.NDArray[np.bool_], chance: Array, weight: Ints) -> dict[str, float]:
    """Set the matches found beside those expected: how likely are as many, and as few.

    Parameters
    ----------
    matched : ndarray of bool, shape (n,)
    chance : ndarray, shape (n,)
        Of a match, under drift.
    weight : ndarray of int, shape (n,)
        What each counts.
    """
    law = count_chances(chance, weight)
    found = int((matched * weight).sum())
    return {
        "found": found,
        "expected": float((chance * weight).sum()),
        "p_as_many": min(1.0, float(law[found:].sum())),
        "p_as_few": min(1.0, float(law[: found + 1].sum())),
    }


def drift_slopes(x: Array, chance: Array, many: int, rng: np.random.Generator) -> Array:
    """Slopes of notebooks whose themes persist by drift alone, each on its own; shape (many,)."""
    fates = rng.random((many, chance.size)) < chance
    # Themes of one x may change places, so notebooks repeat: each kind is fitted once.
    for value in np.unique(x[:, -1]):
        own = x[:, -1] == value
        fates[:, own] = np.sort(fates[:, own], axis=1)
    kinds, which = np.unique(fates, axis=0, return_inverse=True)
    slopes = np.array([firth(x, kind.astype(float)).beta[-1] for kind in kinds])
    return np.asarray(slopes[which.ravel()])


def curve(birds: Ints, y: Array, grid: Sequence[int]) -> dict[str, list[float]]:
    """Fitted chance of a match by birds noted, with its pointwise 95 % profile interval.

    Centred at a number of birds, the intercept is the log odds there: its interval is the band's.
    """
    out: dict[str, list[float]] = {
        "birds": [float(b) for b in grid],
        "chance": [],
        "low": [],
        "high": [],
    }
    for b in grid:
        x = design(birds, float(np.log2(b)))[:, ::-1]
        low, high = profile_interval(x, y)
        at = (firth(x, y).beta[-1], low, high)
        for key, value in zip(("chance", "low", "high"), at, strict=True):
            out[key].append(float(special.expit(value)))
    return out


def logistic(
    birds: Ints,
    matched: npt.NDArray[np.bool_],
    survival: Mapping[str, float] | None,
    false_match_rate: float,
    rng: np.random.Generator,
    notebooks: int = 1999,
) -> dict[str, Any] | None:
    """Regress persistence on the logarithm of birds noted, and compare with drift.

    A match under drift is a theme that survived and was caught, or a false match of one that was not;
    that the judge may miss one is left out, so that an excess over drift is judged too strictly rather
    than too kindly. Fates are taken one by one, though themes of one park compete.

    Parameters
    ----------
    birds : ndarray of int, shape (n,)
        Noted singing each theme.
    matched : ndarray of bool, shape (n,)
    survival : mapping of str to float, or None
        Chance that drift leaves a theme in today's sample, by the birds noted, see
        :func:`chingolo.persistence.persistence`; None where nothing drifts.
    false_match_rate : float
    rng : numpy.random.Generator
    notebooks : int
        Simulated under drift.

    Returns
    -------
    dict or None
        ``n``, ``slope`` of the log odds for a doubling of birds with its profile ``interval`` and ``p``
        (penalised likelihood ratio), ``intercept`` (log odds at one bird), ``curve``; and ``drift``:
        mean and 95 % range of ``slope`` under drift, two-sided ``p`` of the slope found, and the matches
        ``by_count`` and ``by_birds`` of :func:`against_drift`; None without `survival`. None in all
        where all themes were noted from as many birds, or there are fewer than three.
    """
    if birds.size < 3 or np.unique(birds).size < 2:
        return None
    x, y = design(birds), matched.astype(float)
    fit = firth(x, y)
    interval = profile_interval(x, y)
    ratio = 2 * (fit.likelihood - firth(x, y, 0.0).likelihood)
    grid = np.unique(np.round(np.geomspace(1, birds.max(), 12))).astype(int)
    drift: dict[str, Any] | None = None
    if survival is not None:
        left = {int(b): chance for b, chance in survival.items()}
        caught = np.array([left[min(b, max(left))] for b in birds.tolist()])
        chance = caught + (1 - caught) * false_match_rate
        slopes = drift_slopes(x, chance, notebooks, rng)
        above = slopes - fit.beta[-1]
        # Equal notebooks give slopes that are equal but for rounding.
        tail = min(int((above <= 1e-6).sum()), int((above >= -1e-6).sum()))
        drift = {
            "slope": float(slopes.mean()),
            "slope_interval": np.quantile(slopes, (0.025, 0.975)).tolist(),
            "p": min(1.0, 2 * (1 + tail) / (1 + notebooks)),
            "by_count": against_drift(matched, chance, np.ones_like(birds)),
            "by_birds": against_drift(matched, chance, birds),
        }
    return {
        "n": int(birds.size),
        "slope": float(fit.beta[-1]),
        "interval": [b if np.isfinite(b) else None for b in interval],
        "p": float(stats.chi2.sf(max(0.0, ratio), 1)),
        "intercept": float(fit.beta[0]),
        "curve": curve(birds, y, grid.tolist()),
        "drift": drift,
    }
