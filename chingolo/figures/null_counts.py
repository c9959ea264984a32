"""Figure: the notebook's matches beside those of notebooks that should find none."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.chance import KINDS
from chingolo.figures import style

TITLES = {
    "species": "random themes",
    "permuted": "notes reordered",
    "mirrored": "mirrored",
    "foreign": "other parks",
}


def draw(
    comparisons: Mapping[str, Any], counts: Mapping[str, npt.NDArray[np.int64]], world: str
) -> Figure:
    """Draw the distribution of match counts for each kind of null notebook, and the count observed.

    Parameters
    ----------
    comparisons : mapping
        Of :func:`chingolo.chance.judge_nulls`.
    counts : mapping of str to ndarray of int
        Matches of every null notebook, by kind.
    world : str
    """
    figure, axes = plt.subplots(1, len(KINDS), figsize=(style.PAGE, 1.9), sharex=True, sharey=True)
    most = max(comparisons[kind]["sketches"] for kind in KINDS)
    for axis, kind, letter in zip(axes, KINDS, "abcd", strict=True):
        found = comparisons[kind]
        axis.set_title(TITLES[kind], fontsize=8)
        style.letter(axis, letter)
        axis.set_xlabel("sketches matched")
        if found["p"] is None:
            axis.text(0.5, 0.5, "no notebook", transform=axis.transAxes, ha="center", color="0.35")
            continue
        value, many = np.unique(counts[kind], return_counts=True)
        axis.bar(value, many / many.sum(), width=0.8, color=style.SKY)
        axis.axvline(found["observed"], color=style.ORANGE)
        axis.text(
            0.98,
            0.97,
            f"{found['observed']} of {found['sketches']}\np = {found['p']:.2g}",
            transform=axis.transAxes, ha="right", va="top", fontsize=7, color=style.ORANGE,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8},
        )  # fmt: skip
    axes[0].set(ylabel="share of notebooks", xlim=(-0.7, most + 0.7), ylim=(0, None))
    axes[0].xaxis.get_major_locator().set_params(integer=True)
    style.world_note(figure, world)
    return figure
