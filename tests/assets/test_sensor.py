"""The inbox sensor, called directly: what it hands out, when, and what it never tells."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.inbox import inbox_sensor
from assets.stages import intake_batches


class Watch:
    """An inbox, and the sensor's ticks over it."""

    def __init__(self, home: Path, instance: dg.DagsterInstance) -> None:
        self.inbox, self.home, self.instance = home / "inbox", home, instance
        self.inbox.mkdir()
        self.cursor: str | None = None

    def put(self, name: str, age: float = 60.0, content: bytes = b"%PDF-1.7") -> None:
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time.time() - age,) * 2)

    def tick(self) -> dg.SensorResult:
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        result = inbox_sensor(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        for request in result.dynamic_partitions_requests or ():
            self.instance.add_dynamic_partitions(str(intake_batches.name), list(request.partition_keys))
        return result

    def asked(self) -> list[str]:
        return [str(request.partition_key) for request in self.tick().run_requests or ()]

    def manifest(self, key: str) -> list[str]:
        return [file for file, _, _ in json.loads((self.home / "manifests" / f"{key}.json").read_text())["files"]]


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setenv("LMN_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(tmp_path, instance)


def test_a_file_is_handed_out_at_its_second_sight_and_only_once(watch: Watch) -> None:
    watch.put("fax/a.pdf")
    asked = [watch.asked() for _ in range(2)]
    assert (asked[0], len(asked[1])) == ([], 1)
    assert watch.manifest(asked[1][0]) == ["fax/a.pdf"]


def test_a_file_that_changes_between_ticks_waits(watch: Watch) -> None:
    for content in (b"%PDF-1", b"%PDF-1.7", b"%PDF-1.7 more"):
        watch.put("a.pdf", content=content)
        assert watch.asked() == []
    assert len(watch.asked()) == 1


def test_a_file_that_changed_just_now_waits(watch: Watch) -> None:
    watch.put("a.pdf", age=0.0)
    assert [watch.asked() for _ in range(2)] == [[], []]


def test_a_file_of_tomorrow_is_told_by_two_ticks(watch: Watch) -> None:
    watch.put("a.pdf", age=-86400.0)
    assert [len(watch.asked()) for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("name", [".a.pdf", "a.pdf.part", "a.tmp", "a.crdownload"])
def test_unfinished_files_are_not_seen(watch: Watch, name: str) -> None:
    watch.put(name)
    assert [watch.asked() for _ in range(3)] == [[], [], []]


def test_files_of_one_tick_are_one_batch_and_of_many_are_several(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.inbox.BATCH", 3)
    for number in range(7):
        watch.put(f"{number}.pdf")
    watch.tick()
    assert [len(watch.manifest(key)) for key in watch.asked()] == [3, 3, 1]


def test_a_file_left_behind_by_its_run_is_asked_for_three_times_in_all(watch: Watch) -> None:
    watch.put("a.pdf")
    asked = [key for _ in range(8) for key in watch.asked()]
    assert len(asked) == len(set(asked)) == 3


def test_a_file_whose_run_is_under_way_is_not_asked_for_again(watch: Watch) -> None:
    watch.put("a.pdf")
    watch.tick()
    (key,) = watch.asked()
    run(watch.instance, {"dagster/partition": key})
    assert watch.asked() == []


def test_enough_runs_under_way_let_files_gather(watch: Watch) -> None:
    watch.put("a.pdf")
    watch.tick()
    for _ in range(2):
        run(watch.instance, {})
    result = watch.tick()
    assert (result.run_requests or [], bool(result.skip_reason)) == ([], True)


def test_cursor_and_keys_hold_no_name_and_forget_what_left(watch: Watch) -> None:
    watch.put("Quux Xanthippe.pdf")
    watch.tick()
    result = watch.tick()
    told = json.dumps([watch.cursor, [r.run_key for r in result.run_requests or ()], [r.partition_key for r in result.run_requests or ()]])
    assert "Quux" not in told and "Xanthippe" not in told
    (watch.inbox / "Quux Xanthippe.pdf").unlink()
    watch.tick()
    assert watch.cursor == "{}"


def run(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    from dagster._core.test_utils import create_run_for_test

    create_run_for_test(instance, job_name="process_batch", status=dg.DagsterRunStatus.STARTED, tags=tags)
