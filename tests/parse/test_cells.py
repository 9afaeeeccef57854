"""Cells parted by the page's columns, labels and values over two lines, boxes left of a table's rows: each with a near miss."""

import pytest

from pipeline.model import DocumentText, TickBox
from pipeline.parse import parse
from pipeline.parse.cells import celled
from pipeline.parse.lexicon import alternatives, lexicon
from pipeline.parse.lines import lines_of
from pipeline.parse.pageaims import boxes
from pipeline.parse.patient import read_patient
from pipeline.parse.phones import read_phones
from pipeline.parse.places import places_on
from pipeline.parse.sheet import Sheet
from tests.parse.paper import paper


def _cut(second: float) -> list[str]:
    """The cells of 'Boise, 208-555-0101' whose second word begins at x, under two heads at 72 and 160."""
    document = paper((72, 100, "City"), (160, 100, "Telephone"), (72, 112, "Boise, 208-555-0101"))
    page = document.pages[0]
    last = page.words[-1]
    moved = last.model_copy(update={"box": (second, last.box[1], second + 60, last.box[3])})
    document = document.model_copy(update={"pages": (page.model_copy(update={"words": (*page.words[:-1], moved)}),)})
    return [line.text for line in celled(document, lines_of(document))][2:]


@pytest.mark.parametrize(
    ("second", "cells"),
    [(160, ["Boise,", "208-555-0101"]), (161.5, ["Boise,", "208-555-0101"]), (140, ["Boise, 208-555-0101"]), (105, ["Boise, 208-555-0101"])],
)
def test_a_line_is_cut_where_a_column_begins_and_nowhere_else(second: float, cells: list[str]) -> None:
    assert _cut(second) == cells


def test_a_longer_label_is_found_behind_a_shorter_one_listed_first() -> None:
    item = next(pattern for field, _, pattern in lexicon() if field == "item")
    whole = max((m.end() for part in alternatives(item) if (m := part.match("Item or service"))), default=0)
    assert whole == len("Item or service")


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["Patient (if a family", "member)"], "Juniper Thorne"),
        (["Name of person", "receiving the care"], "Juniper Thorne"),
        (["Remarks of the", "member)"], None),
    ],
)
def test_a_label_over_two_lines_has_its_value_beside_it(lines: list[str], name: str | None) -> None:
    document = paper((50, 100, lines[0]), (190, 105, "Juniper Thorne"), (50, 112, lines[1]), (50, 140, "Born"), (190, 140, "5/6/2012"))
    found = read_patient(Sheet(document, (1,), "form"))["patient.name"].value
    assert found == name


def test_numbers_go_on_in_the_next_line_of_their_cell() -> None:
    document = paper((50, 60, "Alder Clinic"), (50, 72, "9 Mill Lane,"), (50, 84, "Boise, ID 83702"), (50, 96, "Phone (208) 555-"), (50, 108, "0133"))
    sheet = Sheet(document, (1,), "letter")
    assert read_phones(sheet, places_on(sheet.lines)[0], None)["practice.phone"].value == "2085550133"
    apart = paper((50, 60, "Alder Clinic"), (50, 96, "Phone (208) 555-"), (50, 150, "0133"))
    assert read_phones(Sheet(apart, (1,), "letter"), None, None)["practice.phone"].value is None


def test_city_and_zip_on_two_lines_are_one_place() -> None:
    for above, below in (("9 Mill Lane, Santa Fe NM", "87505"), ("9 Mill Lane, Santa Fe,", "NM 87505")):
        place = places_on(lines_of(paper((50, 60, above), (50, 72, below))))[0]
        assert (place.city[2], place.state[2], place.zip[2]) == ("Santa Fe", "NM", "87505")
    assert not places_on(lines_of(paper((50, 60, "Order number"), (50, 72, "87505"))))


def _order(ticked: bool) -> DocumentText:
    document = paper((72, 40, "Letter of Medical Necessity"), (72, 60, "Patient: Ana Ruiz"), (72, 80, "Diagnosis: obstructive sleep apnea G47.33"),
                     (100, 120, "Item"), (260, 120, "HCPCS"), (340, 120, "Qty"),
                     (100, 134, "Full face mask"), (260, 134, "A7030"), (340, 134, "1"), (100, 148, "Nasal mask"), (260, 148, "A7034"), (340, 148, "1"))  # fmt: skip
    ticks = tuple(TickBox(box=(62, y, 70, y + 9), ticked=on, confidence=0.9) for y, on in ((134, True), (148, ticked)))
    return document.model_copy(update={"pages": (document.pages[0].model_copy(update={"ticks": ticks}),)})


@pytest.mark.parametrize(("ticked", "codes"), [(False, {"A7030"}), (True, {"A7030", "A7034"})])
def test_a_row_whose_box_is_blank_is_not_asked_for(ticked: bool, codes: set[str]) -> None:
    assert {item.code for item in parse(_order(ticked)).letters[0].items} == codes


def test_boxes_tell_a_request_and_no_requisition() -> None:
    asked = [(72, 60 + 14 * n, f"{label}: x") for n, label in enumerate(("Patient", "Provider", "Diagnosis", "Item", "Signature"))]
    aim = (72, 40, "Necessity review sheet")
    assert boxes(lines_of(paper(aim, *asked)))[0] > 0
    assert boxes(lines_of(paper((72, 40, "Laboratory requisition"), *asked)))[0] == 0
    assert boxes(lines_of(paper(aim, *asked[:2])))[0] == 0
