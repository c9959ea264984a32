"""The tiny study on bad days: killed, out of disk or memory, the clock set back; and the same command again.

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
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="mounts disks, limits memory: as root")


def starting(folder: Path, *more: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start a build in a process group of its own."""
    with (folder / "snakemake.log").open("ab") as log:
        return subprocess.Popen(
            [*before, sys.executable, "-m", "snakemake", *WORDS, *more],
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


def test_a_clock_set_back_by_a_day_amid_a_build(peace: dict[str, str], tmp_path: Path):
    # What was made by then is dated a day ahead of what is made later.
    folder = clone(tmp_path / "study", None)
    build = starting(folder)
    with pytest.raises(subprocess.TimeoutExpired):
        build.wait(timeout=30)
    everything(build)
    build.wait()
    made = [path for path in (folder / "results/test").rglob("*") if path.is_file()]
    assert made
    for path in made:
        dated = path.stat().st_mtime + 86_400
        os.utime(path, (dated, dated))
    (folder / "snakemake.log").unlink()
    assert starting(folder).wait() == 0, (folder / "snakemake.log").read_text()[-5000:]
    said = (folder / "snakemake.log").read_text()
    assert "were dated in the future" in said
    assert "Updated input files" not in said  # what was done is not done again
    assert digests(folder) == peace


@AS_ROOT
def test_results_that_cannot_be_written_to_are_told(peace: dict[str, str], tmp_path: Path):
    folder = clone(tmp_path / "study", None)
    results = folder / "results/test"
    results.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", results], check=True)
    try:
        assert starting(folder).wait(timeout=120) != 0
    finally:
        subprocess.run(["umount", results], check=True)
    said = (folder / "snakemake.log").read_text()
    assert "chingolo: results/test: the results' folder cannot be written to. Cure: " in said
    assert "Traceback" not in said
    assert starting(folder).wait() == 0
    assert digests(folder) == peace


MEMORY = Path("/sys/fs/cgroup/memory")
LITTLE = 450_000_000
"""Bytes for Snakemake, the reporter and a training together: too little, as was tried."""


@pytest.mark.skipif(
    os.geteuid() != 0 or not (MEMORY / "memory.limit_in_bytes").exists(),
    reason="limits memory by a control group of the first version, as root",
)
@pytest.mark.parametrize("relieved", [True, False], ids=["more at the next try", "no more"])
def test_a_training_that_runs_out_of_memory(relieved: bool, peace: dict[str, str], tmp_path: Path):
    """The kernel kills it; Snakemake tries again, or says why it ends, and goes on when asked again."""
    folder = clone(tmp_path / "study", None)
    log, shards = folder / "snakemake.log", "results/test/simulated/shards"
    songs = [f"{shards}/{name}-0.npy" for name in ("train", "validation")] + [
        f"{shards}/train-1.npy"
    ]
    assert starting(folder, *songs).wait() == 0, log.read_text()[-5000:]
    group = MEMORY / f"chingolo-{os.getpid()}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(LITTLE))
        inside = ("sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh")
        network = "simulated/model/seed-0.pt"
        build = starting(folder, f"results/test/{network}", "--retries", "2", before=inside)
        while build.poll() is None:
            time.sleep(0.5)
            if relieved and "oom_kill 0" not in (group / "memory.oom_control").read_text():
                (group / "memory.limit_in_bytes").write_text("-1")
    finally:
        while (group / "cgroup.procs").read_text():
            time.sleep(0.5)
        group.rmdir()
    said = log.read_text()
    assert "Trying to restart" in said
    if not relieved:
        assert build.returncode != 0
        assert "chingolo: this build: a job was killed from outside" in said
        assert starting(folder, f"results/test/{network}").wait() == 0
    assert build.returncode == 0 or not relieved
    assert digests(folder)[network] == peace[network]
