"""The index of the records between runs: made once, found again, made anew when the tables change."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.errors import ClaimsMalformed
from pipeline.records import load_records, open_records
from tests.records.test_load_records import GOOD, TODAY, write

AGAIN = {**GOOD["members"][0], "member_id": "A-2", "name": "Ana Ruiz", "dob": "2026-05-01"}


def _never(*_: object) -> None:
    raise AssertionError("the tables were read again")


def test_unchanged_tables_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path)
    first = load_records(source, TODAY, tmp_path / "home")
    monkeypatch.setattr("pipeline.records.read_tables", _never)
    again = load_records(source, TODAY, tmp_path / "home")
    assert (again.snapshot, again.claims["C-1"], again.members["A-1"]) == (first.snapshot, first.claims["C-1"], first.members["A-1"])
    known = open_records(tmp_path / "home", first.snapshot)
    assert known is not None and known.history["A-1"] == first.history["A-1"]


def test_changed_tables_are_read_and_the_oldest_index_goes(tmp_path: Path) -> None:
    source, home = write(tmp_path), tmp_path / "home"
    seen = [load_records(source, TODAY, home).snapshot]
    for amount in ("1.00", "2.00"):
        write(tmp_path, {("claims", "amount"): amount})
        seen.append(load_records(source, TODAY, home).snapshot)
    assert len(set(seen)) == 3
    assert open_records(home, seen[0]) is None
    assert open_records(home, seen[2]) is not None


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    source, home = write(tmp_path), tmp_path / "home"
    snapshot = load_records(source, TODAY, home).snapshot
    next(home.glob("*/claims.arrow")).write_bytes(b"cut off")
    assert open_records(home, snapshot) is None
    assert load_records(source, TODAY, home).claims["C-1"].amount == 1095.0


def test_a_birth_date_is_held_against_the_day_though_the_index_stands(tmp_path: Path) -> None:
    source = write(tmp_path, members=[AGAIN])
    load_records(source, TODAY, tmp_path / "home")
    with pytest.raises(ClaimsMalformed, match="lies in the future"):
        load_records(source, dt.date(2026, 4, 1), tmp_path / "home")
