"""Receipts, batches, queues and the law that no file is lost."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import BadSettings, LedgerDamaged
from pipeline.ledger import Accounts, CaseRow, Ledger, batch_key, receipt_id
from pipeline.ledger import tables as t
from pipeline.model import Decision, OnFile, Receipt, ReviewItem

AT = "2026-06-30T08:00:00+00:00"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", busy_seconds=0.2)


def receipt(file: str, sha256: str, batch: str = "") -> Receipt:
    return Receipt(sha256=sha256, file=file, channel="inbox", media_type="application/pdf", size=1, received_at=AT, batch=batch)


def case(row_id: str, letter_id: str, queue: str = "decide", quarantined: bool = False) -> CaseRow:
    item = ReviewItem(letter_id=letter_id, sha256="s", file="f", queue=queue, priority=1, due=dt.date(2026, 7, 1), why="because")
    return CaseRow(row_id, item, quarantined, "result", 0)


def filing(letter_id: str, order: int, patient: str = "ann", member: str | None = None, sha256: str = "") -> OnFile:
    return OnFile(letter_id=letter_id, sha256=sha256 or letter_id, file="f", order=order, patient=patient, member_id=member, letter_date=None, asks=(), states=(), signature=())


def test_keys_hold_no_name_and_ignore_order() -> None:
    assert set(receipt_id("John Smith.pdf", "ab")) <= set("0123456789abcdef")
    assert batch_key(["a", "b"]) == batch_key(["b", "a"]) != batch_key(["a", "c"])


@pytest.mark.parametrize(("files", "limit", "sizes"), [(0, 3, []), (1, 3, [1]), (3, 3, [3]), (7, 3, [3, 3, 1])])
def test_batches_are_formed_in_order_of_receipt(ledger: Ledger, files: int, limit: int, sizes: list[int]) -> None:
    for number in range(files):
        ledger.receive(receipt(f"{number}.pdf", str(number)))
    keys = ledger.form_batches(AT, limit)
    assert [len(ledger.receipts_in(key)) for key in keys] == sizes
    assert [r.receipt.file for key in keys for r in ledger.receipts_in(key)] == [f"{n}.pdf" for n in range(files)]
    assert ledger.form_batches(AT, limit) == []


def test_every_received_file_is_counted_once(ledger: Ledger) -> None:
    ids = [ledger.receive(receipt(f, s)).row.id for f, s in (("a", "1"), ("b", "2"), ("c", "1"), ("d", "3"))]
    (batch,) = ledger.form_batches(AT, 10)
    assert ledger.accounts() == Accounts(received=4, queued=0, duplicates=0, quarantined=0, in_work=4, letters=0)
    rows = [case(ids[0], "L1"), case(ids[0], "L2"), case(ids[1], "L3", "transcribe", True), case(ids[2], "L4")]
    ledger.settle(batch, "j", rows, AT)
    assert ledger.accounts() == Accounts(received=4, queued=1, duplicates=1, quarantined=1, in_work=1, letters=4)
    assert ledger.accounts().balanced


def test_a_moved_letter_leaves_an_event_and_an_unmoved_one_none(ledger: Ledger) -> None:
    key = ledger.receive(receipt("a", "1")).row.id
    (batch,) = ledger.form_batches(AT, 10)
    for queue in ("decide", "decide", "examine"):
        ledger.settle(batch, "j", [case(key, "L1", queue)], AT)
    told = [(e.detail["queue"], e.detail["was"]) for e in ledger.events_of(key) if e.kind == "queued"]
    assert told == [("decide", None), ("examine", "decide")]
    assert ledger.queues() == {"examine": 1}


def test_a_batch_that_gets_another_file_is_in_work_again(ledger: Ledger) -> None:
    ledger.receive(receipt("a", "1", "batch"))
    ledger.settle("batch", "j", [], AT)
    ledger.receive(receipt("b", "2", "batch"))
    assert [(b.key, b.judged) for b in ledger.batches()] == [("batch", None)]


@pytest.mark.parametrize(
    ("mine", "found"),
    [
        (filing("m", 5, "ann"), ["a1", "a2"]),
        (filing("m", 2, "ann"), ["a1"]),
        (filing("m", 1, "ann"), []),
        (filing("m", 5, "ann b"), []),
        (filing("m", 5, "", "M9"), ["b1"]),
        (filing("m", 5, ""), []),
        (filing("m", 5, "", None, "same"), ["c1"]),
    ],
)
def test_letters_before_are_those_of_the_same_person_or_bytes(ledger: Ledger, mine: OnFile, found: list[str]) -> None:
    ledger.put_on_file({"r": [filing("a1", 1), filing("a2", 2)], "q": [filing("b1", 3, "bob", "M9"), filing("c1", 4, "cy", None, "same")]})
    assert [f.letter_id for f in ledger.near([mine])["m"].before] == found == [f.letter_id for f in ledger.before([mine])["m"]]


def test_letters_on_file_are_replaced_by_receipt(ledger: Ledger) -> None:
    ledger.put_on_file({"r": [filing("a1", 1)], "q": [filing("b1", 2)]})
    ledger.put_on_file({"r": []})
    assert ledger.count_on_file() == 1


def test_decisions_stand_beside_each_other(ledger: Ledger) -> None:
    for what in ("return", "forward"):
        ledger.decide(Decision(letter_id="L", who="ann", when=AT, what=what, reason="r"), "receipt")
    assert [d.what for d in ledger.decisions_on("L")] == ["return", "forward"]


def test_a_locked_ledger_says_so(ledger: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(LedgerDamaged, match="locked"):
            ledger.remember("a", "b")
    finally:
        other.close()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 40, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_ledger_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(content)
    with pytest.raises(LedgerDamaged, match="damaged"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def test_a_ledger_of_another_schema_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    with pytest.raises(LedgerDamaged, match="schema 99"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


@pytest.mark.parametrize("url", ["nonsense", "nonsense://x"])
def test_a_url_that_names_no_database_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(BadSettings, match="ledger_url"):
        Ledger(url)


def test_the_tables_can_be_made_on_postgres() -> None:
    made: list[str] = []
    engine = sa.create_mock_engine("postgresql+psycopg2://", lambda statement, *_: made.append(str(statement.compile(dialect=engine.dialect))))
    t.meta.create_all(engine, checkfirst=False)
    assert sum("CREATE TABLE" in statement for statement in made) == len(t.meta.tables)


@pytest.mark.parametrize(
    ("decided", "stale"),
    [
        ([("a1", "approved")], ["other"]),
        ([("a1", "approved"), ("a1", "undo")], ["other"]),
        ([("a1", "denied")], []),
        ([("a1", "request_info")], []),
        ([("a1", "move")], []),
        ([("b1", "approved")], []),
    ],
)
def test_an_approval_makes_the_members_other_letters_stale(ledger: Ledger, decided: list[tuple[str, str]], stale: list[str]) -> None:
    """Not the approved letter's own batch, nobody else's, and none that is in work."""
    for number, (file, batch) in enumerate([("a", "own"), ("b", "other"), ("c", "others"), ("d", "work")]):
        ledger.receive(receipt(file, str(number), batch))
    rows = [r.id for r in ledger.receipts()]
    ledger.put_on_file({rows[0]: [filing("a1", 1, "ann", "M1")], rows[1]: [filing("a2", 2, "ann", "M1")], rows[2]: [filing("b1", 3, "bob", "M9")],
                        rows[3]: [filing("a3", 4, "ann", "M1")]})  # fmt: skip
    for batch in ("own", "other", "others"):
        ledger.settle(batch, "j", [], AT)
    for letter_id, what in decided:
        ledger.decide(Decision(letter_id=letter_id, who="ann", when=AT, what=what, reason="r"), "receipt")
    assert [b.key for b in ledger.batches() if b.judged not in ("j", None)] == stale
    assert [b.key for b in ledger.batches() if b.judged is None] == ["work"]


@pytest.mark.parametrize(
    ("patient", "member", "stale"),
    [
        ("ann", "M1", []),  # nothing changed
        ("ann", "M2", ["old", "new"]),  # tied to another member: both members' letters
        ("bea", "M1", ["old"]),  # another name keyed: the letters that stood beside it
        ("", None, ["old"]),
        ("ann", "M7", ["old"]),  # a member without other letters
    ],
)
def test_a_letter_tied_by_a_person_stands_on_file_as_that_members(ledger: Ledger, patient: str, member: str | None, stale: list[str]) -> None:
    for number, batch in enumerate(["own", "old", "new", "others", "work"]):
        ledger.receive(receipt(str(number), str(number), batch))
    rows = [r.id for r in ledger.receipts()]
    on_file = [filing("a", 1, "ann", "M1"), filing("b", 2, "ann k", "M1"), filing("c", 3, "cat", "M2"), filing("d", 4, "dan", "M9"), filing("e", 5, "ann", "M1")]
    ledger.put_on_file({row: [filed] for row, filed in zip(rows, on_file, strict=True)})
    for batch in ("own", "old", "new", "others"):
        ledger.settle(batch, "j", [], AT)
    ledger.file_again(rows[0], [filing("a", 1, patient, member)])
    assert [(f.patient, f.member_id) for f in ledger.on_file(["a"])] == [(patient, member)]
    assert [b.key for b in ledger.batches() if b.judged not in ("j", None)] == stale
