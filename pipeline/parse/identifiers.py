"""The member's and the claim's numbers.

Belongs here: numbers behind their labels or beside the patient's name. Does not belong here: whether such a member or
claim exists (match).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.asks import example, sense_of
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.told import Told

_ID = re.compile(
    r"(?<![\w$/\-.])(?P<id>[A-Z]{1,5}[- ]?(?:[A-Z]{1,3}-)?\d[\dA-Z]{2,}(?:-[\dA-Z]{1,6}){0,3}|\d[\d\-]{5,}\d(?:-[A-Z0-9]{1,3})?)(?![\w/])"
)
_LABELLED_ID = re.compile(r"^[\s:#.]*(?P<id>[A-Z0-9][A-Z0-9\-]*(?:[ ][A-Z0-9\-]*\d[A-Z0-9\-]*){0,3})", re.I)
_CLAIM_ID = re.compile(r"^[\s:#.]*(?P<id>[A-Z0-9]{1,6}(?:[- ]?[A-Z0-9]+){0,5})", re.I)
_SPACED_ID = re.compile(r"(?<![\w$/\-.])(?P<id>[A-Z]{2,5} \d{2,}(?:[ \-]\d{1,6}){1,3})(?![\w/])")
_NOT_ID = re.compile(r"^(?:\d{3}-\d{3}-\d{4}|\d{3}-\d{4}|[0-3]?\d-[0-3]?\d-(?:\d{2}|(?:19|20)\d{2})|(?:19|20)\d{2}-\d{2}-\d{2})$")


def read_claim_number(sheet: Sheet) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("claim_number"):
        text = sheet.text(pair.start, pair.end)
        match = _CLAIM_ID.match(text)
        value = _until_words(match["id"]) if match else ""
        if sum(c.isdigit() for c in value) < 4:
            continue
        start = pair.start + text.index(value)
        line = pair.lines[0]
        foot = line.box[1] > _FOOT * sheet.page(line.page).height
        rejected = "has the form of a date or a phone number" if _NOT_ID.match(value) else "stands in the foot of the paper" if foot else None
        if re.search(r"\bour\W*$", pair.hit.line.text[: pair.hit.start - pair.hit.line.start], re.I):
            rejected = "is the office's own number"
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        made.append(sheet.candidate(value, start, start + len(value), 0.93, f"stands behind '{label}'", rejected))
    for told in sheet.told:
        if told.ask.what == "claim" and told.ask.whose != "other" and told.sure and sum(c.isdigit() for c in told.value) >= 4:
            made.append(sheet.candidate(told.value, told.start, told.end, 0.88, f"stands {told.where} '{told.run.words}'", _ours(told)))
    return settle("claim_number", made)


_FOOT = 0.92
"""Share of the page's height below which the paper's own numbers stand."""


def _ours(told: Told) -> str | None:
    """The office's own reference is no number of the payer's; a code behind a bare word that asks for something is what is asked for."""
    if re.fullmatch(r"\W*(?:requests?|referral|order|treatment request)\W*", told.run.words, re.I) and re.fullmatch(r"[A-Z]?\d{4,5}[A-Z]?", told.value):
        return "is the code of what is asked for"
    return "is the office's own number" if re.match(r"\W*our\b", told.run.words, re.I) else None


def _until_words(text: str) -> str:
    """The parts of a number as long as each holds a digit or is a short code: 'PA 26 0514 dated' ends before 'dated'."""
    kept: list[str] = []
    for part in text.split(" "):
        if any(c.isdigit() for c in part) or (not kept and part.isupper() and len(part) <= 6):
            kept.append(part)
        else:
            break
    return " ".join(kept).strip(" -.,")


def read_member_id(sheet: Sheet, claim: FieldValue, patient: Candidate | None = None) -> FieldValue:
    """The member's number; `patient` is the patient's name, beside which a number without a label may stand."""
    made: list[Candidate | None] = []
    other = {str(c.value) for c in claim.candidates if c.rejected_because is None}
    for pair in sheet.pairs_of("patient.member_id"):
        made.append(_labelled_id(sheet, pair, other))
    for pair in sheet.pairs_of("neutral_name", "patient.name", "account_holder"):
        made.extend(_ids_beside(sheet, pair, other))
    made.extend(_told_ids(sheet, other))
    if patient is not None and patient.evidence is not None:
        made.extend(_by_the_name(sheet, patient.evidence.start, patient.evidence.end, other))
    return _whole_numbers(settle("patient.member_id", made))


_BARE = re.compile(r"\W*(?:no|nos|number|num|nr|#|account|acct|contract)\W*$", re.I)


def _told_ids(sheet: Sheet, other: set[str]) -> list[Candidate | None]:
    """Numbers that a label of any words tells to be a member's, a holder's or nobody else's."""
    made: list[Candidate | None] = []
    for told in sheet.told:
        if told.ask.what != "id" or told.ask.whose == "other" or sheet.role_of(told.run.line) in ("provider", "practice", "payer", "other"):
            continue
        if sheet.kind != "form" and sheet.zone_of(told.start) in ("sign", "after"):
            continue
        confidence = 0.92 if told.ask.whose else 0.6 if _BARE.match(told.run.words) and not told.run.colon else 0.85
        before = told.run.line.text[: told.run.start - told.run.line.start]
        state = re.fullmatch(r"\d{5}(?:-\d{4})?", told.value) is not None and re.search(r"[A-Z][a-z]+,? ID\W*$", told.run.line.text[: told.start - told.run.line.start]) is not None
        rejected = "is the claim's number" if told.value in other else "is a number of another kind" if state or _ANOTHERS.search(before) else _ours(told)
        made.append(sheet.candidate(told.value, told.start, told.end, confidence if told.sure else confidence - 0.15, f"stands {told.where} '{told.run.words}'", rejected))
    return made


def _by_the_name(sheet: Sheet, start: int, end: int, other: set[str]) -> list[Candidate | None]:
    """A number without a label behind the patient's name, or in the two lines below it, that no label gives to something else."""
    taken = {t.start for t in sheet.told if t.ask.what != "id"} | {d.start for d in sheet.dates}
    units = [n for n in sheet.typed if n.line.words and n.line.start <= start < n.line.end]
    made: list[Candidate | None] = []
    for unit in units[:1]:
        line = unit.line
        below = [n for n in sheet.typed if n.line.words and n.line.page == line.page and 0 < n.line.box[1] - line.box[1] < 3.4 * line.height and (abs(n.line.box[0] - line.box[0]) < 6 or abs(n.line.box[0] - _left(line, start)) < 6)]
        for near, since, confidence in ((unit, end, 0.8), *((n, n.line.start, 0.7) for n in below if line.end - end < 4)):
            for a, b, value in near.numbers:
                led = sheet.text(max(since, near.line.start), a)
                alone = near is unit or len(near.line.text) - len(value) < 14
                if a >= since and a - since < 48 and alone and a not in taken and value not in other and len(value) >= 6 and not _ELSE.search(led) and not _CODE.fullmatch(value) and not _NOT_ID.match(value):
                    made.append(sheet.candidate(value, a, b, confidence, "stands beside the patient's name" if near is unit else "stands below the patient's name"))
    return made[:1]


def _left(line: Line, start: int) -> float:
    return next((w.box[0] for w in line.words if w.end > start), line.box[0])


_CODE = re.compile(r"[A-Z]\d{4}|\d{5}|[A-Z]\d{2}[A-Z0-9]{1,4}")
_ELSE = re.compile(r"\b(?:claim|case|file|auth\w*|ref\w*|group|grp|mrn|chart|npi|lic\w*|tax|ssn|phone|tel\w*|fax|box|denial|appeal|determination|decision|invoice|order|zip|code|dea|cpt|hcpcs|icd)\b\W*(?:no|number|id|#)?\W*$", re.I)


def _whole_numbers(value: FieldValue) -> FieldValue:
    """Where one reading is a part of another that stands at the same place, the whole one counts."""
    best = value.accepted
    if best is None or best.evidence is None:
        return value
    for other in value.candidates[1:]:
        if other.evidence is None or other.rejected_because is not None or other.evidence.page != best.evidence.page:
            continue
        if other.evidence.start <= best.evidence.start and other.evidence.end >= best.evidence.end and len(str(other.value)) > len(str(best.value)):
            whole = other.model_copy(update={"confidence": max(best.confidence, other.confidence)})
            return FieldValue(name=value.name, candidates=(whole, *(c for c in value.candidates if c is not other)))
    return value




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
    elif example().match(pair.lines[0].text):
        rejected = "is printed as an example"
    elif re.fullmatch(r"\d{5}(?:-\d{4})?", value) and pair.hit.line is pair.lines[0] and re.search(r"[A-Z][a-z]+,? ID\W*$", pair.hit.line.text[: pair.start - pair.hit.line.start]):
        rejected = "is the ZIP behind a state"
    elif _ANOTHERS.search(pair.hit.line.text[: pair.hit.start - pair.hit.line.start]):
        rejected = "is a number of another kind"
    elif sheet.zone_of(start) == "sign" and sheet.kind == "letter":
        rejected = "stands with the signer's numbers"
    return sheet.candidate(value, start, start + len(value), 0.94, f"stands behind '{label}'", rejected)


_ANOTHERS = re.compile(r"\b(?:tax|tax(?:payer)?|federal|ein|group|grp|provider|physician|npi|supplier|vendor|payer|payor|site|employer|facility|form|letter|document|page|encounter|visit|order|consult|message|session|confirmation|transaction|tracking|request|license|clia|dea|fax|our|medical record|chart|case|claim)\W*$", re.I)


def _end_of(sheet: Sheet, pair: KeyValue) -> int:
    """Where a labelled value ends: a date with the date itself, whatever else follows on its line."""
    dates = [d.end for d in sheet.dates if pair.start <= d.start < pair.end] if pair.hit.kind == "date" else []
    return dates[0] if dates else pair.end


def _ids_beside(sheet: Sheet, pair: KeyValue, other: set[str]) -> list[Candidate | None]:
    """An identifier on the line of the patient's name, without a label of its own: 'Member: Ana Ruiz, HLP8810265094'."""
    made: list[Candidate | None] = []
    line = pair.lines[0]
    if example().match(line.text):
        return made
    labelled = [(p.start, _end_of(sheet, p)) for p in sheet.pairs if p.lines[0] is line and p is not pair]
    behind = max(0, pair.start - line.start)
    for match in (*_SPACED_ID.finditer(line.text, behind), *_ID.finditer(line.text, behind)):
        start, end = line.start + match.start("id"), line.start + match.end("id")
        value = match["id"]
        if any(a <= start < b for a, b in labelled) or value in other or _NOT_ID.match(value) or len(value) < 6:
            continue
        if sum(c.isdigit() for c in value) < 4 or sense_of(re.split(r"[ \-]", value)[0]):
            continue
        made.append(sheet.candidate(value, start, end, 0.7, "stands beside the patient's name"))
    return made
