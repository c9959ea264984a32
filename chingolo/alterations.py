"""Heard songs altered: trill blackened, background swapped for another's, noise added.

What of a recording is the song is told by the reader: its own whistles' ridge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt

from chingolo import spectrogram
from chingolo.config import Picture, Place
from chingolo.reader import Reading
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.soundscape import ambience, band_power
from chingolo.themes import all_notes

Sound = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]

WINDOW, HOP = 256, 64
"""Samples: some 12 ms at 22,050 Hz, short enough for the sweeps of a trill (our choice)."""

HALF_WIDTH_HZ = 300.0
"""What lies nearer to the whistle's ridge, or to its octave, is the whistle (our choice)."""

TRILL, BACKGROUND = "trill", "background_swapped"


class Setting(NamedTuple):
    """What alterations need besides songs.

    Attributes
    ----------
    picture : Picture
    place : Place
        Of made noise.
    noises : tuple of ndarray
        Recorded backgrounds; empty for made noise.
    seed : int
        The study's seed.
    """

    picture: Picture
    place: Place
    noises: tuple[Sound, ...]
    seed: int


def noise_name(snr_db: float) -> str:
    """Name the alteration by noise at a signal-to-noise ratio."""
    return f"noise_{snr_db:g}_dB"


def own_whistles(reading: Reading, rate_hz: float, samples: int) -> npt.NDArray[np.bool_]:
    """Mark in time and frequency where a song's own whistles sound.

    Parameters
    ----------
    reading : Reading
        Whistles that are neither notes nor trill are not the song's own.
    rate_hz : float
    samples : int
        Length of the sound.

    Returns
    -------
    ndarray of bool, shape (WINDOW / 2 + 1, 1 + samples // HOP)
        True within :data:`HALF_WIDTH_HZ` of the ridge, and of its octave, wherever a window holds it.
    """
    mask = np.zeros((WINDOW // 2 + 1, 1 + samples // HOP), bool)
    time, f = reading.track.time_s, reading.track.frequency_hz
    spans = [(n.onset_s, n.onset_s + n.duration_s) for n in all_notes(reading.theme)]
    own = reading.track.voiced & np.any([(a <= time) & (time <= b) for a, b in spans], axis=0)
    for t, pitch in zip(time[own] * rate_hz, f[own], strict=True):
        first, last = (max(0, int(np.ceil((t + s * WINDOW / 2) / HOP))) for s in (-1, 1))
        for hz in (pitch, 2.0 * pitch):
            low, high = ((hz + s * HALF_WIDTH_HZ) * WINDOW / rate_hz for s in (-1, 1))
            mask[int(np.ceil(low)) : int(high) + 1, first:last] = True
    return mask


def foreground(sound: Sound, rate_hz: float, reading: Reading) -> Sound:
    """Keep a song's own whistles alone, by a mask over its short-time spectrum; shape (n,)."""
    cells = librosa.stft(sound, n_fft=WINDOW, hop_length=HOP)
    kept = cells * own_whistles(reading, rate_hz, len(sound))
    return np.asarray(librosa.istft(kept, hop_length=HOP, length=len(sound)), np.float32)


def swap_background(sound: Sound, song: Sound, other: Sound, rate_hz: float) -> Sound:
    """Put another background behind a song, as loud in band as what it replaces.

    Parameters
    ----------
    sound : ndarray, shape (n,)
        As recorded.
    song : ndarray, shape (n,)
        Its :func:`foreground`; the song's echo goes with the background.
    other : ndarray, shape (m,)
        Another background; repeated where it is too short.
    rate_hz : float
    """
    power = band_power(sound - song, rate_hz)
    behind = np.take(other, np.arange(len(sound)), mode="wrap")
    return np.asarray(song + np.sqrt(power / (band_power(behind, rate_hz) + 1e-20)) * behind)


def add_noise(sound: Sound, level: float, noise: Sound, snr_db: float) -> Sound:
    """Add noise of power 1 in band to a recording, whose own noise stays.

    Parameters
    ----------
    sound, noise : ndarray, shape (n,)
    level : float
        Mean power in band of the song within the recording.
    snr_db : float
        Of the song over the noise added.
    """
    return np.asarray(sound + np.sqrt(level * 10.0 ** (-snr_db / 10.0)) * noise, np.float32)


def occlude(picture: Pictures, onset_s: float, settings: Picture) -> Pictures:
    """Blacken a picture from a moment on."""
    out = picture.copy()
    # A window reaches half its length ahead: the trill's beginning must not be seen in it.
    out[:, max(0, int((onset_s * settings.rate_hz - settings.window / 2) / settings.hop)) :] = 0
    return out


def apart(
    items: Sequence[Item], sounds: Iterable[Sound]
) -> tuple[dict[str, Sound], dict[str, Sound]]:
    """Tell heard songs from backgrounds without song, each by name of the song."""
    songs: dict[str, Sound] = {}
    backgrounds: dict[str, Sound] = {}
    for item, sound in zip(items, sounds, strict=True):
        (backgrounds if item.role == "background" else songs)[item.song] = sound
    return songs, backgrounds


def of_others(song: str, backgrounds: Iterable[str]) -> list[str]:
    """Backgrounds of other recordings, or simulated themes, than a song's own, by their names."""
    own = song.rsplit("/", 1)[0]
    return [name for name in backgrounds if name.rsplit("/", 1)[0] != own]


def altered_items(
    items: Sequence[Item],
    readings: Mapping[str, Reading],
    backgrounds: Iterable[str],
    snr_db: Sequence[float],
) -> list[Item]:
    """List songs and their alterations, which take the place of the role.

    A song in which no whistle was read is not altered at all, one without a trill does not lose it.
    """
    out = []
    for item in items:
        theme = readings[item.song].theme
        if all_notes(theme):
            kinds = [TRILL] if theme.trill and theme.notes else []
            kinds += [BACKGROUND] if of_others(item.song, backgrounds) else []
            kinds += map(noise_name, snr_db)
            out += [item._replace(role=kind) for kind in kinds]
    return out


def altered_pictures(
    altered: Sequence[Item],
    sounds: Mapping[str, Sound],
    readings: Mapping[str, Reading],
    backgrounds: Mapping[str, Sound],
    setting: Setting,
) -> Iterator[Pictures]:
    """Draw altered songs.

    Parameters
    ----------
    altered : sequence of Item
        Of :func:`altered_items`.
    sounds, readings : mapping by name of the song
    backgrounds : mapping of str to ndarray
        Stretches without song by a name that begins with the recording, or simulated theme; a song is
        given one of another, drawn at random.
    setting : Setting

    Yields
    ------
    ndarray of uint8, shape (bands, frames)
    """
    p = setting.picture
    name, song, level = "", np.zeros(0, np.float32), 0.0
    for item in altered:
        sound, reading = sounds[item.song], readings[item.song]
        rng = generator(setting.seed, "altered", item.role, item.song)
        if item.role == TRILL:
            assert reading.theme.trill is not None
            yield occlude(spectrogram.draw(sound, p), reading.theme.trill.onset_s, p)
            continue
        if item.song != name:
            name, song = item.song, foreground(sound, p.rate_hz, reading)
            notes = all_notes(reading.theme)
            first, last = notes[0].onset_s, max(n.onset_s + n.duration_s for n in notes)
            level = band_power(song[int(first * p.rate_hz) : int(last * p.rate_hz)], p.rate_hz)
        if item.role == BACKGROUND:
            others = of_others(name, backgrounds)
            other = backgrounds[others[int(rng.integers(len(others)))]]
            yield spectrogram.draw(swap_background(sound, song, other, p.rate_hz), p)
        else:
            noise = ambience(len(sound), p.rate_hz, setting.place, rng, setting.noises)
            snr_db = float(item.role.split("_")[1])
            yield spectrogram.draw(add_noise(sound, level, noise, snr_db), p)
