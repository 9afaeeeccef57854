"""Remarks on diagnosis codes as written: of ICD-9-CM, incomplete, or not in force on the letter's date.

Belongs here: noticing, for a person to weigh. Does not belong here: reading codes (dxcodes), what a plan makes of it
(check). Only pages are told, never the code or the letter's words.
"""

import datetime as dt
from collections.abc import Sequence

from pipeline.codes import icd10
from pipeline.model import Diagnosis, Problem
from pipeline.parse.dxcodes import old_codes
from pipeline.parse.sheet import Sheet

_SAYS = {
    "icd9": "A diagnosis code is of ICD-9-CM, which ended on 30 September 2015.",
    "code_partial": "A diagnosis code is incomplete: finer codes stand below it.",
    "code_release": "A diagnosis code was not in force on the letter's date.",
}


def code_notes(sheet: Sheet, diagnoses: Sequence[Diagnosis], letter_date: str | None) -> tuple[Problem, ...]:
    """At most one note of each kind, with the first page it stands on. `letter_date` is ISO; None: dates are not held
    against the codes."""
    day = dt.date.fromisoformat(letter_date) if letter_date else None
    pages: dict[str, int] = {}
    for sentence in sheet.sentences:
        if old_codes(sheet.document.text, sentence.start, sentence.end):
            pages.setdefault("icd9", sentence.page)
    for diagnosis in diagnoses:
        kind = _fault(diagnosis.icd10, day)
        if kind is not None:
            pages.setdefault(kind, diagnosis.evidence.page)
    return tuple(Problem(code=code, says=_SAYS[code], page=page) for code, page in sorted(pages.items()))


def _fault(code: str | None, day: dt.date | None) -> str | None:
    found = icd10.look_up(code) if code else None
    if code is None or found is None:
        return None
    on_day = icd10.in_force(code, day) if day else None
    if on_day is False and (found.billable or _was_whole(code)):
        return "code_release"
    return None if found.billable or on_day else "code_partial"


def _was_whole(code: str) -> bool:
    """Whether the code could be reported before it was split."""
    return bool(icd10.in_force(code, icd10.FIRST_DAY))
