"""How two names, two birth dates, two ids compare: the name of an outcome, as weights.csv lists them.

Belongs here: comparison of one value with one value. Does not belong here: whose values they are. Names and ids are
compared folded, so that what a scanner confuses agrees.
"""

import datetime as dt
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from pipeline.match.weights import also, nicknames, weights
from pipeline.records import Name

_NEAR_GIVEN = 0.9
_NEAR_SURNAME = 0.92
_LOOKALIKE_DIGITS = frozenset(frozenset(pair) for pair in ("08", "06", "17", "38", "56", "68", "27", "49", "35", "58", "89", "39", "03", "09", "69", "14", "12", "28"))


def names(theirs: Name, ours: Name) -> dict[str, str]:
    """Outcome of each part of a name: given, surname, middle, suffix; `order` reversed where the parts agree better
    the other way round."""
    straight = _parts(theirs, ours)
    if straight["surname"] == "exact" or not theirs.given:
        return straight
    turned = {**_parts(_turned(theirs), ours), "order": "reversed"}
    return turned if worth(turned) > worth(straight) else straight


def worth(outcomes: dict[str, str]) -> float:
    """The sum of the outcomes' weights."""
    table = weights()
    return sum(table[pair] for pair in outcomes.items())


@lru_cache(maxsize=1 << 10)
def _turned(name: Name) -> Name:
    return Name(name.rest[-1], name.rest[:-1], (name.given,), name.suffix)


def _parts(theirs: Name, ours: Name) -> dict[str, str]:
    found = {"given": given(theirs.given, ours.given), "surname": surname(theirs, ours)}
    if theirs.middle and ours.middle and found["surname"] == "exact":
        found["middle"] = "agrees" if theirs.middle[0][0] == ours.middle[0][0] else "differs"
    if theirs.suffix and ours.suffix:
        found["suffix"] = "agrees" if theirs.suffix == ours.suffix else "differs"
    return found


@lru_cache(maxsize=1 << 16)
def given(a: str, b: str) -> str:
    """exact, nickname, near, initial or differs; missing where one side has none."""
    if not a or not b:
        return "missing"
    if a == b:
        return "exact"
    if len(a) == 1 or len(b) == 1:
        return "initial" if a[0] == b[0] else "differs"
    if (a, b) in nicknames():
        return "nickname"
    if _one_slip(a, b) or any(_one_slip(a, short) for short in also(b)):
        return "near"
    close = JaroWinkler.similarity(a, b) >= _NEAR_GIVEN and abs(len(a) - len(b)) <= 1 and min(len(a), len(b)) >= 5
    return "near" if close else "differs"


def _one_slip(a: str, b: str) -> bool:
    """Whether two names of five letters or more are one wrong, missing, added or exchanged letter apart."""
    return min(len(a), len(b)) >= 5 and abs(len(a) - len(b)) <= 1 and DamerauLevenshtein.distance(a, b) == 1


def surname(theirs: Name, ours: Name) -> str:
    """exact, near, part (one half of a double surname) or differs."""
    a, b = "".join(theirs.surname), "".join(ours.surname)
    if a == b or _double(theirs) == b or _double(ours) == a:
        return "exact"
    if min(len(a), len(b)) >= 4 and abs(len(a) - len(b)) <= 2 and JaroWinkler.similarity(a, b) >= _NEAR_SURNAME:
        return "near"
    shared = (set(theirs.surname) & set(ours.rest)) | (set(ours.surname) & set(theirs.rest))
    return "part" if any(len(word) > 2 for word in shared) else "differs"


def _double(name: Name) -> str:
    """Middle and last name as one double surname: 'Ana Ruiz Ortega' against 'Ana Ruiz-Ortega'."""
    return "".join(name.rest[-2:]) if name.middle and len(name.middle[-1]) > 1 else ""


def dob(theirs: dt.date | None, ours: dt.date | None) -> str:
    """exact, swapped (day and month), one_digit, transposed (two neighbouring digits), partly (two of year, month and
    day agree), differs; missing where one side has none."""
    if theirs is None or ours is None:
        return "missing"
    if theirs == ours:
        return "exact"
    if (theirs.year, theirs.month, theirs.day) == (ours.year, ours.day, ours.month):
        return "swapped"
    a, b = _digits(theirs), _digits(ours)
    if sum(x != y for x, y in zip(a, b, strict=True)) == 1:
        return "one_digit"
    if sorted(a) == sorted(b) and DamerauLevenshtein.distance(a, b) == 1:
        return "transposed"
    same = (theirs.year == ours.year) + (theirs.month == ours.month) + (theirs.day == ours.day)
    return "partly" if same == 2 else "differs"


def _digits(day: dt.date) -> str:
    return day.isoformat().replace("-", "")


def looks_alike(theirs: dt.date, ours: dt.date) -> bool:
    """Whether two dates differ only in one digit that a scanner takes for the other."""
    a, b = _digits(theirs), _digits(ours)
    apart = [frozenset((x, y)) for x, y in zip(a, b, strict=True) if x != y]
    return len(apart) == 1 and apart[0] in _LOOKALIKE_DIGITS


def one_edit(a: str, b: str) -> bool:
    """Whether two folded ids of six or more characters are one wrong, missing or added character apart."""
    return min(len(a), len(b)) >= 6 and DamerauLevenshtein.distance(a, b) == 1 and sorted(a) != sorted(b)


def exchanged(a: str, b: str) -> bool:
    """Whether two folded ids differ by the exchange of two neighbouring characters."""
    return min(len(a), len(b)) >= 6 and sorted(a) == sorted(b) and DamerauLevenshtein.distance(a, b) == 1
