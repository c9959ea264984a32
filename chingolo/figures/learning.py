"""Figure: learning curves of the ensemble."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from chingolo.figures import style


def draw(histories: Sequence[Sequence[Mapping[str, float]]], world: str) -> Figure:
    """Draw loss and accuracy against epochs, one thin line a network, the mean thick.

    Parameters
    ----------
    histories : sequence of sequence of mapping
        By network and epoch: ``loss``, ``accuracy``, ``validation_loss``, ``validation_accuracy``.
    world : str
    """
    figure, axes = plt.subplots(1, 2, figsize=(style.PAGE, 2.3))
    epochs = np.arange(1, len(histories[0]) + 1)
    for panel, key, label in (
        (axes[0], "loss", "cross-entropy (nats)"),
        (axes[1], "accuracy", "share of songs named right"),
    ):
        for name, kind, colour in (
            (key, "training songs, augmented", style.BLUE),
            (f"validation_{key}", "validation songs", style.ORANGE),
        ):
            curves = np.array([[epoch[name] for epoch in one] for one in histories])
            panel.plot(epochs, curves.T, color=colour, linewidth=0.5, alpha=0.6)
            panel.plot(epochs, curves.mean(axis=0), color=colour, label=kind)
        panel.set(xlabel="epoch", ylabel=label)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].set_ylim(bottom=0)
    axes[1].set_ylim(0, 1.02)
    axes[0].legend()
    style.letter(axes[0], "a")
    style.letter(axes[1], "b")
    axes[1].set_title(f"{len(histories)} networks, synthetic songs only", loc="right", fontsize=7)
    style.world_note(figure, world)
    return figure
