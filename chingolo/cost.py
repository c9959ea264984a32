"""What a build cost: time, processor and memory by rule, and the machine it ran on."""

import csv
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class RuleCost(NamedTuple):
    """Cost of all jobs of a rule.

    Attributes
    ----------
    rule : str
    jobs : int
    wall_s, cpu_s : float
        Summed over jobs.
    memory_mib : float
        Of the largest job: resident set size, sampled.
    """

    rule: str
    jobs: int
    wall_s: float
    cpu_s: float
    memory_mib: float


def costs(benchmarks: Iterable[Path]) -> list[RuleCost]:
    """Sum Snakemake's benchmarks by rule.

    Parameters
    ----------
    benchmarks : iterable of Path
        Tables named ``rule.tsv`` or ``rule-wildcards.tsv``. What was too short to be sampled ("NA", "-")
        counts as nothing.

    Returns
    -------
    list of RuleCost
        The dearest first.
    """
    rules: dict[str, list[dict[str, str]]] = {}
    for path in benchmarks:
        with open(path, encoding="utf-8", newline="") as file:
            rules.setdefault(path.stem.split("-")[0], []).extend(
                csv.DictReader(file, delimiter="\t")
            )
    summed = [
        RuleCost(
            rule,
            len(rows),
            sum(_number(row["s"]) for row in rows),
            sum(_number(row["cpu_time"]) for row in rows),
            max((_number(row["max_rss"]) for row in rows), default=0.0),
        )
        for rule, rows in rules.items()
    ]
    return sorted(summed, key=lambda cost: (-cost.wall_s, cost.rule))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def machine() -> dict[str, str | int | float]:
    """Describe this machine, without its name.

    Returns
    -------
    dict
        ``processor``, ``cores`` that this process may use, ``memory_gib``, ``system``, ``python``.
    """
    memory = (
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    )
    able = getattr(os, "sched_getaffinity", None)
    return {
        "processor": _processor(),
        "cores": len(able(0)) if able else os.cpu_count() or 1,
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    """Name of the processor; Linux tells it in a file only."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            named = [
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        named = []
    return named[0] if named else platform.processor() or "unknown"
