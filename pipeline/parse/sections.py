"""Sections of a form: the headings that tell whose fields stand below them.

Belongs here: finding the headings and which one a line stands under, in one column or in two. Does not belong here: the
fields themselves.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from pipeline.parse.labelhits import hits_on, id_of
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line

_NUMBER = re.compile(r"^\W*(?:(?:section|part|step|box)\s+)?(?:(?:[A-Z]|\d{1,2}|[IVX]{1,4})\s*[.):—–\-]+\s*|(?<=\S)\s*[—–-]\s*)?", re.I)
_LEAD = re.compile(r"^(?:to be (?:completed|filled (?:in|out))|completed|(?:for|must be) (?:completion|completed)) by (?:the |your )?", re.I)
_TAIL = re.compile(r"\s*(?P<word>information|info\.?|details?|data|demographics?|section|identification|particulars|contact|statement|certification|attestation|report)?\s*(?:\([^)]*\)|[–—]\s.*|only)?\W*$", re.I)
_SAME_ROW = 6.0
_INDENT = 40.0
"""Points by which a heading may begin to the right of its fields; columns lie farther apart."""

OTHERS = ("patient", "holder", "payer", "other")
"""Roles whose addresses and telephones are not the signer's."""


@dataclass(frozen=True)
class Section:
    """A heading and whose fields follow it: patient, holder, provider, practice, payer, other, mixed or topic."""

    role: str
    line: Line


@lru_cache(maxsize=1)
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("pipeline.parse").joinpath("data/sections.yaml").read_text(encoding="utf-8")
    return tuple((role, re.compile("(?:" + "|".join(words) + ")", re.I)) for role, words in yaml.safe_load(text)["roles"].items())


def sections_of(lines: Sequence[Line], pairs: Sequence[KeyValue], *, marked: bool) -> tuple[Section, ...]:
    """The headings among the lines. A bare word that has a value of its own is a label and no heading; with `marked`
    a bare word is none in any case."""
    valued = {id_of(p.hit.line) for p in pairs}
    found: list[Section] = []
    for line in lines:
        told = heading_role(line.text)
        if told is not None and not found and _STATED.search(line.text):
            continue
        if told is not None and (told[1] or (not (marked or id_of(line) in valued) and _opens(line, lines) and not _answered(line, lines))):
            found.append(Section(told[0], line))
    return tuple(found)


_STATED = re.compile(r"\b(?:statement|certification|attestation|report)\W*$", re.I)
"""What may as well be the title of the whole form, and heads a section only behind another."""


def _answered(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a value stands beside a bare word: something that is neither a label nor a heading."""
    beside = [o for o in lines if o.page == line.page and o.box[0] > line.box[2] and abs(o.box[1] - line.box[1]) < 0.6 * line.height]
    first = min(beside, key=lambda o: o.box[0], default=None)
    return first is not None and heading_role(first.text) is None and not any(hit.start == first.start for hit in hits_on(first))


def _opens(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a label stands right below a bare word: then the word heads fields and is none itself."""
    below = [o for o in lines if o.page == line.page and 0 < o.box[1] - line.box[1] < 4 * line.height and abs(o.box[0] - line.box[0]) < _INDENT]
    first = min(below, key=lambda o: (o.box[1], o.box[0]), default=None)
    return first is not None and any(hit.start == first.start for hit in hits_on(first))


def heading_role(text: str) -> tuple[str, bool] | None:
    """The role that a heading gives, and whether it is marked as a heading by a number or by a word such as
    'information'; None for other lines."""
    number = _NUMBER.match(text)
    rest = text[number.end() :] if number else text
    lead = _LEAD.match(rest)
    body = rest[lead.end() :] if lead else rest
    if len(body) > 70:
        return None
    joint = _two_roles(body)
    if joint is not None:
        return joint, bool(number and number.group().strip()) or bool(lead) or bool(_WORDED.search(body))
    for role, pattern in _roles():
        match = pattern.match(body)
        tail = _TAIL.fullmatch(body, match.end()) if match else None
        if match and tail and not body[match.end() : match.end() + 1].isalnum():
            marked = bool(number and number.group().strip()) or bool(lead) or bool(tail["word"])
            return None if role == "topic" and not marked else (role, marked)
    return None


_WORDED = re.compile(r"\b(?:information|info|details?|data|section|identification|particulars)\W*$", re.I)


def _two_roles(text: str) -> str | None:
    """The role of 'Provider / practice', 'Member and employer information': mixed unless both are the signer's side."""
    halves = [half.strip() for half in re.split(r"\s*/\s*|\s+(?:and|&)\s+", _WORDED.sub("", text).strip(" :.*"))]
    if len(halves) != 2:
        return None
    found = [next((role for role, pattern in _roles() if pattern.fullmatch(half)), None) for half in halves]
    if None in found or "topic" in found:
        return None
    return found[0] if found[0] == found[1] else "provider" if set(found) <= {"provider", "practice"} else "mixed"


def role_at(sections: Sequence[Section], line: Line) -> str:
    """The role of the section that a line stands in: the nearest heading above it in its column; '' for none, and for
    one that names nobody."""
    above = [s for s in sections if s.line.page == line.page and s.line.box[1] < line.box[1] - 2 and s.line.box[0] <= line.box[0] + _INDENT]
    if not above:
        return ""
    lowest = max(s.line.box[1] for s in above)
    row = [s for s in above if lowest - s.line.box[1] < _SAME_ROW]
    role = max(row, key=lambda s: s.line.box[0]).role
    return "" if role in ("topic", "mixed") else role
