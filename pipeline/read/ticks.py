"""Tick boxes and radio buttons on a page, drawn or printed, and whether they are ticked.

Belongs here: finding small squares and rings in pixels, tick glyphs among words. Does not belong here: form fields
(fields.py), which label a box belongs to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, TickBox, Word
from pipeline.read.picture import Pixels, pixels, resized

SMALLEST, LARGEST = 5.0, 17.0
"""Sides of a tick box in points."""

TICKED_INK = 0.10
"""Share of dark pixels inside the frame that makes a tick."""

_DPI = 225.0
_INK, _BOLD = 150, 105
_LIKELY, _STRAIGHT, _CLEAR = 0.7, 0.8, 0.87
_EMPTY_GLYPHS, _TICKED_GLYPHS = "☐□○❏❑▢", "☑☒✓✔✗✘●◉⊠⊗🗹"
_TYPED = re.compile(r"^(?:\[( ?|_+|[xX✓✔*•])\]|\(([xX✓✔]|)\))")
_LOOKALIKES = frozenset("oO0QDXxK@©®●○◉☐☑☒□■✓✗[](){}|⑧区国囚")

Ink = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Shape:
    """A square or a ring in pixels; `apart` when there is paper on its left and on its right."""

    x: int
    y: int
    wide: int
    high: int
    confidence: float
    apart: bool


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
    scale = min(1.0, _DPI / dpi)
    small = resized(gray, round(gray.shape[1] * scale), round(gray.shape[0] * scale))
    found: list[TickBox] = []
    for shape in _shapes(small, dpi * scale):
        box = (shape.x * 72 / dpi / scale, shape.y * 72 / dpi / scale,
               (shape.x + shape.wide) * 72 / dpi / scale, (shape.y + shape.high) * 72 / dpi / scale)  # fmt: skip
        if _is_letter(box, words, shape) or any(_overlap(box, t.box) > 0.3 for t in found):
            continue
        x0, y0, x1, y1 = (round(v * dpi / 72) for v in box)
        share = _inside(gray[y0:y1, x0:x1])
        sure = min(0.99, shape.confidence * min(1.0, 0.6 + 4 * abs(share - TICKED_INK)))
        found.append(TickBox(box=box, ticked=share > TICKED_INK, confidence=round(sure, 3)))
    return sorted(found, key=lambda t: (round(t.box[1] / 6), t.box[0]))


def _shapes(gray: Pixels, dpi: float) -> list[Shape]:
    """Squares and rings. A page with a square on it is looked at again with less ink and with smoother edges: copies
    are fat and faxes are frayed."""
    ink = pixels((gray < _INK) * np.uint8(255))
    squares, rings = _squares(ink, dpi), _rings(ink, dpi)
    if any(s.confidence > _LIKELY for s in squares) or rings:
        smooth = pixels((cv2.GaussianBlur(gray, (0, 0), dpi / 180) < _INK) * np.uint8(255))
        squares += _squares(pixels((gray < _BOLD) * np.uint8(255)), dpi) + _squares(smooth, dpi)
        rings += _rings(smooth, dpi)
    return [*(s for s in squares if s.confidence > _STRAIGHT), *rings]


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


def _squares(ink: Ink, dpi: float) -> list[Shape]:
    """Upright squares with four sides; the confidence is the straightness of the least straight."""
    least, most = SMALLEST * dpi / 72, LARGEST * dpi / 72
    length = max(5, round(0.75 * least))
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8)))
    across = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    frame = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(frame, connectivity=8)
    found = []
    for x, y, wide, high in _of_size(stats, least + 2, most + 2, 0.28):
        x, y, wide, high = x + 1, y + 1, wide - 2, high - 2
        straight = min(_sides(joined[y : y + high, x : x + wide] > 0))
        if straight > 0.6 and _lonely(ink, x, y, wide, high, dpi):
            found.append(Shape(x, y, wide, high, min(1.0, straight), _stands_alone(ink, x, y, wide, high, dpi)))
    return found


def _of_size(stats: npt.NDArray[Any], least: float, most: float, unequal: float) -> list[tuple[int, int, int, int]]:
    """(x, y, width, height) of the components within the size whose sides differ by no more than `unequal`."""
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    good = (np.minimum(wide, high) >= least) & (np.maximum(wide, high) <= most)
    good &= np.maximum(wide, high) < (1 + unequal) * np.minimum(wide, high)
    return [(int(s[0]), int(s[1]), int(s[2]), int(s[3])) for s in stats[1:][good]]


def _sides(patch: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """How much of each side (top, bottom, left, right) two neighbouring rows of pixels cover, the best two within a
    fifth of the box: a straight line covers all, the bow of a letter half."""
    deep = max(3, round(0.2 * min(patch.shape)))

    def covered(strip: npt.NDArray[np.bool_]) -> float:
        return float((strip[:-1] | strip[1:]).mean(axis=1).max())

    return covered(patch[:deep]), covered(patch[-deep:]), covered(patch.T[:deep]), covered(patch.T[-deep:])


def _lonely(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether the frame stands apart: its sides do not run on as a table's do, and there is not ink on both its left
    and its right as beside a letter. A tick may run over the frame."""
    pad = max(3, round(1.6 * dpi / 72))
    strips = (
        ink[y : y + high, max(0, x - pad) : max(0, x - 2)], ink[y : y + high, x + wide + 2 : x + wide + pad],
        ink[max(0, y - pad) : max(0, y - 2), x : x + wide].T, ink[y + high + 2 : y + high + pad, x : x + wide].T,
    )  # fmt: skip
    left, right, over, under = (bool(s.size and np.mean(s > 0) > 0.12) for s in strips)
    runs_on = [_continues(strip) for strip in strips]
    return max(runs_on) < 2 and sum(runs_on) < 3 and not (left and right) and not (over and under)


def _continues(strip: npt.NDArray[Any]) -> int:
    """At how many of its two ends a strip beside a frame is crossed by a line from the frame."""
    if strip.size == 0:
        return 0
    crossed = (strip > 0).mean(axis=1) > 0.8
    deep = max(2, len(crossed) // 6)
    return int(crossed[:deep].any()) + int(crossed[-deep:].any())


def _rings(ink: Ink, dpi: float) -> list[Shape]:
    """Circles: radio buttons."""
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for x, y, wide, high in _of_size(stats, SMALLEST * dpi / 72, LARGEST * dpi / 72, 0.12):
        part = labels[y : y + high, x : x + wide]
        number = int(part[0].max())
        if _is_round(pixels((part == number) * np.uint8(255))) and _stands_alone(ink, x, y, wide, high, dpi):
            found.append(Shape(x, y, wide, high, 0.85, True))
    return found


def _is_round(shape: Ink) -> bool:
    """Whether a shape is a ring: round outside, with a hole, and no ink in the corners of its box."""
    high, wide = shape.shape
    outlines, tree = cv2.findContours(shape, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = [cv2.contourArea(o) for at, o in enumerate(outlines) if tree[0][at][3] >= 0]
    if max(holes, default=0.0) < 0.15 * wide * high or _filled_corners(shape):
        return False
    hull = cv2.convexHull(np.concatenate(outlines))
    area, around = cv2.contourArea(hull), cv2.arcLength(hull, True)
    return bool(0.70 < area / (wide * high) < 0.88 and 4 * np.pi * area / max(around * around, 1.0) > 0.88)


def _filled_corners(shape: Ink) -> int:
    """In how many of its corners a shape has ink: a square in four, a D in two, a circle in none."""
    deep = max(2, round(0.14 * min(shape.shape)))
    ends = (slice(0, deep), slice(-deep, None))
    return sum(1 for rows in ends for columns in ends if np.mean(shape[rows, columns] > 0) > 0.3)


def _stands_alone(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether there is paper to the left and to the right, unlike beside a letter of a word."""
    pad = max(4, round(2.2 * dpi / 72))
    sides = ink[y : y + high, max(0, x - pad) : max(0, x - 1)], ink[y : y + high, x + wide + 1 : x + wide + pad]
    return all(part.size == 0 or bool(np.mean(part > 0) < 0.02) for part in sides)


def _inside(patch: Pixels) -> float:
    """Share of dark pixels well inside a frame; gray ones count less, as a copy's lines are fat."""
    high, wide = patch.shape
    dx, dy = max(2, round(0.24 * wide)), max(2, round(0.24 * high))
    inner = patch[dy : high - dy, dx : wide - dx]
    return max(float(np.mean(inner < _BOLD)), 0.4 * float(np.mean(inner < _INK))) if inner.size else 0.0


def _is_letter(box: Box, words: Sequence[Word], shape: Shape) -> bool:
    """Whether the box is part of a word's letters rather than a box beside or instead of them."""
    wide, clear = box[2] - box[0], shape.confidence > _CLEAR
    for word in words:
        if _overlap(box, word.box) < 0.6:
            continue
        if word.source == "layer":
            return word.text[0] not in _EMPTY_GLYPHS + _TICKED_GLYPHS
        if len(word.text) == 1 and (clear or word.text in _LOOKALIKES):
            continue
        spaced = word.box[2] - word.box[0] > 0.95 * len(word.text) * (word.box[3] - word.box[1])
        at_left, at_right = box[0] < word.box[0] + 0.4 * wide, box[2] > word.box[2] - 0.4 * wide
        if at_left == at_right or len(word.text) < 3 or not shape.apart or ((spaced or at_right) and not clear):
            return True
    return False


def _overlap(a: Box, b: Box) -> float:
    """Share of a that b covers."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0
