"""Figure: song culture in the simulated park, year by year, and which themes survive."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chingolo.figures import style
from chingolo.figures.panorama import commonest, tint
from chingolo.openset import wilson

Array = npt.NDArray[Any]


def frequencies(axes: Axes, years: Array, themes: Array) -> None:
    """Stack the birds of every theme over the years: the maps' themes coloured, the others grey."""
    known = commonest(themes)
    labels = [*known, *sorted(set(np.unique(themes).tolist()) - set(known), key=abs)]
    counts = np.array([(themes == label).sum(axis=1) for label in labels])
    ranks = [known.get(label) for label in labels]
    # The second six have the colours of the first, fainter.
    shares = [0.4 if rank is None else 0.9 if rank < 6 else 0.5 for rank in ranks]
    colours = [tint(rank, share) for rank, share in zip(ranks, shares, strict=True)]
    axes.stackplot(years, counts, colors=colours, edgecolor="white", linewidth=0.25)
    axes.set(xlabel="year", ylabel="birds", xlim=(years[0], years[-1]), ylim=(0, themes.shape[1]))
    first, last = int(years[0]), int(years[-1])
    between = [year for year in range(0, last, 20) if min(year - first, last - year) > 9]
    axes.set_xticks([first, *between, last])


def abundances(axes: Axes, years: Array, themes: Array) -> None:
    """Draw the birds of each theme by its rank, in the first and in the last year."""
    for year, colour, shape in ((0, style.BLUE, "o"), (-1, style.ORANGE, "s")):
        singers = np.sort(np.unique(themes[year], return_counts=True)[1])[::-1]
        rank = np.arange(1, singers.size + 1)
        axes.plot(rank, singers, f"{shape}-", color=colour, markersize=2.5, linewidth=0.8,
                  label=str(years[year]))  # fmt: skip
    axes.set(xlabel="rank of the theme", ylabel="birds singing it", yscale="log")
    axes.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    axes.minorticks_off()
    axes.legend(loc="upper right")


def pooled(rows: list[dict[str, Any]]) -> list[tuple[float, int, int]]:
    """Pool themes of like numbers of singers, a fourth apart: mean singers, themes, those alive."""
    out: list[tuple[float, int, int]] = []
    low = 1
    while low <= rows[-1]["birds"]:
        high = low + max(1, low // 4)
        own = [row for row in rows if low <= row["birds"] < high]
        themes = sum(row["themes"] for row in own)
        if themes:
            mean = sum(row["birds"] * row["themes"] for row in own) / themes
            out.append((mean, themes, sum(row["alive"] for row in own)))
        low = high
    return out


def survival(axes: Axes, table: Mapping[str, Any]) -> None:
    """Draw the share of themes left, by their singers at first, beside the closed forms."""
    rows = table["by_count"]
    singers = [row["birds"] for row in rows]
    axes.plot(singers, [row["closed_form"] for row in rows], color=style.BLACK, linewidth=0.9,
              label="closed form")  # fmt: skip
    axes.plot(singers, [row["discrete"] for row in rows], color=style.BLACK, linewidth=0.9,
              linestyle="--", label=f"{table['generations']} generations")  # fmt: skip
    for k, (mean, themes, alive) in enumerate(pooled(rows)):
        axes.plot([mean, mean], wilson(alive, themes), color=style.BLUE, linewidth=0.8)
        axes.plot(mean, alive / themes, "o", color=style.BLUE, markersize=2.5,
                  label=None if k else "simulated, 95 %")  # fmt: skip
    axes.set(xlabel="birds singing it at first", xscale="log", ylim=(-0.02, 1.02))
    axes.set_ylabel(f"still sung after {table['years']} years")
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.set_xlim(0.85, 1.1 * max(singers))
    axes.minorticks_off()
    axes.legend(loc="upper left")


def draw(history: Mapping[str, Array], table: Mapping[str, Any], world: str) -> Figure:
    """Draw the culture's years beside its ranks and what survives.

    Parameters
    ----------
    history : mapping of str to ndarray
        ``years``, and ``themes`` by year and bird.
    table : mapping
        Of :func:`chingolo.persistence.survival_table`.
    world : str
    """
    figure, axes = plt.subplots(1, 3, figsize=(style.PAGE, 2.3), width_ratios=(1.15, 0.85, 1))
    frequencies(axes[0], history["years"], history["themes"])
    abundances(axes[1], history["years"], history["themes"])
    survival(axes[2], table)
    for panel, text in zip(axes, "abc", strict=True):
        style.letter(panel, text)
    style.world_note(figure, world)
    return figure
