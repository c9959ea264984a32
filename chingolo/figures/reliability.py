"""Figure: whether the judge's probabilities are honest."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style


def draw(validation: Mapping[str, Any], heard: Mapping[str, Any] | None, world: str) -> Figure:
    """Draw the share of songs named right against the probability of the answer.

    Parameters
    ----------
    validation, heard : mapping
        Of :func:`chingolo.openset.calibration`: of held-out synthetic songs, and of the songs the judge
        is scored on; None without any.
    world : str
    """
    figure, axes = plt.subplots(figsize=(style.COLUMN, 2.6))
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=0.8)
    kinds = [("validation songs (synthetic)", validation, style.GREEN, "s")]
    if heard is not None:
        kinds.append(("songs never heard", heard, style.BLUE, "o"))
    for name, measured, colour, marker in kinds:
        table = measured["reliability"]
        n = np.array([row["n"] for row in table])
        x = np.array([row["confidence"] for row in table])
        y = np.array([row["right"] for row in table])
        ends = np.array([row["interval"] for row in table])
        axes.vlines(x, ends[:, 0], ends[:, 1], color=colour, linewidth=1.0)
        label = f"{name}, n = {n.sum()}, error {measured['ece']:.3f}"
        axes.scatter(x, y, s=12 + 60 * n / n.sum(), color=colour, marker=marker, label=label)
    axes.set(
        xlabel="probability of the answer, if of the panel",
        ylabel="share named right",
        xlim=(0, 1.04),
        ylim=(-0.02, 1.04),
    )
    figure.legend(loc="outside upper center", fontsize=6.5)
    style.world_note(figure, world)
    return figure
