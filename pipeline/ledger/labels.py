"""What people keyed, letter by letter: labels that correct a reading and teach the next.

Belongs here: adding, taking back and gathering labels. Does not belong here: laying them over a letter (amend.py).
"""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger.desk_tables import labels as t
from pipeline.ledger.desk_tables import releases
from pipeline.model import Correction, Evidence, Scalar


@dataclass(frozen=True)
class Label:
    """A value that a person keyed: `was` is what the program had read, with its `confidence` (0..1; 0 for nothing)."""

    letter_id: str
    receipt_id: str
    kind: str
    was: Scalar | None
    confidence: float
    correction: Correction
    who: str
    at: str
    seq: int = 0


def add(c: sa.Connection, label: Label) -> None:
    """Adds a label within the caller's transaction."""
    evidence = label.correction.evidence
    c.execute(t.insert(), {
        "letter_id": label.letter_id, "receipt_id": label.receipt_id, "path": label.correction.path, "kind": label.kind,
        "was": json.dumps(label.was), "value": json.dumps(label.correction.value), "confidence": label.confidence,
        "evidence": evidence.model_dump_json() if evidence else "", "who": label.who, "at": label.at, "undone": 0,
    })  # fmt: skip


def take_back(c: sa.Connection, letter_id: str, who: str) -> str | None:
    """Takes back the person's last label on a letter; its path, or None when there is none."""
    mine = sa.select(t).where(t.c.letter_id == letter_id, t.c.who == who, t.c.undone == 0).order_by(t.c.seq.desc()).limit(1)
    row = c.execute(mine).one_or_none()
    if row is None:
        return None
    c.execute(t.update().where(t.c.seq == row.seq).values(undone=1))
    return str(row.path)


_ALL = sa.select(t).where(t.c.undone == 0).order_by(t.c.seq)
_OF_LETTER = _ALL.where(t.c.letter_id == sa.bindparam("id"))
_OF_FILE = _ALL.where(t.c.receipt_id == sa.bindparam("id"))


def labels(c: sa.Connection, letter_id: str | None = None) -> list[Label]:
    """Labels that stand, oldest first, of one letter or of all."""
    return [_label(row) for row in (c.execute(_ALL) if letter_id is None else c.execute(_OF_LETTER, {"id": letter_id}))]


def looked_at(c: sa.Connection, confidence: float) -> list[tuple[str, str, str]]:
    """(letter, path, kind) of the labels that stand on readings of at least this confidence (0..1), oldest first."""
    query = sa.select(t.c.letter_id, t.c.path, t.c.kind).where(t.c.undone == 0, t.c.confidence >= confidence).order_by(t.c.seq)
    return [(str(r.letter_id), str(r.path), str(r.kind)) for r in c.execute(query)]


def corrections(c: sa.Connection, receipt_id: str | None = None) -> dict[str, dict[str, list[Correction]]]:
    """What people keyed, by receipt and letter, oldest first; of one receipt or of all."""
    found: dict[str, dict[str, list[Correction]]] = {}
    for label in map(_label, c.execute(_ALL) if receipt_id is None else c.execute(_OF_FILE, {"id": receipt_id})):
        found.setdefault(label.receipt_id, {}).setdefault(label.letter_id, []).append(label.correction)
    return found


def released(c: sa.Connection, receipt_id: str | None = None) -> frozenset[str]:
    """Receipts that a person let out of quarantine; all, or the one if it is among them."""
    query = sa.select(releases.c.receipt_id)
    return frozenset(c.execute(query if receipt_id is None else query.where(releases.c.receipt_id == receipt_id)).scalars())


def _label(row: "sa.Row[tuple[object, ...]]") -> Label:
    evidence = Evidence.model_validate_json(row.evidence) if row.evidence else None
    correction = Correction(path=row.path, value=_scalar(row.value), evidence=evidence)
    return Label(row.letter_id, row.receipt_id, row.kind, _scalar(row.was), row.confidence, correction, row.who, row.at, row.seq)


def _scalar(text: str) -> Scalar | None:
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value
