"""From a scanned page to themes: its axes, its strokes, its notes and trill, and how sure it is of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from skimage import transform

from chingolo import ink as inks
from chingolo.errors import InputError
from chingolo.fitting import fit_note, fit_simple
from chingolo.pages import Axes, PageNotes, PageSong, Scan, ShortTrill, axes_from_marks
from chingolo.strokes import Stroke, joined, middle_lines
from chingolo.themes import Note, Theme, Trill, note_frequency

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 1000.0, 10_000.0
"""Frequencies that a song may have (those of the typed notation)."""

TOLERANCE = 0.012
"""Error of frequency allowed to a simple curve: a hand trembles by about so much (our choice)."""

ELEMENT_S, ELEMENT_HZ = 0.1, 400.0
"""Elements of a trill are shorter, and fall by more (species' range: 23-46 ms, 1-3 kHz)."""

SHORTEST_S, LEAST_HZ = 0.03, 250.0
"""A stroke that is neither so long nor so high is a speck (our choice)."""

BREATH_S = 0.026
"""A longer gap is the bird's, not the pen's: notes lie 20 ms and more apart, and seldom go on straight from
one another (our choice)."""

LEAST_WEIGHT, CLEAR_WEIGHT = 0.12, 0.4
"""Least darkness times length of a stroke, of what strokes of the page usually have; and from where on it is
no scrap for sure (our choice)."""


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


class ReadSong(NamedTuple):
    """What was read of one song of a page.

    Attributes
    ----------
    name : str
    theme : Theme
        Times count from the page's zero.
    birds : int
    curves : list of Curve
        Every stroke that was taken for a note or an element of the trill.
    axes : Axes
        Of the song on the page.
    hertz, seconds : float
        What one pixel is worth.
    sure : float
        From 0 to 1: share of the ink that is explained, times the share of strokes that is not bridged,
        times how clearly strokes stand out.
    doubts : list of str
        In words, what a person should look at.
    """

    name: str
    theme: Theme
    birds: int
    curves: list[Curve]
    axes: Axes
    hertz: float
    seconds: float
    sure: float
    doubts: list[str]


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
    # The upright rectangle within the box's corners: what a slant adds at its sides is margin.
    seconds, hertz = 1 / np.hypot(*np.linalg.inv(axes.matrix).T[0]), 0.0
    hertz = 1 / np.hypot(*np.linalg.inv(axes.matrix).T[1])
    start, end = corners[:, 0].min(), corners[:, 0].max()
    low, high = corners[:, 1].min(), corners[:, 1].max()
    low, high = max(low, LOWEST_HZ - 300.0), min(high, HIGHEST_HZ + 300.0)
    width, height = max(2, int((end - start) / seconds)), max(2, int((high - low) / hertz))
    inverse = np.linalg.inv(axes.matrix)
    to_song = np.array([[seconds, 0.0], [0.0, -hertz]])
    first = np.array([start, high])
    matrix = np.eye(3)
    matrix[:2, :2] = inverse @ to_song
    matrix[:2, 2] = inverse @ (first - axes.offset)
    grey = transform.warp(
        scan, transform.AffineTransform(matrix), output_shape=(height, width), order=1, mode="edge"
    )
    return Drawing(np.asarray(grey, np.float32), float(start), float(high), float(seconds), float(hertz))


class Traced(NamedTuple):
    """What was found of a drawing's curves.

    Attributes
    ----------
    curves : list of Curve
        From left to right.
    scraps : list of Curve
        What looked like a stroke and was left out.
    explained : float
        Share of the ink that lies in the curves.
    clear : float
        Share of the curves that are as dark and long as the others, less if much was left out.
    contrast : float
        Usual darkness of strokes.
    dark : ndarray of float32, shape (height, width)
        The drawing's ink, printed lines and all.
    """

    curves: list[Curve]
    scraps: list[Curve]
    explained: float
    clear: float
    contrast: float
    dark: Grey


def trace(drawing: Drawing) -> Traced:
    """Find the curves of a drawing."""
    scale = max(drawing.grey.shape)
    dark = inks.flatten(drawing.grey, max(24, round(0.03 * scale)))
    clean = inks.erase_lines(dark, max(3, round(0.004 * scale)))
    mask, width = inks.strokes(clean.ink)
    if width == 0.0:
        return Traced([], [], 0.0, 0.0, 0.0, dark)
    top, bottom, left, right = inks.inside(clean)
    outside = np.ones_like(mask)
    outside[top:bottom, left:right] = False
    mask &= ~outside
    breath = BREATH_S / drawing.seconds
    lines = joined(middle_lines(mask, width), 4 * width + 1, breath, 0.8 * width, clean.erased)
    curves = [c for c in (_curve(line, drawing) for line in lines) if c is not None]
    if not curves:
        return Traced([], [], 0.0, 0.0, 0.0, dark)
    weights = _weights(curves, clean.ink)
    kept = _one_voice(curves, weights)
    drawn = sum(c.stroke.pixels for c, k in zip(curves, kept, strict=True) if k)
    return Traced(
        [c for c, k in zip(curves, kept, strict=True) if k],
        [c for c, k in zip(curves, kept, strict=True) if not k],
        drawn / max(int(mask.sum()), 1),
        float(np.mean(weights[kept] > CLEAR_WEIGHT) / (1 + np.mean(~kept))),
        float(np.median(clean.ink[mask])),
        dark,
    )


def _weights(curves: Sequence[Curve], ink: Grey) -> Array:
    """Darkness times length of strokes, of what is usual among them; length counts up to the usual."""
    dark, length = [], []
    for curve in curves:
        column, row = np.round(curve.stroke.path).astype(int).T
        inside = (row >= 0) & (row < ink.shape[0]) & (column >= 0) & (column < ink.shape[1])
        dark.append(float(np.median(ink[row[inside], column[inside]])) if inside.any() else 0.0)
        length.append(float(np.hypot(*np.diff(curve.stroke.path, axis=0).T).sum()))
    share = np.minimum(1.0, np.array(length) / np.median(length))
    return np.asarray(share * np.array(dark) / max(float(np.median(dark)), 1e-6))


def _one_voice(curves: Sequence[Curve], weights: Array) -> Mask:
    """Which strokes a single whistle can have made: of two at one time the lighter is left out."""
    kept = weights > LEAST_WEIGHT
    for k in np.argsort(weights):
        for j, other in enumerate(curves):
            if j != k and kept[j] and kept[k] and weights[j] >= weights[k]:
                first = max(_onset(curves[k]), _onset(other))
                last = min(_onset(curves[k]) + _length(curves[k]), _onset(other) + _length(other))
                kept[k] &= last - first < 0.5 * min(_length(curves[k]), _length(other))
    return kept


def _curve(stroke: Stroke, drawing: Drawing) -> Curve | None:
    """A stroke as frequency in time; None for specks and for what no song can be."""
    time = drawing.start_s + stroke.path[:, 0] * drawing.seconds
    frequency = drawing.top_hz - stroke.path[:, 1] * drawing.hertz
    length, height = float(np.ptp(time)), float(np.ptp(frequency))
    if length < SHORTEST_S and height < LEAST_HZ:
        return None
    if frequency.max() < LOWEST_HZ or frequency.min() > HIGHEST_HZ or length <= 0:
        return None
    # Where a steep stroke trembles back in time, the mean frequency of each moment is taken.
    order = np.argsort(time, kind="stable")
    steps = max(8, int(np.ceil(length / 0.004)))
    edges = np.linspace(time.min(), time.max(), steps + 1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    rising, index = np.unique(np.round(time[order], 9), return_index=True)
    if len(rising) < 2:
        return None
    mean = np.add.reduceat(frequency[order], index) / np.diff(np.append(index, len(order)))
    return Curve(middle, np.interp(middle, rising, mean), stroke)


def _length(curve: Curve) -> float:
    step = curve.time_s[1] - curve.time_s[0]
    return float(curve.time_s[-1] - curve.time_s[0] + step)


def _onset(curve: Curve) -> float:
    return float(curve.time_s[0] - 0.5 * (curve.time_s[1] - curve.time_s[0]))


def _is_element(curve: Curve) -> bool:
    """Whether a stroke may be an element of a trill: short and falling."""
    fall = curve.frequency_hz[0] - curve.frequency_hz[-1]
    return _length(curve) < ELEMENT_S and fall > ELEMENT_HZ


def split_trill(curves: Sequence[Curve], short: ShortTrill | None) -> tuple[list[Curve], list[Curve]]:
    """Part the notes of a theme from the elements of the trill that ends it.

    Parameters
    ----------
    curves : sequence of Curve
        From left to right.
    short : ShortTrill or None
        What stands beside the page.

    Returns
    -------
    notes, elements : list of Curve
        A trill has three elements or more, but where the page's notes speak of one.
    """
    curves = list(curves)
    if short is not None and short.strokes is not None:
        first = max(0, len(curves) - short.strokes)
        return curves[:first], curves[first:]
    first = len(curves)
    while first and _is_element(curves[first - 1]):
        first -= 1
    elements = curves[first:]
    # Its elements are alike: the run ends, towards the front, at the first that is not.
    while len(elements) > 2:
        fall = [c.frequency_hz[0] - c.frequency_hz[-1] for c in elements]
        if abs(fall[0] - np.median(fall[1:])) < 0.5 * np.median(fall[1:]):
            break
        elements = elements[1:]
        first += 1
    if len(elements) < (1 if short else 3):
        return curves, []
    return curves[:first], elements


def to_trill(elements: Sequence[Curve], short: ShortTrill | None) -> Trill:
    """Describe a trill by its median element and step."""
    onsets = np.array([_onset(c) for c in elements])
    length = float(np.median([_length(c) for c in elements]))
    many = len(elements)
    if many > 1:
        step = float(np.polyfit(np.arange(many), onsets, 1)[0])
    else:
        step = length * 1.5
    if short is not None and short.step:
        step = short.step
    notes = [_note(c, simple=True) for c in elements]
    starts, ends = (
        float(np.median([note_frequency(n, [u])[0] for n in notes])) for u in (0.0, 1.0)
    )
    middle = float(np.median([note_frequency(n, [0.5])[0] for n in notes]))
    count = short.count if short is not None else many
    return Trill(
        float(onsets[0]), count, max(step, length), length, starts, ends, bend=_bend(starts, middle, ends)
    )


def _bend(start: float, middle: float, end: float) -> float:
    """Bend of the exponential through three frequencies of a note, 0 where it is as good as straight."""
    share = (middle - start) / (end - start) if end != start else 0.5
    share = float(np.clip(share, 0.05, 0.95))
    # Half-way an exponential has gone 1 / (1 + exp(-bend / 2)) of its way.
    bend = 2 * float(np.log(share / (1 - share)))
    return round(bend, 3) if abs(share - 0.5) > 0.05 else 0.0


def _note(curve: Curve, simple: bool = False) -> Note:
    """Describe a curve as a note: level 0 and a plain swell, a pencil line tells neither."""
    level = np.zeros(len(curve.time_s))
    note = (
        fit_simple(curve.time_s, curve.frequency_hz, level)
        if simple
        else fit_note(curve.time_s, curve.frequency_hz, level, TOLERANCE)
    )
    lowest, highest = LOWEST_HZ, HIGHEST_HZ
    return note._replace(
        start_hz=float(np.clip(note.start_hz, lowest, highest)),
        end_hz=float(np.clip(note.end_hz, lowest, highest)),
        peak_hz=float(np.clip(note.peak_hz, lowest, highest)) if note.peak_hz else 0.0,
        samples_hz=tuple(float(f) for f in np.clip(note.samples_hz, lowest, highest)),
        level_db=0.0,
        envelope_db=(),
    )


def read_song(scan: Scan, notes: PageNotes, song: PageSong, place: str) -> ReadSong:
    """Read one song of a page.

    Parameters
    ----------
    scan : Scan
    notes : PageNotes
        What stands beside the page.
    song : PageSong
        One of its songs.
    place : str
        File named in errors.

    Returns
    -------
    ReadSong

    Raises
    ------
    InputError
        No axes, no strokes, a page that is inverted, upside down or cut off.
    """
    where = f"{place}, song {song.name}"
    axes = _axes(scan, notes, song, where)
    height, width = scan.grey.shape
    box = [v / scan.reduced for v in song.box] if song.box else [0.0, 0.0, width - 1.0, height - 1.0]
    drawing = turn(scan.grey, axes, box)
    traced = trace(drawing)
    curves = traced.curves
    if not curves:
        raise InputError(where, "no stroke was found", "check its box and marks, or scan it darker")
    short = song.trill or notes.trill
    first, elements = split_trill(curves, short)
    theme = Theme(
        tuple(_note(c) for c in first), to_trill(elements, short) if elements else None
    )
    bare = sum(c.stroke.bridged for c in curves)
    whole = sum(float(np.hypot(*np.diff(c.stroke.path, axis=0).T).sum()) for c in curves)
    sure = traced.explained * traced.clear * (1 - bare / max(whole, 1.0)) * min(1.0, traced.contrast / 0.3)
    return ReadSong(
        song.name, theme, song.birds, curves, axes, drawing.hertz, drawing.seconds, sure, []
    )


def _axes(scan: Scan, notes: PageNotes, song: PageSong, where: str) -> Axes:
    """Axes of a song: its own marks, or the page's."""
    time, frequency = song.time or notes.time, song.frequency or notes.frequency
    if time and frequency:
        return axes_from_marks(time, frequency, scan.reduced, where)
    raise InputError(
        where, "its axes are not marked", "add two marks each under time and frequency, or a frame"
    )


def read_page(scan: Scan, notes: PageNotes, place: str, name: str) -> list[ReadSong]:
    """Read every song of a page; a page without boxes holds one, called `name`."""
    songs: Any = notes.songs or [PageSong(name, birds=notes.birds)]
    return [read_song(scan, notes, song, place) for song in songs]
