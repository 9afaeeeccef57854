"""Who signed: name, credentials, specialty, NPI, licence.

Belongs here: the signature block, the provider box of a form. Does not belong here: whether there is a signature
(signature.py), whether the plan accepts the signer (check).
"""

import re
from dataclasses import dataclass

from pipeline.codes.credentials import kinds
from pipeline.codes.fold import digits
from pipeline.codes.npi import npi_is_valid
from pipeline.model import Candidate, FieldValue
from pipeline.parse.lines import Line
from pipeline.parse.people import Person, credentials_after, read_person, same_person
from pipeline.parse.sheet import Sheet, losers, settle
from pipeline.parse.signature import ESIGN, ink_near, read_signed

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
_LICENSE = re.compile(
    r"(?:lic(?:en[sc]e)?|licensure|apr[nm])\b\.?\s*(?:no|number|num|#)?[.:#\s]*(?P<id>(?:[A-Z]{1,6}[.\- ]?){0,3}\d[\dA-Z.\-]*\d|\d{3,})", re.I)  # fmt: skip
_STATE_NUMBER = re.compile(r"(?:,|^|\|)\s*(?:[A-Z]{2})\s+#?(?P<id>\d{3,7})\b(?!-)")
_SPECIALTY = re.compile(
    r"\b(?:(?:adult|family|internal|general|sports|sleep|pain|physical|obstetric\w*|pediatric|paediatric|geriatric|preventive|emergency|occupational|"
    r"developmental|behavioral|reproductive|clinical|interventional|integrative|facial|plastic|orthop\w+|hand|spine|vascular|cardi\w+|pulmonary|"
    r"critical|primary|women['’]?s|medical|maxillofacial|oral|nutrition|lifestyle|obesity|bariatric|addiction|hospice|palliative|child|adolescent|community|neuro\w*|speech[- ]language)[\s,&/\-]*(?:and\s+)?)*"
    r"(?:medicine|surgery|practice|care|pediatrics?|paediatrics|cardiology|neurology|dermatology|rheumatology|endocrinology|gastroenterology|"
    r"nephrology|oncology|hematology|urology|psychiatry|psychology|orthop(?:a)?edics|otolaryngology|ophthalmology|optometry|podiatry|chiropractic|"
    r"acupuncture|allergy|immunology|pulmonology|rehabilitation|physiatry|gyn(?:a)?ecology|obstetrics|geneticist|genetics|neurosurgery|dietetics|"
    r"audiology|therapy|therapist|pathologist|pathology|physiatrist|internist|dermatologist|cardiologist|neurologist|pediatrician|rheumatologist|"
    r"endocrinologist|gastroenterologist|surgeon|podiatrist|psychiatrist|psychologist|allergist|nephrologist|oncologist|urologist|dietitian|"
    r"dentistry|orthodontics|periodontics|prosthodontics|midwifery|anesthesiology|management|metabolism|internal medicine)"
    r"(?:\s*(?:&|and|/|,)\s*(?:metabolism|immunology|rehabilitation|reconstructive surgery|gyn(?:a)?ecology|sleep medicine|sports medicine|hepatology|"
    r"hematology|oncology|critical care|aesthetic\w*|surgery|nutrition|cardiovascular\w*|neurosurgery|adolescent medicine|throat))*\b", re.I)  # fmt: skip
_BOARD = re.compile(
    r"board[- ]certified(?: in)?|certified in|diplomate|fellowship[- ]trained in|department of|dept\.? of|division of",
    re.I,
)
_POST = re.compile(r"^\W*(?:attending|consulting|staff|treating|associate|assistant|chief|lead|clinical|senior)?\s*(?:physician|provider|practitioner|clinician)s?\s*[,–—-]\s*(?:in\s+)?", re.I)
_TITLE = re.compile(
    r"\b(?:coach|director|owner|manager|coordinator|team|consultant|president|representative|trainer)\b", re.I
)


@dataclass(frozen=True)
class Signer:
    """A person who may have signed; `index` is the line, `weight` how well the place fits."""

    person: Person
    line: Line
    start: int
    weight: float
    because: str
    esigned: bool


def read_provider(sheet: Sheet) -> dict[str, FieldValue]:
    """The six fields of the signer, and provider.signed."""
    signers = sorted(_signers(sheet), key=lambda s: (-s.weight, s.start))
    name = _name(sheet, signers)
    best = signers[0] if signers else None
    signed = read_signed(sheet, best.line if best else None, (best.person.start, best.person.end) if best else None)
    return {
        "provider.name": name,
        "provider.credentials": _credentials(sheet, signers, name),
        "provider.signed": signed,
        "provider.npi": _npi(sheet, best),
        "provider.license": _license(sheet, best),
        "provider.specialty": _specialty(sheet, best),
    }


def signer_line(sheet: Sheet) -> Line | None:
    """The line of the best signer, to tell which date stands with the signature."""
    signers = sorted(_signers(sheet), key=lambda s: (-s.weight, s.start))
    return signers[0].line if signers else None


def _signers(sheet: Sheet) -> list[Signer]:
    found: list[Signer] = []
    for n, line in enumerate(sheet.lines):
        for person in _people_on(line):
            found.append(_signer(sheet, n, line, person))
    for pair in sheet.pairs_of("provider.name"):
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
                    f"stands {pair.relation} the label '{label}'",
                    esigned,
                )
            )
    return [s for s in found if s.weight > 0]


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


def _people_on(line: Line) -> list[Person]:
    """Names with credentials on a line, at places in the document; also a bare name that fills the line."""
    people: list[Person] = []
    for match in re.finditer(r"(?:^|(?<=[\s|:;,(•·/]))(?=[A-ZÀ-Þ])", line.text):
        if people and match.start() < people[-1].all_end - line.start:
            continue
        person = read_person(line.text, match.start())
        if person is None or not (person.credentials or _fills(line.text, person)):
            continue
        people.append(Person(person.name, line.start + person.start, line.start + person.end, person.credentials,
                             line.start + person.all_end))  # fmt: skip
    return people


def _fills(text: str, person: Person) -> bool:
    return person.start <= 3 and len(text) - person.end <= 2 and person.words <= 4


def _signer(sheet: Sheet, n: int, line: Line, person: Person) -> Signer:
    zone = sheet.zones.name(n)
    before = line.text[: person.start - line.start]
    closing = sheet.zones.closing
    esigned = bool(ESIGN.search(before)) or (n > 0 and bool(ESIGN.search(sheet.lines[n - 1].text)) and zone != "head"
                                              and len(sheet.lines[n - 1].text) < 60)  # fmt: skip
    weight = {"sign": 0.78, "body": 0.05, "head": 0.12, "after": 0.04}[zone]
    if not person.credentials:
        near = closing is not None and 0 < n - closing <= 4
        weight = 0.6 if zone == "sign" and near else 0.0
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


_ZONE_WORDS = {"sign": "signature block", "body": "text", "head": "letterhead", "after": "closing notes"}


def _rank(person: Person) -> float:
    """Of two signers the ordering physician goes before the therapist who wrote."""
    held = [kinds().get(c, "") for c in person.credentials]
    if any(k in _PHYSICIANS for k in held):
        return 0.06
    return 0.03 if any(k in _ORDERING for k in held) else 0.0


def _name(sheet: Sheet, signers: list[Signer]) -> FieldValue:
    made: list[Candidate | None] = []
    for s in signers:
        full = _fuller(sheet, s)
        rejected = None if s.weight >= 0.28 else "not where a signer stands"
        made.append(sheet.candidate(full.name, full.start, full.end, min(0.97, s.weight), s.because, rejected))
    return losers("provider.name", settle("provider.name", made), "another person stands better for the signer")


def _fuller(sheet: Sheet, signer: Signer) -> Person:
    """The same person's fuller name from the letterhead when the signature has initials ('E. W. Tuttle', 'E Tuttle')."""
    if not re.match(r"^[A-Z]\.?\s", signer.person.name):
        return signer.person
    for n in sheet.zones.head:
        for person in _people_on(sheet.lines[n]):
            if same_person(person.name, signer.person.name) and len(person.name) > len(signer.person.name):
                return person
    return signer.person


def _credentials(sheet: Sheet, signers: list[Signer], name: FieldValue) -> FieldValue:
    made: list[Candidate | None] = []
    chosen = str(name.value) if name.value else ""
    for s in signers:
        if not chosen or not same_person(s.person.name, chosen):
            continue
        credentials = s.person.credentials or _next_line_credentials(sheet, s.line)
        if credentials:
            made.append(
                sheet.candidate(
                    credentials,
                    s.start,
                    max(s.person.all_end, s.person.end),
                    min(0.97, 0.3 + s.weight),
                    "stand behind the signer's name",
                )
            )
    for pair in sheet.pairs_of("provider.credentials"):
        found = credentials_after(", " + sheet.text(pair.start, pair.end), 0)[0]
        if found:
            made.append(sheet.candidate(found, pair.start, pair.end, 0.9, "stand under the form's label"))
    best = settle("provider.credentials", made)
    longest = sorted(
        best.candidates,
        key=lambda c: (
            c.rejected_because is not None,
            -len(c.value) if isinstance(c.value, tuple) else 0,
            -c.confidence,
        ),
    )
    return FieldValue(name=best.name, candidates=tuple(longest))


def _next_line_credentials(sheet: Sheet, line: Line) -> tuple[str, ...]:
    n = sheet.index_of(line)
    if n + 1 >= len(sheet.lines):
        return ()
    return credentials_after(", " + sheet.lines[n + 1].text, 0)[0]


def _npi(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("provider.npi"):
        text = sheet.text(pair.start, pair.end)
        match = re.match(r"[\s#:]*(?P<n>(?:[0-9OoIlSB][\s\-]?){9}[0-9OoIlSB])(?![\dA-Za-z])", text)
        number = digits(match["n"]) if match else ""
        short = re.match(r"[\s#:]*(\d{6,9}|\d{11,12})(?!\d)", text)
        if len(number) != 10 and short:
            number = short.group(1)
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        if len(number) != 10 and not short:
            continue
        if label.lower() in ("id", "identifier", "identification number") and len(number) != 10:
            continue
        made.append(_npi_candidate(sheet, pair.start, pair.end, number, label, signer))
    return settle("provider.npi", made)


def _npi_candidate(
    sheet: Sheet, start: int, end: int, number: str, label: str, signer: Signer | None
) -> Candidate | None:
    near = 0.0
    line = sheet.line_at(start)
    if signer is not None and line is not None and line.page == signer.line.page:
        near = (
            0.04 if abs(line.box[1] - signer.line.box[1]) < 60 and abs(line.box[0] - signer.line.box[0]) < 90 else 0.0
        )
    good = npi_is_valid(number)
    because = f"stands behind '{label}'" + ("" if good else "; its check digit is wrong")
    weak = re.search(r"npi|national provider", label, re.I) is None
    rejected = "an identification number that is no NPI" if weak and not good else None
    return sheet.candidate(number, start, min(end, start + 16), (0.93 if good else 0.75) + near, because, rejected)


def _licence_in_shared_box(sheet: Sheet) -> list[Candidate | None]:
    """The second value under 'NPI / License'."""
    made = []
    for pair in sheet.pairs_of("provider.npi"):
        if not re.search(r"lic", sheet.text(pair.hit.start, pair.hit.end), re.I):
            continue
        second = re.search(r"[/,;]\s*(?P<id>[A-Z0-9][A-Z0-9.\-]*\d[A-Z0-9.\-]*)", sheet.text(pair.start, pair.end))
        if second:
            start, end = pair.start + second.start("id"), pair.start + second.end("id")
            made.append(sheet.candidate(second["id"], start, end, 0.88, "stands second under a label of NPI and licence"))
    return made


def _license(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = list(_licence_in_shared_box(sheet))
    for line in sheet.lines:
        for match in _LICENSE.finditer(line.text):
            value = match["id"].strip(" .-")
            value = re.sub(r"^[A-Z]{2,3}\.?\s+(?=[\dA-Z.\-]*\d{3})", "", value)
            rejected = None
            if sum(c.isdigit() for c in value) < 3 or npi_is_valid(value):
                rejected = "too short for a licence, or an NPI"
            near = signer is not None and line.page == signer.line.page and abs(line.box[1] - signer.line.box[1]) < 80
            if near and signer is not None and abs(line.box[0] - signer.line.box[0]) > 140 and sheet.kind == "letter":
                rejected = "stands with another signer"
            at = line.start + line.text.index(value, match.start("id"))
            made.append(sheet.candidate(value, at, at + len(value),
                                        0.92 if near else 0.75, "stands behind a word for licence", rejected))  # fmt: skip
    if signer is not None and not any(c is not None and c.rejected_because is None for c in made):
        n = sheet.index_of(signer.line)
        for line in sheet.lines[n : n + 3]:
            for match in (
                []
                if re.search(r"\b\d{5}(?:-\d{4})?\s*(?:[|•·]|$)", line.text)
                else list(_STATE_NUMBER.finditer(line.text))
            ):
                at = line.start + match.start("id")
                made.append(
                    sheet.candidate(
                        match["id"], at, at + len(match["id"]), 0.7, "stands behind a state by the signer's name"
                    )
                )
    return settle("provider.license", made)


def _specialty(sheet: Sheet, signer: Signer | None) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("provider.specialty"):
        text = sheet.text(pair.start, pair.end).split("\n")[0]
        value = re.split(r"\s*(?:\||·|•|;|\bNPI\b|\()\s*", text)[0].strip(" .,")
        if value and not _TITLE.search(value) and not re.search(r"\b(?:name|phone|fax|address|npi)\b", value, re.I):
            made.append(
                sheet.candidate(value, pair.start, pair.start + len(value), 0.92, "stands under the form's label")
            )
    if signer is not None:
        made.extend(_specialty_near(sheet, signer))
        if not any(made):
            made.extend(_specialty_of_solo(sheet, signer))
    return settle("provider.specialty", made)


def _specialty_near(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    made: list[Candidate | None] = []
    n = sheet.index_of(signer.line)
    for line in sheet.lines[n : n + 4]:
        if line.page != signer.line.page or abs(line.box[1] - signer.line.box[1]) > 60:
            continue
        if any(hit.line is line and hit.alone for hit in sheet.hits):
            continue
        begin = max(0, signer.person.all_end - line.start) if line is signer.line else 0
        for part in re.finditer(r"[^|·•;()\n]+", line.text[begin:]):
            found = _specialty_in(part.group())
            if found is not None:
                at = line.start + begin + part.start() + part.group().index(found)
                made.append(sheet.candidate(found, at, at + len(found), 0.85, "stands under the signer's name"))
    return made[:2]


def _specialty_of_solo(sheet: Sheet, signer: Signer) -> list[Candidate | None]:
    """On the paper of a doctor's own practice, the specialty under the name at the head."""
    surname = signer.person.name.split()[-1].lower()
    head = [line for line in sheet.lines[:6] if line.page == sheet.pages[0]]
    if not any(surname in line.text.lower().replace(" ", "") for line in head):
        return []
    found = [(line, name) for line in head if (name := _specialty_in(line.text)) and surname not in line.text.lower()]
    return [sheet.candidate(name, line.start + line.text.index(name), line.start + line.text.index(name) + len(name), 0.7,
                            "stands under the doctor's name in the letterhead") for line, name in found[:1]]  # fmt: skip


def _specialty_in(text: str) -> str | None:
    """A part of a signature block that is a specialty and little else; titles such as coach are none."""
    bare = _POST.sub("", _BOARD.sub("", text))
    bare = re.split(r",?\s*(?:NPI|[Ll]ic|[A-Z]{2} [Ll]ic|,\s*[A-Z]{2}\s+#?\d)", bare)[0].strip(" ,.-–—")
    if _TITLE.search(bare) or len(bare.split()) > 7 or re.search(r"\d", bare):
        return None
    match = _SPECIALTY.search(bare)
    if match is None or len(match.group()) < 0.6 * len(bare):
        return None
    return bare
