"""Where one letter ends and the next begins: two patients must never become one letter."""

import pytest

from pipeline.model import DocumentText, Page, Word, lay_out
from pipeline.parse.pages import segments_of

ASK = "I ask that a bath lift is approved. It is medically necessary to treat her arthritis (M17.0)."
HEAD = ("Juniper Clinic", "May 4, 2026", "Patient: Ida Moreau", "DOB: 02/26/1983")
OTHER = ("Juniper Clinic", "May 4, 2026", "Patient: Olof Berg", "DOB: 09/13/2014")

CASES = [
    ("two patients, no salutation", [(*HEAD, ASK, "Sincerely,", "Ada Moss, MD"), (*OTHER, ASK, "Sincerely,", "Ada Moss, MD")], [(1,), (2,)]),
    ("two salutations", [("Dear Reviewer:", ASK, "Sincerely,", "Ada Moss, MD"), ("Dear Reviewer:", ASK, "Sincerely,", "Ada Moss, MD")], [(1,), (2,)]),
    ("second page with a running head", [(*HEAD, ASK), ("Ida Moreau, May 4, 2026, page 2", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
    ("second page without a head", [(*HEAD, ASK), ("She was seen on April 2, 2026.", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
    ("a doctor is greeted", [("June 2, 2026", "Subject: request for coverage of a bath lift", "Dear Doctor:", "She has arthritis (M17.0)."),
                             ("page two", ASK, "Sincerely,", "Ada Moss, MD")], [(1, 2)]),
]  # fmt: skip


def document(pages: list[tuple[str, ...]]) -> DocumentText:
    made = []
    for number, lines in enumerate(pages, 1):
        laid = []
        for n, line in enumerate(lines):
            at, words = 72.0, []
            for token in line.split():
                words.append(Word(text=token, box=(at, 60 + 22 * n, at + 5 * len(token), 70 + 22 * n), confidence=0.99, source="layer", line=0, start=0))
                at += 5 * len(token) + 5
            laid.append(words)
        made.append((Page(number=number, width=612, height=792, origin="layer", quality=0.99), laid))
    text, done = lay_out(made)
    return DocumentText(sha256="0" * 64, text=text, pages=done)


@pytest.mark.parametrize(("pages", "letters"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_letters_are_split(pages: list[tuple[str, ...]], letters: list[tuple[int, ...]]) -> None:
    assert [s.pages for s in segments_of(document(pages)) if s.page_class == "lmn"] == letters
