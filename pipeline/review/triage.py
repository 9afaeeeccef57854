"""Which queue, how soon, and why.

Belongs here: the ladder of queues over the findings (routes.csv), the clock of the program (clocks.csv), priority and
the sentence. Does not belong here: making findings, writing files. Nothing here approves or denies.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import holidays

from pipeline.model import ClaimRow, Finding, Letter, Match, Problem, Receipt, RecordSide, ReviewItem
from pipeline.records import Records
from pipeline.review.queues import NAMES

LADDER = NAMES
"""The queues in the order in which they are tried."""

_PROGRAMS = ("fsa", "hsa", "hra", "insurance", "workers_comp")
_INSURED = ("insurance", "workers_comp")
_UNREADABLE = ("encrypted", "damaged", "empty", "unsupported", "no_words", "too_large", "took_too_long", "failed")
_STEPS = ((2, 1), (7, 2), (14, 3))
"""Days left, and the priority up to then; later is 4."""

_WHY = {
    "not_lmn": "This paper is no letter of medical necessity.",
    "transcribe": "The letter cannot be read well enough",
    "match": "The letter cannot be tied to one member and one claim yet",
    "examine": "The letter does not agree with the records or the plan's rules, so a person looks at it",
    "request_info": "The provider has to supply something",
    "decide": "The letter is complete and agrees with the records; a person decides.",
}
_CLASS_WORDS = {
    "receipt": "a receipt", "eob": "an explanation of benefits", "clinical_note": "a clinical note", "prescription": "a prescription",
    "invoice": "an invoice", "fax_cover": "a fax cover", "id_card": "an insurance card", "blank": "a blank page",
}  # fmt: skip


def triage(
    *, letter_id: str, sha256: str, file: str, document_class: str, letter: Letter | None, match: Match | None,
    findings: Sequence[Finding], problems: Sequence[Problem], records: Records | None, receipt: Receipt, as_of: dt.date,
) -> ReviewItem:  # fmt: skip
    """The letter (or the file without one) in its queue. `findings` are those of check; what follows from the file
    itself (no letter, unreadable, the same bytes again) is added here. A paper that is no letter has no due date."""
    every = (*findings, *_of_file(document_class, letter, findings, problems, receipt))
    program = _program(match, letter, records)
    queue = queue_of(every, program)
    due = None if queue == "not_lmn" else due_day(program, _claim(match, records), dt.date.fromisoformat(receipt.received_at[:10]))
    return ReviewItem(
        letter_id=letter_id, sha256=sha256, file=file, queue=queue, priority=priority(queue, due, as_of), due=due,
        why=_why(queue, every, program, document_class), findings=every, match=match, problems=tuple(problems),
    )  # fmt: skip


def _of_file(document_class: str, letter: Letter | None, findings: Sequence[Finding], problems: Sequence[Problem], receipt: Receipt) -> list[Finding]:
    made = []
    if letter is None:
        bad = next((p for p in problems if p.code in _UNREADABLE), None)
        if bad is not None or document_class == "unreadable":
            says = bad.says if bad else "No words could be read."
            made.append(_plain("LOW_CONFIDENCE", "F02", says, "Ask for a clean copy, or read the original."))
        else:
            made.append(_plain("NOT_AN_LMN", "F01", "The file holds no letter of medical necessity.", "File it with the claim it belongs to."))
    if receipt.duplicate_of is not None and all(f.code != "DUPLICATE_LETTER" for f in findings):
        record = RecordSide(table="receipts", id=receipt.duplicate_of[:16], column="sha256", value=receipt.sha256[:16])
        made.append(_plain("DUPLICATE_LETTER", "F03", "The same file was received before.", "Close it against the earlier one.", record))
    return made


def _plain(code: str, rule: str, says: str, cure: str, record: RecordSide | None = None) -> Finding:
    return Finding(code=code, severity="blocks", rule=rule, says=says, outcome="not_met", record=record, cure=cure)


def _program(match: Match | None, letter: Letter | None, records: Records | None) -> str:
    if match is not None and match.plan_id and records is not None and match.plan_id in records.plans:
        return records.plans[match.plan_id].program
    named = letter.text_of("recipient.program") if letter else None
    return named if named in _PROGRAMS else "fsa"


def _claim(match: Match | None, records: Records | None) -> ClaimRow | None:
    return records.claims.get(match.claims[0]) if match is not None and match.claims and records is not None else None


@lru_cache(maxsize=1)
def routes() -> dict[str, tuple[str, str]]:
    """Finding to its queue for personal accounts (fsa, hsa, hra) and for insurance and workers' compensation."""
    text = files("pipeline.review").joinpath("routes.csv").read_text(encoding="utf-8")
    return {row["finding"]: (row["personal_accounts"], row["insured"]) for row in csv.DictReader(text.splitlines())}


def _goes(finding: Finding, program: str) -> str | None:
    """The queue of a finding; None for one that is only noted."""
    pair = routes().get(finding.code)
    if finding.severity != "blocks" or pair is None:
        return None
    return pair[1] if program in _INSURED else pair[0]


def queue_of(findings: Sequence[Finding], program: str) -> str:
    """The first queue of the ladder to which a blocking finding goes; decide when there is none."""
    wanted = {_goes(f, program) for f in findings}
    return next((queue for queue in LADDER if queue in wanted), "decide")


def _why(queue: str, findings: Sequence[Finding], program: str, document_class: str) -> str:
    """A sentence that a member could be told: what the queue means, the finding that led to it, how many more."""
    if queue == "not_lmn":
        return f"This paper is {_CLASS_WORDS[document_class]} and no letter of medical necessity." if document_class in _CLASS_WORDS else _WHY[queue]
    if queue == "decide":
        return _WHY[queue]
    leading = list(dict.fromkeys(f.says for f in findings if _goes(f, program) == queue))
    more = len(leading) - 1
    return f"{_WHY[queue]}: {leading[0]}" + (f" {more} more point{'s' if more > 1 else ''} below." if more else "")


class Clock(NamedTuple):
    """So many days, calendar or business, from the claim's receipt or the letter's."""

    days: int
    counting: str
    begins: str


@lru_cache(maxsize=1)
def clocks() -> dict[tuple[str, str], Clock]:
    """(program, kind) to its clock; kind is post_service, pre_service or appeal."""
    text = files("pipeline.review").joinpath("clocks.csv").read_text(encoding="utf-8")
    return {(r["program"], r["kind"]): Clock(int(r["days"]), r["counting"], r["from"]) for r in csv.DictReader(text.splitlines())}


def due_day(program: str, claim: ClaimRow | None, received: dt.date) -> dt.date:
    """The last day to answer a letter received on this day. A denied claim is on appeal, one without a service date
    before the service. A clock that runs from the claim's receipt and would have run out before the letter came
    stood still while the letter was awaited: it runs anew from the letter."""
    kind = "appeal" if claim and claim.status == "denied" else "pre_service" if claim and claim.service_date is None else "post_service"
    clock = clocks()[(program, kind)]
    since = claim.received_date if claim and clock.begins == "claim" else None
    due = _after(since, clock) if since and since <= received else None
    return due if due and due >= received else _after(received, clock)


def _after(start: dt.date, clock: Clock) -> dt.date:
    return _business(start, clock.days) if clock.counting == "business" else start + dt.timedelta(days=clock.days)


def _business(start: dt.date, days: int) -> dt.date:
    """The day after receipt is day 1; weekends and federal holidays do not count."""
    closed = holidays.country_holidays("US", years=range(start.year, start.year + 2))
    day, left = start, days
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5 and day not in closed
    return day


def priority(queue: str, due: dt.date | None, as_of: dt.date) -> int:
    """1 late or due within two days, 2 within a week, 3 within two weeks, 4 later; one step sooner for what nobody can
    begin to judge (transcribe, match); 5 for papers that are no letters."""
    if due is None:
        return 5
    left = (due - as_of).days
    step = next((step for days, step in _STEPS if left <= days), 4)
    return max(1, step - (queue in ("transcribe", "match")))
