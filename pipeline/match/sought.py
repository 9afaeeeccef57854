"""Whom and what the letter names: the values that matching needs, each with how well it was read.

Belongs here: taking values out of a letter. Does not belong here: comparing them.
"""

import datetime as dt
from dataclasses import dataclass

from pipeline.model import FieldValue, Letter
from pipeline.records import Name, read_name

_DOUBTFUL = 0.85
"""Below this confidence of its words or of its reading, a single differing character is the scanner's."""


@dataclass(frozen=True)
class Sought:
    """What the letter says of the patient. `dob_doubtful` and `id_doubtful`: not read well enough that one differing
    character could count against a member."""

    name: Name | None
    dob: dt.date | None
    member_id: str | None
    holder: Name | None
    claim_number: str | None
    dob_doubtful: bool = False
    id_doubtful: bool = False


def sought(letter: Letter) -> Sought:
    """The patient as the letter names them; whatever was not read is None."""
    return Sought(
        name=_name(letter.text_of("patient.name")),
        dob=_day(letter.text_of("patient.dob")),
        member_id=letter.text_of("patient.member_id"),
        holder=_name(letter.text_of("account_holder")),
        claim_number=letter.text_of("claim_number"),
        dob_doubtful=_is_doubtful(letter["patient.dob"]),
        id_doubtful=_is_doubtful(letter["patient.member_id"]),
    )


def _name(text: str | None) -> Name | None:
    name = read_name(text) if text else None
    return name if name and name.surname else None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _is_doubtful(value: FieldValue) -> bool:
    best = value.accepted
    if best is None:
        return False
    return min(best.confidence, best.evidence.confidence if best.evidence else 1.0) < _DOUBTFUL
