"""Handwriting that no engine could read is unread, not absent; signatures and read values are no such thing."""

import pytest

from pipeline.model import Box, InkMark, Word
from pipeline.parse.handwriting import unread_values
from pipeline.parse.sheet import Sheet
from tests.parse.paper import paper

Place = tuple[float, float, str]


@pytest.mark.parametrize(
    ("case", "kind", "lines", "ink", "count"),
    [
        ("a name by hand beside its label", "letter", ((72, 100, "Patient name:"),), (150, 96, 230, 112), 1),
        ("a birth date in a form's cell below its label", "form", ((72, 100, "Date of birth"), (300, 100, "Plan year")), (74, 113, 140, 128), 1),
        ("the same place in a letter", "letter", ((72, 100, "Date of birth"), (300, 100, "Plan year")), (74, 113, 140, 128), 0),
        ("a signature beside its label", "form", ((72, 100, "Signature:"),), (130, 92, 260, 116), 0),
        ("ink over a signer's name", "form", ((72, 100, "Physician name:"),), (160, 92, 260, 116), 0),
        ("the value was typed", "letter", ((72, 100, "Patient name: Ottoline Marsh"),), (240, 96, 300, 112), 0),
        ("far off", "letter", ((72, 100, "Patient name:"),), (420, 96, 500, 112), 0),
        ("a speck", "letter", ((72, 100, "Patient name:"),), (150, 100, 158, 106), 0),
        ("a large scrawl", "letter", ((72, 100, "Patient name:"),), (150, 80, 400, 140), 0),
        ("nothing beside it", "form", ((72, 100, "Patient name:"),), (150, 300, 230, 316), 0),
    ],
)
def test_ink_where_a_value_belongs(case: str, kind: str, lines: tuple[Place, ...], ink: Box, count: int) -> None:
    assert [p.code for p in _problems(kind, lines, ink)] == ["unread"] * count


def test_the_label_is_named_and_not_the_patient() -> None:
    says = _problems("letter", ((72, 100, "Patient name:"), (72, 130, "Re: Ottoline Marsh")), (150, 96, 230, 112))[0].says
    assert "Patient name" in says and "Marsh" not in says


def test_ink_with_a_word_on_it_was_read() -> None:
    written = paper((72, 100, "Patient name:"))
    page = written.pages[0]
    read = Word(text="Marsh", box=(152, 97, 200, 111), confidence=0.4, source="ocr", line=1, start=0)
    marked = page.model_copy(update={"marks": (InkMark(box=(150, 96, 230, 112), share=0.2),), "words": (*page.words, read)})
    assert unread_values(Sheet(written.model_copy(update={"pages": (marked,)}), (1,), "letter")) == ()


def _problems(kind: str, lines: tuple[Place, ...], ink: Box) -> tuple[object, ...]:
    written = paper(*lines)
    marked = written.pages[0].model_copy(update={"marks": (InkMark(box=ink, share=0.15),)})
    return unread_values(Sheet(written.model_copy(update={"pages": (marked,)}), (1,), kind))
