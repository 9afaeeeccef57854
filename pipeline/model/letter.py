"""A letter: what it says, and the words it says it in.

Belongs here: fields, diagnoses, items, elements, flags, segments. Does not belong here: members, claims, findings.
Meaning of each name: docs/fields.md.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import model_validator

from pipeline.model.base import Model
from pipeline.model.text import Box, DocumentText, Problem, union

Scalar = str | bool | float | tuple[str, ...]

PAGE_CLASSES = (
    "lmn", "fax_cover", "receipt", "eob", "clinical_note", "prescription", "invoice", "id_card", "blank", "other",
)  # fmt: skip

FIELD_NAMES = (
    "letter_date", "practice.name", "practice.address", "practice.city", "practice.state", "practice.zip",
    "practice.phone", "practice.fax", "provider.name", "provider.credentials", "provider.specialty", "provider.npi",
    "provider.license", "provider.signed", "provider.signature_date", "recipient.payer", "recipient.program",
    "patient.name", "patient.dob", "patient.member_id", "account_holder", "claim_number", "treatment_start",
    "treatment_end", "injury_date", "purchase_dates", "prior_treatments",
)  # fmt: skip

FIELD_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "identifier": (
        "provider.npi", "provider.license", "patient.member_id", "claim_number", "practice.phone", "practice.fax", "practice.zip",
    ),
    "person": ("provider.name", "provider.credentials", "provider.specialty", "patient.name", "account_holder"),
    "place": ("practice.name", "practice.address", "practice.city", "practice.state", "recipient.payer", "recipient.program"),
    "date": (
        "letter_date", "provider.signature_date", "patient.dob", "treatment_start", "treatment_end", "injury_date", "purchase_dates",
    ),
    "signature": ("provider.signed",),
    "treatment": ("prior_treatments",),
}  # fmt: skip
"""Fields of one kind: they share a curve of confidence and a line in the table of reliability."""

FAMILY_OF = {name: family for family, names in FIELD_FAMILIES.items() for name in names}

ITEM_CATEGORIES = (
    "massage_therapy", "fitness_program", "weight_loss_program", "nutrition_counseling", "special_diet", "orthopedic_footwear", "acupuncture",
    "chiropractic", "wheelchair", "cpap", "mattress_bed", "other_dme", "prescription_drug", "supplement", "home_modification",
    "therapy_service", "procedure_or_test", "cosmetic_procedure", "other",
)  # fmt: skip
ELEMENTS = ("medical_value", "alternatives_inadequate", "expected_benefit", "measurable_benefit")
FLAGS = ("vague_language", "general_wellness", "cosmetic", "no_letterhead", "unsigned")


class Evidence(Model):
    """The letter's own words: `quote` is `text[start:end]` of the file's DocumentText; `box` lies on `page`."""

    page: int
    box: Box
    start: int
    end: int
    quote: str
    confidence: float

    @classmethod
    def at(cls, document: DocumentText, start: int, end: int) -> Self:
        """Evidence for text[start:end]; ValueError when no word lies there. A span over a page break keeps the
        first page's box. `confidence` is the lowest of the words'."""
        words = document.words_in(start, end)
        if not words:
            raise ValueError(f"no words at {start}:{end}")
        page = words[0][0]
        box = union(w.box for number, w in words if number == page)
        least = min(w.confidence for _, w in words)
        return cls(page=page, box=box, start=start, end=end, quote=document.text[start:end], confidence=least)

    def holds_in(self, document: DocumentText) -> bool:
        """Whether the quote stands in the text where it says."""
        return document.text[self.start : self.end] == self.quote


class Candidate(Model):
    """One reading of a field. `because` names the grounds in plain words; one that lost says why in
    `rejected_because` and stays."""

    value: Scalar
    confidence: float
    because: str
    evidence: Evidence | None = None
    rejected_because: str | None = None


class FieldValue(Model):
    """All readings of one field, best first; the accepted one is the first that was not rejected."""

    name: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def accepted(self) -> Candidate | None:
        return next((c for c in self.candidates if c.rejected_because is None), None)

    @property
    def value(self) -> Scalar | None:
        return self.accepted.value if self.accepted else None

    @property
    def confidence(self) -> float:
        return self.accepted.confidence if self.accepted else 0.0

    @property
    def status(self) -> Literal["found", "absent", "rejected"]:
        """`rejected`: something was read but none of it could be accepted (a check digit failed, say)."""
        if self.accepted:
            return "found"
        return "rejected" if self.candidates else "absent"


_NOT_CONSIDERED = {name: FieldValue(name=name) for name in FIELD_NAMES}
_KNOWN_NAMES = frozenset(FIELD_NAMES)


class Diagnosis(Model):
    """A condition the letter asserts of this patient now. `icd10` only as written (with its dot); a code that was
    looked up from the words goes to `suggested_icd10`."""

    text: str
    icd10: str | None
    primary: bool
    confidence: float
    evidence: Evidence
    suggested_icd10: str | None = None
    because: str = ""


class NotDiagnosis(Model):
    """A condition named but not asserted: negated, family, ruled_out, hypothetical, past, other_person, unticked,
    general, example."""

    text: str
    because: str
    evidence: Evidence


class Item(Model):
    """A thing or service asked for. `cost` in dollars, `duration_months` 0 < n <= 999 (999 = lifetime); `acquisition`
    rental, purchase or rental_then_purchase where the letter says so."""

    text: str
    category: str
    confidence: float
    evidence: Evidence
    code: str | None = None
    quantity: float | None = None
    frequency: str | None = None
    duration_months: float | None = None
    acquisition: str | None = None
    cost: float | None = None
    because: str = ""


class Element(Model):
    """One of the four parts of a justification, present or not, with the sentence that carries it."""

    name: str
    value: bool
    confidence: float
    evidence: Evidence | None = None
    because: str = ""


class Flag(Model):
    """A warning sign in the letter, with the words that raised it where there are any."""

    code: str
    confidence: float
    evidence: Evidence | None = None
    because: str = ""


class Segment(Model):
    """Consecutive pages of one class, with the signs it was told by."""

    page_class: str
    pages: tuple[int, ...]
    because: str = ""


class Letter(Model):
    """One letter of medical necessity. `letter_id` is the first 16 hex digits of the file's hash and the letter's
    first page: the same bytes give the same id."""

    letter_id: str
    sha256: str
    pages: tuple[int, ...]
    kind: Literal["letter", "form"]
    fields: dict[str, FieldValue]
    diagnoses: tuple[Diagnosis, ...] = ()
    not_diagnoses: tuple[NotDiagnosis, ...] = ()
    items: tuple[Item, ...] = ()
    elements: tuple[Element, ...] = ()
    flags: tuple[Flag, ...] = ()
    problems: tuple[Problem, ...] = ()
    quality: float = 1.0

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        if not self.fields.keys() <= _KNOWN_NAMES:
            raise ValueError(f"unknown field names: {sorted(self.fields.keys() - _KNOWN_NAMES)}")
        return self

    def __getitem__(self, name: str) -> FieldValue:
        """The field of this name; one that was never considered is an empty FieldValue. KeyError for no such name."""
        return self.fields.get(name) or _NOT_CONSIDERED[name]

    def text_of(self, name: str) -> str | None:
        """The accepted value of a text field, else None."""
        value = self[name].value
        return value if isinstance(value, str) else None

    def with_values(self, told: Sequence[FieldValue]) -> Self:
        """The letter with these values before its own of the same name, which stay as not taken."""
        fields = dict(self.fields)
        for value in told:
            mine = tuple(c if c.rejected_because else c.model_copy(update={"rejected_because": "it is a part of the value found on the page"})
                         for c in self[value.name].candidates)  # fmt: skip
            fields[value.name] = value.model_copy(update={"candidates": (*value.candidates, *mine)})
        return self.model_copy(update={"fields": fields})

    def has_flag(self, code: str) -> bool:
        return any(flag.code == code for flag in self.flags)

    def states(self, element: str) -> bool:
        return any(e.name == element and e.value for e in self.elements)


class ParsedFile(Model):
    """What a file holds: its segments, and each letter in it (none for a receipt, a flyer, an unreadable file)."""

    sha256: str
    document_class: str
    segments: tuple[Segment, ...]
    letters: tuple[Letter, ...] = ()
    problems: tuple[Problem, ...] = ()
