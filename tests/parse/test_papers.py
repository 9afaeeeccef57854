"""Whole pages in the styles of offices that no other test has: letterheads, forms, records printed out (papers/*.txt).

A page is typed on a grid, a character 5 points wide, a row 13 high; three spaces part two lines of one row; '#16' at the
head of a row sets its size. Below it stand the values that must be read, credentials with bars, '-' for none; icd10,
codes, diagnoses and items are those of the whole letter.
"""

import re
from pathlib import Path

import pytest

from pipeline.model import DocumentText, FieldValue, Page, Word, lay_out
from pipeline.parse import parse
from pipeline.parse.patient import read_patient
from pipeline.parse.practice import read_practice
from pipeline.parse.provider import read_provider
from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from pipeline.parse.timing import read_dates

PAPERS = sorted((Path(__file__).parent / "papers").glob("*.txt"))
WIDE, HIGH = 5.0, 13.0


def typed(page: str) -> DocumentText:
    """The document of one page typed on the grid."""
    lines: list[list[Word]] = []
    for row, text in enumerate(page.split("\n")):
        size = re.match(r"#(\d+)", text)
        height = float(size.group(1)) if size else 10.0
        body = " " * len(size.group()) + text[size.end() :] if size else text
        y = 24 + row * HIGH + (10 - height) / 2
        for piece in re.finditer(r"\S(?:\S| {1,2}(?=\S))*", body):
            at, words = piece.start() * WIDE, []
            for token in piece.group().split():
                width = 0.45 * height * len(token)
                words.append(Word(text=token, box=(at, y, at + width, y + height), confidence=0.99, source="layer", line=0, start=0))
                at += width + 0.3 * height
            lines.append(words)
    text, pages = lay_out([(Page(number=1, width=612, height=792, origin="layer", quality=0.99), lines)])
    return DocumentText(sha256="0" * 64, text=text, pages=pages)


def fields_of(paper: Path) -> tuple[dict[str, str], dict[str, FieldValue]]:
    """What a paper must say and what is read on it."""
    kind, page, truth = paper.read_text(encoding="utf-8").split("---\n")
    expected = dict(line.split(": ", 1) for line in truth.strip().splitlines())
    sheet = Sheet(typed(page), (1,), kind.split(":")[1].strip())
    provider = read_provider(sheet)
    signer = provider["provider.name"].value
    practice = read_practice(sheet, signer if isinstance(signer, str) else None)
    return expected, {**provider, **practice, **read_recipient(sheet), **read_patient(sheet), **read_dates(sheet)}


def asked_and_found(paper: Path) -> dict[str, str]:
    """icd10, codes, diagnoses and items of the one letter that a paper must be, each sorted, with bars."""
    letter = parse(typed(paper.read_text(encoding="utf-8").split("---\n")[1])).letters[0]
    told = {"icd10": [d.icd10 for d in letter.diagnoses], "diagnoses": [d.text for d in letter.diagnoses],
            "codes": [i.code for i in letter.items], "items": [i.text for i in letter.items]}  # fmt: skip
    return {name: "|".join(sorted(str(value) for value in values)) for name, values in told.items()}


def told(value: FieldValue) -> str:
    if value.value is None:
        return "-"
    return "|".join(value.value) if isinstance(value.value, tuple) else str(value.value)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.stem)
def test_papers_of_other_offices(paper: Path) -> None:
    expected, read = fields_of(paper)
    found = asked_and_found(paper) if set(expected) & {"icd10", "codes", "diagnoses", "items"} else {}
    assert {name: found[name] if name in found else told(read[name]) for name in expected} == expected
