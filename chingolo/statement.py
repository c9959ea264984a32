"""The reproducibility statement: what differs from build to build, on a page of its own."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from chingolo.cost import costs, machine
from chingolo.provenance import Job


def build_record(
    numbers: Path, told: Mapping[str, Any], benchmarks: Sequence[Path], ran: Iterable[Job]
) -> dict[str, Any]:
    """Describe a build: its versions, its times and its cost.

    Parameters
    ----------
    numbers : Path
        ``numbers.json``; its digest stands for the results.
    told : mapping
        ``title``, ``version``, ``commit``, ``snakemake``, ``worlds``.
    benchmarks : sequence of Path
        Of :func:`chingolo.cost.costs`.
    ran : iterable of Job
        When the jobs ran.

    Returns
    -------
    dict
        ``told`` and ``settings`` (key of the run), ``digest``, ``started`` and ``ended`` (ISO 8601, UTC),
        ``machine``, ``jobs``, ``wall_s``, ``cpu_s``, ``memory_mib``, and ``rules``, the dearest first.
    """
    spent, spans = costs(benchmarks), list(ran)
    text = numbers.read_bytes()
    return {
        **told,
        "settings": json.loads(text)["config.study.seed"]["run"],
        "digest": hashlib.sha256(text).hexdigest(),
        "started": min((job.start for job in spans), default=datetime.now(UTC)).isoformat(),
        "ended": max((job.end for job in spans), default=datetime.now(UTC)).isoformat(),
        "machine": machine(),
        "jobs": sum(cost.jobs for cost in spent),
        "wall_s": round(sum(cost.wall_s for cost in spent), 1),
        "cpu_s": round(sum(cost.cpu_s for cost in spent), 1),
        "memory_mib": max((cost.memory_mib for cost in spent), default=0.0),
        "rules": [cost._asdict() for cost in spent],
    }


def typeset_statement(text: Path, build: Mapping[str, Any]) -> bytes:
    """Typeset the statement.

    Parameters
    ----------
    text : Path
        ``statement.typ``.
    build : mapping
        Of :func:`build_record`.

    Returns
    -------
    bytes
        A PDF.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(text, root / text.name)
        (root / "build.json").write_text(json.dumps(build), encoding="utf-8")
        return typst.compile(root / text.name, root=root, ignore_system_fonts=True)
