"""A small good field study, of which each bad input spoils one thing."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from chingolo.config import Config
from chingolo.drawing import Page, draw_page
from chingolo.notebook import Sketch
from chingolo.notebook_pages import write_page
from chingolo.seeds import generator
from chingolo.species import random_theme

RATE = 22_050
RECORDINGS = "recording\tfile\tsha256\turl\tlatitude\nA\ta.wav\t\t\t-34.9\nB\tb.wav\t\t\t\n"
SONGS = "recording\tstart_s\tend_s\ttheme\trole\nA\t0.2\t0.9\ta\tenrol\nA\t1.2\t1.9\ta\tquery\nB\t0.2\t0.9\tb\tenrol\n"
SKETCH = """birds: 2
notes:
  - {onset: 0.0, duration: 0.3, start: 4.0, end: 5.2}
  - {onset: 0.4, duration: 0.3, start: 5.0, peak: 6.1, end: 4.8, curve: arc}
trill: {onset: 0.8, count: 8, step: 0.06, duration: 0.04, start: 6.0, end: 3.5}
"""
CONFIG = """worlds: [field]
field:
  recordings: {folder}/recordings.tsv
  songs: {folder}/songs.tsv
  audio: {folder}/audio
  sketches: {folder}/sketches
noise: {folder}/noise
"""


class Study(NamedTuple):
    """Where the files of a study lie."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "field.yaml"

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings.tsv"

    @property
    def songs(self) -> Path:
        return self.folder / "songs.tsv"

    @property
    def sound(self) -> Path:
        return self.folder / "audio/b.wav"

    @property
    def sketch(self) -> Path:
        return self.folder / "sketches/one.yaml"

    @property
    def page(self) -> Path:
        return self.folder / "sketches/page.yaml"

    @property
    def picture(self) -> Path:
        return self.folder / "sketches/page.png"

    @property
    def noise(self) -> Path:
        return self.folder / "noise/wind.wav"


Spoil = Callable[[Study], object]


class Bad(NamedTuple):
    """A bad input.

    Attributes
    ----------
    kind, name : str
    spoil : callable
        Does it to a good study.
    words : str
        Regular expression of the message.
    """

    kind: str
    name: str
    spoil: Spoil
    words: str


def whistle(seconds: float = 3.0, rate_hz: int = RATE) -> np.ndarray:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    return (0.3 * np.sin(2 * np.pi * 4000 * t)).astype(np.float32)


def encoded(
    sound: np.ndarray, rate_hz: int = RATE, kind: str = "WAV", subtype: str | None = None
) -> bytes:
    """Bytes of a sound file."""
    out = io.BytesIO()
    soundfile.write(out, sound, rate_hz, format=kind, subtype=subtype)
    return out.getvalue()


def replaced(path: Callable[[Study], Path], old: str, new: str) -> Spoil:
    """Replace text in a file of the study."""

    def spoil(study: Study) -> None:
        text = path(study).read_text()
        assert old in text, (old, text)
        path(study).write_text(text.replace(old, new, 1))

    return spoil


def written(path: Callable[[Study], Path], data: bytes | str) -> Spoil:
    """Put other bytes into a file of the study."""
    return lambda study: path(study).write_bytes(data if isinstance(data, bytes) else data.encode())


def good(folder: Path, page: Page) -> Study:
    """Write the good study; `page` is one of :func:`drawn`."""
    for name in ("audio", "sketches", "noise"):
        (folder / name).mkdir(parents=True)
    study = Study(folder)
    (folder / "audio/a.wav").write_bytes(encoded(whistle()))
    study.sound.write_bytes(encoded(whistle()))
    study.noise.write_bytes(encoded(whistle(1.0)))
    study.recordings.write_text(RECORDINGS)
    study.songs.write_text(SONGS)
    study.sketch.write_text(SKETCH)
    write_page(folder / "sketches", "page", page, 100)
    study.config.write_text(CONFIG.format(folder=folder))
    return study


def drawn(config: Config) -> Page:
    """Draw a small scanned page."""
    theme = random_theme(generator(1, "bad"))
    pen = config.pens.low._replace(dpi=100)
    return draw_page([Sketch("park-17", theme, 4)], pen, generator(1, "p"), "", "page.png")
