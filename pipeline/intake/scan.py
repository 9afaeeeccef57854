"""What lies in the inbox, without opening anything.

Belongs here: walking folders, what is left out, what waits, what is refused. Does not belong here: taking anything.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
_LETTERS = (".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".webp")


class Seen(NamedTuple):
    """A file's size in bytes and time of last change in nanoseconds: while these change it is being written."""

    size: int
    changed_ns: int


class Found(NamedTuple):
    """A regular file in the inbox; `file` is its path relative to it, in UTF-8."""

    file: str
    path: Path
    seen: Seen


class Scan(NamedTuple):
    """Regular files by path, the names of those still under a temporary name, and (file, why) of what is refused."""

    files: tuple[Found, ...]
    unfinished: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def scan(inbox: Path) -> Scan:
    """Everything in the inbox and its subfolders, sorted by path; of names that begin with a dot, by which programs hide what is
    theirs, only those that end like a letter are told. OSError when the inbox itself cannot be listed."""
    files: list[Found] = []
    unfinished: list[str] = []
    refused: list[tuple[str, str]] = []
    for entry, trouble in _walk(inbox):
        file = _name(entry, inbox)
        if trouble:
            refused.append((file, trouble))
        elif entry.name.lower().endswith(_UNFINISHED):
            unfinished.append(file)
        else:
            status = entry.lstat()
            files.append(Found(file, entry, Seen(status.st_size, status.st_mtime_ns)))
    return Scan(tuple(sorted(files)), tuple(sorted(unfinished)), tuple(sorted(refused)))


def settled(found: Found, clock: float, settle_seconds: float, before: Mapping[str, Seen] | None = None) -> bool:
    """Whether nobody is writing the file any more: unchanged for `settle_seconds` by its own time, or the same as it
    was `before`, seen at least that long ago. `clock` is seconds since the epoch; a time in the future proves nothing."""
    age = clock - found.seen.changed_ns / 1e9
    return age >= settle_seconds or (before is not None and before.get(found.file) == found.seen)


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda e: e.name)
    for entry in listed:
        if entry.name.startswith(".") and not _hidden_letter(entry.name):
            continue
        trouble = _trouble(entry) or ("its name begins with a dot" if entry.name.startswith(".") else None)
        if trouble is None and entry.is_dir(follow_symlinks=False):
            yield from _inner(Path(entry.path))
        elif trouble != "gone":
            yield Path(entry.path), trouble


def _hidden_letter(name: str) -> bool:
    """Files beginning with '._' are a Mac's notes on another file."""
    return name.lower().endswith(_LETTERS) and not name.startswith("._")


def _inner(folder: Path) -> Iterator[tuple[Path, str | None]]:
    try:
        yield from _walk(folder)
    except PermissionError:
        yield folder, "the folder may not be read"


def _trouble(entry: os.DirEntry[str]) -> str | None:
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except FileNotFoundError:
        return "gone"
    if stat.S_ISLNK(mode):
        return "it is a link, and what it points to may lie anywhere"
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "it is no ordinary file"
    return None


def _name(path: Path, inbox: Path) -> str:
    """The relative path as text; bytes that are no UTF-8 are written out as \\xNN."""
    return os.fsencode(path.relative_to(inbox).as_posix()).decode("utf-8", "backslashreplace")
