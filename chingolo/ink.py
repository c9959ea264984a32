"""From a grey picture to its ink: even light, and no printed lines.

The scale of all that follows is the width of the strokes, measured from the page itself.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage import filters, morphology

Grey = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

LINE_SHARE = 0.6
"""A straight thin trace along the axes that covers this share of the drawing's width or height is a
printed line or an axis: no bird holds a note so long (our choice)."""

TURN = 0.02
"""Largest slope of a line against the axes, as a tangent (our choice; marks err by less)."""

MOST_AXES = 4
"""More lines of one direction are no axes (our choice)."""

LOW, HIGH, FADED = 0.35, 0.6, 0.45
"""Shares: of Otsu's threshold that a stroke's pixels, and its darkest, are darker than; and of the darkest
nearby that a pixel must have (our choice, as pages of all three pens are read best)."""

FAINTEST = 0.06
"""Ink fainter than this share of the paper's light is none (our choice)."""


def even(grey: Grey) -> Grey:
    """Darkness of a page's part, see :func:`flatten`, with a window of 3 % of its longer side."""
    return flatten(grey, max(24, round(0.03 * max(grey.shape))))


def widest_line(grey: Grey) -> int:
    """Width up to which lines of a page's part may be printed ones, in pixels."""
    return int(max(3, round(0.004 * max(grey.shape))))


def flatten(grey: Grey, radius: int) -> Grey:
    """Darkness against the paper around, from 0 to 1.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
    radius : int
        Half the window in which some paper is always seen, in pixels.

    Returns
    -------
    ndarray of float32, shape (height, width)
    """
    step = max(1, radius // 8)
    small = grey[::step, ::step] if step == 1 else _blocks(grey, step)
    paper = ndimage.percentile_filter(small, 75, size=17, mode="nearest")
    paper = ndimage.gaussian_filter(paper, 4.0, mode="nearest")
    y = np.clip((np.arange(grey.shape[0]) + 0.5) / step - 0.5, 0, small.shape[0] - 1)
    x = np.clip((np.arange(grey.shape[1]) + 0.5) / step - 0.5, 0, small.shape[1] - 1)
    light = _bilinear(paper, y, x)
    return np.asarray(np.clip(1 - grey / np.maximum(light, 0.05), 0, 1), np.float32)


def _blocks(grey: Grey, step: int) -> Grey:
    """Brightness of the paper in blocks: what 70 % of each do not exceed."""
    height, width = (n // step * step for n in grey.shape)
    blocks = grey[:height, :width].reshape(height // step, step, width // step, step)
    flat = blocks.transpose(0, 2, 1, 3).reshape(height // step, width // step, -1)
    return np.asarray(np.percentile(flat, 70, axis=2), np.float32)


def _bilinear(values: Grey, y: npt.NDArray[np.float64], x: npt.NDArray[np.float64]) -> Grey:
    """Values between the points of a coarse grid."""
    y0, x0 = (
        np.minimum(y.astype(int), len(values) - 2),
        np.minimum(x.astype(int), values.shape[1] - 2),
    )
    y0, x0 = np.maximum(y0, 0), np.maximum(x0, 0)
    y1, x1 = np.minimum(y0 + 1, len(values) - 1), np.minimum(x0 + 1, values.shape[1] - 1)
    v, u = (y - y0)[:, None].astype(np.float32), (x - x0)[None].astype(np.float32)
    upper = values[y0][:, x0] * (1 - u) + values[y0][:, x1] * u
    lower = values[y1][:, x0] * (1 - u) + values[y1][:, x1] * u
    return np.asarray(upper * (1 - v) + lower * v, np.float32)


class Lines(NamedTuple):
    """Printed lines of one direction.

    Attributes
    ----------
    place : list of float
        Row or column of each, in the middle of the drawing.
    dark : list of float
        How dark each usually is.
    slope : float
        Against the axes.
    """

    place: list[float]
    dark: list[float]
    slope: float


class Cleaned(NamedTuple):
    """A drawing without its printed lines.

    Attributes
    ----------
    ink : ndarray of float32, shape (height, width)
    erased : ndarray of bool, shape (height, width)
        Where a line was.
    rows, columns : Lines
        The lines.
    """

    ink: Grey
    erased: Mask
    rows: Lines
    columns: Lines


def erase_lines(ink: Grey, widest: int, share: float = LINE_SHARE) -> Cleaned:
    """Take printed lines, grids and frames out of a drawing whose axes lie straight.

    Strokes that cross a line stay where they are darker than it, or go on at either side of it.

    Parameters
    ----------
    ink : ndarray of float32, shape (height, width)
    widest : int
        Widest line that is looked for, in pixels.
    share : float
        Of the width or height that a line covers.

    Returns
    -------
    Cleaned
    """
    once, over, rows = _erase_rows(ink, widest, share)
    twice, down, columns = _erase_rows(once.T, widest, share)
    return Cleaned(np.ascontiguousarray(twice.T), over | down.T, rows, columns)


def _erase_rows(ink: Grey, widest: int, share: float) -> tuple[Grey, Mask, Lines]:
    """Erase lines that run along rows, once they have been turned exactly so."""
    height, width = ink.shape
    erased = np.zeros(ink.shape, bool)
    thin = ink - ndimage.grey_opening(ink, size=(2 * widest + 1, 1))
    seen = thin > FAINTEST
    slope = slope_of_lines(seen)
    shifts = np.round(slope * (np.arange(width) - width / 2)).astype(int)
    index = np.clip(np.arange(height)[:, None] + shifts[None], 0, height - 1)
    straight, level = np.take_along_axis(seen, index, 0), np.take_along_axis(ink, index, 0)
    # A line may lie between two rows: a row and its neighbours share it.
    covered = ndimage.maximum_filter1d(straight, 3, axis=0).mean(axis=1)
    found = covered > share
    lines = Lines([], [], slope)
    if not found.any():
        return ink, erased, lines
    out = level.copy()
    gone = np.zeros_like(erased)
    labels, _ = ndimage.label(found)
    for first, last in ((int(s[0].start), int(s[0].stop)) for s in ndimage.find_objects(labels)):
        if last - first > 3 * widest + 2:
            continue
        top, bottom = max(first - 1, 0), min(last + 1, height)
        band = level[top:bottom]
        usual = _usual(band, width)
        above = level[max(top - 2, 0) : max(top, 1)].max(axis=0)
        below = (
            level[min(bottom, height - 1) : bottom + 2].max(axis=0) if bottom < height else above
        )
        goes_on = np.minimum(above, below)
        rest = band - 1.25 * usual - FAINTEST
        out[top:bottom] = np.maximum(np.where(rest > 0, band, 0.0), np.minimum(goes_on, band))
        gone[top:bottom] = True
        lines.place.append(0.5 * (first + last - 1))
        lines.dark.append(float(np.median(usual.max(axis=0))))
    back = np.clip(np.arange(height)[:, None] - shifts[None], 0, height - 1)
    return np.take_along_axis(out, back, 0), np.take_along_axis(gone, back, 0), lines


def _usual(band: Grey, width: int) -> Grey:
    """How dark a line is around each column, each row for itself.

    Notes held along the line do not count: a low share of half the width is taken.
    """
    step = max(1, width // 120)
    window = max(5, width // (2 * step)) | 1
    small = ndimage.percentile_filter(band[:, ::step], 40, size=(1, window), mode="nearest")
    columns = np.arange(width)
    rows = [np.interp(columns, columns[::step], row) for row in small]
    return np.asarray(rows, np.float32)


def slope_of_lines(seen: Mask, turn: float = TURN, about: float = 0.0) -> float:
    """Slope at which a mask's rows are most unlike each other: that of the lines in it.

    Parameters
    ----------
    seen : ndarray of bool, shape (height, width)
    turn, about : float
        Slopes up to `turn` are tried on either side of `about`; tangents.
    """
    width = seen.shape[1]
    step = max(1, width // 600)
    y, x = np.nonzero(seen[:, ::step])
    if len(y) < 50:
        return about
    offset = (x * step - width / 2).astype(np.float32)
    centre, reach, spacing, pad = about, turn, 1.0 / width, width
    for _ in range(2):
        trials = centre + np.arange(-reach, reach + spacing, spacing)
        scores = []
        for slope in trials:
            rows = np.round(y - slope * offset + pad).astype(int)
            scores.append(float((np.bincount(rows).astype(float) ** 2).sum()))
        centre = float(trials[int(np.argmax(scores))])
        reach, spacing = spacing, spacing / 4
    return centre


def threshold(ink: Grey) -> tuple[float, float]:
    """Find how dark a stroke is: at least the second value somewhere, and everywhere the first.

    Shares of Otsu's threshold among all that is darker than paper: faint strokes lie below it.
    """
    dark = ink[ink > FAINTEST]
    if dark.size < 20:
        return FAINTEST, FAINTEST
    middle = float(filters.threshold_otsu(dark))
    return max(FAINTEST, LOW * middle), max(FAINTEST, HIGH * middle)


def strokes(ink: Grey) -> tuple[Mask, float]:
    """Find the pixels of strokes, and how wide strokes are.

    A first look tells their width; in the second all that is much wider is taken for shade.

    Returns
    -------
    mask : ndarray of bool, shape (height, width)
    width : float
        Usual width of strokes in pixels; 0 without any.
    """
    mask = filters.apply_hysteresis_threshold(ink, *threshold(ink))
    width = _width(mask)
    if width == 0.0:
        return mask, 0.0
    window = 2 * round(2.5 * width) + 3
    thin = ink - ndimage.grey_opening(ink, size=(window, window))
    low, high = threshold(thin)
    # The rim of a stain that touches a stroke is much fainter than it: it must not tie strokes together.
    reach = 2 * round(2 * width) + 1
    own = ndimage.maximum_filter(thin, size=reach)
    thin = np.where(thin > FADED * own, thin, 0.0)
    mask = filters.apply_hysteresis_threshold(thin, low, high)
    return mask, _width(mask)


def _width(mask: Mask) -> float:
    """Width of strokes: twice how deep their middle lines lie, in the median."""
    middle = morphology.skeletonize(mask)
    if not middle.any():
        return 0.0
    return float(2 * np.median(ndimage.distance_transform_edt(mask)[middle]))


def drawn_axes(cleaned: Cleaned) -> tuple[list[float], list[float]]:
    """Rows and columns of axes and frames: lines about as dark as strokes, and few.

    Many lines of one darkness are the paper's own; so is what is half as dark as the darkest line.
    """
    dark = threshold(cleaned.ink)[1]
    darkest = max([*cleaned.rows.dark, *cleaned.columns.dark], default=0.0)
    found = []
    for lines in (cleaned.rows, cleaned.columns):
        strong = [
            place
            for place, d in zip(lines.place, lines.dark, strict=True)
            if d > max(0.9 * dark, 0.5 * darkest)
        ]
        found.append(strong if len(strong) <= MOST_AXES else [])
    return found[0], found[1]


def inside(cleaned: Cleaned, margin: float = 0.15) -> tuple[int, int, int, int]:
    """Part of a drawing that its own frame or axes enclose.

    Parameters
    ----------
    cleaned : Cleaned
    margin : float
        Share of the width or height within which a dark line is an edge of the frame.

    Returns
    -------
    top, bottom, left, right : int
        The part's rows and columns; the whole drawing if it has no dark lines.
    """
    height, width = cleaned.ink.shape
    rows, columns = drawn_axes(cleaned)
    bounds = []
    for size, strong, slope, other in (
        (height, rows, cleaned.rows.slope, width),
        (width, columns, cleaned.columns.slope, height),
    ):
        slant = 0.5 * abs(slope) * other + 2 + 0.004 * max(height, width)
        low = max((p for p in strong if p < margin * size), default=-slant)
        high = min((p for p in strong if p > (1 - margin) * size), default=size - 1 + slant)
        bounds += [int(np.ceil(low + slant)), int(np.floor(high - slant)) + 1]
    return bounds[0], bounds[1], bounds[2], bounds[3]
