"""The leads' numbers over a real ledger, and the plots' text."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.desk import plots
from pipeline.desk.dashboard import board_of, pictures
from pipeline.desk.measures import interval
from pipeline.desk.plots import Part
from pipeline.ledger import Ledger, board, chain, work
from pipeline.ledger.board import Measure
from pipeline.ledger.desk_tables import acts
from pipeline.ledger.work import WorkRow
from pipeline.model import Receipt

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
