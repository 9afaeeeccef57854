"""Which of a member's open claims a letter is for.

Belongs here: the claim by its number, else by what the claim line and the letter's items have in common. Does not
belong here: what follows when there is none.
"""

import datetime as dt

from rapidfuzz.distance import DamerauLevenshtein

from pipeline.codes.things import Thing, likeness, may_be
from pipeline.model import ClaimRow, Letter
from pipeline.records import Records, id_key

Ids = tuple[str, ...]


def claims_for(letter: Letter, member_id: str, records: Records) -> tuple[Ids, Ids]:
    """The open claims the letter is for, best first, and the member's other open claims.

    A claim that the letter names by its number is the only one, unless it is plainly for another thing. Without a
    number every line for the same thing counts. A letter that names no item is for the claim it names, or for the
    only one there is.
    """
    opened = [c for c in records.claims_by(member_id) if c.is_open]
    named = _named(letter.text_of("claim_number"), opened, records)
    fitting = _fitting(letter, named) or [c for c in named if _may_be(letter, c)] or ([] if named else _fitting(letter, opened))
    if not letter.items:
        fitting = named or (opened if len(opened) == 1 else [])
    chosen = tuple(c.claim_id for c in fitting)
    return chosen, tuple(dict.fromkeys(c.claim_id for c in (*named, *opened) if c.claim_id not in chosen))


def _named(number: str | None, opened: list[ClaimRow], records: Records) -> list[ClaimRow]:
    """The claims whose number this is, spaces, hyphens and look-alikes apart. A number that is no claim's may be one
    misread character away from one of the member's few."""
    if not number:
        return []
    wanted = id_key(number)
    if records.claims_numbered(wanted):
        return [c for c in opened if id_key(c.claim_id) == wanted]
    near = [c for c in opened if len(wanted) >= 8 and DamerauLevenshtein.distance(wanted, id_key(c.claim_id)) == 1]
    return near if len(near) == 1 else []


def _fitting(letter: Letter, opened: list[ClaimRow]) -> list[ClaimRow]:
    scored = [(_likeness(letter, claim), claim) for claim in opened]
    return [claim for score, claim in sorted(scored, key=lambda pair: _rank(letter, *pair)) if score > 0]


def _rank(letter: Letter, score: float, claim: ClaimRow) -> tuple[float, int, str]:
    return (-score, _days_apart(letter.text_of("letter_date"), claim.service_date), claim.claim_id)


def _days_apart(written: str | None, served: dt.date | None) -> int:
    try:
        return abs((served - dt.date.fromisoformat(written)).days) if written and served else 0
    except ValueError:
        return 0


def _likeness(letter: Letter, claim: ClaimRow) -> float:
    """How surely the line is for one of the letter's items, 0 when for none: by code, category and words; for the same
    diagnosis the same price will do on a line without code and category, and so will a device that may be the same by another
    name."""
    line = Thing(claim.item_description, claim.category, claim.code, claim.amount)
    best = max((likeness(Thing(i.text, i.category, i.code, i.cost), line) for i in letter.items), default=0.0)
    bare = not claim.category and not claim.code
    priced = bare and any(i.cost and claim.amount and abs(i.cost - claim.amount) < 0.01 for i in letter.items)
    diagnosed = any(d.icd10 and claim.diagnosis_code == d.icd10 for d in letter.diagnoses)
    return best or (1.0 if diagnosed and (priced or _may_be(letter, claim)) else 0.0)


def _may_be(letter: Letter, claim: ClaimRow) -> bool:
    """Whether one of the letter's items may be the line's by another name."""
    return any(may_be(Thing(i.text, i.category, i.code), Thing(claim.item_description, claim.category, claim.code)) for i in letter.items)
