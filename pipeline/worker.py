"""What runs in a worker process: reading and parsing one file.

Belongs here: the two steps with the store around them. Does not belong here: the pool (pool.py), the rooms' work.
This module and all it imports stay free of Dagster, else every worker would load it.
"""

from pathlib import Path
from typing import NamedTuple

from pipeline.errors import LetterError, OperatorError
from pipeline.model import DocumentText, Receipt
from pipeline.parse import parse
from pipeline.read import pdf, raster, read_file
from pipeline.read.opening import kind_of
from pipeline.results import Setback, faces_of, failed, too_hungry
from pipeline.settings import Settings
from pipeline.store import Store


class Job(NamedTuple):
    """A file to read, and the keys under which its results are kept."""

    receipt: Receipt
    settings: Settings
    read_key: str
    parse_key: str


def count_pages(job: Job) -> int:
    """How many pages the file has, at least 1; a file that does not open has 1."""
    original = Store(job.settings.store).original(job.receipt.sha256)
    try:
        return max(1, _pages_in(original, job.settings))
    except (LetterError, MemoryError):
        return 1


def _pages_in(original: Path, settings: Settings) -> int:
    if kind_of(original, settings) == "pdf":
        with pdf.opened(original) as document:
            return len(document)
    with raster.opened(original, settings) as image:
        return raster.frames_in(image)


def read_and_parse(job: Job) -> Setback | None:
    """Keeps the file's words and its letters, each unless it is there already. A failure that no room foresaw is
    returned, named by its class only, because its message might hold the letter's words. OperatorError rises."""
    store = Store(job.settings.store)
    stage = "read"
    try:
        document = store.get("read", job.read_key, DocumentText)
        if document is None:
            document = read_file(store.original(job.receipt.sha256), job.receipt, job.settings, store)
            store.put("faces", job.read_key, faces_of(document))
            store.put("read", job.read_key, document)
        stage = "parse"
        store.put("parse", job.parse_key, parse(document))
    except OperatorError:
        raise
    except MemoryError:
        return Setback(stage=stage, problem=too_hungry(job.settings.max_memory_mb))
    except Exception as err:
        return Setback(stage=stage, problem=failed(stage, err))
    return None

