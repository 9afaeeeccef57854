"""The ledger's tables, the same on SQLite and Postgres.

Belongs here: columns and their meaning. Does not belong here: what is written when. `SCHEMA` counts up with every
change; a ledger of an unknown number is refused, never guessed at.
"""

import sqlalchemy as sa

SCHEMA = 4

READABLE = (1, 2, 3)
"""Older schemas whose tables are all here unchanged: what they lack is added when they are opened."""

meta = sa.MetaData()

schema_version = sa.Table("schema_version", meta, sa.Column("version", sa.Integer, primary_key=True))

# Facts about the whole ledger by name, such as what was published last.
state = sa.Table("state", meta, sa.Column("name", sa.String(64), primary_key=True), sa.Column("value", sa.Text, nullable=False))

# `judged` is the digest of the records, rules, versions and day under which all its letters stand in queues; NULL
# while the batch is in work.
batches = sa.Table(
    "batches", meta,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("formed_at", sa.String(40), nullable=False),
    sa.Column("first_seq", sa.Integer, nullable=False, index=True),
    sa.Column("judged", sa.String(64), nullable=True),
)  # fmt: skip

# `seq` is the order of receipt. `inbox`: pending (recorded, not yet taken out), moved, left (could not be taken out).
receipts = sa.Table(
    "receipts", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("file", sa.Text, nullable=False, index=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("media_type", sa.String(80), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("duplicate_of", sa.String(64), nullable=True),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Column("inbox", sa.String(16), nullable=False, index=True),
    sa.Column("batch", sa.String(64), nullable=True, index=True),
)  # fmt: skip

# Append-only; `hash` covers the row and the hash before it, so that a changed or missing row shows.
events = sa.Table(
    "events", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)  # fmt: skip

chain_head = sa.Table(
    "chain_head", meta,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)  # fmt: skip

# Where each letter (or file without one) stands now; `result` is the store name of its Case, `part` its place within
# that result, `quarantined` 1 when the file could not be used as it is.
cases = sa.Table(
    "cases", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("receipt_id", sa.String(64), nullable=False, index=True),
    sa.Column("queue", sa.String(32), nullable=False, index=True),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("due", sa.String(10), nullable=True),
    sa.Column("quarantined", sa.Integer, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("result", sa.String(160), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
)  # fmt: skip

on_file = sa.Table(
    "on_file", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("receipt_id", sa.String(64), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("patient", sa.Text, nullable=False, index=True),
    sa.Column("member_id", sa.Text, nullable=True, index=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("filing", sa.Text, nullable=False),
)  # fmt: skip

# Keys of parts of a letter's wording, by which letters in the same words are found whoever's they are.
wordings = sa.Table(
    "wordings", meta,
    sa.Column("band", sa.String(16), primary_key=True),
    sa.Column("letter_id", sa.String(64), primary_key=True, index=True),
    sa.Column("place", sa.Integer, nullable=False),
)  # fmt: skip

# Append-only: a later decision on the same letter stands beside the earlier one.
decisions = sa.Table(
    "decisions", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("letter_id", sa.String(64), nullable=False, index=True),
    sa.Column("decision", sa.Text, nullable=False),
)  # fmt: skip
