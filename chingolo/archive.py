"""The study's own things on disk: pitch maps, themes and notebooks."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from chingolo.files import read_json, write_json
from chingolo.notebook import Sketch
from chingolo.pitch import PitchMap
from chingolo.themes import Theme, from_dict, to_dict


def read_pitch_map(path: str | Path) -> PitchMap:
    """Read what :func:`write_arrays` wrote of a pitch map."""
    with np.load(path, allow_pickle=False) as arrays:
        return PitchMap(**arrays)


def write_themes(path: str | Path, themes: Mapping[str, Theme]) -> None:
    """Write themes by name."""
    write_json(path, {name: to_dict(theme) for name, theme in themes.items()})


def read_themes(path: str | Path) -> dict[str, Theme]:
    """Read themes by name."""
    return {name: from_dict(plain) for name, plain in read_json(path).items()}


def write_notebook(path: str | Path, notebook: list[Sketch]) -> None:
    """Write a notebook."""
    write_json(path, [{**s._asdict(), "theme": to_dict(s.theme)} for s in notebook])


def read_notebook(path: str | Path) -> list[Sketch]:
    """Read a notebook."""
    return [Sketch(**{**plain, "theme": from_dict(plain["theme"])}) for plain in read_json(path)]
