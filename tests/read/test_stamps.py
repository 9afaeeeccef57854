"""Stamps over print: the print under a paler stamp is read, and nothing else changes."""

import cv2
import numpy as np
import pytest

from pipeline.model import Word
from pipeline.read import OcrWord, engine_named
from pipeline.read.ocr import recognised
from pipeline.read.picture import Pixels, pixels
from pipeline.read.prepare import Prepared, prepared
from pipeline.read.recorded import Recorded
from pipeline.read.stamps import read_under_stamps, stamped_strips
from tests.read.paper import LETTER, letter_pdf, picture_of

PAGE = picture_of(letter_pdf())


def stamped(x: int, y: int, tone: int) -> Pixels:
    """The letter with a date stamp in gray `tone` whose top left corner is at (x, y)."""
    ink = np.full_like(PAGE, 255)
    cv2.rectangle(ink, (x, y), (x + 420, y + 170), tone, 6)
    cv2.putText(ink, "RECEIVED", (x + 40, y + 70), cv2.FONT_HERSHEY_DUPLEX, 2.0, tone, 7)
    cv2.putText(ink, "MAR 17 2026", (x + 25, y + 140), cv2.FONT_HERSHEY_DUPLEX, 1.8, tone, 7)
    return pixels(np.minimum(PAGE, ink))


@pytest.mark.parametrize(
    ("picture", "count"),
    [
        pytest.param(PAGE, 0, id="no stamp"),
        pytest.param(stamped(180, 480, 150), 1, id="pale stamp over print"),
        pytest.param(stamped(600, 1700, 150), 0, id="pale stamp on bare paper"),
        pytest.param(stamped(180, 480, 10), 0, id="stamp as dark as the print"),
    ],
)
def test_strips(picture: Pixels, count: int) -> None:
    assert len(stamped_strips(picture, 200)) == count


def test_print_under_a_stamp_is_read() -> None:
    engine = engine_named("paddle")
    page, words = recognised(prepared(stamped(180, 480, 150), (200.0, 200.0)), engine)
    text = " ".join(w.text for w in read_under_stamps(page, words, engine))
    assert all(part in text for part in LETTER[6].split())


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        pytest.param([("M54", 0.8)], [("M54.2", 0.99)], ["M54.2"], id="surer wins"),
        pytest.param([("M54.2", 0.97)], [("M54", 0.97)], ["M54.2"], id="a tie changes nothing"),
        pytest.param([("TLSO", 0.90)], [("TLS0", 0.93)], ["TLSO"], id="hardly surer changes nothing"),
        pytest.param([], [("new", 0.97)], ["new"], id="a word that was missed"),
        pytest.param([], [("nw", 0.7)], [], id="a guess is no word"),
        pytest.param([("there", 0.5)], [], ["there"], id="nothing read, nothing lost"),
    ],
)
def test_the_surer_reading_counts(
    first: list[tuple[str, float]], again: list[tuple[str, float]], expected: list[str]
) -> None:
    picture = stamped(180, 480, 150)
    top = stamped_strips(picture, 200)[0][0]
    words = [
        Word(text=t, box=(72, (top + 60) * 0.36, 110, (top + 90) * 0.36), confidence=c, source="ocr", line=0, start=0)
        for t, c in first
    ]
    heard = Recorded([[[OcrWord(t, (200.0, 60.0, 305.0, 90.0), c) for t, c in again]]])
    page = Prepared(picture, picture, 200, 0, False)
    assert [w.text for w in read_under_stamps(page, words, heard)] == expected


@pytest.mark.parametrize(
    ("confidence", "lost", "asked"),
    [
        pytest.param(0.99, False, 0, id="read well"),
        pytest.param(0.9, False, 1, id="one word in doubt"),
        pytest.param(0.99, True, 1, id="a line that was not read"),
    ],
)
def test_print_that_was_read_well_is_not_read_again(confidence: float, lost: bool, asked: int) -> None:
    picture = stamped(180, 480, 150)
    top, bottom, _, _ = stamped_strips(picture, 200)[0]
    half = (top + bottom) / 2
    bands = [(top, half, 0.99), (half, bottom, confidence)][: 1 if lost else 2]
    words = [
        Word(text="line", box=(60, y0 * 0.36, 560, y1 * 0.36), confidence=sure, source="ocr", line=0, start=0)
        for y0, y1, sure in bands
    ]
    engine = Recorded([])
    read_under_stamps(Prepared(picture, picture, 200, 0, False), words, engine)
    assert len(engine.seen) == asked
