"""Decisions as they stand in the ledger.

Belongs here: which decision on a letter counts. Does not belong here: making one, what follows from it.
"""

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.model import Decision

_DECIDE_NOTHING = ("move", "reassign")
"""Deeds that are kept among the decisions and leave the last one in force."""


def on(c: sa.Connection, letter_id: str) -> list[Decision]:
    """Decisions on one letter, oldest first."""
    query = sa.select(t.decisions.c.decision).where(t.decisions.c.letter_id == letter_id).order_by(t.decisions.c.seq)
    return [Decision.model_validate_json(r) for r in c.execute(query).scalars()]


def in_force(c: sa.Connection, what: str) -> dict[str, Decision]:
    """By letter id, the decisions in force that say `what`, in the order in which letters were first decided on."""
    told = [Decision.model_validate_json(r) for r in c.execute(sa.select(t.decisions.c.decision).order_by(t.decisions.c.seq)).scalars()]
    return {k: d for k, d in {d.letter_id: d for d in told if d.what not in _DECIDE_NOTHING}.items() if d.what == what}
