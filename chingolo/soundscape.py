"""Where a bird sings: echo, distance and background noise at a stated signal-to-noise ratio."""

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from chingolo.config import Place

Sound = npt.NDArray[np.float32]

SONG_BAND_HZ = (1500.0, 9500.0)
"""Band in which signal and noise are compared: where the species sings."""


def band_power(sound: npt.NDArray[np.floating], rate_hz: float) -> float:
    """Mean power within :data:`SONG_BAND_HZ`, by Parseval's theorem."""
    n = fft.next_fast_len(len(sound), real=True)
    spectrum = fft.rfft(np.asarray(sound, dtype=np.float64), n)
    first, last = (int(np.ceil(edge * n / rate_hz)) for edge in SONG_BAND_HZ)
    inside = spectrum[first:last]
    return float(2.0 * np.vdot(inside, inside).real / (len(sound) * n))


def echo(
    song: Sound, rate_hz: float, decay_s: float, level_db: float, rng: np.random.Generator
) -> Sound:
    """Add a wood's echo: noise that dies away by 60 dB in `decay_s`, `level_db` under the song.

    Returns
    -------
    ndarray, shape (n + decay_s * rate_hz,)
        The song and its tail.
    """
    n = max(1, int(decay_s * rate_hz))
    tail = rng.standard_normal(n) * 10.0 ** (-3.0 * np.arange(n) / n)
    tail *= 10.0 ** (level_db / 20.0) / np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    return np.asarray(signal.fftconvolve(song, tail).astype(np.float32))


def travel(song: Sound, rate_hz: float, loss_db_per_khz: float) -> Sound:
    """Let high frequencies fade with distance, relative to 5 kHz."""
    n = fft.next_fast_len(len(song), real=True)
    loss = loss_db_per_khz * (fft.rfftfreq(n, 1.0 / rate_hz) / 1000.0 - 5.0)
    filtered = fft.irfft(fft.rfft(song, n) * 10.0 ** (-loss / 20.0), n)
    return np.asarray(filtered[: len(song)].astype(np.float32))


def coloured_noise(n: int, rate_hz: float, tilt: float, rng: np.random.Generator) -> Sound:
    """Noise whose power falls as 1/f**tilt, with a few random humps, as outdoors; power 1 in band."""
    fast = fft.next_fast_len(n, real=True)
    f = fft.rfftfreq(fast, 1.0 / rate_hz)
    shape = np.maximum(f, 100.0) ** (-tilt / 2.0)
    for _ in range(rng.integers(0, 4)):  # insects, wind in leaves, a stream
        centre, width = rng.uniform(1500, 9500), rng.uniform(100, 1500)
        shape = shape * (1.0 + rng.uniform(0, 3) * np.exp(-0.5 * ((f - centre) / width) ** 2))
    noise = fft.irfft(fft.rfft(rng.standard_normal(fast)) * shape, fast)[:n]
    slow = np.interp(np.arange(n), np.linspace(0, n, 6), rng.uniform(0.6, 1.4, 6))
    noise *= slow
    return np.asarray((noise / np.sqrt(band_power(noise, rate_hz))).astype(np.float32))


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
    far = travel(song, rate_hz, rng.uniform(*place.distance_db_per_khz))
    heard = echo(far, rate_hz, rng.uniform(*place.echo_s), rng.uniform(*place.echo_db), rng)
    n, first = int(total_s * rate_hz), int(before_s * rate_hz)
    scene = np.zeros(n, np.float32)
    heard = heard[: n - first]
    scene[first : first + heard.size] = heard / np.sqrt(band_power(far, rate_hz))
    if noises:
        source = noises[int(rng.integers(len(noises)))]
        offset = int(rng.integers(len(source)))
        background = np.take(source, np.arange(offset, offset + n), mode="wrap")
        background = background / np.sqrt(band_power(background, rate_hz) + 1e-20)
    else:
        background = coloured_noise(n, rate_hz, rng.uniform(*place.noise_tilt), rng)
    if rng.random() < place.neighbour_share:
        background = background + rng.uniform(0.3, 1.5) * neighbour(n, rate_hz, rng)
    mixed = scene + 10.0 ** (-rng.uniform(*place.snr_db) / 20.0) * background
    return np.asarray((mixed / np.abs(mixed).max()).astype(np.float32))
