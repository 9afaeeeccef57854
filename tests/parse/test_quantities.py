"""How often, how long, for how much, how many: tables with near-misses."""

import pytest

from pipeline.parse.amounts import number
from pipeline.parse.quantities import LIFETIME, costs, durations, frequencies, months, quantities


def values(found: list) -> list:
    return [f.value for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twice weekly", ["2 per week"]),
        ("3x/wk x 8 wks", ["3 per week"]),
        ("2 × / week", ["2 per week"]),
        ("l x / month", ["1 per month"]),
        ("three times per week", ["3 per week"]),
        ("two 60-minute sessions per week", ["2 per week"]),
        ("one visit weekly", ["1 per week"]),
        ("2-3 times a week", ["3 per week"]),
        ("20 hours per week", ["20 hours per week"]),
        ("1 hour per week", ["1 hour per week"]),
        ("every other week", ["every 2 weeks"]),
        ("every third month", ["every 3 months"]),
        ("q4 weeks", ["every 4 weeks"]),
        ("every 28 days", ["every 4 weeks"]),
        ("every 90 days", ["every 3 months"]),
        ("every 10 days", ["every 10 days"]),
        ("1 per 3 mo", ["every 3 months"]),
        ("quarterly", ["every 3 months"]),
        ("BID", ["2 per day"]),
        ("t.i.d. with meals", ["3 per day"]),
        ("every 8 hours", ["3 per day"]),
        ("run nightly", ["1 per day"]),
        ("to be worn every day", ["1 per day"]),
        ("at bedtime", ["1 per day"]),
        ("1 per quarter", ["every 3 months"]),
        ("twice a quarter", ["8 per year"]),
        ("5 cans daily", ["5 per day"]),
        ("three sessions four weeks apart", ["every 4 weeks"]),
        ("at two-week intervals", ["every 2 weeks"]),
        ("4 times per day at bedtime and noon", ["4 per day"]),
        # near-misses
        ("activities of daily living", []),
        ("at a monthly cost of $49", []),
        ("$90 a month", []),
        ("he wakes two nights a week", []),
        ("ten migraine days a month", []),
        ("stumbles went from about six a week to two", []),
        ("she hits her sister about 7 times a week", []),
        ("around the clock, 24 hours a day", []),
        ("the contractor's bid of $4,975", []),
        ("two bids, the lowest bid: $900", []),
        ("lives four miles apart from her sister", []),
        ("600 mg a day", []),
        ("wrote 31 words a day", []),
        ("blood pressure 140/90 on 3/4/2026", []),
    ],
)
def test_frequencies(text: str, expected: list[str]) -> None:
    assert values(frequencies(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for 12 weeks", [3.0]),
        ("once a week for twenty weeks", [5.0]),
        ("x 8 wks", [2.0]),
        ("daily x 6 mos", [6.0]),
        ("for twelve (12) months", [12.0]),
        ("for l2 months", [12.0]),
        ("a six-month course is requested", [6.0]),
        ("for one year", [12.0]),
        ("for a year", [12.0]),
        ("90 days", [3.0]),
        ("3-6 months", [6.0]),
        ("26 weeks", [6.0]),
        ("for no less than 2 years", [24.0]),
        ("two sessions over the next two months", [2.0]),
        ("length of need 99", [LIFETIME]),
        ("99 months", [LIFETIME]),
        ("the need is permanent", [LIFETIME]),
        ("for life", [LIFETIME]),
        ("I expect lifetime need", [LIFETIME]),
        ("for as long as she lives", [LIFETIME]),
        ("throughout his lifetime", [LIFETIME]),
        ("with no planned end date", [LIFETIME]),
        ("with an expected life of five years", [60.0]),
        # near-misses
        ("trialled for two weeks in April", []),
        ("over the past nine months he has had injections", []),
        ("he has been sleeping on the sofa for six months", []),
        ("she completed 12 weeks of physical therapy", []),
        ("a 48 month old girl", []),
        ("he is 12 years old", []),
        ("five months ago", []),
        ("I expect pain to fall to 2/10 within 8 weeks", []),
        ("every 12 weeks", []),
        ("a once-per-lifetime test", []),
        ("a lifelong condition", []),
        ("permanent weakness of the arm", []),
        ("warranty 3 years", []),
        ("a 3 year warranty", []),
        ("a 30-day trial showed benefit", []),
        ("The pads should serve nine months before they are replaced.", [9.0]),
        ("used once a day, for the next twelve months", [12.0]),
        ("A splint lasts a year before it needs replacement.", [12.0]),
        ("each visit has given her two to three days of relief", []),
        ("He wore the boot for six weeks before the operation.", []),
        ("I expect less pain over the next 3 months", []),
        ("which has kept him from his work for 3 months", []),
    ],
)
def test_durations(text: str, expected: list[float]) -> None:
    assert values(durations(text)) == expected


def test_a_labelled_duration_is_believed_as_it_stands() -> None:
    assert values(durations("12", labelled=True)) == [12.0]
    assert values(durations("99", labelled=True)) == [LIFETIME]
    assert values(durations("5 months, as before", labelled=True)) == [5.0]


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [(4, "weeks", 1), (8, "weeks", 2), (12, "wks", 3), (13, "weeks", 3), (52, "weeks", 12), (30, "days", 1), (365, "days", 12), (2, "yrs", 24), (99, "mo", 999)],
)
def test_months_follow_the_convention(count: float, unit: str, expected: float) -> None:
    assert months(count, unit) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at $85 a visit", [85.0]),
        ("Course fee $1,425.00", [1425.0]),
        ("quoted $6,200 and $980", [6200.0, 980.0]),
        ("$l,2OO.00", [1200.0]),
        ("about 260 dollars", [260.0]),
        ("$80-$100 per session", [100.0]),
        ("S1,975.00 for the frame", [1975.0]),
        ("a $40 copay", []),
        ("a deductible of $1,500", []),
        ("S33.5XXA", []),
        ("97124", []),
    ],
)
def test_costs(text: str, expected: list[float]) -> None:
    assert values(costs(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L3000 x 2", [2.0]),
        ("three pairs for the year", [3.0]),
        ("one pair", [1.0]),
        ("four pairs per year", [4.0]),
        ("18 visits in all", [18.0]),
        ("four sessions of laser therapy", [4.0]),
        ("Qty: 3", [3.0]),
        ("quantity one", [1.0]),
        ("#30, no refills", [30.0]),
        ("disp #12, 3 refills", [12.0]),
        ("six to eight times over the next two months", [8.0]),
        ("qty 2 pr", [2.0]),
        ("3 pens per 84 days", [3.0]),
        ("a series of 6 over three weeks", [6.0]),
        # near-misses
        ("2 visits per week", []),
        ("a seat of 18 x 20", []),
        ("x 8 weeks", []),
        ("60 minute sessions", []),
        ("1 capsule twice a day", []),
        ("she completed 30 visits", []),
        ("index below 7 on the next study", []),
    ],
)
def test_quantities(text: str, expected: list[float]) -> None:
    assert values(quantities(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 12), ("twelve", 12), ("twenty-four", 24), ("twelve (12)", 12), ("1O", 10), ("l2", 12), ("2 to 3", 3), ("two or three", 3), ("TENS", None)],
)
def test_numbers(text: str, expected: float | None) -> None:
    assert number(text) == expected


def test_found_quotes_the_text() -> None:
    text = "massage twice weekly for 12 weeks at $75, 24 visits"
    for found in (*frequencies(text), *durations(text), *costs(text), *quantities(text)):
        assert text[found.start : found.end] == found.raw
