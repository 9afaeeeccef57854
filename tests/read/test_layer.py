"""Text layers: what a person sees is believed, what is hidden or broken is not."""

from pathlib import Path

import pytest

from pipeline.model import DocumentText
from pipeline.read import OcrWord, layer
from pipeline.read.recorded import Recorded
from tests.read.paper import LETTER, Blind, image_pdf, letter_pdf, line, pdf_bytes, picture_of, read_bytes

SEEN = line("Visible words stay", 72, 100)
BAR = "0 0 0 rg 60 640 400 30 re f\n"


def words(document: DocumentText) -> list[str]:
    return [w.text for p in document.pages for w in p.words]


@pytest.mark.parametrize(
    ("content", "believed"),
    [
        pytest.param(line("plain", 72, 150), True, id="black on white"),
        pytest.param(line("plain", 72, 150, before="0.55 g"), True, id="gray on white"),
        pytest.param(line("plain", 72, 150, before="3 Tr"), False, id="render mode invisible"),
        pytest.param(line("plain", 72, 150, before="1 g"), False, id="white on white"),
        pytest.param(line("plain", 72, 150, before="0.97 g"), False, id="nearly white on white"),
        pytest.param(line("plain", 700, 150), False, id="beside the page"),
        pytest.param(line("plain", 72, 830), False, id="below the page"),
        pytest.param(line("plain", 72, 145) + BAR, False, id="under a black bar"),
        pytest.param(BAR + line("plain", 72, 145, before="1 g"), True, id="white on a black bar"),
        pytest.param(BAR + line("plain", 72, 145, before="0 g"), False, id="black on a black bar"),
    ],
)
def test_hidden_text_is_not_believed(content: str, believed: bool, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([SEEN + content]), Blind())
    assert words(document)[:3] == ["Visible", "words", "stay"]
    assert ("plain" in words(document)) is believed


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rotated_pages_come_upright(rotate: int, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([SEEN], page=f"/Rotate {rotate}"), Blind())
    page = document.pages[0]
    assert words(document) == ["Visible", "words", "stay"]
    first, last = page.words[0].box, page.words[-1].box
    assert (page.width, page.height) == (612, 792)
    assert 70 < first[0] < 74 and 90 < first[1] < first[3] < 104
    assert last[0] > first[2] and abs(last[3] - first[3]) < 3


def test_bold_is_seen_and_boxes_lie_on_the_page(tmp_path: Path) -> None:
    content = line("Heading", 72, 90, font="F2") + line("text", 72, 120)
    page = read_bytes(tmp_path, "a.pdf", pdf_bytes([content]), Blind()).pages[0]
    assert [(w.text, w.bold, w.source) for w in page.words] == [("Heading", True, "layer"), ("text", False, "layer")]
    assert all(0 <= w.box[0] < w.box[2] <= page.width and 0 <= w.box[1] < w.box[3] <= page.height for w in page.words)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(line("MAPLE", 72, 100, before="6 Tc") + line("HILL", 160, 100, before="6 Tc"), "MAPLE HILL", id="tracked"),
        pytest.param(line("M A P L E   H I L L", 72, 100), "MAPLE HILL", id="typed with spaces"),
        pytest.param(line("A B C", 72, 100), "A B C", id="three initials stay"),
        pytest.param(line("1 2 3 4 5", 72, 100), "1 2 3 4 5", id="numbers stay"),
        pytest.param(line("Type I or II", 72, 100), "Type I or II", id="a single letter in a sentence"),
    ],
)
def test_letterspaced_words_are_closed_up(content: str, expected: str, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([content]), Blind())
    assert " ".join(words(document)) == expected


def test_offsets_hold_on_every_page(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([SEEN, line("Second page", 72, 90)]), Blind())
    assert document.text == "Visible words stay\fSecond page\f"
    for page in document.pages:
        assert page.origin == "layer" and page.image is not None
        assert (tmp_path / "home" / "store" / page.image).is_file()
        assert all(document.text[w.start : w.end] == w.text for w in page.words)


def test_scanner_text_layer_is_read_anew(tmp_path: Path) -> None:
    scan = image_pdf(picture_of(letter_pdf()), hidden="Wrong words of a scanner")
    heard = Recorded([[[OcrWord("Right", (200.0, 200.0, 300.0, 230.0), 0.95)]]])
    document = read_bytes(tmp_path, "a.pdf", scan, heard)
    assert words(document) == ["Right"]
    assert document.pages[0].origin == "ocr"
    assert heard.seen[-1] == ((2200, 1700), 200)


def test_shifted_encoding_is_read_anew(tmp_path: Path) -> None:
    def shifted(text: str) -> str:
        return "".join(chr(ord(c) + 3) if c.isalpha() and c.lower() < "x" else c for c in text)

    content = "".join(line(shifted(text), 72, 80 + 18 * i) for i, text in enumerate(LETTER))
    heard = Recorded([[[OcrWord("Right", (200.0, 200.0, 300.0, 230.0), 0.95)]]])
    assert words(read_bytes(tmp_path, "a.pdf", pdf_bytes([content]), heard)) == ["Right"]


def test_words_beside_the_layer_are_read_from_pixels(tmp_path: Path) -> None:
    strokes = "".join(f"{200 + 14 * i} 600 m {204 + 14 * i} 612 l {208 + 14 * i} 600 l S\n" for i in range(8))
    seen = OcrWord("AAAA", (560.0, 60.0, 870.0, 100.0), 0.9)
    heard = Recorded([[[seen, OcrWord("~", (100.0, 900.0, 120.0, 920.0), 0.9)]]])
    page = read_bytes(tmp_path, "a.pdf", pdf_bytes([SEEN + "1.5 w\n" + strokes]), heard).pages[0]
    assert [(w.text, w.source) for w in page.words][-1] == ("AAAA", "ocr")
    assert page.origin == "mixed" and len(page.words) == 4


def spaced(text: str, gaps: list[float], size: float = 12.5) -> list[layer.Glyph | None]:
    """Letters half an em wide; '_' is a space that was supposed; the gap before each letter after the first in em."""
    made: list[layer.Glyph | None] = []
    right, step = 60.0, iter([0.0, *gaps])
    for letter in text:
        if letter == "_":
            made.append(layer._SPACE)
            continue
        left = right + next(step) * size
        right = left + 0.5 * size
        made.append(layer.Glyph(letter, (left, 100.0, right, 100.0 + size), size, False, 0.0, 0, True))
    return made


@pytest.mark.parametrize(
    ("text", "gaps", "words"),
    [
        ("abc_J.", [0.04, 0.04, 0.14, 0.04], ["abc", "J."]),  # a narrow space between tight letters
        ("R_heum", [0.09, 0.03, 0.03, 0.03], ["Rheum"]),  # a kerned first letter
        ("ab_cd", [0.2, 0.22, 0.2], ["abcd"]),  # letters set apart evenly: the supposed space is none
        ("ab_cd", [0.2, 0.45, 0.2], ["ab", "cd"]),  # the same, with a real one
        ("ab_cd", [0.0, 0.05, 0.0], ["abcd"]),  # no gap to speak of
    ],
)  # fmt: skip
def test_a_supposed_space_is_held_against_the_usual_gap(text: str, gaps: list[float], words: list[str]) -> None:
    assert ["".join(g.text for g in run) for run in layer._runs(spaced(text, gaps))] == words


LOGO = "q 120 0 0 60 60 700 cm BI /W 24 /H 12 /CS /G /BPC 8 /F /AHx ID " + "".join("00" if (x // 3 + y // 3) % 2 else "ff" for y in range(12) for x in range(24)) + "> EI Q\n"


def pen(x: float, y: float) -> str:
    """A few strokes that hang together, as a word written by hand; `y` from the top of the page."""
    points = " ".join(f"{x + 6 * i} {792 - y + (9 if i % 2 else 0)} l" for i in range(1, 12))
    return f"1.2 w {x} {792 - y} m {points} S\n"


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        pytest.param("", False, id="nothing but text"),
        pytest.param(LOGO, False, id="a logo"),
        pytest.param("1 w 72 500 m 540 500 l S 60 60 500 300 re S\n", False, id="rules and a frame"),
        pytest.param(line("Sincerely,", 72, 600) + pen(80, 640), False, id="a signature"),
        pytest.param(line("Signature:", 72, 600) + pen(150, 600), False, id="a signature beside its label"),
        pytest.param(line("Date of birth:", 72, 300) + pen(160, 300), True, id="handwriting beside a label"),
        pytest.param("".join(pen(80, 300 + 40 * n) for n in range(6)), True, id="lines of handwriting"),
    ],
)
def test_a_good_layer_asks_for_ocr_only_where_something_is_written(content: str, asked: bool, tmp_path: Path) -> None:
    heard = Recorded([[]])
    text = "".join(line(t, 72, 150 + 14 * i) for i, t in enumerate(LETTER[5:12]))
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([text + content]), heard)
    assert bool(heard.seen) is asked
    assert "followed" in words(document)


def test_ink_is_still_seen_without_ocr(tmp_path: Path) -> None:
    content = SEEN + line("Sincerely,", 72, 600) + pen(80, 640)
    page = read_bytes(tmp_path, "a.pdf", pdf_bytes([content]), Recorded([[]])).pages[0]
    assert [m.kind for m in page.marks] == ["ink"]
    x0, y0, x1, y1 = page.marks[0].box
    assert 76 < x0 < 84 and 625 < y0 < 635 and 140 < x1 < 152 and 637 < y1 < 645
