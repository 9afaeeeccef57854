"""A request as a file: a DOCX that a person may change before it is sent, the same as PDF.

Belongs here: the look of the page, of a draft and of its text as a person left it. Does not belong here: the words
(sendback.py).
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from docx import Document
from docx.shared import Pt

from pipeline.review.sendback import Draft, Reader

_HEADS = {"provider": "Request for information", "member": "Your letter of medical necessity"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(\S.*)$")


class Page(NamedTuple):
    """What stands on the page: the heading, then paragraphs of one or more lines, then what every page bears at its foot.
    A paragraph that begins a numbered list is a tuple of the list's entries under `numbered` True."""

    title: str
    blocks: tuple[tuple[bool, tuple[str, ...]], ...]
    foot: str


def page_of(draft: Draft) -> Page:
    """The draft as it was made."""
    return page_of_text(draft.text, draft.reader, f"Reference {draft.reference} · answer by {draft.due.isoformat()}")


def page_of_text(text: str, reader: Reader, foot: str) -> Page:
    """A draft's text as a person left it: blank lines part paragraphs, lines that begin with a number are a list."""
    return Page(_HEADS[reader], tuple(_blocks(text)), _clean(foot))


def _blocks(text: str) -> Iterator[tuple[bool, tuple[str, ...]]]:
    for part in re.split(r"\n\s*\n", text):
        plain: list[str] = []
        listed: list[str] = []
        for line in filter(None, (_clean(raw).rstrip() for raw in part.splitlines())):
            entry = _NUMBERED.match(line)
            if entry:
                listed.append(entry[1])
            elif listed:
                listed[-1] += f" {line.strip()}"
            else:
                plain.append(line.strip())
        yield from ((numbered, tuple(lines)) for numbered, lines in ((False, plain), (True, listed)) if lines)


def _clean(text: str) -> str:
    """Without what no document may hold; a fax leaves such characters in the words it is quoted by."""
    return "".join(c if c.isprintable() else " " for c in text)


def docx_of(draft: Draft, as_of: dt.date) -> bytes:
    """The draft as a Word document; the same draft gives the same bytes."""
    return docx(page_of(draft), as_of)


def pdf_of(draft: Draft, as_of: dt.date) -> bytes:
    """The draft as PDF, for the fax and the portal; the same draft gives the same bytes."""
    return pdf(page_of(draft), as_of)


def docx(page: Page, as_of: dt.date) -> bytes:
    """A page as a Word document."""
    document = Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Calibri", Pt(11)
    document.core_properties.author, document.core_properties.title = "", page.title
    document.core_properties.created = document.core_properties.modified = dt.datetime(as_of.year, as_of.month, as_of.day)
    document.add_heading(page.title, level=1)
    for numbered, lines in page.blocks:
        if numbered:
            for line in lines:
                document.add_paragraph(line, style="List Number")
        else:
            document.add_paragraph("\n".join(lines))
    document.sections[0].footer.paragraphs[0].text = page.foot
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _undated(raw: bytes) -> bytes:
    """The same archive with no time of writing in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(page: Page, as_of: dt.date) -> bytes:
    """A page as PDF, US Letter."""
    from pipeline.review.sheet_pdf import made

    return made(page.title, page.blocks, page.foot, as_of)
