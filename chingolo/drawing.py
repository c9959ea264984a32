"""Pages with songs drawn on them, as a scanner sees them: simulated notebook pages with known truth.

A page carries one or more songs, each in axes of its own, on plain, ruled or squared paper. Its light is
uneven, it is stained and turned; the strokes tremble, swell and break off. What a person would note
beside the page (marks on the axes, boxes, trills drawn short) comes with it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from chingolo.config import Pen
from chingolo.notebook import Sketch
from chingolo.themes import Note, Theme, all_notes, duration, note_frequency, shift

Array = npt.NDArray[np.float64]
Image8 = npt.NDArray[np.uint8]

KHZ_MM, SECOND_MM = 12.0, 80.0
"""Scales of the axes: half a millimetre is some 40 Hz, or 6 ms (our choice, as all constants here)."""

LOW_KHZ, HIGH_KHZ, LEAD_S = 1.0, 10.0, 0.1
MARGIN_MM, ABOVE_MM, RIGHT_MM = 24.0, 12.0, 14.0

WEAK_DB = -6.0
"""A note so much below the loudest is weak: a listener may miss it."""

SHORTHAND, FEWEST_STROKES = 0.5, 4
"""Chance that a trill is drawn as its first strokes only, with a note of how many there are."""

FRAMED = 0.5
"""Chance that a song has a whole frame, and not two axes only."""

CROWDED_MM, APART_MM = 3.2, 1.8
"""Length at which elements are drawn that lie too close to be told apart, and the paper between them,
beside twice the thickness of strokes."""

PAPERS = ("plain", "ruled", "squared")


class Page(NamedTuple):
    """A drawn page.

    Attributes
    ----------
    image : ndarray of uint8, shape (height, width)
        Grey values.
    notes : dict
        What stands in the YAML beside the page, see :mod:`chingolo.pages`.
    drawn : dict of str to Theme
        What was drawn, by the song's name, in the time of its axes: the truth for whoever reads it.
    """

    image: Image8
    notes: dict[str, Any]
    drawn: dict[str, Theme]


class _Axes(NamedTuple):
    """Where one song's axes lie: origin in mm, length in s."""

    left_mm: float
    bottom_mm: float
    length_s: float


class _Sheet:
    """Ink on a sheet in mm, turned about its middle; kept in pixels."""

    def __init__(self, width_mm: float, height_mm: float, angle_deg: float, dpi: int) -> None:
        self.scale = dpi / 25.4
        turn = np.deg2rad(angle_deg)
        # The sheet is as much larger as its turned drawing needs.
        pad = abs(np.sin(turn)) * np.array([height_mm, width_mm]) / 2 + 1.0
        size = np.array([width_mm, height_mm]) + 2 * pad
        self.centre = size / 2
        self.middle = np.array([width_mm, height_mm]) / 2
        self.rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        width, height = np.ceil(size * self.scale).astype(int)
        self.strokes = np.zeros((height, width), np.float32)
        self.lines = np.zeros((height, width), np.float32)

    def pixels(self, mm: Array) -> Array:
        """Pixels of points on the sheet; shape (n, 2), x and y, as both are counted in images."""
        return np.asarray(((mm - self.middle) @ self.rotation.T + self.centre) * self.scale - 0.5)

    def line(self, first: Sequence[float], last: Sequence[float], mm: float, dark: float) -> None:
        """Draw a straight line with a ruler."""
        ends = np.array([first, last], dtype=float)
        many = int(np.hypot(*(ends[1] - ends[0])) * self.scale * 2) + 2
        points = self.pixels(ends[0] + np.linspace(0, 1, many)[:, None] * (ends[1] - ends[0]))
        radius = np.full(many, mm / 2 * self.scale)
        _stamp(self.lines, points[:, 0], points[:, 1], radius, np.full(many, dark))


@numba.njit(cache=True)
def _stamp(
    ink: npt.NDArray[np.float32], x: Array, y: Array, radius: Array, dark: Array
) -> None:  # pragma: no cover - compiled
    """Press round pen points on the paper: every pixel keeps its darkest touch."""
    height, width = ink.shape
    for k in range(x.size):
        reach = radius[k] + 1.0
        top, bottom = max(0, int(y[k] - reach)), min(height - 1, int(y[k] + reach) + 1)
        left, right = max(0, int(x[k] - reach)), min(width - 1, int(x[k] + reach) + 1)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                distance = np.sqrt((row - y[k]) ** 2 + (column - x[k]) ** 2)
                cover = min(1.0, max(0.0, radius[k] + 0.5 - distance)) * dark[k]
                ink[row, column] = max(ink[row, column], cover)


def turn_of(pen: Pen, rng: np.random.Generator) -> float:
    """By how many degrees a page lies askew in the scanner."""
    return float(rng.uniform(-pen.rotation_deg, pen.rotation_deg))


def leave_out(theme: Theme, pen: Pen, rng: np.random.Generator) -> Theme:
    """Leave out weak notes by chance, but never all notes."""
    chance = rng.random(len(theme.notes))
    top = max((n.level_db for n in theme.notes), default=0.0)
    kept = tuple(
        note
        for note, c in zip(theme.notes, chance, strict=True)
        if note.level_db - top > WEAK_DB or c >= pen.missing
    )
    return theme._replace(notes=kept or theme.notes[:1])


def draw_page(
    songs: Sequence[Sketch], pen: Pen, rng: np.random.Generator, paper: str = "", image: str = ""
) -> Page:
    """Draw songs on a page as a person would, and scan it.

    Parameters
    ----------
    songs : sequence of Sketch
        As the hand has them in mind: errors of the ear and of scales are in them already, see
        :func:`chingolo.pen.draw_by_hand`. Their names and numbers of birds go beside the page.
    pen : Pen
        Stroke, paper and scanner.
    rng : numpy.random.Generator
    paper : {"", "plain", "ruled", "squared"}
        Empty: one of the three by chance.
    image : str
        File name of the page, for its notes.

    Returns
    -------
    Page
    """
    paper = paper or str(rng.choice(PAPERS))
    songs = [s._replace(theme=shift(s.theme, LEAD_S)) for s in songs]
    hands = [_shorten(leave_out(s.theme, pen, rng), pen, rng) for s in songs]
    lengths = [np.ceil((duration(theme) + LEAD_S) * 10) / 10 for theme, _ in hands]
    panel = ABOVE_MM + (HIGH_KHZ - LOW_KHZ) * KHZ_MM + MARGIN_MM
    width = MARGIN_MM + max(lengths) * SECOND_MM + RIGHT_MM
    angle = turn_of(pen, rng)
    sheet = _Sheet(width, panel * len(songs), angle, pen.dpi)
    entries, drawn = [], {}
    _rule(sheet, width, panel * len(songs), paper, rng)
    for k, (sketch, (theme, short), length) in enumerate(zip(songs, hands, lengths, strict=True)):
        axes = _Axes(MARGIN_MM, panel * (k + 1) - MARGIN_MM, float(length))
        framed = bool(rng.random() < FRAMED)
        _axes(sheet, axes, framed)
        for note in all_notes(theme):
            _stroke(sheet, axes, note, pen, rng)
        drawn[sketch.name] = sketch.theme._replace(notes=theme.notes)
        entries.append(_entry(sheet, axes, sketch, short, pen, rng))
    notes = {"image": image, "songs": entries}
    return Page(_expose(sheet, pen, rng), notes, drawn)


def draw_song(theme: Theme, pen: Pen, length_s: float, rng: np.random.Generator) -> Image8:
    """Draw one song alone, on plain paper without axes, and scan it.

    Parameters
    ----------
    theme : Theme
        As the hand has it in mind, see :func:`draw_page`.
    pen : Pen
        Stroke, paper and scanner; the sheet lies straight.
    length_s : float
        Time that the sheet's width stands for.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (height, width)
        Grey values; the height stands for ``HIGH_KHZ`` (above) to ``LOW_KHZ``.
    """
    width, height = length_s * SECOND_MM, (HIGH_KHZ - LOW_KHZ) * KHZ_MM
    sheet = _Sheet(width, height, 0.0, pen.dpi)
    axes = _Axes(0.0, height, length_s)
    for note in all_notes(leave_out(theme, pen, rng)):
        _stroke(sheet, axes, note, pen, rng)
    edge = round(sheet.scale)  # the sheet's own margin, a millimetre
    rows, columns = round(height * sheet.scale), round(width * sheet.scale)
    return _expose(sheet, pen, rng)[edge : edge + rows, edge : edge + columns]


def _shorten(theme: Theme, pen: Pen, rng: np.random.Generator) -> tuple[Theme, dict[str, Any]]:
    """Draw a trill short by chance, or because its elements would run together.

    Returns
    -------
    theme : Theme
        As its strokes are drawn.
    note : dict
        What a person writes about the trill beside the page; empty where all of it is drawn.
    """
    trill = theme.trill
    short = rng.random() < SHORTHAND
    if trill is None:
        return theme, {}
    bare_mm = (trill.step_s - trill.duration_s) * SECOND_MM
    if bare_mm < 2.0 * pen.thickness_mm:
        step = (CROWDED_MM + APART_MM + 2 * pen.thickness_mm) / SECOND_MM
        note = {
            "count": trill.count,
            "step": round(trill.step_s, 4),
            "duration": round(trill.duration_s, 4),
        }
        drawn = trill._replace(
            count=min(trill.count, FEWEST_STROKES),
            step_s=step,
            duration_s=CROWDED_MM / SECOND_MM / 2,
        )
        return theme._replace(trill=drawn), note
    if not short or trill.count <= FEWEST_STROKES:
        return theme, {}
    return theme._replace(trill=trill._replace(count=FEWEST_STROKES)), {"count": trill.count}


def _at(axes: _Axes, time_s: Array, frequency_hz: Array) -> Array:
    """Millimetres of points of a song; shape (n, 2)."""
    x = axes.left_mm + time_s * SECOND_MM
    y = axes.bottom_mm - (frequency_hz / 1000 - LOW_KHZ) * KHZ_MM
    return np.stack([x, y], axis=-1)


def _rule(sheet: _Sheet, width: float, height: float, paper: str, rng: np.random.Generator) -> None:
    """Print the paper's own lines."""
    dark = float(rng.uniform(0.12, 0.3))
    step = 7.0 if paper == "ruled" else 5.0
    if paper in ("ruled", "squared"):
        for y in np.arange(step, height, step):
            sheet.line((0.0, y), (width, y), 0.2, dark)
    if paper == "squared":
        for x in np.arange(step, width, step):
            sheet.line((x, 0.0), (x, height), 0.2, dark)


def _axes(sheet: _Sheet, axes: _Axes, framed: bool) -> None:
    """Draw axes with ticks, or a whole frame, with a ruler and a fine pen."""
    left, bottom = axes.left_mm, axes.bottom_mm
    right, top = left + axes.length_s * SECOND_MM, bottom - (HIGH_KHZ - LOW_KHZ) * KHZ_MM
    sheet.line((left, bottom), (right, bottom), 0.25, 0.8)
    sheet.line((left, bottom), (left, top), 0.25, 0.8)
    if framed:
        sheet.line((left, top), (right, top), 0.25, 0.8)
        sheet.line((right, bottom), (right, top), 0.25, 0.8)
    for tick in np.arange(0, axes.length_s + 1e-6, 0.2):
        x = left + tick * SECOND_MM
        sheet.line((x, bottom), (x, bottom + 2.0), 0.25, 0.8)
        _write(sheet, x, bottom + 5.0, f"{tick:.1f}")
    for khz in np.arange(LOW_KHZ, HIGH_KHZ + 0.5):
        y = bottom - (khz - LOW_KHZ) * KHZ_MM
        sheet.line((left - 2.0, y), (left, y), 0.25, 0.8)
        _write(sheet, left - 5.0, y, f"{khz:.0f}")


def _write(sheet: _Sheet, x: float, y: float, text: str) -> None:
    """Write a small text, its middle at a point."""
    size = int(3.0 * sheet.scale)
    centre = sheet.pixels(np.array([[x, y]]))[0]
    tile = Image.new("L", (4 * size, 2 * size))
    pen = ImageDraw.Draw(tile)
    pen.text((2 * size, size), text, fill=190, anchor="mm", font=ImageFont.load_default(size))
    letters = np.asarray(tile, np.float32) / 255
    row, column = int(centre[1]) - size, int(centre[0]) - 2 * size
    height, width = sheet.lines.shape
    if row < 0 or column < 0 or row + 2 * size > height or column + 4 * size > width:
        return
    region = sheet.lines[row : row + 2 * size, column : column + 4 * size]
    np.maximum(region, letters, out=region)


def _wobble(
    rng: np.random.Generator, many: int, points_per_wave: float, sd: float
) -> npt.NDArray[np.float64]:
    """Smooth noise along a stroke, of a given standard deviation."""
    white = rng.standard_normal(many + int(8 * points_per_wave))
    smooth = ndimage.gaussian_filter1d(white, points_per_wave, mode="wrap")
    return np.asarray(sd * smooth[:many] / max(smooth.std(), 1e-9))


def _stroke(sheet: _Sheet, axes: _Axes, note: Note, pen: Pen, rng: np.random.Generator) -> None:
    """Draw one note: it trembles, swells, and breaks off where the pen is lifted."""
    coarse = np.linspace(0.0, 1.0, 200)
    mm = _at(axes, note.onset_s + coarse * note.duration_s, note_frequency(note, coarse))
    path = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(mm, axis=0).T))])
    many = max(8, int(path[-1] * sheet.scale * 3))
    u = np.interp(np.linspace(0, path[-1], many), path, coarse)
    wave = max(4.0, 2.5 * sheet.scale * 3)  # the hand trembles every few millimetres
    time = note.onset_s + u * note.duration_s + _wobble(rng, many, wave, pen.tremor_s)
    frequency = note_frequency(note, u) + _wobble(rng, many, wave, pen.tremor_hz)
    points = sheet.pixels(_at(axes, time, frequency))
    press = 1.0 + _wobble(rng, many, 4 * wave, pen.pressure)
    radius = np.clip(press, 0.5, 1.6) * pen.thickness_mm / 2 * sheet.scale
    dark = np.clip(rng.uniform(0.6, 0.9) * (0.5 + 0.5 * press), 0.3, 1.0)
    for _ in range(rng.poisson(pen.lifts * note.duration_s)):
        # A lift leaves half a millimetre to one of bare paper, ends of strokes apart.
        middle = rng.uniform(0.15, 0.85) * path[-1]
        half = (rng.uniform(0.5, 1.0) + pen.thickness_mm) / 2
        dark[np.abs(np.linspace(0, path[-1], many) - middle) < half] = 0.0
    _stamp(sheet.strokes, points[:, 0], points[:, 1], radius, dark)


def _entry(
    sheet: _Sheet, axes: _Axes, sketch: Sketch, short: dict[str, Any], pen: Pen, rng: Any
) -> dict[str, Any]:
    """Note beside the page what a person would: marks on both axes, the box, a shortened trill."""

    def mark(time_s: float, khz: float) -> dict[str, float]:
        mm = _at(axes, np.array([time_s]), np.array([1000.0 * khz]))
        x, y = sheet.pixels(mm + pen.mark_mm * rng.standard_normal((1, 2)))[0]
        return {"x": round(float(x), 1), "y": round(float(y), 1)}

    last_s = float(np.floor(axes.length_s / 0.2 + 1e-6) * 0.2)
    corners = sheet.pixels(
        _at(axes, np.array([0.0, axes.length_s] * 2), 1000 * np.array([1.0, 1.0, 10.0, 10.0]))
    )
    slack = 1.0 * sheet.scale
    box = [*(corners.min(axis=0) - slack), *(corners.max(axis=0) + slack)]
    entry: dict[str, Any] = {
        "name": sketch.name,
        "birds": sketch.birds,
        "box": [round(float(v)) for v in box],
        "time": [
            {**mark(0.0, LOW_KHZ), "s": 0.0},
            {**mark(last_s, LOW_KHZ), "s": round(last_s, 1)},
        ],
        "frequency": [{**mark(0.0, 2.0), "khz": 2.0}, {**mark(0.0, 9.0), "khz": 9.0}],
    }
    if short:
        entry["trill"] = short
    return entry


def _expose(sheet: _Sheet, pen: Pen, rng: np.random.Generator) -> Image8:
    """Scan a sheet: grey paper in uneven light, grain, stains, blur."""
    height, width = sheet.strokes.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    tilt, bow = rng.uniform(-1, 1, 2), rng.uniform(-1, 1, 2)
    slope = tilt[0] * x + tilt[1] * y + bow[0] * x * x + bow[1] * y * y
    slope = (slope - slope.min()) / max(float(np.ptp(slope)), 1e-6)
    paper = np.float32(rng.uniform(0.8, 0.95)) * (1 - np.float32(pen.shade) * slope)
    for _ in range(rng.poisson(pen.stains)):
        _stain(paper, x * width / height, y, rng)
    grain = rng.standard_normal((height // 3 + 1, width // 3 + 1)).astype(np.float32)
    grain = ndimage.zoom(grain, 3, order=1)[:height, :width]
    # Pencil does not reach into the hollows of the paper.
    strokes = sheet.strokes * np.clip(1 + 0.12 * grain, 0, 1.2)
    light = paper * (1 + 0.012 * grain) * (1 - sheet.lines) * (1 - np.clip(strokes, 0, 0.97))
    light = ndimage.gaussian_filter(light, 0.25 * sheet.scale / 5.9 + 0.35)
    light += 0.008 * rng.standard_normal(light.shape).astype(np.float32)
    return np.asarray(np.clip(light * 255, 0, 255).round(), np.uint8)


def _stain(
    paper: npt.NDArray[np.float32], x: npt.NDArray[Any], y: npt.NDArray[Any], rng: Any
) -> None:
    """Spill something: a blot with a darker rim."""
    centre = rng.uniform(-1, 1, 2) * (float(x.max()), 1.0)
    stretch, size = rng.uniform(0.6, 1.6), rng.uniform(0.05, 0.3)
    distance = np.hypot((x - centre[0]) * stretch, y - centre[1]) / size
    inside = 1 / (1 + np.exp(np.clip((distance - 1) * 25, -50, 50)))
    rim = np.exp(-(((distance - 0.97) / 0.06) ** 2))
    paper *= 1 - rng.uniform(0.04, 0.22) * inside - rng.uniform(0.0, 0.12) * rim
