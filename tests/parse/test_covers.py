"""Bars that hide words, and dark things that hide none."""

import pytest

from pipeline.model import Box, InkMark, Page, Word
from pipeline.parse.covers import covered, hidden_values
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column

BAR: Box = (140, 180, 490, 196)


def page(*marks: tuple[Box, float], words: tuple[Box, ...] = ()) -> Page:
    return Page(number=3, width=612, height=792, origin="ocr", quality=0.99,
                marks=tuple(InkMark(box=box, share=share, kind="image") for box, share in marks),
                words=tuple(Word(text="w", box=box, confidence=0.9, source="ocr", line=0, start=0) for box in words))  # fmt: skip


@pytest.mark.parametrize(
    ("case", "found", "count"),
    [
        ("a fax bar", page((BAR, 0.95)), 1),
        ("across the whole sheet", page(((0, 210, 612, 288), 0.93)), 1),
        ("two of unlike size", page((BAR, 0.95), ((330, 338, 562, 374), 0.99)), 1),
        ("a signature", page((BAR, 0.3)), 0),
        ("a rule", page(((60, 180, 550, 184), 1.0)), 0),
        ("a blot", page(((60, 180, 80, 200), 1.0)), 0),
        ("a letterhead's band", page(((0, 20, 612, 70), 0.95)), 0),
        ("a photograph's edge", page(((0, 740, 612, 792), 1.0)), 0),
        ("a dark picture", page(((60, 180, 550, 600), 0.95)), 0),
        ("words stand on it", page((BAR, 0.9), words=((200, 183, 240, 193),)), 0),
        ("headings of a form", page(((60, 180, 560, 198), 0.9), ((130, 443, 561, 461), 0.92)), 0),
        ("a ragged bar behind a label", page((BAR, 0.64), words=((80, 183, 136, 193),)), 1),
        ("a ragged dark thing apart from words", page((BAR, 0.64), words=((80, 203, 136, 213),)), 0),
        ("nothing", page(), 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bars(case: str, found: Page, count: int) -> None:
    problems = covered(found)
    assert [(p.code, p.page) for p in problems] == [("covered", 3)] * count


@pytest.mark.parametrize(
    ("case", "lines", "mark", "share", "count"),
    [
        ("a name blacked out", ("June 3, 2026", "Patient:", "Dear Reviewer:"), (130, 84, 420, 98), 0.95, 1),
        ("three values under one patch", ("Patient:", "Date of birth:", "Member ID:"), (160, 70, 420, 112), 0.55, 1),
        ("the value stands there", ("Patient: Ottoline Marsh", "Dear Reviewer:"), (230, 70, 420, 84), 0.95, 0),
        ("a signature beside its label", ("Patient: Ottoline Marsh", "Signature:"), (140, 84, 300, 102), 0.15, 0),
        ("a heading in white on a dark strip", ("Patient", "1. Name of the plan"), (118, 70, 560, 84), 0.95, 0),
        ("far away", ("Patient:", "Dear Reviewer:"), (400, 70, 560, 84), 0.95, 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_blacked_out(case: str, lines: tuple[str, ...], mark: Box, share: float, count: int) -> None:
    written = column(*lines)
    marked = written.pages[0].model_copy(update={"marks": (InkMark(box=mark, share=share, kind="image"),)})
    sheet = Sheet(written.model_copy(update={"pages": (marked,)}), (1,), "letter")
    assert [p.code for p in hidden_values(sheet)] == ["covered"] * count
