"""What a file is by its first bytes, whatever its name says.

Belongs here: signatures, and the sentence for a file that is none of ours. Does not belong here: opening the file.
Sources: ISO 32000-2 Annex I (the PDF header may lie in the first 1024 bytes), TIFF 6.0 section 2 and BigTIFF, PNG
(ISO/IEC 15948) 5.2, JPEG (ITU-T T.81) B.1.1.3, WebP (RFC 9649) 2.4.
"""

from pathlib import Path

from pipeline.model import Problem

_OURS = (
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"II+\x00", "image/tiff"), (b"MM\x00+", "image/tiff"),
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
)  # fmt: skip
_OTHERS = (
    (0, b"PK\x03\x04", "application/zip", "an Office document or a ZIP archive"),
    (0, b"\xd0\xcf\x11\xe0", "application/x-ole-storage", "an old Office document or a stored e-mail"),
    (0, b"{\\rtf", "application/rtf", "a rich-text document"),
    (0, b"GIF8", "image/gif", "a GIF picture"),
    (0, b"BM", "image/bmp", "a BMP picture"),
    (4, b"ftyphei", "image/heic", "an HEIC photo, as phones make them"),
    (4, b"ftypmif", "image/heic", "an HEIC photo, as phones make them"),
)
_WANTED = "Ask for it as PDF, TIFF, PNG or JPEG."


def kind_of(path: Path) -> tuple[str, Problem | None]:
    """Media type, and the problem of a file that cannot be a letter: `empty` or `unsupported`."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        return "application/x-empty", Problem(code="empty", says="The file is empty (0 bytes). Ask for it to be sent again.")
    for magic, media in _OURS:
        if head.startswith(magic):
            return media, None
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp", None
    if b"%PDF-" in head:
        return "application/pdf", None
    for at, magic, media, name in _OTHERS:
        if head[at:].startswith(magic):
            return media, Problem(code="unsupported", says=f"The file is {name}, whatever its name says. {_WANTED}")
    return _text_or_unknown(head)


def _text_or_unknown(head: bytes) -> tuple[str, Problem]:
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        web = head.lstrip().lower().startswith((b"<!doctype html", b"<html"))
        media, name = ("text/html", "a web page") if web else ("text/plain", "plain text")
        return media, Problem(code="unsupported", says=f"The file is {name}, whatever its name says. {_WANTED}")
    return "application/octet-stream", Problem(code="unsupported", says=f"The file is of no kind that can be read here. {_WANTED}")
