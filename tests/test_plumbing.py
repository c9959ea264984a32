"""Seeds, run keys, numbers, logs, code closures and figures' bytes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo import files, library, logs, numbers, results
from chingolo.errors import InputError
from chingolo.figures import chain, style
from chingolo.persistence import Ruling
from chingolo.runs import run_key
from chingolo.seeds import generator

ROOT = Path(__file__).parents[1]


@given(st.integers(0, 2**31), st.text(max_size=20), st.text(max_size=20))
def test_streams_are_their_names(seed: int, a: str, b: str):
    assert generator(seed, a, b).random() == generator(seed, a, b).random()
    if a != b:
        assert generator(seed, a).random() != generator(seed, b).random()


def test_a_stream_does_not_run_into_its_neighbour():
    draws = {
        generator(1, *names).random()
        for names in (("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"))
    }
    assert len(draws) == 4


def test_a_run_key_follows_content_and_not_place(tmp_path: Path):
    for folder, text in (("one", "x"), ("two", "x"), ("three", "y")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "in.txt").write_text(text)
    keys = [
        run_key("score", {"world": "songs"}, [str(tmp_path / f / "in.txt")], 1)
        for f in ("one", "two", "three")
    ]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0].startswith("score.songs.")
    assert keys[0] != run_key("score", {"world": "songs"}, [str(tmp_path / "one/in.txt")], 2)


def test_numbers_are_flat_and_name_their_run_and_file():
    scores = {"run": "score.songs.1", "a": {"b": [1, 2.5]}, "c": None}
    source = {"run": "score.songs.1", "rule": "score", "file": "songs/model/scores.json"}
    table = numbers.collect({"songs/model/scores.json": scores})
    assert table == {
        "songs.scores.a.b.0": {"value": 1, **source},
        "songs.scores.a.b.1": {"value": 2.5, **source},
        "songs.scores.c": {"value": None, **source},
    }
    assert set(numbers.collect({"config.json": {"run": "config.2", "seed": 1}})) == {"config.seed"}


def test_numbers_of_a_text_are_listed_with_their_source_each_once():
    table = numbers.collect({"songs/scores.json": {"run": "score.songs.1", "accuracy": 0.97}})
    shown = {"key": "songs.scores.accuracy", "text": "97 %"}
    lines = numbers.of_text({"paper": [shown, shown], "supplement": [shown]}, table).splitlines()
    assert lines == [
        "document\ttext\tkey\tvalue\trun\trule\tfile",
        "paper\t97 %\tsongs.scores.accuracy\t0.97\tscore.songs.1\tscore\tsongs/scores.json",
        "supplement\t97 %\tsongs.scores.accuracy\t0.97\tscore.songs.1\tscore\tsongs/scores.json",
    ]


def test_results_that_contradict_themselves_are_refused():
    def table(matched: int) -> dict[str, dict[str, object]]:
        return {
            f"songs.persistence.by_count.{k}": {"value": v, "run": "persist.songs.1"}
            for k, v in (("n", 1), ("matched", matched))
        }

    rulings = {"songs": [Ruling("s", "a", "a", 0.9, 0.01, 0.02, 1.0, 1, "a")]}
    assert "holds: songs" in results.verify(table(1), rulings)
    with pytest.raises(ValueError, match="count the same sketches"):
        results.verify(table(0), rulings)


def test_a_job_log_takes_all_output_and_tells_input_errors_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    with logs.job_log(str(tmp_path / "a.log")):
        print("worked")
    assert (tmp_path / "a.log").read_text() == "worked\n"
    assert capfd.readouterr() == ("", "")
    with pytest.raises(SystemExit), logs.job_log(str(tmp_path / "b.log")):
        raise InputError("sheet.tsv, row 3", "is wrong", "mend it")
    line = "chingolo: sheet.tsv, row 3: is wrong. Cure: mend it.\n"
    assert capfd.readouterr().err == line
    assert (tmp_path / "b.log").read_text() == line
    with pytest.raises(ZeroDivisionError), logs.job_log(str(tmp_path / "c.log")):
        _ = 1 / 0
    assert "ZeroDivisionError" in (tmp_path / "c.log").read_text()


def test_progress_tells_what_remains(capsys: pytest.CaptureFixture[str]):
    assert list(logs.progress(iter("abc"), 3, "songs sung")) == ["a", "b", "c"]
    assert "songs sung: 3 of 3 done, about 0 s left" in capsys.readouterr().out


def test_a_library_is_closed_under_imports_and_leaves_plumbing_out():
    closed = library.closure(frozenset({"singing"}))
    assert {"singing", "syrinx", "tract", "themes", "surrogates", "seeds"} <= closed
    assert not closed & library.PLUMBING
    assert all(Path(p).is_file() for p in library.library("corpora"))


def test_figures_have_the_same_bytes_every_day(tmp_path: Path):
    style.use(ROOT / "workflow/figures.mplstyle")
    for name in ("one", "two"):
        style.save(chain.draw(), tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
    for kind in ("pdf", "png"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_every_figure_has_a_caption():
    modules = {p.stem for p in (ROOT / "chingolo/figures").glob("*.py")}
    modules -= {"__init__", "style", "notation"}  # the last is the command line's, not the paper's
    assert modules == {
        p.stem.removeprefix("draw_")
        for p in (ROOT / "workflow/scripts").glob("draw_*.py")
        if "chingolo.figures" in p.read_text()
    }
    for stem in modules:
        assert len((ROOT / f"workflow/report/{stem}.rst").read_text()) > 60, stem


def test_golden_sheets_carry_credit_for_every_recording():
    rows = (ROOT / "config/songs/recordings.tsv").read_text().splitlines()
    header = rows[0].split("\t")
    for row in rows[1:]:
        cells = dict(zip(header, row.split("\t"), strict=True))
        assert cells["recordist"]
        assert cells["licence"].startswith("CC BY")
        assert len(cells["sha256"]) == 64
    assert len(rows) == 20
    assert np.unique([r.split("\t")[0] for r in rows[1:]]).size == 19


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("a: postgresql://u:Zk3/a@b9@db:5/x", "a: postgresql://…@db:5/x"),  # pragma: allowlist secret
        ("https://someone@host/a", "https://…@host/a"),
        ("https://host/@someone and a@b", "https://host/@someone and a@b"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ],
)  # fmt: skip
def test_addresses_tell_no_password(text: str, public: str):
    assert files.without_password(text) == public
