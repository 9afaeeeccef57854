"""The office's name where its address stands: before the street on its line, or right over it.

Belongs here: names told by the address beside them, on forms without a box for the practice and in signature blocks.
Does not belong here: the heading of the paper (letterhead), which address is the office's (practice).
"""

import re

from pipeline.codes.dates import dates_in
from pipeline.model import Candidate
from pipeline.parse.housenames import (
    BOARD,
    DEPARTMENT,
    HEADLINE,
    KIND,
    NOT_NAME,
    SPLIT,
    TAGLINE,
    only_specialty,
    respaced,
    trade_name,
)
from pipeline.parse.labelhits import id_of
from pipeline.parse.lines import Line
from pipeline.parse.people import read_person, same_person
from pipeline.parse.phones import PHONE
from pipeline.parse.places import CITY_STATE_ZIP, PAYER_WORDS, STREET, SUITE_LINE, Place, lines_over
from pipeline.parse.sheet import Sheet

_REACH = 3
"""Lines over the street that may be its office's name, department or building."""

_HEAD = 0.25
"""Share of the page's height in which a doctor's name may stand between the office's name and its street."""

Span = tuple[int, int, str]


def beside_address(sheet: Sheet, place: Place, signer: str | None) -> Candidate | None:
    """The name before the office's street on its own line, else the one over it; a name that says what kind of place it is
    counts more."""
    first = place.street or place.city
    line = sheet.line_at(first[0])
    if line is None:
        return None
    before = line.text[: first[0] - line.start]
    found = _last_name(sheet, line, before, signer) if before.strip(" ,•·|–—-") else _over(sheet, line, signer)
    if found is None:
        return None
    start, end, name = found
    where = "stands before its address" if before.strip(" ,•·|–—-") else "stands over its address"
    return sheet.candidate(name, start, end, 0.9 if KIND.search(name) else 0.62, where)


def _last_name(sheet: Sheet, line: Line, before: str, signer: str | None) -> Span | None:
    """'Ana Ruiz, NP · Harrow Genetics, 12 Mill Lane': the last part that is a name; a person's with a degree is passed over."""
    at = 0
    spans = []
    for part in SPLIT.split(before):
        text = part.strip(" ,")
        if text:
            at = before.index(text, at)
            spans.append((at, text))
            at += len(text)
    for begin, text in reversed(spans[-2:]):
        person = read_person(text)
        if person is not None and person.credentials:
            rest = text[person.all_end :]
            begin += person.all_end + len(rest) - len(rest.lstrip(" ,;:"))
            text = rest.strip(" ,;:")
        label = re.match(r"[A-Za-z][\w /&]{2,30}:\s+(?=[A-Z])", text)
        if label:
            begin, text = begin + label.end(), text[label.end() :]
        if _may_name(sheet, text, signer):
            return (line.start + begin, line.start + begin + len(text), trade_name(text))
    return None


def _over(sheet: Sheet, line: Line, signer: str | None) -> Span | None:
    """The name above the street in its column; a department, a building, a specialty or a telephone between them is passed over."""
    n = sheet.index_of(line)
    for k in lines_over(sheet.lines, n)[:_REACH]:
        other = sheet.lines[k]
        text = respaced(other).strip(" ,|•·")
        person = read_person(text)
        if person is not None and (person.credentials or (signer is not None and same_person(person.name, signer))):
            if other.box[1] < _HEAD * sheet.page(other.page).height:
                continue
            return None
        parts = [p.strip(" ,") for p in SPLIT.split(text) if p.strip()]
        houses = [p for p in parts if KIND.search(p) and not only_specialty(p) and not DEPARTMENT.search(p) and not PHONE.search(p)]
        if len(parts) > 1 and len(houses) == 1:
            text, parts = houses[0], houses
        elif DEPARTMENT.search(text) or TAGLINE.match(text) or BOARD.match(text) or only_specialty(text) or SUITE_LINE.match(text) or PHONE.search(text):
            continue
        if len(parts) != 1 or _labelled(sheet, other) or not _may_name(sheet, text, signer):
            return None
        start = other.start + max(0, other.text.find(text))
        return (start, min(start + len(text), other.end), trade_name(text))
    return None


def _labelled(sheet: Sheet, line: Line) -> bool:
    """Whether a line is a label, or the value of one that asks for something else than the practice."""
    if any(hit.line is line and (hit.alone or hit.separated) for hit in sheet.hits):
        return True
    return any(id_of(v) == id_of(line) and not p.field.startswith("practice.") and (p.relation != "behind" or p.hit.start == line.start) for p in sheet.pairs for v in p.lines[:1])


def _may_name(sheet: Sheet, text: str, signer: str | None) -> bool:
    words = text.split()
    if not 1 < len(words) <= 9 or not text[:1].isupper() or text[-1:] in ":;?" or re.search(r"\d{3}|[☐☑☒○●_]", text) or len(text) > 70:
        return False
    if PAYER_WORDS.search(text) or HEADLINE.search(text) or NOT_NAME.search(text) or PHONE.search(text) or CITY_STATE_ZIP.search(text) or STREET.match(text):
        return False
    if dates_in(text) or (signer is not None and text.casefold() == signer.casefold()) or re.search(r"\bNPI\b|\blic(?:en[sc]e)?\b", text, re.I):
        return False
    lower = sum(1 for w in words if w[:1].islower() and w not in ("of", "and", "the", "for", "at", "de", "del", "la", "in"))
    return lower == 0
