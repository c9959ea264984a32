"""The verdict on the notebook, and what it says about persistence."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from chingolo import openset
from chingolo.estimate import Errors, by_birds, by_theme
from chingolo.notebook import NONE, Sketch

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
        Calibrated probability of `nearest`, over the panel and none.
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
    low, high : float
        5 to 95 % of `probability` over single networks and draws of the pen; 0 and 1 until measured.
    stability : float
        Share of single networks and draws whose own verdict is the same; 0 until measured.
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
    low: float = 0.0
    high: float = 1.0
    stability: float = 0.0


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
    evidence = openset.evidence(logits)
    score, best = evidence.max(axis=1), evidence.argmax(axis=1)
    p = p_values(score, null)
    q = stats.false_discovery_control(p)
    posterior = openset.probabilities(logits, temperature)
    single = np.stack([openset.evidence(one[None]).argmax(axis=1) for one in logits])
    agreement = (single == best[None]).mean(axis=0)
    return [
        Ruling(
            sketch.name,
            themes[best[k]] if score[k] > threshold else NONE,
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


class Spread(NamedTuple):
    """What single networks say of single draws of a pen; each of shape (n, outputs).

    Attributes
    ----------
    low, high : ndarray
        5 to 95 % of the probability of every output.
    named : ndarray, shape (n, themes + 1)
        Share of them whose verdict is each theme of the panel, or, last, none.
    """

    low: Array
    high: Array
    named: Array


def spread(
    logits: Array,
    names: Sequence[str],
    order: Sequence[str],
    temperature: float,
    threshold: float,
) -> Spread:
    """Show how far networks and draws of the pen differ: pen error and chance of training, as they are.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, outputs)
        Answers to every draw.
    names : sequence of str, length n
        Sketch of each draw.
    order : sequence of str
        Sketches wanted.
    temperature, threshold : float
        The ensemble's, which a single network is held to here: its answers scatter more.
    """
    which = np.array(names)
    low, high, named = [], [], []
    for name in order:
        own = logits[:, which == name]
        single = own.reshape(1, -1, own.shape[-1])  # each a network of its own on a draw of its own
        p = openset.probabilities(single, temperature)
        evidence = openset.evidence(single)
        themes = evidence.shape[1]
        verdict = np.where(evidence.max(axis=1) > threshold, evidence.argmax(axis=1), themes)
        low.append(np.quantile(p, 0.05, axis=0))
        high.append(np.quantile(p, 0.95, axis=0))
        named.append(np.bincount(verdict, minlength=themes + 1) / len(verdict))
    if not order:
        themes = openset.evidence(logits).shape[1]
        nothing = np.zeros((0, logits.shape[-1]))
        return Spread(nothing, nothing, np.zeros((0, themes + 1)))
    return Spread(np.stack(low), np.stack(high), np.stack(named))


def neutral_survival(birds: int, years: int, loss: float, survival: float = 0.0) -> float:
    r"""Chance that neutral copying leaves a copy of a theme, in a large population, fully known.

    Each year a bird lives on with the chance a = `survival`, and leaves a Poisson number of copies of
    mean (1 - a) (1 - `loss`), so that a line's chance s to live on for another year follows

    .. math:: s \to 1 - (1 - a s)\, e^{-(1 - a) (1 - loss)\, s}

    from s = 1. Without survival this is the model of discrete generations, a step each.

    Parameters
    ----------
    birds : int
        Birds that sing the theme at the start.
    years : int
        Steps.
    loss : float
        Chance that whoever fills a vacancy copies none of the birds.
    survival : float
        Chance that a bird lives on for a year.
    """
    s = 1.0
    for _ in range(years):
        s = 1.0 - (1.0 - survival * s) * float(np.exp(-(1.0 - survival) * (1.0 - loss) * s))
    return 1.0 - (1.0 - s) ** birds


def survival_table(
    number: npt.NDArray[np.int64],
    alive: npt.NDArray[np.int64],
    years: int,
    loss: float,
    survival: float,
) -> dict[str, Any]:
    """Set themes that survived in simulated histories beside the closed forms.

    Parameters
    ----------
    number, alive : ndarray of int, shape (birds + 1,)
        Themes sung by k birds at the start, and those of them left at the end.
    years : int
    loss, survival : float
        See :func:`neutral_survival`.

    Returns
    -------
    dict
        ``by_count``, an entry for every k there was: ``birds`` (k), ``themes``, ``alive``, ``share`` with
        its 95 % ``interval``, ``closed_form``, and ``discrete``: the same in discrete ``generations``, as
        many as a line of copies has on average.
    """
    generations = round(years * (1.0 - survival))
    return {
        "years": years,
        "generations": generations,
        "by_count": [
            {
                "birds": k,
                "themes": n,
                "alive": left,
                "share": left / n,
                "interval": list(openset.wilson(left, n)),
                "closed_form": neutral_survival(k, years, loss, survival),
                "discrete": neutral_survival(k, generations, loss),
            }
            for k, (n, left) in enumerate(zip(number.tolist(), alive.tolist(), strict=True))
            if n
        ],
    }


class Neutral(NamedTuple):
    """A population that copies neutrally, and how much of it is sampled.

    Attributes
    ----------
    birds : int
        Singing males.
    noted, recorded : int
        Birds sampled then, and now.
    years : int
        In between.
    survival : float
        Chance that a bird lives on for a year.
    loss : float
        Chance that whoever fills a vacancy copies none of the birds.
    """

    birds: int
    noted: int
    recorded: int
    years: int
    survival: float
    loss: float


def sampled(
    world: str, birds: npt.NDArray[np.int64], simulated: Neutral
) -> tuple[Neutral | None, int | None]:
    """Say what a world's notebook is a sample of.

    Parameters
    ----------
    world : {"simulated", "songs", "field"}
    birds : ndarray of int, shape (sketches,)
        Noted singing each.
    simulated : Neutral
        The simulated park, which a user's is assumed to be like, but for the birds noted.

    Returns
    -------
    model : Neutral or None
        None in world ``songs``, whose notebook is traced from chosen songs.
    population : int or None
        Birds of the park, where they are known: in the simulated one alone.
    """
    if world == "simulated":
        return simulated, simulated.birds
    noted = min(int(birds.sum()), simulated.birds)
    return (simulated._replace(noted=noted) if world == "field" and noted else None), None


def neutral_matches(
    noted: npt.NDArray[np.int64], model: Neutral, rng: np.random.Generator, histories: int = 4000
) -> Array:
    """Chance that neutral copying leaves a theme in today's sample, by the birds it was noted from.

    The noted birds are a sample: a theme noted from k of them is taken to have had ``k * birds /
    noted`` singers. Every year each bird lives on or not, each vacancy is filled by a copy of any bird
    of the year before, and today's sample, drawn without replacement, has to catch one of the singers
    left.

    Parameters
    ----------
    noted : ndarray of int, shape (n,)
        Birds noted singing each theme.
    model : Neutral
    rng : numpy.random.Generator
    histories : int
        Simulated a theme.

    Returns
    -------
    ndarray, shape (n,)
    """
    carriers = np.clip(np.round(noted * model.birds / model.noted), 1, model.birds).astype(int)
    singing = np.repeat(carriers[:, None], histories, axis=1)
    for _ in range(model.years):
        kept = rng.binomial(singing, model.survival)
        vacancies = model.birds - kept - rng.binomial(model.birds - singing, model.survival)
        singing = kept + rng.binomial(vacancies, singing * (1.0 - model.loss) / model.birds)
    draws = min(model.recorded, model.birds)
    caught = rng.hypergeometric(singing, model.birds - singing, draws) > 0
    return np.asarray(caught.mean(axis=1))


def noted_and_matched(
    rulings: Sequence[Ruling],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Birds noted singing each sketch, and whether it was matched; shape (sketches,) each."""
    birds = np.array([r.birds for r in rulings], dtype=np.int64)
    return birds, np.array([r.verdict != NONE for r in rulings], dtype=bool)


def persistence(
    rulings: Sequence[Ruling],
    fates: Sequence[str],
    false_match_rate: float,
    errors: Errors,
    model: Neutral | None,
    population: int | None,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Count the notebook's persistence by themes and by birds, beside drift and any known truth.

    Parameters
    ----------
    rulings : sequence of Ruling
    fates : sequence of str
        Of the simulated themes; empty strings elsewhere.
    false_match_rate : float
        Chance that a foreign sketch finds a match.
    errors : Errors
        Of the judge, on synthetic sketches.
    model : Neutral or None
        None where the notebook is no sample of a population.
    population : int or None
        Birds that the noted ones were drawn from; None where unknown, which counts as endlessly many.
    rng : numpy.random.Generator
        For the neutral histories.

    Returns
    -------
    dict
        ``by_count`` (with ``p_chance``, the chance of as many false matches in a notebook of foreign
        themes) and ``by_birds``, each a ``share`` with its ``interval`` as if the judge never erred,
        and ``corrected`` for its ``errors``, see :mod:`chingolo.estimate`; ``neutral`` and, where every
        truth is known, ``truth`` with the judge's errors.
    """
    birds, matched = noted_and_matched(rulings)
    n, k = len(rulings), int(matched.sum())
    out: dict[str, Any] = {
        "by_count": {
            "matched": k,
            "n": n,
            "p_chance": float(stats.binom.sf(k - 1, n, false_match_rate)) if n else None,
        },
        "by_birds": {"birds": int(birds.sum())},
        "errors": errors._asdict(),
        "neutral": None,
    }
    park = float("inf") if population is None else population
    for ending, erring in (("", None), ("corrected", errors)):
        counted = by_theme(matched, birds, erring) if n else None
        weighed = by_birds(matched, birds, erring, park) if n else None
        for entry, found in ((out["by_count"], counted), (out["by_birds"], weighed)):
            entry[ending or "share"] = found and found.share
            entry[f"{ending}_interval".lstrip("_")] = found and list(found.interval)
    if model is not None and n:
        grid = np.unique(np.concatenate([birds, [1, 2, 5, 10, 20]]))
        grid = grid[grid <= model.noted]
        chance = dict(zip(grid.tolist(), neutral_matches(grid, model, rng).tolist(), strict=True))
        expected = np.array([chance[min(int(b), int(grid.max()))] for b in birds])
        out["neutral"] = {
            **model._asdict(),
            "by_count": float(expected.mean()),
            "by_birds": float((expected * birds).sum() / birds.sum()),
            "by_birds_noted": {str(b): c for b, c in chance.items()},
        }
    if n and all(r.truth for r in rulings):
        known = np.array([r.truth != NONE for r in rulings], dtype=bool)
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
        ``sketches``, ``themes``, ``score``, ``threshold``; of shape (sketches, themes) ``posterior`` and
        its 5 to 95 % over networks and draws, ``low`` and ``high``; ``named``, see :class:`Spread`.
    """
    with np.load(null, allow_pickle=False) as scores:
        held_out = scores["held_out"]
    order = [sketch.name for sketch in notebook]
    mean = openset.by_song(logits, names, order)
    temperature, threshold = judge["temperature"], judge["threshold"]
    scatter = spread(logits, names, order, temperature, threshold)
    panel = len(themes)
    rulings = []
    for k, ruling in enumerate(rule_on(notebook, themes, mean, held_out, temperature, threshold)):
        near = themes.index(ruling.nearest)
        said = panel if ruling.verdict == NONE else near
        low, high, same = scatter.low[k, near], scatter.high[k, near], scatter.named[k, said]
        rulings.append(
            ruling._replace(
                low=round(float(low), 6),
                high=round(float(high), 6),
                stability=round(float(same), 6),
            )
        )
    posteriors = {
        "sketches": np.array(order, dtype=str),
        "themes": np.array(themes, dtype=str),
        "posterior": openset.probabilities(mean, temperature)[:, :panel],
        "low": scatter.low[:, :panel],
        "high": scatter.high[:, :panel],
        "named": scatter.named,
        "score": openset.evidence(mean).max(axis=1),
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
                float(row["low"]),
                float(row["high"]),
                float(row["stability"]),
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]
