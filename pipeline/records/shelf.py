"""Where the indexes of the records are kept between runs: one folder for each snapshot.

Belongs here: writing, opening by memory map, finding by the bytes of the tables' files, throwing away old ones. Does not
belong here: building. A folder is complete once it bears its name; whatever lies here can be made again.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.records.index import Records
from pipeline.records.tables import COLUMNS

FORM = "records-4"
"""Counts up when what is kept here changes."""

_KEPT = 2
"""Snapshots that stay: the one in use, and the one before it."""


def fingerprint(files: Sequence[Path]) -> str:
    """A hash of the files' names and bytes."""
    digest = hashlib.sha256(FORM.encode())
    for path in files:
        with path.open("rb") as stream:
            digest.update(f"{path.name} {hashlib.file_digest(stream, 'sha256').hexdigest()}".encode())
    return digest.hexdigest()


class Shelf:
    """The folder of indexes of one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, snapshot: str) -> Path:
        """Where a snapshot's index lies, whether or not it is there."""
        return self.folder / f"{snapshot[:32]}-{FORM}"

    def snapshot_of(self, mark: str) -> dict[str, Any] | None:
        """What was noted of files with this fingerprint: `snapshot`, and `born`, the latest birth date."""
        try:
            noted: dict[str, Any] = json.loads((self.folder / f"{mark[:32]}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return noted if self.place(noted["snapshot"]).is_dir() else None

    def note(self, mark: str, known: Mapping[str, Any]) -> None:
        """Notes which snapshot files with this fingerprint hold."""
        path = self.folder / f"{mark[:32]}.json"
        path.with_suffix(f".{os.getpid()}").write_text(json.dumps(known), encoding="utf-8")
        path.with_suffix(f".{os.getpid()}").replace(path)

    def open(self, snapshot: str) -> Records | None:
        """The records of a snapshot, mapped into memory; None when they are not here or were made by another version."""
        place = self.place(snapshot)
        try:
            about = json.loads((place / "about.json").read_text(encoding="utf-8"))
            found = {path.stem: _mapped(path) for path in sorted(place.glob("*.arrow"))}
            made = Records(snapshot, {n: found[n] for n in COLUMNS}, {n: t for n, t in found.items() if n not in COLUMNS}, about)
        except (OSError, ValueError, KeyError, pa.ArrowInvalid):
            return None
        with suppress(OSError):  # a home that may only be read
            os.utime(place)
        return made

    def keep(self, snapshot: str, tables: Mapping[str, pa.Table], indexes: Mapping[str, pa.Table], about: Mapping[str, Any]) -> None:
        """Writes a snapshot under a temporary name, then renames; the oldest beyond the kept ones go."""
        place = self.place(snapshot)
        making = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name, table in {**tables, **indexes}.items():
            with pa.OSFile(str(making / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table.combine_chunks())
        (making / "about.json").write_text(json.dumps(about), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        making.rename(place)
        self._tidy()

    def _tidy(self) -> None:
        whole = sorted((p for p in self.folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=lambda p: p.stat().st_mtime_ns)
        for old in whole[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _mapped(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
