"""What is measured of a letter for those who lead: how well it was read, and how much of it needs no person.

Belongs here: numbers of one Case, the accuracy that is aimed at. Does not belong here: adding them up (dashboard.py).
"""

import csv
from collections.abc import Iterable
from importlib.resources import files

from pipeline.ledger.board import Measure
from pipeline.model import Case, Letter
from pipeline.review import wording

_Z = 1.96


def target_accuracy() -> float:
    """How often values above the threshold of doubt are to be right (0..1); review/doubt.csv holds both."""
    text = files("pipeline.review").joinpath("doubt.csv").read_text(encoding="utf-8")
    return float(next(csv.DictReader(text.splitlines()))["target_accuracy"])


def confidences(letter: Letter) -> list[float]:
    """The confidence (0..1) of every value that was taken: fields, diagnoses, items."""
    fields = [f.confidence for f in letter.fields.values() if f.accepted]
    return fields + [d.confidence for d in letter.diagnoses] + [i.confidence for i in letter.items]


def measure_of(case: Case, letter_id: str, result: str) -> Measure:
    """A letter's numbers; a file without a letter has no values."""
    found = confidences(case.letter) if case.letter else []
    sure = sum(c >= wording.DOUBTFUL_BELOW for c in found)
    blocks = sum(f.severity == "blocks" for f in case.item.findings)
    quality = case.letter.quality if case.letter else 0.0
    return Measure(letter_id, result, case.receipt.received_at[:10], case.receipt.channel, quality, len(found), sure, blocks)


def stood(looked_at: Iterable[tuple[str, str, str]]) -> tuple[int, int]:
    """Of values that a person looked at, as (letter, path, kind) oldest first: how many stood, and how many there were.
    The last word on a value counts."""
    last = {(letter_id, path): kind for letter_id, path, kind in looked_at}
    return sum(kind == "confirm" for kind in last.values()), len(last)


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval at 95 % for a share; (0, 1) when nothing was counted."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, _Z * _Z
    middle = share + z2 / (2 * whole)
    spread = _Z * ((share * (1 - share) + z2 / (4 * whole)) / whole) ** 0.5
    return max(0.0, (middle - spread) / (1 + z2 / whole)), min(1.0, (middle + spread) / (1 + z2 / whole))
