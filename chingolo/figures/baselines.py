"""Figure: the judge beside simpler methods."""

from collections.abc import Mapping
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.figures import style

METHODS = {
    "judge": "judge (CNN ensemble)",
    "siamese": "siamese metric",
    "network_2018": "2018 network",
    "gradient_boosting": "gradient boosting",
    "spectrogram_correlation": "spectrogram correlation",
    "f0_warping": "warping of f0",
    "note_parameters": "note parameters",
    "contour_string": "contour string",
}
"""Names of the methods, from top to bottom; above the others those that know synthetic songs only."""

ASKED = (
    ("baselines", "songs", style.BLUE, "o", -0.16),
    ("baselines_notebook", "sketches", style.ORANGE, "s", 0.16),
)


def draw(scores: Mapping[str, Any], world: str) -> Figure:
    """Draw accuracy and AUROC of every method, with 95 % intervals, for songs and for sketches.

    Parameters
    ----------
    scores : mapping
        ``baselines``, ``baselines_notebook`` and ``judge_beside`` of :mod:`chingolo.comparison`, and
        ``siamese_beside`` of :mod:`chingolo.siamese`.
    world : str
    """
    figure, axes = plt.subplots(1, 2, sharey=True, figsize=(style.PAGE, 3.1))
    for one, letter, value, interval, name in (
        (axes[0], "a", "accuracy", "interval", "accuracy (right theme, songs of the panel)"),
        (axes[1], "b", "auroc", "auroc_interval", "AUROC (songs of the panel against others)"),
    ):
        for kind, what, colour, marker, offset in ASKED:
            methods = scores[kind] | {
                name: scores[f"{name}_beside"][kind] for name in ("judge", "siamese")
            }
            n = methods["judge"]["n"], methods["judge"]["n_unknown"]
            label = f"{what}: {n[0]} of the panel, {n[1]} of others"
            _points(one, methods, value, interval, offset, color=colour, fmt=marker, label=label)
        one.set(xlabel=name, xlim=(-0.02, 1.02))
        one.xaxis.grid(visible=True, linewidth=0.4, color="0.9")
        style.letter(one, letter)
    axes[0].axvline(scores["chance"], color="0.35", linewidth=0.8, linestyle=":")
    axes[1].axvline(0.5, color="0.35", linewidth=0.8, linestyle=":")
    axes[1].annotate(
        "chance", (0.5, 0.02), xycoords=("data", "axes fraction"), xytext=(-3, 0),
        textcoords="offset points", rotation=90, fontsize=6.5, color="0.35", ha="right",
    )  # fmt: skip
    axes[0].set_yticks(range(len(METHODS)), list(METHODS.values()))
    axes[0].invert_yaxis()
    handles, labels = axes[0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper center", ncols=2)
    style.world_note(figure, world)
    return figure


def _points(
    axes: Axes, methods: Mapping[str, Any], value: str, interval: str, offset: float, **look: Any
) -> None:
    """Draw one value a method, with its interval, where it could be measured."""
    known = [
        (row + offset, methods[name][value], methods[name][interval])
        for row, name in enumerate(METHODS)
        if methods[name][value] is not None
    ]
    if known:
        y, x, ends = zip(*known, strict=True)
        # A percentile interval need not hold its estimate: drawn from end to end, not as an error.
        axes.hlines(y, [e[0] for e in ends], [e[1] for e in ends], color=look["color"], linewidth=1)
        axes.plot(
            x, y, look["fmt"], color=look["color"], markersize=4, label=look["label"], linestyle=""
        )
