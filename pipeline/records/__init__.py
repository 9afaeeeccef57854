"""The payer's records: members, claims, history, plans, from a folder of CSV or Parquet tables or a SQL database.

Belongs here: reading the tables, naming every fault with file, row and column, and the indexes that matching needs,
kept from run to run. Does not belong here: judging a letter by them. Faults describe a value by its shape and never
repeat it: the tables hold people's data.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pyarrow.compute as pc

from pipeline.errors import ClaimsMalformed, LedgerDamaged
from pipeline.records.filing import filed
from pipeline.records.index import Records
from pipeline.records.keys import id_key, name_keys, sounds
from pipeline.records.names import Name, read_name
from pipeline.records.shelf import Shelf, fingerprint
from pipeline.records.soundness import Fault, faults_of
from pipeline.records.tables import Table, files_of, folder_of, place_of, read_tables, unreadable
from pipeline.records.typed import typed

__all__ = ["Fault", "Name", "Records", "faults", "id_key", "load_records", "name_keys", "open_records", "read_name", "sounds"]

_SHOWN = 40


def load_records(source: str, as_of: dt.date, home: Path | None = None) -> Records:
    """The records of a folder (members.csv or members.parquet and so on) or of a database URL.

    With `home` their index is kept there, and tables that have not changed are not read again. ClaimsUnavailable when
    they cannot be reached. ClaimsMalformed, with every fault, when a table or column is missing or a cell does not hold
    what it must; a birth date after `as_of` is such a fault.
    """
    shelf, mark = Shelf(home) if home else None, _mark(source)
    noted = shelf.snapshot_of(mark) if shelf and mark else None
    if shelf and noted and noted["born"] <= as_of.isoformat():
        kept = shelf.open(noted["snapshot"])
        if kept is not None:
            return kept
    tables = read_tables(source)
    _refuse(source, tables, as_of)
    return _made(tables, shelf, mark)


def open_records(home: Path, snapshot: str) -> Records | None:
    """Records whose index is kept under this home, without a look at where they came from; None when it is not."""
    return Shelf(home).open(snapshot)


def faults(source: str, as_of: dt.date | None = None) -> list[Fault]:
    """All faults of the records, none when they are sound. ClaimsUnavailable when they cannot be reached."""
    return faults_of(read_tables(source), as_of)


def _mark(source: str) -> str | None:
    """The fingerprint of a folder's files; None for a database, whose content is known only once it is read."""
    if "://" in source:
        return None
    files = files_of(folder_of(source))
    try:
        return fingerprint(files)
    except OSError as err:
        raise unreadable(Path(str(err.filename)), err) from err


def _refuse(source: str, tables: Mapping[str, Table], as_of: dt.date) -> None:
    found = faults_of(tables, as_of)
    if found:
        shown = "\n".join(f"  {fault}" for fault in found[:_SHOWN])
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ClaimsMalformed(
            f"The claim records in {place_of(source)} have {len(found)} fault{'s' if len(found) > 1 else ''}; no letter was judged.\n"
            f"{shown}{more}\nCorrect these cells at their source and run again; 'lmn check' lists every fault."
        )


def _made(tables: Mapping[str, Table], shelf: Shelf | None, mark: str | None) -> Records:
    made, snapshot = typed(tables)
    if shelf is None:
        return Records(snapshot, made, *filed(made))
    try:
        kept = shelf.open(snapshot)
        if kept is None:
            shelf.keep(snapshot, made, *filed(made))
        if mark:
            shelf.note(mark, {"snapshot": snapshot, "born": str(pc.max(made["members"].column("dob")).as_py() or "")})
    except OSError as err:
        raise LedgerDamaged(f"The index of the claim records cannot be written to {shelf.folder} ({err.strerror or type(err).__name__}). "
                            "Make room or correct its rights, then run again.") from None  # fmt: skip
    return kept or shelf.open(snapshot) or Records(snapshot, made, *filed(made))
