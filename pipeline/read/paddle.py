"""PP-OCRv6 behind the engine protocol.

Belongs here: finding lines on a page and cutting them out. Does not belong here: reading a line (lines.py, again.py),
running networks (runtime.py), cutting lines into words (split.py). The detector is a DB network.
"""

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.again import TwoReaders
from pipeline.read.engine import OcrWord
from pipeline.read.lines import LINE_HEIGHT, LineReader
from pipeline.read.models import small_alphabet, small_weights, tiny_alphabet, tiny_weights
from pipeline.read.picture import Pixels, pixels, resized
from pipeline.read.runtime import loaded

_LONG_SIDE = 960
_CUT, _LEAST_SCORE, _GROW = 0.3, 0.5, 1.6
_WIDEST = 3200
Quad = npt.NDArray[np.float32]
"""4 x 2: top left, top right, bottom right, bottom left of a line, in pixels."""


class Paddle:
    """`name` paddle; `version` names weights and runtime."""

    name = "paddle"

    def __init__(self) -> None:
        """MissingEngine when the weights or a runtime are not installed."""
        folder, tiny = small_weights(), tiny_weights()
        small = folder / "PP-OCRv6_rec_small.onnx"
        self._find, runtime = loaded(folder / "PP-OCRv6_det_small.onnx")
        self._readers = TwoReaders(LineReader(tiny, tiny_alphabet(tiny)), LineReader(small, small_alphabet(small)))
        self.version = f"PP-OCRv6 small and tiny, {runtime}"

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """Lines of words from top to bottom. `dpi` is not needed."""
        found = []
        for quad in self._lines(image):
            strip, back = _strip(image, quad)
            words = self._readers.words(strip, back) if strip is not None else []
            if words:
                found.append(words)
        return sorted(found, key=lambda words: (words[0].box[1] + words[0].box[3], words[0].box[0]))

    def _lines(self, image: Pixels) -> list[Quad]:
        rows, columns = image.shape
        scale = min(1.0, _LONG_SIDE / max(rows, columns))
        high, wide = (max(32, round(side * scale / 32) * 32) for side in (rows, columns))
        small = resized(image, wide, high).astype(np.float32) / 127.5 - 1.0
        heat = self._find(np.repeat(small[None, None], 3, axis=1))[0, 0]
        stretch = np.array([columns / wide, rows / high], dtype=np.float32)
        return [quad * stretch for quad in _quads(heat)]


def _quads(heat: npt.NDArray[np.float32]) -> list[Quad]:
    """Rectangles around the hot patches, grown back to the letters' full height."""
    mask = cv2.dilate((heat > _CUT).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    result = []
    for outline in outlines:
        (x, y), (wide, high), angle = cv2.minAreaRect(outline)
        if min(wide, high) < 3 or _score(heat, (x, y), (wide, high), angle) < _LEAST_SCORE:
            continue
        grow = 2 * wide * high * _GROW / (2 * (wide + high))
        corners = cv2.boxPoints(((x, y), (wide + grow, high + grow), angle)).astype(np.float32)
        result.append(_clockwise(corners))
    return result


def _score(heat: npt.NDArray[np.float32], middle: tuple[float, float], size: tuple[float, float], angle: float) -> float:
    """Mean heat inside the rectangle."""
    corners = cv2.boxPoints((middle, size, angle))
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, None)
    high = np.ceil(corners.max(axis=0)).astype(int) + 1
    patch = heat[low[1] : high[1], low[0] : high[0]]
    if patch.size == 0:
        return 0.0
    mask = np.zeros(patch.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners - low).astype(np.int32)], 1)
    return float(cv2.mean(patch, mask)[0])


def _clockwise(corners: Quad) -> Quad:
    """From the top left; "left" and "right" by x, so that a slightly tilted line stays a line."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def _strip(image: Pixels, quad: Quad) -> tuple[Pixels | None, npt.NDArray[Any]]:
    """The line at 48 pixels height, and the 2 x 3 matrix from its pixels to the page's. A line that runs downwards is
    laid on its side."""
    wide, high = float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))
    if high > 1.5 * wide and high > 40:
        quad = np.roll(quad, -1, axis=0)
        wide, high = high, wide
    if wide < 3 or high < 3:
        return None, np.zeros((2, 3))
    columns = min(max(8, math.ceil(LINE_HEIGHT * wide / high)), _WIDEST)
    goal = np.array([[0, 0], [columns, 0], [0, LINE_HEIGHT]], dtype=np.float32)
    source = np.array([quad[0], quad[1], quad[3]], dtype=np.float32)
    back = cv2.getAffineTransform(goal, source)
    forth = cv2.getAffineTransform(source, goal)
    if high > 2 * LINE_HEIGHT:
        return _shrunk(image, quad, columns), back
    strip = cv2.warpAffine(image, forth, (columns, LINE_HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return pixels(strip), back


def _shrunk(image: Pixels, quad: Quad, columns: int) -> Pixels:
    """Large print, averaged instead of sampled."""
    wide, high = round(float(np.hypot(*(quad[1] - quad[0])))), round(float(np.hypot(*(quad[3] - quad[0]))))
    goal = np.array([[0, 0], [wide, 0], [0, high]], dtype=np.float32)
    forth = cv2.getAffineTransform(np.array([quad[0], quad[1], quad[3]], dtype=np.float32), goal)
    full = cv2.warpAffine(image, forth, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return resized(pixels(full), columns, LINE_HEIGHT)

