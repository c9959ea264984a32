"""From a theme to the gesture that makes the syrinx sing it, and to the song."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal

from chingolo import themes
from chingolo.config import Singer, Spread
from chingolo.instrument import CONTROL, Clock, divide, play
from chingolo.pitch import PitchMap, look_up, reach
from chingolo.seeds import generator
from chingolo.sources import SOURCES
from chingolo.surrogates import vary
from chingolo.syrinx import LANES
from chingolo.themes import Theme
from chingolo.tract import LEAST_HZ, TRACTS, Tract, response

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

HEARD_HZ = np.linspace(500.0, 12_000.0, 461)
"""Pitches at which a tract's response is tabulated."""

BATCH = 8 * LANES
"""Songs sorted by length before they are integrated side by side, so that few wait for a long one."""


class Gesture(NamedTuple):
    """Control of the syrinx over time, at the control rate of its :class:`Clock`.

    Attributes
    ----------
    pressure, tension : ndarray, shape (n,)
        Dimensionless, see :mod:`chingolo.sources`.
    gain : ndarray, shape (n,)
        Factor on the source: its swing and the tract's response at the note's pitch are divided out,
        so that a theme's level is the level heard. 0 in silence.
    pitch_hz : ndarray, shape (n,)
        Pitch, which the vocal tract may follow.
    """

    pressure: Array
    tension: Array
    gain: Array
    pitch_hz: Array


@lru_cache
def loudness(vocal_tract: Tract) -> Array:
    """Magnitude of a tract's response to each pitch of :data:`HEARD_HZ`; shape (461,)."""
    return np.abs(response(HEARD_HZ, vocal_tract, HEARD_HZ))


def clock(singer: Singer, rate_hz: float) -> Clock:
    """Divide time as a singer and its tract ask, see :func:`chingolo.instrument.divide`."""
    least_hz = LEAST_HZ if TRACTS[singer.tract].glottis_inertance > 0 else 0.0
    return divide(rate_hz, SOURCES[singer.source].gamma, singer.step, least_hz)


def edges(voiced: npt.NDArray[np.bool_], width: int) -> Array:
    """Raised-cosine rise and fall at both ends of every voiced run; shape (n,)."""
    index = np.arange(voiced.size)
    since = index - np.maximum.accumulate(np.where(voiced, -1, index))
    until = np.minimum.accumulate(np.where(voiced, voiced.size, index)[::-1])[::-1] - index
    inside = np.minimum(np.minimum(since, until) / (width + 1), 1.0)
    return np.asarray(np.sin(0.5 * np.pi * inside) ** 2)


@lru_cache
def low_pass(cutoff_hz: float, rate_hz: float) -> Array:
    """Butterworth filter of second order, as second-order sections."""
    return np.asarray(signal.butter(2, cutoff_hz, fs=rate_hz, output="sos"))


def tremor(n: int, rate_hz: float, cutoff_hz: float, rng: np.random.Generator) -> Array:
    """Noise of standard deviation 1, flat up to a cutoff and falling by 12 dB an octave above.

    Returns
    -------
    ndarray, shape (n,)
        White Gaussian noise through a Butterworth filter of second order, settled.
    """
    slow = low_pass(cutoff_hz, rate_hz)
    settle = int(rate_hz / cutoff_hz) + 1
    noise = signal.sosfilt(slow, rng.standard_normal(n + settle))[settle:]
    # Share of white noise that a Butterworth filter of second order lets through.
    return np.asarray(noise / np.sqrt(np.pi / np.sqrt(2.0) * cutoff_hz / rate_hz))


def melody(
    frequency_hz: Array,
    amplitude: Array,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> tuple[Array, Array, npt.NDArray[np.intp]]:
    """Pitch and level that are to be heard of a contour: edges rounded, with tremors.

    Parameters
    ----------
    frequency_hz, amplitude, singer, rate_hz, rng
        As in :func:`gesture`.

    Returns
    -------
    pitch_hz, amplitude : ndarray, shape (n,)
        In silence the pitch is that of the whistle to come, else that of the last one.
    until : ndarray of int, shape (n,)
        Samples to the next whistle's beginning; 0 within a whistle.
    """
    voiced = np.isfinite(frequency_hz)
    amplitude = np.where(voiced, amplitude, 0.0) * edges(voiced, int(singer.edge_s * rate_hz))
    index = np.arange(voiced.size)
    following = np.minimum.accumulate(np.where(voiced, index, 2 * index.size)[::-1])[::-1]
    last = np.flatnonzero(voiced)[-1] if voiced.any() else 0
    f = frequency_hz[np.minimum(following, last)] if voiced.any() else np.full(voiced.size, 4e3)
    if rng is not None:
        pitch, push = (tremor(f.size, rate_hz, singer.tremor_hz, rng) for _ in ("pitch", "level"))
        f = f * (1.0 + singer.pitch_tremor * pitch)
        amplitude = amplitude * np.exp(singer.level_tremor * push)
    return f, amplitude, following - index


def gesture(
    frequency_hz: Array,
    amplitude: Array,
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> Gesture:
    """Gesture that makes the syrinx sing a contour.

    Pressure rises `singer.lead_s` before each whistle, so that the swing has grown when it sounds and
    short trill notes keep their beginning; between whistles it falls below threshold.

    Parameters
    ----------
    frequency_hz, amplitude : ndarray, shape (n,)
        At the control rate, see :class:`~chingolo.instrument.Clock`; frequency is NaN in silence, and
        what the source cannot sing is sung at the nearest pitch that it can; amplitude is 1 at the song's
        loudest. The first `singer.lead_s` are silent.
    pitch_map : PitchMap
        Of the source ``singer.source``.
    singer : Singer
    rate_hz : float
        Rate of the contour, Hz.
    rng : numpy.random.Generator, optional
        Where the tremors of pitch and level are drawn from; none without it.

    Returns
    -------
    Gesture
    """
    source, vocal_tract = SOURCES[singer.source], TRACTS[singer.tract]
    f, amplitude, until = melody(frequency_hz, amplitude, singer, rate_hz, rng)
    lowest, highest = reach(pitch_map)
    f = np.clip(f, lowest * source.gamma / (2.0 * np.pi), highest * source.gamma / (2.0 * np.pi))
    lead = int(np.ceil(singer.lead_s * rate_hz))
    pressure = source.quiet + (source.loud - source.quiet) * np.minimum(amplitude, 1.0)
    tension, swung = look_up(pitch_map, pressure, 2.0 * np.pi * f / source.gamma)
    gain = amplitude / (swung * np.interp(f, HEARD_HZ, loudness(vocal_tract)))
    return Gesture(np.where(until <= lead, pressure, source.silent), tension, gain, f)


def prepare(
    theme: Theme,
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> Gesture:
    """Gesture of a theme, from `singer.lead_s` before its first moment; rate and rest as in :func:`sing`."""
    control_hz = clock(singer, rate_hz).control_hz
    lead = int(np.ceil(singer.lead_s * control_hz))
    led = themes.shift(theme, lead / control_hz)
    frequency, amplitude = themes.contour(led, control_hz, tail_s=0.01)
    return gesture(frequency, amplitude, pitch_map, singer, control_hz, rng)


def perform(gestures: Sequence[Gesture], singer: Singer, rate_hz: float) -> Iterator[Sound]:
    """Let the syrinx and the tract follow gestures, many side by side.

    Parameters
    ----------
    gestures : sequence of Gesture
    singer : Singer
    rate_hz : float
        Sampling rate of the sounds, Hz.

    Yields
    ------
    ndarray of float32, shape (n,)
        In the order of the gestures; each sounds the same whatever the others are.
    """
    source, vocal_tract, time = SOURCES[singer.source], TRACTS[singer.tract], clock(singer, rate_hz)
    lead = int(np.ceil(singer.lead_s * time.control_hz)) * CONTROL // time.fold
    for first in range(0, len(gestures), BATCH):
        batch = gestures[first : first + BATCH]
        order = sorted(range(len(batch)), key=lambda k: batch[k].gain.size)
        sounds: list[Sound] = [np.zeros(0, np.float32)] * len(batch)
        for start in range(0, len(order), LANES):
            lanes = order[start : start + LANES]
            # One control more than the longest needs: all end in silence.
            controls = np.zeros((4, batch[lanes[-1]].gain.size + 1, LANES), np.float32)
            controls[0], controls[1], controls[3] = source.silent, 1.0, 5000.0
            for lane, k in enumerate(lanes):
                controls[:, : batch[k].gain.size, lane] = batch[k]
            sound = play(source, vocal_tract, time, controls)
            for lane, k in enumerate(lanes):
                many = (batch[k].gain.size - 1) * CONTROL // time.fold
                sounds[k] = sound[lead:many, lane].copy()
        yield from sounds


def sing_all(
    themes: Sequence[Theme],
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rngs: Sequence[np.random.Generator | None] = (),
) -> Iterator[Sound]:
    """Sing many themes: gesture, syrinx, tract.

    Parameters
    ----------
    themes : sequence of Theme
    pitch_map : PitchMap
        Of the source ``singer.source``.
    singer : Singer
    rate_hz : float
        Sampling rate of the songs, Hz.
    rngs : sequence of numpy.random.Generator
        Where each song's tremors are drawn from; none without it.

    Yields
    ------
    ndarray of float32, shape (n,)
        The song from its first moment; about 1 at the loudest note's top.
    """
    for first in range(0, len(themes), BATCH):
        part = themes[first : first + BATCH]
        own = rngs[first : first + BATCH] or [None] * len(part)
        gestures = [
            prepare(theme, pitch_map, singer, rate_hz, rng)
            for theme, rng in zip(part, own, strict=True)
        ]
        yield from perform(gestures, singer, rate_hz)


def sing(
    theme: Theme,
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> Sound:
    """Sing one theme, see :func:`sing_all`; many at once are sung ten times as fast."""
    return next(sing_all([theme], pitch_map, singer, rate_hz, [rng]))


def file_names(themes: Iterable[str]) -> dict[str, str]:
    """Name files after themes: what a file's name cannot hold replaced, no name twice."""
    names: dict[str, str] = {}
    for theme in themes:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", theme)
        while name in names.values():
            name += "_"
        names[theme] = name
    return names


def sing_examples(
    panel: Mapping[str, Theme],
    pitch_map: PitchMap,
    singer: Singer,
    spread: Spread,
    rate_hz: float,
    many: int,
    seed: int,
) -> Iterator[tuple[str, npt.NDArray[np.float32], Gesture]]:
    """Sing a few surrogates of each theme, without a place, to listen to.

    Yields
    ------
    name : str
        ``<theme>-<k>``, with what a file's name cannot hold replaced; 0 is the theme as it is, without tremor.
    song : ndarray of float32, shape (n,)
    gesture : Gesture
        At the control rate, from `singer.lead_s` before the song.
    """
    names, gestures = file_names(panel), {}
    for theme, own in panel.items():
        for k in range(many):
            rng = generator(seed, "example", theme, k)
            sung = vary(own, spread, rng) if k else own
            made = prepare(sung, pitch_map, singer, rate_hz, rng if k else None)
            gestures[f"{names[theme]}-{k}"] = made
    songs = perform(list(gestures.values()), singer, rate_hz)
    for (name, made), song in zip(gestures.items(), songs, strict=True):
        yield name, song, made
