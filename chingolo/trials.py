"""Histories of further parks, as labels: what two observers would note and record, without any sound."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Simulated
from chingolo.history import ERRORS, commonest_first, observe, run
from chingolo.population import settle
from chingolo.seeds import generator
from chingolo.species import NOTES_PER_THEME

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DIMENSIONS = ERRORS * max(NOTES_PER_THEME)


class Trial(NamedTuple):
    """A notebook and a panel of one history, themes by number.

    Attributes
    ----------
    birds : ndarray of int, shape (sketches,)
        Noted singing each theme of the notebook, commonest first.
    today : ndarray of int, shape (sketches,)
        Place of its theme among those recorded today; -1 if it is none of them.
    drift : ndarray, shape (sketches, dimensions)
        Copying errors that lie between the noted version and today's, standard normal sums; 0 where
        there is none today.
    recorded : int
        Themes recorded today.
    sung : float
        Share of all the park's birds of the first year whose theme is among them.
    """

    birds: Ints
    today: Ints
    drift: Array
    recorded: int
    sung: float


def run_trial(settings: Simulated, seed: int, *names: str | int) -> Trial:
    """Let a park of its own live through a history, as :func:`chingolo.history.simulate_history` does.

    Parameters
    ----------
    settings : Simulated
    seed : int
        The study's seed.
    *names : str or int
        Of the history.
    """
    park = settle(settings.birds, generator(seed, *names, "territories"))
    streams = (generator(seed, *names, part) for part in ("population", "copying errors"))
    themes, then, now = run(park, settings, DIMENSIONS, *streams)
    first, last = (
        generator(seed, *names, "observed", year) for year in ("first year", "last year")
    )
    noted = observe(settings.birds, settings.noted, first)
    panel = dict(commonest_first(observe(settings.birds, settings.recorded, last), themes[-1]))
    places = {label: place for place, label in enumerate(panel)}
    notebook = commonest_first(noted, themes[0])
    return Trial(
        np.array([len(singers) for _, singers in notebook]),
        np.array([places.get(label, -1) for label, _ in notebook]),
        np.array(
            [
                then[singers[0]] - now[panel[label][0]] if label in panel else np.zeros(DIMENSIONS)
                for label, singers in notebook
            ]
        ),
        len(panel),
        float(np.isin(themes[0], list(panel)).mean()),
    )


def sizes(drift: Array) -> Array:
    """Root mean square of copying errors; shape (n,)."""
    return np.asarray(np.sqrt((drift**2).mean(axis=1)))
