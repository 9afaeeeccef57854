"""Each finding: a letter that earns it, and the letter beside it that does not."""

from typing import Any

import pytest

from pipeline.check.signer import npi_wrong
from pipeline.check.substance import carries, is_complaint
from pipeline.codes.npi import npi_is_valid
from tests.check.bench import CLAIM, HISTORY, MEMBER, PLAN, codes, findings, letter, records

ONCE = {"category": "home_modification", "text": "entry ramp", "code": None, "duration_months": None}
OTHERS = {"member_id": "QX-1002", "name": "Ana Ortega", "dob": "1991-12-30", "account_holder_id": "QX-1002", "plan_id": "P"}


def plans(**changes: str) -> list[dict[str, str]]:
    return [{**PLAN, **changes}]


def claims(*changes: dict[str, str]) -> list[dict[str, str]]:
    return [{**CLAIM, "claim_id": f"C-{n}", **change} for n, change in enumerate(changes, 1)]


def test_the_good_letter_earns_nothing() -> None:
    assert codes(letter()) == ""


OF_THE_LETTER: list[tuple[dict[str, Any], str]] = [
    ({"flags": ["no_letterhead"]}, "MISSING_LETTERHEAD"),
    ({"flags": ["no_letterhead"], "kind": "form"}, ""),
    ({"fields": {"patient.dob": None}}, ""),
    ({"fields": {"letter_date": None}}, "MISSING_DATE"),
    ({"diagnoses": []}, "MISSING_DIAGNOSIS"),
    ({"items": []}, "MISSING_ITEM"),
    ({"elements": ["alternatives_inadequate", "expected_benefit"]}, "MISSING_MEDICAL_VALUE"),
    ({"elements": ["medical_value", "expected_benefit"]}, "(MISSING_ALTERNATIVES)"),
    ({"elements": ["medical_value", "alternatives_inadequate", "measurable_benefit"]}, "(MISSING_BENEFIT)"),
    ({"elements": ["medical_value", "alternatives_inadequate", "expected_benefit"]}, ""),
    ({"items": [{"duration_months": None}]}, "MISSING_DURATION"),
    ({"items": [{}, {"duration_months": None}]}, "MISSING_DURATION"),
    ({"items": [{"duration_months": None}], "fields": {"treatment_end": "2026-10-14"}}, ""),
    ({"fields": {"provider.signed": False}, "flags": ["unsigned"]}, "MISSING_SIGNATURE"),
    ({"fields": {"provider.signed": None}}, "MISSING_SIGNATURE"),
    ({"fields": {"provider.credentials": None}}, "MISSING_CREDENTIALS"),
    ({"flags": ["vague_language"]}, "VAGUE_LANGUAGE"),
    ({"flags": ["general_wellness"]}, "GENERAL_WELLNESS"),
    ({"flags": ["cosmetic"]}, "COSMETIC_PURPOSE"),
    ({"fields": {"provider.npi": "1234567890"}}, "NPI_INVALID"),
    ({"fields": {"provider.npi": "123456789"}}, "NPI_INVALID"),
    ({"fields": {"provider.npi": None}}, ""),
    ({"fields": {"provider.credentials": ("DC",)}}, "CREDENTIAL_NOT_ACCEPTED"),
    ({"fields": {"provider.credentials": ("MSN", "NP")}}, ""),
    ({"fields": {"provider.credentials": ("FNP-C",)}}, ""),
    ({"fields": {"provider.credentials": ("PA",)}}, "CREDENTIAL_NOT_ACCEPTED"),
    ({"fields": {"provider.credentials": ("RN",)}}, "CREDENTIAL_NOT_ACCEPTED"),
    ({"fields": {"letter_date": "2026-05-10"}}, ""),
    ({"fields": {"letter_date": "2026-05-11"}}, "LETTER_AFTER_PURCHASE"),
    ({"fields": {"letter_date": "2026-06-30"}}, "LETTER_AFTER_PURCHASE"),
    ({"fields": {"letter_date": "2026-07-01"}}, "LETTER_AFTER_PURCHASE FUTURE_DATED"),
    ({"fields": {"letter_date": "2025-05-10"}, "items": [{"duration_months": 999.0}]}, ""),
    ({"fields": {"letter_date": "2025-05-09"}, "items": [{"duration_months": 999.0}]}, "LETTER_EXPIRED"),
    ({"fields": {"letter_date": "2025-11-10"}}, ""),
    ({"fields": {"letter_date": "2025-11-09"}}, "LETTER_EXPIRED"),
    ({"fields": {"letter_date": "2025-11-09", "treatment_start": "2025-11-20"}}, ""),
    ({"fields": {"letter_date": "2026-04-14", "treatment_end": "2026-05-09"}}, "LETTER_EXPIRED"),
    ({"items": [{"category": "mattress_bed", "text": "mattress", "code": None}]}, "ITEM_MISMATCH"),
    ({"items": [{"category": "mattress_bed", "text": "mattress", "code": None}, {}]}, ""),
    ({"diagnoses": [{"icd10": "M54.50", "text": "low back pain"}]}, ""),
    ({"diagnoses": [{"icd10": "M75.41", "text": "impingement"}]}, "DIAGNOSIS_MISMATCH DIAGNOSIS_NOT_IN_HISTORY"),
    ({"diagnoses": [{"icd10": "M75.41", "text": "impingement"}, {"primary": False}]}, "DIAGNOSIS_NOT_IN_HISTORY"),
    ({"diagnoses": [{}, {"icd10": "M75.41", "text": "impingement", "primary": False}]}, ""),
    ({"diagnoses": [{"icd10": None}]}, ""),
    ({"diagnoses": [{"icd10": None, "suggested_icd10": "M54.2"}]}, ""),
    ({"diagnoses": [{"icd10": None, "text": "gout", "suggested_icd10": "M10.9"}]}, "DIAGNOSIS_NOT_IN_HISTORY"),
    ({"diagnoses": [{"icd10": None, "text": "asthma", "suggested_icd10": "J45.909"}]}, "DIAGNOSIS_MISMATCH DIAGNOSIS_NOT_IN_HISTORY"),
    ({"diagnoses": [{"icd10": None, "text": "neck pain", "suggested_icd10": None}]}, ""),
    ({"diagnoses": [{"icd10": None, "text": "back problems"}]}, "NONSPECIFIC_DIAGNOSIS"),
    ({"diagnoses": [{"text": "back problems"}]}, ""),
    ({"fields": {"patient.dob": "1979-03-02"}}, "IDENTITY_MISMATCH"),
    ({"fields": {"patient.name": "Wim Zandstra", "patient.dob": "1960-01-01"}}, "NO_MEMBER_MATCH"),
    ({"fields": {"patient.name": None, "patient.dob": None}}, "MISSING_PATIENT NO_MEMBER_MATCH"),
    ({"fields": {"patient.name": None, "patient.dob": None}, "problems": ["covered"]}, "MISSING_PATIENT LOW_CONFIDENCE"),
    ({"fields": {"patient.name": "Wim Zandstra", "patient.dob": None}, "problems": ["covered"]}, "NO_MEMBER_MATCH"),
    ({"problems": ["covered"]}, ""),
    ({"quality": 0.5}, ""),
    ({"quality": 0.5, "diagnoses": []}, "MISSING_DIAGNOSIS LOW_CONFIDENCE"),
    ({"quality": 0.7, "diagnoses": []}, "MISSING_DIAGNOSIS"),
    ({"quality": 0.7, "diagnoses": [], "items": []}, "MISSING_DIAGNOSIS MISSING_ITEM LOW_CONFIDENCE"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), OF_THE_LETTER, ids=[f"{n}-{str(c)[:60]}" for n, (c, _) in enumerate(OF_THE_LETTER)])
def test_findings_from_the_letter(changes: dict[str, Any], expected: str) -> None:
    assert codes(letter(**changes)) == expected


OF_THE_RECORDS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("look-back of ten days", {"plans": plans(retroactive_days="10")}, {"fields": {"letter_date": "2026-05-20"}}, ""),
    ("a day beyond the look-back", {"plans": plans(retroactive_days="10")}, {"fields": {"letter_date": "2026-05-21"}}, "LETTER_AFTER_PURCHASE"),
    ("not yet performed", {"claims": claims({"service_date": ""})}, {"fields": {"letter_date": "2026-06-20"}}, ""),
    ("last day of the plan year", {"claims": claims({"service_date": "2026-04-30"}), "plans": plans(plan_year_end="2026-04-30")}, {}, ""),
    ("the day after", {"claims": claims({"service_date": "2026-05-01"}), "plans": plans(plan_year_end="2026-04-30")}, {}, "OUTSIDE_PLAN_YEAR"),
    ("the day after, in grace", {"claims": claims({"service_date": "2026-05-01"}), "plans": plans(plan_year_end="2026-04-30", grace_end="2026-05-01")}, {}, ""),
    ("the day before the plan year", {"claims": claims({"service_date": "2026-04-30"}), "plans": plans(plan_year_start="2026-05-01")}, {}, "OUTSIDE_PLAN_YEAR"),
    ("the claim's plan and not the member's", {"claims": claims({"plan_id": "OLD"}),
     "plans": [PLAN, {**PLAN, "plan_id": "OLD", "plan_year_start": "2025-01-01", "plan_year_end": "2025-12-31"}]}, {}, "OUTSIDE_PLAN_YEAR"),
    ("no open claim", {"claims": claims({"status": "paid"})}, {}, "NO_CLAIM_MATCH"),
    ("a denied claim is open", {"claims": claims({"status": "denied"})}, {}, ""),
    ("two lines for the same thing, one before the letter", {"claims": claims({"service_date": "2026-04-01"}, {})}, {}, "LETTER_AFTER_PURCHASE"),
    ("the letter names the later line", {"claims": claims({"service_date": "2026-04-01"}, {})}, {"fields": {"claim_number": "C2"}}, ""),
    ("the claim it names is for another thing", {"claims": claims({"category": "cpap", "item_description": "CPAP mask", "code": "A7030"}, {})},
     {"fields": {"claim_number": "C-1"}}, "ITEM_MISMATCH"),
    ("the claim it names is for another thing and another condition", {"claims": claims({"category": "cpap", "item_description": "CPAP mask", "code": "A7030", "diagnosis_code": "G47.33"}, {})},
     {"fields": {"claim_number": "C-1"}}, "ITEM_MISMATCH DIAGNOSIS_MISMATCH"),
    ("another claim, which it does not name, is for another condition",
     {"claims": claims({"category": "cpap", "item_description": "CPAP mask", "code": "A7030", "diagnosis_code": "G47.33"})}, {}, "ITEM_MISMATCH"),
    ("the same code under another category", {"claims": claims({"category": "therapy_service", "item_description": "Visit"})}, {}, ""),
    ("the claim has no diagnosis", {"claims": claims({"diagnosis_code": ""})}, {}, ""),
    ("history is not asked for", {"plans": plans(history_required="0"), "history": [{**HISTORY, "icd10": "J45.40"}]}, {}, ""),
    ("history has another condition", {"history": [{**HISTORY, "icd10": "J45.40"}]}, {}, "DIAGNOSIS_NOT_IN_HISTORY"),
    ("history has no row", {"history": []}, {}, "DIAGNOSIS_NOT_IN_HISTORY"),
    ("history has the condition in other words", {"history": [{**HISTORY, "icd10": "G44.86", "description": "Cervicogenic headache with cervicalgia"}]},
     {"diagnoses": [{"icd10": None}]}, ""),
    ("a letter on file", {"claims": claims({}, {"status": "approved", "item_description": "Massage therapy (LMN on file to 2026-06-30)"})}, {}, "ALREADY_COVERED"),
    ("a letter on file that ran out", {"claims": claims({}, {"status": "approved", "item_description": "Massage therapy (LMN on file to 2026-06-29)"})}, {}, ""),
    ("a letter on file for another thing", {"claims": claims({}, {"status": "approved", "category": "cpap", "code": "", "item_description": "Mask (LMN on file to 2027-06-29)"})}, {}, ""),
    ("approved without a word on a letter", {"claims": claims({}, {"status": "approved"})}, {}, ""),
    ("no list of credentials", {"plans": plans(accepted_credentials="")}, {"fields": {"provider.credentials": ("LMT",)}}, ""),
    ("namesakes and no birth date", {"members": [MEMBER, OTHERS]}, {"fields": {"patient.dob": None}}, "AMBIGUOUS_MATCH"),
    ("namesakes, credentials of their one plan", {"members": [MEMBER, OTHERS]}, {"fields": {"patient.dob": None, "provider.credentials": ("DC",)}},
     "CREDENTIAL_NOT_ACCEPTED AMBIGUOUS_MATCH"),
    ("a dependent under the holder's id", {"members": [{**MEMBER, "member_id": "QX-1001-02", "account_holder_id": "QX-1001"},
     {**MEMBER, "name": "Rosa Ortega", "dob": "1950-01-01"}], "claims": claims({"member_id": "QX-1001-02"}), "history": [{**HISTORY, "member_id": "QX-1001-02"}]},
     {"fields": {"patient.member_id": "QX-1001"}}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("case", "tables", "changes", "expected"), OF_THE_RECORDS, ids=[row[0] for row in OF_THE_RECORDS])
def test_findings_from_the_records(case: str, tables: dict[str, Any], changes: dict[str, Any], expected: str) -> None:
    assert codes(letter(**changes), records(**tables)) == expected


@pytest.mark.parametrize(
    ("program", "changes", "expected"),
    [
        ("fsa", {"elements": ["medical_value"]}, "(MISSING_ALTERNATIVES) (MISSING_BENEFIT)"),
        ("hra", {"elements": ["medical_value"]}, "(MISSING_ALTERNATIVES) (MISSING_BENEFIT)"),
        ("insurance", {"elements": ["medical_value"]}, "MISSING_ALTERNATIVES MISSING_BENEFIT"),
        ("workers_comp", {"elements": ["medical_value"]}, "MISSING_ALTERNATIVES MISSING_BENEFIT"),
        ("insurance", {"items": [{"duration_months": None}]}, "(MISSING_DURATION)"),
        ("workers_comp", {"items": [{"duration_months": None}]}, "MISSING_DURATION"),
    ],
)
def test_gravity_by_program(program: str, changes: dict[str, Any], expected: str) -> None:
    assert codes(letter(**changes), records(plans=plans(program=program))) == expected


def test_without_a_member_the_letter_names_the_program() -> None:
    stranger = {"patient.name": "Wim Zandstra", "patient.dob": "1960-01-01", "recipient.program": "insurance"}
    assert codes(letter(stranger, elements=["medical_value"])) == "MISSING_ALTERNATIVES MISSING_BENEFIT NO_MEMBER_MATCH"
    assert "(MISSING_BENEFIT)" in codes(letter({**stranger, "recipient.program": "something new"}, elements=["medical_value"]))


def test_what_is_done_once_needs_no_duration() -> None:
    ramp = records(claims=claims({"category": "home_modification", "item_description": "Ramp", "code": "", "diagnosis_code": ""}))
    assert codes(letter(items=[ONCE]), ramp) == ""
    assert codes(letter(items=[{**ONCE, "category": "other_dme", "text": "portable ramp"}]), ramp) == "MISSING_DURATION"


def test_both_sides_are_quoted() -> None:
    found = {f.code: f for f in findings(letter({"letter_date": "2026-05-11"}, diagnoses=[{"icd10": "M75.41"}]))}
    late = found["LETTER_AFTER_PURCHASE"]
    assert late.letter is not None and late.letter.quote == "words" and late.letter.box == (10, 20, 30, 40)
    assert late.record is not None and (late.record.table, late.record.id, late.record.column, late.record.value) == ("claims", "C-1", "service_date", "2026-05-10")
    assert "May 11, 2026" in late.says and "May 10, 2026" in late.says and "no days" in late.says
    other = found["DIAGNOSIS_MISMATCH"].record
    assert other is not None and (other.column, other.value) == ("diagnosis_code", "M54.2")


def test_whatever_is_missing_has_a_cure() -> None:
    bare = letter(dict.fromkeys(("letter_date", "provider.credentials", "provider.signed", "patient.name", "patient.dob")), diagnoses=[], items=[], elements=[])
    missing = [f for f in findings(bare) if f.code.startswith("MISSING_")]
    assert len(missing) == 9
    assert all(f.cure for f in missing)


def test_an_empty_letter_is_judged_without_harm() -> None:
    bare = letter(dict.fromkeys(("letter_date", "provider.name", "provider.credentials", "provider.npi", "provider.signed", "patient.name",
                                 "patient.dob", "recipient.program")), diagnoses=[], items=[], elements=[])  # fmt: skip
    assert "NO_MEMBER_MATCH" in codes(bare, records(members=[], claims=[], history=[], plans=[]))


def test_a_badly_read_npi_is_not_held_against_the_provider() -> None:
    given = letter({"provider.npi": "1234567890"})
    assert "NPI_INVALID" in codes(given)
    doubtful = given["provider.npi"].candidates[0]
    assert doubtful.evidence is not None
    shaky = doubtful.model_copy(update={"evidence": doubtful.evidence.model_copy(update={"confidence": 0.5})})
    field = given["provider.npi"].model_copy(update={"candidates": (shaky,)})
    assert "NPI_INVALID" not in codes(given.model_copy(update={"fields": {**given.fields, "provider.npi": field}}))
    assert npi_wrong.__doc__


@pytest.mark.parametrize(
    ("number", "valid"),
    [("1234567893", True), ("1234567890", False), ("3234567893", False), ("123456789", False), ("12345678930", False), ("12345o7893", False), ("", False)],
)
def test_npi(number: str, valid: bool) -> None:
    assert npi_is_valid(number) is valid


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("back problems", True), ("Back pain", True), ("joint pain", True), ("severe fatigue", True), ("chronic pain", True), ("stress", True), ("headaches", True),
     ("low back pain", False), ("lumbar pain", False), ("chronic pain syndrome", False), ("arthritis", False), ("neck pain", False), ("back pain with sciatica", False),
     ("migraine headaches", False), ("stress fracture", False), ("general anxiety disorder", False), ("back", False), ("", False)],
)  # fmt: skip
def test_complaints(text: str, complaint: bool) -> None:
    assert is_complaint(text) is complaint


@pytest.mark.parametrize(
    ("code", "category", "carried"),
    [("M54.2", "chiropractic", True), ("F90.2", "chiropractic", False), ("J45.30", "chiropractic", False), ("G43.009", "chiropractic", True),
     ("M72.2", "orthopedic_footwear", True), ("M75.41", "orthopedic_footwear", True), ("J45.40", "orthopedic_footwear", False),
     ("E11.42", "orthopedic_footwear", True), ("G47.33", "cpap", True), ("M17.11", "cpap", False), ("I10", "weight_loss_program", True),
     ("M54.2", "other_dme", None), ("F90.2", "acupuncture", None), ("K21.00", "mattress_bed", True), ("L70.0", "massage_therapy", False)],
)  # fmt: skip
def test_what_carries_an_item(code: str, category: str, carried: bool | None) -> None:
    assert carries(code, category) is carried


@pytest.mark.parametrize(
    ("diagnoses", "found"),
    [
        ([{"icd10": "F90.2"}], True),
        ([{"icd10": "F90.2"}, {"icd10": "M54.2", "primary": False}], False),
        ([{"icd10": "F90.2"}, {"icd10": None, "primary": False}], False),
        ([{"icd10": None, "suggested_icd10": "F90.2"}], True),
        ([{"icd10": None}], False),
    ],
)
def test_an_item_is_refused_only_where_every_diagnosis_is(diagnoses: list[dict[str, Any]], found: bool) -> None:
    adjustments = {"category": "chiropractic", "text": "adjustments", "code": "98940"}
    line = records(claims=claims({"category": "chiropractic", "code": "98940", "diagnosis_code": ""}), plans=plans(history_required="0"))
    assert ("ITEM_NOT_SUPPORTED" in codes(letter(diagnoses=diagnoses, items=[adjustments]), line)) is found
