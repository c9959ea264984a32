"""From points of a page to time and frequency, through two marks on each axis."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.errors import InputError
from chingolo.pages import FrequencyMark, TimeMark

Array = npt.NDArray[np.float64]


class Axes(NamedTuple):
    """From points of a page to time and frequency: ``(s, Hz) = matrix @ (x, y) + offset``.

    Attributes
    ----------
    matrix : ndarray, shape (2, 2)
    offset : ndarray, shape (2,)
    """

    matrix: Array
    offset: Array

    def song(self, points: Array) -> Array:
        """Time in s and frequency in Hz of points of the page; shapes (n, 2)."""
        return np.asarray(points @ self.matrix.T + self.offset)

    def page(self, song: Array) -> Array:
        """Points of the page, x and y, of times and frequencies; shapes (n, 2)."""
        return np.asarray((song - self.offset) @ np.linalg.inv(self.matrix).T)


def axes_from_marks(
    time: Sequence[TimeMark], frequency: Sequence[FrequencyMark], reduced: int, place: str
) -> Axes:
    """Axes through two known times and two known frequencies.

    Parameters
    ----------
    time, frequency : sequence of two marks
        In pixels of the file.
    reduced : int
        Of :class:`chingolo.scans.Scan`: the axes are in pixels of the picture as read.
    place : str
        File and song named in errors.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        Two marks at one place or of one value; a mirrored page.
    """
    straight = any(m.y is None for m in time) or any(m.x is None for m in frequency)
    p = np.array([(m.x, 0.0 if m.y is None else m.y) for m in time]) / reduced
    q = np.array([(0.0 if m.x is None else m.x, m.y) for m in frequency]) / reduced
    along, up = p[1] - p[0], q[1] - q[0]
    if straight:
        along, up = along * (1, 0), up * (0, 1)
    seconds, hertz = time[1].s - time[0].s, 1000.0 * (frequency[1].khz - frequency[0].khz)
    for size, value, name in (
        (np.hypot(*along), seconds, "time"),
        (np.hypot(*up), hertz, "frequency"),
    ):
        if size < 10 or value == 0:
            raise InputError(
                place,
                f"the two marks of {name} lie {size * reduced:.0f} pixels apart with values "
                f"{abs(value):g} {'s' if name == 'time' else 'Hz'} apart",
                "mark two points far from each other",
            )
    determinant = along[0] * up[1] - along[1] * up[0]
    if abs(determinant) < 0.5 * np.hypot(*along) * np.hypot(*up):
        raise InputError(
            place, "the axes' marks do not lie on two crossing axes", "mark the points again"
        )
    # Seen from the way in which frequency goes up, time has to run to the right.
    if determinant * np.sign(seconds) * np.sign(hertz) > 0:
        raise InputError(
            place,
            "by its marks the page is a mirror image",
            "turn the picture the right way round, or correct the marks",
        )
    inverse = np.linalg.inv(np.stack([along, up], axis=1))
    matrix = np.diag([seconds, hertz]) @ inverse
    first = np.array([time[0].s, 1000.0 * frequency[0].khz])
    offset = first - np.array([matrix[0] @ p[0], matrix[1] @ q[0]])
    return Axes(matrix, offset)
