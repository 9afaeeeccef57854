"""Queue, due day, priority and the sentence."""

import datetime as dt
from typing import Any

import pytest

from pipeline.check import check, filing_keys, load_rules
from pipeline.match import match
from pipeline.model import ClaimRow, Finding, Problem, Receipt, ReviewItem
from pipeline.records.soundness import CHOICES
from pipeline.review.clocks import KINDS, clocks, due_day, supply_day
from pipeline.review.queues import NAMES
from pipeline.review.triage import clock_of, priority, queue_of, routes, triage
from tests.check.bench import CLAIM, PLAN, TODAY, letter, paper, records

RECEIVED = dt.date(2026, 6, 30)
ACCOUNTS, INSURED = ("fsa", "hsa", "hra"), ("insurance", "workers_comp")


def receipt(**changes: Any) -> Receipt:
    return Receipt(**{"sha256": "a" * 64, "file": "a.pdf", "channel": "inbox", "media_type": "application/pdf", "size": 1,
                      "received_at": "2026-06-30T08:00:00", "batch": "b", **changes})  # fmt: skip


def placed(document_class: str = "lmn", problems: tuple[Problem, ...] = (), duplicate_of: str | None = None, size: int = 1, **changes: Any) -> ReviewItem:
    """A letter (or a file without one, for any other class) all the way to its queue."""
    known = records()
    given = letter(**changes) if document_class == "lmn" else None
    tied = match(given, known) if given else None
    findings: tuple[Finding, ...] = ()
    if given and tied:
        findings = check(given, tied, known, (), filing_keys(given, paper(), 1, "a.pdf", tied.member_id), TODAY, load_rules(None))
    return triage(letter_id="a-1", sha256="a" * 64, file="a.pdf", document_class=document_class, letter=given, match=tied, findings=findings,
                  problems=problems, records=known, receipt=receipt(duplicate_of=duplicate_of, size=size), as_of=TODAY)  # fmt: skip


def finding(code: str, severity: Any = "blocks") -> Finding:
    return Finding(code=code, severity=severity, rule="x", says=f"{code} it is.", outcome="not_met")


def claim(**changes: Any) -> ClaimRow:
    return ClaimRow(**{"claim_id": "C", "member_id": "M", "plan_id": "P", "program": "fsa", "status": "pended", "received_date": None,
                       "service_date": RECEIVED, "item_description": "", "category": "", "code": None, "amount": None, "merchant": "",
                       "diagnosis_code": None, "denial_reason": None, **changes})  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "queue"),
    [
        ("", "decide"),
        ("MISSING_DATE", "request_info"),
        ("MISSING_DATE FUTURE_DATED", "examine"),
        ("FUTURE_DATED MISSING_DATE IDENTITY_MISMATCH", "match"),
        ("IDENTITY_MISMATCH LOW_CONFIDENCE FUTURE_DATED", "transcribe"),
        ("LOW_CONFIDENCE NOT_AN_LMN", "not_lmn"),
        ("AN_UNKNOWN_ONE", "decide"),
    ],
)
def test_the_first_rung_that_holds(codes: str, queue: str) -> None:
    assert queue_of([finding(c) for c in codes.split()], "fsa") == queue


@pytest.mark.parametrize("program", [*ACCOUNTS, *INSURED])
def test_what_is_only_noted_moves_nothing(program: str) -> None:
    assert all(queue_of([finding(code, "notes")], program) == "decide" for code in routes())


def test_every_route_leads_to_a_queue() -> None:
    assert all(queue in NAMES for pair in routes().values() for queue in pair)


@pytest.mark.parametrize(
    ("document_class", "problem", "codes", "queue", "why"),
    [
        ("receipt", None, ["NOT_AN_LMN"], "not_lmn", "This paper is a receipt, not a letter of medical necessity."),
        ("blank", "blank", ["NOT_AN_LMN"], "not_lmn", "This paper is a blank page, not a letter of medical necessity."),
        ("other", None, ["NOT_AN_LMN"], "not_lmn", "This paper is not a letter of medical necessity."),
        ("unreadable", "encrypted", ["LOW_CONFIDENCE"], "transcribe", "The letter cannot be read well enough for a decision: it is so."),
        ("unreadable", None, ["LOW_CONFIDENCE"], "transcribe", "The letter cannot be read well enough for a decision: no words could be read."),
        ("other", "damaged", ["LOW_CONFIDENCE"], "transcribe", "The letter cannot be read well enough for a decision: it is so."),
    ],
)
def test_files_without_a_letter(document_class: str, problem: str | None, codes: list[str], queue: str, why: str) -> None:
    item = placed(document_class, (Problem(code=problem, says="It is so."),) if problem else ())
    assert ([f.code for f in item.findings], item.queue, item.why) == (codes, queue, why)


def test_letters() -> None:
    assert (placed().queue, placed().why) == ("decide", "The letter is complete and agrees with the records; a person decides.")
    item = placed(fields={"letter_date": None}, diagnoses=[])
    assert item.queue == "request_info"
    assert item.why == "The provider has to add something before the letter can be reviewed: the letter has no date, and 1 more point."


def test_the_same_bytes_again() -> None:
    assert [f.code for f in placed(duplicate_of="b" * 64).findings] == ["DUPLICATE_LETTER"]
    assert placed(duplicate_of="b" * 64).queue == "examine"
    assert placed("receipt", duplicate_of="b" * 64).queue == "not_lmn"


def test_two_empty_files_are_not_the_same_letter() -> None:
    empty = (Problem(code="empty", says="The file is empty."),)
    assert [f.code for f in placed("unreadable", empty, duplicate_of="b" * 64, size=0).findings] == ["LOW_CONFIDENCE"]
    assert [f.code for f in placed("unreadable", empty, duplicate_of="b" * 64).findings] == ["LOW_CONFIDENCE", "DUPLICATE_LETTER"]


@pytest.mark.parametrize(
    ("program", "changes", "due"),
    [
        ("fsa", None, "2026-07-30"),
        # Tied to no claim yet, a letter to an insurer may ask before the service.
        ("insurance", None, "2026-07-15"),
        ("workers_comp", None, "2026-07-08"),
        ("fsa", {"received_date": dt.date(2026, 6, 20)}, "2026-07-20"),
        ("fsa", {"received_date": dt.date(2026, 5, 31)}, "2026-06-30"),
        ("fsa", {"received_date": dt.date(2026, 5, 30)}, "2026-07-30"),
        ("fsa", {"received_date": dt.date(2026, 7, 2)}, "2026-07-30"),
        ("fsa", {"received_date": dt.date(2026, 6, 20), "status": "denied"}, "2026-07-30"),
        ("hsa", {"received_date": dt.date(2026, 6, 20)}, "2026-07-30"),
        ("insurance", {"service_date": None, "status": "prior_auth"}, "2026-07-15"),
        ("insurance", {"received_date": dt.date(2026, 6, 20)}, "2026-07-20"),
        ("workers_comp", {"service_date": None}, "2026-07-08"),
        ("workers_comp", {}, "2026-07-30"),
    ],
)
def test_due_days(program: str, changes: dict[str, Any] | None, due: str) -> None:
    assert due_day(program, None if changes is None else claim(**changes), RECEIVED).isoformat() == due


@pytest.mark.parametrize(("service_dates", "due"), [(("2026-05-10", ""), "2026-07-15"), (("2026-05-10", "2026-05-11"), "2026-07-30")])
def test_a_letter_for_none_of_the_open_claims_is_due_with_the_first_of_them(service_dates: tuple[str, ...], due: str) -> None:
    mask = {**CLAIM, "category": "cpap", "code": "A7030", "item_description": "CPAP mask", "received_date": "2026-05-20"}
    known = records(plans=[{**PLAN, "program": "insurance"}], claims=[{**mask, "claim_id": f"C-{n}", "service_date": day} for n, day in enumerate(service_dates)])
    tied = match(letter(), known)
    item = triage(letter_id="a-1", sha256="a" * 64, file="a.pdf", document_class="lmn", letter=letter(), match=tied, findings=(), problems=(), records=known,
                  receipt=receipt(), as_of=TODAY)  # fmt: skip
    assert (tied.claims, str(item.due)) == ((), due)
    assert clock_of(letter(), tied, known, receipt()).source.startswith("29 CFR 2560.503-1(f)(2)(iii)")


def test_every_program_has_every_clock() -> None:
    assert set(clocks()) >= {(p, k) for p in (*ACCOUNTS, *INSURED) for k in KINDS}
    assert {law for law, _ in clocks()} == {*ACCOUNTS, *INSURED, *CHOICES["clock"]}
    assert {kind for _, kind in clocks()} == {*KINDS, "expedited", "referral", "drug", "drug_expedited", "supply_expedited", "resumed_expedited"}
    assert all(clock.source for several in clocks().values() for clock in several)
    assert all(several[-1].since == dt.date.min for several in clocks().values())


def test_what_no_law_was_read_for_is_the_customers_to_confirm() -> None:
    unread = {key for key, several in clocks().items() for clock in several if not clock.checked}
    assert {program for program, _ in unread} == {"hsa", "workers_comp", "cms"}
    assert ("workers_comp", "pre_service") not in unread and ("cms", "pre_service") not in unread


@pytest.mark.parametrize(
    ("program", "law", "changes", "received", "due"),
    [
        # Medicare Advantage: seven calendar days, 72 hours when expedited; what it does not say is the program's.
        ("insurance", "cms", {"service_date": None}, "2026-07-02T10:00:00", "2026-07-09"),
        ("insurance", "cms", {"service_date": None, "expedited": True}, "2026-07-02T10:00:00", "2026-07-05"),
        # The rule begins on 1 January 2026: a day before, a standard request had fourteen days.
        ("insurance", "cms", {"service_date": None}, "2025-12-31T10:00:00", "2026-01-14"),
        ("insurance", "cms", {"service_date": None}, "2026-01-01T10:00:00", "2026-01-08"),
        # It leaves drugs out: theirs are 72 hours, 24 when expedited; a drug under another law has no clock of its own.
        ("insurance", "cms", {"service_date": None, "category": "prescription_drug"}, "2026-07-02T10:00:00", "2026-07-05"),
        ("insurance", "cms", {"service_date": None, "category": "prescription_drug", "expedited": True}, "2026-07-02T10:00:00", "2026-07-03"),
        ("insurance", "", {"service_date": None, "category": "prescription_drug"}, "2026-07-02T10:00:00", "2026-07-17"),
        ("insurance", "", {"service_date": None, "category": "prescription_drug", "expedited": True}, "2026-07-02T10:00:00", "2026-07-05"),
        ("insurance", "cms", {}, "2026-07-02T10:00:00", "2026-08-01"),
        ("insurance", "cms", {"service_date": None, "status": "denied"}, "2026-07-02T10:00:00", "2026-08-01"),
        # Urgent care under ERISA, before the service and on appeal; what is performed is not urgent any more.
        ("insurance", "", {"service_date": None, "expedited": True}, "2026-07-02T10:00:00", "2026-07-05"),
        ("insurance", "", {"service_date": None, "status": "denied", "expedited": True}, "2026-07-02T10:00:00", "2026-07-05"),
        ("insurance", "", {"expedited": True}, "2026-07-02T10:00:00", "2026-08-01"),
        ("fsa", "", {"service_date": None, "expedited": True}, "2026-07-02T10:00:00", "2026-08-01"),
        # California, expedited: the hours run over the cut-off, the holiday and the weekend.
        ("workers_comp", "", {"service_date": None, "expedited": True}, "2026-07-02T18:00:00", "2026-07-05"),
        # Florida: three business days over Independence Day (observed on 3 July), ten days for costly tests.
        ("workers_comp", "florida_wc", {"service_date": None}, "2026-07-02T18:00:00", "2026-07-08"),
        ("workers_comp", "florida_wc", {"service_date": None, "category": "procedure_or_test", "amount": 1000.01}, "2026-07-02T10:00:00", "2026-07-12"),
        ("workers_comp", "florida_wc", {"service_date": None, "category": "procedure_or_test", "amount": 1000.0}, "2026-07-02T10:00:00", "2026-07-08"),
        ("workers_comp", "florida_wc", {"service_date": None, "category": "therapy_service", "amount": 2400.0}, "2026-07-02T10:00:00", "2026-07-12"),
        ("workers_comp", "florida_wc", {"service_date": None, "category": "wheelchair", "amount": 2400.0}, "2026-07-02T10:00:00", "2026-07-08"),
        ("workers_comp", "", {"service_date": None, "category": "procedure_or_test", "amount": 5000.0}, "2026-07-02T10:00:00", "2026-07-10"),
    ],
)
def test_the_law_of_a_plan_goes_before_its_program(program: str, law: str, changes: dict[str, Any], received: str, due: str) -> None:
    assert due_day(program, claim(**{"received_date": None, **changes}), dt.datetime.fromisoformat(received), law=law).isoformat() == due


def test_business_days_leave_out_weekends_and_holidays() -> None:
    friday_before_labor_day = dt.date(2026, 9, 4)
    assert due_day("workers_comp", claim(service_date=None), friday_before_labor_day) == dt.date(2026, 9, 14)


@pytest.mark.parametrize(
    ("program", "received", "due"),
    [
        # Five business days; what comes after half past five counts as received on the next business day.
        ("workers_comp", "2026-07-06T17:30:00-07:00", "2026-07-13"),
        ("workers_comp", "2026-07-06T17:31:00-07:00", "2026-07-14"),
        ("workers_comp", "2026-07-02T18:00:00-07:00", "2026-07-13"),
        ("fsa", "2026-07-06T23:59:00-07:00", "2026-08-05"),
    ],
)
def test_what_comes_after_the_cut_off(program: str, received: str, due: str) -> None:
    given = claim(service_date=None) if program == "workers_comp" else None
    assert due_day(program, given, dt.datetime.fromisoformat(received)).isoformat() == due


@pytest.mark.parametrize(
    ("program", "changes", "stops", "due"),
    [
        ("insurance", {"received_date": dt.date(2026, 6, 1)}, [("2026-06-11", "2026-06-30")], "2026-07-20"),
        ("insurance", {"received_date": dt.date(2026, 6, 1)}, [("2026-06-11", "2026-06-11")], "2026-07-01"),
        ("insurance", {"received_date": dt.date(2026, 6, 1)}, [("2026-07-02", "2026-07-10")], "2026-07-01"),
        ("insurance", {"received_date": dt.date(2026, 6, 1)}, [("2026-05-20", "2026-05-30")], "2026-07-01"),
        ("insurance", {"received_date": dt.date(2026, 6, 1)}, [("2026-06-11", "2026-06-21"), ("2026-06-25", "2026-06-30")], "2026-07-16"),
        ("workers_comp", {"service_date": None}, [("2026-07-02", "2026-07-06")], "2026-07-09"),
        ("workers_comp", {"service_date": None}, [("2026-07-02", "2026-07-04")], "2026-07-08"),
    ],
)
def test_the_clock_stands_still_while_an_answer_is_awaited(program: str, changes: dict[str, Any], stops: list[tuple[str, str]], due: str) -> None:
    days = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in stops]
    assert due_day(program, claim(**changes), RECEIVED, days).isoformat() == due


def test_an_urgent_claim_is_answered_48_hours_after_what_it_lacked() -> None:
    asked, answered = dt.date(2026, 7, 1), dt.date(2026, 7, 2)
    urgent = claim(service_date=None, expedited=True)
    assert due_day("insurance", urgent, answered, [(asked, answered)]) == dt.date(2026, 7, 4)
    assert due_day("insurance", urgent, answered) == dt.date(2026, 7, 5)
    assert due_day("insurance", claim(service_date=None), answered, [(asked, answered)]) == dt.date(2026, 7, 17)
    assert [supply_day(p, RECEIVED, urgent).isoformat() for p in ("insurance", "workers_comp", "fsa")] == ["2026-07-02", "2026-07-02", "2026-08-14"]
    assert supply_day("insurance", RECEIVED, claim(expedited=True)).isoformat() == "2026-08-14"


def test_days_to_supply_what_is_missing() -> None:
    assert [supply_day(p, RECEIVED).isoformat() for p in ("fsa", "insurance", "workers_comp", "unknown")] == ["2026-08-14", "2026-08-14", "2026-07-14", "2026-08-14"]


@pytest.mark.parametrize(
    ("queue", "left", "expected"),
    [("decide", -1, 1), ("decide", 2, 1), ("decide", 3, 2), ("decide", 8, 3), ("decide", 15, 4), ("match", 15, 3), ("transcribe", 1, 1), ("not_lmn", None, 5)],
)
def test_priorities(queue: str, left: int | None, expected: int) -> None:
    assert priority(queue, None if left is None else TODAY + dt.timedelta(days=left), TODAY) == expected
