"""Figure: sound, image, function, answer: one song followed through the study's own network."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import librosa
import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from chingolo.config import Picture
from chingolo.figures import style
from chingolo.figures.screen import bare, numbered
from chingolo.notebook import NONE

Arrays = Mapping[str, npt.NDArray[Any]]

SHOWN = 6
"""Filters of the network that are drawn."""
SYMBOL = -2
"""Symbol of the primer's alphabet drawn beside them."""
LAYERS = {
    "picture": "picture",
    "Conv2d": "convolution",
    "AdaptiveAvgPool2d": "pooling",
    "Flatten": "vector",
    "Linear": "matrix",
}


def draw(
    sound: tuple[npt.NDArray[np.float32], int],
    told: Mapping[str, Any],
    arrays: Arrays,
    symbols: Arrays,
    picture: Picture,
    world: str,
) -> Figure:
    """Draw a song's wave, picture, first maps and probabilities, the symbol world's maps beside them.

    Parameters
    ----------
    sound : ndarray of float32 and int
        The song and its sampling rate in hertz.
    told, arrays : mapping
        Numbers and maps of :mod:`chingolo.inside`.
    symbols : mapping
        Arrays of :func:`chingolo.primer.larger_screen`.
    picture : Picture
    world : str
    """
    figure = plt.figure(figsize=(style.PAGE, 5.6))
    parts = cast(
        Sequence[SubFigure],
        figure.subfigures(4, 1, height_ratios=[1.2, 1.0, 1.35, 1.45]),
    )
    wave, image = parts[0].subplots(1, 2, width_ratios=[1.0, 1.0])
    _wave(wave, *sound)
    _image(image, arrays["picture"], picture)
    _symbols(parts[1], symbols)
    _maps(parts[2], arrays)
    sizes, answers = parts[3].subplots(1, 2, width_ratios=[1.5, 1.0])
    _sizes(sizes, told["sizes"])
    _answers(answers, told["answer"])
    style.world_note(figure, world)
    return figure


def named(theme: str) -> str:
    """Name a theme as an axis does."""
    return "none of today's" if theme == NONE else style.short(theme)


def _wave(axes: Axes, wave: npt.NDArray[np.float32], rate: int) -> None:
    axes.plot(
        np.arange(len(wave)) / rate, wave / np.abs(wave).max(), linewidth=0.3, rasterized=True
    )
    axes.set(xlabel="time (s)", ylabel="sound pressure", xlim=(0, len(wave) / rate), yticks=[])
    axes.set_title("Sound", fontsize=8)
    style.letter(axes, "a")


def _image(axes: Axes, seen: npt.NDArray[np.uint8], picture: Picture) -> None:
    seconds = picture.frames * picture.hop / picture.rate_hz
    axes.imshow(seen, cmap="gray_r", extent=(0, seconds, 0, picture.bands), rasterized=True)
    edges = librosa.mel_frequencies(
        n_mels=picture.bands + 2, fmin=picture.low_hz, fmax=picture.high_hz
    )
    khz = [2, 3, 4, 6, 8]
    axes.set_yticks(
        np.interp(khz, edges[1:-1] / 1000, np.arange(picture.bands) + 0.5), labels=map(str, khz)
    )
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)")
    axes.set_title(f"Image: {picture.frames} × {picture.bands} × 1", fontsize=8)
    style.letter(axes, "b")


def _symbols(part: SubFigure, symbols: Arrays) -> None:
    filters = symbols["learned_filters"]
    panels = part.subplots(
        1, 1 + 4 * len(filters), width_ratios=[1.2, *[0.7, 1, 1, 0.7] * len(filters)]
    )
    panels[0].imshow(symbols["drawings"][SYMBOL], cmap="Greys", vmin=-1, vmax=1.2, origin="upper",
                     aspect="equal")  # fmt: skip
    bare(panels[0])
    panels[0].set_title("symbol", fontsize=7)
    panels[0].text(-0.3, 1.15, "c", transform=panels[0].transAxes, fontweight="bold", fontsize=9)
    limit = float(np.abs(symbols["learned_products"][SYMBOL]).max())
    for k, filter_ in enumerate(filters):
        four = panels[1 + 4 * k : 5 + 4 * k]
        stages = [symbols[f"learned_{s}"][SYMBOL, k] for s in ("products", "found", "pooled")]
        for panel, values, most, title in zip(
            four,
            [filter_, *stages],
            [float(np.abs(filters).max()), limit, 1.0, 1.0],
            ["filter", "products", "found", "pooled"],
            strict=True,
        ):
            numbered(panel, values, most, 4.0)
            panel.set_title(title, fontsize=7)


def _maps(part: SubFigure, arrays: Arrays) -> None:
    """Draw filters and maps that vary most over this song."""
    spread = arrays["found"].std(axis=(1, 2))
    chosen = np.sort(np.argsort(-spread, kind="stable")[:SHOWN])
    panels = part.subplots(2, SHOWN, height_ratios=[0.75, 1.0], squeeze=False)
    filters, found = arrays["filters"][chosen], arrays["found"][chosen]
    limit = float(np.abs(filters).max())
    for column, (filter_, map_) in enumerate(zip(filters, found, strict=True)):
        numbered(panels[0, column], filter_[::-1], limit, 4.5)
        panels[1, column].imshow(map_, cmap="gray_r", vmin=0, rasterized=True, aspect="auto")
        bare(panels[1, column])
    panels[0, 0].set_ylabel("filter", fontsize=7)
    panels[1, 0].set_ylabel("found", fontsize=7)
    panels[0, 0].text(
        -0.9, 1.1, "d", transform=panels[0, 0].transAxes, fontweight="bold", fontsize=9
    )


def _sizes(axes: Axes, sizes: Sequence[Mapping[str, Any]]) -> None:
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(-0.5, len(sizes) - 0.5))
    axes.invert_yaxis()
    for row, layer in enumerate(sizes):
        axes.text(
            0.42,
            row,
            LAYERS.get(layer["layer"], layer["layer"]),
            fontsize=7,
            ha="right",
            va="center",
        )
        channels, *screen = layer["shape"]
        shape = [*screen[::-1], channels]
        axes.text(0.46, row, " × ".join(map(str, shape)), fontsize=7, va="center")
    axes.set_title("Function: width × height × channels", fontsize=8)
    style.letter(axes, "e")


def _answers(axes: Axes, answers: Sequence[Mapping[str, Any]]) -> None:
    place = np.arange(len(answers))
    p = [one["probability"] for one in answers]
    axes.barh(place, p, color=style.BLUE, height=0.7)
    for y, value in enumerate(p):
        axes.text(value + 0.02, y, f"{value:.3f}", fontsize=6.5, va="center")
    axes.set(xlim=(0, 1.15), yticks=place, yticklabels=[named(one["theme"]) for one in answers],
             xlabel="probability")  # fmt: skip
    axes.invert_yaxis()
    axes.set_title("Answer", fontsize=8)
    style.letter(axes, "f")
