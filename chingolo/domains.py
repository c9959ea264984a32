"""The song, or the kind of picture: what a network makes of sketches as drawings, and of sketches as songs.

The reason for singing old sketches with a model of the bird: a network fed with drawings may tell *computed
sonogram* from *handwritten note* instead of one song from another. Two networks are trained alike, one on
synthetic songs, one on the same songs and on drawings of them as well; both are asked what themes sketches
are of, each sketch as its drawing and as it is sung. And a linear probe asks each kind of features
whether a picture was sung of a bird's theme or comes from a sketch, before and after singing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from torch import nn

from chingolo import classifier, openset
from chingolo.config import Domains, Judge, Pen
from chingolo.corpora import Voice, surrogate_themes
from chingolo.metric import embed
from chingolo.notebook import NONE, Sketch
from chingolo.pen import draw_by_hand
from chingolo.pools import noted_by_hand
from chingolo.probing import DRAWN, SUNG, probes
from chingolo.raw_sketches import sketch_picture
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.themes import Theme
from chingolo.unlabelled import with_song

Array = npt.NDArray[np.floating]
Pictures = npt.NDArray[np.uint8]

Log = Callable[[int, Mapping[str, float]], None]


class Shown(NamedTuple):
    """Pictures that a network is asked about, by kind.

    Attributes
    ----------
    songs : Corpus
        Synthetic songs that no training saw.
    drawn, sung : Corpus
        The same sketches in the same order, of the panel's themes and of nobody's.
    heard : Corpus
        Songs heard, of any theme.
    """

    songs: Corpus
    drawn: Corpus
    sung: Corpus
    heard: Corpus


def few(corpus: Corpus, per_theme: int, outliers: float) -> Corpus:
    """Take the first surrogates of each theme, in their first place, and as many outliers as go with them."""
    themes = {item.theme for item in corpus.items} - {NONE}
    most = dict.fromkeys(themes, per_theme)
    most[NONE] = round(outliers * per_theme * len(themes))
    return pick(
        corpus,
        [
            k
            for k, item in enumerate(corpus.items)
            if item.draw == 0 and int(item.song.rsplit("/", 1)[1]) < most[item.theme]
        ],
    )


def pick(corpus: Corpus, rows: Sequence[int]) -> Corpus:
    """Read some pictures of a corpus into memory."""
    chosen = np.array(rows, dtype=np.int64)
    return Corpus((corpus.take(chosen),), [corpus.items[k] for k in chosen])


def first_draws(corpus: Corpus) -> Corpus:
    """Take each sketch as it was drawn, and sung, first."""
    return pick(corpus, [k for k, item in enumerate(corpus.items) if item.draw == 0])


def draw_surrogates(
    themes: Mapping[str, Theme],
    whole: Mapping[str, Theme],
    items: Sequence[Item],
    voice: Voice,
    pen: Pen,
    seed: int,
) -> Corpus:
    """Draw by hand what surrogates sing; see :func:`chingolo.corpora.surrogate_pictures`.

    Parameters
    ----------
    themes, whole : mapping of str to Theme
    items : sequence of Item
    voice : Voice
        Its spread, picture and seed are used.
    pen : Pen
    seed : int
        Number of the network that learns from them: each has drawings of its own.
    """
    drawn, _ = surrogate_themes(themes, whole, items, voice)
    pictures = []
    for theme, item in zip(drawn, items, strict=True):
        rng = generator(voice.seed, "drawn", item.role, item.song, seed)
        pictures.append(sketch_picture(draw_by_hand(theme, pen, rng), pen, voice.picture, rng))
    return Corpus((np.stack(pictures),), list(items))


def draw_sketches(
    notebook: Sequence[Sketch], items: Sequence[Item], pen: Pen, voice: Voice, seed: int
) -> Corpus:
    """Draw the very sketches that :func:`chingolo.corpora.sketch_pictures` sings.

    Parameters
    ----------
    notebook : sequence of Sketch
    items : sequence of Item
        Of the sketches as they were sung.
    pen : Pen
    voice : Voice
        Its picture and seed are used.
    seed : int
        Number of the network: each is shown strokes of their own.
    """
    themes = {sketch.name: sketch.theme for sketch in notebook}
    pictures = []
    for item in items:
        same = generator(voice.seed, item.role, item.song, item.draw)
        theme = draw_by_hand(themes[item.song], pen, same)
        rng = generator(voice.seed, "drawn", item.role, item.song, seed)
        pictures.append(sketch_picture(theme, pen, voice.picture, rng))
    return Corpus((np.stack(pictures),), list(items))


def show(
    asked: Sequence[Corpus],
    pool: list[Sketch],
    pen: Pen,
    voice: Voice,
    seed: int,
) -> Shown:
    """Gather the pictures that networks are asked about.

    Parameters
    ----------
    asked : sequence of Corpus
        Surrogates kept for validation; a pool's sketches as they were sung, each drawn once or more;
        heard songs, and stretches of recordings without.
    pool : list of Sketch
    pen : Pen
    voice : Voice
        Its picture and seed are used.
    seed : int
        Number of the networks.
    """
    songs, sketches, heard = asked
    sung = first_draws(sketches)
    noted = noted_by_hand(pool, pen, voice.seed)
    drawn = draw_sketches(noted, sung.items, pen, voice, seed)
    return Shown(songs, drawn, sung, with_song(heard))


def train(
    saw: Mapping[str, Corpus],
    left: Corpus,
    panel: list[str],
    judge: Judge,
    seeds: tuple[int, int],
    log: Log,
    device_name: str = "auto",
) -> dict[str, nn.Sequential]:
    """Train networks alike but for what they see.

    Parameters
    ----------
    saw : mapping of str to Corpus
        What each learns from.
    left : Corpus
        Songs to watch training with.
    panel : list of str
    judge : Judge
    seeds : tuple of int
        The study's, and the networks' number: all start from the same weights.
    log : callable
        Told of every epoch, under the network's name.
    device_name : str
        See :func:`chingolo.devices.device_of`.
    """
    start = int(generator(seeds[0], "domains", seeds[1]).integers(2**31))
    return {
        name: classifier.fit(corpus, left, panel, judge, start, told(name, log), device_name)
        for name, corpus in saw.items()
    }


def told(name: str, log: Log) -> Callable[[classifier.Epoch], None]:
    """Log the epochs of one of two networks that are trained in one run, under its own name."""

    def on_epoch(epoch: classifier.Epoch) -> None:
        values = epoch._asdict()
        log(int(values.pop("epoch")), {f"{name}_{key}": x for key, x in values.items()})

    return on_epoch


def cells(
    models: Mapping[str, nn.Sequential], shown: Shown, panel: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Fill the four cells: what a network saw, and how sketches are shown; see :func:`cell`."""
    return {
        saw: {
            kind: cell(classifier.logits(model, corpus), corpus.items, panel)
            for kind, corpus in ((DRAWN, shown.drawn), (SUNG, shown.sung))
        }
        for saw, model in models.items()
    }


def features(
    models: Mapping[str, nn.Sequential], metric: Sequence[nn.Sequential], shown: Shown
) -> dict[str, dict[str, Array]]:
    """Gather what a probe may see of every picture.

    Parameters
    ----------
    models : mapping of str to torch.nn.Sequential
        ``songs``, trained on songs alone, and ``both``.
    metric : sequence of torch.nn.Sequential
        Of :func:`chingolo.metric.load`.
    shown : Shown

    Returns
    -------
    dict of str to dict of str to ndarray, shape (n, features)
        By sort (``image``, the picture itself; ``layer`` and ``layer_both``, what the last layer of each
        network sees; ``embedding``, its places in the metric), by kind.
    """
    kinds = shown._asdict()
    return {
        "image": {kind: _pixels(corpus) for kind, corpus in kinds.items()},
        "layer": {kind: classifier.features(models["songs"], c) for kind, c in kinds.items()},
        "layer_both": {kind: classifier.features(models["both"], c) for kind, c in kinds.items()},
        "embedding": {
            kind: np.concatenate(embed(metric, corpus), axis=1) for kind, corpus in kinds.items()
        },
    }


def _pixels(corpus: Corpus) -> Array:
    every = corpus.take(np.arange(len(corpus.items)))
    return np.asarray(every.reshape(len(every), -1) / 255.0)


def hand(pen: Pen, settings: Domains) -> Pen:
    """Take the strokes of a hand alone, unless its paper is to be seen, too."""
    return pen if settings.paper else pen._replace(stains=0.0, shade=0.0)


def together(one: Corpus, other: Corpus) -> Corpus:
    """Two corpora as one."""
    return Corpus((*one.maps, *other.maps), [*one.items, *other.items])


def cell(logits: Array, items: Sequence[Item], panel: Sequence[str]) -> dict[str, Any]:
    """Score a network on sketches shown in one way.

    Parameters
    ----------
    logits : ndarray, shape (n, outputs)
    items : sequence of Item, length n
    panel : sequence of str

    Returns
    -------
    dict
        ``accuracy`` on sketches of the panel, and ``auroc`` against nobody's.
    """
    evidence = openset.evidence(logits[None])
    known = np.array([item.theme != NONE for item in items])
    said = np.array(panel)[evidence.argmax(axis=1)]
    right = said == np.array([item.theme for item in items])
    top = evidence.max(axis=1)
    auroc = openset.open_set(top[known], top[~known])["auroc"]
    return {"accuracy": float(right[known].mean()), "auroc": auroc}


def measure(
    models: Mapping[str, nn.Sequential],
    features: Mapping[str, Mapping[str, Array]],
    shown: Shown,
    panel: Sequence[str],
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Fill the ``cells``, and ask every sort of features; ``probes`` by sort, see :func:`probes`."""
    themes = {
        kind: [item.theme for item in corpus.items] for kind, corpus in shown._asdict().items()
    }
    return {
        "cells": cells(models, shown, panel),
        "probes": {sort: probes(seen, themes, rng) for sort, seen in features.items()},
    }


def example(shown: Shown) -> dict[str, Pictures]:
    """One sketch of the panel as its drawing and as it is sung, for a figure; each (bands, frames)."""
    first = next(k for k, item in enumerate(shown.drawn.items) if item.theme != NONE)
    rows = np.array([first])
    return {
        f"example_{kind}": corpus.take(rows)[0]
        for kind, corpus in ((DRAWN, shown.drawn), (SUNG, shown.sung))
    }


def to_show(features: Mapping[str, Array], shown: Shown) -> dict[str, npt.NDArray[Any]]:
    """Gather features by kind for latent pictures, of the panel's themes alone, and an :func:`example`."""
    of_panel = {
        kind: seen[[item.theme != NONE for item in getattr(shown, kind).items]]
        for kind, seen in features.items()
    }
    return {**example(shown), **of_panel}
