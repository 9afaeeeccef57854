"""Does the letter agree with the member's file: member, open claims, history, letters on file?

Belongs here: facts that need the payer's records. Does not belong here: dates (timing) and the signer. Silence on
either side is no conflict.
"""

import datetime as dt
import re

from pipeline.check.facts import Answer, Held, field_side, side
from pipeline.model import RecordSide

_ON_FILE = re.compile(r"(?:lmn|letter)[^)]*?on file[^)]*?(?:to|until|through|thru|valid)\s*(?P<day>\d{4}-\d{2}-\d{2})|on file", re.I)


def no_member(held: Held) -> Answer | None:
    if held.match.outcome != "none":
        return None
    return Answer("insufficient", letter=field_side(held.letter, "patient.name"))


def ambiguous(held: Held) -> Answer | None:
    if held.match.outcome != "ambiguous":
        return None
    ids = ", ".join(c.member_id for c in held.match.candidates[:3])
    return Answer("insufficient", letter=field_side(held.letter, "patient.name"),
                  record=RecordSide(table="members", id=ids, column="name", value="more than one fits"))  # fmt: skip


def identity(held: Held) -> Answer | None:
    if held.match.outcome != "identity" or not held.match.candidates:
        return None
    best = held.match.candidates[0]
    by_dob = best.parts.get("dob", 0.0) not in (0.0, 13.0)
    member = held.records.members[best.member_id]
    name, column, value = ("patient.dob", "dob", str(member.dob)) if by_dob else ("patient.member_id", "member_id", member.member_id)
    return Answer("contradicted", {"what": "birth date" if by_dob else "member id"}, field_side(held.letter, name),
                  RecordSide(table="members", id=member.member_id, column=column, value=value))  # fmt: skip


def no_claim(held: Held) -> Answer | None:
    return Answer("insufficient") if held.tied and not held.open_claims else None


def item_differs(held: Held) -> Answer | None:
    """The member has open claims, and all of them are for something else."""
    if not held.tied or held.claims or not held.open_claims or not held.letter.items:
        return None
    claim = held.open_claims[0]
    item = held.letter.items[0]
    return Answer("contradicted", {"claimed": claim.item_description, "item": item.text}, side(item.evidence),
                  RecordSide(table="claims", id=claim.claim_id, column="item_description", value=claim.item_description))  # fmt: skip


def diagnosis_differs(held: Held) -> Answer | None:
    """The claim line has a code whose first three characters are none of the letter's; a letter without codes is silent."""
    ours = {d.icd10[:3] for d in held.letter.diagnoses if d.icd10}
    if not ours or not held.tied:
        return None
    for claim in held.claims:
        if claim.diagnosis_code and claim.diagnosis_code[:3].upper() not in ours:
            first = next(d for d in held.letter.diagnoses if d.icd10)
            return Answer("contradicted", {"claimed": claim.diagnosis_code}, side(first.evidence),
                          RecordSide(table="claims", id=claim.claim_id, column="diagnosis_code", value=claim.diagnosis_code))  # fmt: skip
    return None


def not_in_history(held: Held) -> Answer | None:
    """The primary diagnosis's first three characters stand in none of the member's history rows, where the plan asks."""
    if not held.tied or held.plan is None or not held.plan.history_required:
        return None
    primary = next((d for d in held.letter.diagnoses if d.primary), None)
    if primary is None or not primary.icd10 or any(h.icd10[:3].upper() == primary.icd10[:3] for h in held.history):
        return None
    return Answer("insufficient", {}, side(primary.evidence),
                  RecordSide(table="history", id=held.match.member_id or "", column="icd10", value=", ".join(h.icd10 for h in held.history) or "no rows"))  # fmt: skip


def covered(held: Held) -> Answer | None:
    """An approved claim of the item's category says that the letter on file still runs."""
    if not held.tied:
        return None
    categories = {i.category for i in held.letter.items}
    for number in held.records.claims_of.get(held.match.member_id or "", ()):
        claim = held.records.claims[number]
        match = _ON_FILE.search(claim.item_description)
        if claim.status not in ("approved", "paid") or claim.category not in categories or match is None:
            continue
        day = match["day"]
        if day is None or dt.date.fromisoformat(day) >= held.as_of:
            return Answer("contradicted", {}, side(held.letter.items[0].evidence),
                          RecordSide(table="claims", id=claim.claim_id, column="item_description", value=claim.item_description))  # fmt: skip
    return None
