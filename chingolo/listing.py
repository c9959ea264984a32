"""Lists of items as long as one likes, which take no memory: each item is worked out when it is asked for."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, overload

from chingolo.shards import Item, Items

T = TypeVar("T")

PIECE = 128
"""Songs that are in memory at once: as many as are sung side by side, see :mod:`chingolo.singing`."""


class Listing(Items):
    """A sequence of items given by a function of their number.

    Parameters
    ----------
    item : callable
        From a number, 0 and up, to its item.
    rows : range
        Numbers of the items that this list holds; a slice of a list holds fewer.
    """

    def __init__(self, item: Callable[[int], Item], rows: range) -> None:
        self._item = item
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, k: int) -> Item: ...
    @overload
    def __getitem__(self, k: slice) -> "Listing": ...
    def __getitem__(self, k: int | slice) -> "Item | Listing":
        if isinstance(k, slice):
            return Listing(self._item, self._rows[k])
        return self._item(self._rows[k])


def pieces(items: Iterable[T], many: int = PIECE) -> Iterator[list[T]]:
    """Cut anything that can be walked through into lists of `many`, the last one shorter."""
    part: list[T] = []
    for item in items:
        part.append(item)
        if len(part) == many:
            yield part
            part = []
    if part:
        yield part
