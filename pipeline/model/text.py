"""A received file and the words on its pages.

Belongs here: receipts, pages, words, marks that are no words. Does not belong here: what the words mean.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

from pipeline.model.base import Model

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in points from the top left of the upright page."""


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all `boxes`; ValueError when there are none."""
    found = list(boxes)
    if not found:
        raise ValueError("no boxes to join")
    return (min(b[0] for b in found), min(b[1] for b in found), max(b[2] for b in found), max(b[3] for b in found))


class Problem(Model):
    """Why something could not be done, in a sentence an administrator understands; no words of the letter."""

    code: str
    says: str
    page: int | None = None


class Receipt(Model):
    """One received file: `file` is its path in the inbox, relative to it; `channel` its first folder or 'inbox'."""

    sha256: str
    file: str
    channel: str
    media_type: str
    size: int
    received_at: str
    batch: str
    duplicate_of: str | None = None
    problems: tuple[Problem, ...] = ()


class Word(Model):
    """One word; `start` is its offset in `DocumentText.text`, `confidence` 0..1.

    `line` counts lines on the page in reading order: words of one column's line share it, a wide gap begins another.
    `source`: layer (PDF text), ocr, field (the value of a form field). `opinion`: for a word read from pixels that has
    the shape of a date, number, code or amount, whether a second reading agreed; single when there was none.
    """

    text: str
    box: Box
    confidence: float
    source: Literal["layer", "ocr", "field"]
    line: int
    start: int
    bold: bool = False
    opinion: Literal["agreed", "single", "disputed"] | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class TickBox(Model):
    """A tick box or radio button with its state; `name` is the form field's own name where there is one."""

    box: Box
    ticked: bool
    confidence: float
    name: str | None = None


class InkMark(Model):
    """A patch of ink or a picture that no word covers: a signature, a stamp, a logo. `share` is dark pixels 0..1."""

    box: Box
    share: float
    kind: Literal["ink", "image"] = "ink"


class Page(Model):
    """One page as it reads upright. `image` is the store name of its picture, `quality` the mean confidence of its
    words weighted by length, 0..1; `origin` says where its words come from."""

    number: int
    width: float
    height: float
    origin: Literal["layer", "ocr", "mixed", "none"]
    quality: float
    words: tuple[Word, ...] = ()
    ticks: tuple[TickBox, ...] = ()
    marks: tuple[InkMark, ...] = ()
    image: str | None = None
    turned: int = 0
    problems: tuple[Problem, ...] = ()


class DocumentText(Model):
    """All words of a file in one address space.

    `text` is each page's lines: words joined by a space, lines by a newline, pages by a form feed; a word lies at
    `text[word.start:word.end]`.
    """

    sha256: str
    text: str
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...] = ()
    signed_digitally: bool = False

    @cached_property
    def _starts(self) -> list[tuple[int, int, Word]]:
        return [(w.start, p.number, w) for p in self.pages for w in p.words]

    def words_in(self, start: int, end: int) -> list[tuple[int, Word]]:
        """(page number, word) for every word that overlaps text[start:end], in order."""
        first = bisect_right(self._starts, start, key=_start) - 1
        last = bisect_left(self._starts, end, key=_start)
        return [(number, w) for _, number, w in self._starts[max(0, first) : last] if start < w.end]

    def page(self, number: int) -> Page:
        """The page with this number, counted from 1."""
        return self.pages[number - 1]


def _start(placed: tuple[int, int, Word]) -> int:
    return placed[0]


class Layout:
    """Joins the lines of page after page into one text and gives every word its line and offset: nothing of a page is
    kept here but its text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at = 0

    def placed(self, page: Page, lines: Iterable[Sequence[Word]]) -> Page:
        """The next page, finished: its words in the order of its lines."""
        words: list[Word] = []
        for number, line in enumerate(lines):
            for word in line:
                words.append(Word.model_construct(_fields_set=_WORD, **{**word.__dict__, "start": self._at, "line": number}))
                self._parts += (word.text, " ")
                self._at += len(word.text) + 1
            if line:
                self._parts[-1] = "\n"
        if not words:
            self._parts.append("\n")
            self._at += 1
        self._parts[-1] = "\f"
        return page.model_copy(update={"words": tuple(words)})

    def text(self) -> str:
        """The text of all pages so far."""
        return "".join(self._parts)


_WORD = set(Word.model_fields)
"""One set for all words, which name all their fields: each word's own would be half of its memory."""


def lay_out(pages: Sequence[tuple[Page, Sequence[Sequence[Word]]]]) -> tuple[str, tuple[Page, ...]]:
    """The text of all pages and the finished pages; `pages` holds each without its words, and its lines in reading
    order."""
    layout = Layout()
    done = tuple(layout.placed(page, lines) for page, lines in pages)
    return layout.text(), done
