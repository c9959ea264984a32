"""Write the last benchmark of the singer into the documentation: make docs, after make bench."""

import json
import re
import sys
from pathlib import Path
from typing import Any

PAGE = Path("workflow/documentation.md")
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->"


def percent(value: float | None, digits: int = 2) -> str:
    """Share as per cent."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def number(value: float | None, digits: int = 2) -> str:
    """Write a number, or that there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Lay rows out in Markdown."""
    return ["| " + " | ".join(r) + " |" for r in [head, ["---"] * len(head), *rows]] + [""]


def lines(b: dict[str, Any]) -> list[str]:
    """Write what `make bench` measured."""
    out = [
        "### Measured",
        "",
        ("By `make bench` on two cores of a shared server; ratios are of one run. Synthetic songs in "
         "noise are simulated data."),
        "",
        *table(
            ["what", "figure"],
            [
                ["seconds of song a second of one core, 44.1 kHz", number(b["realtime_per_core"], 0)],
                ["two processes over one", number(b["two_core_speedup"]) + " times"],
                ["faster than a Python loop as public codes have it (numpy state, 20 steps a sample)",
                 number(b["python_loop_ratio"], 0) + " times"],
                ["faster than the same of the source alone, on plain numbers",
                 number(b["scalar_loop_ratio"], 0) + " times"],
                ["peak memory of 10,000 songs", number(b["peak_memory_mib_10000_songs"], 0) + " MiB"],
                ["reader, times real time on one core", number(b["reader_realtime_per_core"], 0)],
                ["songs of the sheet found (overlap 0.7 of the union)", percent(b["songs_found"], 0)],
                ["finds that the sheet lacks", percent(b["false_finds"], 0)],
                ["finds in recorded noise", number(b["finds_in_noise"], 0)],
            ],
        ),
    ]  # fmt: skip
    if "histories_per_minute" in b:
        out += culture(b["histories_per_minute"])
    out += ["Error of the step, against 20 steps a sample of 44.1 kHz:", ""]
    out += table(
        ["steps a sample", "step / (1/gamma)", "f0 median", "95 %", "largest", "spectrum"],
        [
            [str(r["substeps"]), number(r["step_gamma"]), percent(r["f0_median"], 4),
             percent(r["f0_p95"], 4), percent(r["f0_max"], 3), number(r["spectrum_db"], 0) + " dB"]
            for r in b["steps"]
        ],
    )  # fmt: skip
    for kind, curve in b["reading"].items():
        out += [
            f"Reading of 200 simulated songs in {kind} noise (SNR in 1.5-9.5 kHz, while the song sounds):",
            "",
        ]
        out += table(
            ["SNR", "f0 median", "off by > 5 %", "voiced of sounding", "notes right", "step within 2 %",
             "count within 1"],
            [
                [number(r["snr_db"], 0) + " dB", percent(r["f0_median"], 3), percent(r["gross"]),
                 percent(r["recall"], 1), percent(r["notes"], 1), percent(r["trill_step"], 1),
                 percent(r["trill_count"], 1)]
                for r in curve
            ],
        )  # fmt: skip
    if b["copies"]:
        out += copies(b["copies"])
    return out


def culture(c: dict[str, float]) -> list[str]:
    """Write how fast culture is simulated."""
    rows = {
        "themes alone": ("labels", "labels_plain_python"),
        "with every bird's copying errors": ("errors", "errors_plain_python"),
        "themes alone, conformist": ("conformist_labels", ""),
    }
    return [
        "Histories of 500 territories and 54 years a minute of one core:",
        "",
        *table(
            ["what", "compiled", "the same in plain Python, numpy's random numbers"],
            [[text, number(c[ours], 0), number(c.get(plain), 0)]
             for text, (ours, plain) in rows.items()],
        ),
    ]  # fmt: skip


def copies(c: dict[str, Any]) -> list[str]:
    """Write how close copies of real songs come."""

    def row(name: str, one: dict[str, float | None]) -> list[str]:
        return [name, percent(one["f0_median"]), percent(one["f0_p95"]),
                percent(one["within_2_percent"], 0), number(one["correlation_db"])]  # fmt: skip

    kinds = {"ceiling": "sine along the ridge that the measure sees (ceiling)",
             "trace": "syrinx along the tracked contour",
             "copy": "syrinx from the theme read"}  # fmt: skip
    head = ["copy", "f0 median", "f0 95 %", "within 2 %", "correlation of dB"]
    out = []
    for which, text in (("all", "all clean real songs"), ("enrolled", "the enrolled ones")):
        rows = [row(kinds[kind], c[which][kind]) for kind in kinds]
        out += [
            f"Copies of {text} ({c[which]['songs']}; medians over songs):",
            "",
            *table(head, rows),
        ]
    out += ["The five whose 95 % are worst:", ""]
    out += table(
        head,
        [row(f"{name}, {kind}", c["worst"][name][kind]) for name in c["worst"] for kind in kinds],
    )
    seen = percent(c["second_harmonic_within_6_db"], 0)
    spent, most = number(c["cpu_s_per_song_median"]), number(c["cpu_s_per_song_max"])
    explained = percent(c["all"]["explained"], 0)
    behind = number(c["trace_behind_ceiling_correlation_median"], 3)
    text = [
        f"Song by song the trace's correlation is {behind} (median) behind the ceiling's.",
        f"Second harmonic: within 6 dB of the recording's in {seen} of the",
        f"{c['second_harmonic_songs']} songs in which it can be seen. Reading and copying take {spent} CPU",
        f"seconds a song (at most {most}); themes hold {explained} of the tracked energy.",
    ]
    return [*out, " ".join(text), ""]


if __name__ == "__main__":
    source = Path(sys.argv[1])
    if source.is_file():
        new = "\n".join(lines(json.loads(source.read_text(encoding="utf-8")))) + "\n"
        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(
            re.escape(BEGIN) + ".*?" + END, lambda _: BEGIN + new + END, page, flags=re.DOTALL
        )
        PAGE.write_text(page, encoding="utf-8")
