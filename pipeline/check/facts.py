"""What a rule may ask: a letter, its match and the records side by side, and the answer with both sides quoted.

Belongs here: the shape of a question and of its answers. Does not belong here: any one fact.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import (
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
    """A letter held against the records. `plan` and `claims` are empty where there is no sure member."""

    letter: Letter
    match: Match
    records: Records
    earlier: Sequence[OnFile]
    mine: OnFile
    as_of: dt.date

    @cached_property
    def plan(self) -> PlanRow | None:
        return self.records.plans.get(self.match.plan_id) if self.match.plan_id else None

    @cached_property
    def claims(self) -> tuple[ClaimRow, ...]:
        return tuple(self.records.claims[c] for c in self.match.claims)

    @cached_property
    def open_claims(self) -> tuple[ClaimRow, ...]:
        return tuple(self.records.claims[c] for c in (*self.match.claims, *self.match.other_open))

    @cached_property
    def history(self) -> tuple[HistoryRow, ...]:
        return self.records.history.get(self.match.member_id or "", ())

    @property
    def tied(self) -> bool:
        """A member is known, so that claims, history and plan can be held against the letter."""
        return self.match.outcome == "matched"

    def day(self, name: str) -> dt.date | None:
        text = self.letter.text_of(name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """A fact that holds: words for the rule's sentence, and the two sides it rests on."""

    outcome: str = "not_met"
    words: dict[str, str] = field(default_factory=dict)
    letter: LetterSide | None = None
    record: RecordSide | None = None


Fact = Callable[[Held], Answer | None]


def side(evidence: Evidence | None) -> LetterSide | None:
    """The letter's words of a piece of evidence."""
    return LetterSide(page=evidence.page, quote=evidence.quote, box=evidence.box) if evidence else None


def field_side(letter: Letter, name: str) -> LetterSide | None:
    """The words that an accepted field was read from."""
    accepted = letter[name].accepted
    return side(accepted.evidence) if accepted else None
