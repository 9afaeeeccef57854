"""One database: connections to ask with, and the one line of those who write.

Belongs here: how a reader and a writer get a connection, and letting go of them. Does not belong here: any question
(ledger.py and the modules beside it), settings of the connection (engine.py).
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import sqlalchemy as sa

from pipeline.ledger.engine import opened, told


class Database:
    """The database at a URL. LedgerDamaged when it cannot be read or is locked."""

    def __init__(self, url: str, busy_seconds: float = 20.0) -> None:
        self._engine = opened(url, busy_seconds)
        sqlite = self._engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[object] = threading.RLock() if sqlite else nullcontext()
        self._asked = self._engine if sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._still = self._engine.execution_options(**({"still": True} if sqlite else {"isolation_level": "REPEATABLE READ"}))

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def leave_to_parent(self) -> None:
        """In a forked process: the connections stay the parent's, own ones are opened when they are needed."""
        self._engine.dispose(close=False)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to ask with, here and in work.py, people.py, labels.py, places.py."""
        with told(), self._asked.connect() as connection:
            yield connection

    @contextmanager
    def reading_still(self) -> Iterator[sa.Connection]:
        """The same, with every answer of one moment, whatever is written meanwhile."""
        with told(), self._still.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, derived: bool = False) -> Iterator[sa.Connection]:
        """One transaction, all or nothing, for the same. SQLite lets one write at a time and makes the others ask again
        and again; within a process they stand in line instead. `derived`: what is written can be made again."""
        with told(), self._turn, self._engine.connect().execution_options(writes=True, derived=derived) as connection, connection.begin():
            yield connection

    def fold(self) -> None:
        """Brings what was written from SQLite's log into the database file, beside those who read and write, so that none
        of the writers has to stop for it."""
        if self._engine.dialect.name == "sqlite":
            with told(), self._asked.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
