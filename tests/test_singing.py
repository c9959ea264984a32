"""Songs sung: pitch and level as written, trill notes kept, surrogates alike but not the same."""

import numpy as np
import pytest
from conftest import zero_crossing_pitch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from chingolo import singing, themes
from chingolo.config import Config, Spread
from chingolo.fidelity import plain_ridge
from chingolo.pitch import HERTZ, PitchMap, map_pitch
from chingolo.seeds import generator
from chingolo.sources import SOURCES
from chingolo.species import random_theme
from chingolo.surrogates import vary
from chingolo.themes import Note, Theme, Trill

RATE = 22_050


def frequency(sound: np.ndarray) -> float:
    windowed = sound * np.hanning(sound.size)
    spectrum = np.abs(np.fft.rfft(windowed, 1 << 18))
    return float(spectrum.argmax() * RATE / (1 << 18))


@pytest.mark.parametrize("hz", [3000, 4500, 6000, 8000, 9500])
@pytest.mark.parametrize("level", [0.0, -20.0])
def test_a_flat_note_has_its_pitch_and_level(
    hz: float, level: float, pitch_map: PitchMap, config: Config
):
    note = Note(0.0, 0.3, hz, hz, level_db=level)
    song = singing.sing(Theme((note,)), pitch_map, config.singer, RATE)
    assert frequency(song[1500:5000]) == pytest.approx(hz, rel=1e-3)
    assert 20 * np.log10(np.abs(song).max()) == pytest.approx(level, abs=2.0)


@pytest.mark.parametrize("source", ["zonotrichia", "wappner-2018"])
@pytest.mark.parametrize("hz", [2500, 5000, 8000])
def test_a_flat_note_stays_flat_under_a_twenty_decibel_envelope(
    source: str, hz: float, config: Config
):
    singer = config.singer._replace(source=source)
    mapped = map_pitch(SOURCES[source])
    swell = Note(0.0, 0.4, hz, hz, envelope_db=(-20.0, -10.0, 0.0, -10.0, -20.0))
    song = singing.sing(Theme((swell,)), mapped, singer, 44_100).astype(float)
    pitches = [
        zero_crossing_pitch(song[start : start + 1000], 44_100)
        for start in range(1000, 16_000, 1000)
    ]
    assert pitches == pytest.approx([hz] * len(pitches), rel=1e-3)


@pytest.mark.parametrize("rate_hz", [22_050, 32_000, 44_100, 48_000])
def test_a_song_is_the_same_at_any_rate(rate_hz: int, pitch_map: PitchMap, config: Config):
    song = singing.sing(EXAMPLE, pitch_map, config.singer, rate_hz)
    assert song.size / rate_hz == pytest.approx(themes.duration(EXAMPLE) + 0.01, abs=2e-3)
    other = singing.sing(EXAMPLE, pitch_map, config.singer, 88_200)
    ridges = [plain_ridge(s, rate) for s, rate in ((song, rate_hz), (other, 88_200))]
    sampled = [np.where(level > level.max() - 15, f, np.nan) for f, level in ridges]
    times = [
        (np.arange(f.size) * n / 4 + n / 2) / rate
        for (f, _), rate, n in zip(
            ridges, (rate_hz, 88_200), (512 if rate_hz > 30_000 else 256, 512), strict=True
        )
    ]
    both = np.interp(times[0], times[1], sampled[1]) / sampled[0]
    assert np.isfinite(both).sum() > 50
    assert np.nanmedian(np.abs(both - 1)) < 1e-3


def test_rates_too_low_for_the_species_are_refused(pitch_map: PitchMap, config: Config):
    with pytest.raises(ValueError, match="20,000 Hz"):
        singing.sing(EXAMPLE, pitch_map, config.singer, 16_000)


def test_a_pitch_out_of_reach_is_sung_at_the_nearest_and_as_loud(
    pitch_map: PitchMap, config: Config
):
    song = singing.sing(Theme((Note(0.0, 0.3, 15_000, 15_000),)), pitch_map, config.singer, 44_100)
    assert zero_crossing_pitch(song[2000:10_000].astype(float), 44_100) == pytest.approx(
        HERTZ[-1], rel=2e-3
    )
    assert np.abs(song).max() == pytest.approx(1.0, abs=0.25)


def test_a_song_does_not_know_who_sings_beside_it(pitch_map: PitchMap, config: Config):
    many = [random_theme(generator(k, "choir")) for k in range(40)]

    def rngs() -> list[np.random.Generator]:
        return [generator(k, "tremor") for k in range(40)]

    together = list(singing.sing_all(many, pitch_map, config.singer, RATE, rngs()))
    for k in (0, 17, 39):
        alone = singing.sing(many[k], pitch_map, config.singer, RATE, rngs()[k])
        assert np.array_equal(alone, together[k])
    assert list(singing.sing_all([], pitch_map, config.singer, RATE)) == []


def test_the_step_is_within_its_budget(pitch_map: PitchMap, config: Config):
    # Against steps a twentieth of a sample long: pitch and spectrum.
    song, fine = (
        singing.sing(EXAMPLE, pitch_map, config.singer._replace(step=step), 44_100).astype(float)
        for step in (config.singer.step, 37_000 / 44_100 / 20)
    )
    spectra = [np.abs(signal.stft(s, 44_100, nperseg=512)[2]) for s in (song, fine)]
    error = np.sum((spectra[0] - spectra[1]) ** 2) / np.sum(spectra[1] ** 2)
    assert 10 * np.log10(error) < -50
    (f, level), (reference, _) = (plain_ridge(s, 44_100) for s in (song, fine))
    assert np.abs(f / reference - 1)[level > level.max() - 25].max() < 1e-3


def test_silence_is_silent_between_the_notes(pitch_map: PitchMap, config: Config):
    song = singing.sing(EXAMPLE, pitch_map, config.singer, RATE)
    assert np.abs(song[int(0.32 * RATE) : int(0.39 * RATE)]).max() < 1e-4


def test_short_trill_notes_keep_their_beginning(pitch_map: PitchMap, config: Config):
    theme = Theme((), Trill(0.0, 8, 0.06, 0.03, 6500, 3500))
    song = singing.sing(theme, pitch_map, config.singer, RATE)
    power = song.astype(float) ** 2
    for k in range(8):
        first = int(k * 0.06 * RATE)
        head = power[first : first + int(0.015 * RATE)].sum()
        tail = power[first + int(0.015 * RATE) : first + int(0.03 * RATE)].sum()
        assert head / tail > 0.4
        gap = power[first + int(0.035 * RATE) : first + int(0.058 * RATE)].mean()
        assert gap < 1e-3 * (head + tail) / (0.03 * RATE)


def test_the_tract_changes_the_sound_but_not_the_level(pitch_map: PitchMap, config: Config):
    theme = Theme((Note(0.0, 0.3, 3500, 7000),))
    songs = [
        singing.sing(theme, pitch_map, config.singer._replace(tract=name), RATE)
        for name in ("zonotrichia", "zonotrichia-5khz", "wappner-2018", "trachea", "none")
    ]
    levels = [plain_ridge(song, RATE)[1].max() for song in songs]
    assert levels == pytest.approx([levels[0]] * len(levels), abs=1.0)
    assert np.abs(songs[0] - songs[-1]).max() > 0.05


def test_tremor_needs_a_stream_and_follows_it(pitch_map: PitchMap, config: Config):
    theme = Theme((Note(0.0, 0.2, 5000, 5000),))

    def pitch(seed: int | None) -> np.ndarray:
        rng = None if seed is None else generator(seed, "tremor")
        return singing.prepare(theme, pitch_map, config.singer, RATE, rng).pitch_hz

    assert np.array_equal(pitch(1), pitch(1))
    assert not np.array_equal(pitch(1), pitch(2))
    tremor = (pitch(1) / pitch(None) - 1)[60:500]
    assert tremor.std() == pytest.approx(config.singer.pitch_tremor, rel=0.5)


def test_the_tremor_has_the_spectrum_it_states():
    noise = singing.tremor(400_000, 2756.0, 40.0, generator(1, "spectrum"))
    assert noise.std() == pytest.approx(1.0, rel=0.02)
    f, power = signal.welch(noise, 2756.0, nperseg=8192)
    flat = power[(f > 2) & (f < 15)].mean()
    assert power[np.abs(f - 40) < 1].mean() / flat == pytest.approx(0.5, rel=0.1)
    octave = power[np.abs(f - 160) < 4].mean() / power[np.abs(f - 320) < 4].mean()
    assert 10 * np.log10(octave) == pytest.approx(12.0, abs=1.0)


EXAMPLE = Theme(
    (Note(0.0, 0.3, 4000, 6000), Note(0.4, 0.25, 6000, 4200, "arc", peak_hz=6500)),
    Trill(0.75, 8, 0.06, 0.04, 7000, 3500),
)


@settings(max_examples=50)
@given(st.integers(0, 10_000))
def test_surrogates_keep_the_order_and_the_range(seed: int):
    spread = Spread(0.05, 0.08, 0.15, 0.02, 0.015, 0.06, 3.0, 0.06, 0.2, 0.2, 0.5)
    sung = vary(EXAMPLE, spread, generator(seed, "surrogate"))
    assert len(sung.notes) == 2
    assert sung.notes[1].onset_s >= sung.notes[0].onset_s + sung.notes[0].duration_s
    assert all(1000 <= n.start_hz <= 10_000 and n.level_db <= 0 for n in themes.all_notes(sung))


def test_no_spread_gives_the_theme_back():
    still = vary(EXAMPLE, Spread(*[0.0] * 11), generator(1, "x"))
    assert themes.contour(still, 1000.0)[0] == pytest.approx(
        themes.contour(EXAMPLE, 1000.0)[0], nan_ok=True
    )


def test_half_of_the_surrogates_tell_no_loudness():
    still = Spread(*[0.0] * 10, 0.5)
    quiet = EXAMPLE._replace(notes=(EXAMPLE.notes[0]._replace(level_db=-12.0), EXAMPLE.notes[1]))
    levels = [vary(quiet, still, generator(k, "loud")).notes[0].level_db for k in range(300)]
    assert set(levels) == {0.0, -12.0}
    assert levels.count(0.0) / 300 == pytest.approx(0.5, abs=0.1)


def test_examples_are_named_by_what_a_file_may_be_called(pitch_map: PitchMap, config: Config):
    panel = {"a/b c": EXAMPLE, "a/b/c": EXAMPLE}
    names = [
        name
        for name, *_ in singing.sing_examples(
            panel, pitch_map, config.singer, config.spread, RATE, 1, 1
        )
    ]
    assert names == ["a_b_c-0", "a_b_c_-0"]
