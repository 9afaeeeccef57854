"""Paper for the reading room's tests: small PDFs written by hand, and pictures of pages as scanners make them.

Belongs here: making input. Does not belong here: reading it.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from pipeline.model import DocumentText, Receipt
from pipeline.read import Engine, OcrWord, read_file
from pipeline.read.picture import Pixels, pixels, rotated
from pipeline.settings import Settings, load
from pipeline.store import Store, sha256_of

LETTER = (
    "Maple Hill Family Practice", "418 Orchard Lane, Dayton, Ohio 45402", "Telephone (937) 555-0148", "",
    "March 9, 2026", "", "Re: Hannah Bergstrom, born 04/17/1983, member KTR-55102", "",
    "To the benefits department:", "",
    "I have followed this patient for chronic plantar fasciitis of the left foot (M72.2) since",
    "last June. Stretching, night splints and naproxen were tried for twelve weeks and did not",
    "bring lasting relief. Custom molded orthotics, code L3000, are needed to unload the heel",
    "while she works standing. The quoted price is $385.00 for the pair. I expect pain on first",
    "steps to drop from seven to three out of ten by the end of July.", "",
    "Sincerely,", "", "Oskar Lindqvist, DPM", "NPI 1234567893",
)  # fmt: skip
CRITICAL = ("(937)555-0148", "March9,2026", "04/17/1983", "KTR-55102", "M72.2", "L3000", "$385.00", "1234567893")


def pdf_bytes(
    contents: Sequence[str], *, page: str = "", root: str = "", extra: Sequence[str] = (), streams: Sequence[bytes] = ()
) -> bytes:
    """A PDF with one page for each content stream. Objects: 1 catalog, 2 pages, 3 Helvetica, 4 Helvetica-Bold, then
    the `extra` objects, then `streams`, then the pages. `page` and `root` are entries added to those dictionaries."""
    first_page = 5 + len(extra) + len(streams)
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(contents)))
    bodies: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        *[e.encode() for e in extra], *streams,
    ]  # fmt: skip
    for i, content in enumerate(contents):
        box = "" if "/MediaBox" in page else "/MediaBox [0 0 612 792]"
        fonts = "/Font << /F1 3 0 R /F2 4 0 R >>"
        shared = page if "/Resources" in page else f"{page} /Resources << {fonts} >>"
        bodies.append(f"<< /Type /Page /Parent 2 0 R {box} {shared} /Contents {first_page + 2 * i + 1} 0 R >>".encode())
        bodies.append(b"<< /Length %d >>\nstream\n" % len(content.encode("latin-1")) + content.encode("latin-1") + b"\nendstream")
    return _assembled(bodies)


def _assembled(bodies: Sequence[bytes]) -> bytes:
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start))
    return out.getvalue()


def line(text: str, x: float, y: float, size: float = 11, *, font: str = "F1", before: str = "") -> str:
    """One line of text with its baseline `y` points from the top of a page 792 high."""
    safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {before} /{font} {size} Tf {x} {792 - y} Td ({safe}) Tj ET\n"


def letter_pdf(lines: Sequence[str] = LETTER) -> bytes:
    """A one-page letter in Helvetica."""
    return pdf_bytes(["".join(line(text, 72, 80 + 18 * i) for i, text in enumerate(lines))])


def picture_of(pdf: bytes, dpi: int = 200, page: int = 0) -> Pixels:
    """The page in gray."""
    document = pdfium.PdfDocument(pdf)
    try:
        return pixels(document[page].render(scale=dpi / 72, grayscale=True).to_numpy()).copy()
    finally:
        document.close()


def scanned(gray: Pixels, *, skew: float = 0.0, noise: float = 4.0, seed: int = 7) -> Pixels:
    """As a flatbed sees it: gray paper, noise, skewed by some degrees counter-clockwise."""
    random = np.random.default_rng(seed)
    image = rotated(gray, skew).astype(np.float32) * 0.86 + 22
    return pixels(np.clip(image + random.normal(0, noise, image.shape), 0, 255))


def photographed(gray: Pixels, *, seed: int = 7) -> Pixels:
    """Lying askew on a dark table, lit from one side, in colour."""
    rows, columns = gray.shape
    high, wide = round(rows * 1.25), round(columns * 1.25)
    source = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32)
    goal = np.array(
        [[0.11 * wide, 0.08 * high], [0.91 * wide, 0.11 * high], [0.95 * wide, 0.93 * high], [0.07 * wide, 0.9 * high]],
        dtype=np.float32,
    )
    matrix = cv2.getPerspectiveTransform(source, goal)
    sheet = cv2.warpPerspective(gray, matrix, (wide, high)).astype(np.float32)
    there = cv2.warpPerspective(np.full_like(gray, 255), matrix, (wide, high)) > 127
    random = np.random.default_rng(seed)
    light = np.linspace(0.95, 0.55, wide, dtype=np.float32)[None, :]
    table = 60 + random.normal(0, 12, (high, wide)).astype(np.float32)
    flat = np.where(there, sheet * light, table * light)
    colour = np.stack([flat * 1.0, flat * 0.97, flat * 0.88], axis=2) + random.normal(0, 3, (high, wide, 3))
    return pixels(np.clip(colour, 0, 255))


def tiff(path: Path, pages: Sequence[Pixels], dpi: tuple[float, float] = (200, 200), bilevel: bool = False) -> Path:
    """A TIFF of one or more pages."""
    images = [Image.fromarray(p).convert("1" if bilevel else "L") for p in pages]
    more = {"save_all": True, "append_images": images[1:]}
    images[0].save(path, dpi=dpi, compression="group4" if bilevel else "tiff_lzw", **more)
    return path


def image_pdf(image: Pixels, *, rotate: int = 0, hidden: str = "") -> bytes:
    """A scanner's PDF: one JPEG over the page, and maybe an invisible text layer."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG", quality=85)
    rows, columns = image.shape[:2]
    wide, high = (612, 792) if rows > columns else (792, 612)
    space = "/DeviceGray" if image.ndim == 2 else "/DeviceRGB"
    data = stream.getvalue()
    xobject = (
        f"<< /Type /XObject /Subtype /Image /Width {columns} /Height {rows} /ColorSpace {space} /BitsPerComponent 8"
        f" /Filter /DCTDecode /Length {len(data)} >>\nstream\n"
    ).encode() + data + b"\nendstream"
    page = (
        f"/MediaBox [0 0 {wide} {high}] /Rotate {rotate}"
        " /Resources << /Font << /F1 3 0 R >> /XObject << /Im 5 0 R >> >>"
    )
    content = f"q {wide} 0 0 {high} 0 0 cm /Im Do Q\n" + (line(hidden, 72, 100, before="3 Tr") if hidden else "")
    return pdf_bytes([content], page=page, streams=[xobject])


def settings_in(folder: Path, **options: object) -> Settings:
    return load(folder, **options)


def read_bytes(folder: Path, name: str, content: bytes, engine: Engine, **options: object) -> DocumentText:
    """What read_file makes of a file with this content."""
    path = folder / name
    path.write_bytes(content)
    return read_path(path, engine, **options)


def read_path(path: Path, engine: Engine, **options: object) -> DocumentText:
    """What read_file makes of this file."""
    settings = settings_in(path.parent / "home", **options)
    sha256 = sha256_of(path)
    receipt = Receipt(
        sha256=sha256, file=path.name, channel="inbox", media_type="", size=path.stat().st_size, received_at="", batch="b"
    )
    return read_file(path, receipt, settings, Store(settings.store), engine)


def flat_text(document: DocumentText) -> str:
    """The text without any white space."""
    return "".join(document.text.split())


class Blind:
    """An engine that sees nothing; for pages on which OCR has no part."""

    name = "blind"
    version = "0"

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        return []
