"""Sent again, or something new?"""

from typing import Any

import pytest

from pipeline.check import check, filing_keys, load_rules
from pipeline.check.filing import HASHES, HIDDEN_DATE, is_same, likeness, minhash
from pipeline.match import match
from pipeline.model import InkMark
from tests.check.bench import TODAY, WORDS, codes, findings, letter, paper, records

ADDED = """ At the visit of last week her rotation had fallen to forty degrees and she can no longer drive a car or carry groceries home."""
BADLY = WORDS.replace("suffers", "suflers").replace("Physical", "Physlcal").replace("massage", "rnassage").replace("weeks and", "vveeks arid").replace("range", "ra nge")
LONGER = """ The patient is a teacher and stands for most of the day, which her condition makes hard to bear. She lives on the third floor.
Her mother helps with the household. We have discussed the plan of care and she agrees with it and will keep a diary of her pain."""


def filed(order: int, text: str = WORDS, fields: dict[str, Any] | None = None, member: str | None = "QX-1001", sha: str = "a", **changes: Any) -> Any:
    given = letter(fields, letter_id=f"{sha}-{order}", **changes)
    return filing_keys(given, paper(text + LONGER), order, f"{order}.pdf", member).model_copy(update={"sha256": sha * 64})


CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("word for word", {}, {}, True),
    ("another date", {}, {"fields": {"letter_date": "2026-06-01"}}, True),
    ("another date in words", {}, {"text": WORDS.replace("April 14", "June 1")}, True),
    ("a corrected-copy stamp", {}, {"text": "CORRECTED COPY sent again " + WORDS}, True),
    ("badly read", {}, {"text": BADLY}, True),
    ("a sentence more", {}, {"text": WORDS + ADDED}, False),
    ("a sentence less", {"text": WORDS + ADDED}, {}, True),
    ("now signed", {"fields": {"provider.signed": False}, "flags": ["unsigned"]}, {}, False),
    ("signature not seen this time", {}, {"fields": {"provider.signed": False}, "flags": ["unsigned"]}, True),
    ("now on letterhead", {"flags": ["no_letterhead"]}, {}, False),
    ("now with a length of need", {"items": [{"duration_months": None}]}, {}, False),
    ("the name was there but not recognised", {"fields": {"patient.name": None}}, {}, False),
    ("for another item", {}, {"items": [{"category": "acupuncture", "code": "97810"}]}, False),
    ("for another diagnosis", {}, {"diagnoses": [{"icd10": "M75.41"}]}, False),
    ("another member on one template", {}, {"member": "QX-1002"}, False),
    ("no member, the same name", {"member": None}, {"member": None}, True),
    ("no member, another name", {"member": None}, {"member": None, "fields": {"patient.name": "Rosa Ortega"}}, False),
    ("other words altogether", {}, {"text": " ".join(reversed(WORDS.split()))}, False),
]  # fmt: skip


@pytest.mark.parametrize(("case", "before", "now", "same"), CASES, ids=[c[0] for c in CASES])
def test_the_same_letter_again(case: str, before: dict[str, Any], now: dict[str, Any], same: bool) -> None:
    assert is_same(filed(1, **before), filed(2, sha="b", **now)) is same


def test_only_an_earlier_letter_counts() -> None:
    given = letter()
    earlier = filing_keys(letter(letter_id="c-1"), paper(), 3, "c.pdf", "QX-1001")
    assert [f.code for f in findings(given, earlier=(earlier,), order=4)] == ["DUPLICATE_LETTER"]
    assert [f.code for f in findings(given, earlier=(earlier,), order=3)] == []
    assert [f.code for f in findings(given, earlier=(earlier,), order=2)] == []
    assert codes(given, records()) == ""


def test_two_letters_in_one_file_are_two() -> None:
    assert not is_same(filed(1), filed(1, sha="a").model_copy(update={"letter_id": "a-2"}))


def test_likeness_estimates_the_share_of_common_features() -> None:
    one, two = {str(n) for n in range(300)}, {str(n) for n in range(100, 400)}
    assert abs(likeness(minhash(one, HASHES), minhash(two, HASHES)) - 0.5) < 0.15
    assert likeness(minhash(one, HASHES), minhash(one, HASHES)) == 1.0
    assert likeness(minhash(one, HASHES), ()) == 0.0


def test_keys_are_the_same_every_time() -> None:
    assert filed(1) == filed(1)


HIDDEN = [
    ("a stamp across the date", "Date RECE2/20/2026 MAR", (0, 0, 1, 1), True),
    ("a stamp behind the date", "Date 2/20/26IVED", (0, 0, 1, 1), True),
    ("the same without ink there", "Date RECE2/20/2026 MAR", (5, 5, 9, 9), False),
    ("a stamp's own date", "RECEIVED 3/02/2026 MAILROOM", (0, 0, 1, 1), False),
    ("no year", "SECTION2/20", (0, 0, 1, 1), False),
    ("a telephone number", "FAX330.555.0177", (0, 0, 1, 1), False),
    ("words only", "Date RECEIVED", (0, 0, 1, 1), False),
]


@pytest.mark.parametrize(("case", "text", "ink", "hidden"), HIDDEN, ids=[c[0] for c in HIDDEN])
def test_a_date_under_a_stamp_is_neither_absent_nor_cured_by_sending_again(case: str, text: str, ink: tuple[float, float, float, float], hidden: bool) -> None:
    document = paper(f"{text} {WORDS}{LONGER}")
    page = document.pages[0].model_copy(update={"marks": (InkMark(box=ink, share=0.1),)})
    document = document.model_copy(update={"pages": (page,)})
    undated = letter({"letter_date": None}, letter_id="a-1")
    first = filing_keys(undated, document, 1, "1.pdf", "QX-1001")
    assert is_same(first, filed(2, sha="b")) is hidden
    held = check(undated, match(undated, records()), records(), (), first, TODAY, load_rules(None))
    assert ("LOW_CONFIDENCE" in {f.code for f in held}) is hidden
    assert HIDDEN_DATE not in filing_keys(letter(), document, 1, "1.pdf", "QX-1001").states
