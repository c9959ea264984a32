"""The tiny study on bad days: killed, and out of disk, at random moments; then the same command again.

Not part of `make test`: `make test-faults KILLS=50 FULL=20`. Results must be the bytes of a build in peace,
with no step by hand.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from building import clone, digests

KILLS, FULL = (int(os.environ.get(f"CHINGOLO_{name}", "0")) for name in ("KILLS", "FULL"))
WORDS = ["--configfile", "config/test.yaml", "--cores", "2"]


def starting(folder: Path) -> subprocess.Popen[bytes]:
    """Start a build in a process group of its own."""
    with (folder / "snakemake.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *WORDS],
            cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            env={k: v for k, v in os.environ.items() if not k.startswith(("CHINGOLO", "MLFLOW"))},
        )  # fmt: skip


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests of a build that nothing disturbs."""
    if not KILLS and not FULL:
        pytest.skip("takes an hour: make test-faults")
    folder = clone(tmp_path_factory.mktemp("peace") / "study", None)
    assert starting(folder).wait() == 0, (folder / "snakemake.log").read_text()[-5000:]
    return digests(folder)


def everything(build: subprocess.Popen[bytes]) -> None:
    """Let all its processes end at once, as when the power fails."""
    os.killpg(build.pid, signal.SIGKILL)


def snakemake_alone(build: subprocess.Popen[bytes]) -> None:
    """Let Snakemake end at once, and its jobs go on without it."""
    build.kill()


def asked(build: subprocess.Popen[bytes]) -> None:
    """Ask it to end, as a shutdown does."""
    build.terminate()


WAYS = (everything, snakemake_alone, asked)


@pytest.mark.skipif(not KILLS, reason="takes an hour: make test-faults")
def test_a_killed_build_goes_on_and_ends_in_the_same_bytes(peace: dict[str, str], tmp_path: Path):
    chance, counts, builds = random.Random(1966), Counter[str](), 0
    folder = clone(tmp_path / "study", None)
    while sum(counts.values()) < KILLS:
        build = starting(folder)
        try:
            build.wait(timeout=chance.uniform(2.0, 30.0))
        except subprocess.TimeoutExpired:
            way = chance.choice(WAYS)
            way(build)
            build.wait()
            counts[way.__name__] += 1
            print(f"{sum(counts.values())} of {KILLS} killed ({way.__name__})", flush=True)
            continue
        assert build.returncode == 0, (folder / "snakemake.log").read_text()[-5000:]
        assert digests(folder) == peace
        builds += 1
        shutil.rmtree(folder / "results/test")
    assert starting(folder).wait() == 0, (folder / "snakemake.log").read_text()[-5000:]
    assert digests(folder) == peace
    assert not list((folder / "results").rglob("*.part"))
    print(f"{dict(counts)} in {builds + 1} builds, all the same to the byte")


@pytest.mark.skipif(
    not FULL or os.geteuid() != 0, reason="mounts small disks, as root: make test-faults"
)
def test_a_full_disk_loses_nothing(peace: dict[str, str], tmp_path: Path):
    chance, full, builds = random.Random(2020), 0, 0
    folder = clone(tmp_path / "study", None)
    results = folder / "results/test"
    results.mkdir(parents=True)
    log = folder / "snakemake.log"
    while full < FULL:
        size_kib = 400
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", results], check=True
        )
        try:
            while starting(folder).wait() != 0:
                said = log.read_text()
                assert "No space left on device" in said or "disk is full" in said, said[-5000:]
                full += 1
                size_kib += chance.randint(200, 6_000)
                print(f"full {full} times, now {size_kib} KiB", flush=True)
                subprocess.run(["mount", "-o", f"remount,size={size_kib}k", results], check=True)
                log.unlink()
            assert digests(folder) == peace
            assert not list(results.rglob("*.part"))
            builds += 1
        finally:
            subprocess.run(["umount", "-l", results], check=True)
    print(f"{full} full disks in {builds} builds, all the same to the byte")


def test_two_builds_at_once_do_not_disturb_each_other(peace: dict[str, str], tmp_path: Path):
    folder = clone(tmp_path / "study", None)
    first = starting(folder)
    time.sleep(15)
    second = starting(folder)
    assert second.wait(timeout=120) != 0
    assert "cannot be locked" in (folder / "snakemake.log").read_text()
    assert first.wait() == 0
    assert digests(folder) == peace
