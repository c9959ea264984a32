"""What the judge does not know: calibration, the threshold of *none of today's*, and their measures."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats
from sklearn.metrics import roc_auc_score, roc_curve

from chingolo.notebook import NONE
from chingolo.shards import Item

Array = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

CONFIDENCE = 0.95
"""That no more foreign songs than asked for pass the threshold (our choice)."""


class ClosedSet(NamedTuple):
    """Recognition among known themes."""

    accuracy: float
    n: int
    classes: int
    interval: tuple[float, float]
    per_theme: dict[str, float]


def probabilities(logits: Array, temperature: float) -> Array:
    """Probabilities of an ensemble: softmax of its mean logits over a temperature.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, themes + 1)
    temperature : float

    Returns
    -------
    ndarray, shape (n, themes + 1)
        The last is that of *none of today's*.
    """
    return np.asarray(special.softmax(logits.mean(axis=0) / temperature, axis=-1))


def if_known(p: Array) -> Array:
    """Probabilities of the panel's themes, if the song is of the panel at all; shape (n, themes)."""
    return np.asarray(p[:, :-1] / p[:, :-1].sum(axis=1, keepdims=True))


def fit_temperature(logits: Array, target: Ints) -> float:
    """Temperature that makes an ensemble's probabilities honest (Guo et al. 2017).

    Targets are not 1 but (n + 1) / (n + 2), as in Platt's scaling: n songs named right, and no error
    seen, are no proof of certainty, to which plain likelihood would go.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, outputs)
        Answers to synthetic songs that training never saw.
    target : ndarray of int, shape (n,)

    Returns
    -------
    float
        Within 0.05 to 20: the minimum of the ensemble's cross-entropy.
    """
    mean = logits.mean(axis=0)
    n, outputs = mean.shape
    wanted = np.full((n, outputs), 1.0 / (n + 2) / max(1, outputs - 1))
    wanted[np.arange(n), target] = (n + 1) / (n + 2)

    def surprise(log_temperature: float) -> float:
        log_p = special.log_softmax(mean / np.exp(log_temperature), axis=1)
        return float(-(wanted * log_p).sum(axis=1).mean())

    best = optimize.minimize_scalar(surprise, bounds=np.log((0.05, 20.0)), method="bounded")
    return float(np.exp(best.x))


def evidence(logits: Array) -> Array:
    """How much each song is like each theme of the panel: the ensemble's mean logits.

    The largest is the score of being known (Vaze et al. 2022), see :func:`rivals` for others.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, themes + 1)

    Returns
    -------
    ndarray, shape (n, themes)
    """
    return np.asarray(logits.mean(axis=0)[:, :-1])


def rivals(logits: Array) -> dict[str, Array]:
    """Scores of being known, higher for known songs; shape (n,) each.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, themes + 1)

    Returns
    -------
    dict of str to ndarray
        ``max_logit`` (Vaze et al. 2022), the judge's own; ``max_softmax`` (Hendrycks & Gimpel 2017);
        ``energy`` (Liu et al. 2020), of the panel's outputs; ``against_none``, the largest logit less
        that of *none of today's*.
    """
    mean = logits.mean(axis=0)
    panel = mean[:, :-1]
    return {
        "max_logit": panel.max(axis=1),
        "max_softmax": special.softmax(mean, axis=1)[:, :-1].max(axis=1),
        "energy": np.asarray(special.logsumexp(panel, axis=1)),
        "against_none": panel.max(axis=1) - mean[:, -1],
    }


def threshold(foreign_scores: Array, false_matches: float) -> float:
    """Score that at most the given share of all foreign songs exceeds, with :data:`CONFIDENCE`.

    A distribution-free tolerance bound (Wilks 1941, Ann. Math. Stat. 12:91): not the songs at hand but
    those to come may pass no more often. The quantile of the songs at hand would let more pass than
    asked for in every second study.

    Parameters
    ----------
    foreign_scores : ndarray, shape (n,)
        Of songs drawn as those to come are. Below ln(1 - confidence) / ln(1 - share) songs, 59 for 5 %,
        there is no such bound, and the largest score is taken.
    false_matches : float
    """
    ranked = np.sort(foreign_scores)[::-1]
    passing = stats.binom.cdf(np.arange(ranked.size), ranked.size, false_matches)
    return float(ranked[max(0, int((passing <= 1.0 - CONFIDENCE).sum()) - 1)])


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of a proportion (scipy); (0, 1) for none."""
    if n == 0:
        return 0.0, 1.0
    interval = stats.binomtest(successes, n).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def student(
    values: Sequence[float], least: float = 0.0, most: float = 1.0
) -> tuple[float | None, float | None, list[float] | None]:
    """Mean, standard deviation, and Student's 95 % interval of the mean, within what is possible.

    Returns
    -------
    mean : float or None
        None where there is no value.
    sd : float or None
    interval : list of float or None
        None, like `sd`, where there are fewer than two.
    """
    if not values:
        return None, None, None
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, None, None
    sd = float(np.std(values, ddof=1))
    half = float(stats.t.ppf(0.975, len(values) - 1)) * sd / np.sqrt(len(values))
    return mean, sd, [max(least, mean - half), min(most, mean + half)]


def closed_set(answers: list[str], truth: list[str], classes: int) -> ClosedSet | None:
    """Accuracy over songs of known themes, with a 95 % interval; None without songs."""
    if not truth:
        return None
    right = [a == t for a, t in zip(answers, truth, strict=True)]
    per_theme = {
        theme: float(np.mean([r for r, t in zip(right, truth, strict=True) if t == theme]))
        for theme in sorted(set(truth))
    }
    interval = wilson(sum(right), len(right))
    return ClosedSet(float(np.mean(right)), len(right), classes, interval, per_theme)


def open_set(known: Array, unknown: Array) -> dict[str, float | int | None]:
    """How well a score tells known songs from unknown ones.

    Returns
    -------
    dict
        ``auroc``; ``fpr_at_95_tpr``, the share of unknown songs that pass where 95 % of the known do;
        ``n_unknown``. The first two are None where either kind is missing.
    """
    if not len(known) or not len(unknown):
        return {"auroc": None, "fpr_at_95_tpr": None, "n_unknown": len(unknown)}
    label = np.r_[np.ones(len(known)), np.zeros(len(unknown))]
    score = np.r_[known, unknown]
    false, true, _ = roc_curve(label, score)
    return {
        "auroc": float(roc_auc_score(label, score)),
        "fpr_at_95_tpr": float(false[np.argmax(true >= 0.95)]),
        "n_unknown": len(unknown),
    }


class Bin(NamedTuple):
    """Songs of like confidence: how many, their mean confidence, and the share named right."""

    n: int
    confidence: float
    right: float
    interval: tuple[float, float]


def reliability(p: Array, target: Ints, bins: int = 10) -> list[Bin]:
    """Sort songs by the probability of their answer into bins of equal width; empty ones left out.

    Parameters
    ----------
    p : ndarray, shape (n, outputs)
    target : ndarray of int, shape (n,)
    bins : int
    """
    confidence, right = p.max(axis=1), p.argmax(axis=1) == target
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        Bin(
            int((which == k).sum()),
            float(confidence[which == k].mean()),
            float(right[which == k].mean()),
            wilson(int(right[which == k].sum()), int((which == k).sum())),
        )
        for k in np.unique(which)
    ]


def calibration(p: Array, target: Ints, bins: int = 10) -> dict[str, Any]:
    """Measure calibration: :func:`reliability`, expected error over its bins, and Brier score.

    Parameters
    ----------
    p : ndarray, shape (n, outputs)
    target : ndarray of int, shape (n,)
    bins : int
    """
    table = reliability(p, target, bins)
    ece = sum(b.n * abs(b.right - b.confidence) for b in table) / len(target)
    one_hot = np.eye(p.shape[1])[target]
    brier = float(((p - one_hot) ** 2).sum(axis=1).mean())
    return {"ece": ece, "brier": brier, "reliability": [b._asdict() for b in table]}


def by_song(values: Array, names: Sequence[str], order: Sequence[str]) -> Array:
    """Mean over the draws of each song.

    Parameters
    ----------
    values : ndarray, shape (networks, n, themes)
    names : sequence of str, length n
    order : sequence of str
        Songs wanted.

    Returns
    -------
    ndarray, shape (networks, len(order), themes)
    """
    which = np.array(names)
    means = [values[:, which == name].mean(axis=1) for name in order]
    return np.stack(means, axis=1) if means else values[:, :0]


def calibrate(
    heard: Array,
    heard_items: Sequence[Item],
    foreign: Array,
    foreign_items: Sequence[Item],
    themes: Sequence[str],
    false_matches: float,
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Temperature and threshold of an ensemble, from synthetic songs alone.

    Half of the foreign themes set the threshold; the scores of the others are the null distribution
    that verdicts are tested against.

    Parameters
    ----------
    heard : ndarray, shape (networks, n, themes + 1)
        Answers to validation songs, of the panel and of none of it.
    heard_items : sequence of Item, length n
    foreign : ndarray, shape (networks, m, themes + 1)
        Answers to foreign sketches, several draws each.
    foreign_items : sequence of Item, length m
    themes : sequence of str
    false_matches : float
        Share of foreign sketches that may pass the threshold at most, see :func:`threshold`.

    Returns
    -------
    judge : dict
        ``temperature``, ``threshold``, ``validation_accuracy``; ``calibration`` on the panel's validation
        songs, :func:`if_known`, and ``calibration_with_none`` on all of them;
        ``rivals``, the AUROC by which scores tell the panel's from the other validation songs, and
        ``false_matches_held_out``, the share of the second half that passes.
    null : dict
        ``setting`` and ``held_out``: scores of the two halves.
    """
    target = np.array(
        [len(themes) if item.theme == NONE else themes.index(item.theme) for item in heard_items]
    )
    temperature = fit_temperature(heard, target)
    names = [item.song for item in foreign_items]
    scores = evidence(by_song(foreign, names, list(dict.fromkeys(names)))).max(axis=1)
    setting, held_out = scores[0::2], scores[1::2]
    limit = threshold(setting, false_matches)
    p = probabilities(heard, temperature)
    known = target < len(themes)
    judge = {
        "temperature": temperature,
        "threshold": limit,
        "validation_accuracy": float((p.argmax(axis=1) == target).mean()),
        "calibration": calibration(if_known(p[known]), target[known]),
        "calibration_with_none": calibration(p, target),
        "rivals": {
            name: open_set(own[known], own[~known])["auroc"] for name, own in rivals(heard).items()
        },
        "false_matches_held_out": float((held_out > limit).mean()),
        "false_matches_interval": list(wilson(int((held_out > limit).sum()), len(held_out))),
        "n_held_out": len(held_out),
        # As p-values are counted: never 0, however few foreign themes there are.
        "false_match_chance": float((1 + (held_out > limit).sum()) / (1 + len(held_out))),
        "n_foreign": len(scores),
    }
    return judge, {"setting": setting, "held_out": held_out}


class Answer(NamedTuple):
    """What the judge said of one song."""

    song: str
    role: str
    truth: str
    answer: str
    probability: float
    score: float


def score(
    logits: Array, items: Sequence[Item], themes: list[str], judge: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Answer]]:
    """Score an ensemble on songs it never heard.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, themes + 1)
    items : sequence of Item, length n
        Roles ``query``, ``unknown``, ``background``.
    themes : list of str
    judge : mapping
        Of :func:`calibrate`.

    Returns
    -------
    scores : dict
        ``closed_set`` (ensemble, and mean over networks), ``open_set``, ``background_only``, ``chance``,
        ``calibration``, :func:`if_known`, as the songs asked about are, and ``calibration_with_none``, as
        if half of them were outliers like those in training. What cannot be measured for want of songs
        is None.
    answers : list of Answer
    """
    role = np.array([item.role for item in items])
    p = probabilities(logits, judge["temperature"])
    alike = evidence(logits)
    strength, best = alike.max(axis=1), alike.argmax(axis=1)
    answers = [
        Answer(
            item.song,
            item.role,
            item.theme,
            themes[best[k]],
            round(float(p[k, best[k]]), 6),
            round(float(strength[k]), 6),
        )
        for k, item in enumerate(items)
    ]

    def rows(kind: str) -> list[int]:
        return [int(k) for k in np.flatnonzero(role == kind)]

    queries, background = rows("query"), rows("background")
    truth = [items[k].theme for k in queries]
    closed = closed_set([answers[k].answer for k in queries], truth, len(themes))
    target = np.array([themes.index(theme) for theme in truth], dtype=np.int64)
    per_seed = (
        [float((evidence(one[None])[queries].argmax(axis=1) == target).mean()) for one in logits]
        if truth
        else []
    )
    still = [answers[k].answer == items[k].theme for k in background]
    scores: dict[str, Any] = {
        "closed_set": closed
        and {
            **closed._asdict(),
            "mean_over_networks": float(np.mean(per_seed)),
            "per_network": per_seed,
            "passing_threshold": float((strength[queries] > judge["threshold"]).mean()),
            "themes_asked": len(closed.per_theme),
        },
        "chance": 1.0 / len(themes),
        "open_set": {
            **open_set(strength[queries], strength[rows("unknown")]),
            "passing_threshold": _share(strength[rows("unknown")] > judge["threshold"]),
            "rivals": {
                name: open_set(own[queries], own[rows("unknown")])["auroc"]
                for name, own in rivals(logits).items()
            },
        },
        "background_only": {
            "accuracy": _share(np.array(still)),
            "n": len(still),
            "interval": list(wilson(sum(still), len(still))),
        },
        "calibration": calibration(if_known(p[queries]), target) if truth else None,
        "calibration_with_none": calibration(p[queries], target) if truth else None,
    }
    return scores, answers


def _share(yes: npt.NDArray[np.bool_]) -> float | None:
    return float(yes.mean()) if yes.size else None


def read_answers(path: str | Path) -> list[Answer]:
    """Read the table of answers that :func:`score` gives."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Answer(
                row["song"],
                row["role"],
                row["truth"],
                row["answer"],
                float(row["probability"]),
                float(row["score"]),
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]
