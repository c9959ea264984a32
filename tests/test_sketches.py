"""The notebook: folders of sketches, the pen, traced sketches."""

from pathlib import Path

import numpy as np
import pytest

from chingolo import pen as hand
from chingolo import sketches, themes
from chingolo.config import Config
from chingolo.errors import InputError
from chingolo.seeds import generator
from chingolo.sheets import Song
from chingolo.themes import Note, Theme, Trill

GOOD = """
birds: 2
notes:
  - {onset: 0.0, duration: 0.3, start: 4.0, end: 5.2}
  - {onset: 0.4, duration: 0.3, start: 5.0, peak: 6.1, end: 4.6, curve: arc, level: -3}
trill: {onset: 0.8, count: 8, step: 0.07, duration: 0.04, start: 6.5, end: 3.6}
"""


def test_a_folder_without_sketches_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="holds no sketch"):
        sketches.sketch_files(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        sketches.sketch_files(tmp_path / "nowhere")


def test_shipped_sketches_are_read():
    files = sketches.sketch_files(Path(__file__).parents[1] / "config/sketches")
    notebook = sketches.read_notebook(files)
    assert [s.name for s in notebook] == [f.stem for f in files]
    assert all(s.truth is None for s in notebook)


THEME = Theme(
    (Note(0.0, 0.3, 4000, 6000, level_db=-9.0), Note(0.4, 0.3, 6000, 4000)),
    Trill(0.8, 8, 0.06, 0.04, 7000, 3500),
)


def test_the_pen_errs_by_what_is_stated(config: Config):
    pen = config.pens.medium._replace(note_hz=80, axis_share=0.0, note_s=0.01, time_share=0.0)
    drawn = [hand.draw_by_hand(THEME, pen, generator(k, "pen")) for k in range(400)]
    errors = np.array([d.notes[0].start_hz - 4000 for d in drawn])
    assert errors.std() == pytest.approx(80, rel=0.15)
    assert abs(errors.mean()) < 15
    onsets = np.array([d.notes[1].onset_s - 0.4 for d in drawn])
    assert onsets.std() == pytest.approx(0.01, rel=0.15)
    assert {n.level_db for d in drawn for n in d.notes} == {0.0}


def test_a_steady_hand_draws_what_is_there(config: Config):
    pen = config.pens.low._replace(note_hz=0, axis_share=0, note_s=0, time_share=0)
    drawn = hand.draw_by_hand(THEME, pen, generator(1, "pen"))
    assert themes.contour(drawn, 1000.0)[0] == pytest.approx(
        themes.contour(THEME, 1000.0)[0], nan_ok=True
    )


def test_traces_come_from_other_songs_than_the_enrolled():
    songs = [
        Song("r", 1.0, 2.0, "a", "enrol", 2),
        Song("r", 3.0, 4.0, "a", "query", 3),
        Song("q", 1.0, 2.0, "b", "unknown", 4),
        Song("q", 3.0, 4.0, "c", "check", 5),
    ]
    other = THEME._replace(trill=None)
    readings = {"r/1.000": THEME, "r/3.000": other, "q/1.000": THEME, "q/3.000": THEME}
    notebook = sketches.trace_notebook(songs, readings)
    assert [(s.name, s.truth) for s in notebook] == [("sketch-a", "a"), ("sketch-b", "none")]
    assert notebook[0].theme.trill is None


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    for suffix in ("yaml", "yml"):
        (tmp_path / f"page.{suffix}").write_text(GOOD)
    with pytest.raises(InputError, match="is there twice"):
        sketches.read_notebook(sketches.sketch_files(tmp_path))


def test_faults_of_all_files_are_told_at_once(tmp_path: Path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("birds: 2", "birds: 0"))
    (tmp_path / "b.yaml").write_text(GOOD)
    with pytest.raises(InputError) as caught:
        sketches.read_notebook(sketches.sketch_files(tmp_path))
    lines = str(caught.value).splitlines()
    assert [Path(line.split(",")[0]).name for line in lines] == ["a.yaml", "c.yaml"]


def test_pages_and_typed_sketches_are_told_apart_and_checked(tmp_path: Path):
    (tmp_path / "typed.yaml").write_text(GOOD)
    (tmp_path / "page.yaml").write_text("image: page.png\nframe: {s: [0, 2], khz: [1, 9]}\n")
    files = sketches.sketch_files(tmp_path)
    with pytest.raises(InputError, match=r"page.png is not beside it"):
        sketches.check_sketches(files)
    (tmp_path / "page.png").write_bytes(b"")
    assert sketches.check_sketches(files) == [tmp_path / "page.png"]
    (tmp_path / "page.yaml").write_text("image: page.png\nsongs: [{name: typed}]\n")
    with pytest.raises(InputError, match="is also in"):
        sketches.check_sketches(files)
