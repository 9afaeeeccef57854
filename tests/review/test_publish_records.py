"""letters.jsonl: its form, its order, and what the schema refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.review.publish import publish
from pipeline.review.record import check, record_of, schema_text, validator
from tests.review.letters import AS_OF, bad_file, case, document, letter, store_with_pictures


def lines_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "letters.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_letter_tells_what_it_states_and_nothing_else() -> None:
    record = record_of(case())
    assert set(record["fields"]) == {"letter_date", "practice.name", "patient.name", "provider.credentials", "provider.signed"}
    assert record["fields"]["letter_date"] == {
        "value": "2026-04-02", "confidence": 0.97, "page": 1, "bbox": [40.0, 60.0, 170.0, 72.0], "quote": "April 2, 2026",
        "because": "by its label",
    }  # fmt: skip
    assert record["fields"]["provider.credentials"]["value"] == ["MD", "DPM"]
    assert record["fields"]["provider.signed"]["quote"] is None
    assert list(record["elements"]) == ["medical_value", "alternatives_inadequate", "expected_benefit", "measurable_benefit"]
    assert [e["value"] for e in record["elements"].values()] == [True, False, False, False]
    assert record["member"] == {"member_id": "M-1", "score": 21.5, "parts": {"name": 9.0, "dob": 12.5}}
    assert record["claims"] == ["C-1"]
    assert record["not_diagnoses"][0]["because"] == "negated"
    assert record["findings"][0]["record"] == {"table": "claims", "id": "C-1", "column": "service_date", "value": "2026-03-24"}
    assert (record["queue"], record["due"], record["channel"]) == ("examine", "2026-07-30", "mail")


def test_a_file_without_a_letter_has_a_line_too() -> None:
    record = record_of(bad_file())
    assert (record["kind"], record["member"], record["fields"], record["pages"]) == (None, None, {}, [])
    assert [p["code"] for p in record["problems"]] == ["encrypted"], "the same problem is told once"
    check([record])


def break_nothing(record: dict[str, Any]) -> None:
    record["due"] = None


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda record: record.pop(name)


def put(value: Any, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        place: Any = record
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (break_nothing, True),
        (put(None, "items", 0, "cost"), True),
        (put(0, "items", 0, "quantity"), True),
        (put("decided", "queue"), False),
        (put("approve", "queue"), False),
        (put(0, "priority"), False),
        (put("30 July 2026", "due"), False),
        (put("04/02/2026", "fields", "letter_date", "value"), False),
        (put(1.2, "fields", "letter_date", "confidence"), False),
        (put([1, 2, 3], "fields", "letter_date", "bbox"), False),
        (put({"value": "x"}, "fields", "patient.nickname"), False),
        (put("yes", "fields", "provider.signed", "value"), False),
        (put("MD", "fields", "provider.credentials", "value"), False),
        (put(1200, "items", 0, "duration_months"), False),
        (put("letter after purchase", "findings", 0, "code"), False),
        (put("1", "pages"), False),
        (put([1, 1], "pages"), False),
        (put("lmn2", "document_class"), False),
        (put("abc", "sha256"), False),
        (put("", "why"), False),
        (drop("member"), False),
        (drop("due"), False),
        (put(1, "unheard_of"), False),
    ],
)
def test_the_schema_takes_what_the_contract_says_and_no_more(change: Any, fits: bool) -> None:
    record = record_of(case())
    change(record)
    assert validator().is_valid(record) is fits


def test_a_record_that_breaks_the_schema_stops_the_writing(tmp_path: Path) -> None:
    wrong = letter(document())
    wrong = wrong.model_copy(update={"items": (wrong.items[0].model_copy(update={"duration_months": -1}),)})
    with pytest.raises(ValueError, match=r"line 1: items/0/duration_months breaks the schema's rule") as caught:
        publish([case(made=wrong)], tmp_path / "out", tmp_path, AS_OF)
    assert "Ortiz" not in str(caught.value)
    assert not (tmp_path / "out").exists(), "nothing is replaced before everything fits"


def test_lines_stand_by_file_then_pages_whatever_the_order_of_cases(tmp_path: Path) -> None:
    first = letter(document(), letter_id="x-3", pages=(3,))
    second = letter(document(), letter_id="x-1", pages=(1, 2))
    cases = [case("mail/b.pdf", made=first), bad_file("mail/z.pdf"), case("mail/b.pdf", made=second), bad_file("fax/a.pdf")]
    publish(cases, tmp_path / "one", tmp_path, AS_OF)
    publish(cases[::-1], tmp_path / "two", tmp_path, AS_OF)
    assert [(r["file"], r["pages"]) for r in lines_of(tmp_path / "one")] == [
        ("fax/a.pdf", []), ("mail/b.pdf", [1, 2]), ("mail/b.pdf", [3]), ("mail/z.pdf", []),
    ]  # fmt: skip
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(files) == 1 + 1 + 6 + 1 + 1 + 5
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_schema_is_published_beside_the_lines_and_names_its_draft(tmp_path: Path) -> None:
    publish([], tmp_path, tmp_path, AS_OF)
    published = json.loads((tmp_path / "letters.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(schema_text())
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (tmp_path / "letters.jsonl").read_bytes() == b""


def test_no_half_written_file_is_left(tmp_path: Path) -> None:
    cases = [case(), bad_file()]
    publish(cases, tmp_path / "out", store_with_pictures(tmp_path / "store", cases), AS_OF)
    assert not [p for p in (tmp_path / "out").rglob("*") if p.name.startswith(".")]
