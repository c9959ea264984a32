"""Follow a whistle through noise, echo and other birds: the likeliest ridge of a spectrogram.

A hidden Markov model whose states are the pitches and silence. A whistle at a pitch is the likelier the
farther that band stands out of its own noise; it costs to begin, to end, to glide, and to leap. Viterbi's
path is the ridge, and says at once where the bird is silent.
"""

from typing import NamedTuple

import librosa
import numba
import numpy as np
import numpy.typing as npt

from chingolo.config import Reader
from chingolo.spectrogram import noise_floor

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

TOP_DB = 50.0
"""A clean synthetic song has no noise: what lies so far below its top does not count either."""

DB_PER_NAT = 4.0
"""Decibels of signal that weigh as much as a factor e of probability (our choice, as the costs)."""

BEGIN = 4.0
"""Cost of a whistle's beginning, and of its end, in nats."""

LEAP = 6.0
"""Cost of a leap to any pitch without silence, as from a trill element's foot to the next one's head."""

SURE_DB = 45.0
"""More signal than this above the noise makes a whistle no likelier."""


class Track(NamedTuple):
    """A tracked whistle.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Centre of each frame.
    frequency_hz : ndarray, shape (n,)
        The ridge; where not voiced, the loudest pitch.
    level_db : ndarray, shape (n,)
        Level of the ridge, 0 at its loudest.
    snr_db : ndarray, shape (n,)
        How far the ridge stands out of the noise of its band.
    voiced : ndarray of bool, shape (n,)
    """

    time_s: Array
    frequency_hz: Array
    level_db: Array
    snr_db: Array
    voiced: npt.NDArray[np.bool_]


def track(sound: Sound, rate_hz: float, reader: Reader) -> Track:
    """Follow the fundamental of a whistle.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    reader : Reader

    Returns
    -------
    Track
        Every `reader.hop_s`. Pitch is refined by a parabola through three bins of the log spectrum.
    """
    window = 2 * round(reader.window_s * rate_hz / 2)
    hop = max(1, round(reader.hop_s * rate_hz))
    n_fft = 1 << int(np.ceil(np.log2(2 * window)))
    spectrum = librosa.stft(sound, n_fft=n_fft, win_length=window, hop_length=hop, window="hann")
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=n_fft)
    band = (f >= reader.low_hz) & (f <= min(reader.high_hz, 0.48 * rate_hz))
    f, step = f[band], float(f[1] - f[0])
    db = 20.0 * np.log10(np.abs(spectrum[band]) + 1e-9)
    above = db - np.maximum(noise_floor(db), db.max() - TOP_DB)
    odds = (np.clip(above, -SURE_DB, SURE_DB) - reader.snr_db) / DB_PER_NAT
    path = _path(odds.T, step / reader.jump_hz, int(np.ceil(4.0 * reader.jump_hz / step)))
    frames = np.arange(db.shape[1])
    voiced = path >= 0
    path = np.where(voiced, path, above.argmax(axis=0))
    # The path takes short cuts across broad peaks: climb to the top of the one it is on.
    for _ in range(int(np.ceil(reader.jump_hz / step))):
        around = np.clip(path + np.array([[-1], [0], [1]]), 0, len(db) - 1)
        path = around[db[around, frames].argmax(axis=0), frames]
    inner = np.clip(path, 1, len(db) - 2)
    a, b, c = (db[inner + o, frames] for o in (-1, 0, 1))
    bend = a - 2 * b + c
    offset = np.where(bend < -1e-9, 0.5 * (a - c) / np.minimum(bend, -1e-9), 0.0)
    frequency = f[inner] + np.clip(offset, -0.5, 0.5) * step
    level = db[path, frames]
    level = level - (level[voiced].max() if voiced.any() else level.max())
    voiced &= level > -reader.range_db
    return Track(frames * hop / rate_hz, frequency, level, above[path, frames], voiced)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _path(odds: Array, glide: float, reach: int) -> npt.NDArray[np.int64]:
    """Viterbi's path through pitches and silence.

    Parameters
    ----------
    odds : ndarray, shape (frames, bins)
        Log-odds of a whistle in each bin against none.
    glide : float
        Cost of a bin's change of pitch in one frame.
    reach : int
        Farthest glide, bins.

    Returns
    -------
    ndarray of int, shape (frames,)
        Bin, or -1 in silence.
    """
    frames, bins = odds.shape
    best, new = np.zeros(bins), np.empty(bins)
    silence = 0.0
    came = np.empty((frames, bins + 1), np.int16)
    for t in range(frames):
        top = int(np.argmax(best))
        other, source = best[top] - LEAP, top
        if silence - BEGIN > other:
            other, source = silence - BEGIN, -1
        for b in range(bins):
            value, origin = other, source
            for c in range(max(0, b - reach), min(bins, b + reach + 1)):
                glided = best[c] - glide * abs(c - b)
                if glided > value:
                    value, origin = glided, c
            new[b] = value + odds[t, b]
            came[t, b] = origin
        ended = best[top] - BEGIN
        came[t, bins] = top if ended > silence else -1
        silence = max(silence, ended)
        best[:] = new
    path = np.empty(frames, np.int64)
    state = int(np.argmax(best)) if best.max() > silence else -1
    for t in range(frames - 1, -1, -1):
        path[t] = state
        state = came[t, state]  # -1 reaches the last column: silence
    return path
