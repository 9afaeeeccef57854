"""What happened to each file: append-only events, letters, findings, letters on file.

Belongs here: the one database of the house and the questions asked of it. Does not belong here: what a letter means,
or the files themselves (store.py). SQLite in WAL mode by default, Postgres by URL.
"""

from pipeline.ledger.accounts import Accounts
from pipeline.ledger.chain import Event
from pipeline.ledger.engine import is_there
from pipeline.ledger.keys import batch_key, receipt_id
from pipeline.ledger.ledger import BatchRow, Ledger, Received
from pipeline.ledger.places import Place
from pipeline.ledger.rows import CaseRow, ReceiptRow

__all__ = ["Accounts", "BatchRow", "CaseRow", "Event", "Ledger", "Place", "ReceiptRow", "Received", "batch_key", "is_there", "receipt_id"]
