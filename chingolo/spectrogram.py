"""From a song to a picture: one convention for synthetic songs, sketches and real recordings."""

import librosa
import numpy as np
import numpy.typing as npt

from chingolo.config import Picture

Sound = npt.NDArray[np.float32]


def seconds(picture: Picture) -> float:
    """Length of the stretch of sound an image shows."""
    return picture.frames * picture.hop / picture.rate_hz


def draw(sound: Sound, picture: Picture) -> npt.NDArray[np.uint8]:
    """Log-mel spectrogram, noise-floored and scaled to its own loudest point.

    In each band the median over time counts as noise; what does not rise `floor_db` above it is
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
    power = librosa.feature.melspectrogram(
        y=padded,
        sr=picture.rate_hz,
        n_fft=picture.window,
        hop_length=picture.hop,
        n_mels=picture.bands,
        fmin=picture.low_hz,
        fmax=picture.high_hz,
    )[:, : picture.frames]
    db = librosa.power_to_db(power, ref=np.max, amin=1e-12, top_db=None)
    covered = min(picture.frames, max(1, len(sound) // picture.hop))
    noise = np.median(db[:, :covered], axis=1, keepdims=True)
    floor = np.maximum(noise + picture.floor_db, -picture.range_db)
    scaled = np.where(db > floor, (db + picture.range_db) / picture.range_db, 0.0)
    return np.asarray(np.round(255.0 * np.clip(scaled, 0.0, 1.0)).astype(np.uint8))
