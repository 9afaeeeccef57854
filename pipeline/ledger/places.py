"""Where a batch's letters stand, and whether what they were judged by is still what it was.

Belongs here: the places of cases with the digest they were tied under, and keeping that digest. Does not belong here:
what goes into the digest (letters.py), moving letters (ledger.py).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.model import OnFile

_MANY = 400


class Place(NamedTuple):
    """A letter's case by its store name; `tie` None where what it was judged by may have changed."""

    letter_id: str
    result: str
    part: int
    quarantined: bool
    tie: str | None


def of_batch(c: sa.Connection, batch: str) -> dict[str, tuple[Place, ...]]:
    """The places of a batch's letters by receipt id."""
    k = t.cases.c
    query = sa.select(k.receipt_id, k.letter_id, k.result, k.part, k.quarantined, t.ties.c.tie)
    query = query.select_from(t.cases.join(t.receipts, t.receipts.c.id == k.receipt_id).outerjoin(t.ties, t.ties.c.receipt_id == k.receipt_id))
    found: dict[str, list[Place]] = defaultdict(list)
    for key, letter_id, result, part, quarantined, tie in c.execute(query.where(t.receipts.c.batch == batch)):
        found[key].append(Place(letter_id, result, part, bool(quarantined), tie))
    return {key: tuple(several) for key, several in found.items()}


def filed_in(c: sa.Connection, batch: str) -> dict[str, dict[str, OnFile]]:
    """A batch's letters on file by receipt id and letter id."""
    found: dict[str, dict[str, OnFile]] = defaultdict(dict)
    mine = sa.select(t.receipts.c.id).where(t.receipts.c.batch == batch)
    for key, letter_id, filing in c.execute(sa.select(t.on_file.c.receipt_id, t.on_file.c.letter_id, t.on_file.c.filing).where(t.on_file.c.receipt_id.in_(mine))):
        found[key][letter_id] = OnFile.model_validate_json(filing)
    return dict(found)


def members_in(c: sa.Connection, batch: str) -> dict[str, frozenset[str]]:
    """By receipt id the members whom a batch's letters on file are about."""
    found: dict[str, set[str]] = defaultdict(set)
    mine = sa.select(t.receipts.c.id).where(t.receipts.c.batch == batch)
    for key, member in c.execute(sa.select(t.on_file.c.receipt_id, t.on_file.c.member_id).where(t.on_file.c.receipt_id.in_(mine))):
        found[key] |= {member} if member else set()
    return {key: frozenset(several) for key, several in found.items()}


def tie(c: sa.Connection, ties: Mapping[str, str]) -> None:
    """Notes under which digest these files' letters stand now."""
    untie(c, list(ties))
    if ties:
        c.execute(t.ties.insert(), [{"receipt_id": key, "tie": tie} for key, tie in ties.items()])


def untie(c: sa.Connection, receipts: Sequence[str]) -> None:
    """Forgets what these files' letters were judged by."""
    for at in range(0, len(receipts), _MANY):
        c.execute(t.ties.delete().where(t.ties.c.receipt_id.in_(receipts[at : at + _MANY])))
