"""World field: a user's own recordings, sheets and sketches, from the clone to the paper; and their faults."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from building import clone, snakemake

from chingolo import species
from chingolo.config import parse
from chingolo.drawing import draw_page
from chingolo.notebook import Sketch
from chingolo.notebook_pages import write_page
from chingolo.seeds import generator


def field_study(folder: Path, real: Path) -> Path:
    """Half of the recordings, under another name with spaces and accents."""
    own = folder / "Mis pájaros del año 2025"
    (own / "audio").mkdir(parents=True)
    rows = (real / "recordings.tsv").read_text().splitlines()
    kept = [rows[0], *rows[1::2]]
    ids = {row.split("\t")[0] for row in kept[1:]}
    songs = (real / "songs.tsv").read_text().splitlines()
    chosen = [songs[0], *(s for s in songs[1:] if s.split("\t")[0] in ids)]
    (own / "recordings.tsv").write_text("\n".join(kept) + "\n")
    (own / "songs.tsv").write_text("\n".join(chosen) + "\n")
    for name in ids:
        shutil.copy(real / f"audio/{name}.mp3", own / "audio")
    field = folder / "config/field.yaml"
    text = field.read_text()
    for old, new in (
        ("recordings.tsv", "recordings.tsv"),
        ("songs.tsv", "songs.tsv"),
        ("audio", "audio"),
    ):
        text = text.replace(f": field/{old}", f': "{own.name}/{new}"')
    field.write_text(text)
    return own


@pytest.fixture
def field(fresh: Path, real: Path | None) -> Path:
    if real is None:
        pytest.skip("the real recordings are not here: make test RECORDINGS=folder")
    return field_study(fresh, real)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, real: Path | None) -> Path:
    """Make a clone for one fault after the other, so that kernels are compiled once."""
    if real is None:
        pytest.skip("the real recordings are not here: make test RECORDINGS=folder")
    folder = clone(tmp_path_factory.mktemp("faulty"), None)
    field_study(folder, real)
    return folder


SMALL_FIELD = ("--configfile", "config/test.yaml", "config/field.yaml")


@pytest.mark.workflow
def test_a_field_study_runs_to_the_paper(fresh: Path, field: Path):
    # A scanned page among the typed sketches, as a user has it.
    study = parse(yaml.safe_load((fresh / "config/config.yaml").read_text()))
    theme = species.random_theme(generator(1, "scanned"))
    page = draw_page(
        [Sketch("park-17", theme, 4)], study.pens.low, generator(1, "p"), "", "scan.png"
    )
    write_page(fresh / "config/sketches", "scan", page, study.pens.low.dpi)
    # As few networks as there can be.
    few = ("controls={changes: [], enrolled: 1}", "primer={seeds: 1}", "domains={seeds: 1}")
    done = snakemake(fresh, *SMALL_FIELD, "--cores", "2", config=few)
    assert done.returncode == 0, done.stderr[-6000:]
    results = fresh / "results/field-study"
    assert (results / "field/sketches/scan.png").is_file()
    assert "birds: 4" in (results / "field/sketches/park-17.yaml").read_text()
    assert (results / "paper.pdf").read_bytes().startswith(b"%PDF")
    scores = json.loads((results / "field/scores.json").read_text())
    enrolled = [row for row in (field / "songs.tsv").read_text().splitlines() if "\tenrol" in row]
    assert scores["closed_set"]["classes"] == len(enrolled)
    assert scores["closed_set"]["accuracy"] > 2 * scores["chance"]  # tiny: 48 steps of training
    with (results / "field/verdicts.tsv").open() as file:
        rows = {row["sketch"]: row["birds"] for row in csv.DictReader(file, delimiter="\t")}
    assert len(rows) == 3
    assert rows["park-17"] == "4"


@pytest.mark.workflow
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("checksum", r"recording XC289317, file .*: sha256 differs from the sheet's"),
        ("broken", r"recording XC289317, file .*: cannot be decoded"),
        ("beyond", r"songs.tsv, row \d+: the song ends at 999 s"),
    ],
)
def test_bad_audio_is_told_in_one_line_before_any_long_job(faulty: Path, fault: str, words: str):
    own = next(faulty.glob("Mis*"))
    sheet, songs = own / "recordings.tsv", own / "songs.tsv"
    kept = {path: path.read_bytes() for path in (sheet, songs, own / "audio/XC289317.mp3")}
    text = sheet.read_text()
    first = text.splitlines()[1]
    cells = first.split("\t")
    if fault == "checksum":
        sheet.write_text(text.replace(cells[3], "0" * 64))
    elif fault == "broken":
        sheet.write_text(text.replace(cells[3], ""))
        (own / "audio/XC289317.mp3").write_bytes(b"not a song")
    else:
        *lines, last = songs.read_text().splitlines()
        late = last.split("\t")
        late[1:3] = ["997", "999"]
        songs.write_text("\n".join([*lines, "\t".join(late)]) + "\n")
    done = snakemake(faulty, *SMALL_FIELD, "--cores", "2")
    for path, data in kept.items():
        path.write_bytes(data)
    assert done.returncode != 0
    lines = {line for line in done.stderr.splitlines() if line.startswith("chingolo:")}
    assert len(lines) == 1
    assert re.search(words, lines.pop())
    ran = set(re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", done.stderr + done.stdout))
    assert (faulty / "results/field-study/warm_up.txt").is_file()
    assert not ran & {"sing_surrogates", "map_pitch", "train", "read_songs"}
