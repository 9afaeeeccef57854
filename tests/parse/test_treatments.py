"""Prior treatments: names as written, and what was named but not tried."""

import pytest

from pipeline.parse.treatments import prior_treatments
from tests.parse.marked import passage, rows


def read(text: str, topic: str = "") -> tuple[list[str], dict[str, str]]:
    """Names tried, and rejected names with their reasons, lower case."""
    document, sentences = passage(text)
    value = prior_treatments(document, sentences, topics=dict.fromkeys(range(len(sentences)), topic) if topic else {})
    tried = list(value.value) if isinstance(value.value, tuple) else []
    refused = {
        c.value[0].lower(): c.rejected_because
        for c in value.candidates
        if isinstance(c.value, tuple) and c.rejected_because
    }
    return [name.lower() for name in tried], refused


@pytest.mark.parametrize(("part", "recall", "precision"), [
    ("dev", 0.98, 0.98), ("blind", 0.97, 0.95), ("late", 0.85, 0.98), ("last", 0.85, 0.93),
])  # fmt: skip
def test_names_are_found_as_written(part: str, recall: float, precision: float) -> None:
    right = named = wanted = 0
    for row in rows("treatments", part):
        found, want = set(read(row["text"])[0]), {t.lower() for t in row["tried"].split(";") if t}
        right, named, wanted = right + len(found & want), named + len(found), wanted + len(want)
    assert right / wanted >= recall, f"recall {right}/{wanted}"
    assert right / named >= precision, f"precision {right}/{named}"


def test_nothing_is_tried_where_the_row_says_so() -> None:
    wrong = [row["text"] for row in rows("treatments") if not row["tried"] and read(row["text"])[0]]
    assert wrong == []


@pytest.mark.parametrize(("text", "name", "reason"), [
    ("Naproxen is contraindicated with her kidney disease.", "naproxen", "could not be used"),
    ("He has never taken opioids.", "opioids", "not tried"),
    ("I am requesting approval of massage therapy.", "massage therapy", "requested"),
    ("If acupuncture fails we will try gabapentin.", "acupuncture", "planned"),
])  # fmt: skip
def test_what_was_not_tried_stays_with_its_reason(text: str, name: str, reason: str) -> None:
    tried, refused = read(text)
    assert tried == []
    assert reason in refused[name]


@pytest.mark.parametrize(("text", "names"), [
    ("She completed eight weeks of physical therapy, naproxen 500 mg BID and two steroid shots without relief.",
     ["physical therapy", "naproxen", "steroid shots"]),
    ("He has had 2 courses of prednisone (last 3/2026) and still wheezes.", ["prednisone"]),
    ("Tried over-the-counter inserts and a text-to-speech app.", ["over-the-counter inserts", "text-to-speech app"]),
])  # fmt: skip
def test_counts_doses_and_dates_are_dropped(text: str, names: list[str]) -> None:
    assert read(text)[0] == names


def test_each_treatment_once() -> None:
    assert read("She failed physical therapy. The therapy did not help. Physical therapy was stopped.")[0] == [
        "physical therapy"
    ]


def test_earlier_tests_count_where_a_test_is_asked_for() -> None:
    asked = "I request authorization of whole genome sequencing. A brain MRI was normal."
    assert read(asked)[0] == ["brain mri"]
    assert read("I request authorization of a back brace. A brain MRI was normal.")[0] == []


def test_an_answer_under_the_label_is_a_list() -> None:
    assert read("gel pads, taping, spin bike", "tried")[0] == ["gel pads", "taping", "spin bike"]
    assert read("none", "tried")[0] == []


def test_evidence_quotes_the_page() -> None:
    document, sentences = passage("Ibuprofen and heat were tried without success.")
    value = prior_treatments(document, sentences)
    assert value.accepted is not None and value.accepted.evidence is not None
    assert value.accepted.evidence.quote == "Ibuprofen"
    assert value.name == "prior_treatments"


def test_a_letter_without_treatments_has_no_candidates() -> None:
    document, sentences = passage("He has gout and walks with pain.")
    assert prior_treatments(document, sentences).status == "absent"
