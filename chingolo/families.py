"""Random themes in families whose members differ in one note: what the metric learns from.

No theme of a panel, and none of a real bird, is among them. A family begins with a theme drawn from the
species' statistics, or more widely; its other members are that theme with one note changed, so that a
network that tells them apart has to hear every note.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chingolo.corpora import Voice, heard, singing_of, varied
from chingolo.likeness import alike
from chingolo.listing import Listing, pieces
from chingolo.outliers import TRIES, altered, free
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.species import random_theme
from chingolo.themes import Theme, Trill


def random_trill(rng: np.random.Generator) -> Trill:
    """Draw a trill: falling notes of 30 to 120 ms at 6 to 20 a second, as the species' dialects have them."""
    step = float(np.exp(rng.uniform(np.log(0.05), np.log(0.17))))
    low = float(rng.uniform(2500.0, 4500.0))
    return Trill(
        0.0,
        count=int(rng.integers(3, 14)),
        step_s=step,
        duration_s=step * float(rng.uniform(0.5, 0.8)),
        start_hz=min(9000.0, low * float(rng.uniform(1.2, 2.2))),
        end_hz=low,
    )


def family(number: int, members: int, seed: int, name: str) -> list[Theme]:
    """Draw the themes of a family: the first, and others with one of its notes changed.

    Parameters
    ----------
    number, members : int
    seed : int
        The study's.
    name : str
        Of the corpus, part of the random stream's name.

    Returns
    -------
    list of Theme, length members
        No two of them alike to the ear.
    """
    rng = generator(seed, "family", name, number)
    trill = random_trill(rng) if rng.random() < 0.8 else None
    first = random_theme(rng, trill) if number % 2 else free(rng, trill)
    themes = [first]
    tried = 0
    while len(themes) < members:
        tried += 1
        other = altered(first, rng) if tried % TRIES else random_theme(rng, trill)
        if not any(alike(other, one) or alike(one, other) for one in themes):
            themes.append(other)
    return themes


def family_items(families: range, members: int, songs: int, name: str) -> Sequence[Item]:
    """List songs of families; a theme is named ``<family>-<member>``."""

    def item(row: int) -> Item:
        of, song = divmod(row, songs)
        theme = f"{families[of // members]}-{of % members}"
        return Item(f"{theme}/{song}", theme, name, 0)

    return Listing(item, range(len(families) * members * songs))


def family_pictures(
    items: Sequence[Item], members: int, voice: Voice
) -> Iterator[npt.NDArray[np.uint8]]:
    """Sing every song of :func:`family_items` anew, hear it in a place of its own, and draw it."""
    name = items[0].role
    families: dict[int, list[Theme]] = {}
    for part in pieces(items):
        numbers = dict.fromkeys(int(item.theme.split("-")[0]) for item in part)
        # The last family of a piece may go on in the next.
        families = {
            number: families.get(number) or family(number, members, voice.seed, name)
            for number in numbers
        }
        rngs = [generator(voice.seed, name, item.song) for item in part]
        drawn = []
        for item, rng in zip(part, rngs, strict=True):
            number, k = map(int, item.theme.split("-"))
            drawn.append(varied(families[number][k], voice, rng))
        for song, rng in zip(singing_of(drawn, voice, rngs), rngs, strict=True):
            yield heard(song, voice, rng)
