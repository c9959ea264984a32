"""What a waiting person is told when a job ends badly."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chingolo.logs import job_log, lacking, tell_of_killed, writable_or_exit

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "ran out of memory"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you"),
            "ran out of memory",
        ),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), "ran out of memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "cannot be written to"),
    ],
)
def test_what_a_machine_lacks_is_told_in_one_line(
    error: Exception, words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit), job_log(str(tmp_path / "log")):
        raise error
    said = capfd.readouterr().err
    assert words in said
    assert said.startswith("chingolo: ")
    assert said.count("\n") == 1
    assert "Traceback" in (tmp_path / "log").read_text()


def test_other_errors_are_left_as_they_are(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), job_log(str(tmp_path / "log")):
        raise ZeroDivisionError
    assert lacking(ValueError("no")) is None


def test_a_training_that_may_not_have_memory_says_so(tmp_path: Path):
    """Under a limit of the address space, as `ulimit -v` sets it."""
    code = f"""
import resource, sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from chingolo.classifier import as_tensor
from chingolo.logs import job_log
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 200_000_000,) * 2)
with job_log({str(tmp_path / "log")!r}):
    as_tensor(np.zeros((20_000, 64, 128), np.uint8))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the job ran out of memory" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("died", ["died with <Signals.SIGKILL: 9>", "non-zero exit status 137."])
def test_a_build_whose_job_was_killed_says_so(
    died: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    log = tmp_path / "snakemake.log"
    log.write_text("CalledProcessError: returned non-zero exit status 1.\n")
    tell_of_killed([str(log)])
    assert not capsys.readouterr().err
    log.write_text(f"Command 'python x.py' {died}\n")
    tell_of_killed([str(log)])
    said = capsys.readouterr().err
    assert said.startswith("chingolo: this build: a job was killed from outside")
    assert said.count("\n") == 1


def test_results_that_cannot_be_written_end_a_build_before_any_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    writable_or_exit(tmp_path / "results/test")  # to be made in a folder that can be written to
    asked = []
    monkeypatch.setattr("os.access", lambda *place_and_how: asked.append(place_and_how))
    with pytest.raises(SystemExit, match=r"^chingolo: .*cannot be written to\. Cure: "):
        writable_or_exit(tmp_path / "results/test")
    assert asked == [(tmp_path, os.W_OK)]
