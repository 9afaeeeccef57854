"""Which way up a page lies: skew to a tenth of a degree, and quarter turns.

Belongs here: measuring and undoing turns that pixels show. Does not belong here: 180 degrees, which only reading
tells (ocr.py). Lines of text, seen from the side, make sharp peaks: the angle with the sharpest peaks is level.
"""

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.picture import Mask, Pixels, below, labelled, patches_of, pixels, resized, rotated, thumbnail, turned

_DPI, _STEM_DPI = 100, 200
_WIDEST = 6.0
_SURE = 1.5
_MOST_STEMS = 150
"""So many long letters are looked at, spread over the page."""


def levelled(image: Pixels, gray: Pixels, dpi: float) -> tuple[Pixels, int, float]:
    """The picture with its lines level, the quarter turn in degrees clockwise that was made, and the skew in degrees
    counter-clockwise that was taken out. A page without lines is left as it is."""
    letters = _letters(gray, dpi)
    if np.count_nonzero(letters) < 150:
        return image, 0, 0.0
    quarter = 0
    if _lies_sideways(letters):
        quarter, letters, image = 90, turned(letters, 90), turned(image, 90)
    skew = _skew(letters)
    if abs(skew) >= 0.1:
        image = rotated(image, skew)
    return image, quarter, skew


def head_up(gray: Pixels, dpi: float) -> float | None:
    """Share of long-stemmed letters whose stem points up, 0..1; None when there are too few to tell. Upright English
    has far more b, d, h, k, l, t and capitals than g, j, p, q, y."""
    scale = _STEM_DPI / dpi
    small = thumbnail(gray, scale)
    x, y, wide, high = patches_of(below(small, 150)).astype(np.float32).T
    sized = (high >= 6) & (high <= 45) & (wide >= 3) & (wide <= 60)
    x, top, bottom, high = x[sized], y[sized], (y + high)[sized], high[sized]
    if high.size < 60:
        return None
    up = down = 0
    tall = np.flatnonzero(high > 1.2 * np.median(high))
    for i in tall[:: 1 + len(tall) // _MOST_STEMS]:
        near = (np.abs(x - x[i]) < 4 * high[i]) & (np.abs(high - high[i] / 1.45) < 0.16 * high[i])
        near &= (top < bottom[i]) & (bottom > top[i])
        if np.count_nonzero(near) < 2:
            continue
        over, under = _middle(top[near]) - top[i], bottom[i] - _middle(bottom[near])
        up += int(over > 0.2 * high[i] and abs(under) < 0.1 * high[i])
        down += int(under > 0.2 * high[i] and abs(over) < 0.1 * high[i])
    return up / (up + down) if up + down >= 20 else None


def _middle(values: npt.NDArray[np.float32]) -> float:
    """The median, or the larger of the two about it."""
    return float(np.sort(values)[len(values) // 2])


def _letters(gray: Pixels, dpi: float) -> Mask:
    """What has the size of letters and words, at about 100 dpi; rules, bars and pictures left out."""
    scale = _DPI / dpi
    small = thumbnail(gray, scale)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 18)
    labels, stats = labelled(pixels(ink))
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    good = (np.maximum(wide, high) <= 70) & (np.minimum(wide, high) <= 26) & (area >= 4) & (np.maximum(wide, high) >= 4)
    good[0] = False
    return pixels(good[labels] * np.uint8(255))


def _lies_sideways(letters: Mask) -> bool:
    """Whether what hangs together is high rather than wide: words on their side."""
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, stats = labelled(pixels(joined))
    wide, high, area = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    return bool(area[high > 1.4 * wide].sum() > _SURE * area[wide > 1.4 * high].sum())


def _skew(letters: Mask) -> float:
    """The angle to rotate by counter-clockwise."""
    rows, columns = letters.shape
    coarse = resized(letters, columns // 2, rows // 2)
    start = max(np.arange(-_WIDEST, _WIDEST + 0.01, 0.5), key=lambda a: _sharpness(coarse, float(a)))
    best = max((start + d / 10 for d in range(-5, 6)), key=lambda a: _sharpness(letters, float(a)))
    return round(float(best), 1)


def _sharpness(mask: Mask, angle: float) -> float:
    """How much neighbouring rows of pixels differ in ink after rotating; shear stands in for rotation."""
    rows, columns = mask.shape
    slope = np.tan(np.radians(angle))
    matrix = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * columns / 2]])
    sheared = cv2.warpAffine(mask, matrix, (columns, rows), flags=cv2.INTER_NEAREST, borderValue=0)
    profile = cv2.reduce(sheared, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    return float(np.sum(np.diff(profile) ** 2))
