"""The notebook: folders of sketches, the pen, traced sketches."""

from pathlib import Path

import numpy as np
import pytest

from chingolo import pen as hand
from chingolo import sketches, themes
from chingolo.config import Config, Pen
from chingolo.errors import InputError
from chingolo.notebook import Sketch
from chingolo.recordings import Song
from chingolo.seeds import generator
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


def test_the_pen_errs_by_what_is_stated():
    pen = Pen(note_hz=80, axis_share=0.0, note_s=0.01, time_share=0.0)
    drawn = [hand.draw_by_hand(THEME, pen, generator(k, "pen")) for k in range(400)]
    errors = np.array([d.notes[0].start_hz - 4000 for d in drawn])
    assert errors.std() == pytest.approx(80, rel=0.15)
    assert abs(errors.mean()) < 15
    onsets = np.array([d.notes[1].onset_s - 0.4 for d in drawn])
    assert onsets.std() == pytest.approx(0.01, rel=0.15)
    assert {n.level_db for d in drawn for n in d.notes} == {0.0}


def test_a_steady_hand_draws_what_is_there():
    drawn = hand.draw_by_hand(THEME, Pen(0, 0, 0, 0), generator(1, "pen"))
    assert themes.contour(drawn, 1000.0)[0] == pytest.approx(
        themes.contour(THEME, 1000.0)[0], nan_ok=True
    )


def test_traces_come_from_other_songs_than_the_enrolled(config: Config):
    songs = [
        Song("r", 1.0, 2.0, "a", "enrol", 2),
        Song("r", 3.0, 4.0, "a", "query", 3),
        Song("q", 1.0, 2.0, "b", "unknown", 4),
        Song("q", 3.0, 4.0, "c", "check", 5),
    ]
    other = THEME._replace(trill=None)
    readings = {"r/1.000": THEME, "r/3.000": other, "q/1.000": THEME, "q/3.000": THEME}
    notebook = sketches.trace_notebook(songs, readings, config.verdict.pen, 1)
    assert [(s.name, s.truth) for s in notebook] == [("sketch-a", "a"), ("sketch-b", "none")]
    assert notebook[0].theme.trill is None


def test_a_page_is_drawn_once_and_keeps_its_truth(config: Config):
    noted = [Sketch("page-01", THEME, 3, "today-01", "sung")]
    drawn = sketches.draw_notebook(noted, config.verdict.pen, 1)
    assert drawn[0]._replace(theme=THEME) == noted[0]
    assert drawn[0].theme != THEME
    assert drawn == sketches.draw_notebook(noted, config.verdict.pen, 1)


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
