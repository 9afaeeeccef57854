"""PDF files: opening them, and pictures of their pages.

Belongs here: pypdfium2's pages, their size, their pictures. Does not belong here: their text (layer.py), their form
fields (fields.py).
"""

import ctypes
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.errors import Damaged, Encrypted
from pipeline.read import pdfium as plain
from pipeline.read.opening import check_pixels
from pipeline.read.picture import Pixels, gray_of, resized, thumbnail, turned
from pipeline.read.rescue import put_together
from pipeline.settings import Settings

_ERR_PASSWORD = 4
_IMAGED = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
FULL_PAGE = 0.6
"""An image over so much of a page makes it a scan."""


Source: TypeAlias = Path | bytes
"""A PDF: the received file, or what came of one that was cut short, put together in memory."""


def source_of(path: Path) -> Source:
    """The file, or as much of it as can be opened. Encrypted or Damaged when nothing can."""
    try:
        pdfium.PdfDocument(path).close()
        return path
    except pdfium.PdfiumError as err:
        if getattr(err, "err_code", None) == _ERR_PASSWORD or "password" in str(err).lower():
            raise Encrypted("The PDF needs a password to open. Ask the sender for an unlocked copy.") from err
        content = put_together(path.read_bytes())
        if content is None or not _has_content(content):
            raise Damaged("The PDF is cut short or broken inside and cannot be opened. Ask for it again.") from err
        return content


def _has_content(content: bytes) -> bool:
    """Whether it opens and anything stands on any page: pages without are lost and not blank."""
    try:
        with closing(pdfium.PdfDocument(content)) as document:
            return any(not is_bare(document, n) for n in range(len(document)))
    except pdfium.PdfiumError:
        return False


def is_bare(document: Any, index: int) -> bool:
    """Whether nothing is drawn on a page, or it cannot be loaded."""
    try:
        with closing(document[index]) as page:
            return not raw.FPDFPage_CountObjects(page)
    except pdfium.PdfiumError:
        return True


@contextmanager
def opened(source: Source) -> Iterator[Any]:
    """The PDF as pypdfium2 sees it; of a received file as much as can be opened (source_of)."""
    document = pdfium.PdfDocument(source_of(source) if isinstance(source, Path) else source)
    try:
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        yield document
    finally:
        document.close()


def page_count(source: Source) -> int:
    """How many pages the PDF says it has."""
    with opened(source) as document:
        return len(document)


@contextmanager
def page_of(document: Any, index: int) -> Iterator[Any]:
    """One page, closed afterwards; Damaged when it, or a picture on it, cannot be loaded or drawn."""
    says = f"Page {index + 1} is broken and cannot be read; the other pages can. Ask for it again."
    try:
        page = document[index]
    except pdfium.PdfiumError as err:
        raise Damaged(says) from err
    try:
        yield page
    except pdfium.PdfiumError as err:
        raise Damaged(says) from err
    finally:
        page.close()


@dataclass(frozen=True)
class PageImage:
    """An image object on a page: `share` of the page that it covers, its place among the page's objects, and its
    corners as shares of the page's width and height from the top left, before the page's own rotation."""

    share: float
    order: int
    box: tuple[float, float, float, float]
    upright: bool
    handle: Any


def images_of(page: Any) -> list[PageImage]:
    """The images on a page that have any size."""
    left, bottom, right, top = page.get_cropbox() if page.get_cropbox() else page.get_mediabox()
    width, height = max(right - left, 1.0), max(top - bottom, 1.0)
    found = []
    for order, item in enumerate(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=4) if _may_have_images(page) else ()):
        x0, y0, x1, y1 = item.get_bounds()
        box = (max(x0 - left, 0) / width, max(top - y1, 0) / height,
               min(x1 - left, width) / width, min(top - y0, height) / height)  # fmt: skip
        share = max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
        matrix = item.get_matrix()
        upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) + abs(matrix.c) < 1e-3 * (matrix.a + matrix.d)
        if share > 0:
            found.append(PageImage(share, order, box, upright, item))
    return found


def _may_have_images(page: Any) -> bool:
    """A quick look: most pages are a thousand pieces of text and nothing else."""
    at = plain.address(page)
    return any(plain.kind_of(plain.object_at(at, n)) in _IMAGED for n in range(plain.objects_on(at)))


def check_images(images: list[PageImage], settings: Settings) -> None:
    """TooLarge for an image of more pixels than the limit: it would be unpacked whole to draw the page."""
    for image in images:
        width, height = image.handle.get_px_size()
        check_pixels(width, height, settings)


def only_image(page: Any, images: list[PageImage]) -> PageImage | None:
    """The image that is the whole page, if there is just one, upright and unmasked."""
    big = [i for i in images if i.share > 0.02]
    if len(big) != 1 or big[0].share < 0.95 or not big[0].upright:
        return None
    return big[0]


def embedded(page: Any, image: PageImage, settings: Settings) -> tuple[Pixels, tuple[float, float]] | None:
    """The image's own pixels, turned as the page is shown, and its (x, y) dpi, without rendering; None when they are
    not what the page shows (masks, inverted or unusual colours)."""
    width, height = image.handle.get_px_size()
    check_pixels(width, height, settings)
    picture = _as_pixels(image.handle.get_bitmap(render=False))
    x0, y0, x1, y1 = image.handle.get_bounds()
    dpi = (width * 72 / max(x1 - x0, 1.0), height * 72 / max(y1 - y0, 1.0))
    rotation = page.get_rotation()
    shown = turned(picture, rotation)
    if not _same_picture(shown, rendered(page, 12, settings)):
        return None
    return shown, (dpi if rotation % 180 == 0 else (dpi[1], dpi[0]))


def _same_picture(own: Pixels, shown: Pixels) -> bool:
    small = gray_of(shown).astype(np.float32)
    mine = gray_of(resized(thumbnail(own, 0.25), small.shape[1], small.shape[0])).astype(np.float32)
    return float(np.mean(np.abs(small - mine))) < 12


def rendered(page: Any, dpi: float, settings: Settings, turn: int = 0) -> Pixels:
    """A picture of the page in colour as a person sees it, form fields included, turned clockwise by `turn`."""
    width, height = page.get_size()
    check_pixels(round(width * dpi / 72), round(height * dpi / 72), settings)
    bitmap = page.render(scale=dpi / 72, rotation=turn, rev_byteorder=True, may_draw_forms=True)
    try:
        return _as_pixels(bitmap)
    finally:
        bitmap.close()


def _as_pixels(bitmap: Any) -> Pixels:
    """A bitmap's own copy as gray or RGB."""
    array = bitmap.to_numpy()
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim == 3:
        array = array[:, :, :3] if bitmap.rev_byteorder else array[:, :, 2::-1]
    return np.array(array, dtype=np.uint8, order="C")


def to_upright(page: Any, turn: int) -> tuple[float, float, float, float, float, float]:
    """(a, b, c, d, e, f) so that x' = a x + c y + e, y' = b x + d y + f takes PDF user space to points from the top
    left of the page as shown and then turned clockwise by `turn`."""
    width, height = page.get_size()
    if turn % 180:
        width, height = height, width
    fine = 1000

    def at(x: float, y: float) -> tuple[float, float]:
        dx, dy = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), turn // 90, x, y, dx, dy)
        return dx.value / fine, dy.value / fine

    (ox, oy), (ax, ay), (bx, by) = at(0, 0), at(1000, 0), at(0, 1000)
    return (ax - ox) / 1000, (ay - oy) / 1000, (bx - ox) / 1000, (by - oy) / 1000, ox, oy
