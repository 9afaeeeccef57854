"""Files made to do harm: each ends as a named problem, in time and without being unpacked."""

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.read.paper import Blind, line, pdf_bytes, read_bytes

SIDE = 40_000


def image_bomb(filtered: str, data: bytes, extra: str = "") -> bytes:
    """A PDF page with an image of 1.6 gigapixels in a few kilobytes."""
    picture = (f"<< /Type /XObject /Subtype /Image /Width {SIDE} /Height {SIDE} /ColorSpace /DeviceGray /BitsPerComponent 1 "
               f"/Filter /{filtered} {extra} /Length {len(data)} >>\nstream\n").encode() + data + b"\nendstream"  # fmt: skip
    page = "/Resources << /Font << /F1 3 0 R >> /XObject << /I 5 0 R >> >>"
    return pdf_bytes(["q 612 0 0 792 0 0 cm /I Do Q\n"], page=page, streams=[picture])


def flate_bomb() -> bytes:
    squeezed = zlib.compressobj(9)
    row = bytes(SIDE // 8)
    return image_bomb("FlateDecode", b"".join(squeezed.compress(row) for _ in range(SIDE)) + squeezed.flush())


def jbig2_bomb() -> bytes:
    side = SIDE.to_bytes(4, "big")
    segment = b"\x00\x00\x00\x00" + b"\x30\x00\x01" + (19).to_bytes(4, "big") + side + side + bytes(8) + b"\x04\x00\x00"
    return image_bomb("JBIG2Decode", segment)


def tiff_bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (SIDE, SIDE)).save(out, "TIFF", compression="group4")
    return out.getvalue()


def endless_tiff() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("1", (8, 8)) for _ in range(400)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def looping_tiff() -> bytes:
    """Its only directory names itself as the next: endless pages for who believes it."""
    out = io.BytesIO()
    Image.new("1", (850, 1100), 1).save(out, "TIFF")
    data = bytearray(out.getvalue())
    at = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[at : at + 2], "little")
    data[at + 2 + 12 * entries : at + 6 + 12 * entries] = at.to_bytes(4, "little")
    return bytes(data)


def looping_tree() -> bytes:
    """A page tree that holds itself."""
    return pdf_bytes([""]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")


def looping_xref() -> bytes:
    whole = pdf_bytes([""])
    start = whole.index(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def looping_fields() -> bytes:
    """A form field that is its own parent and its own child."""
    form = "<< /FT /Tx /T (a) /Parent 5 0 R /Kids [5 0 R] /Subtype /Widget /Rect [0 0 9 9] >>"
    return pdf_bytes([""], root="/AcroForm << /Fields [5 0 R] >>", page="/Annots [5 0 R]", extra=[form])


CASES = [
    pytest.param("a.pdf", flate_bomb, ["too_large"], id="image of zeros in a PDF"),
    pytest.param("a.pdf", jbig2_bomb, ["too_large"], id="JBIG2 page in a PDF"),
    pytest.param("a.tif", tiff_bomb, ["too_large"], id="fax page of 1.6 gigapixels"),
    pytest.param("a.tif", endless_tiff, ["too_large"], id="400 frames"),
    pytest.param("a.tif", looping_tiff, ["blank"], id="frames in a loop"),
    pytest.param("a.pdf", lambda: pdf_bytes([""] * 10_000), ["too_large"], id="10,000 empty pages"),
    pytest.param("a.pdf", lambda: pdf_bytes([""], root="/AcroForm << /Fields [] >>").replace(b"/Count 1", b"/Count 99999999"), ["blank", "damaged", "too_large"], id="a count that lies"),
    pytest.param("a.pdf", looping_tree, ["blank", "damaged", "empty"], id="a page tree in a loop"),
    pytest.param("a.pdf", looping_xref, ["blank", "damaged"], id="a cross-reference in a loop"),
    pytest.param("a.pdf", looping_fields, ["blank", "damaged"], id="a field that is its own parent"),
    pytest.param("a.pdf", lambda: pdf_bytes([""], page="/MediaBox [0 0 2000000 2000000]"), ["too_large"], id="a page of half a mile"),
    pytest.param("a.pdf", lambda: pdf_bytes(["q " * 200_000 + line("a", 72, 90)]), ["blank", "no_words", "damaged", None], id="deeply nested drawing"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "made", "codes"), CASES)
def test_harm_is_named(name: str, made: Callable[[], bytes], codes: list[str | None], tmp_path: Path) -> None:
    content = made()
    begun = time.monotonic()
    document = read_bytes(tmp_path, name, content, Blind())
    assert (document.problems[0].code if document.problems else None) in codes
    assert time.monotonic() - begun < 30
