"""The reader on songs of known truth, in made and in real noise, and on the real recordings."""

import os
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from chingolo import reader, ridge, soundscape, themes
from chingolo.config import Config
from chingolo.fitting import fit_note, fit_simple
from chingolo.known_truth import scenes, score_reader, sing_truths
from chingolo.pitch import PitchMap
from chingolo.recordings import cut, load
from chingolo.seeds import generator
from chingolo.sheets import read_recordings, read_songs
from chingolo.singing import sing
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
        snr_db=(15, 15), echo_db=(-12, -12), echo_s=(0.2, 0.2), neighbour_share=0.0
    )
    return soundscape.hear(song, RATE, place, generator(3, "reader"), 0.2, 1.8)


def test_pitch_is_tracked_through_noise_and_echo(placed: np.ndarray, config: Config):
    tracked = ridge.track(placed, RATE, config.reader)
    f, _ = themes.contour(themes.shift(SONG, 0.2), RATE)
    at = np.clip((tracked.time_s * RATE).astype(int), 0, f.size - 1)
    sounding = np.isfinite(f[at]) & tracked.voiced
    error = np.abs(tracked.frequency_hz[sounding] / f[at][sounding] - 1)
    assert sounding.sum() > 400
    assert np.median(error) < 0.004


def test_notes_and_trill_are_found(placed: np.ndarray, config: Config):
    reading = reader.read(placed, RATE, config.reader)
    theme = reading.theme
    assert [n.onset_s for n in theme.notes] == pytest.approx([0.2, 0.6], abs=0.02)
    assert theme.notes[0].start_hz == pytest.approx(4000, rel=0.03)
    assert theme.notes[0].end_hz == pytest.approx(5500, rel=0.03)
    assert themes.contour_string(theme) == "RF"
    assert theme.trill is not None
    assert theme.trill.onset_s == pytest.approx(1.05, abs=0.01)
    assert theme.trill.step_s == pytest.approx(0.065, rel=0.02)
    assert theme.trill.count == 8
    assert theme.trill.start_hz == pytest.approx(6500, rel=0.05)
    assert theme.trill.end_hz == pytest.approx(3600, rel=0.05)
    assert len(reading.whistles) >= 10
    assert reading.explained > 0.95


def test_what_is_not_of_the_theme_is_reported(pitch_map: PitchMap, config: Config):
    stray = Theme((*SONG.notes, Note(0.73, 0.05, 8000, 8500)), SONG.trill)
    song = sing(stray, pitch_map, config.singer, RATE)
    song = song + 1e-3 * generator(2, "stray").standard_normal(song.size).astype(np.float32)
    reading = reader.read(song, RATE, config.reader)
    assert len(reading.theme.notes) == 2
    assert any(abs(n.onset_s - 0.73) < 0.01 for n in reading.unexplained)
    assert 0.9 < reading.explained < 0.99


def test_simple_curves_are_preferred():
    t = np.arange(0.0, 0.3, 0.002)
    level = np.zeros_like(t)
    for note in (
        Note(0.0, 0.3, 4000, 6000),
        Note(0.0, 0.3, 6500, 4000, "exponential", bend=4.0),
        Note(0.0, 0.3, 4000, 4200, "arc", peak_hz=6000),
    ):
        f = themes.note_frequency(note, (t + 0.001) / 0.3)
        assert fit_note(t, f, level, 0.005).curve == note.curve
    wild = 5000 + 800 * np.sin(t * 60)
    sampled = fit_note(t, wild, level, 0.005)
    assert sampled.curve == "sampled"
    again = themes.note_frequency(sampled, (t + 0.001) / 0.3)
    assert np.sqrt(np.mean((again / wild - 1) ** 2)) < 0.005
    assert fit_simple(t, wild, level).curve in ("line", "exponential")


def test_a_trill_too_fast_for_the_window_is_read(pitch_map: PitchMap, config: Config):
    buzz = Theme((Note(0.0, 0.3, 4000, 3500),), Trill(0.4, 25, 0.014, 0.010, 5600, 4000))
    song = sing(buzz, pitch_map, config.singer, 44_100)
    noise = 1e-3 * generator(4, "buzz").standard_normal(song.size)
    theme = reader.read((song + noise).astype(np.float32), 44_100, config.reader).theme
    assert len(theme.notes) == 1
    assert theme.trill is not None
    assert theme.trill.step_s == pytest.approx(0.014, rel=0.05)
    assert theme.trill.count == pytest.approx(25, abs=2)
    assert theme.trill.start_hz > theme.trill.end_hz


def test_silence_has_no_notes(config: Config):
    quiet = 1e-4 * generator(1, "noise").standard_normal(RATE).astype(np.float32)
    theme = reader.read(quiet, RATE, config.reader).theme
    assert sum(n.duration_s for n in theme.notes) < 0.1
    still = reader.read(np.zeros(RATE, np.float32), RATE, config.reader)
    assert still.theme == Theme((), None)
    assert still.whistles == ()


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.02])
def test_the_shortest_sounds_are_read_as_nothing(config: Config, seconds: float):
    assert (
        reader.read(np.zeros(int(seconds * RATE), np.float32), RATE, config.reader).whistles == ()
    )


def noises() -> list[np.ndarray]:
    folder = Path(os.environ.get("CHINGOLO_NOISE") or ROOT / "../shared/noise")
    found = sorted(folder.glob("*.wav"))
    if not found:
        pytest.skip("the recorded backgrounds are not here: CHINGOLO_NOISE=folder")
    return [load(path, RATE) for path in found]


def test_known_truth_is_read_in_made_noise(pitch_map: PitchMap, config: Config):
    made = [
        soundscape.coloured_noise(5 * RATE, RATE, tilt, generator(8, "made", tilt))
        for tilt in (0.0, 1.0, 2.0)
    ]
    truths = sing_truths(30, pitch_map, config.singer, RATE, 5)
    heard = scenes(truths, made, 10.0, RATE, 5)
    score = score_reader(truths, heard, RATE, config.reader, config.singer)
    assert score.f0_median <= 0.003
    assert score.gross <= 0.01
    assert score.notes >= 0.95
    assert score.trill_step >= 0.95
    assert score.trill_count >= 0.95


def test_known_truth_is_read_in_real_noise(pitch_map: PitchMap, config: Config):
    recorded = noises()
    truths = sing_truths(100, pitch_map, config.singer, RATE, 7)
    heard = scenes(truths, recorded, 10.0, RATE, 7)
    score = score_reader(truths, heard, RATE, config.reader, config.singer)
    assert score.f0_median <= 0.003
    assert score.gross <= 0.01
    assert score.notes >= 0.97
    assert score.trill_step >= 0.95
    assert score.trill_count >= 0.95


def test_songs_of_one_theme_are_read_alike(recordings: Path, config: Config):
    sheet = read_recordings(ROOT / "config/songs/recordings.tsv")
    songs = read_songs(ROOT / "config/songs/songs.tsv", sheet)
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for song in songs:
        chosen = song.recording in ("XC289317", "XC345328", "XC355657", "XC390322", "XC391056")
        if chosen and song.role != "check":
            sound = load(recordings / sheet[song.recording].file, RATE)
            part = cut(sound, RATE, song.start_s, song.end_s, 0.05)
            counts[song.theme][len(reader.read(part, RATE, config.reader).theme.notes)] += 1
    alike = sum(c.most_common(1)[0][1] for c in counts.values())
    assert alike >= 0.85 * sum(c.total() for c in counts.values())


def test_a_moment_of_silence_within_a_whistle_leaves_its_curve_alone(config: Config):
    t = np.arange(int(0.4 * RATE)) / RATE
    whistle = np.sin(2 * np.pi * 4000 * t)
    for gap_s in (0.006, 0.010, 0.014, 0.016):
        cut = whistle.copy()
        cut[int(0.2 * RATE) : int((0.2 + gap_s) * RATE)] = 0.0
        sound = np.concatenate([np.zeros(2000), cut, np.zeros(2000)])
        sound = sound + 0.003 * generator(6, "gap").standard_normal(sound.size)
        for note in reader.read(sound.astype(np.float32), RATE, config.reader).theme.notes:
            f = themes.note_frequency(note, np.linspace(0.0, 1.0, 200))
            assert f == pytest.approx(np.full(200, 4000.0), rel=0.01)


def test_a_fast_trill_from_the_first_moment_is_read(pitch_map: PitchMap, config: Config):
    buzz = sing(
        Theme((), Trill(0.0, 25, 0.0125, 0.009, 5400, 4200)), pitch_map, config.singer, 44_100
    )
    theme = reader.read(buzz, 44_100, config.reader).theme
    assert theme.trill is not None
    assert theme.trill.step_s == pytest.approx(0.0125, rel=0.05)


@pytest.mark.parametrize("hop_s", [0.001, 0.01, 0.02, 0.05])
def test_any_allowed_step_reads(placed: np.ndarray, config: Config, hop_s: float):
    reading = reader.read(placed, RATE, config.reader._replace(hop_s=hop_s))
    assert all(note.duration_s > 0 for note in reading.whistles)
