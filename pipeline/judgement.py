"""One file's letters judged again, because a person keyed, released or decided something.

Belongs here: judging them and writing where they stand, so that nobody's work is lost between. Does not belong here:
whole batches (rejudging.py), what is known at each stage (letters.py).
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from pipeline.ledger import CaseRow, ReceiptRow
from pipeline.letters import Known
from pipeline.site import Site

Beside = Callable[[Sequence[CaseRow]], Callable[[sa.Connection], None]]
"""From where letters stand now to what is written about them in the same transaction."""


def judge_again(site: Site, row: ReceiptRow, beside: Beside | None = None) -> None:
    """Judges one file's letters by what people keyed until now and puts them where they stand then. Whoever writes looks
    again afterwards and goes round when something was keyed meanwhile: no older reading stays, whether the other writer
    is a run or a person."""
    while True:
        known = Known(site, only=row.id)
        filed = known.filings(row)
        if filed is not None and site.ledger.not_on_file({row.id: filed.filings}):
            site.ledger.file_again(row.id, filed.filings)
        placed = known.placed(row)
        site.ledger.replace_cases(row.id, placed, site.now, beside(placed) if beside else None)
        if row.id not in known.overtaken():
            return
