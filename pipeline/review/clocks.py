"""The program's clock: by which day a letter must be answered, and by which day what was asked for should be there.

Belongs here: clocks.csv, business days, cut-offs, time that stood still. Does not belong here: priority, queues.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import holidays

from pipeline.model import ClaimRow

KINDS = ("post_service", "pre_service", "appeal", "supply")
"""The kinds that every program has."""
_COSTLY = 1000.0
"""Dollars above which a test, procedure or therapy is a referral in Florida."""
_REFERRED = ("procedure_or_test", "therapy_service")
Stop = tuple[dt.date, dt.date]
"""A request for information went out on the first day and was answered on the second: the clock stood between."""


class Clock(NamedTuple):
    """So many days, calendar or business, from the claim's receipt, the letter's or the answer's; what comes after `cut_off`
    counts as received on the next business day. `since`: the first day of receipt for which it holds. `source` is the law,
    `checked` whether its text was read for it or the customer must confirm it."""

    days: int
    counting: str
    begins: str
    cut_off: dt.time | None = None
    since: dt.date = dt.date.min
    source: str = ""
    checked: bool = True


@lru_cache(maxsize=1)
def clocks() -> dict[tuple[str, str], tuple[Clock, ...]]:
    """(program or law, kind) to its clocks, the latest first; kind is post_service, pre_service, appeal, supply for what was
    asked for; where they differ from pre_service also expedited, drug, and referral to a specialist, for surgery or a costly
    test or therapy; supply_expedited and resumed_expedited, which runs from the answer."""
    found: dict[tuple[str, str], list[Clock]] = {}
    for r in csv.DictReader(files("pipeline.review").joinpath("clocks.csv").read_text(encoding="utf-8").splitlines()):
        since = dt.date.fromisoformat(r["since"]) if r["since"] else dt.date.min
        cut_off = dt.time.fromisoformat(r["cut_off"]) if r["cut_off"] else None
        found.setdefault((r["program"], r["kind"]), []).append(Clock(int(r["days"]), r["counting"], r["from"], cut_off, since, r["source"], r["checked"] == "yes"))
    return {key: tuple(sorted(several, key=lambda c: c.since, reverse=True)) for key, several in found.items()}


def due_day(program: str, claim: ClaimRow | None, received: dt.date | dt.datetime, stops: Sequence[Stop] = (), law: str = "") -> dt.date:
    """The last day to answer a letter received then. A denied claim is on appeal, one without a service date before the
    service. A clock that runs from the claim's receipt and would have run out before the letter came stood still while
    the letter was awaited: it runs anew from the letter. Days of a stop do not count; a clock that runs from the answer
    begins with the last one. `law`: the plan's clock, whose days go before the program's."""
    clock = clock_for(program, claim, received, stops, law)
    if clock.begins == "answer":
        return _after(max(answered for _, answered in stops), clock, ())
    came = _counted_from(received, clock)
    since = claim.received_date if claim and clock.begins == "claim" else None
    due = _after(since, clock, stops) if since and since <= came else None
    return due if due and due >= came else _after(came, clock, stops)


def clock_for(program: str, claim: ClaimRow | None, received: dt.date | dt.datetime, stops: Sequence[Stop] = (), law: str = "") -> Clock:
    """The clock by which `due_day` counts. A letter to an insurer that is tied to no claim yet may ask before the service."""
    kinds = _kinds(claim) if claim is not None else _UNTIED.get(program, ("post_service",))
    return _clock_of(program, law, ("resumed_expedited", *kinds) if stops and _is_urgent(claim) else kinds, _day(received))


_UNTIED = {"insurance": ("pre_service",), "workers_comp": ("pre_service",)}


def _kinds(claim: ClaimRow) -> tuple[str, ...]:
    """The kinds that fit a claim, the narrowest first."""
    if claim.service_date is not None and claim.status != "denied":
        return ("post_service",)
    kind, urgent = "appeal" if claim.status == "denied" else "pre_service", ("expedited",) if _is_urgent(claim) else ()
    if kind == "pre_service" and claim.category == "prescription_drug":
        return (*(("drug_expedited",) if urgent else ()), *urgent, *(() if urgent else ("drug",)), kind)
    costly = kind == "pre_service" and claim.category in _REFERRED and (claim.amount or 0) > _COSTLY
    return (*urgent, *(("referral",) if costly else ()), kind)


def _is_urgent(claim: ClaimRow | None) -> bool:
    """Whether it is expedited; what is performed is not urgent any more."""
    return claim is not None and claim.expedited and claim.service_date is None


def _clock_of(program: str, law: str, kinds: Sequence[str], day: dt.date) -> Clock:
    """The clock of the first kind that the law or, where it has none of that kind, the program knows, as of a day."""
    known = clocks()
    return next(c for kind in kinds for key in ((law, kind), (program, kind)) for c in known.get(key, ()) if c.since <= day)


def supply_day(program: str, asked: dt.date, claim: ClaimRow | None = None) -> dt.date:
    """The day by which what was asked for on this day should be there; sooner for a claim that cannot wait."""
    known = program if (program, "supply") in clocks() else "fsa"
    return _after(asked, _clock_of(known, "", (*(("supply_expedited",) if _is_urgent(claim) else ()), "supply"), asked), ())


def _day(received: dt.date | dt.datetime) -> dt.date:
    return received.date() if isinstance(received, dt.datetime) else received


def _counted_from(received: dt.date | dt.datetime, clock: Clock) -> dt.date:
    """The day of receipt; after the cut-off, or on a day that is no business day where those count, the next one."""
    if not isinstance(received, dt.datetime):
        return received
    day = received.date()
    late = clock.cut_off is not None and received.time() > clock.cut_off
    return _business(day, 1) if late else day


def _after(start: dt.date, clock: Clock, stops: Sequence[Stop]) -> dt.date:
    due = _business(start, clock.days) if clock.counting == "business" else start + dt.timedelta(days=clock.days)
    for asked, answered in sorted(stops):
        if start <= asked <= due and answered > asked:
            stood = _business_between(asked, answered) if clock.counting == "business" else (answered - asked).days
            due = _business(due, stood) if clock.counting == "business" else due + dt.timedelta(days=stood)
    return due


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("US", years=year))


def is_business(day: dt.date) -> bool:
    """Neither a weekend nor a federal holiday."""
    return day.weekday() < 5 and day not in _closed(day.year)


def _business(start: dt.date, days: int) -> dt.date:
    """The day after receipt is day 1; weekends and federal holidays do not count."""
    day, left = start, days
    while left:
        day += dt.timedelta(days=1)
        left -= is_business(day)
    return day


def _business_between(first: dt.date, last: dt.date) -> int:
    return sum(is_business(first + dt.timedelta(days=n)) for n in range(1, (last - first).days + 1))
