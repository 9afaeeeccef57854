"""Tesseract behind the engine protocol.

Belongs here: calling the program and reading its table. Does not belong here: preparing pages, ordering words.
"""

import os
from collections import defaultdict

import pytesseract
from PIL import Image

from pipeline.errors import MissingEngine, TookTooLong
from pipeline.read.engine import OcrWord
from pipeline.read.picture import Pixels


class Tesseract:
    """`psm` is Tesseract's page segmentation mode; 4 (one column of varied sizes) reads deskewed letters best."""

    name = "tesseract"

    def __init__(self, psm: int = 4, language: str = "eng", seconds: float = 60.0) -> None:
        """MissingEngine when the program is not installed. `seconds` bounds one call."""
        os.environ["OMP_THREAD_LIMIT"] = "1"
        try:
            self.version = str(pytesseract.get_tesseract_version())
        except pytesseract.TesseractNotFoundError as err:
            raise MissingEngine("The program tesseract is not installed: apt-get install tesseract-ocr.") from err
        self._psm, self._language, self._seconds = psm, language, seconds

    def words(self, image: Pixels, dpi: int) -> list[list[OcrWord]]:
        """Lines of words; TookTooLong when the program does not end in time."""
        options = f"--psm {self._psm} --dpi {dpi}"
        try:
            table = pytesseract.image_to_data(
                Image.fromarray(image), lang=self._language, config=options, timeout=self._seconds,
                output_type=pytesseract.Output.DICT,
            )  # fmt: skip
        except RuntimeError as err:
            raise TookTooLong(f"Tesseract did not finish a page within {self._seconds:.0f} seconds.") from err
        lines: dict[tuple[int, int, int], list[OcrWord]] = defaultdict(list)
        for at, text in enumerate(table["text"]):
            confidence = float(table["conf"][at])
            if confidence < 0 or not text.strip():
                continue
            x, y = table["left"][at], table["top"][at]
            box = (float(x), float(y), float(x + table["width"][at]), float(y + table["height"][at]))
            line = (table["block_num"][at], table["par_num"][at], table["line_num"][at])
            lines[line].append(OcrWord(text.strip(), box, min(1.0, confidence / 100)))
        return list(lines.values())
