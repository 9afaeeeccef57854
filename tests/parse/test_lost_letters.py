"""Codes whose letter was read as a digit or a stroke, and digits that are none."""

import pytest

from pipeline.parse import dxcodes, itemcodes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Essential hypertension, ICD-10: 110", ["I10"]),
        ("ICD-10-CM code l10, essential hypertension", []),
        ("ICD 10 CM: |10", ["I10"]),
        ("essential hypertension (110)", ["I10"]),
        ("ICD-10 (110)", ["I10"]),
        ("ICD10 code: M17.ll", ["M17.11"]),
        ("ICD-9: 110", []),
        ("ICD-10 codes: 110.5", []),
        ("ICD-10: 110-22", []),
        ("ICD-10: 110/70", []),
        ("ICD-10: 1105", []),
        ("ICD-10 since 2015", []),
        ("ICD-10: 134", []),
        ("blood pressure 110", []),
        ("room 110, ICD-10 pending", []),
        ("weighs (110) pounds", []),
    ],
)
def test_a_diagnosis_code_gets_its_letter_back(text: str, codes: list[str]) -> None:
    assert [c.code.code for c in dxcodes.codes_in(text, 0, len(text))] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("HCPCS Eo6O1 for the device", ["E0601"]),
        ("HCPCS EO601", ["E0601"]),
        ("HCPCS code: A4G04", []),
        ("HCPCS AO", []),
        ("suite E0601B", []),
    ],
)
def test_an_item_code_gets_its_digits_back(text: str, codes: list[str]) -> None:
    assert [c.value for c in itemcodes.codes_in(text, 0, len(text))] == codes
