"""Plain letters as PDF: a heading, paragraphs, numbered lists, a foot on every page.

Belongs here: type, margins, and a font that has the letters of people's names. Does not belong here: what is written.
"""

import datetime as dt
import io
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate

_MARGIN = 72
_WIDE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
"""Latin, Greek and Cyrillic with all their marks (package fonts-dejavu-core)."""

_OWN = "Vera.ttf", "VeraBd.ttf"
"""What reportlab brings along: Western European letters only."""


def made(title: str, blocks: Sequence[tuple[bool, Sequence[str]]], foot: str, as_of: dt.date) -> bytes:
    """The pages; `blocks` are (numbered, lines). The same input gives the same bytes on a machine with the same fonts."""
    plain, bold = _fonts()
    body = ParagraphStyle("body", fontName=plain, fontSize=10.5, leading=14.5, spaceAfter=10)
    head = ParagraphStyle("head", parent=body, fontName=bold, fontSize=14, leading=18, spaceAfter=14)
    story: list[Any] = [Paragraph(_shown(title, bold), head)]
    for numbered, lines in blocks:
        if numbered:
            entries = [Paragraph(_shown(line, plain), body) for line in lines]
            story.append(ListFlowable(entries, bulletType="1", bulletFormat="%s.", bulletFontName=plain, bulletFontSize=10.5, leftIndent=22))
        else:
            story.append(Paragraph("<br/>".join(_shown(line, plain) for line in lines), body))

    def on_page(canvas: Any, _document: Any) -> None:
        canvas.setFont(plain, 8.5)
        canvas.drawString(_MARGIN, _MARGIN / 2, _drawable(foot, plain))
        canvas.drawRightString(LETTER[0] - _MARGIN, _MARGIN / 2, f"page {canvas.getPageNumber()}")

    out = io.BytesIO()
    sheet = SimpleDocTemplate(out, pagesize=LETTER, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
                              title=title, author="", subject=as_of.isoformat(), lang="en-US", invariant=1)  # fmt: skip
    sheet.build(story, onFirstPage=on_page, onLaterPages=on_page)
    return out.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, str]:
    """Names of the plain and the bold font."""
    wide = all(path.is_file() for path in _WIDE)
    for name, path in zip(("Body", "BodyBold"), map(str, _WIDE) if wide else _OWN, strict=True):
        pdfmetrics.registerFont(TTFont(name, path))
    return "Body", "BodyBold"


def _shown(text: str, font: str) -> str:
    return escape(_drawable(text, font))


def _drawable(text: str, font: str) -> str:
    """A letter that the font lacks without its marks, so that no name shows empty boxes; what is left is '?'."""
    has = pdfmetrics.getFont(font).face.charToGlyph
    out = []
    for c in unicodedata.normalize("NFC", text):
        bare = "".join(b for b in unicodedata.normalize("NFD", c) if not unicodedata.combining(b))
        out.append(c if ord(c) in has else bare if bare and all(ord(b) in has for b in bare) else "?")
    return "".join(out)
