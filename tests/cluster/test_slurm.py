"""The tiny study on a real Slurm of two nodes on this machine: a job is cancelled, a node dies, results stay.

Not part of `make test`: `make test-cluster`, as root, with Debian's slurm-wlm and munge.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from building import ROOT, clone, digests

HERE = Path(__file__).parent
WORDS = ["--configfile", "config/test.yaml"]


def slurm(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def cluster() -> Iterator[Path]:
    """Folder of a Slurm with two nodes of two processors, without accounting."""
    if "CHINGOLO_CLUSTER" not in os.environ:
        pytest.skip("takes some half an hour: make test-cluster")
    if shutil.which("slurmctld") is None or os.geteuid() != 0:
        pytest.skip("no Slurm on this machine: apt-get install slurm-wlm munge, as root")
    root = Path("/tmp") / f"mini-slurm-{os.getpid()}"
    kept = os.environ | {"NODES": "2", "CPUS": "2", "MEM": "9000"}
    script = str(HERE / "mini-slurm.sh")
    subprocess.run(["bash", script, "start", str(root)], env=kept, check=True)
    yield root
    subprocess.run(["bash", script, "stop", str(root)], env=kept, check=False)
    shutil.rmtree(root, ignore_errors=True)


def starting(folder: Path, *words: str) -> subprocess.Popen[str]:
    with (folder / "snakemake.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *words, *WORDS],
            cwd=folder, stdout=log, stderr=subprocess.STDOUT, text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith(("CHINGOLO", "MLFLOW"))},
        )  # fmt: skip


def wait_for_job(node: str, running: subprocess.Popen[str], until_s: float = 600) -> str:
    """Wait until a job runs on a node; returns its id."""
    until = time.monotonic() + until_s
    while time.monotonic() < until:
        assert running.poll() is None, "Snakemake ended before"
        if found := slurm("squeue", "-h", "-t", "R", "-w", node, "-o", "%i").split():
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no job came to {node}")


def wait_for_another_start(job: str, until_s: float = 300) -> None:
    """Wait until Slurm, or Snakemake, has started the work of a lost job again."""
    until = time.monotonic() + until_s
    while time.monotonic() < until:
        told = slurm("scontrol", "show", "job", job)
        if "Restarts=0" not in told or "NODE_FAIL" in told:
            return
        time.sleep(1)
    raise AssertionError(f"job {job} of the dead node is still waited for: {told}")


def test_a_cancelled_job_and_a_dead_node_change_no_result(cluster: Path, tmp_path: Path):
    here, there = clone(tmp_path / "here", None), clone(tmp_path / "there", None)
    started = time.monotonic()
    ended = starting(here, "--cores", "2").wait(timeout=1800)
    assert ended == 0, (here / "snakemake.log").read_text()
    local_s = time.monotonic() - started
    started = time.monotonic()
    running = starting(there, "--workflow-profile", "profiles/slurm", "--jobs", "4",
                       "--slurm-init-seconds-before-status-checks", "5")  # fmt: skip
    cancelled = wait_for_job("n1", running)
    slurm("scancel", cancelled)
    time.sleep(60)
    lost = wait_for_job("n2", running)
    # The node dies: its daemon, and what it runs.
    daemon = int((cluster / "run/slurmd-n2.pid").read_text())
    os.kill(daemon, signal.SIGKILL)
    subprocess.run(["pkill", "-9", "-f", rf"slurmstepd: \[{lost}\."], check=False)
    slurm("scontrol", "update", "NodeName=n2", "State=DOWN", "Reason=killed")
    wait_for_another_start(lost)
    assert running.wait(timeout=3600) == 0, (there / "snakemake.log").read_text()
    slurm_s = time.monotonic() - started
    said = (there / "snakemake.log").read_text()
    many = int(re.findall(r"(?m)^total +(\d+)", said)[0])
    print(f"{many} jobs: {local_s:.0f} s here on two cores, {slurm_s:.0f} s on Slurm")
    submitted = len(re.findall(r"submitted with SLURM jobid", said))
    print(f"{(slurm_s - local_s) / submitted:.1f} s more for each of {submitted} jobs of Slurm")
    assert f"SLURM-job '{cancelled}' failed, SLURM status is: 'CANCELLED'" in said
    assert f"{many} of {many} steps" in said
    assert digests(there) == digests(here)


def test_every_job_says_what_it_needs_and_asks_for_more_after_a_failure():
    asked = {}
    for rules in (ROOT / "workflow/rules").glob("*.smk"):
        for name, body in re.findall(r"(?ms)^rule (\w+):(.*?)(?=^rule |\Z)", rules.read_text()):
            asked[name] = re.findall(r"(mem_mb|runtime)=growing\((\d+)\)", body)
            assert "threads: 1" in body, name
    assert all([key for key, _ in found] == ["mem_mb", "runtime"] for found in asked.values()), (
        asked
    )
    # Each Slurm job holds two processes of Snakemake, of some 130 MB each, beside the script.
    assert (
        min(int(value) for found in asked.values() for key, value in found if key == "mem_mb")
        >= 800
    )


def test_the_profile_works_without_accounting_and_groups_rules_that_are_there():
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())
    assert profile["slurm-status-command"] == "squeue"
    assert profile["retries"] >= 1
    rules = "".join(p.read_text() for p in (ROOT / "workflow/rules").glob("*.smk"))
    for entry in profile["groups"]:
        name, _, group = entry.partition("=")
        assert f"rule {name}:" in rules
        assert group in "".join(profile["group-components"])
