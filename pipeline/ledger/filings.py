"""Letters on file: the keys of every letter received, and who among them may be the same letter or in the same words.

Belongs here: writing them, and asking for the letters of a whole batch at once. Does not belong here: what likeness
means (check), the bands of a wording (wordings.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipeline.ledger import places, wordings
from pipeline.ledger import tables as t
from pipeline.model import OnFile

_MANY = 400
_SHARED = ("patient", "member_id", "sha256")
"""What letters about one person share."""
_KIN = sa.union_all(*(
    sa.select(sa.literal_column(f"'{name}'").label("name"), t.on_file.c[name].label("own"), t.on_file.c.place, t.on_file.c.letter_id)
    .where(t.on_file.c[name].in_(sa.bindparam(name, expanding=True))) for name in _SHARED
))  # fmt: skip


class Near(NamedTuple):
    """Letters received before one: `before` may be about the same person (same folded name, member or bytes), oldest
    first; `alike` are about another patient and may be in the same words, latest first."""

    before: tuple[OnFile, ...]
    alike: tuple[OnFile, ...]


def put(c: sa.Connection, filings: Mapping[str, Sequence[OnFile]]) -> None:
    """Replaces the letters on file of each receipt id; what stands there already is not written again."""
    others = changed(c, filings)
    places.untie(c, others)
    for some in _parts(others):
        gone = list(c.execute(sa.select(t.on_file.c.letter_id).where(t.on_file.c.receipt_id.in_(some))).scalars())
        c.execute(t.on_file.delete().where(t.on_file.c.receipt_id.in_(some)))
        wordings.drop(c, gone)
    rows = [{"letter_id": f.letter_id, "receipt_id": key, "place": f.order, "patient": f.patient, "member_id": f.member_id, "sha256": f.sha256,
             "filing": f.model_dump_json()} for key in others for f in filings[key]]  # fmt: skip
    if rows:
        c.execute(t.on_file.insert(), rows)
        wordings.put(c, [f for key in others for f in filings[key]])


def changed(c: sa.Connection, filings: Mapping[str, Sequence[OnFile]]) -> list[str]:
    """Receipt ids whose letters do not stand on file just so."""
    stand: dict[str, set[str]] = defaultdict(set)
    for some in _parts(list(filings)):
        for row in c.execute(sa.select(t.on_file.c.receipt_id, t.on_file.c.filing).where(t.on_file.c.receipt_id.in_(some))):
            stand[row.receipt_id].add(row.filing)
    return [key for key, several in filings.items() if {f.model_dump_json() for f in several} != stand[key]]


def near(c: sa.Connection, several: Sequence[OnFile]) -> dict[str, Near]:
    """For each of these letters those received before it, by letter id. They need not be on file themselves."""
    if not several:
        return {}
    found = _Found(c)
    before, alike = _same_person(c, several), wordings.alike(c, several)
    found.fetch({x for ids in (*before.values(), *alike.values()) for x in ids})
    return {f.letter_id: Near(found.of(before[f.letter_id]), found.of(alike[f.letter_id])) for f in several}


def before(c: sa.Connection, several: Sequence[OnFile]) -> dict[str, tuple[OnFile, ...]]:
    """Of each of these letters those received before it that may be about the same person."""
    found, kin = _Found(c), _same_person(c, several)
    found.fetch({x for ids in kin.values() for x in ids})
    return {x: found.of(ids) for x, ids in kin.items()}


class _Found:
    """Letters on file by id, each taken from its text once."""

    def __init__(self, c: sa.Connection) -> None:
        self._c = c
        self._made: dict[str, OnFile] = {}

    def fetch(self, ids: Iterable[str]) -> None:
        for some in _parts(sorted(ids)):
            rows = self._c.execute(sa.select(t.on_file.c.letter_id, t.on_file.c.filing).where(t.on_file.c.letter_id.in_(some)))
            self._made.update((r.letter_id, OnFile.model_validate_json(r.filing)) for r in rows)

    def of(self, ids: Sequence[str]) -> tuple[OnFile, ...]:
        return tuple(self._made[x] for x in ids)


def _same_person(c: sa.Connection, several: Sequence[OnFile]) -> dict[str, list[str]]:
    """Ids of the letters that share a name, a member or the bytes with each, oldest first."""
    sharing: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    parts = [_parts(sorted({value for f in several if (value := getattr(f, column))})) for column in _SHARED]
    for some in zip_longest(*parts, fillvalue=()):
        for row in c.execute(_KIN, dict(zip(_SHARED, some, strict=True))):
            sharing[(row.name, row.own)].append((row.place, row.letter_id))
    told = {}
    for f in several:
        keys = [(column, getattr(f, column) or "") for column in _SHARED]
        told[f.letter_id] = [x for place, x in sorted({p for key in keys if key[1] for p in sharing.get(key, ())}) if place < f.order]
    return told


def by_ids(c: sa.Connection, ids: Sequence[str]) -> list[OnFile]:
    """The letters of these ids, in order of receipt."""
    found = _Found(c)
    found.fetch(ids)
    return sorted(found.of([x for x in dict.fromkeys(ids) if x in found._made]), key=lambda f: (f.order, f.letter_id))


def ids(c: sa.Connection) -> list[tuple[int, str]]:
    """Every letter's place and id, in order of receipt."""
    query = sa.select(t.on_file.c.place, t.on_file.c.letter_id).order_by(t.on_file.c.place, t.on_file.c.letter_id)
    return [(int(row.place), str(row.letter_id)) for row in c.execute(query)]


def batches_with_kin(c: sa.Connection, letter_id: str) -> sa.Select[Any]:
    """Keys of the batches in which other letters of the same member lie."""
    member = sa.select(t.on_file.c.member_id).where(t.on_file.c.letter_id == letter_id).scalar_subquery()
    kin = sa.select(t.on_file.c.receipt_id).where(t.on_file.c.member_id == member, t.on_file.c.letter_id != letter_id)
    return sa.select(t.receipts.c.batch).where(t.receipts.c.id.in_(kin))


def batches_beside(c: sa.Connection, receipt_id: str) -> frozenset[str]:
    """Keys of the batches in which letters of other files lie that are about the same member or name as this file's."""
    found: set[str] = set()
    for column in ("member_id", "patient"):
        own = t.on_file.c[column]
        mine = sa.select(own).where(t.on_file.c.receipt_id == receipt_id, own.is_not(None), own != "")
        kin = sa.select(t.on_file.c.receipt_id).where(own.in_(mine), t.on_file.c.receipt_id != receipt_id)
        found |= set(c.execute(sa.select(t.receipts.c.batch).where(t.receipts.c.id.in_(kin), t.receipts.c.batch.is_not(None))).scalars())
    return frozenset(found)


def _parts(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[at : at + _MANY] for at in range(0, len(values), _MANY)]
