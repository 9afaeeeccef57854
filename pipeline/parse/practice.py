"""The signer's office: name, street, city, state, ZIP, telephone, fax.

Belongs here: reading a letterhead at the top, in a margin or in the footer, and the practice box of a form. Does not
belong here: the payer's address (recipient) and the patient's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.codes.fold import digits
from pipeline.model import Candidate, FieldValue
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.people import credentials_after, read_person
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.zones import SALUTATION

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH",
    "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND",
    "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA",
    "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY", "puerto rico": "PR", "guam": "GU",
}  # fmt: skip
_STATE = r"(?:" + "|".join(sorted((re.escape(s) for s in STATES), key=len, reverse=True)) + r"|[A-Z]\.?\s?[A-Z]\.?)"
_CITY = r"[A-Z](?:[A-Za-zÀ-ÿ.'’\-]*)(?:\s(?:[A-Z][A-Za-zÀ-ÿ.'’\-]*|de|la|le|of|the|du|del)){0,3}"
CITY_STATE_ZIP = re.compile(
    rf"(?P<city>{_CITY}),?\s+(?P<state>{_STATE}),?\s*(?P<zip>[0-9OoIlSB]{{5}})(?:\s?-\s?\d{{4}})?(?![\w\-])", re.I
)
_STREET_WORD = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Boulevard|Blvd|Lane|Ln|Court|Ct|Parkway|Pkwy|Highway|Hwy|Place|Pl|Way|"
    r"Square|Sq|Terrace|Ter|Trail|Trl|Trace|Circle|Cir|Loop|Row|Plaza|Plz|Commons|Walk|Pike|Turnpike|Tpke|Point|Pt|Crossing|"
    r"Xing|Hill|View|Vw|Landing|Alley|Run|Ridge|Park|Center|Centre|Broadway|Mall|Bend|Green|Wharf|Quay|Esplanade|"
    r"Route|Rte|Expressway|Extension|Ext|Heights|Hts|Path|Pass|Close|Crescent|Causeway|Freeway|Fwy)"
)
_STREET = re.compile(
    rf"(?<![\w$#/.\-])(?P<street>(?:\d{{1,6}}(?:-\d{{1,4}})?[A-Z]?|One|Two|Three|Four|Five|Ten)\s+"
    rf"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?\s+)?(?:[\wÀ-ÿ.'’\-]+\s+){{0,4}}?{_STREET_WORD}\b\.?(?!\s+{_STREET_WORD}\b)"
    r"(?:\s+(?:[NSEW]|NE|NW|SE|SW)\b\.?)?)"
    r"(?P<suite>,?\s*(?:(?:Suite|Ste|Unit|Apt|Room|Rm|Building|Bldg|Floor|Fl|No)\b\.?\s*#?[\w\-]+|#\s?[\w\-]+|\d+(?:st|nd|rd|th)\s+Floor))?",
    re.I,
)
_SUITE_LINE = re.compile(
    r"^\W*(?P<suite>(?:Suite|Ste|Unit|Room|Rm|Building|Bldg|Floor|Fl)\b\.?\s*#?[\w\-]+|\d+(?:st|nd|rd|th)\s+Floor)\W*$",
    re.I,
)
PHONE = re.compile(
    r"(?<![\w.\-/#])(?:\+?1[\s.\-]*)?\(?\s?(?P<a>[2-9OoIlSB][0-9OoIlSB]{2})\s?\)?[\s.\-–·/]{0,3}(?P<b>[0-9OoIlSB]{3})[\s.\-–·]{1,3}"
    r"(?P<c>[0-9OoIlSB]{4})(?![\w\-]|\.\d)"
)
_FAX_BEFORE = re.compile(r"(?:fax|facsimile|\bfx|telefax|\bf)\s*(?:no|number|#|line)?[\s.:#\-–)]*$", re.I)
_FAX_AFTER = re.compile(r"^[\s(]*(?:fax|facsimile|\(f\)|f\))", re.I)
_PHONE_BEFORE = re.compile(
    r"(?:tel(?:ephone)?|phone|ph|voice|call|office|clinic|appointments|main|direct|\bp|\bt|\bo|desk)\s*(?:no|number|#)?[\s.:#\-–)]*$",
    re.I,
)
_PHONE_AFTER = re.compile(r"^[\s(]*(?:phone|tel|voice|office|main|\(p\)|\(o\))", re.I)
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
    r"fwd:|from:|sent:|to:|www\.|@|https?:|form\b|rev\.|certificat|statement of|hours|board certified|form [a-z0-9]|printed|physicians$|patient|member|confidential)",
    re.I,
)  # fmt: skip
_DEPARTMENT = re.compile(
    r"^(?:department|division|section|office|dept)\b|\b(?:department|division|unit|pavilion|campus)\b|^(?:building|floor)",
    re.I,
)
_PAYER = re.compile(
    r"\b(?:benefits?|claims?|insurance|health plans?|p\.?\s?o\.? box|administrat\w+|fsa|hsa|hra|spending|"
    r"utilization|prior auth\w*|appeals?|medicaid|payer|reimbursement|mutual)\b", re.I)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An address found on lines: spans in the text, None where a part is missing."""

    line: Line
    street: tuple[int, int, str] | None
    city: tuple[int, int, str]
    state: tuple[int, int, str]
    zip: tuple[int, int, str]


def read_practice(sheet: Sheet, signer: str | None) -> dict[str, FieldValue]:
    """The seven practice fields; `signer` is the signer's name, which may head a solo practice's paper."""
    boxed = _from_form(sheet)
    place, because = (boxed.place, "stands in the form's practice box") if boxed and boxed.place else _office(sheet)
    fields = _place_fields(sheet, place, because)
    fields["practice.name"] = _name(sheet, place, signer, boxed)
    fields.update(_phones(sheet, place, boxed))
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
        if _PAYER.search(text) and not _ORG.search(text):
            continue
        places = _places(sheet, pair.lines) or _places(sheet, _following(sheet, pair.lines[-1]))
        street = _STREET.search(text)
        head = text[: street.start()] if street else text
        name = head.split("\n")[0].strip(" ,;-–—|·")
        found = (pair.start, pair.start + len(name), name) if len(name) > 3 and not name[0].isdigit() and \
            (pair.field == "practice.name" or _ORG.search(name)) else None  # fmt: skip
        if found or places:
            return Boxed(found, places[0] if places else None, pair)
    return None


def _following(sheet: Sheet, line: Line) -> Sequence[Line]:
    n = sheet.index_of(line)
    return sheet.lines[n : n + 4]


def _places(sheet: Sheet, lines: Sequence[Line]) -> list[Place]:
    """Addresses whose city, state and ZIP stand on one of these lines, the street on it or just above."""
    found = []
    for n, line in enumerate(lines):
        for match in CITY_STATE_ZIP.finditer(line.text):
            place = _place(sheet, lines, n, match)
            if place is not None:
                found.append(place)
    return found


def _place(sheet: Sheet, lines: Sequence[Line], n: int, match: re.Match[str]) -> Place | None:
    line = lines[n]
    state = _state(match["state"])
    if state is None:
        return None
    at = line.start
    street = _street_before(line, match.start()) or next(
        (found for back in (1, 2) if n >= back and (found := _street_on(lines, n - back))), None
    )
    city_start, city = match.start("city"), match["city"]
    if street is not None and street[1] > at + city_start:
        cut = street[1] - at
        lead = len(line.text[cut:]) - len(line.text[cut:].lstrip(" ,.•·|-–—"))
        city_start, city = cut + lead, line.text[cut + lead : match.end("city")]
    city, city_start = _own_city(city, city_start)
    if not city:
        return None
    return Place(line, street, (at + city_start, at + match.end("city"), city.strip(" ,.")),
                 (at + match.start("state"), at + match.end("state"), state),
                 (at + match.start("zip"), at + match.end("zip"), digits(match["zip"])))  # fmt: skip


def _own_city(city: str, start: int) -> tuple[str, int]:
    """Drops a street or suite word that ran into the city ('Street Boise')."""
    match = re.search(rf"^(?:.*\b{_STREET_WORD}\b\.?|.*\b(?:Suite|Ste|Unit|Bldg)\b\.?\s*\w+)\s+(?=[A-Z])", city)
    return (city[match.end() :], start + match.end()) if match else (city, start)


def _state(written: str) -> str | None:
    plain = re.sub(r"[.\s]+", " ", written).strip().lower()
    if plain in STATES:
        return STATES[plain]
    short = plain.replace(" ", "").upper().replace("0", "O").replace("1", "I")
    return short if short in STATES.values() else None


def _street_before(line: Line, limit: int) -> tuple[int, int, str] | None:
    return _street(line, line.text[:limit])


def _street_on(lines: Sequence[Line], n: int) -> tuple[int, int, str] | None:
    suite = _SUITE_LINE.match(lines[n].text)
    if suite and n >= 1:
        street = _street(lines[n - 1], lines[n - 1].text)
        if street is not None:
            return (street[0], lines[n].start + suite.end("suite"), f"{street[2]}, {suite['suite']}")
        return None
    return _street(lines[n], lines[n].text)


def _street(line: Line, text: str) -> tuple[int, int, str] | None:
    matches = list(_STREET.finditer(text))
    if not matches:
        return None
    last = matches[-1]
    street = last["street"].strip(" ,")
    suite = (last["suite"] or "").strip(" ,")
    value = f"{street}, {suite}" if suite else street
    return (line.start + last.start(), line.start + last.end(), value)


def _office(sheet: Sheet) -> tuple[Place | None, str]:
    """The address most likely the office's: in the letterhead, margin, footer or signature; never the payer's."""
    best: tuple[float, Place] | None = None
    for place in _places(sheet, sheet.lines):
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
    weight -= 0.9 if _PAYER.search(near) or re.search(r"\b(?:p\.?\s?o\.?\s+box|attn)\b", near, re.I) else 0.0
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
            made.append(sheet.candidate(part[2], part[0], part[1], min(0.95, weight), because))
    return settle("practice.name", made)


def _name_part(line: Line) -> tuple[int, int, str] | None:
    """The first stretch of a line that could be an organisation's or a solo doctor's name."""
    if re.search(r"\d{1,2}:\d{2}", line.text) or SALUTATION.match(line.text):
        return None
    if _NOT_NAME.search(line.text) and not _ORG.search(line.text):
        return None
    parts = _SPLIT.split(line.text)
    first = next((p.strip(" ,.-–—") for p in parts if re.search(r"[A-Za-z]{3}", p)), "")
    if not first or PHONE.search(first) or CITY_STATE_ZIP.search(first) or _STREET.match(first) or len(first) > 70:
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
        0.45 if _PAYER.search(line.text) and not re.search(r"clinic|medical group|physician", line.text, re.I) else 0.0
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
        own = signer is not None and person.name.split()[-1].lower() == signer.split()[-1].lower()
        below_org = n > 0 and bool(_ORG.search(sheet.lines[n - 1].text)) and sheet.lines[n - 1].page == line.page
        weight += 0.5 if own and _is_heading(sheet, n, line) and not below_org else -0.5
    if line.height >= 0.98 * tallest and line.height > 1.15 * _usual(sheet) and n <= 2:
        weight += 0.22
    return weight, "heads the letter's paper" if top < 0.22 else "stands in the letter's footer"


def _usual(sheet: Sheet) -> float:
    heights = sorted(line.height for line in sheet.lines)
    return heights[len(heights) // 2] if heights else 10.0


def _is_heading(sheet: Sheet, n: int, line: Line) -> bool:
    return n <= 2 or line.height > 1.3 * _usual(sheet)


def _phones(sheet: Sheet, place: Place | None, boxed: Boxed | None) -> dict[str, FieldValue]:
    phones: list[Candidate | None] = []
    faxes: list[Candidate | None] = []
    for n, line in enumerate(sheet.lines):
        for match in PHONE.finditer(line.text):
            number = digits(match["a"] + match["b"] + match["c"])
            kind = _phone_kind(sheet, n, line, match)
            weight, because = _phone_weight(sheet, n, line, place, boxed)
            target = faxes if kind == "fax" else phones
            sure = weight + (0.1 if kind else 0.0)
            rejected = None if sure > 0.35 else "not on the letter's own paper"
            target.append(
                sheet.candidate(
                    number, line.start + match.start(), line.start + match.end(), min(0.96, sure), because, rejected
                )
            )
    return {"practice.phone": settle("practice.phone", phones), "practice.fax": settle("practice.fax", faxes)}


def _phone_kind(sheet: Sheet, n: int, line: Line, match: re.Match[str]) -> str:
    before, after = line.text[: match.start()], line.text[match.end() :]
    if _FAX_BEFORE.search(before) or (_FAX_AFTER.match(after) and not PHONE.search(after[:22])):
        return "fax"
    if _PHONE_BEFORE.search(before) or _PHONE_AFTER.match(after):
        return "phone"
    for pair in sheet.pairs_of("practice.fax", "practice.phone"):
        if pair.start <= line.start + match.start() < pair.end + 2:
            return "fax" if pair.field == "practice.fax" else "phone"
    return ""


def _phone_weight(sheet: Sheet, n: int, line: Line, place: Place | None, boxed: Boxed | None) -> tuple[float, str]:
    page = sheet.page(line.page)
    top = line.box[1] / page.height
    zone = sheet.zones.name(n)
    near = place is not None and place.line.page == line.page and abs(place.line.box[1] - line.box[1]) < 45
    if boxed is not None:
        close = boxed.pair.hit.line.page == line.page and abs(boxed.pair.hit.line.box[1] - line.box[1]) < 90
        return (0.85, "stands by the form's practice box") if close else (0.2, "stands elsewhere on the form")
    around = " ".join(other.text for other in sheet.lines[max(0, n - 3) : n + 1])
    weight = 0.8 if near else 0.62 if top < 0.2 or top > 0.88 else 0.42 if zone in ("head", "sign") else 0.3
    if _PAYER.search(around) and not near:
        weight -= 0.35
    weight -= 0.01 * (line.page - sheet.pages[0])
    return weight, "stands in the letterhead" if near or top < 0.2 else "stands on the letter's paper"
