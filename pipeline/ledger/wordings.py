"""Letters by their wording, whoever's they are: which of those received came in about the same words.

Belongs here: the bands of MinHashes and looking them up (Broder 1997; 10 bands of 6: letters that share 0.85 of their
features meet nearly always, those that share 0.5 in 15 of 100 cases). Does not belong here: what likeness means (check).
"""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from pipeline.ledger import tables as t
from pipeline.model import OnFile

BAND = 6
MOST = 5
"""No more than so many letters are looked at: a form that a thousand offices use proposes no more than this."""


def bands(signature: Sequence[int]) -> list[str]:
    """A key for each whole band of a MinHash."""
    cut = [signature[at : at + BAND] for at in range(0, len(signature) - BAND + 1, BAND)]
    return [hashlib.blake2b(f"{n}:{band}".encode(), digest_size=8).hexdigest() for n, band in enumerate(cut)]


def put(c: sa.Connection, filings: Sequence[OnFile]) -> None:
    """Replaces the bands of these letters."""
    for filed in filings:
        c.execute(t.wordings.delete().where(t.wordings.c.letter_id == filed.letter_id))
        for band in bands(filed.signature):
            c.execute(t.wordings.insert(), {"band": band, "letter_id": filed.letter_id, "place": filed.order})


def alike(c: sa.Connection, mine: OnFile) -> list[OnFile]:
    """The latest letters received before this one that share a band with it and are about another patient."""
    keys = bands(mine.signature)
    if not keys:
        return []
    same = sa.select(t.wordings.c.letter_id).where(t.wordings.c.band.in_(keys), t.wordings.c.place < mine.order)
    query = sa.select(t.on_file.c.filing).where(t.on_file.c.letter_id.in_(same), t.on_file.c.patient != mine.patient)
    rows = c.execute(query.order_by(t.on_file.c.place.desc(), t.on_file.c.letter_id).limit(MOST)).scalars()
    return [OnFile.model_validate_json(r) for r in rows]
