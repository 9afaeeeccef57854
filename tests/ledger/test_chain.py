"""An event that was changed, removed, put in or cut off shows."""

import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import LedgerDamaged
from pipeline.ledger import Ledger


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(f"sqlite:///{path}")
    for number in range(5):
        ledger.note(f"2026-06-30T08:00:0{number}", "abc", "noted", {"number": number})
    ledger.verify_chain()
    ledger.close()
    return path


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        ("UPDATE events SET detail = replace(detail, '2', '7') WHERE seq = 3", 3),
        ("UPDATE events SET at = '2020' WHERE seq = 1", 1),
        ("UPDATE events SET kind = 'decided' WHERE seq = 5", 5),
        ("UPDATE events SET subject = 'xyz' WHERE seq = 2", 2),
        ("UPDATE events SET hash = prev_hash WHERE seq = 4", 4),
        ("DELETE FROM events WHERE seq = 3", 3),
        ("DELETE FROM events WHERE seq = 5", 5),
        ("DELETE FROM events", 1),
        ("INSERT INTO events VALUES (6, 'now', 'abc', 'noted', '{}', 'x', 'y')", 6),
    ],
)
def test_tampering_is_found_where_it_is(place: Path, tamper: str, broken: int) -> None:
    with sqlite3.connect(place) as connection:
        connection.execute(tamper)
    connection.close()
    with pytest.raises(LedgerDamaged, match=f"event {broken} "):
        Ledger(f"sqlite:///{place}").verify_chain()


def test_an_event_said_once_is_not_said_again(place: Path) -> None:
    ledger = Ledger(f"sqlite:///{place}")
    for at in ("1", "2"):
        ledger.note(at, "abc", "refused", {"why": "a link"}, once=True)
    assert [e.kind for e in ledger.events_of("abc")].count("refused") == 1
