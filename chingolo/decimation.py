"""From the syrinx's fast steps to the rate of a sound: many songs side by side."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import signal

Lanes = npt.NDArray[np.float32]

STOP_DB = 80.0
"""How far what would fold back into the passband is suppressed."""

BLOCK = 16
"""Samples made by one matrix product: enough to pay for its call, few enough to waste little."""


@lru_cache
def low_pass(factor: int, passband: float) -> npt.NDArray[np.float32]:
    """Symmetric low-pass filter (Kaiser) for decimation.

    Parameters
    ----------
    factor : int
        Every how many samples one will be kept.
    passband : float
        Share of the new rate that stays as it is and free of what folds back.

    Returns
    -------
    ndarray of float32, shape (odd,)
    """
    width = 1.0 - 2.0 * passband
    many, beta = signal.kaiserord(STOP_DB, 2.0 * width / factor)
    return np.asarray(signal.firwin(many | 1, 1.0 / factor, window=("kaiser", beta)), np.float32)


def decimate(sound: Lanes, factor: int, passband: float) -> Lanes:
    """Keep one sample in `factor`, without delay.

    Parameters
    ----------
    sound : ndarray of float32, shape (n, lanes)
    factor, passband
        As for :func:`low_pass`; a factor of 1 leaves the sound as it is.

    Returns
    -------
    ndarray of float32, shape (n // factor, lanes)
    """
    if factor == 1:
        return sound
    taps = low_pass(factor, passband)
    n, lanes = sound.shape
    blocks = -(-(n // factor) // BLOCK)
    # The filter at BLOCK samples as one banded matrix: the library's matrix product does the rest.
    width = (BLOCK - 1) * factor + taps.size
    band = np.zeros((BLOCK, width), np.float32)
    for k in range(BLOCK):
        band[k, k * factor : k * factor + taps.size] = taps
    padded = np.zeros((blocks * BLOCK * factor + taps.size, lanes), np.float32)
    padded[taps.size // 2 : taps.size // 2 + n] = sound
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    kept = windows[:: BLOCK * factor][:blocks].transpose(0, 2, 1)
    return np.asarray(np.matmul(band, kept).reshape(-1, lanes)[: n // factor])
