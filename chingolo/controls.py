"""What the judge hears, and what the physics adds: every control measured alike."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chingolo import openset
from chingolo.comparison import Asked, best, measure
from chingolo.notebook import NONE
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.truth import measure_errors, rates_of, sort_evidence
from chingolo.variants import REFERENCE, SINGLE, grid_name

Array = npt.NDArray[np.floating]


def ask(evidence: Array, items: Sequence[Item], panel: Sequence[str], seed: int) -> dict[str, Any]:
    """Accuracy and AUROC with their 95 % intervals, see :func:`chingolo.comparison.measure`.

    Parameters
    ----------
    evidence : ndarray, shape (n, panel)
    items : sequence of Item, length n
        Songs of panel themes and of none of them.
    panel : sequence of str
    seed : int
        The study's seed; every control has the same resamples of the same songs.
    """
    names = [item.song for item in items]
    clusters = [name.rsplit("/", 1)[0] for name in names]
    asked = Asked(names, [item.theme for item in items], clusters, [])
    return measure(best(evidence), asked, panel, generator(seed, "resample", "controls"))


def songs_of(
    items: Sequence[Item], roles: Collection[str], without: Collection[str] = ()
) -> npt.NDArray[np.int64]:
    """Rows of some roles, without some songs."""
    kept = [k for k, i in enumerate(items) if i.role in roles and i.song not in without]
    return np.array(kept, dtype=np.int64)


HEARD = ("query", "unknown")


def as_heard(
    logits: Array,
    items: Sequence[Item],
    panel: Sequence[str],
    seed: int,
    without: Collection[str] = (),
) -> dict[str, Any]:
    """Ask about heard songs, but for those named; see :func:`ask`."""
    rows = songs_of(items, HEARD, without)
    return ask(openset.evidence(logits[:, rows]), [items[k] for k in rows], panel, seed)


def altered(
    logits: Array,
    items: Sequence[Item],
    before: Mapping[str, int],
    panel: Sequence[str],
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Ask about altered songs.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, outputs)
    items : sequence of Item, length n
        Of :func:`chingolo.alterations.altered_items`.
    before : mapping of str to int
        Theme of the panel that each song was named as it was heard.
    panel : sequence of str
    seed : int

    Returns
    -------
    dict of str to dict
        By alteration; with ``moved``, the share of the panel's songs that are now named another theme,
        and its ``moved_interval``.
    """
    out = {}
    for kind in dict.fromkeys(item.role for item in items):
        rows = songs_of(items, (kind,))
        shown = [items[k] for k in rows]
        evidence = openset.evidence(logits[:, rows])
        said = evidence.argmax(axis=1)
        other = [before[item.song] != said[k] for k, item in enumerate(shown) if item.theme != NONE]
        out[kind] = {
            **ask(evidence, shown, panel, seed),
            "moved": float(np.mean(other)) if other else None,
            "moved_interval": list(openset.wilson(sum(other), len(other))) if other else None,
        }
    return out


def one_by_one(
    logits: Array, items: Sequence[Item], panel: Sequence[str], seed: int
) -> dict[str, Any]:
    """Ask each network of an ensemble alone: mean, standard deviation, Student's 95 % interval of the mean."""
    alone = [as_heard(one[None], items, panel, seed) for one in logits]
    out: dict[str, Any] = {"networks": len(alone)}
    for name in ("accuracy", "auroc"):
        values = [one[name] for one in alone if one[name] is not None]
        out[name], out[f"{name}_sd"], out[f"{name}_interval"] = openset.student(values)
    return out


def on_sketches(logits: Array, items: Sequence[Item], false_matches: float) -> dict[str, Any]:
    """Measure a network on sketches, with a threshold of its own.

    Every other sketch of nobody's sets the threshold; the others, and all of the panel's, are judged.

    Parameters
    ----------
    logits : ndarray, shape (networks, n, outputs)
    items : sequence of Item, length n
        One draw or several of each sketch.
    false_matches : float
        Share of foreign sketches that may pass the threshold.
    """
    evidence, truth = sort_evidence(logits, items)
    foreign = np.flatnonzero(truth == NONE)
    limit = openset.threshold(evidence[foreign[0::2]].max(axis=1), false_matches)
    judged = np.setdiff1d(np.arange(len(truth)), foreign[0::2])
    return rates_of(measure_errors(evidence[judged], truth[judged], limit))


def anew(
    heard: tuple[Array, Sequence[Item]],
    sketches: tuple[Array, Sequence[Item]],
    panel: Sequence[str],
    taken: Collection[str],
    false_matches: float,
    seed: int,
) -> dict[str, Any]:
    """Measure a network trained anew.

    Parameters
    ----------
    heard, sketches : tuple of ndarray, shape (networks, n, outputs), and sequence of Item, length n
    panel : sequence of str
    taken : collection of str
        Songs that other such networks were made of.
    false_matches, seed
        As in :func:`on_sketches` and :func:`ask`.

    Returns
    -------
    dict
        ``songs``, ``songs_left`` without those taken, ``sketches``.
    """
    return {
        "songs": as_heard(*heard, panel, seed),
        "songs_left": as_heard(*heard, panel, seed, taken),
        "sketches": on_sketches(*sketches, false_matches),
    }


def gather(
    trained: Mapping[str, Mapping[str, Any]],
    spreads: Sequence[float],
    numbers: Sequence[float],
) -> dict[str, Any]:
    """Arrange the networks trained anew.

    Parameters
    ----------
    trained : mapping of str to mapping
        By the names of :func:`chingolo.variants.variants`: ``songs``, ``songs_left``, ``sketches``,
        ``variant`` and ``per_theme``.
    spreads, numbers : sequence of float

    Returns
    -------
    dict
        ``retrained`` by name; ``grid``, rows of it by spread and number; ``enrolled`` by number of songs,
        or None, each asked about the songs that none of them was made of.
    """
    grid = [
        {
            "spread": spread,
            "number": number,
            "per_theme": trained[grid_name(spread, number)]["per_theme"],
            **trained[grid_name(spread, number)]["songs"],
        }
        for spread in spreads
        for number in numbers
    ]
    more = {
        name: one["variant"]["enrolled"]
        for name, one in trained.items()
        if one["variant"]["enrolled"] > 1
    }
    return {
        "retrained": {
            name: {**trained[name]["songs"], **trained[name]["sketches"]}
            for name in SINGLE
            if name in trained
        },
        "grid": grid,
        "enrolled": {
            str(many): trained[name]["songs_left"] for name, many in {REFERENCE: 1, **more}.items()
        }
        if more
        else None,
    }


def controls(
    heard: tuple[Array, Sequence[Item]],
    changed: tuple[Array, Sequence[Item]],
    pools: Mapping[str, tuple[Array, Sequence[Item]]],
    panel: Sequence[str],
    threshold: float,
    seed: int,
) -> dict[str, Any]:
    """Ask the study's ensemble, as it is, about altered songs and about sketches of several hands.

    Parameters
    ----------
    heard, changed : tuple of ndarray, shape (networks, n, outputs), and sequence of Item, length n
    pools : mapping of str to the same
        Answers to the draws of a pool's sketches, by the hand that drew them.
    panel : sequence of str
    threshold : float
        The ensemble's.
    seed : int

    Returns
    -------
    dict
        ``as_heard``, ``background_only``, ``altered`` by alteration, ``networks``, ``pens``.
    """
    logits, items = heard
    rows = songs_of(items, HEARD)
    said = openset.evidence(logits[:, rows]).argmax(axis=1)
    before = {items[k].song: int(theme) for k, theme in zip(rows, said, strict=True)}
    still = songs_of(items, ("background",))
    return {
        "as_heard": as_heard(logits, items, panel, seed),
        "background_only": ask(
            openset.evidence(logits[:, still]), [items[k] for k in still], panel, seed
        ),
        "altered": altered(*changed, before, panel, seed),
        "networks": one_by_one(logits, items, panel, seed),
        "pens": {
            hand: rates_of(measure_errors(*sort_evidence(*answers), threshold))
            for hand, answers in pools.items()
        },
    }
