"""What a rule may ask: a letter, its match and the records side by side, and the answer with both sides quoted.

Belongs here: the shape of a question and of its answers, and the register of facts. Does not belong here: any one
fact.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.check.policy import Policies, Policy
from pipeline.model import (
    PROGRAMS,
    ApprovedLetter,
    ClaimRow,
    Evidence,
    HistoryRow,
    Letter,
    LetterSide,
    Match,
    OnFile,
    PlanRow,
    RecordSide,
)
from pipeline.records import Records


@dataclass(frozen=True)
class Held:
    """A letter held against the records. `claims` are the open claims it is for; claims, history and plan are empty
    where no member is known."""

    letter: Letter
    match: Match
    records: Records
    earlier: Sequence[OnFile]
    mine: OnFile
    as_of: dt.date
    policies: Policies
    approved: Sequence[ApprovedLetter] = ()

    @property
    def tied(self) -> bool:
        """A member is known, surely or but for a birth date or id that differs: claims and history can be held
        against the letter."""
        return self.match.member_id is not None

    @cached_property
    def plan(self) -> PlanRow | None:
        return self.records.plans.get(self.match.plan_id) if self.match.plan_id else None

    @property
    def program(self) -> str:
        """The plan's program, else the one the letter names, else fsa, whose rules ask the least."""
        if self.plan is not None:
            return self.plan.program
        named = self.letter.text_of("recipient.program")
        return named if named in PROGRAMS else "fsa"

    @cached_property
    def policy(self) -> Policy:
        """What the letter's plan asks beyond its columns."""
        return self.policies.of(self.plan, self.program, self.as_of)

    def policy_of(self, claim: ClaimRow | None) -> Policy:
        """The policy of the plan a claim line was filed under."""
        plan = self.plan_of(claim)
        return self.policies.of(plan, plan.program if plan else self.program, self.as_of)

    @cached_property
    def claims(self) -> tuple[ClaimRow, ...]:
        return tuple(self.records.claims[c] for c in self.match.claims)

    @cached_property
    def other_claims(self) -> tuple[ClaimRow, ...]:
        """Open claims for something else."""
        return tuple(self.records.claims[c] for c in self.match.other_open)

    @cached_property
    def all_claims(self) -> tuple[ClaimRow, ...]:
        """Open or not."""
        return self.records.claims_by(self.match.member_id or "")

    @cached_property
    def history(self) -> tuple[HistoryRow, ...]:
        return self.records.history.get(self.match.member_id or "", ())

    def plan_of(self, claim: ClaimRow | None) -> PlanRow | None:
        """The plan a claim line was filed under, else the member's."""
        return (self.records.plans.get(claim.plan_id) if claim else None) or self.plan

    def day(self, name: str) -> dt.date | None:
        """The accepted value of a date field; None for a value that is no calendar day."""
        text = self.letter.text_of(name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """A fact that holds: words for the rule's sentence, and the two sides it rests on. `outcome`: not_met,
    insufficient (something is missing) or contradicted. `confidence` is that of the letter's value it rests on, 1 for
    what rests on silence."""

    outcome: str = "not_met"
    words: dict[str, str] = field(default_factory=dict)
    letter: LetterSide | None = None
    record: RecordSide | None = None
    confidence: float = 1.0


Question = Callable[[Held], Answer | None]
"""None: the fact does not hold, or nothing can be said."""


@dataclass(frozen=True)
class Fact:
    """A question with the names of the words that its answers give to a rule's sentence."""

    ask: Question
    gives: tuple[str, ...]


FACTS: dict[str, Fact] = {}


def fact(*gives: str) -> Callable[[Question], Question]:
    """Registers a question under its function's name; `gives` names the words of its answers."""

    def register(ask: Question) -> Question:
        FACTS[ask.__name__] = Fact(ask, gives)
        return ask

    return register


def side(evidence: Evidence | None) -> LetterSide | None:
    """The letter's words of a piece of evidence."""
    return LetterSide(page=evidence.page, quote=evidence.quote, box=evidence.box) if evidence else None


def belief(confidence: float, evidence: Evidence | None) -> float:
    """How far a value may be believed: what the parser holds of it, and how well its words were read. What a person
    keyed or confirmed has confidence 1 and is beyond doubt."""
    return 1.0 if confidence >= 1 else min(confidence, evidence.confidence if evidence else 1.0)


def field_belief(letter: Letter, name: str) -> float:
    """How far an accepted field may be believed; 1 where there is none."""
    accepted = letter[name].accepted
    return belief(accepted.confidence, accepted.evidence) if accepted else 1.0


def field_side(letter: Letter, name: str) -> LetterSide | None:
    """The words that an accepted field was read from."""
    accepted = letter[name].accepted
    return side(accepted.evidence) if accepted else None
