"""The quick network and the better one: what each reads of a line, and that only known weights are run."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MissingEngine
from pipeline.read import engine_named, models
from pipeline.read.again import TwoReaders
from pipeline.read.lines import LineReader
from pipeline.read.picture import Pixels
from pipeline.read.split import Line
from tests.read.paper import letter_pdf, picture_of, scanned

PAGE = picture_of(letter_pdf())


class Counted(LineReader):
    """A reader that keeps the width of every strip it was shown."""

    def __init__(self, path: Path, alphabet: list[str]) -> None:
        super().__init__(path, alphabet)
        self.shown: list[int] = []

    def line(self, strip: Pixels, back: np.ndarray, share: float = 1.0) -> Line:
        self.shown.append(strip.shape[1])
        return super().line(strip, back, share)


def test_the_better_network_reads_a_part_of_the_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, folder = models.tiny_weights(), models.small_weights()
    small = folder / "PP-OCRv6_rec_small.onnx"
    quick, better = Counted(tiny, models.tiny_alphabet(tiny)), Counted(small, models.small_alphabet(small))
    engine = engine_named("paddle")
    monkeypatch.setattr(engine, "_readers", TwoReaders(quick, better))
    words = [w for line in engine.words(scanned(PAGE), 200) for w in line]
    assert sum(better.shown) < 0.6 * sum(quick.shown)
    assert {w.text: w.opinion for w in words if w.opinion != "single"}
    assert not any(w.opinion != "single" for w in words if w.text.isalpha())


def test_words_that_no_network_doubts_keep_their_boxes() -> None:
    words = [w for line in engine_named("paddle").words(PAGE, 200) for w in line]
    for line in engine_named("paddle").words(PAGE, 200):
        assert all(a.box[2] <= b.box[0] + 3 for a, b in itertools.pairwise(line)), [w.text for w in line]
    assert all(0 <= w.least <= 1 for w in words)


def test_the_alphabets_fit_the_networks() -> None:
    tiny = models.tiny_weights()
    assert len(models.tiny_alphabet(tiny)) == 6906
    assert len(models.small_alphabet(models.small_weights() / "PP-OCRv6_rec_small.onnx")) == 18710
    for alphabet in (models.tiny_alphabet(tiny), models.small_alphabet(models.small_weights() / "PP-OCRv6_rec_small.onnx")):
        assert set("AZaz09 .,/$-") <= {alphabet[i] for i in models.wanted(alphabet)}


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "PP-OCRv6_rec_tiny.onnx"
    other.write_bytes(models.tiny_weights().read_bytes()[:-1] + b"x")
    monkeypatch.setattr(models, "_TINY", other)
    with pytest.raises(MissingEngine, match="missing or changed"):
        models.tiny_weights()
