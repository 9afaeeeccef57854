"""The letters on file: what persons approved, which days and things it covers, what is due for renewal.

Belongs here: from decisions in the ledger to approved letters, the open claims they cover, renewals. Does not belong
here: how long a letter holds (check), deciding.
"""

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger import CaseRow
from pipeline.model import ApprovedLetter, Case, ClaimRow, Decision, Match
from pipeline.records import Records
from pipeline.site import Site

if TYPE_CHECKING:
    from pipeline.letters import Known

ON_FILE = "approved"
"""What a decision has to say for the letter to go on file; a later decision on the same letter replaces it."""


class Standing(NamedTuple):
    """A letter on file with what follows from it as of a day. `covers` are the member's open claims it covers; `state`
    runs, ends (within the warning time), over (ran out), year_over (a new plan year has begun since it was approved)."""

    letter: ApprovedLetter
    file: str
    who: str
    covers: tuple[str, ...]
    state: str
    days_left: int | None


def approved_letters(site: Site, known: "Known | None" = None) -> dict[str, tuple[ApprovedLetter, ...]]:
    """Approved letters by member, oldest approval first; each under the member whom it was tied to last, by `known` if
    that is given, else by its case."""
    found: dict[str, list[ApprovedLetter]] = defaultdict(list)
    for letter, _, _ in _approved(site, known):
        found[letter.member_id].append(letter)
    return {member: tuple(several) for member, several in found.items()}


def approved_of(site: Site, member: str) -> tuple[ApprovedLetter, ...]:
    """One member's approved letters, oldest approval first."""
    return tuple(letter for letter, _, _ in _approved(site, member=member) if letter.member_id == member)


def on_file_for(site: Site, member: str, warn_days: int = 30) -> list[Standing]:
    """One member's approved letters with what follows from each."""
    return [_standing(site, *each, warn_days) for each in _approved(site, member=member) if each[0].member_id == member]


def _approved(site: Site, known: "Known | None" = None, member: str | None = None) -> list[tuple[ApprovedLetter, Case, Decision]]:
    from pipeline.check import on_file_of

    out = []
    for row, decision in site.ledger.decided(ON_FILE, member):
        case = site.store.get("case", row.result, Case)
        day = _day(decision)
        if case is None or case.letter is None or case.item.match is None or day is None or day > site.as_of:
            continue
        match = _tied_now(site, row, known) or case.item.match if known else case.item.match
        received = dt.date.fromisoformat(case.receipt.received_at[:10])
        letter = on_file_of(case.letter, match, site.records, received, day, site.rules.policies)
        if letter is not None:
            out.append((letter, case, decision))
    return sorted(out, key=lambda each: (each[0].approved_on, each[0].letter_id))


def _tied_now(site: Site, row: CaseRow, known: "Known") -> Match | None:
    receipt = site.ledger.receipt(row.receipt_id)
    tied = known.matches(receipt) if receipt else None
    return next((m for m in tied.matches if m.letter_id == row.item.letter_id), None) if tied else None


def _day(decision: Decision) -> dt.date | None:
    try:
        return dt.date.fromisoformat(decision.when[:10])
    except ValueError:
        return None


def letters_on_file(site: Site, warn_days: int = 30) -> list[Standing]:
    """Every approved letter, those that end soonest first."""
    told = [_standing(site, *each, warn_days) for each in _approved(site)]
    return sorted(told, key=lambda s: (s.letter.until or dt.date.max, s.letter.letter_id))


def _standing(site: Site, letter: ApprovedLetter, case: Case, decision: Decision, warn_days: int) -> Standing:
    from pipeline.check import covers_claim

    left = (letter.until - site.as_of).days if letter.until else None
    covers = tuple(c.claim_id for c in _open_claims(site.records, letter.member_id) if covers_claim(letter, c))
    state = "over" if left is not None and left < 0 else "ends" if left is not None and left <= warn_days else "runs"
    if state != "over" and _new_plan_year(letter, site):
        state = "year_over"
    return Standing(letter, case.receipt.file, decision.who, covers, state, left)


def _open_claims(records: Records, member: str) -> list[ClaimRow]:
    return [c for c in records.claims_by(member) if c.is_open]


def _new_plan_year(letter: ApprovedLetter, site: Site) -> bool:
    """Whether the plan's current year began after the approval; such a letter is looked at again."""
    plan = site.records.plans.get(letter.plan_id or "")
    return plan is not None and letter.approved_on < plan.plan_year_start <= site.as_of
