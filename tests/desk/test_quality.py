"""Second readings over a judged home: who may read, what the form hides, what an error reopens."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.desk import access, agreement, quality
from pipeline.desk.app import application
from pipeline.desk.deeds import Deed, RefusedError, decided
from pipeline.desk.office import Office
from pipeline.desk.second import DECISION, Values, first_values
from tests.desk.bench import DAY, GOOD, PASSWORD, copy_of, letter_in, office_at


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
