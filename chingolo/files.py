"""Small files, written beside their name and then renamed: nothing half-written stays."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile


def write_json(path: str | Path, plain: Any) -> None:
    """Write JSON: keys as given, one value a line, the same bytes for the same content."""
    beside = Path(f"{path}.part")
    beside.write_text(
        json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    beside.replace(path)


def read_json(path: str | Path) -> Any:
    """Read JSON."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def without_nan(tree: Any) -> Any:
    """Replace NaN, which JSON does not know, by None in nested results."""
    if isinstance(tree, dict):
        return {key: without_nan(value) for key, value in tree.items()}
    return None if isinstance(tree, float) and tree != tree else tree  # noqa: PLR0124


def write_arrays(path: str | Path, arrays: Mapping[str, Any]) -> None:
    """Write named arrays as .npz."""
    beside = Path(f"{path}.part.npz")
    np.savez(beside, **arrays)
    beside.replace(path)


def write_sound(path: str | Path, sound: npt.NDArray[np.float32], rate_hz: int) -> None:
    """Write a sound as 16-bit FLAC, its loudest sample at half of full scale."""
    beside = Path(f"{path}.part")
    peak = float(np.abs(sound).max(initial=1e-9))
    soundfile.write(beside, 0.5 * sound / peak, rate_hz, format="FLAC", subtype="PCM_16")
    beside.replace(path)
