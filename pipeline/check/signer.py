"""May this provider sign for this plan, and is the NPI one?

Belongs here: accepted credentials and the check digit. Does not belong here: whether there is a signature.
"""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from pipeline.check.facts import Answer, Held, fact, field_side, side
from pipeline.codes import credentials
from pipeline.codes.npi import npi_is_valid
from pipeline.model import RecordSide

_DOUBTFUL = 0.8
"""An NPI whose words were read below this confidence is not held against the provider: a digit may be misread."""

_GUESSED = 0.65
"""Credentials of less confidence than this are a guess ('MED' of 'FAMILY MED') and refuse nobody."""


@fact("credential", "accepted")
def credential_refused(held: Held) -> Answer | None:
    """None of the signer's credentials is on the plan's list, nor a kind of one that is (accepted_as.csv). A letter
    without credentials, a plan without a list and an unknown plan say nothing."""
    found = held.letter["provider.credentials"]
    value = found.value
    if held.plan is None or not held.plan.accepted_credentials or not isinstance(value, tuple) or not value or found.confidence < _GUESSED:
        return None
    listed = held.plan.accepted_credentials
    accepted = {_key(c) for name in listed for c in (name, *_kinds_of(_key(name)))}
    if any(_key(c) in accepted for c in value):
        return None
    return Answer("not_met", {"credential": ", ".join(value), "accepted": ", ".join(listed)},
                  field_side(held.letter, "provider.credentials"),
                  RecordSide(table="plans", id=held.plan.plan_id, column="accepted_credentials", value="|".join(listed)))  # fmt: skip


def _key(credential: str) -> str:
    return re.sub(r"[\s.]", "", credentials.canonical(credential) or credential).upper()


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    text = files("pipeline.check").joinpath("accepted_as.csv").read_text(encoding="utf-8")
    return {row["listed"]: tuple(row["accepts"].split("|")) for row in csv.DictReader(text.splitlines())}


def _kinds_of(listed: str) -> tuple[str, ...]:
    return _table().get(listed, ())


@fact("npi")
def npi_wrong(held: Held) -> Answer | None:
    """A well-read NPI fails its check digit, whether it was kept as the value or rejected for that reason."""
    value = held.letter["provider.npi"]
    best = value.accepted or next((c for c in value.candidates if "check digit" in (c.rejected_because or "")), None)
    if best is None or not isinstance(best.value, str) or npi_is_valid(best.value):
        return None
    if best.evidence is not None and best.evidence.confidence < _DOUBTFUL:
        return None
    return Answer("not_met", {"npi": best.value}, side(best.evidence))
