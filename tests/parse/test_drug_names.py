"""Drug names: found as whole words, generic and trade, and words that are none."""

import pytest

from pipeline.parse.drug_names import drugs


@pytest.mark.parametrize(("text", "names"), [
    ("she takes apremilast and otezla", ["apremilast", "otezla"]),
    ("gabapentin-induced swelling", ["gabapentin"]),
    ("adderall xr and adderall", ["adderall xr", "adderall"]),
    ("pre-gabapentin and gabapentins", []),
    ("camila and yasmin walked to the store in augusta", []),
    ("the copper pan, a breath of oxygen, the relief of pain", []),
    ("diagnosis prognosis fatigue obesity", []),
    ("her homocysteine, leptin and aldosterone were high", []),
])  # fmt: skip
def test_names_are_whole_words(text: str, names: list[str]) -> None:
    assert [m.group() for m in drugs().finditer(text)] == names


def test_a_name_is_matched_where_it_stands() -> None:
    text = "then semaglutide daily"
    found = drugs().match(text, 5)
    assert found is not None and found.span() == (5, 16)
    assert drugs().match(text, 0) is None
    assert drugs().search(text, 6) is None
    assert drugs().fullmatch("semaglutide") is not None
    assert drugs().fullmatch("semaglutide daily") is None


def test_published_names_are_there() -> None:
    published = ["mirikizumab", "atogepant", "tirzepatide", "deucravacitinib", "vibegron", "suzetrigine", "lebrikizumab"]
    assert [name for name in published if drugs().fullmatch(name) is None] == []
