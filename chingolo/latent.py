"""Latent pictures: what a network sees of songs and sketches, in two dimensions.

The second view is UMAP's (McInnes, Healy and Melville 2018, doi 10.48550/arXiv.1802.03426).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from umap import UMAP

from chingolo.config import Domains
from chingolo.probing import DRAWN, HEARD, SONGS, SUNG
from chingolo.seeds import generator

Array = npt.NDArray[np.floating]


def pictures_in_two(
    features: Mapping[str, Array], settings: Domains, seed: int
) -> dict[str, npt.NDArray[np.float32]]:
    """Lay features out in two dimensions, before the sketches are sung and after.

    Parameters
    ----------
    features : mapping of str to ndarray, shape (n, features)
        By kind.
    settings : Domains
    seed : int
        The study's.

    Returns
    -------
    dict of str to ndarray, shape (n, 2)
        Named ``<before or after>_<pca or umap>_<kind>``; each view is fitted to what it shows.
    """
    out = {}
    for when, sketches in (("before", DRAWN), ("after", SUNG)):
        kinds = (SONGS, sketches, HEARD)
        stacked = np.concatenate([features[kind] for kind in kinds]).astype(np.float64)
        cuts = np.cumsum([len(features[kind]) for kind in kinds])[:-1]
        near = min(settings.neighbours, len(stacked) - 1)
        state = int(generator(seed, "umap").integers(2**31))
        views = {
            "pca": PCA(2, svd_solver="full").fit_transform(stacked),
            "umap": UMAP(n_neighbors=near, random_state=state, n_jobs=1).fit_transform(stacked),
        }
        for view, points in views.items():
            for kind, part in zip(kinds, np.split(points, cuts), strict=True):
                out[f"{when}_{view}_{kind}"] = part.astype(np.float32)
    return out
