"""The payer's records: members, claims, history, plans, from a folder of CSV or Parquet tables or a SQL database.

Belongs here: reading the tables, naming every fault with file, row and column, and the indexes that matching needs.
Does not belong here: judging a letter by them. Faults describe a value by its shape and never repeat it: the tables
hold people's data.
"""

import datetime as dt

from pipeline.errors import ClaimsMalformed
from pipeline.records.index import Records, id_key, records_of
from pipeline.records.names import Name, read_name
from pipeline.records.soundness import Fault, faults_of
from pipeline.records.tables import place_of, read_tables

__all__ = ["Fault", "Name", "Records", "faults", "id_key", "load_records", "read_name"]

_SHOWN = 40


def load_records(source: str, as_of: dt.date) -> Records:
    """The records of a folder (members.csv or members.parquet and so on) or of a database URL.

    ClaimsUnavailable when it cannot be reached. ClaimsMalformed, with every fault, when a table or column is missing
    or a cell does not hold what it must; a birth date after `as_of` is such a fault.
    """
    tables = read_tables(source)
    found = faults_of(tables, as_of)
    if found:
        shown = "\n".join(f"  {fault}" for fault in found[:_SHOWN])
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ClaimsMalformed(
            f"The claim records in {place_of(source)} have {len(found)} fault{'s' if len(found) > 1 else ''}; no letter was judged.\n"
            f"{shown}{more}\nCorrect these cells at their source and run again; 'lmn check' lists every fault."
        )
    return records_of(tables)


def faults(source: str, as_of: dt.date | None = None) -> list[Fault]:
    """All faults of the records, none when they are sound. ClaimsUnavailable when they cannot be reached."""
    return faults_of(read_tables(source), as_of)
