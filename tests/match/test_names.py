"""Names in parts, and how two of them compare."""

import datetime as dt

import pytest

from pipeline.codes.fold import fold
from pipeline.match import compare
from pipeline.records import read_name
from pipeline.records.keys import id_form, id_key


@pytest.mark.parametrize(
    ("text", "given", "middle", "surname", "suffix"),
    [
        ("Ana Ortega", "ana", (), ("ortega",), ""),
        ("ORTEGA, ANA M.", "ana", ("m",), ("ortega",), ""),
        ("Dr. Ana M. Ortega", "ana", ("m",), ("ortega",), ""),
        ("Ortega, Ana, Jr.", "ana", (), ("ortega",), "jr"),
        ("Leo Barton Jr.", "leo", (), ("barton",), "jr"),
        ("Leo Barton, Sr.", "leo", (), ("barton",), "sr"),
        ("Leo Barton III", "leo", (), ("barton",), "iii"),
        ("Barton Jr, Leo", "leo", (), ("barton",), "jr"),
        ("Ana Vega-Ortega", "ana", (), ("vega", "ortega"), ""),
        ("Ana van der Berg", "ana", (), ("van", "der", "berg"), ""),
        ("Colm O'Hara", "colm", (), ("ohara",), ""),
        ("Ortega", "", (), ("ortega",), ""),
    ],
)
def test_parts(text: str, given: str, middle: tuple[str, ...], surname: tuple[str, ...], suffix: str) -> None:
    name = read_name(text)
    assert (name.given, name.middle, name.surname) == (fold(given), tuple(map(fold, middle)), tuple(map(fold, surname)))
    assert name.suffix == suffix


@pytest.mark.parametrize(
    ("a", "b", "given", "surname"),
    [
        ("Ana Ortega", "Ana Ortega", "exact", "exact"),
        ("Ana 0rtega", "Ana Ortega", "exact", "exact"),
        ("Arnanda Hamilton", "Amanda Harnilton", "exact", "exact"),
        ("Bob Ortega", "Robert Ortega", "nickname", "exact"),
        ("Robert Ortega", "Rupert Ortega", "differs", "exact"),
        ("A. Ortega", "Ana Ortega", "initial", "exact"),
        ("B. Ortega", "Ana Ortega", "differs", "exact"),
        ("Ana Vega", "Ana Vega-Ortega", "exact", "part"),
        ("Ana Vega Ortega", "Ana Vega-Ortega", "exact", "exact"),
        ("Ana Kowalskl", "Ana Kowalski", "exact", "exact"),
        ("Ana Kowalsky", "Ana Kowalski", "exact", "near"),
        ("Ana Vance", "Ana Vonce", "exact", "differs"),
        ("Kwaku Mensah", "Kwame Mensah", "differs", "exact"),
        ("Kai Mensah", "Kaito Mensah", "differs", "exact"),
        ("Jon Mensah", "Jan Mensah", "differs", "exact"),
        ("Marian Mensah", "Marion Mensah", "near", "exact"),
    ],
)
def test_names_compare(a: str, b: str, given: str, surname: str) -> None:
    found = compare.names(read_name(a), read_name(b))
    assert (found["given"], found["surname"]) == (given, surname)


def test_reversed_order_without_a_comma() -> None:
    found = compare.names(read_name("Ortega Ana"), read_name("Ana Ortega"))
    assert (found["given"], found["surname"], found["order"]) == ("exact", "exact", "reversed")


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("1979-02-03", "1979-02-03", "exact"),
        ("1979-02-03", "1979-03-02", "swapped"),
        ("1979-02-03", "1979-02-08", "one_digit"),
        ("1974-02-03", "1947-02-03", "transposed"),
        ("1979-02-03", "1979-02-15", "partly"),
        ("1979-02-03", "1988-02-03", "partly"),
        ("1979-02-03", "1988-11-20", "differs"),
        (None, "1988-11-20", "missing"),
    ],
)
def test_birth_dates_compare(a: str | None, b: str, outcome: str) -> None:
    assert compare.dob(dt.date.fromisoformat(a) if a else None, dt.date.fromisoformat(b)) == outcome


@pytest.mark.parametrize(("a", "b", "alike"), [("1980-02-03", "1930-02-08", False), ("1980-02-03", "1980-02-08", True), ("1980-02-04", "1980-02-07", False)])
def test_only_lookalike_digits_are_forgiven(a: str, b: str, alike: bool) -> None:
    assert compare.looks_alike(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) is alike


def test_ids() -> None:
    assert id_key("QX-5O0 11l") == id_key("QX 500111")
    assert id_key("QX500111") != id_key("QX500112")
    assert id_form("ARM-20417") == id_form("CPH-88231") != id_form("20417")
    assert compare.one_edit(id_key("QX500111"), id_key("QX500171")) is True
    assert compare.exchanged(id_key("QX500123"), id_key("QX500132")) is True
    assert compare.one_edit(id_key("QX500123"), id_key("QX500132")) is False
