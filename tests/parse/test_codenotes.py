"""Notes on diagnosis codes: ICD-9, incomplete, not in force on the letter's date; and the near-misses of each."""

import csv
import datetime as dt
from importlib.resources import files

import pytest

from pipeline.codes import icd10
from pipeline.parse.codenotes import code_notes
from pipeline.parse.diagnoses import read_diagnoses
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column


def notes(text: str, day: str | None) -> list[str]:
    sheet = Sheet(column("Dear Reviewer:", "", text), (1,), "letter")
    found = code_notes(sheet, read_diagnoses(sheet)[0], day)
    assert all(problem.page == 1 and "M54" not in problem.says for problem in found)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("text", "day", "codes"),
    [
        ("She has low back pain (M54.5).", "2026-03-01", ["code_release"]),
        ("She has low back pain (M54.5).", "2021-03-01", []),
        ("She has low back pain (M54.50).", "2026-03-01", []),
        ("She has low back pain (M54.50).", "2021-03-01", ["code_release"]),
        ("She has low back pain (M54.50).", None, []),
        ("He has osteoarthritis of the knee (M17.1).", "2026-03-01", ["code_partial"]),
        ("He has lumbago (ICD-9 724.2).", "2026-03-01", ["icd9"]),
        ("Diagnosis: lumbago 724.2", "2026-03-01", []),
        ("Blood pressure 152.4, weight 210.5 lb.", "2026-03-01", []),
    ],
)
def test_notes(text: str, day: str | None, codes: list[str]) -> None:
    assert notes(text, day) == codes


def test_an_old_code_is_no_diagnosis_code() -> None:
    sheet = Sheet(column("Dear Reviewer:", "", "He has lumbago (ICD-9 724.2)."), (1,), "letter")
    assert [d.icd10 for d in read_diagnoses(sheet)[0]] == [None]


def test_dates_of_codes_are_sourced_and_fit_the_release() -> None:
    text = files("pipeline.codes").joinpath("icd10_releases.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found = icd10.look_up(row["code"])
        assert row["source"] and found is not None
        assert found.billable == (row["until"] == "")


def test_before_icd10_nothing_is_said() -> None:
    assert icd10.in_force("M54.50", dt.date(2014, 1, 1)) is None
