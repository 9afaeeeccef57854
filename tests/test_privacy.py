"""No patient's words outside the home's own store and queues: not in Dagster, keys, logs or paths."""

import csv
import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conftest import SampleRun
from tests.homes import CLAIMS, SAMPLES


@cache
def words() -> frozenset[str]:
    """Names of members, providers and merchants in the sample records, their ids, birth dates, and the files' names."""
    found: set[str] = set()
    for table, columns in (("members", ("member_id", "name", "dob", "account_holder_id")), ("history", ("provider_name", "provider_npi")),
                           ("claims", ("claim_id", "merchant"))):  # fmt: skip
        with (CLAIMS / f"{table}.csv").open(newline="", encoding="utf-8-sig") as stream:
            found.update(row[column].strip() for row in csv.DictReader(stream) for column in columns)
    found.update(path.name for path in (SAMPLES / "inbox").rglob("*") if path.is_file())
    surnames = {part for entry in found if re.fullmatch(r"[^\W\d_][\w'’. -]+", entry) and " " in entry for part in [entry.split()[-1]]}
    return frozenset(word for word in found | surnames if len(word) >= 5)


def named_in(content: bytes) -> set[str]:
    return {word for word in words() if re.search(rb"(?<![A-Za-z0-9])" + re.escape(word.encode()) + rb"(?![A-Za-z0-9])", content)}


def cells(database: Path) -> Iterator[bytes]:
    """Every value of every table, as SQLite keeps it."""
    connection = sqlite3.connect(database)
    try:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM '{table}'"):
                yield from (str(value).encode() for value in row)
    finally:
        connection.close()


def test_the_words_looked_for_are_those_of_people() -> None:
    assert len(words()) > 100
    assert named_in(b"dear " + sorted(words())[0].encode() + b",")


def test_the_run_prints_none(sample_run: SampleRun) -> None:
    assert sample_run.told.returncode == 0, sample_run.told.stderr
    assert named_in((sample_run.told.stdout + sample_run.told.stderr).encode()) == set()


def test_dagster_keeps_none(sample_run: SampleRun) -> None:
    files = [p for p in (sample_run.home / "dagster").rglob("*") if p.is_file()]
    assert any(p.suffix == ".db" for p in files)
    for path in files:
        assert named_in(path.read_bytes()) == set(), path
        if path.suffix == ".db":
            assert named_in(b"\n".join(cells(path))) == set(), path


def test_store_paths_are_hashes(sample_run: SampleRun) -> None:
    for path in (sample_run.home / "store").rglob("*"):
        if path.is_file():
            assert re.fullmatch(r"[0-9a-f-]+(\.json)?|[0-9]{4}\.jpg", path.name), path


def test_events_and_keys_hold_none(sample_run: SampleRun) -> None:
    connection = sqlite3.connect(sample_run.home / "ledger.sqlite")
    try:
        told = "\n".join(f"{row}" for table in ("events", "batches", "state") for row in connection.execute(f"SELECT * FROM {table}"))
    finally:
        connection.close()
    assert named_in(told.encode()) == set()
