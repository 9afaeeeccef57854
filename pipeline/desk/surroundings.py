"""What stands around a letter: claim lines, members who may be meant, history, other letters, letters on file, events.

Belongs here: gathering and ordering what the records and the ledger know. Does not belong here: the letter's own values
(sheet.py), markup.
"""

from pipeline.desk import phrases
from pipeline.desk.office import Office
from pipeline.errors import OperatorError
from pipeline.ledger.work import WorkRow
from pipeline.model import FIELD_NAMES, Case
from pipeline.review import wording
from pipeline.standing import on_file_for

_ROWS = {
    "claims": ("item_description", "service_date", "amount", "status", "code", "diagnosis_code", "merchant"),
    "members": ("name", "dob", "relationship", "plan_id"),
    "plans": ("name", "program", "plan_year_start", "plan_year_end", "grace_end", "runout_end"),
}
"""The columns of a record's row that a person looks at beside a finding."""


def claims_of(office: Office, row: WorkRow) -> list[dict[str, object]]:
    """The member's claim lines, those of this letter first."""
    records = office.records
    if records is None or not row.member_id:
        return []
    mine = set(filter(None, row.claims.split(", ")))
    rows = [records.claims[n] for n in records.claims_of.get(row.member_id, ())]
    return [{**r.model_dump(), "mine": r.claim_id in mine} for r in sorted(rows, key=lambda r: (r.claim_id not in mine, not r.is_open, r.claim_id))]


def members_of(office: Office, case: Case) -> list[dict[str, object]]:
    """Members who may be meant, with what speaks for and against each."""
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


def history_of(office: Office, row: WorkRow) -> list[dict[str, str]]:
    """What the records know of the member, newest first."""
    records = office.records
    rows = records.history.get(row.member_id, ()) if records else ()
    newest = sorted(rows, key=lambda r: str(r.date or ""), reverse=True)[:12]
    return [{"date": str(r.date or ""), "icd10": r.icd10, "description": r.description, "provider": r.provider_name} for r in newest]


def earlier_of(office: Office, other: WorkRow, case: Case) -> dict[str, object]:
    """Another letter of the member, with the values in which the two differ."""
    theirs = office.case(other)
    differs = []
    if theirs and theirs.letter and case.letter:
        for name in FIELD_NAMES:
            then, now = theirs.letter[name].value, case.letter[name].value
            if then != now and then is not None and now is not None:
                differs.append((wording.LABELS[name], wording.shown(name, then), wording.shown(name, now)))
        for label, before, after in (("Diagnoses", theirs.letter.diagnoses, case.letter.diagnoses), ("Items", theirs.letter.items, case.letter.items)):
            old, new = (", ".join(one.text for one in several) or "none" for several in (before, after))
            differs += [(label, old, new)] if old.lower() != new.lower() else []
    return {"letter_id": other.letter_id, "received": other.received, "about": other.about, "state": other.state, "how": phrases.deed(other.changed_how or other.state), "differs": differs}


_UNSHOWN = frozenset(["moved", "fetched_ahead"])
"""Events of the machinery's own housekeeping: in the audit trail, not in the letter's time line."""


def events_of(office: Office, row: WorkRow) -> list[dict[str, str]]:
    """What happened to the file and the letter; looks at it are counted once per person and day."""
    found: list[dict[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for event in office.ledger.events_of(row.receipt_id):
        who = str(event.detail.get("who") or "")
        if event.kind == "looked":
            if (who, event.at[:10]) in seen:
                continue
            seen.add((who, event.at[:10]))
        if event.detail.get("letter_id") not in (None, row.letter_id) or event.kind in _UNSHOWN:
            continue
        found.append({"at": event.at[:16].replace("T", " "), "kind": phrases.deed(event.kind), "who": who, "more": phrases.detail(dict(event.detail), event.kind)})
    return found


def on_file_of(office: Office, row: WorkRow) -> list[dict[str, object]]:
    """The member's approved letters: what they cover, from when until when."""
    if office.records is None or not row.member_id:
        return []
    try:
        found = on_file_for(office.site(), row.member_id)
    except OperatorError:
        return []
    return [{"letter_id": s.letter.letter_id, "things": ", ".join(text for text, _, _ in s.letter.things), "since": s.letter.since, "until": s.letter.until,
             "covers": ", ".join(s.covers), "state": s.state, "who": s.who, "mine": s.letter.letter_id == row.letter_id} for s in found]  # fmt: skip


def record_rows(office: Office, case: Case) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The rows of the records that the case's findings rest on, by table and id, as (column, value)."""
    records, found = office.records, {}
    for finding in case.item.findings if records else ():
        side = finding.record
        row = getattr(records, side.table).get(side.id) if side and side.table in _ROWS else None
        if side is not None and row is not None:
            cells = ((wording.in_words(name), _cell(getattr(row, name))) for name in _ROWS[side.table] if name != side.column)
            found[side.table, side.id] = [(name, value) for name, value in cells if value]
    return found


def _cell(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else "" if value is None else str(value)
