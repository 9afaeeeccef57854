"""Every address of the desk against every role: who gets in, who is told no, and that no form does anything without this
session's token. The table is written by hand; an address that it lacks is a failure."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from pipeline.desk import access
from pipeline.desk.app import application, routes
from pipeline.desk.office import Office
from tests.desk.bench import GOOD, PASSWORD, PEOPLE, letter_in

ROLES = {"a": "administrator", "e": "examiner", "l": "lead", "o": "auditor"}
MAY = {
    "POST /logout": "aelo", "GET /password": "aelo", "POST /password": "aelo",
    "GET /": "aelo", "GET /list.csv": "aelo", "GET /list.xlsx": "aelo", "POST /views": "aelo",
    "GET /letter/{letter_id}": "aelo", "GET /letter/{letter_id}/words": "aelo", "GET /letter/{letter_id}/original": "aelo", "GET /page/{letter_id}/{number:int}.jpg": "aelo",
    "GET /letter/{letter_id}/warm": "ael", "POST /letter/{letter_id}/act": "ael", "GET /letter/{letter_id}/draft": "ael", "GET /letter/{letter_id}/request/{file}": "ael",
    "GET /files": "aelo", "POST /files/upload": "al", "POST /files/{receipt}/retry": "al", "POST /files/{receipt}/release": "al", "GET /files/day.csv": "alo",
    "GET /people": "a", "POST /people": "a",
    "GET /audit": "ao", "GET /audit.jsonl": "ao", "GET /decisions.csv": "alo", "GET /decisions.jsonl": "alo", "GET /labels": "alo", "GET /labels/{seq:int}.png": "alo",
    "GET /dashboard": "alo", "GET /quality": "aelo", "GET /quality/{letter_id}": "ael", "POST /quality/{letter_id}": "ael",
    "GET /quality/{letter_id}/{reader}": "alo", "POST /quality/{letter_id}/{reader}": "al",
}  # fmt: skip
OPEN = {"GET /login", "POST /login", "GET /static/{name}"}
ANSWERED = {200, 204, 303, 404, 422}
"""What somebody gets who may: a page, the way back to one, or a sentence about what the form lacked."""


def addresses() -> list[str]:
    return [f"{method} {r.path}" for r in routes() for method in sorted((r.methods or set()) - {"HEAD"})]


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with TestClient(application(office, ["desk.test"]), base_url="http://desk.test", follow_redirects=False) as made:
        yield made


def enter(client: TestClient, office: Office, role: str) -> str:
    """Logs somebody of the role in; the token that their forms bring along."""
    client.cookies.clear()
    name = next(n for n, r in PEOPLE if r == role)
    assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    who = access.visitor(office, client.cookies["lmn_desk"])
    assert who is not None
    return who.session.csrf


def path_of(address: str, letter: str) -> str:
    filled = {"{letter_id}": letter, "{number:int}": "1", "{file}": "provider.pdf", "{receipt}": "0" * 32, "{seq:int}": "1", "{reader}": "ben"}
    path = address.partition(" ")[2]
    for name, value in filled.items():
        path = path.replace(name, value)
    return path + ("?day=2026-06-30" if path.endswith("day.csv") else "")


def test_the_table_holds_every_address_and_no_other() -> None:
    assert set(addresses()) == set(MAY) | OPEN


def test_each_role_gets_in_where_it_may_and_nowhere_else(office: Office, client: TestClient) -> None:
    letter, wrong = letter_in(office, GOOD), []
    for key, role in ROLES.items():
        token = enter(client, office, role)
        for address, may in sorted(MAY.items(), key=lambda x: x[0] == "POST /logout"):
            post = address.startswith("POST")
            answer = client.post(path_of(address, letter), data={"csrf": token}) if post else client.get(path_of(address, letter))
            told = f"{role} {address}: {answer.status_code}"
            if key in may and (answer.status_code not in ANSWERED or answer.headers.get("location", "").startswith("/login?")):
                wrong.append(told)
            if key not in may and answer.status_code != 403:
                wrong.append(told)
    assert wrong == []


def test_strangers_get_in_nowhere(office: Office, client: TestClient) -> None:
    letter = letter_in(office, GOOD)
    for cookie in ("", "made-up"):
        client.cookies.set("lmn_desk", cookie)
        for address in MAY:
            answer = client.request(address.split(" ")[0], path_of(address, letter))
            assert answer.status_code == (401 if address.startswith("POST") else 303), address
            assert letter not in answer.text


@pytest.mark.parametrize("token", ["", "guess"])
def test_no_form_does_anything_without_this_sessions_token(token: str, office: Office, client: TestClient) -> None:
    letter = letter_in(office, GOOD)
    before = office.ledger.head()
    for key, role in ROLES.items():
        enter(client, office, role)
        before = office.ledger.head()
        for address, may in MAY.items():
            if address.startswith("POST") and key in may:
                path = path_of(address, letter)
                told = [client.post(path, data={"csrf": token}), client.post(path, json={"csrf": token}), client.post(path, json={}, headers={"x-csrf": token or "x"})]
                assert [a.status_code for a in told] == [403] * 3, address
        assert office.ledger.head() == before


def test_another_sessions_token_is_none(office: Office, client: TestClient) -> None:
    bens = enter(client, office, "lead")
    enter(client, office, "examiner")
    assert client.post("/views", data={"csrf": bens, "name": "v", "query": ""}).status_code == 403
