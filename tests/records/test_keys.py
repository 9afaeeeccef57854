"""Keys of whole columns and of single values are the same."""

import pyarrow as pa
import pytest

from pipeline.records.keys import hash_of, hashes, id_form, id_forms, id_key, id_keys, id_stems

VALUES = ["", "QX-1020", "ARM 20 417", "R-N 88", "CL0118569", "vv1ll1am", "Ünïcode-7", "a" * 300, "QX-5O0 11l"]


def test_a_text_hashes_alone_as_it_does_in_a_column() -> None:
    assert [int(hash_of(v)[0]) for v in VALUES] == hashes(pa.array(VALUES)).tolist()
    assert hashes(pa.array(VALUES)[3:]).tolist() == hashes(pa.array(VALUES[3:])).tolist()


@pytest.mark.parametrize("values", [VALUES, [v for v in VALUES if v.isascii()]])
def test_ids_fold_alone_as_they_do_in_a_column(values: list[str]) -> None:
    assert id_keys(pa.array(values)).to_pylist() == [id_key(v) for v in values]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("QX-5O0 11l", "QX 500111", True), ("AR-N 20417", "AM20417", True), ("CL-0118569", "DO118569", True), ("QX500111", "QX500112", False), ("12-3456", "123 456", True)],
)
def test_ids_as_written_and_as_read(a: str, b: str, same: bool) -> None:
    assert (id_key(a) == id_key(b)) is same


@pytest.mark.parametrize(
    ("value", "stem"),
    [("QX-10204-02", "QX-10204"), ("QX-10204 2", "QX-10204"), ("QX-1020-02", "QX-1020"), ("QX-1-02", "QX-1-02"), ("QX-10204-0244", "QX-10204-0244"), ("123456789", "123456789")],
)
def test_an_id_without_the_persons_number(value: str, stem: str) -> None:
    assert id_stems(pa.array([value])).to_pylist() == [stem]


def test_forms_of_a_column() -> None:
    assert id_forms(pa.array(["ARM-20417", "CPH 88231", "20417"])) == {id_form("ARM-20417"), id_form("20417")}
