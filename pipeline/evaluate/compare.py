"""When two values count as the same: comparable forms per kind of field, and near misses.

Belongs here: comparing one value with one. Does not belong here: counting, pairing letters, files. A form is None when
there is nothing to compare.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

from rapidfuzz import fuzz

Verdict = Literal["right", "near", "wrong", "missed", "invented"]
"""`near`: a slip of a letter or two, or half of a list; it counts as wrong and is told apart for whoever looks."""

NEAR_RATIO = 90.0
"""Least similarity (0..100, share of unchanged characters) of a near miss."""
SAME_TEXT_RATIO = 85.0
"""Least similarity (0..100, words sorted) at which two short medical texts mean the same."""

T = TypeVar("T")
U = TypeVar("U")

_DATE_FORMS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%d %B %Y")
_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "suite": "ste", "lane": "ln",
    "court": "ct", "parkway": "pkwy", "highway": "hwy", "place": "pl", "north": "n", "south": "s", "east": "e",
    "west": "w",
}  # fmt: skip


class Kind(NamedTuple):
    """How a field is compared: `form` makes a value comparable, `close` says of two different forms near or wrong."""

    form: Callable[[Any], Any]
    close: Callable[[Any, Any], Verdict]


def words(value: Any) -> str | None:
    """Lower-case ASCII words: accents, apostrophes and full stops dropped, other marks to spaces, & to 'and'."""
    if value is None:
        return None
    bare = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['.]", "", bare.replace("&", " and ")))) or None


def address(value: Any) -> str | None:
    """Words with the usual street abbreviations."""
    plain = words(value)
    return " ".join(_STREET_WORDS.get(word, word) for word in plain.split()) if plain else None


def digits(value: Any) -> str | None:
    """Digits only; the leading 1 of an eleven-digit telephone number is dropped."""
    found = re.sub(r"\D", "", str(value))
    return (found[1:] if re.fullmatch(r"1\d{10}", found) else found) or None


def zip_code(value: Any) -> str | None:
    """The five digits of a ZIP code."""
    return re.sub(r"\D", "", str(value))[:5] or None


def identifier(value: Any) -> str | None:
    """Upper-case letters and digits."""
    return re.sub(r"[^A-Z0-9]", "", str(value).upper()) or None if value is not None else None


def date(value: Any) -> str | None:
    """ISO date from ISO or a usual American form; other text in lower case."""
    text = str(value).strip()
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        pass
    for form in _DATE_FORMS:
        try:
            return dt.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return text.lower() or None


def truth(value: Any) -> bool | None:
    """True or None: a 'no' asserts nothing."""
    if isinstance(value, bool):
        return value or None
    return str(value).strip().lower() in ("true", "yes", "1", "signed") or None


def listed(value: Any) -> list[Any]:
    """A list as it is, a text split at commas, semicolons and bars."""
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    return re.split(r"\s*[,;|]\s*", str(value))


def marks_set(value: Any) -> frozenset[str] | None:
    """Credentials: upper-case letters, digits and hyphens of each."""
    return frozenset(re.sub(r"[^A-Z0-9-]", "", str(v).upper()) for v in listed(value)) - {""} or None


def date_set(value: Any) -> frozenset[str] | None:
    """The dates of a list."""
    return frozenset(found for v in listed(value) if (found := date(v))) or None


def text_list(value: Any) -> tuple[str, ...] | None:
    """The words of each text, sorted."""
    return tuple(sorted(found for v in listed(value) if (found := words(v)))) or None


def amount(value: Any) -> float | None:
    """A number from a number or a text such as '$1,200.00'."""
    try:
        return float(re.sub(r"[^0-9.\-]", "", str(value)))
    except ValueError:
        return None


def alike(one: Any, other: Any, least: float = SAME_TEXT_RATIO) -> bool:
    """Whether two short medical texts mean the same words, in any order; the longer may say more when the shorter has
    at least two words."""
    a, b = words(one), words(other)
    if not a or not b:
        return False
    if fuzz.token_sort_ratio(a, b) >= least:
        return True
    return min(len(a.split()), len(b.split())) > 1 and fuzz.token_set_ratio(a, b) >= least + 5


_NUMBER_WORDS = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_EACH = {"daily": "day", "nightly": "day", "everyday": "day", "qd": "day", "weekly": "week", "monthly": "month",
         "annually": "year", "yearly": "year"}  # fmt: skip
_UNITS = {"day": "day", "night": "day", "week": "week", "wk": "week", "month": "month", "mo": "month", "year": "year",
          "yr": "year"}  # fmt: skip


def frequency(value: Any) -> tuple[float | str, str] | None:
    """(times, per unit): 'twice weekly' and '2 per week' -> (2.0, 'week'), 'every 3 months' -> (0.333, 'month')."""
    plain = words(value)
    if not plain:
        return None
    tokens = re.findall(r"[a-z]+|\d+", plain)
    unit_at = next((i for i, t in enumerate(tokens) if t in _EACH or t.removesuffix("s") in _UNITS), None)
    if unit_at is None:
        return (plain, "")
    unit = _EACH.get(tokens[unit_at]) or _UNITS[tokens[unit_at].removesuffix("s")]
    if "every" in tokens:
        after = tokens[tokens.index("every") + 1 : tokens.index("every") + 2]
        gap = 2 if after == ["other"] else int(after[0]) if after and after[0].isdigit() else 0
        if gap:
            return (round(1 / gap, 3), unit)
    before = tokens[: tokens.index("per") if "per" in tokens[1:unit_at] else unit_at]
    counts = [float(_NUMBER_WORDS.get(t, t)) for t in before if t in _NUMBER_WORDS or t.isdigit()]
    return (counts[-1] if counts else 1.0, unit)


def pair(left: Sequence[T], right: Sequence[U], same: Callable[[T, U], bool]) -> list[tuple[int, int]]:
    """One-to-one pairs (index left, index right): each on the left takes the first free one that is the same."""
    taken: set[int] = set()
    pairs = []
    for i, one in enumerate(left):
        j = next((j for j, other in enumerate(right) if j not in taken and same(one, other)), None)
        if j is not None:
            taken.add(j)
            pairs.append((i, j))
    return pairs


def _never_close(_one: Any, _other: Any) -> Verdict:
    return "wrong"


def _close_words(one: str, other: str) -> Verdict:
    return "near" if max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) >= NEAR_RATIO else "wrong"


def _close_marks(one: str, other: str) -> Verdict:
    return "near" if len(one) > 5 and fuzz.ratio(one, other) >= NEAR_RATIO else "wrong"


def _close_lists(one: Sequence[str], other: Sequence[str]) -> Verdict:
    share = len(pair(one, other, alike)) / max(len(one), len(other))
    return "right" if share == 1 else "near" if share >= 0.5 else "wrong"


_DATE, _NAME = Kind(date, _never_close), Kind(words, _close_words)
_ID, _DIGITS = Kind(identifier, _close_marks), Kind(digits, _close_marks)

FIELD_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("letter_date", "provider.signature_date", "patient.dob"), _DATE),
    **dict.fromkeys(("treatment_start", "treatment_end", "injury_date"), _DATE),
    **dict.fromkeys(("practice.name", "practice.city", "provider.name", "provider.specialty"), _NAME),
    **dict.fromkeys(("recipient.payer", "patient.name", "account_holder"), _NAME),
    **dict.fromkeys(("practice.state", "provider.license", "recipient.program"), _ID),
    **dict.fromkeys(("patient.member_id", "claim_number"), _ID),
    **dict.fromkeys(("practice.phone", "practice.fax", "provider.npi"), _DIGITS),
    "practice.address": Kind(address, _close_words),
    "practice.zip": Kind(zip_code, _never_close),
    "provider.credentials": Kind(marks_set, _never_close),
    "provider.signed": Kind(truth, _never_close),
    "purchase_dates": Kind(date_set, _never_close),
    "prior_treatments": Kind(text_list, _close_lists),
}


def form_of(field: str, value: Any) -> Any:
    """The comparable form of a field's value, None when there is none."""
    return None if value is None or value in ("", [], ()) else FIELD_KINDS[field].form(value)


def verdict_on(field: str, expected: Any, found: Any) -> Verdict | None:
    """The verdict on a found form against the expected one; None when both are absent."""
    if expected is None or found is None:
        return None if expected is found else "missed" if found is None else "invented"
    return "right" if expected == found else FIELD_KINDS[field].close(expected, found)


def codes(values: Iterable[Any]) -> set[str]:
    """The codes among the values, comparable."""
    return {code for value in values if (code := identifier(value))}
