"""What a job may ask a cluster for: more at every attempt."""

from collections.abc import Callable


def growing(first: int) -> Callable[[object, int], int]:
    """Ask for so much, twice as much at the second attempt, and so on.

    Parameters
    ----------
    first : int
        MB of memory, or minutes.

    Returns
    -------
    callable
        As Snakemake calls it: ``(wildcards, attempt)``, the first attempt being 1.
    """

    def asked(_wildcards: object, attempt: int) -> int:
        return first * attempt

    return asked
