"""The measured variation gives back the spread that surrogates were drawn with."""

import numpy as np
import pytest

from chingolo.config import Spread
from chingolo.seeds import generator
from chingolo.species import LOCAL_TRILL, random_theme
from chingolo.surrogates import vary
from chingolo.themes import Note, Theme, Trill
from chingolo.variation import measure

SPREAD = Spread(0.05, 0.08, 0.15, 0.02, 0.015, 0.06, 2.0, 0.06, 0.2, 0.0, 0.0)


def sung(spread: Spread, themes: int, songs: int) -> dict[str, list[Theme]]:
    out = {}
    for k in range(themes):
        theme = random_theme(generator(k, "theme"), LOCAL_TRILL)
        # Levels below 0 on both sides, as vary lets none rise above the song's top.
        theme = theme._replace(notes=tuple(n._replace(level_db=-12.0) for n in theme.notes))
        out[str(k)] = [vary(theme, spread, generator(k, "song", j)) for j in range(songs)]
    return out


def test_the_spread_of_surrogates_is_measured_back():
    measured = measure(sung(SPREAD, 150, 5))
    assert measured is not None
    assert measured.songs == 750
    assert measured.themes == 150
    for key in ("tempo", "duration", "gap", "pitch", "note_pitch", "sweep", "level_db",
                "trill_step", "trill_count"):  # fmt: skip
        assert getattr(measured, key) == pytest.approx(getattr(SPREAD, key), rel=0.2), key


def test_the_same_song_varies_by_nothing():
    measured = measure(sung(Spread(*[0.0] * 11), 5, 4))
    assert measured is not None
    assert max(measured[:-2]) == pytest.approx(0.0, abs=1e-12)


def test_a_misread_song_is_no_variation():
    songs = sung(Spread(*[0.0] * 11), 30, 5)
    for many in songs.values():
        notes = tuple(n._replace(duration_s=2 * n.duration_s) for n in many[0].notes)
        many[0] = many[0]._replace(notes=notes)
        many[1] = many[1]._replace(notes=many[1].notes[:-1])
    measured = measure(songs)
    assert measured is not None
    assert measured.songs < 150
    assert measured.pitch == pytest.approx(0.0, abs=1e-12)


def test_songs_sung_once_measure_nothing():
    assert measure({"a": [Theme((Note(0.0, 0.3, 4000, 5000),))], "b": [Theme(())]}) is None


def test_what_nothing_tells_is_not_a_number():
    def trilled(step_s: float) -> Theme:
        return Theme((Note(0.0, 0.3, 4000, 5000),), Trill(0.5, 8, step_s, 0.03, 6000, 4000))

    measured = measure({"a": [trilled(0.06), trilled(0.18)]})
    assert measured is not None
    assert np.isnan(measured.trill_step)
    assert np.isnan(measured.gap)
    assert np.isnan(measured.tempo)
