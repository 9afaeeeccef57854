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
SAID = [
    ("Electronically signed by: Wendell R. Ostrow, MD on 5/6/2026 at 10:12 AM", True),
    ("Digitally signed by Wendell R. Ostrow  Date: 2026.05.06 10:12:44 -05'00'", True),
    ("DocuSigned by:", True),
    ("E-signed by Wendell R. Ostrow, MD", True),
    ("Electronic signature: Wendell R. Ostrow, MD", True),
    ("Authenticated by Wendell R. Ostrow, MD", True),
    ("[signed] Wendell R. Ostrow, MD", True),
    ("Electronically signed by: ____________________", False),
    ("This form must be electronically signed by the provider.", False),
    ("Signature stamps are not accepted.", False),
    ("Not valid unless electronically signed.", False),
    ("Electronically signed copies will be accepted.", False),
    ("Signature is on file", False),
    ("Signature on file at this office", False),
    ("Dictated but not reviewed", False),
    ("Signed copy to follow", False),
    ("Awaiting physician signature", False),
    ("Patient's electronic signature: Ida Moreau", False),
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


@pytest.mark.parametrize(("says", "signed"), SAID, ids=[s for s, _ in SAID])
def test_what_is_said_of_signing(says: str, signed: bool) -> None:
    sheet = Sheet(inked([*HEAD, NAME, (72, 246, says)], None), (1,), "letter")
    line = next(n for n in sheet.lines if n.text == NAME[2])
    assert read_signed(sheet, line, (line.start, line.end)).value is signed


def test_unsigned_forms_are_returned_is_no_note() -> None:
    """An instruction of the form; the ink counts."""
    lines = [(72, 90, "Unsigned forms will be returned."), *ROW]
    assert read_signed(Sheet(inked(lines, (90, 272, 220, 298)), (1,), "form"), None, None).value is True


def test_a_signature_field_of_the_file_signs() -> None:
    document = inked([*HEAD, NAME], None).model_copy(update={"signed_digitally": True})
    sheet = Sheet(document, (1,), "letter")
    line = next(n for n in sheet.lines if n.text == NAME[2])
    field = read_signed(sheet, line, (line.start, line.end))
    assert field.value is True
    assert field.accepted is not None and "digital" in field.accepted.because


def scanned_name(text: str, high: float, confidence: float) -> DocumentText:
    """A scan on which the engine read `text` above the typed name."""
    document = paper(*HEAD, (72, 200, text), NAME)
    words = tuple(
        w.model_copy(update={"source": "ocr", **({"box": (w.box[0], 200.0, w.box[2], 200.0 + high), "confidence": confidence} if w.box[1] == 200 else {})})
        for w in document.pages[0].words
    )
    return document.model_copy(update={"pages": (document.pages[0].model_copy(update={"words": words}),)})


@pytest.mark.parametrize(
    ("text", "high", "confidence", "signed"),
    [("W. Ostrow", 16, 0.97, True), ("W Ostrow", 10, 0.81, True), ("Wendell Ostrow", 10, 0.99, False), ("Brindle Creek", 16, 0.97, False), ("27727", 17, 0.55, True)],
)
def test_a_name_in_print_hand(text: str, high: float, confidence: float, signed: bool) -> None:
    """Handwriting that an engine can read leaves no ink behind; print of one size is a typed name twice."""
    sheet = Sheet(scanned_name(text, high, confidence), (1,), "letter")
    line = next(n for n in sheet.lines if n.text == NAME[2])
    assert read_signed(sheet, line, (line.start, line.end)).value is signed


def test_ink_over_another_name_than_the_chosen_signer() -> None:
    """Two columns of signers: the physician's is empty, the therapist has signed."""
    lines = [*HEAD, NAME, (330, 230, "Delia Marsh, OTR/L")]
    sheet = Sheet(inked(lines, (335, 200, 450, 224)), (1,), "form")
    line = next(n for n in sheet.lines if n.text == NAME[2])
    assert read_signed(sheet, line, (line.start, line.end)).value is True


def test_a_bare_name_under_ink() -> None:
    lines = [*HEAD[:3], (72, 300, "If you need more, call me."), (72, 400, "Dr. Petra Lindqvist")]
    assert read_signed(Sheet(inked(lines, (74, 375, 190, 390)), (1,), "letter"), None, None).value is True
    assert read_signed(Sheet(inked(lines, None), (1,), "letter"), None, None).value is False


def test_a_postal_code_by_hand_over_a_forms_signature_line() -> None:
    """A form's address that runs on to a second line ends above the label of the signature."""
    document = paper((72, 230, "Office and address"), (72, 262, "97215"), *ROW)
    words = tuple(w.model_copy(update={"source": "ocr", "confidence": 0.5} if w.text == "97215" else {}) for w in document.pages[0].words)
    sheet = Sheet(document.model_copy(update={"pages": (document.pages[0].model_copy(update={"words": words}),)}), (1,), "form")
    assert read_signed(sheet, None, None).value is False
