"""Reading one page: text layer, form values, OCR, or some of each.

Belongs here: the choice between layer and pixels, and putting a page together. Does not belong here: files
(reading.py), or how each source is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pipeline.model.text import Box, InkMark, Page, TickBox, Word
from pipeline.read import layer, pdf
from pipeline.read.boxed_words import is_of_word, without_box_letters
from pipeline.read.brackets import bracketed
from pipeline.read.engine import Engine
from pipeline.read.fields import PageFields, placed
from pipeline.read.ink import ink_share, marks_of
from pipeline.read.leftover import Leftover, asks_for_ocr, leftover, lettered_rows, may_be_mark, painted_over, within
from pipeline.read.ocr import in_points, lowered, recognised
from pipeline.read.opening import check_shape
from pipeline.read.order import Line, in_reading_order
from pipeline.read.penmarks import blanks, circled, without_blanks
from pipeline.read.picture import FACE_DPI, Pixels, face_jpeg, gray_of
from pipeline.read.prepare import prepared
from pipeline.read.rules import rules_of
from pipeline.read.squares import drawn_squares, seen_squares
from pipeline.read.stamps import read_under_stamps
from pipeline.read.ticks import drawn_ticks, glyph_ticks
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
    words = bracketed(read_under_stamps(page, words, context.engine))
    ticks = drawn_ticks(page.gray, page.dpi, words)
    ticks += [t for t in glyph_ticks(words) if not _within(t.box, [k.box for k in ticks])]
    words = without_box_letters(words, ticks)
    rings, rules = _marked(page.gray, page.dpi, words, [t.box for t in ticks])
    words = without_blanks(words, rules)
    ticks += rings + rules
    sheet = Sheet(number, page.size, page.face, page.gray, page.dpi, page.turned)
    return _finished(sheet, words, ticks, marks_of(page.gray, page.dpi, words, _known(words, ticks, [])), context)


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
    views = _Views(page, turn, context.settings)
    words, hidden = layer.words_of(glyphs, views.gray, FACE_DPI)
    if hidden:
        words, hidden = layer.words_of(glyphs, views.closer, LAYER_DPI)
    scanned = max((i.share for i in images), default=0.0) > pdf.FULL_PAGE
    if layer.is_broken(words) or (scanned and sum(len(w.text) for w in words) < hidden):
        return _read_scan(page, images, number, context)
    matrix = pdf.to_upright(page, turn)
    typed, ticks, areas = placed(values, matrix) if values is not None else ([], [], [])
    words = [w for w in words if not _within(w.box, areas)] + typed
    ticks += [t for t in glyph_ticks(words) if not _within(t.box, [k.box for k in ticks])]
    pictures = [layer.boxed(matrix, *i.handle.get_bounds()) for i in images]
    return _read_layer(views, number, words, ticks, areas, pictures, context)


class _Views:
    """A page's pictures, each drawn when it is first wanted: the one that people see, and a closer one."""

    def __init__(self, page: Any, turn: int, settings: Settings) -> None:
        self._page, self.turn, self._settings = page, turn, settings
        self.face = pdf.rendered(page, FACE_DPI, settings, turn)
        self.gray = gray_of(self.face)

    @cached_property
    def closer(self) -> Pixels:
        return gray_of(pdf.rendered(self._page, LAYER_DPI, self._settings, self.turn))

    @cached_property
    def squares(self) -> list[Box]:
        """Squares of a tick box's size that the file itself draws, as far as they are seen."""
        boxes = drawn_squares(self._page, pdf.to_upright(self._page, self.turn))
        return seen_squares(self.closer, LAYER_DPI, boxes) if boxes else []


def _read_layer(
    views: _Views, number: int, words: list[Word], ticks: list[TickBox], areas: list[Box], pictures: list[Box], context: Context
) -> Read:
    """A page whose words are known: what else is on it is looked at only where there is ink."""
    rows, columns = views.gray.shape
    sheet = Sheet(number, (columns * 72 / FACE_DPI, rows * 72 / FACE_DPI), views.face, views.gray, FACE_DPI, views.turn)
    known = [*areas, *(t.box for t in ticks)]
    boxed = [*known, *views.squares]
    rest = leftover(views.gray, FACE_DPI, words, boxed)
    if asks_for_ocr(rest, words, pictures):
        words = words + _beside_layer(views.closer, words, boxed, context)
    if rest.boxes or views.squares:
        drawn = [t for t in _drawn(views, rest, words) if not _within(t.box, known)]
        ticks = ticks + [t for t in drawn if _within(t.box, views.squares) or not is_of_word(t.box, words)]
    words = without_box_letters(words, ticks)
    penned = [*rest.rings(words), *rest.dashes(words)]
    if penned:
        strips = rest.near(penned)
        found = _marked(strips.cut(views.closer, LAYER_DPI), LAYER_DPI, strips.inside(words), strips.down(t.box for t in ticks))
        rings, rules = (strips.ticks(f) for f in found)
        words, ticks = without_blanks(words, rules), ticks + rings + rules
    return _finished(sheet, words, ticks, _layer_marks(views, rest, words, ticks, areas), context)


def _drawn(views: _Views, rest: Leftover, words: list[Word]) -> list[TickBox]:
    """Tick boxes that are no glyphs and no form fields; others than the file's own squares are looked for only where there
    are frames besides them."""
    squares = views.squares
    others = not squares or any(not _within(f, squares) for f in rest.frames)
    strips = rest.near([*(rest.boxes if others else []), *squares])
    near = strips.inside(words)
    bare = painted_over(strips.cut(views.closer, LAYER_DPI), LAYER_DPI, [within(w.box) for w in near if not may_be_mark(w)])
    return strips.ticks(drawn_ticks(bare, LAYER_DPI, near, strips.down(squares), others))


def _layer_marks(views: _Views, rest: Leftover, words: list[Word], ticks: list[TickBox], areas: list[Box]) -> list[InkMark]:
    """Signatures and pictures; words read from pixels are looked at closer, to tell print from handwriting."""
    strips = rest.marked
    if not strips.kept:
        return []
    read = any(w.source == "ocr" for w in words)
    gray, dpi = (views.closer, LAYER_DPI) if read else (views.gray, FACE_DPI)
    known = strips.down(_known(words, ticks, areas))
    return strips.marks(marks_of(strips.cut(gray, dpi), dpi, strips.inside(words), known))


def _marked(gray: Pixels, dpi: float, words: list[Word], ticks: list[Box]) -> tuple[list[TickBox], list[TickBox]]:
    """Choices ringed, and choices set on a blank, where no box was found."""

    def new(found: list[TickBox]) -> list[TickBox]:
        return [t for t in found if not any(_within(k, [t.box]) or _within(t.box, [k]) for k in ticks)]

    return new(circled(gray, dpi, words)), new(blanks(gray, dpi, words))


def _beside_layer(gray: Pixels, words: list[Word], known: list[Box], context: Context) -> list[Word]:
    """Words that the page shows but neither its layer nor what lies at `known` holds, read from the pixels."""
    rest = painted_over(gray, LAYER_DPI, [*(w.box for w in words), *known])
    rows = lettered_rows(rest, LAYER_DPI)
    if rows is None:
        return []
    found = in_points(context.engine.words(rest[rows[0] : rows[1]], LAYER_DPI), LAYER_DPI)
    down = rows[0] * 72 / LAYER_DPI
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


def _finished(sheet: Sheet, words: list[Word], ticks: list[TickBox], marks: list[InkMark], context: Context) -> Read:
    target = context.store.page_image(context.sha256, sheet.number)
    context.store.put_bytes(target, face_jpeg(sheet.face, sheet.face.shape[1] * 72 / sheet.size[0]))
    page = Page(
        number=sheet.number, width=round(sheet.size[0], 2), height=round(sheet.size[1], 2), origin=_origin(words),
        quality=_quality(words), ticks=tuple(ticks), marks=tuple(marks),
        image=str(target.relative_to(context.store.root)), turned=sheet.turned,
    )  # fmt: skip
    lines = in_reading_order(words, rules_of(sheet.gray, sheet.dpi))
    return Read(page, lines, bool(words) or ink_share(sheet.gray) > BLANK)


def _known(words: list[Word], ticks: list[TickBox], areas: Sequence[Box]) -> list[Box]:
    """Where ink is accounted for: form fields, and tick boxes but for rings around words."""
    return [*areas, *(t.box for t in ticks if not _around(t.box, words))]


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
