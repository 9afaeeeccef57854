"""Slots of a template left unfilled and letters that rest on a questionnaire are noticed; brackets of other kinds are not."""

import pytest

from pipeline.parse.boilerplate import template_signs
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[PATIENT NAME] is under my care for [DIAGNOSIS].", ["unfilled"]),
        ("I recommend <insert product> for her.", ["unfilled"]),
        ("Please allow it for a period of ____ months.", ["unfilled"]),
        ("[Delete this paragraph if it does not apply]", ["unfilled"]),
        ("Dear {{payer_name}}:", ["unfilled"]),
        ("This is based solely on the information self-reported in an online questionnaire.", ["questionnaire"]),
        ("She completed the Neck Disability Index (score 32) [1].", []),
        ("Trigeminal neuralgia, right [G50.0]; sodium < 130 and > 120.", []),
        ("Signature: ______________", []),
    ],
)
def test_signs(text: str, codes: list[str]) -> None:
    found = template_signs(Sheet(column("Dear Reviewer:", "", text), (1,), "letter"))
    assert [p.code for p in found] == codes
    assert all("PATIENT" not in p.says and p.page == 1 for p in found)
