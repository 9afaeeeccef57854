"""Flags of purpose: a bare hedge, general wellness, looks; and all that only sounds like them."""

import pytest

from pipeline.model import DocumentText, Page, TickBox
from pipeline.parse.justify import justify
from pipeline.parse.purpose import purpose_flags
from tests.parse.marked import passage, rows


def flags(text: str, diagnoses: int = 1) -> list[str]:
    document, sentences = passage(text)
    found = purpose_flags(document, sentences, diagnoses, justify(document, sentences))
    assert all(f.evidence is not None and f.evidence.holds_in(document) and f.because for f in found)
    return [f.code for f in found]


@pytest.mark.parametrize(("part", "most"), [("dev", 0), ("blind", 1), ("late", 0)])
def test_passages_raise_what_they_should(part: str, most: int) -> None:
    wrong = [
        (row["text"], found)
        for row in rows("purpose", part)
        if (found := flags(row["text"], int(row["diagnoses"]))) != [f for f in row["flags"].split(";") if f]
    ]
    assert len(wrong) <= most, wrong


def test_short_letters_raise_what_they_should() -> None:
    wrong = [
        row["text"]
        for row in rows("letters")
        if flags(row["text"], 0 if row["flags"] == "general_wellness" else 1)
        != [f for f in row["flags"].split(";") if f]
    ]
    assert wrong == []


@pytest.mark.parametrize("text", [
    "This is not for general health, relaxation or fitness. It is medically necessary to treat her sciatica.",
    "The operation is not cosmetic. It will open the airway blocked by the deviated septum.",
    "Is this item for cosmetic purposes or for general health? Orthotics are required to treat plantar fasciitis.",
    "To whom it may concern: crutches are required because of his ankle fracture.",
])  # fmt: skip
def test_a_negated_or_printed_mention_raises_nothing(text: str) -> None:
    assert flags(text) == []


def test_an_empty_box_raises_nothing_and_a_ticked_one_does() -> None:
    text = "The item is for general health"
    document, sentences = passage(text)
    assert [f.code for f in purpose_flags(_with_box(document, True), sentences, 0, ())] == ["general_wellness"]
    assert purpose_flags(_with_box(document, False), sentences, 0, ()) == ()


def _with_box(document: DocumentText, ticked: bool) -> DocumentText:
    page: Page = document.pages[0]
    box = TickBox(box=(58, 73, 67, 82), ticked=ticked, confidence=1.0)
    return document.model_copy(update={"pages": (page.model_copy(update={"ticks": (box,)}),)})
