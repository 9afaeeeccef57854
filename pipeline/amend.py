"""A letter as people corrected it.

Belongs here: laying what a person keyed over what was read; the first reading stays, with its reason. Does not belong
here: who may correct, where corrections are kept (ledger), judging.
"""

from collections.abc import Sequence
from typing import Any

from pipeline.match.claims import claims_for
from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Candidate,
    Correction,
    Element,
    FieldValue,
    Letter,
    Match,
)
from pipeline.records import Records

KEYED = "keyed by a person"
DIAGNOSIS_PARTS = ("text", "icd10")
ITEM_PARTS = ("text", "category", "code", "quantity", "frequency", "duration_months", "cost")
NUMBERS = ("quantity", "duration_months", "cost")


def known_path(path: str) -> bool:
    """Whether a correction can be laid at this path of some letter."""
    head, _, rest = path.partition(".")
    at, _, part = rest.partition(".")
    if path in FIELD_NAMES or path == "match.member_id":
        return True
    if head == "elements":
        return rest in ELEMENTS
    parts = {"items": ITEM_PARTS, "diagnoses": DIAGNOSIS_PARTS}.get(head, ())
    return at.isdecimal() and part in parts


def amended(letter: Letter, corrections: Sequence[Correction]) -> Letter:
    """The letter with every correction laid over it, oldest first; one that fits nothing in it is passed over."""
    for correction in corrections:
        letter = _laid(letter, correction)
    return letter


def _laid(letter: Letter, correction: Correction) -> Letter:
    path = correction.path
    if path in FIELD_NAMES:
        fields = {**letter.fields, path: _field(letter[path], correction)}
        return letter.model_copy(update={"fields": fields})
    head, _, rest = path.partition(".")
    if head == "elements":
        return letter.model_copy(update={"elements": _elements(letter, rest, correction)})
    if head in ("items", "diagnoses"):
        at, _, part = rest.partition(".")
        return _entry(letter, head, int(at), part, correction)
    return letter


def _field(field: FieldValue, correction: Correction) -> FieldValue:
    """The keyed value first; what was read before is kept as not taken, unless a person confirmed just that."""
    best = field.accepted
    if best is not None and best.value == correction.value:
        sure = best.model_copy(update={"confidence": 1.0, "because": f"confirmed by a person; {best.because}".removesuffix("; ")})
        return field.model_copy(update={"candidates": tuple(sure if c is best else c for c in field.candidates)})
    why = "a person says that the letter does not state it" if correction.value is None else "a person keyed another value"
    others = tuple(c if c.rejected_because else c.model_copy(update={"rejected_because": why}) for c in field.candidates)
    if correction.value is None:
        return field.model_copy(update={"candidates": others})
    keyed = Candidate(value=correction.value, confidence=1.0, because=KEYED, evidence=correction.evidence)
    return field.model_copy(update={"candidates": (keyed, *others)})


def _elements(letter: Letter, name: str, correction: Correction) -> tuple[Element, ...]:
    mine = next((e for e in letter.elements if e.name == name), None)
    evidence = correction.evidence or (mine.evidence if mine and mine.value else None)
    keyed = Element(name=name, value=bool(correction.value), confidence=1.0, evidence=evidence, because=KEYED)
    return tuple(keyed if e is mine else e for e in letter.elements) if mine else (*letter.elements, keyed)


def _entry(letter: Letter, head: str, at: int, part: str, correction: Correction) -> Letter:
    """A part of a diagnosis or item; an entry whose text a person says is not stated falls away."""
    entries: list[Any] = list(getattr(letter, head))
    if at >= len(entries):
        return letter
    if part == "text" and correction.value is None:
        del entries[at]
    else:
        changes: dict[str, Any] = {part: correction.value, "confidence": 1.0, "because": KEYED}
        if correction.evidence is not None and part == "text":
            changes["evidence"] = correction.evidence
        entries[at] = entries[at].model_copy(update=changes)
    return letter.model_copy(update={head: tuple(entries)})


def chosen(match: Match, letter: Letter, records: Records, corrections: Sequence[Correction]) -> Match:
    """The match with the member that a person chose, if one did and the records know that member."""
    member = next((str(c.value) for c in reversed(corrections) if c.path == "match.member_id" and c.value), None)
    if member is None or member not in records.members:
        return match
    claims, other = claims_for(letter, member, records)
    plan = next((records.claims[n].plan_id for n in (*claims[:1], *other[:1])), records.members[member].plan_id)
    return match.model_copy(update={"outcome": "matched", "member_id": member, "plan_id": plan, "claims": claims,
                                    "other_open": other, "by": "chosen by a person"})  # fmt: skip
