"""The four tables as they lie there: every cell as text, column by column, and the line of each row in its file.

Belongs here: CSV, Parquet, SQL, and what a spreadsheet does to a header. Does not belong here: whether a cell is sound
(soundness.py), what a cell means (typed.py).
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import ClaimsUnavailable

COLUMNS: dict[str, tuple[str, ...]] = {
    "members": ("member_id", "name", "dob", "relationship", "account_holder_id", "plan_id"),
    "claims": ("claim_id", "member_id", "plan_id", "program", "status", "received_date", "service_date", "item_description",
               "category", "code", "amount", "merchant", "diagnosis_code", "denial_reason", "expedited"),
    "history": ("member_id", "date", "icd10", "description", "provider_name", "provider_npi"),
    "plans": ("plan_id", "name", "program", "plan_year_start", "plan_year_end", "grace_end", "runout_end",
              "letter_valid_months", "retroactive_days", "accepted_credentials", "history_required", "clock"),
}  # fmt: skip
"""Columns of each table; others are kept out and do no harm."""

OPTIONAL = frozenset({"expedited", "clock"})
"""Columns that a table may lack; their cells are empty then."""

_SEPARATORS = (",", ";", "\t", "|")
_AT_ONCE = 50_000
"""Rows fetched from a database at once."""


@dataclass(frozen=True)
class Table:
    """A table as text. `columns` is the header, `cells` the known columns without the blank rows, `given_lines` each
    row's line in the file (the header is line 1; in a database the row number), to be counted in `path` where None.
    `trouble` says why the whole file could not be read."""

    name: str
    file: str
    columns: tuple[str, ...] = ()
    cells: pa.Table = None
    given_lines: Sequence[int] | None = None
    path: Path | None = None
    trouble: str | None = None

    @cached_property
    def lines(self) -> Sequence[int]:
        """The line of each row. Counted only when a fault is to be told."""
        if self.given_lines is not None or self.path is None:
            return self.given_lines or ()
        return _rows_of_csv(self.name, self.path)[1]

    def __len__(self) -> int:
        return 0 if self.cells is None else int(self.cells.num_rows)

    def column(self, name: str) -> pa.Array:
        """The texts of one column; empty ones where the table has no such column."""
        if self.cells is None or name not in self.cells.column_names:
            return pa.array([""] * len(self), pa.string())
        return _whole(self.cells.column(name))


def table_of(name: str, file: str, rows: Iterable[Mapping[str, str]]) -> Table:
    """A table of rows given as texts; columns that a row leaves out are empty."""
    made = [tuple(row.get(c, "") for c in COLUMNS[name]) for row in rows]
    return _table(name, file, COLUMNS[name], list(zip(*made, strict=True)) or [()] * len(COLUMNS[name]), range(2, len(made) + 2))


def read_tables(source: str) -> dict[str, Table]:
    """The tables of a folder or of a database URL (anything with '://'). ClaimsUnavailable when it cannot be reached."""
    if "://" in source:
        return _from_database(source)
    folder = folder_of(source)
    return {name: _from_folder(folder, name) for name in COLUMNS}


def folder_of(source: str) -> Path:
    """The folder of claim records; ClaimsUnavailable when it is not there."""
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise ClaimsUnavailable(f"There is no claim records folder {folder}. Name it with --claims DIR or LMN_CLAIMS.")
    return folder


def files_of(folder: Path) -> list[Path]:
    """The tables' files that lie in a folder, in the order of the tables."""
    every = [folder / f"{name}{suffix}" for name in COLUMNS for suffix in (".csv", ".parquet")]
    return [path for path in every if path.is_file()]


def unreadable(path: Path, err: OSError) -> ClaimsUnavailable:
    """What is told of a file that is there and cannot be read."""
    return ClaimsUnavailable(f"{path} cannot be read ({err.strerror or type(err).__name__}). Check it and try again.")


def place_of(source: str) -> str:
    """The source without a user or password."""
    return re.sub(r"//[^@/]*@", "//…@", source)


def column_name(header: str) -> str:
    """A header as the tables write it: 'Member ID ' and 'MEMBER-ID' are member_id."""
    return re.sub(r"[\s\-]+", "_", header.strip().strip("\ufeff").lower())


def _from_folder(folder: Path, name: str) -> Table:
    lying = [path for path in files_of(folder) if path.stem == name]
    if not lying:
        return Table(name, f"{name}.csv", trouble="the file is not there; export the table to it, with at least its header")
    if len(lying) > 1:
        return Table(name, f"{name}.csv", trouble=f"a {name}.parquet lies beside it; keep the one that counts")
    path = lying[0]
    try:
        return _from_csv(name, path) if path.suffix == ".csv" else _from_parquet(name, path)
    except OSError as err:
        raise unreadable(path, err) from err


def _from_csv(name: str, path: Path) -> Table:
    """By Arrow's reader, which is twenty times as fast; a file that it refuses is read again row by row, where a short
    row is filled up and what is wrong can be told."""
    try:
        return _by_arrow(name, path)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        pass
    try:
        rows, lines = _rows_of_csv(name, path)
    except UnicodeDecodeError:
        return Table(name, path.name, trouble="the file is not UTF-8 text; export it again as 'CSV UTF-8'")
    except csv.Error as err:
        return Table(name, path.name, trouble=f"line {err.args[1]} is no CSV; look for a quote that is not closed")
    header = _header(path)[0]
    width = len(header)
    columns = list(zip(*((row + [""] * width)[:width] for row in rows), strict=True)) or [()] * width
    return _table(name, path.name, header, columns, lines)


def _header(path: Path) -> tuple[list[str], str, int]:
    """The names of the columns, what separates them, and the lines that they take up."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
        stream.seek(0)
        separator = max(_SEPARATORS, key=lambda s: (first.count(s), s == ","))
        reader = csv.reader(stream, delimiter=separator)
        return [column_name(cell) for cell in next(reader, [])], separator, reader.line_num


def _by_arrow(name: str, path: Path) -> Table:
    from pyarrow import csv as arrow

    header, separator, lines = _header(path)
    if lines != 1 or not path.stat().st_size:
        raise pa.ArrowInvalid("the header needs a closer look")
    labels = [str(n) for n in range(len(header))]
    wanted = [n for n, c in enumerate(header) if c in COLUMNS[name]]
    found = arrow.read_csv(
        path, arrow.ReadOptions(skip_rows=1, column_names=labels), arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
        arrow.ConvertOptions(column_types=dict.fromkeys(labels, pa.string()), strings_can_be_null=False, include_columns=[labels[n] for n in wanted]),
    ) if wanted else pa.table({})  # fmt: skip
    columns = [_texts(found.column(labels[n])) for n in wanted]
    return _without_blanks(Table(name, path.name, tuple(header), _cells(name, [header[n] for n in wanted], columns), path=path))


def _rows_of_csv(name: str, path: Path) -> tuple[list[list[str]], list[int]]:
    """Every row that is not blank, and the line on which it begins. csv.Error with the line as its second argument."""
    header, separator, _ = _header(path)
    known = [n for n, c in enumerate(header) if c in COLUMNS[name]]
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=separator)
    rows, lines, begins = [], [], 1
    try:
        for number, cells in enumerate(reader):
            if number and any(cells[n].strip() for n in known if n < len(cells)):
                rows.append([cell.strip() for cell in cells])
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as err:
        raise csv.Error(str(err), reader.line_num) from err
    return rows, lines


def _from_parquet(name: str, path: Path) -> Table:
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(path)
    except pa.ArrowInvalid:
        return Table(name, path.name, trouble="the file is no Parquet file; export it again")
    header = [column_name(c) for c in found.column_names]
    wanted = [n for n, c in enumerate(header) if c in COLUMNS[name]]
    cells = _cells(name, [header[n] for n in wanted], [_texts(found.column(n)) for n in wanted])
    return Table(name, path.name, tuple(header), cells, range(1, found.num_rows + 1))


def _from_database(source: str) -> dict[str, Table]:
    import sqlalchemy as sa

    try:
        _look_for_file(sa.make_url(source))
        engine = sa.create_engine(source)
        with engine.connect().execution_options(stream_results=True) as connection:
            there = set(sa.inspect(connection).get_table_names()) | set(sa.inspect(connection).get_view_names())
            made = {name: _from_query(connection, name) if name in there else _no_such(name) for name in COLUMNS}
        engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as err:
        says = f"The claim records at {place_of(source)} cannot be reached ({type(err).__name__}). Check address and access, then try again."
        if isinstance(err, ImportError):
            says = f"No driver is installed for the claim records at {place_of(source)}. For PostgreSQL: pip install 'lmn-review[postgres]'."
        raise ClaimsUnavailable(says) from err
    return made


def _look_for_file(url: Any) -> None:
    """SQLite would make a file that is not there, and an empty one holds no tables."""
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise ClaimsUnavailable(f"There is no database file {url.database} for the claim records. Correct --claims or LMN_CLAIMS.")


def _no_such(name: str) -> Table:
    return Table(name, name, trouble="the database has no table or view of this name; create one")


def _from_query(connection: Any, name: str) -> Table:
    """A database's table, fetched part by part."""
    import sqlalchemy as sa

    result = connection.execute(sa.text(f"SELECT * FROM {name}"))
    header = [column_name(c) for c in result.keys()]  # noqa: SIM118
    wanted = [n for n, c in enumerate(header) if c in COLUMNS[name]]
    parts: list[list[pa.Array]] = [[] for _ in wanted]
    while rows := list(islice(result, _AT_ONCE)):
        for part, n in zip(parts, wanted, strict=True):
            part.append(pa.array([_cell(row[n]) for row in rows], pa.string()))
    cells = _cells(name, [header[n] for n in wanted], [pa.chunked_array(part, pa.string()) for part in parts])
    return Table(name, name, tuple(header), cells, range(1, cells.num_rows + 1))


def _table(name: str, file: str, header: Sequence[str], columns: Sequence[Sequence[str]], lines: Sequence[int]) -> Table:
    known = [(c, pa.array(texts, pa.string())) for c, texts in zip(header, columns, strict=True) if c in COLUMNS[name]]
    return Table(name, file, tuple(header), _cells(name, [c for c, _ in known], [texts for _, texts in known]), tuple(lines))


def _cells(name: str, header: Sequence[str], columns: Sequence[Any]) -> pa.Table:
    """Of two columns of one name the first: that there are two is a fault, told elsewhere."""
    first = dict(reversed(list(zip(header, columns, strict=True))))
    return pa.table({c: first[c] for c in COLUMNS[name] if c in first})


def _without_blanks(table: Table) -> Table:
    blank = None
    for column in table.cells.columns:
        empty = pc.equal(column, "")
        blank = empty if blank is None else pc.and_(blank, empty)
    if blank is None or not pc.any(blank).as_py():
        return table
    return Table(table.name, table.file, table.columns, table.cells.filter(pc.invert(blank)), path=table.path)


def _texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as trimmed texts; what is typed is written out once for each distinct value."""
    whole = _whole(column)
    if pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type):
        return pc.fill_null(pc.utf8_trim_whitespace(whole), "").cast(pa.string())
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    written = pa.array([_cell(value) for value in coded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(written.take(coded.indices), "")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


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
