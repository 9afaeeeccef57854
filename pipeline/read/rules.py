"""Ruled lines across a page: the borders of form cells and tables.

Belongs here: finding horizontal rules in pixels. Does not belong here: what they part (order.py).
"""

import cv2
import numpy as np

from pipeline.model.text import Box
from pipeline.read.picture import Pixels, below, pixels, resized
from pipeline.read.strips import with_ink

_DPI = 100
_INK = 190
_SHORTEST = 0.8
"""Inches; underlines of single words and dashes are shorter."""


def rules_of(gray: Pixels, dpi: float) -> list[Box]:
    """Horizontal rules of a level page as boxes in points, from top to bottom; edges of dark bars count."""
    strips = with_ink(_has_run(gray, dpi), dpi)
    found = _rules(strips.cut(gray, dpi), dpi)
    return [strips.back(rule) for rule in found]


def _has_run(gray: Pixels, dpi: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """For each row of pixels whether a run of ink may be in it, with its neighbours within a pixel."""
    near = cv2.dilate(below(gray, _INK + 25), np.ones((3, 1), np.uint8))
    part = min(max(8, round(0.8 * _SHORTEST * dpi)), gray.shape[1])
    share = cv2.blur(near, (part, 1))
    return np.asarray(np.ascontiguousarray(share[:, :: max(1, part // 8)]).max(axis=1) > 0.9 * 255)


def _rules(gray: Pixels, dpi: float) -> list[Box]:
    if not gray.size:
        return []
    scale = _DPI / dpi
    small = resized(gray, round(gray.shape[1] * scale), round(gray.shape[0] * scale))
    ink = pixels((small < _INK) * np.uint8(255))
    ink = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8)))
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_SHORTEST * _DPI)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(pixels(runs), connectivity=8)
    point = 72 / _DPI
    return [
        (x * point, y * point, (x + wide) * point, (y + high) * point)
        for x, y, wide, high, _ in sorted(stats[1:].tolist(), key=lambda s: (s[1], s[0]))
    ]
