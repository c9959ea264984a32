"""Which files of this package a module is made of: what a rule declares as its input."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent

PLUMBING = frozenset({"config", "errors", "library", "locks", "logged", "logs", "tracking"})
"""Modules that cannot change a number: types and messages, logs and what MLflow is told."""


def _path(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of this package that one module imports itself, e.g. ``{"themes", "figures.style"}``."""
    return imports_of(_path(module))


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Modules of this package that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            inner = name.removeprefix("chingolo.")
            if inner != name and _path(inner).is_file():
                found.add(inner)
    return frozenset(found)


def closure(modules: frozenset[str]) -> frozenset[str]:
    """Modules and all that they import in turn, without the :data:`PLUMBING`."""
    seen: set[str] = set()
    todo = list(modules)
    while todo:
        module = todo.pop()
        if module not in seen and module not in PLUMBING:
            seen.add(module)
            todo += imported(module)
    return frozenset(seen)


def library(*modules: str) -> list[str]:
    """Files behind some modules of the package, for ``input: code=library("syrinx")``.

    Parameters
    ----------
    *modules : str
        Names without ``chingolo.``.

    Returns
    -------
    list of str
        Paths, sorted; relative where they lie below the working directory.
    """
    paths = sorted(_path(module) for module in closure(frozenset(modules)))
    here = Path.cwd()
    return [str(p.relative_to(here) if p.is_relative_to(here) else p) for p in paths]
