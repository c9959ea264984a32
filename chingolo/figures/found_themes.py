"""Figure: themes found in songs without labels, as a tree of spectrograms."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.cluster import hierarchy

from chingolo.config import Picture
from chingolo.discovery import tree_of
from chingolo.figures import style
from chingolo.unlabelled import theme_name

Arrays = Mapping[str, npt.NDArray[Any]]

MOST = 40
"""Themes that are drawn; of more, those with the most songs."""


def draw(
    arrays: Arrays,
    scores: Mapping[str, Any],
    pictures: npt.NDArray[np.uint8],
    picture: Picture,
    world: str,
) -> Figure:
    """Draw the tree of themes, the exemplar of each, its songs, and how sure each song is.

    Parameters
    ----------
    arrays : mapping
        Fields of :class:`chingolo.discovery.Found`, ``between``, and ``truth`` by song.
    scores : mapping
        Of :func:`chingolo.discovery.agreement`.
    pictures : ndarray of uint8, shape (n, bands, frames)
    picture : Picture
    world : str
    """
    themes = min(MOST, len(arrays["exemplar"]))
    if themes < 2:
        figure, axes = plt.subplots(figsize=(style.COLUMN, 1.2))
        axes.text(
            0.5, 0.5, f"{themes} theme(s) found: nothing to compare", ha="center", va="center"
        )
        axes.axis("off")
        return figure
    tree = tree_of(arrays["between"][:themes, :themes])
    order = hierarchy.leaves_list(tree)[::-1]
    height = 0.21
    figure = plt.figure(figsize=(style.PAGE, height * themes + 0.9))
    grid = figure.add_gridspec(1, 3, width_ratios=[1.5, 2.4, 1.5])
    left, middle, right = (figure.add_subplot(grid[0, k]) for k in range(3))
    _tree(left, tree, themes)
    _thumbnails(middle, arrays, order, pictures, picture)
    _songs(right, arrays, order)
    for axes, text in ((left, "a"), (middle, "b"), (right, "c")):
        style.letter(axes, text)
    left.set_yticks([])
    middle.set_yticks([])
    right.set_yticks(range(themes), [_named(arrays, theme, scores) for theme in order], fontsize=6)
    right.yaxis.tick_right()
    style.world_note(figure, world)
    return figure


def _named(arrays: Arrays, theme: int, scores: Mapping[str, Any]) -> str:
    """Name a theme found and, where a listener marked its songs, what they called them."""
    name = theme_name(theme).removeprefix("theme-")
    if not scores["marked"]:
        return name
    own = arrays["truth"][arrays["theme"] == theme]
    called, many = np.unique(own[own != ""], return_counts=True)
    listed = [f"{one} ({n})" for one, n in zip(called, many, strict=True)]
    unmarked = int((own == "").sum())
    return f"{name}: " + ", ".join(listed + [f"unmarked ({unmarked})"] * (unmarked > 0))


def _tree(axes: Axes, tree: npt.NDArray[Any], themes: int) -> None:
    drawn = hierarchy.dendrogram(tree, no_plot=True)
    for place, apart in zip(drawn["icoord"], drawn["dcoord"], strict=True):
        # Leaves lie at 5, 15, ... from the tree's first; rows are counted from the top.
        rows = themes - 1 - (np.array(place) - 5.0) / 10.0
        axes.plot(apart, rows, color=style.BLACK, linewidth=0.7)
    axes.set(ylim=(themes - 0.5, -0.5), xlabel="mean distance\nbetween songs")
    axes.set_xlim(left=axes.get_xlim()[1], right=0.0)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)


def _thumbnails(
    axes: Axes,
    arrays: Arrays,
    order: npt.NDArray[Any],
    pictures: npt.NDArray[np.uint8],
    picture: Picture,
) -> None:
    """Draw the exemplars, one below the other, with thin gaps."""
    seconds = picture.frames * picture.hop / picture.rate_hz
    for row, theme in enumerate(order):
        axes.imshow(
            pictures[arrays["exemplar"][theme]], cmap="gray_r", vmin=0, vmax=255, origin="lower",
            extent=(0, seconds, row + 0.46, row - 0.46), aspect="auto", rasterized=True,
        )  # fmt: skip
    low, high = picture.low_hz / 1000, picture.high_hz / 1000
    axes.set(
        xlim=(0, seconds), ylim=(len(order) - 0.5, -0.5),
        xlabel=f"time (s); pitch {low:g}–{high:g} kHz, mel",
    )  # fmt: skip


def _songs(axes: Axes, arrays: Arrays, order: npt.NDArray[Any]) -> None:
    """Draw every song's certainty."""
    doubtful = (arrays["theme"] < 0) | (arrays["certainty"] <= 0)
    for row, theme in enumerate(order):
        own = np.flatnonzero(arrays["theme"] == theme)
        for again, colour, marker in ((False, style.BLUE, "o"), (True, style.ORANGE, "x")):
            shown = own[doubtful[own] == again]
            axes.plot(
                arrays["certainty"][shown], np.full(len(shown), row), marker, color=colour,
                markersize=2.8, linestyle="", markeredgewidth=0.7, alpha=0.8,
            )  # fmt: skip
    axes.axvline(0.0, color="0.6", linewidth=0.6, linestyle=":")
    axes.set(
        xlim=(-1.03, 1.03),
        ylim=(len(order) - 0.5, -0.5),
        xlabel="certainty of each song\n(silhouette)",
    )
    axes.yaxis.grid(visible=True, linewidth=0.3, color="0.9")
