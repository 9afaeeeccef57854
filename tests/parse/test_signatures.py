"""Signed or not: ink where a signature stands, sentences that sign, and what only looks like it."""

import pytest

from pipeline.model import DocumentText, InkMark
from pipeline.parse.sheet import Sheet
from pipeline.parse.signature import read_signed
from tests.parse.paper import paper

HEAD = [(72, 72, "Brindle Creek Clinic"), (72, 100, "Dear Reviewer:"), (72, 120, "I ask that massage is covered for my patient, as it is medically necessary."), (72, 160, "Sincerely,")]
NAME = (72, 230, "Wendell R. Ostrow, MD")
ROW = [(72, 300, "Provider signature"), (360, 300, "Date")]

LETTERS = [
    ("ink over the name", [*HEAD, NAME], (80, 185, 230, 222), True),
    ("ink beside the name", [*HEAD, NAME], (190, 222, 300, 246), True),
    ("nothing", [*HEAD, NAME], None, False),
    ("ink at the foot of the page", [*HEAD, NAME], (380, 640, 480, 670), False),
    ("a stamp of the mail room", [*HEAD, (160, 200, "RECEIVED MAY 09 2026"), NAME], (140, 180, 330, 240), False),
    ("signed on a screen", [*HEAD, NAME, (72, 246, "Electronically signed by Wendell R. Ostrow, MD on 05/06/2026")], None, True),
    ("conformed", [*HEAD, (72, 210, "/s/ Wendell R. Ostrow"), NAME], None, True),
    ("on file", [*HEAD, NAME, (72, 246, "Signature on file")], None, False),
    ("dictated", [*HEAD, NAME, (72, 246, "Dictated but not read")], None, False),
]
FORMS = [
    ("signed over the line", ROW, (90, 272, 220, 298), True),
    ("only the date is filled in", ROW, (362, 280, 420, 298), False),
    ("empty", ROW, None, False),
]


def inked(lines: list[tuple[float, float, str]], ink: tuple[float, float, float, float] | None) -> DocumentText:
    document = paper(*lines)
    marks = (InkMark(box=ink, share=0.2),) if ink else ()
    return document.model_copy(update={"pages": (document.pages[0].model_copy(update={"marks": marks}),)})


@pytest.mark.parametrize(("lines", "ink", "signed"), [c[1:] for c in LETTERS], ids=[c[0] for c in LETTERS])
def test_letters(lines: list[tuple[float, float, str]], ink: tuple[float, float, float, float] | None, signed: bool) -> None:
    sheet = Sheet(inked(lines, ink), (1,), "letter")
    line = next(n for n in sheet.lines if n.text == NAME[2])
    field = read_signed(sheet, line, (line.start, line.end))
    assert field.value is signed
    assert field.accepted is not None
    if signed and ink:
        assert field.accepted.evidence is not None
        assert field.accepted.evidence.box == ink


@pytest.mark.parametrize(("lines", "ink", "signed"), [c[1:] for c in FORMS], ids=[c[0] for c in FORMS])
def test_forms(lines: list[tuple[float, float, str]], ink: tuple[float, float, float, float] | None, signed: bool) -> None:
    assert read_signed(Sheet(inked(lines, ink), (1,), "form"), None, None).value is signed
