"""Which queue, how soon, and why.

Belongs here: the ladder of queues (queues.py) over the findings (routes.csv), priority and the sentence. Does not belong
here: making findings, the program's clock (clocks.py), writing files. Nothing here approves or denies.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from pipeline.model import PROGRAMS, ClaimRow, Finding, Letter, Match, Problem, Receipt, RecordSide, Remark, ReviewItem
from pipeline.records import Records
from pipeline.review.clocks import Clock, Stop, clock_for, due_day
from pipeline.review.queues import BY_NAME, NAMES

_INSURED = ("insurance", "workers_comp")
_UNREADABLE = ("encrypted", "damaged", "empty", "unsupported", "no_words", "too_large", "took_too_long", "failed")
_STEPS = ((2, 1), (7, 2), (14, 3))
"""Days left, and the priority up to then; later is 4."""

_CLASS_WORDS = {
    "receipt": "a receipt", "eob": "an explanation of benefits", "clinical_note": "a clinical note", "prescription": "a prescription",
    "invoice": "an invoice", "fax_cover": "a fax cover", "id_card": "an insurance card", "blank": "a blank page",
}  # fmt: skip


def triage(
    *, letter_id: str, sha256: str, file: str, document_class: str, letter: Letter | None, match: Match | None,
    findings: Sequence[Finding], problems: Sequence[Problem], records: Records | None, receipt: Receipt, as_of: dt.date,
    remarks: Sequence[Remark] = (), stops: Sequence[Stop] = (),
) -> ReviewItem:  # fmt: skip
    """The letter (or the file without one) in its queue. `findings` are those of check; what follows from the file
    itself (no letter, unreadable, the same bytes again) is added here. A paper that is no letter has no due date. `stops` are the
    days on which the clock stood still while something asked for was awaited."""
    every = (*findings, *_of_file(document_class, letter, findings, problems, receipt))
    program = _program(match, letter, records)
    queue = queue_of(every, program)
    due = None if queue == "not_lmn" else due_day(program, _soonest(program, match, records, receipt, stops), _received(receipt), stops, _law(match, records))
    return ReviewItem(
        letter_id=letter_id, sha256=sha256, file=file, queue=queue, priority=priority(queue, due, as_of), due=due,
        why=_why(queue, every, program, document_class), findings=every, match=match, problems=tuple(problems),
        remarks=tuple(remarks),
    )  # fmt: skip


def clock_of(letter: Letter | None, match: Match | None, records: Records, receipt: Receipt, stops: Sequence[Stop] = ()) -> Clock:
    """The clock by which a letter's due day was counted."""
    program = _program(match, letter, records)
    return clock_for(program, _soonest(program, match, records, receipt, stops), _received(receipt), stops, _law(match, records))


def _received(receipt: Receipt) -> dt.date | dt.datetime:
    try:
        return dt.datetime.fromisoformat(receipt.received_at)
    except ValueError:
        return dt.date.fromisoformat(receipt.received_at[:10])


def _of_file(document_class: str, letter: Letter | None, findings: Sequence[Finding], problems: Sequence[Problem], receipt: Receipt) -> list[Finding]:
    made = []
    if letter is None:
        bad = next((p for p in problems if p.code in _UNREADABLE), None)
        if bad is not None or document_class == "unreadable":
            says = bad.says if bad else "No words could be read."
            made.append(_plain("LOW_CONFIDENCE", "F02", says, "Ask for a clean copy, or read the original."))
        else:
            made.append(_plain("NOT_AN_LMN", "F01", "The file holds no letter of medical necessity.", "File it with the claim it belongs to."))
    if receipt.duplicate_of is not None and receipt.size and all(f.code != "DUPLICATE_LETTER" for f in findings):
        record = RecordSide(table="receipts", id=receipt.duplicate_of[:16], column="sha256", value=receipt.sha256[:16])
        made.append(_plain("DUPLICATE_LETTER", "F03", "The same file was received before.", "Close it against the earlier one.", record))
    return made


def _plain(code: str, rule: str, says: str, cure: str, record: RecordSide | None = None) -> Finding:
    return Finding(code=code, severity="blocks", rule=rule, says=says, outcome="not_met", record=record, cure=cure)


def _program(match: Match | None, letter: Letter | None, records: Records | None) -> str:
    if match is not None and match.plan_id and records is not None and match.plan_id in records.plans:
        return records.plans[match.plan_id].program
    named = letter.text_of("recipient.program") if letter else None
    return named if named in PROGRAMS else "fsa"


def _law(match: Match | None, records: Records | None) -> str:
    plan = records.plans.get(match.plan_id or "") if match is not None and records is not None else None
    return plan.clock if plan else ""


def _soonest(program: str, match: Match | None, records: Records | None, receipt: Receipt, stops: Sequence[Stop]) -> ClaimRow | None:
    """The claim that the letter is for; where it is for none of the member's open ones, that which is due first."""
    ids = (match.claims[:1] or match.other_open) if match is not None and records is not None else ()
    known = [records.claims[n] for n in ids if n in records.claims] if records is not None else []
    return min(known, key=lambda c: due_day(program, c, _received(receipt), stops, _law(match, records)), default=None)


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
    return next((queue for queue in NAMES if queue in wanted), "decide")


def _why(queue: str, findings: Sequence[Finding], program: str, document_class: str) -> str:
    """A sentence that a member could be told: what the queue means, the finding that led to it, how many more."""
    if queue == "not_lmn":
        return f"This paper is {_CLASS_WORDS[document_class]}, not a letter of medical necessity." if document_class in _CLASS_WORDS else BY_NAME[queue].why
    if queue == "decide":
        return BY_NAME[queue].why
    leading = list(dict.fromkeys(f.says for f in findings if _goes(f, program) == queue))
    more = len(leading) - 1
    first = _inside(leading[0]).removesuffix(".")
    return f"{BY_NAME[queue].why}: {first}{f', and {more} more point' if more else ''}{'s' if more > 1 else ''}."


def _inside(says: str) -> str:
    """A sentence as it stands behind a colon: small, where it begins with a word that is small in a sentence."""
    first = says.split(" ", 1)[0]
    return says[:1].lower() + says[1:] if first in _SMALL else says


_SMALL = frozenset(("There", "The", "This", "No", "A", "An", "It", "More", "Another"))


def priority(queue: str, due: dt.date | None, as_of: dt.date) -> int:
    """1 late or due within two days, 2 within a week, 3 within two weeks, 4 later; one step sooner for what nobody can
    begin to judge (transcribe, match); 5 for papers that are no letters."""
    if due is None:
        return 5
    left = (due - as_of).days
    step = next((step for days, step in _STEPS if left <= days), 4)
    return max(1, step - BY_NAME[queue].sooner)
