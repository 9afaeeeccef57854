"""May this provider sign for this plan, and is the NPI one?

Belongs here: accepted credentials and the check digit. Does not belong here: whether there is a signature.
"""

import re

from pipeline.check.facts import Answer, Held, field_side
from pipeline.codes.npi import npi_is_valid
from pipeline.model import RecordSide


def credential_refused(held: Held) -> Answer | None:
    """None of the signer's credentials is on the plan's list; unknown credentials are no conflict."""
    value = held.letter["provider.credentials"].value
    if held.plan is None or not isinstance(value, tuple) or not held.plan.accepted_credentials or not held.tied:
        return None
    accepted = {_key(c) for c in held.plan.accepted_credentials}
    if any(_key(c) in accepted for c in value):
        return None
    return Answer("not_met", {"credential": ", ".join(value)}, field_side(held.letter, "provider.credentials"),
                  RecordSide(table="plans", id=held.plan.plan_id, column="accepted_credentials", value="|".join(held.plan.accepted_credentials)))  # fmt: skip


def _key(credential: str) -> str:
    return re.sub(r"[^A-Z-]", "", credential.upper())


def npi_wrong(held: Held) -> Answer | None:
    number = held.letter.text_of("provider.npi")
    if number is None or npi_is_valid(number) or held.letter["provider.npi"].confidence < 0.5:
        return None
    return Answer("not_met", letter=field_side(held.letter, "provider.npi"))
