"""One place of work: its settings, store, ledger, records, rules, and the day as which it judges.

Belongs here: opening these once and the digests of what results depend on. Does not belong here: doing anything with
a letter (process.py).
"""

import datetime as dt
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import LedgerDamaged
from pipeline.ledger import Ledger, is_there
from pipeline.model import Receipt
from pipeline.results import digest
from pipeline.settings import Settings
from pipeline.store import Store

if TYPE_CHECKING:
    from pipeline.check import Rules
    from pipeline.records import Records

Progress = Callable[[str, int, int], None]
"""Called with the stage, files done and files in all."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """A progress that nobody watches."""


def ledger_of(settings: Settings) -> Ledger:
    """The home's ledger, made where nothing was done before. LedgerDamaged when it is gone and the store holds originals: only
    the ledger knows what became of them."""
    originals = settings.store / "originals"
    if not is_there(settings.ledger_url) and any(originals.glob("*/*")):
        raise LedgerDamaged(f"The ledger of {settings.home} is gone, but {originals} holds files that were received. Restore the ledger from backup; "
                            "without one, copy these files into the inbox of a new home.")  # fmt: skip
    return Ledger(settings.ledger_url)


class Site:
    """`as_of` is today for every rule; `now` (ISO 8601) dates receipts and events and decides nothing."""

    def __init__(self, settings: Settings, as_of: dt.date, now: str, progress: Progress = silent, ledger: Ledger | None = None) -> None:
        """`ledger`: one that is open already, and stays its owner's to close."""
        self.settings, self.as_of, self.now, self.progress = settings, as_of, now, progress
        self.store = Store(settings.store)
        self.ledger = ledger or ledger_of(settings)
        self.fault: BaseException | None = None
        self._held = 0

    @cached_property
    def records(self) -> "Records":
        """The claim records; ClaimsUnavailable or ClaimsMalformed."""
        from pipeline.records import load_records

        return load_records(self.settings.claims, self.as_of, self.settings.home / "records")

    @cached_property
    def rules(self) -> "Rules":
        """The plan rules."""
        from pipeline.check import load_rules

        return load_rules(self.settings.rules)

    @cached_property
    def versions(self) -> "Versions":
        """What each stage's results depend on besides their input."""
        return _versions(self.settings)

    @cached_property
    def judgement(self) -> str:
        """Digest of all that a judgement depends on besides the letters: a batch judged under another is stale."""
        return digest(self.records.snapshot, self.rules.version, self.as_of, *self.versions)

    def read_key(self, receipt: Receipt) -> str:
        """Where the file's words are kept."""
        return f"{receipt.sha256}-{self.versions.read}"

    def parse_key(self, receipt: Receipt) -> str:
        """Where the file's letters are kept."""
        return f"{receipt.sha256}-{digest(self.versions.read, self.versions.parse)}"

    def hold(self, patient: bool = False) -> "Holding":
        """The right to work in this home, for one process at a time; free again when the process ends, however it
        ends. LedgerDamaged when another has it, unless `patient`, which waits for it."""
        return Holding(self, patient)


class Versions(NamedTuple):
    """Versions of the rooms and of the settings that change what they return."""

    read: str
    parse: str
    match: str
    check: str
    review: str


def _versions(settings: Settings) -> Versions:
    from pipeline import check, match, parse, read

    s = settings
    reading = digest(read.VERSION, s.engine, s.max_pages, s.max_megapixels, s.max_file_mb)
    tables = sorted((t for t in files("pipeline.review").iterdir() if t.name.endswith(".csv")), key=lambda t: t.name)
    return Versions(reading, parse.VERSION, match.VERSION, check.VERSION, digest(*(t.read_text(encoding="utf-8") for t in tables)))


class Holding:
    """The lock of a home, as a context; taken twice by the same site it counts."""

    def __init__(self, site: Site, patient: bool) -> None:
        self._site, self._patient = site, patient
        self._file = -1

    def __enter__(self) -> None:
        if self._site._held == 0:
            self._file = _lock(self._site.settings, self._patient)
        self._site._held += 1

    def __exit__(self, *_: object) -> None:
        self._site._held -= 1
        if self._file >= 0:
            os.close(self._file)


def _lock(settings: Settings, patient: bool) -> int:
    """The kernel drops the lock with the process that took it, so none is ever left behind."""
    settings.home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.home / ".run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise LedgerDamaged(f"Another run is at work in {settings.home}. Wait until it has finished, then run again.") from None
    return descriptor


@contextmanager
def opened(settings: Settings, as_of: dt.date, now: str, progress: Progress = silent) -> Iterator[Site]:
    """A site that lets go of its ledger in the end."""
    site = Site(settings, as_of, now, progress)
    try:
        yield site
    finally:
        site.ledger.close()
