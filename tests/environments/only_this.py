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
    """Takes other environments out of ``sys.path``, and finds Snakemake's modules there for itself alone."""

    def __init__(self) -> None:
        self.outside: list[str] = []

    def find_spec(self, name: str, path: object, _target: object = None) -> ModuleSpec | None:
        """Leave Snakemake its own; all others are looked for in what is left."""
        strange = [
            p for p in sys.path
            if "site-packages" in Path(p).parts and not p.startswith(sys.prefix)
        ]  # fmt: skip
        if strange:
            self.outside += strange
            sys.path[:] = [p for p in sys.path if p not in strange]
        importer = _importer(sys._getframe())
        of_snakemake = "site-packages" in importer and not importer.startswith(sys.prefix)
        if path is None and (of_snakemake or name.startswith("snakemake")):
            return PathFinder.find_spec(name, sys.path + self.outside)
        return None


sys.meta_path.insert(0, OnlyThis())
