"""Tables of treatments and what came of each: which cells name a treatment that was tried.

Belongs here: a header that pairs treatments with results, dates or reasons, and the cells below it. Does not belong here:
treatments in sentences (treatments), tables of what is asked for (grids).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.parse.grids import rows_of
from pipeline.parse.lines import Line

_NAMES = re.compile(r"(?:(?:prior|previous|past|failed|other|conservative)\s)?(?:treatment|therapy|medication|drug|agent|intervention|measure|modality|device|trial|product|formula|method)s?(?:\s?/\s?\w+)?(?:\s(?:tried|used|name|attempted))?|(?:what was\s)?tried", re.I)
_RESULTS = re.compile(r"(?:(?:reason|why)[\w /]*|(?:clinical |patient )?(?:results?|outcomes?|responses?|effects?)(?:[\w /]*)|tolerability|failure)", re.I)
_ENDS = re.compile(r"\s*(?:total|today|dear|sincerely|signature|current|plan|request\w*|diagnos\w*)\b", re.I)


@dataclass(frozen=True)
class Cell:
    """A treatment's name at text[start:end]; its row ends at `row_end`."""

    start: int
    end: int
    row_end: int


def tried_cells(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """The first cells of every row below a header such as 'Therapy | When | Result'."""
    rows = rows_of(lines)
    found: list[Cell] = []
    for n, row in enumerate(rows):
        if len(row) < 2 or not _NAMES.fullmatch(row[0].text.strip(" :.*")) or not any(_RESULTS.fullmatch(c.text.strip(" :.*")) for c in row[1:]):
            continue
        last = row
        for following in rows[n + 1 :]:
            if _outside(row, last, following):
                break
            found += _cell(row, following)
            last = following
    return tuple(found)


def _outside(header: Sequence[Line], last: Sequence[Line], row: Sequence[Line]) -> bool:
    far = row[0].page != header[0].page or row[0].box[1] - last[0].box[3] > 2.6 * max(9.0, last[0].height)
    return far or _ENDS.match(row[0].text) is not None or (len(row) == 1 and len(row[0].words) > 9)


def _cell(header: Sequence[Line], row: Sequence[Line]) -> list[Cell]:
    """The row's first cell when it stands in the first column and something stands in another."""
    first = row[0]
    if len(row) < 2 or abs(first.box[0] - header[0].box[0]) > 14 or not re.search(r"[A-Za-z]{3}", first.text):
        return []
    return [Cell(first.start, first.end, max(line.end for line in row))]
