"""What a person types or clicks, as the value of a field: dates, numbers, yes and no, lists.

Belongs here: reading one typed value, and saying what is wrong with it. Does not belong here: reading letters.
"""

import re
from collections.abc import Mapping

from pipeline.amend import NUMBERS, known_path
from pipeline.codes.dates import dates_in
from pipeline.codes.npi import npi_is_valid
from pipeline.model import ITEM_CATEGORIES, PROGRAMS, Scalar
from pipeline.review import wording

DATES = ("letter_date", "provider.signature_date", "patient.dob", "treatment_start", "treatment_end", "injury_date")
LISTS = ("provider.credentials", "purchase_dates", "prior_treatments")
PHONES = ("practice.phone", "practice.fax")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_LONGEST = 400


class NotThatError(ValueError):
    """A typed value cannot be what the field holds; the message says what it should look like."""


def value_of(path: str, text: str) -> Scalar | None:
    """The value a person means by `text`; None for nothing. NotThatError says what the field takes."""
    if not known_path(path):
        raise NotThatError("There is no such field.")
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        raise NotThatError(f"At most {_LONGEST} characters.")
    if not text:
        return None
    part = path.rpartition(".")[2]
    if path in DATES:
        return _date(text)
    if path in LISTS:
        return _list(path, text)
    if path == "provider.signed" or path.startswith("elements."):
        return _yes(text)
    if part in NUMBERS and path.startswith("items."):
        return _number(part, text)
    return _plain(path, part, text)


def _date(text: str) -> str:
    found = [m.day for m in dates_in(text) if m.day]
    if len(found) != 1:
        raise NotThatError("Write the date as 03/14/2026 or 2026-03-14.")
    return found[0].isoformat()


def _list(path: str, text: str) -> tuple[str, ...]:
    parts = [p.strip() for p in re.split(r"[;\n]" if path == "prior_treatments" and ";" in text else r"[,;\n]", text)]
    parts = [p for p in parts if p]
    if path == "purchase_dates":
        return tuple(_date(p) for p in re.split(r";|,(?!\s*\d{4})", text) if p.strip())
    if path == "provider.credentials":
        return tuple(p.replace(".", "").replace(" ", "") for p in parts)
    return tuple(parts)


def _yes(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise NotThatError("Yes or no.")


def _number(part: str, text: str) -> float:
    if part == "duration_months" and text.lower() in ("lifetime", "life", "permanent"):
        return 999.0
    bare = text.replace("$", "").replace(",", "").removesuffix("months").removesuffix("month").strip()
    try:
        number = float(bare)
    except ValueError:
        raise NotThatError("A number.") from None
    if not 0 < number < 10_000_000 or (part == "duration_months" and number > 999):
        raise NotThatError("A number of months, 999 for life." if part == "duration_months" else "A number above nothing.")
    return number


def _plain(path: str, part: str, text: str) -> str:
    if path in PHONES:
        digits = re.sub(r"\D", "", text).removeprefix("1")
        if len(digits) != 10:
            raise NotThatError("Ten digits.")
        return digits
    if path == "provider.npi":
        digits = re.sub(r"\D", "", text)
        if not npi_is_valid(digits):
            raise NotThatError("Ten digits whose check digit fits. Leave it as read if the letter states a wrong one.")
        return digits
    if path == "recipient.program":
        return _one_of(text, {name: wording.PROGRAM_LABELS[name] for name in PROGRAMS})
    if path.startswith("items.") and part == "category":
        return _one_of(text, {name: wording.in_words(name) for name in ITEM_CATEGORIES})
    if part == "icd10":
        code = re.sub(r"[^A-Z0-9]", "", text.upper())
        if not re.fullmatch(r"[A-Z][0-9][0-9A-Z]{1,5}", code):
            raise NotThatError("A code such as M54.50.")
        return code[:3] + ("." + code[3:] if code[3:] else "")
    return text


def _one_of(text: str, known: Mapping[str, str]) -> str:
    """The code that is meant by itself or by its words, however they are spaced and spelt."""
    asked = _bare(text)
    found = next((code for code, words in known.items() if asked in (_bare(code), _bare(words))), None)
    if found is None:
        raise NotThatError(f"One of {', '.join(known.values())}.")
    return found


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
