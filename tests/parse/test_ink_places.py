"""Ink in the places where offices sign, and the same places empty."""

import pytest

from pipeline.model import Box, InkMark
from pipeline.parse.provider import read_provider
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column


@pytest.mark.parametrize(
    ("lines", "mark", "kind", "signed"),
    [
        (("Sincerely,", "", "", "", "Orrin V. Castell, D.O.", "", "DICTATED BUT NOT READ"), (66, 108, 210, 123), "letter", True),
        (("Sincerely,", "", "", "", "Orrin V. Castell, D.O.", "", "DICTATED BUT NOT READ"), None, "letter", False),
        (("Sincerely,", "", "", "", "Orrin V. Castell, D.O.", "", "Signature on file"), (66, 108, 210, 123), "letter", False),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "I certify this is care for the condition above.", "", "", "Date 30-MAR-2026"),
         (74, 116, 203, 130), "form", True),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "I certify this is care for the condition above.", "", "", "Date 30-MAR-2026"),
         None, "form", False),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "Attending's signature", "", "Date signed 04/09/2026"), (74, 111, 210, 124), "form", True),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "Signature NPI 1077449233"), (74, 82, 200, 96), "form", True),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "Filled in by", "Imre Falk, PA-C", "NPI 1077449233"), (360, 110, 470, 130), "form", True),
        (("Patient name: Ottoline Marsh", "Item: orthotics", "Filled in by", "Imre Falk, PA-C", "NPI 1077449233"), None, "form", False),
        (("Item: orthotics", "Attested by:", "", "", "", "Imre Falk, PA-C"), (74, 96, 200, 132), "form", True),
        (("Item: orthotics", "Signed:", "", "", "", "Imre Falk, PA-C"), (74, 116, 200, 134), "letter", True),
    ],
)  # fmt: skip
def test_ink_where_offices_sign(lines: tuple[str, ...], mark: Box | None, kind: str, signed: bool) -> None:
    written = column(*lines)
    marks = (InkMark(box=mark, share=0.14, kind="ink"),) if mark else ()
    page = written.pages[0].model_copy(update={"marks": marks})
    sheet = Sheet(written.model_copy(update={"pages": (page,)}), (1,), kind)
    assert read_provider(sheet)["provider.signed"].value is signed
