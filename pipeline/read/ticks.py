"""Tick boxes and radio buttons on a page, drawn or printed, and whether they are ticked.

Belongs here: finding small squares and rings in pixels, tick glyphs among words. Does not belong here: form fields
(fields.py), which label a box belongs to.
"""

import re
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, TickBox, Word
from pipeline.read.picture import Pixels, pixels

SMALLEST, LARGEST = 5.0, 17.0
"""Sides of a tick box in points."""

TICKED_INK = 0.10
"""Share of dark pixels inside the frame that makes a tick."""

_INK, _BOLD = 150, 105
_STRAIGHT, _CLEAR = 0.8, 0.94
_EMPTY_GLYPHS, _TICKED_GLYPHS = "☐□○❏❑▢", "☑☒✓✔✗✘●◉⊠⊗🗹"
_TYPED = re.compile(r"^(?:\[( ?|_+|[xX✓✔*•])\]|\(([xX✓✔]|)\))")
_LOOKALIKES = frozenset("oO0QDXxK@©®●○◉☐☑☒□■✓✗[](){}|⑧区国囚")

Ink = npt.NDArray[np.uint8]


def glyph_ticks(words: Sequence[Word]) -> list[TickBox]:
    """Boxes that are characters of the text: ☐ ☒ ✓ [x] [ ]. The words stay words."""
    found = []
    for at, word in enumerate(words):
        first = word.text[0]
        typed = _TYPED.match(word.text)
        if first in _EMPTY_GLYPHS or first in _TICKED_GLYPHS:
            found.append(TickBox(box=_first_box(word, 1), ticked=first in _TICKED_GLYPHS, confidence=word.confidence))
        elif typed:
            mark = (typed.group(1) or typed.group(2) or "").strip(" _")
            box = _first_box(word, len(typed.group(0)))
            found.append(TickBox(box=box, ticked=bool(mark), confidence=word.confidence))
        elif word.text == "[" and at + 1 < len(words) and words[at + 1].text.startswith("]"):
            after = words[at + 1].box
            if 0 <= after[0] - word.box[2] < 14 and abs(after[1] - word.box[1]) < 4:
                box = (word.box[0], word.box[1], after[2], word.box[3])
                found.append(TickBox(box=box, ticked=False, confidence=word.confidence))
    return found


def _first_box(word: Word, letters: int) -> Box:
    x0, y0, x1, y1 = word.box
    return (x0, y0, x0 + (x1 - x0) * letters / max(len(word.text), 1), y1)


def drawn_ticks(gray: Pixels, dpi: float, words: Sequence[Word]) -> list[TickBox]:
    """Squares and rings of a box's size in a cleaned picture, boxes in points, from top to bottom. A ring inside a word
    of several letters is a letter."""
    ink, bold = (pixels((gray < level) * np.uint8(255)) for level in (_INK, _BOLD))
    scale = 72 / dpi
    found: list[TickBox] = []
    for x, y, wide, high, confidence in [*_squares(ink, dpi), *_squares(bold, dpi), *_rings(ink, dpi)]:
        box = (x * scale, y * scale, (x + wide) * scale, (y + high) * scale)
        apart = _stands_alone(ink, x, y, wide, high, dpi)
        if _is_letter(box, words, apart, confidence > _CLEAR) or any(_overlap(box, t.box) > 0.3 for t in found):
            continue
        share = max(_inside(bold, x, y, wide, high), 0.4 * _inside(ink, x, y, wide, high))
        sure = min(0.99, confidence * min(1.0, 0.6 + 4 * abs(share - TICKED_INK)))
        found.append(TickBox(box=box, ticked=share > TICKED_INK, confidence=round(sure, 3)))
    return sorted(found, key=lambda t: (round(t.box[1] / 6), t.box[0]))


def without_box_letters(words: Sequence[Word], ticks: Sequence[TickBox]) -> list[Word]:
    """OCR words freed of what was a tick box read as a letter."""
    result = []
    for word in words:
        inside = [t for t in ticks if _overlap(t.box, word.box) > 0.45] if word.source == "ocr" else []
        if not inside:
            result.append(word)
        elif len(word.text) > 2:
            result.append(_trimmed(word, inside[0].box))
        elif len(word.text) > 1 and not set(word.text) <= _LOOKALIKES and _overlap(word.box, inside[0].box) < 0.6:
            result.append(word)
    return result


def _trimmed(word: Word, box: Box) -> Word:
    """The word without its first letter when that is the box at its left end."""
    if box[0] > word.box[0] + 0.3 * (word.box[2] - word.box[0]) or word.text[0] not in _LOOKALIKES:
        return word
    return word.model_copy(update={"text": word.text[1:], "box": (max(box[2], word.box[0]), *word.box[1:])})


def _squares(ink: Ink, dpi: float) -> list[tuple[int, int, int, int, float]]:
    """(x, y, width, height, confidence) of upright squares with four straight sides."""
    least, most = SMALLEST * dpi / 72, LARGEST * dpi / 72
    length = max(5, round(0.75 * least))
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8)))
    across = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    frame = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(frame, connectivity=8)
    found = []
    for x, y, wide, high, _ in stats[1:]:
        x, y, wide, high = int(x) + 1, int(y) + 1, int(wide) - 2, int(high) - 2
        if not (least <= wide <= most and least <= high <= most and 0.78 < wide / high < 1.28):
            continue
        sides = _sides(joined, x, y, wide, high)
        if min(sides) > _STRAIGHT and _lonely(ink, x, y, wide, high, dpi):
            found.append((x, y, wide, high, min(1.0, 0.55 + 0.45 * min(sides))))
    return found


def _sides(ink: Ink, x: int, y: int, wide: int, high: int) -> tuple[float, float, float, float]:
    """How much of each side (top, bottom, left, right) two neighbouring rows of pixels cover, the best two within a
    fifth of the box: a straight line covers all, the bow of a letter half."""
    deep = max(3, round(0.2 * min(wide, high)))
    patch = ink[y : y + high, x : x + wide] > 0

    def covered(strip: npt.NDArray[np.bool_]) -> float:
        return float((strip[:-1] | strip[1:]).mean(axis=1).max())

    return covered(patch[:deep]), covered(patch[-deep:]), covered(patch.T[:deep]), covered(patch.T[-deep:])


def _filled_corners(ink: Ink, x: int, y: int, wide: int, high: int) -> int:
    """In how many of its corners a shape has ink: a square in four, a D in two, a circle in none."""
    deep = max(2, round(0.14 * min(wide, high)))
    patch = ink[y : y + high, x : x + wide] > 0
    ends = (slice(0, deep), slice(-deep, None))
    return sum(1 for rows in ends for columns in ends if patch[rows, columns].mean() > 0.3)


def _lonely(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether the frame stands apart: its sides do not run on as a table's do, and there is not ink on both its left
    and its right as beside a letter. A tick may run over the frame."""
    pad = max(3, round(1.6 * dpi / 72))
    strips = (
        ink[y : y + high, max(0, x - pad) : max(0, x - 2)], ink[y : y + high, x + wide + 2 : x + wide + pad],
        ink[max(0, y - pad) : max(0, y - 2), x : x + wide].T, ink[y + high + 2 : y + high + pad, x : x + wide].T,
    )  # fmt: skip
    left, right, over, under = (bool(s.size and np.mean(s > 0) > 0.12) for s in strips)
    runs_on = sum(_continues(strip) for strip in strips)
    return runs_on < 2 and not (left and right) and not (over and under)


def _continues(strip: Ink) -> int:
    """At how many of its two ends a strip beside a frame is crossed by a line from the frame."""
    if strip.size == 0:
        return 0
    crossed = (strip > 0).mean(axis=1) > 0.8
    deep = max(2, len(crossed) // 6)
    return int(crossed[:deep].any()) + int(crossed[-deep:].any())


def _rings(ink: Ink, dpi: float) -> list[tuple[int, int, int, int, float]]:
    """(x, y, width, height, confidence) of circles: radio buttons."""
    least, most = SMALLEST * dpi / 72, LARGEST * dpi / 72
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = []
    for at, outline in enumerate(outlines):
        x, y, wide, high = cv2.boundingRect(outline)
        if not (least <= wide <= most and least <= high <= most and 0.9 < wide / high < 1.11):
            continue
        hole = tree[0][at][2]
        if tree[0][at][3] >= 0 or hole < 0 or cv2.contourArea(outlines[hole]) < 0.15 * wide * high:
            continue
        hull = cv2.convexHull(outline)
        area, around = cv2.contourArea(hull), cv2.arcLength(hull, True)
        if not 0.70 < area / (wide * high) < 0.88 or _filled_corners(joined, x, y, wide, high):
            continue
        if 4 * np.pi * area / max(around * around, 1.0) > 0.88 and _stands_alone(ink, x, y, wide, high, dpi):
            found.append((x, y, wide, high, 0.85))
    return found


def _stands_alone(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether there is paper to the left and to the right, unlike beside a letter of a word."""
    pad = max(4, round(2.2 * dpi / 72))
    sides = ink[y : y + high, max(0, x - pad) : max(0, x - 1)], ink[y : y + high, x + wide + 1 : x + wide + pad]
    return all(part.size == 0 or np.mean(part > 0) < 0.02 for part in sides)


def _inside(ink: Ink, x: int, y: int, wide: int, high: int) -> float:
    """Share of dark pixels well inside the frame."""
    dx, dy = max(2, round(0.24 * wide)), max(2, round(0.24 * high))
    patch = ink[y + dy : y + high - dy, x + dx : x + wide - dx]
    return float(np.mean(patch > 0)) if patch.size else 0.0


def _is_letter(box: Box, words: Sequence[Word], apart: bool, clear: bool) -> bool:
    """Whether the box is part of a word's letters rather than a box beside or instead of them; `apart` tells whether
    there is paper on both sides of it, `clear` whether its sides are straight beyond doubt."""
    wide = box[2] - box[0]
    for word in words:
        if _overlap(box, word.box) < 0.6:
            continue
        if word.source == "layer":
            return word.text[0] not in _EMPTY_GLYPHS + _TICKED_GLYPHS
        if len(word.text) == 1 and (clear or word.text in _LOOKALIKES):
            continue
        at_left, at_right = box[0] < word.box[0] + 0.4 * wide, box[2] > word.box[2] - 0.4 * wide
        spaced = word.box[2] - word.box[0] > 0.95 * len(word.text) * (word.box[3] - word.box[1])
        if at_left == at_right or len(word.text) < 3 or not apart or ((spaced or at_right) and not clear):
            return True
    return False


def _overlap(a: Box, b: Box) -> float:
    """Share of a that b covers."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0
