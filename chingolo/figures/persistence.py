"""Figure: persistence against the number of birds noted, and against neutral drift."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from chingolo.figures import style
from chingolo.persistence import Ruling


def draw(rulings: Sequence[Ruling], counted: Mapping[str, Any], world: str) -> Figure:
    """Draw the verdicts by birds noted beside the fitted and the neutral curve, and the shares with intervals.

    Parameters
    ----------
    rulings : sequence of Ruling
    counted : mapping
        Of :func:`chingolo.persistence.persistence`.
    world : str
    """
    figure, axes = plt.subplots(1, 2, figsize=(style.PAGE, 2.4), width_ratios=(1.5, 1))
    neutral = counted["neutral"]
    if counted["logistic"]:
        fitted = counted["logistic"]["curve"]
        axes[0].fill_between(
            fitted["birds"], fitted["low"], fitted["high"], color=style.SKY, alpha=0.3, linewidth=0
        )
        axes[0].plot(fitted["birds"], fitted["chance"], color=style.BLUE, label="fitted, 95 %")
    if neutral:
        curve = {int(b): chance for b, chance in neutral["by_birds_noted"].items()}
        axes[0].plot(
            sorted(curve), [curve[b] for b in sorted(curve)], color=style.BLACK, linestyle="--",
            label="neutral drift",
        )  # fmt: skip
    if neutral or counted["logistic"]:
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
    stack: dict[tuple[int, bool], int] = {}
    for ruling in rulings:
        hit = ruling.verdict != "none"
        k = stack[(ruling.birds, hit)] = stack.get((ruling.birds, hit), -1) + 1
        wrong = bool(ruling.truth) and ruling.verdict != ruling.truth
        axes[0].plot(
            ruling.birds,
            (1 - 0.035 * k) if hit else 0.035 * k,
            "x" if wrong else "o",
            color=style.BLUE if hit else style.ORANGE,
            markersize=4,
        )
    axes[0].set(
        xscale="log", xlabel="birds noted singing it", xlim=(0.85, None), ylim=(-0.08, 1.08)
    )
    axes[0].set_ylabel("still sung (one mark a sketch)")
    axes[0].set_yticks([0, 0.5, 1], ["no  0", "0.5", "yes  1"])
    axes[0].set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axes[0].minorticks_off()
    rows = [("by theme", counted["by_count"]), ("by bird", counted["by_birds"])]
    truth = counted.get("truth")
    for k, (_, entry) in enumerate(rows):
        if entry["share"] is None:
            continue
        low, high = entry["interval"]
        axes[1].plot([low, high], [k, k], color=style.BLUE)
        axes[1].plot(
            entry["share"], k, "o", color=style.BLUE, label="judged, 95 %" if not k else None
        )
        axes[1].plot([*entry["corrected_interval"]], [k + 0.15, k + 0.15], color=style.SKY)
        axes[1].plot(
            entry["corrected"], k + 0.15, "o", color=style.SKY,
            label="corrected" if not k else None,
        )  # fmt: skip
        if neutral:
            drift = neutral["by_count" if k == 0 else "by_birds"]
            label = None if k else "drift"
            axes[1].plot(drift, k, "d", color=style.BLACK, markersize=4, label=label)
        if truth:
            value = truth["share" if k == 0 else "share_by_birds"]
            axes[1].plot(
                value, k, "s", color=style.ORANGE, fillstyle="none", markersize=8,
                label="truth" if not k else None,
            )  # fmt: skip
    axes[1].set_yticks(range(len(rows)), [name for name, _ in rows])
    axes[1].set(xlabel="share of the notebook still sung", xlim=(-0.02, 1.02), ylim=(-0.6, 1.6))
    if rulings:
        axes[1].legend(loc="center", ncols=4, handletextpad=0.2, columnspacing=0.8, fontsize=6)
    style.letter(axes[0], "a")
    style.letter(axes[1], "b")
    style.world_note(figure, world)
    return figure
