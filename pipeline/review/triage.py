"""Which queue, how soon, and why.

Belongs here: the ladder of queues over the findings (routes.csv), the clock of the program (clocks.csv), priority and
the sentence. Does not belong here: making findings, writing files. Nothing here approves or denies.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import holidays

from pipeline.model import Finding, Letter, Match, Problem, Receipt, RecordSide, ReviewItem
from pipeline.records import Records

LADDER = ("not_lmn", "transcribe", "match", "examine", "request_info", "decide")
_INSURED = ("insurance", "workers_comp")
_UNREADABLE = ("encrypted", "damaged", "empty", "unsupported", "no_words", "too_large", "took_too_long", "failed")
_WHY = {
    "not_lmn": "This paper is no letter of medical necessity.",
    "transcribe": "The letter cannot be read well enough: {first}",
    "match": "The letter cannot be tied to one member and claim yet: {first}",
    "examine": "The letter and the records or the plan's rules need a person's look: {first}",
    "request_info": "Something is needed from the provider: {first}",
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
    itself (no letter, unreadable, sent twice) is added here."""
    every = (*findings, *_of_file(document_class, letter, problems, receipt))
    program = _program(match, letter, records)
    queue = _queue(every, program)
    due = _due(program, match, records, receipt)
    return ReviewItem(letter_id=letter_id, sha256=sha256, file=file, queue=queue, priority=_priority(queue, due, as_of), due=due,
                      why=_why(queue, every, program, document_class, problems), findings=every, match=match, problems=tuple(problems))  # fmt: skip


def _of_file(document_class: str, letter: Letter | None, problems: Sequence[Problem], receipt: Receipt) -> list[Finding]:
    made = []
    if letter is None:
        bad = next((p for p in problems if p.code in _UNREADABLE), None)
        if bad is not None or document_class == "unreadable":
            says = bad.says if bad else "No words could be read."
            made.append(_plain("LOW_CONFIDENCE", "F02", says, "Ask for a clean copy or read the original."))
        else:
            made.append(_plain("NOT_AN_LMN", "F01", "The file holds no letter of medical necessity.", "File it with the claim it belongs to."))
    if receipt.duplicate_of is not None:
        record = RecordSide(table="receipts", id=receipt.duplicate_of[:16], column="sha256", value=receipt.sha256[:16])
        made.append(_plain("DUPLICATE_LETTER", "F03", "The same file was received before under another name.", "Close it against the earlier one.", record))
    return made


def _plain(code: str, rule: str, says: str, cure: str, record: RecordSide | None = None) -> Finding:
    return Finding(code=code, severity="blocks", rule=rule, says=says, outcome="not_met", record=record, cure=cure)


def _program(match: Match | None, letter: Letter | None, records: Records | None) -> str:
    if match is not None and match.plan_id and records is not None and match.plan_id in records.plans:
        return records.plans[match.plan_id].program
    return (letter.text_of("recipient.program") if letter else None) or "fsa"


@lru_cache(maxsize=1)
def routes() -> dict[str, tuple[str, str]]:
    """Finding to its queue for personal accounts (fsa, hsa, hra) and for insurance and workers' compensation."""
    text = files("pipeline.review").joinpath("routes.csv").read_text(encoding="utf-8")
    return {row["finding"]: (row["personal_accounts"], row["insured"]) for row in csv.DictReader(text.splitlines())}


def _goes(finding: Finding, program: str) -> str | None:
    pair = routes().get(finding.code)
    if finding.severity != "blocks" or pair is None:
        return None
    return pair[1] if program in _INSURED else pair[0]


def _queue(findings: Sequence[Finding], program: str) -> str:
    wanted = {_goes(f, program) for f in findings}
    return next((queue for queue in LADDER if queue in wanted), "decide")


def _why(queue: str, findings: Sequence[Finding], program: str, document_class: str, problems: Sequence[Problem]) -> str:
    if queue == "not_lmn" and document_class in _CLASS_WORDS:
        return f"This paper is {_CLASS_WORDS[document_class]} and no letter of medical necessity."
    leading = [f.says for f in findings if _goes(f, program) == queue]
    sentence = _WHY[queue].format(first=(leading[0][0].lower() + leading[0][1:]) if leading and leading[0][:3] != "No " else (leading or [""])[0])
    return sentence if len(leading) < 2 or queue == "decide" else f"{sentence} And {len(leading) - 1} more."


@lru_cache(maxsize=1)
def _clocks() -> dict[tuple[str, str], tuple[int, str, str]]:
    text = files("pipeline.review").joinpath("clocks.csv").read_text(encoding="utf-8")
    return {(r["program"], r["kind"]): (int(r["days"]), r["counting"], r["from"]) for r in csv.DictReader(text.splitlines())}


def _due(program: str, match: Match | None, records: Records | None, receipt: Receipt) -> dt.date:
    """The last day to answer: the program's clock from the claim's receipt or the letter's."""
    received = dt.date.fromisoformat(receipt.received_at[:10])
    claim = records.claims.get(match.claims[0]) if match is not None and match.claims and records is not None else None
    pre = claim is not None and claim.service_date is None
    clocks = _clocks()
    days, counting, begins = clocks.get((program, "pre_service" if pre else "post_service"), clocks[(program, "post_service")])
    start = claim.received_date if begins == "claim" and claim is not None and claim.received_date else received
    start = max(start, received) if start < received - dt.timedelta(days=days) else start
    return _business(start, days) if counting == "business" else start + dt.timedelta(days=days)


def _business(start: dt.date, days: int) -> dt.date:
    """The day after receipt is day 1; weekends and federal holidays do not count."""
    closed = holidays.country_holidays("US", years=range(start.year, start.year + 2))
    day, left = start, days
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5 and day not in closed
    return day


def _priority(queue: str, due: dt.date | None, as_of: dt.date) -> int:
    """1 late or due within two days, 2 within a week, 3 within two weeks, 4 later, 5 papers that are no letters."""
    if queue == "not_lmn" or due is None:
        return 5
    left = (due - as_of).days
    return 1 if left <= 2 else 2 if left <= 7 else 3 if left <= 14 else 4
