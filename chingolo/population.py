"""A population of birds that copy each other's themes: the simulated world, with known truth.

A first, plain model: every generation each male takes the theme of a bird drawn at random from the
generation before (neutral copying), with a small chance of inventing one; a theme's notes drift a
little with every copy; all share the local trill.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Simulated
from chingolo.seeds import generator
from chingolo.themes import Note, Theme, Trill

NOTES_PER_THEME = {1: 0.005, 2: 0.276, 3: 0.580, 4: 0.130, 5: 0.008, 7: 0.001}
"""Share of themes by number of notes, 1,764 birds (Handford & Lougheed 1991, Condor 93:644)."""

NOTE_TYPES = {"L": 0.159, "R": 0.320, "F": 0.398, "A": 0.114}
"""Share of level, rising, falling and rising-falling notes; same source."""

LOWEST_HZ, HIGHEST_HZ = 2270.0, 8800.0
"""Frequency range of themes; same source."""

LOCAL_TRILL = Trill(0.0, count=9, step_s=0.062, duration_s=0.038, start_hz=6500.0, end_hz=3600.0)
"""The simulated park's trill: rate and range as in the species' public recordings (our choice)."""


class Sketch(NamedTuple):
    """One entry of a notebook.

    Attributes
    ----------
    name : str
    theme : Theme
        As drawn.
    birds : int
        Birds noted singing it.
    truth : str or None
        Panel theme it is, ``"none"`` if today's panel lacks it, None if unknown.
    fate : str
        ``"sung"``, ``"sung, not recorded"`` or ``"lost"`` by 2020; empty if unknown.
    """

    name: str
    theme: Theme
    birds: int = 1
    truth: str | None = None
    fate: str = ""


class History(NamedTuple):
    """What the observers of both years bring home."""

    panel: dict[str, Theme]
    notebook: list[Sketch]


def random_note(onset_s: float, kind: str, rng: np.random.Generator) -> Note:
    """Draw a note of a given type from the species' ranges."""
    length = rng.uniform(0.20, 0.42)
    centre = rng.normal(4900.0, 650.0)
    sweep = float(np.clip(rng.lognormal(np.log(1300.0), 0.45), 500.0, 3500.0))
    low, high = (
        float(np.clip(centre + half * sweep, LOWEST_HZ, HIGHEST_HZ)) for half in (-0.5, 0.5)
    )
    if kind == "L":
        f = float(np.clip(centre, LOWEST_HZ, HIGHEST_HZ))
        return Note(onset_s, length, f, f * rng.uniform(0.98, 1.02))
    if kind == "A":
        end = low * rng.uniform(0.9, 1.1)
        return Note(onset_s, length, low, end, "arc", peak_hz=high)
    start, end = (low, high) if kind == "R" else (high, low)
    if rng.random() < 0.5:
        return Note(onset_s, length, start, end)
    return Note(onset_s, length, start, end, "exponential", bend=float(rng.uniform(0.5, 3.0)))


def random_theme(rng: np.random.Generator, trill: Trill | None = LOCAL_TRILL) -> Theme:
    """Draw a theme from the species' statistics.

    Parameters
    ----------
    rng : numpy.random.Generator
    trill : Trill or None
        Appended after the last note.

    Returns
    -------
    Theme
    """
    counts = np.array(list(NOTES_PER_THEME.values()))
    shares = np.array(list(NOTE_TYPES.values()))
    n = int(rng.choice(list(NOTES_PER_THEME), p=counts / counts.sum()))
    notes: list[Note] = []
    clock = 0.0
    for kind in rng.choice(list(NOTE_TYPES), size=n, p=shares / shares.sum()):
        note = random_note(clock, str(kind), rng)
        level = float(min(0.0, rng.normal(-2.0, 2.0)))
        notes.append(note._replace(level_db=level))
        gap = float(np.clip(rng.lognormal(np.log(0.07), 0.5), 0.02, 0.16))
        clock = note.onset_s + note.duration_s + gap
    return Theme(tuple(notes), trill and trill._replace(onset_s=clock))


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
