"""Which member is the patient: a Fellegi-Sunter score that is a sum of named parts.

Belongs here: finding candidates in the records' blocks and scoring them; weights lie in weights.csv with their
meaning. Does not belong here: claims. Names and ids are compared folded, so that a scanner's look-alikes agree.
Source of the weights: measured on 1,000 generated letters against 100,000 members (see docs/design.md).
"""

import csv
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import JaroWinkler, Levenshtein

from pipeline.codes.fold import fold, plain
from pipeline.model import Letter, MemberCandidate, MemberRow
from pipeline.records import Records, day_key, id_key, name_parts, surname_keys


@dataclass(frozen=True)
class Sought:
    """What the letter says of the patient."""

    name: str | None
    dob: dt.date | None
    member_id: str | None
    holder: str | None
    claim_number: str | None


@lru_cache(maxsize=1)
def weights() -> dict[tuple[str, str], float]:
    """(part, outcome) to weight."""
    text = files("pipeline.match").joinpath("weights.csv").read_text(encoding="utf-8")
    return {(row["part"], row["outcome"]): float(row["weight"]) for row in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=1)
def _nicknames() -> frozenset[tuple[str, str]]:
    text = files("pipeline.match").joinpath("nicknames.csv").read_text(encoding="utf-8")
    pairs: set[tuple[str, str]] = set()
    for row in csv.DictReader(text.splitlines()):
        for short in row["nicknames"].split("|"):
            pairs |= {(fold(row["name"]), fold(short)), (fold(short), fold(row["name"]))}
    return frozenset(pairs)


def sought(letter: Letter) -> Sought:
    """The patient as the letter names him."""
    born = letter.text_of("patient.dob")
    return Sought(letter.text_of("patient.name"), _day(born), letter.text_of("patient.member_id"),
                  letter.text_of("account_holder"), letter.text_of("claim_number"))  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def candidates(who: Sought, records: Records) -> tuple[MemberCandidate, ...]:
    """Members who share a block with the patient, best first, at most ten; ties by id."""
    found = {m: _scored(who, records.members[m], records) for m in sorted(_in_blocks(who, records))}
    ordered = sorted(found.values(), key=lambda c: (-c.score, c.member_id))
    return tuple(ordered[:10])


def _in_blocks(who: Sought, records: Records) -> set[str]:
    keys: set[str] = set()
    if who.member_id:
        keys.add(f"id:{id_key(who.member_id)}")
    if who.dob:
        keys.add(day_key(who.dob))
        swapped = _swap(who.dob)
        if swapped:
            keys.add(day_key(swapped))
    for name in (who.name, who.holder):
        keys.update(f"last:{part}" for part in (surname_keys(name) | set(name_parts(name)[:1]) if name else ()))
    found = {m for key in keys for m in records.blocks.get(key, ())}
    claim = find_claim(who.claim_number, records)
    if claim is not None and records.claims[claim].member_id in records.members:
        found.add(records.claims[claim].member_id)
    return found


def find_claim(number: str | None, records: Records) -> str | None:
    """The claim that a reference number names, spaces, hyphens and look-alikes apart; None unless just one does."""
    if not number:
        return None
    wanted = id_key(number)
    hits = [c for c in records.claims if id_key(c) == wanted]
    return hits[0] if len(hits) == 1 else None


def _swap(day: dt.date) -> dt.date | None:
    try:
        return dt.date(day.year, day.day, day.month)
    except ValueError:
        return None


def _scored(who: Sought, member: MemberRow, records: Records) -> MemberCandidate:
    outcomes = {**_name_outcomes(who.name, member.name), "dob": _dob_outcome(who.dob, member.dob),
                "id": _id_outcome(who.member_id, member), **_ties(who, member, records)}  # fmt: skip
    table = weights()
    parts = {part: table[(part, outcome)] for part, outcome in outcomes.items() if outcome}
    return MemberCandidate(member_id=member.member_id, score=round(sum(parts.values()), 2), parts=parts)


def _name_outcomes(theirs: str | None, ours: str) -> dict[str, str]:
    if not theirs:
        return {}
    straight = _compare(name_parts(theirs), name_parts(ours))
    turned = _compare(tuple(reversed(name_parts(theirs))), name_parts(ours))
    table = weights()

    def worth(found: dict[str, str]) -> float:
        return sum(table[(p, o)] for p, o in found.items())

    best = straight if worth(straight) >= worth({**turned, "swapped": "yes"}) else {**turned, "swapped": "yes"}
    if _suffix(theirs) and _suffix(ours) and _suffix(theirs) != _suffix(ours):
        best = {**best, "suffix": "differs"}
    return best


def _suffix(name: str) -> str:
    match = re.search(r"\b(jr|sr|ii|iii|iv)\b\.?\s*$", plain(name))
    return match.group(1) if match else ""


def _compare(theirs: tuple[str, ...], ours: tuple[str, ...]) -> dict[str, str]:
    if not theirs or not ours:
        return {"surname": "differs", "given": "differs"}
    return {"surname": _surname(theirs, ours), "given": _given(theirs[0], ours[0])}


def _surname(theirs: tuple[str, ...], ours: tuple[str, ...]) -> str:
    if theirs[-1] == ours[-1] and (len(theirs) < 3 or len(ours) < 3 or theirs[-2:] == ours[-2:] or min(len(theirs[-2]), len(ours[-2])) == 1):
        return "exact"
    if theirs[-2:] == ours[-2:] and len(theirs) > 2:
        return "exact"
    if "".join(theirs[1:]) == "".join(ours[1:]) or JaroWinkler.similarity(theirs[-1], ours[-1]) >= 0.92:
        return "near"
    shared = {p for p in set(theirs[1:]) & set(ours[1:]) if len(p) > 2}
    return "part" if shared else "differs"


def _given(a: str, b: str) -> str:
    if a == b:
        return "exact"
    if len(a) == 1 or len(b) == 1:
        return "initial" if a[0] == b[0] else "differs"
    if (a, b) in _nicknames():
        return "nickname"
    return "near" if JaroWinkler.similarity(a, b) >= 0.9 else "differs"


def _dob_outcome(theirs: dt.date | None, ours: dt.date | None) -> str:
    if theirs is None or ours is None:
        return "missing"
    if theirs == ours:
        return "exact"
    if _swap(theirs) == ours:
        return "swapped"
    return "one_digit" if Levenshtein.distance(theirs.isoformat(), ours.isoformat()) == 1 else "differs"


def _id_outcome(theirs: str | None, member: MemberRow) -> str:
    if not theirs:
        return "missing"
    wanted, own, holder = id_key(theirs), id_key(member.member_id), id_key(member.account_holder_id)
    if wanted == own:
        return "exact"
    if wanted == holder or (len(wanted) >= 6 and own.startswith(wanted)):
        return "holder"
    return "near" if len(wanted) >= 6 and Levenshtein.distance(wanted, own) == 1 else "differs"


def _ties(who: Sought, member: MemberRow, records: Records) -> dict[str, str]:
    ties: dict[str, str] = {}
    holder = records.members.get(member.account_holder_id)
    if who.holder and holder is not None and name_parts(who.holder)[-1:] == name_parts(holder.name)[-1:] and \
            _given(name_parts(who.holder)[0], name_parts(holder.name)[0]) in ("exact", "nickname", "near"):  # fmt: skip
        ties["holder"] = "exact"
    claim = find_claim(who.claim_number, records)
    if claim is not None:
        owner = records.members.get(records.claims[claim].member_id)
        if owner is not None and owner.member_id == member.member_id:
            ties["claim"] = "own"
        elif owner is not None and owner.account_holder_id == member.account_holder_id:
            ties["claim"] = "household"
    return ties
