"""Provenance: the crate, the statement, the commit, the checker's manifest, the citation."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from building import validated

from chingolo import __version__, numbers
from chingolo.cost import costs, machine
from chingolo.provenance import inputs_of, job_of, jobs, tree, write_crate
from chingolo.statement import build_record, typeset_statement
from chingolo.versions import UNKNOWN, commit

ROOT = Path(__file__).parents[1]
BUILD = {
    "title": "Still sung?", "version": "0.1.0", "commit": "unknown", "snakemake": "9.23.0",
    "worlds": ["songs"],
}  # fmt: skip


def benchmark(folder: Path, name: str, seconds: float, memory: str) -> Path:
    path = folder / f"{name}.tsv"
    path.write_text(
        "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
        f"{seconds}\t0:00:01\t{memory}\t1\t1\t1\t1\t1\t1\t{seconds / 2}\n"
    )
    return path


@pytest.fixture
def benchmarks(tmp_path: Path) -> list[Path]:
    return [
        benchmark(tmp_path, "score-songs", 3.0, "100.5"),
        benchmark(tmp_path, "train-songs-0", 20.0, "700"),
        benchmark(tmp_path, "train-songs-1", 22.0, "NA"),
    ]


def test_costs_are_summed_by_rule_and_the_dearest_come_first(benchmarks: list[Path]):
    train, score = costs(benchmarks)
    assert (train.rule, train.jobs, train.wall_s, train.cpu_s, train.memory_mib) == (
        "train", 2, 42.0, 21.0, 700.0,
    )  # fmt: skip
    assert (score.rule, score.jobs, score.memory_mib) == ("score", 1, 100.5)


def test_a_job_ends_when_its_benchmark_is_written(benchmarks: list[Path]):
    ran = jobs(benchmarks)
    assert set(ran) == {"score-songs", "train-songs-0", "train-songs-1"}
    assert (ran["train-songs-1"].end - ran["train-songs-1"].start).total_seconds() == 22
    assert abs(datetime.now(UTC) - ran["score-songs"].end).total_seconds() < 60
    assert job_of("train.songs.0.abcdef012345") == "train-songs-0"


def test_the_machine_is_described_without_its_name():
    told = machine()
    assert told["cores"] >= 1
    assert told["memory_gib"] > 0
    assert set(told) == {"processor", "cores", "memory_gib", "system", "python"}


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def test_the_commit_is_told_with_its_changes_and_not_a_folder_s_above(tmp_path: Path):
    assert commit(tmp_path) == UNKNOWN
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) == UNKNOWN
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-qm", "a")
    clean = commit(tmp_path)
    assert len(clean) == 40
    (tmp_path / "b").write_text("not tracked")
    assert commit(tmp_path) == clean
    (tmp_path / "a").write_text("2")
    assert commit(tmp_path) == f"{clean} with changes"
    (tmp_path / "inner").mkdir()
    assert commit(tmp_path / "inner") == UNKNOWN
    (tmp_path / "inner/COMMIT").write_text(f"{clean}\n")
    assert commit(tmp_path / "inner") == clean


SCORES = {"run": "score.songs.0123456789ab", "accuracy": 0.97}
CONFIG = {"run": "config.ba9876543210", "study": {"seed": 1966}}
RECORDING = {
    "recording": "XC1", "file": "XC1.mp3", "url": "", "sha256": "0" * 64, "date": "2020-10-01",
    "site": "Pergamino", "recordist": "A. <b>B</b>", "licence": "CC BY-NC-SA 4.0",
}  # fmt: skip


@pytest.fixture
def crate(tmp_path: Path, benchmarks: list[Path]) -> Path:
    """Write a crate of the real code and two small results."""
    table = numbers.collect({"songs/scores.json": SCORES, "config.json": CONFIG})
    results = {}
    for name, plain in (
        ("songs/scores.json", SCORES),
        ("config.json", CONFIG),
        ("numbers.json", table),
    ):
        path = tmp_path / "results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(plain))
        results[f"results/{name}"] = path
    sheet = tmp_path / "recordings.tsv"
    sheet.write_text("recording\tfile\n")
    ran = jobs(benchmarks)
    build = build_record(tmp_path / "results/numbers.json", BUILD, benchmarks, ran.values())
    (tmp_path / "build.json").write_text(json.dumps(build))
    (tmp_path / "statement.pdf").write_bytes(
        typeset_statement(ROOT / "workflow/paper/statement.typ", build)
    )
    results |= {name: tmp_path / name for name in ("build.json", "statement.pdf")}
    code = tree(ROOT, ["Snakefile", "LICENSE", "workflow", "chingolo", "no such file"])
    secret = tmp_path / "server.yaml"
    secret.write_text(
        "tracking: {uri: 'https://ann:pa55word@example.org'}\n"  # pragma: allowlist secret
    )
    code["config/server.yaml"] = secret
    folder = tmp_path / "provenance"
    given = inputs_of([str(sheet)], code)
    write_crate(folder, code, results, given, [RECORDING], table, ran, build)
    return folder


def graph(crate: Path) -> dict[str, dict]:
    entities = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    return {entity["@id"]: entity for entity in entities}


def test_the_crate_leads_from_a_number_to_its_run(crate: Path):
    entities = graph(crate)
    table = json.loads((crate / "results/numbers.json").read_text())
    entry = table["songs.scores.accuracy"]
    run = entities["#" + entry["run"]]
    assert run["identifier"] == entry["run"]
    assert run["instrument"] == {"@id": "workflow/scripts/score.py"}
    assert (crate / "workflow/scripts/score.py").is_file()
    assert run["result"] == [{"@id": f"results/{entry['file']}"}]
    assert json.loads((crate / "results" / entry["file"]).read_text())["accuracy"] == 0.97
    times = [datetime.fromisoformat(run[key]) for key in ("startTime", "endTime")]
    assert (times[1] - times[0]).total_seconds() == 3
    assert entities["#recording-XC1"]["creditText"] == "A. <b>B</b>"
    assert not [name for name in entities if "__pycache__" in name or "XC1.mp3" in name]
    assert "pa55word" not in (crate / "config/server.yaml").read_text()
    assert (crate / "inputs/recordings.tsv").is_file()
    assert (crate / "COMMIT").read_text() == "unknown\n"


def test_an_independent_validator_finds_no_fault(crate: Path):
    done = validated(crate)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_independent_validator_finds_a_fault(crate: Path):
    path = crate / "ro-crate-metadata.json"
    told = json.loads(path.read_text("utf-8"))
    for entity in told["@graph"]:
        if entity["@id"] == "#build":
            del entity["instrument"]
    path.write_text(json.dumps(told))
    done = validated(crate)
    assert done.returncode == 1
    assert "instrument" in done.stdout


def test_a_build_without_benchmarks_is_described(tmp_path: Path):
    (tmp_path / "score.tsv").write_text("")
    assert jobs([tmp_path / "score.tsv"]) == {}
    assert build_record(_numbers(tmp_path), BUILD, [], [])["jobs"] == 0


def test_files_of_one_name_do_not_hide_each_other_and_sounds_stay_at_home(tmp_path: Path):
    for name in ("a/sheet.tsv", "b/sheet.tsv", "a/XC1.MP3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(tree(tmp_path, ["a", "b"])) == ["a/sheet.tsv", "b/sheet.tsv"]
    paths = [str(tmp_path / name) for name in ("a/sheet.tsv", "b/sheet.tsv")]
    named = inputs_of([*paths, "config/sketches.yaml"], {"config/sketches.yaml": tmp_path})
    assert list(named) == ["inputs/sheet.tsv", "inputs/also-sheet.tsv", "config/sketches.yaml"]


def _numbers(folder: Path) -> Path:
    path = folder / "numbers.json"
    path.write_text(json.dumps(numbers.collect({"config.json": CONFIG})))
    return path


def test_the_checker_s_manifest_is_whole():
    """What an author can meet of CODECHECK 2.0; the rest is the checker's to add."""
    text = (ROOT / "codecheck.yml").read_text("utf-8")
    told = yaml.safe_load(text)
    assert text.startswith("---\n")
    assert told["paper"]["title"]
    assert all(author["name"] for author in told["paper"]["authors"])
    assert told["version"].startswith("https://codecheck.org.uk/spec/config/")
    for item in told["manifest"]:
        assert item["comment"]
        assert not Path(item["file"]).is_absolute()
        assert ".." not in Path(item["file"]).parts


def test_the_citation_is_of_this_version():
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert told["version"] == __version__
