"""A letter's page: the picture left, the values right with what is in doubt first, findings, member, history, time line.

Belongs here: choosing and ordering what the page shows. Does not belong here: doing anything (deeds.py), markup.
"""

from typing import NamedTuple

import sqlalchemy as sa

from pipeline.desk.deeds import DECISIONS, read_at
from pipeline.desk.office import Office
from pipeline.ledger import labels, people, work
from pipeline.ledger.desk_tables import notes
from pipeline.ledger.work import WorkRow
from pipeline.model import ELEMENTS, FIELD_NAMES, Case, Evidence, Letter, Scalar
from pipeline.review import wording
from pipeline.review.view import LetterView, letter_view

ITEM_PARTS = (("text", "Item"), ("category", "Kind"), ("code", "Code"), ("quantity", "Quantity"), ("frequency", "How often"),
              ("duration_months", "Months"), ("cost", "Cost"))  # fmt: skip


Lit = dict[tuple[int, float, float, float, float], str]
"""Page and sides of a box, to the key of its mark."""


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
    def doubtful(self) -> bool:
        return not self.by and ((self.confidence is not None and self.confidence < wording.DOUBTFUL_BELOW) or (self.confidence is None and bool(self.refused)))


class Sheet(NamedTuple):
    """What the right side shows. `doubts` first, then `slots`; `absent` can be keyed when the letter states them after
    all; `members` are candidates with the record's name and birth date."""

    row: WorkRow
    case: Case
    view: LetterView
    doubts: list[Slot]
    slots: list[Slot]
    absent: list[Slot]
    claims: list[dict[str, object]]
    members: list[dict[str, object]]
    history: list[dict[str, str]]
    earlier: list[dict[str, object]]
    events: list[dict[str, str]]
    notes: list[dict[str, str]]
    decisions: list[dict[str, object]]
    summary: str


def sheet_of(office: Office, row: WorkRow, case: Case) -> Sheet:
    """Everything about one letter."""
    pictures = {f.number: f"/page/{row.letter_id}/{f.number}.jpg" for f in case.faces if f.image}
    view = letter_view(case, row.letter_id, office.today, pictures)
    with office.ledger.reading() as c:
        keyed = {x.correction.path: x.who for x in labels.labels(c, row.letter_id)}
        told = [dict(n._mapping) for n in c.execute(sa.select(notes).where(notes.c.letter_id == row.letter_id).order_by(notes.c.seq))]
        others = work.of_member(c, row.member_id, row.letter_id)
    slots = _slots(case.letter, view, keyed) if case.letter else []
    stated = [s for s in slots if s.confidence is not None or s.refused]
    return Sheet(
        row=row, case=case, view=view, doubts=sorted((s for s in stated if s.doubtful), key=lambda s: s.confidence or 0.0),
        slots=[s for s in stated if not s.doubtful], absent=[s for s in slots if s.confidence is None and not s.refused],
        claims=_claims(office, row), members=_members(office, case), history=_history(office, row),
        earlier=[_earlier(office, o, case) for o in others], events=_events(office, row), notes=told,
        decisions=[d.model_dump() for d in office.ledger.decisions_on(row.letter_id)], summary=summary(case, row, view),
    )  # fmt: skip


def summary(case: Case, row: WorkRow, view: LetterView) -> str:
    """Why this letter, why now, in one line."""
    asks = row.about or case.item.why
    money = f", ${row.amount:,.0f} at stake" if row.amount else ""
    return f"{view.head.who} asks for {asks}{money}; {view.head.due}." if case.letter else f"{asks}; {view.head.due}."


def _slots(letter: Letter, view: LetterView, keyed: dict[str, str]) -> list[Slot]:
    lit = {(m.page, m.x, m.y, m.width, m.height): m.key for s in view.sheets for m in s.marks}
    found = [_field_slot(letter, name, lit, keyed) for name in FIELD_NAMES]
    for at in range(len(letter.diagnoses)):
        found.append(_slot(letter, f"diagnoses.{at}.text", f"Diagnosis {at + 1}", lit, keyed))
        found.append(_slot(letter, f"diagnoses.{at}.icd10", f"Code {at + 1}", lit, keyed))
    for at in range(len(letter.items)):
        found += [_slot(letter, f"items.{at}.{part}", f"{label} {at + 1}", lit, keyed) for part, label in ITEM_PARTS]
    return found + [_slot(letter, f"elements.{name}", wording.ELEMENT_LABELS[name], lit, keyed) for name in ELEMENTS]


def _field_slot(letter: Letter, name: str, lit: Lit, keyed: dict[str, str]) -> Slot:
    slot = _slot(letter, name, wording.LABELS[name], lit, keyed)
    refused = tuple((wording.shown(name, c.value), c.rejected_because) for c in letter[name].candidates if c.rejected_because)
    return slot._replace(refused=refused, because=letter[name].accepted.because if letter[name].accepted else "")  # type: ignore[union-attr]


def _slot(letter: Letter, path: str, label: str, lit: Lit, keyed: dict[str, str]) -> Slot:
    value, confidence, evidence = read_at(letter, path)
    stated = value is not None
    return Slot(
        path=path, label=label, text=_keyed_text(value), shown=wording.shown(path, value) if value is not None else "",
        confidence=confidence if stated else None, because="", key=_key(evidence, lit) if stated else "",
        page=evidence.page if evidence and stated else 0, quote=evidence.quote if evidence and stated else "", by=keyed.get(path, ""),
    )  # fmt: skip


def _keyed_text(value: Scalar | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    return f"{value:g}" if isinstance(value, float) else value


def _key(evidence: Evidence | None, lit: Lit) -> str:
    if evidence is None:
        return ""
    x0, y0, x1, y1 = (round(edge, 1) for edge in evidence.box)
    return lit.get((evidence.page, x0, y0, round(max(1.0, x1 - x0), 1), round(max(1.0, y1 - y0), 1)), "")


def _claims(office: Office, row: WorkRow) -> list[dict[str, object]]:
    records = office.records
    if records is None or not row.member_id:
        return []
    mine = set(filter(None, row.claims.split(", ")))
    rows = [records.claims[n] for n in records.claims_of.get(row.member_id, ())]
    return [{**r.model_dump(), "mine": r.claim_id in mine} for r in sorted(rows, key=lambda r: (r.claim_id not in mine, not r.is_open, r.claim_id))]


def _members(office: Office, case: Case) -> list[dict[str, object]]:
    match, records = case.item.match, office.records
    if match is None:
        return []
    found = []
    for one in match.candidates:
        member = records.members.get(one.member_id) if records else None
        found.append({"member_id": one.member_id, "score": one.score, "parts": sorted(one.parts.items(), key=lambda p: -abs(p[1])),
                      "name": member.name if member else "", "dob": member.dob if member else "", "plan": member.plan_id if member else "",
                      "relationship": member.relationship if member else "", "chosen": one.member_id == match.member_id})  # fmt: skip
    return found


def _history(office: Office, row: WorkRow) -> list[dict[str, str]]:
    records = office.records
    rows = records.history.get(row.member_id, ()) if records else ()
    newest = sorted(rows, key=lambda r: str(r.date or ""), reverse=True)[:12]
    return [{"date": str(r.date or ""), "icd10": r.icd10, "description": r.description, "provider": r.provider_name} for r in newest]


def _earlier(office: Office, other: WorkRow, case: Case) -> dict[str, object]:
    """Another letter of the member, with the values in which the two differ."""
    theirs = office.case(other)
    differs = []
    if theirs and theirs.letter and case.letter:
        for name in FIELD_NAMES:
            then, now = theirs.letter[name].value, case.letter[name].value
            if then != now and then is not None and now is not None:
                differs.append((wording.LABELS[name], wording.shown(name, then), wording.shown(name, now)))
    return {"letter_id": other.letter_id, "received": other.received, "about": other.about, "state": other.state, "how": other.changed_how, "differs": differs}


def _events(office: Office, row: WorkRow) -> list[dict[str, str]]:
    """What happened to the file and the letter; looks at it are counted once per person and day."""
    found: list[dict[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for event in office.ledger.events_of(row.receipt_id):
        who = str(event.detail.get("who") or "")
        if event.kind == "looked":
            if (who, event.at[:10]) in seen:
                continue
            seen.add((who, event.at[:10]))
        if event.detail.get("letter_id") not in (None, row.letter_id):
            continue
        more = ", ".join(f"{k} {v}" for k, v in event.detail.items() if v is not None and k in ("queue", "was", "to", "what", "code", "path", "stage", "reason"))
        found.append({"at": event.at[:16].replace("T", " "), "kind": wording.in_words(event.kind), "who": who, "more": more})
    return found


def colleagues(office: Office) -> list[str]:
    """Who can be given letters."""
    with office.ledger.reading() as c:
        return [u.name for u in people.every(c) if u.active and u.role in ("examiner", "lead", "administrator")]


def reasons(office: Office, row: WorkRow) -> dict[str, list[tuple[str, str]]]:
    """Reasons of the plan's table for each decision."""
    return {what: [(r.code, r.says) for r in office.policy.reasons(row.plan_id, row.program, what)] for what in DECISIONS}
