"""Whether the notebook finds more matches than notebooks that should find none, see :mod:`~.nulls`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import openset
from chingolo.seeds import generator

Array = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

KINDS = ("species", "permuted", "mirrored", "foreign")
OF_SKETCHES = ("permuted", "mirrored")
"""Kinds that are variants of the notebook's own sketches."""


class Kind(NamedTuple):
    """The notebook beside null notebooks of one kind.

    Attributes
    ----------
    themes, matched : int
        Of the kind, and those of them that found a match.
    share : float or None
    interval : tuple of float, or None
        95 %, Wilson's; None for variants, several of which are of one sketch.
    sketches, observed : int
        Of the notebook, without those that have no variant; and those of them that found a match.
    expected : float or None
        Mean matches of a null notebook of as many sketches.
    range : tuple of float, or None
        95 % of null notebooks lie within.
    p : float or None
        Chance of as many matches, if the notebook's sketches were themes of this kind like the others:
        the notebook's own answers are shuffled among the null ones (a permutation test, valid however
        few themes there are).
    p_pool : float or None
        The same with null notebooks of null themes alone: what the null share says, if it were exact.
    """

    themes: int
    matched: int
    share: float | None
    interval: tuple[float, float] | None
    sketches: int
    observed: int
    expected: float | None
    range: tuple[float, float] | None
    p: float | None
    p_pool: float | None


def _origin(name: str) -> str:
    """Sketch that a null theme is a variant of; empty for a theme of its own."""
    return name.partition("/")[2].rpartition("/")[0]


def pool_counts(hits: int, themes: int, size: int, many: int, rng: np.random.Generator) -> Ints:
    """Count matches of notebooks of `size` themes of a pool, which holds as many or is drawn from again."""
    if size <= themes:
        return rng.hypergeometric(hits, themes - hits, size, many)
    return rng.binomial(size, hits / themes, many)


def variant_counts(share: Array, many: int, rng: np.random.Generator) -> Ints:
    """Count matches of notebooks of a variant of each sketch, by the share that matches; shape (many,)."""
    return np.asarray((rng.random((many, share.size)) < share).sum(axis=1))


def chance_of(observed: int, counts: Ints) -> float:
    """(1 + hits) / (1 + draws) (Phipson & Smyth 2010)."""
    return float((1 + (counts >= observed).sum()) / (1 + counts.size))


def compare(
    names: Sequence[str],
    matched: npt.NDArray[np.bool_],
    notebook: Mapping[str, bool],
    many: int,
    rng: np.random.Generator,
) -> tuple[Kind, Ints]:
    """Set the notebook's matches beside those of null notebooks of one kind.

    Parameters
    ----------
    names : sequence of str, length m
        Null themes of this kind, see :func:`chingolo.nulls.draw_nulls`.
    matched : ndarray of bool, shape (m,)
        Which of them the judge matched with a theme of the panel.
    notebook : mapping of str to bool
        Whether it matched each sketch.
    many : int
        Null notebooks.
    rng : numpy.random.Generator

    Returns
    -------
    Kind
    counts : ndarray of int, shape (many,)
        Matches of every null notebook; empty where there is nothing to compare.
    """
    origins = np.array([_origin(name) for name in names])
    hits = int(matched.sum())
    variants = bool(origins.size) and bool(origins[0])
    own = [s for s in notebook if s in set(origins.tolist())] if variants else list(notebook)
    observed = sum(notebook[s] for s in own)
    if not names or not own:
        share = hits / len(names) if names else None
        nothing = Kind(len(names), hits, share, None, len(own), observed, None, None, None, None)
        return nothing, np.zeros(0, np.int64)
    if variants:
        of = np.array([matched[origins == s].sum() for s in own])
        each = np.array([(origins == s).sum() for s in own])
        counts = variant_counts(of / each, many, rng)
        truly = np.array([notebook[s] for s in own])
        shuffled = variant_counts((of + truly) / (each + 1), many, rng)
        interval = None
    else:
        counts = pool_counts(hits, len(names), len(own), many, rng)
        everything = hits + observed, len(names) + len(own)
        shuffled = pool_counts(*everything, len(own), many, rng)
        interval = openset.wilson(hits, len(names))
    low, high = np.quantile(counts, (0.025, 0.975)).tolist()
    kind = Kind(
        len(names),
        hits,
        hits / len(names),
        interval,
        len(own),
        observed,
        float(counts.mean()),
        (low, high),
        chance_of(observed, shuffled),
        chance_of(observed, counts),
    )
    return kind, counts


def judge_nulls(
    names: Sequence[str],
    logits: Array,
    draws: Sequence[str],
    notebook: Mapping[str, bool],
    threshold: float,
    many: int,
    seed: int,
) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Judge null themes as the notebook was, and set it beside each kind.

    Parameters
    ----------
    names : sequence of str, length m
        Null themes.
    logits : ndarray, shape (networks, n, outputs)
        Answers to every draw of every one of them.
    draws : sequence of str, length n
        Null theme of each draw.
    notebook : mapping of str to bool
        Whether the judge matched each sketch.
    threshold : float
    many : int
        Null notebooks of each kind.
    seed : int
        The study's seed.

    Returns
    -------
    comparisons : dict
        :class:`Kind`, as a dict, by kind; and ``of_foreign_birds``, where the themes of other parks are
        the notebook, beside random themes of the species.
    arrays : dict
        ``names``, ``scores``, and the counts of the null notebooks by kind.
    """
    score = openset.evidence(openset.by_song(logits, draws, names)).max(axis=1)
    kind = np.array([name.partition("/")[0] for name in names])
    comparisons: dict[str, Any] = {}
    arrays: dict[str, npt.NDArray[Any]] = {"names": np.array(names, dtype=str), "scores": score}
    for name in KINDS:
        rows = np.flatnonzero(kind == name)
        rng = generator(seed, "null notebooks", name)
        own = [names[int(k)] for k in rows]
        # No variants: no sketch has any, and none is compared.
        beside = notebook if own or name not in OF_SKETCHES else {}
        found, arrays[name] = compare(own, score[rows] > threshold, beside, many, rng)
        comparisons[name] = found._asdict()
    matched = dict(zip(names, (score > threshold).tolist(), strict=True))
    strangers = {name: yes for name, yes in matched.items() if name.startswith("foreign/")}
    species = [name for name in names if name.startswith("species/")]
    rng = generator(seed, "null notebooks", "of foreign birds")
    passed = np.array([matched[name] for name in species], dtype=bool)
    comparisons["of_foreign_birds"] = compare(species, passed, strangers, many, rng)[0]._asdict()
    return comparisons, arrays
