"""Scanned pages as grey values: PNG, JPEG, TIFF, a page of a PDF."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from chingolo.errors import InputError

Grey = npt.NDArray[np.float32]

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pdf")
"""Pictures that can be read, by the ending of their name."""

MOST_PIXELS, READ_PIXELS = 200_000_000, 12_000_000
"""A picture of more pixels is refused; one of more than the second is read at a fraction of its size."""


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
        image = _open(path, page)
    many = image.width * image.height
    if min(image.size) < 50:
        raise InputError(
            place, f"is only {image.width} x {image.height} pixels large", "scan it at 150 dpi"
        )
    reduced = int(np.ceil(np.sqrt(many / READ_PIXELS))) if many > READ_PIXELS else 1
    try:
        light = _light(image)
        if reduced > 1:
            light = light.reduce(reduced)
        return Scan(np.asarray(light, np.float32) / np.float32(255), reduced)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(place, f"cannot be decoded ({error})", "save it anew") from None


def _open(path: Path, page: int) -> Image.Image:
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None  # asked for below, before anything is decoded
    try:
        with Image.open(path) as image:
            pages = getattr(image, "n_frames", 1)
            if page > pages:
                raise InputError(
                    str(path), f"has {pages} pages, not {page}", "correct page in its YAML"
                )
            image.seek(page - 1)
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
    except pypdfium2.PdfiumError as error:
        raise InputError(str(path), f"cannot be decoded ({error})", "save it anew") from None
    finally:
        document.close()


def _light(image: Image.Image) -> Image.Image:
    """Lightness from 0 to 255, transparency over white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, np.float32)
        # The depth that was used: scanners write 10, 12 or 14 bits into 16.
        depths = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
        brightest = float(deep.max(initial=0))
        top = next(
            (d for d in depths if d >= brightest and (d > 1 or image.mode == "F")), brightest
        )
        return Image.fromarray(np.asarray(np.clip(deep / top * 255, 0, 255), np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        over = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), over).convert("L")
    return image.convert("L")
