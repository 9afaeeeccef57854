"""Which claim lines a letter is for: numbers as people write and scanners read them, authorisations, appeals, several."""

from typing import Any

import pytest

from pipeline.match import match
from tests.check.bench import CLAIM, codes, letter, records

MASK = {"category": "cpap", "code": "A7030", "item_description": "CPAP mask", "diagnosis_code": "G47.33"}
BED = {"category": "mattress_bed", "code": "E0260", "item_description": "Hospital bed", "diagnosis_code": ""}
RINSE = {"category": "other_dme", "code": "", "item_description": "ClearWay sinus system"}
IRRIGATOR = {"category": "other_dme", "text": "pulsating irrigator", "code": None}
ASKED_MASK = {"category": "cpap", "text": "CPAP mask", "code": "A7030"}

CASES: list[tuple[str, list[dict[str, str]], dict[str, Any], str, str]] = [
    ("a prior authorisation has no date", [{"status": "prior_auth", "service_date": ""}], {}, "C-1", ""),
    ("an authorisation and a closed line", [{"status": "prior_auth", "service_date": ""}, {"status": "paid"}], {}, "C-1", ""),
    ("an authorisation for another thing", [{"status": "prior_auth", "service_date": "", **MASK}], {}, "", "C-1"),
    ("an appeal of a denied line, by its number", [{"status": "denied"}, {"status": "pended"}], {"fields": {"claim_number": "C 1"}}, "C-1", "C-2"),
    ("a resubmission after a denial, without a number", [{"status": "denied"}, {"status": "pended"}], {}, "C-1 C-2", ""),
    ("an appeal of what was paid since", [{"status": "paid"}, {"status": "pended"}], {"fields": {"claim_number": "C-1"}}, "C-2", ""),
    ("several visits on one letter, the nearest first", [{"service_date": "2026-06-01"}, {"service_date": "2026-04-20"}, {"service_date": "2026-05-10"}], {}, "C-2 C-3 C-1", ""),
    ("several visits and another thing", [{}, MASK, {"service_date": "2026-05-30"}], {}, "C-1 C-3", "C-2"),
    ("one line for the second of two items", [MASK], {"items": [{}, ASKED_MASK]}, "C-1", ""),
    ("one line for each of two items", [MASK, {}], {"items": [{}, ASKED_MASK]}, "C-1 C-2", ""),
    ("one line for neither item", [BED], {"items": [{}, ASKED_MASK]}, "", "C-1"),
    ("a line without code or category, by its words", [{"code": "", "category": "", "item_description": "MASSAGE THERAPY 60MIN"}], {}, "C-1", ""),
    ("the same price for the same diagnosis", [{"code": "", "category": "", "item_description": "Services rendered"}], {"items": [{"cost": 95.0}]}, "C-1", ""),
    ("the same price and diagnosis for another thing", [{"amount": "95.00"}], {"items": [{**ASKED_MASK, "cost": 95.0}]}, "", "C-1"),
    ("the same price for another diagnosis", [{"code": "", "category": "", "item_description": "Services rendered", "diagnosis_code": "J45.40"}],
     {"items": [{"cost": 95.0}]}, "", "C-1"),
    ("a device by another name for the same diagnosis", [RINSE], {"items": [IRRIGATOR]}, "C-1", ""),
    ("a device by another name for another diagnosis", [{**RINSE, "diagnosis_code": "J45.40"}], {"items": [IRRIGATOR]}, "", "C-1"),
    ("a device by another name, by the claim's number", [{**RINSE, "diagnosis_code": ""}, {}], {"items": [IRRIGATOR], "fields": {"claim_number": "C-1"}}, "C-1", "C-2"),
    ("another kind of device for the same diagnosis", [{**RINSE, "item_description": "Shower chair"}], {"items": [{**IRRIGATOR, "text": "NovaFlow TENS unit"}]}, "", "C-1"),
    ("another kind of device under the claim's number", [{**RINSE, "item_description": "Shower chair"}],
     {"items": [{**IRRIGATOR, "text": "NovaFlow TENS unit"}], "fields": {"claim_number": "C-1"}}, "", "C-1"),
    ("another drug for the same diagnosis", [{**RINSE, "category": "prescription_drug", "item_description": "Wegovy"}],
     {"items": [{"category": "prescription_drug", "text": "adalimumab", "code": None}]}, "", "C-1"),
    ("another code for the same diagnosis", [{**RINSE, "code": "E0730"}], {"items": [{**IRRIGATOR, "code": "E0240"}]}, "", "C-1"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "lines", "changes", "claims", "other"), CASES, ids=[c[0] for c in CASES])
def test_the_lines_a_letter_is_for(case: str, lines: list[dict[str, str]], changes: dict[str, Any], claims: str, other: str) -> None:
    found = match(letter(**changes), records(claims=[{**CLAIM, "claim_id": f"C-{n}", **line} for n, line in enumerate(lines, 1)]))
    assert (" ".join(sorted(found.claims) if "first" not in case else found.claims), " ".join(found.other_open)) == (claims, other)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("PA-2026-004417", True), ("PA 2026 004417", True), ("pa2026004417", True), ("PA-2O26-OO4417", True), ("PA-2026-0044l7", True),
        ("PA-2026-004471", True), ("PA-2026-00447", True), ("PA-2026-0044177", True), ("#PA-2026-004417", True),
        ("PA-2026-004499", False), ("PA-2025-004416", False), ("4417", False),
    ],
)  # fmt: skip
def test_a_number_misread(written: str, found: bool) -> None:
    """One character wrong, missing, added or exchanged names the line among the member's few; two do not."""
    lines = [{**CLAIM, "claim_id": "PA-2026-004417", "status": "prior_auth", "service_date": ""}, {**CLAIM, "claim_id": "PA-2026-881200", "service_date": ""}]
    assert (match(letter({"claim_number": written}), records(claims=lines)).claims == ("PA-2026-004417",)) is found


def test_nothing_follows_for_time_from_an_authorisation_without_a_date() -> None:
    waiting = records(claims=[{**CLAIM, "status": "prior_auth", "service_date": ""}])
    assert codes(letter({"letter_date": "2026-06-20"}), waiting) == ""
    assert "LETTER_AFTER_PURCHASE" in codes(letter({"letter_date": "2026-06-20"}))


def test_another_members_number_is_not_ours() -> None:
    theirs = {**CLAIM, "claim_id": "C-44009999", "member_id": "QX-7"}
    found = match(letter({"claim_number": "C-44009999"}), records(claims=[{**CLAIM, "claim_id": "C-44001111"}, theirs]))
    assert found.claims == ("C-44001111",)
