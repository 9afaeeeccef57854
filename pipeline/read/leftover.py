"""What a page with a text layer shows besides its layer: marks, signatures, pictures, letters drawn as outlines.

Belongs here: taking the layer's words out of the picture, the pieces of ink that are left, and which of them are worth
a closer look. Does not belong here: that look (ticks.py, penmarks.py, ink.py, ocr.py).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, Word
from pipeline.read.picture import Pixels, pixels
from pipeline.read.strips import HIGH, Strips, around, with_ink

_Boxes: TypeAlias = npt.NDArray[np.float64]
"""... x 4: boxes in points."""

_PAPER, _SHADED = 225, 0.02
_LONG, _SOLID, _THIN = 54.0, 5.0, 2.5
_MANY_PIECES, _MANY_LINES, _PRINTED = 20, 5, 7
_LETTER = (3.5, 17.0)
_SMALL_PICTURE = 0.08
"""A picture over no more of the page is a logo, a seal or a signature and carries no letter."""

_LABEL_REACH = 200.0
_SIGNS = re.compile(r"sign|^by\W*$|^x\W*$|initial", re.IGNORECASE)
_SOLO = frozenset("_-—–.·•*=~|/\\")


@dataclass(frozen=True)
class Leftover:
    """Ink of a page `height` points high that no word covers. `pieces`: boxes in points of what hangs together, long
    rules taken out; `frames`: of those, the ones that are a tick box's frame; `solid`: strips with filled areas."""

    height: float
    pieces: tuple[Box, ...]
    frames: tuple[Box, ...]
    solid: Strips

    @cached_property
    def boxes(self) -> list[Box]:
        """If there is a frame: all pieces that may be a tick box with whatever was drawn over it."""
        sized = [b for b in self.pieces if 4 < b[2] - b[0] < 34 and 4 < b[3] - b[1] < 34]
        return sized if self.frames else []

    def rings(self, words: Sequence[Word]) -> list[Box]:
        """Pieces that may be a ring around a word, whole or what is left of it without the word."""
        pieces = np.array(self.pieces, np.float64).reshape(-1, 4)
        wide, high = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
        whole, arc = (wide < 150) & (high > 8) & (high < 40), (wide > 12) & (wide < 150) & (high > 2) & (high <= 8)
        printed = np.array([w.box for w in words], np.float64).reshape(-1, 4)
        for sized, near in ((whole, _in_or_beside), (arc, _over)):
            at = np.flatnonzero(sized)
            sized[at] = near(printed[None, :], pieces[at, None]).any(axis=1)
        return [self.pieces[n] for n in np.flatnonzero(whole | arc).tolist()]

    def dashes(self, words: Sequence[Word]) -> list[Box]:
        """Short blanks to tick on, if there are any with a word behind them, and what may lie on others."""
        level = [b for b in self.pieces if b[3] - b[1] < _THIN and 11 < b[2] - b[0] < 54]
        if not any(-4 < w.box[0] - b[2] < 16 and w.box[1] < b[1] < w.box[3] + 5 for b in level for w in words):
            return []
        return [b for b in self.pieces if 4 < b[2] - b[0] < 60 and b[3] - b[1] < 20]

    @cached_property
    def marked(self) -> Strips:
        """Where signatures, stamps, pictures or dark bars may be."""
        solid = [(0.0, (n + 0.5) * HIGH, 1.0, (n + 0.5) * HIGH) for n in self.solid.kept]
        return self.near([*(b for b in self.pieces if min(b[2] - b[0], b[3] - b[1]) > _THIN or max(b[2] - b[0], b[3] - b[1]) < 6), *solid])

    def near(self, boxes: Iterable[Box]) -> Strips:
        """The strips about some of the pieces."""
        return around(boxes, self.height)


def leftover(gray: Pixels, dpi: float, words: Sequence[Word], known: Sequence[Box]) -> Leftover:
    """The ink of a rendered page outside its words and outside the `known` boxes (form fields, ticks already found).
    A letter that stands alone may be a mark in a box, and underscores a blank: they count as ink."""
    ink = _ink(gray)
    for box in [*(w.box for w in words if not may_be_mark(w)), *known]:
        x0, y0, x1, y1 = (v * dpi / 72 for v in box)
        ink[max(0, int(y0) - 1) : int(y1) + 2, max(0, int(x0) - 1) : int(x1) + 2] = 0
    strips = with_ink(np.asarray(ink.any(axis=1)), dpi)
    cut = strips.cut(ink, dpi)
    pieces, frames = _pieces(cut, dpi)
    back = strips.back
    solid = Strips(tuple(strips.kept[n] for n in with_ink(_solid_rows(cut, dpi), dpi).kept))
    return Leftover(gray.shape[0] * 72 / dpi, tuple(back(b) for b in pieces), tuple(back(b) for b in frames), solid)


def _solid_rows(ink: Pixels, dpi: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    side = round(_SOLID * dpi / 72)
    return np.asarray(cv2.erode(ink, np.ones((side, side), np.uint8)).any(axis=1)) if ink.size else np.zeros(0, np.bool_)


def may_be_mark(word: Word) -> bool:
    """Whether a word of the layer may be a mark set into a box, or a blank."""
    return (len(word.text) == 1 and not word.text.isdigit()) or (len(word.text) > 1 and set(word.text) <= _SOLO) or word.source == "ocr"


def within(box: Box) -> Box:
    """A word's box without its edges, where the frame of a box may stand."""
    return (box[0] + 1.2, box[1] + 1.4, box[2] - 1.2, box[3] - 1.4)


def _ink(gray: Pixels) -> Pixels:
    """0 or 255: what is darker than paper, or than the shade around it on a page that has shaded parts."""
    dark = gray < _PAPER
    if np.count_nonzero(dark[::4, ::4]) - np.count_nonzero(gray[::4, ::4] < 190) > _SHADED * gray.size / 16:
        return pixels(cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 20))
    return pixels(dark * np.uint8(255))


def _pieces(ink: Pixels, dpi: float) -> tuple[list[Box], list[Box]]:
    if not ink.size:
        return [], []
    long = round(_LONG * dpi / 72)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    rest = cv2.subtract(ink, cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8)))
    outlines, tree = cv2.findContours(rest, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    pieces, frames = [], []
    scale = 72 / dpi
    for at, outline in enumerate(outlines):
        if tree[0][at][3] >= 0:
            continue
        x, y, wide, high = cv2.boundingRect(outline)
        if wide < 2 and high < 2:
            continue
        box = (x * scale, y * scale, (x + wide) * scale, (y + high) * scale)
        pieces.append(box)
        sized = 4 < wide * scale < 34 and 4 < high * scale < 34
        if sized and _is_frame(_holes(outlines, tree[0], int(tree[0][at][2])), scale):
            frames.append(box)
    return pieces, frames


def _holes(outlines: Sequence[np.ndarray], tree: np.ndarray, child: int) -> list[np.ndarray]:
    found = []
    while child >= 0:
        found.append(outlines[child])
        child = int(tree[child][0])
    return found


def _is_frame(holes: Sequence[np.ndarray], scale: float) -> bool:
    """Whether the holes of a piece make up a square or a disc of a tick box's size, with a mark through it or without."""
    if not holes:
        return False
    hull = cv2.convexHull(np.concatenate(holes))
    _, _, wide, high = cv2.boundingRect(hull)
    if not (3 < wide * scale < 17 and 3 < high * scale < 17 and 0.72 < wide / high < 1.4):
        return False
    area, around = cv2.contourArea(hull), cv2.arcLength(hull, True)
    room = sum(cv2.contourArea(h) for h in holes)
    filled = area / max((wide - 1) * (high - 1), 1)
    round_one = filled > 0.7 and 0.85 < wide / high < 1.18 and 4 * np.pi * area / max(around * around, 1.0) > 0.87
    return bool(room > 0.25 * area and (filled > 0.87 or round_one))


def asks_for_ocr(rest: Leftover, words: Sequence[Word], pictures: Sequence[Box]) -> bool:
    """Whether so much of what is left looks written or printed that it should be read: many pieces of letters' size, or
    lines of them, outside small `pictures` (boxes in points); or ink in place of a value beside a label."""
    small = [p for p in pictures if (p[2] - p[0]) * (p[3] - p[1]) < _SMALL_PICTURE * 612 * 792]
    pieces = [b for b in rest.pieces if _LETTER[0] < b[3] - b[1] < _LETTER[1] and 0.8 < b[2] - b[0] < 120]
    open_ink = [b for b in pieces if not any(_in(b, p) for p in small)]
    letters = [b for b in open_ink if b[2] - b[0] < _LETTER[1]]
    lines = _lines(open_ink)
    if len(letters) >= _MANY_PIECES or len(lines) >= _MANY_LINES or _is_print(letters):
        return True
    return any(_fills_label(line, words) for line in _lines(pieces))


def _is_print(letters: Sequence[Box]) -> bool:
    """Whether letters stand in a row on one level, as print does and a signature does not."""
    for first in letters:
        row = [b for b in letters if abs(b[3] - first[3]) < 1.0 and abs(b[3] - b[1] - first[3] + first[1]) < 1.2
               and abs(b[0] - first[0]) < 160]  # fmt: skip
        if len(row) >= _PRINTED:
            return True
    return False


def _in_or_beside(words: _Boxes, ends: _Boxes) -> npt.NDArray[np.bool_]:
    """Whether a word's middle lies in something, or that stands close to the left or the right of it, at its height."""
    (left, top, right, bottom), (x0, y0, x1, y1) = np.moveaxis(words, -1, 0), np.moveaxis(ends, -1, 0)
    x, y = (left + right) / 2, (top + bottom) / 2
    inside = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
    close = ((left - x1 > -12) & (left - x1 < 8)) | ((x0 - right > -12) & (x0 - right < 8))
    return np.asarray(inside | ((y0 - 2 < y) & (y < y1 + 2) & close))


def _over(words: _Boxes, arcs: _Boxes) -> npt.NDArray[np.bool_]:
    """Whether something lies close above or below a word and over most of it."""
    (left, top, right, bottom), (x0, y0, x1, y1) = np.moveaxis(words, -1, 0), np.moveaxis(arcs, -1, 0)
    wide = np.minimum(right, x1) - np.maximum(left, x0)
    close = ((top - y1 > -3) & (top - y1 < 6)) | ((y0 - bottom > -3) & (y0 - bottom < 6))
    return np.asarray(close & (wide > 0.5 * (right - left)))


def _in(box: Box, area: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _lines(pieces: Sequence[Box]) -> list[Box]:
    """Neighbouring pieces as lines of writing: boxes at least a short word wide."""
    lines: list[list[float]] = []
    for box in sorted(pieces):
        for line in lines:
            if box[0] - line[2] < 14 and min(box[3], line[3]) - max(box[1], line[1]) > -2:
                line[1], line[2], line[3] = min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
                break
        else:
            lines.append(list(box))
    return [(a, b, c, d) for a, b, c, d in lines if c - a > 12 and 4 < d - b < 30]


def _fills_label(line: Box, words: Sequence[Word]) -> bool:
    """Whether the nearest word on the left ends a label, but not one for a signature."""
    before = [w for w in words if w.box[2] <= line[0] + 4 and w.box[1] - 4 < (line[1] + line[3]) / 2 < w.box[3] + 4
              and line[0] - w.box[2] < _LABEL_REACH and w.text.strip("_.")]  # fmt: skip
    if not before:
        return False
    last = max(before, key=lambda w: w.box[2])
    row = [w.text for w in before if last.box[0] - w.box[2] < 60]
    return last.text.rstrip("_.")[-1:] in (":", "#", "?") and not any(_SIGNS.search(t) for t in row)


def painted_over(gray: Pixels, dpi: float, boxes: Sequence[Box]) -> Pixels:
    """The picture with each box (in points) painted over in the colour around it."""
    result = gray.copy()
    scale = dpi / 72
    rows, columns = gray.shape
    for box in boxes:
        x0, y0 = max(0, round(box[0] * scale) - 2), max(0, round(box[1] * scale) - 2)
        x1, y1 = min(columns, round(box[2] * scale) + 3), min(rows, round(box[3] * scale) + 3)
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        patch = gray[y0:y1, x0:x1]
        edge = np.concatenate([patch[0], patch[-1]])
        result[y0:y1, x0:x1] = np.uint8(np.median(edge))
    return result


def lettered_rows(rest: Pixels, dpi: float) -> tuple[int, int] | None:
    """First and last row of pixels, with a margin, between which there are pieces of ink of letters' size, be it script
    that hangs together or single letters; None when there are none."""
    ink = cv2.adaptiveThreshold(rest, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 25)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(0.4 * dpi)), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(0.4 * dpi), 1), np.uint8))
    ink = pixels(cv2.subtract(ink, cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))))
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    high, wide, area = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_AREA]
    letters = (high > 0.04 * dpi) & (high < 0.5 * dpi) & (wide > 0.01 * dpi) & (wide < 3 * dpi) & (area > 0.0004 * dpi * dpi)
    if not letters.any():
        return None
    top, margin = stats[1:, cv2.CC_STAT_TOP][letters], round(0.3 * dpi)
    return max(0, int(top.min()) - margin), min(rest.shape[0], int((top + high[letters]).max()) + margin)
