"""Claim tables: what is read, and what is said of each fault."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.errors import ClaimsMalformed, ClaimsUnavailable
from pipeline.records import faults, load_records
from pipeline.records.soundness import Fault, cell_fault, shape, to_day, to_number
from pipeline.records.tables import COLUMNS, OPTIONAL

TODAY = dt.date(2026, 6, 30)
GOOD: dict[str, list[dict[str, str]]] = {
    "members": [{"member_id": "A-1", "name": "Ana Ruiz", "dob": "1980-02-03", "relationship": "self", "account_holder_id": "A-1", "plan_id": "P"}],
    "claims": [{"claim_id": "C-1", "member_id": "A-1", "plan_id": "P", "program": "fsa", "status": "pended", "received_date": "4/2/2026",
                "service_date": "2026-03-24", "item_description": "Massage, 60 min", "category": "massage_therapy", "code": "97124",
                "amount": "1,095.00", "merchant": "", "diagnosis_code": "m54.2", "denial_reason": ""}],
    "history": [{"member_id": "A-1", "date": "2026-01-22", "icd10": "M54.2", "description": "Cervicalgia", "provider_name": "X", "provider_npi": ""}],
    "plans": [{"plan_id": "P", "name": "Plan", "program": "fsa", "plan_year_start": "2026-01-01", "plan_year_end": "2026-12-31", "grace_end": "",
               "runout_end": "", "letter_valid_months": "12", "retroactive_days": "0", "accepted_credentials": "MD|DO", "history_required": "0"}],
}  # fmt: skip


def write(folder: Path, changes: dict[tuple[str, str], str] | None = None, **extra: list[dict[str, str]]) -> str:
    """Writes the good tables with cells changed: (table, column) to the value in the first row."""
    for name, rows in GOOD.items():
        made = [{**row} for row in (*rows, *extra.get(name, []))]
        for (table, column), value in (changes or {}).items():
            if table == name:
                made[0][column] = value
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(made[0]))
            writer.writeheader()
            writer.writerows(made)
    return str(folder)


def test_rows_are_read(tmp_path: Path) -> None:
    records = load_records(write(tmp_path), TODAY)
    claim = records.claims["C-1"]
    assert (claim.received_date, claim.service_date, claim.amount, claim.diagnosis_code) == (dt.date(2026, 4, 2), dt.date(2026, 3, 24), 1095.0, "M54.2")
    assert records.plans["P"].accepted_credentials == ("MD", "DO")
    assert records.plans["P"].grace_end is None
    assert records.history["A-1"][0].icd10 == "M54.2"
    assert records.claims_of["A-1"] == ("C-1",)


@pytest.mark.parametrize(
    ("cell", "value", "says"),
    [
        (("members", "dob"), "03-14-80x", "members.csv, row 2, column dob: 2 digits-2 digits-2 digits1 letter where a date is due"),
        (("members", "dob"), "unknown", "text of 7 characters where a date is due"),
        (("members", "dob"), "2031-01-01", "the birth date lies in the future"),
        (("members", "dob"), "1980-02-30", "column dob: 4 digits-2 digits-2 digits where a date is due"),
        (("members", "dob"), "29254", "5 digits, a spreadsheet's day number, where a date is due"),
        (("claims", "service_date"), "3/14/26", "a year without its century"),
        (("claims", "claim_id"), "4.40012E+11", "claims.csv, row 2, column claim_id: a number that a spreadsheet has rounded"),
        (("members", "relationship"), "sibling", "text of 7 characters where one of self, spouse, dependent is due"),
        (("members", "plan_id"), "Q-77", "members.csv, row 2, column plan_id: plans has no plan of this id"),
        (("members", "name"), "", "members.csv, row 2, column name: the cell is empty"),
        (("claims", "status"), "open", "text of 4 characters where one of pended, prior_auth, denied, approved, paid, closed is due"),
        (("claims", "program"), "ppo", "column program: text of 3 characters"),
        (("claims", "amount"), "12.5.0", "where a number is due"),
        (("claims", "amount"), "95 USD", "where a number is due"),
        (("claims", "service_date"), "2026-13-01", "claims.csv, row 2, column service_date"),
        (("plans", "plan_year_end"), "2025-12-31", "the plan year ends before it begins"),
        (("plans", "history_required"), "maybe", "one of 0, 1 is due"),
        (("plans", "letter_valid_months"), "-3", "column letter_valid_months: -1 digit where a whole number from 0 is due"),
        (("plans", "letter_valid_months"), "12.5", "a whole number from 0"),
        (("plans", "retroactive_days"), "ten", "where a number is due; write it like 12"),
        (("plans", "letter_valid_months"), "", "plans.csv, row 2, column letter_valid_months: the cell is empty"),
    ],
)
def test_a_fault_names_file_row_column_and_shape(tmp_path: Path, cell: tuple[str, str], value: str, says: str) -> None:
    with pytest.raises(ClaimsMalformed) as caught:
        load_records(write(tmp_path, {cell: value}), TODAY)
    assert says in str(caught.value)
    assert caught.value.exit == 5


@pytest.mark.parametrize("value", ["Ana Ruiz-Lopez", "A-20417", "seventh May"])
def test_a_fault_never_repeats_the_value(tmp_path: Path, value: str) -> None:
    found = faults(write(tmp_path, {("members", "dob"): value, ("members", "relationship"): value}), TODAY)
    assert len(found) == 2
    assert all(word not in str(fault) for fault in found for word in value.split())


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    again = {**GOOD["claims"][0], "amount": "free"}
    source = write(tmp_path, {("members", "dob"): "soon"}, claims=[again])
    (tmp_path / "history.csv").unlink()
    told = [str(fault) for fault in faults(source, TODAY)]
    assert [t.partition(":")[0] for t in told] == ["members.csv, row 2, column dob", "claims.csv, row 3, column amount", "claims.csv, row 3, column claim_id", "history.csv"]


def test_rows_are_counted_as_lines_of_the_file(tmp_path: Path) -> None:
    later = {**GOOD["claims"][0], "claim_id": "C-2", "amount": "free"}
    source = write(tmp_path, {("claims", "item_description"): "two\nlines"}, claims=[later])
    assert [f.row for f in faults(source, TODAY)] == [4]


@pytest.mark.parametrize("name", ["claims", "history", "members"])
def test_a_table_may_have_no_rows(tmp_path: Path, name: str) -> None:
    source = write(tmp_path)
    (tmp_path / f"{name}.csv").write_text(",".join(COLUMNS[name]) + "\n", encoding="utf-8")
    records = load_records(source, TODAY)
    assert (len(records.members), len(records.claims), len(records.history)) == tuple(int(n != name) for n in ("members", "claims", "history"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper().split("\n", 1)[0] + "\n" + text.split("\n", 1)[1],
        lambda text: "\ufeff" + text.replace("member_id", " Member ID ", 1),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\n", "\n\n,,,\n", 1),
        lambda text: text.replace("1980-02-03", "19800203"),
        lambda text: text.replace("1980-02-03", " 03-Feb-1980 "),
        lambda text: text.replace("1980-02-03", "2/3/1980 12:00:00 AM"),
        lambda text: text.replace("Ana Ruiz", '"Ana Ruiz"'),
    ],
)
def test_what_spreadsheets_do_to_a_table_changes_nothing(tmp_path: Path, change: Callable[[str], str]) -> None:
    snapshot = load_records(write(tmp_path), TODAY).snapshot
    path = tmp_path / "members.csv"
    path.write_bytes(change(path.read_bytes().decode()).encode())
    assert load_records(str(tmp_path), TODAY).snapshot == snapshot


def test_a_short_row_is_filled_up(tmp_path: Path) -> None:
    source = write(tmp_path)
    path = tmp_path / "history.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",Cervicalgia,X,", ",Cervicalgia"), encoding="utf-8")
    assert load_records(source, TODAY).history["A-1"][0].provider_name == ""


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_missing_column_is_a_fault(tmp_path: Path, name: str) -> None:
    source = write(tmp_path)
    path = tmp_path / f"{name}.csv"
    last = [c for c in COLUMNS[name] if c not in OPTIONAL][-1]
    path.write_text(path.read_text(encoding="utf-8").replace(last, "renamed", 1), encoding="utf-8")
    assert f"{name}.csv, row 1, column {last}: the column is missing" in str(faults(source, TODAY)[0])


def test_extra_columns_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    source = write(tmp_path)
    path = tmp_path / "plans.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\ufeff" + "\n".join([lines[0] + ",note", lines[1] + ",anything"]), encoding="utf-8")
    assert load_records(source, TODAY).plans["P"].name == "Plan"


def test_bytes_that_are_no_utf8_are_a_fault(tmp_path: Path) -> None:
    source = write(tmp_path)
    (tmp_path / "members.csv").write_bytes("member_id,name\nA-1,Zoé".encode("cp1252"))
    assert "members.csv: the file is not UTF-8 text" in str(faults(source, TODAY)[0])


def test_an_unclosed_quote_is_a_fault(tmp_path: Path) -> None:
    source = write(tmp_path)
    (tmp_path / "history.csv").write_text(",".join(COLUMNS["history"]) + '\nA-1,2026-01-01,M54.2,"open\n' + "x" * 140_000, encoding="utf-8")
    assert "is no CSV" in str(faults(source, TODAY)[0])


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ClaimsUnavailable) as caught:
        load_records(str(tmp_path / "nowhere"), TODAY)
    assert caught.value.exit == 4


def test_parquet_reads_like_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    by_csv = load_records(write(tmp_path), TODAY)
    row = {**GOOD["members"][0], "dob": dt.date(1980, 2, 3)}
    (tmp_path / "members.csv").unlink()
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "members.parquet")
    assert load_records(str(tmp_path), TODAY).snapshot == by_csv.snapshot


def test_a_database_reads_like_csv(tmp_path: Path) -> None:
    import sqlalchemy as sa

    by_csv = load_records(write(tmp_path), TODAY)
    url = f"sqlite:///{tmp_path / 'claims.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for name, rows in GOOD.items():
            connection.execute(sa.text(f"CREATE TABLE {name} ({', '.join(f'{c} TEXT' for c in rows[0])})"))
            connection.execute(sa.text(f"INSERT INTO {name} VALUES ({', '.join(':' + c for c in rows[0])})"), rows)
    engine.dispose()
    assert load_records(url, TODAY).snapshot == by_csv.snapshot


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "nosuchdb://user:secret@host/x"])
def test_an_unreachable_database_is_unavailable_and_keeps_its_password(url: str) -> None:
    with pytest.raises(ClaimsUnavailable) as caught:
        load_records(url, TODAY)
    assert "secret" not in str(caught.value)


def test_a_check_of_a_faulty_database_keeps_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("pipeline.records.faults", lambda source, day: [Fault("claims", 2, "status", "so")])
    assert main(["check", "--home", str(tmp_path), "--claims", "postgresql://clerk:secret@localhost/records"]) == 5
    told = capsys.readouterr().out
    assert "claims, row 2, column status: so." in told and "secret" not in told and "clerk" not in told


def test_a_database_file_that_is_not_there_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ClaimsUnavailable, match="no database file"):
        load_records(f"sqlite:///{tmp_path / 'typo.db'}", TODAY)
    assert not (tmp_path / "typo.db").exists()


def test_a_database_without_a_table_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(ClaimsMalformed, match="no table or view"):
        load_records(f"sqlite:///{tmp_path / 'empty.db'}", TODAY)


def test_the_snapshot_follows_content_and_not_order(tmp_path: Path) -> None:
    second = {**GOOD["history"][0], "date": "2025-01-01"}
    one = load_records(write(tmp_path, history=[second]), TODAY)
    rows = (tmp_path / "history.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "history.csv").write_text("\n".join([rows[0], rows[2], rows[1]]), encoding="utf-8")
    assert load_records(str(tmp_path), TODAY).snapshot == one.snapshot
    write(tmp_path, {("history", "icd10"): "M54.3"}, history=[second])
    assert load_records(str(tmp_path), TODAY).snapshot != one.snapshot


@pytest.mark.parametrize(
    ("value", "day"),
    [("2026-03-14", (2026, 3, 14)), ("3/4/2026", (2026, 3, 4)), ("2026/3/14", (2026, 3, 14)), ("2026/14/3", None), ("2026-03-14T00:00:00", (2026, 3, 14)), ("2026-03-14 00:00:00", (2026, 3, 14)),
     ("14.3.2026", None), ("3/14/26", None), ("2026-02-29", None), ("2026-03-14 noon", None), ("", None)],
)  # fmt: skip
def test_dates(value: str, day: tuple[int, int, int] | None) -> None:
    assert to_day(value) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(("value", "number"), [("95", 95.0), ("$1,200.50", 1200.5), ("1,2000", None), ("-3", -3.0), (".50", 0.5), ("95.", 95.0), (".", None), ("", None), ("nan", None), ("1e5", None)])
def test_numbers(value: str, number: float | None) -> None:
    assert to_number(value) == number


def test_shapes_and_empty_cells() -> None:
    assert shape("03/14/198") == "2 digits/2 digits/3 digits"
    assert cell_fault("members", "dob", "") is None
    assert cell_fault("claims", "service_date", "") is None
