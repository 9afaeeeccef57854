"""PP-OCRv6 (small) behind the engine protocol: weights from the wheel `rapidocr`, everything else here.

Belongs here: finding lines on a page and reading them. Does not belong here: running networks (runtime.py), cutting
lines into words (split.py). The detector is a DB network, the recogniser a CTC network over 48 pixel high lines.
"""

import importlib.util
import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.errors import MissingEngine
from pipeline.read.engine import OcrWord
from pipeline.read.opinion import is_critical, weighed
from pipeline.read.picture import Pixels, pixels, resized
from pipeline.read.runtime import loaded
from pipeline.read.split import Line, words_in

_LONG_SIDE = 960
_CUT, _LEAST_SCORE, _GROW = 0.3, 0.5, 1.6
_LINE_HEIGHT, _WIDTH_STEP, _WIDEST = 48, 64, 3200
_NARROW = 0.85
"""A word that is read by itself is narrowed to this share: another scale than that of its line."""

_PAPER = 12
"""Pixels of paper beside a word that is read by itself."""

_EXTRA = "•·–—‘’“”…°±×÷½¼¾§®©™£€µ²³µαβ≥≤→✓✔✗☐☑☒□■"

Quad = npt.NDArray[np.float32]
"""4 x 2: top left, top right, bottom right, bottom left of a line, in pixels."""


class Paddle:
    """`name` paddle; `version` names weights and runtime."""

    name = "paddle"

    def __init__(self) -> None:
        """MissingEngine when the weights or a runtime are not installed."""
        folder = _weights()
        alphabet = _alphabet(folder / "PP-OCRv6_rec_small.onnx")
        keep = [0] + [i for i, c in enumerate(alphabet) if i and _wanted(c)]
        self._letters = ["", *(alphabet[i] for i in keep[1:])]
        self._find, runtime = loaded(folder / "PP-OCRv6_det_small.onnx")
        self._read, _ = loaded(folder / "PP-OCRv6_rec_small.onnx", keep)
        self.version = f"PP-OCRv6 small, {runtime}"

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """Lines of words from top to bottom. `dpi` is not needed."""
        found = []
        for quad in self._lines(image):
            line = self._recognised(image, quad)
            words = words_in(line) if line is not None else []
            if line is not None:
                words = [self._again(line, w) if is_critical(w.text) else w for w in words]
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

    def _recognised(self, image: Pixels, quad: Quad) -> Line | None:
        strip, back = _strip(image, quad)
        return self._line(strip, back) if strip is not None else None

    def _line(self, strip: Pixels, back: npt.NDArray[Any], share: float = 1.0) -> Line:
        """What a line at its full width, or narrowed to a `share` of it, reads as."""
        wide = max(8, math.ceil(strip.shape[1] * share))
        padded = math.ceil(wide / _WIDTH_STEP) * _WIDTH_STEP
        tensor = np.zeros((1, 3, _LINE_HEIGHT, padded), dtype=np.float32)
        tensor[:, :, :, :wide] = resized(strip, wide, _LINE_HEIGHT).astype(np.float32) / 127.5 - 1.0
        odds = self._read(tensor)[0]
        best = odds.argmax(axis=1)
        new = np.concatenate([[True], best[1:] != best[:-1]]) & (best != 0)
        at = np.flatnonzero(new)
        step = padded / len(best) * strip.shape[1] / wide
        letters = [self._letters[best[t]] for t in at]
        centres = [(_middle(best, int(t)) + 0.5) * step for t in at]
        return Line(letters, centres, [float(odds[t, best[t]]) for t in at], strip, back)

    def _again(self, line: Line, word: OcrWord) -> OcrWord:
        """The word after it was read once more, by itself and at another scale."""
        again = self._line(_alone(line, word), line.back, _NARROW)
        kept = [(letter, odds) for letter, odds in zip(again.letters, again.odds, strict=True) if letter != " "]
        text = "".join(letter for letter, _ in kept)
        return weighed(word, text, min(1.0, sum(odds for _, odds in kept) / max(len(kept), 1)))


def _alone(line: Line, word: OcrWord) -> Pixels:
    """The word's part of a line's picture, with paper on both sides."""
    x0, y0, x1, y1 = word.box
    forth = cv2.invertAffineTransform(line.back)
    across = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]]) @ forth[0]
    left, right = max(0, math.floor(across.min()) - 3), math.ceil(across.max()) + 3
    part = line.strip[:, left : max(right, left + 8)]
    return pixels(cv2.copyMakeBorder(part, 0, 0, _PAPER, _PAPER, cv2.BORDER_CONSTANT, value=float(np.median(line.strip))))


def _middle(best: npt.NDArray[np.int64], start: int) -> float:
    """The middle of the run of equal answers that begins at `start`."""
    end = start
    while end + 1 < len(best) and best[end + 1] == best[start]:
        end += 1
    return (start + end) / 2


def _weights() -> Path:
    found = importlib.util.find_spec("rapidocr")
    folder = Path(found.origin).parent / "models" if found is not None and found.origin else None
    if folder is None or not (folder / "PP-OCRv6_rec_small.onnx").is_file():
        raise MissingEngine("the package rapidocr with its weights is not installed: pip install rapidocr.")
    return folder


def _alphabet(path: Path) -> list[str]:
    """The recogniser's classes, kept in the file's metadata as lines; class 0 is no letter, the last a space."""
    content = path.read_bytes()
    at = content.find(b"!\n\"\n#\n$\n")
    if at < 0:
        raise MissingEngine("the weights in rapidocr are not those that this version knows; install rapidocr 3.10.")
    size, shift, back = 0, 0, at - 1
    while back > 0 and content[back - 1] & 0x80:
        back -= 1
    for byte in content[back:at]:
        size |= (byte & 0x7F) << shift
        shift += 7
    return ["", *content[at : at + size].decode("utf-8").split("\n"), " "]


def _wanted(letter: str) -> bool:
    """Latin letters, digits, signs: what an American letter may hold."""
    return len(letter) == 1 and (" " <= letter <= "~" or "\xa1" <= letter <= "ſ" or letter in _EXTRA)


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
    columns = min(max(8, math.ceil(_LINE_HEIGHT * wide / high)), _WIDEST)
    goal = np.array([[0, 0], [columns, 0], [0, _LINE_HEIGHT]], dtype=np.float32)
    source = np.array([quad[0], quad[1], quad[3]], dtype=np.float32)
    back = cv2.getAffineTransform(goal, source)
    forth = cv2.getAffineTransform(source, goal)
    if high > 2 * _LINE_HEIGHT:
        return _shrunk(image, quad, columns), back
    strip = cv2.warpAffine(image, forth, (columns, _LINE_HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return pixels(strip), back


def _shrunk(image: Pixels, quad: Quad, columns: int) -> Pixels:
    """Large print, averaged instead of sampled."""
    wide, high = round(float(np.hypot(*(quad[1] - quad[0])))), round(float(np.hypot(*(quad[3] - quad[0]))))
    goal = np.array([[0, 0], [wide, 0], [0, high]], dtype=np.float32)
    forth = cv2.getAffineTransform(np.array([quad[0], quad[1], quad[3]], dtype=np.float32), goal)
    full = cv2.warpAffine(image, forth, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return resized(pixels(full), columns, _LINE_HEIGHT)

