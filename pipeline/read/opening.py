"""What kind of file it is, and whether it is within the limits.

Belongs here: telling kinds apart by their bytes, size limits, the sentences for files that cannot be opened. Does not
belong here: reading pages.
"""

from pathlib import Path
from typing import Literal

from pipeline.errors import Damaged, Empty, TooLarge, Unsupported
from pipeline.settings import Settings

Kind = Literal["pdf", "tiff", "png", "jpeg", "webp"]

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"II+\x00", "tiff"), (b"MM\x00+", "tiff"),
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"),
)  # fmt: skip


def kind_of(path: Path, settings: Settings) -> Kind:
    """The kind of a received file. Raises Empty, Unsupported, or TooLarge beyond `max_file_mb`."""
    size = path.stat().st_size
    if size == 0:
        raise Empty("The file is empty (0 bytes). Ask for it to be sent again.")
    if size > settings.max_file_mb * 1e6:
        raise TooLarge(f"The file has {size / 1e6:.0f} MB; the setting max_file_mb allows {settings.max_file_mb:.0f}. Ask for it in parts.")
    with path.open("rb") as stream:
        head = stream.read(1024)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if b"%PDF-" in head:
        return "pdf"
    raise Unsupported("The file is no PDF, TIFF, PNG, JPEG or WebP, whatever its name says. Ask for one of these.")


def check_pages(count: int, settings: Settings) -> None:
    """Raises Empty for none, TooLarge beyond `max_pages`."""
    if count == 0:
        raise Empty("The file has no pages. Ask for it to be sent again.")
    if count > settings.max_pages:
        raise TooLarge(f"The file has {count} pages; the setting max_pages allows {settings.max_pages}. Ask for it in parts.")


def check_pixels(width: int, height: int, settings: Settings) -> None:
    """Raises TooLarge beyond `max_megapixels`."""
    if width * height > settings.max_megapixels * 1e6:
        raise TooLarge(
            f"A page has {width * height / 1e6:.0f} megapixels; the setting max_megapixels allows "
            f"{settings.max_megapixels:.0f}. Ask for it on ordinary paper."
        )


def check_shape(width: float, height: float, least: float) -> None:
    """Damaged for a side below `least`, or for a page forty times as long as wide: no page of a letter."""
    if min(width, height) < least or max(width, height) > 40 * min(width, height):
        raise Damaged(f"A page measures {width:.0f} x {height:.0f} and cannot hold a letter. Ask for it to be sent again.")
