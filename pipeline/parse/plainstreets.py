"""Streets without a word for a way, told by where they stand and by what else they could be.

Belongs here: the part of an address right before its city that holds a number or begins like an address (data/ways.csv) and is
neither telephone, date, box, label nor anybody's name. Does not belong here: streets that say so (places).
"""

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from pipeline.parse.housewords import KIND
from pipeline.parse.lines import Line

_PARTS = re.compile(r"\s*(?:,|[|•·●▪~]|\s[-–—/]\s)\s*")
_UNIT = re.compile(r"(?:suite|ste|unit|apt|room|rm|building|bldg|floor|fl|tower|level|wing|local|piso|oficina|ofic|box|apartado|#)\b[\s.#]*\w[\w\-]*|#\s?\w+|\d+(?:st|nd|rd|th) floor", re.I)
"""A part of a building behind its street."""

_BOX = re.compile(r"(?:p\.?\s?o\.?|post office)\s+(?:box|drawer)\b", re.I)
_NONE = re.compile(
    r"[@:;?!$%☐☑☒_]|\b\d{3}[\s.)\-–/·]{1,3}\d{3}[\s.\-–·]\d{4}\b|\b\d{3}[.\-]\d{4}\b|\b\d{7,}\b|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b|"
    r"\b(?:tel|ph|phone|fax|npi|lic\w*|date|dob|est|since|established|page|form|rev|version|member|claim|policy|dear|january|february|march|april|june|july|august|september|october|november|december)\b", re.I)  # fmt: skip
"""What a street is not."""

_LABEL = re.compile(r"^\W*(?:(?:office|street|mailing|physical|practice|clinic|our)?\s?address|visit(?: us)?(?: at)?|office|location|located at|find us at)\s*[:.]\s*", re.I)
_WORDS = 8
"""Words of a street."""

_UNNUMBERED = re.compile(r"general delivery|(?:at the )?corner of", re.I)
"""Addresses that have no number at all; the other beginnings are words of names as well: 'Plaza Pediatrics'."""

_SITE = re.compile(r"cent(?:er|re)|hospital", re.I)
"""Words of organisations that end streets too: '1200 Medical Center'."""


@lru_cache(maxsize=1)
def _begins() -> re.Pattern[str]:
    """How an address begins that has no number in front (data/ways.csv)."""
    with files("pipeline.parse").joinpath("data/ways.csv").open(encoding="utf-8") as rows:
        words = [row["begins"] for row in csv.DictReader(rows)]
    return re.compile(r"(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")(?=[\s.\d]|$)\.?", re.I)


def plain_street(line: Line, before: str, over: Sequence[Line]) -> tuple[int, int, str] | None:
    """The street in `before`, the words of `line` before its city, else on the nearest of the lines `over` it that could be one:
    its place in the text and its value, units behind it after a comma."""
    found = _last_street(before)
    if found is not None:
        return (line.start + found[0], line.start + found[1], found[2])
    if re.search(r"\w", _BOX.sub("", before)):
        return None
    for other in over:
        found = _last_street(other.text)
        if found is not None and not re.search(r"\w", other.text[found[1] :]):
            return (other.start + found[0], other.start + found[1], found[2])
        if not _BOX.match(other.text.strip(" ,")):
            return None
    return None


def _last_street(text: str) -> tuple[int, int, str] | None:
    """The street that ends a text, its units with it."""
    label = _LABEL.match(text)
    begin = label.end() if label else 0
    spans = [(m.start(), m.end()) for m in _PARTS.finditer(text, begin)]
    edges = [begin, *(edge for span in spans for edge in span), len(text)]
    units: list[str] = []
    end = 0
    for a, b in reversed(list(zip(edges[::2], edges[1::2], strict=True))):
        part = text[a:b].strip()
        if not part:
            continue
        end = end or b
        if _UNIT.fullmatch(part):
            units.insert(0, part)
        elif _is_street(part):
            return (a + len(text[a:b]) - len(text[a:b].lstrip()), end, ", ".join((part, *units)))
        else:
            return None
    return None


def _is_street(part: str) -> bool:
    words = part.split()
    if not 2 <= len(words) <= _WORDS or _NONE.search(part) or _BOX.search(part) or not re.search(r"[^\W\d_]{2,}", part):
        return False
    if _UNNUMBERED.match(part):
        return True
    if not re.search(r"\d", part) or (KIND.fullmatch(words[-1].strip(" .,")) and not _SITE.match(words[-1])):
        return False
    return _begins().match(part) is not None or re.fullmatch(r"[NSEW]?\d{1,6}(?:-\d{1,4})?[A-Z]?", words[0]) is not None
