"""Themes that should find no match, for notebooks to compare the study's own with.

They are of four kinds. *Species* themes are drawn from the species' statistics; *foreign* themes are noted in
other simulated parks, in every world, as no world has enough real themes that are neither in its panel
nor in its notebook. Both are a pool of themes on their own. *Permuted* and *mirrored* sketches are
variants of the notebook's own: the same notes in another order, or played backwards, upside down, or
both.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from chingolo.config import Simulated
from chingolo.history import simulate_history
from chingolo.likeness import alike, alike_notes
from chingolo.notebook import Sketch
from chingolo.seeds import generator
from chingolo.species import random_theme
from chingolo.themes import Theme, Trill, note_frequency

TRIES = 200
"""Orders of a sketch's notes that are tried for each one wanted."""


def reordered(theme: Theme, order: Sequence[int]) -> Theme:
    """Sing a theme's notes in another order, with the gaps where they were; the trill stays."""
    notes, clock = [], theme.notes[0].onset_s
    ends = [n.onset_s + n.duration_s for n in theme.notes]
    for k, source in enumerate(order):
        note = theme.notes[source]._replace(onset_s=clock)
        notes.append(note)
        if k + 1 < len(order):
            clock += note.duration_s + theme.notes[k + 1].onset_s - ends[k]
    return Theme(tuple(notes), theme.trill)


def backwards(theme: Theme) -> Theme:
    """Play a theme's notes from their last to their first, within the time they took; the trill stays."""
    first = min(n.onset_s for n in theme.notes)
    last = max(n.onset_s + n.duration_s for n in theme.notes)
    notes = [
        n._replace(
            onset_s=first + last - n.onset_s - n.duration_s,
            start_hz=n.end_hz,
            end_hz=n.start_hz,
            bend=-n.bend,
            samples_hz=n.samples_hz[::-1],
            envelope_db=n.envelope_db[::-1],
        )
        for n in theme.notes
    ]
    return Theme(tuple(sorted(notes, key=lambda n: n.onset_s)), theme.trill)


def upside_down(theme: Theme) -> Theme:
    """Turn the notes' pitch about the middle of their range, which they keep; the trill stays."""
    u = np.linspace(0.0, 1.0, 101)
    curves = np.concatenate([note_frequency(n, u) for n in theme.notes])
    both = float(curves.min() + curves.max())
    notes = [
        n._replace(
            start_hz=both - n.start_hz,
            end_hz=both - n.end_hz,
            peak_hz=both - n.peak_hz if n.peak_hz else 0.0,
            samples_hz=tuple(both - f for f in n.samples_hz),
        )
        for n in theme.notes
    ]
    return Theme(tuple(notes), theme.trill)


def permuted(theme: Theme, many: int, rng: np.random.Generator) -> list[Theme]:
    """Themes of the same notes in other orders.

    Parameters
    ----------
    theme : Theme
    many : int
        At most.
    rng : numpy.random.Generator

    Returns
    -------
    list of Theme
        All told apart from the theme and from each other; none for a single note, or for notes that
        are all alike.
    """
    notes = theme.notes
    same = np.array([[alike_notes(a, b) for b in notes] for a in notes], dtype=bool)
    kept = [np.arange(len(notes))]
    for _ in range(many * TRIES if len(notes) > 1 else 0):
        order = rng.permutation(len(notes))
        if not any(same[order, other].all() for other in kept):
            kept.append(order)
            if len(kept) > many:
                break
    return [reordered(theme, order.tolist()) for order in kept[1:]]


def mirrored(theme: Theme, many: int) -> list[Theme]:
    """List the theme upside down, backwards, and both: the first `many` that can be told apart."""
    kept: list[Theme] = []
    for other in (upside_down(theme), backwards(theme), backwards(upside_down(theme))):
        if not any(alike(other, one) for one in (theme, *kept)):
            kept.append(other)
    return kept[:many]


def _with_trill(theme: Theme, trills: Sequence[Trill | None], rng: np.random.Generator) -> Theme:
    trill = trills[int(rng.integers(len(trills)))]
    onset = theme.trill.onset_s if theme.trill else 0.0
    return Theme(theme.notes, trill and trill._replace(onset_s=onset))


def noted_elsewhere(
    trills: Sequence[Trill | None], many: int, settings: Simulated, seed: int
) -> list[Theme]:
    """Themes noted in other simulated parks, one notebook after another, with the panel's trills."""
    themes: list[Theme] = []
    park = 0
    while len(themes) < many:
        rng = generator(seed, "another park", park)
        history = simulate_history(settings, int(rng.integers(2**31)))
        themes += [_with_trill(sketch.theme, trills, rng) for sketch in history.notebook]
        park += 1
    return themes[:many]


def draw_nulls(
    notebook: Sequence[Sketch],
    panel: Mapping[str, Theme],
    many: int,
    settings: Simulated,
    seed: int,
) -> list[Sketch]:
    """Draw the themes of all four kinds.

    Parameters
    ----------
    notebook : sequence of Sketch
    panel : mapping of str to Theme
        Its trills are shared out, so that none gives a theme away.
    many : int
        Themes a kind; of variants, so many for each sketch that they are as many in all, or fewer
        where a sketch has no more.
    settings : Simulated
        Of the other parks.
    seed : int
        The study's seed.

    Returns
    -------
    list of Sketch
        Named ``kind/number``, or ``kind/sketch/number`` for variants.
    """
    trills = [theme.trill for theme in panel.values()]
    found: dict[str, Theme] = {}
    for k in range(many):
        rng = generator(seed, "null", "species", k)
        found[f"species/{k:04d}"] = random_theme(rng, trills[int(rng.integers(len(trills)))])
    each = math.ceil(many / max(1, len(notebook)))
    for sketch in notebook:
        if sketch.theme.notes:
            rng = generator(seed, "null", "permuted", sketch.name)
            for k, theme in enumerate(permuted(sketch.theme, each, rng)):
                found[f"permuted/{sketch.name}/{k}"] = theme
            for k, theme in enumerate(mirrored(sketch.theme, each)):
                found[f"mirrored/{sketch.name}/{k}"] = theme
    for k, theme in enumerate(noted_elsewhere(trills, many, settings, seed)):
        found[f"foreign/{k:04d}"] = theme
    return [Sketch(name, theme, truth="none") for name, theme in found.items()]
