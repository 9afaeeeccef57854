"""Holds a letter against the claim records, the history and the plan's rules.

Belongs here: asking each rule's fact and turning answers into findings. Does not belong here: queues (review). Without
a member no claim, history or plan finding is made; what follows from the letter alone stays.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, cast

from pipeline.check.facts import Answer, Held
from pipeline.check.filing import filing_keys
from pipeline.check.rules import Rule, Rules, load_rules
from pipeline.model import Finding, Letter, Match, OnFile
from pipeline.records import Records

VERSION = "check-1"

__all__ = ["VERSION", "Rules", "check", "filing_keys", "load_rules"]


def check(
    letter: Letter, match: Match, records: Records, earlier: Sequence[OnFile], mine: OnFile, as_of: dt.date, rules: Rules
) -> tuple[Finding, ...]:
    """Every finding of a letter, in the order of the rules."""
    held = Held(letter, match, records, earlier, mine, as_of)
    program = program_of(held)
    found = []
    for rule in rules.rows:
        level = rule.severity[program]
        if level == "off" or rule.effective_from > as_of:
            continue
        answer = rule.fact(held)
        if answer is not None:
            found.append(_finding(rule, rules.version, level, answer))
    return tuple(found)


def program_of(held: Held) -> str:
    """The plan's program, else the one the letter names, else fsa, whose rules ask the least."""
    if held.plan is not None:
        return held.plan.program
    return held.letter.text_of("recipient.program") or "fsa"


def _finding(rule: Rule, version: str, level: str, answer: Answer) -> Finding:
    words = {"item": "the item", "seen": "nothing by the name", **answer.words}
    return Finding(code=rule.finding, severity=cast("Literal['blocks', 'notes']", level), rule=f"{rule.id}@{version}", says=rule.says.format_map(words),
                   outcome=cast("Literal['not_met', 'insufficient', 'contradicted']", answer.outcome), letter=answer.letter, record=answer.record,
                   cure=rule.cure or None)  # fmt: skip
