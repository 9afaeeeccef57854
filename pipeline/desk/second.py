"""A second reading: which letters get one, what is keyed, and whether two readings say the same.

Belongs here: choosing by hash, the fields, comparing. Does not belong here: pages and what follows (quality.py).
"""

import hashlib
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.codes.fold import plain
from pipeline.desk.keyed import NotThatError, value_of
from pipeline.ledger.board import DECIDED
from pipeline.model import Letter, Scalar

DECISION = "decision"
_SAME_THING = 85.0
"""Least token-set ratio (0..100) at which two wordings name one thing."""


class Asked(NamedTuple):
    """A field of the form. `kind` path (one value at a path of the letter), codes (all diagnosis codes), things (all
    that is asked for)."""

    name: str
    label: str
    hint: str
    kind: str = "path"


FIELDS = (
    Asked("patient.name", "Patient", ""), Asked("patient.dob", "Birth date", "MM/DD/YYYY"), Asked("patient.member_id", "Member id", ""),
    Asked("letter_date", "Letter date", "MM/DD/YYYY"), Asked("provider.name", "Provider", ""), Asked("provider.credentials", "Credentials", "MD, or NP; FNP-C"),
    Asked("provider.signed", "Signed", "yes or no"), Asked("provider.signature_date", "Signature date", "MM/DD/YYYY"),
    Asked("practice.name", "Practice", ""), Asked("treatment_start", "Treatment start", "MM/DD/YYYY"),
    Asked("diagnoses", "Diagnosis codes", "as written, by commas", "codes"), Asked("items", "Asked for", "one to a line", "things"),
)  # fmt: skip
NAMES = tuple(asked.name for asked in FIELDS)
LABELS = {asked.name: asked.label for asked in FIELDS} | {DECISION: "Decision"}

Values = dict[str, Scalar | None]
"""A reading: value by name of field, the decision under 'decision'."""


def chosen(letter_id: str, seed: str, share: float) -> bool:
    """Whether a decided letter gets a second reading: the same answer every time, for `share` (0..1) of all letters.
    A larger share keeps those that a smaller one chose."""
    head = hashlib.sha256(f"{seed}\n{letter_id}".encode()).hexdigest()[:13]
    return int(head, 16) / float(16**13) < share


def first_values(letter: Letter | None, decision: str) -> Values:
    """What the first person left the letter with."""
    if letter is None:
        return {DECISION: decision}
    found: Values = {a.name: letter[a.name].value for a in FIELDS if a.kind == "path"}
    found["diagnoses"] = tuple(dict.fromkeys(d.icd10 for d in letter.diagnoses if d.icd10)) or None
    found["items"] = tuple(i.text for i in letter.items) or None
    return found | {DECISION: decision}


def keyed_values(given: dict[str, object]) -> Values:
    """What the second person keyed. NotThatError names the field that cannot be understood."""
    found: Values = {}
    for asked in FIELDS:
        text = str(given.get(asked.name) or "")
        try:
            found[asked.name] = _several(asked.kind, text) if asked.kind != "path" else value_of(asked.name, text)
        except NotThatError as err:
            raise NotThatError(f"{asked.label}: {err}") from None
    decision = str(given.get(DECISION) or "")
    if decision not in DECIDED:
        raise NotThatError("Decision: choose one.")
    return found | {DECISION: decision}


def _several(kind: str, text: str) -> tuple[str, ...] | None:
    parts = text.splitlines() if kind == "things" else text.replace(";", ",").split(",")
    path = "items.0.text" if kind == "things" else "diagnoses.0.icd10"
    found = [value_of(path, part) for part in parts if part.strip()]
    return tuple(str(v) for v in found if v is not None) or None


def agree(name: str, one: Scalar | None, other: Scalar | None) -> bool:
    """Whether two readings of a field say the same. Names may differ by titles and middle names, things by wording;
    dates, codes, numbers and yes or no by nothing."""
    if one is None or other is None:
        return one is other
    if name == "items" and isinstance(one, tuple) and isinstance(other, tuple):
        return _named(one, other) and _named(other, one)
    if isinstance(one, tuple) or isinstance(other, tuple):
        return _folded(one) == _folded(other)
    if name in ("patient.name", "provider.name", "practice.name"):
        return _same_name(plain(str(one)).split(), plain(str(other)).split())
    if isinstance(one, str) and isinstance(other, str):
        return plain(one).replace(" ", "") == plain(other).replace(" ", "")
    return one == other


def _folded(value: Scalar) -> set[str]:
    parts = value if isinstance(value, tuple) else (str(value),)
    return {plain(p).replace(" ", "") for p in parts}


_TITLES = frozenset(["dr", "mr", "mrs", "ms", "miss", "md", "do", "np", "pa", "dc", "dpt", "dds", "dmd", "phd", "rn", "jr", "sr"])


def _same_name(one: list[str], other: list[str]) -> bool:
    """The same words, or the shorter's words among the longer's if there are two or more."""
    a, b = ({w for w in words if w not in _TITLES} or set(words) for words in (one, other))
    less, more = sorted((a, b), key=len)
    return a == b or (len(less) >= 2 and less <= more)


def _named(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    """Whether each of these is among those."""
    return all(any(fuzz.token_set_ratio(plain(x), plain(y)) >= _SAME_THING for y in those) for x in these)


def kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Cohen's kappa (-1..1) of two people's decisions; None without pairs or when everything is one decision."""
    n = len(pairs)
    if not n:
        return None
    seen = sum(a == b for a, b in pairs) / n
    chance = sum((sum(a == x for a, _ in pairs) / n) * (sum(b == x for _, b in pairs) / n) for x in {x for pair in pairs for x in pair})
    return None if chance == 1.0 else (seen - chance) / (1 - chance)
