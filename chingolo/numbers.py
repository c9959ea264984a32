"""Every number of the paper in one flat table, each with the run that made it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any


def flatten(plain: Any, prefix: str) -> Iterator[tuple[str, float | int | str | None]]:
    """Scalars of nested dictionaries and lists, by dotted key; nested run keys left out."""
    if hasattr(plain, "_asdict"):
        plain = plain._asdict()
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            if key != "run":
                yield from flatten(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(plain, (list, tuple)):
        for k, value in enumerate(plain):
            yield from flatten(value, f"{prefix}.{k}")
    elif isinstance(plain, (int, float, str)) or plain is None:
        yield prefix, plain


def plain(tree: Any) -> Any:
    """Named tuples of a nested structure as dictionaries, for JSON."""
    if hasattr(tree, "_asdict"):
        tree = tree._asdict()
    if isinstance(tree, Mapping):
        return {str(key): plain(value) for key, value in tree.items()}
    return [plain(value) for value in tree] if isinstance(tree, (list, tuple)) else tree


def collect(results: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Gather numbers from results.

    Parameters
    ----------
    results : mapping
        File, e.g. ``songs/model/judge.json``, to what it holds, its own key ``run`` among it. Keys of its
        numbers begin with its first folder, if any, and its name: ``songs.judge``.

    Returns
    -------
    dict
        Dotted key to ``{"value": ..., "run": ..., "rule": ..., "file": ...}``, sorted by key.
    """
    out: dict[str, dict[str, Any]] = {}
    for file, result in results.items():
        path = PurePosixPath(file)
        prefix = ".".join([*path.parts[:-1][:1], path.stem])
        source = {"run": result["run"], "rule": result["run"].split(".")[0], "file": file}
        for key, value in flatten(result, prefix):
            out[key] = {"value": value, **source}
    return dict(sorted(out.items()))


def of_text(
    used: Mapping[str, Iterable[Mapping[str, str]]], table: Mapping[str, Mapping[str, Any]]
) -> str:
    """List where each number of a text comes from.

    Parameters
    ----------
    used : mapping
        Document to its numbers in order, each ``{"key": ..., "text": ...}``: what the text shows of it.
    table : mapping
        Of :func:`collect`.

    Returns
    -------
    str
        Tab-separated: document, text, key, value, run, rule, file; a line for each different number.
    """
    rows = {
        (document, number["text"], number["key"]): table.get(number["key"], {})
        for document, numbers in used.items()
        for number in numbers
    }
    columns = ("value", "run", "rule", "file")
    lines = [["document", "text", "key", *columns]]
    lines += [[*row, *(str(entry.get(c, "")) for c in columns)] for row, entry in rows.items()]
    return "".join("\t".join(line) + "\n" for line in lines)
