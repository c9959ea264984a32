"""Figure: today's themes on a map of the sites they were recorded at."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.config import Picture
from chingolo.figures import style
from chingolo.sites import Site

MOST = 40
"""Themes that are drawn, at most."""


def draw(
    sites: Sequence[Site],
    pictures: Mapping[str, npt.NDArray[np.uint8]],
    picture: Picture,
    world: str,
) -> Figure:
    """Draw a map without tiles: places by longitude and latitude, and each theme's picture beside it.

    Parameters
    ----------
    sites : sequence of Site
        From north to south.
    pictures : mapping of str to ndarray of uint8, shape (bands, frames)
        Of each theme's enrolled song.
    picture : Picture
    world : str
    """
    shown = [(site, theme) for site in sites for theme in site.themes][:MOST]
    if not shown:
        figure, axes = plt.subplots(figsize=(style.COLUMN, 1.2))
        axes.text(0.5, 0.5, "no recording has coordinates", ha="center", va="center")
        axes.axis("off")
        return figure
    west = sorted(shown, key=lambda one: one[0].longitude)[: (len(shown) + 1) // 2]
    columns = [[one for one in shown if one in west], [one for one in shown if one not in west]]
    rows = max(len(column) for column in columns)
    figure = plt.figure(figsize=(style.PAGE, min(8.5, max(3.2, 0.62 * rows + 0.9))))
    grid = figure.add_gridspec(rows, 3, width_ratios=[1.0, 1.3, 1.0])
    centre = figure.add_subplot(grid[:, 1])
    _map(centre, sites)
    for column, side in zip(columns, (0, 2), strict=True):
        for k, (site, theme) in enumerate(column):
            axes = figure.add_subplot(grid[k * rows // max(1, len(column)), side])
            _theme(axes, theme, site, pictures[theme], picture)
            _lead(axes, centre, site, side)
    style.world_note(figure, world)
    return figure


def _map(axes: Axes, sites: Sequence[Site]) -> None:
    longitude, latitude = (
        np.array([getattr(s, f) for s in sites]) for f in ("longitude", "latitude")
    )
    axes.plot(longitude, latitude, "o", color=style.ORANGE, markersize=5, zorder=3)
    middle = float(np.radians(latitude.mean()))
    axes.margins(0.08)
    axes.set(
        # A degree of longitude is as much shorter as the cosine of the latitude says.
        aspect=1.0 / max(0.2, float(np.cos(middle))), adjustable="datalim",
        xlabel="longitude (°)", ylabel="latitude (°)",
    )  # fmt: skip
    axes.grid(visible=True, linewidth=0.4, color="0.88")


def _theme(
    axes: Axes, theme: str, site: Site, shown: npt.NDArray[np.uint8], picture: Picture
) -> None:
    seconds = picture.frames * picture.hop / picture.rate_hz
    axes.imshow(
        shown, cmap="gray_r", vmin=0, vmax=255, origin="lower", aspect="auto", rasterized=True,
        extent=(0, seconds, 0, 1),
    )  # fmt: skip
    axes.set(xticks=[], yticks=[])
    place = textwrap.shorten(site.name.split(",")[0], 28, placeholder="…")
    axes.set_title(f"{style.short(theme)} · {place}", fontsize=6, pad=2)


def _lead(axes: Axes, centre: Axes, site: Site, side: int) -> None:
    """Lead a line from a theme's picture to its site."""
    edge = (1.0, 0.5) if side == 0 else (0.0, 0.5)
    centre.annotate(
        "", (site.longitude, site.latitude), edge, xycoords="data", textcoords=axes.transAxes,
        arrowprops={"arrowstyle": "-", "color": "0.55", "linewidth": 0.6}, annotation_clip=False,
    )  # fmt: skip
