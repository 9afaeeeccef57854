"""Whom the letter is written to, and under which kind of plan.

Belongs here: payer and program. Does not belong here: the letter's own office.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.model import Candidate, FieldValue
from pipeline.parse.addressee import by_place
from pipeline.parse.labelhits import id_of
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.sheet import Sheet, settle

_PAYER = re.compile(
    r"\b(?:benefits?|benefit services|health plans?|insurance|assurance|mutual|casualty|indemnity|health ?care plan|administrators?|advantage|"
    r"accounts?|spending|custodians?|flexcard|medicaid|medicare|hmo|ppo|hra|fsa|hsa|blue cross|blue shield|advisors|flex\w*|fund|trust|employers|state fund|exchange|"
    r"health (?:net|partners|services)|tpa|care plus|solutions|reimbursement|payer|plan)\b", re.I)  # fmt: skip
_UNIT = re.compile(
    r"^\W*(?:attn|attention|c/o|care of|department|dept|medical (?:director|review\w*|management|policy)|utilization|claims? (?:department|dept|unit|processing|examiner|review\w*)"
    r"|prior auth\w*|appeals?\b|pre-?cert\w*|p\.?\s?o\.?\s+box|\d|re\b|via\b|health savings account\w*|flexible spending\w*|flex(?:ible)? spending"
    r"|(?:health )?(?:fsa|hsa|hra)\b(?: (?:claims?|department|unit|team|administration|administrator|services))?\W*$|genetic|behavioral|dme\b|grievances"
    r"|the claims|member services|customer|reviewer|claims\b)", re.I)  # fmt: skip
_PREFIX = re.compile(r"^\W*[A-Za-z][\w \-/]{0,28}:\s*")
_GENERIC = re.compile(
    r"^(?:(?:members?|participants?|subscribers?|health|flexible|spending|reimbursement|savings|medical|dental|primary|secondary|insurance|account|arrangement|plan|benefits?|care|flex|employees?|employer|claims?|fsa|hsa|hra|workers['’]?|worker['’]s|compensation|comp|reviewers?|people|folks|examiners?|accounts|spending|office|division|desk|department|unit|team|"
    r"payer|the|your|type|company|carrier|name|medicare|administrator)\W*)+$", re.I)  # fmt: skip
_LEAD = re.compile(
    r"^\W*(?:(?:which is |plan )?administered (?:by|through)|(?:third[- ]party )?administrator|(?:medicaid|medicare|commercial|current) (?:health )?(?:plan|carrier|insurer)|(?:primary |secondary |health )?(?:insurance|insurer|carrier|payer|payor))\W+(?=[A-Z])",
    re.I,
)
_GREETED = re.compile(
    r"^\W*(?:hello|hi|dear|greetings)\s+(?P<name>[A-Z][\w&]+(?:\s[A-Z][\w&]+){0,3})\s+(?:team|folks|claims|benefits|reviewers?)",
    re.I,
)
_PROGRAMS: tuple[tuple[str, str, float], ...] = (
    ("workers_comp", r"workers?['’]?s? comp\w*|compensation (?:fund|insurance|board|carrier)|date of accident|work(?:er)?s?['’]? compensation|injured (?:worker|employee)|w\.?c\.? claim|date of injury|on[- ]the[- ]job injur|"
                     r"industrial injur|employer['’]?s? (?:insurer|carrier)|utilization review.{0,20}dwc|maximum medical improvement", 1.0),
    ("hra", r"\bhra\b|health reimbursement (?:arrangement|account)", 1.1),
    ("hsa", r"\bhsa\b|health savings account", 1.05),
    ("fsa", r"\bfsa\b|flex(?:ible)? spending|flex account|flex(?:ible)? (?:benefits? )?(?:plan|program)|health care spending account|\blpfsa\b|flexible benefit|cafeteria plan|section 125", 1.0),
    ("insurance", r"\bhmo\b|\bppo\b|medicaid|medicare|health (?:plan|insurance)s?\b|prior[- ]auth\w*|pre-?cert\w*|pre-?determination|utilization (?:review|management)|"
                  r"medical director|adverse (?:benefit )?determination|appeals?\b|subscriber|peer[- ]to[- ]peer|insur(?:ance|er)\b", 0.8),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(words, re.I), weight) for name, words, weight in _PROGRAMS)
_INSURER = re.compile(
    r"\b(?:health ?plans?|insurance|assurance|mutual|medicaid|medicare|hmo|ppo|blue (?:cross|shield)|health (?:net|partners)|advantage|choice plan)\b", re.I
)
_DEPARTMENT = re.compile(
    r"^\W*(?:(?:attn|attention)\W+)?(?:(?:member |medical |pharmacy )?(?:claims?|appeals?|grievances?|utilization|prior auth\w*|pre-?cert\w*|authorization|"
    r"medical review|medical policy|case management|medical director|dme|reimbursement)\b)", re.I)  # fmt: skip
_BARE_NAME = re.compile(r"^(?:[A-ZÀ-Þ&][\w'’.&\-]*|of|the|and|for)(?: (?:[A-ZÀ-Þ&][\w'’.&\-]*|of|the|and|for)){1,5}$")
_UNTICKED = re.compile(r"[☐□]\s*$")


_CHOICE = 60
"""Characters of a box's words that name a program; a longer one is a statement."""


def read_recipient(sheet: Sheet) -> dict[str, FieldValue]:
    """recipient.payer and recipient.program."""
    payer = _payer(sheet)
    return {"recipient.payer": payer, "recipient.program": _program(sheet, payer)}


def _payer(sheet: Sheet) -> FieldValue:
    made: list[Candidate | None] = []
    for pair in sheet.pairs_of("recipient.payer"):
        label = " ".join(sheet.text(pair.hit.start, pair.hit.end).split())
        named = _named(sheet, pair.lines[0], pair.start, pair.end, 0.85 if pair.hit.separated else 0.6, f"stands under the label '{label}'")
        made.append(named or _plainly(sheet, pair, label))
    for line in _address_lines(sheet):
        made.append(_named(sheet, line, line.start, _before_labels(sheet, line), 0.88, "heads the address the letter is sent to"))
    made.extend(_above_unit(sheet))
    made.extend(_sent_to(sheet))
    made.extend(_mentioned(sheet))
    made.extend(_in_words(sheet))
    made.extend(by_place(sheet))
    return _whole_name(settle("recipient.payer", made))


_SAID = re.compile(
    r"(?i:\b(?:(?:claims?|plan|benefits?|fsa|hsa|hra|flexible spending|health savings|third[- ]party|spending account|flex) (?:administrator|custodian|trustee|record[- ]?keeper)|administered (?:by|through)|insured (?:by|through|with)|"
    r"(?:health |workers['’]? compensation )?(?:insurer|carrier|insurance company|payer)(?: is)?|(?:covered|coverage) (?:by|through|with)|\b(?:account|plan|coverage|fsa|hsa|hra|benefits?)\b[^.;:]{0,50}?\b(?:is |are )?(?:with|held (?:by|at)|administered by|managed by|run by|handled by)))[,:]?\s+(?=[A-Z])")
_NAMED = re.compile(r"(?:[A-ZÀ-Þ][\w'’&.\-]*|&|of|and|the)(?:\s+(?:[A-ZÀ-Þ][\w'’&\-]*|&|of|and|the)){0,5}")


def _in_words(sheet: Sheet) -> list[Candidate | None]:
    """'for the flexible spending administrator Aldermoor Benefits, that ...'."""
    made: list[Candidate | None] = []
    spans = [(sheet.lines[0].start, sheet.lines[-1].end)] if sheet.lines else []
    for start, end in spans:
        flat = re.sub(r"\s", " ", sheet.text(start, end))
        for match in _SAID.finditer(flat):
            name = _NAMED.match(flat, match.end())
            value = re.sub(r"\s+(?:of|and|the)$", "", name.group().rstrip(".")) if name else ""
            if _may_be_payer(value) and not _GENERIC.match(value):
                at = start + match.end()
                made.append(sheet.candidate(value, at, at + len(value), 0.62, "is named as the administrator or insurer"))
    for line in sheet.lines:
        greeted = _DEAR.match(line.text)
        value = _own_name(greeted["name"]) if greeted else ""
        if greeted and _may_be_payer(value):
            at = line.start + greeted.start("name") + greeted["name"].index(value)
            made.append(sheet.candidate(value, at, at + len(value), 0.78, "is greeted"))
    return made


_DEAR = re.compile(r"^\W*(?:dear|to|hello|attn\.?:?|attention:?)\s+(?P<name>[A-ZÀ-Þ][\w'’&.\-]*(?:\s+(?:[A-ZÀ-Þ][\w'’&\-]*|of|and|&)){0,5})\s*[,:;]?\s*$", re.I)


def _whole_name(value: FieldValue) -> FieldValue:
    """Where a heading's stacked word is a part of a fuller name on the same letter, that is the name; a name of one
    common word is none by itself."""
    best = value.accepted
    if best is None or len(str(best.value).split()) > 1:
        return value
    fuller = next((c for c in value.candidates if c.rejected_because is None and str(best.value).lower() in str(c.value).lower().split() and c is not best), None)
    if fuller is None:
        return value
    whole = fuller.model_copy(update={"confidence": max(fuller.confidence, 0.8)})
    return FieldValue(name=value.name, candidates=(whole, *(c for c in value.candidates if c is not fuller)))


_PLAIN = re.compile(r"(?:primary|health|medical)? ?insur(?:ance|er)\b|payer|payor|carrier|health plan|(?:claims?|plan|third[- ]party) administrator", re.I)


def _plainly(sheet: Sheet, pair: KeyValue, label: str) -> Candidate | None:
    """A name without any word of a payer, under a label that asks for nothing else."""
    head = re.split(r"\s{3,}|[|;(•·]|,\s|\s[-–—]\s", sheet.text(pair.start, pair.end).split("\n")[0])[0].strip(" ,.")
    if not _PLAIN.match(label) or not _BARE_NAME.match(head) or _GENERIC.match(head):
        return None
    return sheet.candidate(head, pair.start, pair.start + len(head), 0.75, f"stands under the label '{label}'")


def _named(sheet: Sheet, line: Line, start: int, end: int, confidence: float, because: str) -> Candidate | None:
    text = sheet.text(start, end).split("\n")[0]
    if re.match(r"\W*(?:fwd?|re|subject|letter|date)\b", text, re.I):
        return None
    text = _PREFIX.sub("", text)
    start = end - len(sheet.text(start, end)) + sheet.text(start, end).index(text) if text else start
    head = re.split(
        r"\s*(?:\(|,\s*(?=p\.?\s?o\.?|\d|attn|health|flex|claims|c/o)|\s[-–—|•·]\s|\s?/\s|,\s+P\.?O|;|\.\s|\s(?:HSA|FSA|HRA)\s*/)",
        text,
        maxsplit=1,
        flags=re.I,
    )[0]
    value = _organisation(head)
    if value is None:
        return None
    lead = text.find(value)
    return sheet.candidate(value, start + lead, start + lead + len(value), confidence, because)


def _organisation(head: str) -> str | None:
    """The payer among the parts of a line: 'Health FSA, Larchmont Benefits, participant no' names one in its middle."""
    parts = [head, *head.split(",")] if re.search(r",\s*(?:inc|llc|ltd|co)\b", head, re.I) else head.split(",")
    for part in parts:
        bare = _own_name(part.strip(" ,.:;-–—/"))
        led = _LEAD.match(bare)
        value = bare[led.end() :] if led and (_PAYER.search(bare[led.end() :]) or "admin" in led.group().lower()) else bare
        if _may_be_payer(value):
            return value
    return None


_NO_PAYER = re.compile(r"\b(?:form|statement|necessity|letter|certification|certificate|worksheet|request|owner|holder|type|number|no)\b", re.I)
_SENTENCE = re.compile(r"(?:^|\s)(?!(?:of|the|and|for|by|de|du|in)\s)[a-z]+\s(?:[a-z]+\s)*(?!(?:of|the|and|for|by|de|du|in)(?:\s|$))[a-z]+(?:\s|$)")
"""Two words in small letters, which no name has: 'The member completes this section'."""

_GREETING = re.compile(r"^(?:to )?(?:whom|who|those|the|dear|attn|attention|hello)\b.{0,40}?\b(?:at|of|with)\s+(?=[A-Z])", re.I)
_PRODUCT = re.compile(r"\s+(?:(?:health|flexible|medical|dependent care|flex|reimbursement|limited[- ]purpose)\s+)?(?:savings|spending|reimbursement|fsa|hsa|hra)(?:\s+(?:accounts?|arrangements?|plans?|program|claims|administrator|administration|team))*$")


def _own_name(text: str) -> str:
    """A payer's name without the words of a greeting before it, a logo's letter, or its product in small letters behind."""
    text = re.sub(r"^(?:To|TO|Attn|ATTN)\s+(?=[A-Z])", "", _GREETING.sub("", text))
    text = re.sub(r"^([A-Z]) (?=\1[a-z])", "", text)
    text = re.sub(r"\s+(?:(?:FSA|HSA|HRA|claims|benefits) )?(?:people|team|folks|reviewers?|examiners?|staff)$", "", text)
    text = re.sub(r"(?<=\w)\s+(?:medical|clinical|utilization|claims?|appeals?|member|prior) (?:review|management|department|dept|unit|authorization|appeals|processing)$", "", text, flags=re.I)
    return _PRODUCT.sub("", text) if len(_PRODUCT.sub("", text).split()) > 1 else text


def _may_be_payer(value: str) -> bool:
    if not _PAYER.search(value) or _GENERIC.match(value) or _UNIT.match(value) or re.match(r"(?:plan of|care plan|treatment plan)\b", value, re.I):
        return False
    if not (value[:1].isupper() or value[:1].isdigit()) or _NO_PAYER.search(value) or _SENTENCE.search(value):
        return False
    return not re.search(r"\d{3}", value) and len(value) <= 60 and not re.match(r"(?:the|this|your|our|my|a|any) (?:[A-Z]{2,4} )?[a-z]", value)


def _before_labels(sheet: Sheet, line: Line) -> int:
    """Where the part of a line ends that stands before a comma and the label of a number: 'Larch Benefits, member no. 7'."""
    starts = [h.start for h in sheet.hits if h.line is line and h.kind == "id" and sheet.text(line.start, h.start).rstrip().endswith(",")]
    return min(starts, default=line.end)


def _address_lines(sheet: Sheet) -> Sequence[Line]:
    """Lines before the salutation that are followed by a P.O. box, an address or a department, payer words in them."""
    found = []
    head = [sheet.lines[n] for n in sheet.zones.head]
    labelled = {id_of(hit.line) for hit in sheet.hits if hit.field.startswith(("provider.", "patient.", "practice.")) or
                (hit.field in ("recipient.payer", "account_holder", "relationship", "employer") and not hit.alone)}  # fmt: skip
    for line in head:
        page = sheet.page(line.page)
        if id_of(line) in labelled and _before_labels(sheet, line) == line.end:
            continue
        if line.box[1] / page.height < 0.06 and len(head) > 8:
            continue
        if (
            _PAYER.search(line.text)
            and not _UNIT.match(line.text)
            and not re.match(r"\W*(?:re|subject)\b", line.text, re.I)
        ):
            found.append(line)
    return found


_SENT_TO = re.compile(r"^\W*(?:please )?(?:send|mail|submit|return|fax|email)(?: (?:this|the|completed|signed|form|letter|it|request|original)){0,3} to\b\W*(?=[A-Z])", re.I)
_UNIT_BEHIND = re.compile(r",\s*(?:prior (?:approval|auth\w*)|claims?|appeals?|grievances|utilization\b|medical (?:review|director)|pre-?cert\w*|case management|reimbursement)", re.I)


def _sent_to(sheet: Sheet) -> list[Candidate | None]:
    """'Send to X, P.O. Box ...' on a form; 'For: X, prior approval' over a letter, though no word of X says payer."""
    made: list[Candidate | None] = []
    for line in sheet.lines:
        led = _SENT_TO.match(line.text)
        if led:
            made.append(_named(sheet, line, line.start + led.end(), line.end, 0.92, "the form is to be sent to it"))
        unit = _UNIT_BEHIND.search(line.text)
        name = _PREFIX.sub("", line.text[: unit.start()]).strip(" ,") if unit else ""
        if unit and sheet.zone_of(line.start) == "head" and _BARE_NAME.match(name):
            at = line.start + line.text.index(name)
            made.append(sheet.candidate(name, at, at + len(name), 0.72, "stands before a payer's department"))
    return made


def _above_unit(sheet: Sheet) -> list[Candidate | None]:
    """A name right above a payer's own department ('Appeals Unit', 'Attn: Claims'), though no word of it says payer."""
    made: list[Candidate | None] = []
    head = [sheet.lines[n] for n in sheet.zones.head]
    for line, below in pairwise(head):
        close = below.page == line.page and below.box[1] - line.box[3] < 0.9 * line.height and abs(below.box[0] - line.box[0]) < 4
        name = line.text.strip(" ,")
        if close and _DEPARTMENT.match(below.text) and _BARE_NAME.match(name) and not any(h.line is line for h in sheet.hits):
            at = line.start + line.text.index(name)
            made.append(sheet.candidate(name, at, at + len(name), 0.72, "stands above a payer's department"))
    return made


def _mentioned(sheet: Sheet) -> list[Candidate | None]:
    made: list[Candidate | None] = []
    for line in sheet.lines:
        greeted = _GREETED.match(line.text)
        if greeted and greeted["name"][0].isupper() and not _GENERIC.match(greeted["name"]) and greeted["name"].lower() not in ("sir", "madam", "claims", "medical", "the", "fsa", "hsa", "hra"):
            made.append(sheet.candidate(greeted["name"], line.start + greeted.start("name"), line.start + greeted.end("name"),
                                        0.6, "is greeted"))  # fmt: skip
    if sheet.kind == "form":
        for line in sheet.lines[:6]:
            made.append(_named(sheet, line, line.start, line.end, 0.7, "heads the form"))
    return made


def _program(sheet: Sheet, payer: FieldValue) -> FieldValue:
    made: list[Candidate | None] = []
    ticked = _ticked(sheet)
    if ticked is not None:
        made.append(ticked)
    for name, pattern, weight in _COMPILED:
        for line in sheet.lines:
            for match in pattern.finditer(line.text):
                made.append(_program_candidate(sheet, line, name, match, weight))
    made.append(_insurer(sheet, payer))
    return settle("recipient.program", _strongest(made))


def _insurer(sheet: Sheet, payer: FieldValue) -> Candidate | None:
    """A payer that calls itself an insurer or a health plan: insurance, where nothing else is said."""
    best = payer.accepted
    if best is None or best.evidence is None or not _INSURER.search(str(best.value)):
        return None
    return sheet.candidate("insurance", best.evidence.start, best.evidence.end, 0.45, "the payer is an insurer by its name")


def _program_candidate(sheet: Sheet, line: Line, name: str, match: re.Match[str], weight: float) -> Candidate | None:
    at = line.start + match.start()
    unticked = any(not o.ticked and o.start <= at < o.end for o in sheet.options if o.end - o.start < _CHOICE)
    if unticked or _UNTICKED.search(line.text[: match.start()]):
        return sheet.candidate(name, line.start + match.start(), line.start + match.end(), 0.1, "an option of the form",
                               "its box is not ticked")  # fmt: skip
    zone = sheet.zones.name(sheet.index_of(line))
    place = 0.72 if zone == "head" else 0.5 if zone == "body" else 0.35
    place = 0.62 if sheet.kind == "form" else place
    return sheet.candidate(name, line.start + match.start(), line.start + match.end(), min(0.9, place * weight),
                           f"the letter speaks of '{match.group().strip()}'")  # fmt: skip


def _strongest(made: Sequence[Candidate | None]) -> list[Candidate]:
    """A program's first few mentions only, so that a word said ten times does not outweigh an address."""
    kept: dict[str, list[Candidate]] = {}
    for c in sorted((c for c in made if c is not None), key=lambda c: -c.confidence):
        group = kept.setdefault(f"{c.value}{c.rejected_because is None}", [])
        if len(group) < 2:
            group.append(c)
    return [c for group in kept.values() for c in group]


def _ticked(sheet: Sheet) -> Candidate | None:
    """The program whose box is ticked on a form."""
    for pair in sheet.pairs_of("program"):
        for name, pattern, _ in _COMPILED:
            if pattern.search(sheet.text(pair.start, pair.end)) and not any(pair.start <= o.start < pair.end for o in sheet.options):
                return sheet.candidate(name, pair.start, pair.end, 0.93, "stands under the label of the plan's kind")
    for option in (o for o in sheet.options if o.ticked and o.end - o.start < _CHOICE):
        for name, pattern, _ in _COMPILED:
            if pattern.search(sheet.text(option.start, option.end)):
                return sheet.candidate(name, option.start, option.end, 0.95, "its box is ticked")
    for line in sheet.lines:
        for match in re.finditer(r"[☒☑✓✔■]\s*(?P<label>[^☐☒☑✓✔□■]{2,40})", line.text):
            for name, pattern, _ in _COMPILED:
                if pattern.search(match["label"]):
                    start = line.start + match.start()
                    return sheet.candidate(name, start, start + len(match.group().rstrip()), 0.95, "its box is ticked")
    return None
