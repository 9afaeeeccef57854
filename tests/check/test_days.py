"""Steps that never leave the calendar, and letters held against records that write 'without end' as a date."""

import datetime as dt

import pytest

from pipeline.check.days import add_months, later
from tests.check.bench import CLAIM, PLAN, codes, letter, records

END, BEGINNING = dt.date.max, dt.date.min


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [("2026-03-14", 17, "2026-03-31"), ("2026-03-14", -14, "2026-02-28"), ("9999-12-31", 0, "9999-12-31"), ("9999-12-30", 2, "9999-12-31"),
     ("0001-01-05", -5, "0001-01-01"), ("2026-03-14", 1e12, "9999-12-31"), ("2026-03-14", -1e12, "0001-01-01")],
)  # fmt: skip
def test_days_later(day: str, days: float, then: str) -> None:
    assert later(dt.date.fromisoformat(day), days).isoformat() == then


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-03-14", 12, "2027-03-14"), ("2026-03-14", -12, "2025-03-14"), ("2026-03-14", 1.5, "2026-04-29"),
     ("9999-06-30", 12, "9999-12-31"), ("9999-12-31", 0.5, "9999-12-31"), ("2026-03-14", 999_999_999, "9999-12-31"), ("0001-06-30", -12, "0001-01-01")],
)  # fmt: skip
def test_months_later(day: str, months: float, then: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months).isoformat() == then


OPEN_ENDED = {"plan_year_end": "9999-12-31", "grace_end": "9999-12-31", "runout_end": "9999-12-31"}


@pytest.mark.parametrize(
    ("plan", "claim", "found"),
    [
        (OPEN_ENDED, {}, ""),
        ({**OPEN_ENDED, "letter_valid_months": "999999999"}, {}, ""),
        ({**OPEN_ENDED, "retroactive_days": "99999999"}, {}, ""),
        ({}, {"received_date": "9999-12-31"}, ""),
        (OPEN_ENDED, {"service_date": "9999-12-31"}, "LETTER_EXPIRED"),
        ({}, {"service_date": "0001-01-01"}, "LETTER_AFTER_PURCHASE OUTSIDE_PLAN_YEAR"),
        ({"retroactive_days": "99999999"}, {"service_date": "0001-01-01"}, "OUTSIDE_PLAN_YEAR"),
    ],
)
def test_dates_without_end_in_the_records_break_no_letter(plan: dict[str, str], claim: dict[str, str], found: str) -> None:
    held = records(plans=[{**PLAN, **plan}], claims=[{**CLAIM, **claim}])
    assert set(codes(letter(), held).split()) == set(found.split())
