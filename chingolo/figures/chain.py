"""Figure: the chain of the study, as a drawing."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from chingolo.figures import style

BOXES = {
    "today's songs\n(2020)": (0.0, 1.0, style.BLUE),
    "themes:\nnotes, trill": (1.0, 1.0, style.BLUE),
    "syrinx and tract\nsing surrogates": (2.0, 1.0, style.BLUE),
    "pictures in\nmany places": (3.0, 1.0, style.BLUE),
    "the judge:\nensemble of CNNs": (4.0, 0.5, style.BLACK),
    "old sketches\n(1966)": (0.0, 0.0, style.ORANGE),
    "themes as drawn,\nwith pen errors": (1.0, 0.0, style.ORANGE),
    "the same syrinx\nsings them": (2.0, 0.0, style.ORANGE),
    "pictures in the\nsame places": (3.0, 0.0, style.ORANGE),
    "verdict: still sung,\nor none of today's": (5.0, 0.5, style.GREEN),
}
ARROWS = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 7), (7, 8), (8, 4), (4, 9)]


def draw() -> Figure:
    """Draw the chain: two rows of boxes, today's songs and the old sketches, that meet at the judge."""
    figure, axes = plt.subplots(figsize=(style.PAGE, 1.75))
    centres = []
    for text, (x, y, colour) in BOXES.items():
        centre = (1.42 * x, 1.15 * y)
        centres.append(centre)
        axes.add_patch(
            FancyBboxPatch(
                (centre[0] - 0.58, centre[1] - 0.32),
                1.16,
                0.64,
                boxstyle="round,pad=0.02",
                edgecolor=colour,
                facecolor="white",
                linewidth=1.2,
            )
        )
        axes.text(*centre, text, ha="center", va="center", fontsize=6.2)
    for first, last in ARROWS:
        (x0, y0), (x1, y1) = centres[first], centres[last]
        tilt = 0.2 if y0 != y1 else 0.0
        start = (x0 + 0.61, y0 + (tilt if y1 > y0 else -tilt))
        end = (x1 - 0.61, y1 + (-tilt if y1 > y0 else tilt))
        axes.add_patch(
            FancyArrowPatch(
                start, end, arrowstyle="-|>", mutation_scale=7, color="0.35", linewidth=0.9
            )
        )
    axes.text(
        centres[4][0],
        centres[4][1] - 0.62,
        "trained on the upper row only",
        ha="center",
        fontsize=6,
        color="0.35",
    )
    axes.set(xlim=(-0.65, 7.75), ylim=(-0.42, 1.57))
    axes.axis("off")
    return figure
