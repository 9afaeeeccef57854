"""Tick boxes and radio buttons on a page, drawn or printed.

Belongs here: tick glyphs among words, what of the frames in the pixels is a box and what a letter. Does not belong
here: finding frames (boxes.py), whether one is ticked (states.py), form fields (fields.py), which label a box belongs to,
words with a box read into them (boxed_words.py).
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.model.text import Box, TickBox, Word
from pipeline.read.boxed_words import LOOKALIKES, cut_at, overlap, print_of, row_of, spells
from pipeline.read.boxes import Shape, shapes_of
from pipeline.read.picture import Pixels, thumbnail
from pipeline.read.siblings import is_kin, siblings_of
from pipeline.read.states import states

_DPI = 225.0
_GLUED = 0.62
"""A box before a word is at least so high, as a share of the word; the bow of a P is lower."""

_CLEAR = 0.87
_TALL = 1.25
"""A ring so much higher than a word is no letter."""

_BESIDE, _PATTERN = 26.0, 6
_READ = 0.95
"""So sure an engine is of a word that is not a box read as letters."""
_EMPTY_GLYPHS, _TICKED_GLYPHS = "☐□○❏❑❐❒❍◯▢◻⬜", "☑☒✓✔✗✘✕✖●◉◎⊠⊗⦿■🗹🗷"
_FILLED = {"●": "○◯❍", "■": "☐□❏❑❐❒▢◻⬜"}
_TYPED = re.compile(r"^(?:\[( ?|_+|[xX✓✔*•])\]|\(([xX✓✔]|)\)|(_+[xX✓✔]_*|_*[xX✓✔]_+)$)")
_ROUND = frozenset("OQDB08oC")
_CELLS = frozenset("12345679")
"""A digit in a frame is one of a number written into cells; a crossed box may be read as 0 or 8."""


def glyph_ticks(words: Sequence[Word]) -> list[TickBox]:
    """Boxes that are characters of the text: ☐ ☒ ✓ [x] [ ]. The words stay words. Where the same glyph begins every item
    and none differs, ● and ■ are bullets, and so is ○ that no other glyph answers."""
    found = []
    glyphs = {w.text[0] for w in words if w.text[0] in _EMPTY_GLYPHS + _TICKED_GLYPHS}
    bullets = _bullets(glyphs)
    for at, word in enumerate(words):
        first = word.text[0]
        if first in bullets:
            continue
        typed = _TYPED.match(word.text)
        if first in _EMPTY_GLYPHS or first in _TICKED_GLYPHS:
            found.append(TickBox(box=_first_box(word, 1), ticked=first in _TICKED_GLYPHS, confidence=word.confidence))
        elif typed:
            mark = (typed.group(1) or typed.group(2) or typed.group(3) or "").strip(" _")
            box = _first_box(word, len(typed.group(0)))
            found.append(TickBox(box=box, ticked=bool(mark), confidence=word.confidence))
        elif word.text == "[" and at + 1 < len(words) and words[at + 1].text.startswith("]"):
            after = words[at + 1].box
            if 0 <= after[0] - word.box[2] < 14 and abs(after[1] - word.box[1]) < 4:
                box = (word.box[0], word.box[1], after[2], word.box[3])
                found.append(TickBox(box=box, ticked=False, confidence=word.confidence))
    return found


def _bullets(glyphs: set[str]) -> set[str]:
    """Of the glyphs on a page those that are bullets: filled ones without a hollow one of their kind, rings alone."""
    if glyphs == {"○"}:
        return glyphs
    return {c for c in glyphs & set(_FILLED) if not glyphs & set(_FILLED[c])}


def _first_box(word: Word, letters: int) -> Box:
    x0, y0, x1, y1 = word.box
    return (x0, y0, x0 + (x1 - x0) * letters / max(len(word.text), 1), y1)


def drawn_ticks(gray: Pixels, dpi: float, words: Sequence[Word], given: Sequence[Box] = (), others: bool = True) -> list[TickBox]:
    """Squares and rings of a box's size in a cleaned picture, boxes in points, from top to bottom. A ring inside a word
    of several letters is a letter. What is `given` is known to be a box; `others` are looked for besides."""
    found = states(gray, dpi, given, [1.0] * len(given), words, exact=True)
    if others:
        shapes, point = _shapes(gray, dpi, words)
        boxes = [(_boxed(s, point), s.confidence) for s in shapes]
        new = [(b, c) for b, c in boxes if not any(overlap(b, g) > 0.2 for g in given)]
        found += states(gray, dpi, [b for b, _ in new], [c for _, c in new], words)
    return sorted(found, key=lambda t: (round(t.box[1] / 6), t.box[0]))


def _shapes(gray: Pixels, dpi: float, words: Sequence[Word]) -> tuple[list[Shape], float]:
    """The frames that are boxes, and the points of one of their pixels."""
    scale = min(1.0, _DPI / dpi)
    small = thumbnail(gray, scale)
    point = 72 / dpi / scale
    advance, usual = print_of(words)

    def is_print(shape: Shape) -> bool:
        box = _boxed(shape, point)
        return _is_spelled(box, words) or any(spells(w, box, advance, usual) for w in words)

    seen = shapes_of(small, dpi * scale, is_print)
    near = _touching(seen, words, point)
    plain = _without_texture(seen, near)
    patterned = len(plain) < len(seen)
    seen = [s for s in plain if _parts_words(s, near[s], point) or not any(spells(w, _boxed(s, point), advance, usual) for w in near[s])]
    clear = [s for s in seen if not _is_letter(_boxed(s, point), near[s], s)]
    clear = [s for s in clear if s.high * point > _TALL * usual or not _may_be_letter(_boxed(s, point), near[s]) or _bears_out(s, clear, point)]
    clear += _glued([s for s in seen if s not in clear], near, point)
    clear += [s for s in seen if s not in clear and _parts_words(s, near[s], point) and _bears_out(s, clear, point)]
    shapes = clear + [
        s for s in seen if s not in clear and is_kin(s, clear, dpi * scale) and _begins_word(_boxed(s, point), near[s], s)
    ]
    siblings = [s for s in siblings_of(small, dpi * scale, shapes) if s.apart or not patterned]
    near |= _touching(siblings, words, point)
    siblings = [s for s in siblings if not any(spells(w, _boxed(s, point), advance, usual, row_of(w, words)) for w in near[s])]
    loose = [s for s in siblings if not (s.apart or near[s] or _has_label(_boxed(s, point), words))]
    siblings = [s for s in siblings if s not in loose or len(loose) < _PATTERN - 1]
    shapes += [s for s in siblings
               if not _is_letter(_boxed(s, point), near[s], s) or _begins_word(_boxed(s, point), near[s], s)]  # fmt: skip
    return shapes, point


def _has_label(box: Box, words: Sequence[Word]) -> bool:
    """Whether a word stands close beside a box, on its level."""
    middle = (box[1] + box[3]) / 2
    level = [w for w in words if w.box[1] - 1 < middle < w.box[3] + 1]
    return any(-2 < w.box[0] - box[2] < _BESIDE or -2 < box[0] - w.box[2] < _BESIDE for w in level)


def _without_texture(shapes: list[Shape], near: Mapping[Shape, Sequence[Word]]) -> list[Shape]:
    """Of many shapes without words, hardly any of which has paper beside it, those alone that have: the rest is a pattern
    or a picture."""
    apart = [s for s in shapes if s.apart]
    loose = [s for s in shapes if not s.apart and not near[s]]
    return [s for s in shapes if s not in loose] if len(loose) > 2 * len(apart) + _PATTERN else shapes


def _touching(shapes: Sequence[Shape], words: Sequence[Word], point: float) -> dict[Shape, list[Word]]:
    """For each shape the words whose boxes share some of its."""
    x0, y0, x1, y1 = np.array([w.box for w in words], np.float64).reshape(-1, 4).T
    near = {}
    for shape in shapes:
        left, top, right, bottom = _boxed(shape, point)
        there = np.flatnonzero((x0 < right) & (x1 > left) & (y0 < bottom) & (y1 > top))
        near[shape] = [words[i] for i in there.tolist()]
    return near


def _is_spelled(box: Box, words: Sequence[Word]) -> bool:
    """Whether a box lies in the middle of a word of sure letters; at an end it may be a box that was read as one."""
    half = (box[2] - box[0]) / 2
    return any(
        w.box[0] < box[0] - half and w.box[2] > box[2] + half and w.confidence > _READ
        and sum(c.isalnum() for c in w.text) >= 3 and overlap(box, w.box) > 0.7 for w in words
    )  # fmt: skip


def _may_be_letter(box: Box, words: Sequence[Word]) -> bool:
    """Whether an engine was sure of a round or square letter that stands alone there."""
    return any(w.text in _ROUND and w.confidence > 0.6 and overlap(box, w.box) > 0.5 for w in words)


def _bears_out(shape: Shape, clear: Sequence[Shape], point: float) -> bool:
    """Whether two more of its kind and size are on the page, one of them in another row: a form has its boxes alike."""
    kin = [
        s
        for s in clear
        if s is not shape
        and s.ring == shape.ring
        and abs(s.wide + s.high - shape.wide - shape.high) < 0.12 * (s.wide + s.high)
    ]
    return len(kin) >= 2 and any(abs(s.y - shape.y) * point > 5 for s in kin)


def _parts_words(shape: Shape, words: Sequence[Word], point: float) -> bool:
    """Whether a clear square with paper on both sides stands between two words that were read as one: 'is:Curative'."""
    box = _boxed(shape, point)
    over = [w for w in words if w.source == "ocr" and overlap(box, w.box) > 0.5]
    return shape.apart and not shape.ring and shape.confidence > _CLEAR and len(over) == 1 and cut_at(over[0], box) is not None


def _glued(shapes: Sequence[Shape], near: Mapping[Shape, Sequence[Word]], point: float) -> list[Shape]:
    """Boxes set close before their label and read as its first letter: three or more alike, each at the left end of a
    word whose second letter is large."""
    found = []
    for shape in shapes:
        box = _boxed(shape, point)
        over = [w for w in near[shape] if w.source == "ocr" and overlap(box, w.box) > 0.25 and len(w.text) > 2]
        tall = over[0].box[3] - over[0].box[1] if over else 0.0
        if (
            len(over) == 1
            and box[3] - box[1] > _GLUED * tall
            and abs(box[0] - over[0].box[0]) < 0.6 * (box[2] - box[0])
            and _has_box_first(over[0].text, shape.confidence > _CLEAR)
        ):
            found.append(shape)
    return [
        s
        for s in found
        if sum(1 for o in found if abs(s.wide + s.high - o.wide - o.high) < 0.15 * (s.wide + s.high)) >= 3
    ]


def _has_box_first(text: str, clear: bool) -> bool:
    """'OLeft', 'DYes', and for a clear square 'Left' too; not 'Office', 'ORDER'."""
    large = text[0] in LOOKALIKES | set("CGUL") and text[1].isupper() and any(c.islower() for c in text[2:])
    return (
        large
        or not text[0].isalpha()
        or (clear and text[0].isupper() and text[1].islower() and text[0] not in "OQDCGB")
    )


def _boxed(shape: Shape, point: float) -> Box:
    return (shape.x * point, shape.y * point, (shape.x + shape.wide) * point, (shape.y + shape.high) * point)


def _is_letter(box: Box, words: Sequence[Word], shape: Shape) -> bool:
    """Whether the box is part of a word's letters rather than a box beside or instead of them."""
    wide, clear = box[2] - box[0], shape.confidence > _CLEAR
    if any(w.text in _CELLS and w.confidence > 0.5 and overlap(w.box, box) > 0.6 for w in words):
        return True
    for word in words:
        if overlap(box, word.box) < (0.25 if shape.sibling else 0.6):
            continue
        if word.source == "layer":
            return word.text[0] not in _EMPTY_GLYPHS + _TICKED_GLYPHS
        if len(word.text) == 1 and (clear or word.text in LOOKALIKES):
            continue
        if (
            shape.sibling
            and box[0] < word.box[0] + 0.4 * wide
            and not (word.text[0] in "OQCDG" and word.text[1:2].islower())
        ):
            continue
        if len(word.text) > 2 and word.text[1:].isupper() and word.text[0].isalnum():
            return True
        spaced = word.box[2] - word.box[0] > 0.95 * len(word.text) * (word.box[3] - word.box[1])
        at_left, at_right = box[0] < word.box[0] + 0.4 * wide, box[2] > word.box[2] - 0.4 * wide
        if at_left == at_right or len(word.text) < 3 or not shape.apart or ((spaced or at_right) and not clear):
            return True
    return False


def _begins_word(box: Box, words: Sequence[Word], shape: Shape) -> bool:
    """Whether an engine has taken a clear box for the beginning of the word behind it."""
    inside = [w for w in words if w.source == "ocr" and overlap(box, w.box) > 0.25]
    return (
        shape.confidence > _CLEAR
        and len(inside) == 1
        and len(inside[0].text) > 1
        and abs(box[0] - inside[0].box[0]) < 0.7 * (box[2] - box[0])
    )
