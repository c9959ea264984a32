"""MLflow's view: made once, complete, and never in the study's way."""

from pathlib import Path

import mlflow
import pytest

from chingolo import tracking
from chingolo.config import Config
from chingolo.files import write_json


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    path = folder / "mlflow.json"
    write_json(path, tracking.open_store("", "study", folder))
    return path


def test_the_store_is_made_once(store: Path):
    assert (store.parent / "mlflow.db").is_file()
    again = tracking.open_store("", "study", store.parent)
    assert again["experiment_id"] == "1"


def test_a_run_keeps_parameters_metrics_tags_and_files(store: Path, config: Config, tmp_path: Path):
    note = tmp_path / "note.txt"
    note.write_text("kept")
    settings = {"judge": config.judge}
    with tracking.logged_run(store, "train", {"seed": "3"}, "train.3.abc", settings) as (log, keep):
        for step in range(1, 30):
            log(step, {"training/loss_nats": 1.0 / step})
        keep([str(note)])
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
        tracking.logged_run(store, "score", {}, "score.def", {}) as (log, _),
    ):
        log(0, {"a": 1 / 0})
    client = mlflow.MlflowClient(f"sqlite:///{store.parent}/mlflow.db")
    assert client.search_runs(["1"], "tags.run_key = 'score.def'")[0].info.status == "FAILED"


def test_a_store_that_does_not_answer_does_not_stop_the_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    write_json(
        tmp_path / "mlflow.json", {"uri": "sqlite:////nowhere/mlflow.db", "experiment_id": "1"}
    )
    done = False
    with tracking.logged_run(tmp_path / "mlflow.json", "score", {}, "score.x", {}) as (log, keep):
        log(0, {"a": 1.0})
        keep(["no such file"])
        done = True
    assert done
    assert "MLflow did not take this run's record" in capsys.readouterr().out


def test_scalars_leave_tables_to_the_files():
    plain = {"accuracy": 0.9, "per_theme": {"a": 1.0}, "interval": [0.8, 1.0], "n": 3, "name": "x"}
    assert tracking.scalars(plain) == {"accuracy": 0.9, "n": 3.0}
