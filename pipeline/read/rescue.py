"""A PDF that was cut short, put together again in memory from the objects that came whole.

Belongs here: finding objects without a table of contents, objects packed into streams, a new list of pages. Does not belong
here: opening the result (pdf.py). The received file is never altered. Sources: ISO 32000-2, 7.3.10 (objects), 7.5.7 (object
streams), 7.7.3 (page tree).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_BEGIN = re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+obj\b")
_STREAM = re.compile(rb"endobj|>>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\d|\s+\d+\s+R)")
_PAGE, _CATALOG, _PACKED = (re.compile(rb"/Type\s*/" + kind + rb"(?![A-Za-z])") for kind in (b"Page", b"Catalog", b"ObjStm"))
_IMAGE = re.compile(rb"/Subtype\s*/Image(?![A-Za-z])")
_NUMBER = re.compile(rb"\d{1,10}")
"""Of ten digits at most, here and below: no file is longer, and Python refuses to count with thousands of them."""

_KIDS, _REFERENCE = re.compile(rb"/Kids\s*\[([^\]]*)\]"), re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+R")
_FORM = re.compile(rb"/AcroForm\s+(\d{1,9})\s+\d{1,5}\s+R")
_MOST_UNPACKED = 64_000_000
"""Bytes of packed objects that are looked into."""

_SHEET = 600
"""Pixels of an image's shorter side that may be a page."""


@dataclass(frozen=True)
class _Part:
    """An object: its number, its text or the text before its stream, and all its bytes up to its end."""

    number: int
    head: bytes
    body: bytes
    whole: bool


def put_together(content: bytes) -> bytes | None:
    """A PDF with a new table and a new list of pages for what is whole in `content` and for what came of the object in
    which it ends; None where no page can be told. Encrypted files are left alone."""
    if re.search(rb"/Encrypt\s+\d", content):
        return None
    parts = {part.number: part for part in _parts(content)}
    order = [int(n) for part in parts.values() if (kids := _KIDS.search(part.head)) for n in _REFERENCE.findall(kids.group(1))]
    place = {n: at for at, n in reversed(list(enumerate(order)))}
    pages = sorted((n for n, part in parts.items() if _PAGE.search(part.head)), key=lambda n: place.get(n, len(order)))
    last = max(parts, default=0)
    if not pages:
        sheets = [sheet for part in parts.values() if (sheet := _sheet(part, last + 2)) is not None]
        for drawn, page in sheets:
            parts[last + 1] = _made(last + 1, drawn)
            parts[last + 2] = _made(last + 2, page % (last + 1))
            pages.append(last + 2)
            last += 2
    return _written(parts, pages, last) if pages else None


def _parts(content: bytes) -> Iterator[_Part]:
    """The objects in the order of the file, those packed into a stream right behind it."""
    at, room = 0, _MOST_UNPACKED
    while (begin := _BEGIN.search(content, at)) is not None:
        part, at = _part(content, int(begin.group(1)), begin.end())
        yield part
        if _PACKED.search(part.head):
            packed = _unpacked(part, room)
            room -= len(packed)
            yield from _unpacked_parts(part.head, packed)


def _part(content: bytes, number: int, start: int) -> tuple[_Part, int]:
    """The object whose text begins at `start`, and where the next may begin."""
    found = _STREAM.search(content, start)
    if found is None:
        return _Part(number, content[start:], content[start:], False), len(content)
    if found.group() == b"endobj":
        head = content[start : found.start()]
        return _Part(number, head, head, True), found.end()
    head = content[start : found.start() + 2]
    said = _LENGTH.search(head)
    told = found.end() + int(said.group(1)) if said else found.end()
    end = content.find(b"endstream", told)
    if end < 0 or (said and end > told + 4):
        end = content.find(b"endstream", found.end())
    if end < 0:
        return _Part(number, head, content[start:] + b"\nendstream\n", False), len(content)
    return _Part(number, head, content[start : end + 9] + b"\n", True), end + 9


def _unpacked(part: _Part, room: int) -> bytes:
    """The bytes of an object stream, as far as they can be had; a filter other than Flate yields none."""
    stream = part.body[len(part.head) :].split(b"stream", 1)[-1].lstrip(b"\r\n")
    if b"/FlateDecode" not in part.head or b"/DecodeParms" in part.head:
        return b"" if b"/Filter" in part.head else stream[:room]
    try:
        return zlib.decompressobj().decompress(stream, max(room, 1))
    except zlib.error:
        return b""


def _unpacked_parts(head: bytes, packed: bytes) -> Iterator[_Part]:
    first = re.search(rb"/First\s+(\d{1,10})(?!\d)", head)
    numbers = [int(n) for n in _NUMBER.findall(packed[: int(first.group(1))])] if first else []
    places = [int(first.group(1)) + n for n in numbers[1::2]] if first else []
    ends = [*places[1:], len(packed)]
    for number, start, end in zip(numbers[::2], places, ends, strict=False):
        if start < end <= len(packed):
            body = packed[start:end] + b"\n"
            yield _Part(number, body, body, body.count(b"<<") == body.count(b">>"))


def _sheet(part: _Part, page: int) -> tuple[bytes, bytes] | None:
    """For an image of a page's size whose page is lost: what draws it, and a page with room for the number of that."""
    sides = [re.search(rb"/" + name + rb"\s+(\d{1,9})(?!\d)", part.head) for name in (b"Width", b"Height")]
    if not _IMAGE.search(part.head) or b"/ImageMask true" in part.head or not all(sides):
        return None
    wide, high = (int(side.group(1)) for side in sides if side)
    if min(wide, high) < _SHEET or max(wide, high) > 3 * min(wide, high):
        return None
    tall = 612 * high / wide
    drawn = b"q 612 0 0 %.2f 0 0 cm /I Do Q" % tall
    made = b"<< /Type /Page /MediaBox [0 0 612 %.2f] /Resources << /XObject << /I %d 0 R >> >> /Contents %%d 0 R >>" % (tall, part.number)
    return b"<< /Length %d >>\nstream\n%s\nendstream\n" % (len(drawn), drawn), made


def _made(number: int, body: bytes) -> _Part:
    return _Part(number, body, body, True)


def _written(parts: dict[int, _Part], pages: list[int], last: int) -> bytes:
    """The file: all objects, the pages under a new root, a table of where each lies."""
    forms = [m.group() for p in parts.values() if _CATALOG.search(p.head) and (m := _FORM.search(p.head)) and int(m.group(1)) in parts]
    tree, root = last + 1, last + 2
    kids = b" ".join(b"%d 0 R" % n for n in pages)
    parts = parts | {
        tree: _made(tree, b"<< /Type /Pages /MediaBox [0 0 612 792] /Count %d /Kids [%s] >>" % (len(pages), kids)),
        root: _made(root, b"<< /Type /Catalog /Pages %d 0 R %s >>" % (tree, b"".join(forms[-1:]))),
    }
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, part in parts.items():
        if part.whole or part.body.endswith(b"endstream\n"):
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, part.body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n" + b"".join(b"%d 1\n%010d 00000 n \n" % (n, at) for n, at in sorted(places.items()))
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (root + 1, root, start)
    return bytes(out)
