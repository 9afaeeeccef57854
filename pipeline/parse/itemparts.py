"""What an item is made from before it is one: drafts, what surrounds them, the amounts found.

Belongs here: the shapes that the rooms of items hand to each other. Does not belong here: finding drafts (drafts), reading
amounts (itemdetails), settling items (items).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.parse.lines import Line, Sentence
from pipeline.parse.options import Option
from pipeline.parse.phrases import Phrase


@dataclass
class Draft:
    """An item in the making: its phrase, why and how surely it is asked for, the stretch text[left:right] that is its
    own, and table cells by column."""

    phrase: Phrase
    tier: int
    source: str
    left: int
    right: int
    scope: tuple[int, int]
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)


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
