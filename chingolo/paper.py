"""Typeset the paper: Typst text, figures and numbers in, the same PDF bytes out every day."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import typst


def typeset(
    text: Iterable[Path],
    figures: Iterable[Path],
    captions: Iterable[Path],
    numbers: Path,
    tables: Iterable[Path],
    worlds: Iterable[str],
) -> list[bytes]:
    """Typeset the paper and its supplement.

    Parameters
    ----------
    text : iterable of Path
        ``paper.typ``, ``supplement.typ`` and what they include.
    figures : iterable of Path
        Found by the text under ``figures/``; those that the paper does not show stand in the supplement, in
        this order.
    captions : iterable of Path
        Found by the text under ``captions/``.
    numbers : Path
        Found by the text as ``numbers.json``.
    tables : iterable of Path
        Results of worlds, found by the text as ``<world>-<name>``.
    worlds : iterable of str
        Worlds that were built.

    Returns
    -------
    list of bytes
        The two PDFs. They carry no date and use Typst's own fonts alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        drawn = list(figures)
        for path in text:
            shutil.copy(path, root / path.name)
        for part, paths in (("figures", drawn), ("captions", captions)):
            (root / part).mkdir()
            for path in paths:
                shutil.copy(path, root / part / path.name)
        shutil.copy(numbers, root / "numbers.json")
        for path in tables:
            shutil.copy(path, root / f"{path.parent.name}-{path.name}")
        told = {"worlds": ",".join(worlds), "figures": ",".join(path.stem for path in drawn)}
        return [
            typst.compile(root / main, root=root, ignore_system_fonts=True, sys_inputs=told)
            for main in ("paper.typ", "supplement.typ")
        ]
