"""Figure: symbols on a larger screen, followed through the layers of a network set by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.figures import style

PALE = 2.2
"""Colour scale of maps of 1 and -1, wide enough to leave their numbers readable."""


def numbered(axes: Axes, values: npt.NDArray[Any], limit: float, size: float = 5.5) -> None:
    """Draw a small map with its numbers in its cells, blue above 0, orange below."""
    axes.imshow(values, cmap="RdYlBu", vmin=-limit, vmax=limit, origin="upper", aspect="equal")
    for (row, column), value in np.ndenumerate(values):
        rounded = round(float(value), 1) + 0.0  # no minus before a zero
        text = f"{rounded:.0f}" if float(value).is_integer() else f"{rounded:.1f}"
        colour = "white" if abs(value) > 0.7 * limit else "black"
        axes.text(
            column,
            row,
            text.replace("-", "−"),
            ha="center",
            va="center",
            fontsize=size,
            color=colour,
        )
    bare(axes)


def bare(axes: Axes) -> None:
    """Take the ticks off, and leave a thin frame."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=0.4, color="0.5")


def draw(names: Sequence[str], arrays: Mapping[str, npt.NDArray[Any]]) -> Figure:
    """Draw one row a symbol: picture, scores, what was found, pooled, unrolled, probabilities.

    Parameters
    ----------
    names : sequence of str
        Of the symbols.
    arrays : mapping
        Of :func:`chingolo.primer.larger_screen`.
    """
    filters = arrays["by_hand_filters"]
    many = len(filters)
    columns = 1 + 3 * many + 2
    rows = len(names)
    height, width = arrays["drawings"].shape[1:]
    vector = arrays["by_hand_vector"]
    ratios = [1.0, *[1.0] * (2 * many), *[0.62] * many, 0.55, 1.1]
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(style.PAGE, 0.35 + 0.92 * rows),
        gridspec_kw={"width_ratios": ratios},
        squeeze=False,
    )
    limit = np.abs(arrays["by_hand_products"]).max()
    for row, panels in enumerate(axes):
        panels[0].imshow(arrays["drawings"][row], cmap="Greys", vmin=-1, vmax=1.2, origin="upper",
                         aspect="equal")  # fmt: skip
        bare(panels[0])
        for k in range(many):
            numbered(panels[1 + k], arrays["by_hand_products"][row, k], limit)
            numbered(panels[1 + many + k], arrays["by_hand_found"][row, k], PALE)
            numbered(panels[1 + 2 * many + k], arrays["by_hand_pooled"][row, k], PALE)
        numbered(panels[-2], vector[row][:, None], PALE, 5.0)
        _bars(panels[-1], names, arrays["by_hand_probabilities"][row], row == rows - 1)
    titles = (
        [f"{width} × {height} pixels"]
        + [f"scores with\n{_written(f)}" for f in filters]
        + ["found?"] * many
        + ["pooled"] * many
        + ["vector", "probability"]
    )
    for panel, title in zip(axes[0], titles, strict=True):
        panel.set_title(title, fontsize=6.5)
    return figure


def _written(filter_: npt.NDArray[Any]) -> str:
    numbers = [f"{x:g}".replace("-", "−") for x in filter_.ravel()]
    return f"({', '.join(numbers)})"


def _bars(axes: Axes, names: Sequence[str], p: npt.NDArray[Any], last: bool) -> None:
    axes.barh(np.arange(len(names)), p, color=style.BLUE, height=0.7)
    axes.set(xlim=(0, 1), yticks=np.arange(len(names)), yticklabels=names)
    axes.invert_yaxis()
    axes.tick_params(labelsize=6, length=2)
    if not last:
        axes.set_xticklabels([])
