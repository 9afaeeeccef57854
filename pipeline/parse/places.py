"""Addresses on lines: street, suite, city, state, ZIP.

Belongs here: finding an address and its parts. Does not belong here: whose address it is (practice), a street told only by what
else it could be (plainstreets).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.codes.fold import digits
from pipeline.parse.lines import Line
from pipeline.parse.plainstreets import plain_street

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
    rf"(?P<city>{_CITY}),?\s+(?P<state>{_STATE}),?\s*(?:[|•·~]\s*)?(?P<zip>[0-9OoIlSB]{{5}})(?:\s?-\s?\d{{4}})?(?![\w\-])", re.I
)
_IN_BOXES = re.compile(rf"\bCity\W{{1,3}}(?P<city>{_CITY}),?\s+State\W{{1,3}}(?P<state>{_STATE}),?\s+(?:ZIP|Zip|zip)(?: ?code)?\W{{1,3}}(?P<zip>\d{{5}})(?:-\d{{4}})?(?![\w\-])")
"""City, state and ZIP behind labels of their own on one line."""

_CITY_STATE = re.compile(rf"(?P<city>{_CITY}),\s+(?P<state>(?=[A-Z])(?i:{_STATE}))(?=\W*$|\s*[|•·~])")
"""The end of an address without its ZIP; only behind a street."""

_DEGREES = ("DC", "MA", "MD", "MS", "ND", "PA")
"""States that are degrees too: 'Jane Smith, MD' below a street is no city."""

_STREET_WORD = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Boulevard|Blvd|Lane|Ln|Court|Ct|Parkway|Pkwy|Highway|Hwy|Place|Pl|Way|"
    r"Square|Sq|Terrace|Ter|Trail|Trl|Trace|Circle|Cir|Loop|Row|Plaza|Plz|Commons|Walk|Pike|Turnpike|Tpke|Point|Pt|Crossing|"
    r"Xing|Hill|View|Vw|Landing|Alley|Run|Ridge|Park|Center|Centre|Broadway|Mall|Bend|Green|Wharf|Quay|Esplanade|"
    r"Route|Rte|Expressway|Extension|Ext|Heights|Hts|Path|Pass|Close|Crescent|Causeway|Freeway|Fwy|Mews|Wynd|Estates|Promenade|Pier|Concourse|Spur|Cove|Grove|Gardens)"
)
_UNIT = (
    r"(?:(?:Suite|Ste|Unit|Apt|Room|Rm|Building|Bldg|Floor|Fl|No|Box)\b\.?\s*#?[\w\-]+(?:(?<=\d)\s[A-Z](?=[\s,]))?|#\s?[\w\-]+|\d+(?:st|nd|rd|th)\s+Floor"
    r"|(?:First|Second|Third|Fourth|Fifth|Sixth|Ground|Lower|Upper|Main|Top)\s(?:Floor|Level)"
    r"|(?:Tower|Level|Wing|Pier|Dock|Gate|Annex)\s(?:\d{1,3}[A-Z]?|[A-Z])(?![\w'’]))"
)
"""A part of a building, behind the street or on a line of its own."""

_HALL = r"(?:[A-Z][\w'’]+\s){1,3}(?:Pavilion|Tower|Annex|Wing|Building|Arcade|Mezzanine)"
STREET = re.compile(
    rf"(?<![\w$#/.\-])(?P<street>(?:\d{{1,6}}(?:-(?:\d{{1,4}}|[A-Z]))?[A-Z]?|One|Two|Three|Four|Five|Ten)\s+"
    rf"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?\s+)?(?:[\wÀ-ÿ.'’\-]+\s+){{0,4}}?{_STREET_WORD}\b\.?(?!\s+{_STREET_WORD}\b)"
    r"(?:\s+(?:(?:[NSEW]|NE|NW|SE|SW)\b\.?|(?:North|South|East|West)(?=\s*(?:[,;|•·–—]|$))))?)"
    rf"(?P<suite>(?:,?\s*{_UNIT}){{1,3}})?",
    re.I,
)
SUITE_LINE = re.compile(rf"^\W*(?P<suite>{_UNIT}(?:,?\s+{_UNIT})*|{_HALL}(?:,\s*{_UNIT})?)\W*$", re.I)
_ANY_STREET = re.compile(
    r"(?:^|[,|•·–—:]\s*|\s{2,})(?P<street>\d{1,6}(?:-(?:\d{1,4}|[A-Z]))?\s?[A-Z]?\s+(?:[NSEW]\.?\s+)?[A-ZÀ-Þ][\w'’.\-]+(?:\s+[A-ZÀ-Þ0-9][\w'’.\-]*){0,3})"
    r"(?P<suite>,?\s*(?:(?:Suite|Ste|Unit|Apt|Room|Rm|Building|Bldg|Floor|Fl)\b\.?\s*#?[\w\-]+|#\s?[\w\-]+))?\s*[,•·|–—]*\s*$"
)
"""A number and capitalised words right before the city: a street whose kind of way is not in the list."""

_SUITE_FIRST = re.compile(r"(?:^|[,|•·–—]\s*)(?P<suite>(?:Suite|Ste|Unit|Room|Rm|Building|Bldg|Floor|Fl|Clinic)\b\.?\s*#?\w*\d\w*)\s*[,|•·–—]\s*$", re.I)
_PO_BOX = re.compile(r"(?P<box>(?:p\.?\s?o\.?|post office)\s+(?:box|drawer)\s+#?\w+)[\s,|•·–—]*$", re.I)
_BOX_FIRST = re.compile(r"(?:^|[,|•·–—]\s*)(?P<building>(?:p\.?\s?o\.?|post office)\s+(?:box|drawer)\s+#?\w+)\s*[,/|•·–—]\s*$", re.I)
"""The office's box for its mail, right before its street."""

_BUILDING = re.compile(r"(?:^|[,|•·–—]\s*)(?P<building>(?:[A-Z][\w'’.&]*\s+){1,3}(?:Building|Bldg\.?|Tower|Pavilion))\s*,\s*$")


PAYER_WORDS = re.compile(
    r"\b(?:benefits?|claims?|insurance|health plans?|p\.?\s?o\.? box|administrat\w+|fsa|hsa|hra|spending|"
    r"utilization|prior auth\w*|appeals?|medicaid|payer|reimbursement|mutual)\b", re.I)  # fmt: skip
"""Words of a payer's address."""


@dataclass(frozen=True)
class Place:
    """An address found on lines: spans in the text, None where a part is missing."""

    line: Line
    street: tuple[int, int, str] | None
    city: tuple[int, int, str]
    state: tuple[int, int, str]
    zip: tuple[int, int, str] | None
    plain: bool = False
    """Whether the street has no word for a way and was told by what else it could be."""


def places_on(lines: Sequence[Line]) -> list[Place]:
    """Addresses whose city, state and ZIP stand on one of these lines, the street on it or just above."""
    found: list[Place] = []
    for n, line in enumerate(lines):
        whole = list(CITY_STATE_ZIP.finditer(line.text)) or list(_IN_BOXES.finditer(line.text))
        made = [_place(lines, n, match) for match in whole] or [_over_two(lines, n) or _without_zip(lines, n)]
        found.extend(place for place in made if place is not None)
    return found


def _without_zip(lines: Sequence[Line], n: int) -> Place | None:
    """'44 Main Street, Cold Spring, New York': city and state right behind their street, at the end of a line."""
    line = lines[n]
    match = _CITY_STATE.search(line.text) if len(line.text) < 120 else None
    state = state_of(match["state"]) if match else None
    cut = any(abs(o.box[0] - line.box[0]) < 6 and 0 < o.box[1] - line.box[1] < 2 * line.height and re.match(r"\W*\d{5}\b", o.text) for o in lines[n + 1 : n + 8] if o.page == line.page)
    if match is None or state is None or cut:
        return None
    person = " " in match["city"] and match["state"] in _DEGREES
    street = street_in(line, line.text[: match.end("city")]) or (None if person or line.text[: match.start()].strip(" ,") else next((s for k in lines_over(lines, n)[:1] if (s := _street_on(lines, k))), None))
    city, at = _after(line, street, match.start("city"), match.end("city"))
    if street is None or not city or (line.start <= street[0] and not re.fullmatch(r"[\s,.•·|~/–—-]*", line.text[street[1] - line.start : at])):
        return None
    return Place(line, street, (line.start + at, line.start + match.end("city"), city), (line.start + match.start("state"), line.start + match.end("state"), state), None)


def _after(line: Line, street: tuple[int, int, str] | None, start: int, end: int) -> tuple[str, int]:
    """The city of text[start:end], without what of it belongs to the street before it on its line; and where it begins."""
    if street is not None and street[0] >= line.start and street[1] > line.start + start:
        start = street[1] - line.start
        start += len(line.text[start:]) - len(line.text[start:].lstrip(" ,.•·|~/-–—"))
    city, start = _own_city(line.text[start:end], start)
    return city.strip(" ,."), start


_REST = re.compile(rf"\W*(?:(?:{_STATE}),?\s+)?\d{{5}}(?:-\d{{4}})?(?![\w\-])")


def _over_two(lines: Sequence[Line], n: int) -> Place | None:
    """An address whose end went to the next line of its cell: 'Pensacola,' over 'FL 32502', 'Santa Fe NM' over '87505'."""
    line = lines[n]
    if not _REST.match(line.text):
        return None
    for k in (k for k in lines_over(lines, n) if abs(lines[k].box[0] - line.box[0]) < 6 and lines[k].box[1] < line.box[1] - 2):
        first = lines[k].text.rstrip()
        match = next((m for m in CITY_STATE_ZIP.finditer(f"{first} {line.text}") if m.start() < len(first) < m.end()), None)
        if match is None or state_of(match["state"]) is None:
            return None

        def at(name: str, first: str = first, match: re.Match[str] = match, over: Line = lines[k]) -> tuple[int, int]:
            a, b = match.span(name)
            return (over.start + a, over.start + b) if b <= len(first) else (line.start + a - len(first) - 1, line.start + b - len(first) - 1)

        street = street_in(lines[k], first[: match.end("city")]) or next((s for up in lines_over(lines, k) if (s := _street_on(lines, up))), None)
        begin, end = at("city")
        if street is not None and begin < street[1] < end:
            begin = street[1] + len(line_text := lines[k].text[street[1] - lines[k].start :]) - len(line_text.lstrip(" ,.•·|-–—"))
        city, begin = _own_city(lines[k].text[begin - lines[k].start : end - lines[k].start], begin)
        return Place(line, street, (begin, end, city.strip(" ,.")), (*at("state"), str(state_of(match["state"]))), (*at("zip"), digits(match["zip"]))) if city else None
    return None


def _place(lines: Sequence[Line], n: int, match: re.Match[str]) -> Place | None:
    line = lines[n]
    state = state_of(match["state"])
    if state is None:
        return None
    at = line.start
    over = lines_over(lines, n)
    street = street_in(line, line.text[: match.end("city")]) or next((found for up in over if (found := _street_on(lines, up))), None)
    street = street or _cut_street(lines, over, line, line.text[: match.end("city")])
    street = street or _any_street(line, line.text[: match.start()]) or (_any_street(lines[over[0]], lines[over[0]].text) if over else None)
    plain = None if street else plain_street(line, line.text[: match.start()], [lines[k] for k in over])
    street = street or plain or _box_before(line, line.text[: match.start()]) or (_box_before(lines[over[0]], lines[over[0]].text) if over else None)
    city, city_start = _after(line, street, match.start("city"), match.end("city"))
    if not city:
        return None
    return Place(line, street, (at + city_start, at + match.end("city"), city),
                 (at + match.start("state"), at + match.end("state"), state),
                 (at + match.start("zip"), at + match.end("zip"), digits(match["zip"])), plain is not None)  # fmt: skip


_CUT_NUMBER = re.compile(r"[,·|•]\s*(?P<number>\d{1,5})\s*$")


def _cut_street(lines: Sequence[Line], over: Sequence[int], line: Line, text: str) -> tuple[int, int, str] | None:
    """A street whose number ends the line above: 'Gold Leaf Clinic, 401' over 'Basalt Way, Suite 3, Salem'."""
    above = next((lines[k] for k in over if lines[k].box[1] < line.box[1] - 2 and abs(lines[k].box[0] - line.box[0]) < 6), None)
    number = _CUT_NUMBER.search(above.text) if above else None
    found = STREET.match(f"{number['number']} {text}") if number else None
    if above is None or number is None or found is None:
        return None
    cut = len(number["number"]) + 1
    value = ", ".join(filter(None, (found["street"].strip(" ,"), (found["suite"] or "").strip(" ,"))))
    return (above.start + number.start("number"), line.start + found.end() - cut, value)


def lines_over(lines: Sequence[Line], n: int) -> list[int]:
    """The line beside it to the left (ornaments passed over), and those that stand right above a line in its column, nearest first; where the page shows none, those
    before it in reading order."""
    beside = next((k for k in range(n - 1, max(-1, n - 4), -1) if re.search(r"\w", lines[k].text)), None)
    found = [beside] if beside is not None and lines[beside].page == lines[n].page and abs(lines[beside].box[1] - lines[n].box[1]) < 0.5 * lines[n].height else []
    at = n
    while len(found) < 3:
        line = lines[at]
        above = [
            k for k, other in enumerate(lines) if other.page == line.page and k != at and other.box[1] < line.box[1] - 2
            and -0.6 * line.height < line.box[1] - other.box[3] < 1.3 * max(line.height, other.height) and _share_column(line, other)
        ]  # fmt: skip
        if not above:
            break
        at = max(above, key=lambda k: lines[k].box[3])
        found.append(at)
    return found or [n - back for back in (1, 2) if n >= back]


def _share_column(line: Line, other: Line) -> bool:
    """Whether two lines begin, end or are centred at the same place, or one lies within the other's width."""
    left, right = line.box[0] - other.box[0], line.box[2] - other.box[2]
    return abs(left) < 8 or abs(right) < 8 or abs(left + right) < 16 or (left >= 0 >= right) or (left <= 0 <= right)


def _own_city(city: str, start: int) -> tuple[str, int]:
    """Drops a street or suite word that ran into the city ('Street Boise'), not the saint of 'St. Louis'."""
    match = re.search(rf"^(?!(?:St|Ft|Mt|Park|Hill|Center|Green|Ridge)\.?\s)(?:.*\b{_STREET_WORD}\b\.?|.*\b(?:Suite|Ste|Unit|Bldg)\b\.?\s*\w+)\s+(?=[A-Z])", city)
    return (city[match.end() :], start + match.end()) if match else (city, start)


def state_of(written: str) -> str | None:
    plain = re.sub(r"[.\s]+", " ", written).strip().lower()
    if plain in STATES:
        return STATES[plain]
    short = plain.replace(" ", "").upper().replace("0", "O").replace("1", "I")
    return short if short in STATES.values() else None


def _street_on(lines: Sequence[Line], n: int) -> tuple[int, int, str] | None:
    suite = SUITE_LINE.match(lines[n].text)
    if suite and n >= 1:
        street = street_in(lines[n - 1], lines[n - 1].text)
        if street is not None:
            return (street[0], lines[n].start + suite.end("suite"), f"{street[2]}, {suite['suite']}")
        return None
    return street_in(lines[n], lines[n].text)


def street_in(line: Line, text: str) -> tuple[int, int, str] | None:
    matches = list(STREET.finditer(text))
    if not matches:
        return None
    if len(matches) > 1 and text[matches[-2].end() : matches[-1].start()].isspace():
        start, end, value = _joined(line, text, matches[-1])
        first = matches[-2].start("street")
        return (line.start + first, end, text[first : start - line.start] + value)
    return _joined(line, text, matches[-1])


def _any_street(line: Line, text: str) -> tuple[int, int, str] | None:
    match = _ANY_STREET.search(text)
    return _joined(line, text, match) if match and match.end("street") - match.start("street") > 5 else None


def _box_before(line: Line, text: str) -> tuple[int, int, str] | None:
    """A post office box right before the city, where no street is given."""
    match = _PO_BOX.search(text)
    return (line.start + match.start("box"), line.start + match.end("box"), match["box"]) if match else None


def _joined(line: Line, text: str, found: re.Match[str]) -> tuple[int, int, str]:
    """Street and suite as one value, the building that stands right before them with them."""
    street, suite = found["street"].strip(" ,"), (found["suite"] or "").strip(" ,")
    building = _BUILDING.search(text[: found.start("street")]) or _BOX_FIRST.search(text[: found.start("street")])
    first = None if suite else _SUITE_FIRST.search(text[: found.start("street")])
    suite = re.sub(r"(?<=\d)\s(?=[A-Z]$)", "", first["suite"] if first else suite)
    value = ", ".join(filter(None, (building["building"].strip() if building else "", street, suite)))
    start = building.start("building") if building else first.start("suite") if first else found.start("street")
    return (line.start + start, line.start + found.end(), value)
