"""Given perfect reading, judging finds what a careful examiner finds: the ceiling of match, check and triage."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.check import check, filing_keys, load_rules
from pipeline.match import match
from pipeline.model import OnFile, Receipt
from pipeline.records import load_records
from pipeline.review.triage import LADDER, triage
from tests.truth_letters import corpora, document_of, letter_of, truths

TODAY = dt.date(2026, 6, 30)


def judged(corpus: Path) -> list[tuple[str, set[str], set[str], str, str]]:
    """(name, true findings, found findings, true queue, found queue) of each document."""
    records, rules = load_records(str(corpus / "claims"), TODAY), load_rules(None)
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
            findings = ()
            if letter is not None and found is not None:
                mine = filing_keys(letter, document, order, truth["name"], found.member_id)
                findings = check(letter, found, records, earlier, mine, TODAY, rules)
                earlier.append(mine)
            item = triage(letter_id="x", sha256=document.sha256, file=truth["name"], document_class="lmn" if letter else "other", letter=letter,
                          match=found, findings=findings, problems=(), records=records, receipt=receipt, as_of=TODAY)  # fmt: skip
            codes |= {f.code for f in item.findings}
            queues.append(item.queue)
        rows.append((truth["name"], set(truth["findings"]), codes, truth["queue"], min(queues, key=LADDER.index)))
    return rows


@pytest.mark.parametrize("corpus", corpora(), ids=lambda p: p.name if p.name != "corpus" else "blind")
def test_judging_agrees_with_the_truth(corpus: Path) -> None:
    rows = judged(corpus)
    wrong = [(n, tq, fq) for n, _, _, tq, fq in rows if tq != fq]
    hits = sum(len(t & f) for _, t, f, _, _ in rows)
    both = sum(len(t) + len(f) for _, t, f, _, _ in rows)
    assert len(wrong) <= 0.08 * len(rows), wrong
    assert 2 * hits / both >= 0.9
