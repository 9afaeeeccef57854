"""The rule table: what it refuses, and which rows are in force."""

import csv
import datetime as dt
import io
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from pipeline.check import load_rules
from pipeline.check.expression import ExpressionError, Kind, compiled
from pipeline.check.facts import FACTS
from pipeline.check.rules import COLUMNS, FINDINGS, plans_named, unmade
from pipeline.check.values import KINDS, VALUES
from pipeline.errors import BadSettings
from pipeline.review.triage import routes

SHIPPED = files("pipeline.check").joinpath("tables/rules.csv").read_text(encoding="utf-8")
DAY = dt.date(2026, 6, 30)


def table(tmp_path: Path, row: int, column: str, value: str, extra: dict[str, str] | None = None) -> Path:
    """The shipped table with one cell changed (rows as a spreadsheet counts them), and maybe a row more."""
    rows = list(csv.DictReader(SHIPPED.splitlines()))
    rows[row - 2][column] = value
    rows += [{**rows[row - 2], **extra}] if extra else []
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "rules.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_every_finding_of_the_letter_has_a_rule_and_a_route() -> None:
    shipped = load_rules(None)
    assert {rule.finding for rule in shipped.rows} == set(FINDINGS)
    assert set(FINDINGS) | {"NOT_AN_LMN"} == set(routes())
    assert all(rule.cure and rule.source for rule in shipped.rows)


def test_every_fact_is_in_use() -> None:
    used = {row["when"] for row in csv.DictReader(SHIPPED.splitlines())}
    assert set(FACTS) <= used


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("finding", "LATE_LETTER", "row 20, column finding: 'LATE_LETTER' is no finding"),
        ("finding", "MISSING_DATES", "row 20, column finding: 'MISSING_DATES' is no finding. Did you mean MISSING_DATE?"),
        ("when", "no_leter_date", "row 20, column when: 'no_leter_date' is no fact. Did you mean no_letter_date?"),
        ("when", "quite_something", "is no fact. Use one of: ambiguous, approved_before"),
        ("when", "leter_date > as_of", "the condition uses leter_date, which is no known value. Did you mean letter_date?"),
        ("when", "before_purchase == none", "A text stands in quotes: 'none'"),
        ("when", "before_purchase == 'never'", "compares before_purchase with 'never', which it never is; use one of: none, on_or_before, approved_before"),
        ("when", "claim_status == 'open'", "compares claim_status with 'open', which it never is; use one of: pended, prior_auth, denied"),
        ("when", "before_purchase = 'none'", "cannot be read near character 17. Equality is written ==."),
        ("when", "letter_date > retroactive_days", "the condition compares date with number"),
        ("when", "letter_date + service_date > as_of", "the condition cannot add date to date"),
        ("when", "letter_date >", "the condition cannot be read near character"),
        ("when", "letter_date + 3", "the condition compares nothing"),
        ("when", "len(program) > 3", "uses something other than names"),
        ("needs", "member|money", "column needs: 'money' is not known"),
        ("needs", "members", "column needs: 'members' is not known. Did you mean member?"),
        ("fsa", "block", "column fsa: 'block' is not known; write one of blocks, notes, off"),
        ("says", "Dated {date}.", "column says: '{date}' is not known here"),
        ("says", "Dated {leter_date}.", "'{leter_date}' is not known here. Did you mean letter_date?"),
        ("says", "Dated {letter_date.", "column says: a bracket is not closed"),
        ("says", "", "column says: the cell is empty"),
        ("effective_from", "2026", "column effective_from: '2026' is no date; write it as 2026-03-14"),
        ("effective_from", "1/1/2020", "column effective_from: '1/1/2020' is no date"),
        ("effective_to", "2019-12-31", "column effective_to: '2019-12-31' does not do"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, column: str, value: str, says: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load_rules(table(tmp_path, 20, column, value))
    assert "rules.csv, row 20" in str(caught.value)
    assert says in str(caught.value)


def test_all_wrong_cells_are_named_at_once(tmp_path: Path) -> None:
    path = table(tmp_path, 5, "fsa", "never", {"id": "Z9", "finding": "ODD"})
    with pytest.raises(BadSettings) as caught:
        load_rules(path)
    assert "row 5, column fsa" in str(caught.value) and "row 40, column finding" in str(caught.value)


def test_a_missing_column_or_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.csv").write_text(SHIPPED.replace("cure,", "remedy,", 1), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"column cure is missing\. Add it to the header\."):
        load_rules(tmp_path / "rules.csv")
    (tmp_path / "rules.csv").write_text(SHIPPED.replace("finding", "fnding", 1), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"column finding is missing\. Is it fnding\? Correct the header\."):
        load_rules(tmp_path / "rules.csv")
    with pytest.raises(BadSettings, match="There is no rule table"):
        load_rules(tmp_path / "none.csv")


def test_a_table_without_rows_and_a_misspelt_column_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.csv").write_text(SHIPPED.partition("\n")[0], encoding="utf-8")
    with pytest.raises(BadSettings, match="the table has no rows"):
        load_rules(tmp_path / "rules.csv")
    (tmp_path / "rules.csv").write_text(SHIPPED.replace("effective_to,", "efective_to,", 1), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"row 1: the column 'efective_to' is not known\. Did you mean effective_to\?"):
        load_rules(tmp_path / "rules.csv")
    (tmp_path / "rules.csv").write_text(SHIPPED.replace("misses\n", "misses,our notes\n", 1), encoding="utf-8")
    assert load_rules(tmp_path / "rules.csv").rows


def test_what_is_no_fault_is_noted(tmp_path: Path) -> None:
    rules = load_rules(table(tmp_path, 2, "plans", "HFC-PLAN|NO-SUCH"))
    assert plans_named(rules) == [("HFC-PLAN", "rules, row 2"), ("NO-SUCH", "rules, row 2")]
    assert unmade(rules) == ()
    assert unmade(load_rules(table(tmp_path, 4, "finding", "MISSING_PATIENT"))) == ("MISSING_DATE",)


def test_the_guide_tells_of_every_fact_and_value() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert [name for name in (*FACTS, *VALUES) if f"| `{name}` |" not in guide] == []


def test_the_same_rule_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="row 40, column id: row 20 has the same id"):
        load_rules(table(tmp_path, 20, "fsa", "notes", {"fsa": "off"}))


def test_a_plan_has_its_own_row_and_a_later_row_waits_for_its_day(tmp_path: Path) -> None:
    own = load_rules(table(tmp_path, 2, "fsa", "blocks", {"plans": "P-1|P-2", "fsa": "off"}))
    assert [r.severity["fsa"] for r in own.in_force("P-2", DAY) if r.id == "C01"] == ["off"]
    assert [r.severity["fsa"] for r in own.in_force("P-3", DAY) if r.id == "C01"] == ["blocks"]
    later = load_rules(table(tmp_path, 2, "fsa", "blocks", {"effective_from": "2026-07-01", "fsa": "off"}))
    assert [r.severity["fsa"] for r in later.in_force(None, DAY) if r.id == "C01"] == ["blocks"]
    assert [r.severity["fsa"] for r in later.in_force(None, DAY + dt.timedelta(days=1)) if r.id == "C01"] == ["off"]


def test_the_version_follows_the_table(tmp_path: Path) -> None:
    assert load_rules(None).version != load_rules(table(tmp_path, 2, "fsa", "notes")).version


KNOWN: dict[str, Kind] = {"a": "date", "b": "date", "n": "number", "t": "text"}
AT: dict[str, Any] = {"a": dt.date(2026, 3, 1), "b": dt.date(2026, 3, 31), "n": 30, "t": "paid"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("b > a + n", False), ("b >= a + n", True), ("b - a == 30", True), ("b - n < a", False), ("a < b and not n > 30", True),
        ("a > b or t == 'paid'", True), ("t != 'paid'", False), ("a >= '2026-03-01'", True), ("a < b < '2026-04-01'", True), ("n + 1.5 > 31", True),
    ],
)  # fmt: skip
def test_expressions(text: str, holds: bool) -> None:
    assert compiled(text, KNOWN).holds(AT) is holds


def test_an_expression_without_a_value_says_nothing() -> None:
    assert compiled("not a > b", KNOWN).holds({**AT, "b": None}) is False


@pytest.mark.parametrize("text", ["a.year > 3", "__import__('os')", "[a]", "a if b else n", "a ** 2 > n", "True", "a in b", "a is b", "b'x' == t", "lambda: a"])
def test_nothing_else_gets_in(text: str) -> None:
    with pytest.raises(ExpressionError):
        compiled(text, KNOWN)


def test_kinds_are_those_of_the_values() -> None:
    assert set(KINDS) == set(VALUES)
