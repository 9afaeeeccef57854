"""Stored letters judged again, batch by batch over all cores.

Belongs here: which steps may go on side by side and which follow one another. Does not belong here: what a judgement
is (letters.py), the first judgement of a batch (process.py), the pool (pool.py).

First every letter is matched and its keys go on file; only then is any held against those before it, so that what is
found does not depend on which batch was through sooner. Files that are tied as they stand are taken from their cases,
and letters that stay as they stand are not written again. Workers read; the caller alone writes to the ledger.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from pipeline.judgement import judge_again as judge_file_again
from pipeline.ledger import CaseRow, ReceiptRow
from pipeline.ledger.places import members_in, of_batch
from pipeline.letters import Known, Note
from pipeline.model import ApprovedLetter, OnFile
from pipeline.pool import Pool
from pipeline.recalled import is_tied
from pipeline.settings import Settings
from pipeline.site import Site
from pipeline.standing import approved_letters

J = TypeVar("J")
R = TypeVar("R")

_FEW = 400
"""Fewer letters are judged sooner than workers start."""


class Batch(NamedTuple):
    """A batch for a worker, and what it needs to open the site; `approved` the approved letters of its members."""

    settings: Settings
    as_of: dt.date
    now: str
    key: str
    approved: Mapping[str, tuple[ApprovedLetter, ...]] = {}


class Filed(NamedTuple):
    """The keys of a batch's letters by receipt, where they differ from those on file; its letters' members."""

    filings: dict[str, tuple[OnFile, ...]]
    members: frozenset[str]
    notes: list[Note]


class Placed(NamedTuple):
    """Where a batch's letters stand that do not stand just so already, the ids of those that do, what files are judged by
    from now on where that is not noted yet; `lacking` when letters of some file have to be read anew."""

    rows: list[CaseRow]
    kept: frozenset[str]
    ties: dict[str, str]
    notes: list[Note]
    lacking: bool


def judge_again(site: Site, batches: Sequence[str]) -> list[str]:
    """Matches, checks and queues every letter of these batches, which have been read and parsed; returns the batches
    in which the store holds letters that this program cannot read any more."""
    jobs = [Batch(site.settings, site.as_of, site.now, key) for key in batches]
    before = Known(site).looked()
    members: dict[str, frozenset[str]] = {}
    for job, filed in zip(jobs, _spread(site, "match", file, filed_batch, jobs), strict=True):
        _note(site, filed.notes)
        site.ledger.put_on_file(filed.filings)
        members[job.key] = filed.members
    approved = approved_letters(site, Known(site))
    jobs = [j._replace(approved={m: approved[m] for m in sorted(members[j.key]) if m in approved}) for j in jobs]
    lacking: list[str] = []
    for job, placed in zip(jobs, _spread(site, "check", place, placed_batch, jobs), strict=True):
        _note(site, placed.notes)
        site.ledger.settle(job.key, site.judgement, placed.rows, site.now, placed.kept, placed.ties)
        lacking += [job.key] if placed.lacking else []
    for key in sorted(before.overtaken()):
        row = site.ledger.receipt(key)
        if row is not None and row.receipt.batch in batches:
            judge_file_again(site, row)
    return lacking


def _note(site: Site, notes: Sequence[Note]) -> None:
    for subject, kind, detail in notes:
        site.ledger.note(site.now, subject, kind, detail, once=True)


def _spread(site: Site, stage: str, there: Callable[[J], R], here: Callable[[Site, J], R], jobs: Sequence[J]) -> Iterator[R]:
    """The results in the order of the jobs, by workers where there is enough to do."""
    workers = min(site.settings.workers, len(jobs))
    if workers < 2 or site.ledger.count_on_file() < _FEW:
        for number, job in enumerate(jobs, 1):
            yield here(site, job)
            site.progress(stage, number, len(jobs))
        return
    with Pool(workers) as pool:
        for number, result in enumerate(pool.stream(there, jobs), 1):
            yield result
            site.progress(stage, number, len(jobs))


def filed_batch(site: Site, job: Batch) -> Filed:
    """The keys of a batch's letters; matches are made where they are not in the store."""
    notes: list[Note] = []
    known = Known(site, notes)
    with site.ledger.reading() as c:
        places, members = of_batch(c, job.key), members_in(c, job.key)
    rows = [row for row in site.ledger.receipts_in(job.key) if not is_tied(places.get(row.id, ()), known.tie(row))]
    filings = {row.id: kept.filings if (kept := known.filings(row)) else () for row in rows}
    named = {key: frozenset(f.member_id for f in several if f.member_id) for key, several in filings.items()}
    return Filed(site.ledger.not_on_file(filings), frozenset(m for several in (members | named).values() for m in several), notes)


def placed_batch(site: Site, job: Batch) -> Placed:
    """Each letter of a batch in its queue."""
    notes: list[Note] = []
    known = Known(site, notes, job.approved)
    rows: list[ReceiptRow] = site.ledger.receipts_in(job.key)
    with site.ledger.reading() as c:
        places = of_batch(c, job.key)
    known.recall(job.key, rows)
    known.survey(rows)
    placed = [each for row in rows for each in known.placed(row)]
    stand = {p.letter_id: (key, p.result, p.part, p.quarantined) for key, several in places.items() for p in several}
    kept = frozenset(r.item.letter_id for r in placed if stand.get(r.item.letter_id) == (r.receipt_id, r.result, r.part, r.quarantined))
    ties = {row.id: known.tie(row) for row in rows if row.id not in known.given and row.id not in known.setbacks and row.id not in known.lacking}
    return Placed([r for r in placed if r.item.letter_id not in kept], kept, ties, notes, bool(known.lacking))


_opened: dict[tuple[str, dt.date, str], Site] = {}
"""The site of a worker process."""


def _site(job: Batch) -> Site:
    key = (str(job.settings.home), job.as_of, job.now)
    if key not in _opened:
        for old in _opened.values():
            old.ledger.close()
        _opened.clear()
        _opened[key] = Site(job.settings, job.as_of, job.now)
    return _opened[key]


def file(job: Batch) -> Filed:
    """As `filed_batch`, in a worker."""
    return filed_batch(_site(job), job)


def place(job: Batch) -> Placed:
    """As `placed_batch`, in a worker."""
    return placed_batch(_site(job), job)
