"""From a part of a scanned page to curves of frequency in time: one song's strokes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from skimage import transform

from chingolo import ink as inks
from chingolo.axes import Axes
from chingolo.strokes import Stroke, joined, middle_lines

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 1000.0, 10_000.0
"""Frequencies that a song may have (those of the typed notation)."""

SHORTEST_S, LEAST_HZ = 0.03, 250.0
"""A stroke that is neither so long nor so high is a speck (our choice)."""

BESIDE = 1.2
"""So many widths beside its middle the paper beside a stroke is looked at (our choice)."""

STEP_S = 0.002
"""Step of a curve in time: heads of trills fall by a kilohertz in so little (our choice)."""

BREATH_S = 0.026
"""A longer gap is the bird's, not the pen's: notes lie 20 ms and more apart, and seldom go on straight from
one another (our choice)."""

LEAST_WEIGHT, CLEAR_WEIGHT = 0.18, 0.4
"""Least weight of a stroke, of what strokes of the page usually have; and from where on it is no scrap for
sure (our choice, as pages of all three pens are read best)."""


class Curve(NamedTuple):
    """A stroke as a curve of frequency in time.

    Attributes
    ----------
    time_s, frequency_hz : ndarray, shape (n,)
        Times rise evenly, each the middle of its step.
    stroke : Stroke
        In pixels of the turned picture.
    """

    time_s: Array
    frequency_hz: Array
    stroke: Stroke


class Drawing(NamedTuple):
    """One song's part of a page, turned so that time runs along rows and frequency up the columns.

    Attributes
    ----------
    grey : ndarray of float32, shape (height, width)
    start_s, top_hz : float
        Of the middle of the upper left pixel.
    seconds, hertz : float
        What one pixel is worth.
    """

    grey: Grey
    start_s: float
    top_hz: float
    seconds: float
    hertz: float


def turn(scan: Grey, axes: Axes, box: Sequence[float]) -> Drawing:
    """Cut a song out of a page and turn it upright.

    Parameters
    ----------
    scan : ndarray of float32, shape (height, width)
    axes : Axes
    box : sequence of float, length 4
        Left, top, right and bottom on the page, in pixels.
    """
    left, top, right, bottom = box
    corners = axes.song(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
    # The upright rectangle around the box's corners: what a slant adds at its sides is margin.
    inverse = np.linalg.inv(axes.matrix)
    seconds, hertz = 1 / np.hypot(*inverse.T[0]), 1 / np.hypot(*inverse.T[1])
    start, end = corners[:, 0].min(), corners[:, 0].max()
    low, high = corners[:, 1].min(), corners[:, 1].max()
    low, high = max(low, LOWEST_HZ - 300.0), min(high, HIGHEST_HZ + 300.0)
    width, height = max(2, int((end - start) / seconds)), max(2, int((high - low) / hertz))
    to_song = np.array([[seconds, 0.0], [0.0, -hertz]])
    first = np.array([start, high])
    matrix = np.eye(3)
    matrix[:2, :2] = inverse @ to_song
    matrix[:2, 2] = inverse @ (first - axes.offset)
    grey = transform.warp(
        scan, transform.AffineTransform(matrix), output_shape=(height, width), order=1, mode="edge"
    )
    return Drawing(
        np.asarray(grey, np.float32), float(start), float(high), float(seconds), float(hertz)
    )


class Traced(NamedTuple):
    """What was found of a drawing's curves.

    Attributes
    ----------
    curves : list of Curve
        From left to right.
    weights : list of float
        Darkness times length of each, of what is usual on the page.
    scraps : list of Curve
        What looked like a stroke and was left out.
    explained : float
        Share of the ink that lies in the curves.
    clear : float
        Share of the curves that are as dark and long as the others, less if much was left out.
    contrast : float
        Usual darkness of strokes.
    cleaned : Cleaned
        The drawing's ink and printed lines.
    """

    curves: list[Curve]
    weights: list[float]
    scraps: list[Curve]
    explained: float
    clear: float
    contrast: float
    cleaned: inks.Cleaned


def trace(drawing: Drawing) -> Traced:
    """Find the curves of a drawing."""
    clean = inks.erase_lines(inks.even(drawing.grey), inks.widest_line(drawing.grey))
    mask, width = inks.strokes(clean.ink)
    if width == 0.0:
        return Traced([], [], [], 0.0, 0.0, 0.0, clean)
    top, bottom, left, right = inks.inside(clean)
    breath = BREATH_S / drawing.seconds
    # A stroke may begin on an axis; what lies beyond it for the most part is a label or a tick.
    pieces = [s for s in middle_lines(mask, width) if _within(s, top, bottom, left, right)]
    lines = joined(pieces, 4 * width + 1, breath, 0.8 * width, clean.erased)
    curves = [c for c in (_curve(line, drawing) for line in lines) if c is not None]
    if not curves:
        return Traced([], [], [], 0.0, 0.0, 0.0, clean)
    weights = _weights(curves, clean.ink, width)
    kept = _one_voice(curves, weights)
    drawn = sum(c.stroke.pixels for c, k in zip(curves, kept, strict=True) if k)
    return Traced(
        [c for c, k in zip(curves, kept, strict=True) if k],
        weights[kept].tolist(),
        [c for c, k in zip(curves, kept, strict=True) if not k],
        min(1.0, drawn / max(int(mask[top:bottom, left:right].sum()), 1)),
        float(np.mean(weights[kept] > CLEAR_WEIGHT) / (1 + np.mean(~kept))),
        float(np.median(clean.ink[mask])),
        clean,
    )


def _within(stroke: Stroke, top: int, bottom: int, left: int, right: int) -> bool:
    """Whether most of a stroke lies in a part of the drawing."""
    x, y = stroke.path.T
    return bool(np.mean((x >= left) & (x < right) & (y >= top) & (y < bottom)) > 0.5)


def _weights(curves: Sequence[Curve], ink: Grey, width: float) -> Array:
    """How far strokes stand out times how long they are, of what is usual among them.

    Length counts up to the usual. The rim of a stain is no stroke: it lies between lighter and darker
    paper. What differs at its two sides as much as it stands out counts for nothing.
    """
    dark, long, even = [], [], []
    for curve in curves:
        path = curve.stroke.path
        way = np.gradient(path, axis=0)
        way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
        aside = (BESIDE * width + 1.0) * np.stack([-way[:, 1], way[:, 0]], axis=1)
        middle, left, right = (_values(ink, path + shift) for shift in (0.0, aside, -aside))
        stands_out = np.maximum(middle - 0.5 * (left + right), 1e-3)
        dark.append(float(np.median(stands_out)))
        long.append(curve.stroke.length)
        even.append(float(np.median(np.abs(left - right) / stands_out)))
    share = np.minimum(1.0, np.array(long) / np.median(long))
    two_sided = np.clip(1.5 - np.array(even), 0.0, 1.0)
    return np.asarray(share * two_sided * np.array(dark) / max(float(np.median(dark)), 1e-6))


def _values(ink: Grey, points: Array) -> Array:
    """Ink at points of a drawing, x and y; none outside of it."""
    column, row = np.round(points).astype(int).T
    inside = (row >= 0) & (row < ink.shape[0]) & (column >= 0) & (column < ink.shape[1])
    out = np.zeros(len(points))
    out[inside] = ink[row[inside], column[inside]]
    return out


def _one_voice(curves: Sequence[Curve], weights: Array) -> Mask:
    """Which strokes a single whistle can have made: of two at one time the lighter is left out."""
    kept = weights > LEAST_WEIGHT
    for k in np.argsort(weights):
        for j, other in enumerate(curves):
            if j != k and kept[j] and kept[k] and weights[j] >= weights[k]:
                first = max(onset(curves[k]), onset(other))
                last = min(onset(curves[k]) + length(curves[k]), onset(other) + length(other))
                kept[k] &= last - first < 0.5 * min(length(curves[k]), length(other))
    return kept


def _curve(stroke: Stroke, drawing: Drawing) -> Curve | None:
    """Read a stroke as frequency in time; None for specks and for what no song can be."""
    time = drawing.start_s + stroke.path[:, 0] * drawing.seconds
    frequency = drawing.top_hz - stroke.path[:, 1] * drawing.hertz
    span, height = float(np.ptp(time)), float(np.ptp(frequency))
    if span < SHORTEST_S and height < LEAST_HZ:
        return None
    if frequency.max() < LOWEST_HZ or frequency.min() > HIGHEST_HZ or span <= 0:
        return None
    # Where a steep stroke trembles back in time, the mean frequency of each moment is taken.
    order = np.argsort(time, kind="stable")
    steps = max(8, int(np.ceil(span / STEP_S)))
    edges = np.linspace(time.min(), time.max(), steps + 1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    rising, index = np.unique(np.round(time[order], 9), return_index=True)
    if len(rising) < 2:
        return None
    mean = np.add.reduceat(frequency[order], index) / np.diff(np.append(index, len(order)))
    return Curve(middle, np.interp(middle, rising, mean), stroke)


def length(curve: Curve) -> float:
    """Length of a curve in s."""
    step = curve.time_s[1] - curve.time_s[0]
    return float(curve.time_s[-1] - curve.time_s[0] + step)


def onset(curve: Curve) -> float:
    """Begin of a curve in s."""
    return float(curve.time_s[0] - 0.5 * (curve.time_s[1] - curve.time_s[0]))
