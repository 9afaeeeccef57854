"""What an OCR engine is to this room, and choosing one.

Belongs here: the protocol and the choice. Does not belong here: how an engine works (tesseract.py, paddle.py,
recorded.py) or what is done to a page before (prepare.py). To add an engine: one module, one line in BUILDERS.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from pipeline.errors import BadSettings, MissingEngine
from pipeline.read.picture import Pixels

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OcrWord:
    """A word as an engine saw it: box (x0, y0, x1, y1) in pixels, confidence 0..1; `opinion` tells whether a second
    reading agreed (opinion.py), single when there was none; `least` is the confidence of its least sure letter, `lean` the odds of the letter
    that looks like its first digit, as a share of that digit's (slots.py); 0 when it begins with none."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float
    opinion: Literal["agreed", "single", "disputed"] = "single"
    least: float = 1.0
    lean: float = 0.0


class Engine(Protocol):
    """Turns an upright gray picture into lines of words in reading order, columns not interleaved."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """Lines of words in `image` (gray, rows x columns) whose resolution is `dpi` in both directions."""
        ...


def _tesseract() -> Engine:
    from pipeline.read.tesseract import Tesseract

    return Tesseract()


def _paddle() -> Engine:
    from pipeline.read.paddle import Paddle

    return Paddle()


BUILDERS: dict[str, Callable[[], Engine]] = {"paddle": _paddle, "tesseract": _tesseract}


@lru_cache(maxsize=4)
def engine_named(name: str) -> Engine:
    """The engine of this name, built once per process. BadSettings for no such name, MissingEngine when it is not
    installed; "auto" takes the first that loads and says so once when that is not the best."""
    if name == "auto":
        return _first_that_loads()
    if name not in BUILDERS:
        raise BadSettings(f"Setting 'engine' is '{name}'; it must be auto, {', '.join(sorted(BUILDERS))}.")
    return BUILDERS[name]()


def _first_that_loads() -> Engine:
    for name, build in BUILDERS.items():
        try:
            return build()
        except MissingEngine as err:
            log.warning("OCR engine '%s' is not used: %s", name, err)
    raise MissingEngine("No OCR engine could be loaded. Install tesseract-ocr, or the Python package rapidocr.")
