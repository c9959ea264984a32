"""Pip lock, conda environments and imports are in step."""

import re
from pathlib import Path

import pytest
import yaml
from imports import needed

ROOT = Path(__file__).parents[1]
ENVS = sorted((ROOT / "envs").glob("*.yaml"))
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


@pytest.mark.parametrize("path", ENVS, ids=[p.stem for p in ENVS])
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


def test_the_locks_do_not_contradict_each_other():
    both = set(lock("default.txt")) & set(lock("dev.txt"))
    assert not both


def test_no_host_of_a_package_index_is_named():
    for name in ("default.txt", "dev.txt"):
        assert "://" not in (ROOT / "envs" / name).read_text()
