"""What is read a second time, and by which network.

Belongs here: the quick network reads every line; the slow, better one reads what the quick one was not sure of, and the
words that decide. Does not belong here: how a network reads (lines.py), what two readings make together (opinion.py).
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.engine import OcrWord
from pipeline.read.lines import LineReader, part_of
from pipeline.read.opinion import is_critical, weighed
from pipeline.read.picture import Pixels
from pipeline.read.slots import voted
from pipeline.read.split import words_in

SURE = 0.85
"""A word whose letters all have such odds needs no second reading unless it decides."""

_LEANING = 1e-2
"""A number whose first digit leans so much to a letter may be a code: '10' with its I lost is I10."""

_WHOLE = 0.6
"""When so much of a line is to be read again, all of it is."""

_NARROW = 0.85
"""A word that two networks dispute is read a third time, narrowed to this share."""

_PAPER = 12
"""Pixels of paper beside a part of a line that is read by itself."""


class TwoReaders:
    """A quick network and a better one over the same strips."""

    def __init__(self, quick: LineReader, better: LineReader) -> None:
        self._quick, self._better = quick, better

    def words(self, strip: Pixels, back: npt.NDArray[Any]) -> list[OcrWord]:
        """The words of one line from left to right, boxes on the page."""
        first = words_in(self._quick.line(strip, back))
        doubtful = [w.least < SURE or w.lean > _LEANING or is_critical(w.text) for w in first]
        if not any(doubtful):
            return first
        spans = _columns(first, back)
        if _share(spans, doubtful) > _WHOLE:
            return self._settled(first, words_in(self._better.line(strip, back)), strip, back)
        result: list[OcrWord] = []
        at = 0
        for doubt, group in itertools.groupby(doubtful):
            end = at + len(list(group))
            result += self._part(first, spans, at, end, strip, back) if doubt else first[at:end]
            at = end
        return result

    def _part(
        self, first: Sequence[OcrWord], spans: Sequence[tuple[float, float]], at: int, end: int, strip: Pixels, back: npt.NDArray[Any]
    ) -> list[OcrWord]:
        """Words `at` to `end` read by the better network, cut where the paper between words is."""
        left = (spans[at - 1][1] + spans[at][0]) / 2 if at else 0.0
        right = (spans[end - 1][1] + spans[end][0]) / 2 if end < len(spans) else float(strip.shape[1])
        left, right = max(left, spans[at][0] - _PAPER), min(right, spans[end - 1][1] + _PAPER)
        part, moved = part_of(strip, back, math.floor(left), max(math.ceil(right), math.floor(left) + 8), _PAPER)
        return self._settled(first[at:end], words_in(self._better.line(part, moved)), strip, back)

    def _settled(self, first: Sequence[OcrWord], second: list[OcrWord], strip: Pixels, back: npt.NDArray[Any]) -> list[OcrWord]:
        """The better reading, each word that decides with what the quick one and the grammar say of it; nothing read: the
        first."""
        if not second:
            return list(first)
        said = {_bare(w.text): w for w in first} | {_bare(w.text): w for w in map(voted, first)}
        return [voted(self._third(w, said, strip, back) if is_critical(w.text) else w, said) for w in second]

    def _third(self, word: OcrWord, said: dict[str, OcrWord], strip: Pixels, back: npt.NDArray[Any]) -> OcrWord:
        """Agreed when the quick network read the same; else what a third look, at another scale, makes of it."""
        if _bare(word.text) in said:
            return replace(word, confidence=max(word.confidence, said[_bare(word.text)].confidence), opinion="agreed")
        ((left, right),) = _columns([word], back)
        part, moved = part_of(strip, back, math.floor(left) - 3, max(math.ceil(right) + 3, math.floor(left) + 8), _PAPER)
        line = self._better.line(part, moved, _NARROW)
        kept = [(letter, odds) for letter, odds in zip(line.letters, line.odds, strict=True) if letter != " "]
        return weighed(word, "".join(c for c, _ in kept), min(1.0, sum(o for _, o in kept) / max(len(kept), 1)))


def _bare(text: str) -> str:
    return text.strip(".,;:()[]'\"-")


def _share(spans: Sequence[tuple[float, float]], doubtful: Sequence[bool]) -> float:
    """Share of the words' width that is doubtful."""
    wide = [right - left for left, right in spans]
    return sum(w for w, d in zip(wide, doubtful, strict=True) if d) / max(sum(wide), 1.0)


def _columns(words: Sequence[OcrWord], back: npt.NDArray[Any]) -> list[tuple[float, float]]:
    """First and last column of each word in the strip whose matrix to the page is `back`."""
    forth = cv2.invertAffineTransform(back)[0]
    result = []
    for word in words:
        x0, y0, x1, y1 = word.box
        across = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]]) @ forth
        result.append((float(across.min()), float(across.max())))
    return result
