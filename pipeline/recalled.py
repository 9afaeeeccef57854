"""A file's letters taken from their cases, so that they can be judged again without the results of each stage before.

Belongs here: whether the cases still hold (nothing changed that the letters, their members and claims or their keys on
file depend on), and what they tell. Does not belong here: the first judgement of a file (letters.py).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pipeline.ledger import Place, ReceiptRow
from pipeline.ledger.places import filed_in, of_batch
from pipeline.model import Case, OnFile, ParsedFile, ReviewItem
from pipeline.results import Faces, Filings, Matches
from pipeline.site import Site


class Recalled(NamedTuple):
    """What a file's cases tell: its letters with all that was keyed or found on their pages, their matches and keys on
    file, and how each stood (`items`) under which store name (`results`)."""

    parsed: ParsedFile
    matches: Matches
    filings: Filings
    faces: Faces
    items: tuple[ReviewItem, ...]
    results: tuple[str, ...]


def recalled(site: Site, batch: str, rows: Sequence[ReceiptRow], tie: Callable[[ReceiptRow], str]) -> dict[str, Recalled]:
    """By receipt id those of the batch's files whose letters stand tied under the digest that they have now."""
    with site.ledger.reading() as c:
        stand, filed = of_batch(c, batch), filed_in(c, batch)
    made = {row.id: _of(site, row, mine, filed.get(row.id, {})) for row in rows if is_tied(mine := stand.get(row.id, ()), tie(row))}
    return {key: one for key, one in made.items() if one is not None}


def is_tied(places: Sequence[Place], tie: str) -> bool:
    """Whether a file's letters stand where they do under this digest."""
    return bool(places) and all(p.tie == tie for p in places)


def _of(site: Site, row: ReceiptRow, places: Sequence[Place], filed: Mapping[str, OnFile]) -> Recalled | None:
    cases = [site.store.get("case", p.result, Case) for p in sorted(places, key=lambda p: p.part)]
    held = [c for c in cases if c is not None and c.receipt == row.receipt and all(p.code != "failed" for p in c.item.problems)]
    letters = tuple(c.letter for c in held if c.letter is not None)
    matches = tuple(c.item.match for c in held if c.letter is not None and c.item.match is not None)
    if len(held) < len(places) or len(matches) < len(letters) or any(x.letter_id not in filed for x in letters):
        return None
    first = held[0]
    parsed = ParsedFile(sha256=row.receipt.sha256, document_class=first.document_class, segments=first.segments, letters=letters, problems=first.item.problems)
    return Recalled(parsed, Matches(matches=matches), Filings(filings=tuple(filed[x.letter_id] for x in letters)), Faces(faces=first.faces, origins=(), qualities=()),
                    tuple(c.item for c in held), tuple(p.result for p in sorted(places, key=lambda p: p.part)))  # fmt: skip
