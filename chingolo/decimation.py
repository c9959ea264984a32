"""From the syrinx's fast steps to the rate of a sound: many songs side by side."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import signal

from chingolo.syrinx import LANES

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
    ndarray of float32, shape (2 * half + 1,)
        ``half`` is a multiple of `factor`: its delay is a whole number of the samples kept.
    """
    width = 1.0 - 2.0 * passband
    many, beta = signal.kaiserord(STOP_DB, 2.0 * width / factor)
    half = factor * int(np.ceil(0.5 * (many - 1) / factor))
    taps = signal.firwin(2 * half + 1, 1.0 / factor, window=("kaiser", beta))
    return np.asarray(taps, np.float32)


class Decimator:
    """Keeps one sample in `factor` of :data:`~chingolo.syrinx.LANES` sounds, piece by piece.

    Parameters
    ----------
    factor, passband
        As for :func:`low_pass`; a factor of 1 leaves the sounds as they are.

    Attributes
    ----------
    memory : int
        Samples of the piece before that a piece must bring with it.
    delay : int
        Samples of the new rate by which what is kept is late.
    """

    def __init__(self, factor: int, passband: float) -> None:
        self.factor = factor
        taps = low_pass(factor, passband) if factor > 1 else np.ones(1, np.float32)
        self.memory = taps.size - 1
        self.delay = self.memory // (2 * factor)
        # The filter at BLOCK samples as one banded matrix: the library's product does the rest.
        self.band = np.zeros((BLOCK, (BLOCK - 1) * factor + taps.size), np.float32)
        for k in range(BLOCK):
            self.band[k, k * factor : k * factor + taps.size] = taps

    def windows(self, sound: Lanes) -> Lanes:
        """View a buffer as the stretches that :meth:`keep` weighs; made once, it sees what is written.

        Parameters
        ----------
        sound : ndarray of float32, shape (memory + n, LANES)
            The last `memory` samples of the piece before (at first zeros), then n new ones, a multiple
            of ``factor * BLOCK``.

        Returns
        -------
        ndarray of float32, shape (n / factor / BLOCK, window, LANES)
        """
        every = np.lib.stride_tricks.sliding_window_view(sound, self.band.shape[1], axis=0)
        return np.asarray(every[:: BLOCK * self.factor].transpose(0, 2, 1))

    def keep(self, windows: Lanes) -> Lanes:
        """Keep what is due of a piece; shape (n / factor, LANES)."""
        return np.asarray(np.matmul(self.band, windows).reshape(-1, LANES))
