"""How values are put to people: labels, dates, amounts, doubt and deadlines in words.

Belongs here: text for pages. Does not belong here: markup, decisions.
"""

import csv
import datetime as dt
from importlib.resources import files

from pipeline.model import Item, Scalar

LABELS = {
    "letter_date": "Letter date",
    "practice.name": "Practice",
    "practice.address": "Practice address",
    "practice.city": "Practice city",
    "practice.state": "Practice state",
    "practice.zip": "Practice ZIP",
    "practice.phone": "Practice phone",
    "practice.fax": "Practice fax",
    "provider.name": "Provider",
    "provider.credentials": "Credentials",
    "provider.specialty": "Specialty",
    "provider.npi": "NPI",
    "provider.license": "License",
    "provider.signed": "Signed",
    "provider.signature_date": "Signature date",
    "recipient.payer": "Payer",
    "recipient.program": "Program",
    "patient.name": "Patient",
    "patient.dob": "Birth date",
    "patient.member_id": "Member id",
    "account_holder": "Account holder",
    "claim_number": "Claim number",
    "treatment_start": "Treatment start",
    "treatment_end": "Treatment end",
    "injury_date": "Injury date",
    "purchase_dates": "Purchase dates",
    "prior_treatments": "Tried before",
}
ELEMENT_LABELS = {
    "medical_value": "Ties the item to the condition",
    "alternatives_inadequate": "Says why other care is not enough",
    "expected_benefit": "Says how it will help",
    "measurable_benefit": "Names a measurable target",
}
CLASS_LABELS = {
    "lmn": "letter",
    "fax_cover": "fax cover",
    "eob": "explanation of benefits",
    "clinical_note": "clinical note",
    "id_card": "id card",
}
PROGRAM_LABELS = {
    "fsa": "FSA",
    "hsa": "HSA",
    "hra": "HRA",
    "insurance": "insurance",
    "workers_comp": "workers' compensation",
}


def _doubtful_below() -> float:
    """The confidence from which values are right as often as doubt.csv's target asks (fitted on labelled letters)."""
    text = files("pipeline.review").joinpath("doubt.csv").read_text(encoding="utf-8")
    return float(next(csv.DictReader(text.splitlines()))["doubtful_below"])


DOUBTFUL_BELOW = _doubtful_below()
DOUBT = ((DOUBTFUL_BELOW, "sure"), (0.7, "likely"), (0.4, "unsure"), (0.0, "a guess"))
"""Least confidence, and the word for it; below DOUBTFUL_BELOW a person should look."""


TABLE_LABELS = {"claims": "Claim", "members": "Member", "plans": "Plan", "history": "History", "letters": "Letter"}


def table_label(table: str) -> str:
    """A row of the records by its table: 'claims' -> 'Claim'."""
    return TABLE_LABELS.get(table, in_words(table))


def in_words(code: str) -> str:
    """A code as words: 'ITEM_MISMATCH' -> 'item mismatch', 'patient.dob' -> 'patient dob'."""
    return code.replace("_", " ").replace(".", " ").lower()


PART_LABELS = {"id": "member id", "dob": "birth date", "given": "first name", "rarity": "how common the surname is", "prior": "chance among all members"}


def part_label(part: str) -> str:
    """What speaks for or against a member, for people."""
    return PART_LABELS.get(part, in_words(part))


def class_label(page_class: str) -> str:
    """A page class for people."""
    return CLASS_LABELS.get(page_class, in_words(page_class))


def doubt(confidence: float) -> str:
    """'sure', 'likely', 'unsure' or 'a guess' for a confidence 0..1."""
    return next(word for least, word in DOUBT if confidence >= least or least == 0.0)


def percent(confidence: float) -> str:
    """0.873 -> '87 %'; never rounded up to certainty."""
    return f"{min(99, round(100 * confidence)) if confidence < 1 else 100} %"


def shown(field: str, value: Scalar) -> str:
    """A field's value for people: yes or no, a list joined by commas, a phone number in groups."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    text = f"{value:g}" if isinstance(value, float) else value
    if field in ("practice.phone", "practice.fax") and len(text) == 10 and text.isdigit():
        return f"({text[:3]}) {text[3:6]}-{text[6:]}"
    return PROGRAM_LABELS.get(text, text) if field == "recipient.program" else text


def months(number: float) -> str:
    """A duration: 'lifetime' (999), '1 month', '6 months'."""
    if number >= 999:
        return "lifetime"
    return "1 month" if number == 1 else f"{number:g} months"


def item_facts(item: Item) -> tuple[tuple[str, str], ...]:
    """The details that the letter states of an item, by name."""
    facts = (
        ("code", item.code),
        ("quantity", None if item.quantity is None else f"{item.quantity:g}"),
        ("frequency", item.frequency),
        ("duration", None if item.duration_months is None else months(item.duration_months)),
        ("cost", None if item.cost is None else f"${item.cost:,.2f}"),
    )
    return tuple((name, value) for name, value in facts if value)


def time_left(due: dt.date | None, as_of: dt.date) -> str:
    """'no due date', '3 days late', 'due today', '1 day left', '30 days left'."""
    if due is None:
        return "no due date"
    days = (due - as_of).days
    if days == 0:
        return "due today"
    many = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{many} left" if days > 0 else f"{many} late"


def is_late(due: dt.date | None, as_of: dt.date) -> bool:
    """Whether the due day has passed."""
    return due is not None and due < as_of


def page_list(pages: tuple[int, ...]) -> str:
    """(1,) -> 'page 1'; (2, 3, 4) -> 'pages 2-4'; (1, 3) -> 'pages 1, 3'; () -> 'no pages'."""
    if not pages:
        return "no pages"
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    text = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    return f"page{'' if len(pages) == 1 else 's'} {text}"
