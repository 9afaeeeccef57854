"""`lmn explain`: everything known of one letter, in words.

Belongs here: finding the letter and printing it. Does not belong here: judging.
"""

import argparse
import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from pipeline.answered import Answered
from pipeline.commands.start import day_of, home_of, now_on
from pipeline.errors import BadSettings, OperatorError
from pipeline.ledger import CaseRow, Event
from pipeline.model import Candidate, Case, Evidence, FieldValue, Finding, Letter, LetterSide, Match, RecordSide
from pipeline.publication import case_of
from pipeline.review.triage import clock_of
from pipeline.site import Site, opened


def main(options: argparse.Namespace) -> int:
    """Prints the letters that the argument names; BadSettings when there is none, or an id's beginning fits several."""
    day = day_of(options)
    with opened(home_of(options), day, now_on(day)) as site:
        found = [(row, case_of(site, row), site.ledger.events_of(row.receipt_id)) for row in _find(site, options.letter)]
        clocks = {row.item.letter_id: _clock(site, row, case) for row, case, _ in found} if not options.json else {}
    if options.json:
        print(json.dumps([_as_json(*each) for each in found], indent=1, ensure_ascii=False))
        return 0
    for row, case, events in found:
        print("\n".join(_folded(_lines(row, case, events, clocks[row.item.letter_id]), _width())))
    return 0


def _clock(site: Site, row: CaseRow, case: Case) -> str:
    """The law or agreement behind the due day; '' where the records cannot be had."""
    try:
        received = site.ledger.receipt(row.receipt_id)
        stops = Answered(site.ledger).stops(received, case.item.remarks) if received else ()
        clock = clock_of(case.letter, case.item.match, site.records, case.receipt, stops)
    except OperatorError:
        return ""
    return f"{clock.source}{'' if clock.checked else ' (customer must confirm)'}"


def _width() -> int | None:
    """Columns of the terminal that shows this; None where it goes to a file or another program."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else None


def _folded(lines: Iterable[str], width: int | None) -> Iterator[str]:
    """Lines no longer than `width`, broken at spaces, what runs over set in under the line it belongs to."""
    for line in lines:
        margin = len(line) - len(line.lstrip())
        indent = " " * (margin + 6 if margin < _DEEP else margin + 2)
        yield from textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) if width else [line]


_DEEP = 6
"""Spaces before a line that is itself set in under another."""


def _find(site: Site, letter: str) -> list[CaseRow]:
    receipts = site.ledger.receipts_for(letter)
    if receipts:
        rows = site.ledger.cases_of(receipts[-1].id)
        if not rows:
            raise BadSettings(f"The file {letter} was received and is still in work. Run 'lmn run', then ask again.")
        return rows
    rows = site.ledger.cases_like(letter)
    if len({row.receipt_id for row in rows}) > 1:
        ids = ", ".join(row.item.letter_id for row in rows[:6])
        raise BadSettings(f"Several letters begin with '{letter}': {ids}. Give more of the id.")
    if not rows:
        raise BadSettings(f"No letter has the id '{letter}' and no file of that path was received. 'lmn status' and letters.jsonl list them.")
    return rows


def _as_json(row: CaseRow, case: Case, events: Sequence[Event]) -> dict[str, object]:
    told = [{"at": e.at, "kind": e.kind, **e.detail} for e in events]
    return {"letter_id": row.item.letter_id, "events": told, **case.model_dump(mode="json")}


def _lines(row: CaseRow, case: Case, events: Sequence[Event], clock: str) -> Iterator[str]:
    receipt, item = case.receipt, case.item
    yield f"Letter {item.letter_id}"
    yield f"  file      {receipt.file} ({receipt.media_type}, {receipt.size} bytes, channel {receipt.channel})"
    yield f"  bytes     {receipt.sha256}"
    yield f"  kept as   originals/{receipt.sha256[:2]}/ under the name of its bytes"
    if receipt.duplicate_of:
        yield "  the same bytes were received before under another path"
    yield f"  is        {case.document_class}, pages {', '.join(map(str, case.pages)) or 'none'}"
    for segment in case.segments:
        yield f"    pages {', '.join(map(str, segment.pages))}: {segment.page_class} ({segment.because})"
    yield f"  queue     {item.queue}, priority {item.priority}, due {item.due or 'never'}"
    if clock and item.due:
        yield f"            counted by {clock}"
    yield f"  why       {item.why}"
    yield from (f"  problem   {p.says}" for p in dict.fromkeys((*receipt.problems, *item.problems)))
    yield "What happened"
    yield from (f"  {e.at}  {e.kind}{_detail(e)}" for e in events)
    if case.letter:
        yield from _letter(case.letter)
    if item.match:
        yield from _match(item.match)
    if item.remarks:
        yield "Remarks"
    yield from (f"  {r.says}{_sides(r.letter, r.record)}" for r in item.remarks)
    yield "Findings" if item.findings else "Findings: none"
    for finding in item.findings:
        yield from _finding(finding)


def _sides(letter: LetterSide | None, record: RecordSide | None) -> str:
    words = f" · page {letter.page} “{' '.join(letter.quote.split())}”" if letter else ""
    return words + (f" · {record.table} {record.id}, {record.column}: {record.value}" if record else "")


_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def _short(digest: re.Match[str]) -> str:
    return f"{digest.group()[:12]}…"


def _detail(event: Event) -> str:
    told = ", ".join(f"{k} {_HASH.sub(_short, str(v))}" for k, v in event.detail.items() if v is not None and k != "sha256")
    return f" ({told})" if told else ""


def _letter(letter: Letter) -> Iterator[str]:
    yield f"What it says ({letter.kind}, pages {', '.join(map(str, letter.pages))})"
    for field in letter.fields.values():
        yield from _field(field)
    for d in letter.diagnoses:
        code = d.icd10 or (f"{d.suggested_icd10} suggested" if d.suggested_icd10 else "no code")
        yield f"  diagnosis {d.text} ({code}{', primary' if d.primary else ''}) {_where(d.confidence, d.evidence, d.because)}"
    for n in letter.not_diagnoses:
        yield f"  no diagnosis: {n.text} ({n.because}) {_quote(n.evidence)}"
    for i in letter.items:
        parts = {"code": i.code, "quantity": i.quantity, "frequency": i.frequency, "months": i.duration_months, "by": i.acquisition, "cost": i.cost}
        told = ", ".join(f"{k} {v}" for k, v in parts.items() if v is not None)
        yield f"  item {i.text} [{i.category}]{f' {told}' if told else ''} {_where(i.confidence, i.evidence, i.because)}"
    for e in letter.elements:
        yield f"  {e.name}: {'yes' if e.value else 'no'} {_where(e.confidence, e.evidence, e.because)}"
    for f in letter.flags:
        yield f"  flag {f.code} {_where(f.confidence, f.evidence, f.because)}"


def _field(field: FieldValue) -> Iterator[str]:
    yield f"  {field.name}: {_value(field.accepted) if field.accepted else 'not found' if field.status == 'absent' else 'nothing acceptable'}"
    for c in field.candidates:
        if c is not field.accepted:
            yield f"      not {_value(c)}; {c.rejected_because or 'another reading is better'}"


def _value(c: Candidate) -> str:
    value = ", ".join(c.value) if isinstance(c.value, tuple) else str(c.value)
    return f"{value} {_where(c.confidence, c.evidence, c.because)}"


def _where(confidence: float, evidence: Evidence | None, because: str) -> str:
    parts = [f"{confidence:.2f}", _quote(evidence), because]
    return "· " + " · ".join(p for p in parts if p)


def _quote(evidence: Evidence | None) -> str:
    return f"page {evidence.page} “{' '.join(evidence.quote.split())}”" if evidence else ""


def _match(match: Match) -> Iterator[str]:
    yield f"Match: {match.outcome}" + (f", member {match.member_id}, plan {match.plan_id}" if match.member_id else "")
    yield f"  claims it is for: {', '.join(match.claims) or 'none'}" + (f"; other open claims: {', '.join(match.other_open)}" if match.other_open else "")
    for c in match.candidates:
        parts = ", ".join(f"{name} {score:+.1f}" for name, score in sorted(c.parts.items(), key=lambda p: -abs(p[1])))
        yield f"  {c.member_id} {c.score:+.1f} = {parts}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding.code} ({finding.severity}, {finding.outcome}, rule {finding.rule}): {finding.says}"
    if finding.letter:
        yield f"      letter, page {finding.letter.page}: “{' '.join(finding.letter.quote.split())}”"
    if finding.record:
        yield f"      record, {finding.record.table} {finding.record.id}, {finding.record.column}: {finding.record.value}"
    if finding.cure:
        yield f"      cure: {finding.cure}"
