"""The grammar's vote: letters read as digits and digits as letters, and numbers that cannot be."""

import pytest

from pipeline.read import OcrWord, engine_named
from pipeline.read.slots import voted
from tests.read.paper import letter_pdf, picture_of, scanned

LEANS, KNOWS = 5e-2, 1e-7


def seen(text: str, lean: float = 0.0) -> OcrWord:
    return OcrWord(text, (0.0, 0.0, 9.0, 9.0), 0.98, "agreed", lean=lean)


@pytest.mark.parametrize(
    ("read", "lean", "code"),
    [
        ("110", LEANS, "I10"), ("(187.2).", LEANS, "(I87.2)."), ("024.410", LEANS, "O24.410"), ("163.9,", 1e-3, "I63.9,"), ("l63.9,", 0, "I63.9,"), ("647.33", LEANS, "G47.33"),
        ("59470", LEANS, "S9470"), ("M17.ll", 0, "M17.11"), ("(E11.S9)", 0, "(E11.59)"), ("Jo585", 0, "J0585"), ("EO143", 0, "E0143"), ("L3O00;", 0, "L3000;"),
    ],
)  # fmt: skip
def test_codes_are_mended_and_then_agreed_by_nobody(read: str, lean: float, code: str) -> None:
    word = voted(seen(read, lean))
    assert (word.text, word.opinion) == (code, "single")


@pytest.mark.parametrize(
    ("read", "lean"),
    [
        pytest.param("110", KNOWS, id="a weight"), pytest.param("125.10", KNOWS, id="an amount"), pytest.param("150.00", LEANS, id="no code however it leans"),
        pytest.param("148", LEANS, id="a category without its dot"), pytest.param("1638204176", LEANS, id="an identifier"), pytest.param("M17.11", 0, id="a code"),
        pytest.param("S72.001A", 0, id="a code that ends in a letter"), pytest.param("J0585", 0, id="a HCPCS code"), pytest.param("A1C", 0, id="a test"),
        pytest.param("B12", 0, id="a vitamin"), pytest.param("L5-S1", 0, id="a level of the spine"), pytest.param("02/28/1986", 0, id="a date"),
        pytest.param("28/02/1986", 0, id="a date with the day first"), pytest.param("555-0172", 0, id="a phone"), pytest.param("GS-10-42", 0, id="a group"),
    ],
)  # fmt: skip
def test_near_misses_stay_agreed(read: str, lean: float) -> None:
    assert voted(seen(read, lean)) == seen(read, lean)


@pytest.mark.parametrize(
    ("read", "lean", "opinion"),
    [
        pytest.param("284Q1", 0, "disputed", id="a letter in a ZIP"), pytest.param("13/45/2026", 0, "disputed", id="no such day"),
        pytest.param("03/14/3026", 0, "disputed", id="another century"), pytest.param("00/14/2026", 0, "disputed", id="no month"),
        pytest.param("110", 5e-5, "single", id="perhaps a code"), pytest.param("|25.10", 0, "single", id="a code, or a number behind a rule"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_agreed(read: str, lean: float, opinion: str) -> None:
    word = voted(seen(read, lean))
    assert (word.text, word.opinion) == (read, opinion)


def test_what_another_reading_said_of_a_mended_code_is_agreement() -> None:
    assert voted(seen("(187.2)", LEANS), {"I87.2": seen("I87.2")}).opinion == "agreed"
    assert voted(seen("(187.2)", LEANS), {"87.2": seen("87.2")}).opinion == "single"
    assert voted(seen("58427"), {"s8427": seen("s8427")}).text == "S8427"
    assert voted(seen("58427", KNOWS), {"58427": seen("58427", KNOWS)}) == seen("58427", KNOWS)


def test_two_networks_lean_together() -> None:
    """One that is nearly sure of the digit does not outweigh one that is not; two that are sure stay so."""
    assert voted(seen("(197.2)", 5e-5), {"197.2": seen("197.2", 1e-2)}).text == "(I97.2)"
    assert voted(seen("(197.2)", 1e-7), {"197.2": seen("197.2", 1e-5)}) == seen("(197.2)", 1e-7)


def test_print_tells_a_letter_from_its_digit() -> None:
    """In a face in which both are a stroke, codes are read with their letter and numbers of the same shape without it."""
    page = picture_of(letter_pdf(("Venous insufficiency (I87.2), hypertension I10, hypogalactia (O92.4).", "A weight of 110 pounds, 187.2 kilograms, lot 092.4 of 110 pieces.")), 200)
    for gray in (page, scanned(page, skew=0.4)):
        lines = engine_named("paddle").words(gray, 200)
        seen_codes = [[w.text.strip("(),.") for w in line if any(c.isdigit() for c in w.text)] for line in lines]
        assert seen_codes == [["I87.2", "I10", "O92.4"], ["110", "187.2", "092.4", "110"]]


def test_a_number_with_ones_is_one_word() -> None:
    """There is more room about a 1 than between other digits; it was read as '1' and '10'."""
    gray = scanned(picture_of(letter_pdf(("A weight of 110 pounds, at 110 mg, room 110 of 111.",)), 150))
    words = [w.text.strip(",.") for line in engine_named("paddle").words(gray, 150) for w in line]
    assert [w for w in words if any(c.isdigit() for c in w)] == ["110", "110", "110", "111"]
