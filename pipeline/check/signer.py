"""May this provider sign for this plan, and is the NPI one?

Belongs here: accepted credentials and the check digit. Does not belong here: whether there is a signature.
"""

import csv
import re
from collections.abc import Iterator, Sequence
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
    """None of the signer's credentials is on the plan's list, nor a kind of one that is (accepted_as.csv); or none is
    on the list for one of the letter's items (signers.csv). A letter without credentials, a plan without a list and an
    unknown plan say nothing."""
    found = held.letter["provider.credentials"]
    value = found.value
    if held.plan is None or not isinstance(value, tuple) or not value or found.confidence < _GUESSED:
        return None
    for listed, table in _lists(held):
        if not _accepts(listed, value):
            own = "accepted_credentials" if table == "plans" else "accepted"
            return Answer("not_met", {"credential": ", ".join(value), "accepted": ", ".join(listed)}, field_side(held.letter, "provider.credentials"),
                          RecordSide(table=table, id=held.plan.plan_id, column=own, value="|".join(listed)))  # fmt: skip
    return None


def _lists(held: Held) -> Iterator[tuple[tuple[str, ...], str]]:
    """The lists that the signer has to stand on, with the table each comes from."""
    if held.policy.signers:
        yield held.policy.signers, "plans"
    for item in held.letter.items:
        listed = held.policies.may_sign(held.plan, held.program, held.as_of, item.category, item.code)
        if listed:
            yield listed, "signers"


def _accepts(listed: tuple[str, ...], credentials_: Sequence[str]) -> bool:
    accepted = _accepted(listed)
    return any(_key(c) in accepted for c in credentials_)


@lru_cache(maxsize=512)
def _accepted(listed: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_key(c) for name in listed for c in (name, *_kinds_of(_key(name))))


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
