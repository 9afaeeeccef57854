"""Second readings: which letters chance chooses, what counts as the same, how agreement is counted."""

import pytest

from pipeline.desk.keyed import NotThatError
from pipeline.desk.second import agree, chosen, kappa, keyed_values
from pipeline.model import Scalar

IDS = [f"{n:016x}-1" for n in range(4000)]


def test_chance_is_the_same_every_time_and_grows_with_the_share() -> None:
    small, large = ({i for i in IDS if chosen(i, "s", share)} for share in (0.05, 0.2))
    assert small < large
    assert 120 < len(small) < 280
    assert small != {i for i in IDS if chosen(i, "another seed", 0.05)}
    assert not any(chosen(i, "s", 0.0) for i in IDS)
    assert all(chosen(i, "s", 1.0) for i in IDS)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("patient.name", "Anna Lee", "ANNA B. LEE", True),
        ("patient.name", "Anna Lee", "Anna Leigh", False),
        ("patient.name", "Lee", "Anna Lee", False),
        ("provider.name", "Dr. Omar Haddad", "Omar Haddad, MD", True),
        ("patient.dob", "1980-03-04", "1980-03-04", True),
        ("patient.dob", "1980-03-04", "1980-04-03", False),
        ("patient.member_id", "LB-700112", "lb 700112", True),
        ("patient.member_id", "LB-700112", "LB-700113", False),
        ("provider.signed", True, False, False),
        ("provider.credentials", ("NP", "FNP-C"), ("FNP-C", "NP"), True),
        ("provider.credentials", ("NP",), ("MD",), False),
        ("diagnoses", ("M54.50",), ("M54.5",), False),
        ("items", ("Massage therapy, twice a week",), ("massage therapy",), True),
        ("items", ("massage therapy",), ("massage therapy", "acupuncture"), False),
        ("letter_date", None, None, True),
        ("letter_date", None, "2026-01-02", False),
    ],
)
def test_two_readings_say_the_same(field: str, one: Scalar | None, other: Scalar | None, same: bool) -> None:
    assert agree(field, one, other) is same
    assert agree(field, other, one) is same


def test_what_is_keyed_becomes_values() -> None:
    found = keyed_values({"patient.dob": "03/04/1980", "diagnoses": "m5450, E11.9", "items": "massage\n\nsauna", "decision": "denied"})
    assert (found["patient.dob"], found["diagnoses"], found["items"], found["patient.name"]) == ("1980-03-04", ("M54.50", "E11.9"), ("massage", "sauna"), None)


@pytest.mark.parametrize(("given", "says"), [({"decision": "maybe"}, "Decision"), ({"decision": "denied", "patient.dob": "soon"}, "Birth date"), ({}, "Decision")])
def test_what_cannot_be_understood_is_named(given: dict[str, object], says: str) -> None:
    with pytest.raises(NotThatError, match=says):
        keyed_values(given)


@pytest.mark.parametrize(
    ("pairs", "value"),
    [([], None), ([("a", "a")] * 4, None), ([("a", "a"), ("b", "b")], 1.0), ([("a", "b"), ("b", "a")], -1.0), ([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], 0.0)],
)
def test_agreement_beyond_chance(pairs: list[tuple[str, str]], value: float | None) -> None:
    assert kappa(pairs) == value
