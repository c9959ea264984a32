"""Every number of the paper in one flat table, each with the run that made it."""

from collections.abc import Iterator, Mapping
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


def collect(results: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Gather numbers from results.

    Parameters
    ----------
    results : mapping
        Prefix to a result with its own key ``run``.

    Returns
    -------
    dict
        Dotted key to ``{"value": ..., "run": ...}``, sorted by key.
    """
    out: dict[str, dict[str, Any]] = {}
    for prefix, result in results.items():
        for key, value in flatten(result, prefix):
            out[key] = {"value": value, "run": result["run"]}
    return dict(sorted(out.items()))
