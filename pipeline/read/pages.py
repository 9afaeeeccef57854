"""Reading one page: text layer, form values, OCR, or some of each.

Belongs here: the choice between layer and pixels, and putting a page together. Does not belong here: files
(reading.py), or how each source is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.model.text import Box, Page, TickBox, Word
from pipeline.read import layer, pdf
from pipeline.read.engine import Engine
from pipeline.read.fields import PageFields, placed
from pipeline.read.ink import ink_share, marks_of
from pipeline.read.leftover import lettered_rows, painted_over
from pipeline.read.ocr import in_points, lowered, recognised
from pipeline.read.opening import check_shape
from pipeline.read.order import Line, in_reading_order
from pipeline.read.penmarks import blanks, circled, without_blanks
from pipeline.read.picture import Pixels, face_jpeg, gray_of
from pipeline.read.prepare import prepared
from pipeline.read.rules import rules_of
from pipeline.read.stamps import read_under_stamps
from pipeline.read.ticks import drawn_ticks, glyph_ticks, without_box_letters
from pipeline.settings import Settings
from pipeline.store import Store

LAYER_DPI = 200
SURE = 0.5
"""Words beside a text layer need so much confidence: most of them are logos."""

BLANK = 0.0005
_LEAST_SIDE = 12.0
Origin = Literal["layer", "ocr", "mixed", "none"]


@dataclass(frozen=True)
class Context:
    """What every page of a file needs."""

    settings: Settings
    store: Store
    sha256: str
    engine: Engine


@dataclass(frozen=True)
class Sheet:
    """A page's picture, upright: `face` for people, at any resolution, `gray` for finding marks at `dpi`; `size` in
    points."""

    number: int
    size: tuple[float, float]
    face: Pixels
    gray: Pixels
    dpi: float
    turned: int


@dataclass(frozen=True)
class Read:
    """A page without its words, its lines of words, and whether there is any ink on it."""

    page: Page
    lines: list[Line]
    inked: bool


def read_picture(image: Pixels, dpi: tuple[float, float] | None, number: int, context: Context) -> Read:
    """A page that is only pixels."""
    page, words = recognised(prepared(image, dpi), context.engine)
    words = read_under_stamps(page, words, context.engine)
    ticks = drawn_ticks(page.gray, page.dpi, words)
    ticks += [t for t in glyph_ticks(words) if not _within(t.box, [k.box for k in ticks])]
    words = without_box_letters(words, ticks)
    words, unboxed = _unboxed(page.gray, page.dpi, words, ticks)
    ticks += unboxed
    sheet = Sheet(number, page.size, page.face, page.gray, page.dpi, page.turned)
    return _put_together(sheet, words, ticks, context)


def read_pdf_page(page: Any, number: int, values: PageFields | None, context: Context) -> Read:
    """A page of a PDF: its text layer where it may be believed, else its pixels."""
    width, height = page.get_size()
    check_shape(width, height, _LEAST_SIDE)
    glyphs = layer.glyphs_of(page)
    turn = layer.turn_of(glyphs)
    if turn:
        glyphs = layer.glyphs_of(page, turn)
    images = pdf.images_of(page)
    pdf.check_images(images, context.settings)
    if values is None and images and not any(g is not None and g.drawn for g in glyphs):
        return _read_scan(page, images, number, context)
    face = pdf.rendered(page, LAYER_DPI, context.settings, turn)
    gray = gray_of(face)
    words, hidden = layer.words_of(glyphs, gray, LAYER_DPI)
    scanned = max((i.share for i in images), default=0.0) > pdf.FULL_PAGE
    if layer.is_broken(words) or (scanned and sum(len(w.text) for w in words) < hidden):
        return _read_scan(page, images, number, context)
    rows, columns = gray.shape
    sheet = Sheet(number, (columns * 72 / LAYER_DPI, rows * 72 / LAYER_DPI), face, gray, LAYER_DPI, turn)
    typed, ticks, areas = placed(values, pdf.to_upright(page, turn)) if values is not None else ([], [], [])
    words = [w for w in words if not _within(w.box, areas)] + typed
    ticks += [t for t in glyph_ticks(words) if not _within(t.box, [k.box for k in ticks])]
    known = [*areas, *(t.box for t in ticks)]
    words += _beside_layer(sheet, words, known, context)
    ticks += [t for t in drawn_ticks(gray, LAYER_DPI, words) if not _within(t.box, known)]
    words = without_box_letters(words, ticks)
    words, unboxed = _unboxed(gray, LAYER_DPI, words, ticks)
    return _put_together(sheet, words, ticks + unboxed, context, areas)


def _unboxed(gray: Pixels, dpi: float, words: list[Word], ticks: list[TickBox]) -> tuple[list[Word], list[TickBox]]:
    """Choices ringed or set on a blank, where no box was found, and the words without those blanks."""
    rules = blanks(gray, dpi, words)
    found = [t for t in (*circled(gray, dpi, words), *rules)
             if not any(_within(k.box, [t.box]) or _within(t.box, [k.box]) for k in ticks)]  # fmt: skip
    return without_blanks(words, rules), found


def _beside_layer(sheet: Sheet, words: list[Word], known: list[Box], context: Context) -> list[Word]:
    """Words that the page shows but neither its layer nor what lies at `known` holds, read from the pixels."""
    rest = painted_over(sheet.gray, sheet.dpi, [*(w.box for w in words), *known])
    rows = lettered_rows(rest, sheet.dpi)
    if rows is None:
        return []
    found = in_points(context.engine.words(rest[rows[0] : rows[1]], round(sheet.dpi)), sheet.dpi)
    down = rows[0] * 72 / sheet.dpi
    return [lowered(w, down) for w in found if w.confidence > SURE and any(c.isalnum() for c in w.text)]


def _within(box: Box, areas: list[Box]) -> bool:
    """Whether the middle of a box lies in one of the areas."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(a[0] - 1 <= x <= a[2] + 1 and a[1] - 1 <= y <= a[3] + 1 for a in areas)


def _read_scan(page: Any, images: list[pdf.PageImage], number: int, context: Context) -> Read:
    image = pdf.only_image(page, images)
    own = pdf.embedded(page, image, context.settings) if image else None
    if own is not None:
        return read_picture(own[0], own[1], number, context)
    dpi = 300.0 if max(page.get_size()) < 1300 else 200.0
    return read_picture(pdf.rendered(page, dpi, context.settings), (dpi, dpi), number, context)


def _put_together(
    sheet: Sheet, words: list[Word], ticks: list[TickBox], context: Context, areas: Sequence[Box] = ()
) -> Read:
    target = context.store.page_image(context.sha256, sheet.number)
    context.store.put_bytes(target, face_jpeg(sheet.face, sheet.face.shape[1] * 72 / sheet.size[0]))
    marks = marks_of(sheet.gray, sheet.dpi, words, [*areas, *(t.box for t in ticks if not _around(t.box, words))])
    page = Page(
        number=sheet.number, width=round(sheet.size[0], 2), height=round(sheet.size[1], 2), origin=_origin(words),
        quality=_quality(words), ticks=tuple(ticks), marks=tuple(marks),
        image=str(target.relative_to(context.store.root)), turned=sheet.turned,
    )  # fmt: skip
    lines = in_reading_order(words, rules_of(sheet.gray, sheet.dpi))
    return Read(page, lines, bool(words) or ink_share(sheet.gray) > BLANK)


def _around(box: Box, words: list[Word]) -> bool:
    """Whether a box goes around a word; ink that does may be a signature over a typed name as well."""
    return any(_within(w.box, [box]) for w in words if len(w.text) > 2)


def _origin(words: list[Word]) -> Origin:
    sources = {"ocr" if w.source == "ocr" else "layer" for w in words}
    if len(sources) == 2:
        return "mixed"
    return "none" if not sources else ("ocr" if "ocr" in sources else "layer")


def _quality(words: list[Word]) -> float:
    letters = sum(len(w.text) for w in words)
    return round(sum(len(w.text) * w.confidence for w in words) / letters, 4) if letters else 0.0
