"""Typed boxes that OCR took apart: put together where brackets stand like a box, left alone where they do not."""

import pytest

from pipeline.model import Word
from pipeline.read.brackets import bracketed

HIGH, LOW = (10.0, 19.0), (10.0, 17.0)
"""A bracket reaches below the line, a digit or a capital does not."""


def row(*parts: tuple[str, float, float, tuple[float, float]]) -> list[Word]:
    return [Word(text=t, box=(x0, up, x1, down), confidence=0.95, source="ocr", line=0, start=0) for t, x0, x1, (up, down) in parts]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (row(("[", 76, 78, HIGH), ("]", 84, 86, HIGH), ("Group", 90, 115, HIGH)), ["[]", "Group"]),
        (row(("[", 76, 78, HIGH), ("]Worksite", 84, 126, HIGH)), ["[]", "Worksite"]),
        (row(("[", 76, 78, HIGH), ("1", 84, 86, HIGH), ("Renewal", 90, 126, LOW)), ["[]", "Renewal"]),
        (row(("[", 76, 78, HIGH), ("16", 84, 94, HIGH), ("months", 97, 128, LOW)), ["[]", "6", "months"]),
        (row(("[", 76, 78, HIGH), ("X", 80, 84, LOW), ("]", 86, 88, HIGH), ("Daily", 91, 110, HIGH)), ["[X]", "Daily"]),
        (row(("[x", 76, 82, HIGH), ("]", 84, 86, HIGH)), ["[X]"]),
        (row(("[1", 76, 86, HIGH), ("Nursing", 89, 121, HIGH)), ["[]", "Nursing"]),
        (row(("(", 76, 78, HIGH), (")", 84, 86, HIGH), ("No", 90, 100, LOW)), ["[]", "No"]),
        (row(("[", 76, 78, HIGH), ("16", 84, 94, LOW), ("visits", 97, 128, LOW)), ["[", "16", "visits"]),
        (row(("(", 76, 78, HIGH), ("Jones)", 79, 110, HIGH)), ["(", "Jones)"]),
        (row(("(", 76, 78, HIGH), ("ICD", 79, 95, LOW), ("M54.5)", 98, 120, HIGH)), ["(", "ICD", "M54.5)"]),
        (row(("(see", 76, 92, HIGH), ("1)", 95, 103, HIGH)), ["(see", "1)"]),
        (row(("[", 76, 78, HIGH), ("1", 130, 132, HIGH)), ["[", "1"]),
        (row(("1]", 76, 82, HIGH), ("Ice", 90, 110, LOW)), ["1]", "Ice"]),
    ],
)
def test_rows(words: list[Word], wanted: list[str]) -> None:
    assert [w.text for w in bracketed(words)] == wanted


def test_an_opening_bracket_that_was_lost() -> None:
    """Told by the boxes of its column; one behind a closing bracket alone is none."""
    lines = [
        Word(text=t, box=(x0, 20.0 * n, x1, 20.0 * n + 9), confidence=0.95, source="ocr", line=n, start=0)
        for n, parts in enumerate([[("[", 76.0, 78.0), ("]", 84.0, 86.0)], [("[X]", 76.0, 87.0)], [("]No", 84.0, 101.0)]])
        for t, x0, x1 in parts
    ]
    made = bracketed(lines)
    assert [w.text for w in made] == ["[]", "[X]", "[]", "No"]
    assert made[2].box[0] == pytest.approx(76, abs=2)
    assert [w.text for w in bracketed(lines[-1:])] == ["]No"]
