"""Ties a letter to a member and to claims.

Belongs here: the choice between candidates, and which of the member's claims the letter is for. Does not belong here:
what follows from it (check). A wrong member is the worst error: where two fit about as well, or the name fits and the
birth date or id does not, no member is chosen and the candidates are shown.
"""

import re
from collections.abc import Sequence
from typing import Literal

from pipeline.codes.fold import plain
from pipeline.match.members import Sought, candidates, find_claim, sought, weights
from pipeline.model import ClaimRow, Letter, Match, MemberCandidate
from pipeline.records import Records, id_key

Outcome = Literal["matched", "ambiguous", "identity", "none"]
VERSION = "match-1"

__all__ = ["VERSION", "match"]


def match(letter: Letter, records: Records) -> Match:
    """The member and open claims of a letter; `outcome` says when there is no sure member."""
    who = sought(letter)
    found = candidates(who, records) if who.name else ()
    outcome, member = _choose(who, found)
    chosen = member if outcome in ("matched", "identity") else None
    claims, other = _claims(letter, who, chosen.member_id if chosen else None, records)
    plan = records.members[chosen.member_id].plan_id if chosen else None
    if claims and records.claims[claims[0]].plan_id in records.plans:
        plan = records.claims[claims[0]].plan_id
    return Match(letter_id=letter.letter_id, outcome=outcome, member_id=chosen.member_id if chosen else None, plan_id=plan,
                 candidates=found[:5], claims=claims, other_open=other, by=_by(chosen), snapshot=records.snapshot)  # fmt: skip


def _choose(who: Sought, found: Sequence[MemberCandidate]) -> tuple[Outcome, MemberCandidate | None]:
    table = weights()
    named = [c for c in found if _name_fits(c)]
    if not named:
        return "none", None
    best = named[0]
    second = named[1].score if len(named) > 1 else -99.0
    if best.score - second < table[("threshold", "margin")] and second > 0:
        return "ambiguous", None
    if _contradicted(best):
        return ("identity", best) if _strong_name(best) else ("none", None)
    least = table[("threshold", "match")] if who.dob or who.member_id else table[("threshold", "name_only")]
    if best.score < least:
        return ("ambiguous", None) if best.score > 4 else ("none", None)
    return "matched", best


def _name_fits(candidate: MemberCandidate) -> bool:
    return candidate.parts.get("surname", -6) > 0 and candidate.parts.get("given", -6) > 0 or \
        (candidate.parts.get("surname", -6) > 0 and candidate.parts.get("dob", 0) >= 13 and candidate.parts.get("id", 0) >= 18)  # fmt: skip


def _strong_name(candidate: MemberCandidate) -> bool:
    return candidate.parts["surname"] + candidate.parts.get("given", 0) >= 12.5 or candidate.parts.get("id", 0) >= 10


def _contradicted(candidate: MemberCandidate) -> bool:
    """Birth date or id speaks against the name: a differing date, a date with day and month exchanged, another id."""
    dob, number = candidate.parts.get("dob", 0.0), candidate.parts.get("id", 0.0)
    if dob in (-9.0, 8.0):
        return True
    if dob == 6.0:
        return number < 10
    return number == -3.0 and dob < 13


def _by(candidate: MemberCandidate | None) -> str:
    if candidate is None:
        return ""
    return ", ".join(f"{part} {value:+g}" for part, value in sorted(candidate.parts.items(), key=lambda kv: -kv[1]))


def _claims(letter: Letter, who: Sought, member: str | None, records: Records) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Open claims the letter is for, best first, and the member's other open claims."""
    named = find_claim(who.claim_number, records)
    if member is None:
        return (), ()
    opened = [records.claims[c] for c in records.claims_of.get(member, ()) if records.claims[c].is_open]
    scored = [(claim, _claim_score(letter, claim, named)) for claim in opened]
    fit = sorted((pair for pair in scored if pair[1] >= 3.0), key=lambda p: (-p[1], p[0].service_date is None, str(p[0].service_date), p[0].claim_id))
    chosen = tuple(claim.claim_id for claim, _ in fit)
    return chosen, tuple(claim.claim_id for claim in opened if claim.claim_id not in chosen)


def _claim_score(letter: Letter, claim: ClaimRow, named: str | None) -> float:
    """Category 3, code 4, shared words 1 each to 3, amount 1; the claim that the letter names by number 6 unless it
    is plainly for another thing."""
    category = any(item.category == claim.category and item.category != "other" for item in letter.items)
    code = any(item.code and claim.code and id_key(item.code.split()[0]) == id_key(claim.code.split()[0]) for item in letter.items)
    words = max((_shared(item.text, f"{claim.item_description} {claim.merchant}") for item in letter.items), default=0)
    amount = any(item.cost and claim.amount and abs(item.cost - claim.amount) < 0.01 for item in letter.items)
    score = 3.0 * category + 4.0 * code + min(3, words) * 1.5 + 1.0 * amount
    if named == claim.claim_id and (score > 0 or not letter.items):
        score += 6.0
    return score


_EMPTY = frozenset("the and for with per visit session sessions min monthly fee each custom pair therapy device medical".split())


def _shared(a: str, b: str) -> int:
    left, right = ({_stem(w) for w in re.findall(r"[a-z]{3,}", plain(t)) if w not in _EMPTY} for t in (a, b))
    return len(left & right)


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 else word
