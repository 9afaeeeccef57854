"""Holds a letter against the claim records, the history and the plan's rules.

Belongs here: asking each rule and turning answers into findings. Does not belong here: queues (review). Without a
member no claim or history finding is made; what follows from the letter alone stays.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, cast

from pipeline.check.changes import changed, values_of
from pipeline.check.facts import Answer, Held
from pipeline.check.filing import filing_keys
from pipeline.check.on_file import covers_claim, on_file_of
from pipeline.check.remarks import remarks_on
from pipeline.check.rules import Rule, Rules, load_rules
from pipeline.model import ApprovedLetter, Finding, Letter, Match, OnFile, Remark
from pipeline.records import Records

VERSION = "check-8"

__all__ = ["VERSION", "Rules", "changed", "check", "covers_claim", "filing_keys", "found_in", "load_rules", "on_file_of", "remarks", "values_of"]


def check(
    letter: Letter, match: Match, records: Records, earlier: Sequence[OnFile], mine: OnFile, as_of: dt.date, rules: Rules,
    approved: Sequence[ApprovedLetter] = (),
) -> tuple[Finding, ...]:  # fmt: skip
    """Every finding of a letter, in the order of the rules, one for each code. `earlier` are letters received before,
    `mine` this letter's keys; of the earlier only those count that were received before (a lower `order`). `approved`
    are the member's approved letters. A value read with less confidence than the policy asks blocks nothing: its
    finding is noted, and LOW_CONFIDENCE stands beside it."""
    return found_in(Held(letter, match, records, earlier, mine, as_of, rules.policies, approved), rules)


def remarks(
    letter: Letter, match: Match, records: Records, earlier: Sequence[OnFile], mine: OnFile, as_of: dt.date, rules: Rules
) -> tuple[Remark, ...]:
    """What a reviewer may want to know beside the findings; arguments as for `check`."""
    return remarks_on(Held(letter, match, records, earlier, mine, as_of, rules.policies))


def found_in(held: Held, rules: Rules) -> tuple[Finding, ...]:
    """Every finding of a letter held against the records."""
    found: dict[str, Finding] = {}
    for rule in rules.in_force(held.plan.plan_id if held.plan else None, held.as_of):
        level = rule.severity[held.program]
        asked = level != "off" and not (rule.last and any(f.severity == "blocks" for f in found.values()))
        answer = rule.answer(held) if asked else None
        if answer is None:
            continue
        doubted = answer.outcome != "insufficient" and answer.confidence < held.policy.least_confidence
        made = _finding(rule, "notes" if doubted else level, answer)
        if rule.finding not in found or (found[rule.finding].severity, made.severity) == ("notes", "blocks"):
            found[rule.finding] = made
    return tuple(found.values())


def _finding(rule: Rule, level: str, answer: Answer) -> Finding:
    return Finding(
        code=rule.finding, severity=cast("Literal['blocks', 'notes']", level), rule=f"{rule.id}@{rule.version}",
        says=_sentence(rule.says.format_map(answer.words)), outcome=cast("Literal['not_met', 'insufficient', 'contradicted']", answer.outcome),
        letter=answer.letter, record=answer.record, cure=rule.cure or None,
    )  # fmt: skip


def _sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
