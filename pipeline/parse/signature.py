"""Whether a letter is signed, told from words and from ink.

Belongs here: electronic signatures, notes in place of a signature, ink on a signature line or by the signer's name.
Does not belong here: who signed (provider.py). A typed name is no signature; neither is "signature on file".
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.model import Box, Candidate, FieldValue
from pipeline.parse.labelhits import Hit
from pipeline.parse.lines import Line
from pipeline.parse.sheet import Sheet, settle
from pipeline.parse.zones import NAMED

ESIGN = re.compile(
    r"(?:electronically|digitally|\be-?)[\s-]*(?:signed|authenticated|approved|verified)(?:\s+(?:and\s+\w+\s+)?by)?|signed electronically(?: by)?|/s/|authenticated by|"
    r"(?:electronic|digital) signature(?: of)?\s*:|docusigned by|(?:signed|finalized) in (?:the )?(?:ehr|emr|chart)|[\[(](?:signed|sgd\.?)[\])]|original signed by|"
    r"signature stamp|\bs/\s", re.I)  # fmt: skip
_NO_ESIGN = re.compile(
    r"(?:must|should|may|can|will|shall|to) be (?:\w+ )?(?:electronically|digitally|e-?)\s?signed|not valid (?:unless|until|without)|unless (?:it is )?(?:electronically|digitally)|"
    r"(?:signed|signatures?|stamps?)(?: \w+){0,2} (?:are|is|will) (?:not |also )?(?:be )?(?:accept\w*|valid|allowed|permitted)|signed by\W*_{3}|signature\W*_{3}|"
    r"\b(?:patient|member|employee|participant|guardian|parent|subscriber)\b.{0,25}(?:electronic|digital|e-?sign)|has (?:not|n['’]t) (?:yet )?been", re.I)  # fmt: skip
"""What is said of signing and signs nothing; a patient's own signature."""

_ON_FILE = re.compile(
    r"signature (?:is )?on file|\bsof\b|dictated but not (?:read|signed|reviewed)|not (?:yet )?signed|unsigned(?! (?:form|letter|request|claim|application)s?)|signature (?:pending|waived|to follow)|"
    r"(?:awaiting|pending) (?:\w+ )?signature|signed copy (?:to follow|is on file|on file)", re.I)  # fmt: skip
_NOT_READ = re.compile(r"dictated but", re.I)
"""Says that the letter was not read over; a letter that bears ink is signed all the same."""

_CERTIFIED = re.compile(r"\bI (?:hereby |do )?(?:certify|attest|declare|affirm|state|confirm)\b|\b(?:and|,) (?:certify|state|declare) that\b", re.I)
_RETURNED = re.compile(r"unsigned|not (?:yet )?signed", re.I)
_INSTRUCTION = re.compile(r"will (?:not )?be|if (?:not|un)|\bforms?\b|cannot be|are returned", re.I)

_STAMP = re.compile(r"received|rec['’]d|mail\s?room|scanned|faxed|entered|processed|posted|imaged", re.I)
_SIGN_LABEL = re.compile(r"\W*(?:(?:provider|physician|clinician|prescriber|doctor)(?:['’]?s)? )?(?:signed|signature|sign here)\b(?! (?:on|in|by|at|date|of the (?:patient|member|employee)|date)\b)\W*", re.I)
_BARE_NAME = re.compile(r"(?:Dr\.? |Doctor )?[A-ZÀ-Þ][\w'’.\-]*(?: [A-ZÀ-Þ][\w'’.\-]*){1,3}")
_NUMBER = re.compile(r"[\d\s().+-]{5,}")
"""A postal code or a phone number written above a form's signature line is none; under a letter a scrawl may be read as one."""
_DATE = re.compile(r"\W*\d{1,4}\s?[/.\-]\s?\d{1,2}(?:\s?[/.\-]\s?\d{1,4})?\W*$")


def read_signed(sheet: Sheet, signer: Line | None, name: tuple[int, int] | None) -> FieldValue:
    """True with an electronic signature or ink by the signer's name; else False, with what was seen. `signer` is the
    line of the best signer, text[name[0]:name[1]] his name."""
    for line in sheet.lines:
        match = ESIGN.search(line.text)
        if match and not _ON_FILE.search(line.text) and not _NO_ESIGN.search(line.text) and sheet.zone_of(line.start) != "head":
            return _told(sheet, True, (line.start + match.start(), line.end), 0.96, "an electronic signature")
    if sheet.document.signed_digitally:
        return _by_field(sheet, name)
    for line in sheet.lines:
        match = _ON_FILE.search(line.text)
        if match and not (_RETURNED.match(match.group()) and _INSTRUCTION.search(line.text)):
            inked = _from_ink(sheet, signer, name)
            if _NOT_READ.search(match.group()) and inked.value is True:
                return inked
            span = (line.start + match.start(), line.start + match.end())
            return _told(sheet, False, span, 0.9, "a note in place of a signature")
    return _from_ink(sheet, signer, name)


def _by_field(sheet: Sheet, name: tuple[int, int] | None) -> FieldValue:
    """A signature field of the file is filled in; the file says so, not its words, which stand in for it."""
    because = "a digital signature stands in the file"
    if name is not None:
        return _told(sheet, True, name, 0.9, because)
    return FieldValue(name="provider.signed", candidates=(Candidate(value=True, confidence=0.85, because=because),))


def _told(
    sheet: Sheet, signed: bool, span: tuple[int, int], confidence: float, because: str, ink: Box | None = None
) -> FieldValue:
    """The field, standing on the words at `span`; its box is the ink's where there is any."""
    made = sheet.candidate(signed, *span, confidence, because)
    if made is not None and made.evidence is not None and ink is not None:
        made = made.model_copy(update={"evidence": made.evidence.model_copy(update={"box": ink})})
    return settle("provider.signed", [made])


def _from_ink(sheet: Sheet, signer: Line | None, name: tuple[int, int] | None) -> FieldValue:
    labels = [hit for hit in sheet.hits if hit.field == "signature"]
    for hit in labels:
        ink = _ink_at(sheet, hit)
        if ink is not None:
            return _told(sheet, True, (hit.start, hit.end), 0.9, "ink stands on the signature line", ink)
    for line in sheet.lines:
        match = _SIGN_LABEL.match(line.text)
        if match and _behind(line, line.start + match.end()):
            return _told(sheet, True, (line.start, line.end), 0.8, "handwriting stands behind the signature label")
    ink = ink_near(sheet, signer) if signer is not None and sheet.kind == "letter" else None
    if ink is not None and name is not None:
        return _told(sheet, True, name, 0.9, "ink stands by the typed name", ink)
    ink = _in_block(sheet, signer) if signer is not None and sheet.kind == "form" and not labels else None
    if ink is not None and name is not None:
        return _told(sheet, True, name, 0.8, "ink stands in the block of the typed name", ink)
    written = _name_by_hand(sheet, signer, labels)
    if written is not None:
        return _told(sheet, True, (written.start, written.end), 0.8, "the name is written by hand", written.box)
    for line in _name_lines(sheet, signer):
        ink = ink_over(sheet, line)
        if ink is not None:
            return _told(sheet, True, (line.start, line.end), 0.8, "ink stands over a typed name", ink)
    closing = sheet.zones.closing
    if sheet.kind == "letter" and closing is not None:
        line = sheet.lines[closing]
        ink = ink_near(sheet, line, below=True)
        if ink is not None:
            return _told(sheet, True, (line.start, line.end), 0.8, "ink stands below the closing words", ink)
    certified = [line for line in sheet.lines[len(sheet.lines) // 2 :] if _CERTIFIED.search(line.text)] if sheet.kind == "form" else []
    for line in certified:
        ink = _ink_in(sheet, line.page, (line.box[0] - 20, line.box[3], line.box[0] + 260, line.box[3] + 76))
        if ink is not None:
            return _told(sheet, True, (line.start, line.end), 0.8, "ink stands below what the signer states", ink)
    if labels:
        return _told(sheet, False, (labels[0].start, labels[0].end), 0.8, "nothing stands on the signature line")
    if name is not None:
        return _told(sheet, False, name, 0.75, "no ink stands by the typed name")
    none = Candidate(value=False, confidence=0.6, because="no signature was found")
    return FieldValue(name="provider.signed", candidates=(none,))


def ink_near(sheet: Sheet, line: Line, below: bool = False) -> Box | None:
    """The ink about a typed name, or below a closing phrase."""
    x0, y0, x1, y1 = line.box
    if below:
        return _ink_in(sheet, line.page, (x0 - 30, y1 - 4, x0 + 260, y1 + 80))
    return _ink_in(sheet, line.page, (x0 - 30, y0 - 64, max(x1, x0 + 170) + 60, y1 + 14))


def _in_block(sheet: Sheet, signer: Line) -> Box | None:
    """The only ink (of one stroke or several) of a form's lower half, on the level of the signer's block: a form without a label for it."""
    _, y0, _, y1 = signer.box
    page = sheet.page(signer.page)
    area = (0.0, max(y0 - 70, 0.4 * page.height if y0 > 0.4 * page.height else 0.0), page.width, y1 + 80)
    inked = [mark.box for mark in page.marks if mark.kind == "ink" and _within(mark.box, area) and not _stamped(sheet, signer.page, mark.box)]
    if not inked:
        return None
    whole = (min(b[0] for b in inked), min(b[1] for b in inked), max(b[2] for b in inked), max(b[3] for b in inked))
    return whole if 22 <= whole[2] - whole[0] <= 330 and 5 <= whole[3] - whole[1] <= 70 else None


def _behind(line: Line, end: int) -> bool:
    """Whether a name in handwriting stands behind a signature label that ends at `end` in its own line: pixels beside
    a text layer, or words taller than the label by a fifth and read with doubt."""
    label = [w for w in line.words if w.start < end]
    after = [w for w in line.words if w.start >= end][:3]
    if not label or not after or after[0].source != "ocr" or not any(len(w.text) > 2 and w.text.isalpha() for w in after[:2]):
        return False
    if label[0].source != "ocr":
        return True
    height = max(w.box[3] - w.box[1] for w in label)
    return after[0].box[3] - after[0].box[1] > 1.2 * height and min(w.confidence for w in after) < 0.95


def ink_over(sheet: Sheet, line: Line) -> Box | None:
    """The ink straight above a line, as far as the next line of words."""
    x0, y0, x1, _ = line.box
    above = [o.box[3] for o in sheet.lines if o.page == line.page and o.box[3] <= y0 and o.box[0] < x1 and o.box[2] > x0 and o.confidence > 0.6]
    return _ink_in(sheet, line.page, (x0 - 20, max([y0 - 46, *(y - 6 for y in above)]), max(x1, x0 + 150) + 20, y0 + 4))


def _name_lines(sheet: Sheet, signer: Line | None) -> list[Line]:
    """Lines in the lower part that begin with a name and credentials, and a letter's last bare name."""
    low = sheet.lines[int(len(sheet.lines) * 0.45) :]
    found = [line for line in low if line is not signer and NAMED.match(line.text)]
    if sheet.kind == "letter":
        found += [line for line in low[-8:] if line not in found and _BARE_NAME.fullmatch(line.text)]
    return found


def _name_by_hand(sheet: Sheet, signer: Line | None, labels: Sequence[Hit]) -> Line | None:
    """The signer's name as an engine read it off handwriting: above the typed name or over the signature line, larger
    than print or read with less certainty."""
    if signer is None:
        return None
    surname = _surname(signer.text)
    places = [signer.box, *(hit.line.box for hit in labels if hit.line.page == signer.page)]
    usual = sorted(line.height for line in sheet.lines)[len(sheet.lines) // 2]
    for line in sheet.lines:
        drawn = all(w.source == "ocr" for w in line.words) and (line.height > 1.15 * usual or line.confidence < 0.9)
        if line.page != signer.page or line is signer or not drawn or len(line.words) > 4 or (NAMED.match(line.text) and line.confidence > 0.9):
            continue
        beside = line.height > 1.5 * usual and -80 < line.box[1] - signer.box[1] < 80
        over = beside or any(0 < y0 - line.box[1] < 48 and line.box[0] < x1 + 60 and line.box[2] > x0 - 60 for x0, y0, x1, _ in places)
        if over and any(SequenceMatcher(None, _plain(w.text), surname).ratio() > 0.7 for w in line.words):
            return line
    return None


def _surname(text: str) -> str:
    """The last word of the name before any credentials."""
    words = re.split(r",|\s(?=[A-Z]{2,}\b)", text)[0].split()
    return _plain(words[-1]) if words else ""


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if c.isalpha())


def _ink_at(sheet: Sheet, hit: Hit) -> Box | None:
    """The ink over or behind a label, as far as the next cell or label of its row."""
    x0, y0, _, y1 = hit.line.box
    words = [w for w in hit.line.words if w.start >= hit.end]
    beside = [n.box[0] for n in sheet.lines if n.page == hit.line.page and n is not hit.line and n.box[0] > x0 + 60
              and abs(n.box[1] - y0) < 6 and any(o.line is n for o in sheet.hits)]  # fmt: skip
    beside += [w.box[0] for w in words for o in sheet.hits if o.line is hit.line and o.start == w.start]
    below = [o.box[1] for o in sheet.lines if o.page == hit.line.page and o.box[1] > y1 and o.box[0] < x0 + 200 and o.box[2] > x0]
    reach = max(y1 + 30, min([y1 + 56, *(y - 4 for y in below)])) if not words else y1 + 30
    found = _ink_in(sheet, hit.line.page, (x0 - 6, y0 - 34, x0 + 330, reach), min([x0 + 330, *(x - 24 for x in beside)]))
    if found is None and not words and x0 > 0.5 * sheet.page(hit.line.page).width:
        found = _ink_in(sheet, hit.line.page, (0.0, y0 - 24, x0, y1 + 24), x0) if _answered_left(sheet, hit) else None
    return found


def _answered_left(sheet: Sheet, hit: Hit) -> bool:
    """Whether labels stand right of what they ask for: at least three others begin where this one does, none before."""
    lines = [o.line for o in sheet.hits if o.line.page == hit.line.page and o.line is not hit.line]
    column = [line for line in lines if abs(line.box[0] - hit.line.box[0]) < 12]
    return len(column) >= 3 and len(column) * 2 > len(lines)


def _ink_in(sheet: Sheet, page: int, area: Box, before: float = 1e6) -> Box | None:
    """A patch of ink of a signature's size with its middle in the area that begins left of `before`; stamps are none."""
    inked = [mark.box for mark in sheet.page(page).marks if mark.kind == "ink" and not _stamped(sheet, page, mark.box)]
    found = (box for box in (*inked, *_pen_words(sheet, page)) if _within(box, area) and box[0] < before)
    return next((box for box in found if box[2] - box[0] >= 22 and 5 <= box[3] - box[1] <= 110), None)


def _stamped(sheet: Sheet, page: int, box: Box) -> bool:
    """Whether the words within the ink are those of an office's stamp."""
    inside = "".join(w.text for w in sheet.page(page).words if _within(w.box, box))
    return _STAMP.search(inside) is not None


def _within(box: Box, area: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _pen_words(sheet: Sheet, page: int) -> list[Box]:
    """Lines that an engine read off strokes of a pen: pixels beside a text layer, letters much taller than the page's,
    or words it was unsure of."""
    found: list[Box] = []
    here = [line for line in sheet.lines if line.page == page]
    usual = sorted(line.height for line in here)[len(here) // 2] if here else 10.0
    drawn = sheet.page(page).origin == "mixed"
    for line in here:
        ocr = all(word.source == "ocr" for word in line.words)
        sure = sum(word.confidence for word in line.words) / len(line.words)
        if _DATE.match(line.text) or _STAMP.search(line.text) or (sheet.kind == "form" and _NUMBER.fullmatch(line.text)):
            continue
        found += [w.box for w in line.words if w.source == "ocr" and w.box[2] - w.box[0] > 2.2 * (w.box[3] - w.box[1]) * len(w.text)]
        letters = sum(len(word.text) for word in line.words)
        ocr = ocr or (drawn and 2 * sum(len(word.text) for word in line.words if word.source == "ocr") > letters)
        if ocr and len(line.words) <= 5 and (drawn or line.height > 1.6 * usual or sure < 0.6):
            found.append(line.box)
    return found
