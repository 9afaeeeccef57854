"""What the desk says of codes, and what is typed in place of them: each text that is shown is read back as the value."""

import pytest

from pipeline.desk import phrases
from pipeline.desk.keyed import NotThatError, value_of
from pipeline.ledger.people import ROLES
from pipeline.model import FIELD_NAMES, ITEM_CATEGORIES, PROGRAMS, Scalar
from pipeline.review.slots import BESIDE_ELEMENTS, FIELD_GROUPS

SHOWN: list[tuple[str, Scalar, str]] = [
    ("practice.phone", "9375550148", "(937) 555-0148"), ("practice.fax", "9375550149", "(937) 555-0149"), ("recipient.program", "fsa", "FSA"),
    ("recipient.program", "workers_comp", "workers' compensation"), ("items.0.category", "massage_therapy", "massage therapy"), ("items.a2.category", "other_dme", "other dme"),
    ("items.0.duration_months", 999.0, "lifetime"), ("items.0.duration_months", 6.0, "6"), ("items.1.cost", 1200.0, "$1,200"), ("items.1.cost", 75.5, "$75.50"),
    ("items.1.cost", 0.125, "$0.125"), ("items.0.quantity", 2.0, "2"), ("elements.medical_value", True, "yes"), ("provider.signed", False, "no"),
    ("provider.credentials", ("MD", "FNP-C"), "MD; FNP-C"), ("prior_treatments", ("rest, ice and heat",), "rest, ice and heat;"), ("prior_treatments", ("rest", "ice"), "rest; ice"),
    ("purchase_dates", ("2026-03-14", "2026-04-01"), "2026-03-14; 2026-04-01"), ("letter_date", "2026-03-14", "2026-03-14"), ("diagnoses.0.icd10", "M54.50", "M54.50"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "text"), SHOWN)
def test_a_value_is_shown_in_words_and_read_back_from_them(path: str, value: Scalar, text: str) -> None:
    assert phrases.typed(path, value) == text
    assert value_of(path, text) == value


@pytest.mark.parametrize(("path", "codes"), [("recipient.program", PROGRAMS), ("items.0.category", ITEM_CATEGORIES)])
def test_every_code_is_shown_in_words_that_mean_it(path: str, codes: tuple[str, ...]) -> None:
    for code in codes:
        assert "_" not in phrases.typed(path, code) and value_of(path, phrases.typed(path, code)) == code == value_of(path, code)
    with pytest.raises(NotThatError) as refused:
        value_of(path, "magic")
    assert "_" not in str(refused.value)


def test_every_field_stands_in_one_group_and_the_letterhead_last() -> None:
    named = [*BESIDE_ELEMENTS, *(name for _, _, names in FIELD_GROUPS for name in names)]
    assert sorted(named) == sorted(FIELD_NAMES) and FIELD_GROUPS[-1][0] == "practice"


@pytest.mark.parametrize(
    ("path", "words"),
    [("items.0.text", "item 1"), ("items.1.cost", "item 2, cost"), ("items.a1.text", "added item"), ("diagnoses.0.icd10", "diagnosis 1, code"), ("patient.dob", "birth date"),
     ("provider.npi", "NPI"), ("elements.medical_value", "ties the item to the condition"), ("match.member_id", "member")],
)  # fmt: skip
def test_places_in_a_letter_are_named(path: str, words: str) -> None:
    assert phrases.place(path) == words


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [("queued", {"letter_id": "x", "queue": "decide", "was": "match"}, "from Match to Decide"), ("corrected", {"path": "patient.dob", "who": "ana"}, "birth date"),
     ("moved_queue", {"to": "request_info"}, "to Request information"), ("reassigned", {"to": "ben"}, "to ben"), ("denied", {"what": "denied", "code": "not_medical"}, "not medical"),
     ("undone", {"was": "not_lmn"}, "it was set aside as no letter"), ("queued", {"queue": "examine", "was": None}, "to Examine")],
)  # fmt: skip
def test_an_event_says_what_it_did_in_words(kind: str, values: dict[str, str | int | float | None], words: str) -> None:
    assert phrases.detail(values, kind) == words


def test_decisions_name_what_they_are_about() -> None:
    assert phrases.about("move", "request_info") == "to Request information"
    assert phrases.about("proposed", "denied") == "deny" and phrases.about("duplicate", "abc-1") == "abc-1"
    assert all("_" not in phrases.deed(how) and "lmn" not in phrases.deed(how) for how in (*phrases.DEEDS, *phrases.CHOICES, *ROLES))
