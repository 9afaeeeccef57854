"""docs/operating.md says what the code does: columns, settings with their defaults, exit codes."""

import re
from typing import Any

import pytest

from pipeline import errors
from pipeline.records.soundness import CHOICES, REQUIRED
from pipeline.records.tables import COLUMNS
from pipeline.settings import Settings
from tests.homes import ROOT

TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")]
IN_THE_HOME = {"home", "inbox", "claims", "out", "ledger_url", "rules"}


@pytest.mark.parametrize("table", COLUMNS)
def test_the_columns(table: str) -> None:
    (told,) = [row[1].split(", ") for row in ROWS if row[0] == f"`{table}`"]
    assert tuple(name.strip("*") for name in told) == COLUMNS[table]
    assert {name.strip("*") for name in told if name.startswith("**")} == set(REQUIRED[table])


@pytest.mark.parametrize("word", sorted({word for words in CHOICES.values() for word in words}))
def test_the_words_that_a_cell_may_hold(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT)


def defaults() -> dict[str, Any]:
    told: dict[str, Any] = {}
    for names, values, *_ in (row for row in ROWS if re.match(r"`[a-z_]+`[,`a-z_ ]*$", row[0]) and len(row) == 3):
        each = re.findall(r"`(\w+)`", names)
        said = [v.strip(" `") for v in values.split(",")]
        told.update(zip(each, said if len(said) == len(each) else said * len(each), strict=True))
    return told


def test_the_settings() -> None:
    told = defaults()
    assert set(told) | {"home"} == set(Settings.model_fields)
    for name in set(told) - IN_THE_HOME:
        assert told[name] == (str(Settings.model_fields[name].default) or "empty"), name


def test_the_exit_codes() -> None:
    told = {row[0] for row in ROWS if row[0].isdecimal()}
    raised = {str(kind.exit) for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.OperatorError)}
    assert told == raised | {"0", "130"}
