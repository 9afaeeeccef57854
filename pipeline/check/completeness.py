"""Is everything on the letter that the plan asks for?

Belongs here: facts that follow from the letter's own silence. Does not belong here: what the records say.
"""

from pipeline.check.facts import Answer, Held, fact, field_side, side
from pipeline.check.timing import is_for_life

DONE_ONCE = ("procedure_or_test", "cosmetic_procedure", "home_modification")
"""Categories that are done once and need no duration."""


def _unless(present: object) -> Answer | None:
    return None if present else Answer("insufficient")


@fact()
def no_letterhead(held: Held) -> Answer | None:
    """The letter shows no office; a form has its own head."""
    return _unless(held.letter.kind == "form" or not held.letter.has_flag("no_letterhead"))


@fact()
def no_patient(held: Held) -> Answer | None:
    """No patient's name. A name without birth date or id is not missing."""
    return _unless(held.letter["patient.name"].accepted)


@fact()
def no_letter_date(held: Held) -> Answer | None:
    """The letter bears no date of its own."""
    return _unless(held.letter["letter_date"].accepted)


@fact()
def no_diagnosis(held: Held) -> Answer | None:
    """Nothing is asserted of this patient now; what is denied or a relative's does not count."""
    if held.letter.diagnoses:
        return None
    denied = held.letter.not_diagnoses
    return Answer("insufficient", letter=side(denied[0].evidence) if denied else None)


@fact()
def no_item(held: Held) -> Answer | None:
    """No thing or service is asked for."""
    return _unless(held.letter.items)


@fact()
def no_medical_value(held: Held) -> Answer | None:
    """Nothing ties the item to this patient's condition."""
    return _unless(held.letter.states("medical_value"))


@fact()
def no_alternatives(held: Held) -> Answer | None:
    """Nothing says what was tried or why standard care is not enough."""
    return _unless(held.letter.states("alternatives_inadequate"))


@fact()
def no_benefit(held: Held) -> Answer | None:
    """Nothing says how the item will help."""
    return _unless(held.letter.states("expected_benefit"))


@fact("item", "endless")
def no_duration(held: Held) -> Answer | None:
    """An item has neither a duration nor an end date, or one for life where the plan's policy refuses that; what is
    done once needs none."""
    if held.letter["treatment_end"].accepted:
        return None
    endless = held.policy.lifetime == "refused" and is_for_life(held.letter)
    lacking = [i for i in held.letter.items if (i.duration_months is None or endless) and i.category not in DONE_ONCE]
    if not lacking:
        return None
    words = {"item": lacking[0].text, "endless": " but for life, which the plan does not accept" if lacking[0].duration_months else ""}
    return Answer("insufficient", words, side(lacking[0].evidence))


@fact("seen")
def no_signature(held: Held) -> Answer | None:
    """Nobody signed; a typed name or 'signature on file' is no signature."""
    if held.letter["provider.signed"].value is True and not held.letter.has_flag("unsigned"):
        return None
    flag = next((f for f in held.letter.flags if f.code == "unsigned"), None)
    seen = flag.because if flag and flag.because and flag.because != "no signature was found" else "nothing stands where one is due"
    return Answer("insufficient", {"seen": seen}, side(flag.evidence) if flag else None)


@fact()
def no_credentials(held: Held) -> Answer | None:
    """Neither degree nor licence stands behind the signer's name."""
    if held.letter["provider.credentials"].value:
        return None
    return Answer("insufficient", letter=field_side(held.letter, "provider.name"))
