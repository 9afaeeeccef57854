"""Second readings over a judged home: who may read, what the form hides, what an error reopens."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.desk import access, agreement, quality
from pipeline.desk.app import application
from pipeline.desk.deeds import Deed, RefusedError, decided
from pipeline.desk.office import Office
from pipeline.desk.second import DECISION, Values, first_values
from pipeline.ledger import work
from pipeline.model import Scalar
from tests.desk.bench import ATTACK, DAY, GOOD, LONG, OTHERS, PASSWORD, copy_of, letter_in, office_at


@pytest.fixture
def letter(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """A letter that ana decided, in an office that reads every decided letter twice."""
    monkeypatch.setattr(office, "settings", office.settings.model_copy(update={"second_share": 1.0}))
    found = letter_in(office, GOOD)
    row = office.find(found)
    assert row is not None
    decided(office, Deed("ana", found, row.version, "token"), "request_info", "", "the dose is missing")
    return found


def first_of(office: Office, letter: str) -> Values:
    row = office.find(letter)
    case = office.case(row) if row else None
    assert case is not None
    return first_values(case.letter, "request_info")


def read(office: Office, letter: str, who: str, **other: object) -> agreement.Pair:
    row = office.find(letter)
    assert row is not None
    return quality.read(office, row, who, {**first_of(office, letter), **other})  # type: ignore[dict-item]


def test_only_one_who_has_not_seen_it_reads_it(office: Office, letter: str) -> None:
    assert [r.letter_id for r in quality.due_for(office, "ben")] == [letter]
    assert quality.due_for(office, "ana") == []
    row = office.find(letter)
    assert row is not None
    office.ledger.note(office.now(), row.receipt_id, "looked", {"letter_id": letter, "who": "ben"})
    assert quality.due_for(office, "ben") == []
    with pytest.raises(RefusedError, match="looked"):
        read(office, letter, "ben")
    assert [r.letter_id for r in quality.due_for(office, "lea")] == [letter]


def test_a_letter_is_read_twice_not_thrice(office: Office, letter: str) -> None:
    assert read(office, letter, "ben").apart == []
    with pytest.raises(RefusedError, match="has had"):
        read(office, letter, "lea")


def test_a_letter_that_chance_passed_over_is_not_read(judged: Path, tmp_path: Path) -> None:
    office = office_at(copy_of(judged, tmp_path / "other"))
    office.settings = office.settings.model_copy(update={"second_share": 0.0})
    found = letter_in(office, GOOD)
    row = office.find(found)
    assert row is not None
    decided(office, Deed("ana", found, row.version, "token"), "request_info", "", "the dose is missing")
    with pytest.raises(RefusedError, match="Chance"):
        read(office, found, "ben")
    office.close()


def test_an_error_of_the_first_reopens_the_letter_and_is_learnt(office: Office, letter: str) -> None:
    pair = read(office, letter, "ben", **{"patient.dob": "1901-01-01"})
    assert pair.apart == ["patient.dob"]
    row = office.find(letter)
    assert row is not None
    with pytest.raises(RefusedError, match="other than the first"):
        quality.settle(office, pair, row, "ana", {"patient.dob": "second"})
    assert quality.settle(office, pair, row, "lea", {"patient.dob": "second"}) == [letter]
    now = office.find(letter)
    assert now is not None
    assert (now.state, now.changed_how, now.changed_by) == ("open", "reopened", "lea")
    assert first_of(office, letter)["patient.dob"] == "1901-01-01"
    assert "reopened" in [e.kind for e in office.ledger.events_of(row.receipt_id)]
    office.ledger.verify_chain()


def test_an_error_of_the_second_reopens_nothing(office: Office, letter: str) -> None:
    pair = read(office, letter, "ben", **{DECISION: "approved"})
    row = office.find(letter)
    assert row is not None
    assert quality.settle(office, pair, row, "lea", {DECISION: "first"}) == []
    now = office.find(letter)
    assert now is not None
    assert now.state == "asked"
    with office.ledger.reading() as c:
        (tally,) = [t for t in agreement.by_field(agreement.pairs(c)) if t.name == "Decision"]
    assert (tally.compared, tally.agreed, tally.first_wrong, tally.second_wrong) == (1, 0, 0, 1)


def test_the_form_shows_nothing_of_the_first(office: Office, letter: str) -> None:
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test") as client:
        client.post("/login", data={"name": "ben", "password": PASSWORD})
        answer = client.get(f"/quality/{letter}")
        assert answer.status_code == 200
        for shown in ("the dose is missing", "ana", *(str(v) for v in first_of(office, letter).values() if isinstance(v, str) and len(v) > 3 and v != "request_info")):
            assert shown not in answer.text, shown
        who = access.visitor(office, client.cookies["lmn_desk"])
        assert who is not None
        sent = client.post(f"/quality/{letter}", data={"csrf": who.session.csrf, "decision": "request_info"}, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"][:9]) == (303, "/quality?")
        assert client.get(f"/quality/{letter}").status_code == 422


@pytest.mark.parametrize(("name", "path", "status"), [("lea", "/dashboard", 200), ("ada", "/dashboard?days=7", 200), ("otto", "/dashboard?days=x", 200), ("ana", "/dashboard", 403),
                                                      ("ana", "/quality", 200), ("lea", "/quality", 200), ("otto", "/quality", 200)])  # fmt: skip
def test_pages_for_leads_are_theirs(office: Office, letter: str, name: str, path: str, status: int) -> None:
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test") as client:
        client.post("/login", data={"name": name, "password": PASSWORD})
        answer = client.get(path)
    assert answer.status_code == status
    assert DAY.isoformat() in answer.text


def _decided(office: Office, file: str, what: str = "request_info", about: str = "") -> str:
    letter = letter_in(office, file)
    row = office.find(letter)
    assert row is not None
    decided(office, Deed("ana", letter, row.version, f"t {letter}"), what, "", "a reason", about)
    return letter


def _set(office: Office, letter: str, **columns: str) -> None:
    with office.ledger.writing() as c:
        c.execute(work.work.update().where(work.work.c.letter_id == letter).values(**columns))


@pytest.mark.parametrize(
    ("field", "value", "shared", "also"),
    [
        ("patient.dob", "1901-01-01", "member_id", True),  # the same wrong birth date in the member's other letter
        ("patient.dob", "1901-01-01", "practice", False),  # of the same practice only: no word of this patient's
        ("provider.name", "John Roe", "practice", True),
        ("provider.name", "John Roe", "member_id", False),
        ("letter_date", "2026-05-10", "member_id", False),  # a date is of one letter alone
    ],
)
def test_an_error_reopens_the_decided_letters_that_it_touches(field: str, value: Scalar, shared: str, also: bool, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two letters say the same of patient and signer, another says something else; all are decided, one is read twice."""
    monkeypatch.setattr(office, "settings", office.settings.model_copy(update={"second_share": 1.0}))
    one, other, third, still_open = letter_in(office, LONG), letter_in(office, ATTACK), letter_in(office, OTHERS[0]), letter_in(office, OTHERS[1])
    values = [first_of(office, i) for i in (one, other)]
    assert values[0]["patient.dob"] == values[1]["patient.dob"] == "1980-03-04" and values[0]["provider.name"] == values[1]["provider.name"] == "Jane Roe"
    for letter in (one, other, third, still_open):
        _set(office, letter, **{"member_id": "", "practice": "", shared: "the same"})
    for file in (LONG, ATTACK, OTHERS[0]):
        _decided(office, file)
    pair = read(office, one, "ben", **{field: value})
    row = office.find(one)
    assert row is not None and pair.apart == [field]
    found = quality.settle(office, pair, row, "lea", {field: "second"})
    assert set(found) == {one, *([other] if also else [])}
    states = {i: office.find(i).state for i in (one, other, third, still_open)}  # type: ignore[union-attr]
    assert states == {one: "open", other: "open" if also else "asked", third: "asked", still_open: "open"}
    for letter in found:
        (last,) = [d for d in office.ledger.decisions_on(letter) if d.what == "reopen"]
        assert (last.who, last.about) == ("lea", one) and "second reading" in last.reason


def test_an_error_reopens_what_was_closed_as_the_same_letter(office: Office, letter: str) -> None:
    """A duplicate follows the letter that it was closed as, whatever the error; one whose closing was undone does not."""
    same = _decided(office, OTHERS[0], "duplicate", about=letter)
    undone = _decided(office, OTHERS[1], "duplicate", about=letter)
    row = office.find(undone)
    assert row is not None
    decided_again = Deed("ana", undone, row.version, "undo")
    from pipeline.desk.deeds import undone as take_back

    take_back(office, decided_again)
    pair = read(office, letter, "ben", **{DECISION: "approved"})
    row = office.find(letter)
    assert row is not None
    assert set(quality.settle(office, pair, row, "lea", {DECISION: "second"})) == {letter, same}


def test_agreement_is_counted_per_field_and_per_person(office: Office, letter: str) -> None:
    """ana decided two letters, ben read one and lea the other: of 13 fields each, two differ in one and one in the other."""
    other = _decided(office, LONG)
    first = read(office, letter, "ben", **{"patient.dob": "1901-01-01", "letter_date": "2020-01-01"})
    second = quality.read(office, office.find(other), "lea", {**first_of(office, other), "patient.dob": "1902-02-02"})  # type: ignore[arg-type]
    quality.settle(office, first, office.find(letter), "ada", {"patient.dob": "second", "letter_date": "first"})  # type: ignore[arg-type]
    quality.settle(office, second, office.find(other), "ada", {"patient.dob": "neither"})  # type: ignore[arg-type]
    with office.ledger.reading() as c:
        found = agreement.pairs(c)
    fields = {t.name: t[1:] for t in agreement.by_field(found)}
    assert fields["Birth date"] == (2, 0, 2, 1) and fields["Letter date"] == (2, 1, 0, 1) and fields["Decision"] == (2, 2, 0, 0)
    people = {who: (one[1:], two[1:]) for who, one, two in agreement.by_person(found)}
    assert people == {"ana": ((26, 23, 2, 2), (0, 0, 0, 0)), "ben": ((0, 0, 0, 0), (13, 11, 1, 1)), "lea": ((0, 0, 0, 0), (13, 12, 1, 1))}
