"""A payer whose name has no word of one, found by its place; and the names in those places that are no payer's."""

import pytest

from pipeline.parse.recipient import read_recipient
from pipeline.parse.sheet import Sheet
from tests.parse.paper import column


@pytest.mark.parametrize(
    ("kind", "lines", "payer"),
    [
        ("letter", ("May 2, 2026", "", "Sheet Metal Brotherhood Local 9, HRA Office", "Dear Trustees:", "Ana has gout."), None),
        ("letter", ("May 2, 2026", "", "Roofers and Slaters Union, HRA Office", "Dear Trustees:", "Ana has gout."), "Roofers and Slaters Union"),
        ("letter", ("May 2, 2026", "", "Claims Department, Quillon and Reed", "Dear Colleague:", "Ana has gout."), "Quillon and Reed"),
        ("letter", ("May 2, 2026", "", "RE: Ana Ruiz, born June 3, 1980. Larch & Vale Benefits no. F0092290", "To whom it concerns:", "Ana has gout."), "Larch & Vale Benefits"),
        ("letter", ("5.6.26", "", "Quarry County Cards: ANA RUIZ (3.14.70)", "Ana has gout."), "Quarry County Cards"),
        ("letter", ("May 2, 2026", "", "Ana Ruiz", "40 Bank Street", "Dear Ana,", "You have gout."), None),
        ("letter", ("May 2, 2026", "", "Birch Hill Family Practice", "Dear Reviewer,", "She has gout."), None),
        ("form", ("PLASTERERS UNION", "Practitioner's Certificate", "union member   Ana Ruiz"), "PLASTERERS UNION"),
        ("form", ("Statement of Medical Necessity", "Plan member", "The plan member completes this section."), None),
        ("form", ("Birch Hill Family Practice", "Letter of Medical Necessity", "Patient: Ana Ruiz"), None),
    ],
)
def test_the_payer_by_its_place(kind: str, lines: tuple[str, ...], payer: str | None) -> None:
    assert read_recipient(Sheet(column(*lines), (1,), kind))["recipient.payer"].value == payer
