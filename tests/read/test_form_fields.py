"""Values of PDF form fields, in the place of their widgets."""

from pathlib import Path

import pytest

from pipeline.model import DocumentText
from tests.read.paper import Blind, line, pdf_bytes, read_bytes

BOX = "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 0 >>\nstream\n\nendstream"


def form(*, hidden: bool = False, signature: str = "") -> bytes:
    """A form with a text field, a choice, a long text, a tick box, two radio buttons and maybe a signature."""
    flag = 2 if hidden else 4
    fields = [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (who) /V (Ingrid Sorensen) /DA (/F1 10 Tf) /F {flag}"
        " /Rect [150 690 350 708] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (plan) /V (Gold) /F 4 /Rect [150 660 350 678] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Tx /Ff 4096 /T (why) /DA (/F1 10 Tf) /F 4 /Rect [150 560 350 640]"
        " /V (Walking more than one block brings on pain that lasts for hours\rSecond remark) >>",
        "<< /Type /Annot /Subtype /Widget /FT /Btn /T (first) /V /Yes /AS /Yes /F 4 /Rect [150 530 162 542]"
        " /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> >>",
        "<< /FT /Btn /Ff 49152 /T (often) /V /weekly /Kids [12 0 R 13 0 R] >>",
        "<< /Type /Annot /Subtype /Widget /Parent 11 0 R /AS /weekly /F 4 /Rect [150 500 162 512]"
        " /AP << /N << /weekly 6 0 R /Off 6 0 R >> >> >>",
        "<< /Type /Annot /Subtype /Widget /Parent 11 0 R /AS /Off /F 4 /Rect [200 500 212 512]"
        " /AP << /N << /daily 6 0 R /Off 6 0 R >> >> >>",
    ]
    names = "7 0 R 8 0 R 9 0 R 10 0 R 11 0 R" + (" 14 0 R" if signature else "")
    extra = [f"<< /Fields [{names}] >>", BOX, *fields, *([signature] if signature else [])]
    content = "".join(line(text, 72, y) for text, y in [("Name", 96), ("Plan", 126), ("Reason", 164), ("Signed", 340)])
    page = "/Annots [7 0 R 8 0 R 9 0 R 10 0 R 12 0 R 13 0 R]"
    return pdf_bytes([content], page=page, root="/AcroForm 5 0 R", extra=extra)


def values(document: DocumentText) -> list[str]:
    return [w.text for w in document.pages[0].words if w.source == "field"]


def test_values_stand_among_their_labels(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", form(), Blind())
    lines = document.text.splitlines()
    assert lines[lines.index("Name") + 1] == "Ingrid Sorensen"
    assert lines[lines.index("Plan") + 1] == "Gold"
    assert " ".join(values(document)[3:]) == "Walking more than one block brings on pain that lasts for hours Second remark"
    assert len({round(w.box[1]) for w in document.pages[0].words if w.source == "field"}) >= 5


def test_boxes_and_buttons_have_states_and_names(tmp_path: Path) -> None:
    ticks = read_bytes(tmp_path, "a.pdf", form(), Blind()).pages[0].ticks
    assert [(t.name, t.ticked) for t in ticks] == [("first", True), ("often=weekly", True), ("often=daily", False)]
    assert ticks[0].box == (150, 250, 162, 262)


def test_hidden_fields_are_not_read(tmp_path: Path) -> None:
    assert "Ingrid" not in values(read_bytes(tmp_path, "a.pdf", form(hidden=True), Blind()))


def test_a_digital_signature_is_seen(tmp_path: Path) -> None:
    unsigned = "<< /FT /Sig /T (sig) >>"
    signed = "<< /FT /Sig /T (sig) /V << /Type /Sig /Contents <00ff> /ByteRange [0 1 2 3] >> >>"
    assert not read_bytes(tmp_path, "a.pdf", form(signature=unsigned), Blind()).signed_digitally
    assert read_bytes(tmp_path, "b.pdf", form(signature=signed), Blind()).signed_digitally


def test_a_broken_form_leaves_the_page(tmp_path: Path) -> None:
    broken = pdf_bytes([line("Still here", 72, 90)], root="/AcroForm << /Fields 99 0 R >>", page="/Annots [98 0 R]")
    assert read_bytes(tmp_path, "a.pdf", broken, Blind()).text == "Still here\f"


def one_field(entries: str, *, root: str = "/AcroForm << /Fields [5 0 R] >>") -> bytes:
    """A page with a label and one annotation."""
    annotation = f"<< /Type /Annot /Rect [150 690 350 708] {entries} >>"
    return pdf_bytes([line("Label", 72, 96)], page="/Annots [5 0 R]", root=root, extra=[annotation])


@pytest.mark.parametrize(
    ("entries", "shown"),
    [
        pytest.param("/Subtype /Widget /FT /Tx /V (Rosa Lindgren)", "Rosa Lindgren", id="plain"),
        pytest.param("/Subtype /Widget /FT /Ch /V (pt) /Opt [[(pt) (Physical therapy)] [(ot) (Occupational therapy)]]", "Physical therapy", id="a code shown by its name"),
        pytest.param("/Subtype /Widget /FT /Ch /V [(pt) (ot)] /Opt [[(pt) (Physical)] [(ot) (Occupational)]]", "Physical, Occupational", id="two lines chosen"),
        pytest.param("/Subtype /Widget /FT /Ch /V (Gold) /Opt [(Gold) (Silver)]", "Gold", id="a list of names"),
        pytest.param("/Subtype /Widget /FT /Tx /Ff 16777216 /MaxLen 8 /V (04171983)", "04171983", id="one letter to a cell"),
        pytest.param("/Subtype /Widget /FT /Tx /RV (<body><p>Twice &amp; again</p></body>)", "Twice & again", id="rich text alone"),
        pytest.param("/Subtype /Widget /FT /Tx /V (Twice) /RV (<body><p><b>Twice</b></p></body>)", "Twice", id="rich text beside plain"),
        pytest.param("/Subtype /Widget /FT /Tx /F 32 /V (unseen)", "", id="no view"),
        pytest.param("/Subtype /Widget /FT /Tx /Ff 8192 /V (unseen)", "", id="password"),
        pytest.param("/Subtype /Widget /FT /Tx /V (unseen) /Rect [150 690 150.5 708]", "", id="of no width"),
        pytest.param("/Subtype /Widget /FT /Tx /V (unseen) /Rect [150 900 350 918]", "", id="above the page"),
        pytest.param("/Subtype /Widget /FT /Tx /V (unseen) /Rect [-400 690 -200 708]", "", id="beside the page"),
        pytest.param("/Subtype /FreeText /DA (/F1 10 Tf) /Contents (Typed onto it)", "Typed onto it", id="a typed note"),
        pytest.param("/Subtype /FreeText /F 2 /Contents (unseen)", "", id="a hidden note"),
        pytest.param("/Subtype /Text /Contents (a comment that pops up)", "", id="a comment"),
    ],
)  # fmt: skip
def test_what_a_field_shows(entries: str, shown: str, tmp_path: Path) -> None:
    if "/Rect" in entries:
        entries, _, rect = entries.partition("/Rect")
        content = one_field(entries).replace(b"/Rect [150 690 350 708]", b"/Rect" + rect.encode(), 1)
    else:
        content = one_field(entries)
    page = read_bytes(tmp_path, "a.pdf", content, Blind()).pages[0]
    assert " ".join(w.text for w in page.words if w.source == "field") == shown
    assert page.words[0].text == "Label"


def test_a_typed_note_needs_no_form(tmp_path: Path) -> None:
    content = one_field("/Subtype /FreeText /Contents (March 9)", root="")
    assert values(read_bytes(tmp_path, "a.pdf", content, Blind())) == ["March", "9"]


LOOKS = "/AP << /N << /{0} 6 0 R /Off 6 0 R >> >>"


@pytest.mark.parametrize(
    ("parent", "look", "ticks"),
    [
        pytest.param("/V /b", "", [("often=a", False, 0.99), ("often=b", True, 0.99)], id="by value alone"),
        pytest.param("", "/AS /Off", [("often=a", False, 0.99), ("often=b", False, 0.99)], id="none chosen"),
        pytest.param("/V /b", "/AS /Off", [("often=a", False, 0.99), ("often=b", False, 0.7)], id="value and look differ"),
        pytest.param("/V /1 /Opt [(once) (daily)]", "", [("often=once", False, 0.99), ("often=daily", True, 0.99)], id="numbered states"),
    ],
)
def test_radio_groups(parent: str, look: str, ticks: list[tuple[str, bool, float]], tmp_path: Path) -> None:
    states = ("0", "1") if "Opt" in parent else ("a", "b")
    kids = [
        f"<< /Type /Annot /Subtype /Widget /Parent 7 0 R {look} /Rect [{x} 500 {x + 12} 512] {LOOKS.format(s)} >>"
        for x, s in zip((150, 200), states, strict=True)
    ]
    group = f"<< /FT /Btn /Ff 49152 /T (often) {parent} /Kids [8 0 R 9 0 R] >>"
    content = pdf_bytes([line("Often", 72, 290)], page="/Annots [8 0 R 9 0 R]", root="/AcroForm 5 0 R", extra=["<< /Fields [7 0 R] >>", BOX, group, *kids])
    found = read_bytes(tmp_path, "a.pdf", content, Blind()).pages[0].ticks
    assert [(t.name, t.ticked, t.confidence) for t in found] == ticks
