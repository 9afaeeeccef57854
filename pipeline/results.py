"""What each stage keeps in the store for a file, and under which key.

Belongs here: containers for results that a room returns per letter, and digests of what a result depends on. Does
not belong here: making results.
"""

import hashlib

from pipeline.model import DocumentText, Finding, Match, OnFile, PageFace, Problem
from pipeline.model.base import Model


class Setback(Model):
    """Why a file has no result at `stage`; its problem goes to a person."""

    stage: str
    problem: Problem


class Faces(Model):
    """A file's pages as people look at them."""

    faces: tuple[PageFace, ...]


class Matches(Model):
    """One match per letter of a file, in the order of its letters."""

    matches: tuple[Match, ...]


class Filings(Model):
    """One filing per letter of a file."""

    filings: tuple[OnFile, ...]


class Findings(Model):
    """The findings of each letter of a file."""

    findings: tuple[tuple[Finding, ...], ...]


def digest(*parts: object) -> str:
    """16 hex digits over the parts' text, in order."""
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:16]


def faces_of(document: DocumentText) -> Faces:
    """The document's pages without their words."""
    return Faces(faces=tuple(PageFace(number=p.number, width=p.width, height=p.height, image=p.image) for p in document.pages))
