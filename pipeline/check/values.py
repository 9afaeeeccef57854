"""The named values that a rule's expression may use, each with the words or the record it comes from.

Belongs here: the list of names. Does not belong here: conditions, which stand in the rule table. A value of a claim
line is asked once for each line the letter is for.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.check.days import in_words
from pipeline.check.expression import Expression, Kind
from pipeline.check.facts import Answer, Held, field_belief, field_side
from pipeline.check.timing import covers_until
from pipeline.model import ClaimRow, PlanRow, RecordSide

Asked = Callable[[Held, ClaimRow | None], Any]


@dataclass(frozen=True)
class Value:
    """A named value. `letter` is the field it was read from; `table` and `column` the record; `line` whether each
    claim line has its own."""

    kind: Kind
    of: Asked
    letter: str | None = None
    table: str = ""
    column: str = ""
    line: bool = False


def _field(name: str) -> Value:
    return Value("date", lambda held, _: held.day(name), letter=name)


def _line(kind: Kind, column: str) -> Value:
    return Value(kind, lambda _, claim: getattr(claim, column, None), table="claims", column=column, line=True)


def _plan(kind: Kind, column: str, of: Callable[[PlanRow], Any] | None = None) -> Value:
    def ask(held: Held, claim: ClaimRow | None) -> Any:
        plan = held.plan_of(claim) if held.tied else None
        return (of(plan) if of else getattr(plan, column)) if plan else None

    return Value(kind, ask, table="plans", column=column)


def _policy(kind: Kind, column: str) -> Value:
    return Value(kind, lambda held, claim: getattr(held.policy_of(claim), column), table="policies", column=column)


def _approval(held: Held) -> dt.date:
    """The day this letter was approved; one not approved yet cannot be before today."""
    return next((a.approved_on for a in held.approved if a.letter_id == held.letter.letter_id), held.as_of)


VALUES: Mapping[str, Value] = {
    "as_of": Value("date", lambda held, _: held.as_of),
    "letter_date": _field("letter_date"),
    "treatment_start": _field("treatment_start"),
    "treatment_end": _field("treatment_end"),
    "injury_date": _field("injury_date"),
    "signature_date": _field("provider.signature_date"),
    "received_on": Value("date", lambda held, _: held.mine.received),
    "approved_on": Value("date", lambda held, _: _approval(held)),
    "letter_until": Value("date", lambda held, claim: covers_until(held.letter, held.plan_of(claim), held.policy_of(claim), held.mine.received),
                          letter="letter_date"),
    "before_purchase": _policy("text", "before_purchase"),
    "look_back_days": _policy("number", "look_back_days"),
    "lifetime": _policy("text", "lifetime"),
    "valid_from": _policy("text", "valid_from"),
    "months_asked": Value("number", lambda held, _: max((i.duration_months or 0 for i in held.letter.items), default=None)),
    "cost_asked": Value("number", lambda held, _: max((i.cost for i in held.letter.items if i.cost), default=None)),
    "service_date": _line("date", "service_date"),
    "received_date": _line("date", "received_date"),
    "claim_amount": _line("number", "amount"),
    "claim_status": _line("text", "status"),
    "claim_category": _line("text", "category"),
    "plan_year_start": _plan("date", "plan_year_start"),
    "plan_year_end": _plan("date", "plan_year_end"),
    "plan_last_day": _plan("date", "grace_end", lambda plan: plan.grace_end or plan.plan_year_end),
    "runout_end": _plan("date", "runout_end"),
    "retroactive_days": _plan("number", "retroactive_days"),
    "letter_valid_months": _plan("number", "letter_valid_months"),
    "program": Value("text", lambda held, _: held.program),
}
KINDS: Mapping[str, Kind] = {name: value.kind for name, value in VALUES.items()}


def ask(expression: Expression, held: Held) -> Answer | None:
    """The first claim line of which the expression holds (or the letter alone, where it names no claim value)."""
    lines: tuple[ClaimRow | None, ...] = (None,)
    if any(VALUES[name].line for name in expression.names):
        lines = held.claims
    elif any(VALUES[name].table in ("plans", "policies") for name in expression.names):
        lines = held.claims or (None,)
    for line in lines:
        known = {name: VALUES[name].of(held, line) for name in expression.names}
        if expression.holds(known):
            told = _Words({name: _said(name, value) for name, value in known.items()}, held, line)
            read = min((field_belief(held.letter, field) for n in expression.names if (field := VALUES[n].letter)), default=1.0)
            return Answer("contradicted", told, _letter_side(expression, held), _record_side(expression, held, line, known), read)
    return None


class _Words(dict[str, str]):
    """The words of the names in the expression, and of any other name when a sentence asks for it."""

    def __init__(self, known: Mapping[str, str], held: Held, line: ClaimRow | None) -> None:
        super().__init__(known)
        self._held, self._line = held, line

    def __missing__(self, name: str) -> str:
        value = VALUES[name].of(self._held, self._line)
        return "an unknown day" if value is None else _said(name, value)


_RECORDS = ("claims", "plans")
"""Tables whose cells are quoted, in this order."""


def _letter_side(expression: Expression, held: Held) -> Any:
    name = next((VALUES[n].letter for n in expression.names if VALUES[n].letter), None)
    return field_side(held.letter, name) if name else None


def _record_side(expression: Expression, held: Held, line: ClaimRow | None, known: Mapping[str, Any]) -> RecordSide | None:
    """The claim line's value before the plan's."""
    named = sorted((n for n in expression.names if VALUES[n].table in _RECORDS), key=lambda n: VALUES[n].table)
    if not named:
        return None
    value = VALUES[named[0]]
    plan = held.plan_of(line)
    number = line.claim_id if value.table == "claims" and line else plan.plan_id if plan else ""
    return RecordSide(table=value.table, id=number, column=value.column, value=_shown(known[named[0]]))


def _said(name: str, value: Any) -> str:
    """A value in a sentence: a day written out, no days as 'no'."""
    if isinstance(value, dt.date):
        return in_words(value)
    return "no" if value == 0 and name.endswith("_days") else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
