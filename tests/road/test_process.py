"""The plain road: what is kept is not made again, what changed is, and one bad file stops nothing."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ClaimsMalformed, LedgerDamaged
from pipeline.letters import Known
from pipeline.process import Summary, batches_in_work, bring_up_to_date, judge_batch, run_all
from pipeline.settings import Settings
from pipeline.site import opened
from tests.homes import CLAIMS, fill, settings_at

DAY = dt.date(2026, 6, 30)
LETTER = "attachment.pdf"
BAD = ("portal/notes.pdf", "portal/document.pdf")


def records(settings: Settings) -> dict[str, Any]:
    lines = (settings.out / "letters.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["file"]: record for record in map(json.loads, lines)}


def kept(settings: Settings, stage: str) -> dict[str, int]:
    """When each result of a stage was written."""
    return {p.name: p.stat().st_mtime_ns for p in (settings.store / "results" / stage).rglob("*.json")}


def test_a_letter_and_bad_files_come_through_together(tmp_path: Path) -> None:
    fill(tmp_path, LETTER, *BAD)
    settings = settings_at(tmp_path)
    summary = run_all(settings, DAY)
    found = records(settings)
    assert (summary.accounts.received, summary.accounts.quarantined, summary.accounts.balanced, summary.failed) == (3, 2, True, 0)
    assert {file: found[file]["queue"] for file in BAD} == dict.fromkeys(BAD, "transcribe")
    assert found[LETTER]["document_class"] == "lmn"


def test_a_run_with_nothing_new_makes_nothing(tmp_path: Path) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    before = {p: p.stat().st_mtime_ns for root in (settings.store, settings.out) for p in root.rglob("*") if p.is_file()}
    fill(tmp_path, LETTER)
    summary = run_all(settings, DAY)
    after = {p: p.stat().st_mtime_ns for root in (settings.store, settings.out) for p in root.rglob("*") if p.is_file()}
    assert (summary.intake.new, summary.intake.again, summary.published) == ((), (LETTER,), False)
    assert before == after


def test_the_same_bytes_elsewhere_are_read_once_and_queued_apart(tmp_path: Path) -> None:
    fill(tmp_path, LETTER)
    shutil.copyfile(tmp_path / "inbox" / LETTER, tmp_path / "inbox" / "copy.pdf")
    settings = settings_at(tmp_path)
    summary = run_all(settings, DAY)
    found = records(settings)
    assert (summary.accounts.queued, summary.accounts.duplicates) == (1, 1)
    assert found["copy.pdf"]["letter_id"] != found[LETTER]["letter_id"]
    assert "DUPLICATE_LETTER" in {f["code"] for f in found["copy.pdf"]["findings"]}
    assert "DUPLICATE_LETTER" not in {f["code"] for f in found[LETTER]["findings"]}
    assert len(kept(settings, "read")) == 1


def test_another_day_judges_again_without_reading(tmp_path: Path) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    read, cases = kept(settings, "read"), kept(settings, "case")
    summary = run_all(settings, DAY + dt.timedelta(days=90))
    assert summary.published
    assert kept(settings, "read") == read
    assert kept(settings, "case").keys() > cases.keys()


def test_changed_records_judge_again(tmp_path: Path) -> None:
    claims = tmp_path / "claims"
    shutil.copytree(CLAIMS, claims)
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path, claims=str(claims))
    run_all(settings, DAY)
    member = records(settings)[LETTER]["member"]["member_id"]
    table = (claims / "members.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (claims / "members.csv").write_text("".join(row for row in table if not row.startswith(member)), encoding="utf-8")
    run_all(settings, DAY)
    assert records(settings)[LETTER]["queue"] == "match"


def test_a_letter_waits_for_its_claim_and_is_tied_when_it_comes(tmp_path: Path) -> None:
    claims = tmp_path / "claims"
    shutil.copytree(CLAIMS, claims)
    whole = (claims / "claims.csv").read_text(encoding="utf-8")
    mine = [line.split(",")[0] for line in whole.splitlines() if ",HFC-39014," in line]
    (claims / "claims.csv").write_text("".join(row for row in whole.splitlines(keepends=True) if ",HFC-39014," not in row), encoding="utf-8")
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path, claims=str(claims))
    run_all(settings, DAY)
    waiting = records(settings)[LETTER]
    assert (waiting["queue"], waiting["member"]["member_id"], waiting["claims"]) == ("match", "HFC-39014", [])
    assert [f["code"] for f in waiting["findings"] if f["code"].endswith("MATCH")] == ["NO_CLAIM_MATCH"]
    read, parsed = kept(settings, "read"), kept(settings, "parse")
    (claims / "claims.csv").write_text(whole, encoding="utf-8")
    with opened(settings, DAY, "now") as site, site.hold():
        assert bring_up_to_date(site) == 1
        assert {row.item.queue for row in site.ledger.cases()} == {"examine"}
    run_all(settings, DAY)
    tied = records(settings)[LETTER]
    assert (tied["queue"], tied["claims"][0] in mine) == ("examine", True)
    assert (kept(settings, "read"), kept(settings, "parse")) == (read, parsed)


def test_lost_outputs_are_written_again(tmp_path: Path) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    (settings.out / "index.html").unlink()
    assert run_all(settings, DAY).published
    assert (settings.out / "index.html").is_file()


@pytest.mark.parametrize(
    ("stage", "target"),
    [("match", "pipeline.match.match"), ("check", "pipeline.check.check"), ("check", "pipeline.check.filing_keys"), ("review", "pipeline.review.triage.triage")],
)
def test_our_own_failure_on_a_letter_sends_it_to_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, target: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("Xanthippe Quux")

    fill(tmp_path, LETTER, *BAD)
    settings = settings_at(tmp_path)
    monkeypatch.setattr(target, fail)
    summary = run_all(settings, DAY)
    record = records(settings)[LETTER]
    assert (record["queue"], summary.accounts.balanced) == ("transcribe", True)
    assert [p["code"] for p in record["problems"]] == ["failed"]
    assert "KeyError" in record["problems"][0]["says"] and "Quux" not in json.dumps(record)
    with opened(settings, DAY, "now") as site:
        events = site.ledger.events_of(site.ledger.receipts_for(LETTER)[0].id)
    assert [e.detail for e in events if e.kind == "failed"] == [{"stage": stage, "error": "KeyError"}]


def test_a_letter_that_failed_is_mended_when_it_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.match.match", _raising(KeyError))
        run_all(settings, DAY)
    assert records(settings)[LETTER]["queue"] == "transcribe"
    run_all(settings, DAY + dt.timedelta(days=1))
    assert records(settings)[LETTER]["queue"] != "transcribe"


def test_an_operators_failure_stops_the_run_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.match.match", _raising(ClaimsMalformed))
        with pytest.raises(ClaimsMalformed):
            run_all(settings, DAY)
    with opened(settings, DAY, "now") as site:
        assert (site.ledger.accounts().in_work, len(batches_in_work(site))) == (1, 1)
    assert run_all(settings, DAY).accounts.in_work == 0


def test_a_file_too_slow_to_read_goes_to_a_person(tmp_path: Path) -> None:
    fill(tmp_path, "mail/scan0041.pdf", *BAD)
    settings = settings_at(tmp_path, seconds_per_page=0.05)
    summary = run_all(settings, DAY)
    record = records(settings)["mail/scan0041.pdf"]
    assert (record["queue"], [p["code"] for p in record["problems"]]) == ("transcribe", ["took_too_long"])
    assert summary.accounts.quarantined == 3


def test_results_do_not_depend_on_batches_or_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for place, (batch, jobs) in enumerate(((500, 2), (1, 1))):
        home = tmp_path / str(place)
        monkeypatch.setattr("pipeline.arrival.BATCH", batch)
        fill(home, LETTER, "portal/document (2).pdf", *BAD)
        settings = settings_at(home, jobs=jobs)
        run_all(settings, DAY)
        told.append((settings.out / "letters.jsonl").read_bytes())
    assert told[0] == told[1]


def test_two_sites_do_not_work_in_one_home(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    with opened(settings, DAY, "now") as first, opened(settings, DAY, "now") as second:
        with first.hold():
            with first.hold(), pytest.raises(LedgerDamaged, match="Another run"), second.hold():
                pass
            with pytest.raises(LedgerDamaged), second.hold():
                pass
        with second.hold():
            pass


def test_a_batch_judged_twice_is_the_same(tmp_path: Path) -> None:
    fill(tmp_path, LETTER)
    settings = settings_at(tmp_path)
    run_all(settings, DAY)
    with opened(settings, DAY, "now") as site:
        (batch,) = site.ledger.batches()
        before = site.ledger.cases()
        judge_batch(site, batch.key)
        assert site.ledger.cases() == before
        known = Known(site)
        known.placed(site.ledger.receipts()[0])
        assert known.made == set()


def _raising(kind: type[Exception]) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise kind("a word of the letter")

    return fail


def test_a_summary_counts_queues(tmp_path: Path) -> None:
    fill(tmp_path, *BAD)
    summary = run_all(settings_at(tmp_path), DAY)
    assert isinstance(summary, Summary)
    assert summary.queues == {"transcribe": 2}
