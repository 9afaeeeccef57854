"""Whether a tick box is ticked: ink inside its frame, a stroke through it, a check beside it.

Belongs here: what a person drew into or beside a known frame. Does not belong here: finding frames (boxes.py, squares.py).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.model.text import Box, TickBox, Word
from pipeline.read.boxes import BOLD, INK
from pipeline.read.picture import Pixels, below, labelled

TICKED_INK = 0.10
"""Share of dark pixels inside the frame that makes a tick."""

_CHECKS = frozenset(("v", "V", "✓", "✔", "√", "/", "x", "X"))
_MORE, _SIZED = 0.04, 0.5
_FEW, _NEARLY = 5, 0.65
_STROKE = 135
"""A stroke through a box is at least so dark."""


def states(gray: Pixels, dpi: float, boxes: Sequence[Box], confidences: Sequence[float], words: Sequence[Word], exact: bool = False) -> list[TickBox]:
    """The boxes (in points) with their state; `confidences` say how sure it is that each is a box. `exact` boxes lie where
    the file draws them, so that those of one size differ by what was drawn into them alone."""
    found = []
    strokes = _drawn_through(gray, dpi, boxes)
    more = _more_than_empty(gray, dpi, boxes) if exact else [0.0] * len(boxes)
    for n, (box, confidence) in enumerate(zip(boxes, confidences, strict=True)):
        x0, y0, x1, y1 = (round(v * dpi / 72) for v in box)
        patch = gray[y0:y1, x0:x1]
        share = _inside(patch)
        ticked = share > TICKED_INK or more[n] > _MORE or strokes[n] or _is_marked_beside(gray, dpi, box, words)
        sure = min(0.99, confidence * min(1.0, 0.6 + 4 * abs(share - TICKED_INK)))
        found.append(TickBox(box=box, ticked=ticked, confidence=round(sure, 3)))
    return found


def _drawn_through(gray: Pixels, dpi: float, boxes: Sequence[Box]) -> list[bool]:
    """Whether a stroke runs through each box; where one seems to in nearly all of a size, it is part of their frames."""
    strokes = []
    for box in boxes:
        x0, y0, x1, y1 = (round(v * dpi / 72) for v in box)
        strokes.append(_has_stroke(gray[y0:y1, x0:x1]))
    sides = [b[2] - b[0] + b[3] - b[1] for b in boxes]
    kin = [[s for s, other in zip(strokes, sides, strict=True) if abs(other - side) < 0.15 * side] for side in sides]
    return [s and (len(k) < _FEW or sum(k) < _NEARLY * len(k)) for s, k in zip(strokes, kin, strict=True)]


def _more_than_empty(gray: Pixels, dpi: float, boxes: Sequence[Box]) -> list[float]:
    """By what share of its inside each box is darker than the emptiest of its size."""
    shares = []
    for box in boxes:
        x0, y0, x1, y1 = (round(v * dpi / 72) for v in box)
        dx, dy = round(0.13 * (x1 - x0)) + 1, round(0.13 * (y1 - y0)) + 1
        inner = gray[y0 + dy : y1 - dy, x0 + dx : x1 - dx]
        shares.append(float(np.mean(inner < _STROKE)) if inner.size else 0.0)
    return [
        share - min(other for o, other in zip(boxes, shares, strict=True) if abs((o[2] - o[0]) - (box[2] - box[0])) < _SIZED)
        for box, share in zip(boxes, shares, strict=True)
    ]


def _is_marked_beside(gray: Pixels, dpi: float, box: Box, words: Sequence[Word]) -> bool:
    """Whether a check stands by itself close to the left of a box, where no word is."""
    side = box[2] - box[0]
    zone = (box[0] - 1.9 * side, box[1] - 0.8 * side, box[0] - 0.06 * side, box[3] + 0.5 * side)
    if any(w.text not in _CHECKS and w.box[0] < zone[2] and w.box[2] > zone[0] and w.box[1] < zone[3] and w.box[3] > zone[1] for w in words):
        return False
    x0, y0, x1, y1 = (max(0, round(v * dpi / 72)) for v in zone)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return False
    inked = below(np.ascontiguousarray(gray[y0:y1, x0:x1]), _STROKE)
    if cv2.countNonZero(inked) < 12:
        return False
    rows, columns = inked.shape
    for x, y, wide, high, area in labelled(inked)[1][1:].tolist():
        whole = x > 0 and y > 0 and x + wide < columns and y + high < rows
        if whole and min(wide, high) > 0.45 * side * dpi / 72 and max(wide, high) < 1.8 * side * dpi / 72 and area < 0.45 * wide * high:
            return True
    return False


def _has_stroke(patch: Pixels) -> bool:
    """Whether a line runs through the inside of a frame, as a thin check or a slash does in a large box: slanting, and
    away from the edges, as a side of the frame that reaches in is not."""
    high, wide = patch.shape
    dx, dy = max(2, round(0.22 * wide)), max(2, round(0.22 * high))
    inner = np.ascontiguousarray(patch[dy : high - dy, dx : wide - dx])
    if min(inner.shape, default=0) < 6:
        return False
    labels, stats = labelled(below(inner, _STROKE))
    rows, columns = inner.shape
    dx, dy = max(1, round(0.14 * wide)), max(1, round(0.14 * high))
    middle = labels[dy : rows - dy, dx : columns - dx]
    for number in {int(n) for n in np.unique(middle)} - {0}:
        _, _, across, down, _ = stats[number].tolist()
        if max(across / columns, down / rows) > 0.4 and min(across / columns, down / rows) > 0.2 and np.count_nonzero(middle == number) > max(2.0, 0.03 * middle.size):
            return True
    return False


def _inside(patch: Pixels) -> float:
    """Share of dark pixels well inside a frame; gray ones count less, as a copy's lines are fat."""
    high, wide = patch.shape
    dx, dy = max(2, round(0.24 * wide)), max(2, round(0.24 * high))
    inner = patch[dy : high - dy, dx : wide - dx]
    return max(float(np.mean(inner < BOLD)), 0.4 * float(np.mean(inner < INK))) if inner.size else 0.0
