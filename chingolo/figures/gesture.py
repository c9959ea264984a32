"""Figure: gesture, wave and spectrogram of one synthetic song."""

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style


def draw(
    pressure: npt.NDArray[np.float64],
    tension: npt.NDArray[np.float64],
    control_hz: float,
    song: npt.NDArray[np.float32],
    rate_hz: int,
    lead_s: float,
    world: str,
    theme: str,
) -> Figure:
    """Draw pressure, tension, the wave they make and its spectrogram, on one clock.

    Parameters
    ----------
    pressure, tension : ndarray, shape (n,)
        Gesture, dimensionless.
    control_hz : float
        Its rate.
    song : ndarray, shape (m,)
    rate_hz : int
    lead_s : float
        So much earlier than the song the gesture begins.
    world, theme : str
    """
    figure, axes = plt.subplots(
        4, 1, figsize=(style.COLUMN, 3.3), sharex=True, height_ratios=(1, 1, 1, 1.8)
    )
    clock = np.arange(pressure.size) / control_hz - lead_s
    axes[0].plot(clock, pressure, color=style.BLUE, linewidth=0.9)
    axes[0].axhline(0, color="0.6", linewidth=0.6, linestyle=":")
    axes[0].set_ylabel("pressure α")
    axes[1].plot(clock, tension, color=style.ORANGE, linewidth=0.9)
    axes[1].set_ylabel("tension β")
    time = np.arange(song.size) / rate_hz
    axes[2].plot(time, song, color=style.BLACK, linewidth=0.25, rasterized=True)
    axes[2].set_ylabel("sound")
    axes[2].set_yticks([])
    style.spectrogram(axes[3], song, rate_hz)
    axes[3].set(xlabel="time (s)", ylabel="pitch (kHz)", xlim=(-lead_s, max(clock[-1], time[-1])))
    for panel, text in zip(axes, "abcd", strict=True):
        style.letter(panel, text)
    axes[0].set_title(f"theme {style.short(theme)}", loc="right", fontsize=7)
    figure.align_ylabels(axes)
    style.world_note(figure, world)
    return figure
