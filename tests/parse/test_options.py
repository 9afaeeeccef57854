"""Which words belong to a tick box: before it, behind it, at the end of its row."""

import pytest

from pipeline.model import DocumentText, TickBox
from pipeline.parse.lines import lines_of
from pipeline.parse.options import options_in
from tests.parse.paper import column, paper


def told(document: DocumentText) -> list[tuple[str, bool]]:
    return [(document.text[o.start : o.end], o.ticked) for o in options_in(document, lines_of(document, [1]))]


def boxed(document: DocumentText, *ticks: tuple[float, float, bool]) -> DocumentText:
    """The page with tick boxes of nine points at (x, y)."""
    boxes = tuple(TickBox(box=(x, y, x + 9, y + 9), ticked=on, confidence=0.9) for x, y, on in ticks)
    return document.model_copy(update={"pages": (document.pages[0].model_copy(update={"ticks": boxes}),)})


TYPED = [
    ("[x] Gout [ ] Asthma", [("Gout", True), ("Asthma", False)]),
    ("Cosmetic? [ ] Yes [X] No", [("Yes", False), ("No", True)]),
    ("( ) in person (X) by phone", [("in person", False), ("by phone", True)]),
    ("_X_ left side ___ right side", [("left side", True), ("right side", False)]),
    ("Smoker: Yes ___ No _X_", [("Smoker: Yes", False), ("No", True)]),
    ("Gout ☐ Asthma ☒", [("Gout", False), ("Asthma", True)]),
    ("○ 6 months ● 12 months", [("6 months", False), ("12 months", True)]),
    ("take ___ tablets, then call", []),
    ("see section (a) and [1]", []),
    ("Phone (614) 555-0134", []),
]


@pytest.mark.parametrize(("text", "options"), TYPED, ids=[t for t, _ in TYPED])
def test_typed_boxes(text: str, options: list[tuple[str, bool]]) -> None:
    assert told(column(text)) == options


def test_boxes_before_their_labels() -> None:
    page = paper((84, 100, "Gout"), (184, 100, "Celiac disease"), (84, 120, "Asthma"), (184, 120, "Foot ulcer"))
    assert told(boxed(page, (72, 100, True), (172, 100, False), (72, 120, False), (172, 120, True))) == [
        ("Gout", True), ("Celiac disease", False), ("Asthma", False), ("Foot ulcer", True)]  # fmt: skip


def test_boxes_behind_their_labels() -> None:
    page = paper((72, 100, "Gout"), (120, 100, "Asthma"), (72, 120, "COPD"), (120, 120, "Anemia"))
    assert told(boxed(page, (96, 100, False), (154, 100, True), (96, 120, True), (154, 120, False))) == [
        ("Gout", False), ("Asthma", True), ("COPD", True), ("Anemia", False)]  # fmt: skip


def test_answers_close_behind_a_question() -> None:
    page = paper((72, 100, "Used at home?"), (160, 100, "Yes"), (200, 100, "No"))
    assert told(boxed(page, (147, 100, True), (187, 100, False))) == [("Yes", True), ("No", False)]


def test_a_grid_is_told_by_its_yes_column() -> None:
    page = paper((72, 80, "Criterion"), (298, 80, "Yes"), (358, 80, "No"), (72, 100, "Walks unaided"), (72, 120, "Open wound"))
    ticks = (300, 100, True), (360, 100, False), (300, 120, False), (360, 120, True)
    assert told(boxed(page, *ticks)) == [("Walks unaided", True), ("Open wound", False)]
