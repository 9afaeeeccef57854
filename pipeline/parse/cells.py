"""Lines cut into the cells of a form: where two cells stand so close that reading made one line of them.

Belongs here: the columns of a page, told from where its lines and the words behind wide gaps begin. Does not belong
here: what a cell holds (labels, grids), which words make a line (read).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.model import DocumentText, Word, union
from pipeline.parse.lines import Line

_NEAR = 90.0
"""Points above or below within which another cell shows a column."""

_ALIGNED = 2.6
_GAP, _WIDE, _LOWER = 0.5, 0.9, 0.8
"""Shares of a line's height: the least gap at which a cell may end, the one that shows a column by itself, and the one
before a word in lower case. The space between two words is about a quarter."""

_USUAL = 1.9
"""Times the page's usual space that a gap between cells is at least: on typewritten pages every space is wide."""

_ALIKE = 1.7
"""Times by which the types of two cells of a column may differ; a heading shows no column."""

_SHORT = 7
"""Words of a line that shows a column."""

_MOST = 16
"""Words of a row of cells; a longer line is prose, whose spaces are stretched now and then."""


def celled(document: DocumentText, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, each cut where a word behind a gap begins in a column of which another row has a cell."""
    made: list[Line] = []
    for page in sorted({line.page for line in lines}):
        here = [line for line in lines if line.page == page]
        usual = _usual(here)
        starts = [start for line in here for start in _starts(line, usual)]
        for line in here:
            made.extend(_cut(document, line, starts, usual))
    return tuple(made)


def _usual(lines: Sequence[Line]) -> float:
    """The usual space between two words of a page, as a share of the line's height."""
    gaps = [(b.box[0] - a.box[2]) / line.height for line in lines for a, b in pairwise(line.words) if line.height]
    return max(0.0, median(gaps)) if gaps else 0.25


def _starts(line: Line, usual: float) -> list[tuple[float, float, Line]]:
    """(x, y, line) where a short line begins and where its words behind wide gaps do."""
    wide = [b for a, b in pairwise(line.words) if b.box[0] - a.box[2] > max(_WIDE, 1.3 * _USUAL * usual) * line.height]
    first = [line.box[0]] if len(line.words) <= _SHORT else []
    return [(x, line.box[1], line) for x in (*first, *(w.box[0] for w in wide))] if len(line.words) <= _MOST else []


def _cut(document: DocumentText, line: Line, starts: Sequence[tuple[float, float, Line]], usual: float) -> list[Line]:
    if not 2 <= len(line.words) <= _MOST:
        return [line]
    parts: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        least = max(_LOWER if word.text[:1].islower() else _GAP, _USUAL * usual) * line.height
        if word.box[0] - before.box[2] > least and _begins_column(line, word.box[0], starts):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [line] if len(parts) == 1 else [_part(document, line, words) for words in parts]


def _begins_column(line: Line, x: float, starts: Sequence[tuple[float, float, Line]]) -> bool:
    """Whether a cell of another row begins right there; the page's own margin is no column."""
    return x > line.box[0] + 2 * line.height and any(
        other is not line and abs(at - x) < _ALIGNED and max(other.height, line.height) < _ALIKE * min(other.height, line.height) and 0.5 * line.height < abs(y - line.box[1]) < _NEAR for at, y, other in starts)


def _part(document: DocumentText, line: Line, words: Sequence[Word]) -> Line:
    start, end = words[0].start, words[-1].end
    return replace(line, words=tuple(words), text=document.text[start:end], start=start, end=end, box=union(w.box for w in words))
