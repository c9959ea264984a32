"""Leave themes out: how the judge was chosen, on synthetic songs and the enrolled ones alone.

The panel is divided into parts. For each, a network is trained on the other themes; then the themes left
out are unknown to it, though their songs are like those it knows in all but the theme. So settings are
compared, and scores of being known, before any song to be recognised is looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors
from torch import nn

from chingolo import soundscape, spectrogram
from chingolo.classifier import features, fit, logits
from chingolo.config import Config
from chingolo.corpora import Voice, surrogate_items, surrogate_pictures
from chingolo.notebook import NONE
from chingolo.openset import evidence, open_set, rivals, threshold
from chingolo.outliers import KINDS
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.themes import Theme

Sound = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]

NEIGHBOURS = 10
"""Songs of training that a song is compared with by their features (our choice)."""


class Part(NamedTuple):
    """Themes that are trained on, and those left out."""

    kept: list[str]
    lost: list[str]


def parts(themes: Sequence[str], many: int) -> list[Part]:
    """Divide a panel: every theme is left out once."""
    return [
        Part(
            [t for k, t in enumerate(themes) if k % many != part],
            [t for k, t in enumerate(themes) if k % many == part],
        )
        for part in range(many)
    ]


def placed(
    enrolled: Mapping[str, Sound], snr_db: float, times: int, voice: Voice
) -> tuple[Pictures, list[str]]:
    """Hear enrolled songs again at other places, with all that is heard beside them there.

    Parameters
    ----------
    enrolled : mapping of str to ndarray
        One recorded song of each theme, at the picture's rate.
    snr_db : float
        Song with its own background, over that of the place.
    times : int
        Places of each song.
    voice : Voice
        Its place, but for the ratio, and its picture.

    Returns
    -------
    pictures : ndarray of uint8, shape (n, bands, frames)
    themes : list of str, length n
    """
    p = voice.picture
    place = voice.place._replace(snr_db=(snr_db, snr_db))
    drawn, names = [], []
    for theme, song in enrolled.items():
        for k in range(times):
            rng = generator(voice.seed, "placed", theme, str(snr_db), k)
            before = float(rng.uniform(0.0, 0.2))
            length = min(before + len(song) / p.rate_hz + 0.2, spectrogram.seconds(p))
            heard = soundscape.hear(song, p.rate_hz, place, rng, before, length, voice.noises)
            drawn.append(spectrogram.draw(heard, p))
            names.append(theme)
    return np.stack(drawn), names


def corpus(
    themes: Mapping[str, Theme], whole: Mapping[str, Theme], role: str, config: Config, voice: Voice
) -> Corpus:
    """Sing the songs that a panel's judge is trained on, or watched with."""
    items = surrogate_items(list(themes), role, config.surrogates)
    return Corpus((np.stack([*surrogate_pictures(themes, whole, items, voice)]),), items)


def scores(
    model: nn.Sequential, known: NearestNeighbors, songs: Corpus
) -> tuple[npt.NDArray[np.float32], dict[str, npt.NDArray[np.floating]]]:
    """Answers to songs, and scores of being known.

    Those of :func:`chingolo.openset.rivals`, and ``nearest_features``: the distance of what the last
    layer sees to the tenth nearest of the panel's songs in training, with its sign changed (Sun et al.
    2022, Proc. ICML 162:20827).

    Parameters
    ----------
    model : torch.nn.Sequential
    known : sklearn.neighbors.NearestNeighbors
        Of the features of the panel's songs in training.
    songs : Corpus

    Returns
    -------
    logits : ndarray, shape (1, n, themes + 1)
    scores : dict of str to ndarray, shape (n,) each
    """
    answers = logits(model, songs)[None]
    distance, _ = known.kneighbors(features(model, songs))
    return answers, {**rivals(answers), "nearest_features": -distance[:, -1]}


def leave_out(
    part: Part,
    panel: Mapping[str, Theme],
    whole: Mapping[str, Theme],
    validation: Corpus,
    recorded: Mapping[float, tuple[Pictures, list[str]]],
    config: Config,
    voice: Voice,
) -> dict[str, Any]:
    """Train one network without some themes, and ask it about all.

    Parameters
    ----------
    part : Part
    panel, whole : mapping of str to Theme
    validation : Corpus
        Of the whole panel, with outliers.
    recorded : mapping of float to (pictures, themes)
        Of :func:`placed`, by ratio in dB.
    config : Config
    voice : Voice

    Returns
    -------
    dict
        ``accuracy`` on the recorded songs of the themes kept, by ratio; for every score of being known
        (:func:`scores`) AUROC of the themes kept against those left out, of validation
        songs (``synthetic``) and recorded ones (``recorded``), and against altered themes (``altered``);
        and shares that pass the threshold (:func:`chingolo.openset.threshold`) set on the validation's
        random themes for 5 %.
    """
    kept = {name: panel[name] for name in part.kept}
    songs = {name: whole[name] for name in part.kept}
    train = corpus(kept, songs, "train", config, voice)
    known_only = [k for k, i in enumerate(validation.items) if i.theme in kept]
    watched = Corpus((validation.maps[0][known_only],), [validation.items[k] for k in known_only])
    model = fit(train, watched, part.kept, config.judge, config.study.seed)
    of_panel = [k for k, i in enumerate(train.items) if i.theme in kept]
    learned = Corpus((train.maps[0][of_panel],), [train.items[k] for k in of_panel])
    known = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(features(model, learned))
    truth = np.array([item.theme for item in validation.items])
    kinds = np.array(
        [
            KINDS[int(i.song.split("/")[1]) % len(KINDS)] if i.theme == NONE else ""
            for i in validation.items
        ]
    )
    own, lost = np.isin(truth, part.kept), np.isin(truth, part.lost)
    found: dict[str, Any] = {"accuracy": {}, "scores": {}}
    real = []
    for ratio, (pictures, names) in recorded.items():
        items = [Item("", "", "", 0)] * len(pictures)
        answers, own_scores = scores(model, known, Corpus((pictures,), items))
        theme = np.array(names)
        inside = np.isin(theme, part.kept)
        said = np.array(part.kept)[evidence(answers).argmax(axis=1)]
        found["accuracy"][f"{ratio:g}"] = float((said == theme)[inside].mean())
        real.append((own_scores, inside))
    for name, score in scores(model, known, validation)[1].items():
        limit = threshold(score[kinds == "species"], 0.05)
        heard = np.concatenate([each[name] for each, _ in real])
        inside = np.concatenate([inside for _, inside in real])
        altered = np.char.startswith(kinds, "altered")
        found["scores"][name] = {
            "synthetic": open_set(score[own], score[lost])["auroc"],
            "recorded": open_set(heard[inside], heard[~inside])["auroc"],
            "altered": open_set(score[own], score[altered])["auroc"],
            "synthetic_known_pass": float((score[own] > limit).mean()),
            "synthetic_lost_pass": float((score[lost] > limit).mean()),
            "recorded_known_pass": float((heard[inside] > limit).mean()),
            "recorded_lost_pass": float((heard[~inside] > limit).mean()),
        }
    return found
