"""What people do to a letter: once, with who and when, never over somebody else, undone within the window."""

import datetime as dt

import pytest

from pipeline.desk import deeds
from pipeline.desk.deeds import ConflictError, RefusedError
from pipeline.desk.office import Office
from pipeline.desk.sheet import sheet_of
from pipeline.ledger import labels
from pipeline.ledger.labels import Label
from pipeline.model import Correction
from pipeline.process import run_all
from tests.desk.bench import DAY, GOOD, letter_in
from tests.desk.hands import codes_of, deed, rows_of, two_always
from tests.homes import settings_at


def test_a_deed_sent_twice_is_done_once(office: Office) -> None:
    letter = letter_in(office, GOOD)
    same = deed(office, letter, token="once")
    for _ in range(2):
        deeds.decided(office, same, "approved", "", "fits")
    assert len(office.ledger.decisions_on(letter)) == 1


def test_a_decision_names_the_rules_that_were_seen(office: Office) -> None:
    letter = letter_in(office, "portal/letter-of-medical-necessity.pdf")
    deeds.decided(office, deed(office, letter), "denied", "not_medical", "")
    decision = office.ledger.decisions_on(letter)[-1]
    assert decision.rules and all("@" in r for r in decision.rules) and decision.reason


def test_an_older_view_never_writes_over_a_newer_one(office: Office) -> None:
    letter = letter_in(office, GOOD)
    old = deed(office, letter, "ben")
    deeds.took(office, deed(office, letter, "ana"))
    with pytest.raises(ConflictError):
        deeds.decided(office, old, "approved", "", "")


@pytest.mark.parametrize(("what", "code", "about"), [("denied", "", ""), ("denied", "made_up", ""), ("denied", "other", ""), ("duplicate", "", "nothing"), ("maybe", "", "")])
def test_a_decision_that_lacks_what_it_needs_is_refused(what: str, code: str, about: str, office: Office) -> None:
    letter = letter_in(office, GOOD)
    with pytest.raises(RefusedError):
        deeds.decided(office, deed(office, letter), what, code, "", about)
    assert office.find(letter).state == "open"


def test_a_second_person_agrees_where_the_table_says_so(office: Office) -> None:
    own = office.settings.home / "desk" / "approvals.csv"
    own.parent.mkdir()
    own.write_text("plan,program,what,from_amount,source\n*,*,approved,0,two always\n")
    letter = letter_in(office, GOOD)
    assert deeds.decided(office, deed(office, letter), "approved", "", "") == "second"
    assert office.ledger.decided("approved") == []
    with pytest.raises(RefusedError, match="second person"):
        deeds.decided(office, deed(office, letter), "approved", "", "")
    assert deeds.decided(office, deed(office, letter, "ben"), "approved", "", "") == "decided"
    assert [(d.who, d.what, d.second) for d in office.ledger.decisions_on(letter)] == [("ana", "proposed", False), ("ben", "approved", True)]


def test_a_letter_that_somebody_took_still_needs_its_second_person(office: Office) -> None:
    """Taking a proposed letter is no agreement, and hides neither who proposed nor what."""
    two_always(office)
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    deeds.took(office, deed(office, letter, "ben"))
    with pytest.raises(RefusedError, match="second person"):
        deeds.decided(office, deed(office, letter), "approved", "", "")
    assert deeds.decided(office, deed(office, letter, "ben", "agreed"), "approved", "", "") == "decided"


def test_a_second_person_who_differs_proposes_anew(office: Office) -> None:
    two_always(office, "approved", "denied")
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    assert deeds.decided(office, deed(office, letter, "ben"), "denied", "not_medical", "") == "second"
    assert deeds.decided(office, deed(office, letter, "ana", "agreed"), "denied", "not_medical", "") == "decided"


def test_a_decision_is_undone_by_its_own_person_within_the_window(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    with pytest.raises(RefusedError):
        deeds.undone(office, deed(office, letter, "ben"))
    at = dt.datetime.fromisoformat(office.find(letter).changed_at)
    monkeypatch.setattr(office, "now", lambda: (at + dt.timedelta(minutes=deeds.UNDO_MINUTES + 1)).isoformat())
    with pytest.raises(RefusedError, match="minutes"):
        deeds.undone(office, deed(office, letter))
    deeds.reopened(office, deed(office, letter, "lea"), "wrong plan")
    assert office.find(letter).state == "open"


def test_a_decided_letter_is_not_decided_again_but_by_way_of_a_lead(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    deeds.took(office, deed(office, letter, "ben"))
    with pytest.raises(RefusedError, match="is decided"):
        deeds.decided(office, deed(office, letter, "ben", "other"), "denied", "not_medical", "")
    with pytest.raises(RefusedError, match="ana decided"):
        deeds.undone(office, deed(office, letter, "ben", "undo"))
    deeds.undone(office, deed(office, letter, "ana", "undo2"))
    assert office.find(letter).state == "open"


def test_a_letter_moved_by_a_person_stays_where_it_was_put(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.moved(office, deed(office, letter), "examine", "the ramp is for a shop")
    run_all(settings_at(office.settings.home), DAY + dt.timedelta(days=1))
    office.refresh()
    assert office.find(letter).queue == "examine"


def test_a_move_is_undone_into_the_queue_where_the_letter_belongs(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.moved(office, deed(office, letter), "examine", "the ramp is for a shop")
    assert deeds.undone(office, deed(office, letter)) == "move"
    assert (office.find(letter).queue, office.find(letter).moved) == ("decide", "")


def test_an_approval_is_held_against_the_members_other_letters_at_once(office: Office) -> None:
    """And no longer once it is undone."""
    first = office.find(letter_in(office, GOOD))
    case = office.case(first)
    assert case is not None and case.letter is not None
    other = next(r for r in rows_of(office) if r.letter_id != first.letter_id and r.state == "open" and (c := office.case(r)) and c.letter and c.letter.items)
    deeds.chose_member(office, deed(office, other.letter_id), first.member_id)
    for path, value in (("items.0.category", case.letter.items[0].category), ("items.0.text", case.letter.items[0].text)):
        deeds.corrected(office, deed(office, other.letter_id), path, value, None)
    assert "ALREADY_COVERED" not in codes_of(office, other)
    deeds.decided(office, deed(office, first.letter_id, token="first"), "approved", "", "")
    if (row := office.find(first.letter_id)) is not None and row.state == "second":
        deeds.decided(office, deed(office, first.letter_id, who="ben", token="second"), "approved", "", "")
    assert "ALREADY_COVERED" in codes_of(office, other)
    deeds.reopened(office, deed(office, first.letter_id, who="lea", token="back"), "by mistake")
    assert "ALREADY_COVERED" not in codes_of(office, other)


def test_an_approved_letter_is_on_file_at_once_and_judges_the_members_others(office: Office) -> None:
    first, other = letter_in(office, GOOD), letter_in(office, "attachment.pdf")
    deeds.chose_member(office, deed(office, other), office.find(first).member_id)
    things = office.case(office.find(first)).letter.items[0]
    with office.ledger.writing() as c:
        labels.add(c, Label(other, office.find(other).receipt_id, "correct", None, 0.0, Correction(path="items.0.text", value=things.text), "ana", office.now()))
        labels.add(c, Label(other, office.find(other).receipt_id, "correct", None, 0.0, Correction(path="items.0.category", value=things.category), "ana", office.now()))
    deeds.rejudged(office, office.find(other))
    assert "ALREADY_COVERED" not in office.find(other).codes
    deeds.decided(office, deed(office, first), "approved", "", "")
    assert "ALREADY_COVERED" in office.find(other).codes
    shown = sheet_of(office, office.find(other), office.case(office.find(other)))
    assert [f["letter_id"] for f in shown.on_file] == [first]
    deeds.undone(office, deed(office, first, token="undo"))
    assert "ALREADY_COVERED" not in office.find(other).codes
