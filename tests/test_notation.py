"""The typed notation: its faults, its round trips, schema, contours, pictures and commands."""

import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import jsonschema
import matplotlib.image
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from chingolo import notation, species, themes
from chingolo.__main__ import main
from chingolo.errors import InputError, on_screen
from chingolo.figures import notation as pictures
from chingolo.notation import TypedNote, TypedSketch, TypedTrill
from chingolo.seeds import generator
from chingolo.themes import Note, Theme, Trill

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "config/sketches").glob("*.yaml"))

GOOD = """
birds: 2
notes:
  - {onset: 0.0, duration: 0.3, start: 4.0, end: 5.2}
  - {onset: 0.4, duration: 0.3, start: 5.0, peak: 6.1, end: 4.6, curve: arc, level: -3}
trill: {onset: 0.8, count: 8, step: 0.07, duration: 0.04, start: 6.5, end: 3.6}
"""


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        notation.parse(text, "page.yaml")
    return str(caught.value).splitlines()


# Reading


def test_typed_notation_becomes_a_theme():
    theme = notation.to_theme(notation.parse(GOOD, "page.yaml"))
    assert themes.contour_string(theme) == "RA"
    assert theme.notes[1].peak_hz == pytest.approx(6100)
    assert theme.trill == Trill(0.8, 8, 0.07, 0.04, 6500, 3600)


def test_every_kind_of_note_can_be_typed():
    text = """
notes:
  - {onset: 0.9, duration: 0.3, samples: [4, 4.5, 4.2], envelope: [-6, 0, -12.5]}
  - {onset: 0.0, duration: 0.3, start: 4.0, end: 5.0, bend: -3}
  - {onset: 0.3, duration: 0.3, start: 4.0, end: 5.0, curve: exponential}
  - {onset: 0.6, duration: 0.3, start: 4.0, end: 5.0, peak: 6.0}
trill: {onset: 1.2, count: 3, step: 0.1, duration: 0.1, start: 6, end: 4, bend: 1.5, level: -6}
comment: 1966-10-03
"""
    typed = notation.parse(text, "page.yaml")
    bent, usual, arc, sampled = notation.to_theme(typed).notes
    assert (bent.curve, bent.bend) == ("exponential", -3)
    assert (usual.curve, usual.bend) == ("exponential", 2)
    assert (arc.curve, arc.peak_hz) == ("arc", 6000)
    assert sampled.samples_hz == (4000, 4500, 4200)
    assert (sampled.curve, sampled.start_hz, sampled.end_hz) == ("sampled", 4000, 4200)
    assert sampled.envelope_db == (-6, 0, -12.5)
    assert notation.to_theme(typed).trill == Trill(1.2, 3, 0.1, 0.1, 6000, 4000, 1.5, -6)
    assert typed.comment == "1966-10-03"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "start: 4.0",
            "start: 0.9",
            "line 4, notes row 1, start: 0.9 is refused; allowed: 1 to 10",
        ),
        ("start: 4.0", "start: 4200", "write 4.2"),
        ("end: 4.6", "end: 10.5", "line 5, notes row 2, end"),
        ("end: 4.6", "end: .nan", "notes row 2, end: nan is refused"),
        ("end: 4.6", "end: .inf", "notes row 2, end: inf is refused"),
        ("end: 4.6", "end: '4,6'", "write 4.6, with a point"),
        ("end: 5.2", "end: 5,2", "notes row 1, 2: unknown key. Cure: decimals have a point"),
        ("duration: 0.3, start: 4.0", "duration: -0.3, start: 4.0", "notes row 1, duration"),
        ("duration: 0.3, start: 4.0", "duration: 300, start: 4.0", "if these are ms, write 0.3"),
        ("duration: 0.3, start: 4.0", "duration: true, start: 4.0", "duration: True is refused"),
        ("start: 4.0", "begin: 4.0", "notes row 1, begin: unknown key"),
        ("start: 4.0", "stat: 4.0", "stat: unknown key. Cure: write 'start'"),
        ("end: 5.2", "end: high", "notes row 1, end: 'high' is refused"),
        ("end: 5.2", "end: 5.2, level: 3", "allowed: -60 to 0 dB"),
        ("end: 5.2", f"end: 1{'0' * 5000}", "notes row 1, end: inf is refused"),
        ("peak: 6.1, ", "", "notes row 2: an arc has no peak"),
        ("curve: arc", "curve: line", "notes row 2: a line has a peak"),
        ("curve: arc", "curve: arch", "allowed: line, exponential, arc or sampled"),
        ("curve: arc", "bend: 2", "notes row 2: an arc has a bend"),
        ("end: 5.2", "end: 5.2, curve: sampled", "notes row 1: a sampled curve has no samples"),
        ("end: 5.2", "end: 5.2, samples: [4, 5]", "its end is 5.2, its samples' is 5. Cure: leave"),
        ("end: 5.2", "end: 5.2, samples: [4.0]", "samples: a list of 1 is refused; allowed: 2 to"),
        (
            "end: 5.2",
            "end: 5.2, samples: [4, x, 5.2]",
            "notes row 1, samples, value 2: 'x' is refu",
        ),
        ("end: 5.2", "end: 5.2, samples: 4", "samples: 4 is refused"),
        ("end: 5.2", "end: 5.2, envelope: []", "envelope: a list of 0 is refused; allowed: 1 to"),
        ("end: 5.2", "end: 5.2, end: 5.3", "line 4, notes row 1, end: is there twice"),
        ("birds: 2", "birds: 2\nbirds: 2", "line 3, birds: is there twice"),
        ("count: 8", "count: 0", "trill, count"),
        ("count: 8", "count: 8.5", "count: 8.5 is refused; allowed: whole, 1 to 200"),
        ("duration: 0.04", "duration: 0.2", "trill: an element lasts longer"),
        ("trill: {onset: 0.8", "trill: {onset: 0.6", "trill: it and notes row 2 overlap by 0.04"),
        ("onset: 0.4", "onset: 0.29", "notes row 2: rows 1 and 2 overlap by 0.010 s"),
        ("trill: {", "trill: 3 #", "trill: 3 is no row of keys"),
        ("  - {onset: 0.0", "  - 7\n  - {onset: 0.0", "line 4, notes row 1: 7 is no row of keys"),
        ("  - {onset: 0.0", "  - [0, 1, 4, 5]\n  - {onset: 0.0", "[0, 1, 4, 5] is no row of keys"),
        ("birds: 2", "birds: none", "birds: 'none' is refused"),
        ("birds: 2", "birds: no", "birds: 'no' is refused"),
        ("birds: 2", "birds: false", "birds: False is refused"),
        ("birds: 2", "birds:", "birds: None is refused"),
        (
            "birds: 2",
            "comment: 1966",
            "comment: 1966 is refused; allowed: text. Cure: put it in quo",
        ),
        ("birds: 2", '"birds\\n": 2', "birds\\n: unknown key"),
        ("notes:", "note:", "unknown key"),
        ("birds: 2", "birds: [", "is not YAML"),
        ("birds: 2", "birds: !!python/name:os.system", "is not YAML"),
        ("birds: 2", "birds: !!timestamp x", "is not YAML"),
        ("birds: 2", 'comment: "\\UFFFFFFFF"', "is not YAML"),
        ("birds: 2", 'comment: "\\U00110000"', "is not YAML"),
        ("birds: 2", "comment: \x07", "is not YAML"),
        ("birds: 2", "? [1, 2]\n: 3", "a key is a word"),
        (
            "birds: 2",
            "birds: &b 2\ncomment: *b",
            "line 3: is not YAML (aliases (*) are not allowed)",
        ),
        ("birds: 2", "birds: 2\n---\nbirds: 2", "is not YAML (but found another document)"),
        (", end: 5.2", "", "notes row 1, end: is missing"),
    ],
)
def test_a_fault_names_file_row_and_cure_in_one_line(old: str, new: str, words: str):
    assert old in GOOD
    (line,) = refused(GOOD.replace(old, new, 1))
    assert line.startswith("page.yaml")
    assert words in line
    assert "Cure:" in line


@pytest.mark.parametrize(
    "text", ["", "# nothing", "[1, 2]", "[[{onset: 0}]]", "3", "chingolo", "~"]
)
def test_what_holds_no_keys_is_refused(text: str):
    (line,) = refused(text)
    assert "where keys are expected" in line


def test_a_deep_nest_and_a_bomb_are_refused():
    assert "nested too deeply" in refused("[" * 20_000)[0]
    bomb = "a: &a [x, x]\n" + "".join(f"b{k}: &b{k} [*a, *a]\n" for k in range(30))
    assert "aliases" in refused(bomb)[0]


def test_too_many_rows_are_refused():
    rows = [f"  - {{onset: {0.1 * k:.1f}, duration: 0.1, start: 4, end: 5}}" for k in range(21)]
    text = "\n".join(["notes:", *rows])
    (line,) = refused(text)
    assert line.startswith("page.yaml, line 1, notes: 21 rows are refused; allowed: 1 to 20 rows.")
    assert refused("notes: []") == [line.replace("21 rows", "0 rows")]
    assert len(notation.parse("\n".join(["notes:", *rows[:20]]), "page.yaml").notes) == 20
    assert refused("\n".join(["notes:", *rows * 100])) != []


def test_all_faults_are_told_at_once_in_the_order_of_the_lines():
    text = """birds: no
notes:
  - {onset: 0.0, duration: 0.3, start: 4200, end: 5.0}
  - {onset: 0.2, length: 0.3, start: 5.0, peak: 6.1, curve: arc}
  - {onset: 0.2, duration: 0.3, start: 4.0, end: 4.6, curve: arch}
  - {onset: 1.0, duration: 0.3, start: 4.0, end: 4.6}
  - {onset: 1.2, duration: 0.3, start: 4.0, end: 4.6, bend: 2, peak: 5.0}
trill: {onset: 2.0, count: 0, step: 0.07, duration: 0.04, start: 6.5}
colour: red
"""
    lines = refused(text)
    places = [line.split(":")[0].removeprefix("page.yaml, ") for line in lines]
    assert places == [
        "line 1, birds",
        "line 3, notes row 1, start",
        "line 4, notes row 2, length",
        "line 4, notes row 2, end",
        "line 5, notes row 3, curve",
        "line 7, notes row 5",
        "line 7, notes row 5",
        "line 8, trill, end",
        "line 8, trill, count",
        "line 9, colour",
    ]
    assert all(line.count("Cure:") == 1 for line in lines)


def test_the_one_error_of_many_faults_travels_between_processes_and_is_told_line_by_line():
    with pytest.raises(InputError) as caught:
        notation.parse(GOOD.replace("start: 4.0", "start: 0").replace("birds: 2", "birds: 0"), "p")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert [line[:12] for line in on_screen(again).splitlines()] == ["chingolo: p,"] * 2


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_the_one_error(text: str):
    try:
        typed = notation.parse(text, "page.yaml")
    except InputError:
        return
    assert typed.notes


WORDS = [*"{}[],-?&*!|>'\"#~:\n", "no", "0", "1", "4.5", "1e3", ".nan", "arc", "x", "? ", ": "]
words = st.sampled_from([*WORDS, *(f"{key}: " for key in TypedNote.__annotations__), "notes: "])


@settings(deadline=None)
@given(st.lists(words, max_size=40))
def test_any_jumble_of_its_words_is_read_or_refused_by_the_one_error(jumble: list[str]):
    for text in (" ".join(jumble), GOOD.replace("4.0", " ".join(jumble).replace("\n", " "))):
        try:
            typed = notation.parse(text, "page.yaml")
        except InputError:
            continue
        jsonschema.validate(json.loads(json.dumps(plain(typed))), notation.schema())


def plain(typed: TypedSketch) -> dict[str, object]:
    """Sketch as a schema sees it."""
    return yaml.safe_load(notation.write_sketch(typed))


# Round trips

khz = st.floats(1000.0, 10_000.0)


@st.composite
def some_notes(draw: st.DrawFn) -> tuple[Note, ...]:
    """Draw notes of all curves, one after the other, as any part of the study may make them."""
    found, clock = [], 0.0
    for _ in range(draw(st.integers(1, 7))):
        clock += draw(st.floats(0.0, 0.3))
        length = draw(st.floats(0.005, 0.8))
        note = Note(clock, length, draw(khz), draw(khz), level_db=draw(st.floats(-60.0, 0.0)))
        curve = draw(st.sampled_from(["line", "exponential", "arc", "sampled"]))
        if curve == "exponential":
            note = note._replace(bend=draw(st.floats(-10.0, 10.0)))
        if curve == "arc":
            note = note._replace(peak_hz=draw(khz))
        if curve == "sampled":
            samples = draw(st.lists(khz, min_size=2, max_size=40))
            note = note._replace(samples_hz=tuple(samples), start_hz=samples[0], end_hz=samples[-1])
        envelope = draw(st.lists(st.floats(-120.0, 0.0), max_size=40))
        found.append(note._replace(curve=curve, envelope_db=tuple(envelope)))
        clock += length
    return tuple(found)


@st.composite
def some_themes(draw: st.DrawFn) -> Theme:
    notes = draw(some_notes())
    onset = notes[-1].onset_s + notes[-1].duration_s
    step = draw(st.floats(0.01, 0.3))
    trill = Trill(
        onset_s=onset,
        count=draw(st.integers(1, 200)),
        step_s=step,
        duration_s=step * draw(st.floats(0.1, 1.0)),
        start_hz=draw(khz),
        end_hz=draw(khz),
        bend=draw(st.floats(-10.0, 10.0)),
        level_db=draw(st.floats(-60.0, 0.0)),
    )
    return Theme(notes, draw(st.sampled_from([trill, None])))


def same(one: Note | Trill, other: Note | Trill) -> None:
    """Hold two notes or trills together: 1e-6 Hz, 1e-9 s, 1e-9 dB."""
    for field, mine in one._asdict().items():
        theirs = getattr(other, field)
        if isinstance(mine, str):
            assert mine == theirs
        else:
            bound = 1e-6 if field.endswith("_hz") else 1e-9
            assert theirs == pytest.approx(mine, abs=bound, rel=0), field


@settings(deadline=None)
@given(some_themes(), st.integers(1, 100_000), st.text(max_size=30))
def test_a_theme_survives_its_text(theme: Theme, birds: int, comment: str):
    text = notation.write_sketch(notation.from_theme(theme, birds, comment))
    typed = notation.parse(text, "page.yaml")
    assert (typed.birds, typed.comment) == (birds, comment)
    back = notation.to_theme(typed)
    assert len(back.notes) == len(theme.notes)
    for one, other in zip(theme.notes, back.notes, strict=True):
        same(one, other)
    assert (theme.trill is None) == (back.trill is None)
    if theme.trill and back.trill:
        same(theme.trill, back.trill)
    assert notation.write_sketch(typed) == text
    assert notation.from_theme(back, birds, comment) == notation.parse(text, "page.yaml")
    jsonschema.validate(plain(typed), notation.schema())
    assert max(map(len, text.splitlines())) <= max(100, 15 + 12 * len(comment))


@pytest.mark.parametrize("kind", range(30))
def test_a_random_theme_of_the_species_survives_its_text(kind: int):
    theme = species.random_theme(generator(kind, "notation"))
    back = notation.to_theme(notation.parse(written(theme), "page.yaml"))
    first, second = (themes.contour(t, 4000.0)[0] for t in (theme, back))
    assert second == pytest.approx(first, abs=1e-3, nan_ok=True)


def written(theme: Theme) -> str:
    return notation.write_sketch(notation.from_theme(theme))


def test_a_shipped_sketch_is_written_as_it_was_typed():
    for path in SHIPPED:
        kept = [line for line in path.read_text().splitlines() if "made-up" not in line]
        rows = [line.replace("0.040,", "0.04,") for line in kept]
        assert notation.write_sketch(notation.read_sketch(path)).splitlines() == rows


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        (Theme(()), "theme, notes: 0 rows are refused"),
        (Theme((Note(0, 0.3, 900, 4000),)), "theme, notes row 1, start: 0.9 is refused"),
        (Theme((Note(0, np.nan, 4000, 4000),)), "theme, notes row 1, duration: nan is refused"),
        (Theme((Note(0, 0.3, 4000, 4000), Note(0.2, 0.3, 4000, 4000))), "rows 1 and 2 overlap by"),
        (Theme((Note(0, 0.3, 0, 0, "sampled"),)), "samples: a list of 0 is refused"),
    ],
)
def test_what_no_sketch_may_hold_is_not_written(theme: Theme, words: str):
    with pytest.raises(InputError) as caught:
        notation.from_theme(theme)
    assert words in str(caught.value)


def test_numbers_of_numpy_are_written_plainly():
    note = Note(np.float64(0.0), np.float32(0.25), np.float64(4000.0), np.float64(4100.0))
    assert "{onset: 0.00, duration: 0.25, start: 4.0, end: 4.1}" in written(Theme((note,)))


def test_typed_rows_can_be_made_in_python():
    typed = TypedSketch(
        (TypedNote(0.0, 0.3, 4.0, 5.0),),
        TypedTrill(0.4, 8, 0.07, 0.04, 6.5, 3.6),
        3,
        "two\nlines: *",
    )
    assert notation.parse(notation.write_sketch(typed), "page.yaml") == typed


# Schema


def test_schema_and_table_are_in_step_with_the_code():
    held = (ROOT / "config/sketches/sketch.schema.json").read_text(encoding="utf-8")
    assert json.loads(held) == notation.schema(), "run: make docs"
    jsonschema.Draft202012Validator.check_schema(notation.schema())
    assert notation.table() in (ROOT / "workflow/documentation.md").read_text(), "run: make docs"


@pytest.mark.parametrize("path", SHIPPED, ids=[p.stem for p in SHIPPED])
def test_a_shipped_sketch_is_good_by_the_schema_too(path: Path):
    text = path.read_text()
    assert text.startswith(notation.MODELINE + "\n")
    jsonschema.validate(yaml.safe_load(text), notation.schema())
    notation.parse(text, path.name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("start: 4.0", "begin: 4.0"),
        ("start: 4.0", "start: 0.9"),
        ("peak: 6.1, ", ""),
        ("count: 8", "count: 0"),
        (", end: 5.2", ""),
        ("end: 5.2", "end: 5.2, curve: sampled"),
        ("birds: 2", "colour: red"),
        ("birds: 2", "birds: none"),
    ],
)
def test_the_schema_sees_a_fault_of_one_row(old: str, new: str):
    jsonschema.validate(yaml.safe_load(GOOD), notation.schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(GOOD.replace(old, new, 1)), notation.schema())


def test_every_key_is_described_with_its_unit():
    held = notation.schema()
    for part in (held, *held["$defs"].values()):
        assert part["additionalProperties"] is False
        for key in part["properties"].values():
            assert key["description"]
            assert key["unit"] in ("", "s", "kHz", "dB", "birds", "elements")


# Contours


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_short_contour_comes_back(size: int):
    for letters in product("LRFA", repeat=size):
        text = "".join(letters)
        assert themes.contour_string(notation.from_contour(text)) == text


@settings(deadline=None)
@given(st.text("LRFA", min_size=1, max_size=7))
def test_a_contour_comes_back_through_notation(text: str):
    theme = notation.from_contour(text, species.LOCAL_TRILL)
    back = notation.to_theme(notation.parse(written(theme), "page.yaml"))
    assert themes.contour_string(back) == text
    assert back.trill is not None
    assert back.trill.onset_s == pytest.approx(0.38 * len(text))


@pytest.mark.parametrize(
    "text",
    [
        "LRFA", "lrfa", "L-R-F-A", "level, rising, falling, rise-fall", "Level rising falling rise fall",
        "level-rising-falling-rise-fall", "→↗↘∩", "→ ↗ ↘ ∩", " L ; rising - ↘,rise–fall ",
    ],
)  # fmt: skip
def test_contours_may_be_letters_words_or_arrows(text: str):
    assert themes.contour_string(notation.from_contour(text)) == "LRFA"


@pytest.mark.parametrize("text", ["", "RXA", "rising upwards", "R" * 21, "RFA!", "\n", "-"])
def test_an_unknown_note_type_is_refused(text: str):
    with pytest.raises(InputError, match="Cure:") as caught:
        notation.from_contour(text)
    assert "\n" not in str(caught.value)


# Pictures


@pytest.mark.parametrize(
    "theme",
    [
        Theme(()),
        notation.from_contour("LRFA", species.LOCAL_TRILL),
        Theme((Note(0.1, 0.3, 0, 0, "sampled", samples_hz=(4e3, 5e3, 4e3), envelope_db=(-60, 0)),)),
        Theme((), species.LOCAL_TRILL),
    ],
)
def test_any_theme_is_drawn(theme: Theme):
    figure = pictures.draw(theme, "title")
    axes = figure.axes[0]
    letters = [text.get_text() for text in axes.texts]
    plt.close(figure)
    assert letters[: len(theme.notes)] == (list(themes.contour_string(theme)) or letters[:0])
    assert ("trill ×9" in letters) == (theme.trill is not None)
    assert ("no notes" in letters) == (not themes.all_notes(theme))
    assert len(axes.collections) == len(themes.all_notes(theme))


def test_weak_notes_are_thin_and_grey():
    theme = Theme((Note(0, 0.3, 4000, 5000), Note(0.4, 0.3, 4000, 5000, level_db=-12.0)))
    figure = pictures.draw(theme)
    loud, weak = figure.axes[0].collections
    plt.close(figure)
    assert np.mean(weak.get_linewidths()) < 0.7 * np.mean(loud.get_linewidths())
    assert loud.get_colors()[:, :3].max() == 0
    assert 0.2 < weak.get_colors()[:, :3].mean() < 0.5


# Commands


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_check_says_good_or_all_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good, bad = tmp_path / "good.yaml", tmp_path / "página.yaml"
    good.write_text(GOOD)
    bad.write_text(GOOD.replace("birds: 2", "birds: 0").replace("count: 8", "count: 0"))
    assert run(capsys, "check", good) == (0, f"{good}: good\n", "")
    code, out, err = run(capsys, "check", bad, good, tmp_path / "none.yaml")
    assert (code, out) == (1, f"{good}: good\n")
    lines = err.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["chingolo"] * 3
    assert "birds" in lines[0]
    assert "count" in lines[1]
    assert "none.yaml: cannot be read" in lines[2]


def test_contours_are_printed(capsys: pytest.CaptureFixture[str]):
    code, out, err = run(capsys, "contour", *SHIPPED)
    assert (code, err) == (0, "")
    assert out == "example-rising-arc\tRA\nexample-three-falling\tFFF\n"


def test_a_contour_becomes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "own page.yaml"
    assert run(capsys, "from-contour", "RFA", out, "--trill", "--birds", 3) == (0, "", "")
    typed = notation.read_sketch(out)
    assert typed.birds == 3
    assert typed.trill is not None
    assert run(capsys, "contour", out)[1] == "own page\tRFA\n"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("kind", ["png", "pdf", "svg", "PNG"])
def test_a_sketch_is_rendered_the_same_every_day(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    pages = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for page in pages:
        assert run(capsys, "render", SHIPPED[0], page) == (0, "", "")
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == pages
    if kind == "png":
        image = matplotlib.image.imread(pages[0])
        assert 0.01 < (image[..., :3].mean(axis=2) < 0.5).mean() < 0.3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["render", "{good}", "{folder}/x.gif"], "does not end in .png or .pdf or .svg"),
        (["render", "{good}", "{folder}/nowhere/x.png"], "nowhere is not a folder"),
        (["render", "{good}", "{folder}/taken.png"], "is a folder"),
        (["render", "{folder}/none.yaml", "{folder}/x.png"], "none.yaml: cannot be read"),
        (["render", "{folder}", "{folder}/x.png"], "cannot be read"),
        (["render", "{latin}", "{folder}/x.png"], "is not UTF-8 text"),
        (["contour", "{good}", "{folder}/none.yaml"], "none.yaml: cannot be read"),
        (["from-contour", "RXA", "{folder}/x.yaml"], "'rxa' is no note type"),
        (["from-contour", "RFA", "{folder}/x.txt"], "does not end in .yaml or .yml"),
        (["from-contour", "RFA", "{folder}/nowhere/x.yaml"], "nowhere is not a folder"),
        (["from-contour", "RFA", "{folder}/x.yaml", "--birds", "0"], "theme, birds: 0 is refused"),
    ],
)
def test_what_a_command_refuses_is_told_in_one_line(
    words: Sequence[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "latin.yaml").write_bytes(b"comment: p\xe1gina\n" + GOOD.encode())
    (tmp_path / "taken.png").mkdir()
    before = sorted(tmp_path.iterdir())
    names = {name: tmp_path / f"{name}.yaml" for name in ("good", "latin")}
    code, _, err = run(capsys, *(word.format(folder=tmp_path, **names) for word in words))
    assert code == 1
    assert err.count("\n") == 1
    assert err.startswith("chingolo: ")
    assert told in err
    assert "Cure:" in err
    assert sorted(tmp_path.iterdir()) == before


def test_the_help_is_there_without_the_heavy_libraries():
    code = (
        "import sys; from chingolo.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'pydantic', 'matplotlib', 'librosa'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "from-contour" in done.stdout
    assert done.stdout.endswith("[]\n")
