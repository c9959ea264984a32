"""Themes of songs without labels, and both eras in one metric: against slow loops, and at their edges."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chingolo import discovery, eras, unlabelled
from chingolo.config import Config
from chingolo.discovery import ALONE, find_themes
from chingolo.placed import Placed
from chingolo.shards import Item, write_table
from chingolo.sheets import Song, read_recordings, read_songs


def apart(points) -> np.ndarray:
    at = np.array(points, dtype=float).reshape(len(points), -1)
    return np.linalg.norm(at[:, None] - at[None], axis=2)


GROUPS = [0, 0.1, 0.15, 5, 5.1, 9.0, 9.05, 9.1, 9.2, 20.0]


def test_songs_that_lie_close_together_are_of_one_theme():
    found = find_themes(apart(GROUPS), 2, 1.0)
    assert found.theme.tolist() == [1, 1, 1, 2, 2, 0, 0, 0, 0, ALONE]
    assert [GROUPS[k] for k in found.exemplar] == [9.05, 0.1, 5]
    assert found.doubtful.tolist() == [False] * 9 + [True]


def test_certainty_is_the_silhouette():
    distances = apart(GROUPS)
    found = find_themes(distances, 2, 1.0)
    for k in range(9):
        own = [j for j in range(9) if found.theme[j] == found.theme[k] and j != k]
        other = [
            np.mean([distances[k, j] for j in range(9) if found.theme[j] == theme])
            for theme in range(3)
            if theme != found.theme[k]
        ]
        a, b = np.mean([distances[k, j] for j in own]), min(other)
        assert found.certainty[k] == pytest.approx((b - a) / max(a, b))
    assert found.certainty[9] == 0


@given(st.permutations(range(len(GROUPS))))
@settings(max_examples=30, deadline=None)
def test_themes_do_not_depend_on_the_order_of_songs(order):
    plain = find_themes(apart(GROUPS), 2, 1.0).theme
    moved = find_themes(apart([GROUPS[k] for k in order]), 2, 1.0).theme
    together = {(i, j) for i, j in itertools.combinations(range(10), 2) if plain[i] == plain[j]}
    again = {
        tuple(sorted((order[i], order[j])))
        for i, j in itertools.combinations(range(10), 2)
        if moved[i] == moved[j]
    }
    assert together == again


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([[0.0]], [ALONE]),
        ([[0.0], [0.1]], [0, 0]),
        ([[0.0], [7.0]], [ALONE, ALONE]),
        ([[0.0]] * 5, [0] * 5),
        ([[0.0], [0.3], [0.5], [0.1]], [0, 0, 0, 0]),
    ],
)
def test_few_songs_or_one_theme_alone(points, expected):
    found = find_themes(apart(points), 2, 1.0)
    assert found.theme.tolist() == expected
    assert len(found.exemplar) == max(expected) + 1
    assert np.isfinite(found.certainty).all()


def test_a_theme_may_have_to_be_sung_more_often():
    theme = find_themes(apart(GROUPS), 3, 1.0).theme
    assert theme[-1] == ALONE
    assert min(np.bincount(theme[:-1])) >= 3


def adjusted_rand_index(one: list, other: list) -> float:
    """Count pairs (Hubert and Arabie 1985)."""
    pairs = list(itertools.combinations(range(len(one)), 2))
    a = [one[i] == one[j] for i, j in pairs]
    b = [other[i] == other[j] for i, j in pairs]
    both, expected = np.logical_and(a, b).sum(), sum(a) * sum(b) / len(pairs)
    return float((both - expected) / ((sum(a) + sum(b)) / 2 - expected))


def test_agreement_counts_pairs_and_leaves_unmarked_songs_out():
    found = find_themes(apart(GROUPS), 2, 1.0)
    truth = ["a", "a", "b", "b", "", "c", "c", "c", "", "d"]
    told = discovery.agreement(found, truth)
    split = [1, 1, 1, 2, 0, 0, 0, "alone"]
    assert told["adjusted_rand_index"] == pytest.approx(
        adjusted_rand_index(split, [t for t in truth if t])
    )
    assert (told["songs"], told["marked"], told["alone"]) == (10, 8, 1)
    assert (told["themes"], told["themes_of_marked"], told["themes_marked"]) == (3, 4, 4)
    assert discovery.agreement(found, [""] * 10)["adjusted_rand_index"] is None


def test_distance_between_themes_is_the_mean_over_their_songs():
    distances = apart(GROUPS)
    found = find_themes(distances, 2, 1.0)
    table = discovery.between(distances, found.theme)
    slow = np.mean([distances[i, j] for i in (5, 6, 7, 8) for j in (3, 4)])
    assert table[0, 2] == pytest.approx(slow)
    assert table[2, 0] == pytest.approx(slow)
    assert np.diag(table).tolist() == [0, 0, 0]
    tree = discovery.tree_of(table)
    assert tree[0, 2] == pytest.approx(slow)


def songs(*rows: tuple[str, float, float, str]) -> list[Song]:
    return [Song(*row, "query", k) for k, row in enumerate(rows)]


def test_a_listeners_row_must_overlap_by_half():
    sheet = songs(("a", 1.0, 2.0, "x"), ("a", 5.0, 6.0, "y"), ("b", 1.0, 2.0, "z"))
    found = songs(
        ("a", 1.1, 2.1, ""), ("a", 5.6, 6.6, ""), ("b", 0.9, 2.1, ""), ("c", 1.0, 2.0, "")
    )
    assert unlabelled.marked(found, sheet) == ["x", "", "z", ""]


def test_the_sheet_of_found_songs_can_be_fed_back(tmp_path):
    place = [("one", 0.0), ("one", 3.0), ("one", 6.0), ("two", 0.0), ("two", 3.0)]
    place += [("two", 6.0), ("three", 0.0), ("three", 3.0), ("three", 6.0), ("three", 9.0)]
    found_songs = [Song(name, t, t + 2.0, "", "found", k) for k, (name, t) in enumerate(place)]
    distances = apart(GROUPS)
    found = find_themes(distances, 2, 1.0)
    write_table(tmp_path / "songs.tsv", unlabelled.SHEET, unlabelled.sheet_rows(found_songs, found))
    (tmp_path / "recordings.tsv").write_text(
        "recording\tfile\n" + "".join(f"{n}\t{n}.wav\n" for n in ("one", "two", "three"))
    )
    read = read_songs(tmp_path / "songs.tsv", read_recordings(tmp_path / "recordings.tsv"))
    assert [song.theme for song in read[:5]] == ["theme-02"] * 3 + ["theme-03"] * 2
    assert [song.role for song in read].count("enrol") == 3
    assert (read[-1].theme, read[-1].role) == ("alone-010", "unknown")
    assert [(s.recording, s.start_s, s.end_s) for s in read] == [s[:3] for s in found_songs]
    between = discovery.between(distances, found.theme)
    table = unlabelled.table_rows(found_songs, found, between)
    assert [row[:5] for row in table] == [
        ("theme-01", 4, 0, "two, three", "three/0.000"),
        ("theme-02", 3, 0, "one", "one/3.000"),
        ("theme-03", 2, 0, "two", "two/0.000"),
    ]
    assert table[0][5] == "theme-03"
    assert table[2][5:] == ("theme-01", f"{between[2, 0]:.3f}")


def test_songs_are_found_in_real_recordings_and_cut_as_they_lie(config: Config, recordings):
    from chingolo.recordings import load  # noqa: PLC0415 - needs the recordings

    name = "XC375251"
    sounds = {name: load(recordings / f"{name}.mp3", config.picture.rate_hz)}
    found = unlabelled.found_songs(sounds, config.picture.rate_hz, config.finder)
    pictures = list(unlabelled.found_pictures(sounds, found, config.picture))
    assert len(unlabelled.found_items(found)) == len(pictures) >= 5
    assert all(picture.max() == 255 for picture in pictures)


def placed(role: str, rows: dict[str, tuple[str, float]]) -> Placed:
    items = [Item(name, theme, role, 0) for name, (theme, _) in rows.items()]
    where = [[[at, 0.0] for _, at in rows.values()]]
    return Placed(np.array(where, np.float32), items)


TODAY = placed(
    "query",
    {"r1/0.0": ("a", 0.0), "r1/3.0": ("a", 0.2), "r2/0.0": ("a", 0.5), "r3/0.0": ("b", 4.0)},
)
FOREIGN = placed("foreign", {"f": ("none", 50.0)})


def sketches() -> eras.Sketches:
    items = [Item(name, "", "sketch", draw) for name in ("old-a", "old-b") for draw in range(3)]
    where = np.array([[[x, 0.0] for x in (1.0, 1.1, 9.0, 3.0, 3.1, 3.2)]], np.float32)
    return eras.Sketches(Placed(where, items), {"old-a": "a", "old-b": "none"})


def test_distances_are_sorted_by_what_songs_have_in_common():
    told = eras.distances(TODAY, sketches(), FOREIGN, "euclidean", recorded=True)
    assert told[eras.SAME_RECORDING] == pytest.approx([0.2], abs=1e-3)
    assert sorted(told[eras.SAME_THEME]) == pytest.approx([0.3, 0.5], abs=1e-3)
    assert sorted(told[eras.SAME_ERA]) == pytest.approx([3.5, 3.8, 4.0], abs=1e-3)
    # The median drawing of the first sketch lies at 1.1, of the second at 3.1.
    assert sorted(told[eras.ACROSS_SAME]) == pytest.approx([0.6, 0.9, 1.1], abs=1e-3)
    assert sorted(told[eras.ACROSS]) == pytest.approx([0.9, 2.6, 2.9, 3.0, 3.1], abs=1e-3)
    assert len(told[eras.NULL]) == 4
    alone = eras.distances(TODAY, sketches(), FOREIGN, "euclidean", recorded=False)
    assert eras.SAME_RECORDING not in alone
    assert len(alone[eras.SAME_THEME]) == 3
    assert eras.summary(told)[eras.SAME_THEME]["pairs"] == 2


def test_neighbours_across_eras():
    enrolled = placed("enrol", {"r1/0.0": ("a", 0.0), "r3/0.0": ("b", 4.0)})
    metric = {"geometry": "euclidean", "same": {"slope": -2.0, "intercept": 2.0}}
    near = eras.neighbours(enrolled, sketches(), metric)
    assert [(one["theme"], one["mutual"], one["truth"]) for one in near] == [
        ("a", True, "a"),
        ("b", True, "none"),
    ]
    assert near[0]["distance"] == pytest.approx(1.1, abs=1e-3)
    assert near[0]["same_probability"] == pytest.approx(1 / (1 + np.exp(0.2)), abs=1e-3)
    counts = eras.count_neighbours(near)
    assert counts == {"sketches": 2, "mutual": 2, "known": 1, "right": 1}
    unknown = [{**one, "truth": None} for one in near]
    assert eras.count_neighbours(unknown)["known"] is None


def test_a_map_holds_everyone_once():
    enrolled = placed("enrol", {"r1/0.0": ("a", 0.0), "r3/0.0": ("b", 4.0)})
    told = eras.map_of(enrolled, sketches())
    assert told["today"].shape == told["old"].shape == (2, 2)
    assert told["old_names"].tolist() == ["old-a", "old-b"]
    # One dimension holds all there is: the first axis keeps every distance.
    assert abs(told["today"][1, 0] - told["today"][0, 0]) == pytest.approx(4.0, abs=1e-4)
    assert told["share"][0] == pytest.approx(1.0, abs=1e-6)


def test_an_empty_notebook_has_no_neighbours():
    nobody = eras.Sketches(Placed(np.zeros((1, 0, 2), np.float32), []), {})
    metric = {"geometry": "euclidean", "same": {"slope": -2.0, "intercept": 2.0}}
    assert eras.neighbours(TODAY, nobody, metric) == []
    assert eras.count_neighbours([]) == {"sketches": 0, "mutual": 0, "known": None, "right": None}
    told = eras.distances(TODAY, nobody, FOREIGN, "euclidean", recorded=True)
    assert eras.ACROSS not in told
    assert eras.map_of(TODAY, nobody)["old"].shape == (0, 2)
