"""Dates by role: which date is the letter's, which the birth, the injury, the start, the purchase.

Belongs here: the words around a date and its place on the page. Does not belong here: reading the digits (dates).
Each date gets one role; a date that no words explain has none, and stays as a rejected candidate of the letter date.
"""

import datetime as dt
import re

from pipeline.codes.dates import DateMention, birth_reading
from pipeline.model import Candidate, FieldValue
from pipeline.parse.births import by_place, comb_births
from pipeline.parse.dateroles import LABEL_ROLES, ROLE_NAMES, ROLES, RoledDate
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.sheet import Sheet, losers, settle
from pipeline.parse.signers import signer_line
from pipeline.parse.spans import read_span


def roles_of(sheet: Sheet) -> tuple[RoledDate, ...]:
    """Every date of the letter with its role."""
    labelled: dict[int, tuple[str, int, int]] = {}
    for pair in sheet.pairs_of(*LABEL_ROLES):
        for mention in sheet.dates:
            if pair.start - 2 <= mention.start < pair.end + 1 and _first_in(sheet, pair.start, mention):
                if LABEL_ROLES[pair.field] == "letter" and not (_opens_line(sheet, pair.hit.start) or _by_signature(sheet, pair.hit.start) or _by_signer(sheet, mention)):
                    continue
                labelled.setdefault(mention.start, (_label_role(sheet, pair), pair.hit.start, pair.hit.end))
    labelled |= _ends_under_start(sheet)
    return tuple(_with_role(sheet, mention, labelled.get(mention.start)) for mention in sheet.dates)


def _label_role(sheet: Sheet, pair: KeyValue) -> str:
    """The role that a label gives; those of other dates tell printing and receipt from visits."""
    label = sheet.text(pair.hit.start, pair.hit.end)
    if pair.field == "other_date" and re.match(r"\W*(?:print|rev|page)", label, re.I):
        return "print"
    return "received" if pair.field == "other_date" and re.search(r"received", label, re.I) else LABEL_ROLES[pair.field]


def _ends_under_start(sheet: Sheet) -> dict[int, tuple[str, int, int]]:
    """The second date behind a label of both ends, such as 'Start / end'."""
    found = {}
    for pair in sheet.pairs_of("treatment_start"):
        dates = [m for m in sheet.dates if pair.start <= m.start < pair.end + 1]
        if len(dates) == 2 and re.search(r"\bend|stop|dates", sheet.text(pair.hit.start, pair.hit.end), re.I):
            found[dates[1].start] = ("end", pair.hit.start, pair.hit.end)
    return found


def _opens_line(sheet: Sheet, position: int) -> bool:
    """Whether only punctuation or a wide gap stands before this place on its line."""
    line = sheet.line_at(position)
    return line is not None and not re.search(r"\w", line.text[: position - line.start][-3:])


def _first_in(sheet: Sheet, start: int, mention: DateMention) -> bool:
    return not any(start <= other.start < mention.start for other in sheet.dates)


def _with_role(sheet: Sheet, mention: DateMention, label: tuple[str, int, int] | None) -> RoledDate:
    line = sheet.line_at(mention.start)
    zone = sheet.zone_of(mention.start)
    alone = line is not None and len(re.sub(r"[\W_]", "", line.text)) - len(re.sub(r"[\W_]", "", mention.raw)) <= 4
    top = line.box[1] / max(1.0, sheet.page(line.page).height) if line is not None else 1.0
    if label is not None:
        role, start, end = label
        words = " ".join(sheet.text(start, end).split())
        if role == "letter" and ((zone == "sign" and sheet.zones.closing is not None) or _by_signature(sheet, start) or _under_signature(sheet, start, words) or _by_signer(sheet, mention)):
            role = "signature"
        return RoledDate(mention, role, f"stands under the label '{words}'", zone, alone, top)
    if _is_header(sheet, mention, top):
        return RoledDate(mention, "header", "a printed or fax header with a time", zone, alone, top)
    begin = line.start if line is not None and alone else max(0, mention.start - 90)
    before = re.sub(r"\s+", " ", sheet.text(begin, mention.start))
    before = (
        re.split(r"(?:[;!?]|(?<!\b[A-Z])\.)(?=\s[A-Z]|\s*$)|\f", before)[-1]
        if not re.search(r"\b(?:d\.o\.b|no)\.\s*$", before, re.I)
        else before
    )
    for role, pattern in ROLES:
        match = pattern.search(before)
        if match:
            if (role == "end" and not _is_span(before, match.group())) or (role == "letter" and not _of_the_letter(before, match.start())):
                continue
            return RoledDate(mention, role, f"follows '{match.group().strip()[-40:]}'", zone, alone, top)
    if _signed_span(sheet, mention):
        return RoledDate(mention, "signature", "stands in the electronic signature", zone, alone, top)
    return RoledDate(mention, "", "no words say what it is", zone, alone, top)


def _of_the_letter(before: str, at: int) -> bool:
    """Whether 'dated' and the like speak of this letter: they open a line or a phrase, stand as a label, or the letter is named before them."""
    lead = before[:at].rstrip()
    return before[at : at + 1].isupper() or not re.search(r"\w$", lead) or bool(re.search(r"\b(?:this|the|my|our) (?:letter|statement|form|report|note|certificate)(?: is| was)?$|\b(?:letter|statement|note|report)$", lead, re.I))


def _by_signature(sheet: Sheet, start: int) -> bool:
    """Whether a signature's label stands on the same row to the left: the date is that of signing."""
    line = sheet.line_at(start)
    if line is None:
        return False
    return any(
        hit.field == "signature" and hit.line.page == line.page and hit.start < start
        and -1.6 * line.height < line.box[3] - hit.line.box[3] < 3.2 * line.height and (hit.line is line or hit.line.box[0] < line.box[0])
        for hit in sheet.hits
    )  # fmt: skip


_SIGNED_FOR = re.compile(r"\bI (?:hereby |do )?(?:certify|attest|declare|affirm|state|confirm)\b|\b(?:and|,) (?:certify|state|declare) that\b", re.I)


def _under_signature(sheet: Sheet, start: int, label: str) -> bool:
    """Whether a form's bare 'Date' stands below the signature's label or what the signer certifies, and no other bare
    one above them: the date closes the signer's block."""
    line = sheet.line_at(start)
    if (sheet.kind != "form" and sheet.zones.closing is not None) or line is None or not re.fullmatch(r"\W*date\W*", label, re.I):
        return False
    signs = [hit.line for hit in sheet.hits if hit.field == "signature"] or [n for n in sheet.lines if _SIGNED_FOR.search(n.text)]
    return any(n.page == line.page and -45 < line.box[1] - n.box[1] < 190 for n in signs)


def _by_signer(sheet: Sheet, mention: DateMention) -> bool:
    """Whether a labelled date stands by the signer's name in the second half of a letter that has another day at its head."""
    line, signer = sheet.line_at(mention.start), signer_line(sheet) if sheet.kind != "form" else None
    if line is None or signer is None or line.page != signer.page or abs(line.box[1] - signer.box[1]) > _BY_SIGNER or sheet.index_of(line) < 0.5 * len(sheet.lines):
        return False
    return any(d.end < mention.start and d.day is not None and sheet.zone_of(d.start) == "head" and (head := sheet.line_at(d.start)) is not None and len(head.text) - (d.end - d.start) < 8 for d in sheet.dates)


_BY_SIGNER = 45.0
"""Points from the signer's name within which a labelled day is that of signing."""

_TIME = re.compile(r"^\W{0,4}(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b)?", re.I)


def _is_header(sheet: Sheet, mention: DateMention, top: float) -> bool:
    """A date with a clock time at the very top or bottom of a page is a fax machine's or a printer's."""
    after = sheet.text(mention.end, mention.end + 16)
    return (top < 0.07 or top > 0.94) and bool(_TIME.match(after))


def _is_span(before: str, words: str) -> bool:
    """A bare 'to' ends a span only behind another date."""
    return words.strip().lower() != "to" or bool(re.search(r"\d{2,4}\W+to\W*$", before, re.I))


def _signed_span(sheet: Sheet, mention: DateMention) -> bool:
    before = sheet.text(max(0, mention.start - 120), mention.start)
    return bool(re.search(r"(?:(?:electronically|digitally)\s+signed|signed\s+(?:electronically|digitally)|e-?signed)(?:[^.]|(?<=\b[A-Z])\.|(?<=\b[DJS]r)\.){0,110}$", before, re.I | re.S))


def read_dates(sheet: Sheet, patient: Candidate | None = None) -> dict[str, FieldValue]:
    """By the place of the `patient`'s name too: letter_date, patient.dob, provider.signature_date, treatment_start and _end, injury_date, purchase_dates."""
    roled = by_place(sheet, roles_of(sheet), patient)
    letter = _letter_date(sheet, roled)
    day = dt.date.fromisoformat(letter.value) if isinstance(letter.value, str) else None
    fields = {
        "letter_date": letter,
        "patient.dob": _birth(sheet, roled, day),
        "provider.signature_date": _signature_date(sheet, roled, letter),
        "injury_date": _plain(sheet, roled, "injury", "injury_date"),
        "purchase_dates": _purchases(sheet, roled),
    }
    fields.update(read_span(sheet, roled))
    return fields


def _letter_date(sheet: Sheet, roled: tuple[RoledDate, ...]) -> FieldValue:
    made: list[Candidate | None] = []
    first_page = sheet.pages[0]
    for r in roled:
        confidence, because, rejected = _letter_weight(sheet, r, first_page)
        if r.mention.iso is None:
            rejected = "no such day in the calendar"
        elif r.mention.day is not None and not 2000 <= r.mention.day.year <= 2060:
            rejected = rejected or "a letter of that year is not possible"
        if not r.role and _years_before(r, roled):
            confidence, because = min(confidence, 0.3), f"{because}, years before the day of signing"
        value = r.mention.iso or r.mention.raw
        made.append(sheet.candidate(value, r.mention.start, r.mention.end, confidence, because, rejected))
    settled = settle("letter_date", made)
    if settled.accepted is None:
        return settled
    return losers("letter_date", settled, "another date stands better for the letter's own")


def _years_before(r: RoledDate, roled: tuple[RoledDate, ...]) -> bool:
    """Whether a date without a role lies two years or more before one that is said to be the letter's or the signature's."""
    said = [o.mention.day for o in roled if o.role in ("letter", "signature") and o.mention.day is not None]
    return r.mention.day is not None and bool(said) and (max(said) - r.mention.day).days > 2 * 365


def _letter_weight(sheet: Sheet, r: RoledDate, first_page: int) -> tuple[float, str, str | None]:
    line = sheet.line_at(r.mention.start)
    on_first = line is not None and line.page == first_page
    if r.role == "letter":
        return (0.97 if on_first else 0.8), r.because, None
    if r.role == "signature":
        return (0.85 if sheet.kind == "form" else 0.6), f"{r.because}; no other date is the letter's", None
    if r.role:
        return 0.1, r.because, f"is {ROLE_NAMES[r.role]}"
    if r.alone and on_first and (r.zone == "head" or r.top < 0.4):
        if line is not None and _in_a_table(sheet, r, line):
            return 0.3, "stands in a table or under words that ask for another date", None
        return 0.95, "stands alone above the salutation", None
    if on_first and r.top < 0.45 and line is not None and _PLACE_LED.fullmatch(line.text[: r.mention.start - line.start]) and line.end - r.mention.end < 3:
        return 0.93, "follows the place of writing", None
    if r.alone and r.zone == "sign":
        return 0.62, "stands alone by the signature", None
    if r.zone == "head" and on_first and line is not None and r.mention.start - line.start < 3:
        return 0.85, "begins a line above the salutation", None
    if r.zone == "head" and on_first:
        return 0.5, "stands above the salutation", None
    return 0.1, r.because, "it stands in running text"


_PLACE_LED = re.compile(r"\W*(?:[A-ZÀ-Þ][\w'’.\-]*\s?){1,3},\s*(?:[A-Z]{2},?\s*)?(?:the\s+)?")
"""'Fairbanks, ' before the date: where the letter was written."""


def _in_a_table(sheet: Sheet, r: RoledDate, line: Line) -> bool:
    """Whether another date stands alone in the same column, each with cells to its right; or on a form, words right over it
    that are no label of the letter's date."""
    near = [o for o in sheet.lines if o.page == line.page and o is not line]
    dated = {sheet.line_at(d.start) for d in sheet.dates if d is not r.mention}
    cells = any(abs(o.box[1] - line.box[1]) < 0.6 * line.height and 0 < o.box[0] - line.box[2] < 150 for o in near)
    column = [o for o in near if o in dated and abs(o.box[0] - line.box[0]) < 4 and abs(o.box[1] - line.box[1]) < 90 and len(o.words) <= 3]
    if cells and column and line.box[1] > 0.2 * sheet.page(line.page).height:
        return True
    over = [o for o in near if abs(o.box[0] - line.box[0]) < 6 and -0.5 * line.height < line.box[1] - o.box[3] < 0.9 * line.height]
    return sheet.kind == "form" and any(re.search(r"[a-z]{3}", o.text) and not re.search(r"\bdate\W*$|^\W*date\b(?! of (?!this|request|letter|issue))", o.text, re.I) for o in over)


def _birth(sheet: Sheet, roled: tuple[RoledDate, ...], day: dt.date | None) -> FieldValue:
    made = []
    for r in roled:
        if r.role != "birth":
            continue
        mention = birth_reading(r.mention, day)
        rejected = None
        if mention.iso is None:
            rejected = "no such day in the calendar"
        elif day and mention.day and mention.day > day:
            rejected = "a birth after the letter's date is not possible"
        whose = _whose_birth(sheet, mention.start)
        if whose == "another":
            rejected = rejected or "stands in another's section of the form"
        made.append(sheet.candidate(mention.iso or mention.raw, mention.start, mention.end, min(r.sure, 0.6 if whose else 0.96), r.because, rejected))
    made.extend(comb_births(sheet))
    return settle("patient.dob", made)


def _whose_birth(sheet: Sheet, start: int) -> str:
    """'' for the patient's own birth date; 'holder' where the section or the label is the account holder's, 'another'
    in the section of a provider or of anybody else."""
    line = sheet.line_at(start)
    role = sheet.role_of(line) if line is not None else ""
    pair = next((p for p in sheet.pairs_of("patient.dob") if p.start <= start <= p.end), None)
    if role in ("provider", "practice", "payer", "other"):
        return "another"
    label = sheet.text(pair.hit.start, pair.hit.end) if pair else ""
    return "holder" if role == "holder" or re.match(r"(?:subscriber|insured|employee|member|participant|policy ?holder|account ?holder)", label, re.I) else ""


def _signature_date(sheet: Sheet, roled: tuple[RoledDate, ...], letter: FieldValue) -> FieldValue:
    """The day of signing; a letter's only day, though it stands by the signature without a label, is the letter's."""
    own = letter.accepted.evidence if letter.accepted is not None else None
    made = []
    for r in roled:
        if r.role == "signature" and r.mention.iso:
            made.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.9, r.because))
        elif r.zone == "sign" and r.alone and r.role in ("", "letter") and r.mention.iso:
            rejected = "it is the letter's own" if own is not None and own.start == r.mention.start and sheet.kind == "letter" else None
            made.append(sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.75, "stands alone by the signature", rejected))
    return settle("provider.signature_date", made)


def _plain(sheet: Sheet, roled: tuple[RoledDate, ...], role: str, name: str) -> FieldValue:
    made = [sheet.candidate(r.mention.iso, r.mention.start, r.mention.end, 0.9, r.because)
            for r in roled if r.role == role and r.mention.iso]  # fmt: skip
    return settle(name, made)


def _purchases(sheet: Sheet, roled: tuple[RoledDate, ...]) -> FieldValue:
    hits = [r for r in roled if r.role == "purchase" and r.mention.iso]
    if not hits:
        return FieldValue(name="purchase_dates")
    days = tuple(sorted({r.mention.iso for r in hits if r.mention.iso}))
    first = hits[0]
    made = sheet.candidate(days, first.mention.start, first.mention.end, 0.85, first.because)
    return settle("purchase_dates", [made])
