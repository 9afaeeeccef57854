"""The decision table: when which finding is made, how grave it is in each program, what to say.

Belongs here: loading and checking tables/rules.csv or an analyst's own table, and choosing the rows that are in force
for a plan on a day. Does not belong here: the facts (completeness, substance, signer, claim_side, filing, legibility)
and the values (values.py) that rows name, plan policies (policy.py), running the examples (specimen.py).
"""

import datetime as dt
import hashlib
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.check import claim_side, completeness, filing, legibility, on_file, signer, substance
from pipeline.check.expression import ExpressionError, compiled
from pipeline.check.facts import FACTS, Answer, Held, Question
from pipeline.check.policy import CHOICES, Policies, day_faults, load_policies
from pipeline.check.sheet import Row, day_of, load_sheet, meant, parted, unknown
from pipeline.check.values import KINDS, ask
from pipeline.errors import BadSettings
from pipeline.model import PROGRAMS
from pipeline.records.soundness import OPEN

COLUMNS = ("id", "finding", "when", "needs", *PROGRAMS, "says", "cure", "source", "effective_from", "effective_to", "plans", "meets", "misses")
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
LAST = "nothing_else"
"""The need of rows that are asked last, and only when nothing was found that blocks."""

MODULES = (claim_side, completeness, filing, legibility, on_file, signer, substance)
"""The modules whose facts a row may name."""


@dataclass(frozen=True)
class Rule:
    """One row of the table. `version` is a hash of all that decides about it: its cells but for the examples, and the plan
    policies; a finding names it, so that one that no change of the table concerns stays as it is. `plans` empty: for every plan. `meets` and `misses` are the row's examples, a change to the
    good letter each (specimen.py); `row` is its number in the spreadsheet; `last` rows are asked when nothing blocks."""

    id: str
    finding: str
    ask: Question
    needs: tuple[str, ...]
    severity: Mapping[str, str]
    says: str
    cure: str
    source: str
    effective_from: dt.date
    effective_to: dt.date
    plans: tuple[str, ...]
    meets: str
    misses: str
    row: int
    version: str = ""
    last: bool = False

    def answer(self, held: Held) -> Answer | None:
        """The answer of a letter that has what the row needs; None when the finding is not made."""
        known = all(NEEDS[need](held) for need in self.needs)  # type: ignore[operator]
        return self.ask(held) if known else None


@dataclass(frozen=True)
class Rules:
    """All rows in order, and the plan policies beside them; `version` is a hash of all their tables; `name` is how
    messages call the table."""

    rows: tuple[Rule, ...]
    policies: Policies
    version: str
    name: str
    _known: dict[tuple[str | None, dt.date], list[Rule]] = field(default_factory=dict, compare=False, repr=False)

    def in_force(self, plan_id: str | None, as_of: dt.date) -> list[Rule]:
        """One row for each id: the latest in force on the day, one for this plan before one for every plan."""
        key = (plan_id, as_of)
        if key not in self._known:
            self._known[key] = self._in_force(plan_id, as_of)
        return self._known[key]

    def _in_force(self, plan_id: str | None, as_of: dt.date) -> list[Rule]:
        best: dict[str, Rule] = {}
        for rule in self.rows:
            fits = rule.effective_from <= as_of <= rule.effective_to and (not rule.plans or plan_id in rule.plans)
            if fits and (rule.id not in best or _rank(rule) > _rank(best[rule.id])):
                best[rule.id] = rule
        return sorted(best.values(), key=lambda rule: rule.last)


def unmade(rules: Rules) -> tuple[str, ...]:
    """Findings that no row makes."""
    made = {rule.finding for rule in rules.rows}
    return tuple(f for f in FINDINGS if f not in made)


def plans_named(rules: Rules) -> list[tuple[str, str]]:
    """Each plan id that some row is for, with the table and the row that names it."""
    named = [(plan, f"rules, row {rule.row}") for rule in rules.rows for plan in rule.plans]
    named += [(plan, f"policies, row {row.number}") for row in rules.policies.rows for plan in parted(row["plans"])]
    return [*named, *((plan, f"signers, row {s.row.number}") for s in rules.policies.signers for plan in parted(s.row["plans"]))]


def _rank(rule: Rule) -> tuple[bool, dt.date]:
    return bool(rule.plans), rule.effective_from


def load_rules(path: Path | None = None) -> Rules:
    """The rules and policies of a CSV, an XLSX workbook or a folder of tables, the shipped ones when None or where the
    path holds none. BadSettings lists every fault with row and column."""
    sheet = load_sheet(path, "rules", COLUMNS, optional=("effective_to",))
    faults = [f"{sheet.name}, row {row.number}, column {column}: {says}" for row in sheet.rows for column, says in _faults(row)]
    faults += [f"{sheet.name}, row {n}, column id: {says}" for n, says in _clashes(sheet.rows)]
    faults += [] if sheet.rows else [f"{sheet.name}: the table has no rows, so that no letter would ever have a fault. Begin with a copy of the shipped one."]
    policies, others = load_policies(path)
    if faults or others:
        raise BadSettings("\n".join([*faults, *others]) + "\nCorrect these cells of the rule table.")
    version = hashlib.sha256((sheet.digest + policies.digest).encode()).hexdigest()[:12]
    return Rules(tuple(_rule(row, policies.digest) for row in sheet.rows), policies, version, sheet.name)


def _faults(row: Row) -> Iterable[tuple[str, str]]:
    for column in ("id", "says", "meets", "misses"):
        if not row[column]:
            yield column, "the cell is empty; every rule needs one."
    if row["finding"] not in FINDINGS:
        yield "finding", unknown(row["finding"], "no finding", FINDINGS)
    given, says = _given(row["when"])
    if says:
        yield "when", says
    for need in parted(row["needs"]):
        if need not in NEEDS and need != LAST:
            yield "needs", unknown(need, "not known", sorted((*NEEDS, LAST)))
    for program in PROGRAMS:
        if row[program] not in LEVELS:
            yield program, f"'{row[program]}' is not known; write one of {', '.join(LEVELS)}."
    if not says:
        yield from (("says", unknown(f"{{{word}}}", "not known here", given or ["none"]) if word else "a bracket is not closed.") for word in _words(row["says"]) if word not in given)
    yield from day_faults(row)


_TEXTS: Mapping[str, tuple[str, ...]] = {**CHOICES, "program": PROGRAMS, "claim_status": OPEN}
"""The only texts that these values can be."""


def _given(when: str) -> tuple[tuple[str, ...], str]:
    """The words that a sentence may use, and what is wrong with the condition."""
    if when in FACTS:
        return FACTS[when].gives, ""
    if when.isidentifier():
        near = meant(when, FACTS) or f" Use one of: {', '.join(sorted(FACTS))}; or a condition over: {', '.join(sorted(KINDS))}."
        return (), f"'{when}' is no fact.{near}"
    try:
        return (*(names := compiled(when, KINDS, _TEXTS).names), *(n for n in sorted(KINDS) if n not in names)), ""
    except ExpressionError as err:
        return (), f"the condition {err}"


def _words(says: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(says) if name is not None]
    except ValueError:
        return [""]


def _clashes(rows: Sequence[Row]) -> Iterable[tuple[int, str]]:
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row["id"], row["plans"], row["effective_from"])
        if key in seen:
            yield row.number, f"row {seen[key]} has the same id, plans and effective_from; change one or remove it."
        seen.setdefault(key, row.number)


def _rule(row: Row, policies: str) -> Rule:
    version = hashlib.sha256("\x1f".join((*(row[c] for c in COLUMNS if c not in ("meets", "misses")), policies)).encode()).hexdigest()[:12]
    return Rule(id=row["id"], finding=row["finding"], ask=_question(row["when"]), needs=tuple(n for n in parted(row["needs"]) if n != LAST), last=LAST in parted(row["needs"]), severity={p: row[p] for p in PROGRAMS},
                says=row["says"], cure=row["cure"], source=row["source"], effective_from=day_of(row["effective_from"]) or dt.date.min,
                effective_to=day_of(row["effective_to"]) or dt.date.max, plans=parted(row["plans"]), meets=row["meets"], misses=row["misses"],
                row=row.number, version=version)  # fmt: skip


def _question(when: str) -> Question:
    if when in FACTS:
        return FACTS[when].ask
    expression = compiled(when, KINDS)
    return lambda held: ask(expression, held)
