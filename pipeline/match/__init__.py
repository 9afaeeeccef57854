"""Ties a letter to a member and to claims.

Belongs here: the choice between candidates, and which of the member's claims the letter is for. Does not belong here:
what follows from it (check). A wrong member is the worst error: where two fit about as well, or the name fits and the
birth date or id does not, that is said and the candidates are shown.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from pipeline.match.claims import claims_for
from pipeline.match.members import Scored, candidates
from pipeline.match.paper import Paper, named_on, values_of
from pipeline.match.sought import Sought, sought
from pipeline.match.weights import threshold
from pipeline.model import DocumentText, Letter, Match
from pipeline.records import Records, id_key

VERSION = "match-7"

Outcome = Literal["matched", "ambiguous", "identity", "none"]

__all__ = ["VERSION", "match"]

_SHOWN = 5
"""Candidates told of; where more fit about as well, all of them."""


def match(letter: Letter, records: Records, words: Callable[[], DocumentText] | None = None) -> Match:
    """The member and the open claims of a letter.

    `words` gives the file's words, which are searched where the letter's values leave the patient unknown or are not all
    there: `told` are the values that the member's record helped to find on the page, each with its words.

    `outcome` matched; ambiguous (more than one member fits about as well, or one on too little); identity (the name
    fits a member, the birth date or the id does not: `member_id` is that member, to be confirmed); none. `plan_id` is
    the claim's plan, else the member's, else the one plan that all who fit share.
    """
    found = _match(letter, records)
    if words is None or (found.outcome == "matched" and _says_all(letter, records)):
        return found
    document = words()
    paper = Paper(document, tuple(n for n in letter.pages if n <= len(document.pages)))
    member = found.member_id or _on_paper(letter, found, paper, records)
    told = values_of(letter, member, paper, records) if member else ()
    again = _match(letter.with_values(told), records) if told else found
    sure = again.outcome == "matched" and again.member_id == member
    return again.model_copy(update={"told": told}) if told and sure else found


def _says_all(letter: Letter, records: Records) -> bool:
    """Whether a matched letter states all that the records could help to find: an id is whole when it is a member's."""
    number = letter.text_of("patient.member_id")
    return bool(number and records.with_id(id_key(number))) and all(letter[name].accepted for name in ("patient.name", "patient.dob", "claim_number"))


def _on_paper(letter: Letter, found: Match, paper: Paper, records: Records) -> str | None:
    """The member named on the paper, where the letter's own values tell nobody or more than one. A name that was read
    stays the patient's: it may only help to choose among those who bear it."""
    if letter["patient.name"].accepted is None:
        return named_on(letter, paper, records)
    named = named_on(letter, paper, records) if found.outcome == "ambiguous" else None
    return named if named in {c.member_id for c in found.candidates} else None


def _match(letter: Letter, records: Records) -> Match:
    who = sought(letter)
    found = candidates(who, records)
    outcome, fits = _choose(who, found)
    member = fits[0].member_id if outcome in ("matched", "identity") else None
    claims, other = claims_for(letter, member, records) if member else ((), ())
    return Match(
        letter_id=letter.letter_id, outcome=outcome, member_id=member, plan_id=_plan(fits, claims, other, records),
        candidates=tuple(c.shown() for c in found[: max(_SHOWN, len(fits))]), claims=claims, other_open=other,
        by=_by(fits[0]) if member else "", snapshot=records.snapshot,
    )  # fmt: skip


def _choose(who: Sought, found: Sequence[Scored]) -> tuple[Outcome, list[Scored]]:
    """The outcome and the members it is about, best first."""
    fits = [c for c in found if c.fits]
    sound = [c for c in fits if not c.contradicted]
    if sound:
        near = [c for c in sound if sound[0].standing - c.standing < threshold("margin") or c.shares_id_with(sound[0])]
        if sound[0].score >= threshold("match"):
            return ("matched", sound[:1]) if len(near) == 1 else ("ambiguous", near)
        if any(c.named for c in near):
            return "ambiguous", near
    likely = [c for c in fits if c.likely_the_same(who)]
    if not likely:
        return "none", []
    near = [c for c in likely if likely[0].standing - c.standing < threshold("margin")]
    return ("identity", likely[:1]) if len(near) == 1 else ("ambiguous", near)


def _plan(fits: Sequence[Scored], claims: Sequence[str], other: Sequence[str], records: Records) -> str | None:
    for number in (*claims[:1], *other[:1]):
        if records.claims[number].plan_id in records.plans:
            return records.claims[number].plan_id
    plans = {records.members[c.member_id].plan_id for c in fits}
    return plans.pop() if len(plans) == 1 else None


def _by(candidate: Scored) -> str:
    parts = sorted(candidate.outcomes.items(), key=lambda pair: (-abs(candidate.parts[pair[0]]), pair[0]))
    return ", ".join(f"{part} {outcome.replace('_', ' ')}" for part, outcome in parts if outcome != "missing")
