"""What people may give as reasons, and what needs a second person: tables that an office edits.

Belongs here: reading the two tables, shipped or in HOME/desk/. Does not belong here: deciding, or recording it.
"""

import csv
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import BadSettings


class Reason(NamedTuple):
    """A reason for a decision; `source` is the rule it rests on, '' for none."""

    code: str
    says: str
    source: str


class Policy:
    """The tables of one home; HOME/desk/reasons.csv and approvals.csv replace those shipped."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def _reasons(self) -> list[dict[str, str]]:
        return self._rows("reasons.csv", ("plan", "program", "what", "code", "says", "source"))

    @cached_property
    def _approvals(self) -> list[dict[str, str]]:
        return self._rows("approvals.csv", ("plan", "program", "what", "from_amount", "source"))

    def reasons(self, plan: str, program: str, what: str) -> list[Reason]:
        """Reasons that this plan knows for a decision; the plan's own rows first."""
        fit = [r for r in self._reasons if r["what"] == what and _fits(r, plan, program)]
        return [Reason(r["code"], r["says"], r["source"]) for r in sorted(fit, key=lambda r: (r["plan"] == "*", r["program"] == "*"))]

    def needs_second(self, plan: str, program: str, what: str, amount: float) -> str:
        """Why a second person must agree, '' when one is enough."""
        fit = [r for r in self._approvals if r["what"] == what and _fits(r, plan, program) and amount >= float(r["from_amount"] or 0)]
        return fit[0]["source"] if fit else ""

    def _rows(self, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        own = self._home / "desk" / name
        text = own.read_text(encoding="utf-8-sig") if own.is_file() else files("pipeline.desk").joinpath(name).read_text(encoding="utf-8")
        reader = csv.DictReader(text.splitlines())
        missing = [c for c in columns if c not in (reader.fieldnames or ())]
        if missing:
            raise BadSettings(f"{own} has no column '{missing[0]}'. Its columns are {', '.join(columns)}.")
        return [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]


def _fits(row: dict[str, str], plan: str, program: str) -> bool:
    return row["plan"] in ("*", plan) and row["program"] in ("*", program)
