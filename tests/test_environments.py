"""Pip lock, conda environments and imports are in step."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from imports import needed

ROOT = Path(__file__).parents[1]
HOST = ROOT / "envs/snakemake.yaml"
ENVS = sorted(set((ROOT / "envs").glob("*.yaml")) - {HOST})
PIP_NAMES = {"pytorch": "torch", "pysoundfile": "soundfile"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(name: str) -> dict[str, str]:
    lines = (ROOT / "envs" / name).read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonical(package): version for package, version in pairs}


def conda(path: Path) -> dict[str, str]:
    found = {}
    for entry in yaml.safe_load(path.read_text())["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = text.replace("==", "=").partition("=")
            found[name] = version
    return found


@pytest.mark.parametrize("path", [HOST, *ENVS], ids=[p.stem for p in [HOST, *ENVS]])
def test_conda_and_pip_pin_the_same_versions(path: Path):
    locked = lock("default.txt")
    for name, version in conda(path).items():
        if name == "python":
            assert version == "3.11"
        elif name != "pip":
            assert version == locked[canonical(PIP_NAMES.get(name, name))], name


@pytest.mark.parametrize("path", ENVS, ids=[p.stem for p in ENVS])
def test_an_environment_names_what_its_scripts_import(path: Path):
    listed = set(conda(path)) - {"python", "pip"}
    wanted: set[str] = set()
    for rules in (ROOT / "workflow/rules").glob("*.smk"):
        pairs = re.findall(r"envs/(\w+)\.yaml.*?scripts/(\w+)\.py", rules.read_text(), re.S)
        for env, script in pairs:
            if env == path.stem:
                wanted |= needed(ROOT / f"workflow/scripts/{script}.py")
    assert wanted <= listed
    # librosa computes through scikit-learn and scipy; anything else listed and unused is a mistake.
    assert listed - wanted <= {"scikit-learn", "scipy"}


def test_snakemake_s_own_environment_names_what_the_snakefile_imports():
    texts = [ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk")]
    named = {
        module
        for text in texts
        for module in re.findall(r"(?m)^from chingolo\.(\w+) import", text.read_text())
    }
    assert named > {"worlds", "records"}
    modules = named | {"reporting", "reporter"}  # the latter in a process of its own
    wanted = set().union(*(needed(ROOT / f"chingolo/{module}.py") for module in modules))
    listed = set(conda(HOST)) - {"python", "snakemake", "snakemake-executor-plugin-slurm"}
    assert listed == wanted


def test_the_container_file_is_made_of_these_environments(tmp_path: Path):
    # Snakemake asks conda for its version before it writes the file.
    conda = tmp_path / "bin/conda"
    conda.parent.mkdir()
    program = ROOT / "tests/environments/pip_conda.py"
    conda.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
    conda.chmod(0o755)
    (conda.parent / "activate").touch()
    words = {"PATH": f"{conda.parent}:{os.environ['PATH']}", "PIP_CONDA": str(tmp_path)}
    made = subprocess.run(
        [sys.executable, "-m", "snakemake", "--containerize"],
        cwd=ROOT, env=os.environ | words, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert made == (ROOT / "envs/Dockerfile").read_text(), (
        "snakemake --containerize > envs/Dockerfile"
    )
    assert all(f"COPY envs/{path.name} " in made for path in ENVS)


def test_the_locks_do_not_contradict_each_other():
    both = set(lock("default.txt")) & set(lock("dev.txt"))
    assert not both


def test_the_bill_of_materials_is_of_the_lock():
    bill = json.loads((ROOT / "envs/sbom.cdx.json").read_text())
    named = {canonical(one["name"]): one["version"] for one in bill["components"]}
    assert named == lock("default.txt"), "make sbom"


def test_no_host_of_a_package_index_is_named():
    for name in ("default.txt", "dev.txt", "check.txt", "audit.txt", "sbom.cdx.json"):
        text = (ROOT / "envs" / name).read_text()
        assert not re.search(r"https?://(?!cyclonedx)", text), name
