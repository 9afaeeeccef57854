"""A letter's page: the picture left, the values right with what is in doubt first, findings, member, history, time line.

Belongs here: choosing and ordering what the page shows. Does not belong here: doing anything (deeds.py), markup.
"""

from typing import NamedTuple

import sqlalchemy as sa

from pipeline.amend import is_added, places
from pipeline.desk.deeds import DECISIONS, read_at
from pipeline.desk.office import Office
from pipeline.desk.phrases import typed
from pipeline.desk.surroundings import claims_of, earlier_of, events_of, history_of, members_of, on_file_of, record_rows
from pipeline.ledger import decisions, labels, work
from pipeline.ledger.desk_tables import notes
from pipeline.ledger.work import WorkRow
from pipeline.model import ELEMENTS, Case, Correction, Decision, Evidence, Letter
from pipeline.review import wording
from pipeline.review.slots import BESIDE_ELEMENTS, FIELD_GROUPS, Group, Slot, in_doubt, point
from pipeline.review.view import LetterView, letter_view

ITEM_PARTS = (("text", "Item"), ("category", "Kind"), ("code", "Code"), ("quantity", "Quantity"), ("frequency", "How often"),
              ("duration_months", "Months"), ("cost", "Cost"))  # fmt: skip
DIAGNOSIS_PARTS = (("text", "Diagnosis"), ("icd10", "Code"))


Lit = dict[tuple[int, float, float, float, float], str]
"""Page and sides of a box, to the key of its mark."""


class Sheet(NamedTuple):
    """What the right side shows. `asks` what the letter is for; `summary` why it is here; `doubts` first, then `groups`;
    `refused` hold only readings that were not taken; `absent` can be keyed when the letter states them after all; `members` are candidates with the record's name and birth date; `standing` the decision or proposal in force;
    `on_file` the member's approved letters; `record_rows` the rows that findings rest on, by table and id."""

    row: WorkRow
    case: Case
    view: LetterView
    doubts: list[Slot]
    groups: list[Group]
    refused: list[Slot]
    absent: list[Slot]
    claims: list[dict[str, object]]
    members: list[dict[str, object]]
    history: list[dict[str, str]]
    earlier: list[dict[str, object]]
    on_file: list[dict[str, object]]
    record_rows: dict[tuple[str, str], list[tuple[str, str]]]
    events: list[dict[str, str]]
    notes: list[dict[str, str]]
    decisions: list[dict[str, object]]
    standing: Decision | None
    summary: str
    asks: str


def sheet_of(office: Office, row: WorkRow, case: Case) -> Sheet:
    """Everything about one letter."""
    pictures = {f.number: f"/page/{row.letter_id}/{f.number}.jpg" for f in case.faces if f.image}
    view = letter_view(case, row.letter_id, office.today, pictures)
    with office.ledger.reading() as c:
        stood = labels.labels(c, row.letter_id)
        told = [dict(n._mapping) for n in c.execute(sa.select(notes).where(notes.c.letter_id == row.letter_id).order_by(notes.c.seq))]
        others, decided = work.of_member(c, row.member_id, row.letter_id), decisions.on(c, row.letter_id)
    groups = _groups(case.letter, view, [x.correction for x in stood], {x.correction.path: x.who for x in stood}) if case.letter else []
    slots = [s for g in groups for s in g.slots]
    return Sheet(
        row=row, case=case, view=view, doubts=in_doubt(groups),
        groups=[g._replace(slots=[s for s in g.slots if s.confidence is not None and not s.doubtful]) for g in groups],
        refused=[s for s in slots if s.confidence is None and s.refused], absent=[s for s in slots if not s.stated],
        claims=claims_of(office, row), members=members_of(office, case), history=history_of(office, row),
        earlier=[earlier_of(office, o, case) for o in others], on_file=on_file_of(office, row), record_rows=record_rows(office, case),
        events=events_of(office, row), notes=told, decisions=[d.model_dump() for d in decided],
        standing=decisions.last_of(decided) if row.state != "open" else None, summary=point(case), asks=row.about if case.letter else "",
    )  # fmt: skip


def _groups(letter: Letter, view: LetterView, keyed: list[Correction], by: dict[str, str]) -> list[Group]:
    """The letter's values in their groups; entries go by their place, which stays when others are taken out."""
    lit = {(m.page, m.x, m.y, m.width, m.height): m.key for s in view.sheets for m in s.marks}
    now = _Laid(letter, keyed, lit, by)
    diagnoses, items = places(letter, "diagnoses", keyed), places(letter, "items", keyed)
    elements = [_slot(now, f"elements.{name}", wording.ELEMENT_LABELS[name]) for name in ELEMENTS] + [_field_slot(now, name) for name in BESIDE_ELEMENTS]
    return [
        Group("diagnoses", "Diagnoses", [_slot(now, f"diagnoses.{at}.{part}", f"{label} {n}") for n, at in enumerate(diagnoses, 1) for part, label in DIAGNOSIS_PARTS],
              _empty("diagnoses", "Add a diagnosis", keyed), "The letter states none."),
        Group("items", "Items", [_slot(now, f"items.{at}.{part}", f"{label} {n}") for n, at in enumerate(items, 1) for part, label in ITEM_PARTS],
              _empty("items", "Add an item", keyed), "The letter asks for nothing in particular."),
        Group("elements", "Justification", elements, silent=tuple(s.label for s in elements if not s.stated)),
        *(Group(name, title, [_field_slot(now, n) for n in names]) for name, title, names in FIELD_GROUPS),
    ]  # fmt: skip


class _Laid(NamedTuple):
    """A letter, what people laid over it, the boxes of its words, and who keyed which path."""

    letter: Letter
    keyed: list[Correction]
    lit: Lit
    by: dict[str, str]


def _empty(head: str, label: str, keyed: list[Correction]) -> Slot:
    """A slot for an entry that was missed, at the next place that nobody has used."""
    used = [c.path.split(".")[1] for c in keyed if c.path.startswith(f"{head}.")]
    free = 1 + max((int(place[1:]) for place in used if is_added(place)), default=0)
    return Slot(f"{head}.a{free}.text", label, "", "", None, "", "", 0, "")


def _field_slot(now: _Laid, name: str) -> Slot:
    field = now.letter[name]
    refused = tuple((wording.shown(name, c.value), c.rejected_because) for c in field.candidates if c.rejected_because)
    return _slot(now, name, wording.LABELS[name])._replace(refused=refused, because=field.accepted.because if field.accepted else "")


def _slot(now: _Laid, path: str, label: str) -> Slot:
    value, confidence, evidence = read_at(now.letter, path, now.keyed)
    stated = value is not None
    return Slot(
        path=path, label=label, text=typed(path, value), shown=typed(path, value),
        confidence=confidence if stated else None, because="", key=_key(evidence, now.lit) if stated else "",
        page=evidence.page if evidence and stated else 0, quote=evidence.quote if evidence and stated else "", by=now.by.get(path, ""),
    )  # fmt: skip


def _key(evidence: Evidence | None, lit: Lit) -> str:
    if evidence is None:
        return ""
    x0, y0, x1, y1 = (round(edge, 1) for edge in evidence.box)
    return lit.get((evidence.page, x0, y0, round(max(1.0, x1 - x0), 1), round(max(1.0, y1 - y0), 1)), "")


def reasons(office: Office, row: WorkRow) -> dict[str, list[tuple[str, str]]]:
    """Reasons of the plan's table for each decision."""
    return {what: [(r.code, r.says) for r in office.policy.reasons(row.plan_id, row.program, what)] for what in DECISIONS}
