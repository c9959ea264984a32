"""MLflow's view of the study: the only module that imports it. Nothing reads it back.

The store and its experiment are made by one job before any other touches them: processes that open a
new SQLite store at once destroy it. A run that cannot be logged is told in the job's log and never
stops the study, because files are the truth.
"""

import getpass
import hashlib
import json
import os
import re
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow
from mlflow.entities import Metric, Param, RunTag

from chingolo.numbers import flatten

Log = Callable[[int, Mapping[str, float]], None]


def store_uri(uri: str, results: Path) -> str:
    """Tracking URI of the study: the configured one, else SQLite beside the results."""
    return (
        uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{results.resolve()}/mlflow.db"
    )


def open_store(uri: str, experiment: str, results: Path) -> dict[str, str]:
    """Make the store and the experiment, once.

    Parameters
    ----------
    uri : str
        As configured; empty for SQLite.
    experiment : str
    results : Path
        Folder for the store and its artifacts where `uri` is empty.

    Returns
    -------
    dict
        ``uri`` as configured and ``experiment_id``, for :func:`logged_run`.
    """
    where = store_uri(uri, results)
    client = mlflow.MlflowClient(where)
    found = client.get_experiment_by_name(experiment)
    if found is not None:
        return {"uri": uri, "experiment_id": str(found.experiment_id)}
    artifacts = None if not where.startswith("sqlite") else f"{results.resolve()}/mlartifacts"
    made = client.create_experiment(experiment, artifact_location=artifacts)
    client.set_experiment_tag(
        made,
        "mlflow.note.content",
        "Runs of the chingolo study. *train* runs carry learning curves, *score* runs the judge's "
        "measures on songs it never heard, *judge* runs the notebook's verdicts. The tag "
        "`run_key` is the key beside each number of the paper (results/numbers.json).",
    )
    return {"uri": uri, "experiment_id": str(made)}


def _git(*words: str) -> str:
    try:
        return subprocess.run(
            ["git", *words], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _flat(settings: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """List settings as dotted names and printed values."""
    if hasattr(settings, "_asdict"):
        settings = settings._asdict()
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from _flat(value, f"{prefix}{key}.")
    else:
        yield prefix.rstrip("."), str(settings)


@contextmanager
def logged_run(
    store: str | Path, rule: str, wildcards: Mapping[str, str], run_key: str, settings: Any
) -> Iterator[tuple[Log, Callable[[Sequence[str]], None]]]:
    """One MLflow run around a job.

    Parameters
    ----------
    store : str or Path
        JSON file, in the results' folder, of what :func:`open_store` returned.
    rule, wildcards, run_key : str, mapping, str
        Become tags.
    settings : NamedTuple or mapping
        Become parameters.

    Yields
    ------
    log : callable
        ``log(step, {name: value})``.
    keep : callable
        ``keep([path, ...])`` stores files as artifacts.
    """
    run = None
    client = None
    try:
        opened = json.loads(Path(store).read_text(encoding="utf-8"))
        client = mlflow.MlflowClient(store_uri(opened["uri"], Path(store).parent))
        tags = {
            "rule": rule,
            **{f"wildcard.{k}": str(v) for k, v in wildcards.items()},
            "run_key": run_key,
            "config_digest": hashlib.sha256(repr(settings).encode()).hexdigest()[:12],
            "git.commit": _git("rev-parse", "HEAD"),
            "git.dirty": str(bool(_git("status", "--porcelain", "--untracked-files=no"))),
            "slurm.job_id": os.environ.get("SLURM_JOB_ID", ""),
            "mlflow.source.name": f"workflow/scripts/{rule}.py",
            "mlflow.source.type": "JOB",
            "mlflow.runName": " ".join([rule, *(str(v) for _, v in wildcards.items())]),
        }
        run = client.create_run(
            opened["experiment_id"], tags={k: v for k, v in tags.items() if v}
        ).info.run_id
        params = [Param(k, v[:6000]) for k, v in _flat(settings)]
        client.log_batch(run, params=params, tags=[RunTag("mlflow.user", _user())])
    except Exception:
        _tell()
    waiting: list[Metric] = []

    def flush() -> None:
        if run and client and waiting:
            try:
                client.log_batch(run, metrics=waiting[:1000])
            except Exception:
                _tell()
            waiting.clear()

    def log(step: int, values: Mapping[str, float]) -> None:
        now = int(time.time() * 1000)
        waiting.extend(Metric(k, float(v), now, step) for k, v in values.items())
        # A call costs some 30 ms on SQLite: send a few steps at a time.
        if len(waiting) >= 20:
            flush()

    def keep(paths: Sequence[str]) -> None:
        for path in paths if run and client else ():
            try:
                client.log_artifact(run, path)  # type: ignore[union-attr]
            except Exception:
                _tell()

    status = "FAILED"
    try:
        yield log, keep
        status = "FINISHED"
    finally:
        flush()
        if run and client:
            try:
                client.set_terminated(run, status)
            except Exception:
                _tell()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"


def _tell() -> None:
    print("MLflow did not take this run's record; the study goes on:", flush=True)
    traceback.print_exc()


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
