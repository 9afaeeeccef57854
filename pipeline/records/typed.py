"""Sound tables as typed columns, and the snapshot: a hash of all that they hold.

Belongs here: what each cell means, and rows as nouns of the model. Does not belong here: faults (soundness.py). What
repeats is kept once, so that millions of claims stay small.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model import ClaimRow, HistoryRow, MemberRow, PlanRow
from pipeline.records.keys import Hashes, hashes, joined
from pipeline.records.soundness import DATES, NUMBERS, to_day, to_number
from pipeline.records.tables import COLUMNS, Table

_LOWER = frozenset({"relationship", "program", "status", "category"})
_UPPER = frozenset({"diagnosis_code", "icd10"})
_WHOLE = frozenset({"member_id", "claim_id", "account_holder_id", "name"})
"""Columns whose values hardly repeat."""


def typed(tables: Mapping[str, Table]) -> tuple[dict[str, pa.Table], str]:
    """The tables of typed columns and their snapshot: the same content gives the same hash, in any order of rows and
    whatever it was read from."""
    digest, made = hashlib.sha256(), {}
    for name in COLUMNS:
        columns = {column: _column(tables[name], column) for column in COLUMNS[name]}
        whole = np.zeros(len(tables[name]), np.uint64)
        for column in columns.values():
            whole = joined(whole, _hashed(column))
        digest.update(f"{name} {len(whole)} ".encode() + np.sort(whole).tobytes())
        made[name] = pa.table({c: _compact(column) if c not in _WHOLE else column for c, column in columns.items()})
    return made, digest.hexdigest()


def _column(table: Table, column: str) -> pa.Array:
    texts = table.column(column)
    if column in DATES:
        return _mapped(texts, to_day, pa.date32())
    if column in NUMBERS:
        return _mapped(texts, to_number, pa.float64())
    if column == "account_holder_id":
        return pc.if_else(pc.equal(texts, ""), table.column("member_id"), texts)
    return pc.utf8_lower(texts) if column in _LOWER else pc.utf8_upper(texts) if column in _UPPER else texts


def _mapped(texts: pa.Array, meaning: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    coded = texts.dictionary_encode()
    return pa.array([meaning(text) for text in coded.dictionary.to_pylist()], kind).take(coded.indices)


def _hashed(column: pa.Array) -> Hashes:
    if pa.types.is_string(column.type):
        coded = column.dictionary_encode()
        return hashes(coded.dictionary)[coded.indices.to_numpy(zero_copy_only=False)] if len(column) else np.zeros(0, np.uint64)
    if pa.types.is_date32(column.type):
        return np.asarray(column.cast(pa.int32()).fill_null(-(2**31)), np.int64).view(np.uint64)
    return np.asarray(column.fill_null(-0.125), np.float64).view(np.uint64)


def _compact(column: pa.Array) -> pa.Array:
    """Each distinct text once, where that saves room."""
    if not pa.types.is_string(column.type):
        return column
    coded = column.dictionary_encode()
    distinct = len(coded.dictionary)
    if distinct * 2 > len(column):
        return column
    width = pa.int8() if distinct < 2**7 else pa.int16() if distinct < 2**15 else pa.int32()
    return pa.DictionaryArray.from_arrays(coded.indices.cast(width), coded.dictionary)


def member_of(r: Mapping[str, Any]) -> MemberRow:
    """A row of `members`."""
    return MemberRow(**r)


def claim_of(r: Mapping[str, Any]) -> ClaimRow:
    """A row of `claims`."""
    return ClaimRow(**{**r, "code": r["code"] or None, "diagnosis_code": r["diagnosis_code"] or None, "denial_reason": r["denial_reason"] or None,
                       "expedited": r["expedited"] == "1"})  # fmt: skip


def history_of(r: Mapping[str, Any]) -> HistoryRow:
    """A row of `history`."""
    return HistoryRow(**{**r, "provider_npi": r["provider_npi"] or None})


def plan_of(r: Mapping[str, Any]) -> PlanRow:
    """A row of `plans`."""
    credentials = tuple(filter(None, (c.strip() for c in r["accepted_credentials"].split("|"))))
    return PlanRow(**{**r, "plan_year_start": _day(r["plan_year_start"]), "plan_year_end": _day(r["plan_year_end"]),
                      "letter_valid_months": int(r["letter_valid_months"] or 0), "retroactive_days": int(r["retroactive_days"] or 0),
                      "accepted_credentials": credentials, "history_required": r["history_required"] == "1"})  # fmt: skip


def _day(value: dt.date | None) -> dt.date:
    if value is None:
        raise ValueError("a date that must be there is not: the table was not checked before it was used")
    return value
