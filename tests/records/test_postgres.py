"""The records from a real PostgreSQL, where one is installed: the same snapshot as from CSV."""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import ClaimsUnavailable
from pipeline.records import load_records
from tests.records.test_load_records import GOOD, TODAY, write

TYPES = {"dob": "date", "received_date": "date", "service_date": "timestamp", "amount": "numeric(10,2)", "history_required": "boolean",
         "letter_valid_months": "integer", "retroactive_days": "integer", "plan_year_start": "date", "plan_year_end": "date"}  # fmt: skip


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own on a socket in a temporary folder; its URL."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'lmn-review[postgres]')")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = tmp_path_factory.mktemp("pg")
    folder.chmod(0o777)
    who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    for parent in (folder, *folder.parents[:3]):
        if parent.owner() != "postgres" and os.geteuid() == 0 and str(parent).startswith(str(folder.parents[1])):
            parent.chmod(parent.stat().st_mode | 0o711)
    data = folder / "data"
    try:
        _run([*who, str(programs / "initdb"), "-D", str(data), "-U", "lmn", "-A", "trust"])
        _run([*who, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses= ", "start"])
    except (subprocess.CalledProcessError, FileNotFoundError) as err:
        pytest.skip(f"PostgreSQL could not be started here ({type(err).__name__})")
    try:
        yield f"postgresql+psycopg://lmn@/postgres?host={folder}"
    finally:
        _run([*who, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])


def _typed(column: str) -> str:
    return f"{column} {TYPES.get(column, 'text')}"


def _run(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, cwd="/")


def test_typed_columns_give_what_csv_gives(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("SET datestyle TO ISO, MDY"))
        for name, rows in GOOD.items():
            columns = list(rows[0])
            connection.execute(sa.text(f"CREATE TABLE {name} ({', '.join(_typed(c) for c in columns)}, changed_at timestamp)"))
            for row in rows:
                given = {c: v.replace(",", "") or None for c, v in row.items()} | {"item_description": row.get("item_description")}
                places = ", ".join(f"CAST(:{c} AS {TYPES.get(c, 'text')})" for c in columns)
                connection.execute(sa.text(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})"), given)
    engine.dispose()
    found = load_records(server, TODAY, tmp_path / "home")
    assert found.claims["C-1"].service_date == dt.date(2026, 3, 24)
    assert found.snapshot == load_records(write(tmp_path), TODAY).snapshot


def test_a_server_that_does_not_answer_is_unavailable(server: str) -> None:
    with pytest.raises(ClaimsUnavailable) as caught:
        load_records(server.replace("lmn@", "nobody:hush@"), TODAY)
    assert "hush" not in str(caught.value) and caught.value.exit == 4
