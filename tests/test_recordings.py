"""Sheets and sound files: every fault in one line, downloads checked and never half-written."""

import hashlib
import io
import urllib.error
from pathlib import Path

import numpy as np
import pytest
import soundfile

from chingolo import recordings
from chingolo import sheets as sheets_of
from chingolo.errors import InputError
from chingolo.sheets import Recording, Song

RECORDINGS = "recording\tfile\turl\nA\ta.wav\t\nB\tb.wav\t\n"
SONGS = (
    "recording\tstart_s\tend_s\ttheme\trole\n"
    "A\t0.1\t0.9\ta\tenrol\nA\t1.1\t1.9\ta\tquery\nB\t0.1\t0.9\tb\tenrol\n"
)


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "recordings.tsv", tmp_path / "songs.tsv"
    first.write_text(RECORDINGS)
    second.write_text(SONGS)
    return first, second


def test_sheets_are_read(sheets: tuple[Path, Path]):
    rows = sheets_of.read_recordings(sheets[0])
    songs = sheets_of.read_songs(sheets[1], rows)
    assert list(rows) == ["A", "B"]
    assert [s.role for s in songs] == ["enrol", "query", "enrol"]
    assert songs[1].name == "A/1.100"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("B\tb.wav", "A\tb.wav", "row 3: recording 'A' is there twice"),
        ("b.wav", "../b.wav", "row 3: file '../b.wav' is a path"),
        ("recording\tfile", "recording\tname", "row 1: column 'file' is missing"),
        ("b.wav", "", "row 3: recording or file is empty"),
        ("b.wav", "a.wav", "row 3: file 'a.wav' is there twice"),
    ],
)
def test_faults_of_the_sheet_of_recordings(
    sheets: tuple[Path, Path], old: str, new: str, words: str
):
    sheets[0].write_text(RECORDINGS.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        sheets_of.read_recordings(sheets[0])
    assert words in str(caught.value)
    assert str(sheets[0]) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("B\t0.1", "C\t0.1", "row 4: recording 'C' is not in the sheet"),
        ("1.1\t1.9", "1.9\t1.1", "row 3: ends at 1.1 s, starts at 1.9 s"),
        ("1.1\t1.9", "now\t1.9", "row 3: start_s 'now' is no number"),
        ("1.1\t1.9", "nan\t1.9", "row 3: start_s 'nan' is no number"),
        ("a\tenrol", "a\tquery", "row 2: theme 'a' has a query but no enrolled song"),
        ("a\tquery", "a\tenrol", "row 3: theme 'a' is enrolled twice (row 2)"),
        ("1.1\t1.9", "0.1\t0.9", "row 3: the song overlaps that of row 2"),
        ("1.1\t1.9", "0.5\t1.9", "row 3: the song overlaps that of row 2"),
        ("a\tquery", "a\tunknown", "row 3: theme 'a' is unknown here and enrolled in row 2"),
        ("\nA\t1.1\t1.9", "\n\n\nA\t1.9\t1.1", "row 5: ends at 1.1 s"),
        ("a\tquery", "a\tperhaps", "row 3: role 'perhaps' is unknown"),
        ("b\tenrol", "b\tcheck", "1 theme(s) enrolled"),
        ("b\tenrol", "None\tenrol", "row 4: a theme is called 'None'"),
    ],
)
def test_faults_of_the_sheet_of_songs(sheets: tuple[Path, Path], old: str, new: str, words: str):
    sheets[1].write_text(SONGS.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        sheets_of.read_songs(sheets[1], sheets_of.read_recordings(sheets[0]))
    assert words in str(caught.value)
    assert "Cure:" in str(caught.value)


def test_a_sheet_without_themes_takes_each_recording_for_one(sheets: tuple[Path, Path]):
    sheets[1].write_text("recording\tstart_s\tend_s\nA\t0.1\t0.9\nA\t1.1\t1.9\nB\t0.1\t0.9\n")
    songs = sheets_of.read_songs(sheets[1], sheets_of.read_recordings(sheets[0]))
    assert [(s.theme, s.role) for s in songs] == [("A", "enrol"), ("A", "query"), ("B", "enrol")]


def test_a_comma_sheet_with_a_byte_order_mark_is_read(tmp_path: Path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes("\ufeffrecording,file\r\nA,a.wav\r\n".encode())
    assert sheets_of.read_recordings(sheet)["A"].file == "a.wav"


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    soundfile.write(path, 0.1 * np.sin(np.arange(44_100) * 0.5), 22_050)
    return path


def test_sound_files_are_checked(tone: Path, tmp_path: Path):
    row = Recording("A", "a.wav", sha256=hashlib.sha256(tone.read_bytes()).hexdigest())
    assert recordings.check_audio(row, tone, "sheet") == pytest.approx(2.0)
    with pytest.raises(InputError, match="sha256 differs"):
        recordings.check_audio(row._replace(sha256="0" * 64), tone, "sheet")
    broken = tmp_path / "b.wav"
    broken.write_bytes(tone.read_bytes()[:20])
    with pytest.raises(InputError, match=r"recording B, file .*b.wav: cannot be decoded"):
        recordings.check_audio(Recording("B", "b.wav"), broken, "sheet")
    empty = tmp_path / "c.wav"
    soundfile.write(empty, np.zeros(0), 22_050)
    with pytest.raises(InputError, match="holds no sound"):
        recordings.check_audio(Recording("C", "c.wav"), empty, "sheet")
    slow = tmp_path / "d.wav"
    soundfile.write(slow, np.zeros(8000), 8000)
    with pytest.raises(InputError, match="recorded at 8000 Hz"):
        recordings.check_audio(Recording("D", "d.wav"), slow, "sheet")


def test_a_song_beyond_the_end_is_refused():
    with pytest.raises(InputError, match=r"row 7: the song ends at 5 s, the recording at 2.00 s"):
        sheets_of.check_songs([Song("A", 1.0, 5.0, "a", "query", 7)], {"A": 2.0}, "songs.tsv")


class Server:
    """Answers a download with what it was told to, one answer a try."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)

    def __call__(self, *_: object, **__: object) -> io.BytesIO:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)


GOOD = b"a song"
ROW = Recording("A", "a.mp3", "https://example.org/a", hashlib.sha256(GOOD).hexdigest())


def test_a_download_is_tried_again_and_checked(tmp_path: Path):
    to = tmp_path / "a.mp3"
    server = Server(urllib.error.URLError("down"), b"truncat", GOOD)
    recordings.download(ROW, to, wait_s=0, opener=server)
    assert to.read_bytes() == GOOD
    assert list(tmp_path.iterdir()) == [to]


def test_a_download_that_never_comes_leaves_nothing(tmp_path: Path):
    server = Server(*[b"wrong"] * 4)
    with pytest.raises(InputError, match=r"could not be downloaded in 4 tries .*sha256"):
        recordings.download(ROW, tmp_path / "a.mp3", wait_s=0, opener=server)
    assert not list(tmp_path.iterdir())


def test_only_https_is_downloaded(tmp_path: Path):
    for url in ("file:///etc/passwd", "http://example.org/a", ""):
        with pytest.raises(InputError, match="is not https"):
            recordings.download(ROW._replace(url=url), tmp_path / "a.mp3", opener=Server())


def test_cut_pads_with_silence_and_quietest_avoids_songs():
    sound = np.ones(100, np.float32)
    part = recordings.cut(sound, 10, 9.0, 10.5, 0.5)
    assert part.tolist() == [1.0] * 15 + [0.0] * 10
    sound = np.ones(1000, np.float32)
    sound[400:500] = 0.0
    still = recordings.quietest(sound, 10, 5.0, [(0.0, 20.0)])
    assert still is not None
    assert still.size == 50
    assert still.sum() == 0
    assert recordings.quietest(sound, 10, 5.0, [(0.0, 100.0)]) is None
