"""Does a letter that a person approved already cover what this one asks for?

Belongs here: letters on file against this letter's items, and what an approved letter covers. Does not belong here: the
claim records' own words on letters (claim_side.py), letters sent again (filing.py), who approves.
"""

import datetime as dt

from pipeline.check.days import in_words
from pipeline.check.facts import Answer, Held, fact, side
from pipeline.check.policy import Policies
from pipeline.check.timing import covers_from, covers_until
from pipeline.codes.things import Thing, likeness
from pipeline.model import PROGRAMS, ApprovedLetter, ClaimRow, Letter, Match, RecordSide
from pipeline.records import Records


@fact("until", "item")
def approved_before(held: Held) -> Answer | None:
    """A letter of this member for the same thing was approved and still runs today; another letter's, not this one's."""
    for on_file in held.approved:
        if on_file.letter_id == held.letter.letter_id or on_file.member_id != held.match.member_id or not runs(on_file, held.as_of):
            continue
        for item in held.letter.items:
            if covers_thing(on_file, Thing(item.text, item.category, item.code, item.cost)):
                until = on_file.until.isoformat() if on_file.until else "further notice"
                told = in_words(on_file.until) if on_file.until else until
                return Answer("contradicted", {"until": told, "item": item.text}, side(item.evidence),
                              RecordSide(table="letters", id=on_file.letter_id, column="until", value=until))  # fmt: skip
    return None


def runs(on_file: ApprovedLetter, day: dt.date) -> bool:
    """Whether a letter on file covers a purchase of this day."""
    return on_file.since <= day and (on_file.until is None or day <= on_file.until)


def covers_thing(on_file: ApprovedLetter, thing: Thing) -> bool:
    """Whether a letter on file is for such a thing."""
    return any(likeness(Thing(text, category, code), thing) > 0 for text, category, code in on_file.things)


def covers_claim(on_file: ApprovedLetter, claim: ClaimRow) -> bool:
    """Whether a letter on file covers a claim line: the same member, such a thing, and a service date in its days."""
    if claim.member_id != on_file.member_id or claim.service_date is None or not runs(on_file, claim.service_date):
        return False
    return covers_thing(on_file, Thing(claim.item_description, claim.category, claim.code, claim.amount))


def on_file_of(letter: Letter, match: Match, records: Records, received: dt.date, approved_on: dt.date, policies: Policies) -> ApprovedLetter | None:
    """What an approved letter covers from now on; None where no member is known or the letter has no date."""
    plan = records.plans.get(match.plan_id or "")
    named = letter.text_of("recipient.program")
    policy = policies.of(plan, plan.program if plan else named if named in PROGRAMS else "fsa", approved_on)
    since = covers_from(letter, policy, approved_on)
    if match.member_id is None or since is None:
        return None
    return ApprovedLetter(letter_id=letter.letter_id, member_id=match.member_id, plan_id=match.plan_id, approved_on=approved_on, since=since,
                          until=covers_until(letter, plan, policy, received),
                          things=tuple((i.text, i.category, i.code) for i in letter.items))  # fmt: skip
