"""What all figures share: style, colours, spectrograms, and saving the same bytes every day."""

import re
from pathlib import Path

import librosa
import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.files import beside

mpl.use("Agg")

BLUE, ORANGE, GREEN, PINK, YELLOW, SKY, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
"""Okabe and Ito's palette, told apart by all kinds of colour vision."""

COLUMN, PAGE = 3.4, 7.0
"""Widths of one column and of the page, in inches."""


def use(style: str | Path) -> None:
    """Draw in the study's style from here on."""
    plt.style.use(style)


def save(figure: Figure, *paths: str | Path) -> None:
    """Save a figure under each of the names, beside and then renamed, without dates; and close it."""
    for path in paths:
        with beside(path) as part:
            write(figure, part, Path(path).suffix[1:])
    plt.close(figure)


def write(figure: Figure, path: str | Path, kind: str) -> None:
    """Write a figure as ``pdf``, ``png`` or ``svg``, without dates."""
    undated = {"pdf": {"CreationDate": None}, "png": {"Software": None}, "svg": {"Date": None}}
    figure.savefig(path, format=kind, metadata=undated[kind])


def spectrogram(
    axes: Axes, sound: npt.NDArray[np.float32], rate_hz: int, top_hz: float = 10_000
) -> None:
    """Draw a fine spectrogram of a sound, dark on white, 50 dB deep, time in s and pitch in kHz."""
    stft = np.abs(librosa.stft(sound, n_fft=1024, win_length=256, hop_length=64))
    db = librosa.amplitude_to_db(stft, ref=np.max, top_db=50)
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=1024)
    axes.imshow(
        db[f <= top_hz],
        extent=(0, len(sound) / rate_hz, 0, top_hz / 1000),
        cmap="gray_r",
        vmin=-50,
        vmax=0,
        interpolation="antialiased",
        rasterized=True,
    )


def letter(axes: Axes, text: str) -> None:
    """Put a panel's letter at its upper left corner."""
    axes.set_title(text, loc="left", fontweight="bold", fontsize=9)


def short(name: str) -> str:
    """Shorten a theme's name to what an axis has room for."""
    return re.sub(r"^(today-|sketch-|page-)", "", name)


def world_note(figure: Figure, world: str) -> None:
    """Say under a figure which world it shows; simulated data are always called so."""
    text = {
        "simulated": "simulated population and recordings",
        "songs": "real recordings (xeno-canto); notebook traced as a stand-in",
        "field": "the user's own study",
    }[world]
    figure.supxlabel(f"World: {text}", fontsize=6.5, color="0.35", x=0.99, ha="right")
