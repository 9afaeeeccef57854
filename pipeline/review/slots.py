"""The values beside a letter's picture, in the groups and the order in which every page shows them: what is in doubt
first, and what the letter is for before who sent it.

Belongs here: what a value's line holds, its group, why the letter is here in one line. Does not belong here: markup
(page/parts.html), which values a letter has (view.py).
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.model import Case
from pipeline.review import wording
from pipeline.review.queues import BY_NAME
from pipeline.review.view import LetterView, Row


class Slot(NamedTuple):
    """A value that a person may accept or change. `text` as it is keyed, `shown` as it is read; `key` of its box on
    the page; `refused` are readings not taken, each with its reason; `mark` confirmed or corrected by whom."""

    path: str
    label: str
    text: str
    shown: str
    confidence: float | None
    because: str
    key: str
    page: int
    quote: str
    refused: tuple[tuple[str, str], ...] = ()
    by: str = ""

    @property
    def stated(self) -> bool:
        return self.confidence is not None or bool(self.refused)

    @property
    def entry(self) -> bool:
        """Whether taking the value out takes out a whole item or diagnosis."""
        return self.path.endswith(".text")

    @property
    def doubtful(self) -> bool:
        return not self.by and self.confidence is not None and self.confidence < wording.DOUBTFUL_BELOW

    @property
    def spoken(self) -> str:
        """The value's line as a screen reader names it."""
        doubt = f", {wording.doubt(self.confidence)}" if self.doubtful and self.confidence is not None else ""
        return f"{self.label}: {self.shown or 'not stated'}{f', keyed by {self.by}' if self.by else doubt}"


class Group(NamedTuple):
    """Values of one kind that are not in doubt; `add` an empty slot for what the program missed, `none` what is said
    when there are none, `silent` the labels of those that the letter does not state where that is worth a line."""

    name: str
    title: str
    slots: list[Slot]
    add: Slot | None = None
    none: str = ""
    silent: tuple[str, ...] = ()


FIELD_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("patient", "Patient and plan", ("patient.name", "patient.dob", "patient.member_id", "account_holder", "claim_number", "recipient.payer", "recipient.program")),
    ("times", "Days", ("letter_date", "treatment_start", "treatment_end", "injury_date", "purchase_dates")),
    ("provider", "Provider", ("provider.name", "provider.credentials", "provider.specialty", "provider.npi", "provider.license", "provider.signed",
                              "provider.signature_date")),
    ("practice", "Letterhead", ("practice.name", "practice.address", "practice.city", "practice.state", "practice.zip", "practice.phone", "practice.fax")),
)  # fmt: skip
"""The fields by what a person asks of a letter after what it is for: whose it is, for when, who signed it, from where."""
BESIDE_ELEMENTS = ("prior_treatments",)
"""Fields that belong to the justification."""


def in_doubt(groups: Sequence[Group]) -> list[Slot]:
    """The doubtful values in the order of their groups, within each the least certain first."""
    return [s for g in groups for s in sorted((s for s in g.slots if s.doubtful), key=lambda s: s.confidence or 0.0)]


class Laid(NamedTuple):
    """A letter's values as a page without a server shows them: `doubts` first, then `groups`; `refused` hold only
    readings that were not taken."""

    doubts: list[Slot]
    groups: list[Group]
    refused: list[Slot]


def laid(view: LetterView) -> Laid:
    """The view's rows in the same groups as at the desk."""
    rows = {r.name: _slot(r.label, r) for r in view.fields}
    groups = [
        Group("diagnoses", "Diagnoses", _entries("Diagnosis", view.diagnoses), none="The letter states none."),
        Group("items", "Items", _entries("Item", view.items), none="The letter asks for nothing in particular."),
        Group("elements", "Justification", [*(_slot(r.label, r) for r in view.elements), *(rows[n] for n in BESIDE_ELEMENTS if n in rows)]),
        *(Group(name, title, [rows[n] for n in names if n in rows]) for name, title, names in FIELD_GROUPS),
    ]
    return Laid(
        doubts=in_doubt(groups),
        groups=[g._replace(slots=[s for s in g.slots if not s.doubtful]) for g in groups],
        refused=[_slot(r.label, r) for r in view.refused],
    )


def point(case: Case) -> str:
    """Why the letter is where it is, without what its queue's title says already."""
    said = case.item.why.removeprefix(f"{BY_NAME[case.item.queue].why}: ")
    return said[:1].upper() + said[1:]


def _slot(label: str, row: Row, text: str | None = None) -> Slot:
    words = row.words
    shown = row.value if text is None else text
    return Slot(path="", label=label, text=shown, shown=shown, confidence=row.confidence, because=row.because, key=words.key if words else "",
                page=words.page if words else 0, quote=words.quote if words else "", refused=tuple((r.value, r.because) for r in row.refused))  # fmt: skip


def _entries(name: str, rows: Sequence[Row]) -> list[Slot]:
    """Each diagnosis or item with its details on lines of their own; the first line bears what was noted of it."""
    found = []
    for n, row in enumerate(rows, 1):
        found.append(_slot(f"{name} {n}", row, ", ".join((row.label, *row.notes))))
        found += [_slot(f"{fact.capitalize()} {n}", row._replace(confidence=None), value) for fact, value in row.facts]
    return found
