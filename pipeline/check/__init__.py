"""Holds a letter against the claim records, the history and the plan's rules.

Belongs here: asking each rule and turning answers into findings. Does not belong here: queues (review). Without a
member no claim or history finding is made; what follows from the letter alone stays.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, cast

from pipeline.check.facts import Answer, Held
from pipeline.check.filing import filing_keys
from pipeline.check.rules import Rule, Rules, load_rules
from pipeline.model import Finding, Letter, Match, OnFile
from pipeline.records import Records

VERSION = "check-2"

__all__ = ["VERSION", "Rules", "check", "filing_keys", "load_rules"]


def check(
    letter: Letter, match: Match, records: Records, earlier: Sequence[OnFile], mine: OnFile, as_of: dt.date, rules: Rules
) -> tuple[Finding, ...]:
    """Every finding of a letter, in the order of the rules. `earlier` are letters on file, `mine` this letter's keys;
    of the earlier only those count that were received before (a lower `order`)."""
    held = Held(letter, match, records, earlier, mine, as_of)
    found = []
    for rule in rules.in_force(held.plan.plan_id if held.plan else None, as_of):
        level = rule.severity[held.program]
        answer = rule.answer(held) if level != "off" else None
        if answer is not None:
            found.append(_finding(rule, rules.version, level, answer))
    return tuple(found)


def _finding(rule: Rule, version: str, level: str, answer: Answer) -> Finding:
    return Finding(
        code=rule.finding, severity=cast("Literal['blocks', 'notes']", level), rule=f"{rule.id}@{version}",
        says=rule.says.format_map(answer.words), outcome=cast("Literal['not_met', 'insufficient', 'contradicted']", answer.outcome),
        letter=answer.letter, record=answer.record, cure=rule.cure or None,
    )  # fmt: skip
