"""Running the jobs from the command line, on the home's own Dagster instance, so that the UI shows them afterwards.

Belongs here: the instance's folder and starting a job in this process. Does not belong here: what is printed.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.definitions import definitions_at
from assets.stages import STAGES, intake_batches
from pipeline.errors import LedgerDamaged
from pipeline.process import batches_in_work, is_stale
from pipeline.settings import Settings
from pipeline.site import Site

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def dagster_home(settings: Settings) -> Path:
    """The home's folder for Dagster, with dagster.yaml in it; DAGSTER_HOME and LMN_STATE name it from now on."""
    folder = settings.home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), folder / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = os.environ["LMN_STATE"] = str(folder)
    return folder


@contextmanager
def instance_of(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance."""
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        yield instance


def launch(site: Site) -> bool:
    """Brings every batch in work to the queues, or the queues up to date; False when there was nothing to do. What
    stopped an asset rises here as it was raised there."""
    batches = batches_in_work(site)
    if not batches and not is_stale(site):
        return False
    with instance_of(site.settings) as instance:
        known = [batch.key for batch in site.ledger.batches()]
        instance.add_dynamic_partitions(str(intake_batches.name), known)
        for batch in batches[:-1]:
            _run(site, instance, "process_batch", batch, [asset.key for asset in STAGES])
        if batches:
            _run(site, instance, "process_batch", batches[-1], None)
        else:
            _run(site, instance, "republish_queues", None, None)
    return True


def _run(site: Site, instance: dg.DagsterInstance, job: str, batch: str | None, only: list[dg.AssetKey] | None) -> None:
    definitions = definitions_at(dg.ResourceDefinition.hardcoded_resource(site))
    result = definitions.resolve_job_def(job).execute_in_process(
        run_config=_QUIET, instance=instance, partition_key=batch, raise_on_error=False, asset_selection=only
    )
    if site.fault is not None:
        raise site.fault
    if not result.success:
        broken = sorted(e.check_name for e in result.get_asset_check_evaluations() if not e.passed and e.blocking)
        raise LedgerDamaged(f"The run {result.run_id} did not end well ({', '.join(broken) or 'see the Dagster UI'}). Nothing was lost; "
                            "run 'lmn check', then run again.")  # fmt: skip
