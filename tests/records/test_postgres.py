"""A real PostgreSQL, begun here and ended here: records from it give the same snapshot as from CSV, and the ledger works on it.

scripts/setup.sh test installs it; where it is missing these tests fail and say so, they are never skipped.
"""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import ClaimsUnavailable
from pipeline.ledger import Ledger
from pipeline.model import OnFile
from pipeline.records import load_records
from tests.records.test_load_records import GOOD, TODAY, write

TYPES = {"dob": "date", "received_date": "date", "service_date": "timestamp", "amount": "numeric(10,2)", "history_required": "boolean",
         "letter_valid_months": "integer", "retroactive_days": "integer", "plan_year_start": "date", "plan_year_end": "date"}  # fmt: skip

UNPRIVILEGED = "65534"
"""Nobody: the server refuses to run as root, and needs no account of its own."""


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own on a socket in a temporary folder; its URL."""
    programs = _programs()
    assert programs is not None, "PostgreSQL is not installed: scripts/setup.sh test installs it (apt-get install postgresql)"
    folder = tmp_path_factory.mktemp("pg")
    folder.chmod(0o777)
    who = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups"] if os.geteuid() == 0 else []
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o711)
    data = folder / "data"
    _run([*who, str(programs / "initdb"), "-D", str(data), "-U", "lmn", "-A", "trust"])
    _run([*who, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses= ", "start"])
    try:
        yield f"postgresql+psycopg://lmn@/postgres?host={folder}"
    finally:
        _run([*who, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])


def _typed(column: str) -> str:
    return f"{column} {TYPES.get(column, 'text')}"


def _run(words: list[str]) -> None:
    done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120, cwd="/", text=True)
    assert done.returncode == 0, done.stderr


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


def test_the_ledger_finds_the_same_on_postgres_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS ledger_test"))
    engine.dispose()
    same, several = tuple(range(64)), []
    for n in range(1, 41):
        told = {"letter_id": f"f{n:02d}", "sha256": f"{n}", "file": "f", "order": n, "patient": f"p{n % 9}", "member_id": f"M{n % 11}" if n % 2 else None,
                "letter_date": None, "asks": (), "states": (), "signature": same if n % 3 else tuple(range(n, n + 64))}  # fmt: skip
        several.append(OnFile(**told))
    found = []
    for url in (f"{server}&options=-csearch_path%3Dledger_test", f"sqlite:///{tmp_path / 'ledger.sqlite'}"):
        ledger = Ledger(url)
        ledger.put_on_file({f.letter_id: (f,) for f in several})
        assert ledger.not_on_file({f.letter_id: (f,) for f in several}) == {}
        found.append((ledger.near(several[10:]), ledger.before(several), ledger.ids_on_file()))
        ledger.close()
    assert found[0] == found[1]
    assert any(near.alike for near in found[0][0].values()) and any(near.before for near in found[0][0].values())
