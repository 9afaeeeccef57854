"""Our figures and those of the independent scorer that lies beside the project, where it does, on spoiled answers."""

import json
import math
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate.command import judge
from pipeline.evaluate.corpus import condition_and_name, load_truth
from pipeline.evaluate.judge import value_in
from pipeline.evaluate.marks import Report
from pipeline.evaluate.report import reports
from pipeline.model import FIELD_NAMES

SHARED = Path(os.environ.get("LMN_SHARED", Path(__file__).parents[3] / "shared"))
SCORER = SHARED / "scanlab" / "score.py"
SAME_NAMES = ("diagnosis", "diagnosis_code", "item", "item_code", "item_category", "letter", "segment", "micro")

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="the scorer is not on this machine")


def spoil(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice("0a8") + text[at + 1 :]


def spoiled_value(value: Any, dice: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return value[:-1] if dice.random() < 0.5 else [*value, "rest"]
    return spoil(str(value), dice)


def record_from(truth: dict[str, Any], letter: dict[str, Any] | None, dice: random.Random, rate: float) -> dict[str, Any]:
    """A record that tells the truth, spoiled at `rate`."""
    told = letter or {}
    fields = {name: value for name in FIELD_NAMES if (value := value_in(told, name)) not in (None, [])}
    claims = {name: spoiled_value(v, dice) if dice.random() < rate else v for name, v in fields.items() if dice.random() > rate / 2}
    lists: dict[str, list[dict[str, Any]]] = {}
    for group, code in (("diagnoses", "icd10"), ("items", "code")):
        kept = [dict(one, confidence=dice.random()) for one in told.get(group) or [] if dice.random() > rate / 2]
        for one in kept:
            one["text"] = spoil(one["text"], dice) if dice.random() < rate else one["text"]
            one[code] = None if dice.random() < rate else one.get(code)
            one.update({"duration_months": 3, "category": "other"} if dice.random() < rate else {})
        lists[group] = kept
    lists["diagnoses"] += [{"text": text, "confidence": 0.4} for text in told.get("not_diagnoses") or [] if dice.random() < rate]
    return {
        "document_class": ("lmn" if letter else truth["segments"][0]["class"]) if dice.random() > rate / 2 else "other",
        "pages": told.get("pages") or [],
        "segments": truth["segments"] if dice.random() > rate else truth["segments"][:1],
        "fields": {name: {"value": value, "confidence": round(dice.random() ** 0.3, 3)} for name, value in claims.items()},
        **lists,
        "elements": {name: {"value": value != (dice.random() < rate)} for name, value in (told.get("elements") or {}).items()},
        "flags": [{"code": code} for code in told.get("flags") or [] if dice.random() > rate],
        "findings": [{"code": code} for code in [*truth["findings"], "LOW_CONFIDENCE"] if dice.random() > rate],
        "queue": truth["queue"] if dice.random() > rate else "decide",
    }  # fmt: skip


def equal(ours: float | None, theirs: float | None) -> bool:
    return math.isclose(ours or 0.0, theirs or 0.0, abs_tol=1e-9)


def same_counts(ours: Report, theirs: Report, where: str) -> None:
    for figure in ("n", "p", "r", "f1"):
        assert equal(ours[figure], theirs[figure]), f"{where} {figure}: ours {ours[figure]}, theirs {theirs[figure]}"


@pytest.mark.parametrize("corpus", ["fsa", "ins"])
def test_our_figures_are_those_of_the_scorer(corpus: str, tmp_path: Path) -> None:
    dice = random.Random(11)
    truth = load_truth(SHARED / "corpus" / corpus)
    records = [
        {"file": f"{condition}/{name}.pdf", **record_from(one, letter, dice, rate)}
        for condition, rate in (("scan", 0.05), ("fax", 0.2), ("photo", 0.4))
        for name, one in truth.items()
        for letter in one["letters"] or [None]
    ]
    lines, theirs_at = tmp_path / "letters.jsonl", tmp_path / "theirs.json"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records))
    command = [sys.executable, str(SCORER), str(lines), str(SHARED / "corpus" / corpus), "--json", str(theirs_at)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    theirs = json.loads(theirs_at.read_text())
    ours = reports(judge([condition_and_name(record["file"]) for record in records], truth, records))
    assert set(ours) == set(theirs)
    for condition, their in theirs.items():
        our = ours[condition]
        for name in SAME_NAMES:
            same_counts(our[name], their[name], f"{condition} {name}")
        for name, one in their["fields"].items():
            same_counts(our["fields"][name], one, f"{condition} {name}")
        for family in ("elements", "flags", "findings"):
            same_counts(our[family]["all"], their[family]["micro"], f"{condition} {family}")
        for name, one in their["item_details"].items():
            assert equal(our["item_details"][name]["accuracy"], one["accuracy"]), f"{condition} {name}"
        assert equal(our["macro_f1"], their["macro_f1"]) and equal(our["queue"]["accuracy"], their["queue"]["accuracy"])
        assert equal(our["page_class_accuracy"], their["page_class_accuracy"])
        assert our["denied"]["asserted"] == their["not_diagnoses"]["asserted"]
        for name in ("in_play", "ece", "accuracy_at_95", "automation_at_99"):
            assert equal(our["calibration"][name], their["calibration"][name]), f"{condition} {name}"
