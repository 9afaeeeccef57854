"""Single cells out of Arrow columns, straight from their buffers.

Belongs here: what stands in one row of one column. Does not belong here: rows as nouns (typed.py). Asking Arrow itself
for a few rows of a table costs twenty times as much.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import pyarrow as pa

Cell = Callable[[int], Any]
"""The value in a row: str, date, number, or None where there is none."""

_FIRST = dt.date(1970, 1, 1).toordinal()
_FORMS = {"int8": "b", "int16": "h", "int32": "i", "int64": "q"}


def cell_of(column: pa.Array) -> Cell:
    """Reads the rows of a column of texts, coded texts or days; of any other kind by way of Arrow."""
    if pa.types.is_string(column.type):
        return _sparing(column, _text(column))
    if pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type) and not column.dictionary.null_count:
        codes, text = column.indices, _text(column.dictionary)
        form = _FORMS.get(str(codes.type))
        if form:
            numbers = _view(codes, 1, form)
            return _sparing(codes, lambda row: text(numbers[row]))
    if pa.types.is_date32(column.type):
        days = _view(column, 1, "i")
        return _sparing(column, lambda row: dt.date.fromordinal(_FIRST + days[row]))
    return lambda row: column[row].as_py()


def _view(column: pa.Array, buffer: int, form: str) -> "memoryview[Any]":
    """A buffer as numbers from the column's first row on; memoryview gives single numbers quicker than numpy."""
    content = column.buffers()[buffer]
    whole: Any = memoryview(content if content is not None else b"")
    return cast("memoryview[Any]", whole.cast("B").cast(form)[column.offset :])


def _text(column: pa.Array) -> Callable[[int], str]:
    places, content = _view(column, 1, "i"), column.buffers()[2]
    letters = memoryview(content) if content is not None else memoryview(b"")
    return lambda row: str(letters[places[row] : places[row + 1]], "utf-8")


def _sparing(column: pa.Array, read: Callable[[int], Any]) -> Cell:
    """None where Arrow's bitmap says that nothing stands."""
    bitmap = column.buffers()[0] if column.null_count else None
    if bitmap is None:
        return read
    bits, begin = memoryview(bitmap).cast("B"), column.offset
    return lambda row: read(row) if bits[(row + begin) >> 3] >> ((row + begin) & 7) & 1 else None
