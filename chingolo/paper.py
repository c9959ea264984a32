"""Typeset the paper: Typst text, figures and numbers in, the same PDF bytes out every day."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import typst


def typeset(
    text: Iterable[Path],
    figures: Iterable[Path],
    numbers: Path,
    tables: Iterable[Path],
    worlds: Iterable[str],
) -> bytes:
    """Typeset the paper.

    Parameters
    ----------
    text : iterable of Path
        ``paper.typ`` and what it includes.
    figures : iterable of Path
        Found by the text under ``figures/``.
    numbers : Path
        Found by the text as ``numbers.json``.
    tables : iterable of Path
        Results of worlds, found by the text as ``<world>-<name>``.
    worlds : iterable of str
        Worlds that were built.

    Returns
    -------
    bytes
        The PDF. It carries no date and uses Typst's own fonts alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "figures").mkdir()
        for path in text:
            shutil.copy(path, root / path.name)
        for path in figures:
            shutil.copy(path, root / "figures" / path.name)
        shutil.copy(numbers, root / "numbers.json")
        for path in tables:
            shutil.copy(path, root / f"{path.parent.name}-{path.name}")
        return typst.compile(
            root / "paper.typ",
            root=root,
            ignore_system_fonts=True,
            sys_inputs={"worlds": ",".join(worlds)},
        )
