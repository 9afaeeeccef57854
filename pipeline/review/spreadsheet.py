"""The queues for people who work in a spreadsheet: one CSV per queue and one workbook with a sheet per queue.

Belongs here: columns, cell safety, the look of a sheet. Does not belong here: what a letter says or where it goes.

CSV files start with a byte order mark, because without one Excel shows accented names wrongly; other readers know it
as `utf-8-sig`. A text that a spreadsheet would take for a formula gets an apostrophe before it in CSV; in the workbook
it is stored as text. The same cases give the same bytes.
"""

import csv
import datetime as dt
import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Case, Letter
from pipeline.review.queues import LADDER
from pipeline.review.record import problems_of, received_on, text_of
from pipeline.review.wording import item_facts

_BOLD = Font(name="Calibri", size=11, bold=True)
_LINE = 15.0
"""Height of a line of 11 point Calibri, in points."""
_TALLEST = 409.0
"""A row is no taller (Excel's specification, "Row height")."""
CELL_LIMIT = 32_767
"""Characters that one cell holds (Excel's specification, "Total number of characters that a cell can contain")."""

Value = str | int | dt.date | None


class Column(NamedTuple):
    """A heading, what stands below it, and its width in characters."""

    title: str
    of: Callable[[Case], Value]
    width: int


def date_of(case: Case, name: str) -> dt.date | None:
    """The accepted value of a date field as a date, or None."""
    try:
        return dt.date.fromisoformat(text_of(case, name))
    except ValueError:
        return None


def program_of(case: Case) -> str:
    """The program that the letter names, or ''."""
    return text_of(case, "recipient.program")


def diagnosis_texts(letter: Letter | None) -> list[str]:
    """Each diagnosis with the code it was written with: 'chronic low back pain [M54.50]'."""
    return [f"{d.text} [{d.icd10}]" if d.icd10 else d.text for d in letter.diagnoses] if letter else []


def item_texts(letter: Letter | None) -> list[str]:
    """Each item with its stated details: 'custom orthotics (code: L3020, quantity: 2)'."""
    texts = []
    for item in letter.items if letter else ():
        facts = ", ".join(f"{name}: {value}" for name, value in item_facts(item))
        texts.append(f"{item.text} ({facts})" if facts else item.text)
    return texts


def _match(case: Case, name: str) -> str:
    return (getattr(case.item.match, name) if case.item.match else None) or ""


COLUMNS = (
    Column("file", lambda c: c.receipt.file, 30),
    Column("letter_id", lambda c: c.item.letter_id, 20),
    Column("patient", lambda c: text_of(c, "patient.name"), 22),
    Column("member", lambda c: _match(c, "member_id"), 14),
    Column("claims", lambda c: "; ".join(c.item.match.claims) if c.item.match else "", 16),
    Column("plan", lambda c: _match(c, "plan_id"), 14),
    Column("program", program_of, 12),
    Column("letter date", lambda c: date_of(c, "letter_date"), 12),
    Column("diagnoses", lambda c: "; ".join(diagnosis_texts(c.letter)), 36),
    Column("items", lambda c: "; ".join(item_texts(c.letter)), 40),
    Column("finding codes", lambda c: "; ".join(f.code for f in c.item.findings), 26),
    Column("findings", lambda c: " ".join(f.says for f in c.item.findings), 60),
    Column("priority", lambda c: c.item.priority, 10),
    Column("due", lambda c: c.item.due, 12),
    Column("why", lambda c: c.item.why, 50),
    Column("problems", lambda c: " ".join(p.says for p in problems_of(c)), 40),
    Column("pages", lambda c: ", ".join(map(str, c.pages)), 8),
    Column("received", received_on, 12),
)


class Load(NamedTuple):
    """How much lies in a queue: letters, oldest receipt, earliest due day, how many are past their due day."""

    letters: int
    oldest: dt.date | None
    due: dt.date | None
    late: int


def load_of(cases: Sequence[Case], as_of: dt.date) -> Load:
    """The load of a queue."""
    received = [day for case in cases if (day := received_on(case))]
    due = [case.item.due for case in cases if case.item.due]
    return Load(len(cases), min(received, default=None), min(due, default=None), sum(day < as_of for day in due))


def in_work_order(cases: Iterable[Case]) -> list[Case]:
    """Most pressing first: by priority, due date (none last), file and pages."""
    return sorted(cases, key=lambda c: (c.item.priority, c.item.due or dt.date.max, c.receipt.file, c.pages))


def csv_of(cases: Iterable[Case]) -> bytes:
    """One queue as CSV (RFC 4180, UTF-8 with byte order mark), most pressing first; a header even when empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in COLUMNS])
    for case in in_work_order(cases):
        writer.writerow([harmless(column.of(case)) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _flat(text: str) -> str:
    """One line, without control characters, of a length that a cell holds."""
    return " ".join(ILLEGAL_CHARACTERS_RE.sub("", text).split())[:CELL_LIMIT]


def harmless(value: Value) -> str:
    if value is None or isinstance(value, int | dt.date):
        return "" if value is None else str(value)
    risky = value.startswith(("\t", "\r"))
    text = _flat(value)
    return f"'{text}"[:CELL_LIMIT] if risky or text.startswith(("=", "+", "-", "@")) else text


def workbook_of(cases: Sequence[Case], as_of: dt.date) -> bytes:
    """queues.xlsx: a sheet 'summary', then one sheet per queue in ladder order."""
    book = Workbook()
    book.properties.creator = "lmn"
    _summary(book.worksheets[0], cases, as_of)
    for queue in LADDER:
        _queue_sheet(book.create_sheet(queue.name), [c for c in cases if c.item.queue == queue.name])
    raw = io.BytesIO()
    book.save(raw)
    return _undated(raw.getvalue(), as_of)


def _undated(raw: bytes, as_of: dt.date) -> bytes:
    """The same workbook with every clock reading inside it set to `as_of`."""
    out = io.BytesIO()
    stamp = f"{as_of.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", stamp, content)
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _summary(sheet: Worksheet, cases: Sequence[Case], as_of: dt.date) -> None:
    sheet.title = "summary"
    rows: list[list[Value]] = []
    for queue in LADDER:
        own = [c for c in cases if c.item.queue == queue.name]
        rows.append([queue.name, queue.meaning, *load_of(own, as_of)])
    rows.append(["all", f"As of {as_of.isoformat()}", *load_of(cases, as_of)])
    titles = ("queue", "what it means", "letters", "oldest received", "earliest due", "late")
    _fill(sheet, titles, rows, (16, 64, 10, 17, 14, 8))
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD


def _queue_sheet(sheet: Worksheet, cases: Sequence[Case]) -> None:
    rows = [[column.of(case) for column in COLUMNS] for case in in_work_order(cases)]
    _fill(sheet, [c.title for c in COLUMNS], rows, [c.width for c in COLUMNS])


def _fill(sheet: Worksheet, titles: Sequence[str], rows: Sequence[Sequence[Value]], widths: Sequence[int]) -> None:
    for across, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        _write(sheet, 1, across, title)
        head = sheet.cell(1, across)
        head.font, head.fill = _BOLD, PatternFill("solid", fgColor="E7ECF1")
        sheet.column_dimensions[get_column_letter(across)].width = width
    for down, row in enumerate(rows, start=2):
        for across, value in enumerate(row, start=1):
            _write(sheet, down, across, value)
    for down, cells in enumerate((titles, *rows), start=1):
        sheet.row_dimensions[down].height = _height(cells, widths)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{max(1, len(rows) + 1)}"
    _printable(sheet)


def _height(cells: Sequence[Value], widths: Sequence[int]) -> float:
    """Points that the wrapped text of a row needs. It is said in the file, because not every program works it out."""
    lines = (len(textwrap.wrap(_flat(v), max(4, round(width * 1.05)))) if isinstance(v, str) else 1 for v, width in zip(cells, widths, strict=True))
    return min(_TALLEST, _LINE * max(1, *lines))


def _printable(sheet: Worksheet) -> None:
    """On paper: US letter lying, all columns on one page, the heading on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_LETTER
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _write(sheet: Worksheet, down: int, across: int, value: Value) -> None:
    """Dates and numbers as such; every text as a text, whatever it begins with."""
    content = _flat(value) or None if isinstance(value, str) else value
    cell = sheet.cell(down, across, content)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(content, str):
        cell.data_type = "s"
        cell.quotePrefix = content.startswith(("=", "+", "-", "@"))
    elif isinstance(content, dt.date):
        cell.number_format = "yyyy-mm-dd"
