"""The road, plain: each stage is one call on a batch, and `run_all` walks it from inbox to queues.

Belongs here: the order of the rooms, what is kept of each, and how one bad file is kept from stopping the others.
Does not belong here: Dagster (assets), and the work of any room.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.arrival import Intake, take_in_inbox, take_in_manifest
from pipeline.judgement import judge_again
from pipeline.ledger import Accounts, CaseRow, ReceiptRow
from pipeline.letters import Known
from pipeline.model.base import Model
from pipeline.results import digest
from pipeline.settings import Settings
from pipeline.site import Progress, Site, opened, silent

T = TypeVar("T")


@dataclass(frozen=True)
class Tally:
    """What a stage did with a batch: files it made a result for, files whose result was there, files it failed on.
    `rows` is a small table of counts; `content` a digest of the results, the same for the same results."""

    stage: str
    files: int
    made: int
    cached: int
    failed: int
    rows: tuple[tuple[str, int], ...]
    content: str


@dataclass(frozen=True)
class Summary:
    """How a run ended."""

    intake: Intake
    accounts: Accounts
    queues: dict[str, int]
    failed: int
    published: bool


def take_in_batch(site: Site, batch: str) -> Tally:
    """Takes in what the batch's manifest names, if it has one; the batch's files, by kind."""
    with site.hold(patient=True):
        intake = take_in_manifest(site, batch)
    rows = site.ledger.receipts_in(batch)
    return Tally("intake", len(rows), len(intake.new), len(rows) - len(intake.new), 0, _counts([r.receipt.media_type for r in rows]), digest(*(r.id for r in rows)))


def read_batch(site: Site, batch: str) -> Tally:
    """Words of every file, and in the same worker its letters."""
    from pipeline.reading import read_files

    rows = site.ledger.receipts_in(batch)
    made, failed = read_files(site, rows)
    known = Known(site)
    origins = [o for r in rows for o in known.faces(r).origins]
    return Tally("read", len(rows), made, len(rows) - made, failed, _counts([f"pages from {o}" for o in origins]), digest(*(site.read_key(r.receipt) for r in rows)))


def parse_batch(site: Site, batch: str) -> Tally:
    """Letters of every file; what reading has not brought along is made now."""
    from pipeline.reading import read_files

    rows = site.ledger.receipts_in(batch)
    made, failed = read_files(site, rows, stage="parse")
    known = Known(site)
    return Tally("parse", len(rows), made, len(rows) - made, failed, _counts([known.parsed(r).document_class for r in rows]), digest(*(site.parse_key(r.receipt) for r in rows)))


def match_batch(site: Site, batch: str) -> Tally:
    """Member and claims of every letter."""
    known = Known(site)
    done = _each(site, "match", batch, known.matches)
    return _tally("match", done, known, [m.outcome for row, kept in done if kept for m in kept.matches])


def check_batch(site: Site, batch: str) -> Tally:
    """Findings of every letter. All letters of the batch go on file before the first is held against them."""
    known = Known(site)
    filed = _each(site, "filing", batch, known.filings)
    site.ledger.put_on_file({row.id: kept.filings if kept else () for row, kept in filed})
    known.survey([row for row, _ in filed])
    done = _each(site, "check", batch, known.findings)
    return _tally("check", done, known, [f.code for row, kept in done if kept for several in kept.findings for f in several])


def review_batch(site: Site, batch: str) -> Tally:
    """Every letter in its queue, in the ledger, all of the batch at once."""
    known = Known(site)
    rows: list[CaseRow] = []
    receipts = site.ledger.receipts_in(batch)
    known.survey(receipts)
    for number, receipt in enumerate(receipts, 1):
        rows.extend(known.placed(receipt))
        site.progress("review", number, len(receipts))
    site.ledger.settle(batch, site.judgement, rows, site.now, ties={r.id: known.tie(r) for r in receipts if r.id not in known.setbacks})
    overtaken = known.overtaken()
    for receipt in receipts:
        if receipt.id in overtaken:
            judge_again(site, receipt)
    made = len({key for stage, key in known.made if stage == "review"})
    return Tally("review", len(receipts), made, len(receipts) - made, len(known.setbacks), _counts([r.item.queue for r in rows]), digest(*(r.result for r in rows)))


def judge_batch(site: Site, batch: str) -> None:
    """All stages after intake, in order."""
    for stage in (read_batch, parse_batch, match_batch, check_batch, review_batch):
        stage(site, batch)


def bring_up_to_date(site: Site) -> int:
    """Judges again, in order of receipt, every batch that was judged under other records, rules, versions or on
    another day; returns how many. Batches in work are left alone: their turn comes."""
    stale = [b.key for b in site.ledger.batches() if b.judged not in (None, site.judgement)]
    if stale:
        from pipeline.rejudging import judge_again

        for key in stale:
            if not is_parsed(site, key):
                read_batch(site, key)
                parse_batch(site, key)
        for key in judge_again(site, stale):
            judge_batch(site, key)
    return len(stale)


def is_parsed(site: Site, batch: str) -> bool:
    """Whether words and letters of every file of a batch lie in the store, or why there are none."""
    rows = [r.receipt for r in site.ledger.receipts_in(batch) if not r.receipt.problems]
    return all(site.store.result_path("parse", site.parse_key(r)).exists() and site.store.result_path("read", site.read_key(r)).exists() for r in rows)


def batches_in_work(site: Site) -> list[str]:
    """Batches that have not reached the queues, in order of receipt."""
    return [b.key for b in site.ledger.batches() if b.judged is None]


def is_stale(site: Site) -> bool:
    """Whether letters wait to be judged again, or what was published is not what the ledger holds."""
    from pipeline.publication import is_published

    return any(b.judged != site.judgement for b in site.ledger.batches()) or not is_published(site)


def publish_queues(site: Site) -> Tally:
    """Writes the queues for people and programs."""
    from pipeline.publication import publish_cases

    letters = publish_cases(site)
    return Tally("publish", letters, letters, 0, 0, tuple(sorted(site.ledger.queues().items())), site.ledger.recall("published") or "")


def ready(site: Site) -> None:
    """Loads records and rules, so that their faults are told before any letter is touched. OperatorError."""
    _ = (site.records, site.rules, site.judgement)


def run_all(settings: Settings, as_of: dt.date, progress: Progress = silent, now: str | None = None) -> Summary:
    """Inbox to queues without Dagster. OperatorError when records, rules, ledger or engine are not as they must be."""
    with opened(settings, as_of, now or f"{as_of.isoformat()}T08:00:00+00:00", progress) as site, site.hold():
        ready(site)
        intake = take_in_inbox(site)
        for batch in batches_in_work(site):
            bring_up_to_date(site)
            judge_batch(site, batch)
        bring_up_to_date(site)
        published = is_stale(site)
        if published:
            publish_queues(site)
        return summary(site, intake, published)


def summary(site: Site, intake: Intake, published: bool) -> Summary:
    """Where everything stands now."""
    failed = sum(any(p.code == "failed" for p in r.item.problems) for r in site.ledger.cases())
    return Summary(intake, site.ledger.accounts(), site.ledger.queues(), failed, published)


def _each(site: Site, stage: str, batch: str, make: Callable[[ReceiptRow], T]) -> list[tuple[ReceiptRow, T]]:
    """`make` of every receipt of the batch, with progress."""
    rows = site.ledger.receipts_in(batch)
    done = []
    for number, row in enumerate(rows, 1):
        done.append((row, make(row)))
        site.progress(stage, number, len(rows))
    return done


def _tally(stage: str, done: Sequence[tuple[ReceiptRow, Model | None]], known: Known, told: Sequence[str]) -> Tally:
    made = len({key for name, key in known.made if name == stage})
    failed = sum(kept is None for _, kept in done)
    return Tally(stage, len(done), made, len(done) - made - failed, failed, _counts(told), digest(*(kept.model_dump_json() if kept else "" for _, kept in done)))


def _counts(names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple((name, names.count(name)) for name in sorted(set(names)))

