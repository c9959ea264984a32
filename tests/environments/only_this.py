"""Put into an environment, it lets the study's code, and the environment's own, import nothing from elsewhere.

Snakemake appends its own packages to ``sys.path`` of every script, so that a package which an environment
lacks would be found there, and its absence not be noticed before a user's machine.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FrameType


def _importer(frame: FrameType | None) -> str:
    while frame and (
        "importlib" in frame.f_code.co_filename or frame.f_code.co_filename == __file__
    ):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


class OnlyThis(MetaPathFinder):
    """Finds top-level modules where they may come from, or refuses them."""

    def find_spec(self, name: str, path: object, _target: object = None) -> ModuleSpec | None:
        """Leave Snakemake its own; all others get the environment, the standard library, the study."""
        importer = _importer(sys._getframe())
        ours = "site-packages" not in importer or importer.startswith(sys.prefix)
        if path is not None or not ours or name.startswith("snakemake"):
            return None
        if name in sys.builtin_module_names or name in sys.stdlib_module_names:
            return None
        kept = [
            p for p in sys.path
            if p.startswith(sys.prefix) or "site-packages" not in Path(p).parts
        ]  # fmt: skip
        found = PathFinder.find_spec(name, kept)
        if found is None and PathFinder.find_spec(name) is not None:
            raise ModuleNotFoundError(f"{name} is not in the environment {sys.prefix}", name=name)
        return found


sys.meta_path.insert(0, OnlyThis())
