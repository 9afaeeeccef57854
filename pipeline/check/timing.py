"""How long a letter holds.

Belongs here: the first and the last day that a letter covers, by the plan's policy. Does not belong here: comparing them
with a purchase, which the rule table does; reading dates.
"""

import datetime as dt

from pipeline.check.days import add_months, later
from pipeline.check.policy import Policy
from pipeline.model import Letter, PlanRow

_FOR_LIFE = 900
"""From so many months on a duration is 'lifetime' and sets no end."""


def day_in(letter: Letter, name: str) -> dt.date | None:
    """The accepted value of a date field; None for a value that is no calendar day."""
    text = letter.text_of(name)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def is_for_life(letter: Letter) -> bool:
    """Whether some item is asked for without end."""
    return any((item.duration_months or 0) >= _FOR_LIFE for item in letter.items)


def anchor(letter: Letter, policy: Policy, received: dt.date | None) -> dt.date | None:
    """The day from which the letter's time is counted; None for a letter without a date."""
    written = day_in(letter, "letter_date")
    if policy.valid_from == "signed":
        return day_in(letter, "provider.signature_date") or written
    return received or written if policy.valid_from == "received" else written


def covers_until(letter: Letter, plan: PlanRow | None, policy: Policy, received: dt.date | None = None) -> dt.date | None:
    """The last day that the letter covers: the end of what it states (an end date, else its longest duration from its
    start or date), never beyond the plan's months, or the end of the plan year in which it was written. None without a
    date, where nothing sets an end, and for life where the plan allows that."""
    since = anchor(letter, policy, received)
    if since is None or (is_for_life(letter) and policy.lifetime == "allowed"):
        return None
    ends = [_stated_end(letter, since), add_months(since, policy.valid_months) if plan and policy.valid_months else None]
    if policy.valid_from == "plan_year" and plan is not None:
        ends.append(_plan_year_end(since, plan))
    return min((end for end in ends if end), default=None)


def _stated_end(letter: Letter, since: dt.date) -> dt.date | None:
    end = day_in(letter, "treatment_end")
    if end is not None and end >= since:
        return end
    months = [item.duration_months for item in letter.items if item.duration_months]
    if not months or max(months) >= _FOR_LIFE:
        return None
    return add_months(max(since, day_in(letter, "treatment_start") or since), max(months))


def _plan_year_end(day: dt.date, plan: PlanRow) -> dt.date:
    """The last day of the plan year that holds the day; plan years repeat each year."""
    end = plan.plan_year_end
    while end < day:
        end = add_months(end, 12)
    while (before := add_months(end, -12)) >= day:
        end = before
    return end


def covers_from(letter: Letter, policy: Policy, approved_on: dt.date | None) -> dt.date | None:
    """The first day of purchase that the letter covers: any day at all (the least date) where the plan does not ask;
    None for a letter without a date."""
    written = day_in(letter, "letter_date")
    if policy.before_purchase == "none":
        return dt.date.min
    first = max(filter(None, (written, approved_on)), default=None) if policy.before_purchase == "approved_before" else written
    return later(first, -policy.look_back_days) if first else None
