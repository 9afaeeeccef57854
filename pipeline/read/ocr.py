"""Words from a prepared picture.

Belongs here: asking the engine, the test for upside-down, pixels to points. Does not belong here: preparing (prepare.py)
or ordering (order.py).
"""

from collections.abc import Sequence

import numpy as np

from pipeline.model.text import Word
from pipeline.read.engine import Engine, OcrWord
from pipeline.read.opinion import is_critical
from pipeline.read.picture import Pixels, turned
from pipeline.read.prepare import Prepared
from pipeline.read.turn import head_up

SURE_STEMS = 0.62
"""From this share of letters with their stem upwards a page is taken to be upright."""

DOUBT = 0.88
"""Below this mean confidence a strip may be upside down."""

GAIN = 0.05
LEAST = 0.2
_SPECKS = frozenset(".,:;'`\"-_|~=*°^‘’“”—–\\/!")
"""Words of less confidence are noise."""


def recognised(page: Prepared, engine: Engine) -> tuple[Prepared, list[Word]]:
    """The page the right way up, and its words in points."""
    stems = head_up(_densest_strip(page.gray, page.dpi, 4.0), page.dpi)
    if stems is not None and stems < 1 - SURE_STEMS:
        page = page.upside_down()
    elif stems is None or stems < SURE_STEMS:
        page = _better_way_up(page, engine)
    return page, in_points(engine.words(page.gray, round(page.dpi)), page.dpi)


def _better_way_up(page: Prepared, engine: Engine) -> Prepared:
    """The page, turned by 180 degrees if a strip of it reads better so."""
    strip, dpi = _densest_strip(page.gray, page.dpi, 1.2), round(page.dpi)
    here = mean_confidence(engine.words(strip, dpi))
    if here > DOUBT:
        return page
    there = mean_confidence(engine.words(turned(strip, 180), dpi))
    return page.upside_down() if there > here + GAIN else page


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
             confidence=w.confidence, source="ocr", line=0, start=0, opinion=w.opinion if is_critical(w.text) else None)
        for line in lines for w in line if w.confidence >= LEAST and not _is_speck(w)
    ]  # fmt: skip


def lowered(word: Word, by: float) -> Word:
    """The word moved down by so many points: from a strip of a page to the page."""
    x0, y0, x1, y1 = word.box
    return word.model_copy(update={"box": (x0, y0 + by, x1, y1 + by)})


def _is_speck(word: OcrWord) -> bool:
    """A stray mark read as punctuation standing alone."""
    return word.text in _SPECKS and word.confidence < 0.85


def _densest_strip(gray: Pixels, dpi: float, inches: float) -> Pixels:
    """So many inches of the page, those with the most strokes."""
    edges = np.abs(np.diff(gray.astype(np.int16), axis=1)).sum(axis=1)
    high = min(round(inches * dpi), gray.shape[0])
    total = np.concatenate([[0], np.cumsum(edges)])
    top = int(np.argmax(total[high:] - total[:-high]))
    return gray[top : top + high]
