"""Which requests for information a paper answers, and for how long the clock stood still meanwhile.

Belongs here: from the references that a paper bears to the letters asked about and the days of asking. Does not belong
here: what a reference looks like (codes), sending requests (sendback.py), the clock (review).
"""

import datetime as dt
from collections.abc import Callable, Sequence, Set
from functools import cached_property

from pipeline.codes.reference import reference_of, references_in
from pipeline.ledger import ReceiptRow
from pipeline.model import OnFile, RecordSide, Remark
from pipeline.results import References
from pipeline.site import Site


class Requests:
    """The requests that went out for a site's letters."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def asked(self, references: Sequence[str], order: int, known: Set[str] = frozenset()) -> list[OnFile]:
        """Letters received before a place whose requests bear one of these references, but for those `known`."""
        ids = [x for reference in references for place, x in self._by_reference.get(reference, ()) if place < order and x not in known]
        return self._site.ledger.on_file(ids) if ids else []

    def answered_by(self, row: ReceiptRow, text: Callable[[], str]) -> tuple[Remark, ...]:
        """What a paper without a letter answers; `text` are all its words."""
        return tuple(Remark(code="ANSWERS_REQUEST", says=f"This paper bears the reference {reference_of(f.letter_id)} of a request.",
                            record=RecordSide(table="letters", id=f.letter_id, column="reference", value=reference_of(f.letter_id)))
                     for f in self.asked(self._borne(row, text), row.seq))  # fmt: skip

    def stops(self, received_at: str, remarks: Sequence[Remark]) -> list[tuple[dt.date, dt.date]]:
        """The days between the last request that a letter answers and its receipt."""
        answered = dt.date.fromisoformat(received_at[:10])
        asked = [d for r in remarks if r.code == "ANSWERS_REQUEST" and r.record for d in self._site.ledger.decisions_on(r.record.id)]
        return [(dt.date.fromisoformat(d.when[:10]), answered) for d in asked if d.what == "request_info"][-1:]

    @cached_property
    def _by_reference(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for place, letter_id in self._site.ledger.ids_on_file():
            found.setdefault(reference_of(letter_id), []).append((place, letter_id))
        return found

    def _borne(self, row: ReceiptRow, text: Callable[[], str]) -> tuple[str, ...]:
        """The references that a file's words bear; kept, since asking takes all its words."""
        store, key = self._site.store, self._site.read_key(row.receipt)
        kept = store.get("references", key, References)
        if kept is None:
            kept = References(references=references_in(text()))
            if not row.receipt.problems and store.result_path("read", key).exists():
                store.put("references", key, kept)
        return kept.references
