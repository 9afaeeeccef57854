"""The payer's records: members, claims, history, plans, from a folder of CSV or Parquet tables or a SQL database.

Belongs here: reading the tables, naming every fault with file, row and column, and the indexes that matching needs.
Does not belong here: judging a letter by them. Faults describe a value by its shape and never repeat it: the tables
hold people's data.
"""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.codes.fold import fold
from pipeline.errors import ClaimsMalformed, ClaimsUnavailable
from pipeline.model import ClaimRow, HistoryRow, MemberRow, PlanRow

Row = Mapping[str, str]
COLUMNS: dict[str, tuple[str, ...]] = {
    "members": ("member_id", "name", "dob", "relationship", "account_holder_id", "plan_id"),
    "claims": ("claim_id", "member_id", "plan_id", "program", "status", "received_date", "service_date", "item_description", "category",
               "code", "amount", "merchant", "diagnosis_code", "denial_reason"),
    "history": ("member_id", "date", "icd10", "description", "provider_name", "provider_npi"),
    "plans": ("plan_id", "name", "program", "plan_year_start", "plan_year_end", "grace_end", "runout_end", "letter_valid_months",
              "retroactive_days", "accepted_credentials", "history_required"),
}  # fmt: skip
_CHOICES = {
    "relationship": ("self", "spouse", "dependent"),
    "program": ("fsa", "hsa", "hra", "insurance", "workers_comp"),
    "status": ("pended", "prior_auth", "denied", "approved", "paid", "closed"),
    "history_required": ("0", "1"),
}
_DATES = {"dob", "received_date", "service_date", "date", "plan_year_start", "plan_year_end", "grace_end", "runout_end"}
_NUMBERS = {"amount", "letter_valid_months", "retroactive_days"}
_REQUIRED = {
    "members": ("member_id", "name", "plan_id"),
    "claims": ("claim_id", "member_id", "status"),
    "history": ("member_id",),
    "plans": ("plan_id", "program", "plan_year_start", "plan_year_end", "letter_valid_months"),
}
_KEYS = {"members": "member_id", "claims": "claim_id", "plans": "plan_id"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in which table, row (as a spreadsheet counts, the header being row 1) and column."""

    table: str
    row: int | None
    column: str
    says: str

    def __str__(self) -> str:
        where = f", row {self.row}" if self.row else ""
        return f"{self.table}{where}, column {self.column}: {self.says}"


@dataclass(frozen=True)
class Records:
    """The four tables with their indexes; `snapshot` is a hash of all their content."""

    snapshot: str
    members: dict[str, MemberRow]
    claims: dict[str, ClaimRow]
    plans: dict[str, PlanRow]
    history: dict[str, tuple[HistoryRow, ...]]
    claims_of: dict[str, tuple[str, ...]]
    blocks: dict[str, tuple[str, ...]] = field(repr=False, default_factory=dict)


def load_records(source: str, as_of: dt.date) -> Records:
    """The records of a folder or a database URL.

    ClaimsUnavailable when it cannot be reached, ClaimsMalformed with every fault when it does not hold what it must.
    """
    tables = _tables(source)
    found = _faults(tables)
    if found:
        shown = "\n".join(f"  {fault}" for fault in found[:40])
        more = f"\n  and {len(found) - 40} more" if len(found) > 40 else ""
        raise ClaimsMalformed(
            f"The claim records in {_place(source)} have {len(found)} fault(s); no letter was touched.\n{shown}{more}\n"
            "Correct these cells and run again; 'lmn check' lists them all."
        )
    return _records(tables)


def faults(source: str) -> list[Fault]:
    """All faults of the records, none when they are sound. ClaimsUnavailable when they cannot be reached."""
    return _faults(_tables(source))


def _place(source: str) -> str:
    return re.sub(r"//[^@/]*@", "//…@", source)


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    file: str


def _tables(source: str) -> dict[str, _Table]:
    read = _from_sql if "://" in source else _from_folder
    return {name: read(source, name) for name in COLUMNS}


def _from_folder(source: str, name: str) -> _Table:
    folder = Path(source)
    if not folder.is_dir():
        raise ClaimsUnavailable(f"The claim records folder {folder} is not there. Name it with --claims DIR or LMN_CLAIMS.")
    for path in (folder / f"{name}.csv", folder / f"{name}.parquet"):
        if path.is_file():
            try:
                frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig") if path.suffix == ".csv" else pd.read_parquet(path)
            except (ValueError, UnicodeDecodeError, OSError) as err:
                raise ClaimsMalformed(f"{path} cannot be read as a table ({type(err).__name__}). Export it again as UTF-8 CSV.") from err
            return _table(name, frame, path.name)
    return _Table(name, (), (), f"{name}.csv")


def _from_sql(source: str, name: str) -> _Table:
    import sqlalchemy as sa

    try:
        engine = sa.create_engine(source)
        with engine.connect() as connection:
            frame = pd.read_sql_query(sa.text(f"SELECT * FROM {name}"), connection)
    except (sa.exc.SQLAlchemyError, ModuleNotFoundError) as err:
        raise ClaimsUnavailable(f"The claim records at {_place(source)} cannot be reached ({type(err).__name__}). Check the address and try again.") from err
    return _table(name, frame, name)


def _table(name: str, frame: pd.DataFrame, file: str) -> _Table:
    columns = tuple(str(c).strip() for c in frame.columns)
    wanted = [c for c in columns if c in COLUMNS[name]]
    frame.columns = pd.Index(columns)
    rows = tuple({c: _cell(v) for c, v in zip(wanted, values, strict=True)} for values in frame[wanted].itertuples(index=False))
    return _Table(name, columns, rows, file)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return ""
    if isinstance(value, (dt.datetime, pd.Timestamp)):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip()


def _faults(tables: Mapping[str, _Table]) -> list[Fault]:
    found: list[Fault] = []
    for name, table in tables.items():
        if not table.columns:
            found.append(Fault(table.file, None, "(all)", "the table is missing; put a CSV or Parquet file of that name there"))
            continue
        missing = [c for c in COLUMNS[name] if c not in table.columns]
        found.extend(Fault(table.file, 1, c, "the column is missing; add it, empty where nothing is known") for c in missing)
        if not missing:
            found.extend(_row_faults(table))
    if not found:
        found.extend(_cross_faults(tables))
    return found


def _row_faults(table: _Table) -> Iterable[Fault]:
    seen: dict[str, int] = {}
    key = _KEYS.get(table.name)
    for number, row in enumerate(table.rows, 2):
        for column, value in row.items():
            says = _value_fault(table.name, column, value)
            if says:
                yield Fault(table.file, number, column, says)
        if key and row[key]:
            if row[key] in seen:
                yield Fault(table.file, number, key, f"the same id stands in row {seen[row[key]]}; each row needs its own")
            seen.setdefault(row[key], number)


def _value_fault(table: str, column: str, value: str) -> str | None:
    if not value:
        return "is empty; every row needs one" if column in _REQUIRED[table] else None
    if column in _DATES and _day(value) is None:
        return f"{shape(value)} where a date is due, such as 2026-03-14"
    if column in _NUMBERS and _number(value) is None:
        return f"{shape(value)} where a number is due, such as 95.00"
    if column in _CHOICES and value.lower() not in _CHOICES[column]:
        return f"{shape(value)} where one of {', '.join(_CHOICES[column])} is due"
    return None


def shape(value: str) -> str:
    """A value's form without the value: 'text of 7 characters', '5 digits', '2 digits/2 digits/4 digits'."""
    runs = re.sub(r"[^\W\d_]+", lambda m: f"{len(m.group())} letters ", re.sub(r"\d+", lambda m: "\0" * len(m.group()), value))
    described = re.sub("\0+", lambda m: f"{len(m.group())} digits ", runs).strip()
    return f"a value of the form '{described}'" if len(described) <= 50 else f"text of {len(value)} characters"


def _cross_faults(tables: Mapping[str, _Table]) -> Iterable[Fault]:
    plans = {row["plan_id"] for row in tables["plans"].rows}
    for name in ("members", "claims"):
        for number, row in enumerate(tables[name].rows, 2):
            if row["plan_id"] and row["plan_id"] not in plans:
                yield Fault(tables[name].file, number, "plan_id", "names a plan that the plans table does not have")


def _day(value: str) -> dt.date | None:
    text = value.split("T")[0].split(" ")[0]
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _number(value: str) -> float | None:
    try:
        return float(value.replace(",", "").replace("$", ""))
    except ValueError:
        return None


def _records(tables: Mapping[str, _Table]) -> Records:
    members = {r["member_id"]: _member(r) for r in tables["members"].rows}
    claims = {r["claim_id"]: _claim(r) for r in tables["claims"].rows}
    plans = {r["plan_id"]: _plan(r) for r in tables["plans"].rows}
    history: dict[str, list[HistoryRow]] = defaultdict(list)
    for r in tables["history"].rows:
        history[r["member_id"]].append(_history(r))
    of: dict[str, list[str]] = defaultdict(list)
    for claim in claims.values():
        of[claim.member_id].append(claim.claim_id)
    return Records(_snapshot(tables), members, claims, plans, {k: tuple(v) for k, v in history.items()},
                   {k: tuple(v) for k, v in of.items()}, _blocks(members.values()))  # fmt: skip


def _snapshot(tables: Mapping[str, _Table]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tables):
        for row in tables[name].rows:
            digest.update(repr([name, [row[c] for c in COLUMNS[name]]]).encode())
    return digest.hexdigest()


def _member(r: Row) -> MemberRow:
    return MemberRow(member_id=r["member_id"], name=r["name"], dob=_day(r["dob"]), relationship=r["relationship"].lower(),
                     account_holder_id=r["account_holder_id"] or r["member_id"], plan_id=r["plan_id"])  # fmt: skip


def _claim(r: Row) -> ClaimRow:
    return ClaimRow(claim_id=r["claim_id"], member_id=r["member_id"], plan_id=r["plan_id"], program=r["program"].lower(), status=r["status"].lower(),
                    received_date=_day(r["received_date"]), service_date=_day(r["service_date"]), item_description=r["item_description"],
                    category=r["category"], code=r["code"] or None, amount=_number(r["amount"]) if r["amount"] else None, merchant=r["merchant"],
                    diagnosis_code=r["diagnosis_code"] or None, denial_reason=r["denial_reason"] or None)  # fmt: skip


def _history(r: Row) -> HistoryRow:
    return HistoryRow(member_id=r["member_id"], date=_day(r["date"]), icd10=r["icd10"], description=r["description"],
                      provider_name=r["provider_name"], provider_npi=r["provider_npi"] or None)  # fmt: skip


def _plan(r: Row) -> PlanRow:
    start, end = _day(r["plan_year_start"]), _day(r["plan_year_end"])
    if start is None or end is None:
        raise ClaimsMalformed("plans: a plan year has no start or end date. Fill in both.")
    return PlanRow(plan_id=r["plan_id"], name=r["name"], program=r["program"].lower(), plan_year_start=start, plan_year_end=end,
                   grace_end=_day(r["grace_end"]), runout_end=_day(r["runout_end"]), letter_valid_months=int(_number(r["letter_valid_months"]) or 12),
                   retroactive_days=int(_number(r["retroactive_days"]) or 0),
                   accepted_credentials=tuple(filter(None, (c.strip() for c in r["accepted_credentials"].split("|")))),
                   history_required=r["history_required"] == "1")  # fmt: skip


def id_key(value: str) -> str:
    """An identifier as it is compared: letters and digits only, look-alikes made one."""
    return fold(value).replace(" ", "")


def day_key(day: dt.date) -> str:
    return f"dob:{day.isoformat()}"


def name_parts(name: str) -> tuple[str, ...]:
    """Folded parts of a name, suffixes left out."""
    return tuple(p for p in fold(name).split() if p not in _SUFFIXES)


_SUFFIXES = frozenset(fold(s) for s in ("jr", "sr", "ii", "iii", "iv"))


def _blocks(members: Iterable[MemberRow]) -> dict[str, tuple[str, ...]]:
    """Member ids by each key under which a letter may find them."""
    found: dict[str, list[str]] = defaultdict(list)
    for member in members:
        for key in _member_keys(member):
            found[key].append(member.member_id)
    return {key: tuple(ids) for key, ids in found.items()}


def _member_keys(member: MemberRow) -> set[str]:
    keys = {f"id:{id_key(member.member_id)}", f"id:{id_key(member.account_holder_id)}"}
    if member.dob:
        keys.add(day_key(member.dob))
    keys.update(f"last:{part}" for part in surname_keys(member.name))
    return keys


def surname_keys(name: str) -> set[str]:
    """Folded surname, and each part of a double one."""
    parts = name_parts(name)
    return set(parts[-2:]) if len(parts) > 2 else set(parts[-1:])


