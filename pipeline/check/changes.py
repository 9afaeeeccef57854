"""What changed from one letter to the next of the same patient.

Belongs here: a letter's values side by side with those of an earlier one, in words. Does not belong here: whether they
are the same letter (filing.py).
"""

import datetime as dt
from collections.abc import Sequence

from pipeline.check import days
from pipeline.model import Letter

_FIELDS = ("letter_date", "patient.name", "patient.dob", "patient.member_id", "provider.name", "provider.credentials", "provider.npi", "provider.signed",
           "provider.signature_date", "treatment_start", "treatment_end", "claim_number")  # fmt: skip
_LABELS = {"provider.signed": "signature", "provider.name": "signer", "patient.dob": "birth date", "patient.member_id": "member id"}

Values = Sequence[tuple[str, str]]


def values_of(letter: Letter) -> tuple[tuple[str, str], ...]:
    """What the letter says, by name, as far as a resubmission may change it."""
    told = []
    for name in _FIELDS:
        value = letter[name].value
        if value is not None:
            told.append((name, ", ".join(value) if isinstance(value, tuple) else "signed" if value is True else "unsigned" if value is False else str(value)))
    told += [(f"diagnosis {n}", f"{d.text}{f' ({d.icd10})' if d.icd10 else ''}") for n, d in enumerate(letter.diagnoses, 1)]
    for n, item in enumerate(letter.items, 1):
        told.append((f"item {n}", item.text))
        parts = (("code", item.code), ("frequency", item.frequency), ("months", item.duration_months), ("cost", item.cost), ("quantity", item.quantity))
        told += [(f"item {n} {name}", f"{part:g}" if isinstance(part, float) else str(part)) for name, part in parts if part is not None]
    return tuple(told)


def changed(before: Values, now: Values) -> list[tuple[str, str, str]]:
    """(name, value before, value now) of what differs, '' for what is not there; the wording of diagnoses and items
    does not count where only blanks or capitals differ."""
    old, new = dict(before), dict(now)
    names = [*new, *(n for n in old if n not in new)]
    return [(n, old.get(n, ""), new.get(n, "")) for n in names if _bare(old.get(n, "")) != _bare(new.get(n, ""))]


def _bare(value: str) -> str:
    return "".join(value.lower().split())


def in_words(before: Values, now: Values, limit: int = 4) -> str:
    """What changed, as a clause: 'letter date May 28, 2026, before that April 1, 2026'; '' for nothing."""
    told = []
    for name, old, new in changed(before, now)[:limit]:
        label = _LABELS.get(name, name.replace(".", " ").replace("_", " "))
        told.append(f"{label} {_said(new) or 'no longer there'}, before that {_said(old) or 'not there'}")
    return "; ".join(told)


def _said(value: str) -> str:
    """A value in a sentence: a day written out."""
    try:
        return days.in_words(dt.date.fromisoformat(value))
    except ValueError:
        return value
