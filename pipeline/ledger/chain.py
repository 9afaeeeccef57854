"""The audit trail: events that can be added and never changed unseen.

Belongs here: adding an event, and finding the first one that was tampered with. Does not belong here: which events
there are. Details hold codes, counts and hashes, never words of a letter.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger import tables as t

Detail = Mapping[str, str | int | float | None]
_START = "0" * 64


@dataclass(frozen=True)
class Event:
    """What happened (`kind`) to whom (`subject`, a receipt id) and when."""

    seq: int
    at: str
    subject: str
    kind: str
    detail: dict[str, str | int | float | None]


_HEAD = sa.select(t.chain_head).where(t.chain_head.c.id == 1).with_for_update()


def append(connection: sa.Connection, at: str, subject: str, kind: str, detail: Detail) -> None:
    """Adds one event within the caller's transaction."""
    append_all(connection, at, [(subject, kind, detail)])


def append_all(connection: sa.Connection, at: str, happened: Sequence[tuple[str, str, Detail]]) -> None:
    """Adds events (subject, kind, detail) in this order within the caller's transaction."""
    if not happened:
        return
    head = connection.execute(_HEAD).one_or_none()
    seq, before = (head.seq, head.hash) if head else (0, _START)
    rows = []
    for subject, kind, detail in happened:
        text, seq = json.dumps(dict(detail), sort_keys=True, ensure_ascii=False), seq + 1
        digest = _digest(before, seq, at, subject, kind, text)
        rows.append({"seq": seq, "at": at, "subject": subject, "kind": kind, "detail": text, "prev_hash": before, "hash": digest})
        before = digest
    connection.execute(t.events.insert(), rows)
    if head:
        connection.execute(t.chain_head.update().values(seq=seq, hash=before))
    else:
        connection.execute(t.chain_head.insert(), {"id": 1, "seq": seq, "hash": before})


def first_break(connection: sa.Connection, heads: Mapping[int, str]) -> int | None:
    """The number of the first event that was changed, removed or put in afterwards; None when all is sound. `heads` are
    hashes by number that were kept elsewhere: by them a tail that was cut off and a chain that was made anew show."""
    before, due = _START, 1
    for row in connection.execute(sa.select(t.events).order_by(t.events.c.seq)):
        sound = _digest(before, row.seq, row.at, row.subject, row.kind, row.detail)
        if row.seq != due or row.prev_hash != before or row.hash != sound or heads.get(due, sound) != sound:
            return due
        before, due = row.hash, due + 1
    return None if head(connection) == (due - 1, before) and all(seq < due for seq in heads) else due


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last event; (0, zeros) before the first."""
    row = connection.execute(sa.select(t.chain_head)).one_or_none()
    return (row.seq, row.hash) if row else (0, _START)


_OF = sa.select(t.events).where(t.events.c.subject == sa.bindparam("subject")).order_by(t.events.c.seq)


def events_of(connection: sa.Connection, subject: str) -> list[Event]:
    """All events of one subject, oldest first."""
    return [Event(r.seq, r.at, r.subject, r.kind, json.loads(r.detail)) for r in connection.execute(_OF, {"subject": subject})]


def _digest(before: str, seq: int, at: str, subject: str, kind: str, detail: str) -> str:
    return hashlib.sha256("\n".join((before, str(seq), at, subject, kind, detail)).encode()).hexdigest()
