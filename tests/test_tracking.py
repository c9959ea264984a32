"""MLflow's view: made once, complete, and never in the study's way."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chingolo import records, tracking
from chingolo.classifier import as_tensor, network
from chingolo.config import Config
from chingolo.ensemble import Ensemble
from chingolo.errors import InputError
from chingolo.files import write_json
from chingolo.logged import logged_run, scalars
from chingolo.openset import probabilities
from chingolo.registry import register
from chingolo.reporter import Reporter


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    path = folder / "mlflow.json"
    write_json(path, tracking.open_store("", "study", folder))
    return path


def tell(store: Path) -> None:
    """Tell all records, as a build's reporter or, later, `snakemake track` does."""
    tracking.replay(store, tracking.records_of(store))


def test_the_store_is_made_once(store: Path):
    assert (store.parent / "mlflow.db").is_file()
    again = tracking.open_store("", "study", store.parent)
    assert again["experiment_id"] == "1"


def test_a_run_keeps_parameters_metrics_tags_and_files(store: Path, config: Config, tmp_path: Path):
    note = tmp_path / "note.txt"
    note.write_text("kept")
    settings = {"judge": config.judge}
    with logged_run(store, "train", {"seed": "3"}, "train.3.abc", settings) as (log, keep):
        for step in range(1, 30):
            log(step, {"training/loss_nats": 1.0 / step})
        keep([str(note)])
    tell(store)
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    run = client.search_runs(["1"], "tags.run_key = 'train.3.abc'")[0]
    assert run.info.status == "FINISHED"
    assert run.data.params["judge.epochs"] == str(config.judge.epochs)
    assert run.data.tags["wildcard.seed"] == "3"
    assert len(client.get_metric_history(run.info.run_id, "training/loss_nats")) == 29
    assert [a.path for a in client.list_artifacts(run.info.run_id)] == ["note.txt"]


def test_a_failed_job_is_a_failed_run(store: Path):
    with (
        pytest.raises(ZeroDivisionError),
        logged_run(store, "score", {}, "score.def", {}) as (log, _),
    ):
        log(0, {"a": 1 / 0})
    tell(store)
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    assert client.search_runs(["1"], "tags.run_key = 'score.def'")[0].info.status == "FAILED"


def test_a_store_that_does_not_answer_is_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CHINGOLO_BUILD", "b")
    write_json(
        tmp_path / "mlflow.json",
        {"uri": f"sqlite:///{tmp_path}/mlflow.json/mlflow.db", "experiment_id": "1"},
    )
    reporter = Reporter(tmp_path / "mlflow.json", "b")
    with logged_run(tmp_path / "mlflow.json", "score", {}, "score.x", {}) as (log, keep):
        log(0, {"a": 1.0})
        keep(["no such file"])
        assert not reporter.look()
    assert not reporter.look(ended=True)
    said = capsys.readouterr().out
    assert said.count("MLflow does not take the records now") == said.count("\n") == 1


class Broken:
    """A store that answers for a while, and then no more."""

    def __init__(self, client: object, answers: int) -> None:
        self.client, self.answers = client, answers

    def __getattr__(self, name: str):
        if self.answers <= 0:
            raise ConnectionError("gone\nwith a long story")
        self.answers -= 1
        return getattr(self.client, name)


@pytest.mark.parametrize("by", ["reporter", "track"])
@pytest.mark.parametrize("answers", range(16))
def test_what_a_store_missed_is_brought_once(
    store: Path, answers: int, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whenever the store falls silent, the run is whole when it answers again, or after a replay."""
    note = store.parent / "note.txt"
    note.write_text("kept")
    table = tmp_path / "heard.tsv"
    table.write_text("1")
    key = f"train.{answers}.broken.{by}"
    build = f"broken at {answers} {by}"
    monkeypatch.setattr("chingolo.logged.WRITE_S", 0.0)
    real = mlflow.MlflowClient
    monkeypatch.setenv("CHINGOLO_BUILD", build)
    broken = Broken(real(f"sqlite:///{store.parent}/mlflow.db"), answers)
    monkeypatch.setattr(mlflow, "MlflowClient", lambda _: broken)
    reporter = Reporter(store, build)
    run = (store, "train", {"seed": answers}, key, {"a": {"b": 1}}, [str(table), "code.py"])
    with logged_run(*run) as (log, keep):
        for step in range(30):
            log(step, {"loss": float("nan") if step == 3 else 1.0 / (step + 1)})
            if step % 10 == 0:
                reporter.look()
        keep([str(note)])
    reporter.look()
    monkeypatch.setattr(mlflow, "MlflowClient", real)
    if by == "reporter":
        assert reporter.look(ended=True)
    tracking.replay(store, tracking.records_of(store))
    again = tracking.replay(store, tracking.records_of(store))
    assert again["brought"] == 0
    client = real(f"sqlite:///{store.parent}/mlflow.db")
    (found,) = client.search_runs(["1"], f"tags.run_key = '{key}'")
    assert found.info.status == "FINISHED"
    assert found.data.params == {"a.b": "1"}
    history = client.get_metric_history(found.info.run_id, "loss")
    assert [m.step for m in history] == list(range(30))
    assert np.isnan(history[3].value)
    assert [a.path for a in client.list_artifacts(found.info.run_id)] == ["note.txt"]
    assert [d.dataset.name for d in found.inputs.dataset_inputs] == ["heard.tsv"]
    parent = client.get_run(found.data.tags["mlflow.parentRunId"])
    assert parent.data.tags["build"] == build
    assert parent.info.status == "FINISHED"
    assert parent.info.end_time >= found.info.end_time


def test_datasets_that_two_jobs_add_at_once_are_told_again(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As SQLite answered the second of two trainings that began together."""
    (tmp_path / "heard.tsv").write_text("1")
    refusals = [
        mlflow.MlflowException("(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name"),
        mlflow.MlflowException("duplicate key value violates unique constraint"),
    ]
    told = mlflow.MlflowClient.log_inputs

    def log_inputs(*words):
        if refusals:
            raise refusals.pop()
        return told(*words)

    monkeypatch.setattr(mlflow.MlflowClient, "log_inputs", log_inputs)
    inputs = [str(tmp_path / "heard.tsv")]
    with logged_run(store, "train", {}, "train.at-once", {}, inputs):
        pass
    tell(store)
    assert not refusals
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    (run,) = client.search_runs(["1"], "tags.run_key = 'train.at-once'")
    assert run.info.status == "FINISHED"
    assert [d.dataset.name for d in run.inputs.dataset_inputs] == ["heard.tsv"]


@pytest.mark.parametrize("by", ["reporter", "track"])
def test_the_run_of_a_killed_job_is_ended(store: Path, by: str, monkeypatch: pytest.MonkeyPatch):
    """Killed: nothing after the first values is told, and no file says that the job ended."""
    monkeypatch.setenv("CHINGOLO_BUILD", f"of a killed job {by}")
    monkeypatch.setattr("chingolo.logged.WRITE_S", 0.0)
    reporter = Reporter(store, f"of a killed job {by}")
    job = logged_run(store, "train", {}, f"train.killed.{by}", {"a": 1})
    log, _ = job.__enter__()
    for step in range(40):
        log(step, {"loss": 1.0})
        if step == 20:
            assert reporter.look()
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    (run,) = client.search_runs(["1"], f"tags.run_key = 'train.killed.{by}'")
    assert run.info.status == "RUNNING"
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 21
    if by == "reporter":
        assert reporter.look(ended=True)
    else:
        assert tracking.replay(store, tracking.records_of(store))["brought"] == 1
    (run,) = client.search_runs(["1"], f"tags.run_key = 'train.killed.{by}'")
    assert run.info.status == "KILLED"
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 40
    assert client.get_run(run.data.tags["mlflow.parentRunId"]).info.status == "FAILED"
    assert tracking.replay(store, tracking.records_of(store))["brought"] == 0
    del job


def test_records_are_brought_to_another_store_and_to_no_changed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CHINGOLO_BUILD", "of two stores")
    first, second = tmp_path / "mlflow.json", tmp_path / "other.json"
    write_json(first, tracking.open_store("", "study", tmp_path))
    for name in ("same.txt", "changed.txt"):
        (tmp_path / name).write_text("as the job made it")
    with logged_run(first, "score", {}, "score.1", {}) as (_, keep):
        keep([str(tmp_path / name) for name in ("same.txt", "changed.txt")])
    (tmp_path / "changed.txt").write_text("as another job made it")
    uri = f"sqlite:///{tmp_path}/other.db"
    write_json(second, tracking.open_store(uri, "study", tmp_path))
    assert tracking.replay(second, tracking.records_of(first)) == {"there": 0, "brought": 1}
    client = mlflow.MlflowClient(uri)
    runs = client.search_runs(["1"])
    assert sorted(run.info.run_name for run in runs) == ["build of two stores", "score"]
    (run,) = [run for run in runs if "run_key" in run.data.tags]
    assert [a.path for a in client.list_artifacts(run.info.run_id)] == ["same.txt"]


def test_a_lock_left_by_a_killed_job_holds_up_no_other_for_ever(
    store: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tracking, "PATIENCE_S", 0.3)
    runs = tracking.Runs(store)
    (records.folder(store.parent) / "leftalock.lock").touch()
    parent = runs.parent("left a lock")
    assert runs.client.get_run(parent).data.tags["build"] == "left a lock"
    assert not list(records.folder(store.parent).glob("*.lock"))


def test_jobs_of_a_build_stand_under_one_run(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHINGOLO_BUILD", "2026-11-23 12:00:00 abcdef")
    for seed in range(3):
        with (
            suppress(ZeroDivisionError),
            logged_run(store, "train", {"seed": seed}, f"train.{seed}.x", {}) as (log, _),
        ):
            log(0, {"a": 1 / (seed - 1)})
    assert Reporter(store, "2026-11-23 12:00:00 abcdef").look()
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    (parent,) = client.search_runs(["1"], "tags.build = '2026-11-23 12:00:00 abcdef'")
    children = client.search_runs(["1"], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    assert len(children) == 3
    assert parent.info.status == "FAILED"


def test_a_registered_ensemble_answers_as_the_study_s_own(
    store: Path, config: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    networks = [network(3, config.judge).eval() for _ in range(2)]
    rng = np.random.default_rng(0)
    shape = (5, config.picture.bands, config.picture.frames)
    pictures = rng.integers(0, 256, shape, dtype=np.uint8)
    ensemble = Ensemble(networks, 0.7).eval()
    with torch.inference_mode():
        answers = np.stack([net(as_tensor(pictures)).numpy() for net in networks])
    own = probabilities(answers, 0.7)
    with logged_run(store, "register_judge", {}, "register_judge.1", {}, told_by="its job"):
        pass
    tags = {"accuracy": "0.97"}
    told = register(store, "register_judge.1", "judge-of-test", ensemble, pictures[:2], tags)
    assert told == "registered judge-of-test, version 1"
    assert "MLFLOW_TRACKING_URI" not in os.environ
    try:
        mlflow.set_tracking_uri(f"sqlite:///{store.parent}/mlflow.db")
        loaded = mlflow.pyfunc.load_model("models:/judge-of-test/1")
        np.testing.assert_allclose(loaded.predict(pictures), own, atol=1e-6)
    finally:
        mlflow.set_tracking_uri(None)
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    assert client.get_model_version("judge-of-test", "1").tags["accuracy"] == "0.97"
    assert (
        client.search_runs(["1"], "tags.run_key = 'register_judge.1'")[0].info.status == "FINISHED"
    )


def test_a_model_that_cannot_be_registered_is_told(tmp_path: Path):
    write_json(tmp_path / "mlflow.json", {"uri": "http://127.0.0.1:9", "experiment_id": "1"})
    told = register(
        tmp_path / "mlflow.json", "x", "judge", torch.nn.Identity(), np.zeros((1, 2), np.uint8), {}
    )
    assert told.startswith("MLflow did not register judge; the study goes on.")
    assert "\n" not in told


def test_a_server_that_does_not_answer_is_told_in_one_line(tmp_path: Path):
    where = "http://user:secret@127.0.0.1:9"  # pragma: allowlist secret
    with pytest.raises(InputError, match="does not answer") as told:
        tracking.open_store(where, "study", tmp_path)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


@given(st.lists(st.tuples(st.text("ab/ _", min_size=1), st.floats(), st.integers(0, 2**40))))
def test_a_record_is_read_as_it_was_written(values: list[tuple[str, float, int]]):
    with TemporaryDirectory() as folder:
        told = [records.Value(name, x, moment, 0) for name, x, moment in values]
        record = records.begin("train songs 0", "b", {"rule": "train"}, {"a": "1"})
        record = record._replace(values=told, ended_ms=5, status="FINISHED")
        read = records.read(records.write(record, Path(folder)))
        assert repr(read) == repr(record)


def test_scalars_leave_tables_to_the_files():
    plain = {"accuracy": 0.9, "per_theme": {"a": 1.0}, "interval": [0.8, 1.0], "n": 3, "name": "x"}
    assert scalars(plain) == {"accuracy": 0.9, "n": 3.0}
