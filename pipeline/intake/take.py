"""Keeping, recording, moving: one file after the other.

Belongs here: the order of these steps, which is such that a kill at any moment leaves every file in the inbox or in
the ledger. Does not belong here: finding files (scan.py), telling kinds (kinds.py).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LedgerDamaged
from pipeline.intake.kinds import kind_of
from pipeline.intake.scan import Found, Seen
from pipeline.ledger import Ledger, ReceiptRow
from pipeline.model import Receipt
from pipeline.store import AlteredError, Store, sha256_of


@dataclass(frozen=True)
class Taken:
    """What became of one file: new, again (recorded before, the copy was taken out), left (recorded, but the inbox
    does not let go of it), growing (somebody writes to it), refused (it cannot be read), gone."""

    file: str
    outcome: str
    receipt_id: str | None = None


def take_in(found: Sequence[Found], store: Store, ledger: Ledger, at: str, batch: str = "") -> list[Taken]:
    """Takes the files in, in their order. `at` is the time of receipt; `batch` '' leaves the forming of batches to
    the ledger. LedgerDamaged when the store's copy of a file is not what was put there, or the disk is full."""
    return [_one(f, store, ledger, at, batch) for f in found]


def _one(found: Found, store: Store, ledger: Ledger, at: str, batch: str) -> Taken:
    try:
        sha256 = sha256_of(found.path)
        media_type, problem = kind_of(found.path)
    except FileNotFoundError:
        return Taken(found.file, "gone")
    except OSError as err:
        return Taken(found.file, f"refused: it cannot be read ({type(err).__name__})")
    try:
        kept = _keep(found.path, sha256, store)
    except (AlteredError, FileNotFoundError):
        return Taken(found.file, "growing")
    if _seen(found.path) != found.seen:
        return Taken(found.file, "growing")
    channel = found.file.split("/")[0] if "/" in found.file else "inbox"
    receipt = Receipt(sha256=sha256, file=found.file, channel=channel, media_type=media_type, size=found.seen.size,
                      received_at=at, batch=batch, problems=(problem,) if problem else ())  # fmt: skip
    entered = ledger.receive(receipt)
    if not entered.new and entered.row.inbox == "moved":
        ledger.note(at, entered.row.id, "received_again", {"sha256": sha256})
    moved = _move(found.path, entered.row, kept, store, ledger, at)
    outcome = "new" if entered.new else "again"
    return Taken(found.file, outcome if moved else ("new, left" if entered.new else "left"), entered.row.id)


def _keep(path: Path, sha256: str, store: Store) -> Path:
    """The file's place in the store, its bytes checked there and its name on the disk."""
    try:
        kept = store.keep(path, sha256)
        if sha256_of(kept) != sha256:
            raise LedgerDamaged(f"The store's original {sha256[:16]}… is damaged. Restore {kept} from backup, or move it away, and run again.")
        for folder in (kept.parent, kept.parent.parent):
            _sync(folder)
    except FileNotFoundError:
        raise
    except OSError as err:
        raise LedgerDamaged(f"The store {store.root} cannot be written ({os.strerror(err.errno or 0)}). Make room or correct its rights; "
                            "nothing was taken out of the inbox.") from None  # fmt: skip
    return kept


def _move(path: Path, row: ReceiptRow, kept: Path, store: Store, ledger: Ledger, at: str) -> bool:
    """Takes the inbox copy away: it lies in the store by now. False where the inbox may not be changed."""
    try:
        path.unlink(missing_ok=True)
    except OSError as err:
        if row.inbox != "left":
            ledger.set_inbox(row.id, "left", at, {"because": type(err).__name__})
        return False
    if row.inbox != "moved":
        ledger.set_inbox(row.id, "moved", at, {"to": str(kept.relative_to(store.root))})
    return True


def _seen(path: Path) -> Seen | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return Seen(status.st_size, status.st_mtime_ns)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
