"""The decision table: when which finding is made, how grave it is in each program, what to say.

Belongs here: loading and checking tables/default.csv or an analyst's own table, and choosing the rows that are in force
for a plan on a day. Does not belong here: the facts (completeness, substance, signer, claim_side, filing, legibility)
and the values (values.py) that rows name.
"""

import csv
import datetime as dt
import hashlib
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pipeline.check import claim_side, completeness, filing, legibility, signer, substance
from pipeline.check.expression import ExpressionError, compiled
from pipeline.check.facts import FACTS, PROGRAMS, Answer, Held, Question
from pipeline.check.values import KINDS, ask
from pipeline.errors import BadSettings

COLUMNS = ("id", "finding", "when", "needs", *PROGRAMS, "says", "cure", "source", "effective_from", "plans")
LEVELS = ("blocks", "notes", "off")
FINDINGS = (
    "MISSING_LETTERHEAD", "MISSING_PATIENT", "MISSING_DATE", "MISSING_DIAGNOSIS", "MISSING_ITEM", "MISSING_MEDICAL_VALUE",
    "MISSING_ALTERNATIVES", "MISSING_BENEFIT", "MISSING_DURATION", "MISSING_SIGNATURE", "MISSING_CREDENTIALS",
    "VAGUE_LANGUAGE", "NONSPECIFIC_DIAGNOSIS", "GENERAL_WELLNESS", "COSMETIC_PURPOSE", "ITEM_NOT_SUPPORTED",
    "CREDENTIAL_NOT_ACCEPTED", "NPI_INVALID", "LETTER_AFTER_PURCHASE", "OUTSIDE_PLAN_YEAR", "LETTER_EXPIRED", "FUTURE_DATED",
    "NO_MEMBER_MATCH", "NO_CLAIM_MATCH", "AMBIGUOUS_MATCH", "IDENTITY_MISMATCH", "ITEM_MISMATCH", "DIAGNOSIS_MISMATCH",
    "DIAGNOSIS_NOT_IN_HISTORY", "DUPLICATE_LETTER", "ALREADY_COVERED", "LOW_CONFIDENCE",
)  # fmt: skip
NEEDS: Mapping[str, object] = {
    "member": lambda held: held.tied,
    "plan": lambda held: held.plan is not None,
    "claim": lambda held: bool(held.claims),
    "item": lambda held: bool(held.letter.items),
    "diagnosis": lambda held: bool(held.letter.diagnoses),
    "letter_date": lambda held: held.day("letter_date") is not None,
    "patient": lambda held: held.letter["patient.name"].accepted is not None,
}
MODULES = (claim_side, completeness, filing, legibility, signer, substance)
"""The modules whose facts a row may name."""


@dataclass(frozen=True)
class Rule:
    """One row of the table. `plans` empty: for every plan."""

    id: str
    finding: str
    ask: Question
    needs: tuple[str, ...]
    severity: Mapping[str, str]
    says: str
    cure: str
    source: str
    effective_from: dt.date
    plans: tuple[str, ...]

    def answer(self, held: Held) -> Answer | None:
        """The answer of a letter that has what the row needs; None when the finding is not made."""
        known = all(NEEDS[need](held) for need in self.needs)  # type: ignore[operator]
        return self.ask(held) if known else None


@dataclass(frozen=True)
class Rules:
    """All rows in order; `version` is a hash of the table."""

    rows: tuple[Rule, ...]
    version: str

    def in_force(self, plan_id: str | None, as_of: dt.date) -> list[Rule]:
        """One row for each id: the latest in force on the day, one for this plan before one for every plan."""
        best: dict[str, Rule] = {}
        for rule in self.rows:
            fits = rule.effective_from <= as_of and (not rule.plans or plan_id in rule.plans)
            if fits and (rule.id not in best or _rank(rule) > _rank(best[rule.id])):
                best[rule.id] = rule
        return list(best.values())


def _rank(rule: Rule) -> tuple[bool, dt.date]:
    return bool(rule.plans), rule.effective_from


def load_rules(path: Path | None = None) -> Rules:
    """The rules of a CSV, the shipped ones when None. BadSettings lists every fault with row and column."""
    name = path.name if path else "default.csv"
    text = _text(path)
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
    if missing:
        raise BadSettings(f"{name}, row 1: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing. Add to the header.")
    rows = [{column: (row.get(column) or "").strip() for column in COLUMNS} for row in reader]
    faults = [f"{name}, row {n}, column {column}: {says}" for n, row in enumerate(rows, 2) for column, says in _faults(row)]
    faults += [f"{name}, row {n}, column id: {says}" for n, says in _clashes(rows)]
    if faults:
        raise BadSettings("\n".join(faults) + "\nCorrect these cells of the rule table.")
    return Rules(tuple(_rule(row) for row in rows), hashlib.sha256(text.encode()).hexdigest()[:12])


def _text(path: Path | None) -> str:
    if path is None:
        return files("pipeline.check").joinpath("tables/default.csv").read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise BadSettings(f"The rule table {path} cannot be read as UTF-8 text. Name another in lmn.toml (rules = …) or export it again.") from err


def _faults(row: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for column in ("id", "says"):
        if not row[column]:
            yield column, "the cell is empty; every rule needs one."
    if row["finding"] not in FINDINGS:
        yield "finding", f"'{row['finding']}' is no finding. Use one of: {', '.join(FINDINGS)}."
    given, says = _given(row["when"])
    if says:
        yield "when", says
    for need in filter(None, row["needs"].split("|")):
        if need not in NEEDS:
            yield "needs", f"'{need}' is not known. Use one of: {', '.join(sorted(NEEDS))}."
    for program in PROGRAMS:
        if row[program] not in LEVELS:
            yield program, f"write one of {', '.join(LEVELS)}."
    if not says:
        yield from (("says", f"{{{word}}} is not known here. Use one of: {', '.join(given) or 'none'}.") for word in _words(row["says"]) if word not in given)
    if _day(row["effective_from"]) is None:
        yield "effective_from", "write a date such as 2026-03-14."


def _given(when: str) -> tuple[tuple[str, ...], str]:
    """The words that a sentence may use, and what is wrong with the condition."""
    if when in FACTS:
        return FACTS[when].gives, ""
    if when.isidentifier():
        return (), f"'{when}' is no fact. Use one of: {', '.join(sorted(FACTS))}; or an expression over: {', '.join(sorted(KINDS))}."
    try:
        return compiled(when, KINDS).names, ""
    except ExpressionError as err:
        return (), f"the expression {err}."


def _words(says: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(says) if name is not None]
    except ValueError:
        return ["a bracket that is not closed"]


def _clashes(rows: list[dict[str, str]]) -> Iterable[tuple[int, str]]:
    seen: dict[tuple[str, str, str], int] = {}
    for n, row in enumerate(rows, 2):
        key = (row["id"], row["plans"], row["effective_from"])
        if key in seen:
            yield n, f"row {seen[key]} has the same id, plans and effective_from; change one or remove it."
        seen.setdefault(key, n)


def _rule(row: Mapping[str, str]) -> Rule:
    since = _day(row["effective_from"]) or dt.date.min
    return Rule(id=row["id"], finding=row["finding"], ask=_question(row["when"]), needs=tuple(filter(None, row["needs"].split("|"))),
                severity={p: row[p] for p in PROGRAMS}, says=row["says"], cure=row["cure"], source=row["source"], effective_from=since,
                plans=tuple(filter(None, (p.strip() for p in row["plans"].split("|")))))  # fmt: skip


def _question(when: str) -> Question:
    if when in FACTS:
        return FACTS[when].ask
    expression = compiled(when, KINDS)
    return lambda held: ask(expression, held)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
