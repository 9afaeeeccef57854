"""Ink that is no printed word: signatures, handwriting, stamps, logos.

Belongs here: patches of ink outside printed words. Does not belong here: whether a patch is a signature (that depends
on what stands around it).
"""

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, InkMark, Word
from pipeline.read.picture import Pixels, below, labelled, outlines_of, patch_within, patches_of, pixels, thumbnail

_DPI = 100
_LEAST_HEIGHT, _LEAST_WIDTH = 6.0, 12.0
_MOST_MARKS = 60

Ink = npt.NDArray[np.uint8]


def marks_of(gray: Pixels, dpi: float, words: Sequence[Word], known: Sequence[Box]) -> list[InkMark]:
    """Patches of ink, boxes in points, from top to bottom: `ink` for strokes, `image` for filled areas. `gray` is
    cleaned; words that look written by hand count as ink, what lies in the `known` boxes (ticks, fields) does not."""
    scale = _DPI / dpi
    ink = below(thumbnail(gray, scale), 190)
    solid = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((11, 11), np.uint8)), np.ones((5, 5), np.uint8))
    strokes = _without_rules(pixels(cv2.subtract(ink, solid)))
    written = by_hand(gray, dpi, words)
    for box in [*(w.box for i, w in enumerate(words) if i not in written), *known]:
        _erase(strokes, box)
    found = _patches(strokes, "ink") + _patches(pixels(cv2.bitwise_and(ink, solid)), "image")
    return sorted(found, key=lambda m: (m.box[1], m.box[0]))[:_MOST_MARKS]


def by_hand(gray: Pixels, dpi: float, words: Sequence[Word]) -> set[int]:
    """Indices of OCR words that look written: their letters hang together in far fewer pieces than print on the page
    does. Where print is blurred together as well, only what is also much larger."""
    ratios = {i: r for i, w in enumerate(words) if (r := _pieces_a_letter(gray, dpi, w)) is not None}
    if not ratios:
        return set()
    usual = median(ratios.values())
    high = median(words[i].box[3] - words[i].box[1] for i in ratios)
    least = 0.0 if usual > 0.8 else 1.6 * high
    return {i for i, r in ratios.items() if r <= 0.5 and r <= 0.6 * usual and words[i].box[3] - words[i].box[1] > least}


def _pieces_a_letter(gray: Pixels, dpi: float, word: Word) -> float | None:
    letters = sum(1 for c in word.text if c.isalpha())
    if word.source != "ocr" or letters < 4 or letters < 0.7 * len(word.text):
        return None
    x0, y0, x1, y1 = (max(0, round(v * dpi / 72)) for v in word.box)
    patch = gray[y0:y1, x0:x1]
    if patch.size == 0:
        return None
    if 2 * cv2.countNonZero(below(patch, 110)) > patch.size:
        return None
    ink = cv2.threshold(patch, 0, 255, cv2.THRESH_OTSU + cv2.THRESH_BINARY_INV)[1]
    return float(np.count_nonzero(patches_of(pixels(ink))[:, 3] > 0.25 * patch.shape[0])) / letters


def ink_share(gray: Pixels) -> float:
    """Share of dark pixels, single specks not counted; a blank sheet is far below 0.0005."""
    ink = below(thumbnail(gray, 0.25), 170)
    area = labelled(ink)[1][1:, cv2.CC_STAT_AREA]
    return float(area[area >= 3].sum()) / ink.size


def _without_rules(ink: Ink) -> Ink:
    """Takes out long straight lines."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 45), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((45, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return pixels(cv2.subtract(ink, rules))


def _erase(ink: Ink, box: Box) -> None:
    x0, y0, x1, y1 = (v * _DPI / 72 for v in box)
    ink[max(0, int(y0) - 1) : int(y1) + 2, max(0, int(x0) - 1) : int(x1) + 2] = 0


def _patches(ink: Ink, kind: str) -> list[InkMark]:
    if cv2.countNonZero(ink) < 30:
        return []
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((7, 15), np.uint8)))
    scale = 72 / _DPI
    found = []
    for outline in outlines_of(joined):
        x, y, wide, high = cv2.boundingRect(outline)
        if high * scale < _LEAST_HEIGHT or wide * scale < _LEAST_WIDTH:
            continue
        patch = ink[y : y + high, x : x + wide][patch_within(joined, outline)]
        count = np.count_nonzero(patch)
        if count < 30:
            continue
        box = (x * scale, y * scale, (x + wide) * scale, (y + high) * scale)
        share = round(count / (wide * high), 3)
        found.append(InkMark(box=box, share=share, kind="image" if kind == "image" else "ink"))
    return found
