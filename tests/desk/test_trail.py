"""The audit trail against somebody who can write the database."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.desk import deeds, witness
from pipeline.desk.deeds import Deed
from pipeline.ledger import Ledger, tables
from tests.desk.bench import GOOD, copy_of, letter_in, office_at


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("UPDATE events SET detail = replace(detail, 'ana', 'eve') WHERE kind = 'noted'", True),
        ("DELETE FROM events WHERE seq = 3", True),
        ("UPDATE events SET seq = 1000003 - seq WHERE seq IN (2, 1000001); UPDATE events SET seq = seq - 0 WHERE seq > 0", True),
        ("UPDATE events SET detail = (SELECT detail FROM events e WHERE e.seq = 4), kind = (SELECT kind FROM events e WHERE e.seq = 4) WHERE seq = 3", True),
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", True),
        ("DELETE FROM events WHERE seq > 4; UPDATE chain_head SET seq = 4, hash = (SELECT hash FROM events WHERE seq = 4)", True),
        ("UPDATE desk_notes SET who = who", False),
    ],
    ids=["changed", "removed", "renumbered", "copied over", "last removed", "tail cut and head set back", "nothing"],
)
def test_the_audit_shows_what_was_done_to_the_trail(tamper: str, found: bool, judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = copy_of(judged, tmp_path / "home")
    office = office_at(home)
    deeds.noted(office, Deed("ana", letter_in(office, GOOD), 0, "t"), "a note")
    office.close()
    assert main(["audit", "--home", str(home), "--out", str(tmp_path / "trail.jsonl")]) == 0
    shutil.copy(home / witness.NAME, tmp_path / "heads.jsonl")
    with sqlite3.connect(home / "ledger.sqlite") as raw:
        raw.executescript(tamper)
    raw.close()
    capsys.readouterr()
    assert main(["audit", "--home", str(home)]) == (6 if found else 0)
    (home / witness.NAME).unlink()
    for kept in ("trail.jsonl", "heads.jsonl"):
        assert main(["audit", "--home", str(home), "--against", str(tmp_path / kept)]) == (6 if found else 0)
    assert ("event" in capsys.readouterr().err) == found


def test_a_trail_made_anew_from_the_beginning_shows_by_its_old_head(judged: Path, tmp_path: Path) -> None:
    home = copy_of(judged, tmp_path / "home")
    heads = tmp_path / "heads.jsonl"
    ledger = Ledger(f"sqlite:///{home / 'ledger.sqlite'}")
    seq, digest = ledger.head()
    heads.write_text(json.dumps({"seq": seq, "hash": digest}) + "\n")
    with ledger.writing() as c:
        c.execute(tables.events.delete())
        c.execute(tables.chain_head.delete())
    for number in range(seq + 2):
        ledger.note("2026-06-30T08:00:00", "abc", "noted", {"number": number})
    ledger.verify_chain()
    ledger.close()
    assert main(["audit", "--home", str(home)]) == 0
    (home / witness.NAME).unlink()
    assert main(["audit", "--home", str(home), "--against", str(heads)]) == 6
