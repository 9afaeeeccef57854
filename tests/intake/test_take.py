"""Kept, recorded, moved: in this order, and once."""

import hashlib
from pathlib import Path

import pytest

from pipeline.errors import LedgerDamaged
from pipeline.intake import Found, Taken, scan, take_in
from pipeline.ledger import Ledger
from pipeline.store import Store

AT = "2026-06-30T08:00:00+00:00"
LETTER = b"%PDF-1.7 a letter"


class Desk:
    """An inbox with a store and a ledger."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.store, self.ledger = root / "inbox", Store(root / "store"), Ledger(f"sqlite:///{root / 'ledger.sqlite'}")
        self.inbox.mkdir()

    def put(self, name: str, content: bytes = LETTER) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take(self, found: tuple[Found, ...] | None = None) -> list[Taken]:
        return take_in(found or scan(self.inbox).files, self.store, self.ledger, AT)

    def events(self, taken: Taken) -> list[str]:
        return [e.kind for e in self.ledger.events_of(taken.receipt_id or "")]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_is_kept_recorded_and_moved(desk: Desk) -> None:
    path = desk.put("fax/letter.tif", b"II*\x00 fax")
    (taken,) = desk.take()
    row = desk.ledger.receipts()[0]
    assert not path.exists()
    assert desk.store.original(row.receipt.sha256).read_bytes() == b"II*\x00 fax"
    assert (taken.outcome, row.inbox, row.receipt.channel, row.receipt.media_type) == ("new", "moved", "fax", "image/tiff")
    assert desk.events(taken) == ["received", "moved"]


def test_the_same_path_and_bytes_again_make_nothing_new(desk: Desk) -> None:
    desk.put("a.pdf")
    desk.take()
    path = desk.put("a.pdf")
    (taken,) = desk.take()
    assert (taken.outcome, path.exists(), len(desk.ledger.receipts())) == ("again", False, 1)
    assert desk.events(taken) == ["received", "moved", "received_again"]


def test_the_same_bytes_elsewhere_are_a_duplicate_of_their_own(desk: Desk) -> None:
    desk.put("a.pdf")
    desk.put("mail/b.pdf")
    desk.take()
    first, second = desk.ledger.receipts()
    assert (first.receipt.duplicate_of, second.receipt.duplicate_of) == (None, first.receipt.sha256)
    assert first.id != second.id


def test_the_same_path_with_other_bytes_is_another_receipt(desk: Desk) -> None:
    desk.put("a.pdf")
    desk.take()
    desk.put("a.pdf", b"%PDF-1.7 another")
    desk.take()
    assert [r.receipt.duplicate_of for r in desk.ledger.receipts_for("a.pdf")] == [None, None]


def test_a_file_that_grows_meanwhile_is_left_alone(desk: Desk) -> None:
    path = desk.put("a.pdf")
    found = scan(desk.inbox).files
    path.write_bytes(LETTER + b" and more")
    (taken,) = desk.take(found)
    assert (taken.outcome, path.exists(), desk.ledger.receipts()) == ("growing", True, [])


def test_a_file_that_went_away_is_no_trouble(desk: Desk) -> None:
    path = desk.put("a.pdf")
    found = scan(desk.inbox).files
    path.unlink()
    assert [t.outcome for t in desk.take(found)] == ["gone"]


def test_an_inbox_that_does_not_let_go_is_said_once_and_nothing_is_taken_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.put("a.pdf")

    def refuse(_self: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        outcomes = [desk.take()[0].outcome for _ in range(3)]
    assert outcomes == ["new, left", "left", "left"]
    taken = desk.take()[0]
    assert (taken.outcome, path.exists()) == ("again", False)
    assert desk.events(taken) == ["received", "left_in_inbox", "moved"]


def test_a_move_that_was_cut_short_is_finished(desk: Desk) -> None:
    desk.put("a.pdf")
    found = scan(desk.inbox).files[0]
    sha256 = hashlib.sha256(LETTER).hexdigest()
    desk.store.keep(found.path, sha256)
    from pipeline.model import Receipt

    desk.ledger.receive(Receipt(sha256=sha256, file="a.pdf", channel="inbox", media_type="application/pdf", size=len(LETTER), received_at=AT, batch=""))
    (taken,) = desk.take()
    assert (taken.outcome, found.path.exists()) == ("again", False)
    assert desk.events(taken) == ["received", "moved"]


def test_a_damaged_store_stops_before_the_inbox_copy_is_gone(desk: Desk) -> None:
    path = desk.put("a.pdf")
    kept = desk.store.original(hashlib.sha256(LETTER).hexdigest())
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x" * len(LETTER))
    with pytest.raises(LedgerDamaged, match="is damaged"):
        desk.take()
    assert path.exists()


def test_a_file_without_content_or_of_another_kind_is_received_with_its_problem(desk: Desk) -> None:
    desk.put("empty.pdf", b"")
    desk.put("notes.pdf", b"just text")
    desk.take()
    assert [r.receipt.problems[0].code for r in desk.ledger.receipts()] == ["empty", "unsupported"]
