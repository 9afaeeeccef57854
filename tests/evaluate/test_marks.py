"""Counts and calibration from a set of marks."""

import pytest

from pipeline.evaluate.compare import Verdict
from pipeline.evaluate.marks import Mark, calibration, count


def mark(verdict: Verdict, confidence: float | None = None, group: str = "field") -> Mark:
    return Mark("scan", "scan/x", group, "letter_date", verdict, confidence=confidence)


def test_a_wrong_value_is_false_and_missed_at_once() -> None:
    verdicts: list[Verdict] = ["right", "right", "near", "wrong", "missed", "invented"]
    report = count(mark(verdict) for verdict in verdicts).report()
    assert (report["n"], report["right"], report["invented"]) == (5, 2, 1)
    assert (report["p"], report["r"], report["f1"]) == (2 / 5, 2 / 5, 4 / 10)


def test_nothing_counted_has_no_rate() -> None:
    assert count([]).report()["f1"] is None
    assert calibration([])["ece"] is None


@pytest.mark.parametrize(
    ("claims", "taken", "threshold"),
    [
        ([(0.9, True)] * 99 + [(0.9, False)], 1.0, 0.9),
        ([(0.9, True)] * 98 + [(0.9, False)] * 2, 0.0, None),
        ([(0.99, True)] * 3 + [(0.9, False)], 0.75, 0.99),
        ([(0.99, False)] + [(0.98, True)] * 3, 0.0, None),
    ],
)
def test_what_could_be_taken_unseen(claims: list[tuple[float, bool]], taken: float, threshold: float | None) -> None:
    found = calibration([mark("right" if right else "wrong", confidence) for confidence, right in claims])
    assert (found["automation_at_99"], found["threshold_at_99"]) == (taken, threshold)


def test_what_was_missed_lowers_automation_but_not_calibration() -> None:
    found = calibration([mark("right", 1.0), mark("missed"), mark("right", 0.3, group="finding")])
    assert (found["n"], found["in_play"], found["automation_at_99"], found["ece"]) == (1, 2, 0.5, 0.0)


@pytest.mark.parametrize(("confidence", "start"), [(0.0, 0.0), (0.1, 0.1), (0.3, 0.3), (0.7, 0.7), (0.999, 0.9), (1.0, 0.9)])
def test_a_bound_belongs_to_the_bin_above(confidence: float, start: float) -> None:
    assert calibration([mark("right", confidence)])["bins"][0]["from"] == start
