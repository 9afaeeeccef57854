"""Labels, letterheads, signers and payers on made-up paper."""

import pytest

from pipeline.model import InkMark
from pipeline.parse.labels import read_labels
from pipeline.parse.lines import lines_of
from pipeline.parse.patient import read_patient
from pipeline.parse.practice import read_practice
from pipeline.parse.provider import read_provider
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.timing import read_dates
from tests.parse.paper import column, paper

LETTER = column(
    "Willow Bend Rheumatology, PLLC", "88 Tannery Lane, Suite 5, Concord, NH 03301", "Phone (603) 555-0117 Fax (603) 555-0118", "",
    "April 2, 2026", "", "Granite Mutual Health Plan", "Attn: Prior Authorization", "P.O. Box 12, Manchester, NH 03101", "",
    "RE: Ottilie Brandt", "DOB: 07/09/1961", "Member ID: GMX-4471902", "Claim #: GM-26-00417", "",
    "Dear Reviewer:", "", "I am requesting compression gloves for Ms. Brandt, from April 10, 2026 through October 10, 2026.", "",
    "Sincerely,", "", "", "Henrik Solberg, MD", "Rheumatology", "NPI 1234567893",
)  # fmt: skip


def test_a_plain_letter_gives_every_field() -> None:
    sheet = Sheet(LETTER, (1,), "letter")
    fields = {**read_provider(sheet), **read_practice(sheet, "Henrik Solberg"), **read_recipient(sheet), **read_patient(sheet), **read_dates(sheet)}
    expected = {
        "letter_date": "2026-04-02", "practice.name": "Willow Bend Rheumatology, PLLC", "practice.address": "88 Tannery Lane, Suite 5",
        "practice.city": "Concord", "practice.state": "NH", "practice.zip": "03301", "practice.phone": "6035550117",
        "practice.fax": "6035550118", "provider.name": "Henrik Solberg", "provider.credentials": ("MD",), "provider.npi": "1234567893",
        "provider.specialty": "Rheumatology", "provider.signed": False, "recipient.payer": "Granite Mutual Health Plan",
        "recipient.program": "insurance", "patient.name": "Ottilie Brandt", "patient.dob": "1961-07-09", "patient.member_id": "GMX-4471902",
        "claim_number": "GM-26-00417", "treatment_start": "2026-04-10", "treatment_end": "2026-10-10",
    }  # fmt: skip
    assert {name: fields[name].value for name in expected} == expected
    for value in fields.values():
        assert all(c.evidence is None or c.evidence.holds_in(LETTER) for c in value.candidates)


def test_what_lost_keeps_its_reason() -> None:
    dates = read_dates(Sheet(LETTER, (1,), "letter"))["letter_date"]
    reasons = {str(c.value): c.rejected_because for c in dates.candidates}
    assert reasons["1961-07-09"] is not None
    assert "birth" in reasons["1961-07-09"]


CELLS = [
    (((40, 100, "Patient name"), (300, 100, "Date of birth"), (40, 114, "Ines Duarte"), (300, 114, "03/05/1990")),
     {"patient.name": "Ines Duarte", "patient.dob": "03/05/1990"}),
    (((40, 100, "Patient"), (140, 100, "Ines Duarte"), (40, 120, "DOB"), (140, 120, "03/05/1990")),
     {"patient.name": "Ines Duarte", "patient.dob": "03/05/1990"}),
    (((40, 100, "Patient: Ines Duarte DOB: 03/05/1990"),), {"patient.name": "Ines Duarte", "patient.dob": "03/05/1990"}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CELLS)
def test_values_stand_behind_right_of_or_below_their_labels(lines: tuple[tuple[float, float, str], ...], expected: dict[str, str]) -> None:
    document = paper(*lines)
    pairs = {p.field: document.text[p.start : p.end] for p in read_labels(lines_of(document))}
    assert {name: pairs.get(name) for name in expected} == expected


SIGNED = [
    ("Electronically signed by Henrik Solberg, MD on 04/02/2026", True),
    ("/s/ Henrik Solberg, MD", True),
    ("Henrik Solberg, MD (signature on file)", False),
    ("Henrik Solberg, MD", False),
]


@pytest.mark.parametrize(("line", "signed"), SIGNED)
def test_a_typed_name_is_no_signature(line: str, signed: bool) -> None:
    sheet = Sheet(column("Dear Reviewer:", "", "I order a brace.", "", "Sincerely,", "", line), (1,), "letter")
    assert read_provider(sheet)["provider.signed"].value is signed


def test_an_instruction_under_a_heading_is_no_name() -> None:
    document = paper((40, 100, "Licensed practitioner"), (40, 114, "Type into the boxes, print, sign."),
                     (40, 140, "Practitioner name and credentials"), (40, 154, "Ines Duarte, DO"))  # fmt: skip
    fields = read_provider(Sheet(document, (1,), "form"))
    assert (fields["provider.name"].value, fields["provider.credentials"].value) == ("Ines Duarte", ("DO",))


def test_the_box_for_the_provider_goes_before_another_name_on_the_form() -> None:
    """The other name stands where a signer would, with ink beside it."""
    document = paper((40, 100, "Certifying physician"), (40, 114, "Ines Duarte, MD"), (40, 600, "Physician signature"),
                     (40, 660, "Fitter of record: Olof Berg, DPM."))  # fmt: skip
    ink = InkMark(box=(60, 625, 200, 650), share=0.2)
    marked = document.model_copy(update={"pages": (document.pages[0].model_copy(update={"marks": (ink,)}),)})
    assert read_provider(Sheet(marked, (1,), "form"))["provider.name"].value == "Ines Duarte"
