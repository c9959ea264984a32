"""Sketches as drawings and as songs: drawings hold what is sung, probes find what is there and no more."""

import numpy as np
import pytest
from scipy import stats

from chingolo import corpora, domains, latent, probing
from chingolo.classifier import fit
from chingolo.config import Config, Pen
from chingolo.notebook import Sketch
from chingolo.pitch import PitchMap
from chingolo.raw_sketches import sketch_picture
from chingolo.shards import Corpus, Item
from chingolo.spectrogram import mel_filters
from chingolo.themes import Note, Theme, Trill

FLAT = Theme((Note(0.1, 0.5, 4000.0, 4000.0), Note(0.9, 0.3, 6500.0, 6500.0)), None)


@pytest.fixture(scope="module")
def steady(config: Config) -> Pen:
    """Take a hand that neither errs nor trembles, on clean paper."""
    return config.pens.medium._replace(
        note_hz=0.0, axis_share=0.0, note_s=0.0, time_share=0.0, tremor_hz=0.0, tremor_s=0.0,
        lifts=0.0, missing=0.0, stains=0.0, shade=0.0,
    )  # fmt: skip


def voice(config: Config, pitch_map: PitchMap | None = None) -> corpora.Voice:
    return corpora.Voice(
        pitch_map, config.singer, config.spread, config.place, config.picture, (), 1966
    )


def test_a_drawing_holds_each_note_at_its_pitch_and_time(config: Config, steady: Pen):
    picture = config.picture
    drawn = sketch_picture(FLAT, steady, picture, np.random.default_rng(0))
    assert drawn.shape == (picture.bands, picture.frames)
    assert drawn.dtype == np.uint8
    assert drawn.max() == 255
    hop_s = picture.hop / picture.rate_hz
    bin_hz = picture.rate_hz / picture.window
    centre_hz = mel_filters(picture).argmax(axis=1) * bin_hz
    dark = drawn > 100
    columns = np.flatnonzero(dark.any(axis=0))
    late = columns[0] * hop_s - FLAT.notes[0].onset_s
    assert -hop_s < late < 0.2 + 2 * hop_s
    for note in FLAT.notes:
        first, last = ((t + late) / hop_s for t in (note.onset_s, note.onset_s + note.duration_s))
        inside = drawn[:, round(first) + 2 : round(last) - 2]
        rows = centre_hz[inside.argmax(axis=0)]
        assert np.abs(rows - note.start_hz).max() < 250
    # Between the notes, and above and below them, there is paper.
    gap = drawn[:, round((0.65 + late) / hop_s) : round((0.85 + late) / hop_s)]
    assert gap.max() < 60
    assert drawn[(centre_hz < 3300) | (centre_hz > 7500)].max() < 60


def test_a_drawing_is_the_same_whenever_it_is_drawn(config: Config):
    pen = config.pens.medium
    one, again, other = (
        sketch_picture(FLAT, pen, config.picture, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_same_strokes_are_drawn_and_sung(
    config: Config, pitch_map: PitchMap, monkeypatch: pytest.MonkeyPatch
):
    notebook = [Sketch("s", FLAT, truth="a"), Sketch("t", FLAT, truth="none")]
    items = corpora.sketch_items(notebook, "pool", 1)
    sung: list[Theme] = []
    drawn: list[Theme] = []

    def note_sung(themes, *_):
        sung.extend(themes)
        return iter([np.ones(100, np.float32)] * len(themes))

    def note_drawn(theme, pen, picture, rng):
        drawn.append(theme)
        return np.zeros((picture.bands, picture.frames), np.uint8)

    monkeypatch.setattr(corpora, "singing_of", note_sung)
    monkeypatch.setattr(domains, "sketch_picture", note_drawn)
    bird, pen = voice(config, pitch_map), config.pens.medium
    list(corpora.sketch_pictures(notebook, items, pen, bird))
    shown = domains.draw_sketches(notebook, items, pen, voice(config), 0)
    assert drawn == sung
    assert drawn[0] != drawn[1]
    assert shown.items == items


def test_drawings_are_of_what_surrogates_sing(config: Config, monkeypatch: pytest.MonkeyPatch):
    trill = Trill(1.3, 4, 0.06, 0.04, 5000.0, 3000.0)
    panel = {"a": FLAT._replace(trill=trill), "b": FLAT}
    few = config.surrogates._replace(per_theme=2, places=1, outliers=0.5)
    items = corpora.surrogate_items(list(panel), "train", few)
    meant: list[Theme] = []
    monkeypatch.setattr(domains, "draw_by_hand", lambda theme, *_: meant.append(theme) or theme)
    shown = domains.draw_surrogates(panel, panel, items, voice(config), config.pens.medium, 0)
    expected, _ = corpora.surrogate_themes(panel, panel, items, voice(config))
    assert meant == expected
    assert shown.maps[0].shape == (6, config.picture.bands, config.picture.frames)


def corpus(names: list[tuple[str, str, int]], role: str = "train") -> Corpus:
    rng = np.random.default_rng(0)
    items = [Item(song, theme, role, draw) for song, theme, draw in names]
    return Corpus((rng.integers(0, 255, (len(items), 4, 6), np.uint8),), items)


def test_few_takes_the_first_songs_of_each_theme_once():
    every = corpus(
        [(f"{t}/{k}", t, place) for t in "ab" for k in range(5) for place in range(2)]
        + [(f"none/{k}", "none", 0) for k in range(20)]
    )
    some = domains.few(every, 3, 0.5)
    assert [item.song for item in some.items] == [
        *(f"{t}/{k}" for t in "ab" for k in range(3)),
        *(f"none/{k}" for k in range(3)),
    ]
    assert all(item.draw == 0 for item in some.items)
    assert np.array_equal(some.maps[0][1], every.maps[0][2])


def test_a_cell_counts_the_panels_sketches_named_right():
    items = [Item(str(k), theme, "pool", 0) for k, theme in enumerate(["a", "a", "b", "none"])]
    logits = np.array([[3.0, 1, 0], [1, 2.0, 0], [0, 4.0, 0], [0.5, 0.2, 9]])
    told = domains.cell(logits, items, ["a", "b"])
    assert told["accuracy"] == pytest.approx(2 / 3)
    assert told["auroc"] == 1.0


def test_each_theme_is_probed_with_as_many_of_both():
    one, other = ["a"] * 3 + ["b"] * 5 + ["none"] * 4, ["b"] * 2 + ["c"] + ["a"] * 7 + ["none"]
    ours, theirs = probing.same_many(one, other, np.random.default_rng(0))
    assert sorted(one[k] for k in ours) == sorted(other[k] for k in theirs) == list("aaabb")
    assert len(set(ours)) == len(set(theirs)) == 5


THEMES = [f"t{k % 10}" for k in range(80)]


def features(shift: float, seed: int) -> np.ndarray:
    """Features that hold the theme, and by `shift` whether it is a sketch."""
    rng = np.random.default_rng(seed)
    own = np.random.default_rng(9).standard_normal((10, 6)) * 3
    return np.array([own[int(t[1:])] for t in THEMES]) + rng.standard_normal((80, 6)) + shift


def test_a_probe_finds_what_is_there():
    assert probing.probe(features(0, 1), features(9, 2), THEMES, THEMES) > 0.98
    assert 0.35 < probing.probe(features(0, 1), features(0, 2), THEMES, THEMES) < 0.65


def test_a_probe_learns_no_themes_by_heart():
    """Themes that are sketches only in one half, songs only in the other, tell nothing of new themes."""
    rng = np.random.default_rng(3)
    names = [f"t{k}" for k in range(40)]
    ours, theirs = rng.standard_normal((2, 40, 200)) * 5
    same = np.repeat(ours, 2, axis=0), np.repeat(theirs, 2, axis=0)
    labels = [n for n in names for _ in range(2)], [f"u{n}" for n in names for _ in range(2)]
    assert probing.probe(*same, *labels) < 0.75


def test_probes_compare_songs_with_sketches_before_and_after_singing():
    seen = {"songs": features(0, 1), "drawn": features(9, 2), "sung": features(0, 3)}
    told = probing.probes(seen, {"songs": THEMES, "drawn": THEMES}, np.random.default_rng(0))
    assert told["before"] > 0.98
    assert 0.35 < told["after"] < 0.65
    assert 0.3 < told["null"] < 0.7


def test_networks_are_gathered_with_students_interval():
    values = [0.8, 0.9, 0.85]
    told = probing.gather(
        [{"cells": {"a": {"accuracy": v, "auroc": None}}, "probes": {"x": v}} for v in values]
    )
    interval = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert told["networks"] == 3
    assert told["cells"]["a"]["accuracy"]["mean"] == pytest.approx(0.85)
    assert told["probes"]["x"]["interval"] == pytest.approx([interval[0], min(1.0, interval[1])])
    assert told["cells"]["a"]["auroc"] == {"mean": None, "interval": None}
    alone = probing.gather([{"cells": {}, "probes": {"x": 0.5}}])
    assert alone["probes"]["x"] == {"mean": 0.5, "interval": None}


def test_latent_pictures_hold_every_song_and_are_the_same_again(config: Config):
    rng = np.random.default_rng(5)
    kinds = {kind: rng.standard_normal((12, 8)) for kind in ("songs", "drawn", "sung", "heard")}
    kinds["drawn"] += 20.0
    views = latent.pictures_in_two(kinds, config.domains._replace(neighbours=5), 1966)
    again = latent.pictures_in_two(kinds, config.domains._replace(neighbours=5), 1966)
    assert {name: v.shape for name, v in views.items()} == {
        f"{when}_{view}_{kind}": (12, 2)
        for when, sketches in (("before", "drawn"), ("after", "sung"))
        for view in ("pca", "umap")
        for kind in ("songs", sketches, "heard")
    }
    assert all(np.array_equal(views[name], again[name]) for name in views)
    far = views["before_pca_drawn"][:, 0], views["before_pca_songs"][:, 0]
    assert min(far[0]) > max(far[1]) or max(far[0]) < min(far[1])


def test_networks_that_see_drawings_learn_them(config: Config, steady: Pen, pitch_map: PitchMap):
    panel = {"a": FLAT, "b": Theme((Note(0.0, 0.9, 7000.0, 3000.0),), None)}
    few = config.surrogates._replace(per_theme=8, places=1, outliers=0.25, validation_per_theme=2)
    bird = voice(config, pitch_map)
    items = {
        role: corpora.surrogate_items(list(panel), role, few) for role in ("train", "validation")
    }
    songs, left = (
        Corpus((np.stack(list(corpora.surrogate_pictures(panel, panel, i, bird))),), i)
        for i in items.values()
    )
    pool = [
        Sketch(f"{name}/{k}", theme, truth=name) for name, theme in panel.items() for k in range(3)
    ]
    pool.append(Sketch("stranger", Theme((Note(0.0, 0.2, 5000.0, 5000.0),), None), truth="none"))
    noted = corpora.sketch_items(pool, "pool", 2)
    sung = Corpus((np.stack(list(corpora.sketch_pictures(pool, noted, steady, bird))),), noted)
    heard = Corpus(
        left.maps, [*(i._replace(role="background") for i in left.items[:1]), *left.items[1:]]
    )
    shown = domains.show([left, sung, heard], pool, steady, bird, 0)
    assert len(shown.sung.items) == len(shown.drawn.items) == 7
    assert len(shown.heard.items) == len(left.items) - 1
    drawn = domains.draw_surrogates(panel, panel, songs.items, bird, steady, 0)
    judge = config.judge._replace(epochs=10, batch=8)
    epochs = []
    both = domains.together(songs, drawn)
    listener = domains.told("both", lambda step, values: epochs.append((step, set(values))))
    model = fit(both, left, list(panel), judge, 3, listener)
    assert len(both.items) == 2 * len(songs.items)
    assert epochs[-1][0] == 9
    assert all(name.startswith("both_") for name in epochs[-1][1])
    cells = domains.cells({"both": model}, shown, list(panel))
    assert cells["both"]["drawn"]["accuracy"] > 0.8
    picture = domains.example(shown)
    assert np.array_equal(picture["example_drawn"], shown.drawn.maps[0][0])
