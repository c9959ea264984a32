"""How well the reader reads songs whose truth is known: sung by the model, placed in real noise."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import themes
from chingolo.config import Reader, Singer
from chingolo.pitch import PitchMap
from chingolo.reader import read
from chingolo.seeds import generator
from chingolo.singing import Gesture, clock, perform, prepare
from chingolo.soundscape import band_power
from chingolo.species import random_theme
from chingolo.themes import Theme, Trill

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

BEFORE_S, AFTER_S = 0.25, 0.3
"""Noise before and after the song."""


class Truth(NamedTuple):
    """A sung theme: its onset lies :data:`BEFORE_S` into its scene."""

    theme: Theme
    gesture: Gesture
    song: Sound


class ReadingScore(NamedTuple):
    """How songs were read; shares of songs but where another unit is named.

    Attributes
    ----------
    f0_median, f0_p95 : float
        Relative error of the pitch over the frames that sound and are voiced.
    gross : float
        Share of those frames off by more than 5 %.
    recall : float
        Share of the sounding frames that are voiced.
    notes, trill_step, trill_count : float
        Number of notes right; trill's step within 2 %; its number of elements within one.
    """

    f0_median: float
    f0_p95: float
    gross: float
    recall: float
    notes: float
    trill_step: float
    trill_count: float


def random_trill(rng: np.random.Generator) -> Trill:
    """Draw a trill from the species' ranges: elements of 23-46 ms, 12-50 ms apart."""
    length = rng.uniform(0.023, 0.046)
    return Trill(
        0.0,
        count=int(rng.integers(5, 14)),
        step_s=length + rng.uniform(0.012, 0.05),
        duration_s=length,
        start_hz=rng.uniform(5000.0, 8000.0),
        end_hz=rng.uniform(2600.0, 4500.0),
    )


def sing_truths(
    many: int, pitch_map: PitchMap, singer: Singer, rate_hz: float, seed: int
) -> list[Truth]:
    """Sing random themes of the species, each with a trill of its own."""
    names = range(many)
    drawn = [
        random_theme(generator(seed, "truth", k), random_trill(generator(seed, "trill", k)))
        for k in names
    ]
    gestures = [
        prepare(theme, pitch_map, singer, rate_hz, generator(seed, "tremor", k))
        for k, theme in enumerate(drawn)
    ]
    songs = perform(gestures, singer, rate_hz)
    return [Truth(*each) for each in zip(drawn, gestures, songs, strict=True)]


def place(
    truth: Truth, noise: Sound, snr_db: float, rate_hz: float, rng: np.random.Generator
) -> Sound:
    """Put a song into recorded noise.

    Parameters
    ----------
    truth : Truth
    noise : ndarray, shape (n,)
        At `rate_hz`, repeated where it is too short.
    snr_db : float
        Power of the song while it sounds over that of the noise, in the band of
        :data:`chingolo.soundscape.SONG_BAND_HZ`.
    rate_hz : float
    rng : numpy.random.Generator
        Where in the noise.

    Returns
    -------
    ndarray of float32, shape (m,)
    """
    first = int(BEFORE_S * rate_hz)
    n = first + truth.song.size + int(AFTER_S * rate_hz)
    start = int(rng.integers(noise.size))
    background = np.take(noise, np.arange(start, start + n), mode="wrap")
    sounding = np.isfinite(themes.contour(truth.theme, 1000.0)[0]).mean()
    power = band_power(truth.song, rate_hz) / sounding
    scene = 10.0 ** (-snr_db / 20.0) * background / np.sqrt(band_power(background, rate_hz))
    scene[first : first + truth.song.size] += truth.song / np.sqrt(power)
    return np.asarray(scene / np.abs(scene).max(), np.float32)


def scenes(
    truths: Sequence[Truth], noises: Sequence[Sound], snr_db: float, rate_hz: float, seed: int
) -> Iterator[Sound]:
    """Place every song in one of the noises, in turn."""
    for k, truth in enumerate(truths):
        yield place(
            truth,
            noises[k % len(noises)],
            snr_db,
            rate_hz,
            generator(seed, "scene", k, str(snr_db)),
        )


def score_reader(
    truths: Sequence[Truth],
    heard: Iterator[Sound],
    rate_hz: float,
    reader: Reader,
    singer: Singer,
) -> ReadingScore:
    """Read songs and compare with what was sung.

    Parameters
    ----------
    truths : sequence of Truth
    heard : iterator of ndarray
        Their scenes.
    rate_hz : float
    reader, singer

    Returns
    -------
    ReadingScore
    """
    errors, sounding, right = [], 0, np.zeros(3)
    control_hz = clock(singer, rate_hz).control_hz
    lead_s = np.ceil(singer.lead_s * control_hz) / control_hz
    for truth, sound in zip(truths, heard, strict=True):
        reading = read(sound, rate_hz, reader)
        track, trill, true_trill = reading.track, reading.theme.trill, truth.theme.trill
        time = track.time_s - BEFORE_S
        sung = truth.gesture.pitch_hz
        pitch = np.interp(time + lead_s, np.arange(sung.size) / control_hz, sung)
        truly = np.zeros(time.size, bool)
        for note in themes.all_notes(truth.theme):
            truly |= (time >= note.onset_s) & (time < note.onset_s + note.duration_s)
        both = truly & track.voiced
        errors.append(np.abs(track.frequency_hz[both] / pitch[both] - 1.0))
        sounding += int(truly.sum())
        right += (
            len(reading.theme.notes) == len(truth.theme.notes),
            bool(trill and true_trill and abs(trill.step_s / true_trill.step_s - 1.0) < 0.02),
            bool(trill and true_trill and abs(trill.count - true_trill.count) <= 1),
        )
    every = np.concatenate(errors)
    return ReadingScore(
        float(np.median(every)),
        float(np.percentile(every, 95)),
        float((every > 0.05).mean()),
        every.size / sounding,
        *(float(share) for share in right / len(truths)),
    )
