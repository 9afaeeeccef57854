"""What a page whose words leave its class open is for: whether it justifies something.

Belongs here: counting the parts of a justification that a page holds, by its sentences and by its headings. Does not
belong here: the signs of each class (pages.py), which sentence of a letter states what (justify.py).
"""

from collections.abc import Sequence

from pipeline.model import DocumentText
from pipeline.parse.cues import heading_topic
from pipeline.parse.justify import weighed
from pipeline.parse.lines import Line, blocks_of, sentences_of

_STATED = 0.55
_ELEMENT, _HEADING = 0.8, 1.0
"""What each part beyond the first adds; one alone stands in flyers, notes and denials as well."""

_TOPICS = frozenset({"tried", "why", "benefit", "item"})


def justifies(document: DocumentText, lines: Sequence[Line]) -> tuple[float, list[str]]:
    """Weight for a letter of medical necessity, 0 when at most one part is there, and the signs."""
    told = {part for _, weights in weighed(sentences_of(document, blocks_of(lines)), {}) for part, weight in weights.items() if weight >= _STATED}
    asked = {topic for line in lines if (found := heading_topic(line.text)) is not None and (topic := found[0]) in _TOPICS}
    weight = _ELEMENT * max(0, len(told) - 1) + _HEADING * max(0, len(asked) - 1)
    signs = [f"{len(told)} parts of a justification"] if len(told) > 1 else []
    return weight, signs + ([f"headings: {', '.join(sorted(asked))}"] if len(asked) > 1 else [])
