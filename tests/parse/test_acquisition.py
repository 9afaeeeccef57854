"""Rental or purchase, by words and billing modifiers; and what only sounds like either."""

import pytest

from pipeline.parse.acquisition import acquisition_in
from tests.parse.paper import column
from tests.parse.test_items import items_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a semi-electric hospital bed, E0260 RR, for 13 months", "rental"),
        ("TENS unit (E0730), rental 2 months then purchase", "rental_then_purchase"),
        ("a standard walker, E0143-NU, purchase", "purchase"),
        ("CPAP on a capped rental basis", "rental"),
        ("purchase rather than rental of the pump", "purchase"),
        ("rental or purchase of a bed", None),
        ("massage therapy, weekly", None),
        ("a brace; purchase date 3/2/2026", None),
    ],
)
def test_words(text: str, found: str | None) -> None:
    assert acquisition_in(text) == found


def test_each_item_has_its_own() -> None:
    found = items_of(column("Dear Reviewer:", "", "I request rental of a hospital bed (E0260) for 6 months and purchase of a walker (E0143)."))
    assert [(i.code, i.acquisition) for i in found] == [("E0260", "rental"), ("E0143", "purchase")]
