"""The job on a real instance: from inbox to queues, checks that bite, failures that tell no words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.definitions import definitions_at
from assets.stages import intake_batches
from pipeline.arrival import write_manifest
from pipeline.intake import scan
from pipeline.process import judge_batch, take_in_batch
from pipeline.site import Site
from tests.homes import fill, settings_at

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    import datetime as dt

    made = Site(settings_at(tmp_path / "home"), dt.date(2026, 6, 30), "2026-06-30T08:00:00+00:00")
    yield made
    made.ledger.close()


def execute(site: Site, instance: dg.DagsterInstance, batch: str | None, job: str = "process_batch") -> Any:
    if batch:
        instance.add_dynamic_partitions(str(intake_batches.name), [batch])
    definitions = definitions_at(dg.ResourceDefinition.hardcoded_resource(site))
    return definitions.resolve_job_def(job).execute_in_process(run_config=QUIET, instance=instance, partition_key=batch, raise_on_error=False)


def manifest(site: Site, *names: str) -> str:
    return write_manifest(site.settings, scan(fill(site.settings.home, *names)).files)


def test_a_manifest_goes_from_inbox_to_queues(site: Site, instance: dg.DagsterInstance) -> None:
    batch = manifest(site, "attachment.pdf", "portal/notes.pdf")
    result = execute(site, instance, batch)
    assert result.success
    assert not list(site.settings.inbox.rglob("*.pdf"))
    assert (site.settings.out / "letters.jsonl").read_text().count("\n") == 2
    assert {e.check_name for e in result.get_asset_check_evaluations() if e.passed} >= {"every_file_accounted_for", "every_letter_in_one_queue"}


def test_metadata_is_counts_only(site: Site, instance: dg.DagsterInstance) -> None:
    batch = manifest(site, "attachment.pdf")
    execute(site, instance, batch)
    event = instance.get_latest_materialization_event(dg.AssetKey("review_items"))
    assert event is not None and event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert metadata["files"].value == 1
    assert "| examine | 1 |" in str(metadata["counts"].value)


def test_a_lost_original_blocks_publishing(site: Site, instance: dg.DagsterInstance) -> None:
    batch = manifest(site, "attachment.pdf")
    take_in_batch(site, batch)
    judge_batch(site, batch)
    site.store.original(site.ledger.receipts()[0].receipt.sha256).unlink()
    result = execute(site, instance, batch)
    failed = [e.check_name for e in result.get_asset_check_evaluations() if not e.passed]
    assert (result.success, failed) == (False, ["every_file_accounted_for"])
    assert not (site.settings.out / "letters.jsonl").exists()


def test_a_letter_in_no_queue_is_seen(site: Site, instance: dg.DagsterInstance) -> None:
    from assets.checks import every_letter_in_one_queue

    assert execute(site, instance, manifest(site, "attachment.pdf")).success
    for name in ("examine.csv", "letters.jsonl"):
        kept = (site.settings.out / name).read_text()
        (site.settings.out / name).write_text(kept.splitlines(keepends=True)[0] if name.endswith("csv") else "")
        result = every_letter_in_one_queue(site=site)
        assert isinstance(result, dg.AssetCheckResult)
        assert not result.passed
        (site.settings.out / name).write_text(kept)


def test_a_failure_reaches_dagster_without_its_words(site: Site, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_site: Site) -> None:
        raise ValueError("Xanthippe Quux has lumbago")

    monkeypatch.setattr("pipeline.process.publish_queues", fail)
    result = execute(site, instance, manifest(site, "portal/notes.pdf"))
    assert not result.success
    assert isinstance(site.fault, ValueError)
    records = instance.get_records_for_run(result.run_id).records
    told = "".join(str(record.event_log_entry) for record in records)
    assert "ValueError at test_runs.py" in told
    kept = b"".join(path.read_bytes() for path in Path(instance.root_directory).rglob("*") if path.is_file())
    assert not any(word in told or word.encode() in kept for word in ("Xanthippe", "Quux", "lumbago"))


def test_republishing_judges_every_letter_anew(site: Site, instance: dg.DagsterInstance) -> None:
    import datetime as dt

    execute(site, instance, manifest(site, "attachment.pdf"))
    before = site.judgement
    later = Site(site.settings, dt.date(2026, 7, 1), site.now)
    assert execute(later, instance, None, "republish_queues").success
    assert [b.judged for b in later.ledger.batches()] == [later.judgement] != [before]
    later.ledger.close()


def test_the_nightly_job_ties_a_waiting_letter_to_its_claim_without_reading_it_again(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    import datetime as dt
    import shutil

    from tests.homes import CLAIMS

    claims = tmp_path / "claims"
    shutil.copytree(CLAIMS, claims)
    whole = (claims / "claims.csv").read_text(encoding="utf-8")
    (claims / "claims.csv").write_text("".join(row for row in whole.splitlines(keepends=True) if ",HFC-39014," not in row), encoding="utf-8")
    settings = settings_at(tmp_path / "home", claims=str(claims))
    today = Site(settings, dt.date(2026, 6, 30), "2026-06-30T08:00:00+00:00")
    assert execute(today, instance, manifest(today, "attachment.pdf")).success
    assert [(r.item.queue, r.item.match.claims if r.item.match else None) for r in today.ledger.cases()] == [("match", ())]
    today.ledger.close()
    kept = {p: p.stat().st_mtime_ns for stage in ("read", "parse", "faces") for p in (settings.store / "results" / stage).rglob("*.json")}

    (claims / "claims.csv").write_text(whole, encoding="utf-8")
    night = Site(settings, dt.date(2026, 7, 1), "2026-07-01T02:15:00+00:00")
    assert execute(night, instance, None, "republish_queues").success
    tied = night.ledger.cases()[0]
    assert tied.item.queue == "examine" and tied.item.match is not None and tied.item.match.claims
    assert f'"{tied.item.match.claims[0]}"' in (settings.out / "letters.jsonl").read_text(encoding="utf-8")
    assert "NO_CLAIM_MATCH" not in {f.code for f in tied.item.findings}
    assert kept == {p: p.stat().st_mtime_ns for stage in ("read", "parse", "faces") for p in (settings.store / "results" / stage).rglob("*.json")}
    assert len(instance.fetch_materializations(dg.AssetKey("page_text"), limit=9).records) == 1
    night.ledger.close()
