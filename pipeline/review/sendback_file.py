"""A request as a file: a DOCX that a person may change before it is sent, and the same as text.

Belongs here: the look of the page. Does not belong here: the words (sendback.py).
"""

import datetime as dt
import io
import zipfile

from docx import Document
from docx.shared import Pt

from pipeline.review.sendback import Draft

_HEADS = {"provider": "Request for information", "member": "Your letter of medical necessity"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def docx_of(draft: Draft, as_of: dt.date) -> bytes:
    """The draft as a Word document; the same draft gives the same bytes."""
    page = Document()
    page.styles["Normal"].font.name, page.styles["Normal"].font.size = "Calibri", Pt(11)
    page.core_properties.author, page.core_properties.title = "", f"{_HEADS[draft.reader]} {draft.reference}"
    page.core_properties.created = page.core_properties.modified = dt.datetime(as_of.year, as_of.month, as_of.day)
    page.add_heading(_HEADS[draft.reader], level=1)
    for block in (draft.to, draft.subject):
        if block:
            page.add_paragraph("\n".join(block))
    page.add_paragraph(draft.opening)
    for ask in draft.asks:
        page.add_paragraph(ask, style="List Number")
    for closing in draft.closing:
        page.add_paragraph(closing)
    page.sections[0].footer.paragraphs[0].text = f"Reference {draft.reference} · answer by {draft.due.isoformat()}"
    out = io.BytesIO()
    page.save(out)
    return _undated(out.getvalue())


def _undated(raw: bytes) -> bytes:
    """The same archive with no time of writing in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name))
    return out.getvalue()
