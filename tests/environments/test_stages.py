"""The tiny study in one environment a stage, each made of what its file names and shut to all else.

Not part of `make test`, since five environments are installed: `make test-environments`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import ROOT, clone

HERE = Path(__file__).parent
WORDS = ["--configfile", "config/test.yaml", "--cores", "2", "--sdm", "conda"]
REMOVED = {  # a stage: a package that its file names, its module, and a file whose rule imports it
    "sing": ("librosa", "librosa", "results/test/simulated/shards/notebook.npy"),
    "train": ("umap-learn", "umap", "results/test/simulated/domains.json"),
    "pages": ("scikit-image", "skimage", "results/test/simulated/pages.json"),
    "figures": ("matplotlib", "matplotlib", "results/test/figures/chain.pdf"),
    "paper": ("rocrate", "rocrate", "results/test/provenance"),
}


def install(prefix: Path) -> dict[str, str]:
    """Put the stand-in of conda into a folder; returns the environment in which it is conda."""
    (prefix / "bin").mkdir(parents=True)
    program = prefix / "bin/conda"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/pip_conda.py" "$@"\n')
    program.chmod(0o755)
    (prefix / "bin/activate").write_text(
        'PATH="$1/bin:$PATH"; CONDA_PREFIX="$1"; export PATH CONDA_PREFIX\n'
    )
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("CHINGOLO", "MLFLOW", "PYTHONPATH"))
    }
    return kept | {
        "PATH": f"{prefix}/bin:{os.environ['PATH']}",
        "PIP_CONDA": str(prefix),
        "CHINGOLO_LOCK": str(ROOT / "envs/default.txt"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def build(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [env["HOST"], "-m", "snakemake", *words, *WORDS],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Build the tiny study so."""
    if "CHINGOLO_ENVIRONMENTS" not in os.environ:
        pytest.skip("installs five environments: make test-environments")
    there = tmp_path_factory.mktemp("stages")
    env = install(there / "conda")
    folder = clone(there / "study", None)
    # Snakemake has an environment of its own, too, so that nothing can come from this one.
    make = [sys.executable, HERE / "pip_conda.py", "env", "create", "--file"]
    words = [ROOT / "envs/snakemake.yaml", "--prefix", there / "host"]
    subprocess.run([*make, *words], env=env, check=True)
    env["HOST"] = str(there / "host/bin/python")
    ended = build(folder, env)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder, env


def test_each_stage_runs_in_its_own_environment(built: tuple[Path, dict[str, str]]):
    folder, _ = built
    assert (folder / "results/test/paper.pdf").stat().st_size > 100_000
    used = sorted((folder / ".snakemake/conda").glob("*_.yaml")) or sorted(
        (folder / ".snakemake/conda").glob("*.yaml")
    )
    assert len(used) == len(REMOVED)


@pytest.mark.parametrize("stage", REMOVED)
def test_without_a_package_that_its_file_names_a_stage_fails(
    stage: str, built: tuple[Path, dict[str, str]]
):
    folder, env = built
    package, module, target = REMOVED[stage]
    (described,) = (
        path
        for path in (folder / ".snakemake/conda").glob("*.yaml")
        if path.read_text() == (ROOT / f"envs/{stage}.yaml").read_text()
    )
    prefix = described.with_suffix("")
    python, (site,) = prefix / "bin/python", prefix.glob("lib/python3*/site-packages")
    subprocess.run([python, "-m", "pip", "uninstall", "-q", "-y", package], check=True)
    shutil.rmtree(site / module, ignore_errors=True)  # what compiled code left there
    try:
        ended = build(folder, env, "-f", target)
    finally:
        again = [python, "-m", "pip", "install", "-q", "-c", env["CHINGOLO_LOCK"], package]
        subprocess.run(again, check=True)
    assert ended.returncode != 0
    logs = "".join(p.read_text() for p in (folder / "results/test/logs").glob("*.log"))
    assert f"No module named '{module}" in ended.stdout + ended.stderr + logs
    mended = build(folder, env, target)
    assert mended.returncode == 0, mended.stdout + mended.stderr


def test_conda_s_stand_in_is_not_mistaken_for_conda(tmp_path: Path):
    env = install(tmp_path / "conda")
    said = subprocess.run(
        [shutil.which("conda", path=env["PATH"]) or "", "update"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 2
    assert "unknown call" in said.stderr
