"""Bad files: each gets its problem, none raises, and what can be read is read."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from pipeline.read import OcrWord
from pipeline.read.picture import pixels
from pipeline.read.recorded import Recorded
from tests.read.paper import Blind, image_pdf, letter_pdf, line, pdf_bytes, picture_of, read_bytes, read_path, tiff

SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs" / "inbox"


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(letter_pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def png(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def letterhead(mode: str) -> Image.Image:
    """A page with a black bar, in one of Pillow's modes."""
    page = Image.new("L", (850, 1100), 255)
    page.paste(0, (100, 300, 700, 330))
    if mode == "I;16":
        return Image.fromarray(np.asarray(page).astype(np.uint16) * 257)
    return page.convert(mode)


def sizeless() -> bytes:
    """A JPEG whose frame says 0 x 0."""
    whole = saved(Image.new("L", (64, 64), 200), "JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + bytes(4) + whole[at + 4 :]


def xfa(dynamic: bool) -> bytes:
    """An XFA form: with fields beside it (every viewer shows those), or with a notice only."""
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (who) /V (Ingrid) /DA (/F1 10 Tf) /F 4 /Rect [150 690 350 708] >>"
    form = "<< /Fields [" + ("" if dynamic else "6 0 R") + "] /XFA [(datasets) 7 0 R] >>"
    data = "<< /Length 0 >>\nstream\n\nendstream"
    content = line("Please wait. If this message is not replaced, your viewer cannot show the form." if dynamic else "Name", 72, 96)
    return pdf_bytes([content], root="/AcroForm 5 0 R", page="" if dynamic else "/Annots [6 0 R]", extra=[form, field, data])


def scribble() -> bytes:
    page = np.full((1100, 850), 255, np.uint8)
    page[300:330, 100:700] = 0
    return png(page)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("a.pdf", lambda: b"", "empty", id="zero bytes"),
        pytest.param("a.pdf", lambda: b"just text in a file called pdf", "unsupported", id="text called pdf"),
        pytest.param("a.docx", lambda: b"PK\x03\x04 something zipped", "unsupported", id="zip"),
        pytest.param("a.pdf", lambda: b"%PDF-1.7\n nothing else", "damaged", id="only a header"),
        pytest.param("a.pdf", lambda: pdf_bytes([]), "damaged", id="no pages"),
        pytest.param("a.pdf", locked, "encrypted", id="password"),
        pytest.param("a.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 50, "damaged", id="broken jpeg"),
        pytest.param("a.tif", lambda: b"II*\x00\x08\x00\x00\x00", "damaged", id="broken tiff"),
        pytest.param("a.png", lambda: png(np.full((1100, 850), 255, np.uint8)), "blank", id="blank page"),
        pytest.param("a.pdf", lambda: pdf_bytes(["", ""]), "blank", id="blank pdf"),
        pytest.param("a.png", scribble, "no_words", id="ink but no words"),
        pytest.param("a.pdf", lambda: image_pdf(picture_of(letter_pdf(), 100)), "no_words", id="an engine that sees nothing"),
    ],
)
def test_each_bad_file_gets_its_problem(name: str, content: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, name, content(), Blind())
    assert [p.code for p in document.problems] == [code]
    assert document.problems[0].says.endswith(".") and len(document.problems[0].says) > 30
    assert not any(p.words for p in document.pages)


@pytest.mark.parametrize(
    ("limit", "value"), [("max_pages", 1), ("max_megapixels", 0.5), ("max_file_mb", 0.0001)]
)
def test_limits(limit: str, value: float, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", pdf_bytes([line("a", 72, 90)] * 2), Blind(), **{limit: value})
    assert document.problems[0].code == "too_large"
    assert limit in document.problems[0].says


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    assert [p.code for p in read_bytes(tmp_path, "a.png", out.getvalue(), Blind()).problems] == ["too_large"]


def test_a_cut_pdf_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = pdf_bytes([line("First page", 72, 90), line("Second page", 72, 90)])
    document = read_bytes(tmp_path, "a.pdf", whole[: whole.index(b"xref")], Blind())
    assert "First page" in document.text


def test_a_pdf_cut_before_its_first_words_is_broken_and_not_blank(tmp_path: Path) -> None:
    """Its pages open without anything on them; a sender of blank paper is told something else."""
    whole = (SAMPLES / "attachment.pdf").read_bytes()
    assert [p.code for p in read_bytes(tmp_path, "cut.pdf", whole[:900], Blind()).problems] == ["damaged"]


def test_a_broken_page_does_not_stop_the_next(tmp_path: Path) -> None:
    good = pixels(np.full((1100, 850), 255, np.uint8))
    path = tiff(tmp_path / "a.tif", [good, good], dpi=(100, 100))
    data = bytearray(path.read_bytes())
    data[8:40] = b"\xff" * 32
    path.write_bytes(bytes(data))
    heard = Recorded([[[OcrWord("Here", (100.0, 100.0, 200.0, 120.0), 0.9)]]])
    document = read_path(path, heard)
    assert len(document.pages) == 2
    assert [p.page for p in document.problems] in ([1], [])
    assert "Here" in document.text


def test_problems_hold_no_words_of_the_letter(tmp_path: Path) -> None:
    cut = pdf_bytes([line("Rosamund Vance", 72, 90)])[:-400]
    said = " ".join(p.says for p in read_bytes(tmp_path, "Rosamund.pdf", cut, Blind()).problems)
    assert "Rosamund" not in said


def test_the_same_file_reads_the_same_twice(tmp_path: Path) -> None:
    first, second = (read_bytes(tmp_path, "a.pdf", letter_pdf(), Blind()) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", lambda: saved(letterhead("CMYK"), "JPEG"), id="CMYK jpeg"),
        pytest.param("a.tif", lambda: saved(letterhead("CMYK"), "TIFF"), id="CMYK tiff"),
        pytest.param("a.png", lambda: saved(letterhead("I;16"), "PNG"), id="16 bits"),
        pytest.param("a.tif", lambda: saved(letterhead("I;16"), "TIFF"), id="16 bits, tiff"),
        pytest.param("a.png", lambda: saved(letterhead("1"), "PNG"), id="1 bit"),
        pytest.param("a.png", lambda: saved(letterhead("P"), "PNG", transparency=7), id="palette, see-through"),
        pytest.param("a.png", lambda: saved(letterhead("LA"), "PNG"), id="gray with alpha"),
        pytest.param("a.tif", lambda: saved(letterhead("F"), "TIFF"), id="floating point"),
        pytest.param("a.tif", lambda: saved(letterhead("LAB"), "TIFF"), id="Lab colours"),
        pytest.param("a.webp", lambda: saved(letterhead("RGB"), "WEBP"), id="WebP"),
        pytest.param("a.jpg", lambda: saved(letterhead("RGB"), "WEBP", lossless=True), id="WebP called jpeg"),
    ],
)
def test_every_kind_of_pixel_is_read(name: str, content: Callable[[], bytes], tmp_path: Path) -> None:
    heard = Recorded([[[OcrWord("Here", (100.0, 100.0, 200.0, 120.0), 0.9)]]])
    document = read_bytes(tmp_path, name, content(), heard)
    assert document.problems == ()
    assert [w.text for w in document.pages[0].words] == ["Here"]


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        pytest.param("a.jpg", sizeless, {"damaged"}, id="0 x 0"),
        pytest.param("a.png", lambda: saved(Image.new("L", (1, 1)), "PNG"), {"damaged"}, id="one pixel"),
        pytest.param("a.png", lambda: saved(Image.new("1", (4, 60_000), 1), "PNG"), {"damaged"}, id="a thread of pixels"),
        pytest.param("a.gif", lambda: saved(letterhead("P"), "GIF"), {"unsupported"}, id="gif"),
        pytest.param("a.jpg", lambda: saved(letterhead("P"), "GIF"), {"unsupported"}, id="gif called jpeg"),
        pytest.param("a.jpg", lambda: saved(letterhead("L"), "JPEG")[:900], {"damaged"}, id="cut jpeg"),
        pytest.param("a.png", lambda: saved(letterhead("L"), "PNG")[:-60], {"damaged", "no_words"}, id="cut png"),
        pytest.param("a.webp", lambda: saved(letterhead("RGB"), "WEBP")[:200], {"damaged"}, id="cut WebP"),
        pytest.param("a.wav", lambda: b"RIFF\x24\x00\x00\x00WAVEfmt ", {"unsupported"}, id="sound"),
        pytest.param("a.pdf", lambda: xfa(dynamic=True), {"unsupported"}, id="dynamic XFA"),
    ],
)
def test_odd_files_end_as_a_named_problem(name: str, content: Callable[[], bytes], codes: set[str], tmp_path: Path) -> None:
    document = read_bytes(tmp_path, name, content(), Blind())
    assert document.problems and {p.code for p in document.problems} <= codes
    assert all(p.says.endswith(".") for p in document.problems)


def test_an_xfa_form_with_fields_is_read(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", xfa(dynamic=False), Blind())
    assert document.problems == ()
    assert "Ingrid" in document.text


def test_a_cut_page_of_a_tiff_spares_the_first(tmp_path: Path) -> None:
    good = pixels(np.random.default_rng(3).integers(0, 255, (1100, 850)).astype(np.uint8))
    path = tiff(tmp_path / "a.tif", [good, good], dpi=(100, 100))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    document = read_path(path, Recorded([[[OcrWord("Here", (100.0, 100.0, 200.0, 120.0), 0.9)]]]))
    assert all(p.code == "damaged" for p in document.problems)
    assert document.problems or "Here" in document.text
