"""Opening the ledger's database: SQLite in WAL mode, or whatever SQLAlchemy reaches by URL.

Belongs here: connection settings, creating the tables, refusing a ledger of another schema. Does not belong here:
what is asked of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

from pipeline.errors import BadSettings, LedgerDamaged
from pipeline.ledger import desk_tables as _desk_tables
from pipeline.ledger import lead_tables as _lead_tables  # noqa: F401
from pipeline.ledger import tables as t

_KEPT_OPEN = 12
"""Connections kept for the next question: opening one costs more than asking."""
_LOG_PAGES = 8_000
"""Pages of SQLite's log (32 MB) at which whoever writes has to bring them into the database first. Where somebody does that
beside the writers (`Ledger.fold`), none of them ever meets it."""


def opened(url: str, busy_seconds: float) -> sa.Engine:
    """An engine whose tables are there. BadSettings for a URL that names no database or a missing driver,
    LedgerDamaged when the database cannot be opened, is no database or has another schema."""
    engine = _engine(url, busy_seconds)
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            t.meta.create_all(connection)
            version = connection.execute(sa.select(t.schema_version.c.version)).scalar_one_or_none()
            if version is None:
                connection.execute(t.schema_version.insert(), {"version": t.SCHEMA})
            elif version in t.READABLE:
                _index(connection)
                connection.execute(t.schema_version.update().values(version=t.SCHEMA))
                version = t.SCHEMA
    except sa.exc.DatabaseError as err:
        raise LedgerDamaged(_sentence(where, str(err.orig))) from None
    if version not in (None, t.SCHEMA):
        raise LedgerDamaged(f"The ledger at {where} has schema {version}; this program knows {t.SCHEMA}. Use the release that wrote it.")
    return engine


def is_there(url: str) -> bool:
    """Whether there may be a ledger at this URL: a SQLite file that is not there holds none."""
    try:
        place = sa.make_url(url)
    except sa.exc.ArgumentError:
        return True
    return place.get_backend_name() != "sqlite" or not place.database or Path(place.database).exists()


def _index(connection: sa.Connection) -> None:
    """Adds the indexes that an older ledger's tables lack, drops those that are no good any more."""
    for name in _desk_tables.OUTWORN:
        connection.execute(sa.text(f"DROP INDEX IF EXISTS {name}"))
    for table in t.meta.sorted_tables:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            index.create(connection, checkfirst=True)


@contextmanager
def told() -> Iterator[None]:
    """Database failures in words an operator can act on; the statement and its values stay out."""
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as err:
        cause = str(getattr(err, "orig", None) or "")
        if "locked" in cause or "busy" in cause:
            raise LedgerDamaged("The ledger is locked by another program. Wait until it has finished, then run again.") from None
        raise LedgerDamaged(f"The ledger cannot be used ({type(err).__name__}). Check the disk's space and rights, or restore the ledger "
                            "from backup; originals in the store are safe.") from None  # fmt: skip


def _engine(url: str, busy_seconds: float) -> sa.Engine:
    try:
        in_memory = sa.make_url(url).get_backend_name() == "sqlite" and not sa.make_url(url).database
        engine = sa.create_engine(url) if in_memory else sa.create_engine(url, pool_size=_KEPT_OPEN, max_overflow=30)
    except (sa.exc.ArgumentError, ModuleNotFoundError) as err:
        raise BadSettings(f"Setting 'ledger_url' cannot be used ({type(err).__name__}). Correct it, or install the database's driver.") from None
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            try:
                Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                raise LedgerDamaged(_sentence(engine.url.render_as_string(), "unable to open")) from None
        _tune(engine, busy_seconds)
        engine.dialect.statement_compiler = _Compiler
    elif engine.dialect.name == "postgresql":
        _hurry(engine)
    return engine


class _Compiler(SQLiteCompiler):
    """Lets a query name the index by which it is answered (`with_hint(table, "INDEXED BY …", "sqlite")`)."""

    def get_from_hint_text(self, _table: Any, text: str | None) -> str | None:
        return text


def _tune(engine: sa.Engine, busy_seconds: float) -> None:
    """Full durability, readers beside a writer, and a writer that takes its turn before it reads. A reader sees one state
    in each question, and in all of them when it asks for it (`still`). What can be made again
    from the rest (`derived`) does not wait for the disk: it is there when the next full write is."""

    @sa.event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in (f"busy_timeout={int(busy_seconds * 1000)}", "journal_mode=WAL", "synchronous=FULL", "cache_size=-16000", f"wal_autocheckpoint={_LOG_PAGES}"):
            raw.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("writes"):
            connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('derived') else 'FULL'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif options.get("still"):
            connection.exec_driver_sql("BEGIN")


def _hurry(engine: sa.Engine) -> None:
    """What can be made again from the rest (`derived`) does not wait for the server's disk either."""

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("derived"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")


def _sentence(where: str, cause: str) -> str:
    if "locked" in cause or "busy" in cause:
        return f"The ledger at {where} is locked by another program. Wait until it has finished, then run again."
    if "unable to open" in cause or "readonly" in cause:
        return f"The ledger at {where} cannot be opened for writing. Check that the folder exists and is yours."
    if "not a database" in cause or "malformed" in cause:
        return f"The ledger at {where} is damaged. Restore it from backup; the originals in the store are safe."
    return f"The ledger at {where} cannot be reached. Check the address, the server and the rights, then run again."
