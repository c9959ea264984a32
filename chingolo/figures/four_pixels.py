"""Figure: two symbols on four pixels, and how a filter that tells them apart is found."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chingolo.figures import style

NAMES = {"rising": "/", "falling": "\\", "badly_drawn": "badly\ndrawn \\"}

SHOWN = 8
"""Random starts whose walks are drawn."""


def pixels(
    axes: Axes, picture: npt.NDArray[Any], x: float, y: float, side: float, numbers: bool = True
) -> None:
    """Draw a picture of +1 (ink) and -1 with its upper left corner at (x, y), in data units."""
    rows, columns = picture.shape
    cell = side / columns
    for row in range(rows):
        for column in range(columns):
            inked = picture[row, column] > 0
            corner = (x + column * cell, y - (row + 1) * cell)
            fill = "0.15" if inked else "white"
            axes.add_patch(Rectangle(corner, cell, cell, facecolor=fill, edgecolor="0.5", lw=0.6))
            if numbers:
                text = "1" if inked else "−1"
                middle = (corner[0] + cell / 2, corner[1] + cell / 2)
                colour = "white" if inked else "0.15"
                axes.text(*middle, text, ha="center", va="center", fontsize=7, color=colour)


def draw(numbers: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Figure:
    """Draw symbols and scores, the error over filters with walks down it, and scores against steps.

    Parameters
    ----------
    numbers, arrays : mapping
        Of :func:`chingolo.primer.two_symbols`.
    """
    figure, axes = plt.subplots(
        1, 3, figsize=(style.PAGE, 2.5), gridspec_kw={"width_ratios": [1.25, 1.0, 0.9]}
    )
    _symbols(axes[0], numbers, arrays["vectors"])
    _surface(axes[1], arrays)
    _steps(axes[2], arrays, float(numbers["bias"]))
    for panel, name in zip(axes, "abc", strict=True):
        style.letter(panel, name)
    return figure


def _symbols(axes: Axes, numbers: Mapping[str, Any], vectors: npt.NDArray[Any]) -> None:
    rows = {
        "sum": "sum",
        "product": "product",
        "with_rising": "· (−1, 1, 1, −1)",
        "with_falling": "· (1, −1, −1, 1)",
        "output": f"   less {numbers['bias']:g}, if above",
    }
    axes.set(xlim=(-1.55, 3), ylim=(-3.1, 1.5))
    axes.axis("off")
    columns = numbers["pictures"].items()
    for column, (vector, (name, told)) in enumerate(zip(vectors, columns, strict=True)):
        pixels(axes, vector.reshape(2, 2), column + 0.1, 0.9, 0.8)
        axes.text(column + 0.5, 1.0, NAMES[name], ha="center", fontsize=7)
        for row, key in enumerate(rows):
            text = f"{told[key]:+g}" if key.startswith("with") else f"{told[key]:g}"
            place = column + 0.5, -0.5 - 0.56 * row
            axes.text(*place, text.replace("-", "−"), fontsize=7, va="center", ha="center")
    for row, label in enumerate(rows.values()):
        axes.text(-1.55, -0.5 - 0.56 * row, label, fontsize=7, va="center")
    axes.axhline(-0.21, color="0.7", linewidth=0.5)


def _surface(axes: Axes, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    axis = arrays["axis"]
    shown = axes.pcolormesh(
        axis, axis, arrays["surface"], norm=PowerNorm(0.4), rasterized=True, shading="nearest"
    )
    axes.figure.colorbar(shown, ax=axes, label="mean squared error", pad=0.03)
    axes.plot(axis, axis + 2, color="white", linestyle="--", linewidth=0.8)
    for path in arrays["paths"][:SHOWN]:
        # Seen along the two pixels' means: what differs within a pair changes no score.
        outer, inner = path[:, [0, 3]].mean(axis=1), path[:, [1, 2]].mean(axis=1)
        axes.plot(outer, inner, color="white", linewidth=0.8, marker=".", markersize=2)
    blind = arrays["blind_path"]
    axes.plot(blind[:, 0], blind[:, 1], color=style.ORANGE, linewidth=1.2, marker=".", markersize=3)
    for vector, name, place in (
        (blind[0], "(1, 1, 1, 1)", (1.2, 0.35)),
        (arrays["vectors"][0], "(−1, 1, 1, −1)", (-3.9, 1.6)),
    ):
        axes.plot(vector[0], vector[1], "o", color=style.ORANGE, markersize=4)
        axes.text(*place, name, color="white", fontsize=6.5)
    axes.set(
        xlabel="weights of the outer pixels",
        ylabel="weights of the inner pixels",
        xlim=(-4, 4),
        ylim=(-4, 4),
        aspect="equal",
    )


def _steps(axes: Axes, arrays: Mapping[str, npt.NDArray[Any]], bias: float) -> None:
    steps = np.arange(len(arrays["blind_path"]))
    walks, blind = arrays["path_scores"][:SHOWN], arrays["blind_path_scores"]
    for k, (name, colour) in enumerate((("/", style.BLUE), ("\\", style.ORANGE))):
        axes.plot(steps, walks[:, :, k].T, color=colour, linewidth=0.5, alpha=0.6)
        axes.plot(steps, blind[:, k], color=colour, label=f"score of {name}")
    axes.axhline(bias, color="0.3", linestyle=":", linewidth=0.8)
    axes.text(steps[-1], bias - 0.25, "bias", fontsize=6.5, ha="right", va="top", color="0.3")
    axes.set(xlabel="step of gradient descent", ylabel="scalar product with the filter")
    axes.legend(loc="center right")
