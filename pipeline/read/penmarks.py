"""Choices made without a box: a word with a ring drawn around it, a short blank with a cross or a check on it.

Belongs here: finding rings and blanks in the pixels. Does not belong here: boxes (boxes.py, ticks.py), signature lines
and blanks to write on (they are longer, or nothing of their length is ticked).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, TickBox, Word
from pipeline.read.picture import Pixels, below, outlines_of, patch_within, patches_of, pixels, thumbnail

_DPI = 150.0
_INK = 165
_POINT = _DPI / 72
_RING_WIDE, _RING_HIGH = (16.0, 150.0), (11.0, 40.0)
_BLANK = (13.0, 50.0)
_PIECE, _LONGEST = 4.8, 9.0
_JOINED = 11.0
_BEHIND = 14.0
_MARKED = re.compile(r"[_\-—.~]*[xXvV✓✔√]?[_\-—.~]+|[xXvV✓✔√]$")


def circled(gray: Pixels, dpi: float, words: Sequence[Word]) -> list[TickBox]:
    """Rings drawn around one to four words of one line, as ticked boxes that cover their words. A frame is none: its
    corners are filled; neither is a stamp: it is larger than a word."""
    ink = _ink(gray, dpi)
    found = []
    for outline in outlines_of(ink):
        x, y, wide, high = cv2.boundingRect(outline)
        sized = _RING_WIDE[0] < wide / _POINT < _RING_WIDE[1] and _RING_HIGH[0] < high / _POINT < _RING_HIGH[1]
        if not sized or wide < 0.9 * high:
            continue
        box = (x / _POINT, y / _POINT, (x + wide) / _POINT, (y + high) / _POINT)
        inside = [w for w in words if _holds(box, w.box)]
        if not 1 <= len(inside) <= 4 or not any(any(c.isalnum() for c in w.text) for w in inside):
            continue
        tall = max(w.box[3] - w.box[1] for w in inside)
        around = box[1] <= min(w.box[1] for w in inside) + 2 and box[3] >= max(w.box[3] for w in inside) - 2
        if not around or not 1.15 * tall < box[3] - box[1] < 3.4 * tall:
            continue
        ring = patch_within(ink, outline)
        if np.count_nonzero(ring) <= 0.45 * wide * high and _is_loop(ring):
            found.append(TickBox(box=box, ticked=True, confidence=0.85))
    return found


def _ink(gray: Pixels, dpi: float) -> Pixels:
    scale = _DPI / dpi
    small = thumbnail(gray, scale)
    return below(small, _INK)


def _holds(box: Box, word: Box) -> bool:
    """Whether a word lies within a box, but for its edges."""
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    wide = min(box[2], word[2]) - max(box[0], word[0])
    return box[0] < x < box[2] and box[1] < y < box[3] and wide > 0.55 * (word[2] - word[0])


def _is_loop(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether the outermost ink in nearly every direction lies near an ellipse within the box: a line drawn by hand may
    overlap itself, leave a gap or touch the word."""
    if _is_oval(shape):
        return True
    high, wide = shape.shape
    rows, columns = np.nonzero(shape)
    across, down = (columns - (wide - 1) / 2) / (wide / 2), (rows - (high - 1) / 2) / (high / 2)
    far = np.hypot(across, down)
    turn = np.floor((np.arctan2(down, across) + np.pi) / (2 * np.pi) * 36).astype(int).clip(0, 35)
    outermost = np.zeros(36)
    np.maximum.at(outermost, turn, far)
    near = (outermost > 0.72) & (outermost < 1.17)
    inner = float(np.mean(far < 0.6))
    return bool(near.mean() >= 0.86 and inner < 0.45)


def _is_oval(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether a thin closed line fills to an oval, once the ends of letters that stick out of it are cut off."""
    ink = pixels(np.pad(shape.astype(np.uint8), 2))
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    full = np.zeros_like(ink)
    cv2.drawContours(full, outlines, -1, 1, cv2.FILLED)
    side = max(3, round(0.45 * shape.shape[0])) | 1
    body = cv2.morphologyEx(full, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    rows, columns = np.nonzero(body)
    if rows.size == 0:
        return False
    wide, high = float(np.ptp(columns)) + 1, float(np.ptp(rows)) + 1
    oval = rows.size / (np.pi / 4 * wide * high)
    hollow = np.count_nonzero(np.logical_and(ink, body)) / rows.size
    return bool(0.92 < oval < 1.1 and hollow < 0.5 and high > 0.75 * shape.shape[0] and wide > 0.6 * shape.shape[1] and wide > 1.1 * high)


@dataclass(frozen=True)
class _Blank:
    """A short rule to tick on: its box reaches up to where a mark would stand."""

    box: Box
    marked: bool


def blanks(gray: Pixels, dpi: float, words: Sequence[Word]) -> list[TickBox]:
    """Short rules of one length with a word close behind them, two or more, of which at least one has a mark on it and
    one has none: a blank that nothing else bears out may be there to write on."""
    ink = _ink(gray, dpi)
    found = [b for b in (_blank(ink, rule, words) for rule in _rules(ink)) if b is not None]
    kept = [b for b in found if _is_one_of(b, found)]
    return [TickBox(box=b.box, ticked=b.marked, confidence=0.8) for b in kept]


def without_blanks(words: Sequence[Word], ticks: Sequence[TickBox]) -> list[Word]:
    """OCR words freed of the blanks (`ticks`) and their marks: '_X__' goes, '_X__Daily' becomes 'Daily'."""
    result = []
    for word in words:
        over = [t for t in ticks if word.source == "ocr" and _beside(t.box, word.box)]
        match = _MARKED.match(word.text) if over else None
        if match is None:
            result.append(word)
        elif word.text[match.end() :]:
            left = min(max(over[-1].box[2], word.box[0]), word.box[2] - 2)
            result.append(word.model_copy(update={"text": word.text[match.end() :], "box": (left, *word.box[1:])}))
    return result


def _beside(blank: Box, word: Box) -> bool:
    """Whether a word begins on a blank."""
    return blank[0] - 6 < word[0] < blank[2] - 2 and blank[1] < (word[1] + word[3]) / 2 < blank[3] + 2


def _is_one_of(blank: _Blank, found: Sequence[_Blank]) -> bool:
    wide = blank.box[2] - blank.box[0]
    kin = [b for b in found if abs(b.box[2] - b.box[0] - wide) < 0.2 * wide + 2]
    return any(b.marked for b in kin) and any(not b.marked for b in kin)


def _rules(ink: Pixels) -> list[tuple[float, float, float]]:
    """(left, right, y) in points of short thin rules; pieces of one that a letter parts are joined."""
    runs = pixels(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_PIECE * _POINT)), np.uint8)))
    pieces = sorted(((y + high / 2) / _POINT, x / _POINT, (x + wide) / _POINT) for x, y, wide, high in patches_of(runs).tolist()
                    if high <= 1.6 * _POINT and wide < 90 * _POINT)  # fmt: skip
    rows: list[list[tuple[float, float, float]]] = []
    for piece in pieces:
        if rows and piece[0] - rows[-1][-1][0] < 1.2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    made = []
    for row in rows:
        spans = sorted((left, right) for _, left, right in row)
        groups = [[spans[0]]]
        for (_, before), (left, right) in pairwise(spans):
            if left - before < _JOINED and right - groups[-1][0][0] < _BLANK[1]:
                groups[-1].append((left, right))
            else:
                groups.append([(left, right)])
        level = median(y for y, _, _ in row)
        made += [(g[0][0], g[-1][1], level) for g in groups if _is_rule(g)]
    return made


def _is_rule(pieces: Sequence[tuple[float, float]]) -> bool:
    """Whether pieces make a rule of a blank's length: one is long, and they cover most of it."""
    lengths = [right - left for left, right in pieces]
    whole = pieces[-1][1] - pieces[0][0]
    return _BLANK[0] <= whole <= _BLANK[1] and max(lengths) > _LONGEST and sum(lengths) > 0.55 * whole


def _blank(ink: Pixels, rule: tuple[float, float, float], words: Sequence[Word]) -> _Blank | None:
    """The rule as a blank if a word stands close behind it and none below it or on it, unless a mark's."""
    left, right, level = rule
    behind = [
        w
        for w in words
        if -4 < w.box[0] - right < _BEHIND and w.box[3] - 3.5 < level < w.box[3] + 5 and (len(w.text.strip("_")) > 1 or w.text in ("I", "A"))
    ]
    glued = [w for w in words if w.source == "ocr" and w.box[0] < right - 3 and w.box[2] > right + 12 and w.box[0] > left - 6
             and w.box[3] - 3.5 < level < w.box[3] + 5 and "_" in w.text and _spelled(w.text)]  # fmt: skip
    on = [
        w
        for w in words
        if left - 2 < (w.box[0] + w.box[2]) / 2 < right + 2
        and level - 14 < (w.box[1] + w.box[3]) / 2 < level + 2
        and w not in glued
    ]
    if not (behind or glued) or any(len(w.text.strip("_-—. ")) > 2 for w in on):
        return None
    top = level - 11
    x0, x1 = round((left + 0.5) * _POINT), round((right - 0.5) * _POINT)
    patch = ink[max(0, round(top * _POINT)) : max(1, round((level - 1.6) * _POINT)), x0:x1]
    if patch.size == 0 or np.mean(patch > 0) > 0.5:
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(pixels(patch), connectivity=8)
    marked = bool(
        np.any((stats[1:, cv2.CC_STAT_HEIGHT] > 4.0 * _POINT) & (stats[1:, cv2.CC_STAT_WIDTH] > 2.5 * _POINT))
    )
    return _Blank((left, top, right, level + 1), marked)


def _spelled(text: str) -> bool:
    """Whether a word ends in letters: the label behind a blank that was read as one with it."""
    return len(text) > 2 and text[-2:].isalpha()
