"""CSV files and the workbook: nothing in a letter becomes a formula, and people find what they need."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.review.publish import publish
from pipeline.review.queues import NAMES
from pipeline.review.spreadsheet import CELL_LIMIT, COLUMNS, csv_of, load_of, workbook_of
from tests.review.letters import AS_OF, bad_file, case

TITLES = [column.title for column in COLUMNS]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("why", "in_csv"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("  =1", "'=1"),
        ("\tplain", "'plain"),
        ("a = b", "a = b"),
        ("ok\r\nnext\nline", "ok next line"),
        ("bell\x07 and\x00 zero", "bell and zero"),
        ("Zoë, “quoted”", "Zoë, “quoted”"),
        ("", ""),
    ],
)
def test_nothing_that_looks_like_a_formula_is_one(why: str, in_csv: str) -> None:
    one = case(why=why)
    assert csv_rows(csv_of([one]))[0]["why"] == in_csv
    sheet = load_workbook(io.BytesIO(workbook_of([one], AS_OF)))["examine"]
    cell = sheet.cell(2, TITLES.index("why") + 1)
    assert cell.data_type in ("s", "n") and (cell.value or "") == in_csv.removeprefix("'")


def test_a_cell_holds_no_more_than_excel_allows() -> None:
    one = case(why="x" * (CELL_LIMIT + 1))
    assert len(csv_rows(csv_of([one]))[0]["why"]) == CELL_LIMIT
    sheet = load_workbook(io.BytesIO(workbook_of([one], AS_OF)))["examine"]
    assert len(sheet.cell(2, TITLES.index("why") + 1).value) == CELL_LIMIT


def test_a_row_tells_what_a_reviewer_asks_for() -> None:
    row = csv_rows(csv_of([case()]))[0]
    assert row["patient"] == "Ana Ortiz"
    assert (row["member"], row["claims"], row["plan"], row["letter date"]) == ("M-1", "C-1", "P-1", "2026-04-02")
    assert row["diagnoses"] == "plantar fasciitis [M72.2]"
    assert row["items"] == "custom orthotics (quantity: 2, duration: lifetime, cost: $420.50)"
    assert row["finding codes"] == "LETTER_AFTER_PURCHASE"
    assert (row["priority"], row["due"], row["pages"], row["received"]) == ("2", "2026-07-30", "1", "2026-06-29")


def test_every_queue_has_its_file_and_its_sheet_even_when_empty(tmp_path: Path) -> None:
    publish([case(), bad_file()], tmp_path, tmp_path, AS_OF)
    for name in NAMES:
        content = (tmp_path / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
        assert content.decode("utf-8-sig").splitlines()[0].split(",") == TITLES
    book = load_workbook(tmp_path / "queues.xlsx")
    assert book.sheetnames == ["summary", *NAMES]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")


def test_dates_are_dates_and_the_summary_counts() -> None:
    late = case("mail/late.pdf", due=dt.date(2026, 6, 1))
    book = load_workbook(io.BytesIO(workbook_of([case(), late, bad_file()], AS_OF)))
    due = book["examine"].cell(2, TITLES.index("due") + 1)
    assert due.is_date and due.value == dt.datetime(2026, 6, 1)
    summary = {row[0]: row[2:] for row in book["summary"].iter_rows(values_only=True)}
    received = dt.datetime(2026, 6, 29)
    assert summary["examine"] == (2, received, dt.datetime(2026, 6, 1), 1)
    assert summary["decide"] == (0, None, None, 0)
    assert summary["all"][0] == 3
    assert load_of([late], dt.date(2026, 6, 1)).late == 0, "due today is not late"


def test_most_pressing_first() -> None:
    cases = [
        case("mail/d.pdf", due=None),
        case("mail/c.pdf", due=dt.date(2026, 7, 2)),
        case("mail/b.pdf", priority=1, due=dt.date(2026, 9, 1)),
        case("mail/a.pdf", due=dt.date(2026, 7, 3)),
    ]
    assert [row["file"][5] for row in csv_rows(csv_of(cases))] == ["b", "c", "a", "d"]


def test_wrapped_text_is_seen_whole_on_the_screen_and_on_paper() -> None:
    """LibreOffice shows rows as high as the file says; without a height, wrapped text lay over the next row."""
    short, long = case(why="Short."), case("mail/long.pdf", why="The letter does not agree with the record. " * 9)
    sheet = load_workbook(io.BytesIO(workbook_of([short, long], AS_OF)))["examine"]
    high = {sheet.cell(n, TITLES.index("why") + 1).value[:5]: sheet.row_dimensions[n].height for n in (2, 3)}
    assert high["The l"] >= 8 * 15.0 > 5 * 15.0 >= high["Short"] >= 15.0
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToWidth == 1 and sheet.print_title_rows == "$1:$1"
