"""The decision table: which fact makes which finding, how grave it is in each program, what to say.

Belongs here: loading and checking tables/default.csv or an analyst's own table. Does not belong here: the facts.
"""

import csv
import datetime as dt
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pipeline.check import claim_side, completeness, filing, legibility, signer, substance, timing
from pipeline.check.facts import Fact
from pipeline.errors import BadSettings

PROGRAMS = ("fsa", "hsa", "hra", "insurance", "workers_comp")
_COLUMNS = ("id", "finding", "fact", *PROGRAMS, "says", "cure", "source", "effective_from")
_LEVELS = ("blocks", "notes", "off")
FACTS: dict[str, Fact] = {
    name: value
    for module in (completeness, substance, signer, timing, claim_side, filing, legibility)
    for name, value in vars(module).items()
    if callable(value) and getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    and list(getattr(value, "__annotations__", {})) == ["held", "return"]
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    id: str
    finding: str
    fact: Fact
    severity: dict[str, str]
    says: str
    cure: str
    effective_from: dt.date


@dataclass(frozen=True)
class Rules:
    """All rows in order; `version` is a hash of the table."""

    rows: tuple[Rule, ...]
    version: str


def load_rules(path: Path | None) -> Rules:
    """The rules of a CSV, the shipped ones when None. BadSettings names row and column of what is wrong."""
    text = path.read_text(encoding="utf-8-sig") if path else files("pipeline.check").joinpath("tables/default.csv").read_text(encoding="utf-8")
    name = path.name if path else "default.csv"
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in _COLUMNS if c not in (reader.fieldnames or [])]
    if missing:
        raise BadSettings(f"{name}: the column '{missing[0]}' is missing. Add it to the header.")
    rows = tuple(_rule(name, number, row) for number, row in enumerate(reader, 2))
    return Rules(rows, hashlib.sha256(text.encode()).hexdigest()[:12])


def _rule(name: str, number: int, row: dict[str, str]) -> Rule:
    if row["fact"] not in FACTS:
        raise BadSettings(f"{name}, row {number}, column fact: there is no fact of that name. Use one of: {', '.join(sorted(FACTS))}.")
    for program in PROGRAMS:
        if row[program] not in _LEVELS:
            raise BadSettings(f"{name}, row {number}, column {program}: write one of {', '.join(_LEVELS)}.")
    try:
        since = dt.date.fromisoformat(row["effective_from"])
    except ValueError as err:
        raise BadSettings(f"{name}, row {number}, column effective_from: write a date such as 2026-03-14.") from err
    return Rule(row["id"], row["finding"], FACTS[row["fact"]], {p: row[p] for p in PROGRAMS}, row["says"], row["cure"], since)
