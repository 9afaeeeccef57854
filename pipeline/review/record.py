"""A case as one JSON object of letters.jsonl, and the schema that every such object fits.

Belongs here: the form others rely on (schema/letters.schema.json). Does not belong here: files, pages, spreadsheets.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from pipeline.model import (
    ELEMENTS,
    FIELD_NAMES,
    Candidate,
    Case,
    Diagnosis,
    Evidence,
    Finding,
    Item,
    Letter,
    LetterSide,
    NotDiagnosis,
    Problem,
)

Json = dict[str, Any]

SCHEMA_NAME = "letters.schema.json"


def schema_text() -> str:
    """The published JSON Schema (draft 2020-12) of one line."""
    return files("pipeline.review").joinpath("schema", SCHEMA_NAME).read_text(encoding="utf-8")


def validator() -> Draft202012Validator:
    """Checks one record against the schema."""
    return Draft202012Validator(json.loads(schema_text()))


def in_order(cases: Iterable[Case]) -> list[Case]:
    """The cases by file as it lay in the inbox, then by pages; equal ones by id."""
    return sorted(cases, key=lambda case: (case.receipt.file, case.pages, case.item.letter_id))


def record_of(case: Case) -> Json:
    """The object of one case: absent values are left out or null, rejected readings are left out."""
    letter, item = case.letter, case.item
    return {
        "letter_id": item.letter_id,
        "file": case.receipt.file,
        "sha256": case.receipt.sha256,
        "channel": case.receipt.channel,
        "received_at": case.receipt.received_at,
        "pages": list(case.pages),
        "document_class": case.document_class,
        "segments": [{"class": s.page_class, "pages": list(s.pages)} for s in case.segments],
        "kind": letter.kind if letter else None,
        **_contents(letter),
        "member": _member(case),
        "claims": list(item.match.claims) if item.match else [],
        "findings": [_finding(finding) for finding in item.findings],
        "remarks": [{"code": r.code, "says": r.says, "letter": _words(r.letter), "record": r.record.model_dump() if r.record else None} for r in item.remarks],
        "queue": item.queue,
        "priority": item.priority,
        "due": item.due.isoformat() if item.due else None,
        "why": item.why,
        "problems": [_problem(problem) for problem in problems_of(case)],
    }


def problems_of(case: Case) -> list[Problem]:
    """Each problem of the file, the letter and the review item once, in that order."""
    letters = case.letter.problems if case.letter else ()
    return list(dict.fromkeys([*case.receipt.problems, *letters, *case.item.problems]))


def text_of(case: Case, name: str) -> str:
    """The accepted value of a text field of the case's letter, or ''."""
    return (case.letter.text_of(name) if case.letter else None) or ""


def received_on(case: Case) -> dt.date | None:
    """The day of receipt."""
    try:
        return dt.date.fromisoformat(case.receipt.received_at[:10])
    except ValueError:
        return None


def check(records: Sequence[Json]) -> None:
    """ValueError, naming the line and the place, for the first record that does not fit the schema: a bug of ours."""
    fits = validator()
    for line, record in enumerate(records, start=1):
        error = next(iter(fits.iter_errors(record)), None)
        if error is not None:
            where = "/".join(str(part) for part in error.absolute_path) or "(the record)"
            raise ValueError(f"letters.jsonl line {line}: {where} breaks the schema's rule '{error.validator}'")


def _contents(letter: Letter | None) -> Json:
    accepted = {n: letter[n].accepted for n in FIELD_NAMES} if letter else {}
    return {
        "fields": {name: _value(candidate) for name, candidate in accepted.items() if candidate is not None},
        "diagnoses": [_diagnosis(d) for d in letter.diagnoses] if letter else [],
        "not_diagnoses": [_not_diagnosis(d) for d in letter.not_diagnoses] if letter else [],
        "items": [_item(item) for item in letter.items] if letter else [],
        "elements": _elements(letter),
        "flags": _flags(letter),
    }


def _place(evidence: Evidence | None) -> Json:
    if evidence is None:
        return {"page": None, "bbox": None, "quote": None}
    return {"page": evidence.page, "bbox": _bbox(evidence.box), "quote": evidence.quote}


def _bbox(box: Iterable[float]) -> list[float]:
    return [round(edge, 2) for edge in box]


def _sure(confidence: float) -> float:
    return round(min(1.0, max(0.0, confidence)), 4)


def _value(candidate: Candidate) -> Json:
    value = list(candidate.value) if isinstance(candidate.value, tuple) else candidate.value
    place = _place(candidate.evidence)
    return {"value": value, "confidence": _sure(candidate.confidence), **place, "because": candidate.because}


def _diagnosis(diagnosis: Diagnosis) -> Json:
    return {
        "text": diagnosis.text,
        "icd10": diagnosis.icd10,
        "primary": diagnosis.primary,
        "confidence": _sure(diagnosis.confidence),
        **_place(diagnosis.evidence),
        "suggested_icd10": diagnosis.suggested_icd10,
        "because": diagnosis.because,
    }


def _not_diagnosis(diagnosis: NotDiagnosis) -> Json:
    return {"text": diagnosis.text, "because": diagnosis.because, **_place(diagnosis.evidence)}


def _item(item: Item) -> Json:
    return {
        "text": item.text,
        "category": item.category,
        "code": item.code,
        "quantity": item.quantity,
        "frequency": item.frequency,
        "duration_months": item.duration_months,
        "cost": item.cost,
        "acquisition": item.acquisition,
        "confidence": _sure(item.confidence),
        **_place(item.evidence),
        "because": item.because,
    }


def _elements(letter: Letter | None) -> Json:
    """All four; one that was never considered is false with confidence 0."""
    found = {element.name: element for element in letter.elements} if letter else {}
    out: Json = {}
    for name in ELEMENTS:
        element = found.get(name)
        out[name] = {
            "value": element.value if element else False,
            "confidence": _sure(element.confidence) if element else 0.0,
            **_place(element.evidence if element else None),
        }
    return out


def _flags(letter: Letter | None) -> list[Json]:
    flags = letter.flags if letter else ()
    return [{"code": f.code, "confidence": _sure(f.confidence), **_place(f.evidence)} for f in flags]


def _member(case: Case) -> Json | None:
    match = case.item.match
    if match is None or match.member_id is None:
        return None
    chosen = next((c for c in match.candidates if c.member_id == match.member_id), None)
    parts = {name: round(part, 2) for name, part in chosen.parts.items()} if chosen else {}
    return {"member_id": match.member_id, "score": round(chosen.score, 2) if chosen else None, "parts": parts}


def _finding(finding: Finding) -> Json:
    record = finding.record
    return {
        "code": finding.code,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "rule": finding.rule,
        "says": finding.says,
        "letter": _words(finding.letter),
        "record": record.model_dump() if record else None,
        "cure": finding.cure,
    }


def _words(letter: LetterSide | None) -> Json | None:
    words: Json | None = {"page": letter.page, "quote": letter.quote} if letter else None
    if letter and words is not None and letter.box:
        words["bbox"] = _bbox(letter.box)
    return words


def _problem(problem: Problem) -> Json:
    return {"code": problem.code, "says": problem.says, "page": problem.page}
