"""The payer by where its name stands, whatever its words: over a department, under the letter's date, before a member's number, at the
head of its own form, before the patient's name.

Belongs here: bare names of organisations in those places. Does not belong here: names told by a payer's words or by a label (recipient).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.model import Candidate
from pipeline.parse.housenames import ORGANISATION
from pipeline.parse.labelhits import id_of
from pipeline.parse.lines import Line
from pipeline.parse.people import read_person
from pipeline.parse.phones import PHONE
from pipeline.parse.sheet import Sheet

_CAPITAL = r"[A-ZÀ-Þ&][\w'’.&\-]*"
_NAME = rf"{_CAPITAL}(?: (?:{_CAPITAL}|of|the|and|for)){{0,5}}"
_BARE = re.compile(rf"^\W{{0,3}}(?P<name>{_NAME})\W*$")
_OFFICE = re.compile(
    r"(?:fsa|hsa|hra|flex\w*|benefits?|claims?|member|health|medical|pharmacy|grievances?|appeals?|prior|utilization|reimbursement|plan|reviews?|workers['’]? comp\w*)\b[\w '’&]*?"
    r"(?:office|department|dept|desk|team|unit|claims|services|review|appeals|approval|authorization|director|management|staff|trustees|administration)?\W*$", re.I)  # fmt: skip
"""A payer's own department or desk."""

_NUMBERED = re.compile(rf"(?<![\w&])(?P<name>{_NAME})(?:['’]s)? (?:(?:plan|card|account|member(?:ship)?|participant|subscriber|policy|employee|id) )*(?:no\.?|nos\.?|number|num\.?|#|id|acct\.?|account|member|card)[: #.]{{1,3}}(?=[A-Z]{{0,6}}[ \-]?\d)")
_HANDED = re.compile(rf"\b(?:hand|give|send|sent|submit|submitted|mail|forward|present|return|written to|addressed to)(?: \w+){{0,4}}? to (?P<name>{_NAME})(?= ?[(,.;])")
_TITLE = re.compile(
    r"\b(?:form|statement|letter|certificat\w*|request|record|questionnaire|worksheet|order|proposal|need|necessity|section|part|instructions?|page|medical unit|your|patient|physician|provider|practitioner"
    r"|diagnosis|treatment|summary|encounter|note|report|attestation|determination|prescription|memorandum|re|date|to|from|prior|approval)\b", re.I)  # fmt: skip
CLINICAL = re.compile(
    r"\b(?:clinic|hospital|physicians?|pediatrics?|orthop\w+|dermatology|cardiology|neurology|podiatry|chiropractic|acupuncture|dental|dentistry|therap\w+|rehab\w*|surgery|"
    r"medicine|medical (?:group|center|associates)|family|associates|psych\w+|sleep|spine|pain|wellness|eye|vision|nutrition|allergy|women['’]?s|supply|equipment|oxygen|pharmacy|school|elementary|academy|college|university|institute)\b", re.I)  # fmt: skip
_NOBODY = re.compile(r"\b(?:via|fax|phone|tel|box|street|avenue|road|suite|page|confidential|dear|enclosure|subject|patient|member|attn|whom|date|dob|born|january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I)


def by_place(sheet: Sheet) -> list[Candidate | None]:
    """Names of organisations where a payer stands."""
    spans = [*_before_numbers(sheet), *_handed(sheet)]
    spans += [*_form_owner(sheet)] if sheet.kind == "form" else [*_in_address(sheet), *_before_patient(sheet)]
    return [sheet.candidate(name, at, at + len(name), score, why) for name, at, score, why in spans]


_Span = tuple[str, int, float, str]


def _good(name: str) -> bool:
    """Whether a bare name may be a payer's: two words or more, no clinic, no title of a form, no person with a title."""
    words = name.split()
    return 2 <= len(words) <= 7 and not _NOBODY.search(name) and not _OFFICE.fullmatch(name) and not re.match(r"(?:Mr|Mrs|Ms|Miss|Dr|Re)\b", name)


def _tidy(name: str) -> str:
    name = re.sub(r"^(?:The|To|Your|My|Our|Her|His|For|With|From|And) (?=[A-Z])", "", name.strip(" ,.:;"))
    return re.sub(r"\s+(?:of|the|and|for|&|HSA|FSA|HRA)$", "", name) if len(name.split()) > 2 else name


def _before_numbers(sheet: Sheet) -> Iterator[_Span]:
    """'Marlow HSA Services no. 4471': the name before a member's number is the payer's."""
    for line in sheet.lines:
        for match in _NUMBERED.finditer(line.text):
            name = _tidy(match["name"])
            organised = re.search(r"\b(?:benefits?|plan|health|insurance|services|trust|fund|union|mutual|hsa|fsa|hra|casualty|administrators?|cards?|care)\b", name, re.I)
            if _good(name) and organised and not re.search(r"\b(?:tax|group|provider|npi|medicare|medicaid|license)\b", name, re.I) and not CLINICAL.search(name):
                yield name, line.start + match.start("name") + match["name"].index(name), 0.66, "stands before a member's number"


def _handed(sheet: Sheet) -> Iterator[_Span]:
    for sentence in sheet.body:
        for match in _HANDED.finditer(sentence.text):
            name = _tidy(match["name"])
            if _good(name) and not CLINICAL.search(name):
                yield name, sentence.start + match.start("name") + match["name"].index(name), 0.6, "is whom the letter is handed to"


def _in_address(sheet: Sheet) -> Iterator[_Span]:
    """Names in the block above the salutation: beside a department on their line, or right under the letter's date."""
    head = [sheet.lines[n] for n in sheet.zones.head]
    labelled = {id_of(h.line) for h in sheet.hits}
    for line in head:
        if id_of(line) in labelled or PHONE.search(line.text) or re.search(r"[|·•]", line.text):
            continue
        parts = [p.strip() for p in re.split(r"[,;]\s+(?!(?:inc|llc|llp|ltd|co|corp)\b)|\.\s+|\s[-–—]\s", line.text, flags=re.I) if p.strip()]
        offices = [p for p in parts if _OFFICE.match(p)]
        names = [p for p in parts if _BARE.match(p) and _good(p.strip(" ,.")) and p not in offices and not CLINICAL.search(p)]
        if offices and names and line.text.strip().startswith((names[0], offices[0])):
            yield names[0].strip(" ,."), line.start + line.text.index(names[0].strip(" ,.")), 0.74, "stands with a payer's department"
    yield from _under_date(sheet, head, labelled)


def _under_date(sheet: Sheet, head: list[Line], labelled: set[tuple[int, int]]) -> Iterator[_Span]:
    """A bare name at the date's edge, right below it: whom the letter is to, unless it is a person."""
    for date, line in pairwise(head):
        dated = [d for d in sheet.dates if date.start <= d.start < date.end]
        alone = bool(dated) and len(date.text) - (dated[0].end - dated[0].start) < 8
        match = _BARE.match(line.text.split(",")[0])
        if not alone or match is None or id_of(line) in labelled or line.page != date.page or abs(line.box[0] - date.box[0]) > 6 or line.box[1] - date.box[3] > 4.5 * date.height:
            continue
        name = match["name"].strip(" ,.")
        person = read_person(line.text)
        named = person is not None and person.name.casefold() == name.casefold() and not _ORG.search(name) and "&" not in name
        if _good(name) and not named and not CLINICAL.search(name) and not (person is not None and person.credentials):
            yield name, line.start + line.text.index(name), 0.62 if _ORG.search(name) else 0.4, "stands right under the letter's date"


_ORG = re.compile(r"\b(?:union|fund|trust|company|co|corp\w*|cards?|county|city|state|local|board|district|cooperative|coop|alliance|society|league|brotherhood|guild|federation|casualty|mutual|benefits?|plan|hsa|fsa|hra)\b", re.I)


def _before_patient(sheet: Sheet) -> Iterator[_Span]:
    """'Marlow Benefit Cards: EDNA FARRELL': whose member the patient is."""
    for line in sheet.lines[:12]:
        match = re.match(rf"\W{{0,3}}(?P<name>{_NAME}): (?=[A-Z])", line.text)
        name = match["name"] if match else ""
        if match and _good(name) and _ORG.search(name) and not CLINICAL.search(name) and read_person(line.text, match.end()):
            yield name, line.start + match.start("name"), 0.66, "stands before the patient's name"


def _form_owner(sheet: Sheet) -> Iterator[_Span]:
    """The name at the head of a form, up to the words for what the form is; a clinic's is its own paper."""
    first = sorted((line for line in sheet.lines if line.page == sheet.pages[0] and len(line.words) <= 14), key=lambda k: (k.box[1], k.box[0]))
    for n, line in enumerate(first[:3]):
        head = re.split(r"\s[-–—|·•:]\s|\s{3,}|: |\s(?:paper|claim|reimbursement|necessity)?\s?(?:form|statement|certificate|questionnaire|record)\b", line.text.strip(" |·•"), maxsplit=1, flags=re.I)[0]
        match = _BARE.match(head)
        name = match["name"].strip(" ,.") if match else ""
        if not name or _TITLE.search(name) or not _good(name) or any(h.line is line for h in sheet.hits):
            continue
        told = n + 1 < len(first) and _PROGRAM.search(first[n + 1].text) is not None
        plan = re.search(r" Health$", name) is not None and bool(sheet.pairs_of("practice.name", "provider.name"))
        organised = bool(_ORG.search(name)) or told or plan or not ORGANISATION.search(name)
        person = read_person(name)
        if organised and (told or (not CLINICAL.search(name) and (person is None or _ORG.search(name) or "&" in name))):
            yield name, line.start + line.text.index(name), (0.68 if told or _ORG.search(name) else 0.55 if plan else 0.45) - 0.06 * n, "heads its own form"
            return


_PROGRAM = re.compile(r"^\W*(?:(?:health )?flexible (?:spending|benefits?)|health (?:savings|reimbursement)|(?:fsa|hsa|hra)\b|workers['’]? comp|employee benefits?|benefits? (?:department|office)|medical spending)", re.I)
"""The line under the name on a form: which of the payer's accounts it is for."""
