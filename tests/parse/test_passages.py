"""Whole short letters of many writers (sentences/passages.txt), parsed from end to end and held against their truth."""

import re
import textwrap
from collections import Counter
from functools import lru_cache
from typing import Any

import pytest

from pipeline.evaluate.judge import file_marks
from pipeline.parse import parse
from tests.parse.marked import LETTERS, SENTENCES
from tests.parse.paper import column

HEAD = ("Maple Street Family Medicine", "1820 Maple Street, Suite 4, Dayton, OH 45402", "Phone (937) 555-0141", "",
        "March 14, 2026", "", "RE: Jamie Rowe, DOB 02/03/1979", "", "To Whom It May Concern:", "")  # fmt: skip
FOOT = ("", "Sincerely,", "", "Electronically signed by Laura Kim, MD on 03/14/2026")
DETAILS = ("quantity", "frequency", "duration_months", "cost")


def passages() -> list[tuple[str, dict[str, Any]]]:
    """Each passage with its truth."""
    blocks = (SENTENCES / "passages.txt").read_text(encoding="utf-8").split("\n---\n")[1:]
    return [_passage(block.strip().removesuffix("---").strip()) for block in blocks if block.strip()]


def _passage(block: str) -> tuple[str, dict[str, Any]]:
    text: list[str] = []
    truth: dict[str, Any] = {"pages": [1], "diagnoses": [], "not_diagnoses": [], "items": [], "flags": [], "elements": {}}
    for line in block.split("\n"):
        key, _, value = line.partition(":")
        if key == "dx":
            found = (re.fullmatch(r"(.*?)(?:\s*\[([^\]]+)\])?", part.strip()) for part in value.split(";"))
            truth["diagnoses"] = [{"text": m[1], "icd10": m[2]} for m in found if m]
        elif key == "not":
            truth["not_diagnoses"] = [part.strip() for part in value.split(";")]
        elif key == "item":
            truth["items"].append(_item([part.strip() for part in value.split("|")]))
        elif key in ("el", "fl"):
            truth["flags"] += [part.strip() for part in value.split(";")] if key == "fl" else []
            truth["elements"] |= {LETTERS[c]: True for c in value.strip()} if key == "el" else {}
        elif key != "tried":
            text.append(line)
    if truth["elements"].get("expected_benefit"):
        truth["elements"]["medical_value"] = True
    return "\n".join(text), truth


def _item(parts: list[str]) -> dict[str, Any]:
    text, category, code, *amounts = [*parts, *[""] * (7 - len(parts))]
    numbers = dict(zip(DETAILS, amounts, strict=True))
    return {"text": text, "category": category, "code": code or None} | {
        name: None if not v else v if name == "frequency" else float(v) for name, v in numbers.items()
    }


@lru_cache(maxsize=1)
def counts() -> Counter[tuple[str, str]]:
    """How often each verdict fell, by group of values."""
    tally: Counter[tuple[str, str]] = Counter()
    for text, truth in passages():
        lines = [row for part in text.split("\n") for row in textwrap.wrap(part, 92)]
        letter = parse(column(*HEAD, *lines, *FOOT)).letters[0]
        record = {
            "document_class": "lmn", "pages": [1],
            "diagnoses": [d.model_dump() for d in letter.diagnoses], "items": [i.model_dump() for i in letter.items],
            "elements": {e.name: e.value for e in letter.elements},
            "flags": [f.code for f in letter.flags if f.code not in ("no_letterhead", "unsigned")],
        }  # fmt: skip
        open_ended = bool(truth["diagnoses"]) and "medical_value" not in truth["elements"] and not truth["flags"]
        for mark in file_marks("born", "passage", {"letters": [truth]}, [record]):
            if not (open_ended and mark.name == "medical_value"):
                tally[mark.group, mark.verdict] += 1
    return tally


@pytest.mark.parametrize(
    ("group", "least"),
    [("diagnosis", 0.89), ("diagnosis_code", 0.97), ("item", 0.9), ("item_category", 0.9), ("item_code", 0.93), ("element", 0.9), ("flag", 0.85)],
)
def test_short_letters_of_many_writers(group: str, least: float) -> None:
    right, tally = counts()[group, "right"], counts()
    wrong = sum(tally[group, verdict] for verdict in ("wrong", "missed", "invented"))
    assert 2 * right / (2 * right + wrong) >= least, dict(tally)


def test_what_is_denied_is_not_asserted() -> None:
    assert counts()["denied", "invented"] == 0
