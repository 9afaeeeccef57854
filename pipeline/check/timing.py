"""How long a letter holds.

Belongs here: the last day that a letter covers. Does not belong here: comparing it with a purchase, which the rule
table does; reading dates.
"""

import calendar
import datetime as dt

from pipeline.check.facts import Held
from pipeline.model import PlanRow

_FOR_LIFE = 900
"""From so many months on a duration is 'lifetime' and sets no end."""


def add_months(day: dt.date, months: float) -> dt.date:
    """The same day of a later month, the month's last where it has no such day; a part of a month counts 30 days a
    month."""
    whole = int(months)
    total = day.month - 1 + whole
    year, month = day.year + total // 12, total % 12 + 1
    moved = dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return moved + dt.timedelta(days=round(30 * (months - whole)))


def covers_until(held: Held, plan: PlanRow | None) -> dt.date | None:
    """The last day that the letter covers: the end of what it states (an end date, else its longest duration from its
    start or date), never beyond the plan's months from its date. None without a date, or where neither says."""
    written = held.day("letter_date")
    if written is None:
        return None
    ends = [end for end in (_stated_end(held, written), add_months(written, plan.letter_valid_months) if plan else None) if end]
    return min(ends, default=None)


def _stated_end(held: Held, written: dt.date) -> dt.date | None:
    end = held.day("treatment_end")
    if end is not None and end >= written:
        return end
    months = [item.duration_months for item in held.letter.items if item.duration_months]
    if not months or max(months) >= _FOR_LIFE:
        return None
    return add_months(max(written, held.day("treatment_start") or written), max(months))
