"""Boxes and ticks of symbol fonts: what is seen, not what the file spells."""

from pathlib import Path

import pytest

from pipeline.read.symbols import sign, signs_of
from tests.read.paper import Blind, line, pdf_bytes, read_bytes


@pytest.mark.parametrize(
    ("font", "code", "seen"),
    [
        ("Wingdings", 0xF06F, "□"), ("ABCDEF+Wingdings-Regular", 0xA8, "□"), ("Wingdings", 0xF0FE, "☑"), ("Wingdings", 0x6F, "□"),
        ("Wingdings2", 0x52, "☑"), ("BCDEEE+Wingdings-2", 0xF0A3, "□"), ("Webdings", 0x61, "✓"), ("Symbol", 0xF0B7, "•"), ("Wingdings", 0xF041, None),
        ("Helvetica", 0x6F, None), ("Wingdings3", 0x71, None), ("Unknown", 0xF0FD, "☒"), ("Unknown", 0xE000, None),
    ],
)  # fmt: skip
def test_signs(font: str, code: int, seen: str | None) -> None:
    assert sign(code, signs_of(font)) == seen


def test_standard_dingbats_are_ticks(tmp_path: Path) -> None:
    """ZapfDingbats, which every viewer has: `o` is a box, `8` a cross."""
    content = line("o", 72, 100, font="F3") + line("Weekly", 90, 100) + line("8", 72, 120, font="F3") + line("Daily", 90, 120)
    fonts = "/Resources << /Font << /F1 3 0 R /F3 5 0 R >> >>"
    made = pdf_bytes([content], page=fonts, extra=["<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>"])
    page = read_bytes(tmp_path, "a.pdf", made, Blind()).pages[0]
    assert [t.ticked for t in page.ticks] == [False, True]
