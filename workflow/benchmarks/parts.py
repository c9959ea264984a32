"""What the benchmarks share: the default study's settings, its singer, recordings and backgrounds."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from chingolo import recordings, sheets
from chingolo.config import parse
from chingolo.pitch import map_pitch
from chingolo.sources import SOURCES

CONFIG = parse(yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8")))
PITCH_MAP = map_pitch(SOURCES[CONFIG.singer.source])
SHEET = sheets.read_recordings(Path(CONFIG.songs.recordings))
SONGS = sheets.read_songs(Path(CONFIG.songs.songs), SHEET)
RATE = 44_100


def audio() -> Path | None:
    """Folder of the real recordings; None where they are not here (make bench RECORDINGS=folder)."""
    linked = Path("resources/audio")
    folders = [folder for folder in (linked / "audio", linked) if folder.is_dir()]
    found = [f for f in folders if all((f / one.file).is_file() for one in SHEET.values())]
    return found[0] if found else None


def noises(rate_hz: int) -> dict[str, npt.NDArray[np.float32]]:
    """Load recorded backgrounds by name (make bench NOISE=folder); empty where there are none."""
    folder = os.environ.get("NOISE", "")
    files = sorted(Path(folder).glob("*.wav")) if folder else []
    return {path.stem: recordings.load(path, rate_hz) for path in files}


def cpu_s(work: Callable[[], object], repeat: int) -> float:
    """Least CPU seconds of several tries."""
    best = np.inf
    for _ in range(repeat):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return float(best)
