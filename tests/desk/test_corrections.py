"""What people key: kept, laid over the letter, judged at once, and what a field cannot hold."""

import datetime as dt
import multiprocessing

import pytest

from pipeline.desk import deeds, keyed
from pipeline.desk.deeds import ConflictError, Deed, RefusedError
from pipeline.desk.office import Office
from pipeline.desk.sheet import sheet_of
from pipeline.letters import Known
from pipeline.process import run_all
from tests.desk.bench import DAY, GOOD, letter_in, run_that_waits
from tests.desk.hands import deed, rows_of
from tests.homes import settings_at


def test_a_correction_outlives_the_next_run(office: Office) -> None:
    letter = letter_in(office, GOOD)
    changes = deeds.corrected(office, deed(office, letter), "patient.dob", "1903-01-02", None)
    assert "Queue: Decide → Match" in changes
    run_all(settings_at(office.settings.home), DAY + dt.timedelta(days=1))
    office.refresh()
    row = office.find(letter)
    case = office.case(row)
    assert row.queue == "match" and case.letter["patient.dob"].value == "1903-01-02"
    assert "1946-02-14" in [c.value for c in case.letter["patient.dob"].candidates if c.rejected_because]


def test_what_a_person_confirms_is_no_longer_in_doubt(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.corrected(office, deed(office, letter), "recipient.program", "", None, accept=True)
    case = office.case(office.find(letter))
    assert case.letter["recipient.program"].confidence == 1.0 and case.letter["recipient.program"].accepted.evidence


def test_words_that_are_not_on_the_page_are_refused(office: Office) -> None:
    letter = letter_in(office, GOOD)
    with pytest.raises(RefusedError):
        deeds.corrected(office, deed(office, letter), "patient.name", "Somebody", (10**6, 10**6 + 5))


def test_a_chosen_member_ties_the_letter(office: Office) -> None:
    letter = letter_in(office, GOOD)
    other = next(m for m in office.records.members if m != office.find(letter).member_id)
    deeds.chose_member(office, deed(office, letter), other)
    assert office.find(letter).member_id == other
    assert [f.member_id for f in office.ledger.on_file([letter])] == [other]
    assert Known(office.site()).corrections


def test_tying_a_letter_judges_the_members_other_letters_again_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tied, other = letter_in(office, GOOD), letter_in(office, "attachment.pdf")
    before, judge, judged = office.find(tied), office.judge, []
    monkeypatch.setattr(office, "judge", lambda receipt: (judged.append(receipt), judge(receipt)))
    deeds.chose_member(office, deed(office, tied), office.find(other).member_id)
    assert judged == [before.receipt_id, office.find(other).receipt_id]
    judged.clear()
    deeds.corrected(office, deed(office, tied), "practice.phone", "(937) 555-0148", None)
    assert judged == [before.receipt_id]


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("letter_date", "March 14, 2026", "2026-03-14"), ("patient.dob", "3/4/80", "1980-03-04"), ("practice.phone", "(937) 555-0148", "9375550148"),
        ("provider.credentials", "M.D., FNP-C", ("MD", "FNP-C")), ("elements.medical_value", "yes", True), ("items.0.cost", "$1,200.50", 1200.5),
        ("items.0.duration_months", "lifetime", 999.0), ("items.0.category", "massage therapy", "massage_therapy"), ("diagnoses.0.icd10", "m5450", "M54.50"),
        ("prior_treatments", "rest; ice, heat", ("rest", "ice, heat")), ("patient.name", "  Ann   Lee ", "Ann Lee"), ("patient.name", "", None),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value_that_is_meant(path: str, text: str, value: object) -> None:
    assert keyed.value_of(path, text) == value


@pytest.mark.parametrize(
    ("path", "text"),
    [("letter_date", "soon"), ("letter_date", "March 2026"), ("practice.phone", "555-0148"), ("provider.npi", "1234567890"), ("items.0.cost", "-3"),
     ("items.0.cost", "nan"), ("items.0.category", "magic"), ("diagnoses.0.icd10", "back pain"), ("elements.nothing", "yes"), ("items.x.code", "1"), ("patient.name", "x" * 500)],
)  # fmt: skip
def test_what_a_field_cannot_hold_is_refused(path: str, text: str) -> None:
    with pytest.raises(keyed.NotThatError):
        keyed.value_of(path, text)


def test_corrections_keep_to_their_entry_when_one_before_it_is_taken_out(office: Office) -> None:
    letter = letter_in(office, GOOD)
    document = office.document(office.find(letter).receipt_id)
    word = next(w for w in document.pages[0].words if w.text.isalpha() and len(w.text) > 4)
    deeds.corrected(office, deed(office, letter), "items.a1.text", word.text, (word.start, word.end))
    deeds.corrected(office, deed(office, letter), "items.a1.cost", "75", None)
    deeds.corrected(office, deed(office, letter), "items.0.text", "", None, absent=True)
    deeds.corrected(office, deed(office, letter), "items.a1.cost", "80", None)
    items = office.case(office.find(letter)).letter.items
    assert [(i.text, i.cost, i.evidence.quote) for i in items] == [(word.text, 80.0, word.text)]
    shown = sheet_of(office, office.find(letter), office.case(office.find(letter)))
    by = {s.path: s.by for g in shown.groups for s in g.slots}
    assert by["items.a1.cost"] == "ana" and "items.0.cost" not in by
    with pytest.raises(RefusedError, match="no such item"):
        deeds.corrected(office, deed(office, letter), "items.7.text", "", None, absent=True)
    with pytest.raises(RefusedError, match="quotes the letter"):
        deeds.corrected(office, deed(office, letter), "diagnoses.a1.text", "gout", None)


def test_a_correction_made_while_a_run_judges_survives_and_the_second_is_told(office: Office) -> None:
    """The run is a process of its own; it has judged the letter by what was keyed before and is about to write."""
    letter, home = letter_in(office, GOOD), office.settings.home
    ready, go = (multiprocessing.get_context("spawn").Event() for _ in range(2))
    seen = office.find(letter)
    run = multiprocessing.get_context("spawn").Process(target=run_that_waits, args=(home, ready, go))
    run.start()
    assert ready.wait(120)
    deeds.corrected(office, deed(office, letter), "patient.dob", "1903-01-02", None)
    assert office.find(letter).queue == "match"
    go.set()
    run.join(120)
    assert run.exitcode == 0
    office.refresh()
    row = office.find(letter)
    assert row.queue == "match" and office.case(row).letter["patient.dob"].value == "1903-01-02"
    with pytest.raises(ConflictError):
        deeds.decided(office, Deed("ben", letter, row.version, "late", 0.0, seen.result), "approved", "", "")


def test_what_people_keyed_teaches_the_curves(office: Office) -> None:
    pytest.importorskip("sklearn")
    from scripts.fit_calibration import desk_labels

    letter = letter_in(office, GOOD)
    deeds.corrected(office, deed(office, letter), "patient.name", "Another Person", None)
    deeds.corrected(office, deed(office, letter), "recipient.program", "", None, accept=True)
    deeds.corrected(office, deed(office, letter), "items.0.text", "", None, absent=True)
    found = {(x.reading.kind, x.reading.place): x.right for x in desk_labels(office.settings.home)}
    assert found == {("field", "patient.name"): False, ("field", "recipient.program"): True, ("item", 0): False}


def test_a_file_that_this_version_has_not_read_keeps_its_place_and_what_was_keyed(office: Office) -> None:
    """After a new release the desk may be opened before the next run: a letter that is corrected then stays a letter."""
    letter = letter_in(office, GOOD)
    before, site = office.find(letter), office.site()
    site.__dict__["versions"] = site.versions._replace(parse="parse-of-tomorrow")
    (told,) = deeds.corrected(office, deed(office, letter), "patient.dob", "1903-01-02", None)
    assert "the next run does" in told
    now = office.find(letter)
    assert (now.queue, now.result, now.version) == (before.queue, before.result, before.version + 1) and len(rows_of(office)) == len(office.ledger.cases())
    run_all(settings_at(office.settings.home), DAY + dt.timedelta(days=1))
    office.refresh()
    assert office.case(office.find(letter)).letter["patient.dob"].value == "1903-01-02"
