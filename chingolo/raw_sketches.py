"""A sketch as the drawing it is: pencil on paper, over the axes of the study's pictures, never sung."""

from functools import lru_cache

import librosa
import numpy as np
import numpy.typing as npt

from chingolo import drawing, spectrogram
from chingolo.config import Pen, Picture
from chingolo.themes import Theme, shift

DPI = 40
"""Resolution of the scan: some six of its pixels make a cell of a picture (our choice)."""

FAINTEST = 0.06
"""Ink fainter than this share of the paper's light is none, as for the reader of pages."""

LATEST_S = 0.2
"""A drawing begins as late in its picture as a song does in its cut (:func:`chingolo.corpora.scene`)."""


@lru_cache
def _cells(picture: Picture, rows: int, columns: int) -> tuple[npt.NDArray[np.float32], ...]:
    """Matrices that average a drawing's rows over bands and its columns over frames."""
    edges_hz = librosa.mel_frequencies(
        n_mels=picture.bands + 1, fmin=picture.low_hz, fmax=picture.high_hz
    )
    reach = 1000.0 * (drawing.HIGH_KHZ - drawing.LOW_KHZ)
    # The drawing's top row is its highest pitch, the picture's first band its lowest.
    at_row = (1000.0 * drawing.HIGH_KHZ - edges_hz) / reach * rows
    bands = _average(at_row[1:], at_row[:-1], rows)
    at_column = np.linspace(0.0, columns, picture.frames + 1)
    return bands, _average(at_column[:-1], at_column[1:], columns).T


def _average(
    first: npt.NDArray[np.floating], last: npt.NDArray[np.floating], many: int
) -> npt.NDArray[np.float32]:
    """Weights of `many` cells of width 1 in the stretches `first` to `last`, each row's sum 1."""
    cell = np.arange(many)
    inside = np.minimum(last[:, None], cell + 1) - np.maximum(first[:, None], cell)
    weights = np.maximum(inside, 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def sketch_picture(
    theme: Theme, pen: Pen, picture: Picture, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Draw a sketch by hand, scan it, and lay the drawing over the axes of a picture.

    Parameters
    ----------
    theme : Theme
        As the hand has it in mind, see :func:`chingolo.pen.draw_by_hand`.
    pen : Pen
        Its strokes, and its paper's light and stains.
    picture : Picture
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (bands, frames)
        Darkness: 0 the paper, 255 the darkest stroke; bands and frames as in
        :func:`chingolo.spectrogram.draw`.
    """
    late = shift(theme, float(rng.uniform(0.0, LATEST_S)))
    scan = drawing.draw_song(late, pen._replace(dpi=DPI), spectrogram.seconds(picture), rng)
    dark = np.maximum(1.0 - scan / np.percentile(scan, 75), 0.0)
    bands, frames = _cells(picture, *scan.shape)
    cells = bands @ np.where(dark > FAINTEST, dark, 0.0).astype(np.float32) @ frames
    return np.asarray(np.round(255.0 * cells / max(float(cells.max()), 1e-6)), np.uint8)
