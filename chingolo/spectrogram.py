"""From a song to a picture: one convention for synthetic songs, sketches and real recordings."""

from functools import lru_cache

import librosa
import numpy as np
import numpy.typing as npt
from librosa import filters  # type: ignore[attr-defined]

from chingolo.config import Picture

Sound = npt.NDArray[np.float32]


def seconds(picture: Picture) -> float:
    """Length of the stretch of sound an image shows."""
    return picture.frames * picture.hop / picture.rate_hz


@lru_cache
def mel_filters(picture: Picture) -> npt.NDArray[np.float32]:
    """Weights of every band; shape (bands, window / 2 + 1)."""
    weights = filters.mel(
        sr=picture.rate_hz,
        n_fft=picture.window,
        n_mels=picture.bands,
        fmin=picture.low_hz,
        fmax=picture.high_hz,
    )
    return np.asarray(weights, np.float32)


def noise_floor(db: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Level of the noise in each band, by its quietest quarter; shape (bands, 1).

    Parameters
    ----------
    db : ndarray, shape (bands, frames)
        Levels in dB.

    Returns
    -------
    ndarray
        The quarter-quantile over time plus 3.8 dB: in steady noise, whose power is exponentially
        distributed, that is the median; a whistle may fill three quarters of the time without
        raising it.
    """
    quarter = np.percentile(db, 25.0, axis=1, keepdims=True)
    return np.asarray(quarter + 10.0 * np.log10(np.log(2.0) / np.log(4.0 / 3.0)))


def draw(sound: Sound, picture: Picture) -> npt.NDArray[np.uint8]:
    """Log-mel spectrogram, noise-floored and scaled to its own loudest point.

    What does not rise `floor_db` above the :func:`noise_floor` of its band is
    blackened, so that an even background leaves no trace. Loudness is relative to the loudest point,
    so that distance and gain leave none either.

    Parameters
    ----------
    sound : ndarray, shape (n,)
        At ``picture.rate_hz``; silence is appended, or the end cut off, to ``seconds(picture)``.
    picture : Picture

    Returns
    -------
    ndarray of uint8, shape (bands, frames)
        0 at ``range_db`` below the loudest point and under the noise floor, 255 at the loudest.
    """
    n = picture.frames * picture.hop
    padded = librosa.util.fix_length(np.asarray(sound, dtype=np.float32), size=n)
    bins = librosa.stft(padded, n_fft=picture.window, hop_length=picture.hop)[:, : picture.frames]
    power = mel_filters(picture) @ (bins.real**2 + bins.imag**2)
    db = librosa.power_to_db(power, ref=np.max, amin=1e-12, top_db=None)
    covered = min(picture.frames, max(1, len(sound) // picture.hop))
    floor = np.maximum(noise_floor(db[:, :covered]) + picture.floor_db, -picture.range_db)
    scaled = np.where(db > floor, (db + picture.range_db) / picture.range_db, 0.0)
    return np.asarray(np.round(255.0 * np.clip(scaled, 0.0, 1.0)).astype(np.uint8))
