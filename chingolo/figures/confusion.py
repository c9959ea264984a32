"""Figure: whom the judge takes for whom, on songs it never heard."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style


def draw(truth: Sequence[str], answers: Sequence[str], themes: Sequence[str], world: str) -> Figure:
    """Draw the confusion matrix, rows scaled to the songs of each theme, counts written in.

    Parameters
    ----------
    truth, answers : sequence of str, same length
        Of the query songs.
    themes : sequence of str
        Order of rows and columns.
    world : str
    """
    count = np.zeros((len(themes), len(themes)), int)
    for t, a in zip(truth, answers, strict=True):
        count[themes.index(t), themes.index(a)] += 1
    share = count / np.maximum(count.sum(axis=1, keepdims=True), 1)
    size = min(style.PAGE, 1.3 + 0.26 * len(themes))
    figure, axes = plt.subplots(figsize=(max(style.COLUMN, size), max(2.9, size - 0.4)))
    image = axes.imshow(share, vmin=0, vmax=1, cmap="Blues", origin="upper", aspect="equal")
    for i, j in np.argwhere(count > 0):
        colour = "white" if share[i, j] > 0.6 else "black"
        axes.text(j, i, str(count[i, j]), ha="center", va="center", fontsize=5.5, color=colour)
    names = [style.short(theme) for theme in themes]
    axes.set_xticks(range(len(themes)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(themes)), names, fontsize=6)
    kind = "simulated field song" if world == "simulated" else "real song"
    axes.set(xlabel="the judge says", ylabel=f"{kind} of theme")
    right = int(np.trace(count))
    axes.set_title(f"{right} of {count.sum()} songs named right (ensemble)", fontsize=7)
    figure.colorbar(image, ax=axes, shrink=0.7, label="share of the row")
    style.world_note(figure, world)
    return figure
