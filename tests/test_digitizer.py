"""The digitizer: its parts on made strokes, whole pages of known truth, and pages that must be refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chingolo import ink, notation, notebook_pages, reader, sketches, strokes
from chingolo.config import Config
from chingolo.digitizer import ReadSong, read_page, read_songs
from chingolo.drawing import draw_page
from chingolo.errors import InputError
from chingolo.figures import page as page_figure
from chingolo.notebook import Sketch
from chingolo.pages import PageNotes, PageSong, parse
from chingolo.pen import draw_by_hand
from chingolo.recordings import cut, load
from chingolo.scans import Scan
from chingolo.seeds import generator
from chingolo.sheets import read_recordings
from chingolo.sheets import read_songs as read_sheet
from chingolo.species import random_theme
from chingolo.themes import Note, Theme, Trill, contour_string, shift

THEME = Theme(
    (Note(0.0, 0.3, 4200, 5400), Note(0.4, 0.3, 4800, 4600, "arc", peak_hz=6200)),
    Trill(0.8, 8, 0.062, 0.04, 6600, 3600),
)


def drawn(config: Config, name: str, dpi: int, **changes: Any) -> tuple[Theme, Any]:
    """Draw one random theme by the medium hand; also what was drawn."""
    pen = config.pens.medium._replace(dpi=dpi, **changes)
    rng = generator(7, "digitizer", name)
    theme = draw_by_hand(random_theme(rng), pen, rng)
    page = draw_page([Sketch("song", theme)], pen, rng, image="page.png")
    return page.drawn["song"], page


def written(folder: Path, page: Any, dpi: int = 150) -> Path:
    notebook_pages.write_page(folder, "page", page, dpi)
    return folder / "page.yaml"


def read_one(page: Any) -> ReadSong:
    scan = Scan(page.image.astype(np.float32) / 255, 1)
    return read_songs(scan, parse(yaml.safe_dump(page.notes), "page.yaml"), "page.yaml", "page")[0]


# Parts


def test_uneven_light_is_evened():
    grey = np.tile(np.linspace(0.35, 0.95, 400, dtype=np.float32), (300, 1))
    grey[150:153, 50:350] *= 0.3
    dark = ink.flatten(grey, 24)
    assert dark[151, 60:340].min() > 0.55
    paper = np.delete(dark, slice(146, 157), axis=0)[:, 20:-20]
    assert paper.max() < 0.08


def test_printed_lines_go_and_strokes_that_cross_them_stay():
    dark = np.zeros((300, 400), np.float32)
    for row in (50, 100, 150, 200, 250):
        dark[row : row + 2] = 0.25
    columns = np.arange(60, 340)
    rows = (40 + 0.7 * (columns - 60)).round().astype(int)
    for shift_by in (-1, 0, 1):
        dark[rows + shift_by, columns] = 0.8
    cleaned = ink.erase_lines(dark, 4)
    assert len(cleaned.rows.place) == 5
    assert (cleaned.ink[rows, columns] > 0.3).mean() > 0.95
    stroke = np.zeros_like(dark, dtype=bool)
    stroke[np.clip(rows[:, None] + np.arange(-8, 9), 0, 299), columns[:, None]] = True
    # Where a stroke lies on a line a few pixels beside it may go on; of the lines nothing is left.
    assert (cleaned.ink[~stroke] > 0.06).mean() < 0.001


def pressed(points: np.ndarray, radius: float = 2.0, shape: tuple[int, int] = (300, 400)):
    y, x = np.mgrid[: shape[0], : shape[1]]
    mask = np.zeros(shape, bool)
    for px, py in points:
        mask |= (x - px) ** 2 + (y - py) ** 2 <= radius**2
    return mask


def test_middle_lines_lie_in_the_middle_and_end_where_strokes_end():
    x = np.linspace(60.0, 320.0, 900)
    points = np.stack([x, 150 + 80 * np.sin(x / 60)], axis=1)
    found = strokes.middle_lines(pressed(points), 4.0)
    assert len(found) == 1
    path = found[0].path
    distance = np.hypot(*(path[:, None] - points[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.median(distance) < 0.4
    assert distance.max() < 1.5
    for end, true in ((path[0], points[0]), (path[-1], points[-1])):
        assert np.hypot(*(end - true)) < 1.5


def test_a_lifted_pen_is_joined_and_two_notes_are_not():
    x = np.linspace(60.0, 160.0, 300)
    first = np.stack([x, 100 + 0.4 * x], axis=1)
    on = np.stack([x + 107, 100 + 0.4 * (x + 107)], axis=1)
    beside = np.stack([x + 107, 140 + 0.4 * (x + 107)], axis=1)
    far = np.stack([x + 140, 100 + 0.4 * (x + 140)], axis=1)
    for second, many in ((on, 1), (beside, 2), (far, 2)):
        found = strokes.middle_lines(pressed(first) | pressed(second), 4.0)
        assert len(found) == 2
        joined = strokes.joined(found, gap=12.0, breath=12.0, aside=3.0)
        assert len(joined) == many
        if many == 1:
            assert 5 < joined[0].bridged < 9
            assert np.all(np.diff(joined[0].path[:, 0]) > -0.5)


# Whole pages


@pytest.mark.parametrize("dpi", [150, 300])
def test_pages_of_the_medium_hand_are_read(config: Config, dpi: int):
    right, hertz, seconds = [], [], []
    for k in range(8 if dpi == 150 else 3):
        truth, page = drawn(config, f"page {k}", dpi)
        errors = notebook_pages.page_errors(truth, read_one(page).theme)
        right.append(errors.right)
        hertz.append(errors.hertz)
        seconds.append(errors.seconds)
    assert sum(right) >= len(right) - 1
    assert np.median(np.concatenate(hertz)) < 60
    assert np.median(np.concatenate(seconds)) < 0.012


def test_a_steady_hand_is_read_almost_exactly(config: Config):
    pen = config.pens.low._replace(
        note_hz=0, axis_share=0, note_s=0, time_share=0, tremor_hz=0, tremor_s=0, mark_mm=0
    )
    page = draw_page([Sketch("song", THEME)], pen, generator(3, "steady"), "plain", "page.png")
    song = read_one(page)
    errors = notebook_pages.page_errors(page.drawn["song"], song.theme)
    assert errors.right
    assert np.median(errors.hertz) < 12
    assert errors.seconds.max() < 0.004
    assert contour_string(song.theme) == "RA"
    trill = song.theme.trill
    assert trill is not None
    assert trill.count == 8
    assert trill.step_s == pytest.approx(0.062, rel=0.02)
    assert trill.start_hz == pytest.approx(6600, abs=120)
    assert trill.end_hz == pytest.approx(3600, abs=120)
    assert song.sure > 0.9


def test_a_trill_too_fast_to_draw_is_told_beside_the_page(config: Config):
    fast = THEME._replace(trill=Trill(0.8, 30, 0.010, 0.009, 5000, 4600))
    page = draw_page(
        [Sketch("song", fast)], config.pens.low, generator(4, "fast"), "plain", "p.png"
    )
    assert page.notes["songs"][0]["trill"] == {"count": 30, "step": 0.01, "duration": 0.009}
    trill = read_one(page).theme.trill
    assert trill is not None
    assert (trill.count, trill.step_s, trill.duration_s) == (30, 0.01, 0.009)
    assert trill.start_hz == pytest.approx(5000, abs=150)


def test_a_note_that_begins_on_the_axis_is_read_whole(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chingolo.drawing.LEAD_S", 0.0)
    pen = config.pens.low._replace(note_hz=0, note_s=0, axis_share=0, time_share=0, mark_mm=0)
    steep = Theme(
        (Note(0.0, 0.12, 7000, 3500, "exponential", bend=3.0), Note(0.2, 0.3, 4000, 5000))
    )
    page = draw_page([Sketch("song", steep)], pen, generator(8, "axis"), "plain", "page.png")
    first = read_one(page).theme.notes[0]
    assert first.onset_s == pytest.approx(0.0, abs=0.006)
    assert first.start_hz == pytest.approx(7000, abs=350)


def test_one_merged_note_and_one_scrap_are_not_two_right_notes():
    two = Theme((Note(0.0, 0.3, 4000, 5000), Note(0.4, 0.3, 5000, 4000)))
    merged = Theme((Note(0.0, 0.7, 4000, 4000), Note(0.8, 0.05, 5000, 4000)))
    assert notebook_pages.page_errors(two, two).right
    assert not notebook_pages.page_errors(two, merged).right


def test_birds_beside_the_page_are_its_songs(good: Any):
    page = with_notes(good, birds=None)
    assert read_one(page._replace(notes={**page.notes, "birds": 7})).birds == 7


def test_squared_paper_is_not_taken_for_axes(config: Config):
    # Its lines near the edges, taken for a frame, would cut off what lies beyond them.
    pen = config.pens.medium._replace(dpi=300, stains=0.0)
    for k in range(3):
        rng = generator(k, "squared")
        theme = draw_by_hand(random_theme(rng), pen, rng)
        page = draw_page([Sketch("song", theme)], pen, rng, "squared", "page.png")
        song = read_one(page)
        assert notebook_pages.page_errors(page.drawn["song"], song.theme).right
        last = max(n.onset_s + n.duration_s for n in song.theme.notes)
        assert last == pytest.approx(
            max(n.onset_s + n.duration_s for n in page.drawn["song"].notes), abs=0.02
        )


def test_two_songs_on_a_page_are_two_themes(config: Config, tmp_path: Path):
    noted = [
        Sketch("one", THEME, 3, "today-01"),
        Sketch("two", THEME._replace(trill=None), 2, "none"),
    ]
    pages = list(notebook_pages.draw_notebook(noted, config.pens.low, 5))
    assert len(pages) == 1
    path = written(tmp_path, pages[0][1]).rename(tmp_path / "page-01.yaml")
    (tmp_path / "page.png").rename(tmp_path / "page-01.png")
    (tmp_path / "bad.yaml").write_text("image: nowhere.png")
    read, faults = notebook_pages.read_pages([path, tmp_path / "bad.yaml"])
    assert len(faults) == 1
    known = notebook_pages.with_truth(notebook_pages.sketches_of(read), noted)
    assert [(s.name, s.birds, s.truth) for s in known] == [
        ("one", 3, "today-01"),
        ("two", 2, "none"),
    ]
    assert [s.theme.trill is None for s in known] == [False, True]
    assert all(s.theme.notes[0].onset_s == pytest.approx(0.0) for s in known)
    scores = notebook_pages.score_pages(read, pages[0][1].drawn)
    assert (scores["n"], scores["read"], scores["right"]) == (2, 2, 1.0)
    checks = tmp_path / "checks"
    checks.mkdir()
    notebook_pages.write_checks(read, checks)
    assert Image.open(checks / "page-01.png").size[0] > 500
    typed = sketches.read_notebook([checks / "one.yaml", checks / "two.yaml"])
    for sketch, again in zip(known, typed, strict=True):
        assert notation.write_sketch(notation.from_theme(again.theme)) == notation.write_sketch(
            notation.from_theme(sketch.theme)
        )


def test_pages_are_drawn_the_same_every_day_and_their_marks_hold(config: Config):
    one, other = (drawn(config, "same", 150, mark_mm=0.0) for _ in range(2))
    assert np.array_equal(one[1].image, other[1].image)
    assert one[1].notes == other[1].notes
    assert one[1].image.dtype == np.uint8


def test_weak_notes_are_missed_as_often_as_is_stated(config: Config):
    from chingolo.drawing import leave_out  # noqa: PLC0415

    pen = config.pens.high._replace(missing=0.3)
    weak = Theme((Note(0, 0.3, 4000, 5000), Note(0.4, 0.3, 5000, 4000, level_db=-9.0)))
    many = [len(leave_out(weak, pen, generator(k, "missing")).notes) for k in range(1000)]
    assert many.count(1) / 1000 == pytest.approx(0.3, abs=0.05)
    assert min(many) == 1


def test_the_picture_to_check_shows_every_song(config: Config, tmp_path: Path):
    _, page = drawn(config, "check", 150)
    read = read_page(written(tmp_path, page))
    figure = page_figure.draw(read)
    assert len(figure.axes) == len(read.songs)
    assert "sure" in figure.axes[0].get_title(loc="left")


# Pages that must be refused, each with a clear line


@pytest.fixture(scope="module")
def good(config: Config) -> Any:
    return drawn(config, "good", 150, rotation_deg=0.0, stains=0.0)[1]


def with_notes(page: Any, **changes: Any) -> Any:
    song = {**page.notes["songs"][0], **changes}
    song = {key: value for key, value in song.items() if value is not None}
    return page._replace(notes={**page.notes, "songs": [song]})


@pytest.mark.parametrize("checked", [False, True])
def test_an_upside_down_page_is_refused(good: Any, checked: bool):
    page = good._replace(image=good.image[::-1, ::-1].copy())
    if checked:
        page = with_notes(page, checked=True)
        assert read_one(page).theme.notes
        return
    with pytest.raises(InputError, match="upside down"):
        read_one(page)


def test_an_upside_down_page_with_its_own_marks_is_read(good: Any):
    height, width = good.image.shape
    song = good.notes["songs"][0]
    turned = {
        axis: [{**m, "x": width - 1 - m["x"], "y": height - 1 - m["y"]} for m in song[axis]]
        for axis in ("time", "frequency")
    }
    left, top, right, bottom = song["box"]
    turned["box"] = [width - 1 - right, height - 1 - bottom, width - 1 - left, height - 1 - top]
    page = with_notes(good, **turned)._replace(image=good.image[::-1, ::-1].copy())
    expected, found = read_one(good).theme, read_one(page).theme
    assert contour_string(found) == contour_string(expected)
    assert found.notes[0].onset_s == pytest.approx(expected.notes[0].onset_s, abs=0.005)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p._replace(image=np.full_like(p.image, 220)), "no stroke was found"),
        (lambda p: with_notes(p, time=None, frequency=None), "its axes are not marked"),
        (lambda p: with_notes(p, frequency=None), "has no marks of frequency"),
        (lambda p: p._replace(image=p.image[:, :400]), "cut off"),
        (lambda p: p._replace(image=p.image[60:]), "cut off"),
        (lambda p: p._replace(image=p.image[:, ::-1].copy()), "upside down, cut off"),
        (lambda p: p._replace(image=255 - p.image), "write ink: light"),
    ],
)
def test_pages_that_would_give_a_wrong_theme_are_refused(good: Any, change: Any, words: str):
    assert read_one(good).theme.notes
    with pytest.raises(InputError) as caught:
        read_one(change(good))
    text = str(caught.value)
    assert words in text
    assert text.startswith(("page.yaml, song song", "page.yaml: "))
    assert "Cure:" in text
    assert "\n" not in text


def test_a_box_through_a_stroke_is_refused(good: Any):
    left, top, _, bottom = good.notes["songs"][0]["box"]
    with pytest.raises(InputError, match="cut off by the edge"):
        read_one(with_notes(good, box=[left + 45, top, left + 45 + 60, bottom], checked=True))


@pytest.mark.parametrize("box", [[200, 200, 201, 700], [200, 200, 200.4, 260], [-0.5, -0.5, 3, 3]])
def test_boxes_that_hold_nothing_are_refused(good: Any, box: list[float]):
    with pytest.raises(InputError, match="too small"):
        read_one(with_notes(good, box=box))


def test_a_page_of_light_ink_is_read(good: Any):
    page = good._replace(image=255 - good.image, notes={**good.notes, "ink": "light"})
    assert contour_string(read_one(page).theme) == contour_string(read_one(good).theme)


def test_a_page_of_twenty_megapixels_is_read_and_said_to_be_large(good: Any, tmp_path: Path):
    large = Image.fromarray(good.image)
    factor = float(np.sqrt(20e6 / good.image.size)) * 1.02
    size = tuple(round(n * factor) for n in large.size)
    scaled = {
        key: [
            {**m, "x": m["x"] * factor, "y": m["y"] * factor} for m in good.notes["songs"][0][key]
        ]
        for key in ("time", "frequency")
    }
    box = [v * factor for v in good.notes["songs"][0]["box"]]
    page = with_notes(good, box=box, **scaled)
    written(tmp_path, page)
    large.resize(size).save(tmp_path / "page.png")
    song = read_page(tmp_path / "page.yaml").songs[0]
    assert contour_string(song.theme) == contour_string(read_one(good).theme)
    assert any("1/2 of its size" in doubt for doubt in song.doubts)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["noise", "blobs", "lines"]))
def test_any_picture_is_read_or_refused_by_the_one_error(seed: int, kind: str):
    rng = np.random.default_rng(seed)
    grey = rng.random((200, 300)).astype(np.float32)
    if kind == "blobs":
        grey = np.kron(rng.random((20, 30)), np.ones((10, 10))).astype(np.float32)
    if kind == "lines":
        grey = np.full((200, 300), 0.9, np.float32)
        for _ in range(6):
            grey[rng.integers(0, 200), :] = rng.random()
            grey[:, rng.integers(0, 300)] = rng.random()
    notes = PageNotes(
        image="x.png",
        songs=[PageSong(name="song")],
        time=parse_marks("time"),
        frequency=parse_marks("frequency"),
    )
    try:
        songs = read_songs(Scan(grey, 1), notes, "x.yaml", "x")
    except InputError:
        return
    assert songs[0].theme.notes
    assert 0 <= songs[0].sure <= 1


def parse_marks(axis: str) -> Any:
    text = {
        "time": "image: x\ntime: [{x: 0, y: 199, s: 0}, {x: 290, y: 199, s: 1}]",
        "frequency": "image: x\nfrequency: [{x: 0, y: 190, khz: 1}, {x: 0, y: 5, khz: 9}]",
    }[axis]
    return getattr(parse(text, "x"), axis)


# Real songs


def test_spectrogram_pictures_of_real_songs_are_read(config: Config, recordings: Path):
    # A spectrogram as books print them, its axes known by two points each: against the reader's track.
    from spectrogram_pictures import picture_of, pitch_errors  # noqa: PLC0415

    sheet = read_recordings(Path(config.songs.recordings))
    songs = [s for s in read_sheet(Path(config.songs.songs), sheet) if s.role == "enrol"]
    middle = []
    for song in songs[:8]:
        sound = load(recordings / sheet[song.recording].file, 44_100)
        clip = cut(sound, 44_100, song.start_s, song.end_s, 0.05)
        image, notes = picture_of(clip, 44_100)
        try:
            read = read_songs(Scan(image, 1), parse(notes, "x.yaml"), "x.yaml", "x")[0]
        except InputError:
            middle.append(np.inf)
            continue
        track = reader.read(clip, 44_100, config.reader).track
        middle.append(float(np.median(pitch_errors(read, track))))
    assert np.median(middle) < 80


def test_a_page_begins_at_its_first_note(config: Config):
    late = shift(THEME, 0.5)
    assert sketches.starts_at_zero(late).notes[0].onset_s == 0.0
