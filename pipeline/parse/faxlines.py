"""The line that a fax machine prints over the top edge of a page: sender, number, time, page.

Belongs here: telling it from the letter's own lines. Does not belong here: fax covers (pages).
"""

import re

from pipeline.parse.lines import Line

_EDGE = 30
"""Points from the top edge within which a fax machine prints its line."""

_LEAST = 2
_SIGNS = tuple(re.compile(sign, re.I) for sign in (
    r"\b(?:from|fr)\s*[:.]", r"\bto\s*[:.]", r"\b(?:fax|facsimile)\b", r"\b(?:pages?|pgs?|p)\s*[.:]?\s*\d+(?:\s*(?:/|of)\s*\d+)?\s*$|\b\d+/\d+\s*$",
    r"\b\d{1,2}:\d{2}\s*(?:[ap]\.?m?\b)?", r"(?<!\d)1?\d{3}[-. ]?\d{3}[-. ]?\d{4}(?!\d)"))  # fmt: skip


def sent_by_fax(line: Line) -> bool:
    """Whether a fax machine printed this line; it holds no label of the letter's."""
    return line.box[1] < _EDGE and sum(bool(sign.search(line.text)) for sign in _SIGNS) >= _LEAST
