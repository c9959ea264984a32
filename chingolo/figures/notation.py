"""Figure: a theme as an ornithologist sketches it, frequency against time in strokes of a pen."""

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from chingolo.figures import style
from chingolo.themes import (
    Note,
    Theme,
    all_notes,
    duration,
    note_envelope,
    note_frequency,
    note_type,
    trill_notes,
)

FAINTEST_DB = -24.0
"""Strokes of this level and below are thinnest and greyest."""

THICK, THIN, LIGHTEST = 3.2, 0.8, 0.65
"""Width of strokes in points, of the loudest and of the faintest; grey of the faintest."""

POINTS = 60
"""Points a note is drawn with."""

MIDDLE = slice(21, 39)
"""Those of them that a letter stands above."""


def draw(theme: Theme, title: str = "") -> Figure:
    """Draw a theme: a stroke a note, its type above it; weak notes thin and grey.

    Parameters
    ----------
    theme : Theme
        It may be empty: then its axes are.
    title : str

    Returns
    -------
    Figure
    """
    length = duration(theme)
    width = float(np.clip(1.0 + 3.0 * length, style.COLUMN, style.PAGE))
    figure, axes = plt.subplots(figsize=(width, 2.2))
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)")
    axes.set_title(title, loc="left")
    notes = all_notes(theme)
    if not notes:
        axes.set(xlim=(0.0, 1.0), ylim=(1.0, 10.0))
        axes.text(0.5, 0.5, "no notes", transform=axes.transAxes, ha="center", color="0.5")
        return figure
    first = min(0.0, notes[0].onset_s)
    for note in notes:
        _stroke(axes, note)
    khz = np.concatenate([_khz(note) for note in notes])
    low, high = np.floor(khz.min() - 0.25), np.ceil(khz.max() + 0.5)
    high = max(high, low + 3.0)
    margin = 0.03 * max(length - first, 0.3)
    axes.set(xlim=(first - margin, length + margin), ylim=(low, high))
    axes.yaxis.set_major_locator(MultipleLocator(1.0))
    lift = 0.05 * (high - low)
    for note in theme.notes:
        at = note.onset_s + 0.5 * note.duration_s
        _label(axes, at, _khz(note)[MIDDLE].max() + lift, note_type(note))
    if theme.trill and theme.trill.count > 0:
        elements = trill_notes(theme.trill)
        at = 0.5 * (elements[0].onset_s + elements[-1].onset_s + elements[-1].duration_s)
        _label(axes, at, _khz(elements[0]).max() + lift, f"trill ×{len(elements)}")
    return figure


def _khz(note: Note) -> npt.NDArray[np.float64]:
    return note_frequency(note, np.linspace(0.0, 1.0, POINTS)) / 1000.0


def _label(axes: Axes, at: float, height: float, text: str) -> None:
    axes.text(at, height, text, ha="center", va="bottom", fontsize=8)


def _stroke(axes: Axes, note: Note) -> None:
    """Draw one note; where it has no envelope of its own its stroke is of one thickness."""
    u = np.linspace(0.0, 1.0, POINTS)
    level = np.full(POINTS, note.level_db)
    if note.envelope_db:
        level = 20.0 * np.log10(np.maximum(note_envelope(note, u), 1e-6))
    faint = np.clip(0.5 * (level[1:] + level[:-1]) / FAINTEST_DB, 0.0, 1.0)
    way = np.stack([note.onset_s + note.duration_s * u, _khz(note)], axis=1)
    pieces = LineCollection(
        list(np.stack([way[:-1], way[1:]], axis=1)),
        linewidths=THICK + (THIN - THICK) * faint,
        colors=[str(LIGHTEST * share) for share in faint],
        capstyle="round",
    )
    axes.add_collection(pieces)
