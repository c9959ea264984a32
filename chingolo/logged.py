"""A job's own side of tracking: its record in a file, from which :mod:`chingolo.reporter` tells MLflow.

No job imports MLflow, which takes seconds, or waits for a server.
"""

import hashlib
import os
import platform
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chingolo import records
from chingolo.numbers import flatten
from chingolo.records import Source, Value
from chingolo.versions import UNKNOWN, commit

Log = Callable[[int, Mapping[str, float]], None]

WRITE_S = 1.0
"""A job that tells values writes its record anew so often, at most."""


def current_commit() -> str:
    """Commit that this build is made of, as Snakemake found it when it began."""
    return os.environ.get("CHINGOLO_COMMIT") or commit(Path())


@contextmanager
def logged_run(
    store: str | Path,
    rule: str,
    wildcards: Mapping[str, str],
    run_key: str,
    settings: Any,
    inputs: Iterable[str] = (),
    told_by: str = "",
) -> Iterator[tuple[Log, Callable[[Sequence[str]], None]]]:
    """Keep the record of a job, which becomes a run in MLflow.

    Parameters
    ----------
    store : str or Path
        JSON file, in the results' folder, of what :func:`chingolo.tracking.open_store` returned.
    rule, wildcards, run_key : str, mapping, str
        Become tags.
    settings : NamedTuple or mapping
        Become parameters.
    inputs : iterable of str
        Files that become datasets, by name and digest.
    told_by : str
        Who brings the record to MLflow; empty: the build's reporter.

    Yields
    ------
    log : callable
        ``log(step, {name: value})``.
    keep : callable
        ``keep([path, ...])`` stores files as artifacts.
    """
    results = Path(store).parent
    now = current_commit()
    tags = {
        "rule": rule,
        **{f"wildcard.{key}": str(value) for key, value in wildcards.items()},
        "run_key": run_key,
        "config_digest": hashlib.sha256(repr(settings).encode()).hexdigest()[:12],
        "git.commit": now.split()[0],
        "git.dirty": str(" " in now) if now != UNKNOWN else "",
        "host": platform.node(),
        "slurm.job_id": os.environ.get("SLURM_JOB_ID", ""),
        "mlflow.source.name": f"workflow/scripts/{rule}.py",
        "told_by": told_by,
    }
    record = records.begin(
        " ".join([rule, *(str(value) for _, value in wildcards.items())]),
        os.environ.get("CHINGOLO_BUILD", ""),
        {key: value for key, value in tags.items() if value},
        dict(_flat(settings)),
        _sources(inputs),
    )
    records.write(record, results)  # even if the job is killed
    written = time.monotonic()

    def log(step: int, told: Mapping[str, float]) -> None:
        nonlocal written
        moment = records.now_ms()
        record.values.extend(Value(name, float(x), moment, step) for name, x in told.items())
        if time.monotonic() - written >= WRITE_S:
            records.write(record, results)
            written = time.monotonic()

    def keep(paths: Sequence[str]) -> None:
        there = [Path(path) for path in paths if Path(path).is_file()]
        record.files.extend(Source(_within(path, results), records.digest(path)) for path in there)

    status = "FAILED"
    try:
        yield log, keep
        status = "FINISHED"
    finally:
        records.write(record._replace(ended_ms=records.now_ms(), status=status), results)


def _flat(settings: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """List settings as dotted names and printed values."""
    if hasattr(settings, "_asdict"):
        settings = settings._asdict()
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from _flat(value, f"{prefix}{key}.")
    else:
        yield prefix.rstrip("."), str(settings)


def _sources(paths: Iterable[str]) -> list[Source]:
    """Digests of files; modules are left out, the commit tells them."""
    found = {}
    for path in paths:
        if Path(path).is_file() and not path.endswith(".py"):
            found[Path(path).name] = records.digest(Path(path))
    return [Source(name, digest) for name, digest in found.items()]


def _within(path: Path, results: Path) -> str:
    try:
        return path.resolve().relative_to(results.resolve()).as_posix()
    except ValueError:
        return str(path.resolve())


def scalars(plain: Any) -> dict[str, float]:
    """Numbers of nested results by dotted name, as MLflow takes them.

    Tables of single themes and networks, and intervals, are left to the files: a run's page shows what
    runs are compared by.
    """
    out = {}
    for name, value in flatten(plain, ""):
        if re.search(r"per_theme|per_network|interval", name):
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            out[re.sub(r"[^A-Za-z0-9_. /-]", "_", name)] = float(value)
    return out
