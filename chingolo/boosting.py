"""Gradient boosting on a few numbers of each note: what needs neither a picture nor a network.

It learns, as the judge does, from synthetic songs only: surrogates of the panel's themes, drawn as
notes and never sung, and foreign themes for *none*.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from chingolo.config import Spread
from chingolo.notebook import NONE
from chingolo.seeds import generator
from chingolo.species import random_theme
from chingolo.surrogates import vary
from chingolo.themes import Note, Theme, note_frequency

Array = npt.NDArray[np.float64]

NOTES = 5
"""Notes that are looked at; more has one theme in a thousand (:mod:`chingolo.species`)."""


def features(theme: Theme) -> Array:
    """Numbers of a theme without its trill.

    Returns
    -------
    ndarray, shape (1 + 6 * NOTES,)
        Number of notes; then of each note onset and gap before it in s, length in s, pitch at both ends
        and highest pitch in Hz; NaN where there is no such note.
    """
    rows = np.full((NOTES, 6), np.nan)
    first = theme.notes[0].onset_s if theme.notes else 0.0
    end = first
    for k, note in enumerate(theme.notes[:NOTES]):
        rows[k] = _row(note, first, end)
        end = note.onset_s + note.duration_s
    return np.concatenate([[len(theme.notes)], rows.ravel()])


def _row(note: Note, first: float, end: float) -> tuple[float, ...]:
    pitch = note_frequency(note, np.linspace(0.0, 1.0, 21))
    return (
        note.onset_s - first, note.onset_s - end, note.duration_s,
        float(pitch[0]), float(pitch[-1]), float(pitch.max()),
    )  # fmt: skip


def fit(
    panel: Mapping[str, Theme], spread: Spread, many: int, seed: int
) -> HistGradientBoostingClassifier:
    """Learn a panel from surrogates, `many` a theme, and from as many foreign themes as all of them.

    Parameters
    ----------
    panel : mapping of str to Theme
    spread : Spread
        Of the surrogates, as the judge's.
    many : int
    seed : int
        The study's seed.

    Returns
    -------
    HistGradientBoostingClassifier
        Of scikit-learn, as it comes, but all of its trees: none of the songs is held back to stop early.
    """
    rows, labels = [], []
    for name, theme in panel.items():
        for k in range(many):
            rows.append(features(vary(theme, spread, generator(seed, "boosting", name, k))))
            labels.append(name)
    for k in range(many * len(panel)):
        rows.append(features(random_theme(generator(seed, "boosting", NONE, k))))
        labels.append(NONE)
    model = HistGradientBoostingClassifier(
        early_stopping=False, random_state=int(generator(seed, "boosting").integers(2**31))
    )
    return model.fit(np.array(rows), np.array(labels))


def probabilities(
    model: HistGradientBoostingClassifier, songs: Sequence[Theme], panel: Sequence[str]
) -> tuple[Array, Array]:
    """Probability of every theme of the panel, and that of any: 1 - p(none).

    Returns
    -------
    themes : ndarray, shape (songs, panel)
    known : ndarray, shape (songs,)
    """
    if not songs:
        return np.zeros((0, len(panel))), np.zeros(0)
    p = model.predict_proba(np.array([features(song) for song in songs]))
    column = {name: k for k, name in enumerate(model.classes_.tolist())}
    return p[:, [column[name] for name in panel]], 1.0 - p[:, column[NONE]]
