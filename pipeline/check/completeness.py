"""Is everything on the letter that the plan asks for?

Belongs here: facts that follow from the letter's own silence. Does not belong here: what the records say.
"""

from pipeline.check.facts import Answer, Held, field_side, side

_ONCE = ("procedure_or_test", "cosmetic_procedure", "home_modification")


def no_letterhead(held: Held) -> Answer | None:
    """The flag no_letterhead; a form has its own head."""
    return Answer("insufficient") if held.letter.kind == "letter" and held.letter.has_flag("no_letterhead") else None


def no_patient(held: Held) -> Answer | None:
    return None if held.letter["patient.name"].accepted else Answer("insufficient")


def no_letter_date(held: Held) -> Answer | None:
    return None if held.letter["letter_date"].accepted else Answer("insufficient")


def no_diagnosis(held: Held) -> Answer | None:
    return None if held.letter.diagnoses else Answer("insufficient")


def no_item(held: Held) -> Answer | None:
    return None if held.letter.items else Answer("insufficient")


def no_medical_value(held: Held) -> Answer | None:
    return None if held.letter.states("medical_value") else Answer("insufficient")


def no_alternatives(held: Held) -> Answer | None:
    return None if held.letter.states("alternatives_inadequate") else Answer("insufficient")


def no_benefit(held: Held) -> Answer | None:
    return None if held.letter.states("expected_benefit") else Answer("insufficient")


def no_duration(held: Held) -> Answer | None:
    """An item with neither a duration nor an end date; what is done once needs none."""
    if held.letter["treatment_end"].accepted:
        return None
    lacking = [i for i in held.letter.items if i.duration_months is None and i.category not in _ONCE]
    return Answer("insufficient", {"item": lacking[0].text}, side(lacking[0].evidence)) if lacking else None


def no_signature(held: Held) -> Answer | None:
    flag = next((f for f in held.letter.flags if f.code == "unsigned"), None)
    return Answer("insufficient", {"seen": flag.because or "nothing by the signer's name"}, side(flag.evidence)) if flag else None


def no_credentials(held: Held) -> Answer | None:
    if held.letter["provider.credentials"].accepted:
        return None
    return Answer("insufficient", letter=field_side(held.letter, "provider.name"))
