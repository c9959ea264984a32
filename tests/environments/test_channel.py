"""Conda's mechanism end to end, on a small channel made here of wheels, and a stand-in of conda on py-rattler.

It proves that Snakemake makes an environment a file, activates it, takes pins, and notices an edited file and
a package that is missing; not that the versions in ``envs/`` can be solved on conda-forge.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rattler", reason="envs/dev.txt is not installed: make .venv/dev.stamp")
pytestmark = pytest.mark.workflow

HERE = Path(__file__).parent
RULE = """
rule ask:
    output: "said.txt"
    conda: "ask.yaml"
    shell: "python -c 'import sys, tabulate; print(sys.prefix, tabulate.__version__)' > {output}"
"""


def environment(*packages: str) -> str:
    return "channels: [conda-forge, nodefaults]\ndependencies:\n" + "".join(
        f"  - {package}\n" for package in packages
    )


@pytest.fixture(scope="module")
def conda(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment in which `conda` is the stand-in, and `conda-forge` a channel of two packages."""
    there = tmp_path_factory.mktemp("conda")
    wheels = there / "wheels"
    asked = ["tabulate==0.9.0", "wcwidth==0.2.13"]
    loaded = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", wheels, *asked],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if loaded.returncode:
        pytest.skip(
            f"no index of packages can be reached: {loaded.stderr.strip().splitlines()[-1:]}"
        )
    made = [
        sys.executable,
        HERE / "make_channel.py",
        there / "channels/conda-forge",
        *wheels.iterdir(),
    ]
    subprocess.run(made, check=True, capture_output=True)
    (there / "bin").mkdir()
    program = there / "bin/conda"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/mini_conda.py" "$@"\n')
    program.chmod(0o755)
    (there / "bin/activate").write_text(
        'PATH="$1/bin:$PATH"; CONDA_PREFIX="$1"; export PATH CONDA_PREFIX\n'
    )
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return kept | {
        "PATH": f"{there}/bin:{os.environ['PATH']}",
        "MINI_CONDA_PREFIX": str(there),
        "MINI_CONDA_PKGS": str(there / "pkgs"),
        "MINI_CONDA_CHANNEL_ALIAS": (there / "channels").as_uri(),
    }


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(RULE)
    (tmp_path / "ask.yaml").write_text(environment("python=3.11", "tabulate=0.9.0"))
    return tmp_path


def build(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--sdm", "conda", "--cores", "1", *words],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_rule_runs_in_the_environment_its_file_describes(conda: dict[str, str], study: Path):
    ended = build(study, conda)
    assert ended.returncode == 0, ended.stderr
    prefix, version = (study / "said.txt").read_text().split()
    assert Path(prefix).parent == study / ".snakemake/conda"
    assert version == "0.9.0"


def test_an_edited_file_makes_a_new_environment_and_a_new_result(
    conda: dict[str, str], study: Path
):
    assert build(study, conda).returncode == 0
    first = (study / "said.txt").read_text()
    (study / "ask.yaml").write_text(environment("python=3.11", "tabulate=0.9.0", "wcwidth=0.2.13"))
    ended = build(study, conda)
    assert "Software environment definition has changed" in ended.stdout + ended.stderr
    assert (study / "said.txt").read_text() != first


def test_a_package_that_is_missing_fails_the_rule(conda: dict[str, str], study: Path):
    (study / "ask.yaml").write_text(environment("python=3.11", "wcwidth=0.2.13"))
    ended = build(study, conda)
    assert ended.returncode != 0
    assert "No module named 'tabulate'" in ended.stdout + ended.stderr
    assert not (study / "said.txt").exists()


def test_a_version_that_no_channel_has_is_refused_before_any_job(
    conda: dict[str, str], study: Path
):
    (study / "ask.yaml").write_text(environment("python=3.11", "tabulate=0.8.0"))
    ended = build(study, conda)
    assert ended.returncode != 0
    assert "tabulate" in ended.stdout + ended.stderr
    assert not (study / "said.txt").exists()


def test_pins_are_taken_before_the_file_and_are_checked(conda: dict[str, str], study: Path):
    assert build(study, conda).returncode == 0
    (made,) = (study / ".snakemake/conda").glob("*/conda-meta")
    words = ["conda", "list", "--explicit", "--sha256", "--prefix", str(made.parent)]
    pins = subprocess.run(words, env=conda, capture_output=True, text=True, check=True).stdout
    (study / "ask.linux-64.pin.txt").write_text(pins)
    ended = build(study, conda, "--forceall")
    assert ended.returncode == 0, ended.stderr
    assert "Using pinnings from" in ended.stdout + ended.stderr
