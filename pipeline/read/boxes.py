"""Squares and rings of a tick box's size in the pixels of a page, whatever was drawn into or over them.

Belongs here: finding the frames. Does not belong here: whether one is ticked, and whether it is a letter of a word
(ticks.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.picture import Pixels, below, outlines_of, patch_within, patches_of, pixels

SMALLEST, LARGEST = 5.0, 17.0
"""Sides of a tick box in points."""

PALE, INK, BOLD = 195, 150, 105
_LIKELY, _STRAIGHT = 0.7, 0.8

Ink = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Shape:
    """A square or a ring in pixels; `apart` when there is paper on its left and on its right."""

    x: int
    y: int
    wide: int
    high: int
    confidence: float
    apart: bool
    ring: bool = False
    sibling: bool = False
    pale: bool = False


def shapes_of(gray: Pixels, dpi: float, is_print: Callable[[Shape], bool]) -> list[Shape]:
    """Squares and rings, the surest first. A page with a square on it is looked at again with less ink and with
    smoother edges: copies are fat and faxes are frayed. One without two alike is looked at with more: frames may be
    thin or dotted. What `is_print` knows for letters of a word is no reason to look again."""
    ink = below(gray, INK)
    squares, rings = _seen(ink, dpi), _rings(ink, dpi)
    clear = distinct([s for s in squares if s.confidence > _STRAIGHT and not is_print(s)])
    if not _has_pair(clear):
        thin = pixels(cv2.morphologyEx(below(gray, PALE), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
        pale = [replace(s, pale=True) for s in _seen(thin, dpi) if s.confidence > 0.93]
        squares += pale if _has_pair(distinct([s for s in pale if not is_print(s)])) or not clear else []
    if any(not is_print(s) for s in (*squares, *rings) if s.ring or s.confidence > _LIKELY):
        smooth = below(pixels(cv2.GaussianBlur(gray, (0, 0), dpi / 180)), INK)
        for other in (below(gray, BOLD), smooth):
            squares += _seen(other, dpi)
        rings += _rings(smooth, dpi)
    return distinct([*(s for s in squares if s.confidence > _STRAIGHT), *rings])


def _has_pair(squares: Sequence[Shape]) -> bool:
    """Whether two are of one size: boxes of a form come in numbers, letters that look like one do not."""
    sides = sorted(s.wide + s.high for s in squares)
    return any(b < 1.08 * a for a, b in pairwise(sides))


def distinct(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes without those that lie over a surer one."""
    kept: list[Shape] = []
    for shape in sorted(shapes, key=lambda s: -s.confidence):
        if not any(abs(shape.x + shape.wide / 2 - k.x - k.wide / 2) < 0.5 * k.wide + 0.3 * shape.wide
                   and abs(shape.y + shape.high / 2 - k.y - k.high / 2) < 0.5 * k.high + 0.3 * shape.high for k in kept):  # fmt: skip
            kept.append(shape)
    return kept


def touch(a: Shape, b: Shape) -> bool:
    """Whether two shapes share a place."""
    return (
        abs(2 * a.x + a.wide - 2 * b.x - b.wide) < a.wide + b.wide
        and abs(2 * a.y + a.high - 2 * b.y - b.high) < a.high + b.high
    )


def _seen(ink: Ink, dpi: float) -> list[Shape]:
    """Squares by their outline and by their edges."""
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8)))
    across = pixels(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _edge(dpi)), np.uint8)))
    return _squares(ink, joined, across, dpi) + _framed(ink, joined, across, dpi)


def _edge(dpi: float) -> int:
    """Pixels of the shortest edge."""
    return max(5, round(0.75 * SMALLEST * dpi / 72))


def _framed(ink: Ink, joined: Ink, across: Ink, dpi: float) -> list[Shape]:
    """Squares told by an upper and a lower edge of one length and place and by their sides: a mark may cross them."""
    found = []
    for (x, y, wide, _), (x2, y2, wide2, high2) in _pairs(patches_of(across), dpi):
        left, right = max(x, x2) if abs(x - x2) > 3 else min(x, x2), min(x + wide, x2 + wide2)
        tall = y2 + high2 - y
        sized = min(tall, right - left) > max(6, 0.85 * SMALLEST * dpi / 72) and max(tall, right - left) < 1.35 * min(tall, right - left)
        straight = _straight(joined[y : y + tall, left:right], 0.85) if sized else 0.0
        if straight and not _barred(ink, left, y, right - left, tall, dpi):
            alone = stands_alone(ink, left, y, right - left, tall, dpi)
            found.append(Shape(left, y, right - left, tall, min(1.0, straight), alone))
    return found


def _pairs(edges: npt.NDArray[np.int32], dpi: float) -> list[tuple[list[int], list[int]]]:
    """Upper and lower edges (x, y, width, height), of a box's width, that lie over each other a box's height apart."""
    least, most = SMALLEST * dpi / 72, LARGEST * dpi / 72
    edges = edges[(edges[:, 2] >= 0.9 * least) & (edges[:, 2] <= 1.25 * most)]
    x, y, wide, high = edges.T
    loose = np.maximum(3.0, 0.2 * wide)[:, None]
    down = (y + high)[None] - y[:, None]
    fit = (down > (0.75 * wide - 2)[:, None]) & (down < (1.3 * wide + 2)[:, None]) & (y[None] > (y + high)[:, None])
    fit &= (np.abs(x[None] - x[:, None]) <= loose) & (np.abs((x + wide)[None] - (x + wide)[:, None]) <= loose)
    return [(edges[i].tolist(), edges[j].tolist()) for i, j in np.argwhere(fit)]


def _barred(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether lines of the frame run on beyond it, as a table's do."""
    pad = max(3, round(2.5 * dpi / 72))
    strips = (ink[y : y + high, max(0, x - pad) : max(0, x - 2)], ink[y : y + high, x + wide + 2 : x + wide + pad],
              ink[max(0, y - pad) : max(0, y - 2), x : x + wide].T, ink[y + high + 2 : y + high + pad, x : x + wide].T)  # fmt: skip
    runs_on = [_continues(strip) for strip in strips]
    return max(runs_on) >= 2 or sum(runs_on) >= 3


def _squares(ink: Ink, joined: Ink, across: Ink, dpi: float) -> list[Shape]:
    """Upright squares with four sides; the confidence is the straightness of the least straight."""
    down = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((_edge(dpi), 1), np.uint8))
    frame = pixels(cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8)))
    found = []
    for x, y, wide, high in _of_size(patches_of(frame), SMALLEST * dpi / 72 + 2, LARGEST * dpi / 72 + 2, 0.28):
        x, y, wide, high = x + 1, y + 1, wide - 2, high - 2
        straight = _straight(joined[y : y + high, x : x + wide], 0.6)
        if straight and _lonely(ink, x, y, wide, high, dpi):
            found.append(Shape(x, y, wide, high, min(1.0, straight), stands_alone(ink, x, y, wide, high, dpi)))
    return found


def _of_size(patches: npt.NDArray[np.int32], least: float, most: float, unequal: float) -> list[tuple[int, int, int, int]]:
    """(x, y, width, height) of the patches within the size whose sides differ by no more than `unequal`."""
    wide, high = patches[:, 2], patches[:, 3]
    good = (np.minimum(wide, high) >= least) & (np.maximum(wide, high) <= most)
    good &= np.maximum(wide, high) < (1 + unequal) * np.minimum(wide, high)
    return [(int(p[0]), int(p[1]), int(p[2]), int(p[3])) for p in patches[good]]


def _straight(patch: Ink, least: float) -> float:
    """How much of the worst of its four sides two neighbouring rows of pixels cover, the best two within a fifth of the
    box: a straight line covers all, the bow of a letter half. 0 unless it is more than `least`."""
    deep, worst = max(3, round(0.2 * min(patch.shape))) - 1, 1.0
    for pairs in (_row_ink(cv2.bitwise_or(patch[:-1], patch[1:])), _row_ink(cv2.bitwise_or(patch[:, :-1], patch[:, 1:]).T)):
        worst = min(worst, float(pairs[:deep].max()), float(pairs[-deep:].max()))
        if worst <= least:
            return 0.0
    return worst


def _row_ink(ink: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The share of ink in each row of pixels; there is at least one."""
    flat = cv2.reduce(np.ascontiguousarray(ink), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0]
    return np.asarray(flat / (255.0 * ink.shape[1]))


def _lonely(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether the frame stands apart: its sides do not run on as a table's do, and there is not ink on both its left
    and its right as beside a letter. A tick may run over the frame."""
    pad = max(3, round(1.6 * dpi / 72))
    strips = (
        ink[y : y + high, max(0, x - pad) : max(0, x - 2)], ink[y : y + high, x + wide + 2 : x + wide + pad],
        ink[max(0, y - pad) : max(0, y - 2), x : x + wide].T, ink[y + high + 2 : y + high + pad, x : x + wide].T,
    )  # fmt: skip
    left, right, over, under = (bool(s.size and cv2.countNonZero(s) > 0.12 * s.size) for s in map(pixels, strips))
    runs_on = [_continues(strip) for strip in strips]
    return max(runs_on) < 2 and sum(runs_on) < 3 and not (left and right) and not (over and under)


def _continues(strip: npt.NDArray[Any]) -> int:
    """At how many of its two ends a strip beside a frame is crossed by a line from the frame."""
    if strip.size == 0:
        return 0
    crossed = _row_ink(strip) > 0.8
    deep = max(2, len(crossed) // 6)
    return int(crossed[:deep].any()) + int(crossed[-deep:].any())


def _rings(ink: Ink, dpi: float) -> list[Shape]:
    """Circles: radio buttons."""
    joined = pixels(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
    found = []
    for outline in outlines_of(joined):
        ((x, y, wide, high),) = sized = [cv2.boundingRect(outline)]
        if not _of_size(np.array(sized, np.int32), SMALLEST * dpi / 72, LARGEST * dpi / 72, 0.12):
            continue
        if _is_round(pixels(patch_within(joined, outline) * np.uint8(255))) and stands_alone(ink, x, y, wide, high, dpi):
            found.append(Shape(x, y, wide, high, 0.85, True, True))
    return found


def _is_round(shape: Ink) -> bool:
    """Whether a shape is a ring: round outside, with a hole, and no ink in the corners of its box."""
    high, wide = shape.shape
    outlines, tree = cv2.findContours(shape, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = [cv2.contourArea(o) for at, o in enumerate(outlines) if tree[0][at][3] >= 0]
    if max(holes, default=0.0) < 0.15 * wide * high or _filled_corners(shape):
        return False
    hull = cv2.convexHull(np.concatenate(outlines))
    area, around = cv2.contourArea(hull), cv2.arcLength(hull, True)
    return bool(0.70 < area / (wide * high) < 0.88 and 4 * np.pi * area / max(around * around, 1.0) > 0.88)


def _filled_corners(shape: Ink) -> int:
    """In how many of its corners a shape has ink: a square in four, a D in two, a circle in none."""
    deep = max(2, round(0.14 * min(shape.shape)))
    ends = (slice(0, deep), slice(-deep, None))
    return sum(1 for rows in ends for columns in ends if np.mean(shape[rows, columns] > 0) > 0.3)


def stands_alone(ink: Ink, x: int, y: int, wide: int, high: int, dpi: float) -> bool:
    """Whether there is paper to the left and to the right, unlike beside a letter of a word."""
    pad = max(4, round(2.2 * dpi / 72), round(0.22 * wide))
    sides = ink[y : y + high, max(0, x - pad) : max(0, x - 1)], ink[y : y + high, x + wide + 1 : x + wide + pad]
    return all(part.size == 0 or cv2.countNonZero(part) < 0.02 * part.size for part in sides)
