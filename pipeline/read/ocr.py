"""Words from a prepared picture.

Belongs here: asking the engine, the test for upside-down, pixels to points. Does not belong here: preparing (prepare.py)
or ordering (order.py).
"""

from collections.abc import Sequence

import numpy as np

from pipeline.model.text import Word
from pipeline.read.engine import Engine, OcrWord
from pipeline.read.picture import Pixels, turned
from pipeline.read.prepare import Prepared

DOUBT = 0.8
"""Below this mean confidence a page may be upside down."""

GAIN = 0.05
LEAST = 0.2
_SPECKS = frozenset(".,:;'`\"-_|~=*°^‘’“”—–\\/!")
"""Words of less confidence are noise."""


def recognised(page: Prepared, engine: Engine) -> tuple[Prepared, list[Word]]:
    """The page the right way up, and its words in points."""
    lines = engine.words(page.gray, round(page.dpi))
    if mean_confidence(lines) < DOUBT and page.gray.any():
        strip = _densest_strip(page.gray, page.dpi)
        here, there = (mean_confidence(engine.words(s, round(page.dpi))) for s in (strip, turned(strip, 180)))
        if there > here + GAIN:
            page = page.upside_down()
            lines = engine.words(page.gray, round(page.dpi))
    return page, in_points(lines, page.dpi)


def mean_confidence(lines: Sequence[Sequence[OcrWord]]) -> float:
    """Mean confidence by characters; 0 for no words."""
    words = [w for line in lines for w in line]
    letters = sum(len(w.text) for w in words)
    return sum(len(w.text) * w.confidence for w in words) / letters if letters else 0.0


def in_points(lines: Sequence[Sequence[OcrWord]], dpi: float) -> list[Word]:
    """The engine's words as the model's, boxes in points."""
    scale = 72 / dpi
    return [
        Word(text=w.text, box=(w.box[0] * scale, w.box[1] * scale, w.box[2] * scale, w.box[3] * scale),
             confidence=w.confidence, source="ocr", line=0, start=0)
        for line in lines for w in line if w.confidence >= LEAST and not _is_speck(w)
    ]  # fmt: skip


def _is_speck(word: OcrWord) -> bool:
    """A stray mark read as punctuation standing alone."""
    return word.text in _SPECKS and word.confidence < 0.85


def _densest_strip(gray: Pixels, dpi: float) -> Pixels:
    """The 1.5 inches of the page with the most strokes."""
    edges = np.abs(np.diff(gray.astype(np.int16), axis=1)).sum(axis=1)
    high = min(round(1.5 * dpi), gray.shape[0])
    total = np.concatenate([[0], np.cumsum(edges)])
    top = int(np.argmax(total[high:] - total[:-high]))
    return gray[top : top + high]
