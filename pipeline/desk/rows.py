"""A case as one row of the worklist: what a person sorts, filters and searches by.

Belongs here: making the row and its search words from a Case. Does not belong here: the questions (ledger/work.py).
"""

import csv
import datetime as dt
from functools import lru_cache
from importlib.resources import files

from pipeline.codes.fold import plain
from pipeline.ledger import CaseRow
from pipeline.ledger.work import NO_DAY, WorkRow
from pipeline.model import Case
from pipeline.records import Records
from pipeline.review import wording
from pipeline.review.record import text_of

_SHOWN = 120


@lru_cache(maxsize=1)
def days_sooner() -> dict[str, int]:
    """By how many days lateness does harm sooner than the due day says, for each program; source in the table."""
    text = files("pipeline.desk").joinpath("harm.csv").read_text(encoding="utf-8")
    return {row["program"]: int(row["days_sooner"]) for row in csv.DictReader(text.splitlines())}


def row_of(case: Case, place: CaseRow, records: Records | None) -> tuple[WorkRow, list[str]]:
    """The letter's row and the folded words it is found by. `effort` counts blocking findings and doubtful values;
    `amount` is what its open claims ask, else what its items cost."""
    item, match = case.item, case.item.match
    program = program_of(case, records)
    codes = [f.code for f in item.findings]
    due = item.due.isoformat() if item.due else NO_DAY
    row = WorkRow(
        letter_id=item.letter_id, receipt_id=place.receipt_id, result=place.result, part=place.part, queue=item.queue, due=due,
        press=_press(item.due, program), effort=sum(f.severity == "blocks" for f in item.findings) + doubts_of(case),
        amount=amount_of(case, records), received=case.receipt.received_at[:10], channel=case.receipt.channel, program=program,
        plan_id=(match.plan_id if match else None) or "", member_id=(match.member_id if match else None) or "",
        claims=", ".join(match.claims) if match else "", patient=text_of(case, "patient.name")[:_SHOWN],
        provider=text_of(case, "provider.name")[:_SHOWN], practice=text_of(case, "practice.name")[:_SHOWN], about=_about(case)[:_SHOWN],
        codes=" ".join(dict.fromkeys(codes)), file=case.receipt.file,
    )  # fmt: skip
    return row, _words(row, case, codes)


def doubts_of(case: Case) -> int:
    """Values that a person should look at before anything is decided."""
    letter = case.letter
    if letter is None:
        return 0
    sure = [f.confidence for f in letter.fields.values() if f.accepted]
    sure += [d.confidence for d in letter.diagnoses] + [i.confidence for i in letter.items]
    return sum(c < wording.DOUBTFUL_BELOW for c in sure)


def program_of(case: Case, records: Records | None) -> str:
    """The plan's program, else the one that the letter names, else ''."""
    plan = records.plans.get(case.item.match.plan_id or "") if records and case.item.match else None
    return plan.program if plan else text_of(case, "recipient.program")


def amount_of(case: Case, records: Records | None) -> float:
    """Dollars at stake: the open claims the letter is for, else the costs it states."""
    match = case.item.match
    rows = [records.claims[n] for n in match.claims if n in records.claims] if match and records else []
    if rows:
        return round(sum(r.amount or 0.0 for r in rows), 2)
    return round(sum(i.cost or 0.0 for i in case.letter.items), 2) if case.letter else 0.0


def _press(due: dt.date | None, program: str) -> str:
    return (due - dt.timedelta(days=days_sooner().get(program, 0))).isoformat() if due else NO_DAY


def _about(case: Case) -> str:
    if case.letter and case.letter.items:
        return ", ".join(i.text for i in case.letter.items)
    return "" if case.letter else wording.class_label(case.document_class)


def _words(row: WorkRow, case: Case, codes: list[str]) -> list[str]:
    match = case.item.match
    numbers = [row.letter_id, row.member_id, *(match.claims if match else ()), text_of(case, "patient.member_id"), text_of(case, "claim_number")]
    names = [row.patient, row.provider, row.practice, row.file, *(i.text for i in case.letter.items if case.letter)] if case.letter else [row.file]
    words = [w for name in names for w in plain(name).split()]
    words += [plain(n).replace(" ", "") for n in numbers if n]
    return [w for w in words if w] + [f"finding:{c}" for c in codes]
