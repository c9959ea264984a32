"""One seed for the study, a stream of its own for every item: no result depends on job order."""

import hashlib

import numpy as np


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """Random stream of one named item of the study.

    Parameters
    ----------
    seed : int
        The study's seed.
    *names : str or int
        The item's own name, outermost part first, e.g. ``("train", "theme-03", 17)``.

    Returns
    -------
    numpy.random.Generator
        The same stream for the same seed and names, whatever else was drawn before.
    """
    digest = hashlib.sha256("\x1f".join(map(str, (seed, *names))).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))
