"""Squares that a PDF itself draws: tick boxes of forms that were made on a computer.

Belongs here: paths of a page that are squares of a tick box's size, several alike, and whether they are seen. Does not
belong here: frames told from pixels alone (boxes.py), whether one is ticked (ticks.py). Exact where pixels must guess:
thin, gray and dotted frames, marks beside and across them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from pipeline.model.text import Box
from pipeline.read import pdfium
from pipeline.read.picture import Pixels

_SIDE = (5.0, 17.0)
_EDGES = 6
"""A rectangle is a path of five steps, or six; the outline of a letter has more."""

_ALIKE, _ALIGNED = 0.35, 1.0
"""Points by which the sides of boxes of one form, and the edges of boxes in one row or column, may differ."""

_INK, _OUTLINED = 215, 0.35


def drawn_squares(page: Any, matrix: Sequence[float]) -> list[Box]:
    """Outermost squares of which there are two alike in a row or a column, boxes in points of the upright page; `matrix` is
    pdf.to_upright's."""
    at, sides = pdfium.address(page), pdfium.floats(4)
    found: list[Box] = []
    for number in range(pdfium.objects_on(at)):
        item = pdfium.object_at(at, number)
        if pdfium.kind_of(item) != raw.FPDF_PAGEOBJ_PATH or not 4 <= pdfium.segments_of(item) <= _EDGES:
            continue
        if pdfium.bounds_of(item, *sides.at):
            x0, y0, x1, y1 = sides.values[:]
            if _SIDE[0] < x1 - x0 < _SIDE[1] and abs((x1 - x0) - (y1 - y0)) < 0.12 * (x1 - x0):
                found.append(_through(matrix, x0, y0, x1, y1))
    outer = [b for b in found if not any(o != b and _holds(o, b) for o in found)]
    boxes = list(dict.fromkeys(outer))
    return [b for b in boxes if any(o != b and _are_kin(o, b) for o in boxes)]


def seen_squares(gray: Pixels, dpi: float, boxes: Sequence[Box]) -> list[Box]:
    """Those whose outline is seen on the page's picture; none when all of them are filled: bullets, or a pattern."""
    seen = []
    filled = 0
    for box in boxes:
        x0, y0, x1, y1 = (round(v * dpi / 72) for v in box)
        patch = gray[max(0, y0 - 1) : y1 + 2, max(0, x0 - 1) : x1 + 2]
        if min(patch.shape, default=0) < 8:
            continue
        deep = 5
        edges = (patch[:deep].min(axis=0), patch[-deep:].min(axis=0), patch[:, :deep].min(axis=1), patch[:, -deep:].min(axis=1))
        if min(float(np.mean(e < _INK)) for e in edges) > _OUTLINED:
            seen.append(box)
            filled += float(np.mean(patch[deep:-deep, deep:-deep] < 150)) > 0.9
    return seen if filled < len(seen) else []


def _through(m: Sequence[float], x0: float, y0: float, x1: float, y1: float) -> Box:
    xs = sorted(m[0] * x + m[2] * y + m[4] for x, y in ((x0, y0), (x1, y1)))
    ys = sorted(m[1] * x + m[3] * y + m[5] for x, y in ((x0, y0), (x1, y1)))
    return (round(xs[0], 2), round(ys[0], 2), round(xs[1], 2), round(ys[1], 2))


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] - 0.2 <= inner[0] and outer[1] - 0.2 <= inner[1] and inner[2] <= outer[2] + 0.2 and inner[3] <= outer[3] + 0.2
        and (outer[2] - outer[0], outer) > (inner[2] - inner[0], inner)
    )  # fmt: skip


def _are_kin(a: Box, b: Box) -> bool:
    alike = abs((a[2] - a[0]) - (b[2] - b[0])) < _ALIKE and abs((a[3] - a[1]) - (b[3] - b[1])) < _ALIKE
    return alike and (abs(a[0] - b[0]) < _ALIGNED or abs(a[1] - b[1]) < _ALIGNED)
