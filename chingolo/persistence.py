"""The verdict on the notebook, and what it says about persistence."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from chingolo import openset
from chingolo.population import Sketch

Array = npt.NDArray[np.floating]


class Ruling(NamedTuple):
    """The judge's word on one sketch.

    Attributes
    ----------
    sketch : str
    verdict : str
        A panel theme, or ``"none"``.
    nearest : str
        The panel theme most like it, matched or not.
    probability : float
        Calibrated probability of `nearest`, if the sketch is of the panel at all.
    p : float
        Chance that a foreign sketch scores as high.
    q : float
        `p` corrected over the notebook (Benjamini-Hochberg).
    agreement : float
        Share of networks that name the same nearest theme.
    birds : int
        Birds noted singing it.
    truth : str
        Empty where unknown.
    """

    sketch: str
    verdict: str
    nearest: str
    probability: float
    p: float
    q: float
    agreement: float
    birds: int
    truth: str


def p_values(scores: Array, null: Array) -> Array:
    """Chance of a null score as high: (1 + hits) / (1 + draws) (Phipson & Smyth 2010)."""
    hits = (null[None, :] >= scores[:, None]).sum(axis=1)
    return np.asarray((1 + hits) / (1 + null.size))


def rule_on(
    notebook: Sequence[Sketch],
    themes: Sequence[str],
    logits: Array,
    null: Array,
    temperature: float,
    threshold: float,
) -> list[Ruling]:
    """Give a verdict on every sketch.

    Parameters
    ----------
    notebook : sequence of Sketch, length n
    themes : sequence of str
        The panel.
    logits : ndarray, shape (networks, n, themes)
        Means over the pen's draws.
    null : ndarray, shape (m,)
        Scores of foreign sketches that the threshold was not set on.
    temperature, threshold : float

    Returns
    -------
    list of Ruling
    """
    if not notebook:
        return []
    score = openset.max_logit(logits)
    p = p_values(score, null)
    q = stats.false_discovery_control(p)
    posterior = openset.probabilities(logits, temperature).mean(axis=0)
    best = logits.mean(axis=0).argmax(axis=1)
    agreement = (logits.argmax(axis=2) == best[None]).mean(axis=0)
    return [
        Ruling(
            sketch.name,
            themes[best[k]] if score[k] > threshold else "none",
            themes[best[k]],
            round(float(posterior[k, best[k]]), 6),
            round(float(p[k]), 6),
            round(float(q[k]), 6),
            round(float(agreement[k]), 6),
            sketch.birds,
            sketch.truth or "",
        )
        for k, sketch in enumerate(notebook)
    ]


def neutral_survival(birds: int, generations: int, invention: float) -> float:
    """Chance that neutral copying leaves a copy of a theme sung by some birds.

    Each copy leaves a Poisson number of copies of mean ``1 - invention``; a line's chance s to live on
    for t generations follows s -> 1 - exp(-(1 - invention) s) from s = 1.

    Parameters
    ----------
    birds : int
        Birds that sing the theme at the start.
    generations : int
    invention : float
        Chance that a copy is another theme.
    """
    s = 1.0
    for _ in range(generations):
        s = 1.0 - float(np.exp(-(1.0 - invention) * s))
    return 1.0 - (1.0 - s) ** birds


def share(
    matched: npt.NDArray[np.bool_], weight: Array, rng: np.random.Generator
) -> dict[str, Any]:
    """Weighted share of sketches with a match, with a bootstrap interval over sketches."""
    if not matched.size:
        return {"share": None, "interval": None}
    rows = rng.integers(0, matched.size, (4000, matched.size))
    drawn = (matched * weight)[rows].sum(axis=1) / weight[rows].sum(axis=1)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return {
        "share": float((matched * weight).sum() / weight.sum()),
        "interval": [float(low), float(high)],
    }


def persistence(
    rulings: Sequence[Ruling],
    fates: Sequence[str],
    generations: int,
    invention: float,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Count the notebook's persistence by themes and by birds, beside drift and any known truth.

    Parameters
    ----------
    rulings : sequence of Ruling
    fates : sequence of str
        Of the simulated themes; empty strings elsewhere.
    generations, invention
        Of the neutral expectation.
    rng : numpy.random.Generator
        For the bootstrap by birds.

    Returns
    -------
    dict
        ``by_count``, ``by_birds``, ``neutral`` and, where every truth is known, ``truth`` with the
        judge's errors.
    """
    matched = np.array([r.verdict != "none" for r in rulings], dtype=bool)
    birds = np.array([r.birds for r in rulings], dtype=float)
    n, k = len(rulings), int(matched.sum())
    expected = np.array([neutral_survival(int(b), generations, invention) for b in birds])
    out: dict[str, Any] = {
        "by_count": {
            "matched": k,
            "n": n,
            "share": k / n if n else None,
            "interval": list(openset.wilson(k, n)) if n else None,
        },
        "by_birds": {"birds": int(birds.sum()), **share(matched, birds, rng)},
        "neutral": {
            "generations": generations,
            "invention": invention,
            "by_count": float(expected.mean()) if n else None,
            "by_birds": float((expected * birds).sum() / birds.sum()) if n else None,
            "by_birds_noted": {
                str(b): neutral_survival(b, generations, invention) for b in (1, 2, 5, 10, 20, 50)
            },
        },
    }
    if n and all(r.truth for r in rulings):
        known = np.array([r.truth != "none" for r in rulings], dtype=bool)
        right = np.array([r.verdict == r.truth for r in rulings], dtype=bool)
        hits, false = int((right & known).sum()), int((matched & ~known).sum())
        out["truth"] = {
            "share": float(known.mean()),
            "share_by_birds": float((known * birds).sum() / birds.sum()),
            "n_known": int(known.sum()),
            "n_lost": int((~known).sum()),
            "sensitivity": hits / int(known.sum()) if known.any() else None,
            "sensitivity_interval": list(openset.wilson(hits, int(known.sum()))),
            "false_match_rate": false / int((~known).sum()) if (~known).any() else None,
            "false_match_interval": list(openset.wilson(false, int((~known).sum()))),
            "alive_in_2020": sum(f.startswith("sung") for f in fates) / n if any(fates) else None,
        }
    return out


def judge_notebook(
    notebook: Sequence[Sketch],
    themes: Sequence[str],
    logits: Array,
    names: Sequence[str],
    judge: Mapping[str, Any],
    null: str,
) -> tuple[list[Ruling], dict[str, Any]]:
    """Judge every sketch from the answers to its draws.

    Parameters
    ----------
    notebook : sequence of Sketch
    themes : sequence of str
        The panel.
    logits : ndarray, shape (networks, n, themes)
        Answers to every draw of every sketch.
    names : sequence of str, length n
        Sketch of each draw.
    judge : mapping
        ``temperature`` and ``threshold``.
    null : str
        File of the null scores, see :func:`chingolo.openset.calibrate`.

    Returns
    -------
    rulings : list of Ruling
    posteriors : dict
        ``sketches``, ``themes``, ``posterior`` of shape (sketches, themes), ``score``, ``threshold``.
    """
    with np.load(null, allow_pickle=False) as scores:
        held_out = scores["held_out"]
    mean = openset.by_song(logits, names, [sketch.name for sketch in notebook])
    temperature, threshold = judge["temperature"], judge["threshold"]
    rulings = rule_on(notebook, themes, mean, held_out, temperature, threshold)
    posteriors = {
        "sketches": np.array([sketch.name for sketch in notebook], dtype=str),
        "themes": np.array(themes, dtype=str),
        "posterior": openset.probabilities(mean, temperature).mean(axis=0),
        "score": openset.max_logit(mean) if notebook else np.zeros(0),
        "threshold": np.array(threshold),
    }
    return rulings, posteriors


def read_rulings(path: str | Path) -> list[Ruling]:
    """Read ``verdicts.tsv``."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Ruling(
                row["sketch"],
                row["verdict"],
                row["nearest"],
                float(row["probability"]),
                float(row["p"]),
                float(row["q"]),
                float(row["agreement"]),
                int(row["birds"]),
                row["truth"],
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]
