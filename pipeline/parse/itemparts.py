"""What an item is made from before it is one: drafts, what surrounds them, the amounts found.

Belongs here: the shapes that the rooms of items hand to each other. Does not belong here: finding drafts (drafts), reading
amounts (itemdetails), settling items (items).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.parse.itemcodes import codes_in
from pipeline.parse.lines import Line, Sentence
from pipeline.parse.options import Option
from pipeline.parse.phrases import Phrase


@dataclass
class Draft:
    """An item in the making: its phrase, why and how surely it is asked for, the stretch text[left:right] that is its
    own, and table cells by column, with `more` where a cell runs over several lines."""

    phrase: Phrase
    tier: int
    source: str
    left: int
    right: int
    scope: tuple[int, int]
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    more: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What details are looked for in: the text, the letter's lines and sentences, labelled spans, tick options."""

    text: str
    lines: Sequence[Line]
    sentences: Sequence[Sentence]
    labelled: Mapping[str, Sequence[tuple[int, int]]]
    options: Sequence[Option]


@dataclass
class Details:
    """An item's amounts; None where the letter states none."""

    quantity: float | None = None
    frequency: str | None = None
    duration: float | None = None
    cost: float | None = None


def drafts_of(phrases: Sequence[Phrase], scope: tuple[int, int], tier: int, source: str) -> list[Draft]:
    """One draft for each phrase of a statement; each one's own stretch reaches to the next."""
    if not phrases:
        return []
    edges = [scope[0], *(b.start for _, b in pairwise(phrases)), scope[1]]
    spans = pairwise(edges)
    return [Draft(p, tier, source, max(a, scope[0]), b, scope) for p, (a, b) in zip(phrases, spans, strict=True)]


def left_open(around: Surroundings, start: int, end: int) -> bool:
    """Whether a stretch holds options of the form and none of them is ticked."""
    inside = [o for o in around.options if o.start - 4 <= end and start < o.end]
    return bool(inside) and not any(o.ticked for o in inside)


def row_end(around: Surroundings, end: int) -> int:
    """The end of what stands to the right of a place on the same row, as far as it follows in the text."""
    line = next((n for n in around.lines if n.start < end <= n.end), None)
    if line is None:
        return end
    beside = [n for n in around.lines if n.page == line.page and 0 <= n.start - end < 40 and abs(n.box[1] - line.box[1]) < line.height
              and n.box[0] > line.box[0]]  # fmt: skip
    for other in sorted(beside, key=lambda n: n.box[0]):
        if codes_in(around.text, other.start, other.end) or any(other.start <= o.start < other.end for o in around.options):
            break
        end = other.end
    return end
