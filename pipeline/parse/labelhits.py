"""Labels on a line: which words announce a field, and where the value behind them may begin.

Belongs here: punctuation about a label. Does not belong here: the words (lexicon), values on other lines (labels).
"""

import re
from dataclasses import dataclass

from pipeline.parse.faxlines import sent_by_fax
from pipeline.parse.lexicon import HINT, alternatives, lexicon
from pipeline.parse.lines import Line

_SEPARATOR = re.compile(r"\s*(?:[:#]+|(?:\.\s?){3,}|_{2,}|[-–—=](?=\s)|\?)\s*")
_BEFORE = re.compile(r"(?:^|[|•·;,/()\[\]–—]|\s[-&]|\s{2,}|[.:?]|[☐☑☒✓□■])\s*$|^\W*(?:\(?[0-9A-Za-z]{1,2}[.)]\s*)$|^\W*\d{1,2}[a-z]?\s+$")
_INSIDE = ("patient.name", "account_holder", "recipient.payer", "provider.name", "provider.credentials", "provider.specialty",
           "practice.name", "employer", "program")  # fmt: skip
"""Fields whose label may stand inside a line, behind another's value, when it is capitalised and has a colon."""
_DEGREE = re.compile(r"\W*(?:m\.?d|d\.?o)\W*", re.I)
"""A degree alone on its line is the end of a name, not a label."""

TYPED = ("date", "id", "phone", "npi", "code", "money")
VALUE_SHAPES = {
    "date": re.compile(
        r"[\s:]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:the\s+)?(?:\d|[A-Z][a-z]{2,8}\.?\s+(?:the\s+)?\d)",
        re.I,
    ),
    "id": re.compile(r"[\s:#]*[A-Z]{0,5}[- ]?[A-Z0-9.\-]*\d[A-Z0-9.\-]{2,}", re.I),
    "phone": re.compile(r"[\s:.]*\+?1?[\s.\-]*\(?[0-9OoIl]{3}\)?[\s.\-–]*[0-9OoIl]{3}"),
    "npi": re.compile(r"[\s:#]*[0-9OoIl ]{10,}"),
    "code": re.compile(r"[\s:#]*[A-Z]?\d[\dA-Z.\-]{2,}"),
    "money": re.compile(r"[\s:]*\$?\s?\d"),
}


@dataclass(frozen=True)
class Hit:
    """A label at text[start:end] on a line; `after` is where its value may begin, `separated` whether a colon or the
    like stands between, `alone` whether the line holds nothing else."""

    field: str
    kind: str
    line: Line
    start: int
    end: int
    after: int
    separated: bool
    alone: bool


def id_of(line: Line) -> tuple[int, int]:
    """What tells a line from the others of its document."""
    return (line.page, line.start)


def hits_on(line: Line) -> list[Hit]:
    """The labels on a line, left to right; where two overlap the longer wins, then the one listed first. None on the
    line that a fax machine printed."""
    kept: list[Hit] = []
    for hit in _every_hit(line):
        if all(hit.end <= k.start or hit.start >= k.end for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _every_hit(line: Line) -> list[Hit]:
    found: list[Hit] = []
    if sent_by_fax(line):
        return found
    for field, kind, pattern in lexicon():
        for match in pattern.finditer(line.text):
            hit = _hit(line, field, kind, match)
            if hit is None or not (hit.alone or hit.separated):
                hit = _longer(line, field, kind, match, pattern) or hit
            if hit is not None:
                found.append(hit)
    found += _run_on(line, found)
    return sorted(found, key=lambda h: (-(h.end - h.start), h.start))


def _longer(line: Line, field: str, kind: str, match: re.Match[str], pattern: re.Pattern[str]) -> Hit | None:
    """The label that begins where one does that fits no place, and is longer."""
    for alternative in alternatives(pattern):
        other = alternative.match(line.text, match.start())
        if other is not None and other.end() > match.end() and (hit := _hit(line, field, kind, other)) is not None:
            return hit
    return None


_NAME_ONLY = re.compile(r"\s+[A-Z][\w'’.\-]+,?(?:\s+[A-Z][\w'’.\-]*){1,3}\s*$")


def _run_on(line: Line, found: list[Hit]) -> list[Hit]:
    """Labels of people at a line's start whose whole value, up to the next label, is a name: 'Participant Ana Ruiz   Participant ID 7'."""
    made = []
    for field, kind, pattern in lexicon() if _unlabelled_start(line, found) else ():
        match = pattern.match(line.text) if kind == "person" else None
        stop = min((h.start - line.start for h in found if match and h.start - line.start > match.end()), default=None)
        if match and stop is not None and _NAME_ONLY.match(line.text[match.end() : stop].rstrip(" ,;/|")):
            made.append(Hit(field, kind, line, line.start + match.start(), line.start + match.end(), line.start + match.end() + 1, False, False))
    return made


def _unlabelled_start(line: Line, found: list[Hit]) -> bool:
    """Whether a line begins with no label yet while others stand further on."""
    return bool(found) and all(h.start > line.start + 2 for h in found)


def namesakes(hit: Hit) -> list[Hit]:
    """Other labels of the same words, as 'From:' of a memo and of a period: the value tells which it is."""
    return [other for other in _every_hit(hit.line) if (other.start, other.end) == (hit.start, hit.end) and other.field != hit.field]


def _hit(line: Line, field: str, kind: str, match: re.Match[str]) -> Hit | None:
    if not match.group().strip() or (_DEGREE.fullmatch(match.group()) and not line.text[match.end() :].lstrip().startswith(":")):
        return None
    close = match.end()
    hint = HINT.match(line.text, close)
    if hint and (hint.end() == len(line.text) or _SEPARATOR.match(line.text, hint.end())):
        close = hint.end()
    before, rest = line.text[: match.start()], line.text[close:]
    at_start = not before.strip() or bool(_BEFORE.search(before))
    separator = _SEPARATOR.match(rest)
    separated = separator is not None and bool(separator.group().strip())
    opening = re.sub(r"^\W*(?:re|subject)\s*:\s*", "", before, flags=re.I)
    opening = re.sub(r"^\W*(?:(?:item|line|box|field|q)\s?)?\(?[0-9]{0,2}[A-Za-z]?[.)]\s*$", "", opening)
    bilingual = _OTHER_TONGUE.match(opening)
    opening = "" if bilingual else opening
    alone = not opening.strip(" .0123456789()[]*•☐☑☒") and not rest.strip(" :?._*-–()")
    typed = (kind in TYPED and bool(VALUE_SHAPES[kind].match(rest))) or (field == "practice.zip" and re.match(r"\W{1,3}\d{5}\b", rest) is not None)
    if kind == "date" and not typed and not alone and not VALUE_SHAPES[kind].match(rest.lstrip(" :#.-–—([")):
        return None
    inside = separated and rest[:1] == ":" and match.group()[0].isupper() and field in _INSIDE
    if not ((separated and (at_start or inside or kind in ("id", "npi", "phone", "date"))) or alone or typed or
            (at_start and _may_run_on(kind, match.group(), rest, before))):  # fmt: skip
        return None
    after = close + (separator.end() if separator else 0)
    start = line.start
    return Hit(field, kind, line, start + (0 if bilingual and alone else match.start()), start + close, start + after, separated, alone)


_OTHER_TONGUE = re.compile(r"^\W*[^\W\d_][\w'’.]*(?: [\w'’.()]+){0,6} ?/ ?$")
"""The label in another language before the one that is known: 'Nombre y título / Name and credentials'."""


_ADDRESS_PARTS = (
    (re.compile(r"City|Town"), re.compile(r"\s+[A-Z][a-z]+(?: [A-Z][a-z]+){0,3}\s*(?:$|,|(?=State\b))")),
    (re.compile(r"State"), re.compile(r"\s+[A-Z]{2}\b")),
    (re.compile(r"(?i:zip)(?: ?[Cc]ode)?"), re.compile(r"\s+\d{5}\b")),
    (re.compile(r"(?:Street )?Address|Street"), re.compile(r"\s+\d{1,6}[A-Z]? [A-Z]")),
)
"""Labels of an address's parts, and what must stand behind one that has no colon."""


def _may_run_on(kind: str, label: str, rest: str, before: str) -> bool:
    """A label at the start of a line with its value behind it and nothing between, as in 'Patient Ana Ruiz'."""
    if before.strip():
        return False
    part = next((shape for words, shape in _ADDRESS_PARTS if words.fullmatch(label)), None)
    if part is not None:
        return bool(part.match(rest))
    if kind == "person":
        return bool(re.match(r"\s+[A-Z][\w'’.\-]+,?(?:\s+[A-Z][\w'’.\-]*){1,3}?(?:,\s*[A-Z][A-Za-z.\-]{1,6}){0,3}\s*(?:$|[/|;(•·]|\s(?i:date|d\.?\s?o\.?\s?b|birth|born|age|sex|phone|tel|member|id|address|zip)\b)", rest))
    return kind == "text" and label[0].isupper() and len(label.split()) <= 4 and bool(re.match(r"\s+[A-Z0-9]", rest)) \
        and len(label) >= 8  # fmt: skip
