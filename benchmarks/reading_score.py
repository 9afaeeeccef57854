"""How well a letter was read, held against the same letter as it was born.

Belongs here: counting misread characters, critical tokens and second opinions. Does not belong here: reading (reading.py),
other programs (rivals.py).
"""

import re
from dataclasses import dataclass, field, fields

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.model import DocumentText
from pipeline.model.text import Page, Word

CRITICAL = re.compile(
    r"\$[\d,]+(?:\.\d\d)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:the )?\d{1,4}(?:st|nd|rd|th)?(?:, \d{4})?"
    r"|\(?\d{3}\)?[ -.]\d{3}[-. ]\d{4}"
    r"|\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b"
    r"|\b[A-Z]\d{4}\b"
    r"|\b[A-Z]{2,4}-?\d[\d-]{3,}\b"
    r"|\b\d{5,}\b"
)
_NO_LETTER = re.compile(r"[\s☐☑☒□■○●✓✔✗✘]")
"""Left out of the comparison: spaces, and signs that are read as tick boxes, not as words."""

_DASHES = str.maketrans("–—‐‑−", "-----")
_ENDS = 3


@dataclass
class Tally:
    """Counts over letters, as one program read them; `missed` critical tokens by letter."""

    pages: int = 0
    critical: int = 0
    critical_found: int = 0
    letters: int = 0
    misread: int = 0
    opinions: int = 0
    agreed: int = 0
    agreed_wrong: int = 0
    seconds: float = 0.0
    missed: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Counts another tally in."""
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))


def scored(name: str, text: str, document: DocumentText | None, born: DocumentText, seconds: float) -> Tally:
    """The tally of one letter of which a program read `text`; `document` where it is this project's reading."""
    tally = Tally(pages=len(born.pages), seconds=seconds)
    flat = _NO_LETTER.sub("", text.translate(_DASHES))
    layer = [w for p in born.pages for w in p.words if w.source != "ocr"]
    for token in CRITICAL.findall(" ".join(w.text for w in layer).translate(_DASHES)):
        tally.critical += 1
        if token.replace(" ", "") in flat:
            tally.critical_found += 1
        else:
            tally.missed.append(f"{name}: {token}")
    for segment in _segments(born):
        tally.letters += len(segment)
        tally.misread += min(len(segment), _edits(segment, flat))
    if document is not None:
        _count_opinions(tally, document, born, "".join(w.text for w in layer).translate(_DASHES))
    return tally


def _edits(segment: str, flat: str) -> int:
    """Fewest letters to change, add or leave out to find the segment anywhere in the text: about the window most like
    it, which is as long as the segment, its ends are tried too."""
    there = fuzz.partial_ratio_alignment(segment, flat) if len(flat) >= len(segment) else None
    if there is None:
        return Levenshtein.distance(segment, flat)
    start, end = there.dest_start, there.dest_end
    return min(
        Levenshtein.distance(segment, flat[max(0, start + left) : max(0, end + right)])
        for left in range(-_ENDS, _ENDS + 1) for right in range(-_ENDS, _ENDS + 1)
    )  # fmt: skip


def _segments(born: DocumentText) -> list[str]:
    """The letter's lines without spaces, cut at gaps wider than a line is high: another program may read the cells of a
    row in another order."""
    found: list[str] = []
    for page in born.pages:
        last: Word | None = None
        for word in page.words:
            if word.source == "ocr":
                continue
            high = word.box[3] - word.box[1]
            if last is not None and last.line == word.line and -high < word.box[0] - last.box[2] < high:
                found[-1] += word.text
            else:
                found.append(word.text)
            last = word
    return [bare for text in found if (bare := _NO_LETTER.sub("", text.translate(_DASHES)))]


def _count_opinions(tally: Tally, document: DocumentText, born: DocumentText, truth: str) -> None:
    for page, there in zip(document.pages, born.pages, strict=False):
        for word in page.words:
            if word.opinion is None or not _is_printed(word, page, there):
                continue
            tally.opinions += 1
            if word.opinion == "agreed":
                tally.agreed += 1
                tally.agreed_wrong += word.text.translate(_DASHES).strip(".,;:()[]'\"-·•") not in truth


def _is_printed(word: Word, page: Page, born: Page) -> bool:
    """Whether the letter as it was born has print in its layer where the word was read, pages laid over each other by
    their sizes; what is written by hand has no truth there."""
    across, down = born.width / page.width, born.height / page.height
    x, y = (word.box[0] + word.box[2]) / 2 * across, (word.box[1] + word.box[3]) / 2 * down
    return any(w.box[0] - 3 <= x <= w.box[2] + 3 and w.box[1] - 2 <= y <= w.box[3] + 2 for w in born.words if w.source != "ocr")  # fmt: skip
