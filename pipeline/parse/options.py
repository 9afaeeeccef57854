"""Tick boxes and the words that belong to each: behind it, before it, or at the end of its row in a grid.

Belongs here: tying every box on the pages to its label. Does not belong here: what a ticked label means for an item, a
diagnosis or a flag; finding boxes in pixels (read).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.model import DocumentText, TickBox, Word
from pipeline.parse.lines import Line

_ON = "☒☑✓✔■◼✗✘✕✖●◉◎⊠⊗⦿🗹🗷"
_OFF = "☐□◻❏❑❐❒❍◯○▢⬜"
_MARK = re.compile(
    rf"[{_ON}{_OFF}]|\[\s?[xX✓✔]?\s?\]|\[_+\]|\(\s?[xX✓✔]?\s?\)|(?<![\w/])_*[xX✓✔]_+(?!\w)|(?<![\w/])_+[xX✓✔](?!\w)|(?<![\w$/\-])_{{2,8}}(?![\w/\-])"
)
_TICKED = re.compile(rf"[{_ON}xX✓✔]")
_FILLED = {"●": "○◯❍", "■": "☐□❏❑❐❒▢◻⬜", "◼": "☐□❏❑❐❒▢◻⬜"}
_ASKED = re.compile(r".*[:?]\s+(?=\w)")
"""What a row of boxes asks, before the first label: 'Side: Left [x]'."""

_RULE = re.compile(r"_+")
_FAR = 26.0
"""Points between a box and its label, or two words of a label, beyond which they do not belong together."""

_ALIGNED = 3.0
_UNDER = 16.0
"""Points between a box and a label under it or over it."""

_YES = re.compile(r"\W*(?:yes|y|true|met|present|applies|agree|check(?: if)?|x|✓)\W*$", re.I)
_NO = re.compile(r"\W*(?:no|n|n/?a|none|false|not met|absent|unknown|not applicable|disagree)\W*$", re.I)


@dataclass(frozen=True)
class Option:
    """The words of a tick box, text[start:end], and whether it is ticked."""

    ticked: bool
    start: int
    end: int


def options_in(document: DocumentText, lines: Sequence[Line]) -> list[Option]:
    """Every tick box with its words, by glyphs in the words and by the page's own tick boxes."""
    ruled = any(m.group().strip("_") and "_" in m.group() for line in lines for m in _MARK.finditer(line.text))
    bullets = _bullets(lines)
    numbers = {line.page for line in lines}
    boxed = [o for page in document.pages if page.number in numbers
             for o in _page_options(page.ticks, [n for n in lines if n.page == page.number])]  # fmt: skip
    found: list[Option] = []
    for line in lines:
        typed = [] if line.text[:1] in bullets else list(_glyph_options(line, ruled))
        drawn = [o for o in boxed if o.start < line.end and line.start < o.end]
        found += typed if len(typed) >= len(drawn) else []
    found += [o for o in boxed if not any(o.start < f.end and f.start < o.end for f in found)]
    return sorted(found, key=lambda o: o.start)


def _bullets(lines: Sequence[Line]) -> set[str]:
    """Glyphs that begin items of a list: filled ones where no empty one of their kind is to be seen, rings where nothing
    else is."""
    glyphs = {c for line in lines for c in line.text if c in _ON + _OFF}
    if glyphs == {"○"}:
        return glyphs
    return {c for c in glyphs & set(_FILLED) if not glyphs & set(_FILLED[c])}


def _glyph_options(line: Line, ruled: bool) -> Iterator[Option]:
    """Boxes that are characters; blanks of underscores count where another on the pages holds a cross (`ruled`)."""
    marks = [m for m in _MARK.finditer(line.text) if ruled or not _RULE.fullmatch(m.group())]
    if not marks or not re.search(r"\w", line.text):
        return
    before = line.text[: marks[0].start()].strip(" :")
    behind = line.text[marks[-1].end() :].strip(" .:")
    edges = [0, *(m.end() for m in marks)], [*(m.start() for m in marks), len(line.text)]
    for n, mark in enumerate(marks):
        begin, stop = (edges[0][n], edges[1][n]) if before and not behind else (edges[0][n + 1], edges[1][n + 1])
        asked = _ASKED.match(line.text, begin, stop) if before and not behind and n == 0 else None
        begin = asked.end() if asked and not _answers(line.text[asked.end() : stop]) else begin
        words = line.text[begin:stop]
        if re.search(r"\w", words):
            start = line.start + begin + len(words) - len(words.lstrip())
            yield Option(bool(_TICKED.search(mark.group())), start, line.start + begin + len(words.rstrip()))


def _answers(label: str) -> bool:
    """Whether a label says nothing without its question: 'Smoker: Yes'."""
    return bool(_YES.match(label) or _NO.match(label))


@dataclass(frozen=True)
class _Place:
    """A box with the words to its left and right, nearest first, and how far off the nearest is."""

    box: TickBox
    left: tuple[Word, ...]
    right: tuple[Word, ...]

    @property
    def before(self) -> float:
        return self.box.box[0] - self.left[0].box[2] if self.left else 99.0

    @property
    def behind(self) -> float:
        return self.right[0].box[0] - self.box.box[2] if self.right else 99.0


def _page_options(ticks: Sequence[TickBox], lines: Sequence[Line]) -> Iterator[Option]:
    words = [w for line in lines for w in line.words if re.search(r"\w", w.text)]
    rings = [box for box in ticks if _covered(box, words)]
    for ring in rings:
        yield _option(ring, _covered(ring, words))
    ticks = [box for box in ticks if box not in rings]
    places = [_place(box, ticks, words) for box in ticks]
    for place in places:
        if not place.left and not place.right:
            label = _near_label(place.box, lines)
            if label:
                yield _option(place.box, label)
            else:
                yield from _in_grid(place.box, ticks, words, lines)
        elif place.right and (not place.left or _label_behind(place, places)):
            if place.behind > -0.6 * (place.box.box[2] - place.box.box[0]) and place.before > 1.5:
                yield _option(place.box, place.right)
        elif place.left and (not place.right or not _label_behind(place, places)):
            yield _option(place.box, _own_label(place.left[::-1]))


def _own_label(words: Sequence[Word]) -> Sequence[Word]:
    """A box's label before it without the question of its row: 'Side: Left', box."""
    asked = max((n for n, w in enumerate(words[:-1]) if w.text.endswith((":", "?"))), default=-1)
    return words[asked + 1 :]


def _covered(box: TickBox, words: Sequence[Word]) -> list[Word]:
    """The words that a ring goes around."""
    x0, y0, x1, y1 = box.box
    return [w for w in words if x0 < (w.box[0] + w.box[2]) / 2 < x1 and y0 < (w.box[1] + w.box[3]) / 2 < y1
            and w.box[2] - w.box[0] > 4 and x1 - x0 > 0.9 * (w.box[2] - w.box[0]) and len(w.text) > 1 and not _MARK.search(w.text)]  # fmt: skip


def _option(box: TickBox, words: Sequence[Word]) -> Option:
    return Option(box.ticked, words[0].start, words[-1].end)


def _place(box: TickBox, ticks: Sequence[TickBox], words: Sequence[Word]) -> _Place:
    x0, y0, x1, y1 = box.box
    middle = (y0 + y1) / 2
    row = sorted((w for w in words if w.box[1] - 1 < middle < w.box[3] + 1), key=lambda w: w.box[0])
    others = [t.box for t in ticks if t is not box and t.box[1] < middle < t.box[3]]
    stop = min((b[0] for b in others if b[0] > x1), default=1e9)
    begin = max((b[2] for b in others if b[2] < x0), default=-1e9)
    right = [w for w in row if w.box[0] < stop and (x1 - 3 <= w.box[0] or (x0 - 1.5 <= w.box[0] and w.box[2] > x1 + 4))]
    left = [w for w in reversed(row) if begin < w.box[2] <= x0 + 3 and w.box[0] >= begin - 3]
    return _Place(box, tuple(_run(left, x0, -1)), tuple(_run(right, x1, 1)))


def _run(words: Iterable[Word], edge: float, way: int) -> Iterator[Word]:
    """Words that follow each other from the box's edge on, on one line, without a wide gap."""
    last: Word | None = None
    for word in words:
        gap = (word.box[0] - edge) if way > 0 else (edge - word.box[2])
        if gap > _FAR or (last is not None and word.line != last.line):
            return
        yield word
        last, edge = word, word.box[2] if way > 0 else word.box[0]


def _label_behind(place: _Place, places: Sequence[_Place]) -> bool:
    """With words on both sides: as the row begins or ends, else as the boxes of the row and of the column stand."""
    x, y = place.box.box[0], (place.box.box[1] + place.box.box[3]) / 2
    row = sorted((p for p in places if p.box.box[1] < y < p.box.box[3]), key=lambda p: p.box.box[0])
    if not row[0].left and row[-1].right:
        return True
    if not row[-1].right and row[0].left:
        return False
    near = [p for p in places if p in row or abs(p.box.box[0] - x) < _ALIGNED]
    return median(p.behind for p in near) <= median(p.before for p in near) + 0.5


def _near_label(box: TickBox, lines: Sequence[Line]) -> Sequence[Word]:
    """The words centred under a box that has none beside it in its whole row, or over it where they are nearer."""
    x0, y0, x1, y1 = box.box
    middle, level = (x0 + x1) / 2, (y0 + y1) / 2
    if any(w.box[1] - 1 < level < w.box[3] + 1 and re.search(r"\w", w.text) for line in lines for w in line.words):
        return ()
    best: tuple[float, Sequence[Word]] = (_UNDER, ())
    for line in lines:
        words = [w for w in line.words if re.search(r"\w", w.text)]
        if words and abs((words[0].box[0] + words[-1].box[2]) / 2 - middle) < 6.0:
            under, over = min(w.box[1] for w in words) - y1, y0 - max(w.box[3] for w in words)
            far = under if under > -2 else over + 2
            if -2 < far < best[0]:
                best = (far, words)
    return best[1]


def _in_grid(box: TickBox, ticks: Sequence[TickBox], words: Sequence[Word], lines: Sequence[Line]) -> Iterator[Option]:
    """A box alone in its cell: its row's first words are its label, if its column's head says yes or nothing."""
    x0, y0, _, y1 = box.box
    middle = (y0 + y1) / 2
    row = [w for w in words if w.box[1] - 1 < middle < w.box[3] + 1 and w.box[2] <= x0]
    row_ticks = [t for t in ticks if t.box[1] < middle < t.box[3]]
    first = min(t.box[0] for t in row_ticks)
    label = sorted((w for w in row if w.box[2] <= first + 3), key=lambda w: w.start)
    if not label:
        return
    head = _head(box, ticks, lines)
    if _YES.match(head) or (len(row_ticks) == 1 and not _NO.match(head)):
        begin = max(label, key=lambda w: w.box[2]).line
        same = [w for w in label if w.line == begin]
        yield _option(box, same)


def _head(box: TickBox, ticks: Sequence[TickBox], lines: Sequence[Line]) -> str:
    """The words over the topmost box of this box's column."""
    middle = (box.box[0] + box.box[2]) / 2
    top = min(t.box[1] for t in ticks if t.box[0] < middle < t.box[2])
    above = [w for line in lines for w in line.words if w.box[3] <= top + 2 and top - w.box[3] < 40
             and w.box[0] - 8 <= middle <= w.box[2] + 8]  # fmt: skip
    return max(above, key=lambda w: w.box[3]).text if above else ""
