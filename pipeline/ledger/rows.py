"""Rows of the ledger as nouns, and the way there and back.

Belongs here: what a row holds. Does not belong here: asking for rows (ledger.py), columns (tables.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from pipeline.model import Problem, Receipt, ReviewItem

InboxState = Literal["pending", "moved", "left"]


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt with its id, its place in the order of receipt, and whether its file still lies in the inbox."""

    id: str
    seq: int
    receipt: Receipt
    inbox: InboxState


@dataclass(frozen=True)
class CaseRow:
    """Where a letter stands; its Case is part `part` of the store's result `result`."""

    receipt_id: str
    item: ReviewItem
    quarantined: bool
    result: str
    part: int


def dump(problems: Sequence[Problem]) -> str:
    return json.dumps([p.model_dump() for p in problems])


def receipt_row(row: sa.Row[Any]) -> ReceiptRow:
    receipt = Receipt(sha256=row.sha256, file=row.file, channel=row.channel, media_type=row.media_type, size=row.size,
                      received_at=row.received_at, batch=row.batch or "", duplicate_of=row.duplicate_of,
                      problems=tuple(Problem(**p) for p in json.loads(row.problems)))  # fmt: skip
    return ReceiptRow(row.id, row.seq, receipt, row.inbox)


def case_values(row: CaseRow) -> dict[str, Any]:
    item = row.item
    return {"letter_id": item.letter_id, "receipt_id": row.receipt_id, "queue": item.queue, "priority": item.priority,
            "due": item.due.isoformat() if item.due else None, "quarantined": int(row.quarantined), "item": item.model_dump_json(),
            "result": row.result, "part": row.part}  # fmt: skip


def case_row(row: sa.Row[Any]) -> CaseRow:
    return CaseRow(row.receipt_id, ReviewItem.model_validate_json(row.item), bool(row.quarantined), row.result, row.part)
