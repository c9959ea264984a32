"""From a theme to the gesture that makes the syrinx sing it, and to the song."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

from chingolo import syrinx, themes, tract
from chingolo.config import Singer, Spread
from chingolo.seeds import generator
from chingolo.surrogates import vary
from chingolo.syrinx import PitchMap
from chingolo.themes import Theme

Array = npt.NDArray[np.float64]


class Gesture(NamedTuple):
    """Control of the syrinx over time.

    Attributes
    ----------
    alpha, beta : ndarray, shape (n,)
        Pressure and tension, dimensionless.
    gain : ndarray, shape (n,)
        Factor on the source: its swing and the tract's response at the note's pitch are divided out,
        so that a theme's level is the level heard.
    """

    alpha: Array
    beta: Array
    gain: Array


def tension(pitch_map: PitchMap, alpha: Array, pitch: Array) -> tuple[Array, Array]:
    """Tension and swing for wanted pitches, bilinear in the pitch map.

    Parameters
    ----------
    pitch_map : PitchMap
    alpha, pitch : ndarray, shape (n,)
        Pressure and F = 2 pi f0 / gamma; clipped to the map's range.

    Returns
    -------
    beta, swing : ndarray, shape (n,)
    """
    grid = (
        np.interp(alpha, pitch_map.alpha, np.arange(pitch_map.alpha.size)),
        np.interp(pitch, pitch_map.pitch, np.arange(pitch_map.pitch.size)),
    )
    beta, swing = (
        ndimage.map_coordinates(table, grid, order=1, mode="nearest")
        for table in (pitch_map.beta, pitch_map.swing)
    )
    return beta, swing


def edges(voiced: npt.NDArray[np.bool_], width: int) -> Array:
    """Raised-cosine rise and fall at both ends of every voiced run; shape (n,)."""
    clock = np.arange(voiced.size)
    since = clock - np.maximum.accumulate(np.where(voiced, -1, clock))
    until = np.minimum.accumulate(np.where(voiced, voiced.size, clock)[::-1])[::-1] - clock
    inside = np.minimum(np.minimum(since, until) / (width + 1), 1.0)
    return np.asarray(np.sin(0.5 * np.pi * inside) ** 2)


def gesture(
    theme: Theme,
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> Gesture:
    """Gesture that makes the syrinx sing a theme.

    Pressure rises `singer.lead_s` before each note, so that the swing has grown when the note sounds
    and short trill notes keep their beginning; between notes it falls below threshold.

    Parameters
    ----------
    theme : Theme
    pitch_map : PitchMap
    singer : Singer
    rate_hz : float
        Rate of the gesture, Hz.
    rng : numpy.random.Generator, optional
        Where the tension noise is drawn from; no noise without it.

    Returns
    -------
    Gesture
    """
    lead = int(np.ceil(singer.lead_s * rate_hz))
    f, amplitude = themes.contour(themes.shift(theme, lead / rate_hz), rate_hz, tail_s=0.01)
    voiced = np.isfinite(f)
    amplitude *= edges(voiced, int(singer.edge_s * rate_hz))
    clock = np.arange(f.size)
    # In silence the muscles wait at the pitch of the note to come, else at that of the last one.
    following = np.minimum.accumulate(np.where(voiced, clock, f.size - 1)[::-1])[::-1]
    last = int(np.flatnonzero(voiced)[-1]) if voiced.any() else 0
    f = f[np.minimum(following, last)] if voiced.any() else np.full(f.size, 4000.0)
    if rng is not None and singer.tension_noise > 0:
        slow = signal.butter(2, singer.tension_noise_hz, fs=rate_hz, output="sos")
        noise = signal.sosfilt(slow, rng.standard_normal(f.size + int(rate_hz / 10)))[-f.size :]
        f = f * (1.0 + singer.tension_noise * noise / noise.std())
    pressed = np.convolve(voiced, np.ones(lead + 1))[lead:][: f.size] > 0
    spread = singer.pressure_loud - singer.pressure_quiet
    sounding = singer.pressure_quiet + spread * np.minimum(amplitude, 1.0)
    beta, swing = tension(pitch_map, sounding, 2.0 * np.pi * f / singer.gamma)
    gain = amplitude / swing
    vocal_tract = tract.TRACTS[singer.tract]
    if vocal_tract is not None:
        heard_hz = np.linspace(500.0, 12_000.0, 461)
        loudness = np.abs(tract.response(heard_hz, vocal_tract))
        gain = gain / np.interp(f, heard_hz, loudness)
    return Gesture(np.where(pressed, sounding, singer.pressure_silent), beta, gain)


def sing(
    theme: Theme,
    pitch_map: PitchMap,
    singer: Singer,
    rate_hz: float,
    rng: np.random.Generator | None = None,
) -> npt.NDArray[np.float32]:
    """Sing a theme: gesture, syrinx, tract.

    Parameters
    ----------
    theme, pitch_map, singer, rng
        As for :func:`gesture`.
    rate_hz : float
        Sampling rate of the song, Hz.

    Returns
    -------
    ndarray of float32, shape (n,)
        The song from its first onset; about 1 at the loudest note's top.
    """
    g = gesture(theme, pitch_map, singer, rate_hz, rng)
    source = syrinx.integrate(g.alpha, g.beta, g.gain, singer.gamma, rate_hz, singer.substeps)
    vocal_tract = tract.TRACTS[singer.tract]
    song = tract.transmit(source, rate_hz * singer.substeps, vocal_tract, singer.substeps)
    return song[int(np.ceil(singer.lead_s * rate_hz)) :].astype(np.float32)


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
        ``<theme>-<k>``, with what a file's name cannot hold replaced; 0 is the theme as it is.
    song : ndarray of float32, shape (n,)
    gesture : Gesture
    """
    names = file_names(panel)
    for theme, own in panel.items():
        for k in range(many):
            rng = generator(seed, "example", theme, k)
            sung = vary(own, spread, rng) if k else own
            yield (
                f"{names[theme]}-{k}",
                sing(sung, pitch_map, singer, rate_hz),
                gesture(sung, pitch_map, singer, rate_hz),
            )
