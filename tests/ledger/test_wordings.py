"""Letters by their wording: found for another patient, only among those before, as they stand now."""

from pathlib import Path

from pipeline.ledger import Ledger
from pipeline.ledger.wordings import BAND, bands
from pipeline.model import OnFile


def filed(letter_id: str, order: int, patient: str, signature: tuple[int, ...]) -> OnFile:
    return OnFile(letter_id=letter_id, sha256=letter_id, file="f", order=order, patient=patient, member_id=None, letter_date=None, asks=(), states=(), signature=signature)


SAME = tuple(range(64))
NEAR = (*range(56), *range(100, 108))
FAR = tuple(range(500, 564))
SCATTERED = tuple(n if n % BAND else n + 1000 for n in range(64))


def test_who_is_found(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    ledger.put_on_file({"r1": (filed("a", 1, "ana", SAME),), "r2": (filed("b", 2, "bea", NEAR),), "r3": (filed("c", 3, "cora", FAR),)})
    assert [f.letter_id for f in ledger.worded_alike(filed("x", 9, "xena", SAME))] == ["b", "a"]
    assert [f.letter_id for f in ledger.worded_alike(filed("x", 9, "ana", SAME))] == ["b"]
    assert [f.letter_id for f in ledger.worded_alike(filed("x", 2, "xena", SAME))] == ["a"]
    assert ledger.worded_alike(filed("x", 9, "xena", SCATTERED)) == []
    assert ledger.worded_alike(filed("x", 9, "xena", ())) == []
    ledger.put_on_file({"r1": (filed("a", 1, "ana", FAR),)})
    assert [f.letter_id for f in ledger.worded_alike(filed("x", 9, "xena", SAME))] == ["b"]
    ledger.close()


def test_a_band_is_told_from_the_next() -> None:
    assert len(set(bands(SAME))) == 10
    assert bands((1,) * 64)[0] != bands((1,) * 64)[1]
