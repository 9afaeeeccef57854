"""The patient found on the paper by the records, where the letter's own values name nobody; and whom it must not take."""

import datetime as dt

import pytest

from pipeline.check import specimen
from pipeline.match import match
from pipeline.match.paper import Paper
from pipeline.model import Candidate, DocumentText, Evidence, FieldValue, Letter
from pipeline.records.index import Records, records_of
from pipeline.records.tables import COLUMNS, table_of
from tests.match.crowd import letter

MEMBERS = """
QX-1001,Ana M. Ortega,1979-02-03,self,QX-1001
QX-1010,Leo Barton Sr.,1951-01-15,self,QX-1010
QX-1011,Leo Barton Jr.,1977-08-22,self,QX-1011
QX-1020,Petra Lund,1988-07-07,self,QX-1020
QX-1020-02,Jonas Lund,2019-03-15,dependent,QX-1020
QX-1020-03,Julia Lund,2019-03-15,dependent,QX-1020
QX-1030,Robert Vega-Castellan,1966-05-30,self,QX-1030
QX-1050,Ines Falk,1952-08-14,self,QX-1050
"""
CLAIMS = "C-77 001,QX-1011\nC-77 003,QX-1001"


@pytest.fixture(scope="module")
def records() -> Records:
    rows = {"members": MEMBERS, "claims": CLAIMS, "history": "", "plans": ""}
    return records_of({name: table_of(name, f"{name}.csv", [dict(zip(COLUMNS[name], line.split(","), strict=False)) for line in text.strip().splitlines()])
                       for name, text in rows.items()})  # fmt: skip


def found(text: str, records: Records, **values: str) -> tuple[str, dict[str, object]]:
    """Outcome and member, and what was told, of a letter of which only `values` were read (names with '__' for dots)."""
    document = specimen.paper([text], "a" * 64)
    given = letter("x", {k.replace("__", "."): v for k, v in values.items()})
    tied = match(given, records, lambda: document)
    for value in tied.told:
        evidence = value.candidates[0].evidence
        assert evidence is not None and evidence.holds_in(document)
    return f"{tied.outcome} {tied.member_id or ''}".strip(), {f.name: f.value for f in tied.told}


NAMED = [
    ("birth date beside the name", "RE: Ana Ortega (DOB 02/03/1979)", "QX-1001", "Ana Ortega"),
    ("last name first, as a scanner reads it", "PT 0RTEGA, Ana D.O.B. O2/O3/1979", "QX-1001", "Ana 0RTEGA"),
    ("a middle name for the initial", "Ana Maria Ortega was born on February 3, 1979.", "QX-1001", "Ana Maria Ortega"),
    ("cells of a form", "Last name Ortega First name Ana Middle initial M Birth date 3-Feb-1979", "QX-1001", "Ana Ortega"),
    ("the id in parts", "Ana Ortega, member no. QX 1001, needs massage", "QX-1001", "Ana Ortega"),
    ("the id with letters for digits", "Ana Ortega, member QX-1OO1, needs massage", "QX-1001", "Ana Ortega"),
    ("the claim number", "Ana Ortega, your reference C 77 003", "QX-1001", "Ana Ortega"),
    ("the son by his birth date", "To whom it may concern: Leo Barton, 8/22/77, has cervicalgia", "QX-1011", "Leo Barton"),
    ("a twin by the given name", "Julia Lund, 15 March 2019", "QX-1020-03", "Julia Lund"),
    ("a double surname without its hyphen", "Mr. Robert Vega Castellan (1966-05-30)", "QX-1030", "Robert Vega Castellan"),
    ("beside the account holder", "Account holder: Petra Lund QX-1020. Jonas Lund, born 03/15/2019, has asthma", "QX-1020-02", "Jonas Lund"),
    ("beside another's doctor", "Patient Ana Ortega 02/03/1979 referred by Ines Falk, MD", "QX-1001", "Ana Ortega"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "member", "name"), NAMED, ids=[n[0] for n in NAMED])
def test_the_patient_is_found_on_the_paper(records: Records, case: str, text: str, member: str, name: str) -> None:
    outcome, told = found(text, records)
    assert (outcome, told["patient.name"]) == (f"matched {member}", name)


NOBODY = [
    ("a name alone", "My patient Ana Ortega has cervicalgia"),
    ("a birth date alone", "The patient, born 02/03/1979, has cervicalgia"),
    ("another's birth date", "Ana Ortega, 02/04/1979"),
    ("the given name elsewhere", "Ana Ruiz, 02/03/1979, treated with Mr. Ortega"),
    ("half of a double surname", "Robert Vega, 1966-05-30"),
    ("both twins", "Jonas Lund and Julia Lund, born 03/15/2019"),
    ("the account holder for a child that is not enrolled", "Subscriber Petra Lund, QX-1020. Nora, born 2022-01-09"),
    ("the account holder by name behind", "Petra Lund (subscriber) 07/07/1988"),
    ("the mother", "mother: Petra Lund, 07/07/1988"),
    ("a doctor of a member's name and birthday", "Ines Falk, MD 08/14/1952"),
    ("the doctor before the name", "Dr. Ines Falk 08/14/1952"),
    ("an initial", "A. Ortega 02/03/1979"),
    ("a number that goes on", "Ana Ortega, tracking QX-10017"),
    ("nothing", ""),
]


@pytest.mark.parametrize(("case", "text"), NOBODY, ids=[n[0] for n in NOBODY])
def test_nobody_is_taken(records: Records, case: str, text: str) -> None:
    assert found(text, records) == ("none", {})


def test_a_name_that_was_read_stays_the_patients(records: Records) -> None:
    text = "Patient: Nora Lund. Her twin is Jonas Lund, born 03/15/2019."
    assert found(text, records, patient__name="Nora Lund") == ("none", {})
    assert found("Leo Barton 08/22/1977", records, patient__name="Leo Barton") == ("matched QX-1011", {"patient.dob": "1977-08-22"})
    assert found("Leo Barton 08/22/1977 and 01/15/1951", records, patient__name="Leo Barton") == ("ambiguous", {})


def test_a_birth_date_that_was_read_rules_others_out(records: Records) -> None:
    assert found("Ana Ortega QX-1001 1980-06-06", records, patient__dob="1980-06-06") == ("none", {})


def test_what_a_matched_letter_lacks_is_found_too(records: Records) -> None:
    outcome, told = found("Ana Ortega QX 1001 born Feb. 3, 1979, claim C77003", records, patient__name="Ana Ortega")
    assert outcome == "matched QX-1001"
    assert told == {"patient.dob": "1979-02-03", "patient.member_id": "QX 1001", "claim_number": "C77003"}
    assert found("Ana Ortega 1979-02-04 QX-1002", records, patient__name="Ana Ortega")[1] == {}


def test_a_part_of_the_id_gives_way_to_the_whole(records: Records) -> None:
    document = specimen.paper(["Ana Ortega DOB 1979-02-03 ID QX 1001"], "a" * 64)
    start = document.text.index("1001")
    part = FieldValue(name="patient.member_id", candidates=(Candidate(value="1001", confidence=0.9, because="label", evidence=Evidence.at(document, start, start + 4)),))
    given = letter("x", {"patient.name": "Ana Ortega", "patient.dob": "1979-02-03"})
    given = given.model_copy(update={"fields": {**given.fields, "patient.member_id": part}})
    tied = match(given, records, lambda: document)
    whole = given.with_values(tied.told)["patient.member_id"]
    assert (tied.outcome, whole.value, [c.rejected_because for c in whole.candidates]) == ("matched", "QX 1001", [None, "it is a part of the value found on the page"])


def test_a_document_without_pages_tells_nothing(records: Records) -> None:
    empty = DocumentText(sha256="a" * 64, text="", pages=())
    assert match(Letter(letter_id="x", sha256="a" * 64, pages=(1,), kind="letter", fields={}), records, lambda: empty).outcome == "none"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("02/03/1979", ["1979-02-03"]), ("2-3-79", ["1979-02-03", "2079-02-03"]), ("1979-02-03", ["1979-02-03"]), ("02 / 03 / 1979", ["1979-02-03"]),
        ("Feb. 3, 1979", ["1979-02-03"]), ("3rd of", []), ("3 February 1979", ["1979-02-03"]), ("13/13/1979", []), ("555-01-1979-22", []),
        ("1/2/3/1979", []),
    ],
)  # fmt: skip
def test_days_as_they_are_written(text: str, days: list[str]) -> None:
    found_days = Paper(specimen.paper([f"x {text} y"], "a" * 64), (1,)).days
    assert sorted(found_days) == [dt.date.fromisoformat(d) for d in days]
