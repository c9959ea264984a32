"""Figure: themes found by the birds noted and recorded, and those probably missed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.effort import rarefaction
from chingolo.figures import style


def sample(axes: Axes, entry: Mapping[str, Any], colour: str) -> None:
    """Draw one sample's rarefaction curve with its band, and the estimates to the right of it."""
    birds = entry["birds"]
    found = rarefaction(np.array(entry["abundances"]), range(birds + 1))
    axes.fill_between(found.birds, found.low, found.high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(found.birds, found.themes, color=colour, label="found, 95 %")
    estimates = (("chao1", "D", "Chao1"), ("chao1_of_park", "o", "Chao1 of a known park"))
    for k, (key, mark, name) in enumerate(estimates):
        richness, x = entry[key], birds * (1.1 + 0.1 * k)
        if richness is not None:
            axes.plot([x, x], richness["interval"], color=style.BLACK, linewidth=0.9)
            axes.plot(x, richness["themes"], mark, color=style.BLACK, markersize=4, label=name)
    if entry["sung"] is not None:
        axes.axhline(entry["sung"], color=style.GREEN, linestyle="--", label="truly sung")
    axes.set(ylabel="themes", xlim=(0, 1.28 * birds), ylim=(0, None))
    axes.xaxis.get_major_locator().set_params(nbins=7, integer=True)


def draw(efforts: Mapping[str, Any], world: str) -> Figure:
    """Draw the notebook's sampling effort beside today's.

    Parameters
    ----------
    efforts : mapping
        Of :func:`chingolo.effort.efforts`.
    world : str
    """
    figure, axes = plt.subplots(1, 2, figsize=(style.PAGE, 2.4))
    names = (("then", "birds noted then"), ("today", "birds recorded today"))
    for axis, (key, name), colour in zip(axes, names, (style.BLUE, style.ORANGE), strict=True):
        if efforts[key] is None:
            axis.text(0.5, 0.5, "no theme was met twice", transform=axis.transAxes, ha="center")
        else:
            sample(axis, efforts[key], colour)
        axis.set_xlabel(name)
    handles = {h.get_label(): h for axis in axes for h in axis.get_legend_handles_labels()[0]}
    if handles:
        figure.legend(handles=list(handles.values()), loc="outside upper center", ncols=4)
    style.letter(axes[0], "a")
    style.letter(axes[1], "b")
    style.world_note(figure, world)
    return figure
