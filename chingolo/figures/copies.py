"""Figure: real songs beside their synthetic copies."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style


def draw(
    sounds: Mapping[str, npt.NDArray[np.float32]],
    errors: Mapping[str, float],
    rate_hz: int,
    world: str,
    most: int = 6,
) -> Figure:
    """Draw recordings above their copies, themes spread evenly over those there are.

    Parameters
    ----------
    sounds : mapping
        ``<theme>|recording`` and ``<theme>|copy``.
    errors : mapping of str to float
        Median relative error of f0 by theme.
    rate_hz : int
    world : str
    most : int
        Themes shown.
    """
    names = sorted(errors)
    shown = [names[k] for k in np.unique(np.linspace(0, len(names) - 1, most).astype(int))]
    columns = 3
    rows = -(-len(shown) // columns)
    figure, axes = plt.subplots(
        2 * rows, columns, figsize=(style.PAGE, 1.15 * 2 * rows + 0.3), sharey=True, squeeze=False
    )
    for panel in axes.flat:
        panel.set_visible(False)
    for k, name in enumerate(shown):
        row, column = 2 * (k // columns), k % columns
        real, copy = axes[row, column], axes[row + 1, column]
        for panel, kind in ((real, "recording"), (copy, "copy")):
            panel.set_visible(True)
            style.spectrogram(panel, sounds[f"{name}|{kind}"], rate_hz)
            panel.set_xlim(0, len(sounds[f"{name}|recording"]) / rate_hz)
        style.letter(real, "abcdefghi"[k])
        real.set_title(f"{name}, recorded", fontsize=7)
        copy.set_title(f"synthetic, f0 off by {100 * errors[name]:.2f} %", fontsize=7)
        real.set_xticklabels([])
        copy.set_xlabel("time (s)")
        if column == 0:
            real.set_ylabel("pitch (kHz)")
            copy.set_ylabel("pitch (kHz)")
    style.world_note(figure, world)
    return figure
