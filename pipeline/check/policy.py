"""What a plan asks beyond its columns: from when a letter holds, how long, who may sign, how much doubt is borne.

Belongs here: tables/policies.csv and tables/signers.csv, checked at load, and the choice of the rows in force for a plan
on a day. Does not belong here: the rule table (rules.py), dates (timing.py).

A row without plans is the program's default, one with plans says only what is different for them: an empty cell is taken
from the program's row. `plan` in a cell means the plan's own column of the claim records.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.check.sheet import Row, Sheet, day_of, load_sheet, parted, unknown
from pipeline.codes import credentials
from pipeline.model import ITEM_CATEGORIES, PROGRAMS, PlanRow

COLUMNS = ("program", "plans", "valid_from", "valid_months", "lifetime", "before_purchase", "look_back_days", "signers", "least_confidence", "sure_confidence",
           "effective_from", "effective_to", "source")  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    "valid_from": ("written", "signed", "received", "plan_year"),
    "lifetime": ("capped", "allowed", "refused"),
    "before_purchase": ("none", "on_or_before", "approved_before"),
}
SIGNER_COLUMNS = ("program", "plans", "category", "codes", "accepted", "effective_from", "effective_to", "source")
_NUMBERS = {"valid_months": (1, 999), "look_back_days": (0, 3650)}


@dataclass(frozen=True)
class Policy:
    """The policy of a plan on a day. `valid_months` None: no end but the letter's own; `signers` empty: anyone with a
    credential; `least_confidence` 0..1: a value read with less never blocks by itself; `sure_confidence` 0..1: a letter
    without any fault is held back when an essential value was read with less."""

    valid_from: str
    valid_months: int | None
    lifetime: str
    before_purchase: str
    look_back_days: int
    signers: tuple[str, ...]
    least_confidence: float
    sure_confidence: float


@dataclass(frozen=True)
class SignerRule:
    """Who may sign for one kind of item, by category or by the beginning of its code."""

    row: Row
    category: str
    codes: tuple[str, ...]
    accepted: tuple[str, ...]

    def covers(self, category: str, code: str | None) -> bool:
        """Whether an item is of the kind."""
        written = (code or "").upper().replace(" ", "")
        return (not self.category or self.category == category) and (not self.codes or any(written.startswith(c) for c in self.codes))


@dataclass(frozen=True)
class Policies:
    """All rows; `digest` is over both tables."""

    rows: tuple[Row, ...]
    signers: tuple[SignerRule, ...]
    digest: str
    _known: dict[tuple[PlanRow | None, str, dt.date], Policy] = field(default_factory=dict, compare=False, repr=False)

    def of(self, plan: PlanRow | None, program: str, as_of: dt.date) -> Policy:
        """The policy for a plan (None: no plan is known, the program's default)."""
        key = (plan, program, as_of)
        if key not in self._known:
            self._known[key] = self._of(plan, program, as_of)
        return self._known[key]

    def _of(self, plan: PlanRow | None, program: str, as_of: dt.date) -> Policy:
        cells: dict[str, str] = {}
        for row in sorted(self.rows, key=_rank):
            if in_force(row, as_of) and _for(row, plan, program):
                cells.update({k: v for k, v in row.cells.items() if v})
        return _policy(cells, plan)

    def may_sign(self, plan: PlanRow | None, program: str, as_of: dt.date, category: str, code: str | None) -> tuple[str, ...]:
        """Who may sign for an item of this kind; () where no row says. A plan's row goes before a program's."""
        fits = [s for s in self.signers if in_force(s.row, as_of) and _for(s.row, plan, program) and s.covers(category, code)]
        return max(fits, key=lambda s: (_rank(s.row), len(s.codes))).accepted if fits else ()


def in_force(row: Row, as_of: dt.date) -> bool:
    """Whether the day lies in the row's effective dates, both included."""
    since, until = day_of(row["effective_from"]), day_of(row["effective_to"])
    return (since is None or since <= as_of) and (until is None or as_of <= until)


def _rank(row: Row) -> tuple[bool, str]:
    return bool(row["plans"]), row["effective_from"]


def _for(row: Row, plan: PlanRow | None, program: str) -> bool:
    named = parted(row["plans"])
    if named:
        return plan is not None and plan.plan_id in named
    return program in parted(row["program"]) or not row["program"]


def _policy(cells: Mapping[str, str], plan: PlanRow | None) -> Policy:
    def number(column: str, own: int | None) -> int | None:
        return own if cells[column] == "plan" else int(cells[column])

    listed = (plan.accepted_credentials if plan else ()) if cells["signers"] == "plan" else parted(cells["signers"])
    return Policy(
        valid_from=cells["valid_from"], valid_months=number("valid_months", plan.letter_valid_months if plan else None), lifetime=cells["lifetime"],
        before_purchase=cells["before_purchase"], look_back_days=number("look_back_days", plan.retroactive_days if plan else 0) or 0,
        signers=tuple(c for c in listed if c != "anyone"), least_confidence=float(cells["least_confidence"]),
        sure_confidence=float(cells["sure_confidence"]),
    )  # fmt: skip


def load_policies(path: Path | None = None) -> tuple[Policies, list[str]]:
    """The policies of a rules path, and every fault of their tables with row and column. With faults the policies are
    not to be used."""
    sheet = load_sheet(path, "policies", COLUMNS, optional=("effective_to", "source"))
    signers = load_sheet(path, "signers", SIGNER_COLUMNS, optional=("effective_to", "source"))
    faults = [f"{sheet.name}, row {n}, column {column}: {says}" for n, column, says in _faults(sheet)]
    faults += [f"{signers.name}, row {r.number}, column {column}: {says}" for r in signers.rows for column, says in _signer_faults(r)]
    rules = tuple(SignerRule(r, r["category"], tuple(c.upper() for c in parted(r["codes"])), parted(r["accepted"])) for r in signers.rows)
    return Policies(sheet.rows, rules, sheet.digest + signers.digest), faults


def _faults(sheet: Sheet) -> Iterable[tuple[int, str, str]]:
    for row in sheet.rows:
        yield from ((row.number, column, says) for column, says in _row_faults(row))
    yield from _clashes(sheet.rows)
    for program in PROGRAMS:
        if not any(not r["plans"] and (program in parted(r["program"]) or not r["program"]) for r in sheet.rows):
            yield 1, "program", f"no row without plans is for {program}; every program needs a default."


def _clashes(rows: Sequence[Row]) -> Iterable[tuple[int, str, str]]:
    """Rows of which it cannot be told which goes first: for the same plan, or the same program, from the same day."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        kind, names = ("plan", parted(row["plans"])) if row["plans"] else ("program", parted(row["program"]) or PROGRAMS)
        first = next((seen[k] for name in names if (k := (f"{kind} {name}", row["effective_from"])) in seen), None)
        if first is not None:
            yield row.number, kind if kind == "program" else "plans", f"row {first} is for the same {kind} from the same day; change one or remove it."
        for name in names:
            seen.setdefault((f"{kind} {name}", row["effective_from"]), row.number)


def _row_faults(row: Row) -> Iterable[tuple[str, str]]:
    yield from _where_and_when(row)
    whole = not row["plans"]
    for column, allowed in CHOICES.items():
        if row[column] not in allowed and (whole or row[column]):
            yield column, unknown(row[column], "not known", allowed)
    for column, (least, most) in _NUMBERS.items():
        text = row[column]
        if not (text == "plan" or (text.isdecimal() and least <= int(text) <= most) or (not whole and not text)):
            yield column, f"'{text}' does not do; write a whole number from {least} to {most}, or plan."
    if not row["signers"] and whole:
        yield "signers", "write credentials such as MD|DO|NP, plan, or anyone."
    yield from (("signers", says) for says in _titles(t for t in parted(row["signers"]) if t not in ("plan", "anyone")))
    for column in ("least_confidence", "sure_confidence"):
        if not _share(row[column]) and (whole or row[column]):
            yield column, f"'{row[column]}' does not do; write a number from 0 to 1, such as 0.5."


def _titles(named: Iterable[str]) -> Iterable[str]:
    for title in named:
        if credentials.canonical(title) is None:
            yield unknown(title, "no known credential", credentials.kinds())


def _share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _where_and_when(row: Row) -> Iterable[tuple[str, str]]:
    for program in parted(row["program"]):
        if program not in PROGRAMS:
            yield "program", unknown(program, "no program", PROGRAMS)
    yield from day_faults(row)


def day_faults(row: Row) -> Iterable[tuple[str, str]]:
    """What is wrong with a row's effective dates."""
    since, until = day_of(row["effective_from"]), day_of(row["effective_to"])
    if since is None:
        yield "effective_from", f"'{row['effective_from']}' is no date; write it as 2026-03-14."
    if row["effective_to"] and (until is None or (since is not None and until < since)):
        yield "effective_to", f"'{row['effective_to']}' does not do; write a date such as 2026-12-31, not before effective_from, or leave it empty."


def _signer_faults(row: Row) -> Iterable[tuple[str, str]]:
    yield from _where_and_when(row)
    if row["category"] and row["category"] not in ITEM_CATEGORIES:
        yield "category", unknown(row["category"], "no category of items", ITEM_CATEGORIES)
    if not row["category"] and not row["codes"]:
        yield "codes", "name a category or the beginning of a code; a rule for every item belongs into policies."
    if not parted(row["accepted"]):
        yield "accepted", "name at least one credential, such as MD|DO."
    yield from (("accepted", says) for says in _titles(parted(row["accepted"])))
