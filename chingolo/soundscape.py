"""Where a bird sings: echo, distance and background noise at a stated signal-to-noise ratio."""

import numpy as np
import numpy.typing as npt
from scipy import fft

from chingolo.config import Place

Sound = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complexfloating]

SONG_BAND_HZ = (1500.0, 9500.0)
"""Band in which signal and noise are compared: where the species sings."""


def band_power(sound: npt.NDArray[np.floating], rate_hz: float) -> float:
    """Mean power within :data:`SONG_BAND_HZ`, by Parseval's theorem."""
    n = fft.next_fast_len(len(sound), real=True)
    return float(spectral_power(fft.rfft(sound, n), n, rate_hz) * n / len(sound))


def spectral_power(spectrum: Spectrum, n: int, rate_hz: float) -> float:
    """Mean power of `n` samples within :data:`SONG_BAND_HZ`, from their spectrum."""
    first, last = (int(np.ceil(edge * n / rate_hz)) for edge in SONG_BAND_HZ)
    inside = spectrum[first:last]
    return float(2.0 * np.vdot(inside, inside).real) / n**2


def echo(rate_hz: float, decay_s: float, level_db: float, rng: np.random.Generator) -> Sound:
    """Impulse response of a wood: the song itself, and noise that dies away.

    Parameters
    ----------
    rate_hz : float
        Hz.
    decay_s : float
        Time in which the noise falls by 60 dB, and ends.
    level_db : float
        Its energy relative to the song's.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32, shape (decay_s * rate_hz,)
    """
    n = max(1, int(decay_s * rate_hz))
    tail = rng.standard_normal(n, dtype=np.float32) * _decay(n)
    tail *= 10.0 ** (level_db / 20.0) / np.sqrt(np.vdot(tail, tail))
    tail[0] += 1.0
    return np.asarray(tail, np.float32)


def _decay(n: int) -> Sound:
    return np.asarray(10.0 ** (-3.0 * np.arange(n) / n), np.float32)


def travel(
    song: Sound, rate_hz: float, loss_db_per_khz: float, response: Sound
) -> tuple[Sound, float]:
    """Let a song come from afar: high frequencies fade, relative to 5 kHz, and a wood answers.

    Returns
    -------
    heard : ndarray of float32, shape (len(song) + len(response) - 1,)
    power : float
        Mean power in band of the song as it would be heard without the wood's answer.
    """
    total = len(song) + len(response) - 1
    n = fft.next_fast_len(total, real=True)
    loss_db = loss_db_per_khz * (fft.rfftfreq(n, 1.0 / rate_hz) / 1000.0 - 5.0)
    far = fft.rfft(song, n) * np.asarray(10.0 ** (-loss_db / 20.0), np.float32)
    power = spectral_power(far, n, rate_hz) * n / len(song)
    heard = fft.irfft(far * fft.rfft(response, n), n)[:total]
    return np.asarray(heard, np.float32), power


def coloured_noise(n: int, rate_hz: float, tilt: float, rng: np.random.Generator) -> Sound:
    """Noise whose power falls as 1/f**tilt, with a few random humps, as outdoors; power 1 in band."""
    fast = fft.next_fast_len(n, real=True)
    f = np.asarray(fft.rfftfreq(fast, 1.0 / rate_hz), np.float32)
    shape = np.maximum(f, 100.0) ** (-tilt / 2.0)
    for _ in range(rng.integers(0, 4)):  # insects, wind in leaves, a stream
        centre, width = rng.uniform(1500, 9500), rng.uniform(100, 1500)
        shape = shape * (1.0 + rng.uniform(0, 3) * np.exp(-0.5 * ((f - centre) / width) ** 2))
    spectrum = rng.standard_normal(2 * f.size, dtype=np.float32).view(np.complex64) * shape
    slow = np.interp(np.arange(n), np.linspace(0, n, 6), rng.uniform(0.6, 1.4, 6))
    # What swells and sinks slowly has, of the even noise's power, the mean square of its swell.
    power = spectral_power(spectrum, fast, rate_hz) * np.mean(slow**2)
    return np.asarray(fft.irfft(spectrum, fast)[:n] * slow / np.sqrt(power), np.float32)


def neighbour(n: int, rate_hz: float, rng: np.random.Generator) -> Sound:
    """Whistles of some other, farther bird: random sweeps of no theme; power 1 in band."""
    out = np.zeros(n)
    for _ in range(rng.integers(1, 5)):
        length = int(rng.uniform(0.05, 0.4) * rate_hz)
        start = int(rng.integers(0, max(1, n - length)))
        start_hz, end_hz = rng.uniform(1500, 9000, 2)
        f = np.linspace(start_hz, end_hz, length)
        whistle = np.sin(2 * np.pi * np.cumsum(f) / rate_hz) * np.hanning(length)
        out[start : start + length] += rng.uniform(0.2, 1.0) * whistle[: n - start]
    return np.asarray((out / np.sqrt(band_power(out, rate_hz) + 1e-20)).astype(np.float32))


def ambience(
    n: int,
    rate_hz: float,
    place: Place,
    rng: np.random.Generator,
    noises: tuple[Sound, ...] = (),
) -> Sound:
    """Background of a place, recorded or made as in :func:`hear`; shape (n,), power 1 in band."""
    if not noises:
        return coloured_noise(n, rate_hz, rng.uniform(*place.noise_tilt), rng)
    source = noises[int(rng.integers(len(noises)))]
    offset = int(rng.integers(len(source)))
    background = np.take(source, np.arange(offset, offset + n), mode="wrap")
    return np.asarray(background / np.sqrt(band_power(background, rate_hz) + 1e-20))


def hear(
    song: Sound,
    rate_hz: float,
    place: Place,
    rng: np.random.Generator,
    before_s: float,
    total_s: float,
    noises: tuple[Sound, ...] = (),
) -> Sound:
    """Put a song somewhere: distance, echo, background, at a signal-to-noise ratio.

    Parameters
    ----------
    song : ndarray, shape (n,)
    rate_hz : float
        Hz.
    place : Place
        Ranges to draw from.
    rng : numpy.random.Generator
    before_s, total_s : float
        Background before the song, and length of what is returned, in seconds.
    noises : tuple of ndarray
        Recorded backgrounds at `rate_hz` to draw from; without any, noise is made.

    Returns
    -------
    ndarray of float32, shape (total_s * rate_hz,)
        Largest magnitude 1.
    """
    wood = echo(rate_hz, rng.uniform(*place.echo_s), rng.uniform(*place.echo_db), rng)
    heard, power = travel(song, rate_hz, rng.uniform(*place.distance_db_per_khz), wood)
    n, first = int(total_s * rate_hz), int(before_s * rate_hz)
    scene = np.zeros(n, np.float32)
    heard = heard[: n - first]
    scene[first : first + heard.size] = heard / np.sqrt(power)
    background = ambience(n, rate_hz, place, rng, noises)
    if rng.random() < place.neighbour_share:
        background = background + rng.uniform(0.3, 1.5) * neighbour(n, rate_hz, rng)
    mixed = scene + 10.0 ** (-rng.uniform(*place.snr_db) / 20.0) * background
    return np.asarray((mixed / np.abs(mixed).max()).astype(np.float32))
