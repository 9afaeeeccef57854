"""Everyone who may have signed, and how well each one's place fits.

Belongs here: names in the signature block, in a form's provider box, under a letter's heading, and their weights. Does
not belong here: whether there is a signature (signature), the signer's details (provider, licences, specialty).
"""

import re
from dataclasses import dataclass

from pipeline.codes.credentials import kinds
from pipeline.parse.asks import example
from pipeline.parse.housewords import KIND
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.people import Person, read_person, same_person
from pipeline.parse.sheet import Sheet
from pipeline.parse.signature import ESIGN, ink_near

_OTHER = re.compile(
    r"^\W*(?:cc|c\.c\.|copy|prepared (?:with|by)|collaborating|supervising|referred by|dictated|enclos|pcp|primary care|parent|"
    r"questions|contact|for (?=dr|[A-Z])|referring|referral|supervised by|(?:[a-z]+ )?concurrence|on file)\b", re.I)  # fmt: skip
_SUPERVISING = re.compile(r"^\W*(?:supervis\w+|collaborating|sponsoring)\b", re.I)
_OTHER_LABEL = re.compile(r"referring|referred|primary care|pcp|supervis|collaborat|contact", re.I)
_SIGNER_LABEL = re.compile(r"treating|rendering|ordering|prescrib|attending|certifying|signing|requesting|therapist|from\b", re.I)
_PHYSICIANS = ("physician", "podiatrist", "dentist")
_FORM_LINE = 0.85
"""A name anywhere on a form counts less than one in the box that asks for the provider (0.9)."""
_ORDERING = ("nurse_practitioner", "physician_assistant")
_ZONE_WORDS = {"sign": "signature block", "body": "text", "head": "letterhead", "after": "closing notes"}


@dataclass(frozen=True)
class Signer:
    """A person who may have signed; `index` is the line, `weight` how well the place fits."""

    person: Person
    line: Line
    start: int
    weight: float
    because: str
    esigned: bool


def signer_line(sheet: Sheet) -> Line | None:
    """The line of the best signer, to tell which date stands with the signature."""
    signers = signers_of(sheet)
    return signers[0].line if signers else None


def signers_of(sheet: Sheet) -> list[Signer]:
    """Those who may have signed, the likeliest first."""
    found: list[Signer] = []
    for n, line in enumerate(sheet.lines):
        for person in people_on(line):
            found.append(_signer(sheet, n, line, person))
    named = [p for p in sheet.pairs_of("neutral_name") if sheet.role_of(p.hit.line) in ("provider", "practice") or of_a_provider(sheet, p) or _with_degree(sheet, p)]
    for pair in (*sheet.pairs_of("provider.name"), *named):
        text = sheet.text(pair.start, pair.end)
        read = read_person(text) or _sole_word(text)
        if read is not None and not re.match(r"\W*(?:the|department|my)\b", text, re.I):
            esigned = bool(ESIGN.search(sheet.text(pair.hit.start, pair.hit.end)))
            shifted = Person(
                read.name, pair.start + read.start, pair.start + read.end, read.credentials, pair.start + read.all_end
            )
            label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
            weight = _label_weight(sheet, label, read, esigned)
            found.append(
                Signer(
                    shifted,
                    pair.lines[0],
                    shifted.start,
                    weight,
                    f"stands {pair.where} the label '{label}'",
                    esigned,
                )
            )
    found.extend(_in_cells(sheet))
    return sorted((s for s in found if s.weight > 0), key=lambda s: (-s.weight, s.start))


def _in_cells(sheet: Sheet) -> list[Signer]:
    """The provider's first and last name in cells of their own."""
    cells = {p.field: p for p in reversed(sheet.pairs_of("provider.first", "provider.last"))}
    if len(cells) < 2:
        return []
    first, last = cells["provider.first"], cells["provider.last"]
    read = read_person(" ".join(sheet.text(p.start, p.end).strip() for p in (first, last)))
    if read is None:
        return []
    begin, end = min(first.start, last.start), max(first.end, last.end)
    return [Signer(Person(read.name, begin, end, read.credentials, end), first.lines[0], begin, 0.9, "stands in cells for its parts", False)]


def _with_degree(sheet: Sheet, pair: KeyValue) -> bool:
    """Whether a form's bare 'Name', outside everyone's section, holds a name with a degree."""
    read = read_person(sheet.text(pair.start, pair.end)) if sheet.kind == "form" and not sheet.role_of(pair.hit.line) else None
    return read is not None and bool(read.credentials)


def of_a_provider(sheet: Sheet, pair: KeyValue) -> bool:
    """Whether a cell for a degree, an NPI or a licence stands in the row of a bare 'Name', or the signature's right above."""
    if sheet.kind != "form":
        return False
    line = pair.hit.line
    y0, y1 = line.box[1], line.box[3]
    near = [(h, (h.line.box[1] + h.line.box[3] - y0 - y1) / 2) for h in sheet.hits if h.line.page == line.page]
    beside = any(abs(dy) < 5 and h.field in ("provider.credentials", "provider.npi", "provider.license", "provider.specialty") for h, dy in near)
    return beside or any(-60 < dy < -5 and h.field == "signature" and abs(h.line.box[0] - line.box[0]) < 30 for h, dy in near)


def _label_weight(sheet: Sheet, label: str, person: Person, esigned: bool) -> float:
    """How well a label names the signer: best the electronic signature, then a form's box, then a letter's heading."""
    if _OTHER_LABEL.search(label):
        return 0.2
    held = 0.02 if person.credentials else 0.0
    if esigned or sheet.kind == "form":
        return (0.97 if esigned else 0.9) + held
    return (0.7 if person.credentials and _SIGNER_LABEL.search(label) else 0.55) + held


def _sole_word(text: str) -> Person | None:
    """A name of one word, when nothing else stands in the box."""
    return read_person(text, least=1) if len(text.split()) == 1 else None


def people_on(line: Line) -> list[Person]:
    """Names with credentials on a line, at places in the document; also a bare name that fills the line."""
    people: list[Person] = []
    if example().match(line.text):
        return people
    reached = 0
    for match in re.finditer(r"(?:^|(?<=[\s|:;,(•·/]))(?=[A-ZÀ-Þ]|0\.\s?[A-Z])", line.text):
        if match.start() < reached or (people and match.start() < people[-1].all_end - line.start):
            continue
        title = PROFESSION.match(line.text, match.start())
        reached = title.end() if title else reached
        person = read_person(line.text, max(match.start(), reached))
        if person is None or not (person.credentials or (_fills(line.text, person) and not KIND.search(person.name))):
            continue
        people.append(Person(person.name, line.start + person.start, line.start + person.end, person.credentials,
                             line.start + person.all_end))  # fmt: skip
    return people


def owner_of(sheet: Sheet, line: Line) -> Person | None:
    """The person with credentials under whose name a line stands, in its column and close below; None for none."""
    named: list[tuple[float, Person]] = []
    for other in sheet.lines:
        gap = line.box[1] - other.box[1]
        if other.page == line.page and -2 < gap < 5.5 * line.height and abs(other.box[0] - line.box[0]) < 40:
            named += [(gap, person) for person in people_on(other) if person.credentials]
    return min(named, key=lambda n: n[0])[1] if named else None


def is_anothers(sheet: Sheet, line: Line | None, signer: Signer | None) -> bool:
    """Whether a line stands under the name of somebody who is not the signer, as in a margin's list of colleagues."""
    owner = owner_of(sheet, line) if line is not None and signer is not None else None
    return owner is not None and signer is not None and not same_person(owner.name, signer.person.name)


PROFESSION = re.compile(
    r"(?:(?:licensed|registered|certified|board[- ]certified|clinical|physical|occupational|speech|massage|nurse|physician|attending|staff|senior|chief|treating|family|orthop(?:a)?edic|plastic|oral|hand|foot|eye)[\s-]+)*"
    r"(?:therapist|practitioner|physician|assistant|surgeon|chiropractor|acupuncturist|dieti[tc]ian|nutritionist|psychologist|counselor|midwife|nurse|dentist|optometrist|[a-z]{3,}ologist|[a-z]{2,}iatrist|pediatrician|internist)"
    r"[,:]?\s+(?=(?:Dr\.?\s+)?[A-ZÀ-Þ][a-zà-ÿ'’\-]+\s+[A-ZÀ-Þ])", re.I)  # fmt: skip
"""A profession before the name of who has it."""

_FORE = re.compile(r"\W*(?:(?:Dra?|Doctor|Prof|Professor|Mr|Mrs|Ms|Mx|Sister|Rev)\b\.?\s+)*", re.I)


def _fills(text: str, person: Person) -> bool:
    """Whether a name, with the profession or honorific before it, is all of a line."""
    title = PROFESSION.match(text)
    led = _FORE.match(text, title.end() if title else 0)
    return person.start <= max(3, led.end() if led else 0, title.end() if title else 0) and len(text) - person.end <= 2 and person.words <= 4


def _signer(sheet: Sheet, n: int, line: Line, person: Person) -> Signer:
    zone = sheet.zones.name(n)
    before = line.text[: person.start - line.start]
    closing = sheet.zones.closing
    esigned = bool(ESIGN.search(before)) or (n > 0 and bool(ESIGN.search(sheet.lines[n - 1].text)) and zone != "head"
                                              and len(sheet.lines[n - 1].text) < 60)  # fmt: skip
    weight = {"sign": 0.78, "body": 0.05, "head": 0.12, "after": 0.04}[zone]
    if not person.credentials:
        near = closing is not None and 0 < n - closing <= 4
        doctor = re.search(r"\b(?:Dra?|Doctor)\b\.?\s*$", before) is not None
        weight = 0.6 if zone == "sign" and (near or doctor) else 0.0
    if (
        zone == "body"
        and person.credentials
        and line.text.strip().startswith(person.name[:4])
        and n > 0.7 * len(sheet.lines)
    ):
        weight = 0.45
    if zone == "head" and (n <= 2 or line.height > 14):
        weight = 0.3
    weight += 0.18 if esigned else 0.0
    weight += _rank(person)
    if ink_near(sheet, line) and zone in ("sign", "body"):
        weight += 0.12
    behind = line.text[person.all_end - line.start :]
    if _OTHER.match(line.text) or _OTHER.match(before) or _SUPERVISING.match(behind):
        weight -= 0.6
    if sheet.kind == "form" and not esigned:
        weight = min(weight, _FORM_LINE)
    because = (
        "is named in the electronic signature" if esigned else f"stands in the {_ZONE_WORDS[zone]} with credentials"
    )
    return Signer(person, line, person.start, weight, because, esigned)


def _rank(person: Person) -> float:
    """Of two signers the ordering physician goes before the therapist who wrote."""
    held = [kinds().get(c, "") for c in person.credentials]
    if any(k in _PHYSICIANS for k in held):
        return 0.06
    return 0.03 if any(k in _ORDERING for k in held) else 0.0
