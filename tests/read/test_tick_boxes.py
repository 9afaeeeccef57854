"""Tick boxes: drawn squares and rings, glyphs, typed brackets; letters and table cells are none."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.model import TickBox, Word
from pipeline.model.text import Box
from pipeline.read.boxed_words import without_box_letters
from pipeline.read.picture import Pixels, pixels, rotated
from pipeline.read.ticks import drawn_ticks, glyph_ticks
from tests.read.paper import Blind, line, pdf_bytes, read_bytes

DPI = 200


def sheet() -> Pixels:
    return np.full((600, 1000), 255, np.uint8)


def square(page: Pixels, x: int, y: int, side: int = 24, thick: int = 2) -> None:
    cv2.rectangle(page, (x, y), (x + side, y + side), 0, thick)


def cross(page: Pixels, x: int, y: int, side: int = 24) -> None:
    cv2.line(page, (x + 3, y + 3), (x + side - 3, y + side - 3), 0, 2)
    cv2.line(page, (x + side - 3, y + 3), (x + 3, y + side - 3), 0, 2)


def check(page: Pixels, x: int, y: int, side: int = 24) -> None:
    bow = np.array([[0.2, 0.5], [0.42, 0.8], [1.3, -0.3]]) * side + (x, y)
    cv2.polylines(page, [bow.astype(np.int32)], False, 0, max(2, side // 8))


def word(text: str, x0: float, y0: float, x1: float, y1: float) -> Word:
    return Word(text=text, box=(x0, y0, x1, y1), confidence=0.9, source="ocr", line=0, start=0)


@pytest.mark.parametrize("mark", ["empty", "cross", "check", "filled"])
@pytest.mark.parametrize("side", [15, 24, 34])
@pytest.mark.parametrize("softened", [False, True])
def test_squares(mark: str, side: int, softened: bool) -> None:
    page = sheet()
    square(page, 300, 200, side)
    if mark == "cross":
        cross(page, 300, 200, side)
    elif mark == "check":
        check(page, 300, 200, side)
    elif mark == "filled":
        page[204 : 200 + side - 3, 304 : 300 + side - 3] = 0
    if softened:
        page = pixels(cv2.GaussianBlur(rotated(page, 0.15), (0, 0), 0.9))
    found = drawn_ticks(page, DPI, [])
    assert [t.ticked for t in found] == [mark != "empty"]
    assert found[0].box == pytest.approx((108, 72, 108 + side * 0.36, 72 + side * 0.36), abs=3.2)


@pytest.mark.parametrize("ticked", [False, True])
def test_radio_buttons(ticked: bool) -> None:
    page = sheet()
    cv2.circle(page, (300, 200), 13, 0, 2)
    if ticked:
        cv2.circle(page, (300, 200), 6, 0, -1)
    assert [t.ticked for t in drawn_ticks(page, DPI, [])] == [ticked]


@pytest.mark.parametrize("ring", [False, True])
def test_marks_that_run_over_the_frame(ring: bool) -> None:
    """A crossed, a checked and a blackened box beside clean ones of their size."""
    page = sheet()
    for n in range(6):
        if ring:
            cv2.circle(page, (315, 100 + 60 * n + 15), 15, 0, 2)
        else:
            square(page, 300, 100 + 60 * n, 30)
    for x0, y0, x1, y1 in ((290, 150, 342, 202), (342, 148, 288, 204)):
        cv2.line(page, (x0, y0), (x1, y1), 0, 3)
    check(page, 300, 220, 30)
    cv2.circle(page, (315, 355), 14, 0, -1)
    assert [t.ticked for t in drawn_ticks(page, DPI, [])] == [False, True, True, False, True, False]


@pytest.mark.parametrize("text", ["Otto", "BOOK DD", "8008 600", "HELD", "[ note ]", "Q0D", "EBB"])
@pytest.mark.parametrize("face", [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_DUPLEX])
def test_letters_are_no_boxes(text: str, face: int) -> None:
    page = sheet()
    cv2.putText(page, text, (200, 300), face, 0.95, 0, 2)
    (_, high), _ = cv2.getTextSize(text, face, 0.95, 2)
    words, x = [], 200.0
    for part in text.split():
        across = cv2.getTextSize(part, face, 0.95, 2)[0][0]
        words.append(word(part, x * 0.36, (300 - high) * 0.36, (x + across) * 0.36, 110))
        x += cv2.getTextSize(part + " ", face, 0.95, 2)[0][0]
    assert drawn_ticks(page, DPI, words) == []


def test_table_cells_are_no_boxes() -> None:
    page = sheet()
    for x in range(200, 400, 30):
        cv2.line(page, (x, 100), (x, 190), 0, 2)
    for y in range(100, 200, 30):
        cv2.line(page, (200, y), (380, y), 0, 2)
    assert drawn_ticks(page, DPI, []) == []


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("☐ Yes ☒ No", [False, True]), ("☑ Self", [True]), ("✓ walks daily", [True]), ("[x] Yes [ ] No", [True, False]),
        ("[X]Yes []No", [True, False]), ("(x) weekly", [True]), ("[1] see note", []), ("__X__ left ___", [True]), ("x 12 weeks", []), ("(a) first", []),
    ],
)  # fmt: skip
def test_glyphs(text: str, states: list[bool]) -> None:
    words, x = [], 50.0
    for part in text.split():
        words.append(word(part, x, 50, x + 6 * len(part), 60))
        x += 6 * len(part) + 4
    assert [t.ticked for t in glyph_ticks(words)] == states


@pytest.mark.parametrize(
    ("words", "left"),
    [
        pytest.param([word("O", 108, 72, 117, 81), word("Yes", 121, 72, 140, 81)], ["Yes"], id="box read as a letter"),
        pytest.param([word("□Yes", 108, 72, 140, 81)], ["Yes"], id="box read into the word"),
        pytest.param([word("Yes", 108, 72, 140, 81)], ["Yes"], id="box only within the word's box"),
        pytest.param([word("Dysphagia", 103, 70, 160, 84)], ["Dysphagia"], id="a cross that runs over was read with the word"),
        pytest.param([word("Other", 121, 72, 160, 81)], ["Other"], id="word beside the box"),
    ],
)
def test_words_are_freed_of_boxes(words: list[Word], left: list[str]) -> None:
    page = sheet()
    square(page, 300, 200)
    square(page, 300, 300)
    ticks = [t for t in drawn_ticks(page, DPI, words) if t.box[1] < 90]
    assert len(ticks) == 1
    assert [w.text for w in without_box_letters(words, ticks)] == left


def test_drawn_boxes_of_a_pdf(tmp_path: Path) -> None:
    content = line("Cosmetic", 90, 100) + line("Daily use", 90, 120)
    content += "0.8 w 72 691 9 9 re S 72 671 9 9 re S 73 672 m 80 679 l S 80 672 m 73 679 l S\n"
    page = read_bytes(tmp_path, "a.pdf", pdf_bytes([content]), Blind()).pages[0]
    assert [t.ticked for t in page.ticks] == [False, True]
    assert page.ticks[1].box == pytest.approx((72, 112, 81, 121), abs=1.2)
    assert [w.text for w in page.words] == ["Cosmetic", "Daily", "use"]


@pytest.mark.parametrize(
    ("text", "box", "left"),
    [
        ("No", (98.0, 100.0, 108.0, 110.0), [("No", 108.0)]),  # read with its box
        ("No", (88.0, 100.0, 98.0, 110.0), [("No", 99.0)]),  # the box stands before it
        ("ON", (98.0, 100.0, 108.0, 110.0), []),  # a box and its mark read as letters
    ],
)
def test_a_box_read_into_a_short_word_is_cut_off(text: str, box: Box, left: list[tuple[str, float]]) -> None:
    right = 126.0 if text == "No" else 108.0
    word = Word(text=text, box=(99.0, 99.0, right, 111.0), confidence=0.9, source="ocr", line=0, start=0)
    kept = without_box_letters([word], [TickBox(box=box, ticked=True, confidence=0.9)])
    assert [(w.text, w.box[0]) for w in kept] == left


@pytest.mark.parametrize(("glyphs", "boxes"), [("●●○", 3), ("●●☐☒", 2), ("■■☐", 3), ("■○", 1), ("○○", 0)])
def test_filled_glyphs_are_bullets_without_a_hollow_one_of_their_kind(glyphs: str, boxes: int) -> None:
    words = [Word(text=g, box=(50.0, 50.0 + 20 * n, 60.0, 60.0 + 20 * n), confidence=0.99, source="layer", line=n, start=2 * n) for n, g in enumerate(glyphs)]
    assert len(glyph_ticks(words)) == boxes


def printed() -> list[Word]:
    """Twelve words elsewhere on the page: letters five points wide, words eight points high."""
    return [word("plain", 20 + 30 * (n % 4), 10 + 12 * (n // 4), 45 + 30 * (n % 4), 18 + 12 * (n // 4)) for n in range(12)]


@pytest.mark.parametrize(
    ("words", "boxes"),
    [
        pytest.param([("mass", 96.0, 72.0, 117.0, 81.0, 0.99)], 0, id="the last letter of a sure word"),
        pytest.param([("E0250", 106.0, 72.0, 131.0, 81.0, 0.99)], 0, id="the first letters of a code"),
        pytest.param([("GOODS", 104.0, 70.0, 171.0, 83.0, 0.99)], 0, id="a letter of a heading"),
        pytest.param([("a", 108.0, 72.0, 117.0, 81.0, 0.99)], 0, id="a word of one letter"),
        pytest.param([("6", 108.0, 72.0, 117.0, 84.0, 0.99)], 0, id="a digit whose bow is square"),
        pytest.param([("Physical", 107.0, 68.0, 158.0, 83.0, 0.99)], 1, id="room for the word behind the box"),
        pytest.param([("DYes", 107.0, 72.0, 132.0, 81.0, 0.99)], 1, id="a box read as the first letter"),
        pytest.param([("mass", 96.0, 72.0, 117.0, 81.0, 0.6)], 1, id="letters nobody was sure of"),
    ],
)
def test_letters_of_a_sure_word_are_no_boxes(words: list[tuple[str, float, float, float, float, float]], boxes: int) -> None:
    page = sheet()
    square(page, 300, 200)
    read = [word(*w[:5]).model_copy(update={"confidence": w[5]}) for w in words]
    assert len(drawn_ticks(page, DPI, [*printed(), *read])) == boxes


def test_boxes_between_two_words_read_as_one() -> None:
    page = sheet()
    for n in range(4):
        square(page, 300, 100 + 100 * n)
    words = [word("is:Curative", 90, 36, 160, 45), *(word("Daily", 121, 72 + 36 * n, 140, 81 + 36 * n) for n in range(3))]
    ticks = drawn_ticks(page, DPI, words)
    assert len(ticks) == 4
    assert [w.text for w in without_box_letters(words, ticks)] == ["is:", "Curative", "Daily", "Daily", "Daily"]


@pytest.mark.parametrize(("high", "boxes"), [(30, 3), (17, 0)])
def test_rings_in_one_row_higher_than_print_are_no_letters(high: int, boxes: int) -> None:
    page, words = sheet(), printed()
    for n in range(3):
        x = 300 + 200 * n
        cv2.circle(page, (x, 300), high // 2, 0, 2)
        half = high * 0.18 + 0.4
        words.append(word("O", x * 0.36 - half, 108 - half, x * 0.36 + half, 108 + half))
    assert len(drawn_ticks(page, DPI, words)) == boxes


def test_pale_boxes_beside_letters_that_look_like_boxes() -> None:
    """Thin frames of a photographed form are gray; a square bow of a sure word is no reason not to look for them."""
    page, words = sheet(), printed()
    for n in range(3):
        cv2.rectangle(page, (300, 200 + 80 * n), (320, 220 + 80 * n), 175, 1)
        words.append(word("Daily", 121, 72 + 28.8 * n, 145, 80 + 28.8 * n))
        square(page, 600 + 80 * n, 460, 20)
        words.append(word("mass", 203 + 28.8 * n, 165, 224 + 28.8 * n, 174).model_copy(update={"confidence": 0.99}))
    assert [t.ticked for t in drawn_ticks(page, DPI, words)] == [False] * 3
