"""A letter without a fault and the records it agrees with; tests change one thing and look what is found."""

import datetime as dt
from typing import Any

from pipeline.check import check, filing_keys, load_rules, specimen
from pipeline.check.specimen import stated
from pipeline.match import match
from pipeline.model import (
    ELEMENTS,
    Diagnosis,
    DocumentText,
    Element,
    Evidence,
    Finding,
    Flag,
    Item,
    Letter,
    OnFile,
    Problem,
)
from pipeline.records.index import Records, records_of
from pipeline.records.tables import COLUMNS, table_of

TODAY = dt.date(2026, 6, 30)
QUOTE = Evidence(page=1, box=(10, 20, 30, 40), start=0, end=5, quote="words", confidence=0.99)
MEMBER = {"member_id": "QX-1001", "name": "Ana Ortega", "dob": "1979-02-03", "relationship": "self", "account_holder_id": "QX-1001", "plan_id": "P"}
CLAIM = {"claim_id": "C-1", "member_id": "QX-1001", "plan_id": "P", "program": "fsa", "status": "pended", "received_date": "2026-05-20",
         "service_date": "2026-05-10", "item_description": "Massage therapy 60 min", "category": "massage_therapy", "code": "97124",
         "amount": "95.00", "diagnosis_code": "M54.2"}  # fmt: skip
HISTORY = {"member_id": "QX-1001", "date": "2026-01-22", "icd10": "M54.2", "description": "Cervicalgia"}
PLAN = {"plan_id": "P", "name": "Plan", "program": "fsa", "plan_year_start": "2026-01-01", "plan_year_end": "2026-12-31", "grace_end": "",
        "letter_valid_months": "12", "retroactive_days": "0", "accepted_credentials": "MD|DO|NP|PA-C", "history_required": "1"}  # fmt: skip
FIELDS: dict[str, Any] = {
    "letter_date": "2026-04-14", "provider.name": "Ines Falk", "provider.credentials": ("MD",), "provider.npi": "1234567893",
    "provider.signed": True, "patient.name": "Ana Ortega", "patient.dob": "1979-02-03", "recipient.program": "fsa",
}  # fmt: skip
DIAGNOSIS: dict[str, Any] = {"text": "cervicalgia", "icd10": "M54.2", "primary": True}
ITEM: dict[str, Any] = {"text": "therapeutic massage", "category": "massage_therapy", "code": "97124", "duration_months": 6.0}
WORDS = """Kestrel Lane Clinic April 14 2026 To whom it may concern my patient Ana Ortega suffers from cervicalgia since a fall on ice
last winter. Physical therapy for ten weeks and naproxen gave no lasting relief. Therapeutic massage twice weekly for six months is
necessary to treat it. I expect the range of motion to return and pain to fall from seven to three of ten. Ines Falk MD"""


def records(**changes: list[dict[str, str]]) -> Records:
    """The good records with whole tables replaced; rows may leave out columns."""
    rows = {"members": [MEMBER], "claims": [CLAIM], "history": [HISTORY], "plans": [PLAN], **changes}
    tables = {}
    for name in COLUMNS:
        tables[name] = table_of(name, f"{name}.csv", rows[name])
    return records_of(tables)


def letter(fields: dict[str, Any] | None = None, **changes: Any) -> Letter:
    """The good letter; `fields` replaces values (None takes one out), `changes` other parts: diagnoses and items as
    lists of changes to the good one, elements as the names that are stated, flags as names."""
    values = {k: v for k, v in {**FIELDS, **(fields or {})}.items() if v is not None}
    confidence = changes.pop("confidence", 0.99)
    found = {k: v.model_copy(update={"candidates": (v.candidates[0].model_copy(update={"confidence": confidence}),)}) for k, v in stated(values, QUOTE).items()}
    diagnoses = [Diagnosis(**{**DIAGNOSIS, **d}, confidence=0.95, evidence=QUOTE) for d in changes.pop("diagnoses", [{}])]
    items = [Item(**{**ITEM, **i}, confidence=0.95, evidence=QUOTE) for i in changes.pop("items", [{}])]
    shown = changes.pop("elements", ELEMENTS)
    return Letter(
        letter_id=changes.pop("letter_id", "a-1"), sha256="a" * 64, pages=(1,), kind=changes.pop("kind", "letter"), fields=found,
        diagnoses=tuple(diagnoses), items=tuple(items), elements=tuple(Element(name=e, value=e in shown, confidence=0.9) for e in ELEMENTS),
        flags=tuple(Flag(code=f, confidence=0.9, evidence=QUOTE) for f in changes.pop("flags", ())),
        problems=tuple(Problem(code=p, says="A dark bar.") for p in changes.pop("problems", ())), **changes,
    )  # fmt: skip


def paper(text: str = WORDS) -> DocumentText:
    """One page with these words."""
    return specimen.paper([text], "a" * 64)


def findings(given: Letter, known: Records | None = None, earlier: tuple[OnFile, ...] = (), text: str = WORDS, order: int = 9) -> tuple[Finding, ...]:
    """What is found of a letter held against the records."""
    held = known or records()
    tied = match(given, held)
    mine = filing_keys(given, paper(text), order, "b.pdf", tied.member_id)
    return check(given, tied, held, earlier, mine, TODAY, load_rules(None))


def codes(given: Letter, known: Records | None = None) -> str:
    """The findings' codes; a noted one in brackets."""
    return " ".join(f.code if f.severity == "blocks" else f"({f.code})" for f in findings(given, known))
