"""Songs sung: pitch and level as written, trill notes kept, surrogates alike but not the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chingolo import singing, themes
from chingolo.config import Config, Spread
from chingolo.seeds import generator
from chingolo.surrogates import vary
from chingolo.syrinx import PitchMap
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


def test_a_flat_note_stays_flat_under_its_envelope(pitch_map: PitchMap, config: Config):
    swell = Note(0.0, 0.4, 5000, 5000, envelope_db=(-20.0, -10.0, 0.0, -10.0, -20.0))
    song = singing.sing(Theme((swell,)), pitch_map, config.singer, RATE)
    for start in range(800, 7500, 1200):
        assert frequency(song[start : start + 1000]) == pytest.approx(5000, rel=1e-3)


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
        for name in ("zonotrichia", "wappner-2018", "none")
    ]
    tops = [np.abs(song).max() for song in songs]
    assert max(tops) / min(tops) < 1.5
    assert np.abs(songs[0] - songs[2]).max() > 0.05


def test_tremor_needs_a_stream_and_follows_it(pitch_map: PitchMap, config: Config):
    theme = Theme((Note(0.0, 0.2, 5000, 5000),))

    def beta(seed: int | None) -> np.ndarray:
        rng = None if seed is None else generator(seed, "tremor")
        return singing.gesture(theme, pitch_map, config.singer, RATE, rng).beta

    assert np.array_equal(beta(1), beta(1))
    assert not np.array_equal(beta(1), beta(2))
    # Tension goes nearly as the pitch squared: a tremor of s moves it by some 2 s.
    tremor = (beta(1) / beta(None) - 1)[500:4000]
    assert tremor.std() == pytest.approx(2 * config.singer.tension_noise, rel=0.5)


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
