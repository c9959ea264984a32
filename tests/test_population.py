"""The simulated park: the species' statistics, neutral survival, conformity, places, known truth."""

import itertools
from collections import Counter

import numpy as np
import pytest

from chingolo import corpora, history, population, species, themes
from chingolo.config import Config
from chingolo.persistence import Neutral, neutral_matches, neutral_survival, survival_table
from chingolo.population import Habits
from chingolo.seeds import generator

MIXED = 1e4
"""Reach, in sides of a territory, that wraps around any park here many times: well mixed."""

NEUTRAL = Habits(0.5, MIXED, 3, 1.0, 0.0, 0.0)


def lived(
    start: np.ndarray, years: int, habits: Habits, seed: int, dimensions: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Let birds live from given themes on; labels of all years, versions of the last."""
    park = population.settle(start.size, generator(seed, "territories"))
    labels = np.empty((years + 1, start.size), np.int64)
    labels[0] = start
    versions = np.zeros((start.size, dimensions))
    unused = int(np.abs(start).max()) + 1
    streams = generator(seed, "culture"), generator(seed, "slips")
    population.live(park, habits, labels, versions, unused, *streams)
    return labels, versions


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


FOUNDERS = np.array([1, 2, 5, 10, 20])
HISTORIES = 10_000

SPANS = {
    "27 generations": (0.0, 27, 0.0),
    "27 generations, 1.85 % lost": (0.0, 27, 0.0185),
    "18 generations": (0.0, 18, 0.0),
    "18 generations, 1.85 % lost": (0.0, 18, 0.0185),
    "54 years of 2 a generation": (1 / 2, 54, 0.0),
    "54 years of 2 a generation, 1.85 % lost": (1 / 2, 54, 0.0185),
    "54 years of 3 a generation": (2 / 3, 54, 0.0),
    "54 years of 3 a generation, 1.85 % lost": (2 / 3, 54, 0.0185),
}


@pytest.mark.parametrize(("survival", "years", "loss"), SPANS.values(), ids=SPANS)
def test_neutral_copying_survives_as_the_branching_process_says(
    survival: float, years: int, loss: float
):
    # In 100 parks of 3,800 birds every bird belongs to a founder class that is followed: 100 classes
    # of 1, of 2, of 5, of 10, of 20 in each, 10,000 histories of every size. The closed form is that of
    # an endless park. In one of N birds a line of m competes with itself for m/N of the vacancies; at
    # N = 3,800 that lifts the chances by 0.0012 at most (10^6 binomial histories), a quarter of the
    # Monte-Carlo error. Classes of one park, which compete, depend on each other by 1/N.
    sizes = np.tile(FOUNDERS, 100)
    start = np.repeat(np.arange(sizes.size), sizes)
    alive = np.zeros(FOUNDERS.size)
    for park in range(HISTORIES // 100):
        habits = NEUTRAL._replace(survival=survival, invention=loss)
        labels, _ = lived(start, years, habits, 7000 + park)
        left = np.isin(np.arange(sizes.size), labels[-1])
        alive += left.reshape(100, -1).sum(axis=0)
    for k, found in zip(FOUNDERS, alive / HISTORIES, strict=True):
        expected = neutral_survival(int(k), years, loss, survival)
        error = np.sqrt(expected * (1 - expected) / HISTORIES)
        print(
            f"k={k}: {found:.4f}, closed form {expected:.4f}, {(found - expected) / error:+.1f} se"
        )
        assert found == pytest.approx(expected, abs=3.5 * error), k


def test_invention_and_immigration_are_lost_copies_alike():
    start = np.arange(400)
    habits = NEUTRAL._replace(survival=0.0, invention=0.1, immigration=0.2)
    labels, _ = lived(start, 50, habits, 1)
    new = np.array([~np.isin(now, before) for before, now in itertools.pairwise(labels)])
    assert new.mean() == pytest.approx(1 - 0.9 * 0.8, abs=0.02)
    assert (labels[1:] < 0)[new].mean() == pytest.approx(0.2 / 0.28, abs=0.02)


def test_a_line_of_copies_carries_the_errors_of_all_its_copies():
    habits = NEUTRAL._replace(survival=0.6)
    labels, versions = lived(np.arange(900), 40, habits, 3, dimensions=28)
    # A line is copied with the chance 0.4 a year.
    assert versions.var() == pytest.approx(40 * 0.4, rel=0.15)
    alone, _ = lived(np.arange(900), 40, habits, 3)
    assert np.array_equal(labels, alone)  # the errors change nobody's choice
    fresh, versions = lived(np.arange(400), 1, NEUTRAL._replace(survival=0.0, invention=1.0), 1, 4)
    assert fresh[-1].min() >= 400
    assert not versions.any()


def test_conformity_lets_the_common_survive_and_the_rare_vanish():
    start = np.concatenate([np.arange(114), np.full(30, 200)])

    def left(conformity: float) -> tuple[float, float]:
        habits = NEUTRAL._replace(conformity=conformity, invention=0.02)
        ends = [lived(start, 54, habits, seed)[0][-1] for seed in range(150)]
        rare = np.mean([np.isin(np.arange(114), end).mean() for end in ends])
        common = np.mean([(end == 200).any() for end in ends])
        return float(rare), float(common)

    neutral, barely, conformist = left(1.0), left(1.0 + 1e-9), left(1.25)
    assert barely == pytest.approx(neutral, abs=0.1)  # the two ways to choose agree
    assert conformist[1] > neutral[1] + 0.1
    assert conformist[0] < neutral[0] / 2


def test_a_conformist_takes_a_theme_of_n_birds_with_the_weight_n_to_the_conformity():
    sung = np.array([0, 0, 0, 1, 1, 2, 3, 4, 5])
    chances = (np.arange(100_000) + 0.5) / 100_000
    chosen = [population.conform(sung, np.arange(9), 2.0, chance) for chance in chances]
    share = np.bincount(sung[np.array(chosen)], minlength=6) / len(chosen)
    assert share == pytest.approx(np.array([9, 4, 1, 1, 1, 1]) / 17, abs=1e-4)


def test_neighbours_share_themes_where_birds_do_not_move_far():
    def joins(reach: float) -> float:
        """Share of neighbours, along the rows, that sing the same, over that of any two birds."""
        ratio = []
        for seed in range(20):
            habits = NEUTRAL._replace(reach=reach, invention=0.02)
            end = lived(np.arange(400), 300, habits, seed)[0][-1].reshape(20, 20)
            _, n = np.unique(end, return_counts=True)
            ratio.append((end == np.roll(end, 1, axis=1)).mean() / ((n / 400) ** 2).sum())
        return float(np.mean(ratio))

    assert joins(MIXED) == pytest.approx(1.0, abs=0.15)
    assert joins(0.5) > 2.0
    assert joins(0.5) > joins(3.0) > joins(MIXED)


def test_edges_are_joined():
    # Birds that learn at home from their neighbours alone: one bird's theme reaches only the 9 around.
    park = population.settle(100, generator(1))
    assert (park.rows, park.columns) == (10, 10)
    assert population.settle(180, generator(1))[:2] == (12, 15)
    reached = np.zeros(100, bool)
    for seed in range(200):
        habits = NEUTRAL._replace(survival=0.0, reach=0.0)
        labels, _ = lived(np.where(np.arange(100) == 0, 7, 3), 1, habits, seed)
        reached |= labels[-1] == 7
    assert set(np.flatnonzero(reached)) == {0, 1, 9, 10, 11, 19, 90, 91, 99}


def test_labels_never_come_back():
    habits = Habits(0.3, 2.0, 3, 1.0, 0.1, 0.1)
    labels, _ = lived(np.arange(36), 300, habits, 2)
    lost: set[int] = set()
    newest = 35
    for before, now in itertools.pairwise(labels):
        lost |= set(before.tolist()) - set(now.tolist())
        assert not lost & set(now.tolist())
        born = np.abs(now[~np.isin(now, before)])
        assert len(set(born.tolist())) == born.size
        assert (born > newest).all()
        newest = max(newest, int(born.max(initial=0)))


def test_a_seed_gives_one_history_whatever_else_is_drawn(config: Config):
    s = config.simulated._replace(burn_in=50)
    np.random.seed(1)  # noqa: NPY002  the old global stream must not matter
    first = history.simulate_history(s, 1966)
    history.simulate_history(s, 1967)
    again = history.simulate_history(s, 1966)
    assert again.panel == first.panel
    assert again.heard == first.heard
    assert again.notebook == first.notebook
    assert np.array_equal(again.themes, first.themes)
    other = history.simulate_history(s, 1967)
    assert other.panel != first.panel
    # Observers are no part of the park, and the future none of the past.
    fewer = history.simulate_history(s._replace(noted=20, recorded=30, drift_hz=0.0), 1966)
    assert np.array_equal(fewer.themes, first.themes)
    sooner = history.simulate_history(s._replace(last_year=2000), 1966)
    assert np.array_equal(sooner.themes, first.themes[:35])
    assert sooner.noted.tolist() == first.noted.tolist()


def mixed_park(config: Config) -> tuple[history.Simulated, Neutral]:
    s = config.simulated._replace(dispersal_m=1e6, burn_in=300)
    return s, Neutral(s.birds, s.noted, s.recorded, s.years, s.survival, s.loss)


def test_the_neutral_expectation_is_what_neutral_histories_give(config: Config):
    # 200 histories of the study's own park, well mixed: share of noted themes found in today's sample.
    s, model = mixed_park(config)
    by_theme, by_birds, expected_theme, expected_birds = [], [], [], []
    chance = neutral_matches(np.arange(1, s.noted + 1), model, generator(1, "chance"), 2000)
    for seed in range(200):
        one = history.simulate_history(s, seed)
        matched = np.array([sketch.truth != "none" for sketch in one.notebook])
        birds = np.array([sketch.birds for sketch in one.notebook])
        by_theme.append(matched.mean())
        by_birds.append((matched * birds).sum() / birds.sum())
        expected_theme.append(chance[birds - 1].mean())
        expected_birds.append((chance[birds - 1] * birds).sum() / birds.sum())
    for found, expected in ((by_theme, expected_theme), (by_birds, expected_birds)):
        error = np.std(np.array(found) - np.array(expected)) / np.sqrt(200)
        print(f"found {np.mean(found):.3f}, expected {np.mean(expected):.3f}, error {error:.3f}")
        assert np.mean(found) == pytest.approx(np.mean(expected), abs=4 * error + 0.03)


def test_a_fully_known_population_keeps_what_the_closed_form_says():
    # Everyone noted and recorded in a large population: the sampling drops out.
    model = Neutral(5000, 5000, 5000, 54, 0.5, 0.0185)
    counts = np.array([1, 5, 20])
    found = neutral_matches(counts, model, generator(1, "chance"), 20_000)
    expected = [neutral_survival(int(k), 54, 0.0185, 0.5) for k in counts]
    assert found == pytest.approx(expected, abs=0.012)


def test_themes_of_many_histories_survive_by_their_singers(config: Config):
    s, _ = mixed_park(config)
    number, alive = history.survival_by_count(s, 150, generator(1, "survival"))
    assert number @ np.arange(s.birds + 1) == 150 * s.birds
    assert (alive <= number).all()
    table = survival_table(number, alive, s.years, s.loss, s.survival)
    for row in table["by_count"][:4]:
        error = np.sqrt(row["closed_form"] * (1 - row["closed_form"]) / row["themes"])
        assert row["share"] == pytest.approx(row["closed_form"], abs=4 * error + 0.005)
        assert row["interval"][0] <= row["share"] <= row["interval"][1]
        assert row["discrete"] > row["closed_form"]
    assert table["generations"] == 24
    for a, b in zip(history.survival_by_count(s, 2, generator(5)), history.survival_by_count(
        s, 2, generator(5)), strict=True):  # fmt: skip
        assert np.array_equal(a, b)


def test_a_history_knows_its_truth(config: Config):
    s = config.simulated._replace(drift_hz=60.0)
    one = history.simulate_history(s, 1966)
    first, last = one.themes[0], one.themes[-1]
    assert one.themes.shape == (s.years + 1, s.birds)
    assert sum(sketch.birds for sketch in one.notebook) == s.noted
    assert len(one.panel) + len(one.heard) == s.recorded
    assert [*one.panel] == sorted(one.panel)
    found = Counter(last[one.recorded].tolist())
    for name, theme in one.panel.items():
        label = one.labels[name]
        versions = [v for key, v in one.heard.items() if key.startswith(f"{name}/")]
        assert len(versions) + 1 == found[label]
        assert all(len(v.notes) == len(theme.notes) and v.trill is not None for v in versions)
        origin = "sung before" if label in first else "immigrant" if label < 0 else "invented"
        assert one.origins[name] == origin
    assert list(found.values()) != [1] * len(found)
    for sketch in one.notebook:
        label = one.labels[sketch.name]
        assert sketch.birds == (first[one.noted] == label).sum()
        assert (sketch.truth in one.panel) == (label in last[one.recorded])
        if sketch.truth in one.panel:
            assert one.labels[sketch.truth] == label
            assert one.origins[sketch.truth] == "sung before"
            moved = history.changed(sketch.theme, one.panel[sketch.truth])
            assert sketch.fate == ("sung, changed" if moved else "sung")
        else:
            assert sketch.truth == "none"
            assert sketch.fate == ("sung, not recorded" if label in last else "lost")
    assert {"lost", "sung, changed"} <= {sketch.fate for sketch in one.notebook}


def test_a_theme_is_changed_beyond_what_a_bird_varies():
    theme = species.random_theme(generator(1, "theme"))
    flat = np.zeros((len(theme.notes), history.ERRORS))

    def bent(pitch: float, length: float) -> themes.Theme:
        notes = tuple(
            n._replace(
                start_hz=n.start_hz * pitch,
                end_hz=n.end_hz * pitch,
                duration_s=n.duration_s * length,
            )
            for n in theme.notes
        )
        return theme._replace(notes=notes)

    assert history.sung(theme, flat, 15.0, 0.002) == theme
    assert not history.changed(theme, bent(1.041, 1.0))
    assert history.changed(theme, bent(1.043, 1.0))
    assert not history.changed(theme, bent(1.0, 0.85))
    assert history.changed(theme, bent(1.0, 0.83))


def test_field_songs_are_sung_by_the_other_birds_in_turn(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    one = history.simulate_history(config.simulated, 1966)
    birds = {"today-01": list(one.heard.values())[:2], "today-02": [one.panel["today-02"]]}
    items = corpora.field_items(list(birds), [], 3)
    voice = corpora.Voice(None, config.singer, None, config.place, config.picture, (), 1966)  # type: ignore[arg-type]
    sung: list[themes.Theme] = []
    monkeypatch.setattr(corpora, "singing_of", lambda drawn, *_: sung.extend(drawn) or iter(()))
    with pytest.raises(ValueError, match="shorter"):
        list(corpora.field_pictures(birds, items, voice))
    first, second = birds["today-01"]
    other = birds["today-02"][0]
    assert first != second
    assert sung[:6] == [first, second, first, other, other, other]
