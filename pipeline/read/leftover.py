"""What a page with a text layer shows besides its layer: letters drawn as outlines, pictures with words.

Belongs here: taking the layer's words out of the picture, and whether what is left is worth reading. Does not belong
here: reading it (ocr.py).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.model.text import Box
from pipeline.read.picture import Pixels, pixels

_FEWEST_PIECES = 4


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
    that hangs together or single letters; None when there are too few to read."""
    ink = cv2.adaptiveThreshold(rest, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 25)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(0.4 * dpi)), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(0.4 * dpi), 1), np.uint8))
    ink = pixels(cv2.subtract(ink, cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))))
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    high, wide, area = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_AREA]
    letters = (high > 0.04 * dpi) & (high < 0.5 * dpi) & (wide > 0.01 * dpi) & (wide < 3 * dpi) & (area > 0.0004 * dpi * dpi)
    if np.count_nonzero(letters) < _FEWEST_PIECES:
        return None
    top, margin = stats[1:, cv2.CC_STAT_TOP][letters], round(0.3 * dpi)
    return max(0, int(top.min()) - margin), min(rest.shape[0], int((top + high[letters]).max()) + margin)
