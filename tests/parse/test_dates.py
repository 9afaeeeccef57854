"""Dates are read as written, with what scanners do to them; what is no date is none."""

import datetime as dt

import pytest

from pipeline.codes.dates import birth_reading, dates_in

READ = [
    ("March 4, 2026", "2026-03-04"),
    ("March 4th, 2026", "2026-03-04"),
    ("May the 9th, 2026", "2026-05-09"),
    ("12 January 2026", "2026-01-12"),
    ("the 3rd of June, 2026", "2026-06-03"),
    ("2026-03-12", "2026-03-12"),
    ("3/2/26", "2026-03-02"),
    ("03.12.2026", "2026-03-12"),
    ("5-5-70", "1970-05-05"),
    ("Sept. 14, 1993", "1993-09-14"),
    ("Apri1 3, 2O26", "2026-04-03"),
    ("O3/l2/2026", "2026-03-12"),
    ("25/12/2025", "2025-12-25"),
]
NOT_DATES = ["BP 130/80", "pain 7/10", "M54.16", "may help 12 people", "1/2 tablet", "614-555-0134", "12 weeks", "3-4 times", "L4-5", "$1,200.00", "version 1.2.3.4"]


@pytest.mark.parametrize(("text", "iso"), READ)
def test_reads(text: str, iso: str) -> None:
    assert [d.iso for d in dates_in(f"Seen {text}, then home.")] == [iso]


@pytest.mark.parametrize("text", NOT_DATES)
def test_is_no_date(text: str) -> None:
    assert dates_in(text) == []


def test_an_impossible_day_is_kept_without_a_day() -> None:
    found = dates_in("February 30, 2026")
    assert [(d.raw, d.day) for d in found] == [("February 30, 2026", None)]


def test_one_day_first_date_turns_its_neighbours() -> None:
    assert [d.iso for d in dates_in("from 25/03/2026 to 04/05/2026")] == ["2026-03-25", "2026-05-04"]


def test_a_two_digit_birth_year_lies_before_the_letter() -> None:
    born = dates_in("10/21/32")[0]
    assert born.iso == "2032-10-21"
    assert birth_reading(born, dt.date(2026, 3, 1)).iso == "1932-10-21"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Date of birth 06/2211988", ["1988-06-22"]),
        ("D.O.B. 1/8166", ["1966-01-08"]),
        ("DOB 1114/1959", ["1959-11-04"]),
        ("Date: 05|14/2026", ["2026-05-14"]),
        ("DOB 13/4511988", []),
        ("ratio 5/1120 mg", []),
        ("Acct 06/2211988", []),
        ("Date of birth 06/22/1988", ["1988-06-22"]),
    ],
)
def test_a_slash_read_as_a_stroke(text: str, days: list[str]) -> None:
    assert [d.iso for d in dates_in(text)] == days
