"""Tables of treatments and what came of each: which cells name a treatment that was tried.

Belongs here: a header that pairs treatments with results, dates or reasons, and the cells below it; tick boxes that answer
what was tried. Does not belong here:
treatments in sentences (treatments), tables of what is asked for (grids).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.parse.grids import rows_of
from pipeline.parse.lines import Line
from pipeline.parse.options import Option

_NAMES = re.compile(r"(?:(?:prior|previous|past|failed|other|conservative)\s)?(?:treatment|therapy|medication|drug|agent|intervention|measure|modality|device|trial|product|formula|method)s?(?:\s?/\s?\w+)?(?:\s(?:tried|used|name|attempted))?|(?:what was\s)?tried", re.I)
_RESULTS = re.compile(r"(?:(?:reason|why)[\w /]*|(?:clinical |patient )?(?:results?|outcomes?|responses?|effects?)(?:[\w /]*)|tolerability|failure)", re.I)
_SIZE = re.compile(r",?\s*\(?\d[\d.,]*\s?(?:lb|lbs|kg|mg|mcg|g|ml|in|inch|inches|cm|mm|%|units?|x|visits?|sessions?|weeks?|months?)\b")
_UNTRIED = re.compile(r"\W*(?:not (?:yet )?(?:tried|used|attempted|applicable|done)|n/?a\b|never\b|none\b|declined|planned)", re.I)
_ENDS = re.compile(r"\s*(?:total|today|dear|sincerely|signature|current|plan|request\w*|diagnos\w*)\b", re.I)


@dataclass(frozen=True)
class Cell:
    """A treatment's name at text[start:end]; its row ends at `row_end`. `because_not`: why it does not count as tried."""

    start: int
    end: int
    row_end: int
    because_not: str | None = None


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
    size = _SIZE.search(first.text)
    untried = any(_UNTRIED.match(cell.text) for cell in row[1:])
    return [Cell(first.start, first.start + size.start() if size else first.end, max(line.end for line in row), "the table says it was not tried" if untried else None)]


def tried_options(text: str, options: Iterable[Option], spans: Iterable[tuple[int, int]]) -> tuple[Cell, ...]:
    """The tick boxes that answer what was tried, text[a:b] of `spans`: a ticked one names a treatment, without the bracket
    that says what came of it; one left blank names none. A yes and a no name nothing."""
    answers = list(spans)
    found = []
    for option in options:
        words = text[option.start : option.end]
        if not any(a - 3 <= option.start < b for a, b in answers) or not re.search(r"[A-Za-z]{4}", words):
            continue
        name = re.split(r"\s*[(:–—]|\s-\s|,\s", words.strip(" ☒☑✓✔■●◉✗✘⊠☐□○"))[0]
        start = option.start + words.index(name) if name else option.start
        if name and len(name.split()) <= 6:
            found.append(Cell(start, start + len(name), option.end, None if option.ticked else "its box is not ticked"))
    return tuple(found)
