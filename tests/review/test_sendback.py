"""Requests for information: the smallest list, both readers, a reference that survives fax and scanner."""

import datetime as dt
import io
from typing import Any

import pypdfium2
import pytest
from docx import Document

from pipeline.check import check, filing_keys, load_rules
from pipeline.codes.reference import reference_of, references_in
from pipeline.match import match
from pipeline.model import Case
from pipeline.review.sendback import asks_of, drafts
from pipeline.review.sendback_file import docx, docx_of, page_of_text, pdf, pdf_of
from pipeline.review.triage import triage
from tests.check.bench import PLAN, TODAY, letter, paper, records
from tests.review.test_triage import receipt


def case(program: str = "fsa", **changes: Any) -> Case:
    known = records(plans=[{**PLAN, "program": program}])
    given = letter(**changes)
    tied = match(given, known)
    findings = check(given, tied, known, (), filing_keys(given, paper(), 1, "a.pdf", tied.member_id), TODAY, load_rules(None))
    item = triage(letter_id="a-1", sha256="a" * 64, file="a.pdf", document_class="lmn", letter=given, match=tied, findings=findings, problems=(),
                  records=known, receipt=receipt(), as_of=TODAY)  # fmt: skip
    return Case(receipt=receipt(), document_class="lmn", segments=(), pages=(1,), faces=(), letter=given, item=item)


@pytest.mark.parametrize(
    ("program", "changes", "asked"),
    [
        ("fsa", {}, ""),
        ("fsa", {"fields": {"letter_date": None}}, "MISSING_DATE"),
        # What the plan only notes is not asked for; an insurer asks for it.
        ("fsa", {"fields": {"letter_date": None}, "elements": ["medical_value"]}, "MISSING_DATE"),
        ("insurance", {"elements": ["medical_value"]}, "MISSING_ALTERNATIVES MISSING_BENEFIT"),
        # One request covers another.
        ("fsa", {"flags": ["vague_language"], "elements": []}, "MISSING_MEDICAL_VALUE"),
        ("fsa", {"flags": ["vague_language"]}, "VAGUE_LANGUAGE"),
        # What a provider cannot settle is not asked for.
        ("fsa", {"fields": {"letter_date": "2026-07-01"}}, ""),
        ("fsa", {"fields": {"provider.signed": False, "letter_date": None}, "flags": ["unsigned"]}, "MISSING_DATE MISSING_SIGNATURE"),
    ],
)
def test_the_smallest_list(program: str, changes: dict[str, Any], asked: str) -> None:
    assert " ".join(a.finding for a in asks_of(case(program, **changes).item.findings)) == asked


def test_every_finding_that_asks_for_information_has_words() -> None:
    from pipeline.review.sendback import _table
    from pipeline.review.triage import routes

    wanted = {finding for finding, pair in routes().items() if "request_info" in pair}
    assert set(_table()) == wanted
    assert all(row["provider"].endswith(".") and not row["member"].endswith(".") and row["source"] for row in _table().values())


def test_both_drafts() -> None:
    made = drafts(case(diagnoses=[{"text": "back problems", "icd10": None}], items=[{"duration_months": None}]), TODAY, "Kite FSA", "fsa")
    assert made is not None
    provider, member = made
    assert provider.reference == member.reference == reference_of("a-1")
    assert provider.to[0] == "Ines Falk, MD"
    assert provider.asks == ("State the specific diagnosis behind this complaint. The letter says on page 1: “words”",
                             "Say for how long it is needed, or until when. The letter says on page 1: “words”")  # fmt: skip
    assert member.asks == ("The specific diagnosis.", "For how long it is needed, or until when.")
    for draft in made:
        assert "Nothing has been decided" in draft.text and "August 14, 2026" in draft.text and draft.reference in draft.text
        assert "of April 14, 2026 for therapeutic massage" in draft.text
    assert "“words”" not in member.text
    assert drafts(case(), TODAY) is None


def _said(raw: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(raw)).paragraphs]


def _printed(raw: bytes) -> list[str]:
    """The words of each page of a PDF."""
    sheet = pypdfium2.PdfDocument(raw)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in sheet]


def test_a_draft_as_a_document_says_what_its_text_says() -> None:
    made = drafts(case(fields={"letter_date": None, "patient.name": "Zoë O'Hara"}), TODAY)
    assert made is not None
    for draft in made:
        said, printed = "\n".join(_said(docx_of(draft, TODAY))), " ".join(_printed(pdf_of(draft, TODAY)))
        for line in (*draft.to, *draft.subject, draft.opening, *draft.asks, *draft.closing):
            assert line in said and line in printed
        foot = f"Reference {draft.reference} · answer by {draft.due.isoformat()}"
        assert Document(io.BytesIO(docx_of(draft, TODAY))).sections[0].footer.paragraphs[0].text == foot and foot in printed
        assert docx_of(draft, TODAY) == docx_of(draft, TODAY) and pdf_of(draft, TODAY) == pdf_of(draft, TODAY)


def test_a_text_that_a_person_changed_keeps_its_paragraphs_and_its_list() -> None:
    text = "Dr. A\nSuite 2\n\nWe need:\n  1. The date,\n     please. The letter says “a & b <c>”\n  2) Your signature.\nThank you\n\n\nBye\x00\x0b"
    page = page_of_text(text, "provider", "Reference LMN-1")
    assert page.blocks == ((False, ("Dr. A", "Suite 2")), (False, ("We need:",)),
                           (True, ("The date, please. The letter says “a & b <c>”", "Your signature. Thank you")), (False, ("Bye",)))  # fmt: skip
    assert "The date, please. The letter says “a & b <c>”" in _said(docx(page, TODAY))
    assert "“a & b <c>”" in _printed(pdf(page, TODAY))[0]


def test_a_long_request_goes_over_pages_each_with_the_reference() -> None:
    printed = _printed(pdf(page_of_text("\n\n".join(f"Paragraph {n} of a long request." for n in range(60)), "member", "Reference LMN-1"), TODAY))
    assert len(printed) > 1 and all("Reference LMN-1" in page and f"page {n}" in page for n, page in enumerate(printed, 1))
    assert "Paragraph 59" in printed[-1]


@pytest.mark.parametrize(("name", "shown"), [("Nguyễn Thị Hoa", ("Nguyễn Thị Hoa", "Nguyen Thi Hoa")), ("Łukasz Ó Briain", ("Łukasz Ó Briain", "?ukasz Ó Briain"))])
def test_no_name_is_printed_as_empty_boxes(name: str, shown: tuple[str, str]) -> None:
    """As written where the font with all letters is installed, else without its marks."""
    assert any(way in _printed(pdf(page_of_text(name, "member", ""), TODAY))[0] for way in shown)


@pytest.mark.parametrize("letter_id", ["a-1", "8b2bab8a42ffcb9b-1", "8b2bab8a42ffcb9b-2", "0000000000000000-1"])
def test_a_reference_is_found_however_it_is_written(letter_id: str) -> None:
    made = reference_of(letter_id)
    bare = made.removeprefix("LMN-")
    for text in (made, made.lower(), f"Ref:{made}.", f"LMN {bare}", f"LMN-{bare[:4]}-{bare[4:]}", f"lmn – {bare[:4]} {bare[4:]}", f"Your reference {made}, thank you"):
        assert references_in(text) == (made,), text


def test_what_only_looks_like_a_reference_is_none() -> None:
    made = reference_of("a-1")
    other = next(c for c in "ACDEF" if c != made[5])
    for text in (f"LMN-{other}{made[5:]}", made[:-1], f"{made}7", made.replace("LMN", "LMM"), "LMN-LETTERED", "LMN 2026-0301", ""):
        assert references_in(text) == (), text
    assert reference_of("a-1") != reference_of("a-2")
    assert references_in(f"{made} and {reference_of('a-2')} and {made}") == (made, reference_of("a-2"))


def test_few_letters_share_a_reference() -> None:
    assert len({reference_of(f"{n:016x}-1") for n in range(20000)}) >= 19999


def test_as_of_rules_the_date() -> None:
    made = drafts(case(fields={"letter_date": None}), dt.date(2026, 2, 28), "", "workers_comp")
    assert made is not None and made[0].due == dt.date(2026, 3, 14) and made[0].subject[0] == "February 28, 2026"
