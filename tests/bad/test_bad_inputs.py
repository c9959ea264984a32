"""Every bad input ends in its message, at the door, and leaves no file behind."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from building import ROOT
from catalogue import CATALOGUE
from studies import Bad, drawn, good

from chingolo import door
from chingolo.config import Config
from chingolo.drawing import Page


@pytest.fixture(scope="session")
def page(config: Config) -> Page:
    return drawn(config)


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def faults(study) -> list[str]:
    found = door.faults([study.config], str(study.folder / "downloads"), "")
    return [str(one) for one in found]


def test_a_good_study_has_no_fault(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    assert faults(good(tmp_path / "study", page)) == []


def test_the_catalogue_is_large_and_names_every_case_once():
    names = [(bad.kind, bad.name) for bad in CATALOGUE]
    assert len(names) >= 120
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("bad", CATALOGUE, ids=[f"{bad.kind}: {bad.name}" for bad in CATALOGUE])
def test_a_bad_input_gives_its_message_and_leaves_nothing(
    bad: Bad, tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    study = good(tmp_path / "study", page)
    bad.spoil(study)
    before = contents(tmp_path)
    found = faults(study)
    assert re.search(bad.words, "\n".join(found)), found
    assert all(". Cure: " in one and "\n" not in one for one in found), found
    assert all(len(one) < 800 for one in found)
    assert contents(tmp_path) == before


def test_the_command_tells_all_faults_and_a_machine_too(tmp_path: Path, page: Page):
    study = good(tmp_path / "study", page)
    study.songs.write_text(study.songs.read_text().replace("1.2", "x").replace("B\t", "C\t"))
    study.sketch.write_text("birds: 0\n")
    words = [sys.executable, "-m", "chingolo", "check-study", str(study.config)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert len(lines) >= 4
    assert all(line.startswith("chingolo: ") and "Cure: " in line for line in lines)
    done = subprocess.run([*words, "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert len(told) == len(lines)
    assert set(told[0]) == {"place", "fault", "cure"}
