"""From the pixels of strokes to their middle lines, whole where the pen was lifted.

A stroke is a component of ink; its middle line is the longest path through its skeleton, drawn out to
its ends. Time runs along the columns.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse
from scipy.sparse import csgraph
from skimage import morphology

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.float32]

THICKEST = 3.5
"""What is so many times as thick as strokes are is a blot (our choice, as all constants here)."""

LONGER = 5.0
"""Strokes broken by a printed line may lie so many times as far apart."""

MOST_PIECES = 150
"""Of more pieces than these only the largest are looked at: no drawing of a song has so many."""


class Stroke(NamedTuple):
    """One stroke of the pen.

    Attributes
    ----------
    path : ndarray, shape (n, 2)
        Its middle line, x and y in pixels, from its left end.
    pixels : int
        Its ink.
    bridged : float
        Length of bare paper within it, in pixels.
    """

    path: Array
    pixels: int
    bridged: float = 0.0

    @property
    def length(self) -> float:
        """Length of its middle line in pixels."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


def middle_lines(mask: Mask, width: float) -> list[Stroke]:
    """Trace the middle line of every component of ink.

    Parameters
    ----------
    mask : ndarray of bool, shape (height, width)
    width : float
        Of strokes, in pixels.

    Returns
    -------
    list of Stroke
        From left to right. Specks and blots are left out.
    """
    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    out = []
    for k, window in enumerate(ndimage.find_objects(labels), 1):
        part = labels[window] == k
        if max(part.shape) < 1.5 * width or part.sum() < 2 * width:
            continue
        part = np.pad(part, 1)
        depth = ndimage.distance_transform_edt(part)
        if depth.max() > THICKEST * max(width, 2.0) / 2 and _is_blot(part, depth):
            continue
        path = _longest_path(morphology.skeletonize(part))
        if len(path) < 2:
            continue
        path = _to_the_ends(_smooth(path, width), part, depth)
        if path[0, 0] > path[-1, 0]:
            path = path[::-1]
        corner = np.array([window[1].start - 1, window[0].start - 1])
        out.append(Stroke(path + corner, int(part.sum())))
    return sorted(out, key=lambda s: float(s.path[0, 0]))


def _is_blot(part: Mask, depth: Array) -> bool:
    """Whether a component is about as wide as it is long."""
    length = np.hypot(*part.shape)
    return bool(length < 6 * depth.max())


def _longest_path(skeleton: Mask) -> Array:
    """Longest of the shortest paths between points of a skeleton; x and y, shape (n, 2)."""
    y, x = np.nonzero(skeleton)
    many = len(y)
    if many < 2:
        return np.stack([x, y], axis=1).astype(float)
    index = np.full(np.array(skeleton.shape) + 2, -1)
    index[y + 1, x + 1] = np.arange(many)
    first, second, weight = [], [], []
    for dy, dx in ((0, 1), (1, -1), (1, 0), (1, 1)):
        other = index[y + 1 + dy, x + 1 + dx]
        there = np.nonzero(other >= 0)[0]
        first.append(there)
        second.append(other[there])
        weight.append(np.full(len(there), np.hypot(dy, dx)))
    graph = sparse.coo_array(
        (np.concatenate(weight), (np.concatenate(first), np.concatenate(second))), (many, many)
    ).tocsr()
    start = 0
    for _ in range(2):
        distance, before = csgraph.dijkstra(
            graph, directed=False, indices=start, return_predecessors=True
        )
        distance[~np.isfinite(distance)] = -1
        end = int(distance.argmax())
        begin, start = start, end
    walk = [end]
    while walk[-1] != begin:
        walk.append(int(before[walk[-1]]))
    return np.stack([x[walk], y[walk]], axis=1).astype(float)


def _smooth(path: Array, width: float) -> Array:
    """Smooth the steps of pixels, ends kept."""
    reach = max(1.0, 0.5 * width)
    out = np.empty_like(path)
    for axis in (0, 1):
        # Odd reflection keeps ends where they are and a straight line straight.
        out[:, axis] = ndimage.gaussian_filter1d(
            np.concatenate(
                [
                    2 * path[0, axis] - path[1:, axis][: int(4 * reach)][::-1],
                    path[:, axis],
                    2 * path[-1, axis] - path[:-1, axis][::-1][: int(4 * reach)],
                ]
            ),
            reach,
        )[min(len(path) - 1, int(4 * reach)) :][: len(path)]
    return out


def _to_the_ends(path: Array, part: Mask, depth: Array) -> Array:
    """Draw a middle line out to the middle of the round ends of its stroke."""
    ends = []
    for line in (path[::-1], path):  # out of the first, out of the last point
        back = line[max(0, len(line) - 12)]
        way = line[-1] - back
        size = float(np.hypot(*way))
        if size == 0:
            ends.append(line[-1])
            continue
        way = way / size
        steps = np.arange(0.0, 4 * depth.max() + 2, 0.5)
        points = line[-1] + steps[:, None] * way
        column, row = np.clip(np.round(points).astype(int), 0, np.array(part.shape[::-1]) - 1).T
        outside = ~part[row, column]
        reach = float(steps[int(outside.argmax())]) if outside.any() else float(steps[-1])
        column, row = np.clip(np.round(back).astype(int), 0, np.array(part.shape[::-1]) - 1)
        radius = max(0.5, float(depth[row, column]) - 0.5)
        ends.append(line[-1] + (reach - 0.25 - radius) * way)
    first, last = ends
    inner = path
    for end, which in ((first, 0), (last, -1)):
        way = path[which] - end
        if np.hypot(*way) < 0.25:
            continue
        # An end inside the path cuts it: what lies beyond is dropped.
        inner = inner[(inner - end) @ (path[len(path) // 2] - end) > 0]
    if len(inner) < 2:
        return np.stack([first, last])
    return np.concatenate([first[None], inner, last[None]])


def joined(
    strokes: Sequence[Stroke], gap: float, breath: float, aside: float, erased: Mask | None = None
) -> list[Stroke]:
    """Join strokes that go on where another ended: the pen was lifted, or a printed line erased.

    Parameters
    ----------
    strokes : sequence of Stroke
    gap, breath : float
        Longest bare paper that is bridged, in pixels, in all and along the rows: a longer one in time is
        the silence between two notes.
    aside : float
        Farthest that the second may begin beside the first's straight continuation, in pixels.
    erased : ndarray of bool, shape (height, width), optional
        Where a printed line was: there strokes may be broken :data:`LONGER` times as far.

    Returns
    -------
    list of Stroke
    """
    left = sorted(strokes, key=lambda s: -s.pixels)[:MOST_PIECES]
    while True:
        best = None
        near = _near(left, gap * LONGER)
        for i, one in enumerate(left):
            for j, other in enumerate(left):
                if not near[i, j]:
                    continue
                for a, b in _ways(one.path, other.path):
                    score = _continues(a, b, gap, breath, aside, erased)
                    if score is not None and (best is None or score < best[0]):
                        best = (score, i, j, a, b)
        if best is None:
            return sorted(left, key=lambda s: float(s.path[0, 0]))
        _, i, j, a, b = best
        path = np.concatenate([a, b])
        if path[0, 0] > path[-1, 0]:
            path = path[::-1]
        bare = float(np.hypot(*(b[0] - a[-1])))
        whole = Stroke(
            path, left[i].pixels + left[j].pixels, left[i].bridged + left[j].bridged + bare
        )
        left = [s for k, s in enumerate(left) if k not in (i, j)] + [whole]


def _near(strokes: Sequence[Stroke], gap: float) -> Mask:
    """Which strokes have ends so near to an end of which others; shape (n, n), none to themselves."""
    if not strokes:
        return np.zeros((0, 0), bool)
    ends = np.array([(s.path[0], s.path[-1]) for s in strokes])
    apart = np.hypot(*(ends[:, None, :, None] - ends[None, :, None]).transpose(4, 0, 1, 2, 3))
    near = apart.min(axis=(2, 3)) <= gap
    np.fill_diagonal(near, False)
    return np.asarray(near)


def _ways(one: Array, other: Array) -> list[tuple[Array, Array]]:
    """Both strokes in the ways in which the second may go on from the first."""
    return [(one, other), (one, other[::-1]), (one[::-1], other)]


def _continues(
    a: Array, b: Array, gap: float, breath: float, aside: float, erased: Mask | None
) -> float | None:
    """How badly the second path goes on from the first; None if it does not."""
    between = b[0] - a[-1]
    bare = float(np.hypot(*between))
    long = bare > gap or abs(between[0]) > breath
    if bare > gap * LONGER or (long and not _over_a_line(a[-1], b[0], erased)):
        return None
    leave, arrive = _heading(a, -1), _heading(b, 0)
    if leave @ arrive < 0.75:
        return None
    way = leave + arrive
    way = way / np.hypot(*way)
    if between @ way < -1.0:
        return None
    off = abs(float(between[0] * way[1] - between[1] * way[0]))
    # A short gap may be crossed a little askew, a long one must be aimed at.
    return bare + 3 * off if off <= aside + 0.15 * bare else None


def _over_a_line(first: Array, last: Array, erased: Mask | None) -> bool:
    """Whether most of the way between two points lies where a printed line was erased."""
    if erased is None:
        return False
    points = first + np.linspace(0, 1, 20)[:, None] * (last - first)
    column, row = np.clip(np.round(points).astype(int), 0, np.array(erased.shape[::-1]) - 1).T
    return bool(erased[row, column].mean() > 0.7)


def _heading(path: Array, end: int, reach: float = 12.0) -> Array:
    """Direction of travel at an end of a path, as a unit vector."""
    line = path if end == 0 else path[::-1]
    along = np.hypot(*(line - line[0]).T)
    far = line[min(len(line) - 1, int(np.searchsorted(along, reach)))]
    way = far - line[0] if end == 0 else line[0] - far
    size = float(np.hypot(*way))
    return np.asarray(way / size if size else np.array([1.0, 0.0]))
