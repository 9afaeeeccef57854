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


def alike(ledger: Ledger, mine: OnFile) -> tuple[OnFile, ...]:
    return ledger.near([mine])[mine.letter_id].alike


def test_who_is_found(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    ledger.put_on_file({"r1": (filed("a", 1, "ana", SAME),), "r2": (filed("b", 2, "bea", NEAR),), "r3": (filed("c", 3, "cora", FAR),)})
    assert [f.letter_id for f in alike(ledger, filed("x", 9, "xena", SAME))] == ["b", "a"]
    assert [f.letter_id for f in alike(ledger, filed("x", 9, "ana", SAME))] == ["b"]
    assert [f.letter_id for f in alike(ledger, filed("x", 2, "xena", SAME))] == ["a"]
    assert alike(ledger, filed("x", 9, "xena", SCATTERED)) == ()
    assert alike(ledger, filed("x", 9, "xena", ())) == ()
    ledger.put_on_file({"r1": (filed("a", 1, "ana", FAR),)})
    assert [f.letter_id for f in alike(ledger, filed("x", 9, "xena", SAME))] == ["b"]
    ledger.close()


def test_a_band_is_told_from_the_next() -> None:
    assert len(set(bands(SAME))) == 10
    assert bands((1,) * 64)[0] != bands((1,) * 64)[1]


def test_a_batch_finds_what_each_of_its_letters_finds_alone(tmp_path: Path) -> None:
    """Also where everybody uses one form: only the latest are proposed."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    several = [filed(f"f{n:02d}", n, f"p{n % 30}", NEAR if n % 7 else SAME) for n in range(1, 61)]
    ledger.put_on_file({f.letter_id: (f,) for f in several})
    whole = ledger.near(several[20:])
    for mine in several[20:]:
        assert [f.letter_id for f in whole[mine.letter_id].alike] == [f"f{n:02d}" for n in range(mine.order - 1, mine.order - 6, -1)]
        assert whole[mine.letter_id] == ledger.near([mine])[mine.letter_id]
    ledger.close()


def test_what_stands_on_file_already_is_not_written_again(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    old, new = {"r": (filed("a", 1, "ana", SAME),)}, {"r": (filed("a", 1, "ana", FAR),), "q": ()}
    ledger.put_on_file(old)
    assert ledger.not_on_file(old | {"q": ()}) == {} and ledger.not_on_file(new) == {"r": new["r"]}
    ledger.put_on_file(new)
    assert ledger.not_on_file(new) == {} and ledger.not_on_file({"r": ()}) == {"r": ()}
    ledger.close()
