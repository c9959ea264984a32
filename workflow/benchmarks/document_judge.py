"""Write the judge's last benchmark into the documentation: make docs, after make bench-judge."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from document import number, percent, table

PAGE = Path("workflow/documentation.md")
BEGIN, END = "<!-- judge -->\n", "<!-- /judge -->"


def lines(b: dict[str, Any]) -> list[str]:
    """Write what `make bench-judge` measured."""
    speed, songs = b["speed_per_core"], b["songs"]
    out = [
        "### The judge, measured",
        "",
        (
            "By `make bench-judge` on a core of a busy server: training shows the networks "
            f"{number(speed['training_images_per_s'], 0)} pictures a second, "
            f"{number(speed['training_over_bare_loop'])} times what a bare loop over tensors in memory does; "
            f"{speed['ensemble_networks']} networks answer to {number(speed['ensemble_songs_per_s'], 0)} "
            "songs a second."
        ),
        "",
    ]
    if songs:
        rows = [
            [
                name.replace("_", " "),
                str(own["n"]),
                percent(own["accuracy"], 1),
                interval(own),
                number(own["auroc"], 3),
            ]
            for name, own in songs.items()
            if isinstance(own, dict)
        ]
        noise = "in recorded noise" if songs["noise"] else "in made noise"
        out += [f"Real songs, {noise}, altered as the controls are:", ""]
        out += table(
            ["songs", "of the panel", "right", "95 % interval", "AUROC against other themes"], rows
        )
    return out


def interval(own: dict[str, Any]) -> str:
    """Write the ends of an interval."""
    return " to ".join(percent(end, 1) for end in own["interval"])


if __name__ == "__main__":
    source = Path(sys.argv[1])
    if source.is_file():
        new = "\n".join(lines(json.loads(source.read_text(encoding="utf-8")))) + "\n"
        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(
            re.escape(BEGIN) + ".*?" + END, lambda _: BEGIN + new + END, page, flags=re.DOTALL
        )
        PAGE.write_text(page, encoding="utf-8")
