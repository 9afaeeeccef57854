"""From the ledger's cases to the files that people and programs read, and whether those are up to date.

Belongs here: gathering cases, noting what was published. Does not belong here: what the files look like (review).
"""

from pipeline.errors import LedgerDamaged
from pipeline.ledger import CaseRow
from pipeline.model import Case
from pipeline.results import digest
from pipeline.site import Site

_ALWAYS = ("letters.jsonl", "queues.xlsx", "index.html")


def publish_cases(site: Site) -> int:
    """Writes every letter's case to `out` and returns how many there are. LedgerDamaged when a case is not in the
    store or `out` cannot be written."""
    from pipeline.review.publish import publish

    rows = site.ledger.cases()
    cases = [case_of(site, row) for row in rows]
    try:
        publish(cases, site.settings.out, site.store.root, site.as_of)
    except OSError as err:
        raise LedgerDamaged(f"The queues cannot be written to {site.settings.out} ({type(err).__name__}). Make room or correct its rights, "
                            "then run again.") from None  # fmt: skip
    site.ledger.remember("published", _content(site, rows))
    return len(rows)


def case_of(site: Site, row: CaseRow) -> Case:
    """A letter's case. LedgerDamaged when the store lost it."""
    case = site.store.get("case", row.result, Case)
    if case is None:
        raise LedgerDamaged(f"The store has no result for letter {row.item.letter_id}. Restore the store from backup, "
                            "or run with another --as-of to have it made again.")  # fmt: skip
    return case


def is_published(site: Site) -> bool:
    """Whether `out` holds what the ledger holds, as of this day."""
    there = all((site.settings.out / name).is_file() for name in _ALWAYS)
    return there and site.ledger.recall("published") == _content(site, site.ledger.cases())


def _content(site: Site, rows: list[CaseRow]) -> str:
    return digest(site.settings.out, site.as_of, *(f"{r.item.letter_id} {r.result}" for r in rows))
