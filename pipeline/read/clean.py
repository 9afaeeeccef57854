"""Making paper white and ink dark: background, borders, specks, coloured marks.

Belongs here: pixel values. Does not belong here: geometry (shape.py, turn.py).
"""

import cv2
import numpy as np

from pipeline.read.picture import Pixels, gray_of, labelled, pixels, resized, thumbnail

_THUMB = 400
_BORDER_DEPTH = 0.12
_NEGATIVE, _LIGHT, _BROAD = 110, 0.3, 0.02


def cleaned(gray: Pixels, bilevel: bool) -> Pixels:
    """The page as dark ink on white paper."""
    if bilevel:
        return _without_specks(gray)
    return _stretched(_without_background(gray))


def positive(image: Pixels) -> Pixels:
    """A negative turned round: light print on a dark page, as an inverted fax or a dark screen. A small sheet on a dark table
    is none: the light part of that is broad."""
    rows, columns = image.shape[:2]
    small = gray_of(thumbnail(image, min(1.0, 2 * _THUMB / max(rows, columns))))
    inner = small[small.shape[0] // 10 : -(small.shape[0] // 10) or None, small.shape[1] // 10 : -(small.shape[1] // 10) or None]
    light = (inner > _NEGATIVE).astype(np.uint8)
    if np.count_nonzero(light) > _LIGHT * light.size or not light.any():
        return image
    broad = cv2.erode(light, np.ones((15, 15), np.uint8))
    return pixels(cv2.bitwise_not(image)) if np.count_nonzero(broad) < _BROAD * light.size else image


def _without_background(gray: Pixels) -> Pixels:
    """Divides by the paper's own brightness, taken where there is no ink."""
    rows, columns = gray.shape
    small = resized(gray, columns // 8, rows // 8)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    paper = np.maximum(cv2.GaussianBlur(paper, (0, 0), 4), 24)
    full = cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return pixels(cv2.divide(gray, full, scale=255))


def _stretched(gray: Pixels) -> Pixels:
    """Spreads the grays between the ink and the paper; a page of faint ink gains contrast."""
    sample = gray[::4, ::4]
    dark, light = (float(level) for level in np.percentile(sample, (1.0, 60.0)))
    dark, light = min(dark, 150.0), max(light, 200.0) - 8
    table = np.clip((np.arange(256) - dark) * 255 / (light - dark), 0, 255).astype(np.uint8)
    return pixels(cv2.LUT(gray, table))


def _without_specks(gray: Pixels) -> Pixels:
    """Takes out specks of up to three pixels from a bilevel page."""
    ink = cv2.threshold(gray, 127, 255, cv2.THRESH_BINARY_INV)[1]
    labels, stats = labelled(pixels(ink))
    result = gray.copy()
    for number in np.flatnonzero(stats[:, cv2.CC_STAT_AREA] <= 3).tolist():
        x, y, wide, high = stats[number, :4].tolist()
        result[y : y + high, x : x + wide][labels[y : y + high, x : x + wide] == number] = 255
    return result


def without_borders(image: Pixels) -> Pixels:
    """Wipes what the scanner saw beside the paper: dark, without letters in it, reaching in from the edge by little."""
    rows, columns = image.shape[:2]
    scale = _THUMB / max(rows, columns)
    small = gray_of(thumbnail(image, scale))
    paper = float(np.percentile(small, 70))
    dark = cv2.morphologyEx((small < 0.72 * paper).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    borders = [i for i in range(1, count) if _is_border(labels == i, stats[i], small.shape)]
    if not borders:
        return image
    mask = cv2.dilate(np.isin(labels, borders).astype(np.uint8), np.ones((5, 5), np.uint8))
    mask = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_NEAREST).astype(bool)
    result = image.copy()
    result[mask] = round(paper)
    return result


def _is_border(mask: np.ndarray, stat: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether a dark patch touches an edge, is no bar across the page, and lies within a margin of the edges."""
    rows, columns = shape[:2]
    x, y, wide, high = stat[0], stat[1], stat[2], stat[3]
    if x > 0 and y > 0 and x + wide < columns and y + high < rows:
        return False
    inner = mask[round(_BORDER_DEPTH * rows) : round((1 - _BORDER_DEPTH) * rows),
                 round(_BORDER_DEPTH * columns) : round((1 - _BORDER_DEPTH) * columns)]  # fmt: skip
    if inner.any():
        return False
    filled = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return bool(np.count_nonzero(filled) - np.count_nonzero(mask) < 0.04 * np.count_nonzero(mask))


def without_marker(image: Pixels) -> Pixels:
    """A colour page in gray, with highlighter made white: bright and saturated, as no ink of a letter is. The darkest
    channel counts for the rest, so that pale coloured ink keeps its weight."""
    if image.ndim == 2:
        return image
    gray = gray_of(image)
    red, green, blue = cv2.split(image)
    high, low = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    spread = cv2.subtract(high, low)
    marker = cv2.bitwise_and(cv2.inRange(spread, 60, 255), cv2.inRange(gray, 110, 255))
    if cv2.countNonZero(marker) == 0:
        return gray
    paper = min(int(np.percentile(gray[::8, ::8], 70)), 235)
    lifted = cv2.max(high, np.full_like(high, paper))
    return pixels(cv2.copyTo(lifted, marker, gray))
