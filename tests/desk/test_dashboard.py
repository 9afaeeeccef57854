"""The leads' numbers over a real ledger, and the plots' text."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.desk import plots
from pipeline.desk.dashboard import board_of, pictures
from pipeline.desk.measures import interval
from pipeline.desk.plots import Part
from pipeline.ledger import Ledger, board, chain, labels, tables, work
from pipeline.ledger.board import Measure
from pipeline.ledger.desk_tables import acts
from pipeline.ledger.labels import Label
from pipeline.ledger.work import WorkRow
from pipeline.model import Correction, Decision, Receipt
from pipeline.review.queues import TITLES

TODAY = dt.date(2026, 6, 30)


def row(name: str, queue: str, due: str, received: str, codes: str = "", practice: str = "", state: str = "open") -> WorkRow:
    return WorkRow(name, f"r-{name}", "result", 0, queue, due, due, 0, 0.0, received, "fax", "fsa", "P", "M", "", "", "", practice, "", codes, "f", state=state)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    for number, day in enumerate(("2026-06-29", "2026-06-30", "2026-06-30", "2026-05-01")):
        made.receive(Receipt(sha256=str(number), file=str(number), channel="fax", media_type="application/pdf", size=1, received_at=f"{day}T08:00:00+00:00", batch=""))
    rows = [
        row("late", "decide", "2026-06-29", "2026-06-01", "ITEM_MISMATCH UNSIGNED", "Elm"), row("today", "decide", "2026-06-30", "2026-06-29", "UNSIGNED", "Elm"),
        row("week", "match", "2026-07-07", "2026-06-30"), row("later", "match", "2026-07-08", "2026-06-30", "UNSIGNED", "Oak"),
        row("never", "examine", work.NO_DAY, "2026-06-30"), row("done", "decide", "2026-06-29", "2026-06-30", "", "", "decided"),
    ]  # fmt: skip
    with made.writing() as c:
        work.put(c, [(r, ()) for r in rows])
        board.put(c, [Measure("late", "x", "2026-06-29", "fax", 0.5, 10, 5, 1), Measure("week", "x", "2026-06-30", "fax", 1.0, 10, 10, 0),
                      Measure("flyer", "x", "2026-06-30", "fax", 0.0, 0, 0, 0)])  # fmt: skip
        for at in ("2026-06-29T09:00:00+00:00", "2026-06-29T09:20:00+00:00"):
            chain.append(c, at, "r-done", "looked", {"letter_id": "done", "who": "ana"})
        values = [("1", "done", "2026-06-29T09:30:00+00:00", "approved", 120.0), ("2", "done", "2026-06-29T09:25:00+00:00", "noted", 5.0)]
        c.execute(acts.insert(), [{"token": k, "letter_id": i, "who": "ana", "at": at, "what": what, "seconds": s} for k, i, at, what, s in values])
    return made


def test_the_numbers_are_those_of_the_ledger(ledger: Ledger) -> None:
    with ledger.reading() as c:
        b = board_of(c, TODAY, 28)
    assert (b.waiting, b.late, b.soon) == (5, 1, 2)
    assert b.intake == {"2026-06-29": 1, "2026-06-30": 2}
    assert b.backlog["decide"] == (1, 0, 0, 0, 1)
    assert b.oldest["decide"] == "2026-06-01"
    assert (b.values, b.letters) == ((15, 20), (1, 2))
    assert b.practices == (("Elm", 1, (("UNSIGNED", 1),)), ("Oak", 1, (("UNSIGNED", 1),)))
    assert b.decided == {"2026-06-29": 1}
    assert (b.all_times.letters, b.all_times.median, b.all_times.open) == (1, 30.0, 2.0)
    assert {ch: {d: r.quality for d, r in of.items()} for ch, of in b.channels.items()} == {"fax": {"2026-06-29": 0.5, "2026-06-30": 1.0}}


def test_an_empty_ledger_has_a_page_too(tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path / 'empty.sqlite'}").reading() as c:
        b = board_of(c, TODAY, 7)
    assert (b.waiting, b.late, b.values, b.all_times.median) == (0, 0, (0, 0), None)
    assert "<svg" in str(pictures(b)["intake"])


def test_a_measure_is_replaced_not_added(ledger: Ledger) -> None:
    with ledger.writing() as c:
        board.put(c, [Measure("late", "y", "2026-06-29", "fax", 0.7, 4, 4, 0)])
        assert board.measured(c)[0] == 3
        assert board.effortless(c, "2026-06-29") == (2, 2)


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x>', "A & B"])
def test_names_in_plots_are_escaped(bad: str) -> None:
    for svg in (plots.bars(bad, [(bad, [Part("s0", bad, 2)])]), plots.columns(bad, [(bad, [Part("s0", bad, 2)])]), plots.lines(bad, ["d"], {bad: {"d": 0.5}})):
        assert bad not in svg


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 3), (7, 8), (41, 60), (1000, 1000)])
def test_a_scale_reaches_what_it_shows(most: int, top: int) -> None:
    scale, ticks = plots._scale(float(most))
    assert scale >= most
    assert scale == top
    assert all(t == round(t) for t in ticks)


def test_an_interval_holds_the_share_and_narrows() -> None:
    few, many = interval(9, 10), interval(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1] <= 1.0
    assert interval(0, 0) == (0.0, 1.0)


@pytest.fixture
def counted(tmp_path: Path) -> Ledger:
    """A ledger of some letters whose figures were counted by hand, on paper:

    waiting   decide: received 30 and 29 June (0-1 day), 28 June (2), 26 June (4); match: 25 (5), 21 (9), 20 (10), 10 June (20), 9 June (21)
    due       29 June (late), 30 June, 2 July (2), 7 July (the last of the week), 8 July (no more), none (3)
    decided   d1 on the 29th by ana in examine, though the letter lies in decide now; d2 on the 29th by ben in decide, taken back;
              d2 on the 30th by ben; d3 on the 30th by ana, later a proposal there and that taken back; d4 in March, before the span
    minutes   d1: looked at 09:00, decided 09:30, open 120 s; d2: 10:00 to 10:10, open 60 s; d3: never looked at, open 0 s
    """
    ledger = Ledger(f"sqlite:///{tmp_path / 'counted.sqlite'}")
    ages = {"decide": ("06-30", "06-29", "06-28", "06-26"), "match": ("06-25", "06-21", "06-20", "06-10", "06-09")}
    dues = iter(("2026-06-29", "2026-06-30", "2026-07-02", "2026-07-02", "2026-07-07", "2026-07-08", work.NO_DAY, work.NO_DAY, work.NO_DAY))
    rows = [row(f"{queue}{at}", queue, next(dues), f"2026-{day}") for queue, days in ages.items() for at, day in enumerate(days)]
    rows += [row(f"d{n}", "decide", "2026-06-20", "2026-06-20", "UNSIGNED" if n == 1 else "", "Elm" if n == 1 else "", "decided") for n in (1, 2, 3, 4)]
    deeds = (
        ("a", "d1", "ana", "2026-06-29T09:30:00+00:00", "approved", 120.0), ("b", "d2", "ben", "2026-06-29T10:05:00+00:00", "denied", 40.0),
        ("c", "d2", "ben", "2026-06-29T10:06:00+00:00", "undone", 5.0), ("d", "d2", "ben", "2026-06-30T10:10:00+00:00", "approved", 60.0),
        ("e", "d3", "ana", "2026-06-30T11:00:00+00:00", "not_lmn", 0.0), ("f", "d3", "ana", "2026-06-30T11:05:00+00:00", "reopened", 0.0),
        ("g", "d3", "ana", "2026-06-30T11:06:00+00:00", "proposed_denied", 9.0), ("h", "d3", "ana", "2026-06-30T11:07:00+00:00", "undone", 9.0),
        ("i", "d4", "ana", "2026-03-30T11:00:00+00:00", "approved", 9.0), ("j", "d1", "ana", "2026-06-29T09:29:00+00:00", "noted", 5.0),
    )  # fmt: skip
    measured = [Measure("m1", "x", "2026-06-29", "fax", 0.5, 10, 5, 1), Measure("m2", "x", "2026-06-29", "fax", 0.7, 10, 9, 0), Measure("m3", "x", "2026-06-29", "portal", 1.0, 20, 20, 0),
                Measure("m4", "x", "2026-06-30", "fax", 0.9, 5, 5, 1), Measure("old", "x", "2026-05-01", "fax", 0.1, 50, 0, 0), Measure("flyer", "x", "2026-06-30", "fax", 0.0, 0, 0, 0)]  # fmt: skip
    keyed = (("m1", "patient.name", "confirm", 0.99), ("m2", "patient.name", "correct", 0.99), ("m2", "patient.name", "confirm", 0.99), ("m3", "letter_date", "correct", 0.97), ("m3", "patient.dob", "correct", 0.3))
    with ledger.writing() as c:
        work.put(c, [(r, ()) for r in rows])
        board.put(c, measured)
        for letter, at, who in (("d1", "09:10", "ben"), ("d1", "09:00", "ana"), ("d2", "10:00", "ben")):
            day = "2026-06-30" if letter == "d2" else "2026-06-29"
            chain.append(c, f"{day}T{at}:00+00:00", f"r-{letter}", "looked", {"letter_id": letter, "who": who})
        c.execute(acts.insert(), [dict(zip(("token", "letter_id", "who", "at", "what", "seconds"), each, strict=True)) for each in deeds])
        told = Decision(letter_id="d1", who="ana", when="2026-06-29T09:29:59+00:00", what="approved", reason="", queue="examine")
        c.execute(tables.decisions.insert(), {"letter_id": "d1", "decision": told.model_dump_json()})
        for letter, path, kind, confidence in keyed:
            labels.add(c, Label(letter, "r", kind, "a", confidence, Correction(path=path, value="b"), "ana", "2026-06-30T08:00:00+00:00"))
    return ledger


def test_every_figure_is_the_one_that_was_counted_by_hand(counted: Ledger) -> None:
    with counted.reading() as c:
        b = board_of(c, TODAY, 28)
    assert b.backlog["decide"] == (2, 2, 0, 0, 0) and b.backlog["match"] == (0, 0, 2, 2, 1)
    assert (b.waiting, b.late, b.soon) == (9, 1, 4)
    assert {day: n for day, n in b.due.items() if n} == {"late": {"decide": 1}, "2026-06-30": {"decide": 1}, "2026-07-02": {"decide": 2}, "2026-07-07": {"match": 1}}
    assert b.decided == {"2026-06-29": 1, "2026-06-30": 2} and b.timed == 3
    assert (b.values, b.letters, b.measured) == ((39, 45), (1, 4), (6, 0))
    assert b.stood == (2, 3)
    assert {(t.name, t.letters) for t in b.by_queue} == {(TITLES["examine"], 1), (TITLES["decide"], 2)}
    people = {t.name: t for t in b.by_person}
    assert (people["ana"].letters, people["ana"].median, people["ana"].open) == (2, 20.0, 2.0)
    assert (people["ben"].letters, people["ben"].median, people["ben"].open) == (1, 10.0, 1.0)
    assert (b.all_times.letters, b.all_times.median, b.all_times.open) == (3, 15.0, 1.5)
    fax = b.channels["fax"]
    assert (fax["2026-06-29"].letters, fax["2026-06-29"].vals, fax["2026-06-29"].sure, round(fax["2026-06-29"].quality, 6)) == (2, 20, 14, 0.6)
    assert set(fax) == {"2026-06-29", "2026-06-30"} and b.channels["portal"]["2026-06-29"].sure == 20
    assert b.practices == (("Elm", 1, (("UNSIGNED", 1),)),)


def test_pictures_show_the_same_numbers(counted: Ledger) -> None:
    with counted.reading() as c:
        told = pictures(board_of(c, TODAY, 28))
    assert "Decide: 2" not in str(told["intake"])
    assert f"{TITLES['decide']}, 2 to 4 days: 2" in str(told["backlog"]) and f"late, {TITLES['decide']}: 1" in str(told["due"])
    assert "fax, 2026-06-29: 70.0%" in str(told["sure"]) and "fax, 2026-06-29: 60.0%" in str(told["quality"])


def test_the_first_look_counts_whoever_looked(counted: Ledger) -> None:
    """The trail holds ben's look at d1 before ana's earlier one: what counts is the order in which they were written."""
    with counted.reading() as c:
        (d1,) = [h for h in board.handled(c, board.decided(c, "2026-06-01")) if h.letter_id == "d1"]
    assert d1.first_look == "2026-06-29T09:10:00+00:00"
