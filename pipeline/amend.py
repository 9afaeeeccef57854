"""A letter as people corrected it.

Belongs here: laying what a person keyed over what was read; the first reading stays, with its reason. Does not belong
here: who may correct, where corrections are kept (ledger), judging.
"""

from collections.abc import Callable, Sequence
from itertools import count, islice
from typing import Any

from pipeline.codes.suggestions import suggest
from pipeline.match.claims import claims_for
from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Candidate,
    Correction,
    Diagnosis,
    DocumentText,
    Element,
    FieldValue,
    Item,
    Letter,
    Match,
)
from pipeline.records import Records

KEYED = "keyed by a person"
DIAGNOSIS_PARTS = ("text", "icd10")
ITEM_PARTS = ("text", "category", "code", "quantity", "frequency", "duration_months", "cost")
_PARTS = {"diagnoses": DIAGNOSIS_PARTS, "items": ITEM_PARTS}
NUMBERS = ("quantity", "duration_months", "cost")


def known_path(path: str) -> bool:
    """Whether a correction can be laid at this path of some letter. An item or diagnosis is named by its place: the
    number under which it was read (`items.0.code`), or `a1`, `a2` … for one that people added (`items.a1.text`)."""
    head, _, rest = path.partition(".")
    at, _, part = rest.partition(".")
    if path in FIELD_NAMES or path == "match.member_id":
        return True
    if head == "elements":
        return rest in ELEMENTS
    return part in _PARTS.get(head, ()) and (at.isdecimal() or is_added(at))


def is_added(place: str) -> bool:
    """Whether an entry at this place was added by a person."""
    return place[:1] == "a" and place[1:].isdecimal()


def places(letter: Letter, head: str, corrections: Sequence[Correction]) -> tuple[str, ...]:
    """The place of each of an amended letter's `items` or `diagnoses`, in their order: what a person took out keeps its
    number, so that no correction slips to the entry behind it."""
    gone: set[str] = set()
    added: dict[str, None] = {}
    for correction, place, part in _of(head, corrections):
        if part == "text" and correction.value is None:
            gone.add(place)
            added.pop(place, None)
        elif _adds(correction, place, part):
            added[place] = None
    numbers = (str(n) for n in count() if str(n) not in gone)
    return (*islice(numbers, len(getattr(letter, head)) - len(added)), *added)


def amended(letter: Letter, corrections: Sequence[Correction]) -> Letter:
    """The letter with every correction laid over it, oldest first; one that fits nothing in it is passed over."""
    for correction in corrections:
        letter = _laid(letter, correction)
    for head in _PARTS:
        own = _of(head, corrections)
        if own:
            letter = letter.model_copy(update={head: tuple(_entries(getattr(letter, head), head, own).values())})
    return letter


_MATCHED_ANEW = ("patient.", "match.", "claim_number", "account_holder")
"""Where a person's word counts in matching even if it is only that what was read is right."""


def only_confirmed(read: Letter, now: Letter, corrections: Sequence[Correction]) -> bool:
    """Whether people only said that what was read is right: the same values on the same words, none of them one that
    tells who the patient is. Neither matching nor the keys on file ask how sure such a value is."""
    return not any(c.path.startswith(_MATCHED_ANEW) for c in corrections) and _said(read) == _said(now)


def _said(letter: Letter) -> object:
    """What the letter says, without how surely and why it was read so."""
    fields = {name: [(c.value, c.evidence, c.rejected_because) for c in field.candidates] for name, field in letter.fields.items()}
    several = (*letter.diagnoses, *letter.items, *letter.elements)
    return fields, [one.model_copy(update={"confidence": 1.0, "because": ""}) for one in several]


def _laid(letter: Letter, correction: Correction) -> Letter:
    path = correction.path
    if path in FIELD_NAMES:
        fields = {**letter.fields, path: _field(letter[path], correction)}
        return letter.model_copy(update={"fields": fields})
    head, _, rest = path.partition(".")
    if head == "elements":
        return letter.model_copy(update={"elements": _elements(letter, rest, correction)})
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


def _of(head: str, corrections: Sequence[Correction]) -> list[tuple[Correction, str, str]]:
    """Corrections of items or of diagnoses, each with the entry's place and the part of it."""
    own = [c for c in corrections if c.path.startswith(f"{head}.") and known_path(c.path)]
    return [(c, c.path.split(".")[1], c.path.split(".")[2]) for c in own]


def _adds(correction: Correction, place: str, part: str) -> bool:
    return part == "text" and is_added(place) and isinstance(correction.value, str) and correction.evidence is not None


def _entries(read: Sequence[Any], head: str, corrections: Sequence[tuple[Correction, str, str]]) -> dict[str, Any]:
    """What was read and what people added, by place; an entry whose text a person says is not stated falls away."""
    found: dict[str, Any] = {str(n): entry for n, entry in enumerate(read)}
    for correction, place, part in corrections:
        if part == "text" and correction.value is None:
            found.pop(place, None)
        elif place in found:
            found[place] = _changed(found[place], part, correction)
        elif _adds(correction, place, part):
            found[place] = _added(head, correction, first=not found)
    return found


def _changed(entry: Any, part: str, correction: Correction) -> Any:
    changes: dict[str, Any] = {part: correction.value, "confidence": 1.0, "because": KEYED}
    if part == "text" and correction.evidence is not None:
        changes["evidence"] = correction.evidence
    if part == "text" and isinstance(entry, Diagnosis) and correction.value != entry.text:
        changes["suggested_icd10"] = suggest(str(correction.value))
    return entry.model_copy(update=changes)


def _added(head: str, correction: Correction, first: bool) -> Diagnosis | Item:
    """An entry that the program missed, in the letter's words that a person clicked."""
    from pipeline.parse.categories import category_of

    text, evidence = str(correction.value), correction.evidence
    assert evidence is not None
    if head == "diagnoses":
        return Diagnosis(
            text=text,
            icd10=None,
            primary=first,
            confidence=1.0,
            evidence=evidence,
            suggested_icd10=suggest(text),
            because=KEYED,
        )
    return Item(text=text, category=category_of(text), confidence=1.0, evidence=evidence, because=KEYED)


def tied(letter: Letter, records: Records, corrections: Sequence[Correction], words: Callable[[], DocumentText] | None) -> Match:
    """The letter matched, by the member whom a person chose if one did. What a person keyed of the patient is not looked
    for on the page again."""
    from pipeline.match import match

    keyed = any(c.path.startswith(("patient.", "match.", "claim_number")) for c in corrections)
    return chosen(match(letter, records, None if keyed else words), letter, records, corrections)


def chosen(found: Match, letter: Letter, records: Records, corrections: Sequence[Correction]) -> Match:
    """The match with the member that a person chose, if one did and the records know that member."""
    member = next((str(c.value) for c in reversed(corrections) if c.path == "match.member_id" and c.value), None)
    if member is None or member not in records.members:
        return found
    claims, other = claims_for(letter, member, records)
    plan = next((records.claims[n].plan_id for n in (*claims[:1], *other[:1])), records.members[member].plan_id)
    return found.model_copy(update={"outcome": "matched", "member_id": member, "plan_id": plan, "claims": claims,
                                    "other_open": other, "by": "chosen by a person"})  # fmt: skip
