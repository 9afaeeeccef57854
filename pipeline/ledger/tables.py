"""The ledger's tables, the same on SQLite and Postgres.

Belongs here: columns and their meaning. Does not belong here: what is written when. `SCHEMA` counts up with every
change; a ledger of an unknown number is refused, never guessed at.
"""

import sqlalchemy as sa

from pipeline.ledger import columns as col

SCHEMA = 5

READABLE = (1, 2, 3, 4)
"""Older schemas whose tables are all here unchanged: what they lack is added when they are opened."""

meta = sa.MetaData()

schema_version = sa.Table("schema_version", meta, col.whole("version", primary_key=True))

# Facts about the whole ledger by name, such as what was published last.
state = sa.Table("state", meta, col.key("name", primary_key=True), col.text("value"))

# `judged` is the digest of the records, rules, versions and day under which all its letters stand in queues; NULL
# while the batch is in work.
batches = sa.Table(
    "batches", meta,
    col.key("key", primary_key=True),
    col.moment("formed_at"),
    col.whole("first_seq", index=True),
    sa.Column("judged", sa.String(64), nullable=True),
)  # fmt: skip

# `seq` is the order of receipt. `inbox`: pending (recorded, not yet taken out), moved, left (could not be taken out).
receipts = sa.Table(
    "receipts", meta,
    col.counted(),
    col.key("id", unique=True),
    col.text("file", index=True),
    col.key("sha256", index=True),
    col.text("channel"),
    col.word("media_type", 80),
    sa.Column("size", sa.BigInteger, nullable=False),
    col.moment("received_at"),
    sa.Column("duplicate_of", sa.String(64), nullable=True),
    col.text("problems"),
    col.word("inbox", index=True),
    sa.Column("batch", sa.String(64), nullable=True, index=True),
)  # fmt: skip

# Append-only; `hash` covers the row and the hash before it, so that a changed or missing row shows.
events = sa.Table(
    "events", meta,
    col.whole("seq", primary_key=True, autoincrement=False),
    col.moment(),
    col.key("subject", index=True),
    col.word("kind", 32),
    col.text("detail"),
    col.key("prev_hash"),
    col.key("hash"),
)  # fmt: skip

chain_head = sa.Table(
    "chain_head", meta,
    col.whole("id", primary_key=True, autoincrement=False),
    col.whole("seq"),
    col.key("hash"),
)  # fmt: skip

# Where each letter (or file without one) stands now; `result` is the store name of its Case, `part` its place within
# that result, `quarantined` 1 when the file could not be used as it is.
cases = sa.Table(
    "cases", meta,
    col.key("letter_id", primary_key=True),
    col.key("receipt_id", index=True),
    col.word("queue", 32, index=True),
    col.whole("priority"),
    sa.Column("due", sa.String(10), nullable=True),
    col.whole("quarantined"),
    col.text("item"),
    col.result(),
    col.whole("part"),
)  # fmt: skip

on_file = sa.Table(
    "on_file", meta,
    col.key("letter_id", primary_key=True),
    col.key("receipt_id", index=True),
    col.whole("place"),
    col.text("patient", index=True),
    sa.Column("member_id", sa.Text, nullable=True, index=True),
    col.key("sha256", index=True),
    col.text("filing"),
)  # fmt: skip

# Keys of parts of a letter's wording, by which letters in the same words are found whoever's they are.
wordings = sa.Table(
    "wordings", meta,
    col.word("band", primary_key=True),
    col.key("letter_id", primary_key=True, index=True),
    col.whole("place"),
)  # fmt: skip

# Under which digest (of all that letters, matches and keys on file depend on) a file's cases and its letters on file were
# both made; there is no row where either was written since without the other.
ties = sa.Table(
    "ties", meta,
    col.key("receipt_id", primary_key=True),
    col.key("tie"),
)  # fmt: skip

# Append-only: a later decision on the same letter stands beside the earlier one.
decisions = sa.Table(
    "decisions", meta,
    col.counted(),
    col.key("letter_id", index=True),
    col.text("decision"),
)  # fmt: skip
