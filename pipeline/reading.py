"""Reading and parsing a batch's files in worker processes.

Belongs here: which files need it, how long each may take, what is noted of one that failed. Does not belong here: the
pool itself (pool.py), the work (worker.py).
"""

from collections.abc import Sequence
from typing import Literal

from pipeline.ledger import ReceiptRow
from pipeline.model import ParsedFile
from pipeline.pool import Done, Lost, Pool
from pipeline.results import Setback, lost
from pipeline.site import Site
from pipeline.worker import Job, count_pages, read_and_parse


def read_files(site: Site, rows: Sequence[ReceiptRow], stage: Literal["read", "parse"] = "read") -> tuple[int, int]:
    """Keeps words and letters of every file that has none yet; returns how many were worked on and how many of these
    failed. A file that failed before is tried again by the stage `read`. Files with the same bytes are read once."""
    todo = {r.receipt.sha256: r for r in rows if not r.receipt.problems and _lacks(site, r, stage)}
    if not todo:
        return 0, 0
    jobs = [Job(r.receipt, site.settings, site.read_key(r.receipt), site.parse_key(r.receipt)) for r in todo.values()]
    site.progress(stage, 0, len(jobs))
    outcomes = _work(site, jobs, stage)
    failed = 0
    for row, job, outcome in zip(todo.values(), jobs, outcomes, strict=True):
        setback = outcome.value if isinstance(outcome, Done) else _setback(site, job, outcome)
        if setback is not None:
            failed += 1
            site.store.put("setback", job.parse_key, setback)
        _note(site, row, stage, setback)
    return len(jobs), failed


def _lacks(site: Site, row: ReceiptRow, stage: str) -> bool:
    if site.store.get("parse", site.parse_key(row.receipt), ParsedFile) is not None:
        return not site.store.result_path("read", site.read_key(row.receipt)).exists()
    return stage == "read" or not site.store.result_path("setback", site.parse_key(row.receipt)).exists()


def _work(site: Site, jobs: Sequence[Job], stage: str) -> list[Done[Setback | None] | Lost]:
    """Always in workers, however few the files: a file that breaks the reader must not break the run."""
    allowed = site.settings.seconds_per_page
    through = 0

    def each() -> None:
        nonlocal through
        through += 1
        site.progress(stage, through, len(jobs))

    with Pool(min(site.settings.workers, len(jobs)), site.settings.max_memory_mb) as pool:
        counted = pool.map(count_pages, [(job, allowed) for job in jobs], lambda: None)
        pages = [min(c.value, site.settings.max_pages) if isinstance(c, Done) else 1 for c in counted]
        timed = [(job, min(allowed * (number + 1), max(allowed, site.settings.seconds_per_file))) for job, number in zip(jobs, pages, strict=True)]
        return pool.map(read_and_parse, timed, each)


def _setback(site: Site, job: Job, outcome: Lost) -> Setback:
    stage = "parse" if site.store.result_path("read", job.read_key).exists() else "read"
    return Setback(stage=stage, problem=lost(outcome.seconds))


def _note(site: Site, row: ReceiptRow, stage: str, setback: Setback | None) -> None:
    if setback is None:
        site.ledger.note(site.now, row.id, stage, {"version": site.parse_key(row.receipt)[65:]}, once=True)
    else:
        site.ledger.note(site.now, row.id, "failed", {"stage": setback.stage, "problem": setback.problem.code, "says": setback.problem.says}, once=True)


