"""The known-truth study: many histories judged end to end.

The judge of world ``simulated`` is trained once. Every history is of a park of its own; the themes
recorded at its end are mapped one to one onto the judge's panel, its sketches onto those of the pool
(:mod:`chingolo.pools`): what is still sung onto a version of its panel theme that has drifted as far,
what is lost onto themes of nobody. The threshold is set anew for the panel themes in use.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import openset
from chingolo.config import Simulated
from chingolo.estimate import Errors
from chingolo.notebook import NONE
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.trials import Trial, run_trial, sizes

Array = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Pool(NamedTuple):
    """A pool as the judge sees it.

    Attributes
    ----------
    versions : ndarray, shape (themes, versions, themes)
        Evidence of every version of every panel theme.
    foreign : ndarray, shape (n, themes)
        Of themes of nobody.
    apart : ndarray, shape (n, themes)
        How far each of those is from every panel theme, see :mod:`chingolo.closeness`.
    """

    versions: Array
    foreign: Array
    apart: Array


class Verdicts(NamedTuple):
    """The judge's word on a history's notebook, sketch by sketch.

    Attributes
    ----------
    matched, right, known : ndarray of bool, shape (sketches,)
        Found a match; the right one; has one.
    birds : ndarray of int, shape (sketches,)
    item : ndarray of int, shape (sketches,)
        What of the pool it was: a panel theme, or beyond those one of nobody's.
    nearest : ndarray, shape (sketches,)
        How far those of nobody are from the panel theme next to them, in octaves.
    errors : Errors
        Of this history's judge, measured on sketches that are in no notebook.
    """

    matched: Bools
    right: Bools
    known: Bools
    birds: Ints
    item: Ints
    nearest: Array
    errors: Errors


def rates_of(errors: Errors) -> dict[str, Any]:
    """Rates behind counted errors, with 95 % intervals (Wilson's)."""
    return {
        "sensitivity": errors.matched / max(errors.known, 1),
        "sensitivity_interval": list(openset.wilson(errors.matched, errors.known)),
        "false_match_rate": errors.passed / max(errors.foreign, 1),
        "false_match_interval": list(openset.wilson(errors.passed, errors.foreign)),
    }


def sort_evidence(logits: Array, items: Sequence[Item]) -> tuple[Array, npt.NDArray[np.str_]]:
    """Evidence on the sketches of a pool, and their truths, from the answers to their draws.

    Parameters
    ----------
    logits : ndarray, shape (networks, draws, outputs)
    items : sequence of Item, length draws

    Returns
    -------
    evidence : ndarray, shape (n, themes)
    truth : ndarray of str, shape (n,)
    """
    names = [item.song for item in items]
    truths = {item.song: item.theme for item in items}
    means = openset.by_song(logits, names, list(truths))
    return openset.evidence(means), np.array(list(truths.values()))


def measure_errors(evidence: Array, truth: npt.NDArray[np.str_], threshold: float) -> Errors:
    """Count what a judge does with a pool, see :func:`sort_evidence`."""
    matched, known = evidence.max(axis=1) > threshold, truth != NONE
    counts = (matched[known].sum(), known.sum(), matched[~known].sum(), (~known).sum())
    return Errors(*map(int, counts))


def calibration_of(
    logits: Array, items: Sequence[Item], themes: Sequence[str], temperature: float
) -> dict[str, Any]:
    """Measure whether the probabilities of verdicts hold, on a pool: see :func:`chingolo.openset.calibration`.

    Parameters
    ----------
    logits : ndarray, shape (networks, draws, outputs)
    items : sequence of Item, length draws
    themes : sequence of str
        The panel.
    temperature : float

    Returns
    -------
    dict
        ``calibration`` of the panel's sketches among its themes, ``calibration_with_none`` of all.
    """
    names = [item.song for item in items]
    truths = {item.song: item.theme for item in items}
    p = openset.probabilities(openset.by_song(logits, names, list(truths)), temperature)
    number = {theme: k for k, theme in enumerate(themes)} | {NONE: len(themes)}
    target = np.array([number[theme] for theme in truths.values()], dtype=np.int64)
    known = target < len(themes)
    return {
        "calibration": openset.calibration(openset.if_known(p[known]), target[known]),
        "calibration_with_none": openset.calibration(p, target),
    }


def by_distance(passed: Bools, apart: Array, parts: int = 3) -> list[dict[str, Any]]:
    """Share of themes of nobody that pass, by their distance to the panel: equal parts, closest first.

    Parameters
    ----------
    passed : ndarray of bool, shape (n,)
    apart : ndarray, shape (n,)
        Octaves to the panel theme next to each, see :mod:`chingolo.closeness`.
    parts : int

    Returns
    -------
    list of dict
        ``octaves`` (mean), ``n``, ``share`` and its 95 % ``interval`` (Wilson's).
    """
    groups = [g for g in np.array_split(np.argsort(apart, kind="stable"), parts) if g.size]
    return [
        {
            "octaves": float(apart[g].mean()),
            "n": int(g.size),
            "share": float(passed[g].mean()),
            "interval": list(openset.wilson(int(passed[g].sum()), int(g.size))),
        }
        for g in groups
    ]


def as_pool(logits: Array, items: Sequence[Item], themes: Sequence[str], apart: Array) -> Pool:
    """Sort the judge's answers to a pool's sketches.

    Parameters
    ----------
    logits : ndarray, shape (networks, draws, outputs)
    items : sequence of Item, length draws
        Of the sketches of :func:`chingolo.pools.fill_pool`, in its order.
    themes : sequence of str
    apart : ndarray, shape (themes of nobody, themes)
        How far they are from each other, see :mod:`chingolo.closeness`.
    """
    evidence, truth = sort_evidence(logits, items)
    versions = np.stack([evidence[truth == theme] for theme in themes])
    return Pool(versions, evidence[truth == NONE], apart)


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
        pool.apart[stranger][:, columns].min(axis=1),
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
