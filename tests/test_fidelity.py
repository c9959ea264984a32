"""Copies: the measure on cases whose answer is known, and real songs copied as closely as asked."""

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from chingolo import fidelity
from chingolo.config import Config
from chingolo.pitch import PitchMap
from chingolo.recordings import cut, load
from chingolo.seeds import generator
from chingolo.sheets import read_recordings, read_songs
from chingolo.singing import sing
from chingolo.themes import Note, Theme, Trill

RATE = 44_100
SONG = Theme(
    (Note(0.05, 0.3, 4000, 5500), Note(0.45, 0.3, 6500, 4200, "exponential", bend=2)),
    Trill(0.9, 8, 0.065, 0.038, 6500, 3600),
)


@pytest.fixture(scope="module")
def song(pitch_map: PitchMap, config: Config) -> np.ndarray:
    return sing(SONG, pitch_map, config.singer, RATE)


def test_a_song_is_its_own_best_copy(song: np.ndarray):
    measured = fidelity.compare(song, song, RATE)
    assert measured["f0_median"] == measured["f0_p95"] == 0
    assert measured["correlation_db"] == pytest.approx(1.0)
    assert measured["within_2_percent"] == 1
    assert measured["second_harmonic_db"] == pytest.approx(0.0)


def test_the_shift_kindest_to_the_copy_is_found(song: np.ndarray):
    late = np.concatenate([np.zeros(110, np.float32), song])[: song.size]
    assert fidelity.compare(song, late, RATE)["f0_median"] < 1e-3
    far = np.concatenate([np.zeros(4410, np.float32), song])[: song.size]
    assert fidelity.compare(song, far, RATE)["f0_median"] > 5e-3


def test_a_higher_copy_is_as_far_off_as_it_is_higher(pitch_map: PitchMap, config: Config):
    low, high = (
        sing(Theme((Note(0.0, 0.5, f, f),)), pitch_map, config.singer, RATE) for f in (5000, 5100)
    )
    assert fidelity.compare(low, high, RATE)["f0_median"] == pytest.approx(0.02, abs=5e-4)


def test_a_weaker_harmonic_is_measured(song: np.ndarray):
    t = np.arange(RATE) / RATE
    tone, harmonic = np.sin(2 * np.pi * 3000 * t), np.sin(2 * np.pi * 6000 * t)
    real, copy = tone + 0.03 * harmonic, tone + 0.01 * harmonic
    assert fidelity.second_harmonic(real, copy, RATE) == pytest.approx(-9.54, abs=0.3)
    assert np.isnan(fidelity.second_harmonic(tone, copy, RATE))


def test_a_synthetic_song_in_noise_is_copied(song: np.ndarray, pitch_map: PitchMap, config: Config):
    noise = 0.01 * generator(1, "copy").standard_normal(song.size)
    heard = (song + noise).astype(np.float32)
    made = fidelity.copy_song(heard, RATE, config.reader, pitch_map, config.singer)
    for copy in (made.trace, made.copy):
        assert copy.size == heard.size
        measured = fidelity.compare(heard, copy, RATE)
        assert measured["f0_median"] < 0.003
        assert measured["f0_p95"] < 0.03


def test_no_whistle_no_copy(pitch_map: PitchMap, config: Config):
    with pytest.raises(ValueError, match="no whistle"):
        fidelity.copy_song(
            np.zeros(RATE, np.float32), RATE, config.reader, pitch_map, config.singer
        )


def test_real_songs_are_copied_closely(recordings: Path, pitch_map: PitchMap, config: Config):
    sheet = read_recordings(ROOT / "config/songs/recordings.tsv")
    songs = read_songs(ROOT / "config/songs/songs.tsv", sheet)
    per_song = {}
    for song in songs:
        if song.role == "enrol":
            sound = load(recordings / sheet[song.recording].file, RATE)
            part = cut(sound, RATE, song.start_s, song.end_s, 0.0)
            made = fidelity.copy_song(part, RATE, config.reader, pitch_map, config.singer)
            per_song[song.name] = fidelity.measure_copies(part, made, RATE)
    medians = fidelity.summary(per_song)
    assert medians["ceiling"]["correlation_db"] == pytest.approx(0.72, abs=0.02)
    assert medians["trace"]["f0_median"] <= 0.003
    assert medians["trace"]["f0_p95"] <= 0.022
    assert medians["trace"]["correlation_db"] >= medians["ceiling"]["correlation_db"] - 0.02
    assert medians["trace"]["second_harmonic_db"] <= 6.0
    assert medians["copy"]["f0_median"] <= 0.008
    assert medians["explained"] >= 0.9
