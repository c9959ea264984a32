"""The same numbers, to the byte, whatever room a build is in: cores, order, locale, clock, hash seed, user.

Not part of `make test`: `make test-sameness` (as root for another user; locales that are missing are skipped).
The tiny study up to the paper's numbers is built once a cell. Other Pythons, each with the packages of
envs/default.txt, are named by CHINGOLO_PYTHONS, their paths parted by spaces.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import clone, digests

TARGET = "results/test/numbers.json"
WORDS = ["--configfile", "config/test.yaml"]
PEACE = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
CELLS: dict[str, tuple[dict[str, str], list[str]]] = {
    "one core": ({}, ["--cores", "1"]),
    "another order of jobs, another hash seed": (
        {"PYTHONHASHSEED": "4242"},
        ["--scheduler", "ilp", "--prioritize", "results/test/simulated/notebook.json"],
    ),
    "locale C, half an hour off": ({"LC_ALL": "C", "TZ": "Asia/Kathmandu"}, []),
    "Argentina": ({"LC_ALL": "es_AR.UTF-8", "TZ": "America/Argentina/Buenos_Aires"}, []),
    "Turkey": ({"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Istanbul"}, []),
}


def build(
    folder: Path,
    env: dict[str, str],
    words: list[str],
    before: tuple[str, ...] = (),
    python: str = sys.executable,
) -> None:
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("CHINGOLO", "MLFLOW", "LC_", "LANG"))
    }
    cores = [] if "--cores" in words else ["--cores", "2"]
    room = kept | PEACE | env | {"PATH": f"{Path(python).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [*before, python, "-m", "snakemake", TARGET, *WORDS, *cores, *words],
        cwd=folder, env=room, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-5000:]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a build in a room that is known."""
    if "CHINGOLO_SAMENESS" not in os.environ:
        pytest.skip("takes half an hour: make test-sameness")
    folder = clone(tmp_path_factory.mktemp("peace") / "study", None)
    build(folder, {}, [])
    return folder


@pytest.fixture(scope="module")
def peace(quiet: Path) -> dict[str, str]:
    """Digests of that build."""
    found = digests(quiet)
    assert len(found) > 100
    return found


@pytest.mark.parametrize("cell", CELLS)
def test_a_build_elsewhere_ends_in_the_same_bytes(cell: str, peace: dict[str, str], tmp_path: Path):
    env, words = CELLS[cell]
    wanted = env.get("LC_ALL", "C").replace("UTF-8", "utf8")
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    if wanted not in known.split():
        pytest.skip(f"no locale {wanted} on this machine: apt-get install locales, and generate it")
    folder = clone(tmp_path / f"a füller's {len(cell)}", None)
    build(folder, env, words)
    assert digests(folder) == peace


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root")
def test_another_user_gets_the_same_bytes(peace: dict[str, str], tmp_path: Path):
    as_nobody = ("setpriv", "--reuid=nobody", "--clear-groups")
    may = subprocess.run(
        [*as_nobody, sys.executable, "-c", "import torch"], capture_output=True, check=False
    )
    if may.returncode != 0:
        pytest.skip(f"nobody else may run {sys.executable}")
    # Not below pytest's folder, which is root's alone.
    folder = clone(Path(f"/var/tmp/chingolo-{os.getpid()}"), None)
    try:
        subprocess.run(["chown", "-R", "nobody", folder], check=True)
        build(
            folder, {"HOME": str(folder), "NUMBA_CACHE_DIR": str(folder / ".numba")}, [], as_nobody
        )
        assert digests(folder) == peace
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs root")
def test_a_machine_without_a_network_gets_the_same_bytes(peace: dict[str, str], tmp_path: Path):
    folder = clone(tmp_path / "study", None)
    build(folder, {}, [], ("unshare", "--net"))
    assert digests(folder) == peace


@pytest.mark.parametrize("python", os.environ.get("CHINGOLO_PYTHONS", "").split())
def test_another_python_gets_the_same_bytes(python: str, peace: dict[str, str], tmp_path: Path):
    folder = clone(tmp_path / "study", None)
    build(folder, {"NUMBA_CACHE_DIR": str(folder / ".numba")}, [], python=python)
    assert digests(folder) == peace


def measured(folder: Path) -> dict[str, object]:
    """Read the paper's numbers but for the settings, which name the shards."""
    numbers = json.loads((folder / TARGET).read_text())
    return {k: one["value"] for k, one in numbers.items() if not k.startswith("config.")}


@pytest.mark.parametrize("shards", [1, 3, 7])
def test_shards_change_no_song_and_no_verdict(
    shards: int, quiet: Path, peace: dict[str, str], tmp_path: Path
):
    folder = clone(tmp_path / "study", None)
    build(folder, {}, ["--config", f"surrogates={{shards: {shards}}}"])
    found = digests(folder)
    assert found["simulated/verdicts.tsv"] == peace["simulated/verdicts.tsv"]
    assert measured(folder) == measured(quiet)
    pictures = sorted((folder / "results/test/simulated/shards").glob("train-*.npy"))
    assert len(pictures) == shards
    # The networks' weights are the same to the byte, too; what differs is the name of the run.
    assert found["simulated/model/seed-0.pt"] == peace["simulated/model/seed-0.pt"]


GOLDEN = Path(__file__).with_name("golden.json")
KEPT = [f"simulated/{name}" for name in ("themes.json", "notebook.json", "verdicts.tsv")]


def processor() -> str:
    """Name what decides how numbers are rounded: the processor's instructions."""
    flags = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")
    )
    return hashlib.sha256(" ".join(sorted(flags.split()[2:])).encode()).hexdigest()[:12]


def test_numbers_are_those_of_the_golden_build(quiet: Path, peace: dict[str, str]):
    """Renewed, where a change of results is meant, by `make golden`, with the reason in its commit."""
    # Not the names of runs, which tell of every line of code that they ran.
    plain = json.dumps(measured(quiet), sort_keys=True).encode()
    found = {name: peace[name] for name in KEPT}
    found["numbers.json, values"] = hashlib.sha256(plain).hexdigest()
    if os.environ["CHINGOLO_SAMENESS"] == "golden":
        kept = {"processor": processor(), "digests": found}
        GOLDEN.write_text(json.dumps(kept, indent=1) + "\n")
    golden = json.loads(GOLDEN.read_text())
    if golden["processor"] != processor():
        pytest.skip("the golden build was on another type of processor, which may round otherwise")
    assert found == golden["digests"]
