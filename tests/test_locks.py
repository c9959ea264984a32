"""Builds in one folder: one at a time, and after a kill without a step by hand."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def python(folder: Path, code: str) -> "subprocess.Popen[str]":
    """Run code in a process of its own, in a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True,
    )  # fmt: skip


CLAIM = "from chingolo import locks; locks.claim(); print('claimed', flush=True); input()"
WORK = "from chingolo import locks; locks.work(); print('works', flush=True); input()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder in which a build was killed."""
    (tmp_path / ".snakemake/locks").mkdir(parents=True)
    for name in ("0.input.lock", "0.output.lock"):
        (tmp_path / ".snakemake/locks" / name).write_text("results/a\n")
    return tmp_path


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".snakemake/locks").iterdir())


def test_locks_of_a_killed_build_are_removed_and_that_is_said(folder: Path):
    said, _ = python(folder, CLAIM).communicate("\n")
    assert "a build in this folder was killed; its lock is removed" in said
    assert left(folder) == []
    said, _ = python(folder, CLAIM).communicate("\n")
    assert said == "claimed\n"


def test_locks_of_a_build_at_work_stay(folder: Path):
    first = python(folder, CLAIM)
    assert "removed" in first.stdout.readline()
    assert first.stdout.readline() == "claimed\n"
    (folder / ".snakemake/locks/0.input.lock").write_text("results/a\n")
    said, _ = python(folder, CLAIM).communicate("\n")
    assert said == "claimed\n"
    assert left(folder) == ["0.input.lock"]
    first.kill()
    first.wait()
    said, _ = python(folder, CLAIM).communicate("\n")
    assert left(folder) == []


def test_jobs_of_a_killed_build_are_waited_for(folder: Path):
    jobs = [python(folder, WORK) for _ in range(2)]
    assert [job.stdout.readline() for job in jobs] == ["works\n"] * 2
    build = python(folder, CLAIM)
    assert "jobs of a build that was killed still run" in build.stdout.readline()
    time.sleep(0.5)
    assert len(left(folder)) == 2
    jobs[0].communicate("\n")
    assert len(left(folder)) == 2
    jobs[1].kill()
    said, _ = build.communicate("\n", timeout=20)
    assert said.endswith("claimed\n")
    assert left(folder) == []


def test_a_job_outside_a_build_leaves_nothing(tmp_path: Path):
    said, _ = python(tmp_path, WORK).communicate("\n")
    assert said == "works\n"
    assert not list(tmp_path.iterdir())
