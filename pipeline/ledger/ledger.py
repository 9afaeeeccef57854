"""The ledger as the rooms and the road use it.

Belongs here: what is written together in one transaction, and the questions. Does not belong here: columns
(tables.py), the chain (chain.py), counting (accounts.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.errors import LedgerDamaged
from pipeline.ledger import accounts as counting
from pipeline.ledger import chain, decisions, filings, places, work
from pipeline.ledger import tables as t
from pipeline.ledger.database import Database
from pipeline.ledger.keys import batch_key, receipt_id
from pipeline.ledger.rows import CaseRow, InboxState, ReceiptRow, case_row, case_values, dump, receipt_row
from pipeline.model import Decision, OnFile, Receipt

_MANY = 400


@dataclass(frozen=True)
class Received:
    """What `receive` found or made: `new` is False when this path and these bytes were recorded before."""

    row: ReceiptRow
    new: bool


@dataclass(frozen=True)
class BatchRow:
    """A batch; `judged` is None while it is in work, else the digest under which it was judged."""

    key: str
    judged: str | None


class Ledger(Database):
    """One database. Every method is one transaction; LedgerDamaged when it cannot be read or is locked."""

    # Receipts ---------------------------------------------------------------------------------------------------

    def receive(self, receipt: Receipt) -> Received:
        """Records a file and the event `received` together; the bytes must lie in the store already. The first other
        file with the same bytes becomes `duplicate_of`. A path and bytes known before are returned as they stand."""
        key = receipt_id(receipt.file, receipt.sha256)
        with self.writing() as c:
            known = c.execute(sa.select(t.receipts).where(t.receipts.c.id == key)).one_or_none()
            if known:
                return Received(receipt_row(known), new=False)
            same = c.execute(sa.select(t.receipts.c.id).where(t.receipts.c.sha256 == receipt.sha256).limit(1)).one_or_none()
            values = receipt.model_dump(exclude={"batch", "problems", "duplicate_of"})
            values |= {"id": key, "inbox": "pending", "problems": dump(receipt.problems), "batch": receipt.batch or None}
            c.execute(t.receipts.insert(), values | {"duplicate_of": receipt.sha256 if same else None})
            if receipt.batch:
                self._join(c, receipt.batch, key, receipt.received_at)
            chain.append(c, receipt.received_at, key, "received", {"sha256": receipt.sha256, "size": receipt.size, "media_type": receipt.media_type})
            made = c.execute(sa.select(t.receipts).where(t.receipts.c.id == key)).one()
            return Received(receipt_row(made), new=True)

    def _join(self, c: sa.Connection, batch: str, receipt: str, at: str) -> None:
        """Opens the batch if need be and puts it back in work."""
        seq = c.execute(sa.select(t.receipts.c.seq).where(t.receipts.c.id == receipt)).scalar_one()
        if c.execute(t.batches.update().where(t.batches.c.key == batch).values(judged=None)).rowcount == 0:
            c.execute(t.batches.insert(), {"key": batch, "formed_at": at, "first_seq": seq, "judged": None})

    def set_inbox(self, receipt: str, state: InboxState, at: str, detail: chain.Detail) -> None:
        """Notes whether the file left the inbox, with the event of that name."""
        with self.writing() as c:
            c.execute(t.receipts.update().where(t.receipts.c.id == receipt).values(inbox=state))
            chain.append(c, at, receipt, {"moved": "moved", "left": "left_in_inbox", "pending": "pending"}[state], detail)

    def form_batches(self, at: str, limit: int) -> list[str]:
        """Puts the receipts that have no batch yet into batches of at most `limit`, in order of receipt."""
        with self.writing() as c:
            rows = c.execute(sa.select(t.receipts.c.seq, t.receipts.c.id).where(t.receipts.c.batch.is_(None)).order_by(t.receipts.c.seq)).all()
            keys = []
            for group in (rows[at_ : at_ + limit] for at_ in range(0, len(rows), limit)):
                keys.append(batch_key(r.id for r in group))
                c.execute(t.batches.insert(), {"key": keys[-1], "formed_at": at, "first_seq": group[0].seq, "judged": None})
                c.execute(t.receipts.update().where(t.receipts.c.seq.between(group[0].seq, group[-1].seq), t.receipts.c.batch.is_(None)).values(batch=keys[-1]))
            return keys

    def receipts_in(self, batch: str) -> list[ReceiptRow]:
        """A batch's receipts in order of receipt."""
        return self._receipts(t.receipts.c.batch == batch)

    def receipts_for(self, file: str) -> list[ReceiptRow]:
        """Receipts of one path in the inbox, oldest first."""
        return self._receipts(t.receipts.c.file == file)

    def receipt(self, key: str) -> ReceiptRow | None:
        """The receipt with this id."""
        return next(iter(self._receipts(t.receipts.c.id == key)), None)

    def receipts(self) -> list[ReceiptRow]:
        """All receipts in order of receipt."""
        return self._receipts(sa.true())

    def _receipts(self, which: sa.ColumnElement[bool]) -> list[ReceiptRow]:
        with self.reading() as c:
            return [receipt_row(r) for r in c.execute(sa.select(t.receipts).where(which).order_by(t.receipts.c.seq))]

    # Events -----------------------------------------------------------------------------------------------------

    def note(self, at: str, subject: str, kind: str, detail: chain.Detail, once: bool = False) -> None:
        """Adds an event; with `once` not if the subject's last event says the same."""
        with self.writing() as c:
            last = chain.events_of(c, subject)[-1:] if once else []
            if not any(e.kind == kind and e.detail == dict(detail) for e in last):
                chain.append(c, at, subject, kind, detail)

    def events_of(self, subject: str) -> list[chain.Event]:
        """All that happened to one receipt."""
        with self.reading() as c:
            return chain.events_of(c, subject)

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event: whoever keeps them elsewhere can tell later whether the trail was cut."""
        with self.reading() as c:
            return chain.head(c)

    def verify_chain(self, heads: Mapping[int, str] | None = None) -> None:
        """LedgerDamaged naming the first event that is not as it was written, or not as the `heads` (hash by number of an
        event) that were kept elsewhere tell."""
        with self.reading_still() as c:
            broken = chain.first_break(c, heads or {})
        if broken is not None:
            raise LedgerDamaged(f"The ledger's event {broken} is not as it was written: a row was changed, removed or added by hand. "
                                "Keep a copy of the ledger, restore it from backup and compare.")  # fmt: skip

    # Batches ----------------------------------------------------------------------------------------------------

    def batches(self) -> list[BatchRow]:
        """All batches in order of receipt."""
        with self.reading() as c:
            return [BatchRow(r.key, r.judged) for r in c.execute(sa.select(t.batches).order_by(t.batches.c.first_seq, t.batches.c.key))]

    def replace_cases(self, receipt: str, rows: Sequence[CaseRow], at: str, also: Callable[[sa.Connection], None] | None = None) -> None:
        """Puts one file's letters where they stand after a person corrected what was read. `also` writes in the same
        transaction what the worklist shows of them; without it the file is noted for whoever keeps that list."""
        with self.writing(derived=True) as c:
            stood = {str(r.letter_id): str(r.queue) for r in c.execute(sa.select(t.cases.c.letter_id, t.cases.c.queue).where(t.cases.c.receipt_id == receipt))}
            c.execute(t.cases.delete().where(t.cases.c.receipt_id == receipt))
            places.untie(c, [receipt])
            self._place(c, rows)
            if also is not None:
                also(c)
            else:
                work.mark_stale(c, sa.select(t.receipts.c.id).where(t.receipts.c.id == receipt))
            self._tell(c, rows, stood, at)

    def _place(self, c: sa.Connection, rows: Sequence[CaseRow]) -> None:
        if rows:
            c.execute(t.cases.insert(), [case_values(row) for row in rows])

    def _tell(self, c: sa.Connection, rows: Sequence[CaseRow], stood: Mapping[str, str], at: str) -> None:
        """Adds the events of letters that went to another queue: last, since the trail's end is everybody's."""
        moved = [(row, was) for row in rows if (was := stood.get(row.item.letter_id)) != row.item.queue]
        chain.append_all(c, at, [
            (row.receipt_id, "queued", {"letter_id": row.item.letter_id, "queue": row.item.queue, "was": was}) for row, was in moved
        ])  # fmt: skip

    def settle(self, batch: str, judged: str, rows: Sequence[CaseRow], at: str, kept: frozenset[str] = frozenset(), ties: Mapping[str, str] | None = None) -> None:
        """Puts a batch's letters in their queues, replacing where they stood, and marks it judged: all or nothing. Letters
        `kept` (ids) stay just where they stand; `ties` by receipt id are what its letters stand judged by from now on."""
        with self.writing() as c:
            mine = sa.select(t.receipts.c.id).where(t.receipts.c.batch == batch)
            stood = c.execute(sa.select(t.cases.c.letter_id, t.cases.c.queue, t.cases.c.receipt_id).where(t.cases.c.receipt_id.in_(mine))).all()
            gone = [row for row in stood if row.letter_id not in kept]
            for some in (gone[n : n + _MANY] for n in range(0, len(gone), _MANY)):
                c.execute(t.cases.delete().where(t.cases.c.letter_id.in_([row.letter_id for row in some])))
            self._place(c, rows)
            touched = sorted({*(str(row.receipt_id) for row in gone), *(row.receipt_id for row in rows)})
            work.mark_stale(c, mine.where(t.receipts.c.id.in_(touched)) if kept else mine)
            places.tie(c, ties or {})
            c.execute(t.batches.update().where(t.batches.c.key == batch).values(judged=judged))
            self._tell(c, rows, {str(row.letter_id): str(row.queue) for row in stood}, at)

    # Letters ----------------------------------------------------------------------------------------------------

    def cases(self) -> list[CaseRow]:
        """Every letter's place, in order of receipt."""
        query = sa.select(t.cases).join(t.receipts, t.receipts.c.id == t.cases.c.receipt_id).order_by(t.receipts.c.seq, t.cases.c.part)
        with self.reading() as c:
            return [case_row(r) for r in c.execute(query)]

    def cases_of(self, receipt: str) -> list[CaseRow]:
        """The places of one file's letters."""
        with self.reading() as c:
            return [case_row(r) for r in c.execute(sa.select(t.cases).where(t.cases.c.receipt_id == receipt).order_by(t.cases.c.part))]

    def cases_like(self, prefix: str) -> list[CaseRow]:
        """Letters whose id begins so."""
        with self.reading() as c:
            query = sa.select(t.cases).where(t.cases.c.letter_id.startswith(prefix, autoescape=True)).order_by(t.cases.c.letter_id)
            return [case_row(r) for r in c.execute(query)]

    def cases_by(self, ids: Sequence[str]) -> list[CaseRow]:
        """The places of these letters, at most some hundred."""
        with self.reading() as c:
            return [case_row(r) for r in c.execute(sa.select(t.cases).where(t.cases.c.letter_id.in_(ids)))]

    def queues(self) -> dict[str, int]:
        """Letters in each queue that has any."""
        with self.reading() as c:
            counted = c.execute(sa.select(t.cases.c.queue, sa.func.count().label("number")).group_by(t.cases.c.queue))
            return {str(row.queue): int(row.number) for row in counted}

    def accounts(self) -> counting.Accounts:
        """Where every received file is."""
        with self.reading() as c:
            return counting.accounts(c)

    # Letters on file --------------------------------------------------------------------------------------------

    def put_on_file(self, several: Mapping[str, Sequence[OnFile]]) -> None:
        """Replaces the letters on file of each receipt id."""
        with self.writing() as c:
            filings.put(c, several)

    def file_again(self, receipt: str, several: Sequence[OnFile]) -> None:
        """Replaces one file's letters on file after a person changed them; the batches of letters about the same people,
        before and now, are judged again."""
        with self.writing() as c:
            decisions.file_again(c, receipt, several)

    def not_on_file(self, several: Mapping[str, tuple[OnFile, ...]]) -> dict[str, tuple[OnFile, ...]]:
        """Those of these letters, by receipt id, that do not stand on file just so."""
        with self.reading() as c:
            return {key: several[key] for key in filings.changed(c, several)}

    def near(self, several: Sequence[OnFile]) -> dict[str, filings.Near]:
        """For each of these letters (by id) those received before it that may be about the same person, or in the same words."""
        with self.reading() as c:
            return filings.near(c, several)

    def before(self, several: Sequence[OnFile]) -> dict[str, tuple[OnFile, ...]]:
        """For each of these letters (by id) those received before it that may be about the same person."""
        with self.reading() as c:
            return filings.before(c, several)

    def on_file(self, ids: Sequence[str]) -> list[OnFile]:
        """Letters on file of these ids, in order of receipt."""
        with self.reading() as c:
            return filings.by_ids(c, ids)

    def ids_on_file(self) -> list[tuple[int, str]]:
        """Place and id of every letter received, in order of receipt."""
        with self.reading() as c:
            return filings.ids(c)

    def count_on_file(self) -> int:
        """How many letters are on file."""
        with self.reading() as c:
            return c.execute(sa.select(sa.func.count()).select_from(t.on_file)).scalar_one()

    # Decisions and state ----------------------------------------------------------------------------------------

    def decide(self, decision: Decision, receipt: str) -> None:
        """Adds a person's decision and its event."""
        with self.writing() as c:
            decisions.put(c, decision)
            chain.append(c, decision.when, receipt, "decided", {"letter_id": decision.letter_id, "what": decision.what})

    def decisions_on(self, letter_id: str) -> list[Decision]:
        """Decisions on one letter, oldest first."""
        with self.reading() as c:
            return decisions.on(c, letter_id)

    def decided(self, what: str, member_id: str | None = None) -> list[tuple[CaseRow, Decision]]:
        """Letters whose decision in force says `what`, with where they stand; all, or those on file for one member."""
        with self.reading() as c:
            wanted = decisions.in_force(c, what) if member_id is None else decisions.of_member(c, member_id, what)
            keys = list(wanted)
            several = [c.execute(sa.select(t.cases).where(t.cases.c.letter_id.in_(keys[at : at + _MANY]))) for at in range(0, len(keys), _MANY)]
            return [(case_row(r), wanted[r.letter_id]) for rows in several for r in rows]

    def recall(self, name: str) -> str | None:
        """A fact about the whole ledger."""
        with self.reading() as c:
            return c.execute(sa.select(t.state.c.value).where(t.state.c.name == name)).scalar_one_or_none()

    def remember(self, name: str, value: str) -> None:
        """Keeps a fact about the whole ledger."""
        with self.writing() as c:
            if c.execute(t.state.update().where(t.state.c.name == name).values(value=value)).rowcount == 0:
                c.execute(t.state.insert(), {"name": name, "value": value})
