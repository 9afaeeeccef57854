"""The leads' page: what comes in, what waits, what is due, how much reads itself, where people's time goes.

Belongs here: adding up and choosing what the page shows. Does not belong here: the database's questions
(ledger/board.py), drawing (plots.py).
"""

import datetime as dt
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from starlette.responses import Response
from starlette.routing import Route

from pipeline.desk import plots
from pipeline.desk.call import Call, guarded
from pipeline.desk.measures import interval, measure_of, stood, target_accuracy
from pipeline.desk.office import Office
from pipeline.desk.people import colleagues
from pipeline.desk.plots import Part
from pipeline.ledger import board, counts, labels
from pipeline.ledger.board import Handled, Reading
from pipeline.ledger.counts import Load
from pipeline.review import wording
from pipeline.review.queues import LADDER, TITLES

SPANS = (7, 28, 91)
AGES = ((2, "0 to 1 day"), (5, "2 to 4 days"), (10, "5 to 9 days"), (21, "10 to 20 days"), (10**6, "21 days and more"))
"""Below so many days of age, and what that is called."""
_AT_ONCE = 300
_PRACTICES = 12


class Times(NamedTuple):
    """Minutes per letter in a group: decisions, median and 90th percentile from first look to decision (None when no
    look is known), and median minutes that the letter was open."""

    name: str
    letters: int
    median: float | None
    ninth: float | None
    open: float | None


class Board(NamedTuple):
    """The page's numbers. Shares are (part, whole). `intake`, `decided` by day; `timed` decisions, the last ones, are those
    whose times are told; `backlog` queue to letters by age in
    the order of AGES; `due` day (or 'late') to letters by queue; `practices` (name, letters, findings by code); `held` what
    each person has taken."""

    days: tuple[str, ...]
    intake: dict[str, int]
    decided: dict[str, int]
    backlog: dict[str, tuple[int, ...]]
    oldest: dict[str, str]
    due: dict[str, dict[str, int]]
    values: tuple[int, int]
    letters: tuple[int, int]
    stood: tuple[int, int]
    measured: tuple[int, int]
    by_queue: tuple[Times, ...]
    by_person: tuple[Times, ...]
    timed: int
    all_times: Times
    practices: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]
    channels: dict[str, dict[str, Reading]]
    held: dict[str, Load]

    @property
    def waiting(self) -> int:
        return sum(sum(ages) for ages in self.backlog.values())

    @property
    def late(self) -> int:
        return sum(self.due["late"].values())

    @property
    def soon(self) -> int:
        return sum(sum(n.values()) for day, n in self.due.items() if day != "late")


class _Kept(NamedTuple):
    """A count, when it was made (ISO 8601, and in seconds of a clock of its own), and the seconds it took, 0 for few."""

    board: Board
    at: str
    made: float
    took: float


_LONG = 0.2
_HOLDS = 100.0
"""How many times as long as it took to make it a count holds."""
_boards: WeakKeyDictionary[Office, dict[tuple[dt.date, int], _Kept]] = WeakKeyDictionary()
_lock = threading.Lock()


def board_of(c: sa.Connection, today: dt.date, span: int) -> Board:
    """Everything on the page, from the ledger alone, for the `span` days up to `today`."""
    days = tuple((today - dt.timedelta(days=back)).isoformat() for back in range(span - 1, -1, -1))
    readings = [r for r in board.readings(c, days[0]) if r.day <= days[-1]]
    decided = board.decided(c, days[0])
    done = board.handled(c, decided)
    backlog, oldest = _backlog(board.backlog(c), today)
    return Board(
        days=days, intake=board.intake(c, days[0]), decided=Counter(at[:10] for at in decided.values()), timed=len(done), backlog=backlog, oldest=oldest,
        due=_due(board.due(c, (today + dt.timedelta(days=7)).isoformat()), today),
        values=(sum(r.sure for r in readings), sum(r.vals for r in readings)), letters=board.effortless(c, days[0]), stood=stood(labels.looked_at(c, wording.DOUBTFUL_BELOW)),
        measured=board.measured(c), by_queue=_times(done, lambda h: TITLES.get(h.queue, h.queue)), by_person=_times(done, lambda h: h.who), all_times=_time("all", done),
        practices=_practices(board.findings(c, days[0])), channels=_channels(readings),
        held=counts.held(c, today.isoformat(), (today + dt.timedelta(days=7)).isoformat()),
    )  # fmt: skip


def measure(office: Office, after: str = "", limit: int = _AT_ONCE) -> str:
    """Measures some of the letters behind `after` that nobody measured (an older release, or another program, put them
    there); returns the last one's id, '' when there is none. A letter whose result the store has lost counts as one
    without values."""
    with office.ledger.reading() as c:
        ids = board.unmeasured(c, limit, after)
    made = []
    for place in office.ledger.cases_by(ids):
        case = office.case(place)
        made.append(measure_of(case, place.item.letter_id, place.result) if case else board.Measure(place.item.letter_id, place.result, "", "", 0.0, 0, 0, 0))
    if made:
        with office.ledger.writing(derived=True) as c:
            board.put(c, made)
    return ids[-1] if ids else ""


def _backlog(rows: Iterable[tuple[str, str, int]], today: dt.date) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
    counts = {q.name: [0] * len(AGES) for q in reversed(LADDER)}
    oldest: dict[str, str] = {}
    for queue, received, n in rows:
        age = (today - dt.date.fromisoformat(received)).days
        counts[queue][next(at for at, (below, _) in enumerate(AGES) if age < below)] += n
        oldest[queue] = min(received, oldest.get(queue, received))
    return {queue: tuple(ages) for queue, ages in counts.items()}, oldest


def _due(rows: Iterable[tuple[str, str, int]], today: dt.date) -> dict[str, dict[str, int]]:
    """Late ones under 'late', then today and the seven days after it."""
    found: dict[str, dict[str, int]] = {"late": {}}
    found.update({(today + dt.timedelta(days=n)).isoformat(): {} for n in range(8)})
    for queue, day, n in rows:
        mine = found["late" if day < today.isoformat() else day]
        mine[queue] = mine.get(queue, 0) + n
    return found


def _times(done: Sequence[Handled], name_of: Callable[[Handled], str]) -> tuple[Times, ...]:
    groups: dict[str, list[Handled]] = {}
    for each in done:
        groups.setdefault(name_of(each), []).append(each)
    return tuple(sorted((_time(name, mine) for name, mine in groups.items()), key=lambda x: (-x.letters, x.name)))


def _time(name: str, mine: Sequence[Handled]) -> Times:
    spans = sorted((dt.datetime.fromisoformat(h.at) - dt.datetime.fromisoformat(h.first_look)).total_seconds() / 60
                   for h in mine if h.first_look and h.first_look <= h.at)  # fmt: skip
    ninth = spans[min(len(spans) - 1, int(len(spans) * 0.9))] if spans else None
    opened = [h.seconds / 60 for h in mine if h.seconds > 0]
    return Times(name, len(mine), statistics.median(spans) if spans else None, ninth, statistics.median(opened) if opened else None)


def _practices(rows: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]:
    """Practices with most findings first; a practice that the letter does not name is 'not named'."""
    letters: Counter[str] = Counter()
    codes: dict[str, Counter[str]] = {}
    for practice, found, n in rows:
        name = practice or "not named"
        letters[name] += n
        codes.setdefault(name, Counter()).update(dict.fromkeys(found.split(), n))
    order = sorted(codes, key=lambda name: (-codes[name].total(), name))
    return tuple((name, letters[name], tuple(sorted(codes[name].items(), key=lambda x: (-x[1], x[0])))) for name in order if codes[name])[:_PRACTICES]


def _channels(readings: Iterable[Reading]) -> dict[str, dict[str, Reading]]:
    found: dict[str, dict[str, Reading]] = {}
    for each in readings:
        found.setdefault(each.channel or "no channel", {})[each.day] = each
    return found


def pictures(b: Board) -> dict[str, object]:
    """The page's plots."""
    sums = Counter(code for _, _, codes in b.practices for code, n in codes for _ in range(n))
    styles = {code: f"s{at}" for at, (code, _) in enumerate(sums.most_common(6))}
    return {
        "intake": plots.columns("Files received, by day", [(d[5:], [Part("s0", "received", b.intake.get(d, 0))]) for d in b.days]),
        "decided": plots.columns("Decisions, by day", [(d[5:], [Part("s2", "decided", b.decided.get(d, 0))]) for d in b.days]),
        "backlog": plots.bars("Letters waiting, by queue and age", [(TITLES[q], [Part(f"age{at}", AGES[at][1], n) for at, n in enumerate(ages)]) for q, ages in b.backlog.items()]),
        "due": plots.columns("Letters due, by day and queue", [(_when(day, b.days[-1]), [Part(f"fill q-{q.name}", q.title, n.get(q.name, 0)) for q in LADDER]) for day, n in b.due.items()]),
        "practices": plots.bars("Findings, by practice", [(name, _parts(codes, styles)) for name, _, codes in b.practices]),
        "quality": plots.lines("Quality of reading, by channel and day", b.days, {ch: {d: r.quality for d, r in of.items()} for ch, of in b.channels.items()}),
        "sure": plots.lines("Values that need no look, by channel and day", b.days, {ch: {d: r.sure / r.vals for d, r in of.items()} for ch, of in b.channels.items()}),
        "styles": styles,
    }  # fmt: skip


def _when(day: str, today: str) -> str:
    return "late" if day == "late" else "today" if day == today else f"{dt.date.fromisoformat(day):%a} {day[5:]}"


def _parts(codes: Sequence[tuple[str, int]], styles: dict[str, str]) -> list[Part]:
    known = [Part(styles[code], wording.in_words(code), n) for code, n in codes if code in styles]
    rest = sum(n for code, n in codes if code not in styles)
    return known + ([Part("rest-of", "others", rest)] if rest else [])


def _kept(office: Office, span: int) -> tuple[Board, str]:
    """The numbers and when they were counted (ISO 8601). Where counting takes long, the last count holds for a while."""
    key, now = (office.today, span), time.monotonic()
    with _lock:
        kept = _boards.setdefault(office, {}).get(key)
        if kept is None or now - kept.made > kept.took * _HOLDS:
            at = office.now()
            with office.ledger.reading() as c:
                b = board_of(c, office.today, span)
            took = time.monotonic() - now
            kept = _boards[office][key] = _Kept(b, at, time.monotonic(), took if took > _LONG else 0.0)
    return kept.board, kept.at


def page(call: Call) -> Response:
    """The page."""
    office = call.office
    asked = call.asked("days")
    span = int(asked) if asked in map(str, SPANS) else 28
    b, counted = _kept(office, span)
    low, high = interval(*b.stood)
    return call.page(
        "dashboard.html", at="board", b=b, plots=pictures(b), span=span, spans=SPANS, ages=[name for _, name in AGES], target=target_accuracy(), low=low, high=high,
        threshold=wording.DOUBTFUL_BELOW, day_name=_when, counted=counted, holders=sorted({*colleagues(office), *b.held}),
    )  # fmt: skip


ROUTES = [Route("/dashboard", guarded(page, "lead", "administrator", "auditor"), methods=["GET"])]
