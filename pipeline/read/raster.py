"""TIFF, PNG, JPEG and WebP files: their pages as pictures with a true resolution.

Belongs here: Pillow's frames, orientation tags, resolution tags. Does not belong here: preparing pictures for OCR.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pipeline.errors import Damaged
from pipeline.read.opening import check_pixels, check_shape
from pipeline.read.picture import Pixels, pixels
from pipeline.settings import Settings

_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow raises on broken files, by kind of damage."""
_LEAST_SIDE = 24


@contextmanager
def opened(path: Path, settings: Settings) -> Iterator[Image.Image]:
    """The picture file; Damaged when it cannot be opened, TooLarge beyond the limits."""
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=("TIFF", "PNG", "JPEG", "WEBP"))
        except _BROKEN as err:
            raise Damaged("The picture is cut short or broken inside and cannot be opened. Ask for it again.") from err
        with image:
            check_pixels(*image.size, settings)
            yield image


def frames_in(image: Image.Image) -> int:
    """How many pages the file has; a camera's JPEG with a preview inside has one."""
    try:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except _BROKEN as err:
        raise Damaged("The pages of the TIFF cannot be told apart: it is broken inside. Ask for it again.") from err


def frame(image: Image.Image, index: int, settings: Settings) -> tuple[Pixels, tuple[float, float] | None]:
    """The page's pixels as they are meant to be seen, and its (x, y) dpi; None when the file does not say or says
    what cannot be. Damaged when the page is broken."""
    try:
        image.seek(index)
        check_pixels(*image.size, settings)
        check_shape(image.width, image.height, _LEAST_SIDE)
        dpi = _dpi(image)
        image.load()
        seen = ImageOps.exif_transpose(image)
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8) and dpi is not None:
            dpi = (dpi[1], dpi[0])
        return _as_pixels(seen), dpi
    except _BROKEN as err:
        raise Damaged(f"Page {index + 1} is cut short or broken; what comes before it was read.") from err


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    given = image.info.get("dpi")
    if given is None:
        return None
    x, y = float(given[0]), float(given[1])
    width, height = (image.size[0] / x, image.size[1] / y) if x > 0 and y > 0 else (0.0, 0.0)
    return (x, y) if min(x, y) >= 60 and 3 <= width <= 24 and 2 <= height <= 40 and x != 72 else None


def _as_pixels(image: Image.Image) -> Pixels:
    if image.mode == "1":
        return pixels(np.asarray(image, dtype=np.uint8) * 255)
    if image.mode.startswith("I;16") or image.mode == "I":
        return pixels(np.clip(np.asarray(image, dtype=np.float32) / 257, 0, 255))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        image = Image.alpha_composite(white, clear)
    if image.mode in ("L", "F"):
        return pixels(np.asarray(image.convert("L")))
    return pixels(np.asarray(image.convert("RGB")))
