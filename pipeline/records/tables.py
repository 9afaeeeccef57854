"""The four tables as they lie there: every cell as text, every row with its line in the file.

Belongs here: CSV, Parquet, SQL. Does not belong here: whether a cell is sound (soundness.py).
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ClaimsUnavailable

COLUMNS: dict[str, tuple[str, ...]] = {
    "members": ("member_id", "name", "dob", "relationship", "account_holder_id", "plan_id"),
    "claims": ("claim_id", "member_id", "plan_id", "program", "status", "received_date", "service_date", "item_description",
               "category", "code", "amount", "merchant", "diagnosis_code", "denial_reason"),
    "history": ("member_id", "date", "icd10", "description", "provider_name", "provider_npi"),
    "plans": ("plan_id", "name", "program", "plan_year_start", "plan_year_end", "grace_end", "runout_end",
              "letter_valid_months", "retroactive_days", "accepted_credentials", "history_required"),
}  # fmt: skip
"""Columns of each table; others are kept out and do no harm."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table as text. `lines` gives each row's line in the file (the header is line 1; in a database the row number).
    `trouble` says why the whole file could not be read."""

    name: str
    file: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    lines: tuple[int, ...] = ()
    trouble: str | None = None


def read_tables(source: str) -> dict[str, Table]:
    """The tables of a folder or of a database URL (anything with '://'). ClaimsUnavailable when it cannot be reached."""
    if "://" in source:
        return _from_database(source)
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise ClaimsUnavailable(f"There is no claim records folder {folder}. Name it with --claims DIR or LMN_CLAIMS.")
    return {name: _from_folder(folder, name) for name in COLUMNS}


def place_of(source: str) -> str:
    """The source without a user or password."""
    return re.sub(r"//[^@/]*@", "//…@", source)


def _from_folder(folder: Path, name: str) -> Table:
    lying = {path.suffix: path for path in (folder / f"{name}.csv", folder / f"{name}.parquet") if path.is_file()}
    if not lying:
        return Table(name, f"{name}.csv", trouble="the file is not there; export the table to it, with at least its header")
    if len(lying) > 1:
        return Table(name, f"{name}.csv", trouble=f"a {name}.parquet lies beside it; keep the one that counts")
    path = next(iter(lying.values()))
    try:
        return _from_csv(name, path) if path.suffix == ".csv" else _from_parquet(name, path)
    except OSError as err:
        raise ClaimsUnavailable(f"{path} cannot be read ({err.strerror or type(err).__name__}). Check it and try again.") from err


def _from_csv(name: str, path: Path) -> Table:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Table(name, path.name, trouble="the file is not UTF-8 text; export it again as 'CSV UTF-8'")
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if not header:
                header = [cell.strip() for cell in cells]
            elif any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        return Table(name, path.name, trouble=f"line {reader.line_num} is no CSV; look for a quote that is not closed")
    return _table(name, path.name, header, [cells for _, cells in rows], [line for line, _ in rows])


def _from_parquet(name: str, path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(path)
    except pa.ArrowInvalid:
        return Table(name, path.name, trouble="the file is no Parquet file; export it again")
    wanted = [c for c in found.column_names if c.strip() in COLUMNS[name]]
    columns = [found.column(c).to_pylist() for c in wanted]
    return _table(name, path.name, [c.strip() for c in wanted], list(zip(*columns, strict=True)), range(1, found.num_rows + 1),
                  all_columns=found.column_names)  # fmt: skip


def _from_database(source: str) -> dict[str, Table]:
    import sqlalchemy as sa

    try:
        engine = sa.create_engine(source)
        with engine.connect() as connection:
            there = set(sa.inspect(connection).get_table_names()) | set(sa.inspect(connection).get_view_names())
            made = {}
            for name in COLUMNS:
                if name not in there:
                    made[name] = Table(name, name, trouble="the database has no table or view of this name; create one")
                    continue
                result = connection.execute(sa.text(f"SELECT * FROM {name}"))
                cells = [tuple(row) for row in result]
                made[name] = _table(name, name, list(result.keys()), cells, range(1, len(cells) + 1))
        engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as err:
        says = f"The claim records at {place_of(source)} cannot be reached ({type(err).__name__}). Check address and access, then try again."
        raise ClaimsUnavailable(says) from err
    return made


def _table(
    name: str, file: str, header: Sequence[str], rows: Iterable[Sequence[Any]], lines: Iterable[int], all_columns: Sequence[str] | None = None
) -> Table:
    places = [(n, c) for n, c in enumerate(header) if c in COLUMNS[name]]
    made = tuple({c: _cell(cells[n]) if n < len(cells) else "" for n, c in places} for cells in rows)
    return Table(name, file, tuple(all_columns or header), made, tuple(lines))


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
