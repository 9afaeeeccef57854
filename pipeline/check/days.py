"""Days reckoned from days.

Belongs here: steps of days and months that never leave the calendar. Does not belong here: which day counts from which.
"""

import calendar
import datetime as dt


def later(day: dt.date, days: float) -> dt.date:
    """So many days after a day, or before it when negative. Records write 'without end' as 9999-12-31: beyond the
    calendar's first or last day there is none, so that one is given."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def in_words(day: dt.date) -> str:
    """A day as people in the United States write it: 'March 14, 2026'."""
    return f"{day:%B} {day.day}, {day.year}"


def add_months(day: dt.date, months: float) -> dt.date:
    """The same day of a later month, the month's last where it has no such day; a part of a month counts 30 days a
    month. Within the calendar, as `later`."""
    whole = int(months)
    total = day.month - 1 + whole
    year, month = day.year + total // 12, total % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    moved = dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return later(moved, round(30 * (months - whole)))
