"""Do the letter's dates and the claim's fit the plan?

Belongs here: the letter before or after the purchase, the plan year, validity, dates to come. An empty service date
means not yet performed, and no timing follows from it. Does not belong here: reading dates.
"""

import calendar
import datetime as dt

from pipeline.check.facts import Answer, Held, field_side
from pipeline.model import ClaimRow, RecordSide


def add_months(day: dt.date, months: float) -> dt.date:
    """The same day of a later month, the month's last where it has no such day; a part of a month counts 30 days."""
    whole, rest = int(months), months - int(months)
    total = day.month - 1 + whole
    year, month = day.year + total // 12, total % 12 + 1
    moved = dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return moved + dt.timedelta(days=round(30 * rest))


def _performed(held: Held) -> list[tuple[ClaimRow, dt.date]]:
    return [(c, c.service_date) for c in held.claims or held.open_claims if c.service_date is not None] if held.tied else []


def _record(claim: ClaimRow) -> RecordSide:
    return RecordSide(table="claims", id=claim.claim_id, column="service_date", value=str(claim.service_date))


def after_purchase(held: Held) -> Answer | None:
    """Letter date later than the service date and the plan's look-back days; a purchase that the letter itself dates
    counts where the claim has no date yet."""
    written = held.day("letter_date")
    if written is None or held.plan is None or not held.tied:
        return None
    grace = dt.timedelta(days=held.plan.retroactive_days)
    for claim, served in _performed(held):
        if written > served + grace:
            return Answer("contradicted", {"letter_date": written.isoformat(), "service_date": served.isoformat()},
                          field_side(held.letter, "letter_date"), _record(claim))  # fmt: skip
    return None


def outside_year(held: Held) -> Answer | None:
    if held.plan is None:
        return None
    for claim, served in _performed(held):
        plan = held.records.plans.get(claim.plan_id, held.plan)
        if not plan.plan_year_start <= served <= (plan.grace_end or plan.plan_year_end):
            return Answer("contradicted", {"service_date": served.isoformat()}, None, _record(claim))
    return None


def expired(held: Held) -> Answer | None:
    """Service later than the letter's date and the plan's months, or than the end of the stated duration."""
    written = held.day("letter_date")
    if written is None or held.plan is None:
        return None
    months = [i.duration_months for i in held.letter.items if i.duration_months and i.duration_months < 900]
    until = add_months(written, held.plan.letter_valid_months)
    if months:
        until = min(until, add_months(max(written, held.day("treatment_start") or written), max(months)))
    for claim, served in _performed(held):
        if served > until:
            return Answer("contradicted", {"until": until.isoformat(), "service_date": served.isoformat()},
                          field_side(held.letter, "letter_date"), _record(claim))  # fmt: skip
    return None


def future(held: Held) -> Answer | None:
    written = held.day("letter_date")
    if written is None or written <= held.as_of:
        return None
    return Answer("contradicted", {"letter_date": written.isoformat()}, field_side(held.letter, "letter_date"))
