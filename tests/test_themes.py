"""Notes, trills and themes: curves by their definitions, round trips, note types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo import themes
from chingolo.themes import Note, Theme, Trill

hz = st.floats(1000, 10_000)
notes = st.builds(
    Note,
    onset_s=st.floats(0, 2),
    duration_s=st.floats(0.05, 0.5),
    start_hz=hz,
    end_hz=hz,
    curve=st.sampled_from(["line", "exponential", "arc"]),
    peak_hz=hz,
    bend=st.floats(-8, 8),
    level_db=st.floats(-30, 0),
)


@given(notes)
def test_a_note_passes_through_its_ends(note: Note):
    f = themes.note_frequency(note, [0.0, 1.0])
    assert f == pytest.approx([note.start_hz, note.end_hz], rel=1e-9)


def test_curves_at_half_way():
    line = Note(0, 1, 4000, 6000)
    assert themes.note_frequency(line, [0.5])[0] == 5000
    arc = line._replace(curve="arc", peak_hz=7000)
    assert themes.note_frequency(arc, [0.5])[0] == pytest.approx(7000)
    bent = line._replace(curve="exponential", bend=2.0)
    # (1 - e^-1) / (1 - e^-2) = 1 / (1 + e^-1)
    assert themes.note_frequency(bent, [0.5])[0] == pytest.approx(4000 + 2000 / (1 + np.exp(-1)))
    sampled = line._replace(curve="sampled", samples_hz=(4000.0, 4100.0, 6000.0))
    assert themes.note_frequency(sampled, [0.25, 0.75]) == pytest.approx([4050, 5050])


def test_a_trill_is_one_note_at_a_fixed_step():
    written = themes.trill_notes(Trill(1.0, 4, 0.06, 0.04, 7000, 3500))
    assert [n.onset_s for n in written] == pytest.approx([1.0, 1.06, 1.12, 1.18])
    assert {(n.duration_s, n.start_hz, n.end_hz) for n in written} == {(0.04, 7000, 3500)}


def test_contour_is_silent_between_notes_and_right_within():
    theme = Theme((Note(0.1, 0.2, 4000, 4000), Note(0.5, 0.2, 5000, 6000)))
    f, amplitude = themes.contour(theme, 1000.0)
    assert np.isnan(f[:100]).all()
    assert np.isnan(f[310:500]).all()
    assert (f[100:300] == 4000).all()
    assert f[600] == pytest.approx(5500, abs=10)
    assert (amplitude[np.isnan(f)] == 0).all()
    assert amplitude[200] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        (Note(0, 0.3, 5000, 5100), "L"),
        (Note(0, 0.3, 4000, 6000), "R"),
        (Note(0, 0.3, 6000, 4000), "F"),
        (Note(0, 0.3, 4000, 4200, "arc", peak_hz=6000), "A"),
        (Note(0, 0.3, 6000, 4000, "exponential", bend=4), "F"),
    ],
)
def test_note_types(note: Note, kind: str):
    assert themes.note_type(note) == kind


def test_contour_string_leaves_the_trill_out():
    theme = Theme(
        (Note(0, 0.3, 4000, 6000), Note(0.4, 0.3, 6000, 4000)), Trill(1, 5, 0.1, 0.05, 7000, 3000)
    )
    assert themes.contour_string(theme) == "RF"


@given(st.lists(notes, min_size=1, max_size=7))
def test_a_theme_survives_its_plain_form(many: list[Note]):
    theme = Theme(tuple(many), Trill(2.5, 5, 0.06, 0.04, 7000, 3500, level_db=-3.0))
    assert themes.from_dict(themes.to_dict(theme)) == theme


@given(st.lists(notes, min_size=1, max_size=5), st.floats(0, 3))
def test_shift_moves_everything(many: list[Note], seconds: float):
    theme = Theme(tuple(many), Trill(2.5, 5, 0.06, 0.04, 7000, 3500))
    moved = themes.shift(theme, seconds)
    assert themes.duration(moved) == pytest.approx(themes.duration(theme) + seconds)


def test_a_long_note_goes_on_after_a_short_one_sung_over_it():
    theme = Theme((Note(0.0, 1.0, 4000, 4000), Note(0.3, 0.1, 6000, 6000)))
    frequency, amplitude = themes.contour(theme, 1000.0)
    assert frequency[[100, 350, 700]] == pytest.approx([4000, 6000, 4000])
    assert np.isfinite(frequency[:1000]).all()
    assert (amplitude[10:990] > 0).all()


def test_the_contour_of_many_notes_is_that_of_each():
    theme = Theme(
        (
            Note(0.0, 0.2, 4000, 5000, level_db=-3.0),
            Note(0.25, 0.2, 5000, 4000, "exponential", bend=2.0),
            Note(0.5, 0.2, 4000, 4200, "arc", peak_hz=6000),
            Note(0.75, 0.2, 0, 0, "sampled", samples_hz=(4000, 4500, 4200), envelope_db=(-9, 0)),
        ),
        Trill(1.0, 4, 0.06, 0.03, 6500, 3500, bend=1.0),
    )
    frequency, amplitude = themes.contour(theme, 5000.0)
    for note in themes.all_notes(theme):
        first, last = np.searchsorted(
            np.arange(frequency.size) / 5000.0, (note.onset_s, note.onset_s + note.duration_s)
        )
        u = (np.arange(first, last) / 5000.0 - note.onset_s) / note.duration_s
        assert frequency[first:last] == pytest.approx(themes.note_frequency(note, u))
        assert amplitude[first:last] == pytest.approx(themes.note_envelope(note, u), rel=1e-6)
