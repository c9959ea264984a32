"""Figure: both eras in one metric."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

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


PLACES = (
    ((3, 2), "left", "bottom"),
    ((3, -2), "left", "top"),
    ((-3, 2), "right", "bottom"),
    ((-3, -2), "right", "top"),
    ((0, 4), "center", "bottom"),
    ((0, -4), "center", "top"),
    ((5, 0), "left", "center"),
    ((-5, 0), "right", "center"),
)
"""Where a name may stand beside its mark: points to the right and up, and which of its ends stands there."""


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
    today = dict(zip(arrays["today_names"], arrays["today"], strict=True))
    _name(left, today, [*arrays["today"], *arrays["old"]])  # last: names depend on the final layout
    return figure


def _map(axes: Axes, arrays: Arrays, nearest: Sequence[Mapping[str, Any]]) -> None:
    today = dict(zip(arrays["today_names"], arrays["today"], strict=True))
    old = dict(zip(arrays["old_names"], arrays["old"], strict=True))
    for one in nearest:
        ends = np.stack([old[one["sketch"]], today[one["theme"]]])
        line = "-" if one["mutual"] else ":"
        axes.plot(*ends.T, line, color="0.6", linewidth=0.8, zorder=1)
    for point in today.values():
        axes.plot(*point, "o", color=style.BLUE, markersize=4)
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


def _name(axes: Axes, today: Mapping[str, Any], points: Sequence[Any]) -> None:
    """Write each theme's name beside its mark, where it hides fewest marks and names already there."""
    axes.figure.canvas.draw()
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    marks = [Bbox.from_bounds(x - 4, y - 4, 8, 8) for x, y in axes.transData.transform(points)]
    taken: list[Bbox] = []
    for name, point in today.items():
        tried: list[tuple[int, int, Annotation, Bbox]] = []
        for place, across, up in PLACES:
            text = axes.annotate(
                style.short(name), point, place, textcoords="offset points", fontsize=4.5,
                color=style.BLUE, ha=across, va=up,
            )  # fmt: skip
            box = text.get_window_extent(renderer)
            hidden = sum(box.overlaps(other) for other in marks) + 3 * sum(
                box.overlaps(other) for other in taken
            )
            outside = not axes.bbox.contains(box.x0, box.y0) or not axes.bbox.contains(
                box.x1, box.y1
            )
            tried.append((hidden + 2 * outside, len(tried), text, box))
        _, best, _, box = min(tried, key=lambda one: one[:2])
        for _, number, text, _ in tried:
            if number != best:
                text.remove()
        taken.append(box)


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
