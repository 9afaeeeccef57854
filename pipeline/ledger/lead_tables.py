"""Tables for those who lead the desk: what was measured of each letter, and what became of second readings.

Belongs here: columns and their meaning. Does not belong here: what is asked of them (board.py, verdicts by
desk/quality.py), or the examiners' tables (desk_tables.py).
"""

import sqlalchemy as sa

from pipeline.ledger.tables import meta

# One row per letter, made from its Case whenever `result` changes: `quality` of its pages (0..1), `vals` values that
# were taken, `sure` of them at or above the threshold of doubt, `blocks` findings that block.
measures = sa.Table(
    "desk_measures", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("result", sa.String(160), nullable=False),
    sa.Column("received", sa.String(10), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("quality", sa.Float, nullable=False),
    sa.Column("vals", sa.Integer, nullable=False),
    sa.Column("sure", sa.Integer, nullable=False),
    sa.Column("blocks", sa.Integer, nullable=False),
    sa.Index("desk_measures_day", "received", "channel"),
)  # fmt: skip

# Who was right where a first and a second reading differ: `verdict` first, second or neither. `reader` is the second
# person, `who` the one who settled it.
verdicts = sa.Table(
    "desk_verdicts", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("reader", sa.String(64), primary_key=True),
    sa.Column("field", sa.String(64), primary_key=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)  # fmt: skip
