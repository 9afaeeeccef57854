"""`lmn onfile`: the approved letters, what they cover, and which are due for renewal.

Belongs here: what is printed and the CSV. Does not belong here: how long a letter holds.
"""

import argparse
import csv
import io
import json
from typing import Any

from pipeline.commands.start import day_of, home_of, now_on
from pipeline.site import opened
from pipeline.standing import Standing, letters_on_file
from pipeline.store import Store

_STATES = {"runs": "runs", "ends": "renewal due", "over": "ran out", "year_over": "new plan year: look at it again"}


def main(options: argparse.Namespace) -> int:
    """Prints the letters on file; nothing is changed."""
    day = day_of(options)
    with opened(home_of(options), day, now_on(day)) as site:
        rows = [_row(s) for s in letters_on_file(site, options.within)]
    if options.csv:
        _write(options.csv, rows)
    if options.json:
        print(json.dumps({"as_of": day.isoformat(), "letters": rows}, indent=1, ensure_ascii=False))
        return 0
    ending = [r for r in rows if _ends(r, options.within)]
    print(f"{len(rows)} letter{'' if len(rows) == 1 else 's'} on file as of {day.isoformat()}, {len(ending)} due for renewal within {options.within} days.")
    for row in rows:
        days = f" ({row['days_left']} days)" if row["days_left"] is not None else ""
        print(f"  {row['letter_id']}  member {row['member_id']}  {row['since']} to {row['until'] or 'further notice'}{days}  {_told(row, options.within)}"
              f"  covers open claims: {row['covers'] or 'none'}")  # fmt: skip
    return 0


def _ends(row: dict[str, Any], within: int) -> bool:
    return row["days_left"] is not None and 0 <= row["days_left"] <= within


def _told(row: dict[str, Any], within: int) -> str:
    """The state in words; a letter that ends soon in a new plan year says both."""
    also = f", {_STATES['ends']}" if row["state"] == "year_over" and _ends(row, within) else ""
    return _STATES[row["state"]] + also


def _row(s: Standing) -> dict[str, Any]:
    x = s.letter
    return {"letter_id": x.letter_id, "file": s.file, "member_id": x.member_id, "plan_id": x.plan_id or "", "approved_on": x.approved_on.isoformat(),
            "approved_by": s.who, "since": "any day" if x.since.year == 1 else x.since.isoformat(), "until": x.until.isoformat() if x.until else "",
            "days_left": s.days_left, "state": s.state, "covers": "|".join(s.covers), "categories": "|".join(c for _, c, _ in x.things)}  # fmt: skip


def _write(path: Any, rows: list[dict[str, Any]]) -> None:
    from pipeline.review.spreadsheet import harmless

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["letter_id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: harmless(v) for k, v in row.items()} for row in rows)
    target = path.expanduser().resolve()
    Store(target.parent).put_bytes(target, text.getvalue().encode())
