"""A park of birds that copy each other's themes, year by year.

Every territory of a park holds one singing male with one theme. The territories lie on a square grid,
each male somewhere about the middle of his, and the park's edges are joined, so that no bird sits at
an edge. One step is one year:

1. Each male lives on with the chance `survival` and keeps territory and theme.
2. Every vacancy is filled by a young male. With the chance `immigration` he comes from outside and
   brings a theme nobody here has ever sung; with the chance `invention` he sings a new one of his own.
3. All other young males hatched at a place drawn from a Gaussian of the width `reach` about the
   vacancy and copied there one of the birds of last year in the `neighbours` x `neighbours` territories
   around. A theme that n of these sing is taken with a weight of n ** `conformity`: at 1 every bird is
   as likely (neutral copying), above 1 the common is preferred.

Every bird has his own version of his theme: the errors of all copies since it was invented, as sums of
standard normal numbers. What they mean for notes is :mod:`chingolo.history`'s business.

The equations stand in this file, beside the loop they are compiled into, because numba's cache knows
of changes in the loop's own file only.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

TERRITORY_M = 88.9
"""Side of a territory of 0.79 ha (breeding males of the species, central Monte desert: Sagario & Cueto
2014, Ardeola 61:153). Between years territories stay where they are (the same, 2014, Ornitologia
Neotropical 25:113)."""

JITTER = 0.3
"""A male sits at most so far off the middle of his territory, in sides (our choice)."""


class Park(NamedTuple):
    """Territories, row by row.

    Attributes
    ----------
    rows, columns : int
    place : ndarray, shape (rows * columns, 2)
        Where each male sits, across and up, in sides of a territory.
    """

    rows: int
    columns: int
    place: Array


class Habits(NamedTuple):
    """How the birds live and learn, see the module's head; numba takes it as it is.

    Attributes
    ----------
    survival : float
    reach : float
        From the hatching place to the vacancy: standard deviation along each axis, in sides of a
        territory. Far beyond the park's width the park is well mixed.
    neighbours : int
        Odd.
    conformity, invention, immigration : float
    """

    survival: float
    reach: float
    neighbours: int
    conformity: float
    invention: float
    immigration: float


def settle(birds: int, rng: np.random.Generator) -> Park:
    """Lay out a park for so many males, as nearly square as their number allows."""
    rows = max(k for k in range(1, int(birds**0.5) + 1) if birds % k == 0)
    columns = birds // rows
    middle = np.stack([np.tile(np.arange(columns), rows), np.repeat(np.arange(rows), columns)], 1)
    return Park(rows, columns, middle + 0.5 + rng.uniform(-JITTER, JITTER, (birds, 2)))


@numba.njit(inline="always")
def holder(park: Park, across: int, up: int) -> int:
    """Bird that holds a territory; the park's edges are joined."""
    return up % park.rows * park.columns + across % park.columns


@numba.njit(inline="always")
def conform(themes: Labels, around: Labels, conformity: float, chance: float) -> int:
    """Choose one of the birds around: a theme that n of them sing has the weight n ** conformity.

    Parameters
    ----------
    themes : ndarray of int, shape (birds,)
    around : ndarray of int, shape (n,)
        The birds.
    conformity : float
    chance : float
        Uniform, from 0 to 1.

    Returns
    -------
    int
        Place in `around`.
    """
    weight = np.ones(around.size)
    for k in range(around.size):
        for j in range(k):
            if themes[around[j]] == themes[around[k]]:
                weight[j] += 1.0
                weight[k] += 1.0
    # Each of n singers has n ** (conformity - 1), so that together they have n ** conformity.
    weight **= conformity - 1.0
    left, chosen = chance * weight.sum(), 0
    while chosen < around.size - 1 and left >= weight[chosen]:
        left -= weight[chosen]
        chosen += 1
    return chosen


@numba.njit(cache=True, nogil=True)
def live(
    park: Park,
    habits: Habits,
    themes: Labels,
    versions: Array,
    unused: int,
    culture: np.random.Generator,
    slips: np.random.Generator,
) -> int:
    """Let the birds of a park live, die and learn.

    Parameters
    ----------
    park : Park
    habits : Habits
    themes : ndarray of int, shape (years + 1, birds)
        Label of every bird's theme. The first row is given, the others are filled year by year. Labels
        count up and never come back; those of themes from outside are negative.
    versions : ndarray, shape (birds, dimensions)
        Errors of every bird's version, taken up and left as the last year has them. Without dimensions
        only labels are followed.
    unused : int
        First number that no label, of a living theme or a lost one, ever had.
    culture : numpy.random.Generator
        Who dies, who copies whom, who invents.
    slips : numpy.random.Generator
        The errors; apart, so that the labels are the same with and without them.

    Returns
    -------
    int
        The first unused number from now on.
    """
    years, birds = themes.shape
    dimensions, side = versions.shape[1], habits.neighbours
    half = side // 2
    around = np.empty(side * side, np.int64)
    for year in range(1, years):
        before, now = themes[year - 1], themes[year]
        models = versions.copy()
        for bird in range(birds):
            now[bird] = before[bird]
            if culture.random() < habits.survival:
                continue
            foreign = culture.random() < habits.immigration
            if foreign or culture.random() < habits.invention:
                now[bird] = -unused if foreign else unused
                unused += 1
                for k in range(dimensions):
                    versions[bird, k] = 0.0
                continue
            x = park.place[bird, 0] + habits.reach * culture.standard_normal()
            y = park.place[bird, 1] + habits.reach * culture.standard_normal()
            across, up = int(np.floor(x)) - half, int(np.floor(y)) - half
            if habits.conformity == 1.0:
                chosen = int(culture.random() * (side * side))
                model = holder(park, across + chosen % side, up + chosen // side)
            else:
                for k in range(side * side):
                    around[k] = holder(park, across + k % side, up + k // side)
                model = around[conform(before, around, habits.conformity, culture.random())]
            now[bird] = before[model]
            for k in range(dimensions):
                versions[bird, k] = models[model, k] + slips.standard_normal()
    return unused
