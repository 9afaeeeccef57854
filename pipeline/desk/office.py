"""What the desk stands on: the home's ledger, store, records and rules, opened once and shared by all requests.

Belongs here: opening, keeping the worklist up to date, loading cases. Does not belong here: pages, what people do.
"""

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.commands.start import now_on
from pipeline.desk.afterwards import Afterwards
from pipeline.desk.clerks import Clerks
from pipeline.desk.measures import measure_of
from pipeline.desk.policy import Policy
from pipeline.desk.rows import row_of
from pipeline.errors import OperatorError
from pipeline.judgement import judge_again
from pipeline.ledger import CaseRow, ReceiptRow, board, counts
from pipeline.ledger import work as worklist
from pipeline.ledger.counts import Load
from pipeline.ledger.work import WorkRow
from pipeline.letters import Known
from pipeline.model import Case, DocumentText
from pipeline.records import Records
from pipeline.settings import Settings
from pipeline.site import Site, ledger_of
from pipeline.store import Store

_KEPT = 256
_AT_ONCE = 300
_MOST_SHOWN = 20_000
_NO_TIME = 0.01
"""Seconds in which a count is made while somebody waits."""
_OPEN_SECONDS = 600.0
"""So long a letter counts as open after it was; whoever goes elsewhere at the desk closes it."""
_MOST_LETTERS = 20_000
"""Letters of so many files at most; a packet holds some dozen."""


class Counts(NamedTuple):
    """What the worklist holds: the load of each queue and of each person who has letters, and the letters in each state."""

    queues: dict[str, Load]
    people: dict[str, Load]
    states: dict[str, int]

    @property
    def waiting(self) -> int:
        """Letters that a person has to work on."""
        return sum(load.letters for load in self.queues.values())

    @property
    def untaken(self) -> int:
        """Those of them that nobody has."""
        return max(0, self.waiting - sum(load.letters for load in self.people.values()))


class Office:
    """`day` is what counts as today; None: the calendar's. `clock` gives seconds since 1970, for sessions only."""

    def __init__(self, settings: Settings, day: dt.date | None = None, clock: Callable[[], float] = time.time) -> None:
        self.settings, self._day, self.clock = settings, day, clock
        self.ledger = ledger_of(settings)
        self.store = Store(settings.store)
        self.policy = Policy(settings.home)
        self._site: Site | None = None
        self._lock = threading.RLock()
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._shown: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._open: dict[str, tuple[str, float]] = {}
        self._filling, self._counting = threading.Lock(), threading.Lock()
        self._counted: Counts | None = None
        self._stale, self._next_count, self._took = True, 0.0, 0.0
        self.afterwards = Afterwards()
        self._clerks: Clerks | None = None

    @property
    def today(self) -> dt.date:
        return self._day or dt.date.today()

    def now(self) -> str:
        """The time of what is done now, ISO 8601."""
        return now_on(self.today)

    def site(self) -> Site:
        """Records and rules as of today, for judging again; opened anew when the day changes."""
        with self._lock:
            if self._site is None or self._site.as_of != self.today:
                self._site = Site(self.settings, self.today, self.now(), ledger=self.ledger)
            self._site.now = self.now()
            return self._site

    @cached_property
    def _records(self) -> Records | None:
        try:
            return self.site().records
        except OperatorError:
            return None

    @property
    def records(self) -> Records | None:
        """The claim records; None when they cannot be had, and the desk says so."""
        with self._lock:
            return self._records

    def catch_up(self) -> int:
        """Makes anew the rows of letters that were judged again since, as runs and people noted them; returns how many.
        Costs next to nothing when nothing was judged."""
        changed = 0
        with self._filling:
            while True:
                with self.ledger.reading() as c:
                    noted = worklist.stale_files(c, _AT_ONCE)
                    files = sorted({receipt for _, receipt in noted})
                    ids, gone = (worklist.changed_cases(c, _MOST_LETTERS, files), worklist.gone(c, files)) if files else ([], [])
                changed += self._renewed(self.ledger.cases_by(ids) if ids else [], gone, [number for number, _ in noted])
                if len(noted) < _AT_ONCE:
                    return changed

    def refresh(self) -> int:
        """Brings the worklist up to what the ledger holds, whatever was noted; returns how many letters changed."""
        changed = 0
        with self._filling:
            while True:
                with self.ledger.reading() as c:
                    ids, gone = worklist.changed_cases(c, _AT_ONCE), worklist.gone(c)
                made = self._renewed(self.ledger.cases_by(ids), gone)
                changed += made
                if len(ids) < _AT_ONCE or not made:
                    return changed

    def renew(self, receipt: str) -> None:
        """The same for the letters of one file, which were judged again just now."""
        with self.ledger.reading() as c:
            noted = worklist.stale_files(c, _AT_ONCE, receipt)
            gone = worklist.gone(c, [receipt])
        self._renewed(self.ledger.cases_of(receipt), gone, [number for number, _ in noted])

    def judge(self, receipt: str) -> None:
        """Judges a file's letters again by what people did to them, and makes their rows of the worklist anew with it;
        in a process of its own where the desk has clerks."""
        if self._clerks is None or not self._clerks.judge(receipt):
            self.judge_here(receipt)
        self.recount()

    def judge_here(self, receipt: str) -> None:
        """The same in this process. A file that is no more is left alone, and so is one that this version of the program
        has not read yet: its letters stay where they stand until the next run."""
        row = self.ledger.receipt(receipt)
        if row is not None and self.read_now(row):
            judge_again(self.site(), row, lambda placed: self._rows(placed, receipt))

    def read_now(self, row: ReceiptRow) -> bool:
        """Whether what this version of the program reads in the file is there, or why it cannot be read."""
        known = Known(self.site(), only=row.id)
        known.parsed(row)
        return row.id not in known.lacking

    def hire(self, number: int) -> Clerks:
        """Has letters judged again by so many processes beside this one from now on; before any thread is started."""
        _ = self.site().rules, self.site().versions, self.records
        self.ledger.close()  # no connection is shared; the next question opens one
        self._clerks = Clerks(number, self.judge_here, self.ledger.leave_to_parent)
        return self._clerks

    def _rows(self, placed: Sequence[CaseRow], receipt: str) -> Callable[[sa.Connection], None]:
        write, _ = self._made(placed)

        def written(c: sa.Connection) -> None:
            write(c)
            worklist.drop(c, worklist.gone(c, [receipt]))

        return written

    def _made(self, places: Sequence[CaseRow]) -> tuple[Callable[[sa.Connection], None], int]:
        """What puts these letters' rows and measures into the ledger, and how many there are."""
        found = [(case, place) for place in places if (case := self.case(place)) is not None]
        made = [row_of(case, place, self.records) for case, place in found]
        measures = [measure_of(case, place.item.letter_id, place.result) for case, place in found]

        def write(c: sa.Connection) -> None:
            worklist.put(c, made)
            board.put(c, measures)

        return write, len(made)

    def _renewed(self, places: list[CaseRow], gone: list[str], noted: Sequence[int] = ()) -> int:
        write, made = self._made(places)
        if made or gone or noted:
            with self.ledger.writing(derived=True) as c:
                write(c)
                worklist.drop(c, gone)
                worklist.looked_at(c, noted)
        return made

    def later(self, work: Callable[[], None]) -> None:
        """Does what may follow the answer to a person: at once, or in turn while a desk is served (`Afterwards`)."""
        self.afterwards.do(work)

    def place(self, row: WorkRow) -> CaseRow | None:
        """Where the letter stands in the ledger."""
        return next((r for r in self.ledger.cases_of(row.receipt_id) if r.item.letter_id == row.letter_id), None)

    def case(self, place: CaseRow | WorkRow) -> Case | None:
        """A letter's case, from memory when it was asked for just now; None when the store has lost it."""
        with self._lock:
            if place.result in self._cases:
                self._cases.move_to_end(place.result)
                return self._cases[place.result]
        case = self.store.get("case", place.result, Case)
        if case is not None:
            with self._lock:
                self._cases[place.result] = case
                while len(self._cases) > _KEPT:
                    self._cases.popitem(last=False)
        return case

    def document(self, receipt_id: str) -> DocumentText | None:
        """The words of a letter's file, as they were read last."""
        receipt = self.ledger.receipt(receipt_id)
        if receipt is None:
            return None
        return Known(self.site()).document(receipt)

    def find(self, letter_id: str) -> WorkRow | None:
        """The letter's row of the worklist."""
        with self.ledger.reading() as c:
            return worklist.find(c, letter_id)

    def counts(self) -> Counts:
        """What the list holds, counted anew after something changed where that takes no time; in a long list it is
        `count` that counts, beside the requests, and they are told the last count."""
        if self._counted is None or (self._stale and self._took < _NO_TIME):
            self.count()
        return self._counted or Counts({}, {}, {})

    def count(self) -> None:
        """Counts the list if something changed, but for no more than a fortieth of the time."""
        kept = self._counted
        if (kept is not None and (not self._stale or time.monotonic() < self._next_count)) or not self._counting.acquire(blocking=kept is None):
            return
        try:
            self._stale, begin = False, time.monotonic()
            week = (self.today + dt.timedelta(days=7)).isoformat()
            with self.ledger.reading() as c:
                day = self.today.isoformat()
                self._counted = Counts(counts.loads(c, day, week), counts.held(c, day, week), counts.states(c))
            self._took = time.monotonic() - begin
            self._next_count = time.monotonic() + 40 * self._took if self._took > _NO_TIME else 0.0
        finally:
            self._counting.release()

    def was_shown(self, session: str, letter_id: str) -> bool:
        """Notes that a letter was shown in a session; whether that is new."""
        with self._lock:
            new = (session, letter_id) not in self._shown
            self._shown[session, letter_id] = None
            while len(self._shown) > _MOST_SHOWN:
                self._shown.popitem(last=False)
        return new

    def looks_at(self, who: str, letter_id: str) -> None:
        """Notes which letter a person has open now; '' for none."""
        with self._lock:
            self._open[who] = (letter_id, self.clock())

    def looked_at(self, but: str) -> frozenset[str]:
        """The letters that others than this person have open, as far as the desk knows."""
        with self._lock:
            return frozenset(x for who, (x, at) in self._open.items() if x and who != but and self.clock() - at < _OPEN_SECONDS)

    def others_at(self, me: str, letter_id: str) -> list[str]:
        """Who else has this letter open."""
        with self._lock:
            return sorted(who for who, (x, at) in self._open.items() if x == letter_id and who != me and self.clock() - at < _OPEN_SECONDS)

    def recount(self) -> None:
        """The next count is made anew."""
        self._stale = True

    def close(self) -> None:
        """Lets go of the database, and the clerks of theirs."""
        if self._clerks is not None:
            self._clerks.close()
        self.ledger.close()
