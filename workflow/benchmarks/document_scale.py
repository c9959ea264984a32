"""Write the plan of a larger study into its page: make docs, after make bench-scale."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from document import number, table

PAGE = Path("workflow/anywhere.md")
BEGIN, END = "<!-- scale -->\n", "<!-- /scale -->"
THEMES, SURROGATES, CORES = 10**6, 10**3, 10**3


def measured(b: dict[str, Any]) -> list[str]:
    """Write the curve that `make bench-scale` measured."""
    rows, least = b["sung"], b["sung"][0]
    body = [
        [
            f"{r['songs']:,}",
            number(r["songs_a_second"], 0),
            number(r["songs_a_second"] / least["songs_a_second"], 2),
            number(r["peak_mb"], 0),
            number(r["embedded_a_second"], 0),
            number(r["embedding_peak_mb"], 0),
        ]
        for r in rows
    ]
    return [
        "By `make bench-scale`, on 2 cores, two jobs side by side as in a build; memory is a job's peak:",
        "",
        *table(
            ["songs", "sung and drawn a second", "over the first row", "memory, MB",
             "placed in the metric a second, one core", "memory, MB"],
            body,
        ),
    ]  # fmt: skip


def plan(b: dict[str, Any]) -> list[str]:
    """Reckon with these rates what a million themes take."""
    last, panel, dag = b["sung"][-1], b["panel"], b["dag"]
    songs = THEMES * SURROGATES
    core_s = 1.0 / b["songs_a_cpu_second"]
    hours = songs * core_s / CORES / 3600
    disk_tb = songs * last["bytes_a_song"] / 1e12
    embed_h = songs / last["embedded_a_second"] / CORES / 3600
    memory_gb = (last["peak_mb"] + panel["memory_bytes_a_theme"] * THEMES / 2**20) / 1024
    theme_kib = number(panel["memory_bytes_a_theme"] / 1024, 1)
    places_tb = songs * b["dimensions"] * 4 / 1e12
    rows = [
        ["jobs that sing", f"{CORES:,}", f"`surrogates.shards: {CORES}`; one a core"],
        ["hours they take", number(hours, 1), f"{number(1e3 * core_s, 1)} CPU ms a song"],
        ["memory a job, GB", number(memory_gb, 1),
         f"{number(last['peak_mb'], 0)} MB, and {theme_kib} KiB a theme"],
        ["disk, TB", number(disk_tb, 1), f"{number(last['bytes_a_song'], 0)} bytes a song"],
        ["network while singing, GB/s", number(disk_tb * 1e3 / (hours * 3600), 2), "all jobs together"],
        ["hours to place all songs in the metric", number(embed_h, 1),
         f"on {CORES:,} cores; {number(disk_tb * 1e3 / (embed_h * 3600), 1)} GB/s are read"],
        ["their places, TB", number(places_tb, 2), f"{b['dimensions']} numbers a song"],
        ["`snakemake -n`, s", number(dag["seconds"], 0), f"{dag['jobs']:,} jobs, {dag['shards']:,} shards"],
    ]  # fmt: skip
    return [
        "",
        f"What {THEMES:,} themes of {SURROGATES:,} surrogates each would take on {CORES:,} such cores:",
        "",
        *table(["what", "value", "because"], rows),
        "",
        (
            "What does not grow so: one judge, a network with an output a theme, is trained by one job on all "
            "its songs, and is meant for panels of tens to hundreds of themes. For a million, songs are named "
            "by the metric, which is trained once, on themes of nobody. Neither a panel nor a notebook of that "
            "size has been tried; `themes.json` is read whole by every job, which is the memory above."
        ),
    ]


if __name__ == "__main__":
    source = Path(sys.argv[1])
    if source.is_file():
        b = json.loads(source.read_text(encoding="utf-8"))
        new = "\n".join([*measured(b), *plan(b)]) + "\n"
        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(
            re.escape(BEGIN) + ".*?" + END, lambda _: BEGIN + new + END, page, flags=re.DOTALL
        )
        PAGE.write_text(page, encoding="utf-8")
