"""Writes the queues for people and programs: letters.jsonl, its schema, spreadsheets, pages.

Belongs here: which file lies where, and that each appears whole or not at all. Does not belong here: what a letter
means, which queue it is in.
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.model import Case, PageFace
from pipeline.review import record, site
from pipeline.review.queues import LADDER
from pipeline.review.spreadsheet import csv_of, workbook_of
from pipeline.store import Store


def publish(cases: Sequence[Case], out: Path, store_root: Path, as_of: dt.date) -> None:
    """Writes all that people and programs read into `out`; page pictures come from the store at `store_root`.

    Everything is made and every record checked against the schema before the first file is replaced; ValueError for
    a record that does not fit is a bug of ours. Each file is written under a temporary name and renamed; one that
    would not change is left alone; pages and pictures of letters that are gone are removed.
    """
    ordered = record.in_order(cases)
    records = [record.record_of(case) for case in ordered]
    record.check(records)
    lines = "".join(json.dumps(r, ensure_ascii=False, allow_nan=False) + "\n" for r in records)
    out.mkdir(parents=True, exist_ok=True)
    _pages(ordered, out, store_root, as_of)
    _put(out / record.SCHEMA_NAME, record.schema_text().encode())
    for queue in LADDER:
        _put(out / f"{queue.name}.csv", csv_of(c for c in ordered if c.item.queue == queue.name))
    _put(out / "queues.xlsx", workbook_of(ordered, as_of))
    _put(out / "letters.jsonl", lines.encode())


def _pages(cases: Sequence[Case], out: Path, store_root: Path, as_of: dt.date) -> None:
    named = site.named(cases)
    queues = site.by_queue(named, as_of)
    order = [head.slug for _, heads in queues for head in heads]
    at = {slug: place for place, slug in enumerate(order)}
    kept = {"overview.html"}
    pictures_kept: set[str] = set()
    for slug, case in named:
        place = at[slug]
        before = order[place - 1] if place else None
        after = order[place + 1] if place + 1 < len(order) else None
        pictures = _pictures(case, out / "pages", store_root)
        pictures_kept.update(pictures.values())
        addresses = {number: f"../pages/{name}" for number, name in pictures.items()}
        _put(out / "letters" / f"{slug}.html", site.letter_page(case, slug, as_of, addresses, before, after).encode())
        kept.add(f"{slug}.html")
    _put(out / "letters" / "overview.html", site.overview_page(cases, as_of).encode())
    _put(out / "index.html", site.index_page(queues, as_of).encode())
    _drop(out / "letters", "*.html", kept)
    _drop(out / "pages", "*.jpg", pictures_kept)


def _pictures(case: Case, folder: Path, store_root: Path) -> dict[int, str]:
    """Puts the pictures of the case's pages into `folder`; page number to file name, pages without one left out."""
    found: dict[int, str] = {}
    for face in case.faces:
        source = _picture(case.receipt.sha256, face, store_root)
        if source is None:
            continue
        name = f"{case.receipt.sha256[:16]}-{face.number}.jpg"
        _copy(source, folder / name)
        found[face.number] = name
    return found


def _picture(sha256: str, face: PageFace, store_root: Path) -> Path | None:
    """Where the page's picture lies inside the store, or None."""
    if face.image is None:
        return None
    root = store_root.resolve()
    for path in ((root / face.image).resolve(), Store(root).page_image(sha256, face.number)):
        if path.is_file() and path.is_relative_to(root):
            return path
    return None


def _copy(source: Path, target: Path) -> None:
    """A picture of the same size and time is taken for the same."""
    new = source.stat()
    if target.exists() and (old := target.stat()).st_size == new.st_size and int(old.st_mtime) == int(new.st_mtime):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, temporary)
    os.utime(temporary, ns=(new.st_atime_ns, new.st_mtime_ns))
    temporary.replace(target)


def _put(target: Path, content: bytes) -> None:
    if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(target)


def _drop(folder: Path, pattern: str, kept: set[str]) -> None:
    """Removes what an earlier run wrote here and this one did not."""
    for path in sorted(folder.glob(pattern)):
        if path.name not in kept:
            path.unlink()
