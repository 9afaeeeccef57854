"""Codes suggested from words: lay names, sides, what merely describes; and the tables they come from."""

import csv
from importlib.resources import files

import pytest

from pipeline.codes import conditions, icd10
from pipeline.codes.suggestions import suggest


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("right tennis elbow", "M77.11"), ("whiplash", "S13.4XXA"), ("severe obstructive sleep apnea", "G47.33"),
        ("left shoulder adhesive capsulitis", "M75.02"), ("carpal tunnel syndrome, right", "G56.01"),
        ("high blood pressure", "I10"), ("stage 3b chronic kidney disease", "N18.32"), ("purple elephants", None),
        ("primary OA of both hips", "M16.0"), ("L5 radiculopathy", "M54.16"), ("type 2 DM with polyneuropathy", "E11.42"),
        ("spinal stenosis with neurogenic claudication", "M48.062"), ("chronic migraine without aura, intractable", "G43.719"),
    ],
)  # fmt: skip
def test_words_suggest_a_code(words: str, code: str | None) -> None:
    assert suggest(words) == code


def test_lay_names_are_told_once_with_a_source_and_a_billable_code() -> None:
    text = files("pipeline.codes").joinpath("condition_names.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    assert all(row["source"] and row["kind"] in ("d", "s") for row in rows)
    unfit = [row["name"] for row in rows if not (code := icd10.look_up(row["icd10"])) or not code.billable]
    assert unfit == []


def test_an_abbreviation_is_a_name_only_in_capitals() -> None:
    spans = [(a, b) for a, b, _ in conditions.names_in("She was sad; OSA and MS, as Ms. Roe said", 0, 40)]
    assert [("She was sad; OSA and MS, as Ms. Roe said")[a:b] for a, b in spans] == ["OSA", "MS"]
