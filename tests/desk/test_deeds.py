"""What people do to a letter: once, with who and when, never over somebody else, undone within the window."""

import datetime as dt
import json
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.desk import deeds, files, keyed, lists, records
from pipeline.desk.deeds import ConflictError, Deed, RefusedError
from pipeline.desk.office import Office
from pipeline.desk.sheet import sheet_of
from pipeline.ledger import Ledger, labels, work
from pipeline.ledger.desk_tables import releases
from pipeline.ledger.labels import Label
from pipeline.ledger.work import Wanted
from pipeline.letters import Known
from pipeline.model import Correction
from pipeline.process import run_all
from tests.desk.bench import DAY, GOOD, letter_in, run_that_waits
from tests.homes import settings_at


def deed(office: Office, letter: str, who: str = "ana", token: str = "") -> Deed:
    row = office.find(letter)
    return Deed(who, letter, row.version, token or f"{who}{letter}{row.version}{row.changed_how}")


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


def test_a_letter_moved_by_a_person_stays_where_it_was_put(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.moved(office, deed(office, letter), "examine", "the ramp is for a shop")
    run_all(settings_at(office.settings.home), DAY + dt.timedelta(days=1))
    office.refresh()
    assert office.find(letter).queue == "examine"


def test_a_chosen_member_ties_the_letter(office: Office) -> None:
    letter = letter_in(office, GOOD)
    other = next(m for m in office.records.members if m != office.find(letter).member_id)
    deeds.chose_member(office, deed(office, letter), other)
    assert office.find(letter).member_id == other
    assert [f.member_id for f in office.ledger.on_file([letter])] == [other]
    assert Known(office.site()).corrections


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


@pytest.mark.parametrize("sent", ["../../etc/passwd", "..\\..\\boot.ini", ".hidden", "", "a\x00b.pdf", "=cmd|x.pdf", "/abs/olute.pdf"])
def test_an_uploaded_name_stays_inside_the_inbox(sent: str, tmp_path: Path) -> None:
    import io

    name = files.put_in_inbox(tmp_path, sent, io.BytesIO(b"one"), 100)
    again = files.put_in_inbox(tmp_path, sent, io.BytesIO(b"other"), 100)
    inside = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    assert inside == sorted([f"desk/{name}", f"desk/{again}"]) and name != again
    assert not any(part.startswith(".") for p in inside for part in p.split("/"))


def test_a_file_that_is_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    import io

    with pytest.raises(RefusedError):
        files.put_in_inbox(tmp_path, "big.pdf", io.BytesIO(b"x" * 101), 100)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_letters_are_found_by_claim_member_provider_and_name(office: Office) -> None:
    row = office.find(letter_in(office, GOOD))
    for q in (row.claims.split(",")[0], row.member_id, row.provider.split()[-1], row.patient.split()[0][:4], row.letter_id):
        with office.ledger.reading() as c:
            found = work.listed(c, lists.wanted_of({"q": q}, "ana"), 50)
        assert row.letter_id in [r.letter_id for r in found], q


def test_the_list_is_counted_as_it_is_shown(office: Office) -> None:
    loads = office.loads()
    for queue, load in loads.items():
        with office.ledger.reading() as c:
            assert work.number(c, Wanted(queue=queue)) == load.letters == len(work.listed(c, Wanted(queue=queue), 999))
    assert {r.item.letter_id for r in office.ledger.cases()} == {r.letter_id for r in _all(office)}


def _all(office: Office) -> list[work.WorkRow]:
    with office.ledger.reading() as c:
        return work.listed(c, Wanted(state="any"), 999)


def test_decisions_go_back_as_rows_of_a_table(office: Office, tmp_path: Path) -> None:
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "=fits")
    assert "'=fits" in records.decisions_csv(office)
    target = tmp_path / "claims.sqlite"
    for _ in range(2):
        assert records.decisions_to_sql(office, f"sqlite:///{target}") == 1
    with sqlite3.connect(target) as c:
        assert c.execute("SELECT letter_id, what, who FROM lmn_decisions").fetchall() == [(letter, "approved", "ana")]
    c.close()


def test_a_ledger_of_the_first_schema_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as c:
        for (table,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'desk_%'").fetchall():
            c.execute(f"DROP TABLE {table}")
        c.execute("UPDATE schema_version SET version = 1")
    c.close()
    ledger = Ledger(f"sqlite:///{path}")
    with ledger.reading() as connection:
        assert work.number(connection, Wanted()) == 0
    ledger.close()


def test_the_commands_tell_what_the_desk_wrote(office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    letter, home = letter_in(office, GOOD), str(office.settings.home)
    deeds.corrected(office, deed(office, letter), "recipient.program", "", None, accept=True)
    deeds.corrected(office, deed(office, letter), "patient.name", "Another Person", None)
    deeds.decided(office, deed(office, letter), "not_lmn", "", "a test")
    assert main(["eval", "--from-desk", "--home", home, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["fields"] == {"patient.name": [1, 0], "recipient.program": [1, 1]}
    assert main(["eval", "--from-desk", "--home", home, "--keep", str(tmp_path / "labels")]) == 0
    kept = [json.loads(line) for line in (tmp_path / "labels" / "labels.jsonl").read_text().splitlines()]
    capsys.readouterr()
    assert {x["path"]: x["kind"] for x in kept} == {"patient.name": "correct", "recipient.program": "confirm"}
    assert [p.name for p in (tmp_path / "labels" / "crops").iterdir()] == [f"{next(x['seq'] for x in kept if x['kind'] == 'confirm')}.png"]
    assert main(["decisions", "--home", home]) == 0
    assert json.loads(capsys.readouterr().out)["what"] == "not_lmn"
    assert main(["audit", "--home", home, "--out", str(tmp_path / "audit.jsonl")]) == 0
    with sqlite3.connect(home + "/ledger.sqlite") as c:
        c.execute("UPDATE events SET detail = '{}' WHERE seq = 2")
    c.close()
    assert main(["audit", "--home", home]) == 6
    assert main(["eval"]) == 2


def test_an_approval_is_held_against_the_members_other_letters_at_once(office: Office) -> None:
    """And no longer once it is undone."""
    first = office.find(letter_in(office, GOOD))
    case = office.case(first)
    assert case is not None and case.letter is not None
    other = next(r for r in _all(office) if r.letter_id != first.letter_id and r.state == "open" and (c := office.case(r)) and c.letter and c.letter.items)
    deeds.chose_member(office, deed(office, other.letter_id), first.member_id)
    for path, value in (("items.0.category", case.letter.items[0].category), ("items.0.text", case.letter.items[0].text)):
        deeds.corrected(office, deed(office, other.letter_id), path, value, None)
    assert "ALREADY_COVERED" not in _codes(office, other)
    deeds.decided(office, deed(office, first.letter_id, token="first"), "approved", "", "")
    if (row := office.find(first.letter_id)) is not None and row.state == "second":
        deeds.decided(office, deed(office, first.letter_id, who="ben", token="second"), "approved", "", "")
    assert "ALREADY_COVERED" in _codes(office, other)
    deeds.reopened(office, deed(office, first.letter_id, who="lea", token="back"), "by mistake")
    assert "ALREADY_COVERED" not in _codes(office, other)


def _codes(office: Office, row: work.WorkRow) -> list[str]:
    found = office.find(row.letter_id)
    return found.codes.split() if found else []


def test_letters_are_walked_in_the_order_of_the_list(office: Office) -> None:
    for order in work.ORDERS:
        wanted = Wanted(state="any", order=order)
        with office.ledger.reading() as c:
            ids = [r.letter_id for r in work.listed(c, wanted, 99)]
            walked = [tuple(work.beside(c, wanted, office.find(i), side) for side in (-1, 1)) for i in ids]
        assert walked == list(zip([None, *ids], [*ids[1:], None], strict=False)), order


def test_a_letter_that_somebody_took_still_needs_its_second_person(office: Office) -> None:
    """Taking a proposed letter is no agreement, and hides neither who proposed nor what."""
    _two_always(office)
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    deeds.took(office, deed(office, letter, "ben"))
    with pytest.raises(RefusedError, match="second person"):
        deeds.decided(office, deed(office, letter), "approved", "", "")
    assert deeds.decided(office, deed(office, letter, "ben", "agreed"), "approved", "", "") == "decided"


def test_a_second_person_who_differs_proposes_anew(office: Office) -> None:
    _two_always(office, "approved", "denied")
    letter = letter_in(office, GOOD)
    deeds.decided(office, deed(office, letter), "approved", "", "")
    assert deeds.decided(office, deed(office, letter, "ben"), "denied", "not_medical", "") == "second"
    assert deeds.decided(office, deed(office, letter, "ana", "agreed"), "denied", "not_medical", "") == "decided"


def _two_always(office: Office, *whats: str) -> None:
    own = office.settings.home / "desk" / "approvals.csv"
    own.parent.mkdir()
    own.write_text("plan,program,what,from_amount,source\n" + "".join(f"*,*,{what},0,two always\n" for what in whats or ("approved",)))


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


def test_a_move_is_undone_into_the_queue_where_the_letter_belongs(office: Office) -> None:
    letter = letter_in(office, GOOD)
    deeds.moved(office, deed(office, letter), "examine", "the ramp is for a shop")
    assert deeds.undone(office, deed(office, letter)) == "move"
    assert (office.find(letter).queue, office.find(letter).moved) == ("decide", "")


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


def test_an_upload_never_loses_to_another_of_its_name(tmp_path: Path) -> None:
    import io

    names = {files.put_in_inbox(tmp_path, "same.pdf", io.BytesIO(b"the same bytes"), 100) for _ in range(5)}
    assert len(names) == 5 and {p.name for p in (tmp_path / "desk").iterdir()} == names


def test_a_file_let_out_of_quarantine_stays_out_when_it_is_judged_again(office: Office) -> None:
    letter = letter_in(office, "portal/secured.pdf")
    receipt = office.find(letter).receipt_id
    assert office.ledger.accounts().quarantined == 1
    with office.ledger.writing() as c:
        c.execute(releases.insert(), {"receipt_id": receipt, "who": "ada", "at": office.now(), "reason": "read by hand"})
    for day in (1, 2):
        run_all(settings_at(office.settings.home), DAY + dt.timedelta(days=day))
        accounts = office.ledger.accounts()
        assert accounts.quarantined == 0 and accounts.balanced


def test_no_cell_of_a_list_is_a_formula_or_breaks_a_workbook(office: Office) -> None:
    for bad in ("=1+1", " =1+1", "+1", "-1", "@x", "\t=1", "\r=1"):
        assert str(lists.safe_cell(bad)).startswith("'"), bad
    assert lists.safe_cell("a\x00b\x1fc") == "a b c" and lists.safe_cell(-5.0) == -5.0 and lists.safe_cell("") == ""


def test_what_people_keyed_teaches_the_curves(office: Office) -> None:
    pytest.importorskip("sklearn")
    from scripts.fit_calibration import desk_labels

    letter = letter_in(office, GOOD)
    deeds.corrected(office, deed(office, letter), "patient.name", "Another Person", None)
    deeds.corrected(office, deed(office, letter), "recipient.program", "", None, accept=True)
    deeds.corrected(office, deed(office, letter), "items.0.text", "", None, absent=True)
    found = {(x.reading.kind, x.reading.place): x.right for x in desk_labels(office.settings.home)}
    assert found == {("field", "patient.name"): False, ("field", "recipient.program"): True, ("item", 0): False}
