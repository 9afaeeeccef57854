"""An answer to a request finds the letter it answers, by the reference on its cover, and its clock stood still."""

import datetime as dt
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from pipeline.codes.reference import reference_of
from pipeline.model import Decision, Remark
from pipeline.process import run_all
from pipeline.publication import case_of
from pipeline.sendback import case_to_ask_about, letter_behind, write_drafts
from pipeline.site import opened
from tests.homes import LETTER, fill, settings_at

DAY = dt.date(2026, 6, 30)
AT = "2026-06-30T09:00:00+00:00"


def page_saying(writer: PdfWriter, *lines: str) -> None:
    """Adds a page of plain text."""
    page = writer.add_blank_page(612, 792)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica")})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    stream = DecodedStreamObject()
    stream.set_data("\n".join(f"BT /F1 13 Tf 72 {700 - 24 * n} Td ({line}) Tj ET" for n, line in enumerate(lines)).encode())
    page[NameObject("/Contents")] = writer._add_object(stream)


def remarks(site_home: Path, file: str) -> list[Remark]:
    with opened(settings_at(site_home), DAY, AT) as site:
        rows = [r for r in site.ledger.cases() if r.item.file == file]
        return [remark for row in rows for remark in case_of(site, row).item.remarks]


def test_an_answer_is_linked(tmp_path: Path) -> None:
    fill(tmp_path, LETTER.name)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    with opened(settings, DAY, AT) as site:
        row = site.ledger.cases()[0]
        site.ledger.decide(Decision(letter_id=row.item.letter_id, who="ann", when="2026-06-20T10:00:00", what="request_info", reason="r"), row.receipt_id)
        found = letter_behind(site, reference_of(row.item.letter_id).lower())
        assert found is not None and found.item.letter_id == row.item.letter_id
        assert case_to_ask_about(site, LETTER.name).item.letter_id == row.item.letter_id
        assert write_drafts(site, case_of(site, row), tmp_path / "drafts") is None or list((tmp_path / "drafts").iterdir())
    reference = reference_of(row.item.letter_id)
    for name, with_letter in (("reply.pdf", True), ("note.pdf", False)):
        writer = PdfWriter()
        page_saying(writer, "FAX COVER SHEET", "To: Claims", "From: the office", f"Your reference: {reference}", "Pages: 2")
        if with_letter:
            writer.append(PdfReader(LETTER))
        writer.write(tmp_path / "inbox" / name)
    run_all(settings, DAY)
    for name in ("reply.pdf", "note.pdf"):
        told = [r for r in remarks(tmp_path, name) if r.code == "ANSWERS_REQUEST"]
        assert [r.record.id for r in told if r.record] == [row.item.letter_id], name
        assert reference in told[0].says
    assert remarks(tmp_path, LETTER.name) == [r for r in remarks(tmp_path, LETTER.name) if r.code != "ANSWERS_REQUEST"]
