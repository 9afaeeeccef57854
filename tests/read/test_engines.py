"""The engines on real pixels: one letter as it arrives in different conditions, read whole."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import BadSettings
from pipeline.read import Engine, engine_named
from pipeline.read.picture import Pixels, pixels, resized, turned
from tests.read.paper import (
    CRITICAL,
    flat_text,
    image_pdf,
    letter_pdf,
    photographed,
    picture_of,
    read_bytes,
    read_path,
    scanned,
    tiff,
)

PAGE = picture_of(letter_pdf())


@pytest.fixture(scope="module", params=["paddle", "tesseract"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_named(request.param)


def faxed(page: Pixels) -> Pixels:
    """204 x 98 dots an inch, black and white."""
    small = resized(page, 1734, 1078)
    return pixels(np.where(small > 150, 255, 0))


def missing(text: str) -> list[str]:
    return [token for token in CRITICAL if token not in text]


@pytest.mark.parametrize(
    ("picture", "rotate"),
    [
        pytest.param(scanned(PAGE), 0, id="scan"),
        pytest.param(scanned(PAGE, skew=2.2), 0, id="skewed"),
        pytest.param(scanned(turned(PAGE, 180)), 0, id="upside down"),
        pytest.param(scanned(turned(PAGE, 90)), 0, id="lying to the right"),
        pytest.param(scanned(turned(PAGE, 270)), 0, id="lying to the left"),
        pytest.param(scanned(turned(PAGE, 90)), 270, id="turned back by the page"),
    ],
)
def test_scans_are_read(picture: Pixels, rotate: int, engine: Engine, tmp_path: Path) -> None:
    document = read_bytes(tmp_path, "a.pdf", image_pdf(picture, rotate=rotate), engine)
    assert missing(flat_text(document)) == []
    page = document.pages[0]
    assert page.origin == "ocr" and page.quality > 0.85
    assert (page.width, page.height) == (pytest.approx(612, abs=3), pytest.approx(792, abs=3))
    name = next(w for w in page.words if w.text.startswith("Bergstrom"))
    assert name.box == pytest.approx((134, 177, 193, 190), abs=7)


def test_photographs_are_read(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(photographed(PAGE)).save(path, quality=80)
    assert missing(flat_text(read_path(path, engine))) == []


def test_a_photograph_stored_on_its_side_is_read(engine: Engine, tmp_path: Path) -> None:
    path, exif = tmp_path / "a.jpg", Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(turned(photographed(PAGE), 270)).save(path, quality=80, exif=exif)
    assert missing(flat_text(read_path(path, engine))) == []


def test_a_coarse_fax_is_read_with_square_pixels(engine: Engine, tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", [faxed(PAGE), faxed(PAGE)], dpi=(204, 98), bilevel=True)
    document = read_path(path, engine)
    assert [(round(p.width), round(p.height)) for p in document.pages] == [(612, 792)] * 2
    assert len(missing(flat_text(document))) <= (1 if engine.name == "paddle" else 3)


def test_words_have_boxes_where_they_stand(engine: Engine) -> None:
    lines = engine.words(PAGE, 200)
    words = [w for line in lines for w in line]
    assert len(lines) >= 12 and len(words) > 80
    inked = 0
    for word in words:
        x0, y0, x1, y1 = (math.floor(v) for v in word.box)
        assert 0 <= x0 < x1 <= PAGE.shape[1] and 0 <= y0 < y1 <= PAGE.shape[0]
        assert 0 <= word.confidence <= 1
        inked += int((PAGE[y0 : y1 + 1, x0 : x1 + 1] < 128).any())
    assert inked > 0.97 * len(words)


def test_a_blank_picture_has_no_words(engine: Engine) -> None:
    assert engine.words(np.full((1100, 850), 255, np.uint8), 100) == []


def test_the_same_picture_reads_the_same_twice(engine: Engine) -> None:
    strip = PAGE[150:700]
    assert engine.words(strip, 200) == engine.words(strip, 200)


def test_engines_are_built_once_and_unknown_ones_refused() -> None:
    assert engine_named("tesseract") is engine_named("tesseract")
    assert engine_named("auto").name == "paddle"
    with pytest.raises(BadSettings, match="engine"):
        engine_named("crystal ball")
