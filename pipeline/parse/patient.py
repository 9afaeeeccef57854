"""Who the letter is about: the patient and the account holder.

Belongs here: telling the patient from the account holder, the signer and others. Does not belong here: birth dates
(timing), their numbers (identifiers), whether such a member exists (match).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.holder import is_self, one_span, read_holder, related
from pipeline.parse.identifiers import read_claim_number, read_member_id
from pipeline.parse.labels import KeyValue
from pipeline.parse.namedpairs import from_pair
from pipeline.parse.people import read_person, same_person, tidy
from pipeline.parse.sheet import Sheet, losers, settle
from pipeline.parse.signers import of_a_provider
from pipeline.parse.told import Told
from pipeline.parse.who import NEAR, Who, read_who

_NOT_PATIENT = ("holder", "provider", "practice", "payer", "other")
"""Sections in which a bare 'Name' is somebody else's."""

_PROSE = re.compile(
    r"(?i:my patient,?|our patient,?|your (?:member|insured|participant|subscriber),?|on behalf of(?: my patient,?| our patient,?| your member,?)?|the above[- ]named patient,?"
    r"|this patient,?|the patient,?|(?:saw|examined|evaluated|treated|treating|support of|caring for|work with|regarding|concerning|followed|know|for)"
    r"(?: my patient,?| our patient,?| the patient,?)?)\s+(?=(?:(?:Mr|Mrs|Ms|Miss|Mx|Master)\.?\s+)?[A-Z])"
)
_RELATED = re.compile(r"\b(?:daughter|son|child|wife|husband|spouse|dependent|ward|mother|father|parent|guardian) of $", re.I)
"""Who stands behind is a relative of the patient."""

_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Master)\.?\s+(?=[A-Z])")
_GREETED = re.compile(r"\b(?:dear|attn|attention|to|cc|from|contact|call)\W*$", re.I)
_OPENING = re.compile(
    r"\W{0,4}(?=[A-Z][\w'’\-]+\s+(?:[A-Z][\w'’.\-]*\s+){1,3}(?:\(?(?:DOB|D\.O\.B|born|date of birth)|is (?:a|an|my|under)\b|has (?:been|a)\b|was (?:seen|referred|evaluated)))"
)
_HEADED = re.compile(
    r"^\W*(?:(?:re|regarding|LMN|letter|letter of medical necessity|medical necessity)\b[\s:.\-–—]*(?:for\s+)?)?(?=(?P<who>[A-ZÀ-Þ][\w'’\-]+(?:\s+[A-ZÀ-Þ][\w'’.\-]*){1,3}?)"
    r"\s*[,:.\-–—]*\s*(?:FSA|HSA|HRA|LMN|medical necessity|letter of medical necessity|(?:insurance|appeal|necessity) letter)\b)"
)
"""A line that is a heading of its own on a note: 'Ana Ruiz FSA letter', 'LMN - Ana Ruiz, HSA'."""


def read_patient(sheet: Sheet) -> dict[str, FieldValue]:
    """patient.name, patient.member_id, account_holder and claim_number."""
    patient = _patient_name(sheet)
    holder = read_holder(sheet, patient.accepted)
    if patient.accepted is None and holder.accepted is not None and related(sheet) != "another":
        sole = holder.accepted.model_copy(
            update={"because": "the account holder is the only person named", "confidence": 0.7}
        )
        patient = FieldValue(name="patient.name", candidates=(sole, *patient.candidates))
        holder = holder if is_self(sheet) else FieldValue(name="account_holder")
    elif one_span(patient.accepted, holder.accepted) and not is_self(sheet):
        holder = FieldValue(name="account_holder", candidates=tuple(c if c.rejected_because else c.model_copy(update={"rejected_because": "is the patient"}) for c in holder.candidates))
    claim = read_claim_number(sheet)
    return {
        "patient.name": patient,
        "account_holder": holder,
        "claim_number": claim,
        "patient.member_id": read_member_id(sheet, claim, patient.accepted),
    }


def _patient_name(sheet: Sheet) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("patient.name"):
        made.append(from_pair(sheet, pair, 0.96))
    for pair in sheet.pairs_of("neutral_name"):
        if sheet.role_of(pair.hit.line) not in _NOT_PATIENT and not of_a_provider(sheet, pair):
            made.append(from_pair(sheet, pair, 0.9 if sheet.kind == "letter" else 0.8))
            made.append(_inside(sheet, pair))
    made.extend(_by_cues(sheet))
    made.append(_told_parts(sheet))
    made.append(_in_parts(sheet))
    made.append(_in_cells(sheet))
    made.extend(_in_heading(sheet))
    made.extend(_from_prose(sheet))
    made.extend(_beside_birth(sheet))
    made.extend(_above_birth(sheet))
    settled = settle("patient.name", made)
    return losers("patient.name", _fullest(settled), "another name stands better for the patient")


_SURE = 7.0
"""Points of a name that stand for a sure label, or for two cues that do not depend on each other."""


def _by_cues(sheet: Sheet) -> list[Candidate | None]:
    """The likeliest patient by all cues together; one that hardly leads the next is doubtful."""
    ranked = read_who(sheet)
    if not ranked:
        return []
    best = ranked[0]
    person = best.named.person
    told = best.named.told
    confidence = min(0.9, 0.55 + 0.06 * (best.points - 4.0))
    if told is not None and told.sure and told.ask.whose == "patient" and best.points >= 5.5:
        confidence = max(confidence, 0.92)
    if best.lead < NEAR:
        confidence = 0.3
    found = sheet.candidate(person.name, person.start, person.end, confidence, best.named.why)
    return [found, *(_rival(sheet, other, best) for other in ranked[1:3])]


def _rival(sheet: Sheet, other: Who, best: Who) -> Candidate | None:
    person = other.named.person
    return sheet.candidate(person.name, person.start, person.end, 0.25, other.named.why, "another name stands better for the patient")


def _told_parts(sheet: Sheet) -> Candidate | None:
    """A name whose parts labels tell one by one: 'Surname: Ruiz  Given name: Ana'."""
    parts: dict[str, Told] = {}
    for told in sheet.told:
        if told.ask.what in ("last", "first", "middle") and told.sure and told.ask.whose in ("", "patient", "member") and sheet.role_of(told.run.line) not in _NOT_PATIENT:
            parts.setdefault(told.ask.what, told)
    last, first = parts.get("last"), parts.get("first")
    if last is None or first is None or last.start == first.start or last.run.line.page != first.run.line.page or abs(last.run.line.box[1] - first.run.line.box[1]) > 40:
        return None
    used = [parts[p] for p in ("first", "middle", "last") if p in parts]
    begin, end = min(t.start for t in used), max(t.end for t in used)
    return sheet.candidate(tidy(" ".join(t.value.upper() if t.value.isupper() else t.value for t in used)), begin, end, 0.92, "stands in cells for its parts")


_PART = re.compile(
    r"(?<![\w'’])(?P<who>(?:[A-Za-z]+(?:['’]s)? )?)(?P<part>last|first|family|given|middle)(?: name)?(?: ?\(print\))?\s*[:_]\s*(?P<value>[^\W\d_][\w'’.\- ]*?)"
    r"(?=\s*(?:$|[|,;_]|(?:[A-Za-z]+(?:['’]s)? )?(?:last|first|family|given|middle)\b|m\.?i\.?\s*[:_]|dob\b|date\b))", re.I)  # fmt: skip
_INITIAL = re.compile(r"\bm\.?\s?i\.?\s*[:_]\s*(?P<value>[A-Z])\b")


def _in_parts(sheet: Sheet) -> Candidate | None:
    """A name in boxes of its own: 'Last name: Ruiz', 'First name: Ana MI: M', within three lines; never the provider's."""
    parts: dict[str, tuple[int, int, str]] = {}
    for line in sheet.lines:
        for match in _PART.finditer(line.text):
            if re.match(r"(?:provider|physician|prescriber|doctor|employee|subscriber|participant|insured|holder|contact)", match["who"], re.I):
                continue
            part = {"family": "last", "given": "first"}.get(match["part"].lower(), match["part"].lower())
            parts.setdefault(part, (line.start + match.start("value"), line.start + match.end("value"), match["value"].strip()))
        initial = _INITIAL.search(line.text)
        if initial and "first" in parts:
            parts.setdefault("middle", (line.start + initial.start("value"), line.start + initial.end("value"), initial["value"]))
    if "last" not in parts or "first" not in parts or abs(parts["last"][0] - parts["first"][0]) > 160:
        return None
    name = " ".join(parts[p][2] for p in ("first", "middle", "last") if p in parts)
    begin, end = min(p[0] for p in parts.values()), max(p[1] for p in parts.values())
    return sheet.candidate(name, begin, end, 0.9, "stands in boxes for its parts") if end - begin < 200 else None


def _in_cells(sheet: Sheet) -> Candidate | None:
    """A name in cells of its own, of one row or of two, in no other person's section."""
    cells: dict[str, KeyValue] = {}
    for pair in sheet.pairs_of("name.last", "name.first", "name.middle"):
        text = sheet.text(pair.start, pair.end)
        if sheet.role_of(pair.hit.line) not in _NOT_PATIENT and re.fullmatch(r"[^\W\d_][\w'’.\- ]{0,40}", text):
            cells.setdefault(pair.field, pair)
    last, first = cells.get("name.last"), cells.get("name.first")
    if last is None or first is None or last.lines[0].page != first.lines[0].page or abs(last.lines[0].box[1] - first.lines[0].box[1]) > 40:
        return None
    parts = [cells[p] for p in ("name.first", "name.middle", "name.last") if p in cells]
    name = tidy(" ".join(" ".join(sheet.text(p.start, p.end).split()) for p in parts))
    begin, end = min(last.start, first.start), max(last.end, first.end)
    return sheet.candidate(name, begin, end, 0.92, "stands in cells for its parts")


def _inside(sheet: Sheet, pair: KeyValue) -> Candidate | None:
    """A name inside a subject line: 'Subject: Medical necessity, Dwayne Hollis (DOB ...)'."""
    text = sheet.text(pair.start, pair.end)
    if read_person(text):
        return None
    for match in re.finditer(r"(?:[,;:–—-]\s+|\bfor\s+|\bof\s+|\bpatient\s+)(?=[A-Z])", text):
        person = read_person(text, match.end())
        if person and not person.credentials and person.end - person.start > 4:
            return sheet.candidate(
                person.name, pair.start + person.start, pair.start + person.end, 0.8, "is named in the subject line"
            )
    return None


def _in_heading(sheet: Sheet) -> list[Candidate | None]:
    """A name in a short line above the text of a note, before the word for what the note is for."""
    made: list[Candidate | None] = []
    for n, line in enumerate(sheet.lines[:14]):
        match = _HEADED.match(line.text) if n and sheet.kind != "form" and len(line.text.split()) <= 10 else None
        person = read_person(line.text, match.end()) if match else None
        if person is not None and not person.credentials and match is not None and person.end == match.end("who"):
            made.append(sheet.candidate(person.name, line.start + person.start, line.start + person.end, 0.82, "heads the note"))
    return made


def _from_prose(sheet: Sheet) -> list[Candidate | None]:
    made: list[Candidate | None] = []
    text = sheet.document.text
    for sentence in sheet.body:
        for pattern, confidence, because in ((_PROSE, 0.84, "is called the patient"), (_TITLED, 0.5, "is spoken of with a title"),
                                             (_OPENING, 0.8, "opens the letter")):  # fmt: skip
            for match in [m for m in [pattern.match(text, sentence.start, sentence.end)] if m] if pattern is _OPENING else pattern.finditer(text, sentence.start, sentence.end):
                person = read_person(text[: sentence.end + 40], match.end())
                if _RELATED.search(text, sentence.start, match.start()):
                    continue
                if person is None or person.credentials or person.end > sentence.end or (pattern is _TITLED and _GREETED.search(text, sentence.start, match.start())):
                    continue
                made.append(sheet.candidate(person.name, person.start, person.end, confidence, because))
    return made[:6]


def _beside_birth(sheet: Sheet) -> list[Candidate | None]:
    """A name that stands right before a birth date: 'Nina Castellanos (DOB 12/03/1985)'."""
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("patient.dob"):
        line = pair.hit.line
        before = line.text[: pair.hit.start - line.start].rstrip(" (,;:|-–—•·")
        for match in re.finditer(r"(?:^|(?<=[\s,;:(]))(?=[A-ZÀ-Þ])", before):
            person = read_person(before, match.start())
            if person and len(before) - person.end <= 3 and not person.credentials:
                made.append(
                    sheet.candidate(
                        person.name,
                        line.start + person.start,
                        line.start + person.end,
                        0.86,
                        "stands before the birth date",
                    )
                )
                break
    return made


_BIRTH = re.compile(r"^\W*(?:b\.|born|birth ?date|date of birth|d\.?\s?o\.?\s?b\b\.?)[\s:.]*(?:on )?(?:\d|[A-Z][a-z]{2,8}\.? \d)", re.I)


def _above_birth(sheet: Sheet) -> list[Candidate | None]:
    """A name alone on its line, straight above a birth date: the two lines of an address block or a margin."""
    made: list[Candidate | None] = []
    for above, line in zip(sheet.lines, sheet.lines[1:], strict=False):
        person = read_person(above.text) if _BIRTH.match(line.text) else None
        if person is None or person.credentials or above.page != line.page or abs(above.box[0] - line.box[0]) > 12:
            continue
        if len(above.text.strip()) - (person.end - person.start) <= 6 and line.box[1] - above.box[3] < 1.2 * above.height:
            made.append(sheet.candidate(person.name, above.start + person.start, above.start + person.end, 0.86, "stands above the birth date"))
    return made


def _fullest(value: FieldValue) -> FieldValue:
    """Of two readings that may be one person, prefers the one with more of the name when both are sound."""
    best = value.accepted
    if best is None:
        return value
    name = str(best.value)
    for other in value.candidates[1:]:
        if other.rejected_because is None and other.confidence >= 0.8 and same_person(name, str(other.value)) and \
                len(str(other.value)) > len(name) and best.confidence < 0.97:  # fmt: skip
            rest = tuple(c for c in value.candidates if c is not other)
            return FieldValue(
                name=value.name, candidates=(other.model_copy(update={"confidence": best.confidence}), *rest)
            )
    return value
