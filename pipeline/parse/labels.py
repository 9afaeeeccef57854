"""Labels and the values that stand beside, below or behind them.

Belongs here: finding a label (lexicon) and the span of its value by punctuation and geometry. Does not belong here:
labels that run over two lines (wraps), whether the value is good; each field judges that for itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.parse.askings import asking_hits
from pipeline.parse.grids import column_of
from pipeline.parse.labelhits import TYPED, VALUE_SHAPES, Hit, hits_on, id_of, namesakes
from pipeline.parse.lines import Line
from pipeline.parse.wraps import continuation, tails, wrapped_labels

Relation = Literal["behind", "right", "below", "above"]

_LONG = ("tried", "why", "benefit", "diagnosis", "item")
_COLUMNS = ("diagnosis", "icd10", "item", "code", "frequency", "duration", "quantity", "cost")
_CELL = ("practice.address", "practice.name")
"""Fields whose value may run over the lines of its cell."""


@dataclass(frozen=True)
class KeyValue:
    """A label and the span of its value, text[start:end]."""

    hit: Hit
    start: int
    end: int
    relation: Relation
    lines: tuple[Line, ...]

    @property
    def field(self) -> str:
        return self.hit.field

    @property
    def where(self) -> str:
        """Where the value stands, seen from its label: 'behind', 'right of', 'below', 'above'."""
        return "right of" if self.relation == "right" else self.relation


def read_labels(lines: Sequence[Line], *, form: bool = False, known: Sequence[Hit] | None = None) -> tuple[KeyValue, ...]:
    """Every label with a value on these lines, in order. A label without a value is left out. `form`: the lines are
    those of a form, on which also labels count that the lexicon does not know (`askings`). `known`: the lexicon's labels on
    these lines, where they were found before."""
    by_line: dict[tuple[int, int], list[Hit]] = {id_of(line): [] for line in lines}
    for hit in known if known is not None else (hit for line in lines for hit in hits_on(line)):
        by_line[id_of(hit.line)].append(hit)
    labelled = {key for key, hits in by_line.items() if any(hit.alone for hit in hits)}
    for tail in tails(lines, labelled):
        by_line[id_of(tail)] = [hit for hit in by_line[id_of(tail)] if hit.separated and not hit.alone]
    for line, below, field, kind in wrapped_labels(lines):
        by_line[id_of(below)], by_line[id_of(line)] = [], [Hit(field, kind, line, line.start, line.end, line.end, False, True)]
    by_line |= asking_hits(lines, by_line, form=form)
    pairs: list[KeyValue] = []
    for line in lines:
        hits = by_line[id_of(line)]
        for n, hit in enumerate(hits):
            stop = hits[n + 1].start if n + 1 < len(hits) else line.end
            pair = _behind(hit, stop) or _beside(hit, lines, by_line)
            if pair is None or not _shaped(pair):
                pair = next((p for other in namesakes(hit) if other.kind not in TYPED and (p := _beside(other, lines, by_line))), pair)
            if pair is not None:
                pairs.append(_completed(pair, lines, by_line))
    return tuple(pairs)


def _completed(pair: KeyValue, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> KeyValue:
    """The pair with the rest of a value that the end of its line cut."""
    last = pair.lines[-1]
    more = continuation(last, last.text[max(0, pair.start - last.start) : pair.end - last.start], pair.hit.kind, lines)
    return pair if more is None or by_line[id_of(more[0])] else replace(pair, end=more[1], lines=(*pair.lines, more[0]))


def _shaped(pair: KeyValue) -> bool:
    """Whether a date's label has a date for its value."""
    value = pair.lines[0].text[pair.start - pair.lines[0].start :]
    return pair.hit.kind != "date" or bool(VALUE_SHAPES["date"].match(value))


def _behind(hit: Hit, stop: int) -> KeyValue | None:
    line = hit.line
    text = line.text[hit.after - line.start : stop - line.start]
    body = text.strip(" ,;:|•·_-–—()")
    if not body or not re.search(r"\w", body):
        return None
    start = hit.after + text.index(body[0])
    end = start + len(body)
    if line.end == stop and line.text.rstrip().endswith(")") and body.count("(") > body.count(")"):
        end += 1
    return KeyValue(hit, start, end, "behind", (line,))


def _beside(hit: Hit, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> KeyValue | None:
    if not hit.alone and hit.end < hit.line.end - 2 and not hit.separated:
        return None
    right = [other for other in lines if _right_of(hit.line, other)]
    right.sort(key=lambda other: other.box[0])
    if right and not _labels_first(right[0], by_line) and _fits(hit, right[0]) and not _under_another(hit, right[0], lines, by_line) and not _heads_columns(hit.line, right[0], lines) and not _both_heads(hit, right[0]):
        run = _run_down(right[0], lines, by_line, hit)
        return KeyValue(hit, _begin(run[0]), run[-1].end, "right", run)
    above = _above(hit, lines, by_line)
    if above is not None:
        return KeyValue(hit, above.start, above.end, "above", (above,))
    below = [other for other in lines if _below(hit, other, lines) and not _HINT_ALONE.match(other.text) and not _answers_another(hit, other, lines, by_line)]
    below.sort(key=lambda other: (other.box[1], other.box[0]))
    if below and not _labels_first(below[0], by_line) and _fits(hit, below[0]):
        run = _run_down(below[0], lines, by_line, hit) if hit.field in (*_LONG, *_CELL) else (below[0],)
        return KeyValue(hit, run[0].start, run[-1].end, "below", run)
    return _wrapped(hit, lines, by_line)


def _answers_another(hit: Hit, value: Line, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> bool:
    """Whether a line below a label stands behind another label on its own row: then it is that one's value."""
    return any(
        o.page == value.page and o is not hit.line and o.box[1] > hit.line.box[1] + 2 and o.box[2] <= value.box[0] + 2 and _right_of(o, value)
        and value.box[0] - o.box[2] < _BY and any(h.alone for h in by_line[id_of(o)]) for o in lines)  # fmt: skip


def _under_another(hit: Hit, value: Line, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> bool:
    """Whether a line that reaches up to a label's row, as tall writing or a crooked photograph makes it, hangs right below
    another label of that row: then it is that one's value."""
    label = hit.line
    middle, deep = (label.box[1] + label.box[3]) / 2, (value.box[1] + value.box[3]) / 2
    if deep - middle < 0.6 * label.height:
        return False
    return any(
        o.page == label.page and o is not label and o.box[0] > label.box[2] and abs(o.box[0] - value.box[0]) < 14 and abs((o.box[1] + o.box[3]) / 2 - middle) < 0.8 * label.height
        and any(h.alone for h in by_line[id_of(o)]) for o in lines)  # fmt: skip


_HINT_ALONE = re.compile(r"\([a-z][^()\d]*\)$", re.I)


def _both_heads(hit: Hit, right: Line) -> bool:
    """Whether a label and its neighbour are by their words the heads of two columns of a table."""
    return hit.alone and hit.field in _COLUMNS and column_of(right.text) is not None and not any(c.isdigit() for c in re.sub(r"(?i)icd\W?(?:9|10)", "", right.text))


def _heads_columns(label: Line, right: Line, lines: Sequence[Line]) -> bool:
    """Whether a label and its neighbour are the heads of two cells, in one small type, each with its value right below;
    the lexicon need not know the neighbour."""
    if label.height > 1.08 * right.height or right.height > 1.08 * label.height:
        return False

    def under(head: Line) -> bool:
        return any(o.page == head.page and abs(o.box[0] - head.box[0]) < 8 and -0.5 * head.height < o.box[1] - head.box[3] < 1.5 * head.height and o.height > 1.08 * head.height for o in lines)

    return under(label) and (under(right) or (label.bold == right.bold and right.height < 1.04 * label.height and not re.search(r"\d|[☐☑☒○●]", right.text)))


def _begin(line: Line) -> int:
    """Where a value begins on its line, a colon or rule left at its head passed over."""
    lead = re.match(r"[\s:;=|]+(?=\S)", line.text)
    return line.start + (lead.end() if lead else 0)


def _wrapped(hit: Hit, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> KeyValue | None:
    """A value that no longer fitted on its label's line and begins the next one, at the same margin."""
    if hit.kind not in ("date", "id", "phone", "npi") or not hit.separated:
        return None
    place = next(n for n, line in enumerate(lines) if id_of(line) == id_of(hit.line))
    after = lines[place + 1] if place + 1 < len(lines) else None
    if after is None or after.page != hit.line.page or abs(after.box[0] - hit.line.box[0]) > 6 or by_line[id_of(after)]:
        return None
    near = after.box[1] - hit.line.box[3] < hit.line.height
    return KeyValue(hit, after.start, after.end, "below", (after,)) if near and VALUE_SHAPES[hit.kind].match(after.text) else None


def _above(hit: Hit, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> Line | None:
    """The line that a small label explains from below, as under the rule of a printed form."""
    label = hit.line
    if not hit.alone:
        return None
    explained = _explain_from_below(label.page, lines, by_line)
    found = [
        other for other in lines if other.page == label.page and -0.3 * label.height < label.box[1] - other.box[3] < (2.4 if explained or _has_shape(hit, other) else 0.9) * label.height
        and abs(other.box[0] - label.box[0]) < 6 and other.height > (1.1 if _has_shape(hit, other) else 1.2) * label.height
    ]  # fmt: skip
    if hit.kind in ("phone", "npi", "date"):
        found = [other for other in found if VALUE_SHAPES[hit.kind].match(other.text)]
    if len(found) != 1 or by_line[id_of(found[0])] or not _fits(hit, found[0]):
        return None
    gap = label.box[1] - found[0].box[3]
    under = [other.box[1] - label.box[3] for other in lines if _below(hit, other, lines) and abs(other.box[0] - label.box[0]) < 8]
    if not any(below <= gap + _TIE for below in under):
        return found[0]
    equal = all(below > gap - (2.5 if explained else 1.0) * _TIE for below in under)
    return found[0] if equal and explained else None


def _has_shape(hit: Hit, value: Line) -> bool:
    """Whether a line has the shape of the number or date that a label asks for."""
    return hit.kind in ("phone", "npi", "date") and bool(VALUE_SHAPES[hit.kind].match(value.text))


_TIE = 1.0
"""Points by which the line above and the line below a small label may differ and still be equally near."""


def _explain_from_below(page: int, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]]) -> bool:
    """Whether a page's small labels stand below their values: by a tenth of them more have words right above and none
    below than the other way about."""
    score, labels = 0, 0
    for label in (line for line in lines if line.page == page and any(h.alone for h in by_line[id_of(line)])):
        column = [o for o in lines if o.page == page and o is not label and abs(o.box[0] - label.box[0]) < 8 and o.height > 1.2 * label.height]
        above = any(-0.3 * label.height < label.box[1] - o.box[3] < 1.8 * label.height for o in column)
        below = any(-0.3 * label.height < o.box[1] - label.box[3] < 1.8 * label.height for o in column)
        score += above - below
        labels += 1
    return 10 * score > labels


def _fits(hit: Hit, value: Line) -> bool:
    """Whether a neighbouring cell has the shape that the label asks for; beside a label often stands the next cell's
    label, of which the lexicon need not know."""
    if hit.kind not in ("date", "id", "phone", "npi"):
        return True
    return bool(VALUE_SHAPES[hit.kind].match(value.text)) or not value.text.strip(" :_.-").isascii() or bool(re.search(r"\d", value.text))


def _labels_first(line: Line, by_line: dict[tuple[int, int], list[Hit]]) -> bool:
    hits = by_line[id_of(line)]
    before = re.sub(r"^\W*(?:[A-Za-z]|[IVX]{1,4})[.)]\s*$", "", line.text[: hits[0].start - line.start]) if hits else ""
    return bool(hits) and not before.strip(" .0123456789()*•☐☑☒")


def _right_of(label: Line, other: Line) -> bool:
    if other.page != label.page or other.box[0] < label.box[2] - 2 or not re.search(r"\w|[☐☑☒✓✔□■]", other.text):
        return False
    overlap = min(label.box[3], other.box[3]) - max(label.box[1], other.box[1])
    least = _RAISED if other.box[0] - label.box[2] < _BY else 0.5
    return overlap > least * min(label.height, other.height) and other.box[0] - label.box[2] < 260


_RAISED, _BY = 0.33, 48
"""The least share of its height by which a value written over a rule overlaps its label's row, and how close it then stands, in points."""


def _below(hit: Hit, other: Line, lines: Sequence[Line]) -> bool:
    label = hit.line
    if other.page != label.page or other is label:
        return False
    gap = other.box[1] - label.box[3]
    hinted = any(_HINT_ALONE.match(o.text) and o.page == label.page and abs(o.box[0] - label.box[0]) < 6 and 0 < o.box[1] - label.box[1] < 2 * label.height for o in lines)
    reach = (3.2 if hit.field in _LONG else 2.6) + 1.4 * hinted
    if not -0.5 * label.height < gap < reach * max(label.height, 9):
        return False
    left, right = _label_box(hit)
    beside = (b.box[0] for b in lines if b.page == label.page and b.box[0] > label.box[2] and abs(b.box[1] - label.box[1]) < label.height)
    limit = min(beside, default=left + 420)
    return other.box[0] >= left - 14 and other.box[0] < max(limit - 4, right)


def _label_box(hit: Hit) -> tuple[float, float]:
    words = [w for w in hit.line.words if w.start < hit.end and w.end > hit.start] or list(hit.line.words)
    return words[0].box[0], words[-1].box[2]


def _run_down(
    first: Line, lines: Sequence[Line], by_line: dict[tuple[int, int], list[Hit]], hit: Hit
) -> tuple[Line, ...]:
    """The value's first line and those that continue it: below, aligned, close, no label, contiguous in the text."""
    run = [first]
    if hit.field not in (*_LONG, *_CELL):
        return (first,)
    place = next(n for n, line in enumerate(lines) if line is first)
    for line in lines[place + 1 : place + 14]:
        last = run[-1]
        gap = line.box[1] - last.box[3]
        far = gap > 1.3 * max(last.height, line.height) or gap < -0.7 * last.height
        if line.page != last.page or far or abs(line.box[0] - first.box[0]) > 40 or _labels_first(line, by_line):
            break
        if hit.field in _CELL and (abs(line.box[0] - first.box[0]) > 4 or gap > 0.6 * last.height or len(run) > 2 or line.height < 0.85 * first.height):
            break
        run.append(line)
    return tuple(run)
