"""Songs and their places in the metric."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.shards import Item


class Placed(NamedTuple):
    """Songs in the metric.

    Attributes
    ----------
    places : ndarray of float32, shape (networks, n, dimensions)
    items : sequence of Item, length n
    """

    places: npt.NDArray[np.float32]
    items: Sequence[Item]

    def only(self, rows: Sequence[int]) -> "Placed":
        """Pick some of them."""
        return Placed(self.places[:, list(rows)], [self.items[k] for k in rows])


def in_order(enrolled: Placed, panel: Sequence[str]) -> Placed:
    """Enrolled songs in the order of the panel, one a theme."""
    row = {item.theme: k for k, item in enumerate(enrolled.items)}
    return enrolled.only([row[theme] for theme in panel])


def of_role(placed: Placed, *roles: str) -> Placed:
    """Songs of some roles."""
    return placed.only([k for k, item in enumerate(placed.items) if item.role in roles])


def joined(one: Placed, other: Placed) -> Placed:
    """Two sets of songs as one."""
    places = np.concatenate([one.places, other.places], axis=1)
    return Placed(places, [*one.items, *other.items])
