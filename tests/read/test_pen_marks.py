"""Choices made without a box: rings around words, crosses on blanks; and what only looks like them."""

import cv2
import numpy as np
import pytest

from pipeline.model import Word
from pipeline.read.penmarks import blanks, circled, without_blanks
from pipeline.read.picture import Pixels
from pipeline.read.split import Line, words_in
from pipeline.read.ticks import drawn_ticks, glyph_ticks
from tests.read.paper import line, pdf_bytes, picture_of
from tests.read.test_tick_boxes import square, word

DPI = 200
KINDS = {
    "by hand": "1.3 w 118 700 m 118 712 178 712 178 699 c 178 688 117 687 119 702 c S\n",
    "with a gap": "1.3 w 120 705 m 124 712 178 712 178 699 c 178 688 117 687 117 699 c S\n",
    "a frame": "1 w 117 690 60 20 re S\n",
    "through its end": "1.3 w 118 700 m 118 714 164 714 164 700 c 164 687 117 686 118 701 c S\n",
    "an underline": "1 w 117 692 m 178 692 l S\n",
    "a stamp": "2 w 80 740 m 80 790 260 790 260 700 c 260 620 80 620 80 740 c S\n",
}


def page(content: str) -> Pixels:
    return picture_of(pdf_bytes([content]), DPI)


@pytest.mark.parametrize(("kind", "ringed"), [(k, k in ("by hand", "with a gap", "through its end")) for k in KINDS])
def test_a_ringed_word_is_chosen(kind: str, ringed: bool) -> None:
    content = line("Side:", 72, 96) + line("Left one", 126, 96) + line("Right", 200, 96)
    words = [
        word("Side:", 72, 86, 98, 99),
        word("Left", 126, 86, 145, 99),
        word("one", 148, 86, 168, 99),
        word("Right", 200, 86, 226, 99),
    ]
    assert [t.ticked for t in circled(page(content + KINDS[kind]), DPI, words)] == [True] * ringed


def test_crosses_on_blanks() -> None:
    rules = "0.8 w 72 690 m 96 690 l S 172 690 m 196 690 l S 272 690 m 296 690 l S\n"
    cross = "1.2 w 180 691 m 188 699 l S 188 691 m 180 699 l S\n"
    words = [word("Daily", 100, 92, 126, 105), word("Weekly", 200, 92, 236, 105), word("Never", 300, 92, 330, 105)]
    assert [t.ticked for t in blanks(page(rules + cross), DPI, words)] == [False, True, False]
    assert blanks(page(rules), DPI, words) == []


def test_blanks_to_write_on_are_none() -> None:
    rules = "0.8 w 72 690 m 96 690 l S 172 690 m 330 690 l S\n" + line("two", 76, 101)
    words = [word("two", 76, 92, 94, 104), word("tablets", 100, 92, 136, 105), word("for", 335, 92, 350, 105)]
    assert blanks(page(rules), DPI, words) == []


def test_words_are_freed_of_blanks() -> None:
    rules = "0.8 w 72 690 m 96 690 l S 172 690 m 196 690 l S\n1.2 w 180 691 m 188 699 l S 188 691 m 180 699 l S\n"
    words = [
        word("_Daily", 72, 92, 126, 105),
        word("_X__Weekly", 172, 92, 236, 105),
        word("_X__", 172, 92, 196, 105),
        word("x_ray", 400, 92, 430, 105),
    ]
    found = blanks(page(rules), DPI, words)
    assert [t.ticked for t in found] == [False, True]
    assert [w.text for w in without_blanks(words, found)] == ["Daily", "Weekly", "x_ray"]


@pytest.mark.parametrize(
    ("texts", "count"),
    [(("OLeft", "ORight", "OBoth"), 3), (("Office", "Order", "Other"), 0), (("ORDER", "OXBOW", "OHIO"), 0)],
)
def test_boxes_read_as_the_first_letter(texts: tuple[str, ...], count: int) -> None:
    sheet = np.full((600, 1000), 255, np.uint8)
    words = []
    for n, text in enumerate(texts):
        square(sheet, 300, 100 + 80 * n, 26)
        cv2.putText(sheet, text[1:], (329, 126 + 80 * n), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
        words.append(word(text, 108, (96 + 80 * n) * 0.36, 108 + 10 * len(text), (130 + 80 * n) * 0.36))
    assert len(drawn_ticks(sheet, DPI, words)) == count


def test_numbers_in_cells_are_not_ticked() -> None:
    sheet = np.full((300, 600), 255, np.uint8)
    square(sheet, 100, 100, 36)
    cv2.putText(sheet, "5", (108, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    assert drawn_ticks(sheet, DPI, [word("5", 38, 37, 46, 48)]) == []


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("● Weekly ● Daily", []),
        ("○ Weekly ● Daily", [False, True]),
        ("○ rest ○ ice", []),
        ("■ rest", []),
        ("□ Yes ■ No", [False, True]),
        ("❍ Yes ✖ No", [False, True]),
    ],
)
def test_bullets_are_no_boxes(text: str, states: list[bool]) -> None:
    words: list[Word] = [word(part, 50.0 + 40 * n, 50, 80.0 + 40 * n, 60) for n, part in enumerate(text.split())]
    assert [t.ticked for t in glyph_ticks(words)] == states


def test_a_line_of_spaces_has_no_words() -> None:
    strip = np.full((48, 200), 255, np.uint8)
    strip[10:30, 40:60] = 0
    back = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert words_in(Line([" "], [50.0], [0.9], strip, back, [0.0])) == []
