"""Items in tables, rows and lists as other offices set them: unknown heads, codes in cells, announced rows, units in labels."""

import datetime as dt

import pytest

from pipeline.parse.amounts import months_between
from pipeline.parse.phrase_lists import phrases_from
from tests.parse.paper import column, paper
from tests.parse.test_items import items_of


def test_a_head_that_no_list_knows_stands_over_the_items() -> None:
    page = paper((72, 100, "HCPCS"), (160, 100, "Component"), (430, 100, "Qty"), (72, 120, "L5301"), (160, 120, "Below knee prosthesis"), (430, 120, "1"),
                 (72, 140, "L8420"), (160, 140, "Prosthetic sock"), (430, 140, "6"))  # fmt: skip
    assert [(i.text, i.code, i.quantity) for i in items_of(page)] == [("Below knee prosthesis", "L5301", 1.0), ("Prosthetic sock", "L8420", 6.0)]


def test_a_ticked_row_with_its_code_before_its_name() -> None:
    page = paper((72, 100, "☐"), (100, 100, "E0250"), (168, 100, "Fixed height hospital bed"), (511, 100, "Qty"),
                 (72, 120, "☒"), (100, 120, "E0260"), (168, 120, "Semi-electric hospital bed"), (511, 120, "1"))  # fmt: skip
    assert [(i.text, i.code, i.quantity) for i in items_of(page)] == [("Semi-electric hospital bed", "E0260", 1.0)]


@pytest.mark.parametrize("announced", ["Requested for 12 months:", "Equipment ordered:", "We are requesting the following items:"])
def test_rows_with_codes_below_words_of_asking(announced: str) -> None:
    page = column("To the appeals committee:", "", announced, "E2103 continuous glucose monitor receiver, quantity 1", "A4239 supply allowance, 1 per month")
    assert [i.code for i in items_of(page)] == ["E2103", "A4239"]


def test_rows_with_codes_below_other_words_are_not_announced() -> None:
    page = column("Already at home:", "E0143 folding walker, 1", "", "I am requesting a manual wheelchair (K0001).")
    assert [i.code for i in items_of(page)] == ["K0001"]


@pytest.mark.parametrize(("text", "names"), [
    ("(1) Tub transfer bench, E0247 (1) Raised toilet seat, E0244 both for 12 weeks", ["Tub transfer bench", "Raised toilet seat"]),
    ("Gym membership, $79 per month, for 12 months\nPersonal training, 2 per week", ["Gym membership", "Personal training"]),
    ("CGM supply allowance (sensors and transmitter), A4239, 1 unit per month", ["CGM supply allowance"]),
    ("wheelchair ramp at the front entrance, for which the carpenter asks $2,850, and the installation of grab bars", ["wheelchair ramp", "grab bars"]),
    ("prism lenses dispensed April 6, at $290", ["prism lenses"]),
])  # fmt: skip
def test_where_one_item_ends_and_the_next_begins(text: str, names: list[str]) -> None:
    assert [p.text for p in phrases_from(text, 0, len(text))] == names


@pytest.mark.parametrize(("text", "items"), [
    ("I should be grateful if you would allow a cooling vest, at $268.", ["cooling vest"]),
    ("I am appealing your refusal of etanercept 50 mg, for 12 months.", ["etanercept 50 mg"]),
    ("Please accept this in support of the prism lenses, at $290.", ["prism lenses"]),
    ("I certify that I am treating this patient and that the statements are true.", []),
    ("Example: water exercise, 3 times a week, 6 months", []),
])  # fmt: skip
def test_what_is_asked_for(text: str, items: list[str]) -> None:
    assert [i.text for i in items_of(column(text))] == items


def test_what_the_patient_takes_already_gives_the_item_no_frequency() -> None:
    found = items_of(column("I prescribe a HEPA air purifier for the bedroom.", "", "He uses a fluticasone inhaler every day and still wheezes."))
    assert [(i.text, i.frequency) for i in found] == [("HEPA air purifier", None)]


@pytest.mark.parametrize(("start", "end", "months"), [
    ("2026-05-12", "2027-05-11", 12.0), ("2026-05-04", "2026-07-26", 3.0), ("2026-05-18", "2026-07-27", 2.5), ("2026-06-15", "2026-07-10", 1.0),
    ("2026-02-23", "2026-08-22", 6.0), ("2026-06-15", "2026-06-15", None), ("2026-06-15", "2026-01-01", None),
])  # fmt: skip
def test_months_from_the_first_to_the_last_day(start: str, end: str, months: float | None) -> None:
    assert months_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == months
