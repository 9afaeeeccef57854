"""Given perfect reading, judging finds what a careful examiner finds: the ceiling of match, check and triage."""

import datetime as dt
from typing import NamedTuple

import pytest

from pipeline.check import check, filing_keys, load_rules
from pipeline.match import match
from pipeline.model import Finding, OnFile, Receipt
from pipeline.records import load_records
from pipeline.review.queues import NAMES
from pipeline.review.triage import triage
from tests.truth_letters import Corpus, corpora, document_of, letter_of, truths

TODAY = dt.date(2026, 6, 30)


class Judged(NamedTuple):
    """A document's findings and queue, as they are and as they ought to be."""

    name: str
    true: set[str]
    found: set[str]
    true_queue: str
    queue: str


def judged(corpus: Corpus) -> list[Judged]:
    """Every document of a corpus, held against the records and the documents before it."""
    records, rules = load_records(str(corpus.claims), TODAY), load_rules(None)
    earlier: list[OnFile] = []
    rows = []
    for order, truth in enumerate(truths(corpus)):
        document = document_of(truth)
        receipt = Receipt(sha256=document.sha256, file=truth["name"], channel="inbox", media_type="application/pdf", size=1,
                          received_at="2026-06-30T08:00:00", batch="b")  # fmt: skip
        codes: set[str] = set()
        queues = []
        for n in range(max(1, len(truth["letters"]))):
            letter = letter_of(truth, n) if truth["letters"] else None
            found = match(letter, records) if letter else None
            findings: tuple[Finding, ...] = ()
            if letter is not None and found is not None:
                mine = filing_keys(letter, document, order, truth["name"], found.member_id)
                findings = check(letter, found, records, earlier, mine, TODAY, rules)
                earlier.append(mine)
            item = triage(letter_id="x", sha256=document.sha256, file=truth["name"], document_class="lmn" if letter else "other", letter=letter,
                          match=found, findings=findings, problems=(), records=records, receipt=receipt, as_of=TODAY)  # fmt: skip
            codes |= {f.code for f in item.findings}
            queues.append(item.queue)
        rows.append(Judged(truth["name"], set(truth["findings"]), codes, truth["queue"], min(queues, key=NAMES.index)))
    return rows


@pytest.mark.parametrize("corpus", corpora(), ids=lambda corpus: corpus.name)
def test_judging_agrees_with_the_truth(corpus: Corpus) -> None:
    rows = judged(corpus)
    wrong_queue = [(r.name, r.true_queue, r.queue) for r in rows if r.true_queue != r.queue]
    differing = [(r.name, sorted(r.true - r.found), sorted(r.found - r.true)) for r in rows if r.true != r.found]
    hits = sum(len(r.true & r.found) for r in rows)
    both = sum(len(r.true) + len(r.found) for r in rows)
    assert not wrong_queue, wrong_queue
    assert 2 * hits / both >= 0.95, differing


def test_the_samples_are_there() -> None:
    assert {"samples", "blind"} <= {corpus.name for corpus in corpora()}
