"""What a person notes beside a scanned page: where its axes lie, its songs, trills that are drawn short.

One YAML file a page, beside its picture. Axes are told by two points of known time and two of known
frequency, or by the values of a drawn frame's edges or ticks.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from chingolo.errors import InputError, shown, together
from chingolo.plain_yaml import Place, read_text, read_yaml, spot

Pixel = Annotated[float, Field(ge=-100_000, le=100_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
KHz = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
Step = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Birds = Annotated[int, Field(ge=1, le=100_000, description="birds noted singing it")]

NAME = r"\w[\w.-]{0,59}"
"""Pattern of a song's name, which is also that of a file."""

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class TimeMark:
    """A point of known time; without `y` the page is taken to lie straight."""

    x: Annotated[Pixel, Field(description="pixels from the left")]
    s: Annotated[Seconds, Field(description="its time, in s")]
    y: Annotated[Pixel | None, Field(description="pixels from above")] = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class FrequencyMark:
    """A point of known frequency; without `x` the page is taken to lie straight."""

    y: Annotated[Pixel, Field(description="pixels from above")]
    khz: Annotated[KHz, Field(description="its frequency, in kHz")]
    x: Annotated[Pixel | None, Field(description="pixels from the left")] = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ShortTrill:
    """A trill drawn as its first strokes."""

    count: Annotated[int, Field(ge=1, le=200, description="elements of the whole trill")]
    strokes: Annotated[
        int | None, Field(ge=1, le=200, description="strokes drawn; left out: they are looked for")
    ] = None
    step: Annotated[
        Step | None,
        Field(description="time from one element to the next in s, where it is not drawn to scale"),
    ] = None
    duration: Annotated[
        Step | None, Field(description="length of an element in s, where it is not drawn to scale")
    ] = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Frame:
    """A drawn frame whose edges' values are known."""

    s: Annotated[tuple[Seconds, Seconds], Field(description="its left and right edge, in s")]
    khz: Annotated[tuple[KHz, KHz], Field(description="its lower and upper edge, in kHz")]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Ticks:
    """Evenly spaced ticks on the lower and the left axis."""

    s: Annotated[
        tuple[Seconds, Step], Field(description="time of the first, and to the next, in s")
    ]
    khz: Annotated[
        tuple[KHz, Step], Field(description="frequency of the lowest, and to the next, in kHz")
    ]


TimeMarks = Annotated[
    tuple[TimeMark, TimeMark], Field(description="two points of known time, far apart")
]
FrequencyMarks = Annotated[
    tuple[FrequencyMark, FrequencyMark],
    Field(description="two points of known frequency, far apart"),
]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PageSong:
    """One song on a page; what it leaves out is the page's."""

    name: Annotated[
        str, Field(pattern=f"^{NAME}$", description="its name, of letters, digits, - _ .")
    ]
    box: Annotated[
        tuple[Pixel, Pixel, Pixel, Pixel] | None,
        Field(description="left, top, right, bottom in pixels; left out: the whole page"),
    ] = None
    birds: Birds | None = None
    time: TimeMarks | None = None
    frequency: FrequencyMarks | None = None
    frame: Frame | None = None
    ticks: Ticks | None = None
    trill: ShortTrill | None = None
    checked: Annotated[
        bool, Field(description="somebody has looked at what was read: doubtful axes are accepted")
    ] = False
    comment: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PageNotes:
    """What stands beside a page."""

    image: Annotated[str, Field(min_length=1, description="the picture's file, beside this one")]
    songs: Annotated[
        list[PageSong] | None,
        Field(min_length=1, max_length=100, description="left out: one, named by this file"),
    ] = None
    page: Annotated[int, Field(ge=1, le=10_000, description="page of a PDF")] = 1
    dpi: Annotated[int, Field(ge=72, le=1200, description="at which a PDF is drawn")] = 300
    ink: Annotated[
        Literal["dark", "light"], Field(description="strokes are darker than paper, or lighter")
    ] = "dark"
    birds: Birds = 1
    time: TimeMarks | None = None
    frequency: FrequencyMarks | None = None
    frame: Frame | None = None
    ticks: Ticks | None = None
    trill: ShortTrill | None = None
    checked: bool = False
    comment: str = ""


_ADAPTER: TypeAdapter[PageNotes] = TypeAdapter(PageNotes)


def is_page(text: str) -> bool:
    """Whether a YAML text stands beside a page, rather than being a typed sketch."""
    return bool(re.search(r"""^["']?image["']?\s*:""", text, re.MULTILINE))


def parse(text: str, place: str) -> PageNotes:
    """Read what stands beside a page.

    Parameters
    ----------
    text : str
        YAML.
    place : str
        File named in errors.

    Returns
    -------
    PageNotes

    Raises
    ------
    InputError
        All its faults at once: not YAML, keys unknown or missing, values refused, a song twice.
    """
    page = read_yaml(text, place)
    if not isinstance(page.content, dict):
        raise InputError(place, "holds no keys", "write image: and the marks of its axes")
    faults = list(page.faults)
    try:
        notes = _ADAPTER.validate_python(page.content)
    except ValidationError as error:
        faults += _faults(error, page.lines, place)
        raise together(faults) from None
    names = [song.name for song in notes.songs or ()]
    for k, name in enumerate(names):
        if name in names[:k]:
            row = f"{place}, songs row {k + 1}, name"
            faults.append(InputError(row, f"{name} is there twice", "rename one"))
    for k, song in enumerate(notes.songs or ()):
        if song.box and not (song.box[0] < song.box[2] and song.box[1] < song.box[3]):
            row = f"{place}, songs row {k + 1}, box"
            faults.append(
                InputError(row, "is empty", "write left, top, right, bottom in pixels from above")
            )
    for song in (notes, *(notes.songs or ())):
        frame = song.frame
        if frame and not (frame.s[0] < frame.s[1] and frame.khz[0] < frame.khz[1]):
            fault = "the values of its edges do not rise"
            cure = "write left and right under s, lower and upper under khz"
            faults.append(InputError(f"{place}, frame", fault, cure))
    if faults:
        raise together(faults)
    return notes


def _faults(error: ValidationError, lines: Mapping[Place, int], place: str) -> Iterator[InputError]:
    """Every fault that pydantic found, with its line and cure."""
    for fault in error.errors():
        where = spot(place, lines, tuple(fault["loc"]))
        if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            yield InputError(where, "unknown key", "remove it, or see workflow/documentation.md")
        elif fault["type"] in ("missing", "missing_argument"):
            yield InputError(where, "is missing", "add it, see workflow/documentation.md")
        else:
            told = fault["msg"][0].lower() + fault["msg"][1:]
            yield InputError(
                where,
                f"{shown(fault['input'])} is refused ({told})",
                "see workflow/documentation.md",
            )


def read_notes(path: Path) -> PageNotes:
    """Read the YAML beside a page, and see that its picture is there.

    Raises
    ------
    InputError
        As :func:`parse`; or the picture is missing.
    """
    notes = parse(read_text(path), str(path))
    if Path(notes.image).name != notes.image or len(notes.image) > 200:
        raise InputError(f"{path}, image", "is no file's name", "name the picture beside this file")
    if notes.songs is None and not re.fullmatch(NAME, path.stem):
        raise InputError(
            str(path), "its name cannot be a song's", "rename it, or name its song under songs"
        )
    picture = path.parent / notes.image
    if not picture.is_file():
        raise InputError(
            f"{path}, image", f"{notes.image} is not beside it", "put the picture there"
        )
    return notes


def schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12), by which editors check and complete what stands beside a page."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_ADAPTER.json_schema()}
