"""Letters judged again by processes beside the desk: what they make is what the desk would make, and one that is lost is
missed by nobody."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipeline.desk.clerks import ClerkError, Clerks
from pipeline.desk.deeds import corrected
from pipeline.desk.office import Office
from pipeline.errors import ClaimsUnavailable
from pipeline.ledger import Ledger
from tests.desk.bench import GOOD, OTHERS, PASSWORD, copy_of, letter_in, office_at, running
from tests.desk.hands import deed


@pytest.fixture
def kept() -> Iterator[list[Clerks]]:
    """Clerks that end with the test."""
    made: list[Clerks] = []
    yield made
    for each in made:
        each.close()


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def work(receipt: str) -> None:
    if receipt == "records":
        raise ClaimsUnavailable("The records cannot be read.")
    if receipt == "fault":
        raise ValueError("words of a letter")
    if receipt == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    Path(receipt).write_text(str(os.getpid()))


def test_a_clerk_works_in_its_own_process_and_says_what_went_wrong(tmp_path: Path, kept: list[Clerks]) -> None:
    clerks = Clerks(1, work, lambda: None)
    kept.append(clerks)
    assert clerks.judge(str(tmp_path / "a")) and (tmp_path / "a").read_text() == str(clerks.pids[0]) != str(os.getpid())
    with pytest.raises(ClaimsUnavailable, match="cannot be read"):
        clerks.judge("records")
    with pytest.raises(ClerkError, match=r"^ValueError$"):
        clerks.judge("fault")
    assert clerks.judge(str(tmp_path / "b")) and (tmp_path / "b").exists()


def test_a_lost_clerk_is_replaced_by_the_next_and_the_last_by_none(tmp_path: Path, kept: list[Clerks]) -> None:
    clerks = Clerks(2, work, lambda: None)
    kept.append(clerks)
    os.kill(clerks.pids[0], signal.SIGKILL)
    assert clerks.judge(str(tmp_path / "a")) and (tmp_path / "a").read_text() == str(clerks.pids[1])
    several = [threading.Thread(target=lambda: told.append(clerks.judge("dies"))) for _ in range(3)]
    told: list[bool] = []
    for thread in several:
        thread.start()
    for thread in several:
        thread.join(20)
    assert told == [False] * 3 and not clerks.judge(str(tmp_path / "b"))


def test_what_a_clerk_makes_is_what_the_desk_makes(judged: Path, tmp_path: Path) -> None:
    made = []
    for name in ("here", "beside"):
        office = office_at(copy_of(judged, tmp_path / name))
        if name == "beside":
            office.hire(1)
            office.judge_here = None  # type: ignore[method-assign, assignment]
        letter = letter_in(office, GOOD)
        changes = corrected(office, deed(office, letter), "patient.name", "Somebody Else", None)
        row = office.find(letter)
        made.append((changes, row.queue, row.codes, row.result, [e.kind for e in office.ledger.events_of(row.receipt_id)]))
        office.ledger.verify_chain()
        office.close()
    assert made[0] == made[1] and made[0][0]


class Asker:
    """A session over HTTP at a desk that runs as `lmn desk`."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.line.request("POST", "/login", urlencode({"name": "ana", "password": PASSWORD}), {"content-type": "application/x-www-form-urlencoded"})
        answer = self.line.getresponse()
        answer.read()
        self.cookie = str(answer.getheader("set-cookie")).partition(";")[0]

    def correct(self, letter: str, path: str, text: str) -> dict[str, object]:
        self.line.request("GET", f"/letter/{letter}", headers={"cookie": self.cookie})
        page = self.line.getresponse().read().decode()
        csrf, version = re.search(r'data-csrf="([^"]+)"', page), re.search(r'data-version="(\d+)"', page)
        assert csrf and version
        body = json.dumps({"act": "correct", "path": path, "text": text, "version": int(version[1]), "token": f"{letter}{version[1]}"})
        self.line.request("POST", f"/letter/{letter}/act", body, {"cookie": self.cookie, "content-type": "application/json", "x-csrf": csrf[1]})
        answer = self.line.getresponse()
        told: dict[str, object] = json.loads(answer.read())
        assert answer.status == 200, told
        return told


@pytest.fixture
def server(judged: Path, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int, Office]]:
    """`lmn desk` over a home, its port, and an office of one's own over the same home."""
    home = copy_of(judged, tmp_path / "home")
    office = office_at(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(home, port) as process:
        yield process, port, office
    office.close()


def children(pid: int) -> list[int]:
    return [int(x) for task in Path(f"/proc/{pid}/task").iterdir() for x in (task / "children").read_text().split()]


def test_a_desk_goes_on_without_its_clerks_and_they_go_with_it(server: tuple["subprocess.Popen[bytes]", int, Office]) -> None:
    process, port, office = server
    me = Asker(port)
    letters = [letter_in(office, file) for file in (GOOD, OTHERS[0], OTHERS[1])]
    assert me.correct(letters[0], "patient.name", "Somebody Else")["changes"]
    clerks = children(process.pid)
    assert len(clerks) == 2
    os.kill(clerks[0], signal.SIGKILL)
    me.correct(letters[1], "patient.name", "Somebody Else")
    os.kill(clerks[1], signal.SIGKILL)
    me.correct(letters[2], "patient.name", "Somebody Else")
    for letter in letters:
        row = office.find(letter)
        case = office.case(row)
        assert case and case.letter and case.letter["patient.name"].value == "Somebody Else"
    office.ledger.verify_chain()


def test_the_clerks_of_a_killed_desk_end(server: tuple["subprocess.Popen[bytes]", int, Office]) -> None:
    process, port, office = server
    me, letter = Asker(port), letter_in(office, GOOD)
    clerks = children(process.pid)
    asked = threading.Thread(target=lambda: _quietly(me, letter))
    asked.start()
    time.sleep(0.15)
    process.kill()
    asked.join(20)
    until = time.time() + 20
    while any(map(is_there, clerks)) and time.time() < until:
        time.sleep(0.1)
    assert clerks and not any(map(is_there, clerks))
    ledger = Ledger(office.settings.ledger_url)
    ledger.verify_chain()
    ledger.close()


def _quietly(me: Asker, letter: str) -> None:
    """The desk goes while it answers."""
    try:
        me.correct(letter, "patient.name", "Somebody Else")
    except (OSError, http.client.HTTPException, AssertionError):
        return
