"""Tests of results: what must hold in any build, whatever the songs."""

from collections.abc import Mapping, Sequence
from typing import Any

from chingolo.persistence import Ruling


def verify(
    numbers: Mapping[str, Mapping[str, Any]], rulings: Mapping[str, Sequence[Ruling]]
) -> str:
    """Check that results do not contradict themselves.

    Parameters
    ----------
    numbers : mapping
        Of :func:`chingolo.numbers.collect`.
    rulings : mapping of str to sequence of Ruling
        Verdicts by world.

    Returns
    -------
    str
        One line a check.

    Raises
    ------
    ValueError
        A check failed: the paper must not be made of such results.
    """
    value = {key: entry["value"] for key, entry in numbers.items()}
    checks = {}
    for world, verdicts in rulings.items():
        matched = sum(ruling.verdict != "none" for ruling in verdicts)
        checks[f"{world}: verdicts and persistence count the same sketches"] = (
            value[f"{world}.persistence.by_count.n"] == len(verdicts)
            and value[f"{world}.persistence.by_count.matched"] == matched
        )
        checks[f"{world}: probabilities, p and q lie within 0 and 1, and q >= p"] = all(
            0 <= r.probability <= 1 and 0 < r.p <= r.q <= 1 for r in verdicts
        )
        checks[f"{world}: a verdict other than none is the nearest theme"] = all(
            r.verdict in ("none", r.nearest) for r in verdicts
        )
    failed = [text for text, holds in checks.items() if not holds]
    if failed:
        raise ValueError("results contradict themselves: " + "; ".join(failed))
    return "".join(f"holds: {text}\n" for text in checks)
