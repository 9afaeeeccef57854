"""What the worklist holds, counted: by queue, by person, by state, and what it can be filtered by.

Belongs here: questions whose answers are numbers or names. Does not belong here: which letters those are (work.py), the
leads' measures (board.py).
"""

from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger.desk_tables import HELD, work, work_words
from pipeline.ledger.work import NO_DAY, OPEN


@dataclass(frozen=True)
class Load:
    """How much lies in a queue or in somebody's hands: letters, the oldest receipt and first due day ('' for none), late
    ones, those due within a week, dollars at stake."""

    letters: int
    oldest: str
    due: str
    late: int
    soon: int
    amount: float


def loads(c: sa.Connection, today: str, week: str) -> dict[str, Load]:
    """The load of each queue that holds letters a person has to work on."""
    return _loads(c, today, week, "queue")


def held(c: sa.Connection, today: str, week: str) -> dict[str, Load]:
    """The load of each person who has taken, or was given, letters to work on."""
    return _loads(c, today, week, "assigned", sa.literal_column(f"desk_work.{HELD}"))


def _loads(c: sa.Connection, today: str, week: str, by: str, *which: sa.ColumnElement[bool]) -> dict[str, Load]:
    late = sa.func.sum(sa.case((work.c.due < today, 1), else_=0))
    soon = sa.func.sum(sa.case((sa.and_(work.c.due >= today, work.c.due <= week), 1), else_=0))
    query = sa.select(
        work.c[by].label("name"), sa.func.count().label("letters"), sa.func.min(work.c.received).label("oldest"), sa.func.min(work.c.due).label("due"),
        late.label("late"), soon.label("soon"), sa.func.sum(work.c.amount).label("amount"),
    ).where(work.c.state.in_(OPEN), *which).group_by(work.c[by])  # fmt: skip
    query = query.with_hint(work, "INDEXED BY desk_work_held", "sqlite") if which else query
    return {r.name: Load(r.letters, r.oldest, "" if r.due == NO_DAY else r.due, r.late, r.soon, r.amount or 0.0) for r in c.execute(query)}


def states(c: sa.Connection) -> dict[str, int]:
    """Letters in each state."""
    return {r.state: r.n for r in c.execute(sa.select(work.c.state, sa.func.count().label("n")).group_by(work.c.state))}


def choices(c: sa.Connection) -> dict[str, list[str]]:
    """What the list can be filtered by: programs, plans, channels, findings that occur, people who hold letters."""
    names = ("program", "plan_id", "channel")
    rows = c.execute(sa.select(*(work.c[name] for name in names)).distinct()).all()
    found = {name: sorted({row[at] for row in rows if row[at]}) for at, name in enumerate(names)}
    held = c.execute(sa.select(work.c.assigned).where(sa.literal_column(f"desk_work.{HELD}")).distinct())
    found["assigned"] = sorted(held.scalars())
    codes = c.execute(sa.select(work_words.c.word).where(work_words.c.word >= "finding:", work_words.c.word < "finding;").distinct())
    return found | {"finding": [w.removeprefix("finding:") for w in codes.scalars()]}
