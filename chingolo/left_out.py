"""Leave themes out: how the judge was chosen, on synthetic songs and the enrolled ones alone.

The panel is divided into parts. For each, a network is trained on the other themes; then the themes left
out are unknown to it, though their songs are like those it knows in all but the theme. So settings are
compared, and scores of being known, before any song to be recognised is looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import soundscape, spectrogram
from chingolo.classifier import fit, logits
from chingolo.config import Config
from chingolo.corpora import Voice, surrogate_items, surrogate_pictures
from chingolo.openset import evidence, open_set, rivals, threshold
from chingolo.outliers import KINDS
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.themes import Theme

Sound = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]


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
        (:func:`chingolo.openset.rivals`) AUROC of the themes kept against those left out, of validation
        songs (``synthetic``) and recorded ones (``recorded``), and against altered themes (``altered``);
        and shares that pass a threshold that 5 % of the validation's random themes pass.
    """
    kept = {name: panel[name] for name in part.kept}
    songs = {name: whole[name] for name in part.kept}
    train = corpus(kept, songs, "train", config, voice)
    known_only = [k for k, i in enumerate(validation.items) if i.theme in kept]
    watched = Corpus((validation.maps[0][known_only],), [validation.items[k] for k in known_only])
    model = fit(train, watched, part.kept, config.judge, config.study.seed)

    def ask(pictures: Pictures) -> npt.NDArray[np.float32]:
        items = [Item("", "", "", 0)] * len(pictures)
        return logits(model, Corpus((pictures,), items))[None]

    sung = ask(validation.maps[0])
    truth = np.array([item.theme for item in validation.items])
    kinds = np.array(
        [
            KINDS[int(i.song.split("/")[1]) % len(KINDS)] if i.song.startswith("outlier/") else ""
            for i in validation.items
        ]
    )
    own, lost = np.isin(truth, part.kept), np.isin(truth, part.lost)
    found: dict[str, Any] = {"accuracy": {}, "scores": {}}
    real = []
    for ratio, (pictures, names) in recorded.items():
        answers = ask(pictures)
        theme = np.array(names)
        inside = np.isin(theme, part.kept)
        said = np.array(part.kept)[evidence(answers).argmax(axis=1)]
        found["accuracy"][f"{ratio:g}"] = float((said == theme)[inside].mean())
        real.append((rivals(answers), inside))
    for name, score in rivals(sung).items():
        limit = threshold(score[kinds == "species"], 0.05)
        heard = np.concatenate([scores[name] for scores, _ in real])
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
