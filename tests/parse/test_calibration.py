"""Scores become confidences by curves that are data, and nothing else of the letter changes."""

import csv
from importlib.resources import files

import pytest

from pipeline.model import FAMILY_OF, FIELD_NAMES, Candidate, FieldValue, Letter
from pipeline.parse import calibration
from pipeline.parse.calibration import CEILING, FLOOR, calibrated, chance, readings

STEEP = {"date": {"bias": -1.0, "score": 1.0, "rivals": -1.0, "name:letter_date": 0.5}}


def letter(*dates: Candidate, quality: float = 1.0) -> Letter:
    fields = {"letter_date": FieldValue(name="letter_date", candidates=dates)}
    return Letter(letter_id="a" * 16 + "-1", sha256="a" * 64, pages=(1,), kind="letter", fields=fields, quality=quality)


def read(value: str, confidence: float, rejected: str | None = None) -> Candidate:
    return Candidate(value=value, confidence=confidence, because="stands at the top", rejected_because=rejected)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((read("2026-03-14", 0.9),), 0.8452),  # 1 / (1 + exp(-(-1 + ln 9 + 0.5)))
        ((read("2026-03-14", 0.9), read("2026-03-01", 0.6)), 0.6676),  # a rival lowers it
        ((read("2026-03-14", 0.9), read("1912-03-01", 0.6, "before 2000")), 0.8452),  # one that was rejected does not
        ((read("2026-03-14", 0.99),), 0.9836),
    ],
)
def test_a_score_is_read_off_its_curve(dates: tuple[Candidate, ...], expected: float) -> None:
    found = calibrated(letter(*dates), STEEP)["letter_date"]
    assert found.confidence == expected
    assert [c.value for c in found.candidates] == [c.value for c in dates]
    assert [c.confidence for c in found.candidates[1:]] == [c.confidence for c in dates[1:]]


def test_without_a_curve_scores_stay() -> None:
    before = letter(read("2026-03-14", 0.9))
    assert calibrated(before, {}) == before
    assert calibrated(before, {"person": {"bias": 9.0}}) == before


@pytest.mark.parametrize(("bias", "held"), [(50.0, CEILING), (-50.0, FLOOR)])
def test_nothing_is_certain_and_nothing_impossible(bias: float, held: float) -> None:
    (one,) = readings(letter(read("2026-03-14", 0.9)))
    assert chance(one, {"date": {"bias": bias}}) == held


def test_every_field_has_a_family() -> None:
    assert set(FAMILY_OF) == set(FIELD_NAMES)


def test_the_shipped_table_names_known_groups_and_terms() -> None:
    groups = {*FAMILY_OF.values(), "diagnosis", "item", "element", "flag"}
    terms = {"bias", "score", "words", "rivals", "form", "scanned", "coded", "several", "stated"}
    rows = list(csv.DictReader(files("pipeline.parse").joinpath("data/calibration.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["group"] for row in rows} <= groups
    assert {row["term"] for row in rows if not row["term"].startswith("name:")} <= terms
    assert len({(row["group"], row["term"]) for row in rows}) == len(rows)
    assert all(weights.get("score", 0.0) >= 0 for weights in calibration.shipped().values()), "a higher score would mean less"
