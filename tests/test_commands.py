"""The command line as an administrator meets it: exit codes, messages, and a kill in the middle."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_docs"


def lmn(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pipeline", *words], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def home_with(tmp_path: Path, *names: str) -> Path:
    for name in names:
        target = tmp_path / "inbox" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / "inbox" / name, target)
    return tmp_path


BROKEN = [
    ("members.csv", "dob", "5 May"),
    ("claims.csv", "amount", "much"),
    ("plans.csv", "program", "club"),
]


@pytest.mark.parametrize(("table", "column", "value"), BROKEN)
def test_malformed_records_stop_before_any_letter_is_touched(tmp_path: Path, table: str, column: str, value: str) -> None:
    home = home_with(tmp_path, "attachment.pdf")
    claims = tmp_path / "claims"
    shutil.copytree(SAMPLES / "claims", claims)
    head, first, *rest = (claims / table).read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    cells[head.split(",").index(column)] = value
    (claims / table).write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    done = lmn("run", "--home", str(home), "--claims", str(claims), "--as-of", "2026-06-30")
    assert done.returncode == 5
    assert table in done.stderr
    assert column in done.stderr
    assert value not in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / "inbox" / "attachment.pdf").is_file()


def test_records_that_are_not_there_are_exit_4(tmp_path: Path) -> None:
    done = lmn("run", "--home", str(tmp_path), "--claims", str(tmp_path / "nowhere"), "--as-of", "2026-06-30")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_2() -> None:
    assert lmn("run", "--as-of", "yesterday").returncode == 2
    assert lmn("walk").returncode == 2


def test_status_and_explain_tell_of_a_letter(tmp_path: Path) -> None:
    home = home_with(tmp_path, "attachment.pdf", "portal/document.pdf")
    assert lmn("run", "--home", str(home), "--claims", str(SAMPLES / "claims"), "--as-of", "2026-06-30").returncode == 0
    status = lmn("status", "--home", str(home), "--as-of", "2026-06-30", "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)
    told = lmn("explain", "attachment.pdf", "--home", str(home), "--as-of", "2026-06-30")
    assert told.returncode == 0, told.stderr
    assert "letter_date" in told.stdout
    assert lmn("explain", "no-such-letter", "--home", str(home)).returncode == 2


@pytest.mark.parametrize("seconds", [1.5, 4.0])
def test_a_kill_in_the_middle_loses_nothing(tmp_path: Path, seconds: float) -> None:
    names = ("attachment.pdf", "portal/flyer.pdf", "portal/document.pdf", "portal/notes.pdf", "mail/scan0050.pdf")
    home = home_with(tmp_path, *names)
    command = [sys.executable, "-m", "pipeline", "run", "--home", str(home), "--claims", str(SAMPLES / "claims"), "--as-of", "2026-06-30"]
    killed = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    again = lmn("run", "--home", str(home), "--claims", str(SAMPLES / "claims"), "--as-of", "2026-06-30")
    assert again.returncode == 0, again.stderr
    lines = (home / "out" / "letters.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["file"] for line in lines} == set(names)
