"""Letters by their wording, whoever's they are: which of those received came in about the same words.

Belongs here: the bands of MinHashes and looking them up (Broder 1997; 10 bands of 6: letters that share 0.85 of their
features meet nearly always, those that share 0.5 in 15 of 100 cases). Does not belong here: what likeness means (check).
"""

import hashlib
import heapq
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.model import OnFile

BAND = 6
MOST = 5
"""No more than so many letters are looked at: a form that a thousand offices use proposes no more than this."""
_LOOKED_AT = 12
"""Bearers of a band among whom they are looked for; more than MOST, since some may be about the same patient."""
_MANY = 400

_Bearer = tuple[int, str, str]
"""Place (negative, so that the latest come first), letter id, patient of a letter that bears a band."""


def bands(signature: Sequence[int]) -> list[str]:
    """A key for each whole band of a MinHash."""
    cut = [signature[at : at + BAND] for at in range(0, len(signature) - BAND + 1, BAND)]
    return [hashlib.blake2b(f"{n}:{band}".encode(), digest_size=8).hexdigest() for n, band in enumerate(cut)]


def put(c: sa.Connection, filings: Sequence[OnFile]) -> None:
    """Adds the bands of these letters."""
    rows = [{"band": band, "letter_id": filed.letter_id, "place": filed.order} for filed in filings for band in bands(filed.signature)]
    if rows:
        c.execute(t.wordings.insert(), rows)


def drop(c: sa.Connection, ids: Sequence[str]) -> None:
    """Takes the bands of these letters away."""
    for at in range(0, len(ids), _MANY):
        c.execute(t.wordings.delete().where(t.wordings.c.letter_id.in_(ids[at : at + _MANY])))


def alike(c: sa.Connection, several: Sequence[OnFile]) -> dict[str, list[str]]:
    """Ids of the latest letters received before each of these that share a band with it and are about another patient,
    latest first. Of each band only the latest are looked at, so that a form that everybody uses costs no more."""
    if not several:
        return {}
    mine = {f.letter_id: bands(f.signature) for f in several}
    bearers: dict[str, list[_Bearer]] = {band: [] for own in mine.values() for band in own}
    first = min(f.order for f in several)
    keys = sorted(bearers)
    for at in range(0, len(keys), _MANY):
        for row in c.execute(_LATEST, {"keys": keys[at : at + _MANY], "first": first, "last": max(f.order for f in several)}):
            bearers[row.band].append((-row.place, row.letter_id, row.patient))
    for found in bearers.values():
        found.sort()
    return {f.letter_id: _choice(f, [bearers[band] for band in mine[f.letter_id]]) for f in several}


def _latest() -> sa.Select[Any]:
    """Of each band the bearers from `first` to `last`, and the latest ones before."""
    first, last = sa.bindparam("first", type_=sa.Integer), sa.bindparam("last", type_=sa.Integer)
    keys: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
    w = t.wordings.c
    ranked = sa.func.row_number().over(partition_by=(w.band, w.place >= first), order_by=(w.place.desc(), w.letter_id)).label("rank")
    inner = sa.select(w.band, w.letter_id, w.place, ranked).where(w.band.in_(keys), w.place < last).subquery()
    query = sa.select(inner.c.band, inner.c.place, inner.c.letter_id, t.on_file.c.patient).join(t.on_file, t.on_file.c.letter_id == inner.c.letter_id)
    return query.where(sa.or_(inner.c.place >= first, inner.c.rank <= _LOOKED_AT))


_LATEST = _latest()


def _choice(mine: OnFile, found: Sequence[Sequence[_Bearer]]) -> list[str]:
    """The latest of all are among the latest of each band."""
    others: set[tuple[int, str]] = set()
    for several in found:
        before = islice(several, bisect_right(several, (-mine.order, "~")), None)
        others.update(islice(((place, x) for place, x, patient in before if patient != mine.patient), MOST))
    return [x for _, x in heapq.nsmallest(MOST, others)]
