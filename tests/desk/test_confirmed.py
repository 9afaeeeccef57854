"""What a person only confirms is not matched and filed anew: neither asks how sure a value is. What is changed is."""

from pathlib import Path

import pytest

from pipeline.amend import only_confirmed
from pipeline.check import filing_keys
from pipeline.desk import deeds
from pipeline.desk.deeds import Deed
from pipeline.desk.office import Office
from pipeline.match import match
from pipeline.model import Correction, Letter
from tests.desk.bench import GOOD, LONG, letter_in


def kept(office: Office, stage: str) -> set[Path]:
    return set((office.store.root / "results" / stage).rglob("*.json"))


def deed(office: Office, letter: str, token: str) -> Deed:
    return Deed("ana", letter, office.find(letter).version, token)


def sure(letter: Letter) -> Letter:
    """The letter with every value as sure as a person makes it, but for those that tell who the patient is."""
    fields = {n: f if n.startswith("patient.") else f.model_copy(update={"candidates": tuple(c.model_copy(update={"confidence": 1.0, "because": "seen"}) for c in f.candidates)})
              for n, f in letter.fields.items()}  # fmt: skip
    several = {head: tuple(e.model_copy(update={"confidence": 1.0, "because": "seen"}) for e in getattr(letter, head)) for head in ("items", "diagnoses", "elements")}
    return letter.model_copy(update={"fields": fields, **several})


def test_neither_matching_nor_filing_asks_how_sure_a_value_is(office: Office) -> None:
    seen = 0
    for row in office.ledger.cases():
        case, document = office.case(office.find(row.item.letter_id)), office.document(row.receipt_id)
        if case is None or case.letter is None or document is None:
            continue
        now, seen = sure(case.letter), seen + 1
        assert now != case.letter
        assert match(now, office.records, lambda document=document: document) == match(case.letter, office.records, lambda document=document: document)
        assert filing_keys(now, document, 1, "x", None) == filing_keys(case.letter, document, 1, "x", None)
    assert seen > 3


@pytest.mark.parametrize(("file", "path"), [(GOOD, "items.0.text"), (GOOD, "provider.name"), (LONG, "diagnoses.0.text"), (LONG, "practice.name")])
def test_what_is_confirmed_is_checked_anew_but_not_matched(file: str, path: str, office: Office) -> None:
    letter = letter_in(office, file)
    before = {stage: kept(office, stage) for stage in ("match", "filing", "check", "case")}
    deeds.corrected(office, deed(office, letter, "one"), path, "", None, accept=True)
    new = {stage: len(kept(office, stage) - files) for stage, files in before.items()}
    assert new == {"match": 0, "filing": 0, "check": 1, "case": 1}
    deeds.undone(office, deed(office, letter, "two"))
    assert {stage: kept(office, stage) for stage in ("match", "filing")} == {stage: before[stage] for stage in ("match", "filing")}


@pytest.mark.parametrize(("path", "text"), [("items.0.text", "a shower chair"), ("provider.name", "Jane Poe"), ("diagnoses.0.icd10", "M54.16"), ("letter_date", "2026-01-02")])
def test_what_is_changed_is_matched_and_filed_anew(path: str, text: str, office: Office) -> None:
    letter = letter_in(office, GOOD)
    before = {stage: kept(office, stage) for stage in ("match", "filing")}
    deeds.corrected(office, deed(office, letter, "one"), path, text, None)
    assert {stage: len(kept(office, stage) - files) for stage, files in before.items()} == {"match": 1, "filing": 1}
    deeds.corrected(office, deed(office, letter, "two"), path, "", None, accept=True)  # by now a confirmation of what was keyed
    assert office.case(office.find(letter)).letter is not None


def test_who_the_patient_is_is_always_matched_anew(office: Office) -> None:
    letter = letter_in(office, GOOD)
    read = office.case(office.find(letter)).letter
    assert read is not None
    for path in ("patient.name", "patient.dob", "patient.member_id", "claim_number", "account_holder", "match.member_id"):
        assert not only_confirmed(read, read, [Correction(path=path, value="x")])
    assert only_confirmed(read, sure(read), [Correction(path="practice.name", value="x")])
    before = kept(office, "match")
    deeds.corrected(office, deed(office, letter, "one"), "patient.name", "", None, accept=True)
    assert len(kept(office, "match") - before) == 1
