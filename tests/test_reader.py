"""The reader on songs of known truth, and on the real recordings."""

from pathlib import Path

import numpy as np
import pytest

from chingolo import reader, recordings, soundscape, themes
from chingolo.config import Config
from chingolo.fidelity import copy_song
from chingolo.seeds import generator
from chingolo.singing import sing
from chingolo.syrinx import PitchMap
from chingolo.themes import Note, Theme, Trill

RATE = 22_050
SONG = Theme(
    (Note(0.0, 0.3, 4000, 5500), Note(0.4, 0.3, 6500, 4200, "exponential", bend=2)),
    Trill(0.85, 8, 0.065, 0.038, 6500, 3600),
)


@pytest.fixture(scope="module")
def placed(pitch_map: PitchMap, config: Config) -> np.ndarray:
    song = sing(SONG, pitch_map, config.singer, RATE)
    place = config.place._replace(
        snr_db=(15, 15), echo_db=(-20, -20), echo_s=(0.2, 0.2), neighbour_share=0.0
    )
    return soundscape.hear(song, RATE, place, generator(3, "reader"), 0.2, 1.8)


def test_pitch_is_tracked_through_noise(placed: np.ndarray, config: Config):
    tracked = reader.track(placed, RATE, config.reader)
    f, _ = themes.contour(themes.shift(SONG, 0.2), RATE)
    at = np.clip((tracked.time_s * RATE).astype(int), 0, f.size - 1)
    sounding = np.isfinite(f[at]) & tracked.voiced
    error = np.abs(tracked.frequency_hz[sounding] / f[at][sounding] - 1)
    assert sounding.sum() > 200
    assert np.median(error) < 0.005


def test_notes_and_trill_are_found(placed: np.ndarray, config: Config):
    theme, _ = reader.read(placed, RATE, config.reader)
    assert len(theme.notes) == 2
    assert [n.onset_s for n in theme.notes] == pytest.approx([0.2, 0.6], abs=0.02)
    assert theme.notes[0].start_hz == pytest.approx(4000, rel=0.03)
    assert theme.notes[0].end_hz == pytest.approx(5500, rel=0.03)
    assert themes.contour_string(theme) == "RF"
    assert theme.trill is not None
    assert theme.trill.step_s == pytest.approx(0.065, rel=0.03)
    assert abs(theme.trill.count - 8) <= 1


def test_simple_curves_are_preferred():
    t = np.arange(0.0, 0.3, 0.002)
    level = np.zeros_like(t)
    for note in (
        Note(0.0, 0.3, 4000, 6000),
        Note(0.0, 0.3, 6500, 4000, "exponential", bend=4.0),
        Note(0.0, 0.3, 4000, 4200, "arc", peak_hz=6000),
    ):
        f = themes.note_frequency(note, (t + 0.001) / 0.3)
        assert reader.fit_note(t, f, level, 0.01).curve == note.curve
    wild = 5000 + 800 * np.sin(t * 60)
    assert reader.fit_note(t, wild, level, 0.01).curve == "sampled"


def test_silence_has_no_notes(config: Config):
    quiet = 1e-4 * generator(1, "noise").standard_normal(RATE).astype(np.float32)
    theme, _ = reader.read(quiet, RATE, config.reader)
    assert sum(n.duration_s for n in theme.notes) < 0.1


def test_songs_are_found_in_an_uncut_recording(pitch_map: PitchMap, config: Config):
    song = sing(SONG, pitch_map, config.singer, RATE)
    rng = generator(5, "uncut")
    sound = (3e-3 * rng.standard_normal(12 * RATE)).astype(np.float32)
    starts = (1.0, 5.0, 9.0)
    for start in starts:
        first = int(start * RATE)
        sound[first : first + song.size] += song
    found = reader.find_songs(sound, RATE, config.reader)
    assert [s for s, _ in found] == pytest.approx(starts, abs=0.1)
    assert [e - s for s, e in found] == pytest.approx([themes.duration(SONG)] * 3, abs=0.15)


def test_real_songs_are_read_and_copied(recordings_: Path, pitch_map: PitchMap, config: Config):
    sheet = recordings.read_recordings(Path("config/songs/recordings.tsv"))
    songs = recordings.read_songs(Path("config/songs/songs.tsv"), sheet)
    enrolled = [s for s in songs if s.role == "enrol"][::4]
    for song in enrolled:
        sound = recordings.load(recordings_ / sheet[song.recording].file, RATE)
        part = recordings.cut(sound, RATE, song.start_s, song.end_s, 0.05)
        made = copy_song(part, RATE, config.reader, pitch_map, config.singer)
        assert len(made.theme.notes) >= 1
        assert np.median(made.error) < 0.015, song.theme


@pytest.fixture
def recordings_(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(Path(__file__).parents[1])
    return recordings
