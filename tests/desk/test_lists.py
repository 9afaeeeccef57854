"""The list beside the browser: found, counted, walked, exported; files put into the inbox; what the commands tell."""

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.desk import deeds, files, lists, records
from pipeline.desk.deeds import RefusedError
from pipeline.desk.office import Office
from pipeline.ledger import Ledger, work
from pipeline.ledger.desk_tables import releases
from pipeline.ledger.work import Wanted
from pipeline.process import run_all
from tests.desk.bench import DAY, GOOD, letter_in
from tests.desk.hands import deed, rows_of
from tests.homes import settings_at


def test_letters_are_found_by_claim_member_provider_and_name(office: Office) -> None:
    row = office.find(letter_in(office, GOOD))
    for q in (row.claims.split(",")[0], row.member_id, row.provider.split()[-1], row.patient.split()[0][:4], row.letter_id):
        with office.ledger.reading() as c:
            found = work.listed(c, lists.wanted_of({"q": q}, "ana"), 50)
        assert row.letter_id in [r.letter_id for r in found], q


def test_the_list_is_counted_as_it_is_shown(office: Office) -> None:
    loads = office.counts().queues
    for queue, load in loads.items():
        with office.ledger.reading() as c:
            assert work.number(c, Wanted(queue=queue)) == load.letters == len(work.listed(c, Wanted(queue=queue), 999))
    assert {r.item.letter_id for r in office.ledger.cases()} == {r.letter_id for r in rows_of(office)}


def test_letters_are_walked_in_the_order_of_the_list(office: Office) -> None:
    for order in work.ORDERS:
        wanted = Wanted(state="any", order=order)
        with office.ledger.reading() as c:
            ids = [r.letter_id for r in work.listed(c, wanted, 99)]
            walked = [tuple(work.beside(c, wanted, office.find(i), side) for side in (-1, 1)) for i in ids]
        assert walked == list(zip([None, *ids], [*ids[1:], None], strict=False)), order


def test_no_cell_of_a_list_is_a_formula_or_breaks_a_workbook(office: Office) -> None:
    for bad in ("=1+1", " =1+1", "+1", "-1", "@x", "\t=1", "\r=1"):
        assert str(lists.safe_cell(bad)).startswith("'"), bad
    assert lists.safe_cell("a\x00b\x1fc") == "a b c" and lists.safe_cell(-5.0) == -5.0 and lists.safe_cell("") == ""


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
