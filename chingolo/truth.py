"""The known-truth study: many histories judged end to end, and how right the estimates are.

The judge of world ``simulated`` is trained once. Every history is of a park of its own; the themes
recorded at its end are mapped one to one onto the judge's panel, its sketches onto those of the pool
(:mod:`chingolo.pools`): what is still sung onto a version of its panel theme that has drifted as far,
what is lost onto themes of nobody. The threshold is set anew for the panel themes in use.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import openset
from chingolo.config import Simulated
from chingolo.estimate import Errors, Estimate, by_birds, by_theme
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.trials import Trial, run_trial, sizes

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REPLICATES = 2000
"""Bootstrap replicates (our choice)."""


class Pool(NamedTuple):
    """A pool as the judge sees it.

    Attributes
    ----------
    versions : ndarray, shape (themes, versions, themes)
        Evidence of every version of every panel theme.
    foreign : ndarray, shape (n, themes)
        Of themes of nobody.
    """

    versions: Array
    foreign: Array


class Verdicts(NamedTuple):
    """The judge's word on a history's notebook, sketch by sketch.

    Attributes
    ----------
    matched, right, known : ndarray of bool, shape (sketches,)
        Found a match; the right one; has one.
    birds : ndarray of int, shape (sketches,)
    item : ndarray of int, shape (sketches,)
        What of the pool it was: a panel theme, or beyond those one of nobody's.
    errors : Errors
        Of this history's judge, measured on sketches that are in no notebook.
    """

    matched: Bools
    right: Bools
    known: Bools
    birds: Ints
    item: Ints
    errors: Errors


def measure_errors(pool: Pool, threshold: float) -> Errors:
    """Count what a judge with its whole panel does with a pool."""
    known = pool.versions.max(axis=2) > threshold
    foreign = pool.foreign.max(axis=1) > threshold
    return Errors(int(known.sum()), known.size, int(foreign.sum()), foreign.size)


def rates_of(errors: Errors) -> dict[str, Any]:
    """Rates behind counted errors, with 95 % intervals (Wilson's)."""
    return {
        "sensitivity": errors.matched / max(errors.known, 1),
        "sensitivity_interval": list(openset.wilson(errors.matched, errors.known)),
        "false_match_rate": errors.passed / max(errors.foreign, 1),
        "false_match_interval": list(openset.wilson(errors.passed, errors.foreign)),
    }


def as_pool(logits: Array, items: Sequence[Item], themes: Sequence[str]) -> Pool:
    """Sort the judge's answers to a pool's sketches.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, outputs)
    items : sequence of Item, length n
        Draws of the sketches of :func:`chingolo.pools.fill_pool`, in its order.
    themes : sequence of str
    """
    names = [item.song for item in items]
    truths = {item.song: item.theme for item in items}
    evidence = openset.evidence(openset.by_song(logits, names, list(truths)))
    truth = np.array(list(truths.values()))
    versions = np.stack([evidence[truth == theme] for theme in themes])
    return Pool(versions, evidence[truth == "none"])


def run_trials(settings: Simulated, trials: int, themes: int, seed: int) -> tuple[list[Trial], int]:
    """Run histories whose panel shares no more themes with the notebook than the judge knows.

    Returns
    -------
    trials : list of Trial
    redrawn : int
        Histories drawn again because they shared more.
    """
    kept: list[Trial] = []
    drawn = 0
    while len(kept) < trials:
        trial = run_trial(settings, seed, "trial", drawn)
        drawn += 1
        if (trial.today >= 0).sum() <= themes:
            kept.append(trial)
        elif drawn > 10 * trials:
            raise ValueError(f"hardly any notebook shares as few as {themes} themes with the panel")
    return kept, drawn - trials


def judge_trial(
    trial: Trial, pool: Pool, far: Array, false_matches: float, rng: np.random.Generator
) -> Verdicts:
    """Judge a history's notebook with the pool's sketches.

    Of every two neighbouring versions of a panel theme one measures the judge's errors and the other
    may be a sketch. A fourth of the themes of nobody set the threshold, a fourth measure the errors, and
    the others may be sketches.

    Parameters
    ----------
    trial : Trial
    pool : Pool
    far : ndarray, shape (sketches,)
        How far each sketch has drifted, as a rank from 0 to 1 among all that are still sung.
    false_matches : float
        Share of foreign sketches that may pass the threshold.
    rng : numpy.random.Generator
        What of the pool is what in this history.
    """
    themes, versions, _ = pool.versions.shape
    known = trial.today >= 0
    # Sketches' own themes come first: where more were recorded than the judge knows, others are left out.
    columns = rng.permutation(themes)[: max(1, min(trial.recorded, themes))]
    own = np.full(known.size, -1)
    own[known] = columns[: known.sum()]
    fourth = len(pool.foreign) // 4
    setting, held_out, lost = np.split(rng.permutation(len(pool.foreign)), [fourth, 2 * fourth])
    stranger = np.resize(lost, known.size)
    pairs = versions // 2
    tried = 2 * np.arange(pairs) + rng.integers(2, size=(themes, pairs))
    version = tried[own, np.minimum((far * pairs).astype(int), pairs - 1)]
    evidence = np.where(known[:, None], pool.versions[own, version], pool.foreign[stranger])
    evidence = evidence[:, columns]
    threshold = openset.threshold(pool.foreign[setting][:, columns].max(axis=1), false_matches)
    matched = evidence.max(axis=1) > threshold
    others = np.take_along_axis(pool.versions, (tried ^ 1)[:, :, None], axis=1)
    like = others[columns][:, :, columns].max(axis=2) > threshold
    passed = pool.foreign[held_out][:, columns].max(axis=1) > threshold
    return Verdicts(
        matched,
        matched & known & (columns[evidence.argmax(axis=1)] == own),
        known,
        trial.birds,
        np.where(known, own, themes + stranger),
        Errors(int(like.sum()), like.size, int(passed.sum()), passed.size),
    )


def judge_trials(
    trials: Sequence[Trial], pool: Pool, false_matches: float, seed: int
) -> list[Verdicts]:
    """Judge every history's notebook."""
    size = [sizes(trial.drift) for trial in trials]
    ranked = np.sort(np.concatenate([s[t.today >= 0] for s, t in zip(size, trials, strict=True)]))
    out = []
    for k, (trial, own) in enumerate(zip(trials, size, strict=True)):
        far = np.searchsorted(ranked, own) / max(1, ranked.size)
        rng = generator(seed, "judged trial", k)
        out.append(judge_trial(trial, pool, far, false_matches, rng))
    return out


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
        Rates of the deciding pen, ``estimates``, ``pens`` with the rates of each; ``redrawn``, and
        ``wider``: the share of histories with more themes recorded than the judge knows.
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
        "pens": pens,
    }
    return summary, tables
