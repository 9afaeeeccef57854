"""What each stage keeps in the store for a file, and under which key.

Belongs here: containers for results that a room returns per letter, and digests of what a result depends on. Does
not belong here: making results.
"""

import hashlib

from pipeline.model import DocumentText, Finding, Match, OnFile, PageFace, Problem, Remark
from pipeline.model.base import Model


class Setback(Model):
    """Why a file has no result at `stage`; its problem goes to a person."""

    stage: str
    problem: Problem


class Faces(Model):
    """A file's pages as people look at them; where the words of each come from, and how well they could be read
    (0..1, as in Page)."""

    faces: tuple[PageFace, ...]
    origins: tuple[str, ...]
    qualities: tuple[float, ...]


class Matches(Model):
    """One match per letter of a file, in the order of its letters."""

    matches: tuple[Match, ...]


class Filings(Model):
    """One filing per letter of a file."""

    filings: tuple[OnFile, ...]


class Findings(Model):
    """The findings of each letter of a file, and the remarks on each."""

    findings: tuple[tuple[Finding, ...], ...]
    remarks: tuple[tuple[Remark, ...], ...] = ()


class References(Model):
    """The references of requests that a file's words bear."""

    references: tuple[str, ...]


def digest(*parts: object) -> str:
    """16 hex digits over the parts' text, in order."""
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:16]


def faces_of(document: DocumentText) -> Faces:
    """The document's pages without their words."""
    pages = document.pages
    faces = tuple(PageFace(number=p.number, width=p.width, height=p.height, image=p.image) for p in pages)
    return Faces(faces=faces, origins=tuple(p.origin for p in pages), qualities=tuple(p.quality for p in pages))


_DOING = {"read": "Reading", "parse": "Finding the letters in it", "match": "Matching", "check": "Checking", "review": "Sorting"}


def failed(stage: str, err: BaseException) -> Problem:
    """The problem of a file on which our own program failed."""
    return Problem(code="failed", says=f"{_DOING[stage]} failed on this file ({type(err).__name__}). Work from the original, and report it.")


def too_hungry(megabytes: int) -> Problem:
    """The problem of a file that needs more memory than a worker may have."""
    return Problem(code="too_large", says=f"Reading this file needs more memory than the setting max_memory_mb allows ({megabytes}). Work from the original.")


def lost(seconds: float | None) -> Problem:
    """The problem of a file whose worker was stopped after so many seconds, or died (None)."""
    if seconds is None:
        return Problem(code="took_too_long", says="Reading this file broke the program that reads; it was stopped. Work from the original.")
    return Problem(code="took_too_long", says=f"Reading did not end within {seconds:.0f} seconds and was stopped. Work from the original.")
