"""Figure: themes found by the birds noted and recorded, and those probably missed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from chingolo.effort import rarefaction
from chingolo.figures import style


def sample(axes: Axes, entry: Mapping[str, Any], colour: str) -> None:
    """Draw one sample's rarefaction curve with its band, and the estimates to the right of it."""
    birds = entry["birds"]
    found = rarefaction(np.array(entry["abundances"]), range(1, birds + 1))
    axes.fill_between(found.birds, found.low, found.high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(found.birds, found.themes, color=colour)
    estimates = (("chao1", "D", "Chao1"), ("chao1_of_park", "o", "Chao1 of a known park"))
    for k, (key, mark, name) in enumerate(estimates):
        richness, x = entry[key], birds * (1.1 + 0.1 * k)
        if richness is not None:
            axes.plot([x, x], richness["interval"], color=style.BLACK, linewidth=0.9)
            axes.plot(x, richness["themes"], mark, color=style.BLACK, markersize=4, label=name)
    if entry["sung"] is not None:
        axes.axhline(entry["sung"], color=style.GREEN, linestyle="--", label="truly sung")
    axes.set(yscale="log", xlim=(0, 1.28 * birds))
    ticks = MaxNLocator(6, integer=True).tick_values(0, birds)
    axes.set_xticks(ticks[ticks <= birds])


def draw(efforts: Mapping[str, Any], world: str) -> Figure:
    """Draw the notebook's sampling effort beside today's.

    Parameters
    ----------
    efforts : mapping
        Of :func:`chingolo.effort.efforts`.
    world : str
    """
    figure, axes = plt.subplots(1, 2, figsize=(style.PAGE, 2.4), sharey=True)
    names = (("then", "birds noted then"), ("today", "birds recorded today"))
    for axis, (key, name), colour in zip(axes, names, (style.BLUE, style.ORANGE), strict=True):
        if efforts[key] is None:
            axis.text(0.5, 0.5, "no theme was met twice", transform=axis.transAxes, ha="center")
        else:
            sample(axis, efforts[key], colour)
        axis.set_xlabel(name)
    known = [e for e in efforts.values() if e is not None]
    reach = [e[k]["interval"][1] for e in known for k in ("chao1", "chao1_of_park") if e[k]]
    top = max(reach, default=10)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if t <= 1.2 * top]
    axes[0].set_yticks(ticks, [str(t) for t in ticks])
    axes[0].set(ylabel="themes", ylim=(0.9, 1.2 * top))
    axes[0].minorticks_off()
    axes[1].minorticks_off()
    marks = {h.get_label(): h for axis in axes for h in axis.get_legend_handles_labels()[0]}
    found = Line2D([], [], color="0.35", label="found, 95 %")
    if marks:
        figure.legend(handles=[found, *marks.values()], loc="outside upper center", ncols=4)
    style.letter(axes[0], "a")
    style.letter(axes[1], "b")
    style.world_note(figure, world)
    return figure
