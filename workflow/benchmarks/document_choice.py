"""Write the comparison of the judge's settings into the documentation: make docs, after make bench-choice."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from document import number, percent, table

PAGE = Path("workflow/documentation.md")
BEGIN, END = "<!-- choice -->\n", "<!-- /choice -->"
CHOSEN, SCORE = "as the study", "max_logit"
SCORES = {
    "max_logit": "largest logit (the judge's)",
    "max_softmax": "largest probability",
    "energy": "energy",
    "against_none": "largest logit less that of *none*",
    "nearest_features": "distance to the tenth nearest song in training, last layer's features",
}


def lines(found: dict[str, Any]) -> list[str]:
    """Write what `make bench-choice` found."""
    ratios = list(found[CHOSEN]["accuracy"])
    return [
        "### How the judge was chosen",
        "",
        (
            "By `make bench-choice`, on the enrolled songs, heard again at other places, and on synthetic "
            "ones: one network for each third of the panel that is left out, means of the three. *Real, "
            "against lost*: AUROC of enrolled songs whose theme was trained on against those whose theme "
            "was not; *lost that pass* the threshold set on random themes; *altered*: AUROC of synthetic "
            "songs against themes with a note changed. Each variant is a run in MLflow (rule `choice`)."
        ),
        "",
        *table(
            [
                "setting",
                *(f"right at {float(ratio):g} dB" for ratio in ratios),
                "real, against lost",
                "known that pass",
                "lost that pass",
                "altered",
                "CPU s a network",
            ],
            [
                [
                    name,
                    *(percent(own["accuracy"][ratio], 1) for ratio in ratios),
                    *shares(own["scores"][SCORE]),
                    number(own["cpu_s"] / 3, 0),
                ]
                for name, own in found.items()
            ],
        ),
        *table(
            ["score of being known", "real, against lost", "known that pass", "lost that pass", "altered"],
            [[SCORES[name], *shares(own)] for name, own in found[CHOSEN]["scores"].items()],
        ),
    ]  # fmt: skip


def shares(score: dict[str, float]) -> list[str]:
    """Write one score's measures."""
    return [
        number(score["recorded"], 3),
        percent(score["recorded_known_pass"], 0),
        percent(score["recorded_lost_pass"], 0),
        number(score["altered"], 3),
    ]


if __name__ == "__main__":
    source = Path(sys.argv[1])
    if source.is_file():
        new = "\n".join(lines(json.loads(source.read_text(encoding="utf-8")))) + "\n"
        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(
            re.escape(BEGIN) + ".*?" + END, lambda _: BEGIN + new + END, page, flags=re.DOTALL
        )
        PAGE.write_text(page, encoding="utf-8")
