"""Figure: filters before and after learning, three walks down the gradient, and badly drawn symbols."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from chingolo.figures import style
from chingolo.figures.screen import numbered

COLOURS = {"full": style.BLUE, "mini": style.GREEN, "stochastic": style.ORANGE}
"""Of the three ways of walking down the gradient."""


def draw(numbers: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Figure:
    """Draw what learning did, how fast by either measure, and what it is good for.

    Parameters
    ----------
    numbers, arrays : mapping
        Of :func:`chingolo.primer.larger_screen`.
    """
    figure = plt.figure(figsize=(style.PAGE, 2.4))
    parts = cast(Sequence[SubFigure], figure.subfigures(1, 2, width_ratios=[0.2, 0.8]))
    before, after = arrays["filters_before"][0], arrays["filters_after"][0]
    small = parts[0].subplots(len(before), 2, squeeze=False)
    limit = float(np.abs(after).max())
    for row, pair in zip(small, zip(before, after, strict=True), strict=True):
        for panel, filter_ in zip(row, pair, strict=True):
            numbered(panel, filter_, limit)
    small[0, 0].set_title("before")
    small[0, 1].set_title("after")
    small[0, 0].text(
        -0.2, 1.28, "a", transform=small[0, 0].transAxes, fontweight="bold", fontsize=9
    )
    panels = parts[1].subplots(1, 3)
    for panel, along, unit in zip(
        panels, ("epochs", "seconds"), ("epochs", "time (s)"), strict=False
    ):
        _walks(panel, along, arrays, numbers["descents"])
        panel.set(xlabel=unit, ylabel="cross-entropy (nats)")
    panels[0].legend(title="pictures a step", title_fontsize=7, loc="upper right")
    _flips(panels[2], numbers["accuracy"])
    for panel, name in zip(panels, "bcd", strict=True):
        style.letter(panel, name)
    return figure


def _walks(
    axes: Axes, along: str, arrays: Mapping[str, npt.NDArray[Any]], ends: Mapping[str, Any]
) -> None:
    """Draw losses after the first step on; the ways differ much in length, hence the logarithmic axes."""
    for way, colour in COLOURS.items():
        x, curves = arrays[f"{way}_{along}"], arrays[f"{way}_loss"]
        axes.plot(x[1:], curves[:, 1:].T, color=colour, linewidth=0.4, alpha=0.6)
        axes.plot(x[1:], curves[:, 1:].mean(axis=0), color=colour, label=str(ends[way]["batch"]))
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_ylim(bottom=0)


def _flips(axes: Axes, table: Sequence[Mapping[str, Any]]) -> None:
    share = [100 * row["flips"] for row in table]
    axes.plot(share, [row["best"] for row in table], ":", color="0.4", label="best possible")
    axes.fill_between(
        share,
        [row["learned"]["low"] for row in table],
        [row["learned"]["high"] for row in table],
        color=style.GREEN,
        alpha=0.25,
        linewidth=0,
    )
    learned = [row["learned"]["mean"] for row in table]
    axes.plot(share, learned, color=style.GREEN, marker=".", label="learned")
    by_hand = [row["by_hand"] for row in table]
    axes.plot(share, by_hand, color=style.BLACK, marker=".", label="set by hand")
    axes.set(xlabel="pixels flipped (%)", ylabel="share named right", ylim=(0, 1.02))
    axes.legend(loc="lower left")
