"""A population of birds that copy each other's themes: the simulated world, with known truth.

A first, plain model: every generation each male takes the theme of a bird drawn at random from the
generation before (neutral copying), with a small chance of inventing one; a theme's notes drift a
little with every copy; all share the local trill.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Simulated
from chingolo.notebook import Sketch
from chingolo.seeds import generator
from chingolo.species import HIGHEST_HZ, LOWEST_HZ, random_theme
from chingolo.themes import Theme


class History(NamedTuple):
    """What the observers of both years bring home."""

    panel: dict[str, Theme]
    notebook: list[Sketch]


def drift(theme: Theme, hz: float, seconds: float, rng: np.random.Generator) -> Theme:
    """Copy a theme with small errors in every note's frequencies and length."""
    notes, moved = [], 0.0
    for note in theme.notes:
        df = hz * rng.standard_normal(3)
        length = max(0.08, note.duration_s + seconds * float(rng.standard_normal()))
        ends = np.clip(np.array(note[2:4]) + df[:2], LOWEST_HZ, HIGHEST_HZ)
        peak = float(np.clip(note.peak_hz + df[2], LOWEST_HZ, HIGHEST_HZ)) if note.peak_hz else 0.0
        notes.append(
            note._replace(
                onset_s=note.onset_s + moved,
                duration_s=length,
                start_hz=float(ends[0]),
                end_hz=float(ends[1]),
                peak_hz=peak,
            )
        )
        moved += length - note.duration_s
    trill = theme.trill and theme.trill._replace(onset_s=theme.trill.onset_s + moved)
    return Theme(tuple(notes), trill)


def copy_generation(
    singers: npt.NDArray[np.int64], invention: float, unused: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """One turnover: each bird copies one at random, or invents.

    Parameters
    ----------
    singers : ndarray of int, shape (birds,)
        Theme label of every bird.
    invention : float
        Chance of a new label.
    unused : int
        First label that no theme, living or lost, ever had.

    Returns
    -------
    ndarray of int, shape (birds,)
    """
    learnt = singers[rng.integers(0, singers.size, singers.size)]
    inventing = rng.random(singers.size) < invention
    learnt[inventing] = unused + np.arange(inventing.sum())
    return learnt


def simulate_history(settings: Simulated, seed: int) -> History:
    """Simulate the park from before 1966 to 2020, and what the two observers note.

    Parameters
    ----------
    settings : Simulated
    seed : int
        The study's seed.

    Returns
    -------
    History
        Panel: themes of the birds recorded in 2020, commonest first. Notebook: themes of the birds
        noted in 1966 as sung, commonest first, with their truth.
    """
    rng = generator(seed, "population")
    birds = np.arange(settings.birds, dtype=np.int64)
    then, unused = birds, settings.birds
    for generation in range(settings.burn_in + settings.generations):
        if generation == settings.burn_in:
            then = birds
        birds = copy_generation(birds, settings.invention, unused, rng)
        unused = max(unused, int(birds.max()) + 1)
    now = birds
    noted = rng.choice(then, min(settings.noted, then.size), replace=False)
    recorded = rng.choice(now, min(settings.recorded, now.size), replace=False)

    def theme_of(label: int, generations: int) -> Theme:
        theme = random_theme(generator(seed, "invented theme", label))
        errors = generator(seed, "drift", label)
        for _ in range(generations):
            theme = drift(theme, settings.drift_hz, settings.drift_s, errors)
        return theme

    panel_labels = _commonest_first(recorded)
    names = {label: f"today-{k + 1:02d}" for k, (label, _) in enumerate(panel_labels)}
    panel = {
        name: theme_of(label, settings.generations if label in then else 0)
        for label, name in names.items()
    }
    notebook = []
    for k, (label, singers) in enumerate(_commonest_first(noted)):
        alive = bool((now == label).any())
        fate = "sung" if label in names else "sung, not recorded" if alive else "lost"
        truth = names.get(label, "none")
        notebook.append(Sketch(f"page-{k + 1:02d}", theme_of(label, 0), singers, truth, fate))
    return History(panel, notebook)


def _commonest_first(labels: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    values, counts = np.unique(labels, return_counts=True)
    order = np.lexsort((values, -counts))
    return [(int(values[k]), int(counts[k])) for k in order]
