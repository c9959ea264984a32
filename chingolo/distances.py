"""Distances between songs in the metric, all pairs at once."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.float32]

BLOCK = 2048
"""Songs compared at a time, so that what is between is never larger than the answer."""


def all_pairs(a: Places, b: Places, geometry: str = "euclidean") -> npt.NDArray[np.float32]:
    """Distances of all pairs, as matrix products: the root of the mean square over networks.

    Parameters
    ----------
    a, b : ndarray of float32, shape (networks, n, dimensions) and (networks, m, dimensions)
        Of :func:`chingolo.metric.embed`.
    geometry : str
        ``"euclidean"``, or ``"poincare"``: arcosh(1 + 2 |u - v|^2 / ((1 - |u|^2) (1 - |v|^2))).

    Returns
    -------
    ndarray of float32, shape (n, m)
    """
    out = np.zeros((a.shape[1], b.shape[1]), np.float32)
    for one, other in zip(a, b, strict=True):
        far = np.einsum("md,md->m", other, other)
        for first in range(0, len(one), BLOCK):
            rows = slice(first, first + BLOCK)
            near = np.einsum("nd,nd->n", one[rows], one[rows])[:, None]
            apart = np.maximum(near + far - 2.0 * (one[rows] @ other.T), 0.0)
            if geometry == "poincare":
                apart = np.square(np.arccosh(1.0 + 2.0 * apart / ((1.0 - near) * (1.0 - far))))
            out[rows] += apart
    out /= len(a)
    return np.asarray(np.sqrt(out, out=out))
