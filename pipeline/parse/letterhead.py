"""The name of the office on its paper.

Belongs here: the heading at the top, in a margin or in the footer, also over several lines. Does not belong here: its
address (practice), the name that stands with the address (offices), a form's practice box (practice), what such names look
like (housenames).
"""

import re

from pipeline.model import Candidate, FieldValue
from pipeline.parse.housenames import (
    BOARD,
    DEPARTMENT,
    HEADLINE,
    HOSTED,
    KIND,
    NOT_NAME,
    ORGANISATION,
    SPLIT,
    TAGLINE,
    folded,
    names_house,
    only_specialty,
    respaced,
    squeezed,
    trade_name,
)
from pipeline.parse.labelhits import id_of
from pipeline.parse.lines import Line
from pipeline.parse.offices import beside_address
from pipeline.parse.people import credentials_after, read_person, same_person
from pipeline.parse.phones import PHONE
from pipeline.parse.places import CITY_STATE_ZIP, PAYER_WORDS, STREET, Place
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.specialty import specialty_in
from pipeline.parse.wholenames import initials, whole_name
from pipeline.parse.zones import SALUTATION

_CONTINUES = re.compile(
    r"\W*(?:(?:&|and|of|for|at|in)\s.*|(?:(?:institute|center|centre|clinic|associates|group|practice|partners|hospital|services|system|specialists?|pllc|llc|inc|p\.?c|p\.?a)\W*)+)$", re.I)  # fmt: skip
"""The second line of a name in small type."""

_FAR = 60
"""Characters that may stand between the two lines of a name, when another column was read between them."""

_STACK = 3
"""Lines below the first on which a heading may go on."""


def name_on_paper(sheet: Sheet, place: Place | None, signer: str | None) -> FieldValue:
    """practice.name from the head or the foot of the paper; `signer` may head a solo practice's, `place` is the office."""
    made: list[Candidate | None] = []
    taken: set[tuple[int, int]] = set()
    valued = {id_of(p.lines[0]) for p in sheet.pairs if not p.field.startswith("practice.") and (p.relation != "behind" or p.hit.start == p.hit.line.start)}
    for n, line in enumerate(sheet.lines):
        part = _name_part(line)
        if part is None or id_of(line) in taken or (id_of(line) in valued and not ORGANISATION.search(line.text)):
            continue
        weight, because = _name_weight(sheet, n, line, place, signer)
        if weight > (0.3 if ORGANISATION.search(part[2]) else 0.45):
            rest = _run_on(sheet, line, part, signer)
            taken |= {id_of(other) for other in rest}
            end = rest[-1].end if rest else part[1]
            value = " ".join([part[2], *(respaced(other).strip(" ,") for other in rest)]).strip(" ,")
            made.append(sheet.candidate(trade_name(value), part[0], end, min(0.95, weight), because))
    if place is not None:
        made.append(beside_address(sheet, place, signer))
    return hosted(sheet, whole_name(settle("practice.name", made)))


def hosted(sheet: Sheet, value: FieldValue) -> FieldValue:
    """'Little Star Clinic' over 'at Harbor Hospital': the organisation is the hospital."""
    best = value.accepted
    line = sheet.line_at(best.evidence.start) if best and best.evidence else None
    if best is None or line is None:
        return value
    for other in sheet.lines:
        host = HOSTED.match(other.text)
        below = other.page == line.page and 0 < other.box[1] - line.box[1] < 3 * max(line.height, other.height) and _in_line(line, other)
        if host and below and names_house(name := other.text[host.end() :].strip(" ,.")) and not re.search(r"\d", name):
            made = sheet.candidate(name, other.start + host.end(), other.start + host.end() + len(name), best.confidence, "is the organisation that the heading names its place in")
            return FieldValue(name=value.name, candidates=((made, *value.candidates) if made else value.candidates))
    return value


def _run_on(sheet: Sheet, line: Line, part: tuple[int, int, str], signer: str | None) -> list[Line]:
    """The lines on which the name goes on: as tall as the heading, taller than the rest, right below and in line with it; or
    a single small one that says what kind of place a name without such a word is."""
    rest: list[Line] = []
    if part[1] < line.start + len(line.text.rstrip(" ,&")) or _of_person(line.text):
        return rest
    last = line
    while len(rest) < _STACK and (below := _goes_on(sheet, last, line)) is not None:
        rest.append(below)
        last = below
    if not rest and (kind := _kind_below(sheet, line, part[2], signer)) is not None:
        return [kind]
    return rest


def _goes_on(sheet: Sheet, line: Line, first: Line) -> Line | None:
    spread = 0.12 if any(w.source == "layer" for w in line.words) else 0.4
    below = [
        other for other in sheet.lines if other.page == line.page and -0.4 * line.height < other.box[1] - line.box[3] < 0.8 * line.height
        and abs(other.height - line.height) < spread * line.height and _in_line(first, other)
    ]  # fmt: skip
    below.sort(key=lambda o: o.box[1])
    if not below or (len(below) > 1 and below[1].box[1] - below[0].box[1] < 0.5 * line.height) or not 0 <= below[0].start - line.end <= _FAR:
        return None
    more = below[0].text.strip(" ,")
    open_end = line.text.rstrip()[-1:] == "&" or line.text.rstrip().endswith((" and", " of", " for")) or _in_capitals(line, below[0])
    if line.height < 1.15 * _usual(sheet, line) and not _CONTINUES.match(more) and not open_end:
        return None
    person = read_person(more)
    if (person and credentials_after(more, person.end)[0]) or re.search(r"\d", more) or len(more.split()) > 5 or NOT_NAME.search(more) or DEPARTMENT.search(more):
        return None
    return None if TAGLINE.match(more) or HOSTED.match(more) or SPLIT.search(more) else below[0]


def _in_capitals(line: Line, below: Line) -> bool:
    """Whether two lines are set in capitals and only one of them is an organisation's name by itself."""
    letters = [re.sub(r"[\W\d_]", "", one.text) for one in (line, below)]
    return all(len(found) > 3 and found.isupper() for found in letters) and not (names_house(line.text) and names_house(below.text) and not line.text.rstrip().endswith("&"))


def _kind_below(sheet: Sheet, line: Line, name: str, signer: str | None) -> Line | None:
    """'Desert Bloom' in large type over 'DERMATOLOGY & AESTHETICS': the small line belongs to a name that says of itself no
    kind of place and is nobody's."""
    if KIND.search(name) or len(name.split()) > 4 or line.height < 1.3 * _usual(sheet, line) or (signer is not None and same_person(name, signer) and len(name.split()) > 1):
        return None
    person = read_person(line.text)
    if person and credentials_after(line.text, person.end)[0]:
        return None
    below = [o for o in sheet.lines if o.page == line.page and -0.4 * line.height < o.box[1] - line.box[3] < 1.3 * line.height and o.height < line.height and _in_line(line, o)]
    first = min(below, key=lambda o: o.box[1], default=None)
    plain = respaced(first).strip(" ,") if first is not None else ""
    if first is None or not 0 <= first.start - line.end <= _FAR or re.search(r"\d", plain) or len(plain.split()) > 6 or not KIND.search(plain):
        return None
    if initials(plain).startswith(folded(name)) or squeezed(plain).startswith(squeezed(name)) or _is_said(plain, name):
        return None
    return None if TAGLINE.match(plain) or DEPARTMENT.search(plain) or HOSTED.match(plain) or NOT_NAME.search(plain) or PAYER_WORDS.search(plain) or SPLIT.search(plain) else first


def _is_said(text: str, name: str) -> bool:
    """Whether a line under a name in capitals speaks in small letters, as a promise does: 'Kind care for growing families'."""
    words = [w for w in text.split()[1:] if w.isalpha() and w not in _SMALL]
    return name[:1].isupper() and len(words) > 1 and sum(w[0].islower() for w in words) > 0.5 * len(words)


_SMALL = ("of", "and", "the", "for", "at", "in", "on", "by", "to", "de", "del", "la", "y")
"""Words that names write in small letters too."""


def _in_line(line: Line, other: Line) -> bool:
    """Whether two lines begin, end, or are centred, at the same place."""
    centres = (line.box[0] + line.box[2] - other.box[0] - other.box[2]) / 2
    return abs(line.box[0] - other.box[0]) < 4 or abs(line.box[2] - other.box[2]) < 4 or abs(centres) < 6


_LONGEST = 400
"""Characters of a line in a letterhead; patterns take minutes over one of many thousands."""


def _name_part(line: Line) -> tuple[int, int, str] | None:
    """The first stretch of a line that could be an organisation's or a solo doctor's name."""
    if len(line.text) > _LONGEST:
        return None
    whole = respaced(line)
    if re.search(r"\d{1,2}:\d{2}", line.text) or SALUTATION.match(line.text) or HEADLINE.search(line.text) or TAGLINE.match(line.text) or HOSTED.match(line.text) or BOARD.match(line.text.strip()):
        return None
    if whole != line.text.strip():
        return (line.start, line.end, whole) if len(whole.split()) <= 9 and not re.search(r"\d", whole) else None
    if NOT_NAME.search(line.text) and not ORGANISATION.search(line.text):
        return None
    parts = [_organisation_of(p) for p in SPLIT.split(line.text)]
    words = [p.strip(" ,.-–—") for p in parts if re.search(r"[A-Za-z]{3}", p)]
    first = words[0] if words else ""
    if len(words) > 1 and specialty_in(first) is not None and KIND.search(words[1]) and specialty_in(words[1]) is None and not re.search(r"\d", words[1]):
        first = words[1]
    first = re.sub(r"^(?:0|[^\w\s(])\s+(?=[A-Z])", "", first)
    if not first or _CUT_OFF.match(first) or _only_degree(first) or PHONE.search(first) or CITY_STATE_ZIP.search(first) or STREET.match(first) or len(first) > 70:
        return None
    if first[-1:] in ":;" or len(first.split()) > 9 or re.search(r"\d{3}", first):
        return None
    first = _DESCRIBED.sub("", first)
    at = line.text.find(first)
    raw = line.text[at : at + len(first)]
    if line.text[at + len(first) : at + len(first) + 1] == "." and re.search(r"\b[A-Z](?:\.[A-Z])?$", raw):
        raw += "."
    return (line.start + at, line.start + at + len(raw), raw)


_CUT_OFF = re.compile(r"(?:To|TO|Attn|Attention|Re|RE|Via|Dear)\b[.:]? |(?:for|of|at|in|and|with|by|to|the|our|your|from|is|are|was) ")
"""Words with which no name begins: those of an address, and small letters, whose beginning was not read."""


_DESCRIBED = re.compile(r"(?<=[\w.)])[,;]? an? (?:[a-z][\w'’-]* ){1,4}[a-z]+$")
"""What an office calls itself behind its name, in small letters: 'Penrose Primary Care a rural health clinic'."""


def _only_degree(text: str) -> bool:
    found, end = credentials_after(", " + text, 0)
    return bool(found) and end >= len(text)


def _organisation_of(part: str) -> str:
    """'Department of Neurology, Mercy Hospital': what follows the department, where that is an organisation."""
    cut = re.search(r"(?:,| at| of the)\s+(?=[A-Z])", part) if DEPARTMENT.match(part.strip()) else None
    return part[cut.end() :] if cut and names_house(part[cut.end() :]) else part


def _name_weight(sheet: Sheet, n: int, line: Line, place: Place | None, signer: str | None) -> tuple[float, str]:
    page = sheet.page(line.page)
    top = line.box[1] / page.height
    zone = sheet.zones.name(n)
    first_page = line.page == sheet.pages[0]
    edge = top < 0.22 or top > 0.86
    if not first_page or (zone != "head" and not edge) or _in_the_letter(sheet, n, line):
        return 0.0, ""
    weight = 0.35 if top < 0.22 else 0.2
    tallest = max((o.height for o in sheet.lines if o.page == line.page and o.box[1] < 0.3 * page.height), default=1.0)
    plain = respaced(line)
    weight += 0.25 if ORGANISATION.search(plain) else 0.1 if KIND.search(plain) else 0.0
    weight -= 0.25 if only_specialty(plain) else 0.0
    weight += 0.3 * (line.height / tallest) if line.height > 1.15 * _usual(sheet, line) else 0.0
    weight -= (
        0.45 if PAYER_WORDS.search(line.text) and not re.search(r"clinic|medical group|physician", line.text, re.I) else 0.0
    )
    weight -= 0.3 if DEPARTMENT.search(line.text) else 0.0
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
        below_org = (n > 0 and bool(ORGANISATION.search(sheet.lines[n - 1].text)) and sheet.lines[n - 1].page == line.page) or _over_house(sheet, line)
        weight += 0.5 if own and _is_heading(sheet, n, line) and not below_org else -0.5
    if line.height >= 0.98 * tallest and line.height > 1.15 * _usual(sheet, line) and n <= 2:
        weight += 0.22
    return weight, "heads the letter's paper" if top < 0.22 else "stands in the letter's footer"


def _is_house(line: Line) -> bool:
    """Whether a line below a doctor's name is that of an organisation, by its first part that is no specialty."""
    part = _name_part(line)
    text = part[2] if part is not None else ""
    if not text or len(text.split()) > 8 or re.search(r"\d{3}", text) or PAYER_WORDS.search(text) or _of_person(text) or NOT_NAME.search(text):
        return False
    return names_house(text) or bool(KIND.search(text) and specialty_in(text) is None and not TAGLINE.match(text) and not BOARD.search(text) and not only_specialty(text) and not DEPARTMENT.search(text))


def _over_house(sheet: Sheet, line: Line) -> bool:
    """Whether an organisation's name stands below a person's at the head of the paper: then that is the practice."""
    return any(
        o.page == line.page and 0 < o.box[1] - line.box[1] < 3.2 * line.height and o.box[1] < 0.22 * sheet.page(o.page).height and abs(o.box[0] - line.box[0]) < 160 and _is_house(o)
        for o in sheet.lines)  # fmt: skip


def _of_person(text: str) -> bool:
    person = read_person(text)
    return person is not None and bool(credentials_after(text, person.end)[0])


def _sole_name(sheet: Sheet) -> bool:
    """Whether the head of the paper names one doctor; a list of colleagues is nobody's own paper."""
    named = set()
    for line in sheet.lines:
        person = read_person(line.text) if line.page == sheet.pages[0] else None
        if person and credentials_after(line.text, person.end)[0] and line.box[1] < 0.22 * sheet.page(line.page).height:
            named.add(person.name)
    return len(named) < 2


def _in_the_letter(sheet: Sheet, n: int, line: Line) -> bool:
    """Whether a line stands under the salutation in its column: what the letter says, not its paper."""
    greeting = sheet.zones.salutation
    if greeting is None or n <= greeting or sheet.zones.name(n) not in ("body", "sign"):
        return False
    hello = sheet.lines[greeting]
    return hello.page == line.page and line.box[1] > hello.box[1] and line.box[0] > hello.box[0] - 20 and line.box[1] < 0.86 * sheet.page(line.page).height


def _usual(sheet: Sheet, line: Line) -> float:
    """The usual height of type on the letter; in a margin, of the short lines in the heading's own column."""
    heights = sorted(o.height for o in sheet.lines)
    middle = (line.box[0] + line.box[2]) / 2
    column = sorted(o.height for o in sheet.lines if o.page == line.page and o is not line and o.box[2] - o.box[0] < _NARROW and abs((o.box[0] + o.box[2]) / 2 - middle) < _NARROW / 3)
    margin = max(line.box[2], 0.0) < 0.33 * sheet.page(line.page).width
    picked = column if margin and len(column) > 4 else heights
    return picked[len(picked) // 2] if picked else 10.0


_NARROW = 150.0
"""Points of a margin's column."""


def _is_heading(sheet: Sheet, n: int, line: Line) -> bool:
    return n <= 2 or line.height > 1.3 * _usual(sheet, line)
