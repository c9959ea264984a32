"""Figure: who sings what in the simulated park, in the first and in the last year."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.spatial import Voronoi

from chingolo.figures import style

Array = npt.NDArray[Any]

COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.PINK, style.YELLOW, style.SKY)
MARKS = "osD^vP*Xh<>p"
"""One a theme, so that two themes of one colour differ: the second six are drawn hollow, too."""

RARE = "0.6"


def commonest(themes: Array) -> dict[int, int]:
    """Labels of the twelve themes with most singers in both years together, each with its rank."""
    labels, singers = np.unique(themes[[0, -1]], return_counts=True)
    order = np.lexsort((labels, -singers))[: len(MARKS)]
    return {int(labels[k]): rank for rank, k in enumerate(order)}


def tint(rank: int | None, share: float) -> tuple[float, float, float]:
    """Colour of a theme by its rank, mixed with white; `share` is the colour's."""
    r, g, b = to_rgb(RARE if rank is None else COLOURS[rank % len(COLOURS)])
    return (share * r + 1.0 - share, share * g + 1.0 - share, share * b + 1.0 - share)


def mark(rank: int) -> dict[str, Any]:
    """How a theme's birds are marked."""
    colour, hollow = COLOURS[rank % len(COLOURS)], rank >= len(COLOURS)
    face = "white" if hollow else colour
    return {"marker": MARKS[rank], "markerfacecolor": face, "markeredgecolor": colour}


def story(history: Mapping[str, Array], label: int) -> str:
    """Say a theme's sketch in the notebook and its name in the panel, e.g. ``sketch 02 = today 05``."""
    own = history["labels"] == label
    origins = dict(zip(history["names"][own].tolist(), history["origins"][own], strict=True))
    pages, todays = ([n for n in origins if n.startswith(kind)] for kind in ("sketch", "today"))
    names = " = ".join(name.replace("-", " ") for name in pages + todays) or "unobserved"
    if pages and not todays:
        return f"{names} ({'not recorded' if (history['themes'][-1] == label).any() else 'lost'})"
    if todays and not pages:
        origin = origins[todays[0]]
        return f"{names} ({'not noted' if origin == 'sung before' else origin})"
    return names


def _territories(axes: Axes, place: Array, size: Array, ranks: list[int | None]) -> None:
    """Colour what lies nearest to each bird; the park's edges are joined."""
    shifts = [np.array([i, j]) * size for j in (-1, 0, 1) for i in (-1, 0, 1)]
    cells = Voronoi(np.concatenate([place + shift for shift in shifts]))
    polygons, colours = [], []
    for k, region in enumerate(cells.point_region):
        corners = cells.regions[region]
        if corners and -1 not in corners:
            polygons.append(cells.vertices[corners])
            rank = ranks[k % len(ranks)]
            colours.append(tint(rank, 0.25 if rank is None else 0.5))
    axes.add_collection(PolyCollection(polygons, facecolors=colours, edgecolors="white", lw=0.6))


def draw(history: Mapping[str, Array], world: str) -> Figure:
    """Draw the park in the first and in the last year.

    Parameters
    ----------
    history : mapping of str to ndarray
        ``years``; ``themes`` by year and bird; ``place_m``, ``size_m``; ``noted`` and ``recorded`` birds;
        ``names``, ``labels`` and ``origins`` of sketches and panel.
    world : str
    """
    themes, place, size = history["themes"], history["place_m"], history["size_m"]
    known = commonest(themes)
    figure, axes = plt.subplots(1, 2, figsize=(style.PAGE, 3.9))
    panels = [(0, "noted", history["noted"]), (-1, "recorded", history["recorded"])]
    for panel, (year, word, observed), text in zip(axes, panels, "ab", strict=True):
        ranks = [known.get(int(label)) for label in themes[year]]
        _territories(panel, place, size, ranks)
        for (x, y), rank in zip(place, ranks, strict=True):
            look = {"marker": ".", "color": "0.45"} if rank is None else mark(rank)
            panel.plot(x, y, markersize=2.5 if rank is None else 3.6, markeredgewidth=0.7, **look)
        panel.plot(
            *place[observed].T, "o", markersize=8.5, markeredgewidth=0.8,
            markerfacecolor="none", markeredgecolor=style.BLACK,
        )  # fmt: skip
        panel.set(xlim=(0, size[0]), ylim=(0, size[1]), xticks=[], yticks=[], aspect="equal")
        panel.spines[["left", "bottom"]].set_visible(False)
        style.letter(panel, text)
        many = np.unique(themes[year]).size
        panel.set_title(
            f"{history['years'][year]}: {many} themes, {observed.size} birds {word}",
            loc="right", fontsize=7.5,
        )  # fmt: skip
    bar = 200.0
    axes[0].plot(
        [0, bar], [-0.035 * size[1]] * 2, color=style.BLACK, linewidth=2, solid_capstyle="butt",
        clip_on=False,
    )  # fmt: skip
    axes[0].text(bar + 0.015 * size[0], -0.035 * size[1], f"{bar:.0f} m", va="center", fontsize=7)
    handles = [
        Line2D([], [], linestyle="", label=story(history, label), **mark(rank))
        for label, rank in known.items()
    ]
    handles += [Line2D([], [], linestyle="", marker=".", color="0.45", label="a rarer theme")]
    handles += [
        Line2D([], [], linestyle="", marker="o", markersize=8.5, markerfacecolor="none",
               markeredgecolor=style.BLACK, markeredgewidth=0.8, label="noted, recorded")
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="outside lower left", ncols=4, fontsize=6.5, handletextpad=0.2,
        columnspacing=1.0,
    )  # fmt: skip
    style.world_note(figure, world)
    return figure
