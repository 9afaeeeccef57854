"""Single cells out of Arrow columns, straight from their buffers.

Belongs here: what stands in one row of one column. Does not belong here: rows as nouns (typed.py). Asking Arrow itself
for a few rows of a table costs twenty times as much.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

Cell = Callable[[int], Any]
"""The value in a row: str, date, number, or None where there is none."""

_FIRST = dt.date(1970, 1, 1).toordinal()


def cell_of(column: pa.Array) -> Cell:
    """Reads the rows of a column of texts, coded texts or days; of any other kind by way of Arrow."""
    if pa.types.is_string(column.type):
        return _sparing(column, _text(column))
    if pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type) and not column.dictionary.null_count:
        codes, text = column.indices, _text(column.dictionary)
        numbers = _numbers(codes, np.dtype(codes.type.to_pandas_dtype()))
        return _sparing(codes, lambda row: text(int(numbers[row])))
    if pa.types.is_date32(column.type):
        days = _numbers(column, np.dtype(np.int32))
        return _sparing(column, lambda row: dt.date.fromordinal(_FIRST + int(days[row])))
    return lambda row: column[row].as_py()


def _numbers(column: pa.Array, kind: "np.dtype[Any]") -> "np.ndarray[Any, Any]":
    content = column.buffers()[1]
    return np.frombuffer(content, kind)[column.offset : column.offset + len(column)] if content is not None else np.zeros(0, kind)


def _text(column: pa.Array) -> Callable[[int], str]:
    _, edges, content = column.buffers()
    places = np.frombuffer(edges, np.int32)[column.offset :] if edges is not None else np.zeros(1, np.int32)
    letters = memoryview(content) if content is not None else memoryview(b"")
    return lambda row: str(letters[places[row] : places[row + 1]], "utf-8")


def _sparing(column: pa.Array, read: Callable[[int], Any]) -> Cell:
    """None where Arrow's bitmap says that nothing stands."""
    bitmap = column.buffers()[0] if column.null_count else None
    if bitmap is None:
        return read
    bits, begin = np.frombuffer(bitmap, np.uint8), column.offset
    return lambda row: read(row) if bits[(row + begin) >> 3] >> ((row + begin) & 7) & 1 else None
