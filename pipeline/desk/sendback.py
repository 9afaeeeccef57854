"""The request to a provider for what a letter lacks: drafted from the findings, edited by a person, given out as DOCX.

Belongs here: keeping the draft and making the document. Does not belong here: deciding that a request is made
(deeds.py).
"""

import io

import sqlalchemy as sa
from docx import Document
from docx.shared import Pt

from pipeline.desk.office import Office
from pipeline.ledger.desk_tables import drafts
from pipeline.ledger.work import NO_DAY, WorkRow
from pipeline.model import Case
from pipeline.review.record import text_of

_LONGEST = 20_000


def text_for(office: Office, row: WorkRow, case: Case) -> str:
    """What a person left, else a draft that asks only for what this plan misses."""
    with office.ledger.reading() as c:
        kept = c.execute(sa.select(drafts.c.text).where(drafts.c.letter_id == row.letter_id)).scalar_one_or_none()
    return kept if kept else drafted(office, row, case)


def keep(office: Office, letter_id: str, text: str, who: str, final: bool = False) -> None:
    """Keeps the draft as a person left it; `final` when the request is made. An empty text changes nothing."""
    if not text.strip():
        return
    with office.ledger.writing() as c:
        c.execute(drafts.delete().where(drafts.c.letter_id == letter_id))
        c.execute(drafts.insert(), {"letter_id": letter_id, "text": text[:_LONGEST], "who": who, "at": office.now(), "sent": office.now() if final else ""})


def drafted(office: Office, row: WorkRow, case: Case) -> str:
    """A letter to the practice: what is needed and why, quoting its own words."""
    needs = [f for f in case.item.findings if f.severity == "blocks" and f.cure]
    lines = [office.today.isoformat(), "", row.practice or row.provider or "To the provider", "",
             f"Re: {row.patient or 'your patient'}" + (f", claim {row.claims}" if row.claims else "") + f" (our reference {row.letter_id})", "",
             f"We received your letter{_dated(case)} and need the following to go on with it:", ""]  # fmt: skip
    for at, finding in enumerate(needs, 1):
        lines.append(f"{at}. {finding.cure}")
        if finding.letter:
            lines.append(f"   Your letter says: \u201c{' '.join(finding.letter.quote.split())}\u201d")
    if not needs:
        lines.append("1. ")
    until = "" if row.due == NO_DAY else f" by {row.due}"
    lines += ["", f"Please send a new or amended letter, signed and dated, quoting our reference{until}.", "", "No decision has been made on the claim."]
    return "\n".join(lines) + "\n"


def docx_of(text: str) -> bytes:
    """The text as a document, one paragraph per line."""
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    for line in text.splitlines():
        paragraph = document.add_paragraph("".join(ch for ch in line if ch.isprintable() or ch == "\t"))
        paragraph.paragraph_format.space_after = Pt(2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _dated(case: Case) -> str:
    day = text_of(case, "letter_date")
    return f" of {day}" if day else ""
