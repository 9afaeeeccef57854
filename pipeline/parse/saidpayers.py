"""The payer as sentences and greetings name it: whom the letter asks to pay, with whom the account or the policy is, who denied.

Belongs here: names of any words in such phrases. Does not belong here: names told by their own words or by a label (recipient), by
the block they stand in (mailing) or by another place (addressee).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.model import Candidate
from pipeline.parse.people import read_person, same_person
from pipeline.parse.sheet import Sheet

_WORD = r"[A-ZÀ-Þ][\w'’&\-]*(?:\.(?=[A-Z]))?"
_NAME = rf"(?P<name>{_WORD}(?:,? (?:{_WORD}|&|of(?: the)?(?= [A-Z])|and(?= [A-Z])|the(?= [A-Z]))){{0,5}})"
_DESK = (
    r"(?:[\w’'&\-]+ ){0,5}?(?:desk|office|department|dept|team|unit|staff|people|folks|reviewers?|administrators?|examiners?|committee|directors?|managers?|coordinators?|nurses?|section|panel|trustees|representatives?|adjusters?|analysts?|service|services)"
)
_HELD = r"(?:accounts?|plan|policy|coverage|insurance|benefits?|insured|covered(?= (?:by|through|under|at)\b)|enrolled|insures|member(?:ship)?|participant|subscriber|enrollee|fsa|hsa|hra|card|claims?)"
_PAY = r"(?:reimburse|cover|pay|approve|authori[sz]e|allow|reconsider|overturn|reverse|grant|accept|release|honou?r|review|process|consider|reopen)"
_PHRASES: tuple[tuple[re.Pattern[str], float, str], ...] = (
    (re.compile(rf"(?:^|\n)\W*(?:(?i:to|dear|attn|attention|for|hello|hi|good (?:morning|afternoon)|greetings)\W+)(?i:to )?(?:(?i:the) )?(?i:{_DESK})(?:,| (?i:at|of|for|with|from)(?: the)?|\s[-–—])\s{_NAME}(?= ?[(:,;.\n]|$)"), 0.8, "is whose desk is written to"),
    (re.compile(rf"(?i:concern\w*)(?:\W*[(,–—-] ?(?:(?i:at|of|with) )?| (?i:at|of|with) ){_NAME}"), 0.76, "stands behind the greeting"),
    (re.compile(rf"(?<![a-z] )\b(?:Insurance|Insurer|Payer|Payor|Carrier|Health [Pp]lan|Plan|Administrator|TPA)(?: [Nn]ame| [Cc]ompany)? {_NAME}"), 0.64, "stands behind a word for the payer"),
    (re.compile(rf"(?i:\b(?:ask(?:ing)?|request(?:ing)?|urge|petition|appeal to|hope(?: that)?|want|would like|trust(?: that)?)) {_NAME},? (?i:to|will|would|can|could|may) (?i:{_PAY})\b"), 0.72, "is asked to pay"),
    (re.compile(rf"(?i:\byour (?:company|plan|organi[sz]ation|firm|office|fund|group)), {_NAME},"), 0.76, "is called 'your company'"),
    (re.compile(rf"(?i:\b{_HELD})(?:['’]s)?(?: (?!care\b|treatment\b|exercise\b|employ|work|job)[a-z]+){{0,3}} (?i:with|through|by|at|from|under)(?: (?i:your (?:company|plan)|the (?:insurer|carrier|administrator|company|plan)),?)? {_NAME}"), 0.56, "is with whom the account or policy is"),
    (re.compile(rf"(?i:\b(?:appeal|reconsideration|review|reversal) (?:of|to|from)) (?:(?i:the) )?{_NAME}(?:['’]s?)? (?i:denial|decision|determination|refusal|notice|letter)\b"), 0.7, "made the decision that is appealed"),
    (re.compile(rf"(?i:\b(?:denial|denied|decision|determination|refusal|refused|declined|letter|notice)(?: (?:of|for) [\w ]{{3,30}}?)?,? (?:from|by|of)) {_NAME}(?=,? (?i:dated|on|of)\b)"), 0.62, "made the decision that is spoken of"),
    (re.compile(rf"(?<![\w,] ){_NAME} (?i:has |have )?(?i:denied|refused|declined|turned down|rejected|non-certified)\b"), 0.6, "has denied"),
    (re.compile(rf"©\s?(?:\d{{4}}(?:[-–]\d{{2,4}})?,? )?{_NAME}(?=[.,]? (?i:all rights)|\.?\s*(?:$|\n|[|•·])|\.? (?i:form|rev))"), 0.58, "holds the form's copyright"),
)
_NOBODY = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|medicare|medicaid|medical necessity|letter|dear|patient|member|sir|madam|icd|cpt|hcpcs|dob|"
    r"diagnosis|treatment|re|fda|irs|hipaa|adhd|mri|physical therapy|occupational therapy|street|avenue|road|suite|whom|concern|it|this|that|the above|i)\b", re.I)  # fmt: skip
_CLINICAL = re.compile(
    r"\b(?:clinics?|hospitals?|physicians?|pediatrics?|orthop\w+|dermatology|cardiology|neurology|podiatry|chiropractic|acupuncture|dental|dentistry|therap\w+|rehab\w*|surgery|medicine|medical (?:center|group|associates|supply)|"
    r"family practice|psych\w+|sleep|spine|wellness|vision|nutrition|allergy|supply|equipment|oxygen|pharmacy|school of|university|institute|academy|college|laborator\w+|foundation|radiology|imaging|massage|pilates|yoga|fitness|gym)\b", re.I)  # fmt: skip
_ORG = re.compile(r"&|\b(?:inc|llc|co|company|group|partners|services|fund|trust|union|mutual|health|plan|benefits?|insurance|life|casualty|county|city|board|district|bank|administrat\w+|claims|cards?|accounts?|indemnity|assurance|compensation|advantage|blue|shield|cross)\b", re.I)


_WORDED = 0.64
"""The score of a name behind a bare word: only one that says it is an organisation's."""

_Span = tuple[str, int, float, str]


def in_sentences(sheet: Sheet, office: Sequence[Candidate], people: Sequence[str]) -> Iterator[_Span]:
    """Payers' names in what the letter says, with their places, how far each is believed and why; none of the `office`'s own names,
    nor of the `people` known on the letter."""
    if not sheet.lines:
        return
    start, end = sheet.lines[0].start, sheet.lines[-1].end
    text = sheet.text(start, end)
    flat = _run_together(sheet, text)
    own = [str(c.value).casefold() for c in office]
    for n, (pattern, score, why) in enumerate(_PHRASES):
        for match in pattern.finditer(text if n == 0 else flat):
            name = _bare(match["name"])
            at = start + match.start("name") + match["name"].find(name)
            score = 0.5 if n == 0 and _is_second(sheet, at) else score
            if name and _may_be(name, own, people) and sheet.document.text[at : at + len(name)].replace("\n", " ") == name and (score > 0.65 or not _is_person(name)) and (score != _WORDED or _ORG.search(name)):
                yield name, at, score, why


def _run_together(sheet: Sheet, text: str) -> str:
    """The text with a space for each line end within a paragraph: the next line begins close below, at the same left edge, and is no label."""
    found = list(text)
    labels = {hit.start for hit in sheet.hits}
    for line, below in pairwise(sheet.lines):
        close = below.page == line.page and abs(below.box[0] - line.box[0]) < 14 and below.box[1] - line.box[3] < 1.2 * line.height
        if close and below.start not in labels and below.start - line.end == 1:
            found[line.end - sheet.lines[0].start] = " "
    return "".join(found)


def _is_second(sheet: Sheet, at: int) -> bool:
    """Whether a line stands right below another that is no date, as the second of an address does: then it tells for whom the first acts."""
    line = sheet.line_at(at)
    return line is not None and any(o.page == line.page and o is not line and abs(o.box[0] - line.box[0]) < 6 and -2 < line.box[1] - o.box[3] < 0.8 * line.height and
               not any(o.start <= d.start < o.end for d in sheet.dates) for o in sheet.lines)  # fmt: skip


def _bare(name: str) -> str:
    """A name without possessive, product or article at its ends."""
    name = re.sub(r"['’]s?$", "", re.sub(r"^(?:The|Your|My|Our|Her|His) ", "", name.replace("\n", " "))).strip(" ,")
    return re.sub(r" (?:of|the|and|&)$", "", name)


def _may_be(name: str, own: Sequence[str], people: Sequence[str]) -> bool:
    words = name.split()
    if not 1 <= len(words) <= 7 or len(name) < 4 or _NOBODY.search(name) or _CLINICAL.search(name) or re.match(r"(?:Dr|Mr|Mrs|Ms|Miss)\b", name):
        return False
    if len(words) == 1 and (name.isupper() or not name[0].isupper()):
        return False
    if any(name.casefold() in o or o in name.casefold() for o in own):
        return False
    return not any(same_person(name, p) or name.casefold() in p.casefold().split() or p.casefold() in name.casefold() for p in people)


def _is_person(name: str) -> bool:
    """Whether a name of two or three words without one of an organisation reads as a person's."""
    return not _ORG.search(name) and 1 < len(name.split()) <= 3 and read_person(name) is not None
