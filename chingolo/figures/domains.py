"""Figure: the song, or the kind of picture; sketches as drawings, and as songs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from chingolo.figures import style
from chingolo.probing import DRAWN, HEARD, SONGS, SUNG

Arrays = Mapping[str, npt.NDArray[Any]]

SAW = {"songs": "songs alone", "both": "songs and drawings"}
SORTS = {
    "image": "the picture itself",
    "layer": "network, songs alone",
    "layer_both": "network, both",
    "embedding": "siamese metric",
}
SINGING = {
    "before": ("sketches as drawings", style.ORANGE, "o"),
    "after": ("sketches sung", style.BLUE, "s"),
    "null": ("songs against songs", "0.5", "D"),
}


def kinds(world: str) -> dict[str, tuple[str, str, str]]:
    """Label, colour and marker of each kind of picture."""
    heard = "field songs (simulated)" if world == "simulated" else "real songs"
    return {
        HEARD: (heard, style.BLACK, "."),
        SONGS: ("synthetic songs", style.SKY, "o"),
        DRAWN: ("sketches as drawings", style.ORANGE, "x"),
        SUNG: ("the same sketches, sung", style.PINK, "+"),
    }


def draw(scores: Mapping[str, Any], arrays: Arrays, world: str) -> Figure:
    """Draw one sketch in its two forms, the four cells, the probes, and the latent pictures.

    Parameters
    ----------
    scores : mapping
        Of :func:`chingolo.probing.gather`.
    arrays : mapping
        Of :func:`chingolo.latent.pictures_in_two`, and of :func:`chingolo.domains.example`.
    world : str
    """
    figure = plt.figure(figsize=(style.PAGE, 5.9))
    upper, lower = np.ravel(figure.subfigures(2, 1, height_ratios=[2.2, 3.7]))  # type: ignore[arg-type]
    grid = upper.add_gridspec(2, 3, width_ratios=[1.0, 1.2, 1.3])
    for row, (kind, title) in enumerate(((DRAWN, "drawn"), (SUNG, "sung"))):
        axes = upper.add_subplot(grid[row, 0])
        axes.imshow(
            arrays[f"example_{kind}"], cmap="gray_r", vmin=0, vmax=255, origin="lower", aspect="auto",
            rasterized=True,
        )  # fmt: skip
        axes.set(xticks=[], yticks=[], title=title)
        if row == 0:
            style.letter(axes, "a")
    _cells(upper.add_subplot(grid[:, 1]), scores["cells"])
    _probes(upper.add_subplot(grid[:, 2]), scores["probes"])
    panels = lower.subplots(2, 2)
    for column, (when, sketches) in enumerate((("before", DRAWN), ("after", SUNG))):
        for row, view in enumerate(("pca", "umap")):
            axes = panels[row, column]
            _points(axes, arrays, when, view, sketches, world)
            style.letter(axes, "defg"[row * 2 + column])
    handles = [
        Line2D([], [], marker=marker, color=colour, linestyle="", markersize=4, label=label)
        for label, colour, marker in kinds(world).values()
    ]
    lower.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=7, frameon=False)
    style.world_note(figure, world)
    return figure


def _cells(axes: Axes, cells: Mapping[str, Any]) -> None:
    """Draw accuracy by what a network saw and how sketches are shown."""
    lowest = 1.0
    for offset, (kind, when) in enumerate(((DRAWN, "before"), (SUNG, "after"))):
        _, colour, marker = SINGING[when]
        for place, saw in enumerate(SAW):
            told = cells[saw][kind]["accuracy"]
            x = place + 0.4 * (offset - 0.5)
            if told["interval"]:
                axes.vlines(x, *told["interval"], color=colour, linewidth=1.2)
            axes.plot(x, told["mean"], marker, color=colour, markersize=5)
            low = told["interval"][0] if told["interval"] else told["mean"]
            lowest = min(lowest, low)
            axes.annotate(
                f"{told['mean']:.3f}", (x, low), (0, -4), textcoords="offset points", fontsize=6.5,
                va="top", ha="center",
            )  # fmt: skip
    axes.set(
        xlim=(-0.6, 1.6), ylim=(max(0.0, lowest - 0.12), 1.02), xticks=[0, 1], xlabel="network saw",
        ylabel="sketches named right", xticklabels=[SAW["songs"], "songs and\ndrawings"],
    )  # fmt: skip
    style.letter(axes, "b")


def _probes(axes: Axes, probes: Mapping[str, Any]) -> None:
    """Draw how well a probe tells sketches from songs, by what it sees."""
    for row, sort in enumerate(SORTS):
        for when, (label, colour, marker) in SINGING.items():
            told = probes[sort][when]
            if told["interval"]:
                axes.hlines(row, *told["interval"], color=colour, linewidth=1.2)
            axes.plot(
                told["mean"], row, marker, color=colour, markersize=4.5, linestyle="",
                label=label if row == 0 else None,
            )  # fmt: skip
    axes.axvline(0.5, color="0.6", linewidth=0.7, linestyle=":")
    axes.set(
        xlim=(0.3, 1.03), ylim=(len(SORTS) - 0.4, -2.3), yticks=range(len(SORTS)),
        yticklabels=list(SORTS.values()), xlabel="balanced accuracy of a probe",
    )  # fmt: skip
    axes.legend(loc="upper left", fontsize=6.5, frameon=False, borderaxespad=0.0)
    style.letter(axes, "c")


def _points(axes: Axes, arrays: Arrays, when: str, view: str, sketches: str, world: str) -> None:
    """Draw one latent picture."""
    for kind, (_, colour, marker) in kinds(world).items():
        if kind in (DRAWN, SUNG) and kind != sketches:
            continue
        points = arrays[f"{when}_{view}_{kind}"]
        axes.plot(
            points[:, 0], points[:, 1], marker, color=colour, markersize=3, linestyle="",
            markeredgewidth=0.7, alpha=0.75, rasterized=True,
        )  # fmt: skip
    name = {"pca": "principal component", "umap": "UMAP"}[view]
    axes.set(xticks=[], yticks=[], xlabel=f"{name} 1", ylabel=f"{name} 2")
    if view == "pca":
        axes.set_title("before singing" if when == "before" else "after singing")
