"""What waits in the inbox, and for how long."""

import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.arrival import take_in_inbox, waiting
from pipeline.errors import BadSettings
from pipeline.site import Site, opened
from tests.homes import settings_at


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with opened(settings_at(tmp_path, settle_seconds=2.0), dt.date(2026, 6, 30), "2026-06-30T08:00:00+00:00") as made:
        made.settings.inbox.mkdir(parents=True)
        yield made


def put(site: Site, name: str, age: float, content: bytes = b"%PDF-1.7") -> Path:
    path = site.settings.inbox / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_settled_files_cost_no_waiting(site: Site) -> None:
    put(site, "a.pdf", 60)
    waits: list[float] = []
    assert take_in_inbox(site, wait=waits.append).new == ("a.pdf",)
    assert waits == []


def test_a_fresh_file_that_comes_to_rest_is_taken_in_the_same_run(site: Site) -> None:
    put(site, "a.pdf", 0)
    waits: list[float] = []
    assert take_in_inbox(site, wait=waits.append).new == ("a.pdf",)
    assert waits == [2.0]


def test_a_file_that_still_grows_waits_and_is_said_to(site: Site) -> None:
    put(site, "a.pdf", 60)
    growing = put(site, "b.pdf", 0)
    intake = take_in_inbox(site, wait=lambda _: growing.write_bytes(b"%PDF-1.7 and more") and None)
    assert (intake.new, intake.waiting) == (("a.pdf",), ("b.pdf",))
    assert waiting(site.settings) == (("b.pdf", "still being written"),)
    assert growing.exists()
    assert take_in_inbox(site, wait=lambda _: None).new == ("b.pdf",)
    assert waiting(site.settings) == ()


def test_a_file_under_a_temporary_name_waits(site: Site) -> None:
    path = put(site, "a.pdf.part", 60)
    assert take_in_inbox(site).waiting == ("a.pdf.part",)
    path.rename(path.with_suffix(""))
    assert take_in_inbox(site).new == ("a.pdf",)


def test_a_refused_link_is_noted_once(site: Site) -> None:
    (site.settings.inbox / "a.pdf").symlink_to("/etc/hostname")
    refused = [take_in_inbox(site).refused for _ in range(3)]
    assert [file for file, _ in refused[-1]] == ["a.pdf"]
    assert site.ledger.accounts().received == 0


def test_the_manifest_of_what_waits_is_hidden(site: Site) -> None:
    put(site, "a.part", 60)
    take_in_inbox(site)
    assert json.loads((site.settings.home / ".waiting.json").read_text()) == [["a.part", "still being written"]]


def test_an_inbox_that_is_not_there(tmp_path: Path) -> None:
    with opened(settings_at(tmp_path / "home", inbox=tmp_path / "elsewhere"), dt.date(2026, 6, 30), "now") as site, pytest.raises(BadSettings, match="--inbox"):
        take_in_inbox(site)
    with opened(settings_at(tmp_path / "home"), dt.date(2026, 6, 30), "now") as site:
        assert take_in_inbox(site).new == ()
