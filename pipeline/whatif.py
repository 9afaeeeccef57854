"""How the letters in the store would stand under other rules, other claim records, or this parser.

Belongs here: judging every letter again in memory and telling what would move, by which rule, for how much money. Does
not belong here: the queues, which stay as they are: nothing is written, neither to the ledger nor to the store.
"""

import datetime as dt
import multiprocessing
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.amend import amended, tied
from pipeline.check import Rules, check, filing_keys
from pipeline.ledger import CaseRow
from pipeline.letters import Known
from pipeline.model import ApprovedLetter, Case, Correction, DocumentText, Finding, Letter, Match, OnFile
from pipeline.records import Records
from pipeline.review.triage import triage
from pipeline.site import Site
from pipeline.standing import approved_letters

_CHUNK, _MANY = 200, 400
"""Letters handed to a process at once; fewer than so many letters are not worth a second process."""


class Judgement(NamedTuple):
    """How one letter stands now and would stand. `gained` and `lost` are (finding code, severity, rule id); `amount` is
    what the claims it is for, now or then, ask in dollars; `said` what the letter would say otherwise, as (name, now, then)."""

    letter_id: str
    file: str
    queue_now: str
    queue_then: str
    gained: tuple[tuple[str, str, str], ...]
    lost: tuple[tuple[str, str, str], ...]
    amount: float
    member_now: str | None
    member_then: str | None
    said: tuple[tuple[str, str, str], ...] = ()

    @property
    def moves(self) -> bool:
        return self.queue_now != self.queue_then

    @property
    def differs(self) -> bool:
        """Whether anything at all would be different."""
        return self.moves or bool(self.gained or self.lost or self.said) or self.member_now != self.member_then

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules whose findings come or go; of blocking ones where there are any."""
        told = [*self.gained, *self.lost]
        blocking = [rule for _, level, rule in told if level == "blocks"]
        return tuple(dict.fromkeys(blocking or [rule for _, _, rule in told]))


@dataclass(frozen=True)
class Otherwise:
    """What is tried: rules and records, whether the records are other ones than the queues were made with, whether
    each letter is parsed again."""

    rules: Rules
    records: Records
    other_records: bool
    parse_again: bool
    as_of: dt.date


def judge_otherwise(site: Site, otherwise: Otherwise, jobs: int = 1) -> list[Judgement]:
    """Every letter of the ledger, judged otherwise, in order of receipt. Files without a letter are left out, and so
    are letters that the program failed on."""
    global _work
    rows = site.ledger.cases()
    _work = _Work(site, otherwise, approved_letters(site), Known(site).corrections)
    chunks = [rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK)]
    done: list[Judgement] = []
    for number, several in enumerate(_spread(chunks, jobs if len(rows) > _MANY else 1), 1):
        done.extend(several)
        site.progress("judging", min(number * _CHUNK, len(rows)), len(rows))
    return done


_work: "_Work | None" = None
"""What forked processes share without copying."""


def _spread(chunks: Sequence[list[CaseRow]], jobs: int) -> Iterable[list[Judgement]]:
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return map(_judge_chunk, chunks)
    return _forked(chunks, jobs)


def _forked(chunks: Sequence[list[CaseRow]], jobs: int) -> Iterable[list[Judgement]]:
    with multiprocessing.get_context("fork").Pool(jobs, initializer=_begin) as pool:
        yield from pool.imap(_judge_chunk, chunks)


def _begin() -> None:
    if _work is not None:
        _work.site.ledger.leave_to_parent()


def _judge_chunk(rows: Sequence[CaseRow]) -> list[Judgement]:
    if _work is None:
        raise RuntimeError("judging began before it was prepared")
    return _work.judged(rows)


class _Tried(NamedTuple):
    """A letter as it would be read and tied, with its keys."""

    row: CaseRow
    case: Case
    letter: Letter
    tied: Match
    mine: OnFile


@dataclass
class _Work:
    site: Site
    otherwise: Otherwise
    approved: Mapping[str, tuple[ApprovedLetter, ...]]
    keyed: Mapping[str, Mapping[str, Sequence[Correction]]]

    def judged(self, rows: Sequence[CaseRow]) -> list[Judgement]:
        """The letters among these rows, judged otherwise."""
        filed = {f.letter_id: f for f in self.site.ledger.on_file([row.item.letter_id for row in rows])}
        tried = [one for row in rows if (mine := filed.get(row.item.letter_id)) and (one := self._tried(row, mine))]
        before = self.site.ledger.before([one.mine for one in tried])
        return [self._judged(one, before[one.mine.letter_id]) for one in tried]

    def _tried(self, row: CaseRow, mine: OnFile) -> _Tried | None:
        case = self.site.store.get("case", row.result, Case)
        if case is None or case.letter is None or case.item.match is None:
            return None
        keyed = self.keyed.get(row.receipt_id, {}).get(row.item.letter_id, ())
        letter = self._letter(case, keyed) if self.otherwise.parse_again else case.letter
        if letter is None:
            return None
        match = self._match(letter, case, keyed)
        letter = letter.with_values(match.told)
        return _Tried(row, case, letter, match, self._filing(letter, case, mine, match))

    def _judged(self, one: _Tried, before: Sequence[OnFile]) -> Judgement:
        case, letter, tied, records, now = one.case, one.letter, one.tied, self.otherwise.records, one.case.item.match
        findings = check(letter, tied, records, before, one.mine, self.otherwise.as_of, self.otherwise.rules, self.approved.get(tied.member_id or "", ()))
        then = triage(letter_id=letter.letter_id, sha256=letter.sha256, file=case.receipt.file, document_class=case.document_class, letter=letter,
                      match=tied, findings=findings, problems=case.item.problems, records=records, receipt=case.receipt,
                      as_of=self.otherwise.as_of)  # fmt: skip
        gained, lost = _differing(case.item.findings, then.findings)
        said = _said(case.letter, letter) if self.otherwise.parse_again and case.letter else ()
        claims = dict.fromkeys((*tied.claims, *(now.claims if now else ())))
        return Judgement(letter.letter_id, case.receipt.file, one.row.item.queue, then.queue, gained, lost, self._amount(claims),
                         now.member_id if now else None, tied.member_id, said)  # fmt: skip

    def _match(self, letter: Letter, case: Case, keyed: Sequence[Correction]) -> Match:
        """The match as it stands, or by other records or another reading."""
        if not self._must_match and case.item.match is not None:
            return case.item.match
        return tied(letter, self.otherwise.records, keyed, lambda: self._document(case) or DocumentText(sha256=case.receipt.sha256, text="", pages=()))

    @property
    def _must_match(self) -> bool:
        return self.otherwise.other_records or self.otherwise.parse_again

    def _letter(self, case: Case, keyed: Sequence[Correction]) -> Letter | None:
        """The same letter as this parser reads it from the words in the store, with what people keyed; None when it
        finds none there."""
        from pipeline.parse import parse

        document = self._document(case)
        letters = parse(document).letters if document else ()
        own = case.letter.pages[:1] if case.letter else ()
        same = next((x for x in letters if x.pages[:1] == own), None)
        return amended(same.model_copy(update={"letter_id": case.item.letter_id}), keyed) if same else None

    def _document(self, case: Case) -> DocumentText | None:
        kept = self.site.store.get("read", self.site.read_key(case.receipt), DocumentText)
        return kept or self.site.store.latest("read", case.receipt.sha256, DocumentText)

    def _filing(self, letter: Letter, case: Case, mine: OnFile, tied: Match) -> OnFile:
        document = self._document(case) if self.otherwise.parse_again else None
        if document is not None:
            return filing_keys(letter, document, mine.order, mine.file, tied.member_id, mine.received, mine.faces)
        return mine if mine.member_id == tied.member_id else mine.model_copy(update={"member_id": tied.member_id})

    def _amount(self, ids: Iterable[str]) -> float:
        claims = self.otherwise.records.claims
        return round(sum(claims[c].amount or 0.0 for c in ids if c in claims), 2)


def _differing(now: Sequence[Finding], then: Sequence[Finding]) -> tuple[tuple[tuple[str, str, str], ...], ...]:
    """(gained, lost): a finding of another severity is lost and gained."""
    before, after = ({(f.code, f.severity): f.rule.partition("@")[0] for f in several} for several in (now, then))
    gained = tuple((*key, rule) for key, rule in after.items() if key not in before)
    return gained, tuple((*key, rule) for key, rule in before.items() if key not in after)


def _said(now: Letter, then: Letter) -> tuple[tuple[str, str, str], ...]:
    from pipeline.check import changed, values_of

    return tuple((name, old, new) for name, old, new in changed(values_of(now), values_of(then)))


class Move(NamedTuple):
    """So many letters would go from one queue to another, with what their claims ask."""

    now: str
    then: str
    letters: int
    amount: float


def moves(judged: Iterable[Judgement]) -> list[Move]:
    """The moves, most money first."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for j in judged:
        if j.moves:
            found[(j.queue_now, j.queue_then)].append(j.amount)
    told = [Move(now, then, len(amounts), round(sum(amounts), 2)) for (now, then), amounts in found.items()]
    return sorted(told, key=lambda m: (-m.amount, m.now, m.then))


class Share(NamedTuple):
    """What one rule brings about: findings gained and lost, letters it moves, what their claims ask."""

    rule: str
    gained: int
    lost: int
    letters: int
    amount: float


def by_rule(judged: Sequence[Judgement]) -> list[Share]:
    """Each rule that makes a difference, most letters moved first. A letter that two rules move counts for both."""
    told = []
    for rule in sorted({r for j in judged for _, _, r in (*j.gained, *j.lost)}):
        gained = sum(r == rule for j in judged for _, _, r in j.gained)
        lost = sum(r == rule for j in judged for _, _, r in j.lost)
        moved = [j.amount for j in judged if j.moves and rule in j.rules]
        told.append(Share(rule, gained, lost, len(moved), round(sum(moved), 2)))
    return sorted(told, key=lambda s: (-s.letters, -s.gained - s.lost, s.rule))

