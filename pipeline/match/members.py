"""Which member is the patient: a Fellegi-Sunter score that is a sum of named parts.

Belongs here: finding candidates in the records' indexes and scoring them; weights and their meaning lie in
weights.csv. Does not belong here: the choice among them, claims.
"""

import math
from dataclasses import dataclass

from pipeline.match import compare
from pipeline.match.blocks import claims_named, near
from pipeline.match.sought import Sought
from pipeline.match.weights import threshold, weights
from pipeline.model import MemberCandidate, MemberRow
from pipeline.records import Name, Records, id_key

_NEAR_BEHIND = 3.0
_STRONG_GIVEN = ("exact", "nickname")
_CONTRADICTING_DOB = ("swapped", "one_digit", "transposed", "partly", "differs")
_CONTRADICTING_ID = ("near", "exchanged", "differs", "anothers")


@dataclass(frozen=True)
class Scored:
    """A candidate with the outcome of each comparison and its weight; `score` is their sum less the prior odds."""

    member_id: str
    outcomes: dict[str, str]
    parts: dict[str, float]

    @property
    def score(self) -> float:
        return round(sum(self.parts.values()), 2)

    @property
    def standing(self) -> float:
        """The score among rivals: a name that is merely near stands back behind one that agrees to the letter, since
        a reading seldom turns one member's name into another's."""
        return self.score - _NEAR_BEHIND * sum(self.outcomes.get(p) == "near" for p in ("given", "surname"))

    @property
    def fits(self) -> bool:
        """Whether the name can be this member's: given name and surname agree somehow; or everything else does."""
        surname, given = self.outcomes.get("surname", "missing"), self.outcomes.get("given", "missing")
        if surname in ("exact", "near", "part") and given in ("exact", "nickname", "near", "initial"):
            return True
        if surname == "exact" and given == "missing":
            return "exact" in (self.outcomes["dob"], self.outcomes["id"])
        known = self.outcomes["dob"] == "exact" and (self.outcomes["id"] == "exact" or (surname == "missing" and self.outcomes.get("claim") == "own"))
        return known and (surname != "differs" or given in _STRONG_GIVEN or surname == "missing")

    @property
    def named(self) -> bool:
        """Whether the letter's name is this member's own, be it shortened; not merely like it."""
        return self.outcomes.get("surname") in ("exact", "part") and self.outcomes.get("given") in (*_STRONG_GIVEN, "initial")

    @property
    def contradicted(self) -> bool:
        """Whether birth date, id or suffix speaks against the name."""
        return (self.outcomes["dob"] in _CONTRADICTING_DOB or self.outcomes["id"] in _CONTRADICTING_ID
                or self.outcomes.get("suffix") == "differs")  # fmt: skip

    def shares_id_with(self, holder: "Scored") -> bool:
        """Whether this one may go under the id that is the holder's own, as a holder's family does, and agrees as well but
        for that."""
        if (holder.outcomes["id"], self.outcomes["id"]) != ("exact", "household"):
            return False
        return holder.standing - holder.parts["id"] - (self.standing - self.parts["id"]) < threshold("margin")

    def likely_the_same(self, who: Sought) -> bool:
        """Whether a contradicted member is the patient all the same: the full name agrees and either something else
        does too, or the name is so rare that it can hardly be a namesake's."""
        if self.outcomes.get("suffix") == "differs":
            return False
        full = self.outcomes.get("surname") in ("exact", "part") and self.outcomes.get("given") in _STRONG_GIVEN
        near = self.outcomes.get("surname") in ("exact", "near") and self.outcomes.get("given") in (*_STRONG_GIVEN, "near")
        backed = self.outcomes["id"] in ("exact", "household") or self.outcomes["dob"] == "exact" or "claim" in self.outcomes
        if near and backed:
            return True
        if not full or (self.outcomes["dob"] == "differs" and self.outcomes["id"] in ("differs", "anothers")):
            return False
        name = sum(self.parts[p] for p in ("given", "surname", "rarity", "prior", "middle") if p in self.parts)
        return self.outcomes["dob"] not in ("differs", "missing") or name >= threshold("name_alone")

    def shown(self) -> MemberCandidate:
        """The candidate as the model has it, parts without weight left out."""
        return MemberCandidate(member_id=self.member_id, score=self.score, parts={k: round(v, 2) for k, v in self.parts.items() if v})


def candidates(who: Sought, records: Records) -> tuple[Scored, ...]:
    """Members who share an index with the patient, best first; ties by id."""
    found = [_scored(who, member, name, records) for member, name in records.members_at(near(who, records))]
    return tuple(sorted(found, key=lambda c: (not c.fits, -c.standing, c.member_id)))


def _scored(who: Sought, member: MemberRow, ours: Name, records: Records) -> Scored:
    outcomes = compare.names(who.name, ours) if who.name else {}
    outcomes |= {"dob": _dob(who, member), "id": _id(who, member, records), **_ties(who, member, records)}
    table = weights()
    parts = {part: table[(part, outcome)] for part, outcome in outcomes.items()}
    if outcomes.get("surname") in ("exact", "near") and ours.surname:
        parts["rarity"] = _rarity(records.bearers(ours.surname[-1]), len(records.members))
    parts["prior"] = -math.log2(max(2, len(records.members)))
    return Scored(member.member_id, outcomes, parts)


def _rarity(bearers: int, members: int) -> float:
    """What an agreeing surname is worth beyond the usual: up to 3 bits more for a rare one, 3 less for a common one.
    One bearer in 256 is what the weight of an exact surname stands for."""
    return max(-3.0, min(3.0, math.log2(max(2, members) / max(1, bearers)) - 8))


def _dob(who: Sought, member: MemberRow) -> str:
    outcome = compare.dob(who.dob, member.dob)
    if outcome == "one_digit" and who.dob_doubtful and who.dob and member.dob and compare.looks_alike(who.dob, member.dob):
        return "misread"
    return outcome


def _id(who: Sought, member: MemberRow, records: Records) -> str:
    """How the letter's id and the member's agree. `household`: the account holder's or another's under the same
    account; `other_kind`: no member id is built like it, so it is some other number."""
    if not who.member_id:
        return "missing"
    wanted, own = id_key(who.member_id), id_key(member.member_id)
    if wanted == own:
        return _folded_alike(who.member_id, member, records)
    if wanted == id_key(member.account_holder_id) or _extends(wanted, own):
        return "household"
    owners = records.with_id(wanted)
    if any(owner.account_holder_id == member.account_holder_id for owner in owners):
        return "household"
    if compare.one_edit(wanted, own) or compare.one_edit(wanted, id_key(member.account_holder_id)):
        return "misread" if who.id_doubtful and not owners else "near"
    if compare.exchanged(wanted, own):
        return "exchanged"
    if owners:
        return "anothers"
    return "differs" if records.has_form(who.member_id) else "other_kind"


def _folded_alike(written: str, member: MemberRow, records: Records) -> str:
    """An id that folds to this member's is the member's, unless as it is written it is another's: 60080 is not 80060."""
    bare = _bare(written)
    others = [] if bare == _bare(member.member_id) else [o for o in records.with_id(id_key(written)) if _bare(o.member_id) == bare]
    return "exact" if not others else "household" if any(o.account_holder_id == member.account_holder_id for o in others) else "anothers"


def _bare(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())


def _extends(a: str, b: str) -> bool:
    """One id is the other with a person's number of up to three characters behind it."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 6 and long.startswith(short) and len(long) - len(short) <= 3


def _ties(who: Sought, member: MemberRow, records: Records) -> dict[str, str]:
    ties: dict[str, str] = {}
    account = records.members.get(member.account_holder_id) if who.holder else None
    holder = records.name(account) if account else None
    if who.holder and holder and compare.surname(who.holder, holder) in ("exact", "near") and \
            compare.given(who.holder.given, holder.given) in ("exact", "nickname", "near"):  # fmt: skip
        ties["holder"] = "agrees"
    owners = {records.claims[c].member_id for c in claims_named(who.claim_number, records)}
    if member.member_id in owners:
        ties["claim"] = "own"
    elif any(records.members[o].account_holder_id == member.account_holder_id for o in owners if o in records.members):
        ties["claim"] = "household"
    return ties
