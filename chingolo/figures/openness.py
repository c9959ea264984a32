"""Figure: what the judge does not know."""

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style

Array = npt.NDArray[np.float64]


def draw(
    query: Array,
    unknown: Array,
    foreign: Array,
    strangers: tuple[Array, Array],
    threshold: float,
    world: str,
) -> Figure:
    """Draw scores of known, unknown and foreign songs, and of foreign ones by their distance.

    Parameters
    ----------
    query, unknown : ndarray
        Scores of heard songs of panel themes, and of other themes.
    foreign : ndarray
        Scores of synthetic foreign sketches.
    strangers : tuple of ndarray
        Scores of other synthetic sketches, and their distances to the panel theme next to them, octaves.
    threshold : float
    world : str
    """
    figure, (axes, beside) = plt.subplots(1, 2, figsize=(style.PAGE, 2.9))
    for values, colour, line, name in (
        (query, style.BLUE, "-", "songs of panel themes"),
        (unknown, style.ORANGE, "--", "songs of other themes"),
        (foreign, style.GREEN, "-.", "foreign sketches (synthetic)"),
    ):
        if values.size:
            ranked = np.sort(values)
            share = 1.0 - np.arange(ranked.size) / ranked.size
            label = f"{name}, n = {values.size}"
            axes.step(ranked, share, where="pre", color=colour, linestyle=line, label=label)
    axes.axvline(threshold, color="0.35", linewidth=0.8)
    axes.annotate(
        "threshold", (threshold, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2),
        textcoords="offset points", fontsize=6.5, color="0.35", ha="center", va="bottom",
    )  # fmt: skip
    axes.set(xlabel="score (largest mean logit)", ylabel="share of songs above it", ylim=(0, 1.03))
    score, apart = strangers
    passed = score > threshold
    for chosen, colour, marker, name in (
        (~passed, style.GREEN, "o", "refused"),
        (passed, style.ORANGE, "x", "matched"),
    ):
        label = f"{name}, n = {chosen.sum()}"
        beside.scatter(apart[chosen], score[chosen], s=9, color=colour, marker=marker, label=label)
    beside.axhline(threshold, color="0.35", linewidth=0.8)
    beside.set(xlabel="distance to the nearest panel theme (octaves)", ylabel="score")
    # Beside the curves, which may go anywhere.
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", fontsize=6)
    figure.legend(
        *beside.get_legend_handles_labels(), loc="outside upper right", fontsize=6,
        title="foreign sketches", title_fontsize=6,
    )  # fmt: skip
    style.letter(axes, "a")
    style.letter(beside, "b")
    style.world_note(figure, world)
    return figure
