"""YAML without its traps: plain values, each key once, no aliases, and the line of everything.

Words and numbers are read as in YAML 1.2: ``no`` is a word, ``010`` is ten, ``4e0`` is four and a date
is text.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from chingolo.errors import InputError, one_line

Place = tuple[str | int, ...]


class Page(NamedTuple):
    """What a YAML text holds.

    Attributes
    ----------
    content : Any
        Dictionaries, lists, numbers, booleans, text and None; keys are text as typed.
    lines : dict of tuple to int
        Line of every key and row, counted from 1, by the way to it, e.g. ``("notes", 0, "start")``.
    faults : list of InputError
        Keys that are there twice; their first value is kept.
    """

    content: Any
    lines: dict[Place, int]
    faults: list[InputError]


class _Loader(yaml.SafeLoader):
    """Reads nodes; of the words that YAML 1.1 takes for something else only 1.2's are left."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (typed so by PyYAML)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise _not_plain(event, "aliases (*) are not allowed")
        return super().compose_node(parent, index)


_TAG = "tag:yaml.org,2002:"
_WORDS = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+", list("-+0123456789")),
    "float": (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
}
for _name, (_pattern, _first) in _WORDS.items():
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(f"^(?:{_pattern})$"), _first)


def read_yaml(text: str, place: str) -> Page:
    """Read a YAML text that a person typed.

    Parameters
    ----------
    text : str
    place : str
        File named in errors.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        Not YAML, an alias, a tag that is not plain.
    """
    page = Page(None, {}, [])
    try:
        node = _Loader(text).get_single_node()
        return page._replace(content=_plain(node, (), page, place) if node else None)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The last two are PyYAML's own on escapes and versions beyond all numbers.
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None)
        told = f" ({one_line(problem)})" if problem else ""
        raise InputError(
            f"{place}{line}", f"is not YAML{told}", "compare with config/sketches"
        ) from None
    except RecursionError:
        raise InputError(
            place, "is not YAML (nested too deeply)", "compare with config/sketches"
        ) from None


def read_text(path: Path) -> str:
    """Read a text file.

    Raises
    ------
    InputError
        No such file, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(str(path), "is not UTF-8 text", "save it as UTF-8") from None
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
        raise InputError(str(path), fault, "correct the path") from None


def line_of(lines: Mapping[Place, int], way: Place) -> int:
    """Line of the nearest thing around a value that has one; 0 if none has."""
    return next((lines[way[:n]] for n in range(len(way), 0, -1) if way[:n] in lines), 0)


def spot(place: str, lines: Mapping[Place, int], way: Place) -> str:
    """Say where a value stands: file, line and the way to it."""
    line = line_of(lines, way)
    return ", ".join([place, *([f"line {line}"] if line else []), *told_way(way)])


def _plain(node: yaml.Node, way: Place, page: Page, place: str) -> Any:
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and kind == "map":
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _not_plain(key, "a key is a word")
            if key.value in found:
                spot = ", ".join([f"{place}, line {line}", *told_way((*way, key.value))])
                page.faults.append(InputError(spot, "is there twice", "leave one of the two"))
                continue
            page.lines[(*way, key.value)] = line
            found[key.value] = _plain(value, (*way, key.value), page, place)
        return found
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        for k, row in enumerate(node.value):
            page.lines[(*way, k)] = row.start_mark.line + 1
        return [_plain(row, (*way, k), page, place) for k, row in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        word = str(node.value)
        if kind == "str":
            return word
        if kind in _WORDS and re.fullmatch(_WORDS[kind][0], word):
            return _value(kind, word)
    raise _not_plain(node, f"{one_line(node.tag)} is not a plain value")


def _value(kind: str, word: str) -> float | bool | None:
    if kind == "null":
        return None
    if kind == "bool":
        return word.lower() == "true"
    # A whole number of hundreds of digits is none that a sketch holds: it is read as infinite.
    if kind == "int" and len(word) < 300:
        return int(word)
    return float(word.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _not_plain(node: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def told_way(way: Place) -> list[str]:
    """Say the way to a value in words: ``("notes", 0, "start")`` is notes row 1, start."""
    words: list[str] = []
    for part in way:
        if isinstance(part, str):
            words.append(one_line(part))
        elif len(words) == 1:
            words[-1] += f" row {part + 1}"
        else:
            words.append(f"value {part + 1}")
    return words
