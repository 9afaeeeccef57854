"""What would be otherwise, and what is on file: told without a change to queues, ledger or store."""

import csv
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.check import load_rules
from pipeline.model import Decision
from pipeline.process import run_all
from pipeline.records import load_records
from pipeline.settings import Settings
from pipeline.site import Site, opened
from pipeline.standing import letters_on_file
from pipeline.whatif import Otherwise, by_rule, judge_otherwise, moves
from tests.check.test_policy import RULES
from tests.homes import CLAIMS, fill, settings_at

DAY = dt.date(2026, 6, 30)
LETTER = "attachment.pdf"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which one letter has come to its queue."""
    home = tmp_path_factory.mktemp("home")
    fill(home, LETTER)
    made = settings_at(home)
    run_all(made, DAY)
    return made


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with opened(settings, DAY, "2026-06-30T09:00:00+00:00") as known:
        yield known


def otherwise(site: Site, **changes: object) -> Otherwise:
    return dataclasses.replace(Otherwise(site.rules, site.records, False, False, DAY), **changes)


def state(settings: Settings) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in settings.home.rglob("*") if p.is_file() and "wal" not in p.name and "shm" not in p.name}


def strict(tmp_path: Path) -> Path:
    """The shipped rules with one more that every letter with a cost or a date breaks."""
    row = "X01,MISSING_ITEM,letter_date < as_of,,blocks,blocks,blocks,blocks,blocks,Dated {letter_date}.,Ask.,test,2020-01-01,,,good,letter_date=\n"
    (tmp_path / "strict.csv").write_text(RULES + row, encoding="utf-8")
    return tmp_path / "strict.csv"


def test_the_same_rules_move_nothing(site: Site) -> None:
    judged = judge_otherwise(site, otherwise(site))
    assert len(judged) == 1
    assert [j.differs for j in judged] == [False]


def test_a_letter_parsed_again_by_the_same_parser_says_the_same(site: Site) -> None:
    assert [(j.differs, j.said) for j in judge_otherwise(site, otherwise(site, parse_again=True))] == [(False, ())]


def test_another_rule_moves_the_letter_and_is_named(site: Site, tmp_path: Path) -> None:
    before = site.ledger.cases()[0].item
    judged = judge_otherwise(site, otherwise(site, rules=load_rules(strict(tmp_path))))
    assert ("MISSING_ITEM", "blocks", "X01") in judged[0].gained
    assert {s.rule: s.gained for s in by_rule(judged)} == {"X01": 1}
    assert judged[0].queue_now == before.queue
    assert site.ledger.cases()[0].item == before


def test_other_records_untie_the_letter(site: Site, tmp_path: Path) -> None:
    for table in ("members", "claims", "history", "plans"):
        lines = (CLAIMS / f"{table}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / f"{table}.csv").write_text("".join(lines[:1] if table in ("members", "claims", "history") else lines), encoding="utf-8")
    records = load_records(str(tmp_path), DAY)
    judged = judge_otherwise(site, otherwise(site, records=records, other_records=True))
    assert (judged[0].queue_then, judged[0].member_then) == ("match", None)
    assert [(m.then, m.letters) for m in moves(judged)] == [("match", 1)]


def test_without_claim_records_it_says_so(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", str(strict(tmp_path)), "--home", str(settings.home), "--as-of", DAY.isoformat()]) == 4
    assert "claim records folder" in capsys.readouterr().err


def test_the_report(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LMN_CLAIMS", str(CLAIMS))
    before, told = state(settings), tmp_path / "moves.csv"
    words = ["--home", str(settings.home), "--as-of", DAY.isoformat()]
    assert main(["whatif", str(strict(tmp_path)), *words, "--csv", str(told)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("1 letter judged;") and "X01" in printed and "on another day" not in printed
    assert main(["whatif", str(strict(tmp_path)), *words[:3], (DAY + dt.timedelta(days=1)).isoformat()]) == 0
    assert "or on another day" in capsys.readouterr().out
    with told.open(encoding="utf-8") as stream:
        assert [row["gained"] for row in csv.DictReader(stream)] == ["MISSING_ITEM"]
    assert main(["replay", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differ"] == []
    assert main(["whatif", *words]) == 2
    assert state(settings) == before


def test_an_approved_letter_goes_on_file(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(settings, DAY, "2026-06-30T09:00:00+00:00") as site:
        row = site.ledger.cases()[0]
        assert letters_on_file(site) == []
        for number, (what, on_file) in enumerate([("proposed", 0), ("approved", 1), ("move", 1), ("undo", 0), ("approved", 1)]):
            decision = Decision(letter_id=row.item.letter_id, who="ann", when=f"2026-06-30T10:0{number}:00", what=what, reason="r")
            site.ledger.decide(decision, row.receipt_id)
            assert len(letters_on_file(site)) == on_file, (number, what)
        known = letters_on_file(site)[0]
        assert known.letter.member_id == (row.item.match.member_id if row.item.match else None)
        assert known.who == "ann"
    monkeypatch.setenv("LMN_CLAIMS", str(CLAIMS))
    assert main(["onfile", "--home", str(settings.home), "--as-of", DAY.isoformat(), "--json"]) == 0
    assert [x["letter_id"] for x in json.loads(capsys.readouterr().out)["letters"]] == [row.item.letter_id]
    with opened(settings, DAY - dt.timedelta(days=1), "2026-06-29T09:00:00+00:00") as earlier:
        assert letters_on_file(earlier) == []
