"""Strips of a page put together without the empty ones between them: marks are looked for only where there is ink.

Belongs here: which strips are kept, and boxes from the page to the strips and back. Does not belong here: what is looked
for in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.model.text import Box, InkMark, TickBox, Word
from pipeline.read.picture import Pixels

HIGH = 18.0
"""Height of a strip in points: a whole number of pixels at 120 and at 200 dpi."""


@dataclass(frozen=True)
class Strips:
    """Numbers of the kept strips, ascending; strip 0 is the head of the page."""

    kept: tuple[int, ...]

    def cut(self, picture: Pixels, dpi: float) -> Pixels:
        """The kept rows of a picture of the whole page, one below another."""
        step = round(HIGH * dpi / 72)
        parts = [picture[n * step : (n + 1) * step] for n in self.kept]
        return np.concatenate(parts) if parts else picture[:0]

    def inside(self, words: Iterable[Word]) -> list[Word]:
        """The words whose middle lies in a kept strip, with boxes in the cut picture."""
        place = {n: at for at, n in enumerate(self.kept)}
        found = []
        for word in words:
            n = int((word.box[1] + word.box[3]) / 2 // HIGH)
            if n in place:
                found.append(word.model_copy(update={"box": _moved(word.box, (place[n] - n) * HIGH)}))
        return found

    def down(self, boxes: Iterable[Box]) -> list[Box]:
        """Boxes of the page as boxes of the cut picture; those that lie in no kept strip are left out."""
        place = {n: at for at, n in enumerate(self.kept)}
        numbered = [(b, int((b[1] + b[3]) / 2 // HIGH)) for b in boxes]
        return [_moved(b, (place[n] - n) * HIGH) for b, n in numbered if n in place]

    def back(self, box: Box) -> Box:
        """A box of the cut picture as a box of the page."""
        at = min(max(int((box[1] + box[3]) / 2 // HIGH), 0), len(self.kept) - 1)
        return _moved(box, (self.kept[at] - at) * HIGH)

    def ticks(self, found: Iterable[TickBox]) -> list[TickBox]:
        """Tick boxes of the cut picture, on the page."""
        return [t.model_copy(update={"box": self.back(t.box)}) for t in found]

    def marks(self, found: Iterable[InkMark]) -> list[InkMark]:
        """Ink of the cut picture, on the page."""
        return [m.model_copy(update={"box": self.back(m.box)}) for m in found]


def around(boxes: Iterable[Box], height: float) -> Strips:
    """The strips of a page `height` points high that the boxes touch, and one above and one below each."""
    last = max(int(np.ceil(height / HIGH)) - 1, 0)
    kept = {n for b in boxes for n in range(int(b[1] // HIGH) - 1, int(b[3] // HIGH) + 2)}
    return Strips(tuple(n for n in sorted(kept) if 0 <= n <= last))


def with_ink(rows: Sequence[bool] | np.ndarray, dpi: float) -> Strips:
    """The strips in which any row of pixels is marked."""
    step = round(HIGH * dpi / 72)
    marked = np.asarray(rows)
    return Strips(tuple(n for n in range(-(-len(marked) // step)) if marked[n * step : (n + 1) * step].any()))


def _moved(box: Box, by: float) -> Box:
    return (box[0], box[1] + by, box[2], box[3] + by)
