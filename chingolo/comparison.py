"""Every method asked the same questions, and measured the same way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import baselines, boosting, openset
from chingolo.notebook import Sketch
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.themes import Theme

Array = npt.NDArray[np.floating]

RESAMPLES = 2000


class Asked(NamedTuple):
    """Songs, or sketches, of which each method says what theme they are.

    Attributes
    ----------
    names : list of str, length n
    truth : list of str
        Theme of the panel, ``"none"``, or empty where unknown.
    clusters : list of str
        What songs are not independent within: a recording, a simulated theme, a sketch.
    readings : list of Theme
        As read from the sound, or from the page.
    """

    names: list[str]
    truth: list[str]
    clusters: list[str]
    readings: list[Theme]


class Answers(NamedTuple):
    """What a method says.

    Attributes
    ----------
    likeness : ndarray, shape (n, panel)
        Larger for likelier themes.
    score : ndarray, shape (n,)
        Larger for songs that are likelier of the panel at all.
    """

    likeness: Array
    score: Array


def asked_songs(items: Sequence[Item], readings: Mapping[str, Theme]) -> Asked:
    """Heard songs of known and of other themes; a name begins with its recording or theme."""
    songs = [item for item in items if item.role in ("query", "unknown")]
    names = [item.song for item in songs]
    clusters = [name.rsplit("/", 1)[0] for name in names]
    return Asked(names, [item.theme for item in songs], clusters, [readings[n] for n in names])


def asked_sketches(notebook: Sequence[Sketch]) -> Asked:
    """All sketches of a notebook, each on its own."""
    names = [sketch.name for sketch in notebook]
    return Asked(names, [s.truth or "" for s in notebook], names, [s.theme for s in notebook])


def pick(values: Array, items: Sequence[Item], asked: Asked) -> Array:
    """Mean over the draws of each song asked for, backgrounds left out.

    Parameters
    ----------
    values : ndarray, shape (networks, n, themes)
    items : sequence of Item, length n
    asked : Asked

    Returns
    -------
    ndarray, shape (networks, len(asked.names), themes)
    """
    rows = [k for k, item in enumerate(items) if item.role != "background"]
    return openset.by_song(values[:, rows], [items[k].song for k in rows], asked.names)


def in_order(enrolled: Corpus, panel: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Pictures of the enrolled songs in the order of the panel; shape (panel, bands, frames)."""
    row = {item.theme: k for k, item in enumerate(enrolled.items)}
    return enrolled.take(np.array([row[theme] for theme in panel], dtype=np.int64))


def best(likeness: Array) -> Answers:
    """Answers of a method whose score is the likeness of the likeliest theme."""
    return Answers(likeness, likeness.max(axis=1, initial=-np.inf))


def answers(
    asked: Asked,
    pictures: Corpus,
    panel: Mapping[str, Theme],
    enrolled: npt.NDArray[np.uint8],
    boosted: Any,
) -> dict[str, Answers]:
    """Answers of all methods but the networks.

    Parameters
    ----------
    asked : Asked
    pictures : Corpus
        Pictures of what is asked for, of each one or several.
    panel : mapping of str to Theme
    enrolled : ndarray of uint8, shape (panel, bands, frames)
        A picture of each theme of the panel as its enrolled bird sang it.
    boosted : HistGradientBoostingClassifier
        Of :func:`chingolo.boosting.fit`.

    Returns
    -------
    dict of str to Answers
    """
    compared = baselines.note_similarities(asked.readings, list(panel.values()))
    shown = pictures.take(np.arange(len(pictures.items)))
    likeness = baselines.picture_similarities(shown, enrolled)[None]
    compared["spectrogram_correlation"] = pick(likeness, pictures.items, asked)[0]
    boosting_says = Answers(*boosting.probabilities(boosted, asked.readings, list(panel)))
    return {name: best(table) for name, table in compared.items()} | {
        "gradient_boosting": boosting_says
    }


def auroc_interval(
    score: Array, known: npt.NDArray[np.bool_], clusters: Sequence[str], rng: np.random.Generator
) -> tuple[float, float]:
    """95 % interval of the area under the ROC curve, by bootstrap of whole clusters.

    Clusters of known songs, and those of unknown ones, are drawn with replacement, as many as there are.

    Parameters
    ----------
    score : ndarray, shape (n,)
    known : ndarray of bool, shape (n,)
        Some of them true and some not.
    clusters : sequence of str, length n
    rng : numpy.random.Generator

    Returns
    -------
    low, high : float
        Quantiles of :data:`RESAMPLES` resamples; no interval can be had from one cluster alone.
    """
    higher = (score[known, None] > score[None, ~known]) + 0.5 * (
        score[known, None] == score[None, ~known]
    )
    names = np.asarray(clusters)
    inside = [names[k][:, None] == np.unique(names[k])[None] for k in (known, ~known)]
    # Pairs won, and pairs, of each cluster of known songs with each of unknown ones.
    won = inside[0].T.astype(float) @ higher @ inside[1]
    pairs = np.outer(inside[0].sum(axis=0), inside[1].sum(axis=0)).astype(float)
    drawn = [
        rng.multinomial(one.shape[1], np.full(one.shape[1], 1.0 / one.shape[1]), RESAMPLES)
        for one in inside
    ]
    areas = [
        np.einsum("ra,ab,rb->r", drawn[0], table, drawn[1], optimize=True) for table in (won, pairs)
    ]
    low, high = np.quantile(areas[0] / areas[1], (0.025, 0.975))
    return float(low), float(high)


def measure(
    says: Answers, asked: Asked, panel: Sequence[str], rng: np.random.Generator
) -> dict[str, Any]:
    """Accuracy among songs of the panel, and how well these are told from others.

    Returns
    -------
    dict
        ``accuracy`` with ``interval`` (Wilson, 95 %) and ``n``; ``auroc`` with ``auroc_interval`` (see
        :func:`auroc_interval`) and ``n_unknown``. None where there are no such songs.
    """
    truth = np.array(asked.truth, dtype=str)
    known, lost = np.isin(truth, list(panel)), truth == "none"
    chosen = np.array(panel)[says.likeness.argmax(axis=1)] if truth.size else truth
    right, n = int((chosen == truth)[known].sum()), int(known.sum())
    out: dict[str, Any] = {
        "accuracy": right / n if n else None,
        "interval": list(openset.wilson(right, n)) if n else None,
        "n": n,
        "auroc": None,
        "auroc_interval": None,
        "n_unknown": int(lost.sum()),
    }
    if known.any() and lost.any():
        rows = np.flatnonzero(known | lost)
        clusters = [asked.clusters[k] for k in rows]
        out["auroc"] = openset.open_set(says.score[known], says.score[lost])["auroc"]
        out["auroc_interval"] = list(auroc_interval(says.score[rows], known[rows], clusters, rng))
    return out


def measure_all(
    said: Mapping[str, Answers], asked: Asked, panel: Sequence[str], seed: int, kind: str
) -> dict[str, dict[str, Any]]:
    """Measure every method on the same resamples of the same songs, or sketches."""
    return {
        name: measure(says, asked, panel, generator(seed, "resample", kind))
        for name, says in said.items()
    }
