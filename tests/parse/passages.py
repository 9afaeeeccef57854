"""Passages of letters as documents, without files: words on a page, one line of text below the other."""

from pipeline.model import DocumentText, Page, Word, lay_out


def typed(text: str, width: float = 6.0) -> DocumentText:
    """A page with this text: '⏎' begins a new line, two or more spaces a new cell."""
    lines: list[list[Word]] = []
    for row, line in enumerate(text.split("⏎")):
        x = 60.0
        for cell in [c for c in line.split("  ") if c.strip()]:
            words = []
            for word in cell.split():
                box = (x, 60.0 + 14 * row, x + width * len(word), 71.0 + 14 * row)
                words.append(Word(text=word, box=box, confidence=0.99, source="layer", line=0, start=0))
                x += width * (len(word) + 1)
            lines.append(words)
            x += 30
    page = Page(number=1, width=612, height=792, origin="layer", quality=0.99)
    body, pages = lay_out([(page, lines)])
    return DocumentText(sha256="0" * 64, text=body, pages=pages)
