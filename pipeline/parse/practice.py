"""The signer's office: name, street, city, state, ZIP, telephone, fax.

Belongs here: reading a letterhead at the top, in a margin or in the footer, and the practice box of a form. Does not
belong here: the parts of an address (places), telephone numbers (phones), the payer (recipient).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Candidate, FieldValue
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.people import credentials_after, read_person
from pipeline.parse.phones import PHONE, read_phones
from pipeline.parse.places import CITY_STATE_ZIP, PAYER_WORDS, STREET, Place, places_on, state_of
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.zones import SALUTATION

_SPLIT = re.compile(r"\s*(?:[|•·●▪◦■/]|\s[-–—]\s|—|\s{3,})\s*")
_ORG = re.compile(
    r"\b(?:clinic|center|centre|hospital|associates|group|health|medical|medicine|practice|physicians?|care|wellness|therapy|rehab\w*|"
    r"orthop\w+|pediatrics?|paediatrics?|dermatology|cardiology|neurology|podiatry|chiropractic|acupuncture|dental|dentistry|family|partners|"
    r"institute|specialists?|services|pllc|llc|p\.?c\.?|p\.?a\.?|inc|spine|pain|sleep|surgery|surgical|nutrition|internists?|oncology|"
    r"rheumatology|endocrin\w+|urology|gastro\w+|allergy|ent|vision|eye|orthotics|prosthetics|psychiatry|psychology|counseling|women['’]?s|children['’]?s|system|"
    r"university|college|school|derm|speech|rehabilitation|performance|physical|integrative|primary)\b",
    re.I,
)  # fmt: skip
_NOT_NAME = re.compile(
    r"\b(?:letter of medical|medical necessity|to whom|dear|re:|regarding|date|page \d|fax|tel|phone|suite|floor|"
    r"fwd:|from:|sent:|to:|www\.|@|https?:|form\b|rev\.|certificat|statement of|hours|board certified|memo(?:randum)?\b|portal|attn|attention|form [a-z0-9]|printed|physicians$|patient|member|confidential)",
    re.I,
)  # fmt: skip
_OWN_BOX = re.compile(r"\bp\.?\s?o\.?\s+box\s+\w+", re.I)
"""A post office box in the letterhead: the office's own for its mail."""
_DEPARTMENT = re.compile(
    r"^(?:department|division|section|office|dept)\b|\b(?:department|division|unit|pavilion|campus)\b|^(?:building|floor)",
    re.I,
)
def read_practice(sheet: Sheet, signer: str | None) -> dict[str, FieldValue]:
    """The seven practice fields; `signer` is the signer's name, which may head a solo practice's paper."""
    boxed = _from_form(sheet)
    place, because = (boxed.place, "stands in the form's practice box") if boxed and boxed.place else _office(sheet)
    fields = _place_fields(sheet, place, because)
    fields["practice.name"] = _name(sheet, place, signer, boxed)
    fields.update(read_phones(sheet, place, boxed.pair if boxed else None))
    return fields


@dataclass(frozen=True)
class Boxed:
    """What a form's practice box holds."""

    name: tuple[int, int, str] | None
    place: Place | None
    pair: KeyValue


def _from_form(sheet: Sheet) -> Boxed | None:
    for pair in sheet.pairs_of("practice.name", "practice.address"):
        if sheet.kind != "form" and not pair.hit.separated and pair.relation != "right":
            continue
        text = sheet.text(pair.start, pair.end)
        if PAYER_WORDS.search(text) and not _ORG.search(text):
            continue
        places = places_on(pair.lines) or places_on(_following(sheet, pair.lines[-1]))
        street = STREET.search(text)
        head = text[: street.start()] if street else text
        name = head.split("\n")[0].strip(" ,;-–—|·")
        found = (pair.start, pair.start + len(name), name) if len(name) > 3 and not name[0].isdigit() and \
            (pair.field == "practice.name" or _ORG.search(name)) else None  # fmt: skip
        if found or places:
            return Boxed(found, places[0] if places else _from_cells(sheet, pair), pair)
    return None


def _from_cells(sheet: Sheet, box: KeyValue) -> Place | None:
    """An address whose parts stand in cells of their own, after the practice's label and before the next person's."""
    cells: dict[str, KeyValue] = {}
    after = [p for p in sheet.pairs if p.hit.start >= box.hit.start]
    for pair in after:
        if pair.field.startswith(("patient.", "account_holder", "recipient.")) or pair.field in cells:
            break
        if pair.field.startswith("practice."):
            cells[pair.field] = pair
    city, state, code = (cells.get(f"practice.{part}") for part in ("city", "state", "zip"))
    known = state_of(sheet.text(state.start, state.end)) if state else None
    if city is None or state is None or code is None or known is None:
        return None
    street = cells.get("practice.address")
    return Place(city.lines[0], _span(sheet, street) if street else None, _span(sheet, city),
                 (state.start, state.end, known), _span(sheet, code))  # fmt: skip


def _span(sheet: Sheet, pair: KeyValue) -> tuple[int, int, str]:
    return (pair.start, pair.end, " ".join(sheet.text(pair.start, pair.end).split()).strip(" ,"))


def _following(sheet: Sheet, line: Line) -> Sequence[Line]:
    n = sheet.index_of(line)
    return sheet.lines[n : n + 4]


def _office(sheet: Sheet) -> tuple[Place | None, str]:
    """The address most likely the office's: in the letterhead, margin, footer or signature; never the payer's."""
    best: tuple[float, Place] | None = None
    for place in places_on(sheet.lines):
        weight = _office_weight(sheet, place)
        if weight > 0 and (best is None or weight > best[0] + 1e-9):
            best = (weight, place)
    return (best[1], "stands in the letterhead") if best else (None, "")


def _office_weight(sheet: Sheet, place: Place) -> float:
    index = sheet.index_of(place.line)
    zone = sheet.zones.name(index)
    page = sheet.page(place.line.page)
    height = place.line.box[1] / page.height
    near = " ".join(line.text for line in sheet.lines[max(0, index - 4) : index + 1] if line.page == place.line.page)
    near_phone = any(PHONE.search(line.text) for line in sheet.lines[max(0, index - 2) : index + 3])
    weight = 1.0 if height < 0.2 else 0.9 if height > 0.88 else 0.55
    weight += 0.35 if near_phone else 0.0
    weight += 0.1 if _ORG.search(near) else 0.0
    if height < 0.2:
        near = _OWN_BOX.sub(" ", near)
    weight -= 0.3 if place.street is not None and _OWN_BOX.match(place.street[2]) else 0.0
    weight -= 0.9 if PAYER_WORDS.search(near) or re.search(r"\b(?:p\.?\s?o\.?\s+box|attn)\b", near, re.I) else 0.0
    weight -= 0.5 if zone == "body" and not height < 0.12 and not height > 0.88 else 0.0
    weight -= 0.4 if place.street is None else 0.0
    weight -= 0.02 * (place.line.page - sheet.pages[0])
    return weight


def _place_fields(sheet: Sheet, place: Place | None, because: str) -> dict[str, FieldValue]:
    names = ("practice.address", "practice.city", "practice.state", "practice.zip")
    if place is None:
        return {n: FieldValue(name=n) for n in names}
    parts = dict(zip(names, (place.street, place.city, place.state, place.zip), strict=True))
    return {
        n: settle(n, [sheet.candidate(part[2], part[0], part[1], 0.93, because)] if part else [])
        for n, part in parts.items()
    }


def _name(sheet: Sheet, place: Place | None, signer: str | None, boxed: Boxed | None) -> FieldValue:
    if boxed is not None and boxed.name is not None:
        start, end, value = boxed.name
        return settle("practice.name", [sheet.candidate(value, start, end, 0.93, "stands in the form's practice box")])
    if sheet.kind == "form":
        return FieldValue(name="practice.name")
    made: list[Candidate | None] = []
    tallest = max((line.height for line in sheet.lines), default=1.0)
    for n, line in enumerate(sheet.lines):
        part = _name_part(line)
        if part is None:
            continue
        weight, because = _name_weight(sheet, n, line, place, signer, tallest)
        if weight > 0.3:
            end, value = _run_on(sheet, line, part)
            made.append(sheet.candidate(value, part[0], end, min(0.95, weight), because))
    if place is not None:
        made.append(_before_address(sheet, place))
    return settle("practice.name", made)


def _run_on(sheet: Sheet, line: Line, part: tuple[int, int, str]) -> tuple[int, str]:
    """The end and the whole of a name whose heading goes on in the next line: as tall, taller than the rest, right below
    and in line with it."""
    if part[1] < line.start + len(line.text.rstrip(" ,&")) or line.height < 1.15 * _usual(sheet):
        return part[1], part[2]
    below = [
        other for other in sheet.lines if other.page == line.page and -0.3 * line.height < other.box[1] - line.box[3] < 0.7 * line.height
        and abs(other.height - line.height) < 0.12 * line.height and _in_line(line, other)
    ]  # fmt: skip
    if len(below) != 1 or below[0].start < part[1]:
        return part[1], part[2]
    more = below[0].text.strip(" ,")
    person = read_person(more)
    if (person and credentials_after(more, person.end)[0]) or re.search(r"\d", more) or len(more.split()) > 5 or _NOT_NAME.search(more) or _DEPARTMENT.search(more):
        return part[1], part[2]
    if below[0].start - part[1] > 3:
        return part[1], part[2]
    return below[0].start + below[0].text.index(more) + len(more), f"{line.text.strip()} {more}".strip(" ,")


def _in_line(line: Line, other: Line) -> bool:
    """Whether two lines begin, or are centred, at the same place."""
    centres = (line.box[0] + line.box[2] - other.box[0] - other.box[2]) / 2
    return abs(line.box[0] - other.box[0]) < 4 or abs(centres) < 6


def _before_address(sheet: Sheet, place: Place) -> Candidate | None:
    """'Harrow Genetics, 12 Mill Lane, Salem': the name stands on the address's own line, before the street."""
    if place.street is None or not place.line.start < place.street[0] < place.line.end:
        return None
    parts = [p for p in _SPLIT.split(place.line.text[: place.street[0] - place.line.start].strip(" ,•·|–—-")) if p.strip()]
    name = parts[-1].strip(" ,") if parts else ""
    if not _ORG.search(name) or name.endswith(":") or len(name) > 60 or PAYER_WORDS.search(name) or _NOT_NAME.search(name):
        return None
    start = place.line.start + place.line.text.index(name)
    return sheet.candidate(name, start, start + len(name), 0.9, "stands before its address")


def _name_part(line: Line) -> tuple[int, int, str] | None:
    """The first stretch of a line that could be an organisation's or a solo doctor's name."""
    if re.search(r"\d{1,2}:\d{2}", line.text) or SALUTATION.match(line.text):
        return None
    if _NOT_NAME.search(line.text) and not _ORG.search(line.text):
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
    weight += 0.25 if _ORG.search(line.text) else 0.0
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
        below_org = n > 0 and bool(_ORG.search(sheet.lines[n - 1].text)) and sheet.lines[n - 1].page == line.page
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


