"""Scanned pages: what stands beside them, pictures of all kinds, axes, and frames."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chingolo import axes, frames, pages, scans
from chingolo.__main__ import main
from chingolo.config import Config
from chingolo.drawing import draw_page
from chingolo.errors import InputError
from chingolo.notebook import Sketch
from chingolo.notebook_pages import write_page
from chingolo.seeds import generator
from chingolo.species import random_theme

GOOD = """
image: page.png
birds: 2
time: [{x: 100, y: 500, s: 0}, {x: 900, y: 520, s: 2}]
frequency: [{x: 100, y: 480, khz: 2}, {x: 110, y: 80, khz: 8}]
songs:
  - name: song-a
    box: [80, 60, 950, 540]
    trill: {count: 9}
"""


def test_what_stands_beside_a_page_is_read():
    notes = pages.parse(GOOD, "page.yaml")
    assert notes.songs is not None
    assert notes.songs[0].trill == pages.ShortTrill(count=9)
    assert notes.time == (
        pages.TimeMark(x=100, y=500, s=0),
        pages.TimeMark(x=900, y=520, s=2),
    )
    assert pages.is_page(GOOD)
    assert not pages.is_page("notes: []")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("image: page.png", "imag: page.png", "image: is missing"),
        ("count: 9", "count: 0", "songs row 1, trill, count"),
        ("x: 100, y: 500, s: 0", "x: 100, y: 500, s: soon", "line 4"),
        (", {x: 900, y: 520, s: 2}", "", "time"),
        ("name: song-a", "name: ../song", "songs row 1, name"),
        ("box: [80, 60, 950, 540]", "box: [950, 60, 80, 540]", "songs row 1, box: is empty"),
        ("birds: 2", "bird: 2", "bird: unknown key"),
        ("khz: 8", "khz: 8000", "8000 is refused"),
        ("image: page.png", "image: [", "is not YAML"),
        ("birds: 2", "frame: {s: [0, 0], khz: [1, 9]}", "edges do not rise"),
        ("birds: 2", "frame: {s: [0, 2], khz: [10, 1]}", "edges do not rise"),
    ],
)
def test_faults_beside_a_page_name_line_and_cure(old: str, new: str, words: str):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        pages.parse(GOOD.replace(old, new, 1), "page.yaml")
    text = str(caught.value)
    assert words in text
    assert all(line.startswith("page.yaml") and "Cure:" in line for line in text.splitlines())


def test_a_page_has_its_picture_beside_it_and_a_name_for_its_song(tmp_path: Path):
    for name, text, words in (
        ("a.yaml", "image: ../a.png", "is no file's name"),
        ("a page.yaml", "image: a.png", "cannot be a song's"),
        ("b.yaml", "image: a.png", "is not beside it"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=words):
            pages.read_notes(tmp_path / name)


def test_two_songs_of_one_name_are_refused():
    twice = GOOD + "  - name: song-a\n"
    with pytest.raises(InputError, match="song-a is there twice"):
        pages.parse(twice, "page.yaml")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_the_one_error(text: str):
    try:
        notes = pages.parse(text, "page.yaml")
    except InputError:
        return
    assert notes.image


def test_the_schema_for_editors_is_in_step():
    kept = Path(__file__).parents[1] / "config/sketches/page.schema.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == pages.schema()
    jsonschema.validate(yaml.safe_load(GOOD), pages.schema())


def test_pages_are_digitized_from_the_command_line(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rng = generator(9, "command")
    song = Sketch("heard", random_theme(rng), 4)
    page = draw_page([song], config.pens.low, rng, "plain", "sheet.png")
    write_page(tmp_path, "sheet", page, 300)
    before = (tmp_path / "sheet.png").read_bytes(), (tmp_path / "sheet.yaml").read_bytes()
    command = ["digitize", str(tmp_path / "sheet.yaml"), "--to"]
    assert main([*command, str(tmp_path)]) == 1
    assert "would be written over a page" in capsys.readouterr().err
    assert before == ((tmp_path / "sheet.png").read_bytes(), (tmp_path / "sheet.yaml").read_bytes())
    (tmp_path / "read").mkdir()
    assert main([*command, str(tmp_path / "read")]) == 0
    assert capsys.readouterr().out.startswith("heard\t")
    assert "birds: 4" in (tmp_path / "read/heard.yaml").read_text()
    (tmp_path / "sheet.png").unlink()
    assert main([*command, str(tmp_path / "read")]) == 1
    assert "sheet.png is not beside it" in capsys.readouterr().err


# Pictures


def scene() -> np.ndarray:
    """Grey ramp with a dark stroke, shape (120, 160)."""
    grey = np.tile(np.linspace(180, 250, 160), (120, 1))
    grey[60:64, 20:140] = 40
    return grey.astype(np.uint8)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.pdf"])
def test_pictures_of_all_kinds_are_the_same_grey(tmp_path: Path, name: str):
    image = Image.fromarray(scene())
    image.save(tmp_path / name, **({"resolution": 72.0} if name.endswith("pdf") else {}))
    scan = scans.load(tmp_path / name, dpi=72)
    assert scan.reduced == 1
    assert scan.grey.shape == (120, 160)
    assert np.abs(scan.grey * 255 - scene()).mean() < 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F"])
def test_pictures_of_all_modes_are_read(tmp_path: Path, mode: str):
    if mode == "I;16":
        image = Image.fromarray(scene().astype(np.uint16) * 257)
    else:
        image = Image.fromarray(scene()).convert(mode)
    image.save(tmp_path / "a.tif")
    grey = scans.load(tmp_path / "a.tif").grey
    assert grey[62, 80] < 0.35
    assert grey[20, 150] > 0.75


def test_all_pages_of_a_tiff_can_be_named_and_no_others(tmp_path: Path):
    first, second = Image.new("L", (90, 80), 200), Image.fromarray(scene())
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    assert scans.load(tmp_path / "a.tif", page=2).grey.shape == (120, 160)
    with pytest.raises(InputError, match="has 2 pages, not 3"):
        scans.load(tmp_path / "a.tif", page=3)


def test_twelve_bits_in_sixteen_are_the_same_grey(tmp_path: Path):
    Image.fromarray(scene().astype(np.uint16) * 16).save(tmp_path / "a.tif")
    assert np.abs(scans.load(tmp_path / "a.tif").grey * 255 - scene()).mean() < 1.5


def test_a_transparent_page_lies_on_white(tmp_path: Path):
    image = Image.new("RGBA", (100, 80), (0, 0, 0, 0))
    image.save(tmp_path / "a.png")
    assert scans.load(tmp_path / "a.png").grey.min() == pytest.approx(1.0)


def test_a_turned_camera_is_turned_back(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(scene()).save(tmp_path / "a.jpg", exif=exif)
    assert scans.load(tmp_path / "a.jpg").grey.shape == (160, 120)


def test_a_large_picture_is_read_at_a_fraction(tmp_path: Path):
    Image.new("L", (5200, 4000), 200).save(tmp_path / "a.png")
    scan = scans.load(tmp_path / "a.png")
    assert scan.reduced == 2
    assert scan.grey.shape == (2000, 2600)


def bomb(path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(path, compress_level=1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", b"no picture", "is no picture"),
        ("a.png", b"", "is no picture"),
        ("a.pdf", b"%PDF-1.4 nothing", "is no PDF"),
        ("a.docx", b"", "is of no kind that is read"),
        ("a.png", None, "is not there"),
    ],
)
def test_what_is_no_picture_is_refused(
    tmp_path: Path, name: str, content: bytes | None, words: str
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        scans.load(tmp_path / name)


def test_pictures_cut_short_tiny_or_huge_are_refused(tmp_path: Path):
    whole = tmp_path / "whole.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8)).save(whole)
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(InputError, match="cannot be decoded"):
        scans.load(tmp_path / "cut.png")
    Image.new("L", (1, 1)).save(tmp_path / "tiny.png")
    with pytest.raises(InputError, match="only 1 x 1 pixels"):
        scans.load(tmp_path / "tiny.png")
    bomb(tmp_path / "huge.png")
    with pytest.raises(InputError, match="400 megapixels"):
        scans.load(tmp_path / "huge.png")
    Image.fromarray(scene()).save(tmp_path / "a.pdf")
    with pytest.raises(InputError, match="has 1 pages, not 2"):
        scans.load(tmp_path / "a.pdf", page=2)


# Axes


@given(
    st.floats(-3.2, 3.2),
    st.floats(100, 1000),
    st.floats(20, 200),
    st.floats(-0.05, 0.05),
)
def test_axes_through_marks_hold_at_any_turn(
    turn: float, per_s: float, per_khz: float, skew: float
):
    # The page turned by any angle, its axes a little off square: marks tell it all.
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    along = rotation @ (per_s, 0.0)
    up = rotation @ (skew * per_khz, -per_khz)
    origin = np.array([400.0, 300.0])

    def point(s: float, khz: float) -> np.ndarray:
        return origin + s * along + khz * up

    time = [pages.TimeMark(x=point(s, 1)[0], y=point(s, 1)[1], s=s) for s in (0.0, 1.5)]
    frequency = [
        pages.FrequencyMark(x=point(0.2, f)[0], y=point(0.2, f)[1], khz=f) for f in (2.0, 8.0)
    ]
    found = axes.axes_from_marks(time, frequency, 1, "page")
    song = np.array([(0.3, 4500.0), (1.7, 2000.0)])
    page = np.array([point(s, f / 1000) for s, f in song])
    assert found.song(page) == pytest.approx(song, abs=1e-6, rel=1e-9)
    assert found.page(song) == pytest.approx(page, abs=1e-6)


def mark(x: float, y: float, value: float) -> tuple[pages.TimeMark, pages.FrequencyMark]:
    return pages.TimeMark(x=x, y=y, s=value), pages.FrequencyMark(x=x, y=y, khz=value)


@pytest.mark.parametrize(
    ("time", "frequency", "words"),
    [
        ([(0, 400, 0), (5, 400, 2)], [(0, 400, 2), (0, 100, 8)], "marks of time"),
        ([(0, 400, 1), (500, 400, 1)], [(0, 400, 2), (0, 100, 8)], "marks of time"),
        ([(0, 400, 0), (500, 400, 2)], [(0, 400, 2), (400, 390, 8)], "two crossing axes"),
        ([(0, 400, 0), (500, 400, 2)], [(0, 100, 2), (0, 400, 8)], "mirror image"),
        ([(500, 400, 0), (0, 400, 2)], [(0, 400, 2), (0, 100, 8)], "mirror image"),
    ],
)
def test_marks_that_make_no_axes_are_refused(time: list, frequency: list, words: str):
    with pytest.raises(InputError, match=words):
        axes.axes_from_marks(
            [mark(*m)[0] for m in time], [mark(*m)[1] for m in frequency], 1, "page"
        )


def test_marks_of_one_coordinate_take_the_page_as_straight():
    time = [pages.TimeMark(x=100, s=0), pages.TimeMark(x=300, s=1)]
    frequency = [pages.FrequencyMark(y=500, khz=1), pages.FrequencyMark(y=100, khz=9)]
    found = axes.axes_from_marks(time, frequency, 2, "page")
    # The picture was read at half its size.
    assert found.song(np.array([[75.0, 150.0]]))[0] == pytest.approx([0.25, 5000.0])


# Frames


@pytest.mark.parametrize("paper", ["plain", "ruled", "squared"])
@pytest.mark.parametrize("degrees", [-3.0, 0.0, 3.0])
def test_axes_are_found_from_a_drawn_frame_and_its_ticks(
    config: Config, paper: str, degrees: float, monkeypatch: pytest.MonkeyPatch
):
    pen = config.pens.medium._replace(rotation_deg=10.0, mark_mm=0.0, dpi=150)
    rng = generator(5, "frame", paper)
    song = Sketch("song", random_theme(rng))
    # The page's turn is its first draw, whether it has a whole frame its next after the paper's lines.
    monkeypatch.setattr("chingolo.drawing.turn_of", lambda *_: degrees)
    monkeypatch.setattr("chingolo.drawing.FRAMED", 1.0)
    page = draw_page([song], pen, rng, paper, "page.png")
    notes = pages.parse(str(page.notes), "page.yaml")
    assert notes.songs is not None
    assert notes.songs[0].time is not None
    assert notes.songs[0].frequency is not None
    true = axes.axes_from_marks(notes.songs[0].time, notes.songs[0].frequency, 1, "page")
    grey = page.image.astype(np.float32) / 255
    edges = frames.find_frame(grey, "page")
    length = float(true.song(np.array([[edges.columns[1], edges.middle[1]]]))[0, 0])
    points = np.array([(m.x, m.y) for m in (*notes.songs[0].time, *notes.songs[0].frequency)])
    frame = pages.Frame(s=(0.0, round(length, 1)), khz=(1.0, 10.0))
    ticks = pages.Ticks(s=(0.0, 0.2), khz=(1.0, 1.0))
    for found in (
        frames.axes_from_frame(edges, frame, "page"),
        frames.axes_from_ticks(grey, edges, ticks, "page"),
    ):
        error = np.abs(found.song(points) - true.song(points)).max(axis=0)
        assert error[0] < 0.006  # s: three pixels
        assert error[1] < 40  # Hz: three pixels


def test_a_missed_first_tick_is_no_silent_shift(config: Config, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chingolo.drawing.turn_of", lambda *_: 0.0)
    rng = generator(6, "tick")
    page = draw_page([Sketch("song", random_theme(rng))], config.pens.low, rng, "plain", "page.png")
    notes = parse_one(page)
    axis = axes.axes_from_marks(notes.time, notes.frequency, 1, "page")
    grey = page.image.astype(np.float32) / 255
    edges = frames.find_frame(grey, "page")
    ticks = pages.Ticks(s=(0.0, 0.2), khz=(1.0, 1.0))
    assert frames.axes_from_ticks(grey, edges, ticks, "page").song(
        np.zeros((1, 2))
    ) == pytest.approx(axis.song(np.zeros((1, 2))), abs=40.0)
    x, y = axis.page(np.array([(0.0, 1000.0)]))[0].astype(int)
    grey[y - 15 : y + 16, x - 60 : x - 6] = 0.9
    with pytest.raises(InputError, match="first tick"):
        frames.axes_from_ticks(grey, edges, ticks, "page")


def parse_one(page) -> pages.PageSong:
    songs = pages.parse(str(page.notes), "page.yaml").songs
    assert songs is not None
    return songs[0]


def test_a_page_without_a_frame_says_so():
    blank = np.full((400, 600), 0.9, np.float32)
    with pytest.raises(InputError, match="no drawn frame was found"):
        frames.find_frame(blank, "page")
