"""Networks in MLflow's registry of models, loadable without this package."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from chingolo import records
from chingolo.tracking import COMPLETE, Runs, mlflow, one_line, records_of, replay


@contextmanager
def _at(uri: str) -> Iterator[None]:
    """Point MLflow's global functions at a store, and leave the environment as it was."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(None)
        if before is not None:
            os.environ["MLFLOW_TRACKING_URI"] = before


def register(
    store: Path,
    run_key: str,
    name: str,
    model: nn.Module,
    example: npt.NDArray[np.uint8],
    tags: Mapping[str, str],
) -> str:
    """Keep a torch module with a run, loadable without this package, and register it by name.

    Parameters
    ----------
    store : Path
        As for :func:`logged_run`.
    run_key : str
        Of the run, whose record has ended.
    name : str
        Of the registered model, of which this becomes a version.
    model : torch.nn.Module
    example : ndarray
        Input; output is what the module makes of it.
    tags : mapping of str to str
        Of the version: its scores.

    Returns
    -------
    str
        One line: what was registered, or why it was not.
    """
    try:
        # The record of this very job: the build's reporter leaves it to the job, which needs the run now.
        read = {path: records.read(path) for path in records_of(store)}
        replay(store, [path for path, one in read.items() if one.tags.get("run_key") == run_key])
        runs = Runs(store)
        told = f"tags.run_key = '{run_key}' and tags.`{COMPLETE}` = 'yes'"
        found = runs.client.search_runs([runs.experiment], told)
        if not found:
            return f"MLflow did not register {name}: it has not got the run. The study goes on."
        with torch.inference_mode():
            answer = model(torch.from_numpy(example)).numpy()
        with _at(runs.client.tracking_uri), mlflow.start_run(found[0].info.run_id):
            logged = mlflow.pytorch.log_model(
                model,
                name="judge",
                input_example=example,
                signature=mlflow.models.infer_signature(example, answer),
                pip_requirements=[
                    f"{package}=={version(package)}" for package in ("torch", "numpy")
                ],
                serialization_format="pt2",
                registered_model_name=name,
                metadata=dict(tags),
            )
        number = str(logged.registered_model_version)
        for key, value in tags.items():
            runs.client.set_model_version_tag(name, number, key, value)
    except Exception as error:
        return f"MLflow did not register {name}; the study goes on. {one_line(error)}"
    return f"registered {name}, version {number}"
