"""Lines, blocks and sentences of a document, each with its place in the text.

Belongs here: geometry and punctuation. Does not belong here: what a line is about (zones, labels, fields).
Every span is (start, end) in `DocumentText.text`, so that it can be quoted.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from pipeline.model import Box, DocumentText, Page, Word, union


@dataclass(frozen=True)
class Line:
    """Words that stand side by side without a wide gap; `height` is the median height of its words in points."""

    page: int
    number: int
    words: tuple[Word, ...]
    text: str
    start: int
    end: int
    box: Box

    @cached_property
    def height(self) -> float:
        return median(w.box[3] - w.box[1] for w in self.words)

    @cached_property
    def confidence(self) -> float:
        return min(w.confidence for w in self.words)

    @property
    def bold(self) -> bool:
        return all(w.bold for w in self.words)


@dataclass(frozen=True)
class Block:
    """Lines of one paragraph, cell or address."""

    lines: tuple[Line, ...]

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end

    @property
    def box(self) -> Box:
        return union(line.box for line in self.lines)


@dataclass(frozen=True)
class Sentence:
    """One sentence; `text` has its line breaks as single spaces and the same length as text[start:end]."""

    text: str
    start: int
    end: int
    page: int


_LONGEST_WORD, _LONGEST_LINE, _LONGEST_SENTENCE = 120, 320, 1600
"""Characters: no printed word, line or sentence has more. Longer ones, as a broken text layer may hold, are passed over
or cut, so that the time to understand a page grows with its length and no faster."""


def lines_of(document: DocumentText, pages: Iterable[int] | None = None) -> tuple[Line, ...]:
    """All lines of the given pages (all pages when None), in reading order."""
    wanted = None if pages is None else set(pages)
    found: list[Line] = []
    for page in document.pages:
        if wanted is None or page.number in wanted:
            found.extend(_page_lines(document, page))
    return tuple(found)


def _page_lines(document: DocumentText, page: Page) -> list[Line]:
    groups: dict[int, list[Word]] = {}
    for word in page.words:
        groups.setdefault(word.line, []).append(word)
    made = []
    for number, words in ((number, part) for number, whole in groups.items() for part in _printable(whole)):
        start, end = words[0].start, words[-1].end
        box = union(w.box for w in words)
        made.append(Line(page.number, number, tuple(words), document.text[start:end], start, end, box))
    usual = median(line.height for line in made) if made else 0.0
    return [line for line in made if not _is_speck(line, made, usual)]


def _printable(words: Sequence[Word]) -> Iterable[Sequence[Word]]:
    """The words of a line, cut where it is longer than a printed one; words that nobody prints part it."""
    if words[-1].end - words[0].start <= _LONGEST_LINE and not any(len(w.text) > _LONGEST_WORD for w in words):
        yield words
        return
    part: list[Word] = []
    for word in words:
        long = len(word.text) > _LONGEST_WORD
        if part and (long or word.end - part[0].start > _LONGEST_LINE):
            yield part
            part = []
        part += [] if long else [word]
    if part:
        yield part


def _is_speck(line: Line, lines: Sequence[Line], usual: float) -> bool:
    """A dot or dash that an engine took out of its line, as the separators of a letterhead; a bullet, which has nothing
    to its left, is none."""
    if line.height >= 0.3 * usual or re.search(r"\w|[☐☑☒✓✔□■]", line.text):
        return False
    middle = (line.box[1] + line.box[3]) / 2
    return any(o.box[1] < middle < o.box[3] and o.box[0] < line.box[0] < o.box[2] + 40 for o in lines if o is not line)


def blocks_of(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Neighbouring lines of like size, close below each other and overlapping sideways, as paragraphs."""
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and _continues(blocks[-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return tuple(Block(tuple(block)) for block in blocks)


def parted(blocks: Sequence[Block], labels: Collection[tuple[int, int]]) -> tuple[Block, ...]:
    """The blocks, each cut around the lines that are labels, told by (page, start): no sentence runs through one."""
    made: list[Block] = []
    for block in blocks:
        cut = [n for n, line in enumerate(block.lines) if (line.page, line.start) in labels]
        edges = sorted({0, *cut, *(n + 1 for n in cut), len(block.lines)})
        made.extend(Block(block.lines[a:b]) for a, b in pairwise(edges))
    return tuple(made)


def _continues(block: Sequence[Line], line: Line) -> bool:
    last = block[-1]
    if line.page != last.page:
        return False
    gap = line.box[1] - last.box[3]
    size = max(last.height, line.height)
    if gap > 0.85 * size or gap < -0.6 * size:
        return False
    overlap = min(last.box[2], line.box[2]) - max(last.box[0], line.box[0])
    return overlap > 0 and abs(last.height - line.height) < 0.45 * size


_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Mr|Mrs|Ms|Mx|Prof|St|Ste|No|Nos|vs|incl|excl|approx|appt|dept|est|fig|Inc|Jr|Sr|lic|max|min|mo|ref|resp"
    r"|tel|wk|yr|e\.g|i\.e|etc|a\.m|p\.m|q\.d|b\.i\.d|D\.O\.B|d\.o\.b|M\.D|D\.O|N\.P|P\.A|Ph\.D)|\b[A-Z])\.$"
)
_STOP = re.compile(r"[.?!][\"”’')\]]*(?=\s)|:(?=\s*\n)|;(?=\s*\n)")


def sentences_of(document: DocumentText, blocks: Iterable[Block], listed: bool = False) -> tuple[Sentence, ...]:
    """The sentences of running text; a paragraph that ends without a stop ends its sentence too. `listed`: lines that
    were broken before they were full, as those of a list are, end theirs."""
    made = list(blocks)
    right = _right_edges(made) if listed else {}
    found: list[Sentence] = []
    for n, block in enumerate(made):
        announced = n > 0 and made[n - 1].lines[-1].text.rstrip().endswith(":")
        for start, end in _entries(block, right.get(block.page, 0.0), announced):
            found.extend(_split(document.text, start, end, block.page))
    return tuple(found)


def _right_edges(blocks: Sequence[Block]) -> dict[int, float]:
    """Where full lines end, by page: the right edge that nine in ten lines of four words or more keep within."""
    edges: dict[int, list[float]] = {}
    for block in blocks:
        edges.setdefault(block.page, []).extend(line.box[2] for line in block.lines if len(line.words) > 3)
    return {page: sorted(found)[int(0.9 * (len(found) - 1))] for page, found in edges.items() if found}


def _entries(block: Block, right: float, announced: bool) -> list[tuple[int, int]]:
    """The block as one span, or, where it is a list, one span an entry. A list is announced by a colon, or bears marks;
    its entries leave room for the next entry's first words."""
    lines = block.lines
    colon = next((n for n, line in enumerate(lines) if line.text.rstrip().endswith(":")), None)
    first = 0 if announced else None if colon is None else colon + 1
    marked = sum(1 for line in lines if _MARK.match(line.text)) > 1
    if not right or len(lines) < 2 or (first is None and not marked) or (first is not None and first >= len(lines) - 1):
        return [(block.start, block.end)]
    room = right - block.box[0]
    cuts = [n for n in range(1, len(lines)) if n > (first or 0) and _broken(lines[n - 1], lines[n], right, room, marked)]
    edges = [0, *cuts, len(lines)]
    return [(lines[a].start, lines[b - 1].end) for a, b in pairwise(edges)]


_MARK = re.compile(r"\s*(?:[•·▪◦‣●○*»–—-]\s*|\(?\d{1,2}[.)]\s+|\(?[a-h]\)\s+)\S")


def _broken(line: Line, following: Line, right: float, room: float, marked: bool) -> bool:
    """Whether the break behind `line` was made by the writer and not by the margin."""
    if marked:
        return _MARK.match(following.text) is not None
    first = following.words[0].box
    return right - line.box[2] > max(0.22 * room, first[2] - first[0])


def _split(text: str, start: int, end: int, page: int) -> list[Sentence]:
    made: list[Sentence] = []
    at = start
    for stop in _STOP.finditer(text, start, end):
        if text[stop.start()] == "." and _ABBREVIATION.search(text[max(at, stop.start() - 12) : stop.start() + 1]):
            continue
        following = text[stop.end() : min(end, stop.end() + 40)].lstrip()
        if following and following[0].islower() and text[stop.start()] == ".":
            continue
        made.extend(_sentence(text, at, stop.end(), page))
        at = stop.end()
    made.extend(_sentence(text, at, end, page))
    return made


def _sentence(text: str, start: int, end: int, page: int) -> list[Sentence]:
    made = []
    while start < end:
        cut = end
        if end - start > _LONGEST_SENTENCE:
            space = max(text.rfind(c, start, start + _LONGEST_SENTENCE) for c in " \n")
            cut = space if space > start else start + _LONGEST_SENTENCE
        raw = text[start:cut]
        left = len(raw) - len(raw.lstrip())
        raw = raw.strip()
        if raw:
            made.append(Sentence(re.sub(r"\s", " ", raw), start + left, start + left + len(raw), page))
        start = cut
    return made
