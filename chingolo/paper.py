"""Typeset the paper: Typst text, figures and numbers in, the same PDF bytes out every day."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

import typst


class Document(NamedTuple):
    """A typeset text.

    Attributes
    ----------
    pdf : bytes
        Carries no date and uses Typst's own fonts alone.
    numbers : list of dict
        The numbers that the text shows, in order: ``{"key": ..., "text": ...}``.
    """

    pdf: bytes
    numbers: list[dict[str, str]]


def typeset(
    text: Iterable[Path],
    figures: Iterable[Path],
    captions: Iterable[Path],
    numbers: Path,
    tables: Iterable[Path],
    told: Mapping[str, str],
) -> dict[str, Document]:
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
    told : mapping of str to str
        What else the text asks for: ``worlds`` that were built, separated by commas; ``commit`` of the code.

    Returns
    -------
    dict of str to Document
        ``paper`` and ``supplement``.
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
        given = {**told, "figures": ",".join(path.stem for path in drawn)}
        return {name: _compiled(root, name, given) for name in ("paper", "supplement")}


def _compiled(root: Path, name: str, given: dict[str, str]) -> Document:
    compiler = typst.Compiler(
        root / f"{name}.typ", root=root, ignore_system_fonts=True, sys_inputs=given
    )
    used = json.loads(compiler.query("<number>", field="value"))
    return Document(cast("bytes", compiler.compile()), used)
