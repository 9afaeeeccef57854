"""A letter held against the records: rows, match, findings, review item, decision.

Belongs here: the claim tables' rows and what judging makes of them. Does not belong here: how it is judged.
"""

import datetime as dt
from typing import Literal

from pipeline.model.base import Model
from pipeline.model.letter import Evidence, FieldValue, Letter, Scalar, Segment
from pipeline.model.text import Box, Problem, Receipt

PROGRAMS = ("fsa", "hsa", "hra", "insurance", "workers_comp")
"""What a plan may be."""


class MemberRow(Model):
    """A row of `members`."""

    member_id: str
    name: str
    dob: dt.date | None
    relationship: str
    account_holder_id: str
    plan_id: str


class ClaimRow(Model):
    """A row of `claims`; `service_date` is empty for what is not yet performed; amounts in dollars; `expedited` where a
    health that cannot wait makes the clock a shorter one."""

    claim_id: str
    member_id: str
    plan_id: str
    program: str
    status: str
    received_date: dt.date | None
    service_date: dt.date | None
    item_description: str
    category: str
    code: str | None
    amount: float | None
    merchant: str
    diagnosis_code: str | None
    denial_reason: str | None
    expedited: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in ("pended", "prior_auth", "denied")


class HistoryRow(Model):
    """A row of `history`."""

    member_id: str
    date: dt.date | None
    icd10: str
    description: str
    provider_name: str
    provider_npi: str | None


class PlanRow(Model):
    """A row of `plans`; `clock` names the law by whose days it answers where that is not its program's own (clocks.csv)."""

    plan_id: str
    name: str
    program: str
    plan_year_start: dt.date
    plan_year_end: dt.date
    grace_end: dt.date | None
    runout_end: dt.date | None
    letter_valid_months: int
    retroactive_days: int
    accepted_credentials: tuple[str, ...]
    history_required: bool
    clock: str = ""


class MemberCandidate(Model):
    """A member who may be the patient; `score` is the sum of the named `parts` (log2 of likelihood ratios)."""

    member_id: str
    score: float
    parts: dict[str, float]


class Match(Model):
    """Who the letter is about and which claims it is for. `outcome` matched, ambiguous (more than one member fits
    about as well), identity (the name fits, the birth date or id does not), none. `claims` are the open claims the
    letter is for, best first; `other_open` the member's open claims for something else; `told` values of the letter that
    only the member's record helped to find on the page."""

    letter_id: str
    outcome: Literal["matched", "ambiguous", "identity", "none"]
    member_id: str | None
    plan_id: str | None
    candidates: tuple[MemberCandidate, ...] = ()
    claims: tuple[str, ...] = ()
    other_open: tuple[str, ...] = ()
    by: str = ""
    snapshot: str = ""
    told: tuple[FieldValue, ...] = ()


class LetterSide(Model):
    """The letter's words that a finding rests on."""

    page: int
    quote: str
    box: Box | None = None


class RecordSide(Model):
    """The record that a finding rests on."""

    table: str
    id: str
    column: str
    value: str


class Finding(Model):
    """One statement about a letter. `rule` names the rule and its version; `says` is a sentence for a person; `cure`
    says what would settle it. `outcome`: not_met, insufficient (something is missing) or contradicted."""

    code: str
    severity: Literal["blocks", "notes"]
    rule: str
    says: str
    outcome: Literal["not_met", "insufficient", "contradicted"]
    letter: LetterSide | None = None
    record: RecordSide | None = None
    cure: str | None = None


class Remark(Model):
    """What a reviewer may want to know and what blocks nothing: it is no finding. `code` names the kind of remark."""

    code: str
    says: str
    letter: LetterSide | None = None
    record: RecordSide | None = None


class ReviewItem(Model):
    """A letter (or a file without one) in its queue. `priority` 1 (first) to 5; `due` is the day by which the plan
    must have answered; `why` is a sentence that a member could be told."""

    letter_id: str
    sha256: str
    file: str
    queue: str
    priority: int
    due: dt.date | None
    why: str
    findings: tuple[Finding, ...] = ()
    match: Match | None = None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()


class OnFile(Model):
    """A letter seen before, by the keys that make it the same letter again. `order` is the place of its file in the
    order of receipt; `signature` a MinHash of its folded words; `asks` the sorted keys of what it asks and why;
    `values` what its fields say, to show what changed; `faces` a perceptual hash of each page's picture;
    `answers` the references of requests that its paper bears."""

    letter_id: str
    sha256: str
    file: str
    order: int
    patient: str
    member_id: str | None
    letter_date: str | None
    asks: tuple[str, ...]
    states: tuple[str, ...]
    signature: tuple[int, ...]
    received: dt.date | None = None
    values: tuple[tuple[str, str], ...] = ()
    faces: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


class ApprovedLetter(Model):
    """A letter that a person approved, as later letters and claims are held against it. `since` and `until` are the
    days of purchase or service that it covers, both included; `until` None: without end. `things` are the text,
    category and code of each item."""

    letter_id: str
    member_id: str
    plan_id: str | None
    approved_on: dt.date
    since: dt.date
    until: dt.date | None
    things: tuple[tuple[str, str, str | None], ...]


class PageFace(Model):
    """A page as people look at it: size in points, and where its picture lies in the store (None: no picture)."""

    number: int
    width: float
    height: float
    image: str | None = None


class Case(Model):
    """All that is known of one letter (or of one file without a letter), as it goes to the queues."""

    receipt: Receipt
    document_class: str
    segments: tuple[Segment, ...]
    pages: tuple[int, ...]
    faces: tuple[PageFace, ...]
    letter: Letter | None
    item: ReviewItem


class Decision(Model):
    """What a person decided, when, why. `what` approve, deny, request_info, not_lmn, duplicate, reassign, move, undo,
    reopen; `code` the reason's code in the plan's table; `rules` the rules, with versions, whose findings the person saw;
    `about` whom or what it points to (a queue, a colleague, the earlier letter); `second` True for the second person's
    word on a decision that needs two; `queue` where the letter stood."""

    letter_id: str
    who: str
    when: str
    what: str
    reason: str
    corrections: tuple[tuple[str, str], ...] = ()
    code: str = ""
    rules: tuple[str, ...] = ()
    about: str = ""
    second: bool = False
    queue: str = ""


class Correction(Model):
    """What a person keyed for one value of a letter. `path` is a field's name, `items.0.code`, `diagnoses.0.icd10`,
    `elements.medical_value` or `match.member_id`; `value` None says that the letter does not state it."""

    path: str
    value: Scalar | None
    evidence: Evidence | None = None
