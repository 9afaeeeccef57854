"""When two values are the same: a table of values and near misses per kind."""

from typing import Any

import pytest

from pipeline.evaluate.compare import FIELD_KINDS, alike, amount, form_of, frequency, pair, verdict_on
from pipeline.model import FIELD_NAMES


def test_every_field_has_a_kind() -> None:
    assert set(FIELD_KINDS) == set(FIELD_NAMES)


@pytest.mark.parametrize(
    ("field", "truth", "found", "verdict"),
    [
        ("letter_date", "2026-03-14", "2026-03-14", "right"),
        ("letter_date", "2026-03-14", "March 14, 2026", "right"),
        ("letter_date", "2026-03-14", "03/14/26", "right"),
        ("letter_date", "2026-03-14", "2026-03-15", "wrong"),
        ("letter_date", "2026-03-14", None, "missed"),
        ("letter_date", None, "2026-03-14", "invented"),
        ("letter_date", None, None, None),
        ("letter_date", None, "", None),
        ("patient.name", "Zoë O'Neil-Díaz", "Zoe ONeil Diaz", "right"),
        ("patient.name", "Ana Ortiz", "Ortiz, Ana", "near"),
        ("patient.name", "Anabel Ortega Ruiz", "Anabel Ortega Ruix", "near"),
        ("patient.name", "Ana Ortiz", "Ben Katz", "wrong"),
        ("practice.name", "Hill & Dale Clinic", "Hill and Dale Clinic", "right"),
        ("practice.address", "12 North Elm Street, Suite 4", "12 N. Elm St, Ste 4", "right"),
        ("practice.address", "12 North Elm Street", "21 South Oak Road", "wrong"),
        ("practice.state", "OH", "oh", "right"),
        ("practice.state", "OH", "OK", "wrong"),
        ("practice.zip", "43215", "43215-1234", "right"),
        ("practice.zip", "43215", "43216", "wrong"),
        ("practice.phone", "6145550134", "+1 (614) 555-0134", "right"),
        ("practice.phone", "6145550134", "6145550135", "near"),
        ("practice.phone", "6145550134", "6149990135", "wrong"),
        ("provider.npi", "1234567893", "1234567893", "right"),
        ("patient.member_id", "HX 1234-567", "hx1234567", "right"),
        ("patient.member_id", "A12", "A13", "wrong"),
        ("provider.credentials", ["MD", "FNP-C"], ["FNP-C", "M.D."], "right"),
        ("provider.credentials", ["MD"], ["MD", "PhD"], "wrong"),
        ("provider.credentials", ["MD", "DPM"], "MD, DPM", "right"),
        ("provider.signed", True, True, "right"),
        ("provider.signed", True, False, "missed"),
        ("provider.signed", False, True, "invented"),
        ("provider.signed", False, False, None),
        ("purchase_dates", ["2026-01-02", "2026-01-03"], ["2026-01-03", "2026-01-02"], "right"),
        ("purchase_dates", ["2026-01-02"], ["2026-01-03"], "wrong"),
        ("prior_treatments", ["physical therapy", "naproxen"], ["Naproxen", "therapy, physical"], "right"),
        ("prior_treatments", ["physical therapy", "naproxen"], ["naproxen"], "near"),
        ("prior_treatments", ["physical therapy", "naproxen", "ice"], ["naproxen"], "wrong"),
        ("prior_treatments", [], [], None),
    ],
)
def test_verdicts(field: str, truth: Any, found: Any, verdict: str | None) -> None:
    assert verdict_on(field, form_of(field, truth), form_of(field, found)) == verdict


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("chronic low back pain", "low back pain, chronic", True),
        ("low back pain", "chronic low back pain with sciatica", True),
        ("pain", "chronic low back pain", False),
        ("diabetes", "diabetis", True),
        ("asthma", "eczema", False),
        ("", "asthma", False),
        (None, None, False),
    ],
)
def test_short_medical_texts(one: Any, other: Any, same: bool) -> None:
    assert alike(one, other) is same


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("2 per week", (2.0, "week")), ("twice weekly", (2.0, "week")), ("2x/week", (2.0, "week")),
        ("1-2 per week", (2.0, "week")), ("daily", (1.0, "day")), ("nightly", (1.0, "day")), ("every other week", (0.5, "week")),
        ("every 3 months", (0.333, "month")), ("one per 5 years", (1.0, "year")), ("20 hours per week", (20.0, "week")),
        ("as needed", ("as needed", "")), ("", None), (None, None),
    ],
)  # fmt: skip
def test_frequencies(value: Any, form: Any) -> None:
    assert frequency(value) == form


@pytest.mark.parametrize(("value", "number"), [("$1,200.00", 1200.0), (12, 12.0), ("about", None), ("1.2.3", None)])
def test_amounts(value: Any, number: float | None) -> None:
    assert amount(value) == number


def test_each_takes_the_first_free_one_that_is_the_same() -> None:
    assert pair([1, 1, 2], [1, 2, 1, 1], lambda a, b: a == b) == [(0, 0), (1, 2), (2, 1)]
