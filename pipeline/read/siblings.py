"""Frames whose outline a mark has spoiled, told by the clear ones of their column or row.

Belongs here: what the boxes already found say about others. Does not belong here: finding the clear ones (boxes.py).
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.boxes import INK, PALE, Ink, Shape, distinct, stands_alone, touch
from pipeline.read.picture import Pixels, below, pixels

_LEAST = 6.0
_ALIGNED = 3.5
"""Points by which boxes of one column or row may stand out of line."""

_DPI = 225.0
_AT_ONCE = 512
_BLACK, _MUCH, _OUTSIDE = 0.9, 0.7, 0.35
_BESIDE = np.array([(x, y) for x in (-2, 0, 2) for y in (-2, 0, 2) if x or y])
_Places = npt.NDArray[np.int64]


def siblings_of(gray: Pixels, dpi: float, found: Sequence[Shape]) -> list[Shape]:
    """Frames as large as some of the `found` and in their column or row, whose outline a mark has spoiled."""
    groups = [(ring, g) for ring in (False, True) for g in _sizes([s for s in found if s.ring == ring and s.wide > _LEAST * dpi / 72])]
    if not groups:
        return []
    ink = below(gray, PALE if all(s.pale for s in found if not s.ring) and any(s.pale for s in found) else INK)
    half = pixels(cv2.dilate(ink, np.ones((2, 2), np.uint8))[::2, ::2])
    near = cv2.dilate(half, np.ones((3, 3), np.uint8))
    made: list[Shape] = []
    for ring, group in groups:
        side = round(median((s.wide + s.high) / 2 for s in group))
        frame = _outline(round(side / 2), ring)
        cover = cv2.filter2D(near, cv2.CV_32F, frame / (255.0 * frame.sum()), borderType=cv2.BORDER_CONSTANT)
        peaks = (cover > 0.92) & (cover >= cv2.dilate(cover, np.ones((5, 5), np.uint8)))
        places = 2 * np.argwhere(peaks)[:, ::-1]
        made += _siblings(ink, places[in_line(group, places, dpi)], side, ring)
    return distinct([s for s in made if not any(touch(s, f) for f in found)])


def _sizes(shapes: Sequence[Shape]) -> list[list[Shape]]:
    """The shapes in groups of about one size."""
    groups: list[list[Shape]] = []
    for shape in sorted(shapes, key=lambda s: s.wide + s.high):
        if groups and shape.wide + shape.high < 1.15 * (groups[-1][0].wide + groups[-1][0].high):
            groups[-1].append(shape)
        else:
            groups.append([shape])
    return groups


def is_kin(shape: Shape, found: Sequence[Shape], dpi: float) -> bool:
    """Whether one of the `found` has its kind and size and stands in its column or row."""
    alike = [
        s
        for s in found
        if s.ring == shape.ring and abs(s.wide + s.high - shape.wide - shape.high) < 0.12 * (s.wide + s.high)
    ]
    return bool(in_line(alike, np.array([[shape.x + shape.wide / 2, shape.y + shape.high / 2]]), dpi)[0])


def _outline(side: int, ring: bool) -> npt.NDArray[np.float32]:
    """A frame one pixel wide with this side."""
    frame = np.zeros((side + 3, side + 3), np.uint8)
    if ring:
        cv2.circle(frame, ((side + 2) // 2, (side + 2) // 2), (side - 1) // 2, 1, 1)
    else:
        cv2.rectangle(frame, (2, 2), (side, side), 1, 1)
    return frame.astype(np.float32)


def in_line(group: Sequence[Shape], places: npt.NDArray[Any], dpi: float) -> npt.NDArray[np.bool_]:
    """For each of the `places` (n x 2: x, y) whether a shape of the group has its middle in that column or row."""
    middles = np.array([(s.x + s.wide / 2, s.y + s.high / 2) for s in group]).reshape(-1, 2)
    result = np.zeros(len(places), np.bool_)
    for axis in (0, 1):
        lines = np.sort(middles[:, axis])
        if len(lines):
            at = np.searchsorted(lines, places[:, axis])
            below_it, above_it = lines[np.maximum(at - 1, 0)], lines[np.minimum(at, len(lines) - 1)]
            apart = np.minimum(np.abs(below_it - places[:, axis]), np.abs(above_it - places[:, axis]))
            result |= apart < _ALIGNED * dpi / 72
    return result


def _siblings(ink: Ink, places: _Places, side: int, ring: bool) -> list[Shape]:
    """The frames about some of the places (x, y): where no more than a sibling's outline is black."""
    kept = [p for n in range(0, len(places), _AT_ONCE) for p in _outlined(ink, places[n : n + _AT_ONCE], side, ring)]
    sure = 0.8 if ring else 0.88
    corners = [(round(x - side / 2), round(y - side / 2)) for x, y in kept]
    return [Shape(x, y, side, side, sure, stands_alone(ink, x, y, side, side, _DPI), ring, True) for x, y in corners]


def _outlined(ink: Ink, places: _Places, side: int, ring: bool) -> list[tuple[int, int]]:
    """The places about which a frame of this side is black and no more than a frame; where much of one is, it is looked
    for a little beside as well."""
    on, out = _blackness(ink, places, side, ring)
    kept = places[(on >= _BLACK) & (out <= _OUTSIDE)]
    doubtful = places[(on >= _MUCH) & (on < _BLACK)]
    if len(doubtful):
        moved = (doubtful[:, None] + _BESIDE[None]).reshape(-1, 2)
        on, out = (v.reshape(len(doubtful), -1) for v in _blackness(ink, moved, side, ring))
        best = np.where(out <= _OUTSIDE, on, 0.0)
        at, rows = best.argmax(axis=1), np.arange(len(doubtful))
        kept = np.concatenate([kept, (doubtful + _BESIDE[at])[best[rows, at] >= _BLACK]])
    return [(int(x), int(y)) for x, y in kept.tolist()]


def _blackness(ink: Ink, places: _Places, side: int, ring: bool) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """For each place the share of a frame about it that is black, and of the emptiest line around the frame."""
    turns = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    across, down = np.cos(turns), np.sin(turns)
    if not ring:
        longest = np.maximum(np.abs(across), np.abs(down))
        across, down = across / longest, down / longest
    radii = side / 2 + np.arange(-3, 7)[:, None]
    x, y = places[:, 0, None, None], places[:, 1, None, None]
    rows = np.clip(np.rint(y + radii * down).astype(int), 0, ink.shape[0] - 1)
    columns = np.clip(np.rint(x + radii * across).astype(int), 0, ink.shape[1] - 1)
    black = ink[rows, columns] > 0
    return black[:, :6].any(axis=1).mean(axis=1), black[:, 7:].mean(axis=2).min(axis=1)
