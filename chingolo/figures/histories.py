"""Figure: persistence estimated in many simulated histories, beside the truth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.figures import style

Array = npt.NDArray[Any]


def _say(axes: Axes, found: Mapping[str, Any]) -> None:
    low, high = found["interval"]
    text = (
        f"coverage {100 * found['coverage']:.1f} % ({100 * low:.1f}–{100 * high:.1f})\n"
        f"bias {found['bias']:+.3f}"
    )
    axes.text(0.03, 0.97, text, transform=axes.transAxes, va="top", fontsize=7)


def intervals(axes: Axes, where: Array, table: Array) -> None:
    """Draw each history's estimate with its interval, in another colour where it misses the truth."""
    truth, share, low, high = table.T
    held = (low <= truth) & (truth <= high)
    for kind, colour in ((held, style.SKY), (~held, style.ORANGE)):
        axes.vlines(where[kind], low[kind], high[kind], color=colour, linewidth=0.5)
    for kind, colour, text in ((held, style.BLUE, "95 % interval holds the truth"),
                               (~held, style.ORANGE, "misses it")):  # fmt: skip
        axes.plot(where[kind], share[kind], "o", color=colour, markersize=1.4, label=text)
    axes.set(ylim=(-0.02, 1.3), ylabel="estimate")
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])


def rates(axes: Axes, pens: Mapping[str, Any]) -> None:
    """Draw the judge's sensitivity and false matches by hand."""
    for name, colour, shape in (("sensitivity", style.BLUE, "o"),
                                ("false_match_rate", style.ORANGE, "s")):  # fmt: skip
        known = [(k, pen[name]) for k, pen in enumerate(pens.values()) if pen[name]["n"]]
        label: str | None = name.replace("_match_rate", " matches")
        for k, found in known:
            axes.plot([k, k], found["interval"], color=colour, linewidth=0.9)
            axes.plot(k, found["share"], shape, color=colour, markersize=3.5, label=label)
            label = None
    axes.set_xticks(range(len(pens)), list(pens))
    axes.set(xlabel="errors of the hand", ylabel="share")
    axes.set(xlim=(-0.5, len(pens) - 0.5), ylim=(-0.05, 2.4), yticks=(0, 0.5, 1))
    axes.legend(loc="upper center", fontsize=6.5)


def closeness(axes: Axes, parts: Sequence[Mapping[str, Any]]) -> None:
    """Draw the share of lost themes that found a match by how close they are to the panel."""
    for part in parts:
        axes.plot([part["octaves"]] * 2, part["interval"], color=style.ORANGE, linewidth=0.9)
        axes.plot(part["octaves"], part["share"], "s", color=style.ORANGE, markersize=3.5)
    axes.set(xlabel="octaves to nearest theme", ylabel="false matches", ylim=(0, None))
    axes.locator_params(axis="x", nbins=4)


def draw(tables: Mapping[str, Array], summary: Mapping[str, Any], world: str) -> Figure:
    """Draw both estimates of every history beside the truth, and the judge's errors by pen.

    Parameters
    ----------
    tables : mapping of str to ndarray
        Of :func:`chingolo.truth.estimates`.
    summary : mapping
        Of :func:`chingolo.truth.study`.
    world : str
    """
    figure = plt.figure(figsize=(style.PAGE, 2.9))
    panels = figure.subplot_mosaic([["a", "b", "c"], ["a", "b", "d"]], width_ratios=(1.2, 1.2, 0.9))
    axes = list(panels.values())
    birds, theme = tables["by_birds"], tables["by_theme"]
    axes[0].plot([0, 1], [0, 1], color=style.BLACK, linewidth=0.7, zorder=3)
    intervals(axes[0], birds[:, 0], birds)
    low, high = birds[:, 0].min(), birds[:, 0].max()
    axes[0].set(xlabel="true share of the park's birds", xlim=(low - 0.03, high + 0.03))
    order = theme[np.argsort(theme[:, 1], kind="stable")]
    axes[1].axhline(theme[0, 0], color=style.BLACK, linewidth=0.7, zorder=3)
    intervals(axes[1], np.arange(1, len(order) + 1), order)
    axes[1].set(xlabel="histories, by estimate", xlim=(0, len(order) + 1))
    _say(axes[0], summary["estimates"]["by_birds"])
    _say(axes[1], summary["estimates"]["by_theme"])
    rates(axes[2], summary["pens"])
    closeness(axes[3], summary["by_closeness"])
    axes[0].set_title("by birds", fontsize=8)
    axes[1].set_title("by theme", fontsize=8)
    marks, texts = axes[1].get_legend_handles_labels()
    figure.legend(marks, texts, loc="lower left", ncols=2, fontsize=6.5, handletextpad=0.1)
    for text, panel in panels.items():
        style.letter(panel, text)
    style.world_note(figure, world)
    return figure
