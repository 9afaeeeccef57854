"""What must hold of the assets, and what somebody should look at.

Belongs here: the questions. Does not belong here: mending. The two blocking checks are the house's promise: no file is
lost, and no letter lies in two queues or none.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import dagster as dg

from assets import stages
from pipeline.site import Site

_LEAST_QUALITY = 0.6
_MOST_POOR = 0.2
_LEAST_MATCHED = 0.6


@dg.asset_check(asset=stages.review_items, blocking=True)
def every_file_accounted_for(site: dg.ResourceParam[Site]) -> dg.AssetCheckResult:
    """Received = queued + duplicates + quarantined + in work; a judged batch has a case and the original of each file."""
    accounts = site.ledger.accounts()
    judged = [row for b in site.ledger.batches() if b.judged for row in site.ledger.receipts_in(b.key)]
    placed = {row.receipt_id for row in site.ledger.cases()}
    lost = sum(row.id not in placed or not site.store.original(row.receipt.sha256).is_file() for row in judged)
    return dg.AssetCheckResult(passed=accounts.balanced and not lost, metadata={**accounts.model_dump(), "lost": lost})


@dg.asset_check(asset=stages.review_queues, blocking=True)
def every_letter_in_one_queue(site: dg.ResourceParam[Site]) -> dg.AssetCheckResult:
    """Each letter of the ledger stands once in letters.jsonl and once in one queue's spreadsheet."""
    due = Counter(row.item.letter_id for row in site.ledger.cases())
    published, listed = _published(site.settings.out), _listed(site.settings.out)
    return dg.AssetCheckResult(
        passed=due == published and sum(listed.values()) == sum(due.values()),
        metadata={"in_ledger": due.total(), "in_letters_jsonl": published.total(), **{f"in_{name}": n for name, n in sorted(listed.items())}},
    )


def _published(out: Path) -> Counter[str]:
    with (out / "letters.jsonl").open(encoding="utf-8") as lines:
        return Counter(json.loads(line)["letter_id"] for line in lines)


def _listed(out: Path) -> dict[str, int]:
    counts = {}
    for path in sorted(out.glob("*.csv")):
        with path.open(newline="", encoding="utf-8-sig") as stream:
            counts[path.stem] = sum(1 for _ in csv.DictReader(stream))
    return counts


@dg.asset_check(asset=stages.page_text)
def pages_readable(context: dg.AssetCheckExecutionContext, site: dg.ResourceParam[Site]) -> dg.AssetCheckResult:
    """At most a fifth of the batch's pages read poorly; more hints at a scanner or a fax line in trouble."""
    from pipeline.letters import Known

    known = Known(site)
    rows = site.ledger.receipts_in(context.run.tags.get("dagster/partition", ""))
    qualities = [q for row in rows for q in known.faces(row).qualities]
    poor = sum(q < _LEAST_QUALITY for q in qualities)
    return dg.AssetCheckResult(passed=poor <= _MOST_POOR * len(qualities), severity=dg.AssetCheckSeverity.WARN,
                               metadata={"pages": len(qualities), "poor": poor})  # fmt: skip


@dg.asset_check(asset=stages.claim_matches)
def match_rate(context: dg.AssetCheckExecutionContext, site: dg.ResourceParam[Site]) -> dg.AssetCheckResult:
    """Most letters find their member; fewer hints at stale claim tables."""
    from pipeline.letters import Known

    known = Known(site)
    rows = site.ledger.receipts_in(context.run.tags.get("dagster/partition", ""))
    outcomes = Counter(m.outcome for row in rows if (kept := known.matches(row)) for m in kept.matches)
    return dg.AssetCheckResult(passed=outcomes["matched"] >= _LEAST_MATCHED * outcomes.total(), severity=dg.AssetCheckSeverity.WARN,
                               metadata={"letters": outcomes.total(), "matched": outcomes["matched"]})  # fmt: skip


CHECKS = (every_file_accounted_for, every_letter_in_one_queue, pages_readable, match_rate)
