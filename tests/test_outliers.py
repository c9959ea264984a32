"""Outliers: none of the panel's themes, and all that the picture can show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from chingolo import classifier, corpora, left_out, outliers
from chingolo.config import Config, Judge
from chingolo.likeness import alike
from chingolo.reader import Reading, whole_song
from chingolo.ridge import Track
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.species import random_theme
from chingolo.themes import Note, Theme, Trill

PANEL = {f"theme-{k}": random_theme(generator(1, "panel", k)) for k in range(6)}
STOCK = outliers.stock(PANEL, PANEL)
SAMPLED = Note(0.0, 0.3, 5000.0, 4000.0, "sampled", samples_hz=(5000.0, 4700.0, 4000.0))
TRILL = Trill(0.4, 5, 0.06, 0.04, 6000.0, 3500.0)


@pytest.mark.parametrize("k", range(60))
def test_an_outlier_is_no_theme_of_the_panel_and_can_be_seen(k: int):
    made = outliers.outlier(STOCK, k, 1, "train")
    assert made.notes
    assert not [
        name
        for name, theme in PANEL.items()
        if len(theme.notes) == len(made.notes) and alike(theme, made)
    ]
    onsets = [n.onset_s for n in made.notes]
    assert onsets == sorted(onsets)
    for note in made.notes:
        assert note.duration_s > 0
        for hz in (note.start_hz, note.end_hz, *note.samples_hz):
            assert outliers.LOWEST_HZ <= hz <= outliers.HIGHEST_HZ
    assert made == outliers.outlier(STOCK, k, 1, "train")
    assert made != outliers.outlier(STOCK, k, 1, "validation")


@given(st.integers(0, 10_000))
def test_no_alteration_is_too_small_to_be_heard(k: int):
    changed = k - k % len(outliers.KINDS) + outliers.KINDS.index("altered")
    made = outliers.outlier(STOCK, changed, 1, "train")
    assert not any(alike(made, theme) for theme in PANEL.values())


@given(st.integers(0, 10_000))
def test_altering_a_song_of_one_note_alters_it(k: int):
    song = Theme((SAMPLED,), TRILL)
    made = outliers.altered(song, generator(1, "one", k))
    assert made.notes != song.notes
    assert len(made.notes) in (1, 2)
    added = made.notes[0].duration_s + 0.08 if len(made.notes) == 2 else 0.0
    assert made.trill is not None
    assert made.trill.onset_s == pytest.approx(TRILL.onset_s + added)


def test_panels_without_notes_have_outliers():
    bare = {"buzz": Theme((), TRILL)}
    assert outliers.outlier(outliers.stock(bare, bare), 2, 1, "train").notes
    assert outliers.altered(bare["buzz"], generator(1, "bare")).notes


def test_turning_and_moving_by_hand():
    moved = outliers._moved(SAMPLED, 1.1, -1.0)
    # Upside down about 4,500 Hz, then a tenth higher.
    assert (moved.start_hz, moved.end_hz) == pytest.approx((4400.0, 5500.0))
    assert moved.samples_hz == pytest.approx((4400.0, 4730.0, 5500.0))


def test_the_whole_song_holds_what_the_theme_leaves_out():
    loud, faint = SAMPLED._replace(onset_s=0.5), SAMPLED._replace(onset_s=0.1, level_db=-25.0)
    scrap = Note(1.0, 0.05, 6000.0, 5000.0, level_db=-10.0)
    none = np.zeros(0)
    track = Track(none, none, none, none, none.astype(bool))
    reading = Reading(Theme((loud,)), (faint, loud, scrap), (faint, scrap), 0.9, track)
    assert [n.onset_s for n in whole_song(reading).notes] == [0.0, 0.5]


def test_every_second_surrogate_is_the_whole_song_and_outliers_follow(config: Config):
    settings = config.surrogates._replace(per_theme=3, places=2, outliers=0.5)
    items = corpora.surrogate_items(["a", "b"], "train", settings)
    assert [i.theme for i in items] == ["a"] * 6 + ["b"] * 6 + ["none"] * 6
    assert len({i.song for i in items}) == 3 + 3 + 6


def test_every_theme_is_left_out_once():
    found = left_out.parts(list(PANEL), 4)
    assert sorted(name for part in found for name in part.lost) == sorted(PANEL)
    assert all(set(part.kept) | set(part.lost) == set(PANEL) for part in found)


def test_songs_of_training_are_nearest_to_themselves():
    settings = Judge(1, (4, 8, 8, 8), 0.0, 6, 8, 0.01, 0.0, 0.0, (-2, 2), 2, 2)
    noise = generator(1, "pictures").integers(0, 255, (30, 32, 48)).astype(np.uint8)
    songs = Corpus((noise,), [Item(str(k), "a", "train", 0) for k in range(30)])
    model = classifier.network(3, settings)
    known = NearestNeighbors(n_neighbors=1).fit(classifier.features(model, songs))
    answers, scores = left_out.scores(model, known, songs)
    assert answers.shape == (1, 30, 3)
    assert set(scores) == {"max_logit", "max_softmax", "energy", "against_none", "nearest_features"}
    assert scores["nearest_features"] == pytest.approx(0.0, abs=1e-3)
    other = Corpus((255 - noise,), songs.items)
    assert left_out.scores(model, known, other)[1]["nearest_features"].max() < -1e-3


def test_placed_songs_are_heard_at_their_ratio(config: Config):
    bird = corpora.Voice(
        None, config.singer, None, config.place, config.picture, (), 1  # type: ignore[arg-type]
    )  # fmt: skip
    t = np.arange(22_050) / 22_050
    song = np.sin(2 * np.pi * 4000 * t).astype(np.float32)
    loud, names = left_out.placed({"a": song}, 30.0, 3, bird)
    buried, _ = left_out.placed({"a": song}, -30.0, 3, bird)
    assert names == ["a"] * 3
    band = int(loud[0].sum(axis=1).argmax())
    shares = [(p[:, band].sum() / p.sum()) for p in (loud, buried)]
    assert shares[0] > 2 * shares[1]
