"""One file's records against its truth."""

from typing import Any

import pytest

from pipeline.evaluate.judge import file_marks, pairs_by_pages, verdict_queue


def verdicts(truth: dict[str, Any], records: list[dict[str, Any]], group: str) -> list[tuple[str, str]]:
    return [(m.name, m.verdict) for m in file_marks("scan", "x", truth, records) if m.group == group]


def truth_of(*letters: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"letters": list(letters), "segments": [{"class": "lmn", "pages": [1]}], "findings": [], "queue": "decide", **rest}


def record(**parts: Any) -> dict[str, Any]:
    return {"file": "scan/x.pdf", "document_class": "lmn", "pages": [1], "queue": "decide", "fields": {}, **parts}


def test_letters_are_told_apart_by_their_pages() -> None:
    first, second = {"pages": [1, 2]}, {"pages": [3]}
    found = [record(pages=[3]), record(pages=[2])]
    chosen, extra = pairs_by_pages([first, second], found)
    assert [one and one["pages"] for one in chosen] == [[2], [3]] and not extra
    chosen, extra = pairs_by_pages([first], [record(pages=[4])])
    assert chosen == [None] and len(extra) == 1
    chosen, _ = pairs_by_pages([first], [record(pages=[])])
    assert chosen[0] is not None, "a record that names no pages may be any letter"


def test_a_letter_that_is_not_there_is_all_wrong() -> None:
    invented = record(fields={"patient.name": {"value": "Ana Ortiz", "confidence": 0.9}}, items=[{"text": "orthotics"}])
    assert verdicts(truth_of(), [invented], "field") == [("patient.name", "invented")]
    assert verdicts(truth_of(), [invented], "item") == [("item", "invented")]
    assert verdicts(truth_of(), [invented], "letter") == [("letter", "invented")]


def test_a_file_without_a_record_is_missed() -> None:
    truth = truth_of({"pages": [1], "letter_date": "2026-01-02", "flags": ["unsigned"]}, findings=["MISSING_SIGNATURE"])
    assert verdicts(truth, [], "file") == [("found", "missed")]
    assert verdicts(truth, [], "field") == [("letter_date", "missed")]
    assert verdicts(truth, [], "flag") == [("unsigned", "missed")]
    assert verdicts(truth, [], "finding") == [("MISSING_SIGNATURE", "missed")]
    assert verdicts(truth, [], "queue") == [("queue", "wrong")]


@pytest.mark.parametrize(
    ("truth", "found", "verdict"),
    [
        ({"text": "plantar fasciitis", "icd10": "M72.2"}, {"text": "foot pain", "icd10": "M722"}, ["right"]),
        ({"text": "plantar fasciitis"}, {"text": "Plantar fasciitis, left"}, ["right"]),
        ({"text": "plantar fasciitis"}, {"text": "asthma"}, ["missed", "invented"]),
    ],
)
def test_diagnoses_by_code_or_words(truth: dict[str, Any], found: dict[str, Any], verdict: list[str]) -> None:
    marks = verdicts(truth_of({"pages": [1], "diagnoses": [truth]}), [record(diagnoses=[found])], "diagnosis")
    assert [v for _, v in marks] == verdict


def test_a_denied_condition_taken_for_a_diagnosis_is_told() -> None:
    truth = truth_of({"pages": [1], "diagnoses": [{"text": "asthma"}], "not_diagnoses": ["diabetes"]})
    found = record(diagnoses=[{"text": "asthma"}, {"text": "diabetes"}])
    assert verdicts(truth, [found], "denied") == [("denied", "right"), ("asserted", "invented")]


def test_items_in_other_words_are_the_same_when_of_one_kind() -> None:
    truth = truth_of({"pages": [1], "items": [{"text": "arch supports", "category": "orthopedic_footwear", "duration_months": 3}]})
    found = record(items=[{"text": "custom inserts", "category": "orthopedic_footwear", "duration_months": 2.8}])
    assert verdicts(truth, [found], "item") == [("item", "right")]
    assert verdicts(truth, [found], "item_detail") == [("duration_months", "right")]
    other = record(items=[{"text": "custom inserts", "category": "other", "duration_months": 3}])
    assert [v for _, v in verdicts(truth, [other], "item")] == ["missed", "invented"]


@pytest.mark.parametrize(
    ("queues", "queue"),
    [(["decide"], "decide"), (["decide", "match"], "match"), (["not_lmn", "decide"], "decide"), (["not_lmn"], "not_lmn"),
     ([], "(none)")],
)  # fmt: skip
def test_the_queue_of_a_file_is_the_first_on_the_ladder(queues: list[str], queue: str) -> None:
    assert verdict_queue([{"queue": one} for one in queues]) == queue


def test_pages_and_segments() -> None:
    segments = [{"class": "fax_cover", "pages": [1]}, {"class": "lmn", "pages": [2, 3]}]
    declared = [{"class": "fax_cover", "pages": [1]}, {"class": "lmn", "pages": [2]}, {"class": "other", "pages": [3]}]
    truth, found = truth_of({"pages": [2, 3]}, segments=segments), [record(pages=[2], segments=declared)]
    assert [v for _, v in verdicts(truth, found, "page")] == ["right", "right", "wrong"]
    assert sorted(v for _, v in verdicts(truth, found, "segment")) == ["invented", "invented", "missed", "right"]
    bare = [record(document_class="lmn", pages=[], segments=[])]
    assert [v for _, v in verdicts(truth, bare, "page")] == ["wrong", "right", "right"]
