"""Notes, trills and themes: curves by their definitions, round trips, note types."""

import json

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


def test_a_trills_elements_bend_as_it_does():
    straight = Trill(0.5, 2, 0.06, 0.04, 7000, 3500, level_db=-6.0)
    assert themes.trill_notes(straight) == (
        Note(0.5, 0.04, 7000, 3500, "line", level_db=-6.0),
        Note(0.56, 0.04, 7000, 3500, "line", level_db=-6.0),
    )
    bent = straight._replace(bend=2.0, count=1)
    assert themes.trill_notes(bent) == (
        Note(0.5, 0.04, 7000, 3500, "exponential", bend=2.0, level_db=-6.0),
    )


def test_all_notes_are_in_order_of_time_trill_included():
    late, early = Note(1.0, 0.1, 4000, 4000), Note(0.2, 0.1, 9000, 9000)
    theme = Theme((late, early), Trill(0.5, 2, 0.6, 0.04, 7000, 3500))
    assert [n.onset_s for n in themes.all_notes(theme)] == pytest.approx([0.2, 0.5, 1.0, 1.1])
    # Notes at one time stay in the order they were written in, whatever else they are.
    same = (Note(0.0, 0.2, 5000, 5000), Note(0.0, 0.1, 4000, 4000))
    assert themes.all_notes(Theme(same)) == same


def test_a_song_without_notes_has_no_length_and_no_sound():
    nothing = Theme(())
    assert themes.duration(nothing) == 0.0
    frequency, amplitude = themes.contour(nothing, 1000.0, tail_s=0.01)
    assert np.isnan(frequency).all()
    assert amplitude.tolist() == [0.0] * 11


def test_a_note_holds_its_ends_before_and_after_it():
    line = Note(0, 1, 4000, 6000)
    assert themes.note_frequency(line, [-1, 0, 1, 2]).tolist() == [4000, 4000, 6000, 6000]
    swell = themes.note_envelope(line, [-0.5, 0, 0.5, 1, 1.5])
    # 10^(-3/2): the floor of the swell, so that a note's ends are quiet and not silent.
    assert swell == pytest.approx([1e-3**0.5, 1e-3**0.5, 1.0, 1e-3**0.5, 1e-3**0.5])


def test_only_an_exponential_bends():
    line = Note(0, 1, 4000, 6000, bend=3.0)
    assert themes.note_frequency(line, [0.5])[0] == 5000
    # Below one part in a million of bend the exponential is a line to the last digit that matters.
    flat = line._replace(curve="exponential", bend=1e-6)
    assert themes.note_frequency(flat, [0.5])[0] == 5000
    both = Theme((line, flat._replace(onset_s=2)))
    assert themes.contour(both, 100.0)[0][[50, 250]] == pytest.approx([5000, 5000], abs=1e-9)


def test_levels_within_a_note_are_interpolated():
    note = Note(0, 1, 4000, 4000, level_db=-6.0, envelope_db=(-20.0, 0.0, -10.0))
    found = 20 * np.log10(themes.note_envelope(note, [0.0, 0.25, 0.5, 0.75, 1.0]))
    assert found == pytest.approx([-26, -16, -6, -11, -16])
    half = themes.note_envelope(Note(0, 1, 4000, 4000), [0.25])[0]
    assert half == pytest.approx(np.sin(np.pi / 4) ** 0.5)


def test_a_contour_has_a_sample_at_its_end_and_its_tail():
    theme = Theme((Note(0.0, 0.125, 4000, 5000),))  # 8 samples at 64 Hz, exactly
    assert themes.contour(theme, 64.0)[0].size == 9
    f, amplitude = themes.contour(theme, 64.0, tail_s=0.0625)
    assert f.size == amplitude.size == 13
    assert np.isfinite(f).sum() == 8
    assert not amplitude[8:].any()


def test_sampled_notes_are_sung_as_sampled_without_an_envelope():
    theme = Theme((Note(0.0, 1.0, 0, 0, "sampled", samples_hz=(4000.0, 4500.0, 4200.0)),))
    f, amplitude = themes.contour(theme, 100.0)
    assert f[[0, 25, 50, 75]] == pytest.approx([4000, 4250, 4500, 4350])
    assert amplitude[50] == pytest.approx(1.0)


def sampled(*hz: float) -> Note:
    """Make a note of given frequencies."""
    return Note(0, 1, 0, 0, "sampled", samples_hz=hz)


def raised(at: int, by: float, first: float = 5000, last: float = 5000) -> Note:
    """Make a note of 5 kHz that differs at one of 21 places, and at its ends."""
    f = np.full(21, 5000.0)
    f[0], f[-1], f[at] = first, last, 5000 + by
    return sampled(*f)


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        (raised(2, 800), "L"),  # a top so near the onset is how a note begins
        (raised(3, 800), "A"),
        (raised(17, 800), "A"),
        (raised(18, 800), "L"),
        (raised(10, 200), "L"),  # 6 % of 5 kHz is 300 Hz
        (raised(10, 800, first=4600), "A"),
        (raised(10, 800, first=5700), "F"),  # higher than its onset by less than 6 %
        (raised(10, 800, last=5700), "R"),
        (raised(10, 400, first=5200, last=4800), "F"),
        (raised(1, 400), "L"),  # what follows the onset does not matter
        (raised(19, 400), "L"),
        (raised(19, -900, last=5400), "R"),
        (raised(1, -900, first=5400), "F"),
        (raised(1, 900, last=5400), "R"),
        (raised(0, 500), "F"),
        (raised(20, 500), "R"),
    ],
)
def test_note_types_are_told_from_ends_and_top(note: Note, kind: str):
    assert themes.note_type(note) == kind


def test_a_change_of_exactly_the_share_is_level():
    step = 5000.0 * themes.LEVEL_NOTE_RATIO
    # A mean of 5 kHz whose ends differ by 6 % of it, to the last digit.
    ends = sampled(*np.linspace(5000.0 - step / 2, 5000.0 + step / 2, 21))
    assert themes.note_frequency(ends, np.linspace(0, 1, 21)).mean() == 5000.0
    assert themes.note_type(ends) == "L"


def test_plain_forms_come_back_from_json():
    note = Note(0, 1, 0, 0, "sampled", samples_hz=(4000.0, 4500.0), envelope_db=(-3.0, 0.0))
    for theme in (Theme((note,)), Theme((note,), Trill(1, 5, 0.06, 0.04, 7000, 3500))):
        plain = json.loads(json.dumps(themes.to_dict(theme)))
        assert set(plain) == {"notes", "trill"}
        assert themes.from_dict(plain) == theme


def test_shifting_keeps_a_song_that_has_no_trill():
    note = Note(0.5, 0.1, 4000, 5000)
    assert themes.shift(Theme((note,)), 0.25) == Theme((note._replace(onset_s=0.75),))
    trill = Trill(1.0, 5, 0.06, 0.04, 7000, 3500)
    assert themes.shift(Theme((note,), trill), 0.25).trill == trill._replace(onset_s=1.25)
