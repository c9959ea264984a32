"""Songs are found in scenes of known truth, and in the real recordings."""

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from chingolo.config import Config
from chingolo.finder import Score, find_songs, score
from chingolo.recordings import load
from chingolo.seeds import generator
from chingolo.sheets import Song, read_recordings, read_songs

RATE = 22_050
FIRST = ((0.0, 0.35, 4500, 3500), (0.42, 0.3, 6500, 3000), (0.8, 0.25, 4000, 5500))
SECOND = ((0.0, 0.25, 3000, 5200), (0.32, 0.45, 7000, 6200))
LENGTH_S = 1.65
UNLISTED = {
    "XC330079": (24.7, 37.7, 43.1, 52.3, 60.0, 68.7, 78.6, 92.7, 103.9),
    "XC333594": (25.9,),
    "XC345326": (11.9,),
    "XC354495": (18.7,),
    "XC375793": (76.8, 91.6, 107.6, 127.6),
    "XC376473": (22.8, 35.9, 48.2),
}
"""Middles of songs, some incomplete, that the sheet leaves out and the spectrogram shows."""


def whistle(start_s: float, length_s: float, from_hz: float, to_hz: float, into: np.ndarray, rate):
    n = int(length_s * rate)
    f = np.geomspace(from_hz, to_hz, n)
    edge = np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.01 * rate))
    first = int(start_s * rate)
    into[first : first + n] += edge * np.sin(2 * np.pi * np.cumsum(f) / rate)


def song(notes=FIRST, rate=RATE, trill=True) -> np.ndarray:
    """Whistles, then a trill of ten falling notes; 1.65 s."""
    out = np.zeros(int(LENGTH_S * rate))
    for note in notes:
        whistle(*note, out, rate)
    for k in range(10 if trill else 0):
        whistle(1.1 + 0.055 * k, 0.035, 6500, 3500, out, rate)
    return out


def scene(length_s, songs, noise=0.003, rate=RATE, seed="scene") -> np.ndarray:
    """Put songs (start, gain, sound) into white noise."""
    out = noise * generator(5, seed).standard_normal(int(length_s * rate))
    for start_s, gain, sound in songs:
        first = int(start_s * rate)
        out[first : first + sound.size] += gain * sound[: max(0, out.size - first)]
    return out.astype(np.float32)


def assert_found(found, starts, length_s=LENGTH_S, within_s=0.1):
    assert len(found) == len(starts), found
    for (start, end), true in zip(found, starts, strict=True):
        assert start == pytest.approx(true, abs=within_s)
        assert end == pytest.approx(true + length_s, abs=within_s)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("noise", [0.0, 0.003, 0.02])
def test_songs_are_found_at_any_rate_and_noise(config: Config, rate: int, noise: float):
    starts = [2.0, 9.0, 15.5]
    sound = scene(20, [(t, 0.1, song(rate=rate)) for t in starts], noise, rate)
    assert_found(find_songs(sound, rate, config.finder), starts)


def test_gain_changes_nothing(config: Config):
    sound = scene(12, [(3, 0.1, song()), (8, 0.07, song())])
    found = find_songs(sound, RATE, config.finder)
    assert find_songs(sound * np.float32(2**-6), RATE, config.finder) == found
    assert find_songs(sound, RATE, config.finder) == found


def test_weaker_songs_count_only_if_they_resemble_the_loud_ones(config: Config):
    songs = [(2, 0.1, song()), (7, 0.02, song()), (12, 0.02, song(SECOND)), (17, 0.1, song())]
    found = find_songs(scene(20, songs), RATE, config.finder)
    assert_found(found, [2.0, 7.0, 17.0])


def test_one_bird_may_have_two_songs(config: Config):
    songs = [(2, 0.1, song()), (7, 0.07, song(SECOND)), (12, 0.1, song())]
    assert_found(find_songs(scene(16, songs), RATE, config.finder), [2.0, 7.0, 12.0])


def test_family_mends_limits(config: Config):
    stranger = np.zeros(int(0.9 * RATE))
    whistle(0.1, 0.25, 2600, 2300, stranger, RATE)
    whistle(0.45, 0.25, 2600, 2300, stranger, RATE)
    songs = [(t, 0.1, song()) for t in (2, 8, 14, 20)]
    sound = scene(25, [*songs, (8 + LENGTH_S, 0.1, stranger)])
    assert_found(find_songs(sound, RATE, config.finder), [2.0, 8.0, 14.0, 20.0])


def test_a_voice_does_not_hide_the_bird(config: Config):
    t = np.arange(int(1.5 * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(180 + 30 * np.sin(2 * np.pi * 3 * t)) / RATE
    voice = sum(np.sin(k * pitch) for k in range(5, 20)) * (np.sin(2 * np.pi * 2 * t) > -0.5)
    songs = [(t, 0.01, song()) for t in (2.0, 8.0, 14.0)]
    found = find_songs(scene(25, [*songs, (20, 0.2, voice)], 0.0005), RATE, config.finder)
    assert_found([span for span in found if span[0] < 19], [2.0, 8.0, 14.0])


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 0.9, 5.0])
def test_nothing_is_found_where_nothing_sings(config: Config, seconds: float):
    n = int(seconds * RATE)
    hum = 0.1 * np.sin(2 * np.pi * 3000 * np.arange(n) / RATE)
    gust = np.zeros(n)
    gust[n // 3 : n // 2] = generator(1, "gust").standard_normal(n // 2 - n // 3)
    for sound in (np.zeros(n), scene(seconds, []), hum + scene(seconds, []), gust):
        assert find_songs(np.asarray(sound, np.float32), RATE, config.finder) == []


def test_long_noise_of_any_colour_is_no_song(config: Config):
    white = generator(2, "noise").standard_normal(100 * RATE)
    for power in (0.0, 0.5, 1.0):
        spectrum = np.fft.rfft(white)
        spectrum[1:] /= np.arange(1, spectrum.size) ** power
        noise = np.fft.irfft(spectrum)
        assert find_songs(noise.astype(np.float32), RATE, config.finder) == []


def test_songs_at_the_ends_are_found_as_far_as_they_go(config: Config):
    whole = scene(10, [(0, 0.1, song()), (5, 0.1, song()), (8.35, 0.1, song())])
    cut = whole[int(0.4 * RATE) : -int(0.6 * RATE)]
    found = find_songs(cut, RATE, config.finder)
    assert len(found) == 3
    assert found[0] == pytest.approx((0.0, LENGTH_S - 0.4), abs=0.1)
    assert found[-1] == pytest.approx((7.95, cut.size / RATE), abs=0.1)
    assert found[0][0] >= 0
    assert found[-1][1] <= cut.size / RATE


def test_long_recordings_have_no_seams(config: Config):
    # A song every 7.3 s lies across every limit of a block sooner or later.
    starts = np.arange(1.0, 195.0, 7.3)
    sound = scene(200, [(float(t), 0.1, song()) for t in starts])
    assert_found(find_songs(sound, RATE, config.finder), starts)


@settings(max_examples=25, deadline=None)
@given(
    gaps=st.lists(st.floats(0.5, 6.0), min_size=0, max_size=5),
    gains=st.lists(st.floats(0.05, 0.1), min_size=5, max_size=5),
    seed=st.integers(0, 2**20),
)
def test_spans_are_ordered_disjoint_and_inside(config: Config, gaps, gains, seed):
    starts = np.cumsum([gap + LENGTH_S for gap in gaps]) - LENGTH_S
    songs = [(t, gain, song()) for t, gain in zip(starts.tolist(), gains, strict=False)]
    length_s = 1.0 + (starts[-1] + LENGTH_S if gaps else 0.0)
    sound = scene(length_s, songs, 0.002, seed=f"scene-{seed}")
    found = find_songs(sound, RATE, config.finder)
    assert_found(found, starts)
    ends = [edge for span in found for edge in span]
    assert ends == sorted(ends)
    assert all(0 <= edge <= length_s for edge in ends)


def test_score_counts_overlaps():
    def row(start: float, end: float, role: str) -> Song:
        return Song("a", start, end, "a", role, 0)

    sheet = [row(1, 3, "enrol"), row(5, 7, "query"), row(9, 11, "check"), row(13, 15, "query")]
    found = {"a": [(0.5, 3.5), (5.1, 7.1), (9.2, 11), (17, 19)], "b": [(0.0, 1.0)]}
    assert score(found, sheet) == Score(
        songs=3, songs_found=1, songs_covered=2, finds=5, false_finds=2
    )
    assert score({}, []) == Score(0, 0, 0, 0, 0)


def test_real_songs_are_found(recordings: Path, config: Config):
    named = read_recordings(ROOT / "config/songs/recordings.tsv")
    sheet = read_songs(ROOT / "config/songs/songs.tsv", named)
    found = {
        name: find_songs(load(recordings / one.file, RATE), RATE, config.finder)
        for name, one in named.items()
    }
    result = score(found, sheet)
    assert result.songs == 92
    assert result.songs_found >= 0.95 * result.songs
    assert result.songs_covered >= 0.95 * result.songs
    # The sheet leaves out many songs of the same birds.
    unlisted = sum(
        any(start < middle < end for middle in UNLISTED.get(name, ()))
        for name, spans in found.items()
        for start, end in spans
    )
    assert result.false_finds - unlisted <= 0.05 * result.finds
    assert result.false_finds <= 0.2 * result.finds
