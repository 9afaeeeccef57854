"""A second opinion on the words that decide: dates, codes, amounts, numbers.

Belongs here: which words deserve one, and what two readings of a word make together. Does not belong here: reading a
word again (the engines). Both readings come from one picture: what the picture lost, no reading brings back.
"""

import re
from dataclasses import replace

from pipeline.read.engine import OcrWord

_CRITICAL = re.compile(r"(?:\d\D?){3}|(?<![A-Za-z])[A-Za-z|]\d[0-9A-Za-z]|\$\s?\d|\d/\d")
_EDGES = ".,;:()[]'\"-"
DISPUTED = 0.7
"""A disputed word keeps so much of the confidence of its less sure reading."""

CLEARLY = 0.1
"""By so much surer a second reading must be for its text to count: it saw less of the line."""


def is_critical(text: str) -> bool:
    """Whether a word has the shape of a date, identifier, code, amount or phone number, or of a part of one."""
    return _CRITICAL.search(text) is not None


def weighed(first: OcrWord, text: str, confidence: float) -> OcrWord:
    """The word after a second reading (`text`, spaces left out; `confidence` 0..1). Agreed: the surer confidence.
    Disputed: the first text unless the second is clearly surer, with less confidence than either. Nothing read the
    second time: single, unchanged."""
    if not text.strip(_EDGES):
        return first
    if text.strip(_EDGES) == first.text.strip(_EDGES):
        return replace(first, confidence=max(first.confidence, confidence), opinion="agreed")
    surer = text if confidence > first.confidence + CLEARLY else first.text
    return replace(first, text=surer, confidence=DISPUTED * min(first.confidence, confidence), opinion="disputed")
