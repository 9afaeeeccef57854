"""The member's and the claim's numbers.

Belongs here: numbers behind their labels or beside the patient's name. Does not belong here: whether such a member or
claim exists (match).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.labels import KeyValue
from pipeline.parse.sheet import Sheet, settle

_ID = re.compile(
    r"(?<![\w$/\-.])(?P<id>[A-Z]{1,5}[- ]?(?:[A-Z]{1,3}-)?\d[\dA-Z]{2,}(?:-[\dA-Z]{1,6}){0,3}|\d[\d\-]{5,}\d(?:-[A-Z0-9]{1,3})?)(?![\w/])"
)
_LABELLED_ID = re.compile(r"^[\s:#.]*(?P<id>[A-Z0-9][A-Z0-9\-]*(?:[ ][A-Z0-9\-]*\d[A-Z0-9\-]*){0,3})", re.I)
_CLAIM_ID = re.compile(r"^[\s:#.]*(?P<id>[A-Z0-9]{1,6}(?:[- ]?[A-Z0-9]+){0,5})", re.I)
_SPACED_ID = re.compile(r"(?<![\w$/\-.])(?P<id>[A-Z]{2,5} \d{2,}(?: \d{1,6}){1,3})(?![\w/])")
_NOT_ID = re.compile(r"^(?:\d{3}-\d{3}-\d{4}|\d{3}-\d{4}|\d{1,2}-\d{1,2}-\d{2,4}|(?:19|20)\d{2}-\d{2}-\d{2})$")


def read_claim_number(sheet: Sheet) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("claim_number"):
        text = sheet.text(pair.start, pair.end)
        match = _CLAIM_ID.match(text)
        value = _until_words(match["id"]) if match else ""
        if sum(c.isdigit() for c in value) < 4:
            continue
        start = pair.start + text.index(value)
        rejected = "has the form of a date or a phone number" if _NOT_ID.match(value) else None
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        made.append(sheet.candidate(value, start, start + len(value), 0.93, f"stands behind '{label}'", rejected))
    return settle("claim_number", made)


def _until_words(text: str) -> str:
    """The parts of a number as long as each holds a digit or is a short code: 'PA 26 0514 dated' ends before 'dated'."""
    kept: list[str] = []
    for part in text.split(" "):
        if any(c.isdigit() for c in part) or (not kept and part.isupper() and len(part) <= 6):
            kept.append(part)
        else:
            break
    return " ".join(kept).strip(" -.,")


def read_member_id(sheet: Sheet, claim: FieldValue) -> FieldValue:
    made: list[Candidate | None] = []
    other = {str(c.value) for c in claim.candidates if c.rejected_because is None}
    for pair in sheet.pairs_of("patient.member_id"):
        made.append(_labelled_id(sheet, pair, other))
    for pair in sheet.pairs_of("neutral_name", "patient.name", "account_holder"):
        made.extend(_ids_beside(sheet, pair, other))
    return settle("patient.member_id", made)


def _labelled_id(sheet: Sheet, pair: KeyValue, other: set[str]) -> Candidate | None:
    text = sheet.text(pair.start, pair.end)
    cut = re.match(r"[\s:#.]*(?P<id>[A-Z0-9][A-Z0-9\-]*[-–]\n[A-Z0-9\-]+)$", text)
    if cut:
        whole = re.sub(r"\s", "", cut["id"])
        return sheet.candidate(whole, pair.start + cut.start("id"), pair.end, 0.88, "runs over the end of its line")
    match = _LABELLED_ID.match(text)
    value = re.sub(r"^(?:FSA|HSA|HRA|LPFSA)\s+(?=\S*\d{3})", "", _until_words(match["id"])) if match else ""
    if sum(c.isdigit() for c in value) < 3 or len(value) < 4:
        return None
    start = pair.start + text.index(value)
    label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
    rejected = None
    if value in other:
        rejected = "is the claim's number"
    elif _NOT_ID.match(value):
        rejected = "has the form of a date or a phone number"
    elif sheet.zone_of(start) == "sign" and sheet.kind == "letter":
        rejected = "stands with the signer's numbers"
    return sheet.candidate(value, start, start + len(value), 0.94, f"stands behind '{label}'", rejected)


def _end_of(sheet: Sheet, pair: KeyValue) -> int:
    """Where a labelled value ends: a date with the date itself, whatever else follows on its line."""
    dates = [d.end for d in sheet.dates if pair.start <= d.start < pair.end] if pair.hit.kind == "date" else []
    return dates[0] if dates else pair.end


def _ids_beside(sheet: Sheet, pair: KeyValue, other: set[str]) -> list[Candidate | None]:
    """An identifier on the line of the patient's name, without a label of its own: 'Member: Ana Ruiz, HLP8810265094'."""
    made: list[Candidate | None] = []
    line = pair.lines[0]
    labelled = [(p.start, _end_of(sheet, p)) for p in sheet.pairs if p.lines[0] is line and p is not pair]
    behind = max(0, pair.start - line.start)
    for match in (*_SPACED_ID.finditer(line.text, behind), *_ID.finditer(line.text, behind)):
        start, end = line.start + match.start("id"), line.start + match.end("id")
        value = match["id"]
        if any(a <= start < b for a, b in labelled) or value in other or _NOT_ID.match(value) or len(value) < 6:
            continue
        if sum(c.isdigit() for c in value) < 4:
            continue
        made.append(sheet.candidate(value, start, end, 0.7, "stands beside the patient's name"))
    return made
