"""Figure: both eras in one metric."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from chingolo import eras
from chingolo.figures import style

Arrays = Mapping[str, npt.NDArray[Any]]

KINDS = {
    eras.SAME_RECORDING: ("same theme,\nsame recording", style.BLUE),
    eras.SAME_THEME: ("same theme,\nother recordings", style.SKY),
    eras.SAME_ERA: ("today,\nother themes", style.BLACK),
    eras.ACROSS_SAME: ("across eras,\nsame theme", style.ORANGE),
    eras.ACROSS: ("across eras,\nother themes", style.PINK),
    eras.NULL: ("themes of nobody\nagainst today's", "0.5"),
}


def draw(arrays: Arrays, nearest: Sequence[Mapping[str, Any]], half: float, world: str) -> Figure:
    """Draw the map of both eras, and distances by what two songs have in common.

    Parameters
    ----------
    arrays : mapping
        Of :func:`chingolo.eras.map_of` and :func:`chingolo.eras.distances`.
    nearest : sequence of mapping
        Of :func:`chingolo.eras.neighbours`.
    half : float
        Distance at which *same theme* is as likely as not, by synthetic songs.
    world : str
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(style.PAGE, 3.4), width_ratios=[1.15, 1.0])
    _map(left, arrays, nearest)
    _distances(right, arrays, half)
    style.letter(left, "a")
    style.letter(right, "b")
    style.world_note(figure, world)
    return figure


def _map(axes: Axes, arrays: Arrays, nearest: Sequence[Mapping[str, Any]]) -> None:
    today = dict(zip(arrays["today_names"], arrays["today"], strict=True))
    old = dict(zip(arrays["old_names"], arrays["old"], strict=True))
    for one in nearest:
        ends = np.stack([old[one["sketch"]], today[one["theme"]]])
        line = "-" if one["mutual"] else ":"
        axes.plot(*ends.T, line, color="0.6", linewidth=0.8, zorder=1)
    for name, point in today.items():
        axes.plot(*point, "o", color=style.BLUE, markersize=4)
        axes.annotate(
            style.short(name), point, (2.5, 2.5), textcoords="offset points", fontsize=4.5,
            color=style.BLUE,
        )  # fmt: skip
    known = {one["sketch"]: one["truth"] for one in nearest}
    for name, point in old.items():
        filled = "none" if known[name] == "none" else "full"
        axes.plot(*point, "s", color=style.ORANGE, markersize=4, fillstyle=filled)
    handles = [
        Line2D([], [], marker="o", color=style.BLUE, linestyle="", label="today"),
        Line2D([], [], marker="s", color=style.ORANGE, linestyle="", label="old sketch"),
        Line2D([], [], marker="s", color=style.ORANGE, linestyle="", fillstyle="none",
                   label="old, of none of today's"),
        Line2D([], [], color="0.6", label="nearest, mutually"),
        Line2D([], [], color="0.6", linestyle=":", label="nearest, one way"),
    ]  # fmt: skip
    if not any(truth == "none" for truth in known.values()):
        del handles[2]
    axes.legend(handles=handles, fontsize=6, loc="upper center", bbox_to_anchor=(0.5, -0.16),
                ncols=3, frameon=False, markerscale=0.8)  # fmt: skip
    one, other = (100 * share for share in arrays["share"])
    axes.set(
        xticks=[], yticks=[], xlabel=f"principal component 1 ({one:.0f} % of variance)",
        ylabel=f"principal component 2 ({other:.0f} %)",
    )  # fmt: skip


def _distances(axes: Axes, arrays: Arrays, half: float) -> None:
    """Draw each kind's share of pairs up to a distance."""
    kinds = [kind for kind in KINDS if kind in arrays]
    for row, kind in enumerate(kinds):
        colour = KINDS[kind][1]
        d = np.sort(arrays[kind])
        low, first, middle, third, high = np.quantile(d, eras.QUANTILES)
        axes.hlines(row, low, high, color=colour, linewidth=1.0)
        axes.hlines(row, first, third, color=colour, linewidth=4.0)
        axes.plot(middle, row, "|", color="white", markersize=5, markeredgewidth=1.2)
        outside = d[(d < low) | (d > high)]
        axes.plot(outside, np.full(len(outside), row), ".", color=colour, markersize=1.2,
                  alpha=0.5, rasterized=True)  # fmt: skip
    axes.axvline(half, color="0.6", linewidth=0.7, linestyle=":")
    axes.set(xlabel="distance in the metric", ylim=(len(kinds) - 0.5, -0.5), xlim=(0, None))
    axes.set_yticks(
        range(len(kinds)), [f"{KINDS[kind][0]} ({len(arrays[kind]):,})" for kind in kinds]
    )
    axes.tick_params(axis="y", labelsize=6.5)
