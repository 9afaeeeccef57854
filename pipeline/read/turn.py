"""Which way up a page lies: skew to a tenth of a degree, and quarter turns.

Belongs here: measuring and undoing turns that pixels show. Does not belong here: 180 degrees, which only reading
tells (ocr.py). Lines of text, seen from the side, make sharp peaks: the angle with the sharpest peaks is level.
"""

import cv2
import numpy as np

from pipeline.read.picture import Mask, Pixels, pixels, resized, rotated, turned

_DPI = 100
_WIDEST = 6.0
_SURE = 1.25


def levelled(image: Pixels, gray: Pixels, dpi: float) -> tuple[Pixels, int, float]:
    """The picture with its lines level, the quarter turn in degrees clockwise that was made, and the skew in degrees
    counter-clockwise that was taken out. A page without lines is left as it is."""
    letters = _letters(gray, dpi)
    if np.count_nonzero(letters) < 150:
        return image, 0, 0.0
    skew, sharpness = _skew(letters)
    side_skew, side_sharpness = _skew(turned(letters, 90))
    quarter = 0
    if side_sharpness > _SURE * sharpness:
        quarter, skew = 90, side_skew
        image = turned(image, 90)
    if abs(skew) >= 0.1:
        image = rotated(image, skew)
    return image, quarter, skew


def _letters(gray: Pixels, dpi: float) -> Mask:
    """What has the size of letters and words, at about 100 dpi; rules, bars and pictures left out."""
    scale = _DPI / dpi
    rows, columns = gray.shape
    small = resized(gray, round(columns * scale), round(rows * scale))
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 18)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    good = (np.maximum(wide, high) <= 70) & (np.minimum(wide, high) <= 26) & (area >= 4) & (np.maximum(wide, high) >= 4)
    good[0] = False
    return pixels(good[labels] * np.uint8(255))


def _skew(letters: Mask) -> tuple[float, float]:
    """(angle to rotate by counter-clockwise, sharpness there)."""
    rows, columns = letters.shape
    coarse = resized(letters, columns // 2, rows // 2)
    start = max(np.arange(-_WIDEST, _WIDEST + 0.01, 0.5), key=lambda a: _sharpness(coarse, float(a)))
    best = max((start + d / 10 for d in range(-5, 6)), key=lambda a: _sharpness(letters, float(a)))
    return round(float(best), 1), _sharpness(letters, float(best))


def _sharpness(mask: Mask, angle: float) -> float:
    """How much neighbouring rows of pixels differ in ink after rotating; shear stands in for rotation."""
    rows, columns = mask.shape
    slope = np.tan(np.radians(angle))
    matrix = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * columns / 2]])
    sheared = cv2.warpAffine(mask, matrix, (columns, rows), flags=cv2.INTER_NEAREST, borderValue=0)
    profile = cv2.reduce(sheared, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    return float(np.sum(np.diff(profile) ** 2))
