"""What an evaluation finds, one mark per compared thing, and the counts that follow from a set of marks.

Belongs here: precision, recall, F1, calibration. Does not belong here: comparing values, printing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pipeline.evaluate.compare import Verdict

Report = dict[str, Any]

SURE = 0.95
GOAL = 0.99
BINS = 10


class Mark(NamedTuple):
    """One compared thing. `file` is condition/name; `group` field, diagnosis, item …; `name` the field or code within
    it; `confidence` what the pipeline claimed, None where it claims none."""

    condition: str
    file: str
    group: str
    name: str
    verdict: Verdict
    expected: str = ""
    found: str = ""
    confidence: float | None = None


class Count(NamedTuple):
    """How often each verdict fell. A wrong or near value is both a false one and a missed one."""

    right: int
    near: int
    wrong: int
    missed: int
    invented: int

    @property
    def stated(self) -> int:
        """Things that the truth states."""
        return self.right + self.near + self.wrong + self.missed

    @property
    def asserted(self) -> int:
        """Things that the pipeline asserts."""
        return self.right + self.near + self.wrong + self.invented

    def report(self) -> Report:
        """n (stated), the verdicts, and precision p, recall r and f1 in 0..1, None where undefined."""
        return {
            "n": self.stated,
            **self._asdict(),
            "p": ratio(self.right, self.asserted),
            "r": ratio(self.right, self.stated),
            "f1": ratio(2 * self.right, self.stated + self.asserted),
        }


def ratio(part: float, whole: float) -> float | None:
    """part / whole, None when there is no whole."""
    return part / whole if whole else None


def count(marks: Iterable[Mark]) -> Count:
    """The verdicts of some marks, counted."""
    verdicts: Counter[str] = Counter(mark.verdict for mark in marks)
    return Count(*(verdicts[name] for name in Count._fields))


def by_name(marks: Sequence[Mark], order: Sequence[str] = ()) -> dict[str, Report]:
    """A report per name: those of `order` first, whether they occur or not, then the others by alphabet."""
    names = [*order, *sorted({mark.name for mark in marks} - set(order))]
    return {name: count(mark for mark in marks if mark.name == name).report() for name in names}


CONFIDENT_GROUPS = ("field", "diagnosis", "item")
"""Groups whose values carry a confidence and are held to it."""


def calibration(marks: Iterable[Mark]) -> Report:
    """How far claimed confidence holds: `ece` (mean gap between confidence and accuracy over ten bins, weighted by
    their size), the bins, accuracy of what is claimed with at least 0.95, and `automation_at_99`: the largest share of
    all values, stated or asserted, that could be taken unseen while 99 % of them are right."""
    play = [mark for mark in marks if mark.group in CONFIDENT_GROUPS]
    claimed = [(m.confidence, m.verdict == "right") for m in play if m.confidence is not None and m.verdict != "missed"]
    bins = _bins(claimed)
    sure = [right for confidence, right in claimed if confidence >= SURE]
    taken, threshold = _automation(claimed)
    gap = sum(b["n"] * abs(b["confidence"] - b["accuracy"]) for b in bins)
    return {
        "n": len(claimed),
        "in_play": len(play),
        "ece": ratio(gap, len(claimed)),
        "n_at_95": len(sure),
        "accuracy_at_95": ratio(sum(sure), len(sure)),
        "automation_at_99": ratio(taken, len(play)),
        "threshold_at_99": threshold,
        "bins": bins,
    }


def _bins(claimed: Sequence[tuple[float, bool]]) -> list[Report]:
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in claimed:
        parts[_bin_of(confidence)].append((confidence, right))
    return [
        {
            "from": place / BINS,
            "n": len(part),
            "confidence": sum(c for c, _ in part) / len(part),
            "accuracy": sum(right for _, right in part) / len(part),
        }
        for place, part in enumerate(parts)
        if part
    ]


def _bin_of(confidence: float) -> int:
    """The bin [k/10, (k+1)/10) that holds a confidence, without the rounding of a product; 1 falls in the last."""
    return next((k for k in range(BINS) if k / BINS <= confidence < (k + 1) / BINS), BINS - 1)


def _automation(claimed: Sequence[tuple[float, bool]]) -> tuple[int, float | None]:
    """How many values lie at or above the lowest threshold that keeps the goal, and that threshold."""
    best: tuple[int, float | None] = (0, None)
    right = 0
    ordered = sorted(claimed, key=lambda one: -one[0])
    for taken, (confidence, hit) in enumerate(ordered, start=1):
        right += hit
        closes = taken == len(ordered) or ordered[taken][0] < confidence
        if closes and right / taken >= GOAL:
            best = (taken, confidence)
    return best
