"""Building a study as a user does: a fresh clone, and Snakemake on its command line."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[1]
# What tells of the machine and the day: times, costs, hosts, MLflow's own ids.
OWN = {"logs", "benchmarks", "records", "provenance", "mlflow.json", "mlflow.db", "mlartifacts",
       "statement.pdf", "warm_up.txt", "registered.json"}  # fmt: skip


def snakemake(
    folder: Path, *words: str, config: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run Snakemake as a user would, with values given on the command line."""
    words += ("--config", *config) if config else ()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHINGOLO", "MLFLOW"))}
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *words],
        cwd=folder,
        env=kept | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        timeout=3600,  # of a build that hangs: busy machines take their time
        check=False,
    )


def clone(to: Path, recordings: Path | None) -> Path:
    """Copy what a fresh clone would hold, and link the recordings as `make` does."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    if recordings is not None:
        (to / "resources").mkdir()
        (to / "resources/audio").symlink_to(recordings)
    return to


def validated(crate: Path) -> subprocess.CompletedProcess[str]:
    """Validate a research object crate by an independent program."""
    python = os.environ.get("CHINGOLO_CHECK", str(ROOT / ".venv/check/bin/python"))
    if not Path(python).is_file():
        pytest.skip("the validators of envs/check.txt are not installed: make .venv/check.stamp")
    # Copied, since the validator knows no path with a space.
    with TemporaryDirectory() as folder:
        shutil.copytree(crate, f"{folder}/crate")
        return subprocess.run(
            [python, str(ROOT / "tests/validate_crate.py"), f"{folder}/crate", "workflow-run-crate-0.5"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    """Digests of all results but what tells of the machine and the day."""
    results = folder / "results/test"
    paths = [
        path
        for path in sorted(results.rglob("*"))
        if path.is_file()
        and not OWN.intersection(path.relative_to(results).parts)
        and not path.name.startswith(".")
    ]
    return {
        path.relative_to(results).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
