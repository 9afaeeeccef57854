"""What is known of one file at each stage: taken from the store where it is there, made by its room where not.

Belongs here: which result needs which, the keys, and catching a room's failure on one file. Does not belong here:
batches (process.py), the rooms' work.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from pipeline.amend import amended, only_confirmed, tied
from pipeline.answered import Answered
from pipeline.codes.reference import references_in
from pipeline.errors import OperatorError
from pipeline.faces import page_hashes
from pipeline.ledger import CaseRow, ReceiptRow
from pipeline.ledger.filings import Near
from pipeline.ledger.labels import corrections, released
from pipeline.model import (
    ApprovedLetter,
    Case,
    Correction,
    DocumentText,
    Finding,
    Letter,
    Match,
    OnFile,
    ParsedFile,
    Problem,
    Remark,
    ReviewItem,
)
from pipeline.model.base import Model
from pipeline.recalled import Recalled, recalled
from pipeline.results import Faces, Filings, Findings, Matches, References, Setback, digest, failed
from pipeline.site import Site

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Note = tuple[str, str, dict[str, str | int | float | None]]
"""An event: its subject (a receipt id), kind and detail."""


class Known:
    """The results of a site's files. `made` names (stage, receipt id) of what was not in the store; `setbacks` holds
    the problem of each receipt on which our own program failed after parsing; `near` what lies on file near the letters
    of a batch, `lacking` receipts whose letters are not in the store though nothing is said against them. `notes` takes the
    events that would else be written to the ledger at once, `approved` spares it to gather the approved letters. `given` holds
    files that are taken from their cases, by receipt id."""

    def __init__(
        self, site: Site, notes: "list[Note] | None" = None, approved: Mapping[str, tuple[ApprovedLetter, ...]] | None = None, only: str | None = None
    ) -> None:
        """`only`: the receipt that alone will be asked about, so that what people did elsewhere is not gathered."""
        self.site, self._only = site, only
        self._notes, self._approved = notes, approved
        self.made: set[tuple[str, str]] = set()
        self.near: dict[str, Near] = {}
        self.lacking: set[str] = set()
        self.setbacks: dict[str, Problem] = {}
        self.given: dict[str, Recalled] = {}
        self._match_keys: dict[str, str] = {}
        self._parsed: tuple[str, ParsedFile] | None = None
        self._answered = Answered(site.ledger)
        self._words: tuple[str, DocumentText] | None = None

    def document(self, row: ReceiptRow) -> DocumentText:
        """The file's words; none, with the problem, for a file that could not be read. The last file's are at hand."""
        if self._words is not None and self._words[0] == row.id:
            return self._words[1]
        kept = None if row.receipt.problems else self.site.store.get("read", self.site.read_key(row.receipt), DocumentText)
        if kept is not None:
            self._words = (row.id, kept)
            return kept
        problems = row.receipt.problems or (self._setback(row).problem,)
        return DocumentText(sha256=row.receipt.sha256, text="", pages=(), problems=problems)

    def faces(self, row: ReceiptRow) -> Faces:
        """The file's pages without their words; none for a file that could not be read."""
        if row.id in self.given:
            return self.given[row.id].faces
        kept = self.site.store.get("faces", self.site.read_key(row.receipt), Faces)
        return kept or Faces(faces=(), origins=(), qualities=())

    def parsed(self, row: ReceiptRow) -> ParsedFile:
        """The file's letters as people corrected them, under ids of their own when the same bytes were received before.
        The last file's are at hand."""
        if row.id in self.given:
            return self.given[row.id].parsed
        if self._parsed is None or self._parsed[0] != row.id:
            read, keyed = self._read(row), self.corrections.get(row.id, {})
            letters = tuple(amended(x, keyed.get(x.letter_id, ())) for x in read.letters) if keyed else read.letters
            self._parsed = (row.id, read if letters == read.letters else read.model_copy(update={"letters": letters}))
        return self._parsed[1]

    def _read(self, row: ReceiptRow) -> ParsedFile:
        """The file's letters as they were read."""
        sha256 = row.receipt.sha256
        if row.receipt.problems:
            return ParsedFile(sha256=sha256, document_class="unreadable", segments=(), problems=row.receipt.problems)
        kept = self.site.store.get("parse", self.site.parse_key(row.receipt), ParsedFile)
        if kept is None:
            return ParsedFile(sha256=sha256, document_class="unreadable", segments=(), problems=(self._setback(row).problem,))
        if row.receipt.duplicate_of is None:
            return kept
        return kept.model_copy(update={"letters": tuple(x.model_copy(update={"letter_id": f"{row.id[:16]}-{x.pages[0]}"}) for x in kept.letters)})

    @cached_property
    def _people(self) -> tuple[dict[str, dict[str, list[Correction]]], frozenset[str]]:
        with self.site.ledger.reading() as connection:
            return corrections(connection, self._only), released(connection, self._only)

    @property
    def corrections(self) -> dict[str, dict[str, list[Correction]]]:
        """What people keyed, by receipt and letter."""
        return self._people[0]

    @property
    def released(self) -> frozenset[str]:
        """Receipts that a person let out of quarantine."""
        return self._people[1]

    def looked(self) -> "Known":
        """Itself, with what people did until now gathered."""
        _ = self._people
        return self

    def overtaken(self) -> frozenset[str]:
        """Receipts about which people keyed or released something since this began."""
        now = Known(self.site, only=self._only)
        ids = {*now.corrections, *self.corrections}
        return frozenset(x for x in ids if now.corrections.get(x) != self.corrections.get(x)) | (now.released ^ self.released)

    def recall(self, batch: str, rows: Sequence[ReceiptRow]) -> None:
        """Takes from their cases those of a batch's files that are still tied as they stand."""
        self.given = recalled(self.site, batch, rows, self.tie)

    def tie(self, row: ReceiptRow) -> str:
        """Digest of all that the file's letters, their members and claims and their keys on file depend on."""
        return digest(self._match_key(row), self.site.versions.check, row.seq, *self._keyed(row))

    def _setback(self, row: ReceiptRow) -> Setback:
        kept = self.site.store.get("setback", self.site.parse_key(row.receipt), Setback)
        if kept is None:
            self.lacking.add(row.id)
        return kept or Setback(stage="read", problem=Problem(code="failed", says="The file was not read. Run again, or work from the original."))

    def matches(self, row: ReceiptRow) -> Matches | None:
        """Member and claims of each of the file's letters; None when matching failed on it."""
        if row.id in self.given:
            return self.given[row.id].matches

        def make() -> Matches:
            keyed = self.corrections.get(row.id, {})
            return Matches(matches=tuple(tied(x, self.site.records, keyed.get(x.letter_id, ()), lambda: self.document(row)) for x in self.parsed(row).letters))

        return self._kept("match", row, self._match_key(row), Matches, make)

    def letters(self, row: ReceiptRow) -> tuple[Letter, ...]:
        """The file's letters, with the values that matching found on their pages."""
        letters, matched = self.parsed(row).letters, self.matches(row)
        if row.id in self.given:
            return letters
        return tuple(x.with_values(m.told) for x, m in zip(letters, matched.matches, strict=True)) if matched else letters

    def filings(self, row: ReceiptRow) -> Filings | None:
        """The keys under which the file's letters lie on file."""
        from pipeline.check import filing_keys

        if row.id in self.given:
            return self.given[row.id].filings
        matched = self.matches(row)
        if matched is None:
            return None

        def make() -> Filings:
            document, letters = self.document(row), self.letters(row)
            pairs = zip(letters, matched.matches, strict=True)
            received = dt.date.fromisoformat(row.receipt.received_at[:10])
            faces = self.faces(row).faces
            return Filings(filings=tuple(filing_keys(x, document, row.seq, row.receipt.file, m.member_id, received, page_hashes(self.site.store, faces, x.pages))
                                         for x, m in pairs))  # fmt: skip

        key = f"{row.id}-{digest(self._match_key(row), self.site.versions.check, row.seq)}"
        return self._kept("filing", row, key, Filings, make)

    def findings(self, row: ReceiptRow) -> Findings | None:
        """What each of the file's letters is found to be, held against records, rules and the letters before it."""
        from pipeline.check import check, remarks

        matched, filed = self.matches(row), self.filings(row)
        if matched is None or filed is None:
            return None
        if any(f.letter_id not in self.near for f in filed.filings):
            self.near.update(self.site.ledger.near(filed.filings))
        earlier = [self._earlier(mine) for mine in filed.filings]
        approved = [self.approved(m.member_id) for m in matched.matches]
        alike = [self.near[f.letter_id].alike for f in filed.filings]

        def make() -> Findings:
            checked, remarked = [], []
            for x, m, before, mine, standing, others in zip(self.letters(row), matched.matches, earlier, filed.filings, approved, alike, strict=True):
                checked.append(check(x, m, self.site.records, before, mine, self.site.as_of, self.site.rules, standing))
                remarked.append(remarks(x, m, self.site.records, [*before, *others], mine, self.site.as_of, self.site.rules))
            return Findings(findings=tuple(checked), remarks=tuple(remarked))

        if self._notes is not None:  # judged in bulk: what is found stands in the case, and nobody asks for it here again
            return self._tried("check", row, make)
        rest = (self.site.versions.check, self.site.rules.version, self.site.as_of, row.seq)
        before = [e.model_dump_json() for several in (*earlier, *approved, *alike) for e in several]
        return self._kept("check", row, f"{row.id}-{digest(self._match_key(row), *rest, *before, *self._keyed(row))}", Findings, make)

    def survey(self, rows: Sequence[ReceiptRow]) -> None:
        """Asks once for what lies on file near the letters of many files."""
        filed = [kept for row in rows if (kept := self.filings(row)) is not None]
        self.near.update(self.site.ledger.near([f for kept in filed for f in kept.filings]))

    def _earlier(self, mine: OnFile) -> list[OnFile]:
        """Letters received before that may be about the same person, and those whose requests this paper answers."""
        found = list(self.near[mine.letter_id].before)
        return found + self._answered.asked(mine.answers, mine.order, {x.letter_id for x in found})

    def approved(self, member: str | None) -> tuple[ApprovedLetter, ...]:
        """The member's letters that a person approved."""
        from pipeline.standing import approved_letters, approved_of

        if self._only is not None:
            return approved_of(self.site, member) if member else ()
        if self._approved is None:
            self._approved = approved_letters(self.site)
        return self._approved.get(member or "", ())

    def placed(self, row: ReceiptRow) -> list[CaseRow]:
        """Each letter of the file (or the file without one) in its queue; its Case is kept under its content."""
        parsed, matched, found, given = self.parsed(row), self.matches(row), self.findings(row), self.given.get(row.id)
        letters: list[Letter | None] = [*self.letters(row)] or [None]
        rows = []
        for part, letter in enumerate(letters):
            sound = letter is not None and matched is not None and found is not None
            match = matched.matches[part] if sound and matched else None
            findings = found.findings[part] if sound and found else ()
            remarks = found.remarks[part] if sound and found and found.remarks else () if letter else self._answered.by_paper(self._borne(row), row.seq)
            item = self._item(row, parsed, letter, match, findings, remarks)
            key = given.results[part] if given and given.items[part] == item else self._put_case(row, parsed, letter, item)
            bad = row.id in self.setbacks or (letter is None and parsed.document_class == "unreadable")
            rows.append(CaseRow(row.id, item, bad and row.id not in self.released, key, part))
        return rows

    def _item(self, row: ReceiptRow, parsed: ParsedFile, letter: Letter | None, match: Match | None, findings: tuple[Finding, ...],
              remarks: tuple[Remark, ...]) -> ReviewItem:  # fmt: skip
        """A letter on which a stage failed is handed to triage as none: it must not pass for one that was checked."""
        from pipeline.review.triage import triage

        letter_id = letter.letter_id if letter else row.id[:16]
        problems = (*parsed.problems, *filter(None, [self.setbacks.get(row.id)]))
        checked = letter if row.id not in self.setbacks else None

        def make() -> ReviewItem:
            return triage(letter_id=letter_id, sha256=row.receipt.sha256, file=row.receipt.file, document_class=parsed.document_class,
                          letter=checked, match=match, findings=findings, problems=problems, records=self.site.records,
                          receipt=row.receipt, as_of=self.site.as_of, remarks=remarks, stops=self._answered.stops(row, remarks))  # fmt: skip

        return self._tried("review", row, make) or ReviewItem(
            letter_id=letter_id, sha256=row.receipt.sha256, file=row.receipt.file, queue="transcribe", priority=1, due=None,
            why=self.setbacks[row.id].says, match=match, problems=(*problems, self.setbacks[row.id]),
        )  # fmt: skip

    def _borne(self, row: ReceiptRow) -> tuple[str, ...]:
        """The references that a file's words bear; kept, since asking takes all its words."""
        kept = self.site.store.get("references", self.site.read_key(row.receipt), References)
        if kept is None:
            kept = References(references=references_in(self.document(row).text))
            if not row.receipt.problems and self.site.store.result_path("read", self.site.read_key(row.receipt)).exists():
                self.site.store.put("references", self.site.read_key(row.receipt), kept)
        return kept.references

    def _put_case(self, row: ReceiptRow, parsed: ParsedFile, letter: Letter | None, item: ReviewItem) -> str:
        faces = self.faces(row).faces
        pages = letter.pages if letter else tuple(face.number for face in faces)
        case = Case(receipt=row.receipt, document_class=parsed.document_class, segments=parsed.segments, pages=pages, faces=faces,
                    letter=letter, item=item)  # fmt: skip
        text = case.model_dump_json()
        key = f"{row.id}-{digest(text)}"
        if not self.site.store.has("case", key):
            self.made.add(("review", row.id))
            self.site.store.put_text("case", key, text)
        return key

    def _match_key(self, row: ReceiptRow) -> str:
        if row.id not in self._match_keys:
            keyed = [] if self._only_confirmed(row) else self._keyed(row)
            self._match_keys[row.id] = f"{row.id}-{digest(self.site.parse_key(row.receipt), self.site.versions.match, self.site.records.snapshot, *keyed)}"
        return self._match_keys[row.id]

    def _keyed(self, row: ReceiptRow) -> list[str]:
        return [f"{x} {c.model_dump_json()}" for x, several in self.corrections.get(row.id, {}).items() for c in several]

    def _only_confirmed(self, row: ReceiptRow) -> bool:
        """Whether what people keyed changes nothing that matching and filing look at."""
        keyed = self.corrections.get(row.id)
        return not keyed or all(only_confirmed(read, now, keyed.get(read.letter_id, ()))
                                for read, now in zip(self._read(row).letters, self.parsed(row).letters, strict=True))  # fmt: skip

    def _kept(self, stage: str, row: ReceiptRow, key: str, kind: type[M], make: Callable[[], M]) -> M | None:
        kept = self.site.store.get(stage, key, kind)
        if kept is not None:
            return kept
        self.made.add((stage, row.id))
        made = self._tried("check" if stage == "filing" else stage, row, make)
        if made is not None:
            self.site.store.put(stage, key, made)
        return made

    def _tried(self, stage: str, row: ReceiptRow, make: Callable[[], T]) -> T | None:
        """The result, or None and a setback: only the class of the error is told, its message may hold words."""
        if row.id in self.setbacks and stage != "review":
            return None
        try:
            return make()
        except OperatorError:
            raise
        except Exception as err:
            self.setbacks[row.id] = failed(stage, err)
            note: Note = (row.id, "failed", {"stage": stage, "error": type(err).__name__})
            if self._notes is None:
                self.site.ledger.note(self.site.now, *note, once=True)
            else:
                self._notes.append(note)
            return None
