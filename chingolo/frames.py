"""Axes from a drawn frame: its edges, and the ticks along them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

from chingolo import ink as inks
from chingolo.axes import Axes
from chingolo.errors import InputError
from chingolo.pages import Frame, Ticks

Array = npt.NDArray[np.float64]
Grey = npt.NDArray[np.float32]

TURN = 0.12
"""Largest turn of a page whose frame is looked for, as a tangent: 7 degrees (our choice, as all here)."""

SHARE = 0.45
"""An edge of a frame covers at least this share of the part of the page that it is looked for in."""

OUT = (0.003, 0.009)
"""Where ticks are looked for: so far from an edge, in shares of the page's longer side."""


class Edges(NamedTuple):
    """A frame, or two axes: lines ``y = place + slope * (x - middle)``, and so for columns.

    Attributes
    ----------
    rows : ndarray, shape (2,)
        Upper and lower edge, at half the width; the upper is the picture's border where there is none.
    columns : ndarray, shape (2,)
        Left and right edge, at half the height; the right may be the picture's border.
    whole : bool
        Whether there are four edges.
    across, down : float
        Slopes of rows and of columns.
    middle : ndarray, shape (2,)
        x and y of the middle of the picture.
    """

    rows: Array
    columns: Array
    across: float
    down: float
    middle: Array
    whole: bool


def find_frame(grey: Grey, place: str) -> Edges:
    """Find the frame drawn on a page.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
    place : str
        File and song named in errors.

    Returns
    -------
    Edges

    Raises
    ------
    InputError
        There is no dark straight line below, or none to the left.
    """
    ink, widest = inks.even(grey), inks.widest_line(grey)
    height, width = grey.shape
    across, rows = _edges(ink, widest, TURN, 0.0)
    # The strokes of a trill are alike and steep: its frame stands square on its lower edge.
    down, columns = _edges(ink.T, widest, inks.TURN, -across)
    lower = [r for r in rows if r > 0.4 * height]
    left = [c for c in columns if c < 0.6 * width]
    for found, name in ((lower, "lower"), (left, "left")):
        if not found:
            raise InputError(
                place,
                f"no drawn frame was found: its {name} edge is missing",
                "mark two times and two frequencies instead",
            )
    whole = len(rows) > 1 and len(columns) > 1
    return Edges(
        np.array([rows[0] if len(rows) > 1 else 0.0, lower[-1]]),
        np.array([left[0], columns[-1] if len(columns) > 1 else width - 1.0]),
        across,
        down,
        np.array([width / 2, height / 2]),
        whole,
    )


def _edges(ink: Grey, widest: int, turn: float, about: float) -> tuple[float, list[float]]:
    """Slope and places of the dark lines along rows."""
    height, width = ink.shape
    thin = ink - ndimage.grey_opening(ink, size=(2 * widest + 1, 1))
    _, dark = inks.threshold(thin)
    seen = thin > dark
    slope = inks.slope_of_lines(seen, turn, about)
    shifts = np.round(slope * (np.arange(width) - width / 2)).astype(int)
    index = np.arange(height)[:, None] + shifts[None]
    outside = (index < 0) | (index >= height)
    straight = np.take_along_axis(seen, np.clip(index, 0, height - 1), 0) & ~outside
    wide = ndimage.maximum_filter1d(straight, 3, axis=0)
    covered = ndimage.gaussian_filter1d(wide.mean(axis=1), 1.0)
    peaks, _ = signal.find_peaks(covered, height=SHARE, distance=3 * widest)
    return slope, [float(p) for p in peaks]


def axes_from_frame(edges: Edges, frame: Frame, place: str) -> Axes:
    """Axes of a frame whose edges' values are known.

    Raises
    ------
    InputError
        It lacks an edge.
    """
    if not edges.whole:
        raise InputError(
            place,
            "the drawn frame has no upper or no right edge",
            "give its ticks, or mark two times and two frequencies",
        )
    left, right = edges.columns
    top, bottom = edges.rows
    return _axes(
        edges,
        (frame.s[1] - frame.s[0]) / (right - left),
        frame.s[0],
        left,
        1000.0 * (frame.khz[1] - frame.khz[0]) / (top - bottom),
        1000.0 * frame.khz[0],
        bottom,
    )


def _axes(
    edges: Edges, seconds: float, s: float, column: float, hertz: float, hz: float, row: float
) -> Axes:
    """Axes along a frame's edges, from values at one column and one row and by pixel."""
    matrix = np.array([[seconds, -seconds * edges.down], [-hertz * edges.across, hertz]])
    offset = np.array(
        [
            s - seconds * (column - edges.down * edges.middle[1]),
            hz - hertz * (row - edges.across * edges.middle[0]),
        ]
    )
    return Axes(matrix, offset)


def axes_from_ticks(grey: Grey, edges: Edges, ticks: Ticks, place: str) -> Axes:
    """Axes of a frame from the ticks on its lower and left edge.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
    edges : Edges
    ticks : Ticks
        Value of the first tick and step to the next, from the left and from below.
    place : str
        File and song named in errors.

    Raises
    ------
    InputError
        Fewer than three evenly spaced ticks on an edge.
    """
    ink = inks.even(grey)
    across, down, (x0, y0) = edges.across, edges.down, edges.middle
    row, column = edges.rows[1], edges.columns[0]
    # Where an edge begins and ends: the corners, not the places at half the height or width.
    below = find_ticks(ink, row, across, edges.columns + down * (row - y0), (1, -1))
    below = below - down * (row + across * (below - x0) - y0)
    beside = find_ticks(ink.T, column, down, edges.rows + across * (column - x0), (-1, 1))[::-1]
    beside = beside - across * (column + down * (beside - y0) - x0)
    placed = []
    for found, name in ((below, "lower"), (beside, "left")):
        if len(found) < 3:
            raise InputError(
                place,
                f"only {len(found)} ticks were found on the frame's {name} edge",
                "give the values of its edges under frame, or mark two points",
            )
        step = float(np.median(np.diff(found)))
        index = np.round((found - found[0]) / step)
        slope, first = np.polyfit(index, found, 1)
        if np.abs(found - np.polyval([slope, first], index)).max() > 0.15 * abs(step):
            raise InputError(
                place,
                f"the ticks on the frame's {name} edge are not evenly spaced",
                "give the values of its edges under frame, or mark two points",
            )
        placed.append((float(first), float(slope)))
    corners = (edges.columns[0], edges.rows[1])
    for (at, step), corner, name in zip(placed, corners, ("lower", "left"), strict=True):
        if abs(at - corner) > 0.7 * abs(step):
            raise InputError(
                place,
                f"the first tick on the frame's {name} edge lies more than a step from its corner, or "
                "was not found",
                "mark two points instead",
            )
    (x, dx), (y, dy) = placed
    return _axes(
        edges, ticks.s[1] / dx, ticks.s[0], x, 1000 * ticks.khz[1] / dy, 1000 * ticks.khz[0], y
    )


def find_ticks(ink: Grey, row: float, slope: float, ends: Array, sides: tuple[int, int]) -> Array:
    """Find ticks along an edge that runs along rows.

    Parameters
    ----------
    ink : ndarray of float32, shape (height, width)
    row, slope : float
        Of the edge.
    ends : ndarray, shape (2,)
        Columns between which they lie.
    sides : tuple of int
        Sides to look at, the better is taken: 1 is towards higher rows.

    Returns
    -------
    ndarray
        Columns of the ticks, ascending.
    """
    height, width = ink.shape
    reach = max(height, width)
    columns = np.arange(max(0, int(ends[0]) - 6), min(width, int(ends[1]) + 7))
    line = row + slope * (columns - width / 2)
    best = np.zeros(0)
    for side in sides:
        away = np.arange(OUT[0] * reach, OUT[1] * reach, 1.0)
        rows = np.clip(np.round(line + side * away[:, None]).astype(int), 0, height - 1)
        # A tick is dark all along: the faintest of its pixels counts.
        profile = ndimage.gaussian_filter1d(np.quantile(ink[rows, columns], 0.2, axis=0), 1.0)
        if profile.max(initial=0) < 2 * inks.FAINTEST:
            continue
        peaks, _ = signal.find_peaks(profile, height=0.5 * profile.max(), distance=5)
        if len(peaks) > len(best):
            # A tick stands square on its edge, not on the column: half-way out is little beside it.
            best = columns[peaks].astype(float)
    return best
