"""An engine that answers from a recording: for tests and for reading a page a second time without OCR.

Belongs here: playing back. Does not belong here: recognising anything.
"""

from collections.abc import Sequence

from pipeline.read.engine import OcrWord
from pipeline.read.picture import Pixels


class Recorded:
    """Hands out the recorded pages one after another, the last one for ever."""

    name = "recorded"
    version = "1"

    def __init__(self, pages: Sequence[list[list[OcrWord]]]) -> None:
        self._pages, self._at = list(pages), 0
        self.seen: list[tuple[tuple[int, ...], int]] = []

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """The next recorded page; `seen` keeps the shape and dpi of each picture asked about."""
        self.seen.append((image.shape, dpi))
        page = self._pages[min(self._at, len(self._pages) - 1)] if self._pages else []
        self._at += 1
        return page
