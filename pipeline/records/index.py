"""The records as rooms ask for them: rows by id, and the few rows that share a key with a letter.

Belongs here: looking up. Nothing is loaded before it is asked for, so a letter costs the same among a thousand members
and a million. Does not belong here: scoring (match), building (filing.py), the disk (shelf.py).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model import ClaimRow, HistoryRow, MemberRow, PlanRow
from pipeline.model.base import Model
from pipeline.records import typed
from pipeline.records.cells import cell_of
from pipeline.records.filing import day_keys, filed, short_key
from pipeline.records.keys import Places, hash_of, hashes_of, id_form, id_key, joined
from pipeline.records.names import Name, read_name
from pipeline.records.tables import Table

M = TypeVar("M", bound=Model | Name)
K = TypeVar("K")
V = TypeVar("V")
Ids = tuple[str, ...]
_REMEMBERED = 20_000
"""Rows and names kept as nouns; letters of one batch ask for the same ones again and again."""


def distinct(rows: Places) -> Places:
    """Each row once, ascending; for a few of them quicker than numpy's own."""
    ordered = np.sort(rows)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) > 1 else ordered


class Index:
    """Sorted keys and the rows under them."""

    def __init__(self, table: pa.Table) -> None:
        self._keys: NDArray[np.uint64] = _numbers(table, "key")
        self._rows: Places = _numbers(table, "row")

    def rows(self, keys: NDArray[np.uint64]) -> Places:
        """Rows under any of the keys, ascending, each once."""
        left, right = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        found = [self._rows[a:b] for a, b in zip(left.tolist(), right.tolist(), strict=True) if a < b]
        return distinct(np.concatenate(found)) if found else self._rows[:0]

    def value(self, key: NDArray[np.uint64]) -> int:
        """The number that stands under a key; 0 where there is none."""
        at = int(np.searchsorted(self._keys, key)[0])
        if at == len(self._keys) or self._keys[at] != key[0]:
            return 0
        return int(self._rows[at])


class Rows(Generic[M]):
    """A table whose rows are made into nouns when they are asked for."""

    def __init__(self, table: pa.Table, noun: Callable[[Mapping[str, Any]], M]) -> None:
        self._batch = pa.RecordBatch.from_arrays([_array(table, c) for c in table.column_names], names=table.column_names)
        self._cells = [(name, cell_of(self._batch.column(name))) for name in table.column_names]
        self._noun = noun
        self._made: dict[int, M] = {}
        self._count = int(table.num_rows)

    def __len__(self) -> int:
        return self._count

    def row(self, number: int) -> M:
        """The row of this number."""
        return self.rows([number])[0]

    def rows(self, numbers: Sequence[int]) -> list[M]:
        """The rows of these numbers."""
        made = {n: self._made[n] for n in numbers if n in self._made}
        wanted = [n for n in numbers if n not in made]
        if wanted:
            found = [self._noun({name: cell(n) for name, cell in self._cells}) for n in wanted]
            made |= dict(zip(wanted, found, strict=True))
            _make_room(self._made).update((n, made[n]) for n in wanted)
        return [made[n] for n in numbers]

    def texts(self, column: str) -> list[str]:
        """One whole column."""
        return list(self._batch.column(column).to_pylist())


class ById(Mapping[str, M]):
    """Rows by their own id."""

    def __init__(self, rows: Rows[M], column: str, index: Index) -> None:
        self.table, self._column, self._index = rows, column, index
        self._places: dict[str, int] = {}

    def place(self, number: str) -> int | None:
        """The row whose id is exactly this."""
        if number in self._places:
            return self._places[number]
        rows = self._index.rows(hash_of(id_key(number))).tolist()
        for row, made in zip(rows, self.table.rows(rows), strict=True):
            if getattr(made, self._column) == number:
                _make_room(self._places)[number] = int(row)
                return int(row)
        return None

    def __getitem__(self, number: str) -> M:
        row = self.place(number)
        if row is None:
            raise KeyError(number)
        return self.table.row(row)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.texts(self._column))

    def __len__(self) -> int:
        return len(self.table)


class Records:
    """The four tables with their indexes; `snapshot` is a hash of all that they hold."""

    def __init__(self, snapshot: str, tables: Mapping[str, pa.Table], indexes: Mapping[str, pa.Table], about: Mapping[str, Any]) -> None:
        self.snapshot, self._indexes = snapshot, indexes
        self.members = ById(Rows(tables["members"], typed.member_of), "member_id", self._index("member_id"))
        self.claims = ById(Rows(tables["claims"], typed.claim_of), "claim_id", self._index("claim_id"))
        self.plans: dict[str, PlanRow] = {p.plan_id: p for p in map(typed.plan_of, tables["plans"].to_pylist())}
        history: Owned[HistoryRow] = Owned(Rows(tables["history"], typed.history_of), self._index("history_of"), lambda row: row.member_id)
        self.history: Mapping[str, tuple[HistoryRow, ...]] = ByMember(history, lambda row: row)
        self.id_alphabet: str = about["id_alphabet"]
        self._forms = frozenset(about["id_forms"])
        self._bearers: dict[str, int] = {}
        self._owners: dict[str, tuple[MemberRow, ...]] = {}
        self._numbered: dict[str, Ids] = {}
        self._parts = Rows(indexes["parts"], _name)
        self._near = {name: self._index(name) for name in ("member_id", "household", "name", "dob", "sound", "surname", "claims_of", "claim_id")}

    def _index(self, name: str) -> Index:
        return Index(self._indexes[name])

    @cached_property
    def short(self) -> "Short":
        """All members in short, for passing over the unlikely ones of a crowd."""
        table = self._indexes["short"]
        return Short(_numbers(table, "given"), _numbers(table, "surname"), _numbers(table, "day"))

    def has_form(self, number: str) -> bool:
        """Whether any member id is built like this number."""
        return id_form(number) in self._forms

    def name(self, member: MemberRow) -> Name:
        """The parts of a member's name."""
        return read_name(member.name)

    def bearers(self, surname: str) -> int:
        """How many members' last name ends in this folded part."""
        if surname not in self._bearers:
            _make_room(self._bearers)[surname] = self._near["surname"].value(hash_of(surname))
        return self._bearers[surname]

    def member_rows(self, kind: str, keys: Iterable[str]) -> Places:
        """Rows of members filed under any of the keys: kind `member_id` (own, the account holder's, without the
        person's number; folded), `household` (account holder's id) or `name` (as name_keys makes them)."""
        return self._near[kind].rows(hashes_of(list(keys)))

    def born_on(self, days: Iterable[dt.date]) -> Places:
        """Rows of members born on any of the days."""
        return self._near["dob"].rows(day_keys(np.array([_number(day) for day in days], np.int32)))

    def born_in(self, year: int, sounds: Sequence[str]) -> Places:
        """Rows of members born in that year whose last name sounds like any of these."""
        return self._near["sound"].rows(joined(hashes_of(sounds), np.array([year], np.int64)))

    def members_at(self, rows: Sequence[int]) -> list[tuple[MemberRow, Name]]:
        """The members in these rows, each with the parts of the name."""
        return list(zip(self.members.table.rows(rows), self._parts.rows(rows), strict=True))

    def with_id(self, key: str) -> tuple[MemberRow, ...]:
        """Members whose own or account holder's folded id this is."""
        if key not in self._owners:
            rows = self.members.table.rows(self.member_rows("member_id", [key]).tolist())
            _make_room(self._owners)[key] = tuple(m for m in rows if key in (id_key(m.member_id), id_key(m.account_holder_id)))
        return self._owners[key]

    @cached_property
    def claims_of(self) -> Mapping[str, Ids]:
        """Ids of a member's claims, in the order of the table."""
        return ByMember(self._claims, lambda row: row.claim_id)

    @cached_property
    def _claims(self) -> "Owned[ClaimRow]":
        return Owned(self.claims.table, self._near["claims_of"], lambda row: row.member_id)

    def claims_by(self, member_id: str) -> tuple[ClaimRow, ...]:
        """A member's claims, in the order of the table."""
        return self._claims.of(member_id)

    def claims_numbered(self, key: str) -> Ids:
        """Ids of the claims whose folded number this is."""
        if key not in self._numbered:
            rows = self.claims.table.rows(self._near["claim_id"].rows(hash_of(key)).tolist())
            _make_room(self._numbered)[key] = tuple(c.claim_id for c in rows if id_key(c.claim_id) == key)
        return self._numbered[key]


@dataclass(frozen=True)
class Short:
    """Of each member what can be compared at once: given name and surname as numbers (`short_key`), birth date as days
    since 1970 (0 where there is none)."""

    given: NDArray[np.uint32]
    surname: NDArray[np.uint32]
    day: NDArray[np.int32]


class Owned(Generic[M]):
    """Rows under the member they belong to, in the order of the table."""

    def __init__(self, rows: Rows[M], index: Index, owner: Callable[[M], str]) -> None:
        self._rows, self._index, self._owner = rows, index, owner

    def of(self, member_id: str) -> tuple[M, ...]:
        """A member's rows."""
        rows = self._rows.rows(self._index.rows(hash_of(member_id)).tolist())
        return tuple(r for r in rows if self._owner(r) == member_id)

    def members(self) -> Iterator[str]:
        """Every member who has a row, each once."""
        return iter(dict.fromkeys(self._rows.texts("member_id")))


class ByMember(Mapping[str, tuple[V, ...]], Generic[M, V]):
    """What a member's rows tell, one thing for each; no key for a member without rows."""

    def __init__(self, owned: Owned[M], told: Callable[[M], V]) -> None:
        self._owned, self._told = owned, told

    def __getitem__(self, member_id: str) -> tuple[V, ...]:
        found = tuple(self._told(row) for row in self._owned.of(member_id))
        if not found:
            raise KeyError(member_id)
        return found

    def __iter__(self) -> Iterator[str]:
        return self._owned.members()

    def __len__(self) -> int:
        return sum(1 for _ in self)


def records_of(tables: Mapping[str, Table]) -> Records:
    """The records of sound tables, in memory."""
    made, snapshot = typed.typed(tables)
    return Records(snapshot, made, *filed(made))


def _name(r: Mapping[str, Any]) -> Name:
    return Name(r["given"], tuple(r["middle"].split()), tuple(r["surname"].split()), r["suffix"])


def _make_room(kept: dict[K, V]) -> dict[K, V]:
    """What is remembered, emptied when it has grown large."""
    if len(kept) >= _REMEMBERED:
        kept.clear()
    return kept


def _number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def _array(table: pa.Table, column: str) -> pa.Array:
    chunks = table.column(column)
    whole = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _numbers(table: pa.Table, column: str) -> NDArray[Any]:
    return np.asarray(_array(table, column).to_numpy(zero_copy_only=False))


__all__ = ["Records", "Short", "id_form", "id_key", "records_of", "short_key"]
