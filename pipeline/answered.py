"""Which requests for information a paper answers: found by the references that it bears.

Belongs here: from references to the letters whose requests bear them, and how long each waited. Does not belong here:
finding references on a page (codes/reference.py), what follows from an answer (check, review).
"""

import datetime as dt
from collections.abc import Sequence, Set
from functools import cached_property

from pipeline.codes.reference import reference_of
from pipeline.ledger import Ledger, ReceiptRow
from pipeline.model import OnFile, RecordSide, Remark


class Answered:
    """The letters of a ledger by the references of their requests, gathered when one is first asked for."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def asked(self, references: Sequence[str], order: int, known: Set[str] = frozenset()) -> list[OnFile]:
        """Letters received before a place (`order`) whose requests bear one of these references, but for those `known`."""
        ids = [x for reference in references for place, x in self._by_reference.get(reference, ()) if place < order and x not in known]
        return self._ledger.on_file(ids) if ids else []

    def by_paper(self, references: Sequence[str], order: int) -> tuple[Remark, ...]:
        """What a reviewer should know of a paper without a letter: which requests it answers."""
        return tuple(Remark(code="ANSWERS_REQUEST", says=f"This paper bears the reference {reference_of(f.letter_id)} of a request.",
                            record=RecordSide(table="letters", id=f.letter_id, column="reference", value=reference_of(f.letter_id)))
                     for f in self.asked(references, order))  # fmt: skip

    def stops(self, row: ReceiptRow, remarks: Sequence[Remark]) -> list[tuple[dt.date, dt.date]]:
        """The days between the last request that a letter answers and the letter's receipt."""
        answered = dt.date.fromisoformat(row.receipt.received_at[:10])
        asked = [d for r in remarks if r.code == "ANSWERS_REQUEST" and r.record for d in self._ledger.decisions_on(r.record.id)]
        return [(dt.date.fromisoformat(d.when[:10]), answered) for d in asked if d.what == "request_info"][-1:]

    @cached_property
    def _by_reference(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for place, letter_id in self._ledger.ids_on_file():
            found.setdefault(reference_of(letter_id), []).append((place, letter_id))
        return found
