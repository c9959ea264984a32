"""From a scanned page to themes: axes, curves, notes and trill, and how sure it is of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import frames
from chingolo import ink as inks
from chingolo.axes import Axes, axes_from_marks
from chingolo.curves import (
    CLEAR_WEIGHT,
    HIGHEST_HZ,
    LOWEST_HZ,
    Curve,
    Drawing,
    Traced,
    length,
    onset,
    trace,
    turn,
)
from chingolo.errors import InputError, together
from chingolo.fitting import fit_note, fit_simple
from chingolo.notation import from_theme
from chingolo.pages import PageNotes, PageSong, ShortTrill, read_notes
from chingolo.scans import Grey, Scan, load
from chingolo.sketches import starts_at_zero
from chingolo.themes import Note, Theme, Trill, note_frequency

Array = npt.NDArray[np.float64]

TOLERANCE = 0.012
"""Error of frequency allowed to a simple curve: a hand trembles by about so much (our choice)."""

ELEMENT_S, ELEMENT_HZ = 0.1, 400.0
"""Elements of a trill are shorter, and fall by more (species' range: 23-46 ms, 1-3 kHz)."""

ALIKE = 0.5
"""Elements of one trill fall equally far, within this share (our choice)."""

MOST_LEFT = 0.5
"""Of a curve that is cut short at least so much has to stay."""

OFF_AXES = 0.012
"""A mark lies on a drawn axis if it is no farther from it than this share of the drawing (our choice)."""

LIGHT = 1.5
"""Paper is darker than its strokes if those stand out so much more to the bright side (our choice)."""

LEAST_PIXELS = 20
"""Less of a page, either way, holds no song (our choice)."""

MOST_STROKES = 20
"""A theme of the typed notation has no more notes."""

DOUBTFUL, MOST_NOTES, SHORTEST_NOTE_S, LONGEST_NOTE_S = 0.6, 7, 0.05, 0.8
"""Below this a reading is told to be unsure; more, shorter or longer notes are not known of the species."""


class ReadSong(NamedTuple):
    """What was read of one song of a page.

    Attributes
    ----------
    name : str
    theme : Theme
        Times count from the page's zero.
    birds : int
    curves : list of Curve
        Every stroke that was taken for a note or an element of the trill.
    axes : Axes
        Of the song on the page.
    sure : float
        From 0 to 1: share of the ink that is explained, times the share of strokes that are no scraps,
        times the share of their length that is not bridged, times how clearly they stand out.
    doubts : list of str
        In words, what a person should look at.
    """

    name: str
    theme: Theme
    birds: int
    curves: list[Curve]
    axes: Axes
    sure: float
    doubts: list[str]


class ReadPage(NamedTuple):
    """A page as it was read.

    Attributes
    ----------
    path, picture : Path
        The file beside the picture, and the picture.
    grey : ndarray of float32, shape (height, width)
        0 is ink, 1 is paper.
    songs : list of ReadSong
    """

    path: Path
    picture: Path
    grey: Grey
    songs: list[ReadSong]


def read_page(path: Path) -> ReadPage:
    """Read a page: the picture that the YAML names.

    Parameters
    ----------
    path : Path
        The YAML.

    Returns
    -------
    ReadPage

    Raises
    ------
    InputError
        Anything that would make a silent wrong theme: no picture, no marks, no strokes, a page that is
        inverted, mirrored, upside down or cut off.
    """
    notes = read_notes(path)
    picture = path.parent / notes.image
    scan = load(picture, notes.page, notes.dpi)
    return ReadPage(path, picture, scan.grey, read_songs(scan, notes, str(path), path.stem))


def read_songs(scan: Scan, notes: PageNotes, place: str, name: str) -> list[ReadSong]:
    """Read every song of a page.

    Parameters
    ----------
    scan : Scan
    notes : PageNotes
        What stands beside the page.
    place : str
        File named in errors.
    name : str
        Of the song where the page holds one and does not name it.

    Returns
    -------
    list of ReadSong

    Raises
    ------
    InputError
        See :func:`read_page`.
    """
    scan = scan._replace(grey=_upright_ink(scan.grey, notes.ink, place))
    songs = notes.songs or [PageSong(name=name, birds=notes.birds)]
    return [_read_song(scan, notes, song, f"{place}, song {song.name}") for song in songs]


def _upright_ink(grey: Grey, ink: str, place: str) -> Grey:
    """Grey values with dark ink on light paper."""
    faint, paper, bright = np.quantile(grey[::4, ::4], [0.005, 0.5, 0.995])
    light = bright - paper > LIGHT * (paper - faint) and paper < 0.5
    if light != (ink == "light"):
        raise InputError(
            place,
            f"its strokes seem to be {'lighter' if light else 'darker'} than its paper",
            "write ink: light" if light else "leave out ink: light",
        )
    return np.asarray(1 - grey if light else grey, np.float32)


def _read_song(scan: Scan, notes: PageNotes, song: PageSong, place: str) -> ReadSong:
    height, width = scan.grey.shape
    box = (
        [v / scan.reduced for v in song.box] if song.box else [0.0, 0.0, width - 1.0, height - 1.0]
    )
    if box[0] < -1 or box[1] < -1 or box[2] > width or box[3] > height:
        raise InputError(
            place,
            f"its box reaches out of the picture of {width * scan.reduced} x "
            f"{height * scan.reduced} pixels",
            "correct the box; is the page cut off?",
        )
    if min(box[2] - box[0], box[3] - box[1]) < LEAST_PIXELS:
        raise InputError(place, "its box is too small", "draw it around the whole song")
    axes = _axes(scan, notes, song, box, place)
    drawing = turn(scan.grey, axes, box)
    if min(drawing.grey.shape) < LEAST_PIXELS:
        raise InputError(
            place,
            "its box holds next to nothing of 1 to 10 kHz",
            "check the marks of frequency, and the box",
        )
    traced = trace(drawing)
    if not traced.curves:
        raise InputError(
            place, "no stroke was found", "check its box and marks, or scan it with more contrast"
        )
    short = song.trill or notes.trill
    # Cut before it is split: a note must not run into the trill.
    first, elements = split_trill(one_by_one(traced.curves), short)
    checked = song.checked or notes.checked
    _plausible(traced, drawing, first, elements, place, checked or short is not None)
    if not checked:
        _marks_lie_on_axes(traced, drawing, axes, notes, song, scan.reduced, place)
    theme = Theme(
        tuple(to_note(c) for c in first),
        to_trill(elements, short) if elements else None,
    )
    bare = sum(c.stroke.bridged for c in traced.curves)
    whole = sum(c.stroke.length for c in traced.curves)
    birds = song.birds or notes.birds
    try:
        from_theme(starts_at_zero(theme), birds)
    except InputError as error:
        cure = "check its marks, and that its trill comes last"
        faults = [
            InputError(place, f"as read, {e.place.removeprefix('theme, ')}: {e.fault}", cure)
            for e in (error, *error.more)
        ]
        raise together(faults) from None
    sure = traced.explained * traced.clear * (1 - bare / max(whole, 1.0))
    sure *= min(1.0, traced.contrast / 0.3)
    doubts = _doubts(theme, traced, short, sure, scan)
    return ReadSong(
        song.name,
        theme,
        birds,
        traced.curves,
        axes,
        round(float(sure), 3),
        doubts,
    )


def _axes(scan: Scan, notes: PageNotes, song: PageSong, box: list[float], place: str) -> Axes:
    """Axes of a song: its own marks or frame, or else the page's."""
    height, width = scan.grey.shape
    for one in (song, notes):
        if one.time and one.frequency:
            for mark in (*one.time, *one.frequency):
                x, y = (mark.x or 0.0) / scan.reduced, (mark.y or 0.0) / scan.reduced
                if not (-1 <= x <= width and -1 <= y <= height):
                    raise InputError(
                        place,
                        f"a mark at {mark.x or 0:g}, {mark.y or 0:g} lies outside of the picture of "
                        f"{width * scan.reduced} x {height * scan.reduced} pixels",
                        "is the page cut off, or are these the marks of another scan?",
                    )
            return axes_from_marks(one.time, one.frequency, scan.reduced, place)
        if one.time or one.frequency:
            missing = "frequency" if one.time else "time"
            raise InputError(place, f"has no marks of {missing}", f"add two marks under {missing}")
        if one.frame or one.ticks:
            left, top, right, bottom = (round(v) for v in box)
            part = scan.grey[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
            edges = frames.find_frame(part, place)
            axes = (
                frames.axes_from_frame(edges, one.frame, place)
                if one.frame
                else frames.axes_from_ticks(part, edges, one.ticks, place)  # type: ignore[arg-type]
            )
            corner = np.array([max(left, 0), max(top, 0)])
            return axes._replace(offset=axes.offset - axes.matrix @ corner)
    raise InputError(
        place, "its axes are not marked", "add two marks each under time and frequency, or a frame"
    )


def _plausible(
    traced: Traced,
    drawing: Drawing,
    first: Sequence[Curve],
    elements: Sequence[Curve],
    place: str,
    checked: bool,
) -> None:
    """Refuse what no page of a song can be: strokes cut off, a trill at its head, no note."""
    height, width = drawing.grey.shape
    for curve, weight in zip(traced.curves, traced.weights, strict=True):
        column, row = curve.stroke.path.T
        if weight > CLEAR_WEIGHT and (
            min(column.min(), row.min()) < 1.5
            or column.max() > width - 2.5
            or row.max() > height - 2.5
        ):
            raise InputError(
                place,
                f"the stroke at {onset(curve):.2f} s is cut off by the edge of the box or picture",
                "widen the box, or scan the whole page",
            )
    if len(first) > MOST_STROKES:
        raise InputError(
            place,
            f"{len(first)} strokes were found, more than {MOST_STROKES}: this is no drawing of one song",
            "draw a box around each song, or trace it on clean paper",
        )
    if not first:
        raise InputError(
            place,
            "holds a trill and no note",
            "say which strokes are the trill's: trill: {strokes: 3}",
        )
    if elements and onset(elements[0]) < onset(first[0]) and not checked:
        raise InputError(
            place,
            f"its first {len(elements)} strokes look like a trill, which ends a song: is it upside down?",
            "turn the picture; or write checked: true if it is drawn so",
        )


def _marks_lie_on_axes(
    traced: Traced,
    drawing: Drawing,
    axes: Axes,
    notes: PageNotes,
    song: PageSong,
    reduced: int,
    place: str,
) -> None:
    """Refuse marks beside the axes that are drawn: of another scan, or of the page the right way up."""
    one: Any = song if song.time and song.frequency else notes
    marks = [m for m in (*(one.time or ()), *(one.frequency or ())) if None not in (m.x, m.y)]
    rows, columns = inks.drawn_axes(traced.cleaned)
    if not marks or not rows or not columns:
        return
    height, width = drawing.grey.shape
    seen = axes.song(np.array([(m.x, m.y) for m in marks]) / reduced)
    x = (seen[:, 0] - drawing.start_s) / drawing.seconds
    y = (drawing.top_hz - seen[:, 1]) / drawing.hertz
    lines = traced.cleaned
    off_rows = np.min([np.abs(y - r - lines.rows.slope * (x - width / 2)) for r in rows], axis=0)
    off_columns = np.min(
        [np.abs(x - c - lines.columns.slope * (y - height / 2)) for c in columns], axis=0
    )
    off = np.minimum(off_rows, off_columns)
    if off.max() > OFF_AXES * max(height, width) + 3:
        mark = marks[int(off.argmax())]
        raise InputError(
            place,
            f"the mark at {mark.x:g}, {mark.y:g} lies beside the axes that are drawn: is the page "
            "upside down, cut off, or are these the marks of another scan?",
            "mark points on the axes; or write checked: true if the marks are right",
        )


def _doubts(
    theme: Theme, traced: Traced, short: ShortTrill | None, sure: float, scan: Scan
) -> list[str]:
    """Tell in words what a person should look at."""
    doubts = []
    if scan.reduced > 1:
        doubts.append(f"the picture is large and was read at 1/{scan.reduced} of its size")
    if sure < DOUBTFUL:
        doubts.append(f"it is not sure of this reading ({sure:.2f})")
    if traced.scraps:
        doubts.append(f"{len(traced.scraps)} faint or doubled strokes were left out")
    if len(theme.notes) > MOST_NOTES:
        doubts.append(f"{len(theme.notes)} notes are more than the species sings")
    if any(n.duration_s > LONGEST_NOTE_S for n in theme.notes):
        doubts.append("a note is longer than the species sings: check the marks of time")
    if any(n.duration_s < SHORTEST_NOTE_S for n in theme.notes):
        doubts.append("a note is shorter than the species sings: check the marks of time")
    if short is not None and theme.trill is None:
        doubts.append("its notes speak of a trill, and none was found")
    return doubts


def _fall(curve: Curve) -> float:
    return float(curve.frequency_hz[0] - curve.frequency_hz[-1])


def _is_element(curve: Curve, told: bool = False) -> bool:
    """Whether a stroke may be an element of a trill: short, and falling if nobody told of a trill."""
    return length(curve) < ELEMENT_S and (told or _fall(curve) > ELEMENT_HZ)


def _alike(one: Curve, others: Sequence[Curve]) -> bool:
    """Whether a stroke is like the elements that follow it: as long, as steep, at their pitch."""
    long = float(np.median([length(c) for c in others]))
    fall = float(np.median([_fall(c) for c in others]))
    pitch = float(np.median([c.frequency_hz.mean() for c in others]))
    return (
        abs(length(one) - long) < ALIKE * long + 0.01
        and abs(_fall(one) - fall) < ALIKE * abs(fall) + 150.0
        and abs(float(one.frequency_hz.mean()) - pitch) < 0.15 * pitch
    )


def split_trill(
    curves: Sequence[Curve], short: ShortTrill | None
) -> tuple[list[Curve], list[Curve]]:
    """Part the notes of a theme from the elements of its trill.

    Parameters
    ----------
    curves : sequence of Curve
        From left to right.
    short : ShortTrill or None
        What stands beside the page.

    Returns
    -------
    notes, elements : list of Curve
        A trill is the last run of three elements or more that are alike; of one or more at the end, where
        the page's notes speak of a trill.
    """
    curves = list(curves)
    if short is not None and short.strokes is not None:
        first = max(0, len(curves) - short.strokes)
        return curves[:first], curves[first:]
    last = len(curves)
    while last:
        first = last
        while first and _is_element(curves[first - 1], short is not None):
            # Its elements are alike: the run ends, towards the front, at the first that is not.
            if first < last and not _alike(curves[first - 1], curves[first:last]):
                break
            first -= 1
        if last - first >= (1 if short and last == len(curves) else 3):
            return curves[:first] + curves[last:], curves[first:last]
        last = min(first, last - 1)
    return curves, []


def one_by_one(curves: Sequence[Curve]) -> list[Curve]:
    """End each curve where the next begins: a bird has one whistle."""
    out = []
    for curve, following in zip(curves, [*curves[1:], None], strict=True):
        kept = curve.time_s < (np.inf if following is None else onset(following))
        whole = kept.sum() < MOST_LEFT * kept.size
        out.append(
            curve
            if whole
            else curve._replace(time_s=curve.time_s[kept], frequency_hz=curve.frequency_hz[kept])
        )
    return out


def to_trill(elements: Sequence[Curve], short: ShortTrill | None) -> Trill:
    """Describe a trill by its median element and its step.

    Where the page's notes give another step, strokes and gaps are drawn longer than they sound, by as
    much.
    """
    onsets = np.array([onset(c) for c in elements])
    element_s = float(np.median([length(c) for c in elements]))
    many = len(elements)
    step = float(np.polyfit(np.arange(many), onsets, 1)[0]) if many > 1 else 1.5 * element_s
    if short is not None and short.step:
        element_s *= min(1.0, short.step / step)
        step = short.step
    if short is not None and short.duration:
        element_s = short.duration
    notes = [to_note(c, simple=True) for c in elements]
    start, middle, end = np.median([note_frequency(n, [0.0, 0.5, 1.0]) for n in notes], axis=0)
    return Trill(
        float(onsets[0]),
        short.count if short is not None else many,
        max(step, element_s),
        element_s,
        float(start),
        float(end),
        bend=_bend(float(start), float(middle), float(end)),
    )


def _bend(start: float, middle: float, end: float) -> float:
    """Bend of the exponential through three frequencies of a note, 0 where it is as good as straight."""
    share = (middle - start) / (end - start) if end != start else 0.5
    share = float(np.clip(share, 0.05, 0.95))
    # Half-way an exponential has gone 1 / (1 + exp(-bend / 2)) of its way.
    bend = 2 * float(np.log(share / (1 - share)))
    return round(bend, 3) if abs(share - 0.5) > 0.05 else 0.0


def to_note(curve: Curve, simple: bool = False) -> Note:
    """Describe a curve as a note.

    Parameters
    ----------
    curve : Curve
    simple : bool
        As a line or an exponential, however well they do.

    Returns
    -------
    Note
        At level 0 with a plain swell: a pencil line tells neither.
    """
    level = np.zeros(len(curve.time_s))
    note = (
        fit_simple(curve.time_s, curve.frequency_hz, level)
        if simple
        else fit_note(curve.time_s, curve.frequency_hz, level, TOLERANCE)
    )

    def sung(hz: float) -> float:
        return float(np.clip(hz, LOWEST_HZ, HIGHEST_HZ))

    return note._replace(
        start_hz=sung(note.start_hz),
        end_hz=sung(note.end_hz),
        peak_hz=sung(note.peak_hz) if note.peak_hz else 0.0,
        samples_hz=tuple(sung(f) for f in note.samples_hz),
        level_db=0.0,
        envelope_db=(),
    )
