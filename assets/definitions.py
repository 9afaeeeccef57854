"""Everything Dagster is told of this project."""

import dagster as dg

from assets.checks import CHECKS
from assets.inbox import inbox_sensor, nightly_schedule
from assets.jobs import process_batch, republish_queues
from assets.site import site_of_today
from assets.stages import STAGES, WHOLE


def definitions_at(site: dg.ResourceDefinition) -> dg.Definitions:
    """The project at a site: today's by default, an open one when the command line launches."""
    return dg.Definitions(
        assets=[*STAGES, *WHOLE],
        asset_checks=CHECKS,
        jobs=[process_batch, republish_queues],
        sensors=[inbox_sensor],
        schedules=[nightly_schedule],
        resources={"site": site},
        executor=dg.in_process_executor,
    )


defs = definitions_at(site_of_today)
