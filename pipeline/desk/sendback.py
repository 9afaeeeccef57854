"""Requests for information at the desk: drafted by the road, edited by a person, given out as DOCX or PDF.

Belongs here: keeping what a person made of a draft. Does not belong here: the words (pipeline/sendback.py), the look
of the page (review/sendback_file.py), deciding that a request is made (deeds.py).
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import get_args

import sqlalchemy as sa

from pipeline.codes.reference import reference_of
from pipeline.desk.deed import RefusedError
from pipeline.desk.office import Office
from pipeline.ledger.desk_tables import requests
from pipeline.ledger.work import WorkRow
from pipeline.model import Case
from pipeline.review.clocks import supply_day
from pipeline.review.sendback import Draft, Reader
from pipeline.review.sendback_file import docx, page_of_text, pdf
from pipeline.sendback import drafts_for

READERS: tuple[Reader, ...] = get_args(Reader)
_LONGEST = 20_000
_POINT = re.compile(r"(\d{1,2})[.)]")
"""A numbered line without words."""


def text_for(office: Office, row: WorkRow, case: Case, reader: Reader) -> str:
    """What a person left, else the draft that asks for the least that this plan needs."""
    with office.ledger.reading() as c:
        kept = c.execute(sa.select(requests.c.text).where(requests.c.letter_id == row.letter_id, requests.c.reader == reader)).scalar_one_or_none()
    if kept:
        return str(kept)
    draft = _draft(office, case, reader)
    return draft.text if draft else _empty(office, row)


def keep(office: Office, letter_id: str, reader: Reader, text: str, who: str, final: bool = False) -> None:
    """Keeps the draft as a person left it; `final` when the request is made. An empty text changes nothing."""
    if not text.strip():
        return
    with office.ledger.writing() as c:
        c.execute(requests.delete().where(requests.c.letter_id == letter_id, requests.c.reader == reader))
        c.execute(requests.insert(), {"letter_id": letter_id, "reader": reader, "text": text[:_LONGEST], "who": who, "at": office.now(),
                                      "sent": office.now() if final else ""})  # fmt: skip


def made(office: Office, row: WorkRow, case: Case, given: Mapping[str, str]) -> dict[Reader, str]:
    """The requests that go out: for each reader what was given, else what was kept or drafted. A page that was wiped, or on
    which nobody has written yet, goes to nobody. RefusedError when none is left, and for a point that asks nothing."""
    texts = {reader: given[reader] if reader in given else text_for(office, row, case, reader) for reader in READERS}
    blank = _empty(office, row)
    out = {reader: text for reader, text in texts.items() if text.strip() and not _same(text, blank)}
    if not out:
        raise RefusedError("The request asks nothing yet. Write what is missing into point 1.")
    for reader, text in out.items():
        empty = [m[1] for line in text.splitlines() if (m := _POINT.fullmatch(line.strip()))]
        if empty:
            raise RefusedError(f"Point {empty[0]} of the request to the {reader} asks nothing. Write what is missing, or take the point out.")
    return out


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def file_of(office: Office, row: WorkRow, case: Case, reader: Reader, kind: str) -> bytes:
    """The request as a `docx` or `pdf`, with the reference by which the answer finds its case."""
    draft = _draft(office, case, reader)
    due = draft.due if draft else _due(office, row)
    page = page_of_text(text_for(office, row, case, reader), reader, f"Reference {reference_of(row.letter_id)} · answer by {due.isoformat()}")
    return docx(page, office.today) if kind == "docx" else pdf(page, office.today)


def _draft(office: Office, case: Case, reader: Reader) -> Draft | None:
    made = drafts_for(office.site(), case)
    return next((d for d in made if d.reader == reader), None) if made else None


def _due(office: Office, row: WorkRow) -> dt.date:
    known = office.records.claims if office.records and row.claims else {}
    return supply_day(row.program or "fsa", office.today, next((known[c] for c in row.claims.split(", ")[:1] if c in known), None))


def _empty(office: Office, row: WorkRow) -> str:
    """A page to write on, where no finding is one that the reader could settle."""
    reference = reference_of(row.letter_id)
    return (f"{row.provider or row.practice}\n\n{office.today.isoformat()}\nReference: {reference}\n\nWe received your letter of medical necessity. "
            f"Before it can be reviewed, we need the following:\n\n  1. \n\nPlease answer by {_due(office, row).isoformat()} and write {reference} on the answer.\n\n"
            "Nothing has been decided on this request.\n")  # fmt: skip
