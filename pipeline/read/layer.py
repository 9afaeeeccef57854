"""The text layer of a PDF page: its words, and whether they may be believed.

Belongs here: characters to words, hidden and broken text. Does not belong here: pictures of text (ocr.py), form
values (fields.py). A character is believed only if a person sees it: not drawn invisibly, not outside the page, not in
the colour of what lies around it, not under something else. Pixels decide, so every trick of hiding is caught alike.
"""

import ctypes
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from pipeline.model.text import Box, Word
from pipeline.read import pdfium
from pipeline.read.pdf import to_upright
from pipeline.read.picture import Pixels
from pipeline.read.symbols import sign, signs_of
from pipeline.read.visible import seen

CONFIDENCE = 0.99
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHENS = (0x02, 0xFFFE, 0xAD)
_PRIVATE = 0xE000
_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)


class Glyph(NamedTuple):
    """A character as drawn: box in points of the upright page, `size` its em in points, `fill` its luminance 0..255
    (None when it is no plain colour), `angle` in degrees clockwise of the page as shown."""

    text: str
    box: Box
    size: float
    bold: bool
    fill: float | None
    angle: int
    drawn: bool


class Style(NamedTuple):
    """What all characters of one text object share; `signs` is what a symbol font shows for a code."""

    bold: bool
    fill: float | None
    drawn: bool
    signs: dict[int, str] | None
    size: float
    angle: int


GUESSED_SPACE = " "
"""A space that is not in the file but that pdfium supposes; the gap must bear it out."""

_HAIR, _TOUCH = 0.07, 0.09
_SPACE = Glyph(GUESSED_SPACE, (0.0, 0.0, 0.0, 0.0), 0.0, False, None, 0, False)


def glyphs_of(page: Any, turn: int = 0) -> list[Glyph | None]:
    """The characters of a page in the order of its content; None stands for white space, _SPACE for supposed space."""
    text = page.get_textpage()
    try:
        reader = _Characters(text, to_upright(page, turn))
        return [reader.glyph(i) for i in range(text.count_chars())]
    finally:
        text.close()


class _Characters:
    """The characters of one text page, asked for one by one: some thousand a page, so that every call counts."""

    def __init__(self, text: Any, matrix: Sequence[float]) -> None:
        self._text, self._matrix = pdfium.address(text), matrix
        self._sides, self._origin = pdfium.doubles(4), pdfium.doubles(2)
        self._look = pdfium.Look()
        self._level = not matrix[1] and not matrix[2] and matrix[0] > 0 > matrix[3]
        self._fonts: dict[int, tuple[bool, dict[int, str] | None]] = {}
        self._styles: dict[tuple[int, int, int, float, bytes], Style] = {}
        self._last: tuple[int, Style] = (0, Style(False, None, True, None, 0.0, 0))

    def glyph(self, i: int) -> Glyph | None:
        code = pdfium.code_of(self._text, i)
        if code == 0x20:
            return _SPACE if pdfium.is_generated(self._text, i) == 1 else None
        if code < 0x20 and code != 0x02:
            return None
        item = pdfium.object_of(self._text, i) or 0
        style = self._last[1] if item and item == self._last[0] else self._style(i, item)
        letter = chr(code) if 0x21 <= code < 0x7F and not style.signs else _letter(code, style)
        if not letter.strip() or not pdfium.sides_of(self._text, i, *self._sides.at):
            return None
        left, right, bottom, top = self._sides.values[:]
        box = self._box(i, style, left, right, bottom, top)
        return Glyph(letter, box, style.size, style.bold, style.fill, style.angle, style.drawn)

    def _box(self, i: int, style: Style, x0: float, x1: float, y0: float, y1: float) -> Box:
        """The character's box, as high as its line where it stands level."""
        m, size = self._matrix, style.size
        if style.angle == 0:
            pdfium.origin_of(self._text, i, *self._origin.at)
            origin_x, origin_y = self._origin.values[:]
            if not m[1]:
                foot, head = origin_y - 0.2 * size, origin_y + 0.7 * size
                y0, y1 = foot if foot < y0 else y0, head if head > y1 else y1
            elif abs(x1 - x0) < 0.7 * size:
                x0, x1 = min(x0, origin_x), max(x1, origin_x)
        if self._level:
            return (m[0] * x0 + m[4], m[3] * y1 + m[5], m[0] * x1 + m[4], m[3] * y0 + m[5])
        return boxed(m, x0, y0, x1, y1)

    def _style(self, i: int, item: int) -> Style:
        """The style of a character; kept per text object, of which a page may have as many as letters, and per look."""
        text = self._text
        font = pdfium.font_of(item) or 0 if item else 0
        known = pdfium.colour_of(text, i, *self._look.colour_at)
        mode = pdfium.mode_of(item) if item else 0
        pdfium.matrix_of(text, i, self._look.matrix_at)
        em = pdfium.size_of(text, i)
        look = (font, known, mode, em, self._look.key())
        style = self._styles.get(look) if font else None
        if style is None:
            style = self._styles[look] = self._made(i, font, bool(known), mode, em)
        self._last = (item, style)
        return style

    def _made(self, i: int, font: int, known: bool, mode: int, em: float) -> Style:
        bold, signs = self._font(i, font)
        red, green, blue, alpha = self._look.colour
        a, b, c, d = self._look.matrix[:4]
        fill = 0.299 * red + 0.587 * green + 0.114 * blue if known and mode in (0, 2, 4, 6) else None
        drawn = mode not in _INVISIBLE and not (known and alpha < 20)
        return Style(bold, fill, drawn, signs, abs(em) * (math.hypot(c, d) or 1.0), _angle(a, b, self._matrix))

    def _font(self, i: int, font: int) -> tuple[bool, dict[int, str] | None]:
        """Whether the font is bold, and its signs; kept per font."""
        if font not in self._fonts or not font:
            flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
            pdfium.font_name_of(self._text, i, ctypes.addressof(name), 128, ctypes.addressof(flags))
            low = name.value.lower()
            bold = b"bold" in low or b"black" in low or pdfium.weight_of(self._text, i) >= 600
            self._fonts[font] = (bold, signs_of(name.value.decode("latin-1")))
        return self._fonts[font]


def _letter(code: int, style: Style) -> str:
    """The character seen for a code that is no plain letter; empty for none."""
    letter = (style.signs or code >= _PRIVATE) and code != 0x02 and code <= 0xFFFF and sign(code, style.signs)
    return letter or ("-" if code in _HYPHENS else _LIGATURES.get(code) or (chr(code) if 0 < code < 0x110000 else ""))


def boxed(m: Sequence[float], x0: float, y0: float, x1: float, y1: float) -> Box:
    """A box of PDF user space through the matrix of pdf.to_upright."""
    xs = [m[0] * x + m[2] * y + m[4] for x, y in ((x0, y0), (x1, y1))]
    ys = [m[1] * x + m[3] * y + m[5] for x, y in ((x0, y0), (x1, y1))]
    return (min(xs), min(ys), max(xs), max(ys))


def _angle(a: float, b: float, matrix: Sequence[float]) -> int:
    """Clockwise direction of writing on the page as shown, to the nearest degree; (a, b) is where a character's own
    right lies in the file."""
    dx, dy = matrix[0] * a + matrix[2] * b, matrix[1] * a + matrix[3] * b
    return 0 if dy == 0 and dx > 0 else round(math.degrees(math.atan2(dy, dx))) % 360


def turn_of(glyphs: Sequence[Glyph | None]) -> int:
    """Degrees clockwise by which the page must be turned so that most of its text stands upright."""
    seen = [g.angle for g in glyphs if g is not None and g is not _SPACE]
    for angle, turn in ((90, 270), (180, 180), (270, 90)):
        if seen and sum(1 for a in seen if abs(a - angle) < 10) > 0.6 * len(seen):
            return turn
    return 0


def words_of(glyphs: Sequence[Glyph | None], gray: Pixels, dpi: float) -> tuple[list[Word], int]:
    """The words a person can see on the page whose picture at `dpi` is `gray`, and how many characters are hidden."""
    runs = _touching_joined(_runs(glyphs))
    boxes = [_around(run) for run in runs]
    words: list[Word] = []
    hidden = 0
    for run, box, visible in zip(runs, boxes, seen(gray, boxes, [run[0].fill for run in runs], dpi), strict=True):
        if visible and all(g.drawn for g in run):
            words.append(_word(run, box))
        else:
            hidden += len(run)
    return words, hidden


def _around(run: Sequence[Glyph]) -> Box:
    x0, y0, x1, y1 = zip(*[g.box for g in run], strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _word(run: Sequence[Glyph], box: Box) -> Word:
    bold = 2 * sum(g.bold for g in run) > len(run)
    return Word(text="".join(g.text for g in run), box=box, confidence=CONFIDENCE, source="layer", line=0, start=0, bold=bold)


def _runs(glyphs: Sequence[Glyph | None]) -> list[list[Glyph]]:
    """Characters that make a word: no white space between, one baseline, no jump."""
    runs: list[list[Glyph]] = []
    for line in _printed_together(glyphs):
        usual = _usual_gap(line)
        last: Glyph | None = None
        guessed = False
        for glyph in line:
            if glyph.text == GUESSED_SPACE:
                guessed = True
                continue
            if last is not None and _joins(last, glyph, usual + _HAIR if guessed else None):
                runs[-1].append(glyph)
            else:
                runs.append([glyph])
            last, guessed = glyph, False
    return runs


def _printed_together(glyphs: Sequence[Glyph | None]) -> Iterator[list[Glyph]]:
    """Stretches without a certain space or line end."""
    line: list[Glyph] = []
    for glyph in glyphs:
        if glyph is None:
            if line:
                yield line
            line = []
        else:
            line.append(glyph)
    if line:
        yield line


def _usual_gap(line: Sequence[Glyph]) -> float:
    """The middling gap between neighbours with no space between them, in em, 0 or more: more where letters are spaced."""
    gaps = [
        (b.box[0] - a.box[2]) / max(a.size, 1.0) for a, b in pairwise(line)
        if a is not _SPACE and b is not _SPACE and abs(a.box[3] - b.box[3]) < 0.6 * a.size and b.box[0] > a.box[0]
    ]  # fmt: skip
    return max(0.0, median(gaps)) if gaps else 0.0


def _touching_joined(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Runs that touch on one baseline made one: a kerned first letter may be drawn long before the rest of its word."""
    level = [i for i, r in enumerate(runs) if r[0].angle == 0]
    order = sorted(level, key=lambda i: (round(runs[i][0].box[3]), runs[i][0].box[0]))
    home = list(range(len(runs)))
    for left, right in pairwise(order):
        a, b = runs[left][-1], runs[right][0]
        close = -0.1 * a.size < b.box[0] - a.box[2] < _TOUCH * a.size and abs(a.box[3] - b.box[3]) < 0.05 * a.size
        if close and abs(a.size - b.size) < 0.05 * a.size and a.bold == b.bold:
            home[right] = home[left]
    joined: list[list[Glyph]] = [[] for _ in runs]
    for i in [*order, *(i for i, r in enumerate(runs) if r[0].angle != 0)]:
        joined[home[i]] += runs[i]
    return [run for run in joined if run]


def _joins(last: Glyph, glyph: Glyph, least_space: float | None) -> bool:
    """`least_space` in em: where a space was guessed, what is no wider is none."""
    if last.angle != glyph.angle:
        return False
    em = max(last.size, glyph.size, 1.0)
    if glyph.angle % 180:
        return abs(glyph.box[0] - last.box[0]) < 0.6 * em
    gap, widest = glyph.box[0] - last.box[2], (0.35 if least_space is None else least_space)
    return glyph.box[0] > last.box[0] - 0.3 * em and gap < widest * em and abs(glyph.box[3] - last.box[3]) < 0.6 * em


def is_broken(words: Sequence[Word]) -> bool:
    """Whether the layer's codes are not the letters seen: private-use or replacement characters, `(cid:` marks, or
    words without vowels as a shifted encoding makes them."""
    text = "".join(w.text for w in words)
    if not text:
        return False
    odd = sum(1 for c in text if 0xE000 <= ord(c) <= 0xF8FF or c == "�" or ord(c) < 32)
    if odd > 0.15 * len(text) or text.count("(cid:") * 6 > 0.1 * len(text):
        return True
    spelled = [w.text.lower() for w in words if w.text.isalpha() and len(w.text) > 3 and w.text.isascii()]
    voiced = sum(1 for w in spelled if any(c in "aeiouy" for c in w))
    return len(spelled) >= 12 and voiced < 0.75 * len(spelled)
