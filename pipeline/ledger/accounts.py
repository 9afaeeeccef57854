"""The conservation law: no file is lost.

Belongs here: counting where every received file is. Does not belong here: moving it on.
"""

from typing import Any

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.model.base import Model


class Accounts(Model):
    """Files, each counted once: `received` by their receipts, the others by what became of them. `quarantined` could
    not be used as they are and lie in a queue with the reason; `duplicates` are the same bytes under another path."""

    received: int
    queued: int
    duplicates: int
    quarantined: int
    in_work: int
    letters: int

    @property
    def balanced(self) -> bool:
        return self.received == self.queued + self.duplicates + self.quarantined + self.in_work


def accounts(connection: sa.Connection) -> Accounts:
    """Counts received files and, independently, those in each state."""
    placed = (
        sa.select(t.cases.c.receipt_id, sa.func.max(t.cases.c.quarantined).label("bad")).group_by(t.cases.c.receipt_id).subquery()
    )
    joined = t.receipts.join(placed, t.receipts.c.id == placed.c.receipt_id)
    first = t.receipts.c.duplicate_of.is_(None)

    def count(query: sa.Select[Any]) -> int:
        return int(connection.execute(query).scalar_one())

    number = sa.func.count()
    return Accounts(
        received=count(sa.select(number).select_from(t.receipts)),
        queued=count(sa.select(number).select_from(joined).where(first, placed.c.bad == 0)),
        quarantined=count(sa.select(number).select_from(joined).where(first, placed.c.bad == 1)),
        duplicates=count(sa.select(number).select_from(joined).where(~first)),
        in_work=count(sa.select(number).select_from(t.receipts).where(t.receipts.c.id.not_in(sa.select(t.cases.c.receipt_id)))),
        letters=count(sa.select(number).select_from(t.cases)),
    )
