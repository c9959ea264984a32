"""What must not pass in silence: losses that are no numbers, songs without a sound, networks without a use."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chingolo.errors import InputError
from chingolo.themes import Theme

FAINTEST = 1e-3
"""Of a song's loudest moment, which is about 1 where the syrinx sounds."""

NARROWEST = 1e-3
"""Standard deviation of places in the metric, whose vectors have length 1 or less."""

TEMPERATURES = (0.051, 19.6)
"""Between which a fitted temperature says something; the search ends at 0.05 and 20."""


def sounding(
    songs: Iterable[npt.NDArray[np.float32]], themes: Sequence[Theme]
) -> Iterator[npt.NDArray[np.float32]]:
    """Pass songs on that can be heard.

    Raises
    ------
    InputError
        A song of some notes is silent, or the syrinx's equations ran away.
    """
    for song, theme in zip(songs, themes, strict=True):
        if theme.notes:
            loudest = float(np.abs(song).max(initial=0.0))
            first = theme.notes[0]
            place = f"a song of {len(theme.notes)} notes, the first from {first.start_hz:.0f} Hz"
            if not math.isfinite(loudest):
                raise InputError(place, "the syrinx ran away as it sang", "lower singer.step")
            if loudest < FAINTEST:
                fault = "the syrinx stays silent"
                raise InputError(place, fault, "look at its frequencies, and at singer.source")
        yield song


def loss(value: float, epoch: int, key: str) -> None:
    """Stop a training whose loss is no number.

    Parameters
    ----------
    value : float
    epoch : int
        From 0.
    key : str
        Of the configuration, where the rate of learning stands.

    Raises
    ------
    InputError
    """
    if not math.isfinite(value):
        raise InputError(f"training, epoch {epoch + 1}", f"the loss is {value}", f"lower {key}")


def spread_out(places: npt.NDArray[np.floating]) -> None:
    """Stop where a network of the metric places all songs at one spot.

    Parameters
    ----------
    places : ndarray, shape (networks, n, dimensions)

    Raises
    ------
    InputError
    """
    for k, own in enumerate(places):
        wide = float(np.sqrt(own.var(axis=0).sum()))
        if not wide > NARROWEST:
            raise InputError(
                f"network {k} of the metric",
                "places all songs at one spot",
                "lower metric.learning_rate, or choose another metric.loss",
            )


def calibrated(judge: Mapping[str, Any], themes: int) -> None:
    """Stop where a judge learned nothing, or its probabilities mean nothing.

    Parameters
    ----------
    judge : mapping
        Of :func:`chingolo.openset.calibrate`.
    themes : int
        Of the panel.

    Raises
    ------
    InputError
    """
    low, high = TEMPERATURES
    fitted = f"temperature {judge['temperature']:.3g}, threshold {judge['threshold']:.3g}"
    if not judge["validation_accuracy"] > 1.0 / (themes + 1):
        raise InputError(
            "the judge",
            f"names {judge['validation_accuracy']:.0%} of its own synthetic songs right, no more than chance",
            "train it longer: judge.epochs, surrogates.per_theme",
        )
    if not low < judge["temperature"] < high or not math.isfinite(judge["threshold"]):
        raise InputError(
            "the judge",
            f"cannot be calibrated ({fitted})",
            "train it longer, or give surrogates.validation_per_theme more songs",
        )
