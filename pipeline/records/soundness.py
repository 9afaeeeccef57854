"""What is wrong with the tables: every fault at once, each with file, row, column and what to do.

Belongs here: what each cell must hold, asked of every column by pandera, once for each distinct value. Does not belong
here: the value itself, which a fault never repeats.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.records.tables import COLUMNS, OPTIONAL, Table

PROGRAMS = ("fsa", "hsa", "hra", "insurance", "workers_comp")
OPEN = ("pended", "prior_auth", "denied")
CHOICES = {
    "relationship": ("self", "spouse", "dependent"),
    "program": PROGRAMS,
    "status": (*OPEN, "approved", "paid", "closed"),
    "history_required": ("0", "1"),
    "expedited": ("0", "1"),
    "clock": ("cms", "florida_wc"),
}
DATES = frozenset({"dob", "received_date", "service_date", "date", "plan_year_start", "plan_year_end", "grace_end", "runout_end"})
COUNTS = frozenset({"letter_valid_months", "retroactive_days"})
NUMBERS = COUNTS | {"amount"}
REQUIRED = {
    "members": ("member_id", "name", "plan_id"),
    "claims": ("claim_id", "member_id", "status"),
    "history": ("member_id",),
    "plans": ("plan_id", "program", "plan_year_start", "plan_year_end", "letter_valid_months"),
}
_KEYS = {"members": "member_id", "claims": "claim_id", "plans": "plan_id"}
_IDS = frozenset({"member_id", "account_holder_id", "claim_id", "plan_id", "provider_npi"})
_ROUNDED = r"^\d(?:[.,]\d+)?[Ee]\+?\d+$"
"""What a spreadsheet makes of a long number."""


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
        if column not in table.columns and column not in OPTIONAL:
            yield Fault(table.file, 1, column, "the column is missing; add it, with empty cells where nothing is known")
        elif table.columns.count(column) > 1:
            yield Fault(table.file, 1, column, "two columns have this name; keep one")


def _row_faults(table: Table, as_of: dt.date | None) -> list[Fault]:
    """Faults of cells, in the order of rows and columns; that an id stands twice comes behind the cells of its row."""
    found: list[tuple[int, int, str, str]] = []
    for place, column in enumerate(COLUMNS[table.name]):
        found.extend((row, place, column, says) for row, says in _cell_faults(table, column, as_of))
    key = _KEYS.get(table.name, "")
    for row, first in _repeated(table, key):
        says = f"the same id stands in row {table.lines[first]}; remove one of them or give each its own"
        found.append((row, len(COLUMNS[table.name]), key, says))
    return [Fault(table.file, table.lines[row], column, says) for row, _, column, says in sorted(found)]


def _cell_faults(table: Table, column: str, as_of: dt.date | None) -> Iterator[tuple[int, str]]:
    """Rows of unsound cells and what is wrong with each. A column in which anything may stand is not gone through."""
    texts = table.column(column)
    if column not in DATES | NUMBERS | frozenset(CHOICES):
        suspect = pc.match_substring_regex(texts, _ROUNDED) if column in _IDS else pa.array([False] * len(texts), pa.bool_())
        suspect = pc.or_(suspect, pc.equal(texts, "")) if column in REQUIRED[table.name] else suspect
        rows = pc.indices_nonzero(suspect).to_pylist()
        yield from ((row, cell_fault(table.name, column, texts[row].as_py(), as_of) or "") for row in rows)
        return
    coded = texts.dictionary_encode()
    wrong = _refused(table.name, column, coded.dictionary.to_pylist(), as_of)
    if wrong:
        for row in pc.indices_nonzero(pc.is_in(coded.indices, pa.array(sorted(wrong), coded.indices.type))).to_pylist():
            yield row, wrong[coded.indices[row].as_py()]


def _refused(table: str, column: str, values: list[str], as_of: dt.date | None) -> dict[int, str]:
    """Places of the distinct values that pandera refuses, and what is wrong with each."""
    import pandas as pd
    import pandera.pandas as pa_

    check = pa_.Check(lambda value: cell_fault(table, column, value, as_of) is None, element_wise=True, name="sound")
    schema = pa_.SeriesSchema(str, checks=check, name=column)
    try:
        schema.validate(pd.Series(values, name=column, dtype=str), lazy=True)
    except pa_.errors.SchemaErrors as err:
        return {int(n): cell_fault(table, column, values[int(n)], as_of) or "" for n in err.failure_cases["index"]}
    return {}


def _repeated(table: Table, key: str) -> Iterator[tuple[int, int]]:
    """Rows whose id stood in an earlier row, with the first that has it."""
    texts = table.column(key)
    if not key or pc.count_distinct(texts).as_py() == len(texts):
        return
    seen: dict[str, int] = {}
    for row, own in enumerate(texts.to_pylist()):
        if own and own in seen:
            yield row, seen[own]
        seen.setdefault(own, row)


def cell_fault(table: str, column: str, value: str, as_of: dt.date | None = None) -> str | None:
    """What is wrong with one cell of a table, None when it is sound. The words never hold the value."""
    if not value:
        return "the cell is empty; every row needs one" if column in REQUIRED[table] else None
    if column in _IDS and re.match(_ROUNDED, value):
        return "a number that a spreadsheet has rounded; format the column as text and export it again"
    if column in DATES:
        return _date_fault(column, value, as_of)
    if column in NUMBERS and to_number(value) is None:
        return f"{shape(value)} where a number is due; write it like {'12' if column in COUNTS else '95.00'}"
    if column in COUNTS and not _is_count(to_number(value)):
        return f"{shape(value)} where a whole number from 0 is due; write it like 12"
    if column in CHOICES and value.lower() not in CHOICES[column]:
        return f"{shape(value)} where one of {', '.join(CHOICES[column])} is due"
    return None


def _is_count(number: float | None) -> bool:
    return number is not None and number >= 0 and number.is_integer()


def _date_fault(column: str, value: str, as_of: dt.date | None) -> str | None:
    day = to_day(value)
    if day is None and re.fullmatch(r"[2-5]\d{4}(?:\.\d+)?", value):
        return f"{shape(value)}, a spreadsheet's day number, where a date is due; format the column as a date and export it again"
    if day is None and re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2}", value):
        return f"{shape(value)}, a year without its century, where a date is due; write it like 3/14/2026"
    if day is None:
        return f"{shape(value)} where a date is due; write it like 2026-03-14 or 3/14/2026"
    if column == "dob" and as_of is not None and day > as_of:
        return "the birth date lies in the future; look for a wrong century"
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
    known = pa.array([*plans.column("plan_id").to_pylist(), ""], pa.string())
    for name in ("members", "claims"):
        table = tables[name]
        texts = table.column("plan_id")
        for row in pc.indices_nonzero(pc.invert(pc.is_in(texts, known))).to_pylist():
            says = f"plans has no plan of this id ({shape(texts[row].as_py())}); add the plan or correct the id"
            yield Fault(table.file, table.lines[row], "plan_id", says)
    years = zip(plans.column("plan_year_start").to_pylist(), plans.column("plan_year_end").to_pylist(), strict=True)
    for row, (begins, ends) in enumerate(years):
        start, end = to_day(begins), to_day(ends)
        if start and end and end < start:
            yield Fault(plans.file, plans.lines[row], "plan_year_end", "the plan year ends before it begins; exchange or correct the dates")


_CLOCK = r"\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*([AP]M|Z|[+-]\d{2}:?\d{2})?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def to_day(value: str) -> dt.date | None:
    """A date as 2026-03-14, 2026/3/14, 20260314, 3/14/2026 or 14-Mar-2026, with or without a time behind it; None when it is
    none."""
    parts = re.split(r"[T\s]", value.strip(), maxsplit=1)
    if len(parts) == 2 and not re.fullmatch(_CLOCK, parts[1].strip(), re.I):
        return None
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})/(\d{1,2})/(\d{1,2})|((?:19|20)\d\d)(\d\d)(\d\d)", parts[0])
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", parts[0])
    named = re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", parts[0])
    try:
        if iso:
            return dt.date(*(int(n) for n in iso.groups() if n))
        if named:
            return dt.date(int(named[3]), _MONTHS.index(named[2].lower()) + 1, int(named[1]))
        return dt.date(int(american[3]), int(american[1]), int(american[2])) if american else None
    except ValueError:
        return None


def to_number(value: str) -> float | None:
    """A plain or dollar amount, thousands separated or not; None when it is none."""
    bare = value.strip().removeprefix("$").strip()
    if not re.fullmatch(r"-?(?:(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+)", bare):
        return None
    return float(bare.replace(",", ""))
