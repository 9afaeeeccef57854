"""Values of PDF form fields, in the place of their widgets."""

from pathlib import Path

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
