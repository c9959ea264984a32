"""The workflow: its habits held by reading it, its behaviour by running the tiny study."""

import ast
import csv
import hashlib
import json
import re
import shutil
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import mlflow
import pypdfium2
import pytest
import yaml
from building import ROOT, clone, snakemake, validated

from chingolo import library

WORKFLOW = ROOT / "workflow"


class Rule(NamedTuple):
    name: str
    text: str
    script: str
    code: frozenset[str]


def rules() -> list[Rule]:
    found = []
    for path in sorted((WORKFLOW / "rules").glob("*.smk")):
        text = path.read_text()
        assert text.startswith("# In: "), f"{path.name} does not open with its contract"
        for part in re.split(r"^(?=rule \w+:)", text, flags=re.M)[1:]:
            name = re.match(r"rule (\w+):", part)[1]
            script = re.search(r'script:\s+"\.\./scripts/(\w+)\.py"', part)[1]
            code = re.search(r"code=library\((.*?)\)", part, re.S)[1]
            found.append(Rule(name, part, script, frozenset(re.findall(r'"([\w.]+)"', code))))
    return found


RULES = rules()
named = pytest.mark.parametrize("rule", RULES, ids=[r.name for r in RULES])


@named
def test_one_rule_one_script_one_name(rule: Rule):
    assert rule.script == rule.name
    text = (WORKFLOW / f"scripts/{rule.script}.py").read_text()
    tree = ast.parse(text)
    assert not [
        n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda))
    ]
    assert len(text.splitlines()) <= 40
    assert "job_log(snakemake.log[0])" in text


@named
def test_a_rule_declares_the_library_code_its_script_runs(rule: Rule):
    imports = library.imports_of(WORKFLOW / f"scripts/{rule.script}.py")
    assert library.closure(rule.code) == library.closure(imports - {"figures"})


@named
def test_every_rule_reads_the_same(rule: Rule):
    order = re.findall(r"^    (\w+):", rule.text, flags=re.M)
    expected = [
        "input", "output", "log", "benchmark", "wildcard_constraints", "priority", "conda", "threads",
        "resources", "params", "message", "script",
    ]  # fmt: skip
    assert [word for word in expected if word in order] == order
    assert {
        "input",
        "output",
        "log",
        "benchmark",
        "conda",
        "threads",
        "resources",
        "message",
    } <= set(order)
    assert "lambda" not in rule.text


def test_every_script_has_its_rule():
    scripts = {p.stem for p in (WORKFLOW / "scripts").glob("*.py")}
    assert scripts == {rule.name for rule in RULES}


TINY = ("--configfile", "config/test.yaml")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, real: Path | None) -> Path:
    """Build the tiny study in a folder of its own on two cores."""
    folder = clone(tmp_path_factory.mktemp("tiny study"), real)
    started = time.monotonic()
    done = snakemake(folder, *TINY, "--cores", "2", config=wanted(real))
    print(f"the tiny study took {time.monotonic() - started:.0f} s")
    assert done.returncode == 0, done.stderr[-6000:]
    return folder


def worlds(real: Path | None) -> list[str]:
    return ["simulated", "songs"] if real else ["simulated"]


def wanted(real: Path | None, *changes: str) -> tuple[str, ...]:
    """Values for the command line: the worlds that this machine has, and changes."""
    return (f"worlds=[{', '.join(worlds(real))}]", *changes)


def text_of(path: Path) -> str:
    """Text of all pages of a PDF, every kind of space a plain one."""
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split())


def jobs(text: str) -> set[str]:
    """Rules that a dry run would execute."""
    table = text.split("Job stats:")[1].split("total", maxsplit=1)[0]
    return {line.split()[0] for line in table.splitlines()[3:] if line.strip()} - {"all"}


@pytest.mark.workflow
def test_the_tiny_study_ends_in_what_the_contract_promises(built: Path, real: Path | None):
    results = built / "results/test"
    for name in ("paper.pdf", "supplement.pdf"):
        text = text_of(results / name)
        assert "??" not in text
        assert "Figure " in text
    assert "The song, or the kind of picture" in text_of(results / "paper.pdf")
    assert (results / "hits/index.html").is_file()
    assert (results / "mlflow.db").is_file()
    numbers = json.loads((results / "numbers.json").read_text())
    for key, entry in numbers.items():
        assert (results / entry["file"]).is_file(), key
        assert entry["run"].startswith(entry["rule"] + "."), key
    with (results / "numbers.tsv").open() as file:
        printed = list(csv.DictReader(file, delimiter="\t"))
    assert {row["document"] for row in printed} == {
        "paper"
    }  # the supplement has its numbers in figures and a table
    assert len(printed) > 200
    for row in printed:
        entry = numbers.get(row["key"], {"value": None, "run": ""})
        assert (row["text"] == "not measured") == (entry["value"] is None), row
        assert row["run"] == entry["run"], row
    for world in worlds(real):
        for name in (
            "themes.json",
            "scores.json",
            "verdicts.tsv",
            "persistence.json",
            "nulls.json",
            "controls.json",
            "model/judge.json",
        ):
            assert (results / world / name).is_file(), name
        scores = json.loads((results / world / "scores.json").read_text())
        closed = scores["closed_set"]
        assert closed["accuracy"] > 3 * scores["chance"]
        assert closed["interval"][0] <= closed["accuracy"] <= closed["interval"][1]
        for kind in ("baselines", "baselines_notebook"):
            assert set(scores[kind]) == {
                "contour_string",
                "note_parameters",
                "f0_warping",
                "spectrogram_correlation",
                "gradient_boosting",
                "network_2018",
            }
            for method in scores[kind].values():
                low, high = method["interval"]
                assert low <= method["accuracy"] <= high
                assert method["n_unknown"] > 0
        siamese = scores["siamese"]
        assert siamese["one_shot_accuracy"] > 2 * scores["chance"]
        assert siamese["auroc"] > 0.6
        assert scores["siamese_beside"]["baselines"]["accuracy"] == siamese["one_shot_accuracy"]
        # The judge is the same whoever scores it.
        beside = scores["judge_beside"]["baselines"]
        assert beside["accuracy"] == closed["accuracy"]
        assert beside["auroc"] == scores["open_set"]["auroc"]
        assert numbers[f"{world}.scores.closed_set.accuracy"] == {
            "value": closed["accuracy"],
            "run": scores["run"],
            "rule": "score",
            "file": f"{world}/scores.json",
        }
        with (results / world / "verdicts.tsv").open() as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        assert {"sketch", "verdict", "probability", "p", "q", "agreement", "truth"} <= set(rows[0])
        assert list((results / world / "songs").glob("*.flac"))
        assert list((results / world / "sketches").glob("page-*.png"))
        pages = json.loads((results / world / "pages.json").read_text())
        assert pages["n"] == len(list((results / world / "sketches").glob("sketch-*.yaml")))
        assert pages["right"] >= (0.8 if world == "simulated" else 0.6)
        assert pages["median_error_hz"] < 60
        assert numbers[f"{world}.pages.right"]["value"] == pages["right"]
        assert list((results / world / "gestures").glob("*.npz"))
        sheet = (results / world / "found_songs.tsv").read_text().splitlines()
        found = json.loads((results / world / "found_themes.json").read_text())
        assert found["songs"] == len(sheet) - 1 >= found["marked"] > 20
        assert found["adjusted_rand_index"] > 0.1  # tiny: the metric has learned little
        cells = json.loads((results / world / "domains.json").read_text())["cells"]
        assert cells["both"]["sung"]["accuracy"]["mean"] > 2 * scores["chance"]
        assert set(cells) == {"songs", "both"}
        near = json.loads((results / world / "neighbours.json").read_text())
        assert [one["sketch"] for one in near] == [row["sketch"] for row in rows]
        for figure in (
            "baselines",
            "confusion",
            "controls",
            "domains",
            "eras",
            "found_themes",
            "gesture",
            "learning",
            "nulls",
            "openness",
            "page",
            "persistence",
            "verdicts",
        ):
            for kind in ("pdf", "png"):
                assert (results / f"figures/{figure}-{world}.{kind}").stat().st_size > 5000
    for figure in ("effort", "histories", "panorama", "population"):
        for kind in ("pdf", "png"):
            assert (results / f"figures/{figure}-simulated.{kind}").stat().st_size > 5000
    heard = "songs" if real else "simulated"
    for figure in ("four_pixels", "screen", "learned_symbols", f"inside-{heard}"):
        for kind in ("pdf", "png"):
            assert (results / f"figures/{figure}.{kind}").stat().st_size > 5000
    told = json.loads((results / heard / "inside.json").read_text())
    with (results / heard / "answers.tsv").open() as file:
        first = next(csv.DictReader(file, delimiter="\t"))
    # The song that is followed is answered as the study answered it.
    assert told["song"]["song"] == first["song"]
    named = {one["theme"]: one["probability"] for one in told["answer"]}
    assert named[first["answer"]] == pytest.approx(float(first["probability"]), abs=1e-6)
    assert "It looks like" in (results / "primer/index.html").read_text()
    assert not [path for path in results.rglob("*") if ".part" in path.name]
    if real:
        scores = json.loads((results / "songs/scores.json").read_text())
        assert scores["closed_set"]["n"] == 66
        assert scores["closed_set"]["classes"] == 14
        assert scores["closed_set"]["mean_over_networks"] > 0.6  # tiny; the full study reaches more
        assert 0 < scores["copies"]["trace"]["f0_median"] < 0.003
        assert scores["copies"]["songs"] == 14
        assert scores["variation"]["songs"] > 50


@pytest.mark.workflow
def test_every_run_is_in_mlflow_under_its_key(built: Path, real: Path | None):
    results = built / "results/test"
    client = mlflow.MlflowClient(f"sqlite:///{results}/mlflow.db")
    experiment = client.get_experiment_by_name("chingolo")
    every = client.search_runs([experiment.experiment_id], max_results=500)
    (build,) = [run for run in every if "build" in run.data.tags]
    assert build.info.status == "FINISHED"
    runs = [run for run in every if "run_key" in run.data.tags]
    assert len(every) == len(runs) + 1
    assert {run.data.tags["mlflow.parentRunId"] for run in runs} == {build.info.run_id}
    keys = {run.data.tags["run_key"] for run in runs}
    # Two networks and that of 2018; read_pages, calibrate, compare, score, judge, judge_nulls,
    # measure_errors, persist, score_metric, register_judge; three controls and their scores; find_themes,
    # map_eras, two pairs of networks that see drawings or not, and their scores.
    per_world = 3 + 10 + 4 + 5
    # Once: try_histories, learn_symbols, look_inside, the metric and its calibration, and a control of the
    # real songs alone.
    once = 5 + bool(real)
    assert len(runs) == len(keys) == per_world * len(worlds(real)) + once
    assert {run.info.status for run in runs} == {"FINISHED"}
    numbers = json.loads((results / "numbers.json").read_text())
    measured = {e["run"] for key, e in numbers.items() if not key.startswith("config.")}
    assert measured <= keys
    for world in worlds(real):
        (version,) = client.search_model_versions(f"name = 'chingolo-judge-{world}'")
        scores = json.loads((results / world / "scores.json").read_text())
        assert float(version.tags["accuracy"]) == scores["closed_set"]["accuracy"]
    train = next(run for run in runs if run.data.tags["rule"] == "train")
    read = {one.dataset.name for one in train.inputs.dataset_inputs}
    assert {"train-0.npy", "train-0.tsv", "themes.json"} <= read
    history = client.get_metric_history(train.info.run_id, "validation/accuracy")
    assert len(history) == 8
    assert "judge.epochs" in train.data.params
    assert {"config_digest", "wildcard.world", "wildcard.seed"} <= set(train.data.tags)
    assert {a.path for a in client.list_artifacts(train.info.run_id)} >= {"seed-0.pt"} or {
        a.path for a in client.list_artifacts(train.info.run_id)
    } >= {"seed-1.pt"}


@pytest.mark.workflow
def test_a_second_run_finds_nothing_to_do(built: Path, real: Path | None):
    started = time.monotonic()
    done = snakemake(built, *TINY, config=wanted(real))
    print(f"nothing to do, said in {time.monotonic() - started:.1f} s")
    assert "Nothing to be done" in done.stdout + done.stderr


@pytest.mark.workflow
def test_a_changed_figure_redraws_itself_and_the_paper_only(built: Path, real: Path | None):
    code = built / "chingolo/figures/confusion.py"
    before = code.read_text()
    try:
        code.write_text(before.replace('cmap="Blues"', 'cmap="Greens"'))
        done = snakemake(built, *TINY, "-n", config=wanted(real))
        assert jobs(done.stdout + done.stderr) == {"draw_confusion", "typeset", "describe_build"}
    finally:
        code.write_text(before)


@pytest.mark.workflow
@pytest.mark.parametrize(
    ("change", "must", "must_not"),
    [
        ("surrogates={examples: 2}", "sing_examples", "sing_surrogates train"),
        ("simulated={heard_per_theme: 3}", "sing_field read_field score", "simulate_history train"),
        ("simulated={trials: 30}", "try_histories persist", "simulate_history draw_pool judge"),
        ("verdict={versions: 6}", "draw_pool measure_errors persist", "calibrate judge train"),
        ("simulated={histories: 60}", "simulate_survival typeset", "simulate_history persist"),
        ("judge={seeds: 3}", "train calibrate score", "sing_surrogates sing_foreign"),
        ("judge={dropout: 0.3}", "train calibrate score judge", "sing_surrogates map_pitch"),
        ("verdict={false_matches: 0.1}", "calibrate judge", "sing_foreign sing_notebook train"),
        (
            "verdict={pen: low}",
            "draw_notebook read_pages sing_foreign judge",
            "train sing_surrogates",
        ),
        ("baselines={steps: 21}", "train_2018 compare score", "sing_2018 train sing_surrogates"),
        ("spread={tempo: 0.06}", "sing_surrogates train", "map_pitch sing_notebook"),
        (
            "controls={snr_db: [3.0]}",
            "alter_field score_controls score_metric",
            "train_control train",
        ),
        ("primer={examples: 40}", "learn_symbols write_primer draw_inside typeset", "train score"),
        ("metric={epochs: 2}", "train_metric calibrate_metric score_metric", "sing_families train"),
        ("discovery={smallest: 3}", "find_themes draw_found_themes typeset", "train_metric score"),
        ("domains={epochs: 3}", "train_domains score_domains draw_domains", "train_control train"),
        ("controls={epochs: 3}", "train_control score_controls", "alter_field train score"),
    ],
)
def test_a_changed_setting_reruns_what_it_must(
    built: Path, real: Path | None, change: str, must: str, must_not: str
):
    done = snakemake(built, *TINY, "-n", config=wanted(real, change))
    planned = jobs(done.stdout + done.stderr)
    assert set(must.split()) <= planned
    assert not set(must_not.split()) & planned


@pytest.mark.workflow
def test_a_changed_module_reruns_what_runs_it(built: Path, real: Path | None):
    code = built / "chingolo/openset.py"
    before = code.read_text()
    try:
        code.write_text(before + "\n# changed\n")
        done = snakemake(built, *TINY, "-n", config=wanted(real))
        planned = jobs(done.stdout + done.stderr)
        assert {"calibrate", "score", "judge"} <= planned
        assert not {"train", "sing_surrogates", "draw_chain"} & planned
    finally:
        code.write_text(before)


@pytest.mark.workflow
def test_a_changed_singer_reruns_at_once_all_that_sings(built: Path, real: Path | None):
    # What warms up is made of the same modules: it must not hide that the others have to rerun.
    code = built / "chingolo/tract.py"
    before = code.read_text()
    try:
        code.write_text(before + "\n# changed\n")
        done = snakemake(built, *TINY, "-n", config=wanted(real))
        planned = jobs(done.stdout + done.stderr)
        assert {"warm_up", "sing_surrogates", "sing_field", "train", "score"} <= planned
        assert not {"draw_chain"} & planned
    finally:
        code.write_text(before)


SAME = [
    *(
        f"simulated/{name}"
        for name in (
            "verdicts.tsv", "persistence.json", "scores.json", "found_themes.json", "found_songs.tsv",
            "eras.json", "domains.json", "nulls.json", "errors.json", "histories.json", "pages.json",
            "hits.json",
        )
    ),
    "metric/metric.json",
    *(
        f"figures/{figure}-simulated.{kind}"
        for figure in (
            "confusion", "domains", "eras", "found_themes", "gesture", "histories", "nulls", "openness",
            "page", "panorama", "persistence", "reliability", "verdicts",
        )
        for kind in ("pdf", "png")
    ),
]  # fmt: skip
"""Results and figures that must be the same in another folder and on another number of cores: one of every
kind of computation, but for networks trained anew as controls, which are trained as others are."""


def digests(results: Path) -> dict[str, str]:
    """Digest of every file of :data:`SAME`; results hold their runs' keys, digests of what went in."""
    return {name: hashlib.sha256((results / name).read_bytes()).hexdigest() for name in SAME}


@pytest.mark.workflow
def test_results_are_the_same_in_another_folder_and_on_one_core(built: Path, tmp_path: Path):
    folder = clone(tmp_path / "elsewhere", None)
    wanted = [f"results/test/{name}" for name in SAME]
    done = snakemake(folder, *TINY, "--cores", "1", "--", *wanted)
    assert done.returncode == 0, done.stderr[-6000:]
    assert digests(folder / "results/test") == digests(built / "results/test")


@pytest.mark.workflow
def test_the_crate_is_valid_and_holds_what_a_checker_compares(built: Path, real: Path | None):
    crate = built / "results/test/provenance"
    done = validated(crate)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (crate / "statement.pdf").is_file()
    for item in yaml.safe_load((crate / "codecheck.yml").read_text("utf-8"))["manifest"]:
        assert (crate / item["file"]).is_file(), item
    numbers = json.loads((built / "results/test/numbers.json").read_text())
    graph = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    runs = {one["identifier"]: one for one in graph if one["@id"].startswith("#") and "endTime" in one
            and "identifier" in one}  # fmt: skip
    assert set(runs) == {e["run"] for e in numbers.values()} - {numbers["config.study.seed"]["run"]}
    heard = [one for one in graph if one["@type"] == "AudioObject"]
    assert bool(heard) == (real is not None)
    assert not list(crate.rglob("*.mp3"))


@pytest.mark.workflow
def test_the_paper_is_the_same_bytes_from_the_same_results(built: Path, real: Path | None):
    results = built / "results/test"
    before = {name: (results / name).read_bytes() for name in ("paper.pdf", "supplement.pdf")}
    done = snakemake(built, *TINY, "--cores", "1", "--forcerun", "typeset", config=wanted(real))
    assert done.returncode == 0, done.stderr[-6000:]
    assert {name: (results / name).read_bytes() for name in before} == before


@pytest.mark.workflow
@pytest.mark.skipif(shutil.which("rsync") is None, reason="the storage plugin copies by rsync")
def test_a_deposit_is_put_into_a_storage(built: Path, real: Path | None, tmp_path: Path):
    to = tmp_path / "deposit"
    done = snakemake(
        built, *TINY, "--cores", "1", "deposit", config=(*wanted(real), f"deposit={to}")
    )
    assert done.returncode == 0, done.stderr[-6000:]
    assert "1 of 1 steps" in done.stderr, done.stderr[-6000:]
    results = built / "results/test"
    assert (to / "paper.pdf").read_bytes() == (results / "paper.pdf").read_bytes()
    with ZipFile(to / "provenance.zip") as packed:
        assert packed.testzip() is None
        inside = set(packed.namelist())
    assert "ro-crate-metadata.json" in inside
    assert len(inside) == len(
        [p for p in (results / "provenance").rglob("*")
         if p.is_file() and p.name != ".snakemake_timestamp"]
    )  # fmt: skip


@pytest.mark.workflow
def test_recordings_are_taken_from_a_remote_storage(fresh: Path, recordings: Path):
    """Here from a server on this machine, by the plugin for http."""
    handler = partial(SimpleHTTPRequestHandler, directory=recordings)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"http://127.0.0.1:{server.server_port}"
        done = snakemake(
            fresh, *TINY, "--cores", "2",
            "results/test/songs/recordings.json",
            config=("worlds=[songs]", "songs={audio: '" + where + "'}"),
        )  # fmt: skip
        server.shutdown()
    assert done.returncode == 0, done.stderr[-6000:]
    assert len(json.loads((fresh / "results/test/songs/recordings.json").read_text())) == 19


FAULTS = [
    (("judge={epoch: 3}",), r"key judge.epoch: unknown key"),
    (("worlds=[mars]",), r"key worlds"),
    (("worlds=[field]",), r"key field.recordings: is empty"),
    (("worlds=[field]", "field={recordings: no.tsv}"), r"no.tsv: there is no such sheet"),
    (("worlds=[songs]", "songs={audio: nowhere}"), r"nowhere is not a folder"),
    (("noise=nowhere",), r"key noise: nowhere holds no sound file"),
]


@pytest.mark.workflow
@pytest.mark.parametrize(("changes", "words"), FAULTS)
def test_bad_config_is_told_in_one_line_before_any_job(
    fresh: Path, changes: tuple[str, ...], words: str
):
    done = snakemake(fresh, "-n", config=changes)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("chingolo:")]
    assert len(lines) == 1, done.stderr
    assert re.search(words, lines[0])
    assert "Cure:" in lines[0]
    assert "Traceback" not in done.stderr
    assert not list((fresh / "results").glob("*/*"))
