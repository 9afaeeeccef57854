"""Tables for those who lead the desk: what was measured of each letter, and what became of second readings.

Belongs here: columns and their meaning. Does not belong here: what is asked of them (board.py, verdicts by
desk/quality.py), or the examiners' tables (desk_tables.py).
"""

import sqlalchemy as sa

from pipeline.ledger import columns as col
from pipeline.ledger.tables import meta

# One row per letter, made from its Case whenever `result` changes: `quality` of its pages (0..1), `vals` values that
# were taken, `sure` of them at or above the threshold of doubt, `blocks` findings that block.
measures = sa.Table(
    "desk_measures", meta,
    col.key("letter_id", primary_key=True),
    col.result(),
    col.day("received"),
    col.text("channel"),
    col.real("quality"),
    col.whole("vals"),
    col.whole("sure"),
    col.whole("blocks"),
    sa.Index("desk_measures_day", "received", "channel"),
)  # fmt: skip

# Who was right where a first and a second reading differ: `verdict` first, second or neither. `reader` is the second
# person, `who` the one who settled it.
verdicts = sa.Table(
    "desk_verdicts", meta,
    col.key("letter_id", primary_key=True),
    col.key("reader", primary_key=True),
    col.key("field", primary_key=True),
    col.word("verdict"),
    col.key("who"),
    col.moment(),
)  # fmt: skip
