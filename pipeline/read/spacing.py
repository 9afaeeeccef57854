"""Letterspaced words: single letters set apart, put together again.

Belongs here: telling "S M I T H" in a heading from single letters in a row. Does not belong here: lines (order.py).
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.model.text import Word, union

FEWEST = 4
"""So many single letters in a row make a letterspaced word; initials and grades stay as they are."""


def closed_up(line: Sequence[Word]) -> list[Word]:
    """The line with runs of evenly spaced single letters joined; a gap half as wide again parts two words."""
    result: list[Word] = []
    run: list[Word] = []
    for word in line:
        if len(word.text) <= 1 and word.source != "field":
            run.append(word)
            continue
        result += _joined(run)
        run = []
        result.append(word)
    return result + _joined(run)


def _joined(run: list[Word]) -> list[Word]:
    if len(run) < FEWEST or sum(w.text.isalpha() for w in run) < 0.7 * len(run):
        return run
    steps = [b.box[0] - a.box[2] for a, b in pairwise(run)]
    height = median(w.box[3] - w.box[1] for w in run)
    usual = median(steps)
    if not 0 < usual < 1.2 * height:
        return run
    parts: list[list[Word]] = [[run[0]]]
    for step, word in zip(steps, run[1:], strict=True):
        if step > 1.5 * usual + 0.1 * height:
            parts.append([])
        parts[-1].append(word)
    return [_one(part) for part in parts]


def _one(part: list[Word]) -> Word:
    box = union(w.box for w in part)
    confidence = sum(w.confidence for w in part) / len(part)
    return part[0].model_copy(update={"text": "".join(w.text for w in part), "box": box, "confidence": confidence})
