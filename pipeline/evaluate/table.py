"""An evaluation's figures for a terminal, and its errors for a spreadsheet.

Belongs here: tables and columns. Does not belong here: the figures themselves (report.py).
"""

import csv
import io
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from pipeline.evaluate.judge import LADDER
from pipeline.evaluate.marks import Mark, Report, ratio
from pipeline.evaluate.report import differences, headline

FAULTS = ("near", "wrong", "missed", "invented")
SILENT_GROUPS = ("letter_page", "segment", "item_category", "file")
"""Groups whose faults are told by another group's as well."""


def show(reports: Mapping[str, Report], before: Mapping[str, Report] | None, console: Console) -> None:
    """Prints the figures of 'all' and each condition, then the details of 'all', in per cent."""
    whole = reports["all"]
    tables = [
        ("Accuracy by condition (F1 or rate, %)", _overview(reports)),
        ("Fields, all conditions", _fields(whole)),
        ("Other things, all conditions", _groups(whole)),
        ("Queues: truth down, found across", _confusion(whole)),
        ("Reliability: what was claimed and what held (%)", _reliability(whole)),
        ("Reliability by kind of value (%)", _families(whole)),
        *([("Moved since the earlier report (%)", _moved(reports, before))] if before is not None else []),
    ]
    for title, table in tables:
        console.print(f"\n[bold]{title}[/bold]")
        console.print(table)
    false = whole["queue"]["false_decides"]
    console.print(f"\nSent to be decided but should not: {len(false)}{': ' if false else ''}{', '.join(false)}")


def errors_csv(marks: Sequence[Mark]) -> str:
    """Every fault: condition, file, what it concerns, the verdict, truth, what was found, claimed confidence."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["condition", "file", "group", "name", "verdict", "truth", "found", "confidence"])
    for mark in marks:
        if mark.verdict in FAULTS and mark.group not in SILENT_GROUPS:
            sure = "" if mark.confidence is None else f"{mark.confidence:.3f}"
            row = (mark.condition, mark.file, mark.group, mark.name, mark.verdict, mark.expected, mark.found, sure)
            writer.writerow(row)
    return out.getvalue()


def _percent(value: float | None) -> str:
    return "-" if value is None else "100" if value == 1 else f"{100 * value:.1f}"


def _plain(*columns: str, left: int = 1) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right", no_wrap=True)
    return table


def _overview(reports: Mapping[str, Report]) -> Table:
    """A column per condition, a row per figure: fits a narrow terminal for as many figures as there are."""
    table = _plain("", *reports)
    table.add_row("files", *(str(r["documents"]) for r in reports.values()))
    table.add_row("letters", *(str(r["letters"]) for r in reports.values()))
    heads = {name: headline(report) for name, report in reports.items()}
    for figure in heads["all"]:
        table.add_row(figure, *(_percent(head[figure]) for head in heads.values()))
    table.add_row("false decides", *(str(len(r["queue"]["false_decides"])) for r in reports.values()))
    table.add_row("denied, yet diagnosed", *(f"{r['denied']['asserted']}/{r['denied']['named']}" for r in reports.values()))
    return table


def _row(name: str, one: Report) -> tuple[str, ...]:
    counts = (str(one[part]) for part in ("n", "right", "near", "wrong", "missed", "invented"))
    return (name, *counts, _percent(one["p"]), _percent(one["r"]), _percent(one["f1"]))


_COUNTS = ("n", "ok", "near", "bad", "miss", "more", "P", "R", "F1")
"""n: stated by the truth; more: asserted, but not stated; P, R: precision and recall in per cent. Fits 80 columns."""


def _fields(whole: Report) -> Table:
    table = _plain("field", *_COUNTS)
    for name, one in whole["fields"].items():
        if one["n"] or one["invented"]:
            table.add_row(*_row(name, one))
    return table


def _groups(whole: Report) -> Table:
    table = _plain("", *_COUNTS)
    for name in ("diagnosis", "diagnosis_code", "item", "item_code", "item_category", "letter", "letter_page", "segment"):
        table.add_row(*_row(name.replace("_", " "), whole[name]))
    for name, one in whole["item_details"].items():
        table.add_row(f"  item {name}", str(one["n"]), *[""] * 7, _percent(one["accuracy"]))
    for family in ("elements", "flags", "findings"):
        for name, one in whole[family].items():
            table.add_row(*_row(family if name == "all" else f"  {name}", one))
    return table


def _confusion(whole: Report) -> Table:
    confusion = whole["queue"]["confusion"]
    found = {queue for row in confusion.values() for queue in row}
    columns = [*LADDER, *sorted(found - set(LADDER))]
    table = _plain("", *columns)
    for queue in (*LADDER, *sorted(set(confusion) - set(LADDER))):
        row = confusion.get(queue, {})
        table.add_row(queue, *(str(row.get(column, "") or ".") for column in columns))
    return table


def _reliability(whole: Report) -> Table:
    table = _plain("confidence", "values", "claimed", "right")
    for part in whole["calibration"]["bins"]:
        name = f"{part['from']:.1f} to {part['from'] + 0.1:.1f}"
        table.add_row(name, str(part["n"]), _percent(part["confidence"]), _percent(part["accuracy"]))
    return table


def _families(whole: Report) -> Table:
    table = _plain("", "values", "right", "ECE", "wrong at 0.95", "automation at 99")
    for name, one in whole["reliability"].items():
        right = ratio(sum(b["n"] * b["accuracy"] for b in one["bins"]), one["n"])
        sure = one["accuracy_at_95"]
        wrong = None if sure is None else 1 - sure
        table.add_row(name, str(one["n"]), *map(_percent, (right, one["ece"], wrong, one["automation_at_99"])))
    return table


def _moved(reports: Mapping[str, Report], before: Mapping[str, Report]) -> Table:
    table = _plain("condition", "figure", "before", "now", "by", left=2)
    for condition, figure, old, new in differences(reports, before):
        table.add_row(condition, figure, _percent(old), _percent(new), f"{100 * (new - old):+.1f}")
    return table
