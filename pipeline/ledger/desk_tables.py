"""The desk's tables: people, sessions, the worklist, labels, drafts, second readings.

Belongs here: columns and their meaning. Does not belong here: what is written when, or the road's own tables
(tables.py).
"""

from typing import Any

import sqlalchemy as sa

from pipeline.ledger import columns as col
from pipeline.ledger.tables import meta

# `role`: administrator, examiner, lead, auditor. `password` an argon2 hash; `must_change` 1 until its owner chose it.
users = sa.Table(
    "desk_users", meta,
    col.key("name", primary_key=True),
    col.word("role"),
    col.word("password", 200),
    col.whole("must_change"),
    col.whole("active"),
    col.whole("failed"),
    col.real("locked_until"),
)  # fmt: skip

# `token` is the SHA-256 of what the cookie holds; `seen` and `begun` are seconds since 1970.
sessions = sa.Table(
    "desk_sessions", meta,
    col.key("token", primary_key=True),
    col.key("user", index=True),
    col.key("csrf"),
    col.real("begun"),
    col.real("seen"),
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
    col.key("letter_id", primary_key=True),
    col.key("receipt_id", index=True),
    col.result(),
    col.whole("part"),
    col.word("queue", 32),
    col.day("due"),
    col.day("press"),
    col.whole("effort"),
    col.real("amount"),
    col.day("received"),
    col.text("channel"),
    col.word("program"),
    col.text("plan_id"),
    col.text("member_id", index=True),
    col.text("claims"),
    col.text("patient"),
    col.text("provider"),
    col.text("practice"),
    col.text("about"),
    col.text("codes"),
    col.text("file"),
    col.whole("version"),
    col.word("state"),
    col.word("moved", 32),
    col.key("assigned"),
    col.key("changed_by"),
    col.moment("changed_at"),
    col.word("changed_how", 32),
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
    col.word("word", 80, primary_key=True),
    col.key("letter_id", primary_key=True, index=True),
)  # fmt: skip

# What a person keyed, with the letter's words it stands on (`evidence`, '' for none). `was` and `value` are
# JSON; `kind` confirm, correct or absent; `confidence` that of the program's own reading; `undone` 1 when taken back.
labels = sa.Table(
    "desk_labels", meta,
    col.counted(),
    col.key("letter_id", index=True),
    col.key("receipt_id", index=True),
    col.key("path"),
    col.word("kind"),
    col.text("was"),
    col.text("value"),
    col.text("evidence"),
    col.real("confidence"),
    col.key("who"),
    col.moment(),
    col.whole("undone"),
)  # fmt: skip

# What a person did to a letter, once per `token` (made by the browser, so that a repeated sending does nothing twice);
# `seconds` since the same person opened the letter.
acts = sa.Table(
    "desk_acts", meta,
    col.key("token", primary_key=True),
    col.key("letter_id", index=True),
    col.key("who"),
    col.moment("at", index=True),
    col.word("what", 32),
    col.real("seconds"),
)  # fmt: skip

notes = sa.Table(
    "desk_notes", meta,
    col.counted(),
    col.key("letter_id", index=True),
    col.key("who"),
    col.moment(),
    col.text("text"),
)  # fmt: skip

# A request for information as a person left it, to the `reader` provider or member; `sent` the time at which it was
# made final, '' before.
requests = sa.Table(
    "desk_requests", meta,
    col.key("letter_id", primary_key=True),
    col.word("reader", primary_key=True),
    col.text("text"),
    col.key("who"),
    col.moment(),
    col.moment("sent"),
)  # fmt: skip

# Files that a person let out of quarantine, with the reason; they count as queued from then on.
releases = sa.Table(
    "desk_releases", meta,
    col.key("receipt_id", primary_key=True),
    col.key("who"),
    col.moment(),
    col.text("reason"),
)  # fmt: skip

views = sa.Table(
    "desk_views", meta,
    col.key("user", primary_key=True),
    col.key("name", primary_key=True),
    col.text("query"),
)  # fmt: skip

# A second reading, blind to the first: `first` and `second` are JSON of field name to value, `agreed` of `fields`.
readings = sa.Table(
    "desk_readings", meta,
    col.key("letter_id", primary_key=True),
    col.key("who", primary_key=True),
    col.moment(),
    col.key("first_by"),
    col.text("first"),
    col.text("second"),
    col.whole("agreed"),
    col.whole("fields"),
)  # fmt: skip
