"""The road from the inbox to the queues, stage by stage; the Dagster assets call the same stages.

Belongs here: which room comes after which, what is kept under which key, what becomes of a file that fails. Does not
belong here: what a room does. A result that is already in the store is not made again; one bad file never stops the
others.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import check as checking
from pipeline import match as matching
from pipeline import parse as parsing
from pipeline import read as reading
from pipeline.check import Rules
from pipeline.errors import LedgerDamaged
from pipeline.intake import Intake, take_in
from pipeline.ledger import Ledger
from pipeline.model import Case, DocumentText, Finding, Letter, Match, OnFile, PageFace, ParsedFile, Problem, Receipt
from pipeline.pool import map_files
from pipeline.records import Records, load_records
from pipeline.review.publish import publish
from pipeline.review.triage import triage
from pipeline.settings import Settings
from pipeline.store import Store

Progress = Callable[[str, int, int], None]
_UNREADABLE = ("encrypted", "damaged", "empty", "unsupported", "no_words", "too_large", "took_too_long", "failed")
_SAYS = {
    "took_too_long": "Reading this file took longer than the limit, or its reader was stopped. Look at the original; a person keys it.",
    "failed": "Reading this file failed by a fault of the program. Look at the original and report the file's number.",
}


@dataclass(frozen=True)
class Home:
    """What a run stands on: settings, store, ledger, the records and rules of this run, the day, the time."""

    settings: Settings
    store: Store
    ledger: Ledger
    records: Records
    rules: Rules
    as_of: dt.date
    now: str
    progress: Progress = field(default=lambda stage, done, total: None)

    @property
    def judged_by(self) -> str:
        """What judging depends on besides the letter."""
        return f"{self.records.snapshot[:16]}-{self.rules.version}-{self.as_of}-{matching.VERSION}-{checking.VERSION}-{parsing.VERSION}"


@dataclass(frozen=True)
class Outcome:
    """What a run did: the intake, the batches worked on, and how many cases stand in each queue."""

    intake: Intake
    batches: tuple[str, ...]
    queues: dict[str, int]
    unreadable: int


@contextmanager
def opened(settings: Settings, as_of: dt.date, now: str | None = None, progress: Progress | None = None) -> Iterator[Home]:
    """The home, ready and locked for one run at a time. Claim records and rules are loaded first, so that a fault in
    them stops the run before any letter is touched."""
    records = load_records(settings.claims, as_of)
    rules = checking.load_rules(settings.rules)
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as err:
        raise LedgerDamaged(f"Another run is at work in {settings.home}. Wait until it has ended, then run again.") from err
    ledger = Ledger(settings.ledger_url)
    try:
        moment = now or f"{as_of.isoformat()}T00:00:00"
        yield Home(settings, Store(settings.store), ledger, records, rules, as_of, moment, progress or (lambda stage, done, total: None))
    finally:
        ledger.close()
        lock.release()


def run_all(settings: Settings, as_of: dt.date, now: str | None = None, progress: Progress | None = None) -> Outcome:
    """The whole road in this process, without Dagster: intake to published queues."""
    with opened(settings, as_of, now, progress) as home:
        taken = take_in_files(home)
        batches = work_to_do(home)
        for batch in batches:
            read_batch(home, batch)
            parse_batch(home, batch)
            match_batch(home, batch)
            check_batch(home, batch)
            review_batch(home, batch)
        return publish_queues(home, taken, tuple(batches))


def take_in_files(home: Home) -> Intake:
    """Everything whole in the inbox, kept and recorded."""
    return take_in(home.settings, home.store, home.ledger, home.now)


def work_to_do(home: Home) -> list[str]:
    """Batches with unfinished files, and those judged by other records, rules or another day, in order of receipt."""
    wanted = set(home.ledger.open_batches()) | set(home.ledger.stale(home.judged_by))
    return [b for b in home.ledger.batch_keys() if b in wanted]


# ---- reading


@dataclass(frozen=True)
class ReadJob:
    """One file to read, with all that a worker process needs."""

    receipt: Receipt
    settings: Settings


def read_one(job: ReadJob) -> str:
    """Reads a file into the store; runs in a worker process. Returns the hash."""
    store = Store(job.settings.store)
    document = reading.read_file(store.original(job.receipt.sha256), job.receipt, job.settings, store)
    store.put("read", _read_key(job.receipt.sha256), document)
    return job.receipt.sha256


def _read_key(sha256: str) -> str:
    return f"{sha256}-{reading.VERSION}"


def _parse_key(sha256: str) -> str:
    return f"{_read_key(sha256)}-{parsing.VERSION}"


def read_batch(home: Home, batch: str) -> dict[str, int]:
    """Every file of a batch to words. Counts: done, cached, failed."""
    rows = home.ledger.receipts_of(batch)
    wanted = {r.sha256: r for _, _, r in rows if home.store.get("read", _read_key(r.sha256), DocumentText) is None}
    jobs = [(ReadJob(r, home.settings), _seconds(home, r)) for _, r in sorted(wanted.items())]
    jobs.sort(key=lambda job: job[0].receipt.file)
    failed = 0
    if jobs:
        for done, (job, result) in enumerate(map_files(read_one, jobs, home.settings.workers, lambda job, code: f"!{code}"), 1):
            if result.startswith("!"):
                failed += 1
                _put_unread(home, job.receipt, result[1:])
            home.progress("reading", done, len(jobs))
    for _, key, _ in rows:
        if home.ledger.states()[key] == "received":
            home.ledger.advance(key, "read", home.now)
    return {"done": len(jobs) - failed, "cached": len(rows) - len(jobs), "failed": failed}


def _seconds(home: Home, receipt: Receipt) -> float:
    """The limit for one file: the per-page limit for a guess of its pages by size, at least two pages' worth."""
    pages = min(home.settings.max_pages, 2 + receipt.size // 60_000)
    return home.settings.seconds_per_page * pages


def _put_unread(home: Home, receipt: Receipt, code: str) -> None:
    problem = Problem(code=code, says=_SAYS[code])
    home.store.put("read", _read_key(receipt.sha256), DocumentText(sha256=receipt.sha256, text="", pages=(), problems=(problem,)))


# ---- parsing


def parse_batch(home: Home, batch: str) -> dict[str, int]:
    """Every file of a batch to letters. Counts: done, cached, failed."""
    counts = {"done": 0, "cached": 0, "failed": 0}
    rows = home.ledger.receipts_of(batch)
    for place, (_, key, receipt) in enumerate(rows, 1):
        if home.store.get("parse", _parse_key(receipt.sha256), ParsedFile) is None:
            counts["done" if _parse_one(home, receipt, key) else "failed"] += 1
        else:
            counts["cached"] += 1
        home.progress("parsing", place, len(rows))
    return counts


def _parse_one(home: Home, receipt: Receipt, key: str) -> bool:
    document = document_of(home.store, receipt)
    try:
        parsed = parsing.parse(document)
        good = True
    except Exception as err:
        problem = Problem(code="failed", says=_SAYS["failed"])
        home.ledger.advance(key, "read", home.now, f"parsing failed: {type(err).__name__}")
        parsed = ParsedFile(sha256=receipt.sha256, document_class="unreadable", segments=(), problems=(*document.problems, problem))
        good = False
    home.store.put("parse", _parse_key(receipt.sha256), parsed)
    return good


def document_of(store: Store, receipt: Receipt) -> DocumentText:
    """The words of a file; an empty document when reading left none."""
    found = store.get("read", _read_key(receipt.sha256), DocumentText)
    return found or DocumentText(sha256=receipt.sha256, text="", pages=(), problems=receipt.problems)


def parsed_of(store: Store, receipt: Receipt) -> ParsedFile:
    """The letters of a file; none when parsing left none."""
    found = store.get("parse", _parse_key(receipt.sha256), ParsedFile)
    return found or ParsedFile(sha256=receipt.sha256, document_class="unreadable", segments=(), problems=receipt.problems)


# ---- matching, checking, queues


def match_batch(home: Home, batch: str) -> dict[str, int]:
    """Every letter of a batch to a member and claims. Counts by outcome."""
    counts: dict[str, int] = {}
    for _, key, receipt in home.ledger.receipts_of(batch):
        for letter in letters_of(home.store, key, receipt):
            found = _match(home, letter)
            counts[found.outcome] = counts.get(found.outcome, 0) + 1
    return counts


def letters_of(store: Store, key: str, receipt: Receipt) -> list[Letter]:
    """A file's letters under ids of their own: the same bytes under two names are two letters."""
    return [letter.model_copy(update={"letter_id": f"{key[:16]}-{letter.pages[0]}"}) for letter in parsed_of(store, receipt).letters]


def _match(home: Home, letter: Letter) -> Match:
    name = f"{letter.letter_id}-{parsing.VERSION}-{matching.VERSION}-{home.records.snapshot[:16]}-{letter.sha256[:8]}"
    found = home.store.get("match", name, Match)
    if found is None:
        found = matching.match(letter, home.records)
        home.store.put("match", name, found)
    return found


def check_batch(home: Home, batch: str) -> dict[str, int]:
    """Every letter of a batch filed under its keys, in the order of receipt. Counts the letters."""
    filed = 0
    for number, key, receipt in home.ledger.receipts_of(batch):
        for letter in letters_of(home.store, key, receipt):
            home.ledger.file_letter(_keys(home, number, receipt, letter))
            filed += 1
    return {"letters": filed}


def _keys(home: Home, number: int, receipt: Receipt, letter: Letter) -> OnFile:
    return checking.filing_keys(letter, document_of(home.store, receipt), number, receipt.file, _match(home, letter).member_id)


def _findings(home: Home, number: int, receipt: Receipt, letter: Letter) -> tuple[Finding, ...]:
    mine = _keys(home, number, receipt, letter)
    earlier = home.ledger.letters_before(number, mine.patient) if mine.patient and receipt.duplicate_of is None else []
    return checking.check(letter, _match(home, letter), home.records, earlier, mine, home.as_of, home.rules)


def review_batch(home: Home, batch: str) -> dict[str, int]:
    """Every file of a batch to its queue. Counts by queue."""
    counts: dict[str, int] = {}
    for number, key, receipt in home.ledger.receipts_of(batch):
        found = _cases(home, number, key, receipt)
        home.ledger.put_cases(key, found, home.judged_by)
        home.ledger.advance(key, _state(receipt, found), home.now)
        for case in found:
            counts[case.item.queue] = counts.get(case.item.queue, 0) + 1
    return counts


def _state(receipt: Receipt, found: Sequence[Case]) -> str:
    if receipt.duplicate_of is not None:
        return "duplicate"
    bad = any(p.code in _UNREADABLE for case in found for p in case.item.problems)
    return "unreadable" if bad and all(case.letter is None for case in found) else "queued"


def _cases(home: Home, number: int, key: str, receipt: Receipt) -> list[Case]:
    try:
        return _judged(home, number, key, receipt)
    except Exception as err:
        home.ledger.advance(key, "read", home.now, f"judging failed: {type(err).__name__}")
        problem = Problem(code="failed", says="Judging this letter failed by a fault of the program. A person looks at the original.")
        return [_case(home, key, receipt, None, (), (problem,))]


def _judged(home: Home, number: int, key: str, receipt: Receipt) -> list[Case]:
    letters = letters_of(home.store, key, receipt)
    if not letters:
        return [_case(home, key, receipt, None, (), ())]
    return [_case(home, key, receipt, letter, _findings(home, number, receipt, letter), ()) for letter in letters]


def _case(
    home: Home, key: str, receipt: Receipt, letter: Letter | None, findings: Sequence[Finding], more: tuple[Problem, ...]
) -> Case:
    document, parsed = document_of(home.store, receipt), parsed_of(home.store, receipt)
    problems = tuple(dict.fromkeys((*receipt.problems, *parsed.problems, *(letter.problems if letter else ()), *more)))
    name = "lmn" if letter is not None else parsed.document_class
    item = triage(
        letter_id=letter.letter_id if letter else key[:16], sha256=receipt.sha256, file=receipt.file, document_class=name, letter=letter,
        match=_match(home, letter) if letter else None, findings=findings, problems=problems, records=home.records, receipt=receipt, as_of=home.as_of,
    )  # fmt: skip
    faces = tuple(PageFace(number=p.number, width=p.width, height=p.height, image=p.image) for p in document.pages)
    pages = letter.pages if letter else tuple(p.number for p in document.pages)
    return Case(receipt=receipt, document_class=name, segments=parsed.segments, pages=pages, faces=faces, letter=letter, item=item)


def publish_queues(home: Home, taken: Intake, batches: tuple[str, ...]) -> Outcome:
    """Writes all queues anew from the ledger."""
    cases = home.ledger.all_cases()
    publish(cases, Path(home.settings.out), home.store.root, home.as_of)
    queues: dict[str, int] = {}
    for case in cases:
        queues[case.item.queue] = queues.get(case.item.queue, 0) + 1
    return Outcome(taken, batches, queues, home.ledger.accounts().unreadable)
