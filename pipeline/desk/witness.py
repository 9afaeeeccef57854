"""The audit trail's last event, noted now and then in a file beside the database.

Belongs here: writing that file and reading it. Does not belong here: the chain itself (ledger/chain.py). Whoever can
change the database can also cut off its newest events and set its head back; the notes tell. Copy the file to where
the database's keeper cannot write, and even both together cannot be changed unseen.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pipeline.desk.office import Office

NAME = "audit-heads.jsonl"


def noted(office: Office) -> Mapping[int, str]:
    """Hash by number of the events that were the last ones when they were noted."""
    return heads_in(office.settings.home / NAME)


def heads_in(path: Path) -> Mapping[int, str]:
    """The same from any copy of the file, or from an exported trail, whose lines hold the same two values."""
    if not path.is_file():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {int(row["seq"]): str(row["hash"]) for row in rows}


def note(office: Office) -> None:
    """Adds the last event to the file, unless it stands there."""
    seq, digest = office.ledger.head()
    if seq == 0 or seq in noted(office):
        return
    with (office.settings.home / NAME).open("a", encoding="utf-8") as out:
        out.write(json.dumps({"seq": seq, "hash": digest, "at": office.now()}) + "\n")
        out.flush()
        os.fsync(out.fileno())
