"""Documents made of typed lines, for tests of the parsing room: each line is (x, y, text) in points."""

from pipeline.model import DocumentText, Page, Word, lay_out


def paper(*lines: tuple[float, float, str], size: float = 10.0) -> DocumentText:
    """One letter-size page with these lines in this order; every character is half as wide as high."""
    made = []
    for x, y, text in lines:
        words, at = [], x
        for token in text.split(" "):
            width = 0.5 * size * len(token)
            words.append(Word(text=token, box=(at, y, at + width, y + size), confidence=0.99, source="layer", line=0, start=0))
            at += width + 0.5 * size
        made.append(words)
    text, pages = lay_out([(Page(number=1, width=612, height=792, origin="layer", quality=0.99), made)])
    return DocumentText(sha256="0" * 64, text=text, pages=pages)


def column(*texts: str, x: float = 72, y: float = 72, step: float = 14) -> DocumentText:
    """A page of lines below each other; an empty text leaves a gap."""
    return paper(*[(x, y + n * step, t) for n, t in enumerate(texts) if t])
