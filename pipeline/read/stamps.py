"""Print under a stamp: read a second time with the stamp's paler ink taken out.

Belongs here: finding where pale ink lies over dark print, and choosing between the two readings. Does not belong here:
what a stamp says. Nothing is lost: a second reading only replaces words that it reads in the same place, surer.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, Word
from pipeline.read.engine import Engine
from pipeline.read.ocr import in_points, lowered
from pipeline.read.picture import Pixels, below, labelled, pixels, thumbnail
from pipeline.read.prepare import Prepared

_THUMB_DPI = 100
_DARK, _PALE = 75, 215
_MOST_STRIPS = 3
_SURE = 0.93
_WELL = 0.97
"""Print is read well when each of its words has so much confidence."""


def read_under_stamps(page: Prepared, words: Sequence[Word], engine: Engine) -> list[Word]:
    """The page's words, those under stamps read again where that reads better. A page without grays is left as it is."""
    result = list(words)
    if page.bilevel:
        return result
    scale = 72 / page.dpi
    for top, bottom, left, right in stamped_strips(page.gray, page.dpi):
        if _is_well_read(page.gray[top:bottom, left:right], (left * scale, top * scale), scale, result):
            continue
        again = in_points(engine.words(dark_only(page.gray[top:bottom]), round(page.dpi)), page.dpi)
        whole = [w for w in again if w.box[1] > 2 and w.box[3] < (bottom - top) * scale - 2]
        result = _better_of(result, [lowered(w, top * scale) for w in whole])
    return result


def _is_well_read(patch: Pixels, corner: tuple[float, float], scale: float, words: Sequence[Word]) -> bool:
    """Whether every word in a patch of the page is sure, and hardly any dark ink lies beside the words: nothing would be
    gained by reading it again. `corner` is the patch's, in points."""
    dark = below(patch, _DARK)
    least, whole = 1.0, cv2.countNonZero(dark)
    for word in words:
        x0, x1 = (max(0, round((x - corner[0]) / scale)) for x in (word.box[0] - 1, word.box[2] + 1))
        y0, y1 = (max(0, round((y - corner[1]) / scale)) for y in (word.box[1] - 1.5, word.box[3] + 1.5))
        if x0 < x1 and y0 < y1 and cv2.countNonZero(dark[y0:y1, x0:x1]) > 0:
            least = min(least, word.confidence)
            dark[y0:y1, x0:x1] = 0
    return least >= _WELL and cv2.countNonZero(dark) < 0.02 * whole


def stamped_strips(gray: Pixels, dpi: float) -> list[tuple[int, int, int, int]]:
    """Where pale strokes of a stamp's size have dark print among them: (top, bottom) of the strip and (left, right) of
    the stamp in pixels of a cleaned picture, with a margin, from top to bottom, at most MOST_STRIPS and those of the
    largest stamps."""
    scale = _THUMB_DPI / dpi
    rows = gray.shape[0]
    small = thumbnail(gray, scale)
    dark = small < _DARK
    near_dark = cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pale = pixels(((small >= 95) & (small < _PALE) & ~near_dark) * np.uint8(255))
    pale = pixels(cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)))
    joined = cv2.morphologyEx(pale, cv2.MORPH_CLOSE, np.ones((19, 13), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((5, 9), np.uint8))
    _, stats = labelled(pixels(joined))
    found: list[tuple[int, int, int, int, int]] = []
    for x, y, wide, high, area in stats[1:].tolist():
        inside, inked = pale[y : y + high, x : x + wide], dark[y : y + high, x : x + wide]
        sized = 50 < wide < 450 and 25 < high < 300 and area > 0.3 * wide * high
        if sized and 0.04 < np.mean(inside > 0) < 0.6 and np.mean(inked) > 0.008:
            top, bottom = max(0, round((y - 14) / scale)), min(rows, round((y + high + 14) / scale))
            found.append((area, top, bottom, round(x / scale), round((x + wide) / scale)))
    return _merged(sorted(strip for _, *strip in sorted(found, reverse=True)[:_MOST_STRIPS]))


def _merged(found: Sequence[Sequence[int]]) -> list[tuple[int, int, int, int]]:
    """Strips, sorted from top to bottom, those that overlap as one."""
    strips: list[tuple[int, int, int, int]] = []
    for top, bottom, left, right in found:
        if strips and top < strips[-1][1]:
            last = strips[-1]
            strips[-1] = (last[0], max(bottom, last[1]), min(left, last[2]), max(right, last[3]))
        else:
            strips.append((top, bottom, left, right))
    return strips


def dark_only(gray: Pixels) -> Pixels:
    """The picture with only its darkest ink left; paler ink becomes paper."""
    table = np.clip((np.arange(256) - 40) * 255 / 90, 0, 255).astype(np.uint8)
    return pixels(cv2.LUT(gray, table))


def _better_of(first: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """The first reading, with words of the second where they are surer than what they overlap, or overlap nothing. A
    word gives way only to words that together cover it and that may all come in."""
    olds = np.array([w.box for w in first], np.float64).reshape(-1, 4)
    rivals = [[i for i in _touching(olds, new.box) if _shared(first[i].box, new.box) > 0.4] for new in again]
    covers = [[k for k, those in enumerate(rivals) if i in those] for i in range(len(first))]
    giving = {i for i, old in enumerate(first) if covers[i] and _surer([again[k] for k in covers[i]], old)}
    while stuck := {i for i in giving if any(r not in giving for k in covers[i] for r in rivals[k])}:
        giving -= stuck
    coming = [
        new for new, those in zip(again, rivals, strict=True)
        if (all(i in giving for i in those) if those else new.confidence > _SURE)
    ]  # fmt: skip
    return [old for i, old in enumerate(first) if i not in giving] + coming


def _touching(olds: npt.NDArray[np.float64], box: Box) -> list[int]:
    """Which of the boxes share some of a box."""
    x0, y0, x1, y1 = olds.T
    there: list[int] = np.flatnonzero((x0 < box[2]) & (x1 > box[0]) & (y0 < box[3]) & (y1 > box[1])).tolist()
    return there


def _surer(new: Sequence[Word], old: Word) -> bool:
    """Whether each of the new words is surer than the old one and together they are about as wide."""
    least = min(w.confidence for w in new)
    wide = sum(w.box[2] - w.box[0] for w in new)
    return least > old.confidence + (0.01 if least > 0.95 else 0.05) and wide > 0.6 * (old.box[2] - old.box[0])


def _shared(a: Box, b: Box) -> float:
    """Share of the smaller box that both cover."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    least = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return max(wide, 0.0) * max(high, 0.0) / least if least > 0 else 0.0
