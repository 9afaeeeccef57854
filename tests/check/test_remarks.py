"""Remarks: what a reviewer may want to know, with both sides; never a finding, never from silence."""

from typing import Any

import pytest

from pipeline.check import filing_keys, load_rules, remarks
from pipeline.codes.reference import reference_of
from pipeline.match import match
from pipeline.model import OnFile, Remark
from tests.check.bench import CLAIM, HISTORY, TODAY, WORDS, letter, paper, records
from tests.check.test_filing import ADDED

SINUS = {"category": "other_dme", "code": "", "item_description": "ClearWay sinus system"}


def said(tables: dict[str, Any] | None = None, earlier: tuple[OnFile, ...] = (), text: str = WORDS, **changes: Any) -> tuple[Remark, ...]:
    known, given = records(**(tables or {})), letter(**changes)
    tied = match(given, known)
    mine = filing_keys(given, paper(text), 9, "b.pdf", tied.member_id)
    return remarks(given, tied, known, earlier, mine, TODAY, load_rules(None))


def history(*rows: dict[str, str]) -> dict[str, Any]:
    return {"history": [{**HISTORY, **row} for row in rows]}


@pytest.mark.parametrize(
    ("tables", "changes", "codes"),
    [
        ({}, {}, ""),
        ({}, {"items": [{"cost": 95.0}]}, ""),
        ({}, {"items": [{"cost": 120.0}]}, "AMOUNT_DIFFERS"),
        ({"claims": [{**CLAIM, "amount": ""}]}, {"items": [{"cost": 120.0}]}, ""),
        ({"claims": [CLAIM, {**CLAIM, "claim_id": "C-2", "amount": "120.00"}]}, {"items": [{"cost": 120.0}]}, ""),
        ({}, {"items": [{"cost": 60.0}, {"cost": 35.0}]}, ""),
        (history({"provider_name": "Dr. Ines Falk"}), {}, "SIGNER_SEEN"),
        (history({"provider_name": "Falk, Ines"}), {}, "SIGNER_SEEN"),
        (history({"provider_name": "Omar Reyes"}), {}, "SIGNER_NEW"),
        (history({"provider_name": "Omar Reyes", "provider_npi": "1234567893"}), {}, "SIGNER_SEEN"),
        (history({"provider_name": "Omar Reyes"}, {"provider_name": "I Falk"}), {}, "SIGNER_SEEN"),
        (history({"provider_name": "Omar Reyes"}), {"fields": {"provider.name": None}}, ""),
        ({"claims": [{**CLAIM, **SINUS}]}, {"items": [{"category": "other_dme", "text": "pulsating irrigator", "code": None}]}, "OTHER_WORDS"),
        ({"claims": [{**CLAIM, **SINUS}]}, {"items": [{"category": "other_dme", "text": "ClearWay irrigator", "code": None}]}, ""),
    ],
)
def test_remarks(tables: dict[str, Any], changes: dict[str, Any], codes: str) -> None:
    found = said(tables, **changes)
    assert " ".join(r.code for r in found) == codes
    assert all(r.letter is not None and r.record is not None for r in found)


def earlier(member: str = "QX-1001", order: int = 1, **changes: Any) -> OnFile:
    return filing_keys(letter(letter_id="e-1", **changes), paper(WORDS + ADDED), order, "e.pdf", member).model_copy(update={"sha256": "e" * 64})


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ({"items": [{"duration_months": 12.0, "frequency": "1 per week"}]}, "item 1 months 6, before that 12; item 1 frequency no longer there, before that 1 per week"),
        ({"diagnoses": [{"icd10": "M54.12", "text": "cervical radiculopathy"}]}, "diagnosis 1 cervicalgia (M54.2), before that cervical radiculopathy (M54.12)"),
        ({"fields": {"provider.signed": False}}, "signature signed, before that unsigned"),
        ({"member": "QX-1002", "fields": {"letter_date": "2026-01-02"}}, ""),
        ({"order": 10, "fields": {"letter_date": "2026-01-02"}}, ""),
        ({"items": [{"category": "cpap", "text": "CPAP", "code": "E0601"}]}, ""),
    ],
)
def test_what_an_earlier_letter_said(before: dict[str, Any], says: str) -> None:
    found = said(earlier=(earlier(**before),), text=WORDS + " " + " ".join(reversed(WORDS.split())))
    assert [r.says for r in found if r.code == "SAID_OTHERWISE"] == ([f"An earlier letter for such a thing said otherwise: {says}."] if says else [])


def test_an_answer_names_the_letter_it_answers_and_what_changed() -> None:
    asked = earlier(fields={"provider.signed": False}, flags=["unsigned"])
    found = said(earlier=(asked,), text=f"{WORDS} Reference {reference_of('e-1')}")
    assert found[0].code == "ANSWERS_REQUEST" and "signature signed, before that unsigned" in found[0].says
    assert found[0].record is not None and found[0].record.id == "e-1"
    assert all(r.code != "ANSWERS_REQUEST" for r in said(earlier=(asked,), text=f"{WORDS} Reference {reference_of('e-2')}"))


OTHER = {"letter_id": "o-1", "sha256": "f" * 64, "patient": "rosa velez", "member_id": "QX-2002", "order": 2}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"member_id": None}, True),
        ({"patient": ""}, False),
        ({"patient": "ana ortega"}, False),
        ({"member_id": "QX-1001"}, False),
        ({"order": 9}, False),
        ({"signature": ()}, False),
    ],
)
def test_the_same_wording_for_another_patient(changes: dict[str, Any], told: bool) -> None:
    other = filing_keys(letter(), paper(WORDS.replace("Ana Ortega", "Rosa Velez")), 2, "o.pdf", None).model_copy(update={**OTHER, **changes})
    found = said(earlier=(other,))
    assert [r.code for r in found] == (["SAME_WORDING"] if told else [])
    assert all("Rosa" not in r.model_dump_json() for r in found)


def test_other_words_for_another_patient_are_nothing() -> None:
    other = filing_keys(letter(), paper(" ".join(reversed(WORDS.split()))), 2, "o.pdf", None).model_copy(update=OTHER)
    assert said(earlier=(other,)) == ()
