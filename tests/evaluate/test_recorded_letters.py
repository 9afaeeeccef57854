"""A change that loses accuracy is seen: the recorded letters against the figures they had.

    python -m tests.evaluate.test_recorded_letters      writes tests/recorded/baseline.json anew
"""

import json

import pytest

from pipeline.evaluate.report import figures, report
from tests.recorded_letters import RECORDED, marks, recordings

BASELINE = RECORDED / "baseline.json"
MAY_FALL = {"fields": 0.003, "fields, mean": 0.003, "diagnoses": 0.005, "items": 0.005, "elements": 0.005, "findings": 0.005, "queue": 0.0}
"""By how much a headline figure may fall before the change has to be looked at; then mend it or write the baseline anew."""


def measured(name: str, condition: str) -> dict[str, float]:
    found = figures(report(marks(name, condition)))
    return {figure: round(value, 4) for figure, value in found.items() if value is not None}


@pytest.mark.parametrize(("name", "condition"), recordings())
def test_no_figure_falls(name: str, condition: str) -> None:
    before = json.loads(BASELINE.read_text(encoding="utf-8"))[f"{name}/{condition}"]
    now = measured(name, condition)
    moved = {figure: (value, now.get(figure)) for figure, value in before.items() if now.get(figure) != value}
    fell = [figure for figure, least in MAY_FALL.items() if now[figure] < before[figure] - least]
    assert not fell, f"{fell} fell; all that moved (before, now): {moved}"


def test_something_is_recorded() -> None:
    assert len(recordings()) >= 4


if __name__ == "__main__":
    known = {f"{name}/{condition}": measured(name, condition) for name, condition in recordings()}
    BASELINE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
