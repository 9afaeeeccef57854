"""Type by content, never by name."""

from pathlib import Path

import pytest

from pipeline.intake import kind_of

PDF = b"%PDF-1.7\n"


@pytest.mark.parametrize(
    ("content", "media", "problem"),
    [
        (PDF, "application/pdf", None),
        (b"\r\n" * 500 + PDF, "application/pdf", None),
        (b" " * 1100 + PDF, "text/plain", "unsupported"),
        (b"II*\x00....", "image/tiff", None),
        (b"MM\x00*....", "image/tiff", None),
        (b"II+\x00....", "image/tiff", None),
        (b"II\x00*....", "application/octet-stream", "unsupported"),
        (b"\x89PNG\r\n\x1a\n....", "image/png", None),
        (b"\x89PNG....", "text/plain", "unsupported"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg", None),
        (b"", "application/x-empty", "empty"),
        (b"PK\x03\x04 word/document.xml", "application/zip", "unsupported"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic", "unsupported"),
        (b"<!DOCTYPE html><html>", "text/html", "unsupported"),
        (b"Dear reviewer", "text/plain", "unsupported"),
        (b"\x00\x01\x02", "application/octet-stream", "unsupported"),
    ],
)
def test_kind_is_told_by_the_first_bytes(tmp_path: Path, content: bytes, media: str, problem: str | None) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    found, trouble = kind_of(path)
    assert (found, trouble.code if trouble else None) == (media, problem)


def test_the_sentence_holds_no_word_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_text("Xanthippe Quux needs a wheelchair")
    _, trouble = kind_of(path)
    assert trouble is not None
    assert not any(word in trouble.says for word in ("Xanthippe", "Quux", "wheelchair"))
