"""The parts of a letter: letterhead, address of the payer, subject, salutation, body, signature, what follows.

Belongs here: telling the parts by position and by opening and closing words. Does not belong here: their content.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.codes.credentials import pattern as credential_pattern
from pipeline.parse.lines import Line

SALUTATION = re.compile(
    r"^\s*(?:dear\b|to whom (?:it|this|1t) may concern|to the (?:claims?|medical|fsa|hsa|hra|plan|review|appeals?|"
    r"administrator|reviewer|examiner|utilization|benefits?)\b.{0,40}[:,]?\s*$|hello\b|hi\b|greetings|"
    r"attention (?:claims|reviewer)|good (?:morning|afternoon)|estimad[oa]s?\b|a quien (?:pueda )?(?:corresponda|interese|concierna)|esteemed|ladies and gentlemen|gentle(?:men|persons))",
    re.I,
)
CLOSING = re.compile(
    r"^\s*(?:(?:muy )?(?:atentamente|cordialmente|respetuosamente)|(?:yours |very |most )*(?:sincerely|respectfully|truly|faithfully|cordially|kindly|warmly|gratefully)"
    r"(?: yours| submitted)?|(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)?\s*(?:regards|thanks|wishes)"
    r"|thank you(?: for your [\w ,]{0,60})?|thanks(?: again)?|in good health|with (?:appreciation|gratitude|thanks|regards|respect)"
    r"|(?:with|in) (?:[a-z]+ ){0,2}(?:greetings?|wishes|regards|esteem|partnership|service|health|appreciation|gratitude|thanks)|(?:[a-z]+ )?greetings|yours|all (?:the best|good wishes)|be well"
    r"|(?:looking forward to|awaiting) (?:hearing from you|your [\w ,]{0,40})|respectfully submitted|signed)\s*[,.!]?\s*$",
    re.I,
)
AFTERWORD = re.compile(
    r"^\s*(?:cc\b|c\.c\.|copy to|copies to|enc(?:l(?:osures?)?)?\b|enclosures?|attachments?|references?\s*:?$|"
    r"literature cited|prepared with|dictated|transcribed|printed|this document|confidential|p\.?s\.?\b)",
    re.I,
)
_ESIGN = re.compile(r"(?:electronically|digitally|e-?)\s*signed(?: by)?|/s/|signed electronically", re.I)
NAMED = re.compile(rf"^\W*(?:Dr\.?\s+)?[A-ZÀ-Þ][\w'’.\-]*(?:\s+[\w'’.\-]+){{1,5}},?\s+{credential_pattern()}")


@dataclass(frozen=True)
class Zones:
    """Line indices (half-open) into the letter's lines. `body` runs from the salutation to the closing; `head` lies
    before it, `sign` behind it, `after` holds enclosures, copies and references."""

    head: range
    body: range
    sign: range
    after: range
    salutation: int | None
    closing: int | None

    def name(self, index: int) -> str:
        """head, body, sign or after."""
        return next((n for n in ("head", "body", "sign", "after") if index in getattr(self, n)), "body")


def zones_of(lines: Sequence[Line]) -> Zones:
    """The zones of one letter's lines (reading order, all its pages)."""
    count = len(lines)
    salutation = next((n for n, line in enumerate(lines) if SALUTATION.match(line.text)), None)
    begin = salutation if salutation is not None else 0
    closing = _closing(lines, begin)
    sign_from = closing if closing is not None else _first_signer(lines, begin)
    after_from = _afterword(lines, sign_from if sign_from is not None else begin, count)
    body_from = salutation if salutation is not None else _body_from(lines)
    sign_at = min(sign_from if sign_from is not None else after_from, after_from)
    body_from = min(body_from, sign_at)
    return Zones(range(body_from), range(body_from, sign_at), range(sign_at, after_from), range(after_from, count),
                 salutation, closing)  # fmt: skip


def _closing(lines: Sequence[Line], begin: int) -> int | None:
    """The last closing phrase that is followed by a signer, else the last one."""
    found = [n for n in range(begin, len(lines)) if CLOSING.match(lines[n].text)]
    signed = [
        n for n in found if any(NAMED.match(line.text) or _ESIGN.search(line.text) for line in lines[n : n + 8])
    ]
    return (signed or found)[-1] if found else None


def _first_signer(lines: Sequence[Line], begin: int) -> int | None:
    """Without a closing phrase: the first signer's line below the middle of the letter, or an e-signature."""
    count = len(lines)
    floor = max(begin, int(count * 0.45))
    for n in range(floor, len(lines)):
        if (NAMED.match(lines[n].text) and not _is_labelled(lines, n)) or _ESIGN.search(lines[n].text):
            return n
    return next((n for n in range(max(floor, count - 4), count) if _DOCTOR.match(lines[n].text)), None)


_DOCTOR = re.compile(r"^\W*(?:Dra?|Doctor)\b\.?(?:\s+[A-ZÀ-Þ][\w'’.\-]*){2,4}\W*$")
"""A doctor's name without a degree, alone on one of the last lines."""


_HEADING = re.compile(r"\W*(?:from|to|re|date|author|clinician|provider|physician|prescriber)\W*$", re.I)


def _is_labelled(lines: Sequence[Line], n: int) -> bool:
    """Whether a name stands to the right of a heading of its row, as in a memo."""
    line = lines[n]
    return any(o.page == line.page and o.box[2] <= line.box[0] and abs(o.box[1] - line.box[1]) < 0.6 * line.height and _HEADING.match(o.text) for o in lines)


def _afterword(lines: Sequence[Line], begin: int, count: int) -> int:
    for n in range(begin, count):
        if AFTERWORD.match(lines[n].text) and not _ESIGN.search(lines[n].text):
            return n
    return count


_CALLED = re.compile(r"\b\d{3}[\s.)\-]{1,3}\d{3}[\s.\-]\d{4}\b")
"""A telephone number: the line is one of a letterhead, whatever it says of it."""


def _body_from(lines: Sequence[Line]) -> int:
    """Without a salutation: the first line of prose, or a quarter down."""
    for n, line in enumerate(lines):
        words = line.text.split()
        lower = sum(1 for w in words if w[:1].islower())
        if len(words) >= 8 and lower >= 0.6 * len(words) and not _CALLED.search(line.text):
            return n
    return min(len(lines), max(1, len(lines) // 4))
