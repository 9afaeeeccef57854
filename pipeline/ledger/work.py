"""The worklist: one row per letter, fast to count, sort, filter and search; and who holds it in which state.

Belongs here: the questions asked of that row and the changes people make to it. Does not belong here: how its first
columns are made from a Case (desk/rows.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.ledger.desk_tables import HELD, TODO, stale, work, work_words

OPEN = ("open", "second")
NO_DAY = "9999-12-31"
_MANY = 300
_FEW = 2_000


@dataclass(frozen=True)
class WorkRow:
    """A letter in the worklist; names as the columns of `desk_work`."""

    letter_id: str
    receipt_id: str
    result: str
    part: int
    queue: str
    due: str
    press: str
    effort: int
    amount: float
    received: str
    channel: str
    program: str
    plan_id: str
    member_id: str
    claims: str
    patient: str
    provider: str
    practice: str
    about: str
    codes: str
    file: str
    version: int = 0
    state: str = "open"
    moved: str = ""
    assigned: str = ""
    changed_by: str = ""
    changed_at: str = ""
    changed_how: str = ""


@dataclass(frozen=True)
class Wanted:
    """What the list shows. `state` a state, or 'todo' for open and second; empty strings and None filter nothing;
    `words` are folded beginnings that all must fit. `rare`: letters with the finding are few and fetched first, else the
    list is gone through until enough of them are met (see `told_apart`)."""

    queue: str = ""
    state: str = "todo"
    program: str = ""
    plan: str = ""
    channel: str = ""
    finding: str = ""
    assigned: str | None = None
    words: tuple[str, ...] = ()
    order: str = "press"
    rare: bool = True


_KEYS: dict[str, tuple[tuple[str, int], ...]] = {
    "press": (("press", 1), ("effort", 1), ("letter_id", 1)),
    "due": (("due", 1), ("letter_id", 1)),
    "received": (("received", 1), ("letter_id", 1)),
    "amount": (("amount", -1), ("letter_id", 1)),
    "patient": (("patient", 1), ("letter_id", 1)),
}
"""Columns by which each order sorts, and which way."""

ORDERS = tuple(_KEYS)


def mark_stale(c: sa.Connection, receipts: sa.Select[tuple[str]]) -> None:
    """Notes that these files' letters stand otherwise now, in the transaction that placed them."""
    c.execute(stale.insert().from_select(["receipt_id"], receipts))


def stale_files(c: sa.Connection, limit: int, receipt: str | None = None) -> list[tuple[int, str]]:
    """(number of the note, receipt id) of files to look at, of one or of all, oldest first."""
    query = sa.select(stale.c.seq, stale.c.receipt_id).order_by(stale.c.seq).limit(limit)
    return [(int(r.seq), str(r.receipt_id)) for r in c.execute(query if receipt is None else query.where(stale.c.receipt_id == receipt))]


def looked_at(c: sa.Connection, numbers: Sequence[int]) -> None:
    """Drops notes whose files were looked at; what was noted meanwhile stays."""
    for at in range(0, len(numbers), _MANY):
        c.execute(stale.delete().where(stale.c.seq.in_(numbers[at : at + _MANY])))


def changed_cases(c: sa.Connection, limit: int, receipts: Sequence[str] | None = None) -> list[str]:
    """Ids of letters, of these files or of all, whose Case is not the one that the worklist was made from."""
    query = sa.select(t.cases.c.letter_id).outerjoin(work, work.c.letter_id == t.cases.c.letter_id)
    query = query if receipts is None else query.where(t.cases.c.receipt_id.in_(receipts))
    return list(c.execute(query.where(sa.or_(work.c.result.is_(None), work.c.result != t.cases.c.result)).limit(limit)).scalars())


def gone(c: sa.Connection, receipts: Sequence[str] | None = None) -> list[str]:
    """Letters on the list, of these files or of all, whose case is no more (they were read anew and are counted
    otherwise now) and that no person has touched."""
    query = sa.select(work.c.letter_id).outerjoin(t.cases, t.cases.c.letter_id == work.c.letter_id).where(t.cases.c.letter_id.is_(None), work.c.version == 0)
    return list(c.execute(query if receipts is None else query.where(work.c.receipt_id.in_(receipts))).scalars())


def drop(c: sa.Connection, ids: Sequence[str]) -> None:
    """Takes letters off the list."""
    for at in range(0, len(ids), _MANY):
        some = ids[at : at + _MANY]
        c.execute(work_words.delete().where(work_words.c.letter_id.in_(some)))
        c.execute(work.delete().where(work.c.letter_id.in_(some)))


def put(c: sa.Connection, rows: Iterable[tuple[WorkRow, Sequence[str]]]) -> None:
    """Adds or renews rows with their words; what people set stays."""
    for row, words in rows:
        stood = find(c, row.letter_id)
        if stood is None:
            c.execute(work.insert(), vars(row))
        else:
            _renew(c, row, stood)
        _put_words(c, row.letter_id, {w[:80] for w in words}, known=stood is not None)


def _renew(c: sa.Connection, row: WorkRow, stood: WorkRow) -> None:
    """Writes what is other than it stood: each index of a column that is written costs as much as the row itself."""
    made = {k: v for k, v in vars(row).items() if k not in _OWN} | {"queue": stood.moved or row.queue}
    other = {k: v for k, v in made.items() if v != getattr(stood, k)}
    if other:
        c.execute(work.update().where(work.c.letter_id == row.letter_id).values(**other))


def _put_words(c: sa.Connection, letter_id: str, words: set[str], known: bool) -> None:
    """Renews a letter's words, where they are others than those that stand (`known` when there may be some)."""
    mine = work_words.c.letter_id == letter_id
    stand = set(c.execute(sa.select(work_words.c.word).where(mine)).scalars()) if known else set()
    if stand - words:
        c.execute(work_words.delete().where(mine, work_words.c.word.in_(sorted(stand - words))))
    if words - stand:
        c.execute(work_words.insert(), [{"word": w, "letter_id": letter_id} for w in sorted(words - stand)])


_OWN = ("version", "state", "moved", "assigned", "changed_by", "changed_at", "changed_how")


_ONE = sa.select(work).where(work.c.letter_id == sa.bindparam("id"))


def find(c: sa.Connection, letter_id: str) -> WorkRow | None:
    """One letter's row."""
    row = c.execute(_ONE, {"id": letter_id}).one_or_none()
    return _row(row) if row else None


def find_with(
    c: sa.Connection, letter_id: str, more: Sequence[sa.ColumnElement[Any]], given: Mapping[str, object]
) -> tuple[WorkRow | None, dict[str, Any]]:
    """The same, with more columns, by name, in one question; none of them when there is no row."""
    found = c.execute(_ONE.add_columns(*more), {"id": letter_id, **given}).mappings().one_or_none()
    if found is None:
        return None, {}
    names = {column.name for column in work.columns}
    return WorkRow(**{k: v for k, v in found.items() if k in names}), {k: v for k, v in found.items() if k not in names}


def told_apart(c: sa.Connection, wanted: Wanted) -> Wanted:
    """The same with `rare` as it is."""
    if not wanted.finding:
        return wanted
    mine = sa.select(work_words.c.letter_id).where(work_words.c.word == f"finding:{wanted.finding}").limit(_FEW)
    return replace(wanted, rare=int(c.execute(sa.select(sa.func.count()).select_from(mine.subquery())).scalar_one()) < _FEW)


def listed(c: sa.Connection, wanted: Wanted, limit: int, beside: WorkRow | None = None, side: int = 1) -> list[WorkRow]:
    """The letters wanted, most pressing first: the first ones, or those after (`side` 1) or before (-1) a row."""
    keys = _KEYS.get(wanted.order, _KEYS["press"])
    query = sa.select(work).where(*_conditions(wanted)).order_by(*(_ordered(name, way * side) for name, way in keys)).limit(limit)
    query = query if beside is None else query.where(_beyond(keys, beside, side))
    return [_row(row) for row in c.execute(_led(query, wanted))][::side]


def number(c: sa.Connection, wanted: Wanted, most: int | None = None) -> int:
    """How many letters are wanted; counting stops at `most`."""
    query = _led(sa.select(sa.literal(1).label("one")).select_from(work).where(*_conditions(wanted)), wanted)
    query = query if most is None else query.limit(most)
    return int(c.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def beside(c: sa.Connection, wanted: Wanted, here: WorkRow, side: int, passed: Collection[str] = (), who: str | None = None) -> str | None:
    """The letter before (`side` -1) or after (1) this one in the list's order, whether or not it is still among them;
    `passed` are passed over, and with `who` those that somebody else has taken."""
    keys = _KEYS.get(wanted.order, _KEYS["press"])
    query = _led(sa.select(work.c.letter_id).where(*_conditions(wanted), work.c.letter_id.not_in([here.letter_id, *passed])).limit(1), wanted)
    query = query if who is None else query.where(work.c.assigned.in_(("", who)))
    return c.execute(query.where(_beyond(keys, here, side)).order_by(*(_ordered(name, way * side) for name, way in keys))).scalar_one_or_none()


def _ordered(name: str, way: int) -> sa.ColumnElement[Any]:
    return work.c[name] if way > 0 else work.c[name].desc()


def _beyond(keys: Sequence[tuple[str, int]], here: WorkRow, side: int) -> sa.ColumnElement[bool]:
    """Rows on one side of a row: one comparison of all columns where they run the same way, else one of the first column
    at the head, which an index serves."""
    mine = [sa.literal(getattr(here, name)) for name, _ in keys]
    if all(way > 0 for _, way in keys):
        place = sa.tuple_(*(work.c[name] for name, _ in keys))
        return place > sa.tuple_(*mine) if side > 0 else place < sa.tuple_(*mine)
    found: list[sa.ColumnElement[bool]] = []
    for at, (name, way) in enumerate(keys):
        same = [work.c[n] == v for (n, _), v in zip(keys[:at], mine, strict=False)]
        found.append(sa.and_(*same, work.c[name] > mine[at] if way * side > 0 else work.c[name] < mine[at]))
    name, way = keys[0]
    bound = work.c[name] >= mine[0] if way * side > 0 else work.c[name] <= mine[0]
    return sa.and_(bound, sa.or_(*found))


def change(c: sa.Connection, letter_id: str, version: int, values: Mapping[str, str]) -> bool:
    """Sets columns if the row still has this version, which counts up; False when somebody was faster."""
    query = work.update().where(work.c.letter_id == letter_id, work.c.version == version)
    return c.execute(query.values(**values, version=version + 1)).rowcount == 1


def of_member(c: sa.Connection, member_id: str, but: str) -> list[WorkRow]:
    """A member's other letters, newest first."""
    if not member_id:
        return []
    query = sa.select(work).where(work.c.member_id == member_id, work.c.letter_id != but).order_by(work.c.received.desc(), work.c.letter_id)
    return [_row(row) for row in c.execute(query.limit(20))]


Q = TypeVar("Q", bound=sa.Select[Any])


def _led(query: Q, wanted: Wanted) -> Q:
    """The query by the index in whose order it asks, or of the filter that leaves least. SQLite has to be told: without
    fresh statistics it takes the index of states, reads all that waits and sorts it, a hundred times as long. PostgreSQL
    keeps its own statistics."""
    if wanted.words or (wanted.finding and wanted.rare):
        return query.with_hint(work, "INDEXED BY sqlite_autoindex_desk_work_1", "sqlite")
    if wanted.state != "todo":
        return query
    filters = (("held", wanted.assigned), ("plan", wanted.plan), ("queue", wanted.queue), ("channel", wanted.channel), ("program", wanted.program))
    name = next((name for name, value in filters if value), "" if wanted.order == "press" else wanted.order)
    index = "desk_work_held" if name == "held" else f"desk_todo_{name}" if name else "desk_todo"
    return query.with_hint(work, f"INDEXED BY {index}", "sqlite")


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    plain = {"queue": wanted.queue, "program": wanted.program, "plan_id": wanted.plan, "channel": wanted.channel}
    found: list[sa.ColumnElement[bool]] = [work.c[name] == value for name, value in plain.items() if value]
    if wanted.state == "todo":
        found.append(sa.literal_column(f"desk_work.{TODO}"))
    elif wanted.state != "any":
        found.append(work.c.state == wanted.state)
    if wanted.assigned is not None:
        found.append(work.c.assigned == wanted.assigned)
    if wanted.assigned:
        found.append(sa.literal_column(f"desk_work.{HELD}"))
    if wanted.finding:
        mine = sa.select(work_words.c.letter_id).where(work_words.c.word == f"finding:{wanted.finding}")
        found.append(work.c.letter_id.in_(mine) if wanted.rare else sa.exists(mine.where(work_words.c.letter_id == work.c.letter_id)))
    for word in wanted.words:
        begins = sa.and_(work_words.c.word >= word, work_words.c.word < word + "\uffff")
        found.append(work.c.letter_id.in_(sa.select(work_words.c.letter_id).where(begins)))
    return found


def _row(row: sa.Row[Any]) -> WorkRow:
    return WorkRow(**row._mapping)
