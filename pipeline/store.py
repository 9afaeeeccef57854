"""Files by content: originals as received, pictures of pages, and what each stage made.

Belongs here: putting and getting by name, atomically. Does not belong here: what the content means. Nothing here ever
deletes or overwrites an original. Names are hashes; no word of a letter is part of a path.
"""

import hashlib
import os
import shutil
import threading
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pipeline.model.base import Model

M = TypeVar("M", bound=Model)

_AT_HAND = frozenset({"parse", "faces", "match", "filing", "check"})
_RECENT = 512
"""Results of each stage that stay in memory: a batch is not larger."""


class AlteredError(Exception):
    """A file changed while it was copied."""


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as new:
        new.write(content)


class Store:
    """A folder with `originals/`, `pages/` and `results/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._results = str(root / "results")
        self._recent: dict[str, dict[str, Model]] = {}

    def original(self, sha256: str) -> Path:
        """Where the received bytes lie, whether or not they are there."""
        return self.root / "originals" / sha256[:2] / sha256

    def keep(self, source: Path, sha256: str) -> Path:
        """Copies a file in as an original (once) and makes sure that it is on the disk before returning.

        AlteredError when the copy's hash is another, because somebody was still writing; nothing is kept then.
        """
        target = self.original(sha256)
        if target.exists() and target.stat().st_size == source.stat().st_size:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        with source.open("rb") as read, temporary.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            write.flush()
            os.fsync(write.fileno())
        if sha256_of(temporary) != sha256:
            temporary.unlink()
            raise AlteredError
        temporary.chmod(0o444)
        temporary.replace(target)
        return target

    def page_image(self, sha256: str, page: int) -> Path:
        """Where the picture of a page (1-based) lies."""
        return self.root / "pages" / sha256[:2] / sha256 / f"{page:04d}.jpg"

    def put_bytes(self, target: Path | str, content: bytes) -> None:
        """Writes under a temporary name, then renames."""
        folder, name = os.path.split(target)
        temporary = f"{folder}/.{name}.{os.getpid()}.{threading.get_ident()}"
        try:
            _write(temporary, content)
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)
            _write(temporary, content)
        os.replace(temporary, target)

    def result_path(self, stage: str, key: str) -> Path:
        """Where a stage's result lies; `key` names all it depends on (hash, versions, snapshot)."""
        return Path(self._place(stage, key))

    def _place(self, stage: str, key: str) -> str:
        """The same as text: a batch asks for thousands, and a Path costs as much as opening the file."""
        return f"{self._results}/{stage}/{key[:2]}/{key}.json"

    def has(self, stage: str, key: str) -> bool:
        """Whether a result is kept under this key."""
        return key in self._recent.get(stage, {}) or os.path.exists(self._place(stage, key))

    def put(self, stage: str, key: str, value: Model) -> None:
        """Keeps a result."""
        self.put_text(stage, key, value.model_dump_json())
        self._remember(stage, key, value)

    def put_text(self, stage: str, key: str, text: str) -> None:
        """Keeps a result that is JSON already."""
        self.put_bytes(self._place(stage, key), text.encode())

    def get(self, stage: str, key: str, kind: type[M]) -> M | None:
        """The result kept under this key, or None; one that does not fit its type counts as not there."""
        recent = self._recent.get(stage, {}).get(key)
        if isinstance(recent, kind):
            return recent
        try:
            with open(self._place(stage, key), "rb") as kept:
                found = kind.model_validate_json(kept.read())
        except (FileNotFoundError, ValidationError):
            return None
        self._remember(stage, key, found)
        return found

    def forget(self, stage: str, key: str) -> None:
        """Drops a result, which is made again when it is asked for; originals and pictures stay."""
        self._recent.get(stage, {}).pop(key, None)
        self.result_path(stage, key).unlink(missing_ok=True)

    def latest(self, stage: str, beginning: str, kind: type[M]) -> M | None:
        """The result made last whose key begins so: what an earlier version of the program made of a file."""
        found = self.result_path(stage, beginning).parent.glob(f"{beginning}*.json")
        for path in sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True):
            kept = self.get(stage, path.stem, kind)
            if kept is not None:
                return kept
        return None

    def _remember(self, stage: str, key: str, value: Model) -> None:
        """The results of a batch are asked for by one stage after the other: the last ones stay at hand, but for the
        words of whole files. What a key names never changes."""
        if stage in _AT_HAND:
            kept = self._recent.setdefault(stage, {})
            kept.pop(key, None)
            kept[key] = value
            if len(kept) > _RECENT:
                del kept[next(iter(kept))]
