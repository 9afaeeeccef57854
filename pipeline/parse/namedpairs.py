"""A person's name as the value of a label.

Belongs here: where the name begins and ends within the value. Does not belong here: which labels name whom (patient, holder).
"""

import re

from pipeline.model import Candidate
from pipeline.parse.labels import KeyValue
from pipeline.parse.people import Person, read_person
from pipeline.parse.sheet import Sheet

SELF = re.compile(r"^\W*(?:same|self|see above|as above|n/?a|none)\b", re.I)
_ROLE = re.compile(
    r"^\W*(?:the )?(?:patient|claimant|injured (?:worker|employee)|member|client|insured|employee|participant|subscriber|beneficiary|veteran|child)\b[\s:,\-]*(?=[A-Z])",
    re.I,
)


def from_pair(sheet: Sheet, pair: KeyValue, confidence: float) -> Candidate | None:
    text = sheet.text(pair.start, pair.end)
    if SELF.match(text):
        return None
    person = _clean_person(text)
    if person is None:
        return None
    label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
    because = f"stands {pair.where} the label '{label}'"
    least = confidence if person.words >= 2 else 0.5
    if person.credentials:
        return sheet.candidate(person.name, pair.start + person.start, pair.start + person.end, 0.2, because,
                               "a credential stands behind the name")  # fmt: skip
    return sheet.candidate(person.name, pair.start + person.start, pair.start + person.end, least, because)


def _clean_person(text: str) -> Person | None:
    """A name at the start of a value, whatever follows it (birth date, number, comma)."""
    role = _ROLE.match(text)
    start = role.end() if role else 0
    return read_person(text, start) or read_person(text.split(",")[0], start) or read_person(re.split(r"\s[/|·•]\s", text)[0], start)
