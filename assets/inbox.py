"""The sensor that watches the inbox, and the schedule that keeps the queues fresh.

Belongs here: when to start a run. Does not belong here: what a run does. A tick looks at names, sizes and times only:
no file is opened. Cursor, run keys and partition keys hold hashes, never a file's name.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import dagster as dg

from assets.jobs import process_batch, republish_queues
from assets.stages import intake_batches
from pipeline.arrival import BATCH, write_manifest
from pipeline.intake import Found, Seen, scan, settled
from pipeline.settings import Settings, load

_MOST_AT_ONCE = 2
_MOST_ATTEMPTS = 3
_TICK_SECONDS = 10
_UNDER_WAY = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


class Flight(NamedTuple):
    """A file between first sight and its leaving the inbox: as it was seen, the batch it was put into, how often."""

    size: int
    changed_ns: int
    batch: str = ""
    attempts: int = 0


@dg.sensor(job=process_batch, minimum_interval_seconds=_TICK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """A file is handed out when two ticks saw it the same and it has been at rest for `settle_seconds`; a manifest
    names the batch's files before the run is asked for. A file still there when its run has ended is asked for again,
    three times in all. While two runs wait or work, files gather for the next batch."""
    settings = load()
    flights = {name: Flight(*told) for name, told in json.loads(context.cursor or "{}").items()}
    listed = scan(settings.inbox).files if settings.inbox.is_dir() else ()
    now = {_name(f): _still(f, flights.get(_name(f))) for f in listed}
    if _under_way(context.instance) >= _MOST_AT_ONCE:
        return dg.SensorResult(skip_reason="Enough runs wait already; files gather for the next batch.", cursor=_cursor(now))
    ready = [f for f in listed if _ready(f, flights.get(_name(f)), settings, context.instance)]
    keys = list(_hand_out(ready, now, settings))
    if not keys:
        return dg.SensorResult(skip_reason=f"{len(listed)} files in the inbox, none to hand out.", cursor=_cursor(now))
    return dg.SensorResult(
        run_requests=[dg.RunRequest(partition_key=key, run_key=key) for key in keys],
        dynamic_partitions_requests=[intake_batches.build_add_request(keys)],
        cursor=_cursor(now),
    )


def _name(found: Found) -> str:
    return hashlib.sha256(found.file.encode()).hexdigest()[:24]


def _still(found: Found, before: Flight | None) -> Flight:
    """The file as it is now; what is known of it holds as long as it does not change."""
    same = before is not None and Seen(before.size, before.changed_ns) == found.seen
    return before if before is not None and same else Flight(*found.seen)


def _ready(found: Found, before: Flight | None, settings: Settings, instance: dg.DagsterInstance) -> bool:
    if before is None or Seen(before.size, before.changed_ns) != found.seen or before.attempts >= _MOST_ATTEMPTS:
        return False
    at_rest = settled(found, time.time(), settings.settle_seconds, {found.file: found.seen} if found.seen.changed_ns > time.time_ns() else None)
    return at_rest and (not before.batch or not _working_on(before.batch, instance))


def _hand_out(ready: list[Found], now: dict[str, Flight], settings: Settings) -> Iterator[str]:
    for group in (ready[at : at + BATCH] for at in range(0, len(ready), BATCH)):
        key = write_manifest(settings, group, max(now[_name(f)].attempts for f in group))
        for found in group:
            name = _name(found)
            now[name] = now[name]._replace(batch=key, attempts=now[name].attempts + 1)
        yield key


def _working_on(batch: str, instance: dg.DagsterInstance) -> bool:
    return instance.get_runs_count(dg.RunsFilter(tags={"dagster/partition": batch}, statuses=_UNDER_WAY)) > 0


def _under_way(instance: dg.DagsterInstance) -> int:
    return instance.get_runs_count(dg.RunsFilter(job_name=process_batch.name, statuses=_UNDER_WAY))


def _cursor(flights: Mapping[str, Flight]) -> str:
    return json.dumps(flights, sort_keys=True)


nightly_schedule = dg.ScheduleDefinition(
    name="nightly_schedule", job=republish_queues, cron_schedule="15 2 * * *", default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Judges every letter as of the new day, so that late ones move up, and writes the queues anew.",
)  # fmt: skip
