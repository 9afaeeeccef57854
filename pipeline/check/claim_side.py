"""Does the letter agree with the member's file: member, open claims, history, approved claims?

Belongs here: facts that need the payer's records. Does not belong here: dates (the rule table) and the signer. Silence
on either side is no conflict.
"""

import datetime as dt
import re

from pipeline.check.days import in_words
from pipeline.check.facts import Answer, Held, belief, fact, field_belief, field_side, side
from pipeline.check.legibility import is_poor
from pipeline.codes.fold import plain
from pipeline.codes.things import Thing, likeness
from pipeline.model import ClaimRow, Diagnosis, RecordSide
from pipeline.records import id_key

_ON_FILE = re.compile(
    r"\b(?:lmn|letter(?: of medical necessity)?)\b[^.;]*?\b(?:on file|valid|good|in force|approved)\b[^.;]*?"
    r"\b(?:to|until|till|through|thru|expires?|exp)\b[^\d]{0,12}(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})",
    re.I,
)
"""How an approved claim's description says that a letter still runs."""

_SURE = 0.75
"""Least confidence of a diagnosis without a written code that may contradict a claim."""


_RIVALS = 8.0
"""Bits behind the best candidate: further back nobody is named as one whom the letter may be about."""


@fact()
def no_member(held: Held) -> Answer | None:
    """Nobody in the members table can be the patient. Of a patient whose name cannot be read nothing is known."""
    if held.match.outcome != "none" or (held.letter["patient.name"].accepted is None and is_poor(held.letter)):
        return None
    return Answer("insufficient", letter=field_side(held.letter, "patient.name"))


@fact("count")
def ambiguous(held: Held) -> Answer | None:
    """More than one member fits about as well, or one on too little."""
    if held.match.outcome != "ambiguous":
        return None
    best = max((c.score for c in held.match.candidates), default=0.0)
    ids = [c.member_id for c in held.match.candidates if c.score > best - _RIVALS][:3]
    return Answer("insufficient", {"count": str(len(ids))}, field_side(held.letter, "patient.name"),
                  RecordSide(table="members", id=", ".join(ids), column="name", value="fits the letter"))  # fmt: skip


@fact("what")
def identity(held: Held) -> Answer | None:
    """The name fits a member; the birth date or the id does not."""
    if held.match.outcome != "identity" or held.match.member_id is None:
        return None
    member = held.records.members[held.match.member_id]
    born = held.letter.text_of("patient.dob")
    by_dob = born is not None and member.dob is not None and born != member.dob.isoformat()
    name, column, value = ("patient.dob", "dob", str(member.dob)) if by_dob else ("patient.member_id", "member_id", member.member_id)
    return Answer("contradicted", {"what": "birth date" if by_dob else "member id"}, field_side(held.letter, name),
                  RecordSide(table="members", id=member.member_id, column=column, value=value), field_belief(held.letter, name))  # fmt: skip


@fact()
def no_claim(held: Held) -> Answer | None:
    """A member, but no open claim at all."""
    if not held.tied or held.claims or held.other_claims:
        return None
    return Answer("insufficient", record=RecordSide(table="claims", id=held.match.member_id or "", column="status", value="none open"))


@fact("claimed", "item")
def item_differs(held: Held) -> Answer | None:
    """The member has open claims, and all of them are for something else. A letter that names no item says nothing."""
    if not held.tied or held.claims or not held.other_claims or not held.letter.items:
        return None
    claim, item = held.other_claims[0], held.letter.items[0]
    return Answer("contradicted", {"claimed": claim.item_description, "item": item.text}, side(item.evidence), _line(claim, "item_description"),
                  belief(item.confidence, item.evidence))  # fmt: skip


def _line(claim: ClaimRow, column: str) -> RecordSide:
    return RecordSide(table="claims", id=claim.claim_id, column=column, value=str(getattr(claim, column)))


@fact("claimed")
def diagnosis_differs(held: Held) -> Answer | None:
    """The claim line (also one for another thing, if the letter names its number) has a code, and its first three characters are none of the letter's. Where the letter writes no
    code, a code looked up from its words counts only if each of them is of another chapter than the claim's, and no
    mere symptom."""
    found = held.letter.diagnoses
    written = any(d.icd10 for d in found)
    known = [d.icd10 or _looked_up(d) for d in found]
    for claim in (*held.claims, *_quoted(held)) if found and (written or all(known)) else ():
        code = claim.diagnosis_code or ""
        width = 3 if written else 1
        if code and all((own or "")[:width] != code[:width] for own in known):
            first = next((d for d in found if d.icd10), found[0])
            return Answer("contradicted", {"claimed": code}, side(first.evidence), _line(claim, "diagnosis_code"), belief(first.confidence, first.evidence))
    return None


def _quoted(held: Held) -> list[ClaimRow]:
    """The open claim that the letter names by its number though it is for another thing."""
    number = held.letter.text_of("claim_number")
    return [c for c in held.other_claims if number and id_key(c.claim_id) == id_key(number)]


def _looked_up(diagnosis: Diagnosis) -> str | None:
    """The code that the words of a well-read diagnosis stand for; symptoms and states (R, Z) tell no chapter."""
    code = diagnosis.suggested_icd10
    return code if code and diagnosis.confidence >= _SURE and code[0] not in "RZ" else None


@fact("diagnosis")
def not_in_history(held: Held) -> Answer | None:
    """The plan wants the diagnosis in the member's history, and the primary's first three characters stand in no row
    of it. A diagnosis without a code is compared by its words too."""
    if not held.tied or held.plan is None or not held.plan.history_required:
        return None
    primary = next((d for d in held.letter.diagnoses if d.primary), None)
    if primary is None or _stands_in(primary, held):
        return None
    rows = ", ".join(row.icd10 for row in held.history) or "no rows"
    return Answer("insufficient", {"diagnosis": primary.text}, side(primary.evidence),
                  RecordSide(table="history", id=held.match.member_id or "", column="icd10", value=rows))  # fmt: skip


def _stands_in(diagnosis: Diagnosis, held: Held) -> bool:
    code = diagnosis.icd10 or diagnosis.suggested_icd10
    if code and any(row.icd10[:3] == code[:3] for row in held.history):
        return True
    if diagnosis.icd10:
        return False
    words = _telling(diagnosis.text)
    return not code or any(words and words <= _telling(row.description) for row in held.history)


def _telling(text: str) -> set[str]:
    return {word for word in plain(text).split() if len(word) > 3 and word not in ("with", "without", "unspecified", "chronic", "acute", "severe")}


@fact("until")
def covered(held: Held) -> Answer | None:
    """An approved or paid claim for the same thing says that the letter on file still runs today."""
    for claim in held.all_claims:
        until = _runs_until(claim)
        if until is None or until < held.as_of:
            continue
        for item in held.letter.items:
            line = Thing(claim.item_description[: claim.item_description.find("(")] if "(" in claim.item_description else claim.item_description,
                         claim.category, claim.code, claim.amount)  # fmt: skip
            if likeness(Thing(item.text, item.category, item.code, item.cost), line) > 0:
                return Answer("contradicted", {"until": in_words(until)}, side(item.evidence), _line(claim, "item_description"))
    return None


def _runs_until(claim: ClaimRow) -> dt.date | None:
    match = _ON_FILE.search(claim.item_description)
    if claim.status not in ("approved", "paid") or match is None:
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return dt.datetime.strptime(match["day"], form).date()
        except ValueError:
            continue
    return None
