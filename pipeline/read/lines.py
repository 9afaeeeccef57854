"""One network that reads lines: what goes in and what comes out.

Belongs here: a strip of the page into letters with places and odds. Does not belong here: finding lines (paddle.py),
cutting them into words (split.py), which network reads what (again.py). A CTC network over 48 pixel high lines.
"""

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.models import wanted
from pipeline.read.picture import Pixels, resized
from pipeline.read.runtime import loaded
from pipeline.read.slots import TWINS
from pipeline.read.split import Line

LINE_HEIGHT = 48
_WIDTH_STEP = 64


class LineReader:
    """`runtime` names what runs the network."""

    def __init__(self, path: Path, alphabet: list[str]) -> None:
        keep = wanted(alphabet)
        self._letters = ["", *(alphabet[i] for i in keep[1:])]
        self._twins = np.array([self._letters.index(TWINS[c]) if c in TWINS else 0 for c in self._letters])
        self._read, self.runtime = loaded(path, keep)

    def line(self, strip: Pixels, back: npt.NDArray[Any], share: float = 1.0) -> Line:
        """What a strip (48 rows) reads as at its full width, or narrowed to a `share` of it; `back` is the 2 x 3 matrix
        from its pixels to the page's."""
        wide = max(8, math.ceil(strip.shape[1] * share))
        padded = math.ceil(wide / _WIDTH_STEP) * _WIDTH_STEP
        tensor = np.zeros((1, 3, LINE_HEIGHT, padded), dtype=np.float32)
        tensor[:, :, :, :wide] = resized(strip, wide, LINE_HEIGHT).astype(np.float32) / 127.5 - 1.0
        odds = self._read(tensor)[0]
        best = odds.argmax(axis=1)
        starts = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))
        ends = np.append(starts[1:], len(best)) - 1
        kept = best[starts] != 0
        starts, ends = starts[kept], ends[kept]
        step = padded / len(best) * strip.shape[1] / wide
        centres = ((starts + ends) / 2 + 0.5) * step
        letters = [self._letters[i] for i in best[starts]]
        sure = odds[starts, best[starts]].astype(float)
        leans = odds[starts, self._twins[best[starts]]] * (self._twins[best[starts]] > 0) / sure
        return Line(letters, centres.tolist(), sure.tolist(), strip, back, leans.tolist())


def part_of(strip: Pixels, back: npt.NDArray[Any], left: int, right: int, paper: int) -> tuple[Pixels, npt.NDArray[Any]]:
    """Columns `left` to `right` of a strip with `paper` pixels of blank paper on both sides, and the matrix from the
    part's pixels to the page's."""
    cut = strip[:, max(0, left) : right]
    white = float(np.median(strip))
    part = cv2.copyMakeBorder(cut, 0, 0, paper, paper, cv2.BORDER_CONSTANT, value=(white,))
    moved = back.copy()
    moved[:, 2] += back[:, 0] * (max(0, left) - paper)
    return np.ascontiguousarray(part, dtype=np.uint8), moved
