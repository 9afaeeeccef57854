"""A table as an analyst keeps it: a CSV, or a sheet of an XLSX workbook, row by row as the spreadsheet counts them.

Belongs here: finding the tables of a rules path, turning cells into text, naming missing columns. Does not belong here:
what a cell means (rules.py, policy.py).
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
from rapidfuzz import fuzz, process

from pipeline.errors import BadSettings


@dataclass(frozen=True)
class Row:
    """One row: `number` as the spreadsheet shows it, cells as text without outer blanks."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Sheet:
    """A table's rows; `name` is how messages call it, `digest` 12 hex digits over its cells."""

    name: str
    rows: tuple[Row, ...]

    @property
    def digest(self) -> str:
        told = repr([(row.number, sorted(row.cells.items())) for row in self.rows])
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def load_sheet(path: Path | None, table: str, columns: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """The table called `table` of a rules path: a CSV that is the rules themselves, a workbook with a sheet of that
    name (the first sheet for the rules), or a folder with `table.csv` or `table.xlsx`. What the path does not hold is
    taken from the shipped tables. BadSettings for a file that cannot be read and for missing columns."""
    found = _found(path, table)
    if found is None:
        text = files("pipeline.check").joinpath(f"tables/{table}.csv").read_text(encoding="utf-8")
        return _sheet(f"{table}.csv", _from_csv(text), columns, optional)
    if found.suffix.lower() in (".xlsx", ".xlsm"):
        name, lines = _from_workbook(found, table)
        return _sheet(f"{found.name}, sheet {name}", lines, columns, optional) if name else load_sheet(None, table, columns, optional)
    return _sheet(found.name, _from_csv(_text(found)), columns, optional)


def _found(path: Path | None, table: str) -> Path | None:
    if path is not None and path.is_dir():
        return next((p for p in (path / f"{table}.csv", path / f"{table}.xlsx") if p.is_file()), None)
    if path is None or (table != "rules" and path.suffix.lower() == ".csv"):
        return None
    return path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as err:
        raise BadSettings(f"There is no rule table {path}. Correct the path, or the setting 'rules' in lmn.toml.") from err
    except (OSError, UnicodeDecodeError) as err:
        raise BadSettings(f"The rule table {path} cannot be read as UTF-8 text. Name another in lmn.toml (rules = …) or export it again.") from err


def _from_csv(text: str) -> list[list[str]]:
    """Rows of cells. A spreadsheet set to another country's habits separates by semicolons."""
    first = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","))


def _from_workbook(path: Path, table: str) -> tuple[str, list[list[str]]]:
    """The name and the rows of the sheet; '' when the workbook has none for this table."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as err:
        raise BadSettings(f"The rule table {path} cannot be opened as a workbook. Save it again as XLSX, or export it as CSV.") from err
    names = [n for n in book.sheetnames if n.strip().lower() == table] or (book.sheetnames[:1] if table == "rules" else [])
    lines = [[_cell(value) for value in row] for row in book[names[0]].iter_rows(values_only=True)] if names else []
    book.close()
    return (names[0] if names else ""), lines


def _cell(value: Any) -> str:
    """A cell as it would stand in a CSV: a day without its midnight, a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _sheet(name: str, lines: list[list[str]], columns: Sequence[str], optional: Sequence[str]) -> Sheet:
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    missing = [c for c in columns if c not in header and c not in optional]
    if missing:
        many = len(missing) > 1
        near = next((w for c in missing if (w := meant(c, [h for h in header if h and h not in columns]))), "").replace("Did you mean", "Is it")
        cure = "Correct the header." if near else f"Add {'them' if many else 'it'} to the header."
        raise BadSettings(f"{name}, row 1: the column{'s' if many else ''} {', '.join(missing)} {'are' if many else 'is'} missing.{near} {cure}")
    for written in (h for h in header if h and h not in columns):
        near = meant(written, [c for c in columns if c not in header])
        if near:
            raise BadSettings(f"{name}, row 1: the column '{written}' is not known.{near} Correct the header.")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(header, (cell.strip() for cell in line), strict=False))
        if any(cells.values()):
            rows.append(Row(number, {column: cells.get(column, "") for column in columns}))
    return Sheet(name, tuple(rows))


def meant(written: str, known: Iterable[str]) -> str:
    """' Did you mean X?' where one of the known names is near what was written, else ''."""
    best = process.extractOne(written.lower(), {k: k.lower() for k in sorted(known)}, scorer=fuzz.ratio, score_cutoff=75)
    return f" Did you mean {best[2]}?" if best else ""


def unknown(written: str, what: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not known: the one that was probably meant, else all there are."""
    names = list(known)
    return f"'{written}' is {what}." + (meant(written, names) or " Use one of: " + ", ".join(names) + ".")


def day_of(text: str) -> dt.date | None:
    """The day of an ISO date; None for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def parted(text: str) -> tuple[str, ...]:
    """The parts of a cell between |."""
    return tuple(filter(None, (part.strip() for part in text.split("|"))))
