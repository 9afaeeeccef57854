"""Reading order: columns are not interleaved, rows of forms and tables are read across."""

import pytest

from pipeline.model import Word
from pipeline.read.order import in_reading_order


def word(text: str, x: float, y: float, size: float = 10) -> Word:
    return Word(text=text, box=(x, y, x + 0.55 * size * len(text), y + size), confidence=1, source="ocr", line=0, start=0)


def row(text: str, x: float, y: float, size: float = 10) -> list[Word]:
    found, at = [], x
    for part in text.split():
        found.append(word(part, at, y, size))
        at += 0.55 * size * (len(part) + 1)
    return found


def read(*rows: list[Word]) -> list[str]:
    words = sorted((w for r in rows for w in r), key=lambda w: (w.box[0] * 7 + w.box[1] * 3) % 11)
    return [" ".join(w.text for w in line) for line in in_reading_order(words)]


BODY = [row(f"body line number {i} runs on to the right", 200, 100 + 14 * i) for i in range(8)]
SIDE = [row(f"side {i}", 40, 103 + 17 * i) for i in range(6)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([row("one two", 50, 50), row("three", 50, 70)], ["one two", "three"], id="two lines"),
        pytest.param([row("left", 50, 50), row("right", 400, 50)], ["left", "right"], id="wide gap parts a line"),
        pytest.param([row("a , b", 50, 50)], ["a , b"], id="a comma stays"),
        pytest.param(
            [row("big", 50, 50, 20), row("small", 100, 58, 9)], ["big small"], id="sizes differ on one baseline"
        ),
        pytest.param(
            [row("Name", 50, 50), row("Date", 300, 50), row("Ann Lee", 50, 66), row("5/1/26", 300, 66)],
            ["Name", "Date", "Ann Lee", "5/1/26"], id="form cells by rows",
        ),
        pytest.param(
            [*SIDE, *BODY], [*(f"side {i}" for i in range(6)), *(" ".join(w.text for w in r) for r in BODY)], id="margin list",
        ),
        pytest.param(
            [row("Heading across the whole sheet of paper here and further to the right", 40, 60), *SIDE, *BODY],
            ["Heading across the whole sheet of paper here and further to the right",
             *(f"side {i}" for i in range(6)), *(" ".join(w.text for w in r) for r in BODY)], id="heading over columns",
        ),
        pytest.param(
            [r for i in range(5) for r in (row(f"code{i}", 50, 100 + 16 * i), row(f"thing {i}", 200, 100 + 16 * i))],
            [t for i in range(5) for t in (f"code{i}", f"thing {i}")], id="table by rows",
        ),
        pytest.param(
            [row("Clinic Name", 50, 50), row("1 Main St", 450, 50), row("Dept", 50, 64), row("Town", 450, 64)],
            ["Clinic Name", "1 Main St", "Dept", "Town"], id="two blocks on the same baselines",
        ),
    ],
)  # fmt: skip
def test_order(rows: list[list[Word]], expected: list[str]) -> None:
    assert read(*rows) == expected


CELLS = [
    *(row(t, 50, 100 + 40 * i) for i, t in enumerate(["Name", "Reason", "Service", "Office"])),
    *(row(t, 50, 114 + 40 * i) for i, t in enumerate(["Ann Lee", "back pain", "brace", "Oak St"])),
    *(row(t, 400, 100 + 40 * i) for i, t in enumerate(["Account", "Code", "Often", "Phone"])),
    *(row(t, 400, 119 + 40 * i) for i, t in enumerate(["self", "M54.2", "daily", "5550144"])),
]


def test_rules_across_make_rows() -> None:
    words = [w for r in CELLS for w in r]
    rules = [(40.0, 94.0 + 40 * i, 560.0, 95.0 + 40 * i) for i in range(5)]
    lines = [" ".join(w.text for w in line) for line in in_reading_order(words, rules)]
    assert lines[:6] == ["Name", "Account", "Ann Lee", "self", "Reason", "Code"]


def test_rules_within_one_column_part_nothing() -> None:
    words = [w for r in [*SIDE, *BODY] for w in r]
    rules = [(200.0, 90.0 + 14 * i, 500.0, 91.0 + 14 * i) for i in range(9)]
    assert in_reading_order(words, rules) == in_reading_order(words)


def test_every_word_is_kept_once() -> None:
    words = [w for r in [*SIDE, *BODY] for w in r] + [word("x", 5, 5), word("tall", 60, 100, 40)]
    placed = [w for line in in_reading_order(words) for w in line]
    assert sorted(w.text for w in placed) == sorted(w.text for w in words)


def test_the_order_of_input_does_not_matter() -> None:
    words = [w for r in [*SIDE, *BODY] for w in r]
    assert in_reading_order(words) == in_reading_order(words[::-1])
