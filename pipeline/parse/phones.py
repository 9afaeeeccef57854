"""The office's telephone and fax numbers.

Belongs here: numbers, which of the two each is, whether it is the office's. Does not belong here: addresses.
"""

import re

from pipeline.codes.fold import digits
from pipeline.model import Candidate, FieldValue
from pipeline.parse.labels import KeyValue
from pipeline.parse.lexicon import ANOTHER
from pipeline.parse.lines import Line
from pipeline.parse.places import PAYER_WORDS, Place
from pipeline.parse.sections import OTHERS
from pipeline.parse.sheet import Sheet, settle

PHONE = re.compile(
    r"(?:(?<![\w.\-/#])|(?<=\b[ftpFTP])|(?<=[Ff][Aa][Xx])|(?<=[Tt][Ee][Ll])|(?<=\b[Pp][Hh]))(?:\+?1[\s.\-]*)?\(?\s?(?P<a>[2-9OoIlSB][0-9OoIlSB]{2})\s?\)?[\s.\-–·/]{0,3}(?P<b>[0-9OoIlSB]{3})[\s.\-–·]{1,3}"
    r"(?P<c>[0-9OoIlSB]{4})(?![\w\-]|\.\d)"
)
_FAX_BEFORE = re.compile(r"(?:fax|facsimile|\bfx|telefax|\bf)\s*(?:no|number|#|line|us|us at|to|us to|at)?[\s.:#\-–)]*$", re.I)
_FAX_AFTER = re.compile(r"^[\s(]*(?:fax|facsimile|\(f\)|f\))", re.I)
_PHONE_BEFORE = re.compile(
    r"(?:tel(?:ephone)?|phone|ph|voice|call|office|clinic|appointments|main|direct|\bp|\bt|\bo|desk)\s*(?:no|number|#)?[\s.:#\-–)]*$",
    re.I,
)
_PHONE_AFTER = re.compile(r"^[\s(]*(?:phone|tel|voice|office|main|\(p\)|\(o\))", re.I)

_ANOTHERS = re.compile(
    r"(?:patient|member|adjuster|home|cell|mobile|employer|supplier|attorney|pharmacy|emergency|after[- ]?hours?|answering service|toll[- ]?free|billing|"
    r"nurse ?line|payer|plan|client services?|customer service|member services)(?:['’]?s)?\W{0,3}(?:tele)?(?:phone|fax|line|number|tel|no)?\W{0,4}$", re.I)  # fmt: skip


_SENT_BACK = re.compile(r"\b(?:return|orders?|submit|send|mail|attach)\b[^|•·]{0,30}$", re.I)


def read_phones(sheet: Sheet, place: Place | None, box: KeyValue | None) -> dict[str, FieldValue]:
    phones: list[Candidate | None] = []
    faxes: list[Candidate | None] = []
    for n, line in enumerate(sheet.lines):
        for match in (*PHONE.finditer(line.text), *_cut_numbers(sheet, n)):
            number = digits(match["a"] + match["b"] + match["c"])
            kind = _phone_kind(sheet, n, line, match)
            weight, because = _phone_weight(sheet, n, line, place, box)
            target = faxes if kind == "fax" else phones
            sure = weight + (0.1 if kind else 0.0)
            rejected = None if sure > 0.35 else "not on the letter's own paper"
            if sheet.kind == "form" and sheet.role_of(line) in OTHERS:
                rejected = "stands in another's section of the form"
            rejected = _anothers(sheet, line, line.start + match.start()) or rejected
            end = line.start + match.end()
            if match.string is not line.text:
                sure, end = min(sure, _CUT), min(end, line.end) if _apart(sheet, n) else end
            target.append(sheet.candidate(number, line.start + match.start(), end, min(0.96, sure), because, rejected))
    return {"practice.phone": settle("practice.phone", phones), "practice.fax": settle("practice.fax", faxes)}


_OVERLEAF = 0.2
"""Share of the next page's height on which the practice's boxes may go on."""

_CUT = 0.88
_CUT_TAIL = re.compile(r"[\d)][-–.]?\s*$")


def _rest_of(sheet: Sheet, n: int) -> Line | None:
    """The line on which a number goes on that the end of line n cut: the next in its paragraph or its cell."""
    line = sheet.lines[n]
    below = [o for o in sheet.lines[n + 1 : n + 12] if o.page == line.page and -0.4 * line.height < o.box[1] - line.box[3] < line.height and re.match(r"[(\d]", o.text)]
    cell = [o for o in below if abs(o.box[0] - line.box[0]) < 4]
    follows = [o for o in below[:1] if o.start - line.end <= 2 and o.box[0] < line.box[2]]
    return next(iter(cell or follows), None)


def _apart(sheet: Sheet, n: int) -> bool:
    """Whether other cells were read between the two parts of a cut number."""
    rest = _rest_of(sheet, n)
    return rest is not None and rest.start - sheet.lines[n].end > 2


def _cut_numbers(sheet: Sheet, n: int) -> list[re.Match[str]]:
    """Numbers that begin on line n and end on the one that carries it on."""
    line = sheet.lines[n]
    rest = _rest_of(sheet, n) if _CUT_TAIL.search(line.text) else None
    return [] if rest is None else [m for m in PHONE.finditer(f"{line.text} {rest.text}") if m.start() < len(line.text) < m.end()]


def _anothers(sheet: Sheet, line: Line, start: int) -> str | None:
    """Why a number is not the office's: its label says whose it is, or that it is for nights or free of charge."""
    before = line.text[max(0, start - line.start - 48) : start - line.start]
    last = PHONE.split(before)[-1] if PHONE.search(before) else before
    if sheet.kind == "form" and _SENT_BACK.search(last):
        return "is the one the form is to be sent to"
    if _ANOTHERS.search(last):
        return "its label names another's telephone"
    for pair in sheet.pairs_of("group", ANOTHER):
        if pair.field == ANOTHER and pair.start <= start < pair.end:
            return "stands under another's label"
        if pair.start <= start < pair.end and re.search(r"phone|tel|cell|fax", sheet.text(pair.hit.start, pair.hit.end), re.I):
            return "its label names another's telephone"
    return None


def _phone_kind(sheet: Sheet, n: int, line: Line, match: re.Match[str]) -> str:
    before, after = line.text[: match.start()], line.text[match.end() :]
    if _FAX_BEFORE.search(before):
        return "fax"
    if not _PHONE_BEFORE.search(before) and _FAX_AFTER.match(after) and not PHONE.search(after[:32]):
        return "fax"
    if _PHONE_BEFORE.search(before) or _PHONE_AFTER.match(after):
        return "phone"
    at = line.start + match.start()
    holding = [p for p in sheet.pairs_of("practice.fax", "practice.phone") if p.start <= at < p.end + 2]
    for pair in sorted(holding, key=lambda p: -p.start):
        if pair.start <= at:
            if re.search(r"fax|facsimile", sheet.text(pair.hit.start, pair.hit.end), re.I) and pair.field == "practice.phone":
                return "fax" if PHONE.search(line.text[: match.start()]) else "phone"
            return "fax" if pair.field == "practice.fax" else "phone"
    return ""


def _phone_weight(sheet: Sheet, n: int, line: Line, place: Place | None, box: KeyValue | None) -> tuple[float, str]:
    page = sheet.page(line.page)
    top = line.box[1] / page.height
    zone = sheet.zones.name(n)
    near = place is not None and place.line.page == line.page and abs(place.line.box[1] - line.box[1]) < 45
    if box is not None:
        close = box.hit.line.page == line.page and abs(box.hit.line.box[1] - line.box[1]) < 90 and line.box[1] > box.hit.line.box[1] - 30
        follows = line.page == box.hit.line.page + 1 and top < _OVERLEAF and any(p.start <= line.start < p.end for p in sheet.pairs_of("practice.phone", "practice.fax"))
        held = line.page == box.hit.line.page and line.box[1] > box.hit.line.box[1] and sheet.role_of(line) not in OTHERS and any(p.start <= line.start < p.end for p in sheet.pairs_of("practice.phone", "practice.fax"))
        return (0.85, "stands by the form's practice box") if close else (0.75, "stands under its label below the form's practice box") if held else (0.7, "goes on with the practice's boxes overleaf") if follows else (0.2, "stands elsewhere on the form")
    around = " ".join(other.text for other in sheet.lines[max(0, n - 3) : n + 1])
    weight = 0.8 if near else 0.62 if top < 0.2 or top > 0.88 else 0.42 if zone in ("head", "sign") else 0.3
    if PAYER_WORDS.search(around) and not near:
        weight -= 0.35
    weight -= 0.01 * (line.page - sheet.pages[0])
    return weight, "stands in the letterhead" if near or top < 0.2 else "stands on the letter's paper"
