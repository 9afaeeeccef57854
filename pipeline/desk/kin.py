"""A member's other letters, judged again at once when a decision put a letter on file or took it off.

Belongs here: which letters those are. Does not belong here: deciding (deeds.py), what a letter on file covers (check).
"""

import sqlalchemy as sa

from pipeline.desk.office import Office
from pipeline.ledger.desk_tables import work
from pipeline.ledger.work import OPEN, WorkRow

_MOST = 20
"""More letters of one member wait for the next run, which judges them all."""


def judged_again(office: Office, row: WorkRow) -> int:
    """Checks and sorts the member's other letters that wait for a person; returns how many files that were."""
    from pipeline.letters import Known

    if not row.member_id:
        return 0
    with office.ledger.reading() as c:
        mine = sa.select(work.c.receipt_id).where(work.c.member_id == row.member_id, work.c.letter_id != row.letter_id, work.c.state.in_(OPEN))
        receipts = list(dict.fromkeys(c.execute(mine.order_by(work.c.letter_id).limit(_MOST)).scalars()))
    known = Known(office.site())
    for key in receipts:
        receipt = office.ledger.receipt(key)
        if receipt is not None:
            office.ledger.replace_cases(key, known.placed(receipt), office.now())
    if receipts:
        office.refresh()
        office.recount()
    return len(receipts)
