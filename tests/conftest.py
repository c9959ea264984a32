"""What tests share: the real recordings, if this machine has them, and the study's parts."""

import os
from pathlib import Path

import numpy as np
import pytest
import yaml

from chingolo.config import Config, parse
from chingolo.syrinx import PitchMap, map_pitch

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def config() -> Config:
    return parse(yaml.safe_load((ROOT / "config/config.yaml").read_text()))


@pytest.fixture(scope="session")
def pitch_map() -> PitchMap:
    tension = np.concatenate([np.linspace(-0.05, 0.4, 226), np.linspace(0.42, 4.0, 180)])
    return map_pitch(np.linspace(0.08, 0.16, 9), tension, np.linspace(0.16, 1.8, 411))


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder of the 19 real recordings; tests that need it are skipped where it is absent."""
    named = os.environ.get("CHINGOLO_RECORDINGS", "")
    for folder in (Path(named), Path(named) / "audio"):
        if named and (folder / "XC289317.mp3").is_file():
            return folder
    pytest.skip("the real recordings are not here: make test RECORDINGS=folder")
