"""The simulated world: a park's songs from 1966 to 2020, what two observers bring home, and the truth."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Simulated
from chingolo.notebook import Sketch
from chingolo.population import TERRITORY_M, Habits, Labels, Park, live, settle
from chingolo.seeds import generator
from chingolo.species import HIGHEST_HZ, LOWEST_HZ, NOTES_PER_THEME, random_theme
from chingolo.themes import Theme

Array = npt.NDArray[np.float64]

ERRORS = 4
"""Errors a note: of its start, end and peak frequency, and of its length."""

CHANGED_PITCH, CHANGED_LENGTH = 3 * 0.014, 3 * 0.054
"""Mean difference of the notes, as shares, beyond which a theme counts as changed: three standard
deviations of what one bird varies between songs (``songs/variation.json`` of the default study)."""


class History(NamedTuple):
    """What the observers of both years bring home, and what only the simulation knows.

    Attributes
    ----------
    panel : dict of str to Theme
        Themes of the birds recorded in the last year, commonest first: each as the first of them sang.
    heard : dict of str to Theme
        The versions of all other birds recorded, as ``today-03/bird-2``.
    notebook : list of Sketch
        Themes of the birds noted in the first year, commonest first, each as the first of them sang.
    park : Park
    themes : ndarray of int, shape (years + 1, birds)
        Label of every bird's theme, see :func:`chingolo.population.live`.
    noted, recorded : ndarray of int
        Birds noted in the first year, and recorded in the last.
    labels : dict of str to int
        Label of every theme of the panel and every sketch.
    origins : dict of str to str
        Of the themes of the panel: ``"sung before"`` if any bird of the park sang it in the first year,
        else ``"invented"`` or ``"immigrant"``.
    """

    panel: dict[str, Theme]
    heard: dict[str, Theme]
    notebook: list[Sketch]
    park: Park
    themes: Labels
    noted: Labels
    recorded: Labels
    labels: dict[str, int]
    origins: dict[str, str]


def habits_of(settings: Simulated) -> Habits:
    """Take the birds' habits from the configuration."""
    return Habits(
        settings.survival,
        settings.dispersal_m / TERRITORY_M,
        settings.neighbours,
        settings.conformity,
        settings.invention,
        settings.immigration,
    )


def run(
    park: Park,
    settings: Simulated,
    dimensions: int,
    culture: np.random.Generator,
    slips: np.random.Generator,
) -> tuple[Labels, Array, Array]:
    """Let a park live from the burn-in, which every bird begins with a theme of his own, to the end.

    Parameters
    ----------
    park : Park
    settings : Simulated
    dimensions : int
        Of the versions; 0 follows labels only.
    culture, slips : numpy.random.Generator
        See :func:`chingolo.population.live`.

    Returns
    -------
    themes : ndarray of int, shape (years + 1, birds)
        From the first to the last year, both included.
    then, now : ndarray, shape (birds, dimensions)
        Versions in the first and in the last year.
    """
    birds, habits = settings.birds, habits_of(settings)
    before = np.empty((settings.burn_in + 1, birds), np.int64)
    before[0] = np.arange(birds)
    now = np.zeros((birds, dimensions))
    unused = live(park, habits, before, now, birds, culture, slips)
    then = now.copy()
    themes = np.empty((settings.last_year - settings.first_year + 1, birds), np.int64)
    themes[0] = before[-1]
    live(park, habits, themes, now, unused, culture, slips)
    return themes, then, now


def sung(theme: Theme, errors: Array, hz: float, seconds: float) -> Theme:
    """Sing a theme with the errors of all copies since it was invented.

    Parameters
    ----------
    theme : Theme
    errors : ndarray, shape (dimensions,)
        Standard-normal sums, :data:`ERRORS` a note.
    hz, seconds : float
        What a copy errs by, standard deviations.
    """
    notes, moved = [], 0.0
    for note, slip in zip(theme.notes, errors.reshape(-1, ERRORS), strict=False):
        anchors = np.array([note.start_hz, note.end_hz, note.peak_hz]) + hz * slip[:3]
        start, end, peak = (float(f) for f in np.clip(anchors, LOWEST_HZ, HIGHEST_HZ))
        samples = np.array(note.samples_hz)
        samples = samples + np.linspace(hz * slip[0], hz * slip[1], samples.size)
        length = max(0.08, note.duration_s + seconds * float(slip[3]))
        notes.append(
            note._replace(
                onset_s=note.onset_s + moved,
                duration_s=length,
                start_hz=start,
                end_hz=end,
                peak_hz=peak if note.peak_hz else 0.0,
                samples_hz=tuple(float(f) for f in np.clip(samples, LOWEST_HZ, HIGHEST_HZ)),
            )
        )
        moved += length - note.duration_s
    trill = theme.trill and theme.trill._replace(onset_s=theme.trill.onset_s + moved)
    return Theme(tuple(notes), trill)


def changed(then: Theme, now: Theme) -> bool:
    """Whether a theme's notes have moved by more than what one bird varies between songs.

    Parameters
    ----------
    then, now : Theme
        Of as many notes.
    """

    def measures(theme: Theme) -> Array:
        return np.array([(0.5 * (n.start_hz + n.end_hz), n.duration_s) for n in theme.notes])

    pitch, length = np.abs(measures(now) / measures(then) - 1.0).mean(axis=0)
    return bool(pitch > CHANGED_PITCH or length > CHANGED_LENGTH)


def simulate_history(settings: Simulated, seed: int) -> History:
    """Simulate the park from before the first year to the last, and what the two observers bring home.

    Parameters
    ----------
    settings : Simulated
    seed : int
        The study's seed.

    Returns
    -------
    History
    """
    park = settle(settings.birds, generator(seed, "territories"))
    dimensions = ERRORS * max(NOTES_PER_THEME)
    streams = generator(seed, "population"), generator(seed, "copying errors")
    themes, then, now = run(park, settings, dimensions, *streams)
    noted = observe(settings.birds, settings.noted, generator(seed, "observed", "first year"))
    recorded = observe(settings.birds, settings.recorded, generator(seed, "observed", "last year"))

    def version(label: int, errors: Array) -> Theme:
        invented = random_theme(generator(seed, "invented theme", abs(label)))
        return sung(invented, errors, settings.drift_hz, settings.drift_s)

    panel: dict[str, Theme] = {}
    heard: dict[str, Theme] = {}
    labels: dict[str, int] = {}
    origins: dict[str, str] = {}
    for k, (label, singers) in enumerate(commonest_first(recorded, themes[-1])):
        name = f"today-{k + 1:02d}"
        labels[name] = label
        panel[name] = version(label, now[singers[0]])
        heard |= {f"{name}/bird-{j + 2}": version(label, now[b]) for j, b in enumerate(singers[1:])}
        known = bool((themes[0] == label).any())
        origins[name] = "sung before" if known else "immigrant" if label < 0 else "invented"
    today = {label: name for name, label in labels.items()}
    notebook = []
    for k, (label, singers) in enumerate(commonest_first(noted, themes[0])):
        theme = version(label, then[singers[0]])
        truth = today.get(label, "none")
        if truth in panel:
            fate = "sung, changed" if changed(theme, panel[truth]) else "sung"
        else:
            fate = "sung, not recorded" if (themes[-1] == label).any() else "lost"
        name = f"sketch-{k + 1:02d}"
        labels[name] = label
        notebook.append(Sketch(name, theme, len(singers), truth, fate))
    return History(panel, heard, notebook, park, themes, noted, recorded, labels, origins)


def survival_by_count(
    settings: Simulated, histories: int, rng: np.random.Generator
) -> tuple[Labels, Labels]:
    """Count in many cheap histories which themes are left, by the birds that sang them at first.

    Parameters
    ----------
    settings : Simulated
    histories : int
        Each of a park of its own, from the burn-in on.
    rng : numpy.random.Generator

    Returns
    -------
    themes, alive : ndarray of int, shape (birds + 1,)
        Themes that k birds sang in the first year, and those of them that any sings in the last.
    """
    number = np.zeros(settings.birds + 1, np.int64)
    alive = np.zeros_like(number)
    for _ in range(histories):
        years, _, _ = run(settle(settings.birds, rng), settings, 0, rng, rng)
        labels, singers = np.unique(years[0], return_counts=True)
        np.add.at(number, singers, 1)
        np.add.at(alive, singers, np.isin(labels, years[-1]))
    return number, alive


def observe(birds: int, many: int, rng: np.random.Generator) -> Labels:
    """Choose the birds that an observer comes upon: a simple random sample without replacement."""
    return rng.choice(birds, min(many, birds), replace=False)


def commonest_first(birds: Labels, themes: Labels) -> Sequence[tuple[int, list[int]]]:
    """List themes of some birds with their singers, in the order of the birds; commonest first."""
    singers: dict[int, list[int]] = {}
    for bird in birds.tolist():
        singers.setdefault(int(themes[bird]), []).append(bird)
    return sorted(singers.items(), key=lambda item: (-len(item[1]), item[0]))
