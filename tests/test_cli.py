"""The command as people call it: exit codes, sentences, and a kill at any moment."""

import datetime as dt
import fcntl
import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.commands.start import receipt_time
from pipeline.settings import load
from tests.homes import CLAIMS, ROOT, TODAY, command, environment, fill, lmn, run

FEW = ("attachment.pdf", "portal/flyer.pdf", "portal/document (2).pdf", "portal/notes.pdf", "portal/document.pdf")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    fill(home, *FEW)
    done = run(home)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return home


def lines(home: Path) -> dict[str, str]:
    told = (home / "out" / "letters.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["file"]: record["queue"] for record in map(json.loads, told)}


def test_a_run_ends_with_queues_and_a_summary(ran: Path) -> None:
    assert set(lines(ran)) == set(FEW)
    assert not [p for p in (ran / "inbox").rglob("*") if p.is_file()]
    assert (ran / "dagster" / "history").is_dir()


def test_a_second_run_says_nothing_new_and_changes_nothing(ran: Path) -> None:
    before = {p: p.read_bytes() for p in (ran / "out").rglob("*") if p.is_file()}
    fill(ran, *FEW)
    done = run(ran)
    assert done.returncode == 0
    assert f"Nothing new: {len(FEW)} files were here already." in done.stdout
    assert {p: p.read_bytes() for p in (ran / "out").rglob("*") if p.is_file()} == before
    assert run(ran).stdout.startswith(f"Nothing new: {len(FEW)} files were here already.")


def test_the_run_is_in_dagsters_history(ran: Path) -> None:
    import dagster as dg

    from assets.launch import instance_of
    from tests.homes import settings_at

    with pytest.MonkeyPatch.context() as kept:
        kept.setenv("DAGSTER_HOME", "")
        kept.setenv("LMN_STATE", "")
        with instance_of(settings_at(ran)) as instance:
            runs = instance.get_runs()
            assert [(r.job_name, r.status) for r in runs] == [("process_batch", dg.DagsterRunStatus.SUCCESS)]
            assert len(instance.get_dynamic_partitions("intake_batches")) == 1


def test_an_empty_inbox_is_no_fault(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Nothing new: the inbox is empty.")
    assert (tmp_path / "out" / "index.html").is_file()


def test_status_counts_everything(ran: Path) -> None:
    told = json.loads(lmn("status", "--home", ran, "--as-of", TODAY, "--json").stdout)
    assert (told["received"], told["in_work"], told["balanced"], told["inbox"]) == (len(FEW), 0, True, 0)
    assert sum(told["queues"].values()) == told["letters"]
    assert {row["file"] for row in told["unreadable"]} == {"portal/notes.pdf", "portal/document.pdf"}
    late = json.loads(lmn("status", "--home", ran, "--as-of", "2027-06-30", "--json").stdout)["late"]
    dated = [json.loads(line)["due"] for line in (ran / "out" / "letters.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(late) == sum(due is not None for due in dated) > 0
    assert "transcribe" in lmn("status", "--home", ran).stdout


def test_explain_tells_a_letter_by_path_and_by_id(ran: Path) -> None:
    by_path = lmn("explain", "--home", ran, "attachment.pdf")
    letter_id = json.loads(lmn("explain", "--home", ran, "attachment.pdf", "--json").stdout)[0]["letter_id"]
    assert lmn("explain", "--home", ran, letter_id[:12]).stdout == by_path.stdout
    for told in ("kept as", "What happened", "received", "patient.name", "page 1 “", "Match:", "Findings", "why"):
        assert told in by_path.stdout
    assert "plain text" in lmn("explain", "--home", ran, "portal/notes.pdf").stdout


def test_explain_fits_the_terminal(ran: Path) -> None:
    narrow = lmn("explain", "--home", ran, "attachment.pdf", COLUMNS="80").stdout
    wide = lmn("explain", "--home", ran, "attachment.pdf").stdout
    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, wide.splitlines()))
    assert narrow.split() == wide.split()


def test_explain_of_nothing_says_so(ran: Path) -> None:
    done = lmn("explain", "--home", ran, "nosuch.pdf")
    assert (done.returncode, "No letter has the id" in done.stderr) == (2, True)


def test_check_is_content_with_the_samples(ran: Path) -> None:
    done = lmn("check", "--home", ran, "--claims", CLAIMS, "--as-of", TODAY)
    assert (done.returncode, done.stdout.count(" ok "), "All sound" in done.stdout) == (0, 5, True)


def malformed(claims: Path) -> None:
    table = claims / "claims.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("2026-", "20x6-", 1), encoding="utf-8")


def columnless(claims: Path) -> None:
    table = claims / "members.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("dob", "born", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [(malformed, 5, "claims.csv, row "), (columnless, 5, "members.csv, row 1, column dob"), (shutil.rmtree, 4, "claim records folder")],
)
def test_claim_records_are_looked_at_before_any_letter(tmp_path: Path, spoil: Callable[[Path], None], code: int, told: str) -> None:
    shutil.copytree(CLAIMS, tmp_path / "claims")
    spoil(tmp_path / "claims")
    inbox = fill(tmp_path, *FEW)
    before = {p: p.read_bytes() for p in inbox.rglob("*") if p.is_file()}
    done = lmn("run", "--home", tmp_path, "--as-of", TODAY)
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr
    assert {p: p.read_bytes() for p in inbox.rglob("*") if p.is_file()} == before
    assert not (tmp_path / "out").exists()
    assert lmn("check", "--home", tmp_path).returncode == code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "usage: lmn"),
        (["walk"], "invalid choice"),
        (["run", "--as-of", "June"], "is no day"),
        (["run", "--jobs", "0"], "is no number of processes"),
        (["desk", "--port", "99999"], "is no port"),
        (["run", "--inbox", "/no/such/inbox"], "--inbox DIR"),
        (["eval", "/no/such", "/no/such"], "truth.json"),
    ],
)
def test_wrong_usage_is_two(tmp_path: Path, words: list[str], told: str) -> None:
    more = ["--home", str(tmp_path)] if words[:1] == ["run"] else []
    claims = ["--claims", str(CLAIMS)] if "--inbox" in words else []
    done = lmn(*words, *more, *claims)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"jobs = 'many'", "jobs"), (b"enginge = 'auto'", "There is no setting 'enginge'. Known are inbox,"), (b"jobs = ", "not valid TOML"),
     (b"\xff\xfej\x00", "not valid TOML"), (b"rules = 'nowhere.csv'", "There is no rule table")],
)  # fmt: skip
def test_settings_that_are_wrong_are_two(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str) -> None:
    (tmp_path / "lmn.toml").write_bytes(content)
    assert main(["run", "--home", str(tmp_path), "--claims", str(CLAIMS)]) == 2
    assert told in capsys.readouterr().err


def test_a_path_in_the_settings_file_begins_at_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lmn.toml").write_text("inbox = 'fax'\nclaims = 'records'\nout = '/srv/out'\nrules = 'rules.csv'", encoding="utf-8")
    monkeypatch.chdir("/")
    found = load(tmp_path)
    assert (found.inbox, found.claims, found.out, found.rules) == (tmp_path / "fax", str(tmp_path / "records"), Path("/srv/out"), tmp_path / "rules.csv")


@pytest.mark.parametrize(
    "words",
    [["explain", "x"], ["sendback", "x"], ["onfile"], ["whatif", "rules.csv"], ["replay"], ["audit"], ["decisions"], ["eval", "--from-desk"]],
    ids=lambda words: str(words[0]),
)
def test_asking_where_nothing_was_done_says_so_and_makes_no_home(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    home = tmp_path / "misspelt"
    assert main([*words, "--home", str(home)]) == 2
    assert "Nothing was done in" in capsys.readouterr().err
    assert not home.exists()


def test_status_and_check_look_at_an_empty_home_and_leave_it_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "new"
    assert main(["status", "--home", str(home)]) == 0
    assert "begin with 'lmn run'" in capsys.readouterr().out
    assert main(["check", "--home", str(home), "--claims", str(CLAIMS), "--as-of", TODAY]) == 0
    assert not (home / "ledger.sqlite").exists()


@pytest.mark.parametrize("words", [["run"], ["status"], ["explain", "x"], ["check"]], ids=lambda words: str(words[0]))
def test_a_ledger_that_is_gone_is_six_and_not_begun_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    kept = tmp_path / "store" / "originals" / "ab" / ("ab" * 32)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"%PDF-1.7")
    assert main([*words, "--home", str(tmp_path), *(["--claims", str(CLAIMS)] if words[0] in ("run", "check") else [])]) == 6
    told = capsys.readouterr()
    assert "is gone, but" in told.out + told.err
    assert not (tmp_path / "ledger.sqlite").exists()


def test_a_home_that_is_a_file_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["run", "--home", str(tmp_path / "file"), "--claims", str(CLAIMS)]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_receipts_as_of_another_day_bear_no_clock() -> None:
    assert receipt_time(dt.date(2026, 6, 30)) == "2026-06-30T12:00:00+00:00"
    assert receipt_time(dt.date.today())[:10] == dt.date.today().isoformat()


def test_a_missing_engine_is_three_and_says_what_to_install(tmp_path: Path) -> None:
    inbox = fill(tmp_path, "attachment.pdf")
    done = run(tmp_path, LMN_ENGINE="tesseract", PATH="/nowhere")
    assert (done.returncode, "apt-get install tesseract-ocr" in done.stderr) == (3, True), done.stderr
    assert (inbox / "attachment.pdf").exists()


def test_a_damaged_ledger_is_six(tmp_path: Path) -> None:
    inbox = fill(tmp_path, "attachment.pdf")
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 500)
    done = run(tmp_path)
    assert (done.returncode, "damaged" in done.stderr, (inbox / "attachment.pdf").exists()) == (6, True, True)


def test_a_tampered_ledger_is_found_by_check(ran: Path, tmp_path: Path) -> None:
    shutil.copytree(ran, tmp_path / "home")
    with sqlite3.connect(tmp_path / "home" / "ledger.sqlite") as connection:
        connection.execute("UPDATE events SET at = '1999' WHERE seq = 2")
    connection.close()
    done = lmn("check", "--home", tmp_path / "home", "--claims", CLAIMS)
    assert (done.returncode, "event 2" in done.stdout) == (6, True)


def test_a_second_run_at_once_is_six(tmp_path: Path) -> None:
    inbox = fill(tmp_path, "attachment.pdf")
    with (tmp_path / ".run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(tmp_path)
    assert (done.returncode, "Another run is at work" in done.stderr) == (6, True)
    assert (inbox / "attachment.pdf").exists()
    assert run(tmp_path).returncode == 0


def taken_some(home: Path) -> bool:
    return sum(p.is_file() for p in (home / "inbox").rglob("*")) < len(FEW)


def taken_all(home: Path) -> bool:
    return not any(p.is_file() for p in (home / "inbox").rglob("*"))


def read_some(home: Path) -> bool:
    return any((home / "store" / "results").glob("read/*/*.json"))


def judged_some(home: Path) -> bool:
    return any((home / "store" / "results").glob("check/*/*.json"))


def publishing(home: Path) -> bool:
    return (home / "out" / "letters").is_dir()


@pytest.mark.parametrize("moment", [taken_some, taken_all, read_some, judged_some, publishing])
def test_killed_at_any_moment_no_file_is_lost(tmp_path: Path, moment: Callable[[Path], bool]) -> None:
    inbox = fill(tmp_path, *FEW)
    hashes = {name: hashlib.sha256((inbox / name).read_bytes()).hexdigest() for name in FEW}
    words = command("run", "--home", tmp_path, "--claims", CLAIMS, "--as-of", TODAY)
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 120
        while not moment(tmp_path) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    received = json.loads(lmn("status", "--home", tmp_path, "--json").stdout)
    assert received["balanced"]
    for name, sha256 in hashes.items():
        assert (inbox / name).is_file() or (tmp_path / "store" / "originals" / sha256[:2] / sha256).is_file()
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(lines(tmp_path)) == set(FEW)
    told = json.loads(lmn("status", "--home", tmp_path, "--json").stdout)
    assert (told["received"], told["in_work"], told["inbox"]) == (len(FEW), 0, 0)


def test_help_comes_at_once() -> None:
    begun = time.monotonic()
    done = lmn("--help")
    assert (done.returncode, time.monotonic() - begun < 1.0) == (0, True)


def test_a_bug_is_one_and_tells_its_place_without_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(_options: object) -> int:
        raise RuntimeError("Xanthippe Quux")

    monkeypatch.setattr("pipeline.commands.status.main", fail)
    assert main(["status", "--home", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "RuntimeError" in told and "Quux" not in told
