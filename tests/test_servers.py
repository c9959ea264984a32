"""MLflow for real: eight jobs at once on SQLite and on a server, which is killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import mlflow
import pytest

from chingolo import reporting, tracking
from chingolo.files import write_json

ROOT = Path(__file__).parents[1]
JOBS, EPOCHS = 8, 40
BUILD = "of the test"
pytestmark = pytest.mark.workflow  # it takes its time, though it builds nothing
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]

TRAINING = f"""
import sys, time
from pathlib import Path
from chingolo.logged import logged_run
store, seed, pause_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
weights = Path(store).parent / f"seed-{{seed}}.pt"
run = (store, "train", {{"seed": seed}}, f"train.{{seed}}.x", {{"judge": {{"seed": seed}}}})
heard = [str(path) for path in Path(store).parent.glob("heard-*.tsv")]
with logged_run(*run, heard) as (log, keep):
    for epoch in range({EPOCHS}):
        time.sleep(pause_s)
        log(epoch, {{"loss": seed + 1 / (epoch + 1)}})
    weights.write_text(str(seed))
    keep([str(weights)])
"""


def trainings(store: Path, pause_s: float) -> list[subprocess.Popen[str]]:
    """Start eight jobs of one build at once, which all read the same files."""
    for number in range(20):
        (store.parent / f"heard-{number}.tsv").write_text(f"{store.parent} {number}")
    kept = os.environ | {"CHINGOLO_BUILD": BUILD, "PYTHONPATH": str(ROOT)}
    return [
        subprocess.Popen(
            [sys.executable, "-c", TRAINING, str(store), str(seed), str(pause_s)],
            env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for seed in range(JOBS)
    ]  # fmt: skip


def nothing_is_lost(uri: str) -> None:
    client = mlflow.MlflowClient(uri)
    experiment = client.get_experiment_by_name("study").experiment_id
    runs = client.search_runs([experiment], "tags.rule = 'train'")
    assert sorted(run.data.tags["run_key"] for run in runs) == [f"train.{k}.x" for k in range(JOBS)]
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert len({run.data.tags["mlflow.parentRunId"] for run in runs}) == 1
    for run in runs:
        seed = int(run.data.params["judge.seed"])
        assert len(run.inputs.dataset_inputs) == 20
        values = client.get_metric_history(run.info.run_id, "loss")
        assert [v.value for v in values] == [seed + 1 / (epoch + 1) for epoch in range(EPOCHS)]
        assert [a.path for a in client.list_artifacts(run.info.run_id)] == [f"seed-{seed}.pt"]


def test_eight_jobs_at_once_on_a_fresh_store_lose_nothing(tmp_path: Path):
    store = tmp_path / "mlflow.json"
    write_json(store, tracking.open_store("", "study", tmp_path))
    reporter = reporting.start(store, BUILD, tmp_path / "reporting.log")
    for job in trainings(store, 0.1):
        said, _ = job.communicate(timeout=300)
        assert job.returncode == 0, said
    reporting.stop(reporter)
    assert reporter.returncode == 0, (tmp_path / "reporting.log").read_text()
    counts = tracking.replay(store, tracking.records_of(store))
    assert counts == {"there": JOBS, "brought": 0}
    nothing_is_lost(f"sqlite:///{tmp_path}/mlflow.db")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL of our own, on a socket in a folder; it does not run as root."""
    if not POSTGRES or shutil.which("setpriv") is None or os.geteuid() != 0:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql, as root")
    if find_spec("psycopg2") is None:
        pytest.skip("no driver for PostgreSQL: pip install psycopg2-binary")
    # Not under pytest's folder, which is root's alone.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, port = folder / "data", free_port()
    shutil.chown(folder, "postgres", "postgres")
    base = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    subprocess.run(
        [*base, str(POSTGRES[0] / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    running = subprocess.Popen(
        [*base, str(POSTGRES[0] / "postgres"), "-D", str(data), "-k", str(folder), "-p", str(port),
         "-c", "listen_addresses="], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (folder / f".s.PGSQL.{port}").exists():
            assert time.monotonic() < until
            time.sleep(0.1)
        yield f"postgresql://postgres@/postgres?host={folder}&port={port}"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=60)
        shutil.rmtree(folder)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/server.db"


class Server:
    """An MLflow server that can be killed and started again."""

    def __init__(self, backend: str, folder: Path) -> None:
        self.backend, self.folder, self.port = backend, folder, free_port()
        self.uri = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        off = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", self.backend,
             "--artifacts-destination", str(self.folder / "artifacts"), "--host", "127.0.0.1",
             "--port", str(self.port), "--workers", "1"],
            env=os.environ | off, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.uri}/health", timeout=2)
                return
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < until, "the server did not come up"
                assert self.process.poll() is None, "the server ended"
                time.sleep(0.3)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.mark.parametrize("backend", [sqlite, postgres])
@pytest.mark.parametrize("back", ["while jobs run", "after the build"])
def test_a_server_that_is_killed_and_started_again_lacks_nothing(
    backend, back: str, tmp_path: Path
):
    """Back as the build goes on, it is told all without a word; back later, after `snakemake track`."""
    (tmp_path / "backend").mkdir()
    with backend(tmp_path / "backend") as uri:
        server = Server(uri, tmp_path)
        server.start()
        try:
            results = tmp_path / "results"
            results.mkdir()
            store = results / "mlflow.json"
            write_json(store, tracking.open_store(server.uri, "study", results))
            log = results / "reporting.log"
            reporter = reporting.start(store, BUILD, log)
            jobs = trainings(store, 0.5)
            # Killed as they train: some runs are begun, and hold a part.
            until = time.monotonic() + 60
            while len(mlflow.MlflowClient(server.uri).search_runs(["1"])) < JOBS // 2:
                assert time.monotonic() < until
                time.sleep(0.2)
            server.kill()
            time.sleep(3)
            if back == "while jobs run":
                server.start()
            told = [job.communicate(timeout=300)[0] for job in jobs]
            assert [job.returncode for job in jobs] == [0] * JOBS, told
            assert told == [""] * JOBS
            reporting.stop(reporter)
            assert "MLflow does not take the records now" in log.read_text()
            if back != "while jobs run":
                assert "`snakemake track` brings what is missing" in log.read_text()
                server.start()
                assert tracking.replay(store, tracking.records_of(store))["brought"] > 0
            again = tracking.replay(store, tracking.records_of(store))
            assert again == {"there": JOBS, "brought": 0}
            nothing_is_lost(server.uri)
        finally:
            server.kill()
