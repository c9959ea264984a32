"""Scanned pages: what a person notes beside one, the picture itself, and where its axes lie.

A page is a picture (PNG, JPEG, TIFF, a page of a PDF) and a YAML file that names it: two known times and
two known frequencies, as points on the picture, or a drawn frame with the values of its edges or ticks.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError
from pydantic import ConfigDict, Field, TypeAdapter

from chingolo.errors import InputError

Array = npt.NDArray[np.float64]
Grey = npt.NDArray[np.float32]

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pdf")
"""Pictures that can be read, by the ending of their name."""

MOST_PIXELS, READ_PIXELS = 200_000_000, 12_000_000
"""A picture of more pixels is refused; one of more than the second is read at a fraction of its size."""

Pixel = Annotated[float, Field(ge=-100_000, le=100_000, description="pixels from the upper left")]
Seconds = Annotated[float, Field(ge=-100, le=100, description="s")]
KHz = Annotated[float, Field(ge=0, le=24, description="kHz")]


class TimeMark(NamedTuple):
    """A point whose time is known; without `y` the page is taken to lie straight."""

    x: Pixel
    s: Seconds
    y: Pixel | None = None


class FrequencyMark(NamedTuple):
    """A point whose frequency is known; without `x` the page is taken to lie straight."""

    y: Pixel
    khz: KHz
    x: Pixel | None = None


class ShortTrill(NamedTuple):
    """A trill drawn as its first strokes: how many elements it has, and their step if it is known."""

    count: Annotated[int, Field(ge=1, le=200, description="elements of the whole trill")]  # type: ignore[assignment]
    strokes: Annotated[int, Field(ge=1, le=200, description="strokes drawn")] | None = None
    step: Annotated[float, Field(gt=0, le=1, description="s")] | None = None


class Frame(NamedTuple):
    """A drawn frame: the values of its left and right, and of its lower and upper edge."""

    s: tuple[Seconds, Seconds]
    khz: tuple[KHz, KHz]


class Ticks(NamedTuple):
    """Ticks on the lower and left edge of a drawn frame: value of the first, and step to the next."""

    s: tuple[Seconds, Annotated[float, Field(gt=0)]]
    khz: tuple[KHz, Annotated[float, Field(gt=0)]]


TimeMarks = Annotated[list[TimeMark], Field(min_length=2, max_length=2)]
FrequencyMarks = Annotated[list[FrequencyMark], Field(min_length=2, max_length=2)]


class PageSong(NamedTuple):
    """One song on a page."""

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,60}$", description="letters, digits, - _ .")]
    box: Annotated[list[Pixel], Field(min_length=4, max_length=4)] | None = None
    birds: Annotated[int, Field(ge=1, le=100_000)] = 1
    time: TimeMarks | None = None
    frequency: FrequencyMarks | None = None
    frame: Frame | None = None
    ticks: Ticks | None = None
    trill: ShortTrill | None = None
    comment: str = ""


class PageNotes(NamedTuple):
    """What stands beside a page."""

    image: str
    songs: Annotated[list[PageSong], Field(min_length=1, max_length=100)] | None = None
    page: Annotated[int, Field(ge=1, le=10_000, description="page of a PDF")] = 1
    dpi: Annotated[int, Field(ge=72, le=1200, description="at which a PDF is drawn")] = 300
    ink: Literal["dark", "light"] = "dark"
    birds: Annotated[int, Field(ge=1, le=100_000)] = 1
    time: TimeMarks | None = None
    frequency: FrequencyMarks | None = None
    frame: Frame | None = None
    ticks: Ticks | None = None
    trill: ShortTrill | None = None
    comment: str = ""


ADAPTER: TypeAdapter[PageNotes] = TypeAdapter(PageNotes, config=ConfigDict(extra="forbid"))


class Scan(NamedTuple):
    """A page as it is read.

    Attributes
    ----------
    grey : ndarray of float32, shape (height, width)
        0 is ink, 1 is paper.
    reduced : int
        So many of the file's pixels are one of these, along either side.
    """

    grey: Grey
    reduced: int


def load(path: Path, page: int = 1, dpi: int = 300) -> Scan:
    """Load a page as grey values.

    Parameters
    ----------
    path : Path
    page : int
        Page of a PDF, from 1.
    dpi : int
        At which a PDF is drawn.

    Returns
    -------
    Scan

    Raises
    ------
    InputError
        No picture, cut short, too large, or no such page of the PDF.
    """
    place = str(path)
    if not path.is_file():
        raise InputError(place, "is not there", "put the picture beside its YAML")
    if path.suffix.lower() not in IMAGES:
        raise InputError(place, "is of no kind that is read", f"save it as {', '.join(IMAGES)}")
    if path.suffix.lower() == ".pdf":
        image: Image.Image = _page_of_pdf(path, page, dpi)
    else:
        image = _open(path)
    many = image.width * image.height
    if min(image.size) < 50:
        raise InputError(
            place, f"is only {image.width} x {image.height} pixels large", "scan it at 150 dpi"
        )
    reduced = int(np.ceil(np.sqrt(many / READ_PIXELS))) if many > READ_PIXELS else 1
    try:
        if reduced > 1:
            image = image.reduce(reduced)
        return Scan(_grey(image), reduced)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(place, f"cannot be decoded ({error})", "save it anew") from None


def _open(path: Path) -> Image.Image:
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None  # asked for below, before anything is decoded
    try:
        image = Image.open(path)
        many = image.width * image.height
        if many > MOST_PIXELS:
            raise InputError(
                str(path),
                f"has {many / 1e6:.0f} megapixels, more than {MOST_PIXELS / 1e6:.0f}",
                "scan it at 300 dpi",
            )
        image.load()
        return ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        raise InputError(str(path), "is no picture", "save it as PNG, JPEG or TIFF") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(str(path), f"cannot be decoded ({error})", "save it anew") from None
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _page_of_pdf(path: Path, page: int, dpi: int) -> Image.Image:
    import pypdfium2  # noqa: PLC0415 - a study without PDF pages does not need it

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise InputError(str(path), f"is no PDF ({error})", "save it anew") from None
    try:
        if page > len(document):
            raise InputError(
                str(path), f"has {len(document)} pages, not {page}", "correct page in its YAML"
            )
        sheet = document[page - 1]
        many = np.prod(sheet.get_size()) * (dpi / 72) ** 2
        if many > MOST_PIXELS:
            raise InputError(
                str(path), f"would have {many / 1e6:.0f} megapixels at {dpi} dpi", "lower dpi"
            )
        image: Image.Image = sheet.render(scale=dpi / 72).to_pil()
        return image
    finally:
        document.close()


def _grey(image: Image.Image) -> Grey:
    """Grey values from 0 to 1, transparency over white paper."""
    if image.mode in ("I", "I;16", "I;16B", "F"):
        deep = np.asarray(image, np.float32)
        top = 65535.0 if deep.max(initial=0) > 255 else 255.0
        return np.asarray(np.clip(deep / top, 0, 1), np.float32)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return np.asarray(image.convert("L"), np.float32) / 255


class Axes(NamedTuple):
    """From points of a page to time and frequency: ``(s, Hz) = matrix @ (x, y) + offset``.

    Attributes
    ----------
    matrix : ndarray, shape (2, 2)
    offset : ndarray, shape (2,)
    """

    matrix: Array
    offset: Array

    def song(self, points: Array) -> Array:
        """Time in s and frequency in Hz of points of the page; shapes (n, 2)."""
        return np.asarray(points @ self.matrix.T + self.offset)

    def page(self, song: Array) -> Array:
        """Points of the page, x and y, of times and frequencies; shapes (n, 2)."""
        return np.asarray((song - self.offset) @ np.linalg.inv(self.matrix).T)


def axes_from_marks(
    time: list[TimeMark], frequency: list[FrequencyMark], reduced: int, place: str
) -> Axes:
    """Axes through two known times and two known frequencies.

    Parameters
    ----------
    time, frequency : list of two marks
        In pixels of the file.
    reduced : int
        Of :class:`Scan`: the axes are in pixels of the picture as read.
    place : str
        File and song named in errors.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        Two marks at one place or of one value; a mirrored page.
    """
    straight = any(m.y is None for m in time) or any(m.x is None for m in frequency)
    p = np.array([(m.x, 0.0 if m.y is None else m.y) for m in time]) / reduced
    q = np.array([(0.0 if m.x is None else m.x, m.y) for m in frequency]) / reduced
    along, up = p[1] - p[0], q[1] - q[0]
    if straight:
        along, up = along * (1, 0), up * (0, 1)
    seconds, hertz = time[1].s - time[0].s, 1000.0 * (frequency[1].khz - frequency[0].khz)
    for size, value, name in (
        (np.hypot(*along), seconds, "time"),
        (np.hypot(*up), hertz, "frequency"),
    ):
        if size < 10 or value == 0:
            raise InputError(
                place,
                f"the two marks of {name} lie {size * reduced:.0f} pixels apart with values "
                f"{abs(value):g} {'s' if name == 'time' else 'Hz'} apart",
                "mark two points far from each other",
            )
    determinant = along[0] * up[1] - along[1] * up[0]
    if abs(determinant) < 0.5 * np.hypot(*along) * np.hypot(*up):
        raise InputError(
            place, "the axes' marks do not lie on two crossing axes", "mark the points again"
        )
    # Seen from the way in which frequency goes up, time has to run to the right.
    if determinant * np.sign(seconds) * np.sign(hertz) > 0:
        raise InputError(
            place,
            "by its marks the page is a mirror image",
            "turn the picture the right way round, or correct the marks",
        )
    inverse = np.linalg.inv(np.stack([along, up], axis=1))
    matrix = np.diag([seconds, hertz]) @ inverse
    first = np.array([time[0].s, 1000.0 * frequency[0].khz])
    offset = first - np.array([matrix[0] @ p[0], matrix[1] @ q[0]])
    return Axes(matrix, offset)


def points_of(marks: Any) -> list[tuple[float, float]]:
    """Places of marks on a page that have both coordinates."""
    return [(m.x, m.y) for m in marks or () if m.x is not None and m.y is not None]
