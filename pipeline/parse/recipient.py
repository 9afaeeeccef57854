"""Whom the letter is written to.

Belongs here: the payer by its words and labels. Does not belong here: the program (program), a payer told by its place
(addressee), the letter's own office.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.model import Candidate, FieldValue
from pipeline.parse.addressee import by_place
from pipeline.parse.labelhits import id_of
from pipeline.parse.labels import KeyValue
from pipeline.parse.lines import Line
from pipeline.parse.mailing import by_exclusion, may_be_sent_to
from pipeline.parse.program import read_program
from pipeline.parse.saidpayers import in_sentences
from pipeline.parse.sheet import Sheet, settle

_PAYER = re.compile(
    r"\b(?:benefits?|benefit services|health plans?|insurance|assurance|mutual|casualty|indemnity|health ?care plan|administrators?|advantage|"
    r"accounts?|spending|savings|custodians?|flexcard|medicaid|medicare|hmo|ppo|hra|fsa|hsa|blue cross|blue shield|advisors|flex\w*|fund|trust|employers|state fund|exchange|"
    r"health (?:net|partners|services)|tpa|care plus|solutions|reimbursement|payer|plan)\b", re.I)  # fmt: skip
_UNIT = re.compile(
    r"^\W*(?:attn|attention|c/o|care of|department|dept|medical (?:director|review\w*|management|policy)|utilization|claims? (?:department|dept|unit|processing|examiner|review\w*)"
    r"|prior auth\w*|appeals?\b|pre-?cert\w*|p\.?\s?o\.?\s+box|\d|re\b|via\b|health savings account\w*|flexible spending\w*|flex(?:ible)? spending"
    r"|(?:health )?(?:fsa|hsa|hra)\b(?: (?:claims?|department|unit|team|administration|administrator|services))?\W*$|genetic|behavioral|dme\b|grievances"
    r"|the claims|member services|customer|reviewer|claims\b)", re.I)  # fmt: skip
_PREFIX = re.compile(r"^\W*[A-Za-z][\w \-/]{0,28}:\s*")
_GENERIC = re.compile(
    r"^(?:(?:medicaid|members?|participants?|subscribers?|health|flexible|spending|reimbursement|savings|medical|dental|primary|secondary|insurance|account|arrangement|plan|benefits?|care|flex|employees?|employer|claims?|fsa|hsa|hra|workers['’]?|worker['’]s|compensation|comp|reviewers?|people|folks|examiners?|accounts|spending|office|division|desk|department|unit|team|"
    r"payer|the|your|type|company|carrier|name|medicare|administrator|centers?|service|services|id|number|no|card|form|customer|program|a|an|and|of|for)\W*)+$", re.I)  # fmt: skip
_LEAD = re.compile(
    r"^\W*(?:(?:which is |plan )?administered (?:by|through)|(?:third[- ]party )?administrator|(?:medicaid|medicare|commercial|current) (?:health )?(?:plan|carrier|insurer)|(?:primary |secondary |health )?(?:insurance|insurer|carrier|payer|payor))\W+(?=[A-Z])",
    re.I,
)
_GREETED = re.compile(
    r"^\W*(?:hello|hi|dear|greetings)\s+(?P<name>[A-Z][\w&]+(?:\s[A-Z][\w&]+){0,3})\s+(?:team|folks|claims|benefits|reviewers?)",
    re.I,
)
_DEPARTMENT = re.compile(
    r"^\W*(?:(?:attn|attention)\W+)?(?:(?:member |medical |pharmacy )?(?:claims?|appeals?|grievances?|utilization|prior auth\w*|pre-?cert\w*|authorization|"
    r"medical review|medical policy|case management|medical director|dme|reimbursement|(?:hra|fsa|hsa|flex\w*|benefits?|employee benefits?|health plan) (?:claims?|department|office|desk|unit|team|administration|review))\b)", re.I)  # fmt: skip
_BARE_NAME = re.compile(r"^(?:[A-ZÀ-Þ&][\w'’.&\-]*|of|the|and|for)(?: (?:[A-ZÀ-Þ&][\w'’.&\-]*|of|the|and|for)){1,5}$")


def read_recipient(sheet: Sheet, office: Sequence[Candidate] = (), signer: str | None = None) -> dict[str, FieldValue]:
    """recipient.payer and recipient.program; `office` is what is known of the letter's own paper, `signer` who signed."""
    payer = _payer(sheet, office, signer)
    return {"recipient.payer": payer, "recipient.program": read_program(sheet, payer)}


def _payer(sheet: Sheet, office: Sequence[Candidate], signer: str | None) -> FieldValue:
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
    spans = [*in_sentences(sheet, office, [signer] if signer else []), *(by_exclusion(sheet, office) if sheet.kind != "form" else ())]
    made.extend(sheet.candidate(name, at, at + len(name), score, why) for name, at, score, why in spans)
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
    if best is None:
        return value
    if len(str(best.value).split()) > 1:
        ends = next((c for c in value.candidates if c.rejected_because is None and str(c.value).lower().endswith(" " + str(best.value).lower())
                     and len(str(c.value).split()) == len(str(best.value).split()) + 1 and not _LEADS.match(str(c.value))), None)  # fmt: skip
        return value if ends is None else FieldValue(name=value.name, candidates=(ends, *(c for c in value.candidates if c is not ends)))
    fuller = next((c for c in value.candidates if c.rejected_because is None and str(best.value).lower() in str(c.value).lower().split() and c is not best), None)
    if fuller is None:
        return value
    whole = fuller.model_copy(update={"confidence": max(fuller.confidence, 0.8)})
    return FieldValue(name=value.name, candidates=(whole, *(c for c in value.candidates if c is not fuller)))


_LEADS = re.compile(r"(?:to|for|from|attn|attention|the|dear|via|re|at|with|by|our|your)\b", re.I)
"""A first word that belongs to no name."""

_PLAIN = re.compile(r"(?:primary|health|medical)? ?insur(?:ance|er)\b|payer|payor|carrier|health plan|(?:claims?|plan|third[- ]party) administrator", re.I)


def _plainly(sheet: Sheet, pair: KeyValue, label: str) -> Candidate | None:
    """A name without any word of a payer, under a label that asks for nothing else."""
    head = re.split(r"\s{3,}|[|;(•·]|,\s|\s[-–—]\s", sheet.text(pair.start, pair.end).split("\n")[0])[0].strip(" ,.")
    if re.fullmatch(r"\W*to\W*", label, re.I) and sheet.zone_of(pair.start) == "head" and may_be_sent_to(head):
        return sheet.candidate(head, pair.start, pair.start + len(head), 0.6, f"stands under the label '{label}' and is no person")
    if not _PLAIN.match(label) or not _BARE_NAME.match(head) or _GENERIC.match(head):
        return None
    return sheet.candidate(head, pair.start, pair.start + len(head), 0.75, f"stands under the label '{label}'")


def _named(sheet: Sheet, line: Line, start: int, end: int, confidence: float, because: str) -> Candidate | None:
    text = sheet.text(start, end).split("\n")[0]
    if re.match(r"\W*(?:fwd?|re|subject|letter|date)\b", text, re.I):
        return None
    text = _MAILED.sub("", _PREFIX.sub("", text))
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


_MAILED = re.compile(r"^\W*\S+@\S+\s*[(<–—-]*\s*(?=[A-Z])")
"""An address for mail before the name: 'lmn@fenwick.example (Fenwick Benefits)'."""


def _organisation(head: str) -> str | None:
    """The payer among the parts of a line: 'Health FSA, Larchmont Benefits, participant no' names one in its middle."""
    parts = [head, *head.split(",")] if re.search(r",\s*(?:inc|llc|ltd|co)\b", head, re.I) else head.split(",")
    for part in parts:
        part = part if "(" in part else part.rstrip(" )")
        bare = _own_name(part.strip(" ,.:;-–—/"))
        led = _LEAD.match(bare)
        value = bare[led.end() :] if led and (_PAYER.search(bare[led.end() :]) or "admin" in led.group().lower()) else bare
        if _may_be_payer(value):
            return value
    return None


_NO_PAYER = re.compile(r"\b(?:form|statement|necessity|letter|certification|certificate|worksheet|request|owner|holder|type|number|no)\b", re.I)
_SENTENCE = re.compile(r"(?:^|\s)(?!(?:of|the|and|for|by|de|du|in)\s)[a-z]+\s(?:[a-z]+\s)*(?!(?:of|the|and|for|by|de|du|in)(?:\s|$))[a-z]+(?:\s|$)")
"""Two words in small letters, which no name has: 'The member completes this section'."""

_GREETING = re.compile(r"^(?:(?:to )?(?:the )?[A-Z][a-z]+(?: [a-z]+){1,4} (?:at|of|with|from) (?=[A-Z])|(?:to )?(?:whom|who|those|the|dear|attn|attention|hello)\b.{0,40}?\b(?:at|of|with)\s+(?=[A-Z]))")
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
    starts = [line.start + line.text.rindex(",", 0, h.start - line.start) for h in sheet.hits if h.line is line and h.kind == "id" and re.search(r",(?:\s+[a-z]+){0,4}\s*$", line.text[: h.start - line.start])]
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
        if close and _DEPARTMENT.match(below.text) and not re.match(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b", name) and _BARE_NAME.match(name) and not any(h.line is line for h in sheet.hits):
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
        tallest = max((line.height for line in sheet.lines[:6]), default=0.0)
        for line in sheet.lines[:6]:
            sure = 0.9 if line.height >= 0.98 * tallest and line.height > 1.3 * sorted(o.height for o in sheet.lines)[len(sheet.lines) // 2] and line.box[1] < 0.1 * sheet.page(line.page).height else 0.7
            made.append(_named(sheet, line, line.start, line.end, sure, "heads the form") or _in_logo(sheet, line))
    for line in sheet.lines:
        made += [_named(sheet, line, line.start + m.start("name"), line.start + m.end("name"), 0.86, why) for words, why in _TOLD for m in words.finditer(line.text)]
    return made


_BEARER = r"(?P<name>[A-ZÀ-Þ][\w'’&.\-]*(?: (?:[A-ZÀ-Þ&][\w'’.\-]*|of|and|the)){0,5})"
_TOLD = (
    (re.compile(rf"\bfor (?:use by |all )?{_BEARER} (?:members|participants|enrollees|subscribers|policyholders|plan members|employees)\b"), "the form is for its members"),
    (re.compile(rf"\b[Aa]dministered (?:by|through|for the plan by)[:,]? {_BEARER}"), "administers the plan"),
    (re.compile(rf"(?<![\w,] ){_BEARER}(?:['’]s)? (?:claim|file|case|policy|reference|authorization)(?: (?:no\.?|number|num\.?|#))?[: ]{{1,2}}(?=#?[A-Z]{{0,6}}[ \-]?\d)"), "stands before its claim's number"),
)
"""Where running text or a form's head names the payer, and why."""


def _in_logo(sheet: Sheet, line: Line) -> Candidate | None:
    """A name at the head of a form in any case of letters: 'harbor benefit accounts', 'HARBOR health plan'; of one word where
    the line below tells the kind of account."""
    text = " ".join(line.text.split())
    usual = sorted(o.height for o in sheet.lines)[len(sheet.lines) // 2]
    if line.page != sheet.pages[0] or line.height < 1.2 * usual or line.box[1] > 0.12 * sheet.page(line.page).height or not 1 <= len(text.split()) <= 5 or re.search(r"\d", text):
        return None
    if len(text.split()) == 1:
        below = [o for o in sheet.lines if o.page == line.page and -2 < o.box[1] - line.box[3] < 1.5 * line.height and abs(o.box[0] - line.box[0]) < 30]
        told = any(_ACCOUNT.match(o.text) for o in below)
        return sheet.candidate(text, line.start, line.end, 0.72, "heads its own form") if told and text[:1].isupper() and len(text) > 3 and not _GENERIC.match(text) and not _NO_PAYER.search(text) else None
    return sheet.candidate(text, line.start, line.end, 0.72, "heads the form") if _may_be_payer(text.title()) else None


_ACCOUNT = re.compile(r"^\W*(?:(?:health|medical|flexible|flex|employee|consumer|workers['’]?)\s)*(?:savings|spending|reimbursement|compensation|benefits?|fsa|hsa|hra)\b(?:\s(?:accounts?|arrangements?|cent(?:er|re)|services|claims|department|program|plan))*\W*$", re.I)
"""The kind of account that a form's head names under the payer's wordmark."""


