"""The desk's tables: people, sessions, the worklist, labels, drafts, second readings.

Belongs here: columns and their meaning. Does not belong here: what is written when, or the road's own tables
(tables.py).
"""

from typing import Any

import sqlalchemy as sa

from pipeline.ledger.tables import meta

# `role`: administrator, examiner, lead, auditor. `password` an argon2 hash; `must_change` 1 until its owner chose it.
users = sa.Table(
    "desk_users", meta,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.String(200), nullable=False),
    sa.Column("must_change", sa.Integer, nullable=False),
    sa.Column("active", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Float, nullable=False),
)  # fmt: skip

# `token` is the SHA-256 of what the cookie holds; `seen` and `begun` are seconds since 1970.
sessions = sa.Table(
    "desk_sessions", meta,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("user", sa.String(64), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("begun", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
)  # fmt: skip

TODO = "state IN ('open', 'second')"
"""What waits for a person. A query that says it in these very words is answered from the small indexes below, in order."""
_WAITS: dict[str, Any] = {"sqlite_where": sa.text(TODO), "postgresql_where": sa.text(TODO)}
HELD = "assigned <> ''"
"""What somebody has taken: few letters among many. Said in these words too, or the index is not asked."""
_HELD: dict[str, Any] = {"sqlite_where": sa.text(HELD), "postgresql_where": sa.text(HELD)}

# One row per letter, made from its Case, so that a list of 100,000 stays one indexed query. The first columns are made
# anew whenever `result` changes; from `version` on they belong to people and stay. `press` is the due day less the
# days by which lateness does harm sooner; `effort` counts what is left to settle; `moved` a queue chosen by a person.
# `state`: open, second (a second person must agree), asked (waits for the provider), decided.
work = sa.Table(
    "desk_work", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("receipt_id", sa.String(64), nullable=False, index=True),
    sa.Column("result", sa.String(160), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("queue", sa.String(32), nullable=False),
    sa.Column("due", sa.String(10), nullable=False),
    sa.Column("press", sa.String(10), nullable=False),
    sa.Column("effort", sa.Integer, nullable=False),
    sa.Column("amount", sa.Float, nullable=False),
    sa.Column("received", sa.String(10), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("program", sa.String(16), nullable=False),
    sa.Column("plan_id", sa.Text, nullable=False),
    sa.Column("member_id", sa.Text, nullable=False, index=True),
    sa.Column("claims", sa.Text, nullable=False),
    sa.Column("patient", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("practice", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("codes", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("moved", sa.String(32), nullable=False),
    sa.Column("assigned", sa.String(64), nullable=False),
    sa.Column("changed_by", sa.String(64), nullable=False),
    sa.Column("changed_at", sa.String(40), nullable=False),
    sa.Column("changed_how", sa.String(32), nullable=False),
    sa.Index("desk_work_order", "state", "queue", "press", "effort", "letter_id"),
    sa.Index("desk_work_held", "assigned", "state", "press", "effort", "letter_id", **_HELD),
    sa.Index("desk_todo", "press", "effort", "letter_id", **_WAITS),
    sa.Index("desk_todo_queue", "queue", "press", "effort", "letter_id", **_WAITS),
    sa.Index("desk_todo_program", "program", "press", "effort", "letter_id", **_WAITS),
    sa.Index("desk_todo_plan", "plan_id", "press", "effort", "letter_id", **_WAITS),
    sa.Index("desk_todo_channel", "channel", "press", "effort", "letter_id", **_WAITS),
    sa.Index("desk_todo_due", "due", "letter_id", **_WAITS),
    sa.Index("desk_todo_received", "received", "letter_id", **_WAITS),
    sa.Index("desk_todo_patient", "patient", "letter_id", **_WAITS),
    sa.Index("desk_work_state", "state", "press", "effort", "letter_id"),
    sa.Index("desk_todo_amount", sa.text("amount DESC"), "letter_id", **_WAITS),
    sa.Index("desk_work_load", "state", "queue", "due", "received", "amount"),
)  # fmt: skip

OUTWORN = ("desk_work_mine",)
"""Indexes of older schemas that lead to slow answers."""

# Files whose letters were judged anew and whose rows of the worklist are to be made anew; no `seq` comes twice.
stale = sa.Table(
    "desk_stale", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("receipt_id", sa.String(64), nullable=False, index=True),
    sqlite_autoincrement=True,
)  # fmt: skip

# Folded words a letter is found by (names, ids, finding codes as 'finding:CODE').
work_words = sa.Table(
    "desk_words", meta,
    sa.Column("word", sa.String(80), primary_key=True),
    sa.Column("letter_id", sa.String(64), primary_key=True, index=True),
)  # fmt: skip

# What a person keyed, with the letter's words it stands on (`evidence`, '' for none). `was` and `value` are
# JSON; `kind` confirm, correct or absent; `confidence` that of the program's own reading; `undone` 1 when taken back.
labels = sa.Table(
    "desk_labels", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("letter_id", sa.String(64), nullable=False, index=True),
    sa.Column("receipt_id", sa.String(64), nullable=False, index=True),
    sa.Column("path", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("was", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("undone", sa.Integer, nullable=False),
)  # fmt: skip

# What a person did to a letter, once per `token` (made by the browser, so that a repeated sending does nothing twice);
# `seconds` since the same person opened the letter.
acts = sa.Table(
    "desk_acts", meta,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("letter_id", sa.String(64), nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)  # fmt: skip

notes = sa.Table(
    "desk_notes", meta,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("letter_id", sa.String(64), nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)  # fmt: skip

# A request for information as a person left it, to the `reader` provider or member; `sent` the time at which it was
# made final, '' before.
requests = sa.Table(
    "desk_requests", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("reader", sa.String(16), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("sent", sa.String(40), nullable=False),
)  # fmt: skip

# Files that a person let out of quarantine, with the reason; they count as queued from then on.
releases = sa.Table(
    "desk_releases", meta,
    sa.Column("receipt_id", sa.String(64), primary_key=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)  # fmt: skip

views = sa.Table(
    "desk_views", meta,
    sa.Column("user", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("query", sa.Text, nullable=False),
)  # fmt: skip

# A second reading, blind to the first: `first` and `second` are JSON of field name to value, `agreed` of `fields`.
readings = sa.Table(
    "desk_readings", meta,
    sa.Column("letter_id", sa.String(64), primary_key=True),
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("first_by", sa.String(64), nullable=False),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("second", sa.Text, nullable=False),
    sa.Column("agreed", sa.Integer, nullable=False),
    sa.Column("fields", sa.Integer, nullable=False),
)  # fmt: skip
