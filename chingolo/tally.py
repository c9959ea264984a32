"""The tally of the known-truth study: the judge's rates, and how right the estimates are."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from chingolo import openset
from chingolo.config import Simulated
from chingolo.estimate import Estimate, by_birds, by_theme
from chingolo.seeds import generator
from chingolo.trials import Trial
from chingolo.truth import Pool, Verdicts, judge_trials, run_trials

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REPLICATES = 2000
"""Bootstrap replicates (our choice)."""


def rate(hits: Sequence[Bools], items: Sequence[Ints], rng: np.random.Generator) -> dict[str, Any]:
    """Share of sketches, with a 95 % interval over histories and over the pool.

    Histories share the pool's sketches, so that neither are independent: both are drawn again (Owen
    2007, Ann. Appl. Stat. 1:386).

    Parameters
    ----------
    hits : sequence of ndarray of bool
        By history.
    items : sequence of ndarray of int
        What of the pool each sketch was.
    rng : numpy.random.Generator

    Returns
    -------
    dict
        ``share``, ``interval``, ``n``; the first two None where there is no sketch.
    """
    hit, item = np.concatenate(hits), np.concatenate(items)
    history = np.repeat(np.arange(len(hits)), [len(h) for h in hits])
    if not hit.size:
        return {"share": None, "interval": None, "n": 0}
    of_item = np.unique(item, return_inverse=True)[1]
    drawn = np.empty(REPLICATES)
    for k in range(REPLICATES):
        many = [
            np.bincount(rng.integers(n, size=n), minlength=n)
            for n in (len(hits), int(of_item.max()) + 1)
        ]
        weight = many[0][history] * many[1][of_item]
        drawn[k] = weight[hit].sum() / max(1, weight.sum())
    interval = np.quantile(drawn, (0.025, 0.975)).tolist()
    return {"share": float(hit.mean()), "interval": interval, "n": int(hit.size)}


def summarise(verdicts: Sequence[Verdicts], rng: np.random.Generator) -> dict[str, Any]:
    """Rates of a judge over histories: ``sensitivity`` (right match), ``false_match_rate``."""
    return {
        "sensitivity": rate(
            [v.right[v.known] for v in verdicts], [v.item[v.known] for v in verdicts], rng
        ),
        "false_match_rate": rate(
            [v.matched[~v.known] for v in verdicts], [v.item[~v.known] for v in verdicts], rng
        ),
    }


def by_closeness(verdicts: Sequence[Verdicts], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Rates of false matches by how close lost themes are to the panel: three equal parts, closest first.

    Returns
    -------
    list of dict
        Of :func:`rate`, each with ``octaves``: mean distance to the panel theme next to it.
    """
    near = np.concatenate([v.nearest[~v.known] for v in verdicts])
    if not near.size:
        return []
    ends = np.quantile(near, (0, 1 / 3, 2 / 3, 1))
    ends[-1] = np.inf
    out = []
    for low, high in pairwise(ends):
        own = [~v.known & (v.nearest >= low) & (v.nearest < high) for v in verdicts]
        both = zip(verdicts, own, strict=True)
        hits, items = zip(*((v.matched[k], v.item[k]) for v, k in both), strict=True)
        octaves = float(near[(near >= low) & (near < high)].mean())
        out.append({"octaves": octaves, **rate(hits, items, rng)})
    return out


def estimates(
    trials: Sequence[Trial], verdicts: Sequence[Verdicts], population: int
) -> dict[str, Array]:
    """Estimate persistence in every history, beside the truth.

    Returns
    -------
    dict
        For ``by_theme`` and ``by_birds``, as they are and with ``_raw`` of uncorrected verdicts: an
        array of shape (histories, 4), of truth, share and the ends of its interval.
    """
    expected = float(np.mean([v.known.mean() for v in verdicts]))
    rows: dict[str, list[list[float]]] = {}
    for trial, v in zip(trials, verdicts, strict=True):
        for ending, errors in (("", v.errors), ("_raw", None)):
            both: dict[str, tuple[float, Estimate]] = {
                "by_theme": (expected, by_theme(v.matched, v.birds, errors)),
                "by_birds": (trial.sung, by_birds(v.matched, v.birds, errors, population)),
            }
            for name, (truth, found) in both.items():
                rows.setdefault(name + ending, []).append([truth, found.share, *found.interval])
    return {name: np.array(table) for name, table in rows.items()}


def coverage(table: Array) -> dict[str, Any]:
    """Coverage and bias of estimates, with 95 % intervals over histories.

    Parameters
    ----------
    table : ndarray, shape (histories, 4)
        Of :func:`estimates`.

    Returns
    -------
    dict
        ``coverage`` with its ``interval`` (Wilson's), ``bias`` with its ``bias_interval``, mean
        ``truth``, and mean ``width`` of the intervals.
    """
    truth, share, low, high = table.T
    held = (low <= truth) & (truth <= high)
    error = share - truth
    bias = float(error.mean())
    half = 1.96 * float(error.std(ddof=1)) / len(error) ** 0.5 if len(error) > 1 else float("nan")
    return {
        "coverage": float(held.mean()),
        "interval": list(openset.wilson(int(held.sum()), len(held))),
        "bias": bias,
        "bias_interval": [bias - half, bias + half],
        "truth": float(truth.mean()),
        "width": float((high - low).mean()),
    }


def study(
    pools: Mapping[str, Pool], settings: Simulated, decides: str, false_matches: float, seed: int
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Judge many histories, by every pen.

    Parameters
    ----------
    pools : mapping of str to Pool
        By pen.
    settings : Simulated
    decides : str
        The pen whose verdicts are the study's.
    false_matches : float
    seed : int

    Returns
    -------
    summary : dict
        Rates of the deciding pen, ``estimates``, ``by_closeness``, ``pens`` with the rates of each;
        ``redrawn``, and ``wider``: the share of histories with more themes recorded than the judge
        knows; ``not_wider``: rates of the others.
    tables : dict
        Of :func:`estimates`.
    """
    themes = pools[decides].versions.shape[0]
    trials, redrawn = run_trials(settings, settings.trials, themes, seed)
    judged = {pen: judge_trials(trials, pool, false_matches, seed) for pen, pool in pools.items()}
    pens = {pen: summarise(v, generator(seed, "rates", pen)) for pen, v in judged.items()}
    tables = estimates(trials, judged[decides], settings.birds)
    found = {name: coverage(table) for name, table in tables.items()}
    narrow = [v for t, v in zip(trials, judged[decides], strict=True) if t.recorded <= themes]
    summary = {
        "n": len(trials),
        "redrawn": redrawn,
        "wider": 1.0 - len(narrow) / len(trials),
        **pens[decides],
        "coverage": {name: found[name]["coverage"] for name in ("by_theme", "by_birds")},
        "bias": {name: found[name]["bias"] for name in ("by_theme", "by_birds")},
        "estimates": found,
        "not_wider": summarise(narrow, generator(seed, "rates", "not wider")) if narrow else None,
        "by_closeness": by_closeness(judged[decides], generator(seed, "rates", "closeness")),
        "pens": pens,
    }
    return summary, tables
