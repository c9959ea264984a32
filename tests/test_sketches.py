"""The notebook: typed notation with its faults, the pen, traced sketches."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_typed_notation_becomes_a_theme():
    theme = sketches.to_theme(sketches.parse_sketch(GOOD, "page.yaml"))
    assert themes.contour_string(theme) == "RA"
    assert theme.notes[1].peak_hz == pytest.approx(6100)
    assert theme.trill == Trill(0.8, 8, 0.07, 0.04, 6500, 3600)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("start: 4.0", "start: 0.9", "notes row 1, start"),
        ("end: 4.6", "end: 10.5", "notes row 2, end"),
        ("duration: 0.3, start: 4.0", "duration: -0.3, start: 4.0", "notes row 1, duration"),
        ("start: 4.0", "begin: 4.0", "notes row 1, begin: unknown key"),
        ("end: 5.2", "end: high", "notes row 1, end"),
        ("peak: 6.1, ", "", "notes row 2: an arc has no peak"),
        ("count: 8", "count: 0", "trill, count"),
        ("duration: 0.04", "duration: 0.2", "trill: an element lasts longer"),
        ("birds: 2", "birds: none", "birds"),
        ("notes:", "note:", "unknown key"),
        ("birds: 2", "birds: [", "is not YAML"),
        (", end: 5.2", "", "notes row 1, end: is missing"),
    ],
)
def test_faults_name_file_row_and_cure(old: str, new: str, words: str):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        sketches.parse_sketch(GOOD.replace(old, new, 1), "page.yaml")
    text = str(caught.value)
    assert text.startswith("page.yaml")
    assert words in text
    assert "Cure:" in text
    assert "\n" not in text


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_the_one_error(text: str):
    try:
        typed = sketches.parse_sketch(text, "page.yaml")
    except InputError:
        return
    assert typed.notes


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
