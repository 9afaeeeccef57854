"""The second opinion: which words get one, what it does to them, and that an engine gives it."""

import cv2
import numpy as np
import pytest

from pipeline.read import OcrWord, engine_named
from pipeline.read.ocr import in_points
from pipeline.read.opinion import DISPUTED, is_critical, weighed
from tests.read.paper import letter_pdf, picture_of


@pytest.mark.parametrize(
    ("text", "critical"),
    [
        ("03/14/2026", True), ("2026,", True), ("(847)", True), ("555-0172", True), ("M54.2", True), ("I10", True),
        ("110", True), ("E0601", True), ("Jo585", True), ("$45", True), ("MBR-20931", True), ("1/2", True),
        ("twelve", False), ("12", False), ("3rd", False), ("B12", True), ("COVID19", False), ("L", False), ("$", False),
    ],
)  # fmt: skip
def test_words_that_decide(text: str, critical: bool) -> None:
    assert is_critical(text) is critical


@pytest.mark.parametrize(
    ("again", "sure", "text", "confidence", "opinion"),
    [
        pytest.param("M54.2", 0.97, "M54.2", 0.97, "agreed", id="agreement raises"),
        pytest.param("M54.2", 0.6, "M54.2", 0.9, "agreed", id="agreement never lowers"),
        pytest.param("M54.2,", 0.8, "M54.2", 0.9, "agreed", id="a comma is no dispute"),
        pytest.param("M54.7", 0.8, "M54.2", DISPUTED * 0.8, "disputed", id="the first stays"),
        pytest.param("M54.7", 0.95, "M54.2", DISPUTED * 0.9, "disputed", id="hardly surer, the first stays"),
        pytest.param("", 0.0, "M54.2", 0.9, "single", id="nothing read"),
        pytest.param(".", 0.9, "M54.2", 0.9, "single", id="a speck read"),
    ],
)
def test_two_readings(again: str, sure: float, text: str, confidence: float, opinion: str) -> None:
    word = weighed(OcrWord("M54.2", (0.0, 0.0, 9.0, 9.0), 0.9), again, sure)
    assert (word.text, word.opinion) == (text, opinion)
    assert word.confidence == pytest.approx(confidence)


def test_a_clearly_surer_second_text_counts() -> None:
    word = weighed(OcrWord("M5A.2", (0.0, 0.0, 9.0, 9.0), 0.6), "M54.2", 0.95)
    assert (word.text, word.opinion) == ("M54.2", "disputed")
    assert word.confidence == pytest.approx(DISPUTED * 0.6)


def test_clear_print_is_agreed_and_prose_has_no_opinion() -> None:
    words = in_points(engine_named("paddle").words(picture_of(letter_pdf()), 200), 200)
    critical = [w for w in words if is_critical(w.text)]
    assert critical and {w.opinion for w in critical} == {"agreed"}
    assert {w.opinion for w in words if not is_critical(w.text)} == {None}


def test_a_slanted_line_is_read_again_in_its_own_place() -> None:
    page = np.full((400, 1200), 255, np.uint8)
    cv2.putText(page, "Claim 20481937 of 03/14/2026", (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 4, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((600, 200), 3.0, 1.0)
    lines = engine_named("paddle").words(np.asarray(cv2.warpAffine(page, turn, (1200, 400), borderValue=255), np.uint8), 200)
    assert {w.text: w.opinion for line in lines for w in line if is_critical(w.text)} == {
        "20481937": "agreed", "03/14/2026": "agreed",
    }  # fmt: skip
