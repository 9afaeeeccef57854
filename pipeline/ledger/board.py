"""What leads ask of the ledger: intake, backlog, deadlines, findings, hours, quality of reading; counted, not listed.

Belongs here: the questions, and keeping what was measured of letters. Does not belong here: measuring a letter
(desk/measures.py), averages and pictures (desk/dashboard.py).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.ledger import tables as t
from pipeline.ledger.desk_tables import acts, work
from pipeline.ledger.lead_tables import measures
from pipeline.ledger.work import OPEN

DECIDED = ("approved", "denied", "request_info", "not_lmn", "duplicate")
PROPOSED = tuple(f"proposed_{what}" for what in DECIDED)
_MOST_HANDLED = 5_000
_MANY = 400


@dataclass(frozen=True)
class Measure:
    """What was measured of a letter; names as the columns of `desk_measures`."""

    letter_id: str
    result: str
    received: str
    channel: str
    quality: float
    vals: int
    sure: int
    blocks: int


@dataclass(frozen=True)
class Reading:
    """Letters of one channel received on one day: how many, mean quality (0..1), values taken, those that were sure."""

    channel: str
    day: str
    letters: int
    quality: float
    vals: int
    sure: int


@dataclass(frozen=True)
class Handled:
    """A decision: who made it in which queue, when (ISO 8601), when anybody first looked at the letter ('' when
    unknown), and the seconds for which it had been open."""

    letter_id: str
    who: str
    queue: str
    what: str
    at: str
    first_look: str
    seconds: float


def _day(column: sa.Column[str]) -> sa.ColumnElement[str]:
    """The day of an ISO time; the numbers stand in the statement, so that grouping by it is the same expression."""
    return sa.func.substr(column, sa.literal_column("1"), sa.literal_column("10"))


def unmeasured(c: sa.Connection, limit: int, after: str = "") -> list[str]:
    """Ids of letters, in their order behind `after`, whose Case is not the one that was measured."""
    query = sa.select(t.cases.c.letter_id).outerjoin(measures, measures.c.letter_id == t.cases.c.letter_id)
    query = query.where(sa.or_(measures.c.result.is_(None), measures.c.result != t.cases.c.result), t.cases.c.letter_id > after)
    return list(c.execute(query.order_by(t.cases.c.letter_id).limit(limit)).scalars())


def put(c: sa.Connection, rows: Iterable[Measure]) -> None:
    """Adds or replaces what was measured."""
    made = [dict(vars(row)) for row in rows]
    insert: Any = postgresql.insert(measures) if c.dialect.name == "postgresql" else sqlite.insert(measures)
    others = {column.name: insert.excluded[column.name] for column in measures.columns if not column.primary_key}
    if made:
        c.execute(insert.on_conflict_do_update(index_elements=["letter_id"], set_=others), made)


def measured(c: sa.Connection) -> tuple[int, int]:
    """Letters that were measured, and letters in all."""
    count = sa.select(sa.func.count())
    return int(c.execute(count.select_from(measures)).scalar_one()), int(c.execute(count.select_from(t.cases)).scalar_one())


def intake(c: sa.Connection, since: str) -> dict[str, int]:
    """Files received on each day from `since` on."""
    day = _day(t.receipts.c.received_at)
    query = sa.select(day.label("day"), sa.func.count().label("n")).where(t.receipts.c.received_at >= since).group_by(day)
    return {str(r.day): int(r.n) for r in c.execute(query)}


def decided(c: sa.Connection, since: str) -> dict[str, str]:
    """Decisions made from `since` on that were not undone by whoever made them: act's token to time (ISO 8601), newest
    first. A letter that was reopened and decided again was decided twice."""
    query = sa.select(acts.c.token, acts.c.letter_id, acts.c.at, acts.c.what).where(acts.c.at >= since, acts.c.what.in_((*DECIDED, *PROPOSED, "undone"))).order_by(acts.c.at, acts.c.token)
    open_to_undo: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for r in c.execute(query):
        mine = open_to_undo.setdefault(r.letter_id, [])
        if r.what != "undone":
            mine.append(r.token)
            found |= {r.token: r.at} if r.what in DECIDED else {}
        elif mine:
            found.pop(mine.pop(), None)
    return dict(sorted(found.items(), key=lambda x: (x[1], x[0]), reverse=True))


def backlog(c: sa.Connection) -> list[tuple[str, str, int]]:
    """(queue, day received, letters) of what waits for a person."""
    query = sa.select(work.c.queue, work.c.received, sa.func.count().label("n")).where(work.c.state.in_(OPEN)).group_by(work.c.queue, work.c.received)
    return [(str(r.queue), str(r.received), int(r.n)) for r in c.execute(query)]


def due(c: sa.Connection, until: str) -> list[tuple[str, str, int]]:
    """(queue, due day, letters) of what waits for a person and is due by `until`, or was."""
    query = sa.select(work.c.queue, work.c.due, sa.func.count().label("n")).where(work.c.state.in_(OPEN), work.c.due <= until)
    return [(str(r.queue), str(r.due), int(r.n)) for r in c.execute(query.group_by(work.c.queue, work.c.due))]


def findings(c: sa.Connection, since: str) -> list[tuple[str, str, int]]:
    """(practice, its letters' finding codes joined by blanks, letters) of letters received from `since` on."""
    query = sa.select(work.c.practice, work.c.codes, sa.func.count().label("n")).where(work.c.received >= since)
    return [(str(r.practice), str(r.codes), int(r.n)) for r in c.execute(query.group_by(work.c.practice, work.c.codes))]


def readings(c: sa.Connection, since: str) -> list[Reading]:
    """How well letters could be read, by channel and day received."""
    m = measures.c
    query = sa.select(
        m.channel, m.received, sa.func.count().label("n"), sa.func.avg(m.quality).label("quality"), sa.func.sum(m.vals).label("vals"), sa.func.sum(m.sure).label("sure"),
    ).where(m.received >= since, m.vals > 0).group_by(m.channel, m.received).order_by(m.channel, m.received)  # fmt: skip
    return [Reading(r.channel, r.received, int(r.n), float(r.quality), int(r.vals), int(r.sure)) for r in c.execute(query)]


def effortless(c: sa.Connection, since: str) -> tuple[int, int]:
    """Letters whose every value was sure and that no finding blocks, and letters with values in all."""
    m = measures.c
    easy = sa.func.sum(sa.case((sa.and_(m.sure == m.vals, m.blocks == 0), 1), else_=0))
    row = c.execute(sa.select(easy.label("easy"), sa.func.count().label("n")).where(m.received >= since, m.vals > 0)).one()
    return int(row.easy or 0), int(row.n)


def handled(c: sa.Connection, decided: Mapping[str, str]) -> list[Handled]:
    """The last of these decisions, each with the queue in which it was made and the first look at its letter."""
    rows: list[Any] = []
    for tokens in _parts(list(decided)[:_MOST_HANDLED]):
        query = sa.select(acts, work.c.queue, work.c.receipt_id).join(work, work.c.letter_id == acts.c.letter_id).where(acts.c.token.in_(tokens))
        rows += c.execute(query)
    rows.sort(key=lambda r: (r.at, r.token), reverse=True)
    looks = _first_looks(c, sorted({str(r.receipt_id) for r in rows}))
    queues = _queues(c, sorted({str(r.letter_id) for r in rows}))
    return [Handled(r.letter_id, r.who, _queue(queues.get(r.letter_id, []), r), r.what, r.at, looks.get(r.letter_id, ""), float(r.seconds)) for r in rows]


def _parts(several: Sequence[str]) -> Iterator[Sequence[str]]:
    return (several[at : at + _MANY] for at in range(0, len(several), _MANY))


def _queues(c: sa.Connection, letters: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What was decided on each letter, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for some in _parts(letters):
        query = sa.select(t.decisions.c.letter_id, t.decisions.c.decision).where(t.decisions.c.letter_id.in_(some)).order_by(t.decisions.c.seq)
        for row in c.execute(query):
            found.setdefault(row.letter_id, []).append(json.loads(row.decision))
    return found


def _queue(told: Sequence[Mapping[str, Any]], act: Any) -> str:
    """The queue that the letter was in when it was decided, which it may have left since."""
    mine = [d["queue"] for d in told if (d["who"], d["what"]) == (act.who, act.what) and d["when"] <= act.at and d.get("queue")]
    return str(mine[-1] if mine else act.queue)


def _first_looks(c: sa.Connection, receipts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _parts(receipts):
        mine = t.events.c.subject.in_(some)
        for event in c.execute(sa.select(t.events.c.at, t.events.c.detail).where(mine, t.events.c.kind == "looked").order_by(t.events.c.seq)):
            found.setdefault(str(json.loads(event.detail).get("letter_id")), str(event.at))
    return found
