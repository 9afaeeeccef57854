"""The block a letter is addressed to, and who in it is the payer: told by what each of its lines is not.

Belongs here: blocks above the salutation that are neither the office's paper, nor a reference, nor a date, and the line of such a block
that is neither street, telephone, department, title nor person. Does not belong here: payers by their own words or labels (recipient),
names in other places (addressee), names in sentences (saidpayers).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Candidate
from pipeline.parse.addressee import CLINICAL
from pipeline.parse.asks import sense_of
from pipeline.parse.labelhits import id_of
from pipeline.parse.lines import Line
from pipeline.parse.people import read_person
from pipeline.parse.phones import PHONE
from pipeline.parse.places import CITY_STATE_ZIP, STREET, SUITE_LINE
from pipeline.parse.sheet import Sheet
from pipeline.parse.zones import NAMED, SALUTATION

_CAPITAL = r"[A-ZÀ-Þ&][\w'’.&\-]*"
_NAME = re.compile(rf"\W{{0,2}}(?P<name>{_CAPITAL}(?: (?:{_CAPITAL}|\d{{1,4}}|of|the|and|for|de|del|la)){{0,7}}(?:, (?:Inc|LLC|LLP|Ltd|Co|Corp)\b\.?)?)\W*$")
_UNIT = re.compile(
    r"^\W*(?:attn|attention|c/o|care of|via|re\b|regarding|subject|to the|the)\b|^\W*(?:\w+ ){0,3}(?:administrator|trustees|board|committee)\b(?: of| for|\W*$)|"
    r"\b(?:department|dept|desk|unit|section|division|team|office|committee|review(?:ers?|s)?|appeals|claims|grievances|approvals?|authorizations?|management|operations|mail\s?stop|program|accounts|director|resources|services|"
    r"policy|intake|correspondence|processing|support|spending|reimbursement)\W*$|^\W*(?:flex\w*|fsa|hsa|hra|benefits?|claims?|appeals?|member|utilization|prior|medical|pharmacy|human|employee|provider)\b", re.I)  # fmt: skip
"""A department, a desk, or words before whom it is sent to."""

_TITLE = re.compile(r"\b(?:director|manager|examiner|adjuster|coordinator|specialist|nurse|analyst|supervisor|officer|representative|consultant|administrator|president|secretary|reviewer|trustee|agent)\W*$", re.I)
_STREETLIKE = re.compile(r"^\W*(?:p\.?\s?o\.?\s+(?:box|drawer)|\d|one |suite|ste\b|floor|fl\b|building|bldg|fax|tel|phone|email|e-mail|www)|[@]|https?:|\b\d{3}[-.]\d{4}\b", re.I)
_MARK = re.compile(r"\b(?:confidential|urgent|expedited|certified mail|return receipt|first[- ]class|overnight|hand deliver\w*|personal|resubmission|appeal|draft|copy|received|page \d|letter|lmn|necessity|statement|form|prescription|memo(?:randum)?|fax(?:ed)?|date|patient|member|dear|whom|enclosure)\b", re.I)
_ORG = re.compile(
    r"&|\d|\b(?:of|and|inc|llc|co|corp\w*|company|group|partners|services|fund|trust|union|local|mutual|health|care|plan|benefits?|insurance|life|casualty|county|city|state|board|district|school|university|mills?|works|foundry|foods|freight|"
    r"electric|cooperative|bank|systems?|solutions|associates|alliance|society|council|authority|administrat\w+|claims|cards?|accounts?|hsa|fsa|hra|indemnity|assurance|compensation|network|national|american|united|first|north|south|east|west)\b", re.I)  # fmt: skip
"""What the name of an organisation has and a person's has not."""

_REVIEWER = re.compile(
    r"\b(?:reviewers?|examiners?|adjusters?|administrators?|claims?|appeals?|benefits?|plan|director|committee|trustees|coordinator|team|staff|department|sirs?|madam|whom|representative|consultant|desk|office|folks|people|colleagues?)\b", re.I)  # fmt: skip
"""Words of a greeting to somebody at a payer."""

_PROSE = 8
"""Words from which a line is one of running text."""


@dataclass(frozen=True)
class _Block:
    """Lines close below each other at one left edge, and whether a date stands right above them."""

    lines: tuple[Line, ...]
    dated: bool


_Span = tuple[str, int, float, str]


def by_exclusion(sheet: Sheet, office: Sequence[Candidate]) -> Iterator[_Span]:
    """The payer's name in each block that may be the recipient's, with its place, how far it is believed and why; `office` is what
    is known of the letter's own paper."""
    greeting = sheet.lines[sheet.zones.salutation].text if sheet.zones.salutation is not None else ""
    for n, block in enumerate(_blocks(sheet)):
        if _is_own(block, office) or _is_reference(sheet, block):
            continue
        found = _payer_of(block, greeting, first=n == 0 and not office)
        if found is not None:
            yield found


def _top(sheet: Sheet) -> list[Line]:
    """The lines of the first page above the salutation, or above the text where nobody is greeted."""
    first = [line for line in sheet.lines if line.page == sheet.pages[0]]
    if sheet.zones.salutation is not None and sheet.lines[sheet.zones.salutation].page == sheet.pages[0]:
        stop = sheet.lines[sheet.zones.salutation].box[1]
    else:
        prose = [b.lines[0].box[1] for b in sheet.blocks if b.page == sheet.pages[0] and len(b.lines) > 1 and _is_prose(b.lines[0])]
        stop = min(prose, default=0.45 * sheet.page(sheet.pages[0]).height)
    return [line for line in first if line.box[1] < stop - 1]


def _is_prose(line: Line) -> bool:
    words = line.text.split()
    return len(words) >= _PROSE and sum(w[:1].islower() for w in words) >= 0.6 * len(words) and not PHONE.search(line.text)


def _blocks(sheet: Sheet) -> list[_Block]:
    made: list[list[Line]] = []
    for line in sorted(_top(sheet), key=lambda k: (k.box[1], k.box[0])):
        open_one = next((b for b in made if abs(b[-1].box[0] - line.box[0]) < 6 and -0.5 * line.height < line.box[1] - b[-1].box[3] < 0.95 * line.height and not _is_date(sheet, b[-1])), None)
        if open_one is not None and not _is_date(sheet, line):
            open_one.append(line)
        else:
            made.append([line])
    dates = [b[0] for b in made if _is_date(sheet, b[0])]
    return [_Block(tuple(b), any(abs(d.box[0] - b[0].box[0]) < 6 and 0 < b[0].box[1] - d.box[3] < 5 * d.height for d in dates)) for b in made]


def _is_date(sheet: Sheet, line: Line) -> bool:
    return any(line.start <= d.start < line.end and len(line.text) - (d.end - d.start) < 16 for d in sheet.dates)


def _is_own(block: _Block, office: Sequence[Candidate]) -> bool:
    """Whether the office's name, address or telephone stands in the block, or a person with a degree."""
    held = [c.evidence for c in office if c.evidence is not None]
    return any(line.start <= e.start < line.end for line in block.lines for e in held) or any(NAMED.match(line.text) for line in block.lines)


def _is_reference(sheet: Sheet, block: _Block) -> bool:
    """Whether a label opens the block's first line, or most of its lines bear one: then it tells of the patient."""
    labelled = {id_of(h.line) for h in sheet.hits if not h.field.startswith("recipient.") and (h.alone or h.separated)}
    labelled |= {id_of(p.lines[0]) for p in sheet.pairs if not p.field.startswith("recipient.") and p.relation in ("right", "below")}
    labelled |= {id_of(line) for line in block.lines if any(line.start <= t.start < line.end for t in sheet.told) or _is_date(sheet, line)}
    marked = [id_of(line) in labelled for line in block.lines]
    return marked[0] or 2 * sum(marked) > len(marked)


def _payer_of(block: _Block, greeting: str, *, first: bool) -> _Span | None:
    """The first line of a block that is a bare name, where the block has the marks of an address; the `first` block of a page whose
    paper is not known may be the paper itself."""
    units = [bool(_UNIT.search(line.text)) for line in block.lines]
    streets = [_is_street(line.text) for line in block.lines]
    named = [line for n, line in enumerate(block.lines) if not units[n] and not streets[n] and _may_be_name(block, n)]
    addressed = any(units) or any(streets[1:])
    if any(re.search(r"\bmedical(?:ly)? necess|\bletter of\b", line.text, re.I) for line in block.lines):
        return None
    if not named or not (addressed or block.dated) or (first and not any(units)) or (not addressed and CLINICAL.search(named[0].text)):
        return None
    line = named[0]
    match = _NAME.match(_first_part(line.text))
    name = match["name"].strip(" ,;:") if match else ""
    greeted = bool(name) and re.search(rf"\b{re.escape(name.split()[0])}\b", greeting, re.I) is not None and not re.search(r"\b(?:mr|mrs|ms|miss|dr)\b", greeting, re.I)
    person = not _ORG.search(name) and 1 < len(name.split()) <= 3
    if person and not (any(units) or _REVIEWER.search(greeting)):
        return None
    if len(name.split()) == 1 and sense_of(name):
        return None
    if len(name.split()) == 1 and not (len(name) > 3 and (greeted or any(units) or (any(streets[1:]) and _REVIEWER.search(greeting)))):
        return None
    score = 0.5 + 0.12 * any(units) + 0.1 * any(streets[1:]) + 0.08 * greeted - 0.08 * (person and not any(units))
    return name, line.start + line.text.index(name), score, "is the line of the recipient's block that is no street, desk, title or person"


def may_be_sent_to(name: str) -> bool:
    """Whether a bare name behind 'To:' can be an organisation's: of one word, or with a word that no person's has; no mark, desk or title."""
    if not _NAME.match(name) or _MARK.search(name) or _UNIT.search(name) or _TITLE.search(name) or _REVIEWER.search(name) or re.match(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b", name):
        return False
    words = name.split()
    return (len(words) == 1 and len(name) > 3 and name[0].isupper()) or len(words) > 3 or bool(_ORG.search(name))


def _first_part(text: str) -> str:
    """A line up to a comma or a dash behind which stands no form of company."""
    return re.split(r",\s+(?!(?:inc|llc|llp|ltd|co|corp)\b)|\s[-–—|/•·]\s|\s\(", text.strip(), maxsplit=1, flags=re.I)[0].strip(" ,;:")


def _is_street(text: str) -> bool:
    return bool(_STREETLIKE.search(text) or PHONE.search(text) or CITY_STATE_ZIP.search(text) or STREET.match(text) or SUITE_LINE.match(text))


def _may_be_name(block: _Block, n: int) -> bool:
    """Whether a line of a block can be an organisation's name: no title, greeting or mark, no person before his title."""
    text = block.lines[n].text
    head = _first_part(text)
    if not _NAME.match(head) or _TITLE.search(head) or _MARK.search(head) or SALUTATION.match(text) or re.match(r"\W*(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Hon)\b", text):
        return False
    person = read_person(text)
    if person is not None and person.credentials:
        return False
    below = block.lines[n + 1].text if n + 1 < len(block.lines) else ""
    return not (_TITLE.search(_first_part(below)) and not _ORG.search(head))
