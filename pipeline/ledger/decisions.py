"""Decisions as they stand in the ledger.

Belongs here: adding one, which decision on a letter counts, whose letters a person's deed makes stale. Does not belong here: making
one.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import filings
from pipeline.ledger import tables as t
from pipeline.model import Decision, OnFile

_TAKE_BACK = ("undo", "reopen")
_DECIDE_NOTHING = ("move", "reassign")
"""Deeds that are kept among the decisions and leave the last one in force."""


STALE = ""
"""What a batch is judged under once a decision changed what its letters are held against."""


def put(c: sa.Connection, decision: Decision) -> None:
    """Adds a decision. Where it puts a letter on file or takes it off again, the batches with other letters of that
    member have to be judged again."""
    c.execute(t.decisions.insert(), {"letter_id": decision.letter_id, "decision": decision.model_dump_json()})
    if decision.what not in _DECIDE_NOTHING and any(d.what == "approved" for d in on(c, decision.letter_id)):
        make_stale(c, filings.batches_with_kin(c, decision.letter_id))


def file_again(c: sa.Connection, receipt_id: str, several: Sequence[OnFile]) -> None:
    """Replaces one file's letters on file after a person tied or corrected them. Where that changes whom they are about
    or what they say, the batches with other letters of those members, before and now, have to be judged again."""
    if not filings.changed(c, {receipt_id: several}):
        return
    before = filings.batches_beside(c, receipt_id)
    filings.put(c, {receipt_id: several})
    make_stale(c, sorted(before | filings.batches_beside(c, receipt_id)))


def make_stale(c: sa.Connection, batches: "sa.Select[Any] | Sequence[str]") -> None:
    """Has these batches judged again, but for those in work."""
    c.execute(t.batches.update().where(t.batches.c.key.in_(batches), t.batches.c.judged.is_not(None)).values(judged=STALE))


_ON = sa.select(t.decisions.c.decision).where(t.decisions.c.letter_id == sa.bindparam("id")).order_by(t.decisions.c.seq)


def on(c: sa.Connection, letter_id: str) -> list[Decision]:
    """Decisions on one letter, oldest first."""
    return [Decision.model_validate_json(r) for r in c.execute(_ON, {"id": letter_id}).scalars()]


def standing(c: sa.Connection, letter_id: str) -> Decision | None:
    """The decision (or the proposal of one) that stands on a letter; None when it was undone or the letter reopened."""
    return last_of(on(c, letter_id))


def last_of(several: Sequence[Decision]) -> Decision | None:
    """The same of one letter's decisions, oldest first."""
    last = next((d for d in reversed(several) if d.what not in _DECIDE_NOTHING), None)
    return None if last is None or last.what in _TAKE_BACK else last


_OF_MEMBER = (
    sa.select(t.on_file.c.letter_id, t.decisions.c.decision).join(t.decisions, t.decisions.c.letter_id == t.on_file.c.letter_id)
    .where(t.on_file.c.member_id == sa.bindparam("member")).order_by(t.on_file.c.place, t.decisions.c.seq)
)  # fmt: skip


def of_member(c: sa.Connection, member_id: str, what: str) -> dict[str, Decision]:
    """As `in_force`, of the letters on file for one member only."""
    several: dict[str, list[Decision]] = {}
    for row in c.execute(_OF_MEMBER, {"member": member_id}):
        several.setdefault(str(row.letter_id), []).append(Decision.model_validate_json(row.decision))
    found = {letter_id: last_of(mine) for letter_id, mine in several.items()}
    return {letter_id: d for letter_id, d in found.items() if d is not None and d.what == what}


def in_force(c: sa.Connection, what: str) -> dict[str, Decision]:
    """By letter id, the decisions in force that say `what`, in the order in which letters were first decided on."""
    told = [Decision.model_validate_json(r) for r in c.execute(sa.select(t.decisions.c.decision).order_by(t.decisions.c.seq)).scalars()]
    return {k: d for k, d in {d.letter_id: d for d in told if d.what not in _DECIDE_NOTHING}.items() if d.what == what}
