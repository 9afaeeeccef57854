"""The name of the office on its paper.

Belongs here: the heading at the top, in a margin or in the footer, also over two lines. Does not belong here: its address
(practice), a form's practice box (practice).
"""

import re
from itertools import pairwise

from pipeline.model import Candidate, FieldValue
from pipeline.parse.labelhits import id_of
from pipeline.parse.lines import Line
from pipeline.parse.people import credentials_after, read_person
from pipeline.parse.phones import PHONE
from pipeline.parse.places import CITY_STATE_ZIP, PAYER_WORDS, STREET, Place
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.zones import SALUTATION

_SPLIT = re.compile(r"\s*(?:[|•·●▪◦■]|\s[-–—/*]\s|—|\s{3,})\s*")
ORGANISATION = re.compile(
    r"\b(?:clinic|center|centre|hospital|associates|group|health|medical|medicine|practice|physicians?|care|wellness|therapy|rehab\w*|"
    r"orthop\w+|pediatrics?|paediatrics?|dermatology|cardiology|neurology|podiatry|chiropractic|acupuncture|dental|dentistry|family|partners|"
    r"institute|specialists?|services|pllc|llc|p\.?c\.?|p\.?a\.?|inc|spine|pain|sleep|surgery|surgical|nutrition|internists?|oncology|"
    r"rheumatology|endocrin\w+|urology|gastro\w+|allergy|ent|vision|eye|orthotics|prosthetics|psychiatry|psychology|counseling|women['’]?s|children['’]?s|system|"
    r"university|college|school|derm|speech|rehabilitation|performance|physical|integrative|primary)\b",
    re.I,
)  # fmt: skip
_NOT_NAME = re.compile(
    r"\b(?:letter of medical|medical necessity|to whom|dear|re:|regarding|date|page \d|fax|tel|phone|suite|floor|"
    r"fwd:|from:|sent:|to:|www\.|@|https?:|form\b|rev\.|outlook|gmail|inbox|webmail|message center|\behr\b|\bemr\b|certificat|statement of|hours|board certified|memo(?:randum)?\b|portal|attn|attention|form [a-z0-9]|printed|physicians$|patient|member|confidential)",
    re.I,
)  # fmt: skip
_HEADLINE = re.compile(r"medical necessity|^\W*(?:letter|statement|certificat\w+|request|order|prescription)\b.{0,30}\b(?:need|authorization|necessity|treatment)\b", re.I)
"""What a letter is, not who writes it."""

_CONTINUES = re.compile(
    r"\W*(?:(?:&|and|of)\s.*|(?:(?:institute|center|centre|clinic|associates|group|practice|partners|hospital|services|system|specialists?|pllc|llc|inc|p\.?c|p\.?a)\W*)+)$", re.I)  # fmt: skip
"""The second line of a name in small type."""

_FAR = 60
"""Characters that may stand between the two lines of a name, when another column was read between them."""

_DEPARTMENT = re.compile(
    r"^(?:department|division|section|office|dept)\b|\b(?:department|division|unit|pavilion|campus)\b|^(?:building|floor)",
    re.I,
)


def name_on_paper(sheet: Sheet, place: Place | None, signer: str | None) -> FieldValue:
    """practice.name from the head or the foot of the paper; `signer` may head a solo practice's, `place` is the office."""
    made: list[Candidate | None] = []
    tallest = max((line.height for line in sheet.lines), default=1.0)
    valued = {id_of(p.lines[0]) for p in sheet.pairs if not p.field.startswith("practice.") and (p.relation != "behind" or p.hit.start == p.hit.line.start)}
    for n, line in enumerate(sheet.lines):
        part = _name_part(line)
        if part is None or (id_of(line) in valued and not ORGANISATION.search(line.text)):
            continue
        weight, because = _name_weight(sheet, n, line, place, signer, tallest)
        if weight > (0.3 if ORGANISATION.search(line.text) else 0.45):
            end, value = _run_on(sheet, line, part)
            if value == line.text.strip():
                value = respaced(line)
            made.append(sheet.candidate(value, part[0], end, min(0.95, weight), because))
    if place is not None:
        made.append(_before_address(sheet, place))
    return _whole(settle("practice.name", made))


def _whole(value: FieldValue) -> FieldValue:
    """Where the footer or an address line gives the heading's name with a word or two more, that is the whole name."""
    best = value.accepted
    short = _folded(str(best.value)) if best else ""
    for other in value.candidates[1:]:
        long = _folded(str(other.value))
        extra = long[len(short) :]
        begins = long.startswith(short + " ") and len(extra.split()) <= 3 and ORGANISATION.search(extra)
        ends = long.endswith(" " + short) and len(long.split()) - len(short.split()) <= 3
        if best and short and other.rejected_because is None and (begins or ends):
            whole = other.model_copy(update={"confidence": best.confidence, "because": f"{other.because}; the heading is a part of it"})
            return FieldValue(name=value.name, candidates=(whole, *(c for c in value.candidates if c is not other)))
    return value


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower().replace("&", " and ")).split())


_SPREAD = 2
"""Pieces of one or two letters that make a heading look letter-spaced."""


def respaced(line: Line) -> str:
    """The words of a heading set with wide letters: pieces with less than the usual gap between them are one word."""
    words = line.words
    gaps = [b.box[0] - a.box[2] for a, b in pairwise(words)]
    pieces = sum(len(w.text) <= 2 and w.text.isalpha() for w in words)
    if len(words) < 4 or pieces < _SPREAD or max(gaps) < 1.7 * max(min(gaps), 0.5) or line.text != line.text.upper():
        return line.text.strip()
    return words[0].text + "".join((" " if gap > 0.6 * max(gaps) else "") + w.text for gap, w in zip(gaps, words[1:], strict=True))


def _run_on(sheet: Sheet, line: Line, part: tuple[int, int, str]) -> tuple[int, str]:
    """The end and the whole of a name whose heading goes on in the next line: as tall, taller than the rest, right below
    and in line with it."""
    if part[1] < line.start + len(line.text.rstrip(" ,&")):
        return part[1], part[2]
    spread = 0.12 if any(w.source == "layer" for w in line.words) else 0.4
    below = [
        other for other in sheet.lines if other.page == line.page and -0.4 * line.height < other.box[1] - line.box[3] < 0.8 * line.height
        and abs(other.height - line.height) < spread * line.height and _in_line(line, other)
    ]  # fmt: skip
    if len(below) != 1 or below[0].start < part[1]:
        return part[1], part[2]
    more = below[0].text.strip(" ,")
    if line.height < 1.15 * _usual(sheet) and not _CONTINUES.match(more):
        return part[1], part[2]
    person = read_person(more)
    if (person and credentials_after(more, person.end)[0]) or re.search(r"\d", more) or len(more.split()) > 5 or _NOT_NAME.search(more) or _DEPARTMENT.search(more):
        return part[1], part[2]
    if below[0].start - part[1] > _FAR:
        return part[1], part[2]
    return below[0].start + below[0].text.index(more) + len(more), f"{line.text.strip()} {more}".strip(" ,")


def _in_line(line: Line, other: Line) -> bool:
    """Whether two lines begin, end, or are centred, at the same place."""
    centres = (line.box[0] + line.box[2] - other.box[0] - other.box[2]) / 2
    return abs(line.box[0] - other.box[0]) < 4 or abs(line.box[2] - other.box[2]) < 4 or abs(centres) < 6


def _before_address(sheet: Sheet, place: Place) -> Candidate | None:
    """'Harrow Genetics, 12 Mill Lane, Salem': the name stands on the address's own line, before the street."""
    if place.street is None or not place.line.start < place.street[0] < place.line.end:
        return None
    parts = [p for p in _SPLIT.split(place.line.text[: place.street[0] - place.line.start].strip(" ,•·|–—-")) if p.strip()]
    name = parts[-1].strip(" ,") if parts else ""
    if not ORGANISATION.search(name) or name.endswith(":") or len(name) > 60 or PAYER_WORDS.search(name) or _NOT_NAME.search(name):
        return None
    start = place.line.start + place.line.text.index(name)
    return sheet.candidate(name, start, start + len(name), 0.9, "stands before its address")


def _name_part(line: Line) -> tuple[int, int, str] | None:
    """The first stretch of a line that could be an organisation's or a solo doctor's name."""
    if re.search(r"\d{1,2}:\d{2}", line.text) or SALUTATION.match(line.text) or _HEADLINE.search(line.text):
        return None
    if _NOT_NAME.search(line.text) and not ORGANISATION.search(line.text):
        return None
    parts = _SPLIT.split(line.text)
    first = next((p.strip(" ,.-–—") for p in parts if re.search(r"[A-Za-z]{3}", p)), "")
    if not first or PHONE.search(first) or CITY_STATE_ZIP.search(first) or STREET.match(first) or len(first) > 70:
        return None
    if first[-1:] in ":;" or len(first.split()) > 9 or re.search(r"\d{3}", first):
        return None
    at = line.text.find(first)
    raw = line.text[at : at + len(first)]
    if line.text[at + len(first) : at + len(first) + 1] == "." and re.search(r"\b[A-Z](?:\.[A-Z])?$", raw):
        raw += "."
    return (line.start + at, line.start + at + len(raw), raw)


def _name_weight(
    sheet: Sheet, n: int, line: Line, place: Place | None, signer: str | None, tallest: float
) -> tuple[float, str]:
    page = sheet.page(line.page)
    top = line.box[1] / page.height
    zone = sheet.zones.name(n)
    first_page = line.page == sheet.pages[0]
    edge = top < 0.22 or top > 0.86
    if not first_page or (zone != "head" and not edge):
        return 0.0, ""
    weight = 0.35 if top < 0.22 else 0.2
    weight += 0.25 if ORGANISATION.search(line.text) else 0.0
    weight += 0.3 * (line.height / tallest) if line.height > 1.15 * _usual(sheet) else 0.0
    weight -= (
        0.45 if PAYER_WORDS.search(line.text) and not re.search(r"clinic|medical group|physician", line.text, re.I) else 0.0
    )
    weight -= 0.3 if _DEPARTMENT.search(line.text) else 0.0
    if place is not None and place.line.page == line.page:
        gap = abs(line.box[1] - place.line.box[1])
        beside = min(
            abs(line.box[0] - place.line.box[0]),
            abs((line.box[0] + line.box[2]) - (place.line.box[0] + place.line.box[2])) / 2,
        )
        weight += 0.25 if gap < 60 and beside < 120 else 0.1 if gap < 90 else 0.0
    person = read_person(line.text)
    credentials = credentials_after(line.text, person.end)[0] if person else ()
    if person and credentials:
        own = _sole_name(sheet) and signer is not None and person.name.split()[-1].lower() == signer.split()[-1].lower()
        below_org = n > 0 and bool(ORGANISATION.search(sheet.lines[n - 1].text)) and sheet.lines[n - 1].page == line.page
        weight += 0.5 if own and _is_heading(sheet, n, line) and not below_org else -0.5
    if line.height >= 0.98 * tallest and line.height > 1.15 * _usual(sheet) and n <= 2:
        weight += 0.22
    return weight, "heads the letter's paper" if top < 0.22 else "stands in the letter's footer"


def _sole_name(sheet: Sheet) -> bool:
    """Whether the head of the paper names one doctor; a list of colleagues is nobody's own paper."""
    named = set()
    for line in sheet.lines:
        person = read_person(line.text) if line.page == sheet.pages[0] else None
        if person and credentials_after(line.text, person.end)[0] and line.box[1] < 0.22 * sheet.page(line.page).height:
            named.add(person.name)
    return len(named) < 2


def _usual(sheet: Sheet) -> float:
    heights = sorted(line.height for line in sheet.lines)
    return heights[len(heights) // 2] if heights else 10.0


def _is_heading(sheet: Sheet, n: int, line: Line) -> bool:
    return n <= 2 or line.height > 1.3 * _usual(sheet)
