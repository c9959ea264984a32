"""Figure: old themes against today's."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from chingolo.figures import style
from chingolo.persistence import Ruling


def draw(
    rulings: Sequence[Ruling],
    themes: Sequence[str],
    posterior: npt.NDArray[np.float64],
    world: str,
) -> Figure:
    """Draw the posterior of every sketch over the panel, and its verdict.

    Parameters
    ----------
    rulings : sequence of Ruling, length n
    themes : sequence of str, length m
    posterior : ndarray, shape (n, m)
        Probability of each panel theme, if the sketch is of the panel at all.
    world : str
    """
    if not rulings:
        figure, axes = plt.subplots(figsize=(style.COLUMN, 1.2))
        axes.text(
            0.5, 0.5, "the notebook is empty: no sketches were given", ha="center", va="center"
        )
        axes.axis("off")
        return figure
    n, m = posterior.shape
    width = min(style.PAGE, 2.2 + 0.25 * m)
    figure, axes = plt.subplots(figsize=(width, min(8.0, 1.3 + 0.2 * n)))
    image = axes.imshow(posterior, vmin=0, vmax=1, cmap="Greys", origin="upper", aspect="auto")
    for k, ruling in enumerate(rulings):
        if ruling.verdict != "none":
            axes.plot(themes.index(ruling.verdict), k, "o", color=style.BLUE, markersize=4)
        if ruling.truth and ruling.truth != "none":
            axes.plot(
                themes.index(ruling.truth),
                k,
                "s",
                color=style.ORANGE,
                markersize=8,
                fillstyle="none",
            )
    axes.set_xticks(range(m), [style.short(t) for t in themes], rotation=90, fontsize=6)
    axes.set_yticks(range(n), [f"{style.short(r.sketch)} ({r.birds})" for r in rulings], fontsize=6)
    axes.set(xlabel="today's theme", ylabel="old sketch (birds noted)")
    right = axes.secondary_yaxis("right")
    lost = ["none" if r.verdict == "none" else style.short(r.verdict) for r in rulings]
    wrong = [bool(r.truth) and r.truth != r.verdict for r in rulings]
    right.set_yticks(
        range(n), [f"{v}{' ✗' if w else ''}" for v, w in zip(lost, wrong, strict=True)], fontsize=6
    )
    right.set_ylabel(
        "verdict (✗: differs from the truth)" if any(r.truth for r in rulings) else "verdict"
    )
    handles = [Line2D([], [], marker="o", linestyle="", color=style.BLUE, markersize=4)]
    labels = ["verdict"]
    if any(r.truth for r in rulings):
        handles.append(
            Line2D([], [], marker="s", linestyle="", color=style.ORANGE, fillstyle="none")
        )
        labels.append("truth")
    figure.legend(handles, labels, loc="outside upper right", ncols=2)
    figure.colorbar(image, ax=axes, shrink=0.6, label="probability", location="left", pad=0.02)
    style.world_note(figure, world)
    return figure
