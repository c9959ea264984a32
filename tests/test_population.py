"""The simulated population: the species' statistics, neutral survival, known truth."""

from collections import Counter

import numpy as np
import pytest

from chingolo import population, species, themes
from chingolo.config import Config
from chingolo.persistence import Neutral, neutral_matches, neutral_survival
from chingolo.seeds import generator


def test_themes_have_the_species_statistics():
    drawn = [species.random_theme(generator(k, "theme")) for k in range(3000)]
    notes = Counter(len(t.notes) for t in drawn)
    assert notes[3] / 3000 == pytest.approx(0.585, abs=0.03)
    assert notes[2] / 3000 == pytest.approx(0.278, abs=0.03)
    types = Counter("".join(themes.contour_string(t) for t in drawn))
    total = sum(types.values())
    for kind, share in species.NOTE_TYPES.items():
        assert types[kind] / total == pytest.approx(share, abs=0.03), kind
    every = np.array([(n.start_hz, n.end_hz) for t in drawn for n in t.notes])
    assert every.min() >= species.LOWEST_HZ * 0.9
    assert every.max() <= species.HIGHEST_HZ * 1.01


def test_neutral_copying_survives_as_the_branching_process_says():
    # 2,000 histories of a large population: share in which a theme of k birds is still sung.
    rng = generator(1, "neutral")
    k, generations, birds, invention = 5, 12, 400, 0.02
    alive = 0
    for _ in range(2000):
        singers = np.arange(birds)
        singers[:k] = 0
        unused = birds
        for _ in range(generations):
            singers = population.copy_generation(singers, invention, unused, rng)
            unused = max(unused, int(singers.max()) + 1)
        alive += bool((singers == 0).any())
    expected = neutral_survival(k, generations, invention)
    error = np.sqrt(expected * (1 - expected) / 2000)
    assert alive / 2000 == pytest.approx(expected, abs=4 * error)


def test_the_neutral_expectation_is_what_neutral_histories_give(config: Config):
    # 200 histories of the study's own population: share of noted themes found in today's sample.
    s = config.simulated._replace(burn_in=150)
    model = Neutral(s.birds, s.noted, s.recorded, s.generations, s.invention)
    by_theme, by_birds, expected_theme, expected_birds = [], [], [], []
    for seed in range(200):
        history = population.simulate_history(s, seed)
        matched = np.array([sketch.truth != "none" for sketch in history.notebook])
        birds = np.array([sketch.birds for sketch in history.notebook])
        chance = neutral_matches(birds, model, generator(seed, "chance"), 400)
        by_theme.append(matched.mean())
        by_birds.append((matched * birds).sum() / birds.sum())
        expected_theme.append(chance.mean())
        expected_birds.append((chance * birds).sum() / birds.sum())
    for found, expected in ((by_theme, expected_theme), (by_birds, expected_birds)):
        error = np.std(np.array(found) - np.array(expected)) / np.sqrt(200)
        assert np.mean(found) == pytest.approx(np.mean(expected), abs=4 * error + 0.03)


def test_inventions_never_reuse_a_label():
    rng = generator(2, "labels")
    singers, unused, lost = np.arange(30), 30, set()
    for _ in range(200):
        before = set(singers.tolist())
        singers = population.copy_generation(singers, 0.2, unused, rng)
        unused = max(unused, int(singers.max()) + 1)
        lost |= before - set(singers.tolist())
        assert not lost & set(singers.tolist())


def test_a_history_knows_its_truth(config: Config):
    history = population.simulate_history(config.simulated, 1966)
    assert sum(s.birds for s in history.notebook) == config.simulated.noted
    for sketch in history.notebook:
        assert (sketch.fate == "sung") == (sketch.truth in history.panel)
        if sketch.truth in history.panel:
            today = history.panel[sketch.truth]
            assert len(today.notes) == len(sketch.theme.notes)
            moved = [
                abs(a.start_hz - b.start_hz)
                for a, b in zip(today.notes, sketch.theme.notes, strict=True)
            ]
            assert max(moved) < 6 * config.simulated.drift_hz * config.simulated.generations**0.5
    assert history == population.simulate_history(config.simulated, 1966)
    assert history != population.simulate_history(config.simulated, 1967)
