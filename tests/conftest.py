"""What tests share: the real recordings, if this machine has them, and the study's parts."""

import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from building import clone

from chingolo.config import Config, parse
from chingolo.pitch import PitchMap, map_pitch
from chingolo.sources import SOURCES

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def config() -> Config:
    return parse(yaml.safe_load((ROOT / "config/config.yaml").read_text()))


@pytest.fixture(scope="session")
def pitch_map(config: Config) -> PitchMap:
    return map_pitch(SOURCES[config.singer.source])


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder of the 19 real recordings; tests that need it are skipped where it is absent."""
    named = os.environ.get("CHINGOLO_RECORDINGS", "")
    for folder in (Path(named), Path(named) / "audio"):
        if named and (folder / "XC289317.mp3").is_file():
            return folder
    pytest.skip("the real recordings are not here: make test RECORDINGS=folder")


@pytest.fixture(scope="session")
def real() -> Path | None:
    """Folder of the real recordings, or None: the tiny study then builds the simulated world alone."""
    folder = os.environ.get("CHINGOLO_RECORDINGS", "")
    return Path(folder) if folder and (Path(folder) / "audio").is_dir() else None


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return clone(tmp_path / "fresh", None)


def zero_crossing_pitch(wave: np.ndarray, rate_hz: float) -> float:
    """Pitch of a steady tone from its upward zero crossings, in hertz."""
    rising = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
    exact = rising - wave[rising] / (wave[rising + 1] - wave[rising])
    return float((len(exact) - 1) / (exact[-1] - exact[0]) * rate_hz)
