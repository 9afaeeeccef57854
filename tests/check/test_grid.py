"""Every finding in every program: a letter that earns it, the letter beside it that does not, and where it goes.

The routes are those of the specification, written down here anew, so that a table edited by mistake shows.
"""

from typing import Any, NamedTuple

import pytest

from pipeline.check import check, filing_keys, load_rules
from pipeline.check.rules import FINDINGS
from pipeline.match import match
from pipeline.model import PROGRAMS, Finding
from pipeline.review.triage import queue_of
from tests.check.bench import CLAIM, HISTORY, MEMBER, PLAN, TODAY, letter, paper, records

PERSONAL = ("fsa", "hsa", "hra")
ADJUSTMENT = {"category": "chiropractic", "text": "adjustments", "code": "98940"}
ADJUSTED = {"claims": [{"category": "chiropractic", "code": "98940", "item_description": "Adjustment", "diagnosis_code": ""}], "plan": {"history_required": "0"}}
NAMESAKE = {"member_id": "QX-1002", "name": "Ana Ortega", "dob": "1991-12-30", "account_holder_id": "QX-1002", "plan_id": "P"}


class Row(NamedTuple):
    """`earns` and `misses` are changes to the good letter and, under `records`, to the good tables; `noted` the programs
    that only note the finding."""

    queue: str
    earns: dict[str, Any]
    misses: dict[str, Any]
    noted: tuple[str, ...] = ()


GRID: dict[str, Row] = {
    "MISSING_LETTERHEAD": Row("request_info", {"flags": ["no_letterhead"]}, {"flags": ["no_letterhead"], "kind": "form"}),
    "MISSING_PATIENT": Row("match", {"fields": {"patient.name": None}}, {"fields": {"patient.dob": None}}),
    "MISSING_DATE": Row("request_info", {"fields": {"letter_date": None}}, {"fields": {"provider.signature_date": None}}),
    "MISSING_DIAGNOSIS": Row("request_info", {"diagnoses": []}, {"diagnoses": [{"icd10": None}]}),
    "MISSING_ITEM": Row("request_info", {"items": []}, {"items": [{"code": None}]}),
    "MISSING_MEDICAL_VALUE": Row("request_info", {"elements": ["alternatives_inadequate", "expected_benefit"]}, {"elements": ["medical_value"]}),
    "MISSING_ALTERNATIVES": Row("request_info", {"elements": ["medical_value", "expected_benefit"]}, {"elements": ["medical_value", "alternatives_inadequate"]}, PERSONAL),
    "MISSING_BENEFIT": Row("request_info", {"elements": ["medical_value", "measurable_benefit"]}, {"elements": ["medical_value", "expected_benefit"]}, PERSONAL),
    "MISSING_DURATION": Row("request_info", {"items": [{"duration_months": None}]},
                            {"items": [{"duration_months": None}], "fields": {"treatment_end": "2026-10-14"}}, ("insurance",)),
    "MISSING_SIGNATURE": Row("request_info", {"fields": {"provider.signed": False}, "flags": ["unsigned"]}, {"fields": {"provider.signature_date": None}}),
    "MISSING_CREDENTIALS": Row("request_info", {"fields": {"provider.credentials": None}}, {"fields": {"provider.credentials": ("MSN", "NP")}}),
    "VAGUE_LANGUAGE": Row("request_info", {"flags": ["vague_language"]}, {"elements": ["medical_value", "expected_benefit"]}),
    "NONSPECIFIC_DIAGNOSIS": Row("request_info", {"diagnoses": [{"icd10": None, "text": "back problems"}]}, {"diagnoses": [{"text": "back problems"}]}),
    "GENERAL_WELLNESS": Row("examine", {"flags": ["general_wellness"]}, {"flags": ["vague_language"]}),
    "COSMETIC_PURPOSE": Row("examine", {"flags": ["cosmetic"]}, {"flags": []}),
    "ITEM_NOT_SUPPORTED": Row("examine", {"diagnoses": [{"icd10": "F90.2"}], "items": [ADJUSTMENT], "records": ADJUSTED},
                              {"diagnoses": [{"icd10": "F90.2"}, {"icd10": "M54.2", "primary": False}], "items": [ADJUSTMENT], "records": ADJUSTED}),
    "CREDENTIAL_NOT_ACCEPTED": Row("examine", {"fields": {"provider.credentials": ("DC",)}}, {"fields": {"provider.credentials": ("FNP-C",)}}),
    "NPI_INVALID": Row("examine", {"fields": {"provider.npi": "1234567890"}}, {"fields": {"provider.npi": None}}),
    "LETTER_AFTER_PURCHASE": Row("examine", {"fields": {"letter_date": "2026-05-11"}}, {"fields": {"letter_date": "2026-05-10"}}),
    "OUTSIDE_PLAN_YEAR": Row("examine", {"records": {"plan": {"plan_year_end": "2026-05-09"}}}, {"records": {"plan": {"plan_year_end": "2026-05-09", "grace_end": "2026-05-10"}}}),
    "LETTER_EXPIRED": Row("examine", {"fields": {"letter_date": "2025-11-09"}}, {"fields": {"letter_date": "2025-11-10"}}),
    "FUTURE_DATED": Row("examine", {"fields": {"letter_date": "2026-07-01"}}, {"fields": {"letter_date": "2026-06-30"}}),
    "NO_MEMBER_MATCH": Row("match", {"fields": {"patient.name": "Wim Zandstra", "patient.dob": "1960-01-01"}}, {"fields": {"patient.name": "Ortega, Ana"}}),
    "AMBIGUOUS_MATCH": Row("match", {"fields": {"patient.dob": None}, "records": {"members": [MEMBER, NAMESAKE]}}, {"records": {"members": [MEMBER, NAMESAKE]}}),
    "IDENTITY_MISMATCH": Row("match", {"fields": {"patient.dob": "1979-03-02"}}, {"fields": {"patient.dob": None, "patient.member_id": "QX-1001"}}),
    "NO_CLAIM_MATCH": Row("match", {"records": {"claims": [{"status": "paid"}]}}, {"records": {"claims": [{"status": "denied"}]}}),
    "ITEM_MISMATCH": Row("examine", {"items": [{"category": "mattress_bed", "text": "mattress", "code": None}]},
                         {"items": [{"category": "mattress_bed", "text": "mattress", "code": None}, {}]}),
    "DIAGNOSIS_MISMATCH": Row("examine", {"diagnoses": [{"icd10": "M75.41", "text": "impingement"}]}, {"diagnoses": [{"icd10": "M54.50", "text": "low back pain"}]}),
    "DIAGNOSIS_NOT_IN_HISTORY": Row("examine", {"records": {"history": [{"icd10": "J45.40"}]}},
                                    {"records": {"history": [{"icd10": "J45.40"}], "plan": {"history_required": "0"}}}),
    "ALREADY_COVERED": Row("examine", {"records": {"claims": [{}, {"claim_id": "C-2", "status": "approved", "item_description": "Massage therapy (LMN on file to 2026-06-30)"}]}},
                           {"records": {"claims": [{}, {"claim_id": "C-2", "status": "approved", "item_description": "Massage therapy (LMN on file to 2026-06-29)"}]}}),
    "LOW_CONFIDENCE": Row("transcribe", {"quality": 0.5, "diagnoses": []}, {"quality": 0.5}),
    "DUPLICATE_LETTER": Row("examine", {"again": True}, {"again": True, "fields": {"provider.signature_date": "2026-04-15"}, "items": [{"code": "97140", "category": "therapy_service"}]}),
}  # fmt: skip


def found_of(program: str, changes: dict[str, Any]) -> tuple[Finding, ...]:
    """The findings of the good letter with these changes, under a plan of this program."""
    changes = dict(changes)
    asked, again = dict(changes.pop("records", {})), changes.pop("again", False)
    plan = {**PLAN, "program": program, **asked.pop("plan", {})}
    tables = {"claims": [{**CLAIM, "program": program, **c} for c in asked.pop("claims", [{}])], "history": [{**HISTORY, **h} for h in asked.pop("history", [{}])], **asked}
    known = records(plans=[plan], **tables)
    given = letter({"recipient.program": program, **changes.pop("fields", {})}, **changes)
    tied = match(given, known)
    first = letter(letter_id="b-1")
    earlier = (filing_keys(first, paper(), 1, "a.pdf", tied.member_id).model_copy(update={"sha256": "b" * 64}),) if again else ()
    return check(given, tied, known, earlier, filing_keys(given, paper(), 9, "b.pdf", tied.member_id), TODAY, load_rules(None))


def test_the_grid_is_whole() -> None:
    assert set(GRID) == set(FINDINGS)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("code", GRID)
def test_a_finding_in_a_program(code: str, program: str) -> None:
    row = GRID[code]
    mine = [f for f in found_of(program, row.earns) if f.code == code]
    assert [f.severity for f in mine] == ["notes" if program in row.noted else "blocks"]
    assert mine[0].says and mine[0].outcome in ("not_met", "insufficient", "contradicted")
    assert queue_of(mine, program) == ("decide" if program in row.noted else "request_info" if code == "MISSING_PATIENT" else row.queue)
    assert code not in {f.code for f in found_of(program, row.misses)}


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_good_letter_is_to_be_decided_in_every_program(program: str) -> None:
    assert found_of(program, {}) == ()
