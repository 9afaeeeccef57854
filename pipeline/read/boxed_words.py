"""Words that an engine read where a tick box may be: letters told from boxes, and words freed of the box read into them.

Belongs here: what the words' letters and widths say about a box. Does not belong here: finding boxes (boxes.py, ticks.py),
typed brackets (brackets.py).
"""

from collections.abc import Sequence
from statistics import median

from pipeline.model.text import Box, TickBox, Word

_SPELLED, _ROOM, _SMALL = 0.9, (0.95, 1.45, 1.75), 0.7
_WITH_BOX = 1.6
"""A word of one sign that is so much wider than high has a box beside the sign."""

_CELLS, _EVEN, _ROW = 3, 0.08, 300.0
_FEW = 12
"""Of fewer words nothing is concluded."""

_SINGLE = frozenset("aA12345679&%#$")
"""Words of one sign that no box is read as; a crossed one may be read as 0 or 8."""

LOOKALIKES = frozenset("oO0QDXxK@©®●○◉☐☑☒□■✓✗[](){}|⑧区国囚")


def spells(word: Word, box: Box, advance: float, usual: float, row: tuple[float, float] = (0.0, 0.0)) -> bool:
    """Whether an engine was sure of all letters of a word that a box lies in, none of them may be the box, and beside it
    there is no room for just these letters; `advance` and `usual` are print_of's, `row` is row_of's."""
    text = word.text
    if not advance or set(text) <= LOOKALIKES:
        return False
    if text in _SINGLE:
        alone = word.box[2] - word.box[0] < _WITH_BOX * (word.box[3] - word.box[1])
        return alone and word.confidence > _SPELLED and overlap(box, word.box) > 0.5
    if word.source != "ocr" or word.confidence < _SPELLED or sum(c.isalnum() for c in text) < 2 or overlap(box, word.box) < 0.25:
        return False
    cell, tall = row
    if box[3] - box[1] < _SMALL * max(usual, min(tall, word.box[3] - word.box[1])):
        return True
    first = text[0] in LOOKALIKES | set("CGUL") and text[1].isupper() and any(c.islower() for c in text[2:])
    last = text[-1] in LOOKALIKES and not text[-1].islower() and text[-2].islower()
    if first or last or (not text[0].isalnum() and text[1].isalpha()):
        return False
    if cell and abs((word.box[2] - word.box[0]) / len(text) - cell) < _EVEN * cell:
        return True
    room = max(word.box[2] - box[2], box[0] - word.box[0]) / len(text)
    most = _ROOM[2] if len(text) < 4 and not text.isupper() else _ROOM[1]
    return not _ROOM[0] * advance < room < most * advance


def print_of(words: Sequence[Word]) -> tuple[float, float]:
    """How wide a letter and how high a word is on this page, in points, both the middling ones; no width
    where there are few words."""
    long = [w for w in words if len(w.text) > 3 and w.box[3] > w.box[1]]
    if len(long) < _FEW:
        return 0.0, 8.0
    return median((w.box[2] - w.box[0]) / len(w.text) for w in long), median(w.box[3] - w.box[1] for w in long)


def row_of(word: Word, words: Sequence[Word]) -> tuple[float, float]:
    """Of the other words in a word's row, in points: how wide a letter is where they are all of a typewriter's face, and
    how high the lowest is; 0 for none."""
    high = word.box[3] - word.box[1]
    row = [w for w in words if w is not word and len(w.text) > 3
           and abs(w.box[3] - word.box[3]) < 0.5 * high and abs(w.box[0] - word.box[0]) < _ROW]  # fmt: skip
    wide = [(w.box[2] - w.box[0]) / len(w.text) for w in row]
    even = len(row) >= _CELLS and max(wide) - min(wide) < _EVEN * max(wide)
    return median(wide) if even else 0.0, min((w.box[3] - w.box[1] for w in row), default=0.0)


def cut_at(word: Word, box: Box) -> int | None:
    """Before which letter of a word a box stands in its middle: where a sign or a small letter ends and a word begins."""
    letters = [n for n in range(2, len(word.text) - 1) if word.text[n].isupper() and not word.text[n - 1].isupper()]
    wide = (word.box[2] - word.box[0] - (box[2] - box[0])) / max(len(word.text), 1)
    near = [(abs(word.box[0] + n * wide - box[0]), n) for n in letters]
    off, at = min(near, default=(99.0, 0))
    return at if off < 2 * (box[2] - box[0]) else None


def without_box_letters(words: Sequence[Word], ticks: Sequence[TickBox]) -> list[Word]:
    """OCR words freed of what was a tick box read as a letter."""
    result = []
    for word in words:
        inside = [t for t in ticks if overlap(t.box, word.box) > 0.45 or _at_left_end(t.box, word)] if word.source == "ocr" else []
        if not inside:
            result.append(word)
            continue
        box = inside[0].box
        cut = cut_at(word, box) if _is_amid(box, word) else None
        if cut is not None:
            result += _parted(word, box, cut)
        elif len(word.text) > 2 or _is_glued(word, box):
            result.append(_trimmed(word, box))
        elif not set(word.text) <= LOOKALIKES and overlap(word.box, box) < 0.6:
            result.append(_beside_box(word, box))
    return result


def _is_amid(box: Box, word: Word) -> bool:
    wide = box[2] - box[0]
    return box[0] > word.box[0] + wide and box[2] < word.box[2] - wide


def _parted(word: Word, box: Box, cut: int) -> list[Word]:
    """The words before and behind a box that were read as one."""
    x0, y0, x1, y1 = word.box
    return [
        word.model_copy(update={"text": word.text[:cut], "box": (x0, y0, box[0] - 1, y1)}),
        word.model_copy(update={"text": word.text[cut:], "box": (box[2] + 1, y0, x1, y1)}),
    ]


def _beside_box(word: Word, box: Box) -> Word:
    """The word without the box at its left end, if there is room for it behind the box."""
    room = word.box[2] - box[2] > 0.4 * len(word.text) * (box[3] - box[1]) * 0.6
    at_left = box[0] < word.box[0] + 0.3 * (box[2] - box[0])
    return word.model_copy(update={"box": (box[2], *word.box[1:])}) if at_left and room else word


def _at_left_end(box: Box, word: Word) -> bool:
    """Whether the engine drew a word's box over a part of a tick box before it."""
    wide = box[2] - box[0]
    level = box[1] - 2 < (word.box[1] + word.box[3]) / 2 < box[3] + 2
    return len(word.text) > 1 and level and box[0] < word.box[0] + 0.3 * wide and box[2] > word.box[0] + 0.3 * wide and word.box[2] > box[2] + 0.8 * wide


def _is_glued(word: Word, box: Box) -> bool:
    """Whether a box stands at the left end of a word of two letters with room for both behind it: a box and 'No'."""
    room = word.box[2] - box[2]
    return len(word.text) == 2 and word.text.isalpha() and word.text[1].islower() and box[0] < word.box[0] + 3 and room > 0.7 * (word.box[3] - word.box[1])


def _trimmed(word: Word, box: Box) -> Word:
    """The word without the box at its left end, and without its first letter when that was the box."""
    if box[0] > word.box[0] + 0.3 * (word.box[2] - word.box[0]) or box[2] > word.box[2] - 6:
        return word
    boxed = len(word.text) > 2 and word.text[0] in LOOKALIKES and not (word.text[0].isalnum() and word.text[1].islower())
    text = word.text[1:] if boxed else word.text
    return word.model_copy(update={"text": text, "box": (max(box[2], word.box[0]), *word.box[1:])})


def is_of_word(box: Box, words: Sequence[Word]) -> bool:
    """Whether a box lies among the letters of a word read from pixels, as the bow of a letter written by hand does; a box
    read as the word's first letter does not."""
    for word in words:
        if word.source != "ocr" or len(word.text) < 3 or overlap(box, word.box) < 0.5:
            continue
        if box[0] > word.box[0] + 0.35 * (box[2] - box[0]) or (word.text[0].isalnum() and word.text[0] not in LOOKALIKES | set("CGU")):
            return True
    return False


def overlap(a: Box, b: Box) -> float:
    """Share of a that b covers."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0
