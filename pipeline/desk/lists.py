"""The worklist: what waits, most pressing first; filters, search, saved views, and the same list for a spreadsheet.

Belongs here: turning an address into what is wanted and rows into cells. Does not belong here: the database's
questions (ledger/work.py).
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from starlette.responses import RedirectResponse, Response

from pipeline.codes.fold import plain
from pipeline.desk import phrases
from pipeline.desk.call import WORKERS, Call
from pipeline.desk.office import Office
from pipeline.desk.people import colleagues
from pipeline.ledger import counts, work
from pipeline.ledger.desk_tables import views
from pipeline.ledger.work import ORDERS, Wanted, WorkRow
from pipeline.review import wording
from pipeline.review.queues import TITLES

PAGE = 60
_COUNTED = 2_000
"""Letters that fit are counted so far, when a list is filtered: more than that nobody reads."""
_MOST = 50_000
FORMULA = tuple("=+-@\t\r")
FILTERS = ("queue", "state", "program", "plan", "channel", "finding", "who", "q", "order")
COLUMNS = ("letter_id", "queue", "state", "due", "patient", "member_id", "claims", "plan_id", "program", "about", "provider", "practice",
           "codes", "amount", "received", "channel", "assigned", "file")  # fmt: skip


def wanted_of(given: Mapping[str, str], me: str) -> Wanted:
    """What an address asks for; `who=me` is one's own, `who=nobody` what nobody has taken."""
    who = given.get("who", "")
    assigned = {"": None, "me": me, "nobody": ""}.get(who, who)
    order = given.get("order", "")
    words = tuple(w for w in plain(given.get("q", "")).split() if w)
    return Wanted(
        queue=given.get("queue", ""), state=given.get("state", "") or "todo", program=given.get("program", ""), plan=given.get("plan", ""),
        channel=given.get("channel", ""), finding=given.get("finding", ""), assigned=assigned, words=_joined(given.get("q", ""), words),
        order=order if order in ORDERS else "press",
    )  # fmt: skip


def _joined(raw: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """An id such as LB-700112 is one word however it is written; names are several."""
    if any(ch.isdigit() for ch in raw) and len(raw.split()) == 1:
        return ("".join(words),) if words else ()
    return words


def query_of(given: Mapping[str, str]) -> str:
    """The filters of an address as a query, in one order."""
    return urlencode({k: given[k] for k in FILTERS if given.get(k)})


def worklist(call: Call) -> Response:
    """The list with its filters."""
    office, given = call.office, dict(call.request.query_params)
    wanted = wanted_of(given, call.who.user.name)
    office.looks_at(call.who.user.name, "")
    with office.ledger.reading() as c:
        wanted = work.told_apart(c, wanted)
        rows, earlier, later = leaf(c, wanted, given.get("after", ""), given.get("before", ""))
        mine, fit = work.number(c, Wanted(assigned=call.who.user.name), _COUNTED), _fitting(c, office, wanted)
        saved = c.execute(sa.select(views.c.name, views.c.query).where(views.c.user == call.who.user.name).order_by(views.c.name)).all()
    held, able = office.counts(), colleagues(office)
    return call.page(
        "list.html", rows=[shown(r, office) for r in rows], earlier=earlier, later=later, given={k: given.get(k, "") for k in FILTERS},
        query=query_of(given), counts=held, mine=mine, saved=saved, choices=choices(office), wanted=wanted, orders=ORDERS, fit=fit,
        colleagues=able, holders=sorted({*able, *held.people}), may=call.who.may(*WORKERS), leads=call.who.may("lead", "administrator"),
    )  # fmt: skip


def leaf(c: sa.Connection, wanted: Wanted, after: str, before: str) -> tuple[list[WorkRow], str, str]:
    """A page of the list, which begins after a letter or ends before one, and the ids from which the page before and the
    page behind it are asked for ('' for none). A letter that is no more leads to the first page."""
    beside = work.find(c, after or before) if after or before else None
    side = -1 if before and beside is not None else 1
    rows = work.listed(c, wanted, PAGE + 1, beside, side)
    more, rows = len(rows) > PAGE, rows[:PAGE] if side > 0 else rows[-PAGE:]
    if not rows:
        return [], "", ""
    earlier = more if side < 0 else beside is not None
    later = True if side < 0 else more
    return rows, rows[0].letter_id if earlier else "", rows[-1].letter_id if later else ""


def _fitting(c: sa.Connection, office: Office, wanted: Wanted) -> str:
    """How many letters fit, as the list says it: counted to the end where the count of a queue or a state tells it, else
    so far."""
    if wanted == Wanted(queue=wanted.queue, order=wanted.order):
        return f"{sum(load.letters for name, load in office.counts().queues.items() if wanted.queue in ('', name)):,}"
    if wanted == Wanted(state=wanted.state, order=wanted.order) and wanted.state != "any":
        return f"{office.counts().states.get(wanted.state, 0):,}"
    found = work.number(c, wanted, _COUNTED + 1)
    return f"over {_COUNTED:,}" if found > _COUNTED else f"{found:,}"


def shown(row: WorkRow, office: Office) -> SimpleNamespace:
    """A row as the list shows it; an object, since templates find its parts five times sooner than those of a mapping."""
    late = row.due < office.today.isoformat()
    due = None if row.due == work.NO_DAY else row.due
    codes = row.codes.split()
    left = wording.time_left(dt.date.fromisoformat(due), office.today) if due else ""
    return SimpleNamespace(**{**vars(row), "late": late, "left": left, "codes": codes, "queue_title": TITLES[row.queue]})


def choices(office: Office) -> dict[str, list[str]]:
    """What the list can be filtered by, as it was counted last."""
    if getattr(office, "kept_choices", None) is None:
        recount_choices(office)
    found: dict[str, list[str]] = office.kept_choices  # type: ignore[attr-defined]
    return found


def recount_choices(office: Office) -> None:
    """Looks through the list for what it can be filtered by."""
    with office.ledger.reading() as c:
        office.kept_choices = counts.choices(c)  # type: ignore[attr-defined]


def save_view(call: Call) -> Response:
    """Keeps the filters under a name, or drops the view of that name."""
    name, query, me = call.text("name").strip()[:64], call.text("query")[:500], call.who.user.name
    with call.office.ledger.writing() as c:
        c.execute(views.delete().where(views.c.user == me, views.c.name == name))
        if name and not call.text("drop"):
            c.execute(views.insert(), {"user": me, "name": name, "query": query})
    return RedirectResponse(f"/?{query}", 303)


def as_csv(call: Call) -> Response:
    """What is shown, as CSV for a spreadsheet; a text that it would take for a formula is told apart by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(call):
        writer.writerow([safe_cell(shown_cell(row, name)) for name in COLUMNS])
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers={"Content-Disposition": 'attachment; filename="worklist.csv"'})


def as_xlsx(call: Call) -> Response:
    """What is shown, as a workbook: the heading stays in sight, days are days, every text is stored as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Worklist")
    for at, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, 14)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, wording.in_words(name), bold=True) for name in COLUMNS])
    count = 1
    for count, row in enumerate(_rows(call), start=2):  # noqa: B007
        sheet.append([_cell(sheet, _said(row, name)) for name in COLUMNS])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{count}"
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(out.getvalue(), media_type=kind, headers={"Content-Disposition": 'attachment; filename="worklist.xlsx"'})


_WIDTHS = {"letter_id": 22, "patient": 24, "claims": 20, "about": 40, "provider": 24, "practice": 28, "codes": 36, "file": 34}
"""Columns wider than most, in characters."""


def _cell(sheet: Any, value: str | float | dt.datetime, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
    elif isinstance(value, dt.datetime):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(name="Calibri", size=11, bold=True)
    return cell


def _said(row: WorkRow, name: str) -> str | float | dt.datetime:
    """A column's value in people's words; CSV, which programs read, keeps the codes."""
    if name == "codes":
        return ", ".join(wording.in_words(code) for code in row.codes.split())
    value = shown_cell(row, name)
    if name in ("due", "received"):
        return _day(value)
    return TITLES.get(row.queue, row.queue) if name == "queue" else phrases.program(row.program) if name == "program" else value


def _day(value: str | float) -> str | float | dt.datetime:
    """A day as such; an empty cell stays empty."""
    return dt.datetime.fromisoformat(value[:10]) if isinstance(value, str) and value else value


def printable(text: str) -> str:
    """Without characters that no cell can hold."""
    return "".join(ch if ch.isprintable() else " " for ch in text)


def shown_cell(row: WorkRow, name: str) -> str | float:
    """A column's value; no due day is an empty cell."""
    value: str | float = getattr(row, name)
    return "" if value == work.NO_DAY else value


def _rows(call: Call) -> list[WorkRow]:
    wanted = wanted_of(call.request.query_params, call.who.user.name)
    call.office.ledger.note(call.office.now(), "desk", "list_exported", {"who": call.who.user.name})
    with call.office.ledger.reading() as c:
        return work.listed(c, wanted, _MOST)


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula, nor chokes on."""
    text = printable(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.lstrip()[:1] in FORMULA and text.strip() else text
