"""The signer's office: name, street, city, state, ZIP, telephone, fax.

Belongs here: which address is the office's, and the practice box of a form. Does not belong here: the name on the paper
(letterhead), the parts of an address (places), telephone numbers (phones), the payer (recipient).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.model import FieldValue
from pipeline.parse.housenames import KIND, ORGANISATION, trade_name
from pipeline.parse.labelhits import id_of
from pipeline.parse.labels import KeyValue
from pipeline.parse.letterhead import hosted, name_on_paper
from pipeline.parse.lexicon import ANOTHER
from pipeline.parse.lines import Line
from pipeline.parse.offices import beside_address
from pipeline.parse.phones import PHONE, read_phones
from pipeline.parse.places import PAYER_WORDS, STREET, SUITE_LINE, Place, places_on, state_of
from pipeline.parse.sections import OTHERS
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.signers import signer_line

_OWN_BOX = re.compile(r"\bp\.?\s?o\.?\s+box\s+\w+", re.I)
"""A post office box in the letterhead: the office's own for its mail."""


def read_practice(sheet: Sheet, signer: str | None) -> dict[str, FieldValue]:
    """The seven practice fields; `signer` is the signer's name, which may head a solo practice's paper."""
    boxed = _from_form(sheet)
    place, because = (boxed.place, "stands in the form's practice box") if boxed and boxed.place else _office(sheet, boxed.pair if boxed else None)
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
        if sheet.role_of(pair.hit.line) in OTHERS:
            continue
        text = sheet.text(pair.start, pair.end)
        if PAYER_WORDS.search(text) and not ORGANISATION.search(text):
            continue
        places = _with_zip(pair.lines) or _with_zip(_following(sheet, pair.lines[-1])) or places_on(pair.lines)
        street = STREET.search(text)
        street = None if street and not street.start() and not text[:1].isdigit() and ORGANISATION.search(text) else street
        head = text[: street.start()] if street else text
        name = re.split(r",\s*(?=\d)", head.split("\n")[0])[0].strip(" ,;-–—|·")
        name, length = _wrapped_name(sheet, pair, name) if len(name) == len(head.strip(" ,;-–—|·")) else (name, len(name))
        found = (pair.start, pair.start + length, trade_name(name)) if len(name) > 3 and not name[0].isdigit() and \
            (pair.field == "practice.name" or ORGANISATION.search(name)) else None  # fmt: skip
        if found or places:
            return Boxed(found, places[0] if places else _from_cells(sheet, pair), pair)
    return None


def _with_zip(lines: Sequence[Line]) -> list[Place]:
    return [place for place in places_on(lines) if place.zip is not None]


_NAME_WORDS = re.compile(r"(?:[A-ZÀ-Þ&(][\w'’.&()\-]*,?|of|and|the|for|at)(?: (?:[A-ZÀ-Þ&(][\w'’.&()\-]*,?|of|and|the|for|at))*")


def _wrapped_name(sheet: Sheet, pair: KeyValue, name: str) -> tuple[str, int]:
    """The name in a cell and how far it reaches in the text, with the second line of a cell too narrow for it."""
    first = pair.lines[0]
    below = _cell(sheet, pair)[1:2] if pair.end >= first.end - 2 and len(pair.lines) == 1 else []
    more = below[0].text.strip(" ,") if below else ""
    close = bool(below) and below[0].box[1] - first.box[3] < 0.6 * first.height and abs(below[0].height - first.height) < 0.15 * first.height
    if not close or not _NAME_WORDS.fullmatch(more) or len(more.split()) > 4 or STREET.search(more) or places_on(below) or PAYER_WORDS.search(more):
        return name, len(name)
    if any(id_of(v) == id_of(below[0]) for p in sheet.pairs for v in p.lines) or not below[0].start > pair.start:
        return name, len(name)
    far = below[0].start - first.end > _FAR
    return f"{name} {more}", len(name) if far else below[0].end - pair.start


_FAR = 120
"""Characters of other cells that may stand between the two lines of a name that are quoted as one."""


def _from_cells(sheet: Sheet, box: KeyValue) -> Place | None:
    """An address whose parts stand in cells of their own, after the practice's label and before the next person's."""
    cells: dict[str, KeyValue] = {}
    after = [p for p in sheet.pairs if p.hit.start >= box.hit.start]
    for pair in after:
        joint = _with_zip(pair.lines) or places_on(_cell(sheet, pair)) if pair.field == "practice.address" else []
        if joint:
            street = cells.get("practice.address")
            return joint[0] if street is None else replace(joint[0], street=_street_of(sheet, street))
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


def _cell(sheet: Sheet, pair: KeyValue) -> list[Line]:
    """The lines of a value's cell: those close below each other at its left edge."""
    cell = [pair.lines[0]]
    for line in sheet.lines[sheet.index_of(cell[0]) + 1 :]:
        last = cell[-1]
        if line.page == last.page and abs(line.box[0] - last.box[0]) < 4 and -2 < line.box[1] - last.box[3] < 1.2 * last.height and len(cell) < 3:
            if any(hit.start == line.start for hit in sheet.hits):
                break
            cell.append(line)
    return cell


def _street_of(sheet: Sheet, pair: KeyValue) -> tuple[int, int, str]:
    """Street and suite of a cell, the suite perhaps on a line of its own."""
    start, end, value = _span(sheet, pair)
    below = _cell(sheet, pair)[1:2]
    suite = SUITE_LINE.match(below[0].text) if below else None
    if suite and suite["suite"] not in value:
        return (start, end, f"{value}, {suite['suite']}")
    if below and re.search(r"\b(?:Suite|Ste|Unit|Room|Rm|Apt|Floor|Bldg)\.?$|#$", value) and re.fullmatch(r"#?\d{1,5}[A-Z]?", below[0].text.strip()):
        return (start, end, f"{value} {below[0].text.strip()}")
    return (start, end, re.sub(r"(?<![,]) (?=(?:Suite|Ste|Unit|Room|Floor|Bldg)\b)", ", ", value))


def _span(sheet: Sheet, pair: KeyValue) -> tuple[int, int, str]:
    return (pair.start, pair.end, " ".join(sheet.text(pair.start, pair.end).split()).strip(" ,"))


def _following(sheet: Sheet, line: Line) -> Sequence[Line]:
    n = sheet.index_of(line)
    return sheet.lines[n : n + 4]


def _office(sheet: Sheet, box: KeyValue | None) -> tuple[Place | None, str]:
    """The address most likely the office's: in the letterhead, margin, footer or signature; never the payer's. On a form
    with a `box` for the practice, behind that."""
    best: tuple[float, Place] | None = None
    for place in places_on(sheet.lines):
        if any(p.start <= place.city[0] < p.end for p in sheet.pairs_of(ANOTHER)):
            continue
        if sheet.kind == "form" and (sheet.role_of(place.line) in OTHERS or (box is not None and place.line.end < box.hit.start)):
            continue
        weight = _office_weight(sheet, place)
        if best is not None and (best[1].zip is None) != (place.zip is None):
            best = best if place.zip is None else (weight, place) if weight > 0 else best
        elif weight > 0 and (best is None or weight > best[0] + 1e-9):
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
    weight += 0.1 if ORGANISATION.search(near) else 0.0
    if height < 0.2:
        near = _OWN_BOX.sub(" ", near)
    weight -= 0.3 if place.street is not None and _OWN_BOX.match(place.street[2]) else 0.0
    weight -= 0.9 if PAYER_WORDS.search(near) or re.search(r"\b(?:p\.?\s?o\.?\s+box|attn)\b", near, re.I) else 0.0
    weight -= 0.5 if zone == "body" and not height < 0.12 and not height > 0.88 else 0.0
    weight -= 0.4 if place.street is None else 0.0
    weight -= 0.2 if place.zip is None else 0.0
    if sheet.kind == "form":
        signer = signer_line(sheet)
        weight += 0.4 if signer is not None and signer.page == place.line.page and -30 < place.line.box[1] - signer.box[1] < 75 else 0.0
        weight -= 0.7 if _SELLER.search(near) else 0.0
    weight -= 0.02 * (place.line.page - sheet.pages[0])
    return weight


def _place_fields(sheet: Sheet, place: Place | None, because: str) -> dict[str, FieldValue]:
    names = ("practice.address", "practice.city", "practice.state", "practice.zip")
    if place is None:
        return {n: FieldValue(name=n) for n in names}
    parts = dict(zip(names, (place.street, place.city, place.state, place.zip), strict=True))
    plain = f"{because}; it has no word for a street, and nothing else stands before the city"
    told = {n: (_PLAIN, plain) if place.plain and n == "practice.address" else (0.93, because) for n in names}
    return {
        n: settle(n, [sheet.candidate(part[2], part[0], part[1], *told[n])] if part else [])
        for n, part in parts.items()
    }


_PLAIN = 0.75
"""How far a street without a word for a way is believed."""



def _name(sheet: Sheet, place: Place | None, signer: str | None, boxed: Boxed | None) -> FieldValue:
    if boxed is not None and boxed.name is not None:
        start, end, value = boxed.name
        return settle("practice.name", [sheet.candidate(value, start, end, 0.93, "stands in the form's practice box")])
    found = name_on_paper(sheet, place, signer)
    if sheet.kind != "form":
        return found
    own = _own_paper(sheet, found, place)
    beside = beside_address(sheet, place, signer) if place is not None and own.accepted is None else None
    kept = tuple(c for c in own.candidates if beside is None or c.evidence != beside.evidence)
    return hosted(sheet, FieldValue(name=own.name, candidates=(beside, *kept)) if beside is not None else own)


_SELLER = re.compile(r"\b(?:suppl(?:y|ies|ier)|equipment|oxygen|respiratory|dme|pharmacy|laborator(?:y|ies)|genomics|diagnostics|orders?|return (?:by|to)|form [a-z0-9])\b", re.I)


def _own_paper(sheet: Sheet, found: FieldValue, place: Place | None) -> FieldValue:
    """On a form without a box for the practice: the name of a clinic right over the office's address, as a record
    system prints it; never a supplier's or a payer's head."""
    best = found.accepted
    line = sheet.line_at(best.evidence.start) if best and best.evidence else None
    near = place is not None and line is not None and line.page == place.line.page and 0 <= place.line.box[1] - line.box[1] < 45
    head = " ".join(other.text for other in sheet.lines[:6])
    if best and near and KIND.search(str(best.value)) and not _SELLER.search(head) and not PAYER_WORDS.search(str(best.value)):
        return found
    kept = tuple(c if c.rejected_because else c.model_copy(update={"rejected_because": "heads the form, and no box names it as the practice"}) for c in found.candidates)
    return FieldValue(name=found.name, candidates=kept)
