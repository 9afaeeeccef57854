"""From a picture as received to an upright page ready for OCR.

Belongs here: the sequence of preparations and the page's scale. Does not belong here: the preparations themselves
(shape.py, clean.py, turn.py), recognising (ocr.py).
"""

from dataclasses import dataclass

from pipeline.read.clean import cleaned, positive, without_borders, without_marker
from pipeline.read.picture import FACE_DPI, Pixels, gray_of, is_bilevel, resized, rotated, thumbnail, turned
from pipeline.read.shape import flattened
from pipeline.read.turn import levelled

PAPER_WIDTH = 8.5
"""Inches; what a page without a known resolution is taken to be wide."""

BEST_DPI, LEAST_DPI, PHOTO_DPI = 300, 150, 240


@dataclass(frozen=True)
class Prepared:
    """`gray` is for OCR at `dpi`, `face` for people, the same at FACE_DPI or `dpi`, both upright and level; `turned` the quarter turns made, in
    degrees clockwise; `bilevel` whether it came as black and white."""

    gray: Pixels
    face: Pixels
    dpi: float
    turned: int
    bilevel: bool

    @property
    def size(self) -> tuple[float, float]:
        """(width, height) in points."""
        rows, columns = self.gray.shape
        return columns * 72 / self.dpi, rows * 72 / self.dpi

    def upside_down(self) -> "Prepared":
        """The same page turned by 180 degrees."""
        return Prepared(turned(self.gray, 180), turned(self.face, 180), self.dpi, (self.turned + 180) % 360, self.bilevel)


def prepared(image: Pixels, dpi: tuple[float, float] | None) -> Prepared:
    """Lays flat, squares, scales, whitens and levels a page; `dpi` is (x, y) or None when it is not known."""
    image = positive(image)
    bilevel = is_bilevel(gray_of(image))
    if not bilevel:
        flat = flattened(image, round(PHOTO_DPI * PAPER_WIDTH))
        if flat is not None:
            image, dpi = flat, None
    image, resolution = _squared(image, dpi)
    if not bilevel:
        image = without_borders(image)
    gray = cleaned(without_marker(image), bilevel)
    face = gray if bilevel else thumbnail(image, min(1.0, FACE_DPI / resolution))
    gray, quarter, skew = levelled(gray, gray, resolution)
    if face is not gray:
        face = _same_turn(face, quarter, skew)
    return Prepared(gray, gray if bilevel else face, resolution, quarter, bilevel)


def _same_turn(face: Pixels, quarter: int, skew: float) -> Pixels:
    face = turned(face, quarter)
    return rotated(face, skew) if abs(skew) >= 0.1 else face


def _squared(image: Pixels, dpi: tuple[float, float] | None) -> tuple[Pixels, float]:
    """Square pixels at a resolution between LEAST_DPI and BEST_DPI, and that resolution."""
    rows, columns = image.shape[:2]
    if dpi is None:
        across = min(rows, columns) if rows / columns < 1.8 and columns / rows < 1.8 else columns
        dpi = (across / PAPER_WIDTH, across / PAPER_WIDTH)
    inches = (columns / dpi[0], rows / dpi[1])
    goal = min(max(dpi), BEST_DPI)
    if goal < LEAST_DPI:
        goal = min(2 * goal, float(LEAST_DPI))
    if max(dpi) <= BEST_DPI * 1.02 and max(dpi) - min(dpi) < 0.03 * max(dpi) and goal >= max(dpi) * 0.98:
        return image, sum(dpi) / 2
    return resized(image, round(inches[0] * goal), round(inches[1] * goal)), goal
