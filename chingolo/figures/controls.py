"""Figure: what the judge hears, and what the physics adds."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.figures import style


class Row(NamedTuple):
    """One control: its name, what was measured of it, and the group it stands in."""

    name: str
    measured: Mapping[str, Any]
    group: str


NAMES = {
    "trill": "trill blackened",
    "background_swapped": "another background",
    "reference": "reference",
    "sine": "plain sine, no physics",
    "no-tract": "no vocal tract",
    "source-2018": "source of 2018",
    "no-outliers": "no outliers in training",
    "too-wide": "surrogates 10 times as wide",
    "low": "careful pen",
    "medium": "medium pen",
    "high": "careless pen",
}

ENSEMBLE, SKETCHES, ANEW, ENROLLED = "ensemble", "its sketches", "trained anew", "on songs left"
COLOURS = {
    ENSEMBLE: style.BLUE,
    SKETCHES: style.BLUE,
    ANEW: style.ORANGE,
    ENROLLED: style.ORANGE,
}

VALUES = (
    ("accuracy", "interval", "accuracy on songs", "o"),
    ("auroc", "auroc_interval", "AUROC on songs", "s"),
    ("sensitivity", "sensitivity_interval", "sketches that find a match", "o"),
)


def rows(measured: Mapping[str, Any]) -> list[Row]:
    """List the controls from top to bottom."""
    alone = measured["networks"]
    networks = {
        "accuracy": alone["accuracy"],
        "interval": alone["accuracy_interval"],
        "auroc": alone["auroc"],
        "auroc_interval": alone["auroc_interval"],
    }
    out = [
        Row("as heard", measured["as_heard"], ENSEMBLE),
        Row("one network alone (mean)", networks, ENSEMBLE),
        Row("background alone", measured["background_only"], ENSEMBLE),
    ]
    for name, one in measured["altered"].items():
        out.append(
            Row(
                NAMES.get(
                    name, name.replace("_", " ").replace("noise", "noise at").replace("-", "−")
                ),
                one,
                ENSEMBLE,
            )
        )
    out += [Row(NAMES[hand], one, SKETCHES) for hand, one in measured["pens"].items()]
    out += [Row(NAMES[name], one, ANEW) for name, one in measured["retrained"].items()]
    for many, one in (measured["enrolled"] or {}).items():
        s = "" if many == "1" else "s"
        out.append(Row(f"{many} song{s} enrolled (n = {one['n']})", one, ENROLLED))
    return out


def draw(measured: Mapping[str, Any], world: str) -> Figure:
    """Draw every control with 95 % intervals, and the map of surrogates' spread and number.

    Parameters
    ----------
    measured : mapping
        Of :func:`chingolo.controls.controls` and :func:`chingolo.controls.gather`.
    world : str
    """
    listed = rows(measured)
    figure = plt.figure(figsize=(style.PAGE, 0.165 * len(listed) + 2.5))
    heights = [0.165 * len(listed) + 0.6, 1.8]
    upper, lower = np.ravel(figure.subfigures(2, 1, height_ratios=heights))  # type: ignore[arg-type]
    axes = upper.subplots(1, 3, sharey=True, width_ratios=[1, 1, 1])
    for one, letter, (value, interval, name, marker) in zip(axes, "abc", VALUES, strict=True):
        _dots(one, listed, value, interval, marker, "")
        one.set(xlabel=name, xlim=(-0.03, 1.03))
        one.xaxis.grid(visible=True, linewidth=0.4, color="0.9")
        style.letter(one, letter)
    _dots(axes[2], listed, "false_match_rate", "false_match_interval", "D", "none")
    axes[2].set_xlabel("sketches matched\n(● the panel's, ◇ nobody's)")
    groups = [row.group for row in listed]
    for one in axes:
        for k in range(1, len(groups)):
            if groups[k] != groups[k - 1]:
                one.axhline(k - 0.5, color="0.6", linewidth=0.6)
    axes[0].set_yticks(range(len(listed)), [row.name for row in listed])
    axes[0].set_ylim(len(listed) - 0.5, -0.5)
    for tick, group in zip(axes[0].get_yticklabels(), groups, strict=True):
        tick.set_color(COLOURS[group])
    _maps(lower, measured["grid"])
    style.world_note(figure, world)
    return figure


def _dots(
    axes: Axes, listed: Sequence[Row], value: str, interval: str, marker: str, face: str
) -> None:
    """Draw one value a control, where it was measured; the first of its group as a line."""
    first: dict[str, int] = {}
    for k, row in enumerate(listed):
        if row.measured.get(value) is None:
            continue
        first.setdefault(row.group, k)
        colour = COLOURS[row.group]
        ends = row.measured[interval]
        if ends is not None:
            # A percentile interval need not hold its estimate: drawn from end to end.
            axes.hlines(k, *ends, color=colour, linewidth=1)
        axes.plot(
            row.measured[value], k, marker, color=colour, markersize=3.6,
            markerfacecolor=face or colour, linestyle="",
        )  # fmt: skip
    for group, k in first.items():
        last = max(j for j, row in enumerate(listed) if row.group == group)
        if value != "false_match_rate" and last > k:
            axes.vlines(
                listed[k].measured[value],
                k,
                last + 0.5,
                color=COLOURS[group],
                linewidth=0.7,
                linestyle=":",
            )


def _maps(figure: Any, grid: Sequence[Mapping[str, Any]]) -> None:
    """Draw accuracy and AUROC over the surrogates' spread and number."""
    spreads = sorted({cell["spread"] for cell in grid})
    numbers = sorted({cell["per_theme"] for cell in grid})
    axes = figure.subplots(1, 2)
    for one, letter, value, name in (
        (axes[0], "d", "accuracy", "accuracy on songs"),
        (axes[1], "e", "auroc", "AUROC"),
    ):
        table = np.full((len(spreads), len(numbers)), np.nan)
        for cell in grid:
            if cell[value] is not None:
                place = spreads.index(cell["spread"]), numbers.index(cell["per_theme"])
                table[place] = cell[value]
        image = one.imshow(table, cmap="cividis", vmin=0.0, vmax=1.0, origin="lower")
        for (i, j), x in np.ndenumerate(table):
            shown, colour = ("–", "black") if np.isnan(x) else (f"{x:.2f}", "white")
            one.text(j, i, shown, ha="center", va="center", fontsize=7,
                     color="black" if x > 0.55 else colour)  # fmt: skip
        one.set_xticks(range(len(numbers)), [str(n) for n in numbers])
        one.set_yticks(range(len(spreads)), [f"{s:g}" for s in spreads])
        one.set(xlabel="synthetic songs a theme", ylabel="spread, times", title=name)
        style.letter(one, letter)
        figure.colorbar(image, ax=one, aspect=12)
