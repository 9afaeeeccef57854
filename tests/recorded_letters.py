"""Letters as they were read once (tests/recorded), sent down the rest of the road: for measuring without OCR."""

import datetime as dt
import json
import lzma
from pathlib import Path
from typing import Any

from pipeline.check import check, filing_keys, load_rules
from pipeline.evaluate.corpus import load_truth
from pipeline.evaluate.judge import file_marks
from pipeline.evaluate.marks import Mark
from pipeline.match import match
from pipeline.model import Case, DocumentText, Finding, OnFile, Receipt
from pipeline.parse import parse
from pipeline.records import load_records
from pipeline.review.record import record_of
from pipeline.review.triage import triage

ROOT = Path(__file__).resolve().parent
RECORDED = ROOT / "recorded"
TODAY = dt.date(2026, 6, 30)
Json = dict[str, Any]


def recordings() -> list[tuple[str, str]]:
    """(set, condition) of everything recorded."""
    return [(path.parent.name, path.name.split(".")[0]) for path in sorted(RECORDED.glob("*/*.jsonl.xz"))]


def documents(name: str, condition: str) -> list[tuple[str, DocumentText]]:
    """Each document's name and words, in the order of the names."""
    lines = lzma.decompress((RECORDED / name / f"{condition}.jsonl.xz").read_bytes()).decode().splitlines()
    return [(line["name"], DocumentText.model_validate(line["document"])) for line in map(json.loads, lines)]


def marks(name: str, condition: str) -> list[Mark]:
    """What is right and wrong on every letter of a recorded set."""
    corpus = ROOT / name / "corpus"
    truth, records, rules = load_truth(corpus), load_records(str(corpus / "claims"), TODAY), load_rules(None)
    earlier: list[OnFile] = []
    made: list[Mark] = []
    for order, (document_name, document) in enumerate(documents(name, condition)):
        receipt = Receipt(sha256=document.sha256, file=f"{document_name}.pdf", channel="inbox", media_type="application/pdf", size=1,
                          received_at="2026-06-30T08:00:00", batch="b")  # fmt: skip
        parsed = parse(document)
        told: list[Json] = []
        for letter in parsed.letters or (None,):
            found = match(letter, records) if letter else None
            findings: tuple[Finding, ...] = ()
            if letter is not None and found is not None:
                mine = filing_keys(letter, document, order, receipt.file, found.member_id)
                findings = check(letter, found, records, earlier, mine, TODAY, rules)
                earlier.append(mine)
            item = triage(letter_id="x", sha256=document.sha256, file=receipt.file, document_class=parsed.document_class, letter=letter,
                          match=found, findings=findings, problems=parsed.problems, records=records, receipt=receipt, as_of=TODAY)  # fmt: skip
            pages = letter.pages if letter else tuple(p.number for p in document.pages)
            told.append(record_of(Case(receipt=receipt, document_class=parsed.document_class, segments=parsed.segments, pages=pages, faces=(), letter=letter, item=item)))
        made += file_marks(condition, document_name, truth[document_name], told)
    return made
