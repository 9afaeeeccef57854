"""Who may come in and do what: passwords, sessions, roles, tokens, headers, where the desk listens."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.__main__ import main
from pipeline.desk import access
from pipeline.desk.app import application, routes
from pipeline.desk.office import Office
from pipeline.ledger import people
from tests.desk.bench import DAY, GOOD, PASSWORD, PEOPLE, letter_in
from tests.homes import settings_at


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test") as made:
        yield made


def enter(client: TestClient, name: str = "ana", password: str = PASSWORD) -> int:
    return client.post("/login", data={"name": name, "password": password}, follow_redirects=False).status_code


def csrf(client: TestClient, office: Office) -> str:
    who = access.visitor(office, client.cookies["lmn_desk"])
    assert who is not None
    return who.session.csrf


def test_nothing_is_shown_to_strangers(office: Office, client: TestClient) -> None:
    letter = letter_in(office, GOOD)
    for path in ("/", f"/letter/{letter}", f"/letter/{letter}/words", f"/page/{letter}/1.jpg", "/files", "/audit", "/list.csv", "/decisions.csv"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"][:6]) == (303, "/login"), path


def test_every_page_but_the_log_in_is_guarded() -> None:
    open_to_all = {r.path for r in routes() if "guarded" not in r.endpoint.__qualname__}
    assert open_to_all == {"/login", "/static/{name}"}


def test_a_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post("/login", data={"name": "ana", "password": PASSWORD}, follow_redirects=False)
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told and "samesite=strict" in told
    assert "script-src 'self'" in answer.headers["content-security-policy"] and "unsafe" not in answer.headers["content-security-policy"]


def test_behind_tls_the_cookie_travels_by_nothing_else(office: Office) -> None:
    with TestClient(application(office, ["desk.test"], secure=True), base_url="https://desk.test") as client:
        answer = client.post("/login", data={"name": "ana", "password": PASSWORD}, follow_redirects=False)
    assert "secure" in answer.headers["set-cookie"].lower() and "strict-transport-security" in answer.headers


def test_guessing_is_slowed_down_and_the_right_password_rests_too(office: Office, client: TestClient) -> None:
    for _ in range(5):
        assert enter(client, password="wrong") == 403
    assert enter(client) == 403
    with office.ledger.reading() as c:
        assert people.find(c, "ana").locked_until > office.clock()


def test_an_address_may_try_so_often_a_minute(client: TestClient) -> None:
    codes = [enter(client, name=f"nobody{n}", password="x") for n in range(22)]
    assert codes[0] == 403 and codes[-1] == 429


def test_a_session_ends_when_idle(office: Office, client: TestClient) -> None:
    enter(client)
    assert client.get("/").status_code == 200
    clock = office.clock
    office.clock = lambda: clock() + access.IDLE_SECONDS + 1
    assert client.get("/", follow_redirects=False).status_code == 303


def test_a_form_without_this_sessions_token_does_nothing(office: Office, client: TestClient) -> None:
    enter(client)
    row = office.find(letter_in(office, GOOD))
    body = {"act": "decide", "what": "approved", "version": 0, "token": "t"}
    for headers in ({}, {"x-csrf": "guess"}):
        assert client.post(f"/letter/{row.letter_id}/act", json=body, headers=headers).status_code == 403
    assert office.find(row.letter_id).state == "open"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("ana", "/people", 403), ("ana", "/audit", 403), ("otto", "/audit", 200), ("otto", "/people", 403), ("ada", "/people", 200), ("lea", "/labels", 200)],
)
def test_roles_see_what_is_theirs(who: str, path: str, status: int, client: TestClient) -> None:
    enter(client, who)
    assert client.get(path).status_code == status


def test_an_auditor_changes_nothing(office: Office, client: TestClient) -> None:
    enter(client, "otto")
    letter = letter_in(office, GOOD)
    body = {"act": "decide", "what": "approved", "version": 0, "token": "t"}
    assert client.post(f"/letter/{letter}/act", json=body, headers={"x-csrf": csrf(client, office)}).status_code == 403


def test_the_first_start_makes_one_administrator_whose_password_must_be_changed(tmp_path: Path) -> None:
    office = Office(settings_at(tmp_path), DAY)
    made = access.first_administrator(office)
    assert made is not None and access.first_administrator(office) is None
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test") as client:
        enter(client, *made)
        assert client.get("/", follow_redirects=False).headers["location"] == "/password"
        token = csrf(client, office)
        assert client.post("/password", data={"csrf": token, "old": made[1], "new": "short"}).status_code == 422
        assert client.post("/password", data={"csrf": token, "old": made[1], "new": "much longer now"}).status_code == 200
        assert client.get("/", follow_redirects=False).status_code == 200
    with office.ledger.reading() as c:
        assert people.find(c, "admin").password.startswith("$argon2id$")
    office.close()


def test_a_name_the_desk_does_not_go_by_is_refused(client: TestClient) -> None:
    assert client.get("/login", headers={"host": "evil.test"}).status_code == 400


@pytest.mark.parametrize("to", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_logging_in_leads_nowhere_else(to: str, client: TestClient) -> None:
    answer = client.post("/login", params={"to": to}, data={"name": "ana", "password": PASSWORD}, follow_redirects=False)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "desk.example"])
def test_the_desk_does_not_listen_wider_without_protection(host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk", "--home", str(tmp_path), "--host", host]) == 2
    assert "--tls-cert" in capsys.readouterr().err


def test_each_look_at_a_letter_is_written_down_and_the_trail_holds(office: Office, client: TestClient) -> None:
    enter(client)
    row = office.find(letter_in(office, GOOD))
    client.get(f"/letter/{row.letter_id}")
    looked = [e for e in office.ledger.events_of(row.receipt_id) if e.kind == "looked"]
    assert [e.detail["who"] for e in looked] == ["ana"]
    office.ledger.verify_chain()


def test_pages_fetched_without_opening_the_letter_leave_a_trace_too(office: Office, client: TestClient) -> None:
    """Once per session and letter; whoever opens the letter is written down as having looked, and not for each page again."""
    enter(client)
    row = office.find(letter_in(office, GOOD))
    for path in (f"/page/{row.letter_id}/1.jpg", f"/page/{row.letter_id}/1.jpg", f"/letter/{row.letter_id}/words"):
        client.get(path)
    assert _traces(office, row.receipt_id) == [("fetched", "ana")]
    client.cookies.clear()
    enter(client, "otto")
    for path in (f"/letter/{row.letter_id}", f"/page/{row.letter_id}/1.jpg", f"/letter/{row.letter_id}/words"):
        client.get(path)
    assert _traces(office, row.receipt_id) == [("fetched", "ana"), ("looked", "otto")]


def _traces(office: Office, receipt: str) -> list[tuple[str, object]]:
    return [(e.kind, e.detail["who"]) for e in office.ledger.events_of(receipt) if e.kind in ("looked", "fetched", "fetched_ahead")]


def test_an_office_behind_one_address_comes_in_at_nine_o_clock(client: TestClient) -> None:
    """Thirty people log in within a minute; guessing from the same address is slowed down all the same."""
    assert {enter(client) for _ in range(30)} == {303}
    codes = [enter(client, name=f"nobody{n}", password="x") for n in range(21)]
    assert codes[19] == 403 and codes[20] == 429


def test_a_session_ends_for_good_and_at_the_latest_after_a_working_day(office: Office, client: TestClient) -> None:
    """Used every ten minutes it lives on, but not for ever; a log-out ends it though somebody kept the cookie."""
    clock = office.clock
    enter(client)
    kept = client.cookies["lmn_desk"]
    for passed in range(600, access.LONGEST_SECONDS, 600):
        office.clock = lambda passed=passed: clock() + passed
        assert client.get("/password", follow_redirects=False).status_code == 200, passed
    office.clock = lambda: clock() + access.LONGEST_SECONDS + 1
    assert client.get("/password", follow_redirects=False).status_code == 303
    office.clock = clock
    enter(client)
    kept = client.cookies["lmn_desk"]
    client.post("/logout", data={"csrf": csrf(client, office)}, follow_redirects=False)
    client.cookies.set("lmn_desk", kept)
    assert client.get("/password", follow_redirects=False).status_code == 303


def test_logging_in_leads_back_to_the_very_list(client: TestClient) -> None:
    asked = client.get("/?queue=decide&who=me&q=a%26b", follow_redirects=False).headers["location"]
    page = client.get(asked).text
    action = re.search(r'action="([^"]+)"', page)
    assert action
    answer = client.post(html.unescape(action[1]), data={"name": "ana", "password": PASSWORD}, follow_redirects=False)
    assert answer.headers["location"] == "/?queue=decide&who=me&q=a%26b"


def test_a_role_is_changed_by_another_administrator_and_counts_at_once(office: Office, client: TestClient) -> None:
    enter(client, "ada")
    form = {"csrf": csrf(client, office), "do": "role", "name": "ana", "role": "lead"}
    assert "ana is lead now." in client.post("/people", data=form).text
    for bad, says in (({"role": "king"}, "no such role"), ({"name": "ada"}, "Have another administrator"), ({"name": "nobody"}, "no user nobody"), ({"do": "shut", "name": "ada"}, "Have another")):
        assert says in client.post("/people", data={**form, **bad}).text, bad
    with office.ledger.reading() as c:
        assert {u.name: u.role for u in people.every(c)} == {**dict(PEOPLE), "ana": "lead"} and all(u.active for u in people.every(c))
    assert office.ledger.events_of("desk")[-1].detail == {"user": "ana", "by": "ada", "role": "lead"}
    enter(client, "ana")
    assert client.get("/dashboard").status_code == 200


def test_a_new_password_ends_the_sessions_that_know_the_old_one(office: Office, client: TestClient) -> None:
    other = access.log_in(office, "ana", PASSWORD)
    enter(client, "ana")
    form = {"csrf": csrf(client, office), "old": PASSWORD, "new": "another one of some length"}
    assert client.post("/password", data=form, follow_redirects=False).status_code == 303
    assert other and access.visitor(office, other) is None and client.get("/", follow_redirects=False).status_code == 200


def test_an_unknown_address_shows_the_way_on_to_whoever_is_logged_in(client: TestClient) -> None:
    assert "Log out" not in client.get("/nothing").text
    enter(client, "ana")
    answer = client.get("/nothing")
    assert answer.status_code == 404 and "Log out" in answer.text
    assert "There is nothing to show" in client.get("/letter/0-1").text
