"""Figure: what was read of a page, drawn over it for a person to check."""

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes as Panel
from matplotlib.figure import Figure

from chingolo.digitizer import ReadPage, ReadSong
from chingolo.figures import style
from chingolo.themes import all_notes, contour_string, note_frequency

Array = npt.NDArray[np.float64]

MARGIN = 0.06
"""Of the page shown around a song's strokes, as a share of its larger side."""


def draw(page: ReadPage) -> Figure:
    """Draw every song of a page: the paper, the strokes found, the notes made of them.

    Parameters
    ----------
    page : ReadPage
    """
    many = len(page.songs)
    figure, axes = plt.subplots(
        many, 1, figsize=(style.PAGE, 3.6 * many), squeeze=False, layout="constrained"
    )
    for panel, song in zip(axes[:, 0], page.songs, strict=True):
        draw_song(panel, page.grey, song)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=7)
    return figure


def draw_reading(
    page: ReadPage, sound: npt.NDArray[np.float32], rate_hz: int, world: str
) -> Figure:
    """Draw the first song of a page: the page with what was read over it, and the song sung again.

    Parameters
    ----------
    page : ReadPage
    sound : ndarray of float32, shape (n,)
        What the model sings from the reading.
    rate_hz : int
    world : str
    """
    figure, axes = plt.subplots(
        2, 1, figsize=(style.COLUMN, 4.1), height_ratios=(1.5, 1), layout="constrained"
    )
    draw_song(axes[0], page.grey, page.songs[0])
    axes[0].set_title("")
    axes[0].legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=3, fontsize=6)
    style.spectrogram(axes[1], sound, rate_hz)
    axes[1].set(xlabel="time (s)", ylabel="pitch (kHz)", aspect="auto")
    for panel, text in zip(axes, "ab", strict=True):
        style.letter(panel, text)
    style.world_note(figure, world)
    return figure


def draw_song(panel: Panel, grey: npt.NDArray[np.float32], song: ReadSong) -> None:
    """Draw one song of a page over the part of the page it was read from."""
    notes = all_notes(song.theme)
    seen = [song.axes.page(np.stack([c.time_s, c.frequency_hz], axis=1)) for c in song.curves]
    end = max(n.onset_s + n.duration_s for n in notes)
    khz = np.arange(1, 11)
    corners = song.axes.page(np.array([(t, f) for t in (0.0, end) for f in (2000.0, 8000.0)]))
    points = np.concatenate([*seen, corners])
    low, high = points.min(axis=0), points.max(axis=0)
    slack = MARGIN * float((high - low).max())
    left, top = np.maximum(np.floor(low - slack), 0).astype(int)
    right, bottom = np.ceil(high + slack).astype(int) + 1
    part = grey[top:bottom, left:right]
    shown = (left - 0.5, left + part.shape[1] - 0.5, top + part.shape[0] - 0.5, top - 0.5)
    panel.imshow(
        part, cmap="gray", vmin=0, vmax=1, extent=shown, origin="upper", aspect="equal",
        rasterized=True,
    )  # fmt: skip
    for time in np.arange(0.0, end + 0.2, 0.2):
        line = song.axes.page(np.array([(time, 1000.0), (time, 10_000.0)]))
        panel.plot(*line.T, color=style.SKY, linewidth=0.5, zorder=1)
        if shown[0] < line[0, 0] < shown[1]:
            foot = min(float(line[0, 1]), shown[2] - 4)
            panel.text(
                line[0, 0], foot, f"{time:.1f} s", fontsize=5, color=style.BLUE, ha="center",
                va="bottom",
            )  # fmt: skip
    for value in khz:
        line = song.axes.page(np.array([(0.0, 1000.0 * value), (end, 1000.0 * value)]))
        panel.plot(*line.T, color=style.SKY, linewidth=0.5, zorder=1)
        if shown[3] < line[-1, 1] < shown[2] and value > 1:
            panel.text(
                line[-1, 0],
                line[-1, 1],
                f"{value} kHz",
                fontsize=5,
                color=style.BLUE,
                ha="right",
                va="bottom",
            )
    for k, points in enumerate(seen):
        panel.plot(
            *points.T, color=style.YELLOW, linewidth=2.6, alpha=0.75, zorder=2,
            label="stroke found" if not k else None,
        )  # fmt: skip
    for k, note in enumerate(notes):
        u = np.linspace(0, 1, 40)
        song_points = np.stack([note.onset_s + u * note.duration_s, note_frequency(note, u)], 1)
        line = song.axes.page(song_points)
        panel.plot(
            *line.T, color=style.ORANGE, linewidth=0.9, zorder=3,
            label="theme as read" if not k else None,
        )  # fmt: skip
    panel.plot([], [], color=style.SKY, linewidth=0.8, label="axes as read")
    panel.set(xlim=shown[:2], ylim=shown[2:], xticks=[], yticks=[])
    trill = song.theme.trill
    words = [contour_string(song.theme)] + ([f"trill of {trill.count}"] if trill else [])
    panel.set_title(f"{song.name}: {' + '.join(words)}; sure {song.sure:.2f}", loc="left")
    if song.doubts:
        panel.set_xlabel("\n".join(f"? {doubt}" for doubt in song.doubts), fontsize=7, loc="left")
