"""The assets, one per room: each calls its stage and tells counts.

Belongs here: names, order and metadata. Does not belong here: work. Metadata holds counts and classes only.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

import dagster as dg

from assets.site import holding
from pipeline.site import Site

if TYPE_CHECKING:
    from pipeline.process import Tally

intake_batches = dg.DynamicPartitionsDefinition(name="intake_batches")
_CODE = version("lmn-review")
_OWNERS = ["team:letters"]


def _batch(context: dg.AssetExecutionContext, site: Site, stage: str) -> dg.MaterializeResult[None]:
    """Runs the stage of this name; `pipeline.process` is imported late, so that listing the assets stays quick."""
    from pipeline import process

    work: Callable[[Site, str], Tally] = getattr(process, stage)
    return _told(holding(site, lambda: work(site, context.partition_key)))


def _told(tally: "Tally") -> dg.MaterializeResult[None]:
    table = "\n".join(["| what | how many |", "|---|---|", *(f"| {name} | {number} |" for name, number in tally.rows[:20])])
    return dg.MaterializeResult(
        metadata={"files": tally.files, "made": tally.made, "already_there": tally.cached, "failed": tally.failed,
                  "counts": dg.MetadataValue.md(table)},
        data_version=dg.DataVersion(tally.content or "none"),
    )  # fmt: skip


@dg.asset(group_name="records", code_version=_CODE, owners=_OWNERS, kinds={"table"})
def claims_snapshot(site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """The payer's records and plan rules as this run sees them: found sound before any letter is touched."""
    from pipeline.process import ready

    holding(site, lambda: ready(site))
    records = site.records
    counts = {"members": len(records.members), "claims": len(records.claims), "plans": len(records.plans)}
    return dg.MaterializeResult(metadata={**counts, "rules": site.rules.version}, data_version=dg.DataVersion(site.judgement))


@dg.asset(partitions_def=intake_batches, deps=[claims_snapshot], group_name="intake", code_version=_CODE, owners=_OWNERS, kinds={"file"})
def received_files(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """The batch's files: kept by hash, recorded, out of the inbox."""
    return _batch(context, site, "take_in_batch")


@dg.asset(partitions_def=intake_batches, deps=[received_files], group_name="reading", code_version=_CODE, owners=_OWNERS, kinds={"python"})
def page_text(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """Words with boxes for every page: from the text layer, form fields or OCR."""
    return _batch(context, site, "read_batch")


@dg.asset(partitions_def=intake_batches, deps=[page_text], group_name="reading", code_version=_CODE, owners=_OWNERS, kinds={"python"})
def letters(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """The letters of each file, every value with the words it was read from."""
    return _batch(context, site, "parse_batch")


@dg.asset(deps=[claims_snapshot], group_name="records", code_version=_CODE, owners=_OWNERS, kinds={"table"})
def letters_on_file(site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """The letters received before, each judged under today's records and rules."""
    from pipeline.process import bring_up_to_date

    again = holding(site, lambda: bring_up_to_date(site))
    return dg.MaterializeResult(metadata={"batches_judged_again": again, "letters": site.ledger.count_on_file()})


@dg.asset(partitions_def=intake_batches, deps=[letters], group_name="judging", code_version=_CODE, owners=_OWNERS, kinds={"python"})
def claim_matches(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """Member and open claims of each letter, or why there is none for sure."""
    return _batch(context, site, "match_batch")


@dg.asset(partitions_def=intake_batches, deps=[claim_matches, letters_on_file], group_name="judging", code_version=_CODE, owners=_OWNERS, kinds={"python"})
def findings(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """What each letter is found to be, held against records, rules and the letters before it."""
    return _batch(context, site, "check_batch")


@dg.asset(partitions_def=intake_batches, deps=[findings], group_name="judging", code_version=_CODE, owners=_OWNERS, kinds={"python"})
def review_items(context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """Each letter in its queue, with priority, due day and the reason."""
    return _batch(context, site, "review_batch")


@dg.asset(deps=[review_items, letters_on_file], group_name="queues", code_version=_CODE, owners=_OWNERS, kinds={"file"})
def review_queues(site: dg.ResourceParam[Site]) -> dg.MaterializeResult[None]:
    """letters.jsonl, the spreadsheets and the pages, rebuilt from the ledger."""
    from pipeline.process import publish_queues

    return _told(holding(site, lambda: publish_queues(site)))


STAGES = (received_files, page_text, letters, claim_matches, findings, review_items)
WHOLE = (claims_snapshot, letters_on_file, review_queues)
