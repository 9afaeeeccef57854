"""Numbers as letters write them, and what every reading of an amount shares.

Belongs here: numbers in digits, in words or both, and the gathering of matches. Does not belong here: what is counted
(frequencies, quantities).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.codes.fold import as_digits


@dataclass(frozen=True)
class Found:
    """An amount at text[start:end]; `value` is its normal form, `raw` the words as written."""

    start: int
    end: int
    value: str | float
    raw: str


_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: n for n, word in enumerate(_UNITS.split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_SMALL)[1:10])}))?|{'|'.join(reversed(_SMALL))}|hundred)\b"
DIGITS = r"(?:(?=[OolI|SBZ]{0,3}\d)[\dOolI|SBZ]{1,4}(?![\d])|(?<![^\s(])[l|](?=[ -][a-z]))(?:\.\d+|½)?"
ONE = rf"(?:{_WORD}(?:\s*\(\s*{DIGITS}\s*\))?|{DIGITS}(?:\s*\(\s*{_WORD}\s*\))?)"
NUMBER = rf"(?<![\w.,$])(?:{ONE}\s?(?:-|–|to|or)\s?)?{ONE}"


def number(text: str) -> float | None:
    """The number written as digits (look-alike letters allowed), in words, or both; of a range the upper end."""
    low = text.lower()
    last = [_ for _ in re.split(r"\s?(?:–|\bto\b|\bor\b|(?<=\d)-(?=\d))\s?", low) if _.strip()]
    if not last:
        return None
    digits = re.search(r"(?=[OolI|SBZ]{0,3}\d)[\dOolI|SBZ]+(?:\.\d+)?", last[-1], re.I)
    if digits:
        half = 0.5 if "½" in last[-1] else 0.0
        return float(as_digits(digits.group().replace("o", "O").upper().replace("L", "1"))) + half
    if re.fullmatch(r"[l|i]", last[-1].strip()):
        return 1.0
    return _spelled(last[-1])


def _spelled(text: str) -> float | None:
    total, seen = 0, False
    for word in re.findall(r"[a-z]+", text.lower()):
        value = _SMALL.get(word, _TENS.get(word))
        if value is None and word == "hundred":
            value = 100
        if value is not None:
            total, seen = total + value, True
    return float(total) if seen else None


def gather(
    text: str, rules: Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str | float | None]]]
) -> list[Found]:
    """Matches of all rules in the order of the text; an earlier rule keeps its place against a later one that overlaps it."""
    found: list[Found] = []
    for pattern, value_of in rules:
        for match in pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            value = value_of(match)
            if value is not None:
                found.append(Found(match.start(), match.end(), value, match.group()))
    return sorted(found, key=lambda f: f.start)


def clause_before(text: str, at: int, reach: int) -> str:
    """The words before a place back to the last full stop or semicolon, at most `reach` characters."""
    return re.split(r"[.;!?](?=\s)|\n\s*\n", text[max(0, at - reach) : at])[-1]


def months_between(start: dt.date, end: dt.date) -> float | None:
    """The months from the first to the last day of a treatment: whole months where they fit to a day, else weeks at four to
    the month, else days at thirty; None when the last day is not after the first or more than ten years on."""
    days = (end - start).days + 1
    if not 2 <= days <= 3660:
        return None
    after = end + dt.timedelta(days=1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    if whole > 0 and abs(after.day - start.day) <= 1:
        return float(whole)
    weeks = round(days / 7)
    return weeks / 4 if abs(weeks * 7 - days) <= 2 else round(days / 30, 1)
