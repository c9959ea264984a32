"""The hits: pictures as wide as sounds are long, drawings cut from pages, credits, and the chart's order."""

import json

import numpy as np
import pytest
import soundfile
from PIL import Image

from chingolo import hits
from chingolo.config import Config
from chingolo.drawing import draw_page
from chingolo.hits import Played
from chingolo.notebook import Sketch
from chingolo.notebook_pages import write_page
from chingolo.persistence import Ruling
from chingolo.pitch import PitchMap
from chingolo.sheets import Recording, Song
from chingolo.themes import Note, Theme

FLAT = Theme((Note(0.1, 0.5, 4000.0, 4000.0), Note(0.9, 0.3, 6500.0, 6500.0)), None)
RATE = 22050


def test_a_spectrogram_shows_each_tone_at_its_place():
    t = np.arange(RATE) / RATE
    sound = np.where(t < 0.5, np.sin(2 * np.pi * 2000 * t), np.sin(2 * np.pi * 8000 * t))
    picture = hits.spectrogram_image(sound.astype(np.float32), RATE)
    assert picture.shape[1] == pytest.approx(hits.PIXELS_A_SECOND, abs=3)
    top_row_hz = 10_000 / picture.shape[0]
    for column, hz in ((0.25, 2000.0), (0.75, 8000.0)):
        row = picture[:, int(column * picture.shape[1])].argmin()
        assert 10_000 - row * top_row_hz == pytest.approx(hz, abs=120)
        assert picture[-1, int(column * picture.shape[1])] > 200  # nothing below


def test_what_is_written_is_as_long_as_it_is_said_to_be(tmp_path):
    sound = np.sin(np.arange(RATE // 2)).astype(np.float32)
    played = hits.write_played(tmp_path, "old-000", hits.padded(sound, RATE), RATE)
    written, rate = soundfile.read(tmp_path / played.sound)
    assert rate == RATE
    assert len(written) / RATE == pytest.approx(played.seconds, abs=1e-3)
    assert played.seconds == pytest.approx(0.5 + 2 * hits.PAUSE_S, abs=1e-3)
    with Image.open(tmp_path / played.spectrogram) as picture:
        assert picture.width == pytest.approx(played.seconds * hits.PIXELS_A_SECOND, abs=4)
    assert not list(tmp_path.glob("*.part*"))


def test_drawings_are_cut_from_pages_or_made_anew(tmp_path, config: Config):
    pen = config.pens.low
    noted = [Sketch("one", FLAT), Sketch("two", FLAT), Sketch("typed", FLAT)]
    page = draw_page(noted[:2], pen, np.random.default_rng(0), "plain", "page.png")
    write_page(tmp_path, "page", page, pen.dpi)
    (tmp_path / "typed.yaml").write_text("birds: 1\nnotes: []\n")
    files = sorted(tmp_path.glob("*.yaml"))
    cut = dict(hits.drawings(files))
    assert set(cut) == {"one", "two"}
    for entry in page.notes["songs"]:
        left, top, right, bottom = entry["box"]
        assert cut[entry["name"]].shape == pytest.approx((bottom - top, right - left), abs=2)
        assert cut[entry["name"]].min() < 100 < cut[entry["name"]].max()  # ink on paper
    names = hits.write_drawings(tmp_path, noted, files, config.pens.medium, 1966)
    assert len(set(names.values())) == 3
    for name in names.values():
        with Image.open(tmp_path / name) as picture:
            assert max(picture.size) <= hits.LONGEST_PX
            assert np.asarray(picture).min() < 150


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [("CC BY-NC-SA 4.0", True), ("CC BY-NC-ND 4.0", False), ("cc by-nd 3.0", False), ("", True)],
)
def test_a_licence_without_derivatives_allows_no_excerpt(licence, allowed):
    assert hits.may_be_cut(licence) is allowed


def test_todays_songs_are_heard_and_credited(tmp_path):
    rows = {
        name: Recording(name, f"{name}.wav", url=f"https://x.org/{name}", recordist="A. B.",
                        licence=licence)
        for name, licence in (("open", "CC BY 4.0"), ("closed", "CC BY-NC-ND 4.0"))
    }  # fmt: skip
    paths = {name: tmp_path / row.file for name, row in rows.items()}
    for k, path in enumerate(paths.values()):
        soundfile.write(path, np.sin(np.arange(3 * RATE) * (0.3 + k)), RATE)
    songs = [
        Song("open", 1.0, 2.0, "a", "enrol", 2),
        Song("open", 2.2, 2.9, "a", "query", 3),
        Song("closed", 0.5, 1.5, "b", "enrol", 4),
    ]
    sounds, credit = hits.heard_today(["a", "b"], songs, rows, paths, RATE)
    assert set(sounds) == {"a"}
    assert len(sounds["a"]) / RATE == pytest.approx(1.0 + 2 * hits.PAUSE_S, abs=1e-3)
    assert credit["b"] == {
        "recording": "closed", "recordist": "A. B.", "site": "", "date": "",
        "licence": "CC BY-NC-ND 4.0", "url": "https://x.org/closed",
    }  # fmt: skip


def test_simulated_songs_of_today_are_sung(config: Config, pitch_map: PitchMap):
    sung = hits.sung_today({"x": FLAT}, pitch_map, config.singer, RATE)["x"]
    assert len(sung) / RATE > 1.2
    assert np.abs(sung[: int(0.1 * RATE)]).max() == 0 < np.abs(sung).max()


def ruling(sketch: str, birds: int, probability: float, nearest: str, found: bool) -> Ruling:
    verdict = nearest if found else "none"
    return Ruling(sketch, verdict, nearest, probability, 0.01, 0.02, 1.0, birds, "")


def test_the_most_noted_come_first_and_share_a_rank():
    rulings = [
        ruling("c", 1, 0.9, "x", True),
        ruling("a", 5, 0.2, "y", False),
        ruling("b", 5, 0.7, "x", True),
        ruling("d", 9, 0.1, "y", False),
    ]
    names = [one.sketch for one in rulings]
    played = Played("s.flac", "s.png", 1.5)
    listed = hits.chart(
        rulings,
        [Sketch(name, FLAT) for name in names],
        {name: f"{name}.png" for name in names},
        dict.fromkeys(names, played),
        {"x": played},
        {"x": {"recordist": "A. B."}},
    )
    assert [(hit["sketch"], hit["rank"]) for hit in listed] == [
        ("d", 1),
        ("b", 2),
        ("a", 2),
        ("c", 4),
    ]
    assert listed[0]["today"] is None
    assert listed[1]["today"] == played._asdict()
    assert listed[1]["credit"] == {"recordist": "A. B."}
    assert listed[0]["credit"] == {}
    assert listed[0]["notes"] == "LL"
    json.dumps(listed)
