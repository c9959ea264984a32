"""Which judges are trained anew, each with one thing changed: names, and what is changed."""

from typing import Literal, NamedTuple

from chingolo.config import Controls

REFERENCE = "reference"


class Variant(NamedTuple):
    """What is changed; as it stands, nothing.

    Attributes
    ----------
    voice : {"syrinx", "sine", "no tract", "2018 source"}
        What sings: the study's model; a plain sine of the same pitch and level; the source without the
        vocal tract; the labial oscillator of the lab's forerunner, through the study's tract.
    spread : float
        Factor on all widths of the surrogates.
    number : float
        Factor on the songs of each theme; passes over them are divided by it, so that all networks are
        trained for as long.
    enrolled : int
        Songs of each theme that surrogates are made of.
    outliers : bool
        Whether the network is shown themes that are none of the panel's.
    """

    voice: Literal["syrinx", "sine", "no tract", "2018 source"] = "syrinx"
    spread: float = 1.0
    number: float = 1.0
    enrolled: int = 1
    outliers: bool = True


SINGLE = {
    REFERENCE: Variant(),
    "sine": Variant(voice="sine"),
    "no-tract": Variant(voice="no tract"),
    "source-2018": Variant(voice="2018 source"),
    "no-outliers": Variant(outliers=False),
    "too-wide": Variant(spread=10.0),
}
"""Changes of one thing each; the last so wide that themes should run into each other (our choice)."""


def grid_name(spread: float, number: float) -> str:
    """Name a variant of surrogates' spread and number."""
    same = spread == number == 1.0
    return REFERENCE if same else f"spread-{spread:g}-number-{number:g}"


def variants(settings: Controls, recorded: bool) -> dict[str, Variant]:
    """List the judges that are trained anew in a world.

    Parameters
    ----------
    settings : Controls
    recorded : bool
        Whether the world has recordings, several of a theme, to enrol.
    """
    grid = {
        grid_name(spread, number): Variant(spread=spread, number=number)
        for spread in settings.spreads
        for number in settings.numbers
    }
    changed = {name: SINGLE[name] for name in SINGLE if name in (REFERENCE, *settings.changes)}
    many = range(2, settings.enrolled + 1) if recorded else ()
    return changed | grid | {f"enrolled-{k}": Variant(enrolled=k) for k in many}
