"""A notebook's entries: the old themes, as drawn, and what is known of them."""

from typing import NamedTuple

from chingolo.themes import Theme

NONE = "none"
"""Truth, verdict and class of what is none of today's themes."""


class Sketch(NamedTuple):
    """One entry of a notebook.

    Attributes
    ----------
    name : str
    theme : Theme
        As drawn.
    birds : int
        Birds noted singing it.
    truth : str or None
        Panel theme it is, ``"none"`` if today's panel lacks it, None if unknown.
    fate : str
        ``"sung"``, ``"sung, changed"``, ``"sung, not recorded"`` or ``"lost"`` by 2020; empty if
        unknown.
    """

    name: str
    theme: Theme
    birds: int = 1
    truth: str | None = None
    fate: str = ""
