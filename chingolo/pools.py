"""Sketches that stand for many notebooks: panel themes as they drifted since, and themes of nobody.

A history's themes are draws from the species' statistics like any other's. So the sketches of many
histories need not be sung one by one: a pool is sung once, and each history takes its own from it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from chingolo.config import Pen, Simulated, Spread
from chingolo.corpora import foreign_themes
from chingolo.history import ERRORS, sung
from chingolo.notebook import Sketch
from chingolo.pen import draw_by_hand
from chingolo.seeds import generator
from chingolo.surrogates import vary
from chingolo.themes import Theme
from chingolo.trials import DIMENSIONS, run_trial, sizes

Array = npt.NDArray[np.float64]

ONE_BIRD: Final = {"tempo": 0.0, "pitch": 0.0, "trill_missing": 0.0, "plain_level": 0.0}
"""What of the surrogates' spread stands for a pen's errors, or a sketch's lack of loudness."""

ANCESTRIES = 60
"""Histories whose drift is taken for the pool's: some 200 themes noted and recorded (our choice)."""


def drifts(settings: Simulated, seed: int) -> Array:
    """Gather the copying errors between the noted and today's version of a theme, the smallest first.

    Parameters
    ----------
    settings : Simulated
    seed : int
        The study's seed.

    Returns
    -------
    ndarray, shape (n, dimensions)
        Of all themes noted and recorded in histories of their own; one row of 0 if there are none.
    """
    trials = [run_trial(settings, seed, "ancestry", k) for k in range(ANCESTRIES)]
    found = np.concatenate([trial.drift[trial.today >= 0] for trial in trials])
    return found[np.argsort(sizes(found))] if found.size else np.zeros((1, DIMENSIONS))


def fill_pool(
    panel: Mapping[str, Theme],
    settings: Simulated,
    spread: Spread | None,
    versions: int,
    strangers: int,
    seed: int,
) -> list[Sketch]:
    """Fill a pool.

    Parameters
    ----------
    panel : mapping of str to Theme
    settings : Simulated
        How far themes drift.
    spread : Spread or None
        How songs of one bird vary: a sketch of a real song is of another than the panel's. Tempo and
        pitch of whole songs are the pen's, see :data:`ONE_BIRD`. None where versions are as they are.
    versions : int
        Of each panel theme, as it may have been noted: the k-th has drifted as far as the k-th part of
        themes that are noted and recorded.
    strangers : int
        Themes of nobody.
    seed : int
        The study's seed.

    Returns
    -------
    list of Sketch
        Named ``today-01/version-00``, ..., and ``stranger-0000``, ... of truth ``"none"``.
    """
    far = drifts(settings, seed)
    pool = []
    for name, theme in panel.items():
        rng = generator(seed, "pool", name)
        for k in range(versions):
            row = far[int((k + rng.random()) / versions * len(far))]
            # A real theme may have more notes than the simulated: the others' errors go round.
            errors = np.resize(row, ERRORS * max(1, len(theme.notes)))
            version = sung(theme, errors, settings.drift_hz, settings.drift_s)
            if spread is not None:
                version = vary(version, spread._replace(**ONE_BIRD), rng)
            pool.append(Sketch(f"{name}/version-{k:02d}", version, truth=name))
    others = foreign_themes(panel, strangers, seed, "stranger")
    return pool + [Sketch(name, theme, truth="none") for name, theme in others.items()]


def noted_by_hand(pool: list[Sketch], pen: Pen, seed: int) -> list[Sketch]:
    """Draw every sketch as its page would hold it: with one error, whatever is made of it later."""
    return [
        s._replace(theme=draw_by_hand(s.theme, pen, generator(seed, "noted in a pool", s.name)))
        for s in pool
    ]
