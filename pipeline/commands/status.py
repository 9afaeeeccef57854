"""`lmn status`: where everything stands.

Belongs here: counting and printing. Does not belong here: changing anything.
"""

import argparse
import json
from typing import Any

from pipeline.arrival import waiting
from pipeline.commands.start import day_of, ledger_to_ask, settings_of
from pipeline.intake import scan
from pipeline.review.queues import NAMES


def main(options: argparse.Namespace) -> int:
    """Prints the state of the home; nothing is changed."""
    settings, day = settings_of(options), day_of(options)
    ledger = ledger_to_ask(settings)
    accounts, rows = ledger.accounts(), ledger.cases()
    counted = ledger.queues()
    ledger.close()
    listed = scan(settings.inbox) if settings.inbox.is_dir() else None
    told: dict[str, Any] = {
        "as_of": day.isoformat(), "inbox": len(listed.files) if listed else 0,
        "waiting": [{"file": file, "because": why} for file, why in waiting(settings) if (settings.inbox / file).exists()],
        **accounts.model_dump(), "balanced": accounts.balanced,
        "queues": {name: counted.get(name, 0) for name in NAMES},
        "late": [_row(r.item) for r in rows if r.item.due and r.item.due < day],
        "unreadable": [_row(r.item) for r in rows if r.quarantined],
    }  # fmt: skip
    if options.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        _print(told)
    return 0


def _row(item: Any) -> dict[str, Any]:
    says = item.problems[0].says if item.problems else item.why
    return {"letter_id": item.letter_id, "file": item.file, "queue": item.queue, "due": item.due.isoformat() if item.due else None, "says": says}


def _print(told: dict[str, Any]) -> None:
    if not told["received"]:
        print("Nothing was received in this home yet: put letters into the inbox and begin with 'lmn run'.")
    print(f"In the inbox      {told['inbox']:>6}")
    for entry in told["waiting"]:
        print(f"  waits: {entry['file']} ({entry['because']})")
    print(f"Received          {told['received']:>6}")
    print(f"  in work         {told['in_work']:>6}" + ("   run 'lmn run' to go on" if told["in_work"] else ""))
    print(f"  queued          {told['queued']:>6}\n  sent twice      {told['duplicates']:>6}\n  unreadable      {told['quarantined']:>6}")
    print(f"Letters and papers{told['letters']:>6}")
    for name, number in told["queues"].items():
        print(f"  {name:<16}{number:>6}")
    print(f"Late as of {told['as_of']}: {len(told['late'])}")
    for row in told["late"][:20]:
        print(f"  {row['letter_id']}  due {row['due']}  {row['queue']:<13} {row['file']}")
    if told["unreadable"]:
        print("Could not be used as they are:")
    for row in told["unreadable"]:
        print(f"  {row['letter_id']}  {row['file']}: {row['says']}")
    if not told["balanced"]:
        print("The counts do not add up: run 'lmn check'.")
