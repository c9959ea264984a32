"""The one error a user may meet: bad input, told in one line a fault with its place and its cure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

LONGEST_SHOWN = 40
"""Characters of a value that an error shows (our choice)."""


class InputError(ValueError):
    """Input that the study refuses.

    Parameters
    ----------
    place : str
        File, and row or key, that is wrong.
    fault : str
        What is wrong there.
    cure : str
        What the user can do about it.
    *more : InputError
        Further faults of the same input, each told in a line of its own.
    """

    def __init__(self, place: str, fault: str, cure: str, *more: "InputError") -> None:
        self.place, self.fault, self.cure, self.more = place, fault, cure, more
        lines = [f"{place}: {fault}. Cure: {cure}.", *map(str, more)]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type, tuple["str | InputError", ...]]:
        return type(self), (self.place, self.fault, self.cure, *self.more)


def together(faults: Sequence[InputError]) -> InputError:
    """Make the one error of several faults, at least one, in their order."""
    first, *others = faults
    return InputError(first.place, first.fault, first.cure, *first.more, *others)


@contextmanager
def collected(faults: list[InputError]) -> Iterator[None]:
    """Go on after bad input, which is told with all other."""
    try:
        yield
    except InputError as error:
        faults.append(error)


def on_screen(error: InputError) -> str:
    """Write an error as the screen shows it: every line is of the program, and says so."""
    return "\n".join(f"chingolo: {line}" for line in str(error).splitlines())


def one_line(text: object) -> str:
    """Text that stays in one line, whatever is in it, cut where it gets long."""
    shown = str(text)
    shown = shown if shown.isprintable() else repr(shown)[1:-1]
    return shown if len(shown) <= 3 * LONGEST_SHOWN else f"{shown[: 3 * LONGEST_SHOWN - 1]}…"


def shown(value: Any) -> str:
    """Show a value in an error: in one line, and not at length."""
    text = one_line(f"{value:g}" if type(value) is float else repr(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
