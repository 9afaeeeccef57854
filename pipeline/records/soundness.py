"""What is wrong with the tables: every fault at once, each with file, row, column and what to do.

Belongs here: what each cell must hold. Does not belong here: the value itself, which a fault never repeats.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.records.tables import COLUMNS, Table

PROGRAMS = ("fsa", "hsa", "hra", "insurance", "workers_comp")
OPEN = ("pended", "prior_auth", "denied")
CHOICES = {
    "relationship": ("self", "spouse", "dependent"),
    "program": PROGRAMS,
    "status": (*OPEN, "approved", "paid", "closed"),
    "history_required": ("0", "1"),
}
DATES = frozenset({"dob", "received_date", "service_date", "date", "plan_year_start", "plan_year_end", "grace_end", "runout_end"})
NUMBERS = frozenset({"amount", "letter_valid_months", "retroactive_days"})
REQUIRED = {
    "members": ("member_id", "name", "plan_id"),
    "claims": ("claim_id", "member_id", "status"),
    "history": ("member_id",),
    "plans": ("plan_id", "program", "plan_year_start", "plan_year_end", "letter_valid_months"),
}
_KEYS = {"members": "member_id", "claims": "claim_id", "plans": "plan_id"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in which file (or database table), row and column; `row` is the line in the file, None for the
    whole of it."""

    table: str
    row: int | None
    column: str
    says: str

    def __str__(self) -> str:
        where = "" if self.row is None else f", row {self.row}"
        what = f", column {self.column}" if self.column else ""
        return f"{self.table}{where}{what}: {self.says}."


def faults_of(tables: Mapping[str, Table], as_of: dt.date | None = None) -> list[Fault]:
    """Every fault of the tables, in the order of tables, rows and columns."""
    found: list[Fault] = []
    for name in COLUMNS:
        table = tables[name]
        whole = list(_whole_faults(table))
        found.extend(whole or _row_faults(table, as_of))
    return [*found, *_cross_faults(tables)]


def _whole_faults(table: Table) -> Iterable[Fault]:
    if table.trouble:
        yield Fault(table.file, None, "", table.trouble)
        return
    for column in COLUMNS[table.name]:
        if column not in table.columns:
            yield Fault(table.file, 1, column, "the column is missing; add it, with empty cells where nothing is known")
        elif table.columns.count(column) > 1:
            yield Fault(table.file, 1, column, "two columns have this name; keep one")


def _row_faults(table: Table, as_of: dt.date | None) -> Iterable[Fault]:
    seen: dict[str, int] = {}
    key = _KEYS.get(table.name, "")
    for line, row in zip(table.lines, table.rows, strict=True):
        for column in COLUMNS[table.name]:
            says = cell_fault(table.name, column, row[column], as_of)
            if says:
                yield Fault(table.file, line, column, says)
        own = row.get(key, "")
        if own and own in seen:
            yield Fault(table.file, line, key, f"the same id stands in row {seen[own]}; remove one of them or give each its own")
        seen.setdefault(own, line)


def cell_fault(table: str, column: str, value: str, as_of: dt.date | None = None) -> str | None:
    """What is wrong with one cell of a table, None when it is sound. The words never hold the value."""
    if not value:
        return "the cell is empty; every row needs one" if column in REQUIRED[table] else None
    if column in DATES:
        day = to_day(value)
        if day is None:
            return f"{shape(value)} where a date is due; write it like 2026-03-14 or 3/14/2026"
        if column == "dob" and as_of is not None and day > as_of:
            return "the birth date lies in the future; look for a wrong century"
    if column in NUMBERS and to_number(value) is None:
        return f"{shape(value)} where a number is due; write it like 95.00"
    if column in CHOICES and value.lower() not in CHOICES[column]:
        return f"{shape(value)} where one of {', '.join(CHOICES[column])} is due"
    return None


def shape(value: str) -> str:
    """A value's form without the value: 'text of 7 characters', '2 digits/2 digits/4 digits', '5 digits'."""
    if len(value) > 30 or not re.search(r"\d", value):
        return f"text of {len(value)} character{'s' if len(value) > 1 else ''}"
    parts = re.findall(r"\d+|[^\W\d_]+|\s+|[^\w\s]|_", value)
    return "".join(_shape_of(part) for part in parts)


def _shape_of(part: str) -> str:
    if part.isdigit():
        return f"{len(part)} digit{'s' if len(part) > 1 else ''}"
    if part.isalpha():
        return f"{len(part)} letter{'s' if len(part) > 1 else ''}"
    return " " if part.isspace() else part


def _cross_faults(tables: Mapping[str, Table]) -> Iterable[Fault]:
    """Rows that name a plan, or a plan year that ends before it begins. Left out where a table is missing."""
    plans = tables["plans"]
    if plans.trouble or "plan_id" not in plans.columns:
        return
    known = {row["plan_id"] for row in plans.rows}
    for name in ("members", "claims"):
        table = tables[name]
        if "plan_id" in table.columns:
            for line, row in zip(table.lines, table.rows, strict=True):
                if row["plan_id"] and row["plan_id"] not in known:
                    yield Fault(table.file, line, "plan_id", f"plans has no plan of this id ({shape(row['plan_id'])}); add the plan or correct the id")
    for line, row in zip(plans.lines, plans.rows, strict=True):
        start, end = to_day(row.get("plan_year_start", "")), to_day(row.get("plan_year_end", ""))
        if start and end and end < start:
            yield Fault(plans.file, line, "plan_year_end", "the plan year ends before it begins; exchange or correct the dates")


def to_day(value: str) -> dt.date | None:
    """An ISO date or m/d/Y, with or without a time behind it; None when it is none."""
    parts = re.split(r"[T\s]", value.strip(), maxsplit=1)
    if len(parts) == 2 and not re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?", parts[1].strip()):
        return None
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", parts[0])
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", parts[0])
    try:
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        return dt.date(int(american[3]), int(american[1]), int(american[2])) if american else None
    except ValueError:
        return None


def to_number(value: str) -> float | None:
    """A plain or dollar amount, thousands separated or not; None when it is none."""
    bare = value.strip().removeprefix("$").strip()
    if not re.fullmatch(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", bare):
        return None
    return float(bare.replace(",", ""))
