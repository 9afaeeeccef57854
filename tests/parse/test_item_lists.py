"""Items in tables, rows and lists as other offices set them: unknown heads, codes in cells, announced rows, units in labels."""

import datetime as dt

import pytest

from pipeline.parse.amounts import months_between
from pipeline.parse.phrase_lists import phrases_from
from pipeline.parse.quantities import quantities
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


def test_cells_of_a_table_that_run_over_two_lines() -> None:
    page = paper((72, 100, "Service"), (200, 100, "CPT"), (260, 100, "Frequency"), (360, 100, "Qty"),
                 (72, 120, "Pelvic floor"), (200, 120, "97112"), (260, 120, "2 per"), (360, 120, "12"), (72, 132, "therapy"), (260, 132, "week"),
                 (72, 152, "Rigid lumbar"), (200, 152, "L0637"), (360, 152, "1"), (72, 164, "brace"))  # fmt: skip
    assert [(i.text, i.code, i.frequency, i.quantity) for i in items_of(page)] == [("Pelvic floor therapy", "97112", "2 per week", 12.0), ("Rigid lumbar brace", "L0637", None, 1.0)]


def test_the_notes_of_a_row_state_no_amount() -> None:
    page = paper((72, 100, "HCPCS"), (140, 100, "Item"), (320, 100, "Qty"), (380, 100, "Reason"),
                 (72, 120, "E2603"), (140, 120, "Wheelchair cushion"), (320, 120, "1"), (380, 120, "sits nine hours a day"))  # fmt: skip
    assert [(i.code, i.quantity, i.frequency) for i in items_of(page)] == [("E2603", 1.0, None)]


@pytest.mark.parametrize("after", ["6. FUNCTIONAL ASSESSMENT", "Section 5 Home", "Can the patient use a cane safely? ☐ Yes ☒ No", "A walker was tried ☒ Yes ☐ No"])
def test_where_a_table_of_items_ends(after: str) -> None:
    page = paper((72, 100, "Item"), (300, 100, "HCPCS"), (380, 100, "Qty"), (72, 114, "Transport chair"), (300, 114, "E1038"), (380, 114, "1"),
                 (72, 128, after), (72, 142, "Rollator already in use"), (300, 142, "E0143"))  # fmt: skip
    assert "E1038" in [i.code for i in items_of(page)]
    assert not [i.text for i in items_of(page) if "cane" in i.text or "walker" in i.text or "ASSESSMENT" in i.text]


@pytest.mark.parametrize(("text", "found"), [
    ("I request repair of the left meniscus (29882) and, afterward, physical therapy (97110) twice a week.", ["29882", "97110"]),
    ("Manual therapy 97140 and gait training 97116, each twice a week for 6 weeks, are requested.", ["97140", "97116"]),
    ("Ordered: E0601 CPAP device; A7034 nasal mask", ["E0601", "A7034"]),
    ("Please approve a passive motion device (E0935) for 21 days.", ["E0935"]),
    ("She lives in Salem, OR 97301 and needs physical therapy.", [None]),
])  # fmt: skip
def test_each_item_has_its_own_code(text: str, found: list[str | None]) -> None:
    assert [i.code for i in items_of(column(text))] == found


def test_a_statement_over_two_lines_is_one() -> None:
    found = items_of(column("I am asking for coverage of a wheeled shower", "chair and, for the stairs,", "grab bars in the hall."))
    assert found[0].text == "wheeled shower chair"


@pytest.mark.parametrize(("text", "frequencies"), [
    ("Needs: shower chair; hand-held shower. Use daily.", ["1 per day", "1 per day"]),
    ("I request a shower chair and a hand-held shower. He naps every day.", [None, None]),
])  # fmt: skip
def test_how_often_for_all(text: str, frequencies: list[str | None]) -> None:
    assert [i.frequency for i in items_of(column(text))] == frequencies


def test_entries_below_a_sentence_that_asks() -> None:
    page = column("I have prescribed two supplements, to be taken for 6 months:", "magnesium citrate 200 mg, one tablet daily", "vitamin D3 2,000 IU, one capsule daily", "She tried zinc last year.")
    assert [(i.text, i.frequency) for i in items_of(page)] == [("magnesium citrate 200 mg", "1 per day"), ("vitamin D3 2,000 IU", "1 per day")]


def test_a_kind_is_no_item_beside_things_with_names() -> None:
    page = column("I request a portable nebulizer (E0570).", "", "She has been taught the use of the machine.")
    assert [i.text for i in items_of(page)] == ["portable nebulizer"]


def test_rows_that_each_name_a_thing_and_its_code_need_no_head() -> None:
    rows = ((72, 120, "Reclining wheelchair back"), (260, 120, "E1226"), (340, 120, "1"), (72, 134, "Swing-away armrests"), (260, 134, "E0973"), (340, 134, "2"))
    page = paper((72, 92, "To the reviewer: Ms. Roe needs the chair below."), *rows)
    assert [(i.code, i.because) for i in items_of(page)] == [("E1226", "stands in a row with its code"), ("E0973", "stands in a row with its code")]
    assert not [i for i in items_of(paper((72, 106, "Equipment she already has"), *rows)) if i.because == "stands in a row with its code"]


@pytest.mark.parametrize(("text", "frequency"), [
    ("I order a bilevel device (E0470). I expect use of at least five hours a night.", None),
    ("I order a burn glove (A6506). It has to be washed daily.", None),
    ("I order a burn glove (A6506), to be worn 23 hours per day. It has to be washed daily.", "23 hours per day"),
    ("Order (1) CGM receiver, E2103, qty 1; (2) sensors, A4239, one unit monthly.", None),
])  # fmt: skip
def test_what_states_no_frequency_of_the_first_item(text: str, frequency: str | None) -> None:
    assert items_of(column(text))[0].frequency == frequency


@pytest.mark.parametrize(("text", "quantity"), [("orthoses, L2036, one for each leg", 2.0), ("one for each day", None)])
def test_one_for_each_side(text: str, quantity: float | None) -> None:
    assert next((f.value for f in quantities(text)), None) == quantity
