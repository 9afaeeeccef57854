"""PDFs that were cut short: what came whole is read and told as such, and the received file stays as it came."""

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import DocumentText
from pipeline.read import OcrWord
from pipeline.read.recorded import Recorded
from pipeline.read.rescue import put_together
from tests.read.paper import Blind, image_pdf, letter_pdf, line, pdf_bytes, picture_of, read_bytes


def printed(pages: int = 2) -> bytes:
    """A letter as a program writes it: compressed streams, the list of pages behind them."""
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1)
    for number in range(1, pages + 1):
        for row in range(30):
            canvas.drawString(72, 740 - 20 * row, f"Page {number} row {row} tells of the brace and of the knee that needs it.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def packed() -> bytes:
    """A file whose catalog, pages and font lie compressed in an object stream, as word processors write them."""
    plain = pdf_bytes([line("Words in a packed file", 72, 90)])
    bodies = dict(re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", plain, re.S))
    inside = {n: b for n, b in bodies.items() if b"stream" not in b}
    at, index, text = 0, [], b""
    for number, body in inside.items():
        index.append(b"%s %d" % (number, at))
        text += body + b" "
        at = len(text)
    first = b" ".join(index) + b" "
    squeezed = zlib.compress(first + text)
    streams = [b"%s 0 obj\n%s\nendobj\n" % (n, b) for n, b in bodies.items() if n not in inside]
    holder = b"90 0 obj\n<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + b"".join(streams) + holder % (len(inside), len(first), len(squeezed), squeezed) + b"91 0 obj\n<< /Type /XRef"


def page_list_lost() -> bytes:
    """A scan of which only the picture came."""
    whole = image_pdf(picture_of(letter_pdf(), 150))
    image = next(m for m in re.finditer(rb"\d+ 0 obj\n.*?endobj\n", whole, re.S) if b"/Subtype /Image" in m.group())
    return b"%PDF-1.4\n" + image.group() + b"9 0 obj\n<< /Type /Pa"


def without_catalog(whole: bytes) -> bytes:
    """A file of which the table and the root are lost, as where a program writes them last."""
    return re.sub(rb"\d+ 0 obj\s*<<[^>]*/Type /Catalog[^>]*>>\s*endobj", b"", whole).split(b"xref")[0]


def upto(whole: bytes, share: float) -> bytes:
    return whole[: int(len(whole) * share)]


def read(content: bytes, folder: Path) -> DocumentText:
    return read_bytes(folder, "a.pdf", content, Blind())


@pytest.mark.parametrize(
    ("made", "words"),
    [
        pytest.param(lambda: upto(printed(), 0.97), ["Page 1 row 0", "Page 2 row 29"], id="the table is gone"),
        pytest.param(lambda: without_catalog(printed()), ["Page 1 row 0", "Page 2 row 29"], id="the catalog is gone"),
        pytest.param(packed, ["Words in a packed file"], id="packed objects"),
        pytest.param(lambda: pdf_bytes([line("First", 72, 90), line("Second", 72, 90)]).split(b"xref")[0], ["First", "Second"], id="plain objects"),
    ],
)
def test_what_came_whole_is_read_and_the_cut_is_told(made: Callable[[], bytes], words: list[str], tmp_path: Path) -> None:
    content = made()
    document = read(content, tmp_path)
    assert all(w in document.text for w in words)
    assert [(p.code, p.page) for p in document.problems] == [("damaged", len(document.pages))]
    assert document.pages[-1].problems == document.problems
    assert (tmp_path / "a.pdf").read_bytes() == content


def test_a_page_cut_in_its_words_is_read_up_to_there(tmp_path: Path) -> None:
    content = pdf_bytes(["".join(line(f"Row {n} of the letter", 72, 90 + 14 * n) for n in range(40))])
    document = read(content[: content.index(b"Row 30")], tmp_path)
    assert "Row 29 of the letter" in document.text
    assert "Row 31" not in document.text
    assert [p.code for p in document.problems] == ["damaged"]


def test_a_lost_page_is_told_beside_the_one_that_came(tmp_path: Path) -> None:
    whole = pdf_bytes([line("First", 72, 90), line("Second", 72, 90)])
    document = read(whole[: whole.index(b"(Second)") - 60], tmp_path)
    assert "First" in document.text
    assert {(p.code, p.page) for p in document.problems} <= {("damaged", 1), ("damaged", 2)}
    assert document.problems


def test_pages_stand_in_the_order_of_their_list(tmp_path: Path) -> None:
    whole = pdf_bytes([line("Alpha", 72, 90), line("Omega", 72, 90)])
    first, second = re.search(rb"/Kids \[(\d+) 0 R (\d+) 0 R\]", whole).groups()  # type: ignore[union-attr]
    swapped = whole.replace(b"/Kids [%s 0 R %s 0 R]" % (first, second), b"/Kids [%s 0 R %s 0 R]" % (second, first))
    text = read(swapped.split(b"xref")[0], tmp_path).text
    assert text.index("Omega") < text.index("Alpha")


def test_a_picture_without_its_page_is_a_page(tmp_path: Path) -> None:
    heard = Recorded([[[OcrWord("Here", (100.0, 100.0, 200.0, 120.0), 0.9)]]])
    document = read_bytes(tmp_path, "a.pdf", page_list_lost(), heard)
    assert document.text.strip() == "Here"
    assert [p.code for p in document.problems] == ["damaged"]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: printed(), id="a whole file"),
        pytest.param(lambda: printed() + b"\r\n" * 400, id="empty lines behind the end"),
        pytest.param(lambda: b"\r\n" * 30 + printed(), id="empty lines before the beginning"),
    ],
)
def test_whole_files_are_not_told_as_cut(made: Callable[[], bytes], tmp_path: Path) -> None:
    document = read(made(), tmp_path)
    assert document.problems == ()
    assert "Page 2 row 29" in document.text


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n", id="no page"),
        pytest.param(b"%PDF-1.7\n" + b"\x00\xff obj endobj stream" * 200, id="noise"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\n2 0 obj\n<< /Encrypt 3 0 R >>\nendobj\n", id="locked"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /First 999999 /N 3 /Filter /FlateDecode /Length 9 >>\nstream\nnot flate\nendstream", id="a broken pack"),
    ],
)
def test_nothing_is_made_of_nothing(content: bytes, tmp_path: Path) -> None:
    assert [p.code for p in read(content, tmp_path).problems] == ["damaged"]


_HUGE = b"9" * 5000


@pytest.mark.parametrize(
    "body",
    [
        b"<< /Type /Page /Length %s >>\nstream\nabc\nendstream" % _HUGE,
        b"<< /Subtype /Image /Width %s /Height 900 >>\nstream\nabc\nendstream" % _HUGE,
        b"<< /Type /ObjStm /First %s >>\nstream\nabc\nendstream" % _HUGE,
        b"<< /Type /ObjStm /First 6000 >>\nstream\n%s\nendstream" % _HUGE,
        b"<< /Type /Pages /Kids [%s 0 R] >>" % _HUGE,
        b"<< /Type /Catalog /AcroForm %s 0 R >>\nendobj\n2 0 obj\n<< /Type /Page >>" % _HUGE,
    ],
    ids=["length", "width", "first", "packed", "kids", "form"],
)
def test_a_number_of_thousands_of_digits_stops_nobody(body: bytes, tmp_path: Path) -> None:
    assert [p.code for p in read(b"%PDF-1.4\n1 0 obj\n" + body + b"\nendobj\n", tmp_path).problems] == ["damaged"]


@pytest.mark.parametrize("packing", ["DCTDecode", "JPXDecode"])
def test_a_picture_that_cannot_be_unpacked_costs_its_page_alone(packing: str, tmp_path: Path) -> None:
    picture = f"<< /Type /XObject /Subtype /Image /Width 900 /Height 1200 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /{packing} /Length 3 >>\nstream\nabc\nendstream"
    drawn = "/Resources << /Font << /F1 3 0 R >> /XObject << /I 5 0 R >> >>"
    content = pdf_bytes([line("First", 72, 90), "q 612 0 0 792 0 0 cm /I Do Q", line("Third", 72, 90)], page=drawn, streams=[picture.encode()])
    document = read(content, tmp_path)
    assert [w.text for p in document.pages for w in p.words] == ["First", "Third"]
    assert [(p.code, p.page) for p in document.problems] == [("damaged", 2)]


def test_a_packed_bomb_is_not_unpacked() -> None:
    squeezed = zlib.compress(b"1 0 " + b" " * 400_000_000, 9)
    bomb = b"%%PDF-1.7\n7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(squeezed), squeezed)
    assert put_together(bomb) is None
