"""Cells read from Arrow's buffers are what Arrow itself says."""

import datetime as dt

import pyarrow as pa
import pytest

from pipeline.records.cells import cell_of

TEXTS = ["", None, "Łukasz", "a", None, "x" * 300, "Zoë", "b", "c", None]
DAYS = [dt.date(1969, 12, 31), None, dt.date(1970, 1, 1), dt.date(2026, 2, 28), dt.date(1900, 3, 1), None, dt.date.min, dt.date.max]
COLUMNS = [
    pa.array(TEXTS, pa.string()), pa.array(["a", "bc"], pa.string()), pa.array(TEXTS, pa.string()).dictionary_encode(), pa.array(["q", "q", "r"]).dictionary_encode(),
    pa.array(DAYS, pa.date32()), pa.array([1.5, None, -2.0], pa.float64()), pa.array([7, None], pa.int16()), pa.array([], pa.string()), pa.array([None, None], pa.string()),
    pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array(["n", None])), pa.array([[1], None]),
]  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: str(c.type).partition("<")[0])
@pytest.mark.parametrize("cut", [0, 1])
def test_cells(column: pa.Array, cut: int) -> None:
    part = column[cut:]
    read = cell_of(part)
    assert [read(n) for n in range(len(part))] == part.to_pylist()
