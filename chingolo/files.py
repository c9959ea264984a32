"""Small files, written beside their name and then renamed: nothing half-written stays."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile


@contextmanager
def beside(path: str | Path, ending: str = ".part") -> Iterator[Path]:
    """Write beside a file, then rename: what is half-written takes no name."""
    part = Path(f"{path}{ending}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sha256(path: str | Path) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def without_password(text: str) -> str:
    """Text whose addresses, e.g. of a tracking server, tell neither user nor password.

    A password may hold any sign but a space; rather too much is left out than too little.
    """
    return re.sub(r"//[^/@\s:]*(:\S*)?@", "//…@", text)


def write_text(path: str | Path, text: str) -> None:
    """Write text as UTF-8."""
    with beside(path) as part:
        part.write_text(text, encoding="utf-8")


def write_json(path: str | Path, plain: Any) -> None:
    """Write JSON: keys as given, one value a line, the same bytes for the same content."""
    write_text(path, json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


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
    with beside(path, ".part.npz") as part:
        np.savez(part, **arrays)


def read_arrays(path: str | Path) -> dict[str, npt.NDArray[Any]]:
    """Read what :func:`write_arrays` wrote; no pickled code is run."""
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def write_sound(path: str | Path, sound: npt.NDArray[np.float32], rate_hz: int) -> None:
    """Write a sound as 16-bit FLAC, its loudest sample at half of full scale."""
    peak = float(np.abs(sound).max(initial=1e-9))
    with beside(path) as part:
        soundfile.write(part, 0.5 * sound / peak, rate_hz, format="FLAC", subtype="PCM_16")
