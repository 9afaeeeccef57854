"""What counts as a file in the inbox, and when it is at rest."""

import os
from pathlib import Path

import pytest

from pipeline.intake import Found, Seen, scan, settled


def put(inbox: Path, *names: str) -> None:
    for name in names:
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(b"x")


def test_files_come_sorted_by_path_with_their_folders(tmp_path: Path) -> None:
    put(tmp_path, "mail/b.pdf", "a.pdf", "fax/deep/c.tif", "mail/a.pdf")
    assert [f.file for f in scan(tmp_path).files] == ["a.pdf", "fax/deep/c.tif", "mail/a.pdf", "mail/b.pdf"]


@pytest.mark.parametrize(
    ("name", "taken", "unfinished"),
    [
        ("letter.pdf", True, False),
        ("letter", True, False),
        (".letter.pdf", False, False),
        (".cache/letter.pdf", False, False),
        ("letter.pdf.part", False, True),
        ("letter.pdf.PART", False, True),
        ("letter.tmp", False, True),
        ("letter.pdf.crdownload", False, True),
        ("partly.pdf", True, False),
        ("tmp", True, False),
    ],
)
def test_names_that_are_still_being_written(tmp_path: Path, name: str, taken: bool, unfinished: bool) -> None:
    put(tmp_path, name)
    found = scan(tmp_path)
    assert (bool(found.files), bool(found.unfinished)) == (taken, unfinished)


def test_a_hidden_file_is_told_when_it_looks_like_a_letter(tmp_path: Path) -> None:
    put(tmp_path, ".letter.PDF", "fax/.page.tiff", "._letter.pdf", ".DS_Store", ".letter.pdf.x81", ".cache/letter.pdf", "letter.pdf")
    found = scan(tmp_path)
    assert [f.file for f in found.files] == ["letter.pdf"]
    assert found.refused == ((".letter.PDF", "its name begins with a dot"), ("fax/.page.tiff", "its name begins with a dot"))


def test_links_pipes_and_linked_folders_are_refused(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    put(outside, "secret.pdf")
    put(inbox, "fine.pdf")
    (inbox / "link.pdf").symlink_to(outside / "secret.pdf")
    (inbox / "folder").symlink_to(outside)
    (inbox / "dangling.pdf").symlink_to(outside / "nothing")
    os.mkfifo(inbox / "pipe.pdf")
    found = scan(inbox)
    assert [f.file for f in found.files] == ["fine.pdf"]
    assert [file for file, _ in found.refused] == ["dangling.pdf", "folder", "link.pdf", "pipe.pdf"]


def test_a_name_that_is_no_utf8_is_written_out(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.pdf", "wb") as stream:  # noqa: PTH123
        stream.write(b"x")
    assert [f.file for f in scan(tmp_path).files] == ["caf\\xe9.pdf"]


@pytest.mark.parametrize(
    ("changed", "clock", "before", "at_rest"),
    [
        (100.0, 102.0, None, True),
        (100.0, 101.9, None, False),
        (100.0, 100.0, None, False),
        (500.0, 100.0, None, False),
        (500.0, 100.0, Seen(7, int(500e9)), True),
        (500.0, 100.0, Seen(6, int(500e9)), False),
        (500.0, 100.0, Seen(7, int(499e9)), False),
    ],
)
def test_a_file_is_at_rest_by_age_or_by_two_looks(changed: float, clock: float, before: Seen | None, at_rest: bool) -> None:
    found = Found("a.pdf", Path("a.pdf"), Seen(7, int(changed * 1e9)))
    assert settled(found, clock, 2.0, {"a.pdf": before} if before else None) is at_rest
