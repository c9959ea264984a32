"""MLflow's view of the study: only this module and `registry` import it. Nothing reads it back.

The store and its experiment are made by one job before any other touches them: processes that open a
new SQLite store at once destroy it. Jobs keep their records in files (:mod:`chingolo.logged`), which are the
truth; the build's reporter (:mod:`chingolo.reporter`) tells the store what they hold, and :func:`replay` what
the reporter could not, once.
"""

import getpass
import json
import os
import random
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
# A server that is gone must not hold up a job: one more try, seconds each.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")

import mlflow as mlflow  # noqa: PLC0414 (for `registry`: its MLflow must know these settings, too)
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param

from chingolo import records
from chingolo.errors import InputError
from chingolo.files import without_password
from chingolo.logged import current_commit
from chingolo.records import Record, Source, Value

COMPLETE = "record.complete"
"""Tag that is set last: a run that has it lacks nothing."""

PATIENCE_S = 60.0
"""How long a job waits for another that makes their build's run."""


def store_uri(uri: str, results: Path) -> str:
    """Tracking URI of the study: the one given, else SQLite beside the results.

    MLflow's own variable is read once, as Snakemake starts: a job that read it again might meet another store.
    """
    return uri or f"sqlite:///{results.resolve()}/mlflow.db"


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
        ``uri`` as configured and ``experiment_id``, for :func:`chingolo.logged.logged_run`.

    Raises
    ------
    InputError
        The store does not answer.
    """
    where = store_uri(uri, results)
    try:
        made = _experiment(where, experiment, results)
    except Exception as error:
        raise InputError(
            "key tracking.uri",
            f"the MLflow store {without_password(where)} does not answer ({one_line(error)})",
            "start it, correct the address, or leave it empty for a store beside the results",
        ) from error
    return {"uri": uri, "experiment_id": made}


def _experiment(where: str, name: str, results: Path) -> str:
    client = mlflow.MlflowClient(where)
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    artifacts = None if not where.startswith("sqlite") else f"{results.resolve()}/mlartifacts"
    made = client.create_experiment(name, artifact_location=artifacts)
    client.set_experiment_tag(
        made,
        "mlflow.note.content",
        "Runs of the chingolo study. *train* runs carry learning curves, *score* runs the judge's "
        "measures on songs it never heard, *judge* runs the notebook's verdicts. The tag "
        "`run_key` is the key beside each number of the paper (results/numbers.tsv).",
    )
    return str(made)


def one_line(error: Exception) -> str:
    """Shorten an error to one line: HTTP clients tell long stories."""
    text = without_password(" ".join(str(error).split()))
    return f"{type(error).__name__}: {text[:200]}"


class Runs:
    """Runs of one experiment, as this module writes them.

    Parameters
    ----------
    store : Path
        JSON file, in the results' folder, of what :func:`open_store` returned.
    """

    def __init__(self, store: Path) -> None:
        opened = json.loads(store.read_text(encoding="utf-8"))
        self.results = store.parent
        self.experiment = str(opened["experiment_id"])
        self.client = mlflow.MlflowClient(store_uri(opened["uri"], self.results))
        self._parents: dict[str, str] = {}

    def start(self, record: Record) -> str:
        """Make the run of a record, and tell what is known as a job begins; its id."""
        parent = self.parent(record.build) if record.build else ""
        tags = {
            **record.tags,
            "record": record.id,
            "mlflow.runName": record.name,
            "mlflow.source.type": "JOB",
            "mlflow.user": _user(),
            **({"mlflow.parentRunId": parent} if parent else {}),
        }
        made = self.client.create_run(self.experiment, record.started_ms, tags)
        run = str(made.info.run_id)
        params = [Param(key, value[:6000]) for key, value in record.params.items()]
        for k in range(0, len(params), 100):
            self.client.log_batch(run, params=params[k : k + 100])
        if record.inputs:
            self._tell_inputs(run, record.inputs)
        return run

    def _tell_inputs(self, run: str, sources: Sequence[Source]) -> None:
        """Tell datasets, again if need be: the store refuses the second of two jobs that add one at once."""
        kind = [InputTag("mlflow.data.context", "input")]
        told = [
            DatasetInput(Dataset(name, digest, "file", json.dumps({"uri": name})), kind)
            for name, digest in sources
        ]
        for pause_s in (0.1, 0.3, 0.9, 2.7):
            try:
                self.client.log_inputs(run, told)
                return
            except mlflow.MlflowException as error:
                if not re.search("unique", str(error), re.IGNORECASE):
                    raise
                time.sleep(pause_s * (1 + random.random()))
        self.client.log_inputs(run, told)

    def send(self, run: str, values: Sequence[Value]) -> None:
        """Tell values of metrics."""
        metrics = [Metric(v.name, v.value, v.time_ms, v.step) for v in values]
        for k in range(0, len(metrics), 1000):
            self.client.log_batch(run, metrics=metrics[k : k + 1000])

    def finish(self, run: str, record: Record) -> None:
        """Keep a record's files, as far as they are still those of its job, and end its run."""
        for name, known in record.files:
            path = self.results / name
            if path.is_file() and records.digest(path) == known:
                self.client.log_artifact(run, str(path))
            else:
                print(f"{name} is no longer what {record.name} made, and is not kept", flush=True)
        status = record.status or "KILLED"
        self.client.set_terminated(run, status, record.ended_ms or None)
        if record.build:
            self._end_parent(self.parent(record.build), status, record.ended_ms)
        self.client.set_tag(run, COMPLETE, "yes")

    def parent(self, build: str) -> str:
        """Id of a build's run; the first job of the build makes it.

        Jobs of one build may begin at once, on several machines: who can make a file makes the run, the others
        wait for it.
        """
        build = re.sub(r"[^\w :.-]", "", build)
        if build not in self._parents:
            lock = records.folder(self.results) / (re.sub(r"\W", "", build) + ".lock")
            lock.parent.mkdir(parents=True, exist_ok=True)
            until = time.monotonic() + PATIENCE_S
            while not (found := self._builds(build)):
                try:
                    lock.touch(exist_ok=False)
                except FileExistsError:
                    # Who made it may have been killed.
                    if time.monotonic() > until:
                        lock.unlink(missing_ok=True)
                    time.sleep(0.1)
                    continue
                try:
                    found = self._builds(build) or [self._new_build(build)]
                    break
                finally:
                    lock.unlink(missing_ok=True)
            self._parents[build] = str(found[0])
        return self._parents[build]

    def _builds(self, build: str) -> list[str]:
        found = self.client.search_runs([self.experiment], f"tags.build = '{build}'")
        return sorted(run.info.run_id for run in found)

    def _new_build(self, build: str) -> str:
        tags = {"mlflow.runName": f"build {build}", "build": build, "mlflow.user": _user(),
                "git.commit": current_commit()}  # fmt: skip
        made = self.client.create_run(self.experiment, tags=tags)
        self.client.set_terminated(made.info.run_id, "FINISHED")
        return str(made.info.run_id)

    def _end_parent(self, parent: str, status: str, ended_ms: int) -> None:
        """Let a build end when its last job did; one failed job is a failed build."""
        if status != "FINISHED":
            self.client.set_tag(parent, "failed", "yes")
        for _ in range(2):  # twice: a job that fails meanwhile has the last word
            run = self.client.get_run(parent)
            ended = max(run.info.end_time or 0, ended_ms)
            failed = "failed" in run.data.tags
            self.client.set_terminated(parent, "FAILED" if failed else "FINISHED", ended or None)

    def begin(self, record: Record) -> str:
        """Make the run of a record, in place of one that lacks something; empty if the store has it whole."""
        found = self.of_record(record.id)
        if any(run.data.tags.get(COMPLETE) for run in found):
            return ""
        for run in found:
            self.client.delete_run(run.info.run_id)
        return self.start(record)

    def of_record(self, identity: str) -> list[Any]:
        """Find runs that were begun for a record."""
        return list(self.client.search_runs([self.experiment], f"tags.record = '{identity}'"))


def records_of(store: Path) -> list[Path]:
    """List the records of the study that a store belongs to."""
    return records.paths(store.parent)


def replay(store: Path, paths: Iterable[Path]) -> dict[str, int]:
    """Bring records to the store that it does not have, or has in part; while no job runs.

    Parameters
    ----------
    store : Path
        As for :func:`chingolo.logged.logged_run`.
    paths : iterable of Path
        Records.

    Returns
    -------
    dict
        How many records were ``there`` and how many ``brought``.

    Raises
    ------
    InputError
        The store does not answer; what was brought stays, and the rest is brought by the next call.
    """
    counts = {"there": 0, "brought": 0}
    try:
        runs = Runs(store)
        for path in paths:
            record = records.read(path)
            made = runs.begin(record)
            if not made:
                counts["there"] += 1
                continue
            runs.send(made, record.values)
            runs.finish(made, record)
            counts["brought"] += 1
    except Exception as error:
        raise InputError(
            str(store),
            f"the MLflow store does not take the records ({one_line(error)}); {counts['brought']} were brought",
            "start it and say `snakemake track` again",
        ) from error
    return counts


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
