"""From the inbox to batches: what is settled is taken in, what is not waits.

Belongs here: waiting, manifests of what waits and of what a sensor found, notes on refused files. Does not belong
here: how a file is kept (intake), what is made of it (process.py).
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import BadSettings
from pipeline.intake import Found, Scan, Taken, scan, settled, take_in
from pipeline.settings import Settings
from pipeline.site import Site
from pipeline.store import Store

BATCH = 500


@dataclass(frozen=True)
class Intake:
    """What a look into the inbox brought; every tuple holds paths relative to the inbox. `again` were recorded
    before, `left` are recorded but could not be taken out, `waiting` are still being written, `refused` say why."""

    new: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    batches: tuple[str, ...] = field(default=(), repr=False)


def take_in_inbox(site: Site, clock: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep) -> Intake:
    """Takes in every settled file. Files that changed just now are given `settle_seconds` to come to rest; those that
    still change stay where they are. BadSettings when the inbox cannot be listed."""
    listed = _look(site.settings)
    restless = [f for f in listed.files if not settled(f, clock(), site.settings.settle_seconds)]
    growing: tuple[str, ...] = ()
    if restless:
        before = {f.file: f.seen for f in restless}
        wait(site.settings.settle_seconds)
        listed = _look(site.settings)
        growing = tuple(f.file for f in listed.files if not settled(f, clock(), site.settings.settle_seconds, before))
    ready = [f for f in listed.files if f.file not in set(growing)]
    taken = _take(site, ready)
    batches = site.ledger.form_batches(site.now, BATCH)
    return _report(site, listed, growing, taken, batches)


def take_in_manifest(site: Site, batch: str) -> Intake:
    """Takes in the files that the sensor named for this batch, as far as they still lie there unchanged."""
    path = manifest_path(site.settings, batch)
    if not path.is_file():
        return Intake(batches=(batch,))
    wanted = {file: (size, changed) for file, size, changed in json.loads(path.read_text(encoding="utf-8"))["files"]}
    found = [f for f in _look(site.settings).files if wanted.get(f.file) == tuple(f.seen)]
    return _report(site, Scan((), (), ()), (), _take(site, found, batch), [batch])


def manifest_path(settings: Settings, batch: str) -> Path:
    """Where a batch's manifest lies."""
    return settings.home / "manifests" / f"{batch}.json"


def write_manifest(settings: Settings, found: Sequence[Found], attempt: int = 0) -> str:
    """Writes down which files make up a batch, with size and time of change, and returns the batch's key."""
    files = [[f.file, f.seen.size, f.seen.changed_ns] for f in found]
    key = hashlib.sha256(json.dumps([files, attempt]).encode()).hexdigest()[:16]
    Store(settings.store).put_bytes(manifest_path(settings, key), json.dumps({"files": files}, indent=1).encode())
    return key


def waiting(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Files that the last look left in the inbox, with why."""
    try:
        told = json.loads((settings.home / ".waiting.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return ()
    return tuple((file, why) for file, why in told)


def _look(settings: Settings) -> Scan:
    inbox = settings.inbox
    if not inbox.exists() and inbox.is_relative_to(settings.home):
        inbox.mkdir(parents=True)
    try:
        return scan(inbox)
    except OSError as err:
        raise BadSettings(f"The inbox {inbox} cannot be listed ({type(err).__name__}). Create it, or name another with --inbox DIR.") from None


def _take(site: Site, ready: Sequence[Found], batch: str = "") -> list[Taken]:
    taken = []
    for number, found in enumerate(ready, 1):
        taken.extend(take_in([found], site.store, site.ledger, site.now, batch))
        site.progress("intake", number, len(ready))
    return taken


def _report(site: Site, listed: Scan, growing: Sequence[str], taken: Sequence[Taken], batches: Sequence[str]) -> Intake:
    def of(*outcomes: str) -> tuple[str, ...]:
        return tuple(t.file for t in taken if t.outcome in outcomes)

    refused = (*listed.refused, *((t.file, t.outcome.removeprefix("refused: ")) for t in taken if t.outcome.startswith("refused")))
    for file, why in refused:
        site.ledger.note(site.now, hashlib.sha256(file.encode()).hexdigest()[:32], "refused", {"why": why}, once=True)
    still = tuple(sorted({*growing, *of("growing"), *listed.unfinished}))
    told = [*((f, "still being written") for f in still), *refused, *((f, "taken in, but the inbox does not let it go") for f in of("new, left", "left"))]
    Store(site.settings.store).put_bytes(site.settings.home / ".waiting.json", json.dumps(sorted(told)).encode())
    return Intake(of("new", "new, left"), of("again"), of("new, left", "left"), still, refused, tuple(batches))
