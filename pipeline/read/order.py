"""Reading order: words to lines, lines to columns.

Belongs here: geometry of words, whatever their source. Does not belong here: what the words mean. A line is a run of
words on one baseline without a wide gap; a label and its value on one row of a form may be two lines, one after the
other. Side columns are read as columns when their baselines do not match those beside them; rows of a table match, and
are read across.
"""

from collections.abc import Sequence
from statistics import median
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.model.text import Box, Word, union
from pipeline.read.spacing import closed_up

WIDE_GAP = 2.2
"""A gap of so many line heights ends a line."""

GUTTER = 1.0
"""A column gutter is at least so many line heights wide."""

FEWEST_LINES = 3
"""A column has at least so many lines beside another."""

Line = list[Word]
_Numbers: TypeAlias = npt.NDArray[np.float64]
_AT_ONCE = 128
"""Words that are held against all others at a time: a page may have thousands."""


def in_reading_order(words: Sequence[Word], rules: Sequence[Box] = ()) -> list[Line]:
    """Lines of words in the order in which a person reads them; every word is in exactly one line, letterspaced ones
    joined. `rules` are horizontal rules: what lies above one that runs across two columns is read before what lies
    below it."""
    lines = [closed_up(line) for line in lines_of(words)]
    if not lines:
        return []
    boxes = [union(w.box for w in line) for line in lines]
    return [lines[i] for i in _ordered(list(range(len(lines))), boxes, rules)]


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Runs of neighbouring words on one baseline, each from left to right, in no particular order."""
    if not words:
        return []
    follows = _right_neighbours(words)
    starts = set(range(len(words))) - {n for n in follows if n is not None}
    lines: list[Line] = []
    for start in sorted(starts):
        line, at = [], start
        while True:
            line.append(words[at])
            after = follows[at]
            if after is None:
                break
            at = after
        lines.append(line)
    return lines


def _right_neighbours(words: Sequence[Word]) -> list[int | None]:
    """For each word the index of the word that follows it on its line. Each word follows at most one other."""
    box = np.array([w.box for w in words], dtype=np.float64)
    height = np.maximum(box[:, 3] - box[:, 1], 1.0)
    em = np.maximum(height, 0.8 * float(np.median(height)))
    pairs: list[tuple[float, int, int]] = []
    for first in range(0, len(words), _AT_ONCE):
        near, gap = _near(box, height, em, slice(first, first + _AT_ONCE))
        here, there = np.nonzero(near)
        pairs += zip(np.maximum(gap[here, there], 0.0).tolist(), (here + first).tolist(), there.tolist(), strict=True)
    follows: list[int | None] = [None] * len(words)
    led: set[int] = set()
    for _, before, after in sorted(pairs):
        if follows[before] is None and after not in led and before != after:
            follows[before] = after
            led.add(after)
    return follows


def _near(box: _Numbers, height: _Numbers, em: _Numbers, some: slice) -> tuple[npt.NDArray[np.bool_], _Numbers]:
    """For `some` of the words whether each word may follow, and the gap between them: a row for each of the `some`.
    Middles lie within half a height of each other; a comma or a dash lies within a tall word."""
    x0, y0, x1, y1 = box.T
    mine, high, middle = height[some, None], np.maximum(height[some, None], height), (y0 + y1) / 2
    low = np.minimum(mine, height)
    shared = np.minimum(y1[some, None], y1) - np.maximum(y0[some, None], y0)
    near = (shared > 0.45 * low) & (np.abs(middle - middle[some, None]) < 0.55 * high)
    gap = x0 - x1[some, None]
    near &= (gap < WIDE_GAP * np.minimum(em, em[some, None])) & (gap > -0.5 * em[some, None]) & (x0 > x0[some, None])
    near &= high < 2.6 * low + 3
    return near, gap


def _ordered(lines: list[int], boxes: Sequence[Box], rules: Sequence[Box]) -> list[int]:
    """Indices in reading order: split at the best gutter if there is one, else row by row."""
    if len(lines) < 2 * 2:
        return _by_rows(lines, boxes)
    em = median(boxes[i][3] - boxes[i][1] for i in lines)
    best: tuple[float, float] | None = None
    for x in _gutters(lines, boxes, em):
        worth = sum(_worth(band, boxes, x, em) for band in _bands(lines, boxes, x, rules) if len(band) > 1)
        if worth > 0 and (best is None or worth > best[0]):
            best = (worth, x)
    if best is None:
        return _by_rows(lines, boxes)
    result: list[int] = []
    for band in _bands(lines, boxes, best[1], rules):
        left = [i for i in band if boxes[i][2] <= best[1]]
        right = [i for i in band if boxes[i][0] >= best[1]]
        if left and right and _worth(band, boxes, best[1], em) > 0:
            result += _ordered(left, boxes, rules) + _ordered(right, boxes, rules)
        elif len(band) < len(lines):
            result += _ordered(band, boxes, rules)
        else:
            result += _by_rows(band, boxes)
    return result


def _gutters(lines: list[int], boxes: Sequence[Box], em: float) -> list[float]:
    """Candidate x of empty vertical strips: just left of each distinct left edge."""
    edges = sorted({round(boxes[i][0] - 0.25 * em, 1) for i in lines})
    leftmost = min(boxes[i][0] for i in lines)
    return [x for x in edges if x > leftmost]


def _bands(lines: list[int], boxes: Sequence[Box], x: float, rules: Sequence[Box]) -> list[list[int]]:
    """Lines from top to bottom, cut into runs at every rule and every line that crosses x; such a line is a band of
    its own."""
    cuts = sorted((r[1] + r[3]) / 2 for r in rules if r[0] < x - 2 and x + 2 < r[2])
    bands: list[list[int]] = [[]]
    for i in sorted(lines, key=lambda i: (boxes[i][1] + boxes[i][3], boxes[i][0])):
        while cuts and cuts[0] < (boxes[i][1] + boxes[i][3]) / 2:
            cuts.pop(0)
            bands.append([])
        if boxes[i][0] < x < boxes[i][2]:
            bands += [[i], []]
        else:
            bands[-1].append(i)
    return [b for b in bands if b]


def _worth(band: list[int], boxes: Sequence[Box], x: float, em: float) -> float:
    """How much a band looks like two columns at x: lines of the shorter column that match no baseline of the other;
    0 when it is rather a table, a gutter too narrow, or too few lines."""
    left = [boxes[i] for i in band if boxes[i][2] <= x]
    right = [boxes[i] for i in band if boxes[i][0] >= x]
    if min(len(left), len(right)) < FEWEST_LINES:
        return 0.0
    top, bottom = max(min(b[1] for b in s) for s in (left, right)), min(max(b[3] for b in s) for s in (left, right))
    left_there = [b for b in left if b[3] > top and b[1] < bottom]
    right_there = [b for b in right if b[3] > top and b[1] < bottom]
    fewer, more = sorted((left_there, right_there), key=len)
    if len(fewer) < FEWEST_LINES:
        return 0.0
    if min(b[0] for b in right_there) - max(b[2] for b in left_there) < GUTTER * em:
        return 0.0
    loose = sum(1 for b in fewer if _clashes(b, more, em))
    return float(loose) if loose >= max(2, 0.34 * len(fewer)) else 0.0


def _clashes(box: Box, others: Sequence[Box], em: float) -> bool:
    """Whether a line lies beside others but on none of their baselines."""
    beside = [b for b in others if min(b[3], box[3]) - max(b[1], box[1]) > 0.1 * em]
    return bool(beside) and not any(_level(box, b, em) for b in beside)


def _level(a: Box, b: Box, em: float) -> bool:
    return abs(a[3] - b[3]) < 0.25 * em or abs((a[1] + a[3]) - (b[1] + b[3])) < 0.4 * em


def _by_rows(lines: list[int], boxes: Sequence[Box]) -> list[int]:
    """Top to bottom, and from left to right what shares a row."""
    rows: list[list[int]] = []
    for i in sorted(lines, key=lambda i: (boxes[i][1] + boxes[i][3], boxes[i][0])):
        last = boxes[rows[-1][0]] if rows else None
        if last is not None:
            shared = min(last[3], boxes[i][3]) - max(last[1], boxes[i][1])
            if shared > 0.5 * min(last[3] - last[1], boxes[i][3] - boxes[i][1]):
                rows[-1].append(i)
                continue
        rows.append([i])
    return [i for row in rows for i in sorted(row, key=lambda i: (boxes[i][0], boxes[i][1]))]
