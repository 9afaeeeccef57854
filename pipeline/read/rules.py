"""Ruled lines across a page: the borders of form cells and tables.

Belongs here: finding horizontal rules in pixels. Does not belong here: what they part (order.py).
"""

import cv2
import numpy as np

from pipeline.model.text import Box
from pipeline.read.picture import Pixels, pixels, resized

_DPI = 100
_SHORTEST = 0.8
"""Inches; underlines of single words and dashes are shorter."""


def rules_of(gray: Pixels, dpi: float) -> list[Box]:
    """Horizontal rules of a level page as boxes in points, from top to bottom; edges of dark bars count."""
    scale = _DPI / dpi
    small = resized(gray, round(gray.shape[1] * scale), round(gray.shape[0] * scale))
    ink = pixels((small < 190) * np.uint8(255))
    ink = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8)))
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_SHORTEST * _DPI)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(pixels(runs), connectivity=8)
    point = 72 / _DPI
    return [
        (x * point, y * point, (x + wide) * point, (y + high) * point)
        for x, y, wide, high, _ in sorted(stats[1:].tolist(), key=lambda s: (s[1], s[0]))
    ]
