"""One thing that a person does to a letter: once, with who and when, never over what somebody else did meanwhile.

Belongs here: the frame of a deed: seen as it is, done in one transaction, refused or in conflict. Does not belong here:
which deeds there are (deeds.py, corrections.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.desk.office import Office
from pipeline.ledger import chain, decisions, labels, work
from pipeline.ledger import tables as t
from pipeline.ledger.desk_tables import acts
from pipeline.ledger.work import WorkRow
from pipeline.model import Decision


class RefusedError(ValueError):
    """The deed cannot be done; the message says why to the person."""


class ConflictError(Exception):
    """Somebody was faster: who did what, when stands in the row; `judged` when it was a run that judged the letter anew."""

    def __init__(self, row: WorkRow, judged: bool = False) -> None:
        super().__init__(row.letter_id)
        self.row, self.judged = row, judged


@dataclass(frozen=True)
class Deed:
    """Who does something to which letter; `version` is that of the row the person saw, `result` the judgement they saw
    ('' where the deed does not rest on it), `token` makes it happen once, `seconds` is how long the letter was open."""

    who: str
    letter_id: str
    version: int
    token: str
    seconds: float = 0.0
    result: str = ""


_RESULT = sa.select(t.cases.c.result).where(t.cases.c.letter_id == sa.bindparam("id"))
"""The judgement that a letter stands under."""
_DONE = sa.select(acts.c.token).where(acts.c.token == sa.bindparam("token"))
_SEEN = (_DONE.scalar_subquery().label("token"), _RESULT.scalar_subquery().label("judged"))
"""Whether a deed was done already, and that judgement."""


def row_of(office: Office, deed: Deed) -> WorkRow:
    """The letter's row. RefusedError when it is no more."""
    row = office.find(deed.letter_id)
    if row is None:
        raise _gone()
    return row


def _gone() -> RefusedError:
    return RefusedError("There is no such letter any more.")


def seen(office: Office, deed: Deed) -> WorkRow:
    """The row, if it still is as the person saw it, or the same deed was done already. ConflictError otherwise."""
    with office.ledger.reading() as c:
        row, told = work.find_with(c, deed.letter_id, _SEEN, {"token": deed.token})
    if row is None:
        raise _gone()
    repeated, judged = told["token"] is not None, bool(deed.result) and told["judged"] != deed.result
    if repeated:
        return row
    if row.version != deed.version:
        raise ConflictError(row)
    if judged:
        office.renew(row.receipt_id)
        raise ConflictError(row_of(office, deed), judged=True)
    return row


def _judged_anew(c: sa.Connection, deed: Deed) -> bool:
    if not deed.result:
        return False
    return bool(c.execute(_RESULT, {"id": deed.letter_id}).scalar_one_or_none() != deed.result)


def decision(office: Office, deed: Deed, row: WorkRow, what: str, reason: str, **more: Any) -> Decision:
    """A decision with the rules whose findings were seen and what had been keyed."""
    case = office.case(row)
    rules = tuple(f"{f.code} {f.rule}" for f in case.item.findings) if case else ()
    with office.ledger.reading() as c:
        keyed = tuple((x.correction.path, x.kind) for x in labels.labels(c, row.letter_id))
    return Decision(letter_id=row.letter_id, who=deed.who, when=office.now(), what=what, reason=reason, rules=rules, queue=row.queue, corrections=keyed, **more)


def do(
    office: Office, deed: Deed, row: WorkRow, how: str, values: Mapping[str, str], detail: Mapping[str, str] | None = None,
    decision: Decision | None = None, also: Callable[[sa.Connection], None] | None = None,
) -> bool:  # fmt: skip
    """The deed, its decision and its event in one transaction. False when it was done before; ConflictError when
    somebody was faster."""
    at = office.now()
    with office.ledger.writing() as c:
        if not once(c, office, deed, how):
            return False
        if _judged_anew(c, deed):
            raise ConflictError(row, judged=True)
        if not work.change(c, deed.letter_id, deed.version, {**values, "changed_by": deed.who, "changed_at": at, "changed_how": how}):
            raise ConflictError(work.find(c, deed.letter_id) or row)
        if also is not None:
            also(c)
        if decision is not None:
            decisions.put(c, decision)
        chain.append(c, at, row.receipt_id, how, {"letter_id": deed.letter_id, "who": deed.who, **(detail or {})})
    office.recount()
    return True


def once(c: sa.Connection, office: Office, deed: Deed, what: str) -> bool:
    """Notes the deed's token; False when it was noted before."""
    insert = (postgresql.insert(acts) if c.dialect.name == "postgresql" else sqlite.insert(acts)).on_conflict_do_nothing()
    row = {"token": deed.token, "letter_id": deed.letter_id, "who": deed.who, "at": office.now(), "what": what, "seconds": max(0.0, min(deed.seconds, 3600.0))}
    made = c.execute(insert, row, execution_options={"preserve_rowcount": True})
    return made.rowcount == 1
